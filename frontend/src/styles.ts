import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    height: 100%;
  }
  ha-card {
    display: flex;
    flex-direction: column;
    height: 30rem;
    overflow: hidden;
  }
  :host([layout="grid"]) ha-card,
  :host([layout="panel"]) ha-card {
    height: 100%;
  }
  h2 {
    margin: 0;
    border-block-end: 1px solid var(--divider-color);
    padding: 12px 16px;
    overflow: hidden;
    color: var(--ha-card-header-color, var(--primary-text-color));
    font-size: var(--ha-font-size-l, 16px);
    font-weight: var(--ha-font-weight-medium, 500);
    line-height: 1.3;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .scroller {
    flex: 1;
    min-height: 0;
    padding: 8px 12px;
    overflow-y: auto;
    overscroll-behavior: contain;
    overflow-anchor: none;
  }
  .scroller:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: -2px;
  }
  ol {
    display: flex;
    flex-direction: column;
    gap: 6px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .day {
    align-self: center;
    margin-block: 4px;
    border-radius: 12px;
    padding: 2px 10px;
    background: var(--secondary-background-color);
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .bubble {
    box-sizing: border-box;
    max-width: min(85%, 26rem);
    border-radius: 16px;
    padding: 8px 12px;
    color: var(--primary-text-color);
    overflow-wrap: anywhere;
  }
  .out {
    align-self: end;
    border-end-end-radius: 4px;
    background: color-mix(
      in srgb,
      var(--primary-color) 16%,
      var(--card-background-color)
    );
  }
  .out.failed {
    background: color-mix(in srgb, var(--error-color) 14%, var(--card-background-color));
  }
  .in {
    align-self: start;
    border-end-start-radius: 4px;
    background: var(--secondary-background-color);
  }
  .whom {
    margin-block-end: 2px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
  }
  .whom .icon {
    margin-inline-end: 4px;
  }
  .text {
    white-space: pre-wrap;
  }
  .text strong {
    display: block;
  }
  .none,
  .gone {
    color: var(--secondary-text-color);
    font-style: italic;
  }
  img {
    display: block;
    box-sizing: border-box;
    max-width: 100%;
    max-height: 220px;
    margin-block-end: 6px;
    border-radius: 10px;
  }
  .button {
    width: fit-content;
    margin-block-start: 6px;
    border: 1px solid var(--primary-color);
    border-radius: 14px;
    padding: 3px 12px;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
  }
  .foot {
    display: flex;
    gap: 8px;
    align-items: center;
    justify-content: end;
    margin-block-start: 2px;
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
  }
  .icon {
    width: 16px;
    height: 16px;
    fill: currentColor;
    vertical-align: text-bottom;
  }
  .gone .icon {
    margin-inline-end: 6px;
  }
  .tick {
    line-height: 0;
  }
  .delivered .tick {
    color: var(--primary-color);
  }
  .failed .tick,
  .reason,
  .error {
    color: var(--error-color);
  }
  .reason {
    font-size: var(--ha-font-size-s, 12px);
    text-align: end;
  }
  .notice {
    flex: 1;
    align-content: center;
    margin: 0;
    padding: 16px;
    color: var(--secondary-text-color);
    text-align: center;
  }
  .notice.error {
    color: var(--error-color);
  }
  .older {
    display: block;
    margin: 0 auto 8px;
    border: 0;
    border-radius: 12px;
    padding: 6px 12px;
    background: none;
    color: var(--primary-color);
    font: inherit;
    cursor: pointer;
  }
  .older:focus-visible {
    outline: 2px solid var(--primary-color);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

import { css } from "lit";

export const styles = css`
  :host {
    /* The card is laid out by its own width, wherever it stands. */
    container-type: inline-size;
    display: block;
    height: 100%;
    --_out: var(
      --inteltele-bubble-color,
      color-mix(in srgb, var(--primary-color) 16%, var(--card-background-color))
    );
    --_sms: var(
      --inteltele-sms-bubble-color,
      color-mix(in srgb, var(--success-color) 22%, var(--card-background-color))
    );
    --_failed: var(
      --inteltele-failed-bubble-color,
      color-mix(in srgb, var(--error-color) 14%, var(--card-background-color))
    );
    --_unknown: var(
      --inteltele-unknown-bubble-color,
      color-mix(in srgb, var(--warning-color) 16%, var(--card-background-color))
    );
    --_in: var(--inteltele-answer-color, var(--secondary-background-color));
    /* The colours of themes are too pale for small text. */
    --_link: color-mix(in srgb, var(--primary-color) 45%, var(--primary-text-color));
  }
  ha-card {
    display: flex;
    flex-direction: column;
    height: var(--_height, 30rem);
    overflow: hidden;
  }
  :host([layout="grid"]) ha-card {
    height: 100%;
  }
  :host([layout="panel"]) ha-card {
    height: var(
      --_height,
      calc(
        100dvh - var(--header-height, 56px) - var(--safe-area-inset-top, 0px) -
          var(--safe-area-inset-bottom, 0px)
      )
    );
    min-height: 15rem;
  }
  h2 {
    flex: none;
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
  .alarms {
    border-block-end: 1px solid var(--divider-color);
  }
  .alarms:not(:has(.open)) {
    /* What is over leaves the conversation its room. */
    max-height: 9.5rem;
  }
  h2 button {
    display: block;
    width: 100%;
    border: 0;
    padding: 0;
    overflow: hidden;
    background: none;
    color: inherit;
    font: inherit;
    text-align: start;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  .conversation {
    /* Where nothing gives the card a height, this does: all but heading and box. */
    flex: 1 99 calc(var(--_height, 30rem) - 6.5rem);
    display: flex;
    flex-direction: column;
    position: relative;
    min-height: 0;
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
    max-width: 46rem;
    margin: 0 auto;
    padding: 0;
    list-style: none;
  }
  .day {
    align-self: center;
    margin-block: 4px;
    border-radius: 12px;
    padding: 2px 10px;
    background: var(--secondary-background-color);
    color: var(--_quiet);
    font-size: var(--ha-font-size-s, 12px);
  }
  .new {
    align-self: stretch;
    background: none;
    color: var(--_link);
    font-weight: 500;
    text-align: center;
    border-block-start: 2px solid var(--primary-color);
    border-radius: 0;
  }
  .bubble {
    box-sizing: border-box;
    max-width: min(85%, 30rem);
    border-radius: var(--inteltele-bubble-radius, 16px);
    padding: 8px 12px;
    color: var(--inteltele-bubble-text-color, var(--primary-text-color));
    overflow-wrap: anywhere;
  }
  .out {
    align-self: end;
    border-end-end-radius: 4px;
    background: var(--_out);
  }
  .out.sms {
    background: var(--_sms);
  }
  .out.failed {
    background: var(--_failed);
  }
  .out.unknown {
    background: var(--_unknown);
  }
  .in {
    align-self: start;
    border-end-start-radius: 4px;
    background: var(--_in);
    color: var(--inteltele-answer-text-color, var(--primary-text-color));
  }
  .whom,
  .none,
  .gone,
  .foot {
    color: color-mix(in srgb, currentColor 78%, transparent);
  }
  .whom {
    margin-block-end: 2px;
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
  .text a {
    color: inherit;
  }
  .none,
  .gone {
    font-style: italic;
  }
  .picture {
    display: block;
    margin: 0 0 6px;
    border: 0;
    border-radius: 10px;
    padding: 0;
    background: none;
    cursor: zoom-in;
  }
  img {
    display: block;
    box-sizing: border-box;
    max-width: 100%;
    max-height: 220px;
    border-radius: 10px;
  }
  .button {
    width: fit-content;
    margin-block-start: 6px;
    /* It shows what is on the phone, and must not look as if it could be pressed. */
    border: 1px dashed currentColor;
    border-radius: 6px;
    padding: 3px 10px;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    align-items: center;
    justify-content: end;
    margin-block-start: 2px;
    font-size: var(--ha-font-size-s, 12px);
    white-space: nowrap;
  }
  .gone .icon {
    margin-inline-end: 6px;
  }
  .tick {
    line-height: 0;
  }
  .delivered .tick {
    color: color-mix(in srgb, var(--primary-color) 45%, currentColor);
  }
  .failed .tick,
  .failed .reason {
    color: color-mix(in srgb, var(--error-color) 55%, currentColor);
  }
  .reason {
    font-size: var(--ha-font-size-s, 12px);
    text-align: end;
  }
  .again {
    display: block;
    min-height: 32px;
    margin-block-start: 4px;
    margin-inline-start: auto;
    border: 1px solid currentColor;
    border-radius: 16px;
    padding: 4px 12px;
    background: none;
    color: inherit;
    font: inherit;
    font-size: var(--ha-font-size-s, 12px);
    font-weight: 500;
    cursor: pointer;
  }
  .again:disabled {
    cursor: progress;
  }
  button .icon {
    margin-inline-end: 6px;
  }
  .notice {
    flex: 1;
    align-content: center;
    margin: 0;
    padding: 16px;
    color: var(--_quiet);
    text-align: center;
  }
  .notice.error {
    color: var(--_alarm);
  }
  .older {
    display: block;
    min-height: 32px;
    margin: 0 auto 8px;
    border: 0;
    border-radius: 12px;
    padding: 6px 12px;
    background: none;
    color: var(--_link);
    font: inherit;
    cursor: pointer;
  }
  .newest {
    position: absolute;
    inset-block-end: 8px;
    inset-inline-end: max(16px, calc(50% - 22rem));
    min-height: 36px;
    max-width: calc(100% - 32px);
    border: 1px solid var(--divider-color);
    border-radius: 18px;
    padding: 6px 14px;
    background: var(--card-background-color);
    color: var(--_link);
    box-shadow: 0 1px 4px rgb(0 0 0 / 30%);
    font: inherit;
    font-weight: 500;
    cursor: pointer;
  }
  :is(.older, .newest, .again, .picture, h2 button, .text a):focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  @container (max-width: 16rem) {
    .scroller {
      padding: 6px;
    }
    .bubble {
      max-width: 95%;
      padding: 6px 10px;
    }
  }
`;

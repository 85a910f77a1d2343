import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { icon } from "./icons";
import type { Texts } from "./texts";
import type { Hass, HassError, Recipient } from "./types";

const MAX_LENGTH = 1000;

/** Where a message is written, to one of some recipients. */
export class SendBox extends LitElement {
  static override properties = {
    hass: { attribute: false },
    texts: { attribute: false },
    recipients: { attribute: false },
    _chosen: { state: true },
    _sending: { state: true },
    _error: { state: true },
  };

  declare hass: Hass;
  declare texts: Texts;
  declare recipients: Recipient[];
  declare private _chosen: string | undefined;
  declare private _sending: boolean;
  declare private _error: string | undefined;

  constructor() {
    super();
    this._sending = false;
  }

  protected override render(): TemplateResult {
    const { texts, recipients } = this;
    return html`
      ${this._error ? html`<p role="alert">${this._error}</p>` : nothing}
      <form @submit=${this._submit}>
        ${recipients.length > 1 ? this._choice() : nothing}
        <textarea
          rows="1"
          maxlength=${MAX_LENGTH}
          aria-label=${texts.card("text")}
          placeholder=${texts.card("text")}
          ?readonly=${this._sending}
          @keydown=${this._keyDown}
        ></textarea>
        <button type="submit" aria-label=${texts.card("send")} title=${texts.card("send")} ?disabled=${this._sending}>
          ${icon("send")}
        </button>
      </form>
    `;
  }

  private _choice(): TemplateResult {
    return html`<select aria-label=${this.texts.card("to")} @change=${this._choose}>
      ${this.recipients.map(
        ({ entity_id, name }) =>
          html`<option value=${entity_id} ?selected=${entity_id === this._to}>${name}</option>`,
      )}
    </select>`;
  }

  private get _to(): string | undefined {
    const ids = this.recipients.map(({ entity_id }) => entity_id);
    return ids.find((id) => id === this._chosen) ?? ids[0];
  }

  private _choose(event: Event): void {
    this._chosen = (event.target as HTMLSelectElement).value;
  }

  private _keyDown(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.renderRoot.querySelector("form")?.requestSubmit();
    }
  }

  private async _submit(event: Event): Promise<void> {
    event.preventDefault();
    const field = this.renderRoot.querySelector("textarea");
    const entity_id = this._to;
    if (!field?.value.trim() || !entity_id || this._sending) {
      field?.focus();
      return;
    }
    this._sending = true;
    this._error = undefined;
    this.dispatchEvent(new CustomEvent("inteltele-sending"));
    try {
      await this.hass.callService(
        "inteltele",
        "send_message",
        { message: field.value },
        { entity_id },
        false,
      );
      field.value = "";
    } catch (error) {
      this._error = this.texts.refusal(error as HassError);
    } finally {
      this._sending = false;
      field.focus();
    }
  }

  static override styles = css`
    :host {
      display: block;
      border-block-start: 1px solid var(--divider-color);
      padding: 8px 12px;
    }
    form {
      display: flex;
      align-items: end;
      gap: 8px;
      max-width: 46rem;
      margin-inline: auto;
    }
    textarea,
    select {
      box-sizing: border-box;
      min-height: 40px;
      border: 1px solid var(--input-idle-line-color, var(--divider-color));
      border-radius: 20px;
      padding: 9px 14px;
      font: inherit;
      /* A phone zooms in on what is smaller. */
      font-size: 16px;
      line-height: 20px;
      background: var(--card-background-color);
      color: var(--primary-text-color);
    }
    select {
      max-width: 35%;
      padding-block: 8px;
    }
    textarea {
      flex: 1;
      min-width: 0;
      max-height: min(8.5em, 25dvh);
      resize: none;
      field-sizing: content;
    }
    textarea::placeholder {
      color: var(--secondary-text-color);
      opacity: 1;
    }
    @container (max-width: 30rem) {
      form {
        flex-wrap: wrap;
      }
      select {
        flex: 1 0 100%;
        max-width: none;
      }
    }
    button {
      flex: none;
      width: 40px;
      height: 40px;
      border: 0;
      border-radius: 50%;
      background: var(--primary-color);
      color: var(--text-primary-color, #fff);
      cursor: pointer;
    }
    button:disabled {
      opacity: 0.5;
      cursor: progress;
    }
    :is(textarea, select, button):focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: 2px;
    }
    svg {
      width: 20px;
      height: 20px;
      fill: currentColor;
      vertical-align: middle;
    }
    form:dir(rtl) svg {
      transform: scaleX(-1);
    }
    p {
      margin: 0 0 8px;
      color: color-mix(in srgb, var(--error-color) 55%, var(--primary-text-color));
    }
  `;
}

customElements.define("inteltele-send-box", SendBox);

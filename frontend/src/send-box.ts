import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { icon } from "./icons";
import type { Texts } from "./texts";
import type { Hass, HassError, Recipient } from "./types";

const MAX_LENGTH = 1000;
/** From so many characters on it is said how many are left. */
const FEW_LEFT = 200;
const PAUSE = 400;

/** How many parts a text takes where an SMS may go out as well. */
interface SmsSize {
  sms_parts: number | null;
  shortened: boolean;
}

/** Where a message is written, to one of some recipients. */
export class SendBox extends LitElement {
  static override properties = {
    hass: { attribute: false },
    texts: { attribute: false },
    recipients: { attribute: false },
    _chosen: { state: true },
    _sending: { state: true },
    _error: { state: true },
    _left: { state: true },
    _size: { state: true },
    _spoken: { state: true },
  };

  declare hass: Hass;
  declare texts: Texts;
  declare recipients: Recipient[];
  declare private _chosen: string | undefined;
  declare private _sending: boolean;
  declare private _error: string | undefined;
  declare private _left: number;
  declare private _size: SmsSize | undefined;
  /** What a screen reader is told of both, once somebody pauses. */
  declare private _spoken: string | undefined;
  private _pause: number | undefined;

  constructor() {
    super();
    this._sending = false;
    this._left = MAX_LENGTH;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this._pause);
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
          aria-describedby="room"
          placeholder=${texts.card("text")}
          ?readonly=${this._sending}
          @input=${this._count}
          @keydown=${this._keyDown}
        ></textarea>
        <button type="submit" aria-label=${texts.card("send")} title=${texts.card("send")} ?disabled=${this._sending}>
          ${icon("send")}
        </button>
      </form>
      <p id="room">${this._room}</p>
      <div class="unseen" role="status">${this._spoken}</div>
    `;
  }

  private get _room(): string {
    const { texts, _left: left, _size: size } = this;
    const count = String(size?.sms_parts);
    const sms = size?.shortened
      ? texts.card("sms_shortened", { count })
      : texts.card("sms_parts", { count });
    return [
      size?.sms_parts ? sms : "",
      left > FEW_LEFT ? "" : texts.card("characters_left", { count: String(left) }),
    ]
      .filter(Boolean)
      .join(" · ");
  }

  private get _text(): string {
    return this.renderRoot.querySelector("textarea")?.value ?? "";
  }

  private _count(): void {
    this._left = MAX_LENGTH - this._text.length;
    clearTimeout(this._pause);
    this._pause = setTimeout(() => void this._countParts(), PAUSE);
  }

  private async _countParts(): Promise<void> {
    const { hass, _text: message, _to: recipient } = this;
    const type = "inteltele/messages/preview";
    let size: SmsSize | undefined;
    if (message.trim() && recipient) {
      try {
        size = await hass.callWS<SmsSize>({ type, recipient, message });
      } catch {
        // What is wrong with it is said when it is sent.
      }
    }
    // Somebody may have gone on writing, to somebody else.
    if (message === this._text && recipient === this._to) {
      this._size = size;
      this._spoken = this._room;
    }
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
    this._size = undefined;
    this._count();
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
      this._size = undefined;
      this._count();
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
    #room {
      max-width: 46rem;
      margin: 4px auto 0;
      padding-inline: 15px;
      font-size: 0.85em;
      color: var(--secondary-text-color);
    }
    #room:empty {
      display: none;
    }
    .unseen {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    [role="alert"] {
      margin: 0 0 8px;
      color: color-mix(in srgb, var(--error-color) 55%, var(--primary-text-color));
    }
  `;
}

customElements.define("inteltele-send-box", SendBox);

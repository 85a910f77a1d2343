import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { icon } from "./icons";
import type { Texts } from "./texts";
import type { Message } from "./types";

/** A picture as large as the screen allows; nothing else can be reached meanwhile. */
export class PictureDialog extends LitElement {
  static override properties = {
    texts: { attribute: false },
    _message: { state: true },
    _small: { state: true },
  };

  declare texts: Texts;
  declare private _message: Message | undefined;
  declare private _small: boolean;

  async show(message: Message): Promise<void> {
    this._message = message;
    this._small = false;
    await this.updateComplete;
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { texts, _message: message } = this;
    if (!message) {
      return nothing;
    }
    const url = this._small ? message.picture_url : message.full_picture_url;
    return html`<dialog
      aria-label=${texts.card("picture")}
      @click=${this._close}
      @close=${this._closed}
      @keydown=${this._keyDown}
    >
      <img
        src=${url ?? ""}
        alt=${texts.card("picture")}
        @error=${() => {
          // The small one was shown already, so it is there.
          this._small = true;
        }}
      />
      <button aria-label=${texts.card("close")} title=${texts.card("close")}>${icon("close")}</button>
    </dialog>`;
  }

  private _close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }

  private _closed(): void {
    this._message = undefined;
  }

  private _keyDown(event: KeyboardEvent): void {
    // The button is all that there is to go to.
    if (event.key === "Tab") {
      event.preventDefault();
    }
    // Home Assistant listens to single keys.
    event.stopPropagation();
  }

  static override styles = css`
    dialog {
      position: fixed;
      inset: 0;
      box-sizing: border-box;
      width: 100%;
      max-width: none;
      height: 100%;
      max-height: none;
      margin: 0;
      border: 0;
      padding: 0;
      background: rgb(0 0 0 / 88%);
      overflow: auto;
      cursor: zoom-out;
    }
    dialog[open] {
      display: grid;
      place-items: center;
    }
    img {
      max-width: 100vw;
      max-height: 100dvh;
      object-fit: contain;
    }
    button {
      position: fixed;
      inset-block-start: calc(12px + env(safe-area-inset-top, 0px));
      inset-inline-end: 12px;
      width: 48px;
      height: 48px;
      border: 0;
      border-radius: 50%;
      background: rgb(0 0 0 / 70%);
      color: #fff;
      cursor: pointer;
    }
    button:focus-visible {
      outline: 2px solid #fff;
    }
    svg {
      width: 24px;
      height: 24px;
      fill: currentColor;
      vertical-align: middle;
    }
  `;
}

customElements.define("inteltele-picture-dialog", PictureDialog);

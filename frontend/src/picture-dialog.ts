import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { icon } from "./icons";
import type { Texts } from "./texts";
import type { Message } from "./types";

const NAME = "inteltele-picture-dialog";

interface Shown {
  message: Message;
  texts: Texts;
}

/** Lets Home Assistant open the dialog, so that going back closes it, as it does others. */
export function showPicture(from: HTMLElement, dialogParams: Shown): void {
  const detail = {
    dialogTag: NAME,
    dialogImport: () => Promise.resolve(),
    dialogParams,
  };
  from.dispatchEvent(
    new CustomEvent("show-dialog", { detail, bubbles: true, composed: true }),
  );
}

/** A picture as large as the screen allows; nothing else can be reached meanwhile. */
class PictureDialog extends LitElement {
  static override properties = {
    _shown: { state: true },
    _small: { state: true },
  };

  declare private _shown: Shown | undefined;
  declare private _small: boolean;

  async showDialog(shown: Shown): Promise<void> {
    this._shown = shown;
    this._small = false;
    await this.updateComplete;
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  /** Called by Home Assistant when somebody goes back. */
  closeDialog(): boolean {
    this._close();
    return true;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this._shown) {
      return nothing;
    }
    const { message, texts } = this._shown;
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
    this._shown = undefined;
    const detail = { dialog: NAME };
    this.dispatchEvent(
      new CustomEvent("dialog-closed", { detail, bubbles: true, composed: true }),
    );
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

customElements.define(NAME, PictureDialog);

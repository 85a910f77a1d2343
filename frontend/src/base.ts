import { LitElement, type PropertyDeclarations, type PropertyValues } from "lit";
import { Format } from "./format";
import { nameOffered } from "./offer";
import { Texts } from "./texts";
import type { CardConfig, Hass } from "./types";

/** What both cards do alike: they speak as whoever looks at them is used to. */
export class BaseCard extends LitElement {
  static override properties: PropertyDeclarations = {
    hass: { attribute: false },
    preview: { type: Boolean },
    _config: { state: true },
    _texts: { state: true },
  };

  declare hass: Hass | undefined;
  declare preview: boolean;
  declare protected _config: CardConfig | undefined;
  declare protected _texts: Texts | undefined;
  protected _format: Format | undefined;
  private _language: string | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("hass") || !this.hass) {
      return;
    }
    const before = changed.get("hass");
    if (!this._format || before?.locale !== this.hass.locale) {
      this._format = new Format(this.hass);
    }
    if (this._language !== this.hass.language) {
      this._language = this.hass.language;
      void this._loadTexts(this.hass);
    }
  }

  private async _loadTexts(hass: Hass): Promise<void> {
    try {
      this._texts = await Texts.load(hass);
      nameOffered(this._texts);
    } catch {
      // The connection broke; there will be a new one.
      this._language = undefined;
    }
  }

  /** Home Assistant renews `hass` with every state in the house. */
  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    const before = changed.get("hass");
    return (
      changed.size !== 1 ||
      !changed.has("hass") ||
      before?.locale !== this.hass?.locale ||
      this._language !== this.hass?.language ||
      before?.connection !== this.hass?.connection
    );
  }

  protected get _direction(): "ltr" | "rtl" {
    const { hass } = this;
    const known = hass?.translationMetadata.translations[hass.language];
    return known?.isRTL ? "rtl" : "ltr";
  }
}

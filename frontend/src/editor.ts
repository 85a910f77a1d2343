import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Texts } from "./texts";
import type { CardConfig, Hass } from "./types";

interface FormItem {
  name: "entity" | "config_entry_id" | "title" | "send_box";
  selector: Record<string, unknown>;
}

const LABELS: Record<FormItem["name"], string> = {
  entity: "recipient",
  config_entry_id: "account",
  title: "title",
  send_box: "send_box",
};

const SCHEMA: FormItem[] = [
  {
    name: "entity",
    selector: { entity: { filter: { integration: "inteltele", domain: "notify" } } },
  },
  { name: "config_entry_id", selector: { config_entry: { integration: "inteltele" } } },
  { name: "title", selector: { text: {} } },
  { name: "send_box", selector: { boolean: {} } },
];

/** The form in which the card is set up. */
export class MessagesCardEditor extends LitElement {
  static override properties = {
    hass: { attribute: false },
    _config: { state: true },
    _texts: { state: true },
  };

  declare hass: Hass;
  declare private _config: CardConfig | undefined;
  declare private _texts: Texts | undefined;

  setConfig(config: CardConfig): void {
    this._config = config;
  }

  override willUpdate(): void {
    if (!this._texts && this.hass) {
      void Texts.load(this.hass).then((texts) => {
        this._texts = texts;
      });
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this._config || !this._texts) {
      return nothing;
    }
    const texts = this._texts;
    // One recipient belongs to one account, so there is nothing left to choose.
    const schema = SCHEMA.filter(
      ({ name }) => name !== "config_entry_id" || !this._config?.entity,
    );
    return html`<ha-form
      .hass=${this.hass}
      .data=${{ send_box: true, ...this._config }}
      .schema=${schema}
      .computeLabel=${({ name }: FormItem) => texts.card(LABELS[name])}
      .computeHelper=${({ name }: FormItem) =>
        name === "entity" || name === "config_entry_id"
          ? texts.card(`${LABELS[name]}_help`)
          : undefined}
      @value-changed=${this._changed}
    ></ha-form>`;
  }

  private _changed(event: CustomEvent<{ value: CardConfig }>): void {
    event.stopPropagation();
    // What is empty, or as it is anyway, need not be in the configuration.
    const config = Object.fromEntries(
      Object.entries(event.detail.value).filter(
        ([name, value]) =>
          value !== undefined && value !== "" && !(name === "send_box" && value),
      ),
    );
    if (config.entity) {
      delete config.config_entry_id;
    }
    this.dispatchEvent(
      new CustomEvent("config-changed", {
        detail: { config },
        bubbles: true,
        composed: true,
      }),
    );
  }
}

customElements.define("inteltele-messages-card-editor", MessagesCardEditor);

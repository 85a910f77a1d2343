import { html, LitElement, nothing, type TemplateResult } from "lit";
import { ALARM_CARD } from "./offer";
import { Texts } from "./texts";
import type { CardConfig, Hass } from "./types";

type Name = Exclude<keyof CardConfig, "type">;

interface FormItem {
  name: Name;
  selector: Record<string, unknown>;
}

const LABELS: Record<Name, string> = {
  entity: "recipient",
  recipients: "recipients",
  config_entry_id: "account",
  title: "title",
  send_box: "send_box",
  show_price: "show_price",
  max_messages: "max_messages",
  height: "height",
  tap_action: "tap_action",
  show_when_idle: "alarm_show_when_idle",
};

const HELPED: ReadonlySet<Name> = new Set([
  "entity",
  "recipients",
  "config_entry_id",
  "max_messages",
  "height",
  "tap_action",
]);

/** What is so anyway need not be in the configuration. */
const DEFAULTS: Partial<CardConfig> = { send_box: true, show_price: true };

const NOTIFY = { filter: { integration: "inteltele", domain: "notify" } };

const SCHEMA: FormItem[] = [
  { name: "entity", selector: { entity: NOTIFY } },
  { name: "recipients", selector: { entity: { ...NOTIFY, multiple: true } } },
  { name: "config_entry_id", selector: { config_entry: { integration: "inteltele" } } },
  { name: "title", selector: { text: {} } },
  { name: "send_box", selector: { boolean: {} } },
  { name: "show_price", selector: { boolean: {} } },
  { name: "max_messages", selector: { number: { min: 1, max: 1000, mode: "box" } } },
  {
    name: "height",
    selector: {
      number: { min: 200, max: 4000, mode: "box", unit_of_measurement: "px" },
    },
  },
  { name: "tap_action", selector: { ui_action: { default_action: "none" } } },
];

const ALARM_SCHEMA: FormItem[] = [
  { name: "recipients", selector: { entity: { ...NOTIFY, multiple: true } } },
  { name: "config_entry_id", selector: { config_entry: { integration: "inteltele" } } },
  { name: "show_when_idle", selector: { boolean: {} } },
];

/** The form in which the card is set up. */
export class MessagesCardEditor extends LitElement {
  static override properties = {
    hass: { attribute: false },
    _config: { state: true },
    _texts: { state: true },
  };

  protected readonly _schema: FormItem[] = SCHEMA;
  protected readonly _labels: Record<Name, string> = LABELS;
  protected readonly _helped: ReadonlySet<Name> = HELPED;
  protected readonly _defaults: Partial<CardConfig> = DEFAULTS;
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
    const { _config: config, _texts: texts } = this;
    if (!config || !texts) {
      return nothing;
    }
    const hidden = superfluous(config);
    return html`<ha-form
      .hass=${this.hass}
      .data=${{ ...this._defaults, ...config }}
      .schema=${this._schema.filter(({ name }) => !hidden.includes(name) && !isLength(config, name))}
      .computeLabel=${({ name }: FormItem) => texts.card(this._labels[name])}
      .computeHelper=${({ name }: FormItem) =>
        this._helped.has(name) ? texts.card(`${this._labels[name]}_help`) : undefined}
      @value-changed=${this._changed}
    ></ha-form>`;
  }

  private _changed(event: CustomEvent<{ value: CardConfig }>): void {
    event.stopPropagation();
    const { value } = event.detail;
    const hidden: string[] = superfluous(value);
    const config = Object.fromEntries(
      Object.entries(value).filter(
        ([name, set]) =>
          set !== undefined &&
          set !== "" &&
          !(Array.isArray(set) && set.length === 0) &&
          set !== this._defaults[name as Name] &&
          !hidden.includes(name),
      ),
    );
    this.dispatchEvent(
      new CustomEvent("config-changed", {
        detail: { config },
        bubbles: true,
        composed: true,
      }),
    );
  }
}

/** What says nothing beside something else: a recipient belongs to one account. */
function superfluous({ entity, recipients }: CardConfig): Name[] {
  if (entity) {
    return ["recipients", "config_entry_id"];
  }
  return recipients?.length ? ["config_entry_id"] : [];
}

/** Whether this is a height in a unit of CSS, which the form has no field for. */
function isLength({ height }: CardConfig, name: Name): boolean {
  return name === "height" && typeof height === "string";
}

/** The form of the alarms. */
class AlarmCardEditor extends MessagesCardEditor {
  protected override readonly _schema = ALARM_SCHEMA;
  protected override readonly _labels = { ...LABELS, recipients: "alarm_recipients" };
  protected override readonly _helped = new Set<Name>(["recipients"]);
  protected override readonly _defaults = { show_when_idle: false };
}

customElements.define("inteltele-messages-card-editor", MessagesCardEditor);
customElements.define(`${ALARM_CARD}-editor`, AlarmCardEditor);

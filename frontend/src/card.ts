import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Again } from "./again";
import "./alarm-card";
import { alarmList, alarmStyles } from "./alarm-list";
import { Alarms } from "./alarms";
import { BaseCard } from "./base";
import { type BubbleContext, bubble } from "./bubble";
import { checkedConfig, cssHeight } from "./config";
import { Conversation } from "./conversation";
import "./editor";
import type { Format } from "./format";
import { icon } from "./icons";
import { NAME, notifyEntity } from "./offer";
import { showPicture } from "./picture-dialog";
import { Place } from "./place";
import "./send-box";
import { styles } from "./styles";
import type { Texts } from "./texts";
import type { Account, CardConfig, Hass, Message } from "./types";

const MAX_ANNOUNCED = 5;

/** The conversation with one recipient, or all that an account sends. */
export class MessagesCard extends BaseCard {
  static override properties = {
    layout: { reflect: true },
    _announcements: { state: true },
  };
  static override styles = [alarmStyles, styles];

  declare layout: string | undefined;
  declare private _announcements: string[];

  private readonly _conversation = new Conversation(this, (changed, arrived) => {
    this._announce(changed);
    this._place.count(arrived);
  });
  private readonly _alarms = new Alarms(this);
  private readonly _place = new Place(this, () => void this._conversation.loadOlder());
  private readonly _again = new Again(this);
  private readonly _gone = new Set<number>();

  constructor() {
    super();
    this._announcements = [];
  }

  static getConfigElement(): HTMLElement {
    return document.createElement("inteltele-messages-card-editor");
  }

  static getStubConfig(hass: Hass): Partial<CardConfig> {
    const entity = notifyEntity(hass);
    return entity ? { entity } : {};
  }

  setConfig(config: CardConfig): void {
    const checked = checkedConfig(config);
    this._config = checked;
    this._conversation.config = this._alarms.config = checked;
    const height = cssHeight(checked);
    if (height === undefined) {
      this.style.removeProperty("--_height");
    } else {
      this.style.setProperty("--_height", height);
    }
  }

  getCardSize(): number {
    const height = this._config?.height;
    return typeof height === "number" ? Math.ceil(height / 50) : 10;
  }

  getGridOptions(): Record<string, number> {
    return { columns: 12, min_columns: 9, rows: 8, min_rows: 5 };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this._conversation.hass = this._alarms.hass = this.hass;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, _config: config, _texts: texts } = this;
    if (!hass || !config || !texts) {
      return html`<ha-card aria-busy="true"></ha-card>`;
    }
    const account = this._conversation.account;
    const shown = config.entity ? [config.entity] : config.recipients;
    const recipients = (account?.recipients ?? []).filter(
      ({ entity_id }) => !shown?.length || shown.includes(entity_id),
    );
    const title =
      config.title ?? ((config.entity && recipients[0]?.name) || texts.card("name"));
    return html`
      <ha-card dir=${this._direction}>
        <h2>${this._heading(title, config)}</h2>
        ${this._format ? alarmList({ alarms: this._alarms, texts, format: this._format }) : nothing}
        ${this._content(texts, hass)}
        <div class="unseen" role="log">${this._announcements.map((line) => html`<p>${line}</p>`)}</div>
        ${
          recipients.length > 0 && config.send_box !== false
            ? html`<inteltele-send-box
                .hass=${hass}
                .texts=${texts}
                .recipients=${recipients}
                @inteltele-sending=${() => this._place.toNewest()}
              ></inteltele-send-box>`
            : nothing
        }
      </ha-card>
    `;
  }

  private _heading(title: string, config: CardConfig): TemplateResult {
    const action = config.tap_action?.action ?? "none";
    return action === "none"
      ? html`<bdi>${title}</bdi>`
      : html`<button @click=${() => this._tapped(config)}><bdi>${title}</bdi></button>`;
  }

  private _tapped(config: CardConfig): void {
    // Home Assistant knows what to do.
    const detail = { config, action: "tap" };
    this.dispatchEvent(
      new CustomEvent("hass-action", { detail, bubbles: true, composed: true }),
    );
  }

  private _content(texts: Texts, hass: Hass): TemplateResult {
    const { messages, error, account, hasOlder, loadingOlder } = this._conversation;
    if (!messages || !account || !this._format) {
      return error
        ? html`<p class="notice error" role="alert">${texts.error(error)}</p>`
        : html`<p class="notice" aria-busy="true">${texts.card("loading")}</p>`;
    }
    const context = this._context(texts, this._format, account, hass);
    const { atEnd, unread } = this._place;
    return html`<div class="conversation">
      <div class="scroller" tabindex="0" role="region" aria-label=${texts.card("messages")} @scroll=${this._place.scrolled}>
        ${error ? html`<p class="notice error" role="alert">${texts.error(error)}</p>` : nothing}
        ${
          hasOlder
            ? html`<button class="older" ?disabled=${loadingOlder} @click=${() => this._conversation.loadOlder()}>${texts.card("older")}</button>`
            : nothing
        }
        ${
          messages.length > 0
            ? html`<ol>${this._items(messages, context)}</ol>`
            : html`<p class="notice">${texts.card("empty")}</p>`
        }
      </div>
      ${
        atEnd
          ? nothing
          : html`<button class="newest" @click=${this._toNewest}>
              ${icon("newest")}${
                unread > 0
                  ? texts.card("to_newest_count", { count: String(unread) })
                  : texts.card("to_newest")
              }
            </button>`
      }
    </div>`;
  }

  private _context(
    texts: Texts,
    format: Format,
    account: Account,
    hass: Hass,
  ): BubbleContext {
    const { entity, show_price, send_box } = this._config ?? {};
    return {
      texts,
      format,
      currency: show_price === false ? undefined : account.currency,
      showRecipient: !entity,
      goneFrom: this._gone,
      again: this._again,
      onPictureGone: (seq) => {
        this._gone.add(seq);
        this.requestUpdate();
      },
      onPicture: (message) => showPicture(this, { message, texts }),
      onAgain: (message) => {
        const fields =
          send_box === false ? undefined : Again.fields(message, account, hass);
        return (
          fields &&
          (async () => {
            if (await this._again.send(message, fields, hass, texts)) {
              this._toNewest();
            }
          })
        );
      },
    };
  }

  private _toNewest(): void {
    // The button goes away, and the keyboard must not get lost with it.
    this.renderRoot.querySelector<HTMLElement>(".scroller")?.focus();
    this._place.toNewest();
  }

  private _items(messages: Message[], context: BubbleContext): unknown {
    const days = messages.map(({ sent_at }) => context.format.day(sent_at));
    return repeat(
      messages,
      ({ seq }) => seq,
      (message, index) => html`
        ${days[index] === days[index - 1] ? nothing : html`<li class="day">${days[index]}</li>`}
        ${message.seq === this._place.firstUnread ? html`<li class="day new">${context.texts.card("new")}</li>` : nothing}
        ${bubble(message, context)}
      `,
    );
  }

  private _announce(news: Message[]): void {
    const lines = news.map((message) => this._texts?.spoken(message) ?? "");
    this._announcements = [...this._announcements, ...lines].slice(-MAX_ANNOUNCED);
  }
}

customElements.define(NAME, MessagesCard);

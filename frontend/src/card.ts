import {
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { repeat } from "lit/directives/repeat.js";
import { type BubbleContext, bubble } from "./bubble";
import { Conversation } from "./conversation";
import "./editor";
import { Format } from "./format";
import "./send-box";
import { styles } from "./styles";
import { Texts } from "./texts";
import type { CardConfig, Hass, Message } from "./types";

const NAME = "inteltele-messages-card";
const NEAR = 48;
const MAX_ANNOUNCED = 5;

/** The conversation with one recipient, or all that an account sends. */
export class MessagesCard extends LitElement {
  static override properties = {
    hass: { attribute: false },
    layout: { reflect: true },
    preview: { type: Boolean },
    _config: { state: true },
    _texts: { state: true },
    _announcements: { state: true },
  };
  static override styles = styles;

  declare hass: Hass | undefined;
  declare layout: string | undefined;
  declare preview: boolean;
  declare private _config: CardConfig | undefined;
  declare private _texts: Texts | undefined;
  declare private _announcements: string[];

  private readonly _conversation = new Conversation(this, (news) =>
    this._announce(news),
  );
  private readonly _gone = new Set<number>();
  private readonly _sizes = new ResizeObserver(() => this._keepPlace());
  private _language: string | undefined;
  private _format: Format | undefined;
  private _atEnd = true;
  private _lastTop = 0;
  private _read: Element | undefined;
  private _readTop = 0;

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
    if (config.entity !== undefined && !String(config.entity).startsWith("notify.")) {
      throw new Error("entity must be a notify entity of IntelTele");
    }
    this._config = config;
    this._conversation.config = config;
  }

  getCardSize(): number {
    return 9;
  }

  getGridOptions(): Record<string, number> {
    return { columns: 12, min_columns: 6, rows: 8, min_rows: 4 };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("hass") || !this.hass) {
      return;
    }
    this._conversation.hass = this.hass;
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
      offered.name = this._texts.card("name");
      offered.description = this._texts.card("description");
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

  protected override render(): TemplateResult | typeof nothing {
    const { hass, _config: config, _texts: texts } = this;
    if (!hass || !config || !texts) {
      return html`<ha-card aria-busy="true"></ha-card>`;
    }
    const account = this._conversation.account;
    const recipients = (account?.recipients ?? []).filter(
      ({ entity_id }) => !config.entity || entity_id === config.entity,
    );
    const rtl = hass.translationMetadata.translations[hass.language]?.isRTL ?? false;
    const title =
      config.title ?? ((config.entity && recipients[0]?.name) || texts.card("name"));
    return html`
      <ha-card dir=${rtl ? "rtl" : "ltr"}>
        <h2><bdi>${title}</bdi></h2>
        ${this._content(texts)}
        <div class="unseen" role="log">${this._announcements.map((line) => html`<p>${line}</p>`)}</div>
        ${
          recipients.length > 0 && config.send_box !== false
            ? html`<inteltele-send-box .hass=${hass} .texts=${texts} .recipients=${recipients}></inteltele-send-box>`
            : nothing
        }
      </ha-card>
    `;
  }

  private _content(texts: Texts): TemplateResult {
    const { messages, error, account, hasOlder, loadingOlder } = this._conversation;
    if (!messages || !account || !this._format) {
      return error
        ? html`<p class="notice error" role="alert">${texts.error(error)}</p>`
        : html`<p class="notice" aria-busy="true">${texts.card("loading")}</p>`;
    }
    const context: BubbleContext = {
      texts,
      format: this._format,
      currency: account.currency,
      showRecipient: !this._config?.entity,
      goneFrom: this._gone,
      onPictureGone: (seq) => {
        this._gone.add(seq);
        this.requestUpdate();
      },
    };
    return html`<div class="scroller" tabindex="0" role="region" aria-label=${texts.card("messages")} @scroll=${this._scrolled}>
      ${error ? html`<p class="notice error" role="alert">${texts.error(error)}</p>` : nothing}
      ${
        hasOlder
          ? html`<button class="older" ?disabled=${loadingOlder} @click=${this._loadOlder}>${texts.card("older")}</button>`
          : nothing
      }
      ${
        messages.length > 0
          ? html`<ol>${this._items(messages, context)}</ol>`
          : html`<p class="notice">${texts.card("empty")}</p>`
      }
    </div>`;
  }

  private _items(messages: Message[], context: BubbleContext): unknown {
    const days = messages.map(({ sent_at }) => context.format.day(sent_at));
    return repeat(
      messages,
      ({ seq }) => seq,
      (message, index) => html`
        ${days[index] === days[index - 1] ? nothing : html`<li class="day">${days[index]}</li>`}
        ${bubble(message, context)}
      `,
    );
  }

  protected override updated(): void {
    this._keepPlace();
    // Pictures that load and errors that show change how much there is to scroll.
    this._sizes.disconnect();
    for (const element of this.renderRoot.querySelectorAll(".scroller, ol")) {
      this._sizes.observe(element);
    }
  }

  private get _scroller(): Element | null {
    return this.renderRoot.querySelector(".scroller");
  }

  private _scrolled(): void {
    const scroller = this._scroller;
    if (!scroller) {
      return;
    }
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR) {
      this._atEnd = true;
    } else if (scrollTop < this._lastTop) {
      // Only a person scrolls up; content that is added leaves the end behind.
      this._atEnd = false;
    }
    this._lastTop = scrollTop;
    this._read = [...scroller.querySelectorAll(".bubble")].find(
      (item) => fromTop(item, scroller) + item.clientHeight > 0,
    );
    this._readTop = this._read ? fromTop(this._read, scroller) : 0;
    if (scrollTop < NEAR && !this._atEnd) {
      this._loadOlder();
    }
  }

  /** Stays at the newest message, or at the one that is read, when content changes. */
  private _keepPlace(): void {
    const scroller = this._scroller;
    if (!scroller) {
      return;
    }
    const moved = this._atEnd
      ? scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop
      : this._read?.isConnected
        ? fromTop(this._read, scroller) - this._readTop
        : 0;
    // Setting it to what it is would still end a scrolling that is under way.
    if (Math.abs(moved) >= 1) {
      scroller.scrollTop += moved;
    }
  }

  private _loadOlder(): void {
    void this._conversation.loadOlder();
  }

  private _announce(news: Message[]): void {
    const lines = news.map((message) => this._texts?.spoken(message) ?? "");
    this._announcements = [...this._announcements, ...lines].slice(-MAX_ANNOUNCED);
  }
}

/** A recipient's notify entity: the one of a device, or any. */
function notifyEntity(hass: Hass, device?: string): string | undefined {
  return Object.keys(hass.entities).find((id) => {
    const entity = hass.entities[id];
    return (
      id.startsWith("notify.") &&
      entity?.platform === "inteltele" &&
      (device === undefined || entity.device_id === device)
    );
  });
}

/** Who looks for a card for one of our entities is offered the conversation. */
function getEntitySuggestion(hass: Hass, id: string): { config: CardConfig } | null {
  const entity = hass.entities[id];
  if (entity?.platform !== "inteltele") {
    return null;
  }
  const recipient = notifyEntity(hass, entity.device_id);
  const config = { type: `custom:${NAME}` };
  return { config: recipient ? { ...config, entity: recipient } : config };
}

function fromTop(item: Element, scroller: Element): number {
  return item.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}

customElements.define(NAME, MessagesCard);

declare global {
  interface Window {
    customCards?: Record<string, unknown>[];
  }
}

// In English until a card has loaded the words of the language.
const offered = {
  type: NAME,
  name: "IntelTele messages",
  description:
    "Shows what your house wrote, whether it arrived and what was answered, and lets you write.",
  preview: true,
  getEntitySuggestion,
  documentationURL: "https://github.com/inteltele/inteltele-home-assistant",
};
window.customCards ??= [];
window.customCards.push(offered);

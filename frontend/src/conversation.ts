import type { ReactiveController, ReactiveControllerHost } from "lit";
import type {
  Account,
  CardConfig,
  Connection,
  ConversationEvent,
  Hass,
  HassError,
  Message,
  Page,
} from "./types";

const FIRST_RETRY = 2_000;
const LAST_RETRY = 60_000;
// What only another configuration of the card can change.
const LASTING = new Set([
  "account_not_chosen",
  "service_config_entry_not_found",
  "service_found_no_config_entry_for_domain",
  "unknown_recipient",
]);

const MAX_LIMIT = 100;

/**
 * The messages that a card shows: followed live, and read page by page.
 *
 * `onNews` hears of what changed, and of the messages that are new or newly answered.
 */
export class Conversation implements ReactiveController {
  account: Account | undefined;
  error: HassError | undefined;
  loadingOlder = false;

  readonly #host: ReactiveControllerHost;
  readonly #onNews: (changed: Message[], arrived: number[]) => void;
  readonly #messages = new Map<number, Message>();
  #hass: Hass | undefined;
  #whose: Record<string, unknown> = {};
  #max = Number.POSITIVE_INFINITY;
  #more = false;
  #attached = false;
  #followed: Connection | undefined;
  #unsubscribe: (() => Promise<void>) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #delay = FIRST_RETRY;
  // What comes back to an attempt that is over is dropped.
  #attempt = 0;

  constructor(
    host: ReactiveControllerHost,
    onNews: (changed: Message[], arrived: number[]) => void,
  ) {
    this.#host = host;
    this.#onNews = onNews;
    host.addController(this);
  }

  /** The messages that are known, oldest first; undefined before the first page. */
  get messages(): Message[] | undefined {
    return this.account && this.#all.slice(-this.#max);
  }

  /** Whether there are messages before those that are known, and they may be shown. */
  get hasOlder(): boolean {
    return this.#more && this.#messages.size < this.#max;
  }

  get #all(): Message[] {
    return [...this.#messages.values()].sort(bySeq);
  }

  hostConnected(): void {
    this.#attached = true;
    this.#start();
  }

  hostDisconnected(): void {
    this.#attached = false;
    this.#stop();
  }

  /** Takes up what Home Assistant's frontend is now; most often nothing changed. */
  set hass(hass: Hass | undefined) {
    this.#hass = hass;
    if (hass?.connection !== this.#followed) {
      this.#stop();
      this.#start();
    }
  }

  set config(config: CardConfig) {
    const whose: Record<string, unknown> = {};
    const recipient = config.entity ?? config.recipients;
    this.#max = config.max_messages ?? Number.POSITIVE_INFINITY;
    if (config.max_messages) {
      whose.limit = Math.min(config.max_messages, MAX_LIMIT);
    }
    if (recipient?.length) {
      whose.recipient = recipient;
    } else if (config.config_entry_id) {
      whose.config_entry_id = config.config_entry_id;
    }
    if (JSON.stringify(whose) !== JSON.stringify(this.#whose)) {
      this.#whose = whose;
      this.account = undefined;
      this.#messages.clear();
      this.#stop();
      this.#start();
    }
  }

  async loadOlder(): Promise<void> {
    const oldest = this.#all[0];
    if (!this.#hass || !oldest || !this.hasOlder || this.loadingOlder) {
      return;
    }
    const attempt = this.#attempt;
    this.loadingOlder = true;
    this.#host.requestUpdate();
    try {
      const page = await this.#hass.callWS<Page>({
        type: "inteltele/messages/list",
        ...this.#whose,
        before: oldest.seq,
      });
      if (attempt === this.#attempt) {
        this.#more = page.has_older;
        this.#take(page.messages);
      }
    } catch (error) {
      this.error = error as HassError;
    } finally {
      this.loadingOlder = false;
      this.#host.requestUpdate();
    }
  }

  readonly #restart = (): void => {
    // A new connection knows nothing of the old one's subscriptions.
    this.#unsubscribe = undefined;
    this.#stop();
    this.#start();
  };

  #start(): void {
    if (!this.#attached || !this.#hass || this.#followed) {
      return;
    }
    this.#followed = this.#hass.connection;
    this.#followed.addEventListener("ready", this.#restart);
    void this.#subscribe(this.#followed);
  }

  #stop(): void {
    this.#attempt += 1;
    clearTimeout(this.#retry);
    this.#delay = FIRST_RETRY;
    this.#followed?.removeEventListener("ready", this.#restart);
    this.#followed = undefined;
    this.#unsubscribe?.().catch(() => undefined);
    this.#unsubscribe = undefined;
  }

  async #subscribe(connection: Connection): Promise<void> {
    const attempt = ++this.#attempt;
    try {
      const unsubscribe = await connection.subscribeMessage<ConversationEvent>(
        (event) => attempt === this.#attempt && this.#receive(event),
        { type: "inteltele/messages/subscribe", ...this.#whose },
        { resubscribe: false },
      );
      if (attempt === this.#attempt) {
        this.#unsubscribe = unsubscribe;
      } else {
        await unsubscribe();
      }
    } catch (error) {
      if (attempt !== this.#attempt) {
        return;
      }
      this.error = error as HassError;
      this.#host.requestUpdate();
      if (lasts(this.error)) {
        return;
      }
      // The account may still be starting.
      this.#retry = setTimeout(() => void this.#subscribe(connection), this.#delay);
      this.#delay = Math.min(this.#delay * 2, LAST_RETRY);
    }
  }

  #receive(event: ConversationEvent): void {
    this.error = undefined;
    this.#delay = FIRST_RETRY;
    if (event.kind === "page") {
      this.account = event;
      this.#more = event.has_older;
      this.#messages.clear();
      this.#take(event.messages);
    } else {
      // One that is older than all that are known would hide those in between.
      const oldest = this.#more ? (this.#all[0]?.seq ?? 0) : 0;
      const messages = event.messages.filter(({ seq }) => seq >= oldest);
      const changed = messages.filter((message) => this.#isNews(message));
      const arrived = messages.filter((message) => this.#hasArrived(message));
      this.#take(messages);
      this.#onNews(
        changed,
        arrived.map(({ seq }) => seq),
      );
    }
    this.#host.requestUpdate();
  }

  #isNews(message: Message): boolean {
    const known = this.#messages.get(message.seq);
    return (
      known?.status !== message.status || known.answer?.text !== message.answer?.text
    );
  }

  #hasArrived({ seq, answer }: Message): boolean {
    const known = this.#messages.get(seq);
    return !known || (answer !== null && known.answer === null);
  }

  #take(messages: Message[]): void {
    for (const message of messages) {
      // Each time it is signed anew, but the picture is the one that is shown.
      const shown = this.#messages.get(message.seq)?.picture_url;
      this.#messages.set(
        message.seq,
        shown && message.picture_url ? { ...message, picture_url: shown } : message,
      );
    }
  }
}

/** Whether asking again would be answered alike. */
function lasts(error: HassError): boolean {
  return error.code === "unauthorized" || LASTING.has(error.translation_key ?? "");
}

function bySeq(one: Message, other: Message): number {
  return one.seq - other.seq;
}

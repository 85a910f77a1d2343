import type { ReactiveControllerHost } from "lit";
import { Following, whose } from "./follow";
import type {
  Account,
  CardConfig,
  ConversationEvent,
  Hass,
  HassError,
  Message,
  Page,
} from "./types";

const MAX_LIMIT = 100;

/**
 * The messages that a card shows: followed live, and read page by page.
 *
 * `onNews` hears of what changed, and of the messages that are new or newly answered.
 */
export class Conversation {
  account: Account | undefined;
  loadingOlder = false;

  readonly #host: ReactiveControllerHost;
  readonly #onNews: (changed: Message[], arrived: number[]) => void;
  readonly #messages = new Map<number, Message>();
  readonly #following: Following<ConversationEvent>;
  #whose: Record<string, unknown> = {};
  #max = Number.POSITIVE_INFINITY;
  #more = false;

  constructor(
    host: ReactiveControllerHost,
    onNews: (changed: Message[], arrived: number[]) => void,
  ) {
    this.#host = host;
    this.#onNews = onNews;
    this.#following = new Following(host, (event) => this.#receive(event));
  }

  get error(): HassError | undefined {
    return this.#following.error;
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

  set hass(hass: Hass | undefined) {
    this.#following.hass = hass;
  }

  set config(config: CardConfig) {
    const { max_messages } = config;
    this.#max = max_messages ?? Number.POSITIVE_INFINITY;
    this.#whose = {
      ...(max_messages && { limit: Math.min(max_messages, MAX_LIMIT) }),
      ...whose(config),
    };
    const type = "inteltele/messages/subscribe";
    if (this.#following.by({ type, ...this.#whose })) {
      this.account = undefined;
      this.#messages.clear();
    }
  }

  async loadOlder(): Promise<void> {
    const following = this.#following;
    const { hass, attempt } = following;
    const oldest = this.#all[0];
    if (!hass || !oldest || !this.hasOlder || this.loadingOlder) {
      return;
    }
    this.loadingOlder = true;
    this.#host.requestUpdate();
    try {
      const page = await hass.callWS<Page>({
        type: "inteltele/messages/list",
        ...this.#whose,
        before: oldest.seq,
      });
      if (attempt === following.attempt) {
        this.#more = page.has_older;
        this.#take(page.messages);
      }
    } catch (error) {
      following.error = error as HassError;
    } finally {
      this.loadingOlder = false;
      this.#host.requestUpdate();
    }
  }

  #receive(event: ConversationEvent): void {
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

function bySeq(one: Message, other: Message): number {
  return one.seq - other.seq;
}

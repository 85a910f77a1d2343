import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { CardConfig, Connection, Hass, HassError } from "./types";

const FIRST_RETRY = 2_000;
const LAST_RETRY = 60_000;
// What only another configuration of the card can change.
const LASTING = new Set([
  "account_not_chosen",
  "service_config_entry_not_found",
  "service_found_no_config_entry_for_domain",
  "unknown_recipient",
]);

type Command = Record<string, unknown>;

/** Whose messages a card is about, in the words of the commands. */
export function whose({ entity, recipients, config_entry_id }: CardConfig): Command {
  const recipient = entity ?? recipients;
  return recipient?.length ? { recipient } : config_entry_id ? { config_entry_id } : {};
}

/** A subscription that lasts: over every connection, as long as its card is shown. */
export class Following<T> implements ReactiveController {
  error: HassError | undefined;
  /** What comes back to an attempt that is over is dropped. */
  attempt = 0;

  readonly #host: ReactiveControllerHost;
  readonly #receive: (event: T) => void;
  #hass: Hass | undefined;
  #command: Command | undefined;
  #attached = false;
  #followed: Connection | undefined;
  #unsubscribe: (() => Promise<void>) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #delay = FIRST_RETRY;

  constructor(host: ReactiveControllerHost, receive: (event: T) => void) {
    this.#host = host;
    this.#receive = receive;
    host.addController(this);
  }

  hostConnected(): void {
    this.#attached = true;
    this.#start();
  }

  hostDisconnected(): void {
    this.#attached = false;
    this.#stop();
  }

  get hass(): Hass | undefined {
    return this.#hass;
  }

  /** Takes up what Home Assistant's frontend is now; most often nothing changed. */
  set hass(hass: Hass | undefined) {
    this.#hass = hass;
    if (hass?.connection !== this.#followed) {
      this.#restart();
    }
  }

  /** Follows by a command; returns whether that is another one. */
  by(command: Command): boolean {
    const other = JSON.stringify(command) !== JSON.stringify(this.#command);
    this.#command = command;
    if (other) {
      this.#restart();
    }
    return other;
  }

  readonly #reconnected = (): void => {
    // A new connection knows nothing of the old one's subscriptions.
    this.#unsubscribe = undefined;
    this.#restart();
  };

  #restart(): void {
    this.#stop();
    this.#start();
  }

  #start(): void {
    if (!this.#attached || !this.#hass || !this.#command || this.#followed) {
      return;
    }
    this.#followed = this.#hass.connection;
    this.#followed.addEventListener("ready", this.#reconnected);
    void this.#subscribe(this.#followed, this.#command);
  }

  #stop(): void {
    this.attempt += 1;
    clearTimeout(this.#retry);
    this.#delay = FIRST_RETRY;
    this.#followed?.removeEventListener("ready", this.#reconnected);
    this.#followed = undefined;
    this.#unsubscribe?.().catch(() => undefined);
    this.#unsubscribe = undefined;
  }

  async #subscribe(connection: Connection, command: Command): Promise<void> {
    const attempt = ++this.attempt;
    try {
      const unsubscribe = await connection.subscribeMessage<T>(
        (event) => {
          if (attempt === this.attempt) {
            this.error = undefined;
            this.#delay = FIRST_RETRY;
            this.#receive(event);
            this.#host.requestUpdate();
          }
        },
        command,
        { resubscribe: false },
      );
      if (attempt === this.attempt) {
        this.#unsubscribe = unsubscribe;
      } else {
        await unsubscribe();
      }
    } catch (error) {
      if (attempt !== this.attempt) {
        return;
      }
      this.error = error as HassError;
      this.#host.requestUpdate();
      if (lasts(this.error)) {
        return;
      }
      // The account may still be starting.
      this.#retry = setTimeout(
        () => void this.#subscribe(connection, command),
        this.#delay,
      );
      this.#delay = Math.min(this.#delay * 2, LAST_RETRY);
    }
  }
}

/** Whether asking again would be answered alike. */
function lasts(error: HassError): boolean {
  return error.code === "unauthorized" || LASTING.has(error.translation_key ?? "");
}

import type { ReactiveControllerHost } from "lit";
import type { Texts } from "./texts";
import type { Account, Hass, HassError, Message } from "./types";
import { titled } from "./words";

/** Sends messages again that failed, or of which nobody knows whether they arrived. */
export class Again {
  readonly #host: ReactiveControllerHost;
  /** What became of it: being sent, sent, or the sentence that says why not. */
  readonly #outcomes = new Map<number, "sending" | "sent" | { error: string }>();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** Whom to send to, in the words of the action; undefined where it cannot be sent. */
  static fields(
    { number, status, text, channel }: Message,
    { recipients, entry_id }: Account,
    hass: Hass,
  ): Record<string, unknown> | undefined {
    const entity_id = recipients.find((one) => one.number === number)?.entity_id;
    if (status !== "failed" || text === null || !(entity_id || hass.user?.is_admin)) {
      return undefined;
    }
    const { title, rest } = titled(text);
    return {
      ...(title && rest ? { title, message: rest } : { message: text }),
      ...(entity_id ? { entity_id } : { to: number, config_entry_id: entry_id }),
      ...(channel === "viber" ? {} : { channel }),
    };
  }

  isSending({ seq }: Message): boolean {
    return this.#outcomes.get(seq) === "sending";
  }

  wasSent({ seq }: Message): boolean {
    return this.#outcomes.get(seq) === "sent";
  }

  error({ seq }: Message): string | undefined {
    const outcome = this.#outcomes.get(seq);
    return typeof outcome === "object" ? outcome.error : undefined;
  }

  /** Sends, and returns whether that was possible. */
  async send(
    { seq }: Message,
    fields: Record<string, unknown>,
    hass: Hass,
    texts: Texts,
  ): Promise<boolean> {
    this.#set(seq, "sending");
    try {
      await hass.callService("inteltele", "send_message", fields, undefined, false);
    } catch (error) {
      this.#set(seq, { error: texts.refusal(error as HassError) });
      return false;
    }
    this.#set(seq, "sent");
    return true;
  }

  #set(seq: number, outcome: "sending" | "sent" | { error: string }): void {
    this.#outcomes.set(seq, outcome);
    this.#host.requestUpdate();
  }
}

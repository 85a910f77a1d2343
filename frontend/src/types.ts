/** What the card uses of Home Assistant's frontend, and what the integration sends. */

export interface HassError {
  code?: string | number;
  message?: string;
  translation_domain?: string;
  translation_key?: string;
  translation_placeholders?: Record<string, string>;
}

export interface Connection {
  subscribeMessage<T>(
    callback: (event: T) => void,
    command: Record<string, unknown>,
    options?: { resubscribe?: boolean },
  ): Promise<() => Promise<void>>;
  addEventListener(type: "ready", listener: () => void): void;
  removeEventListener(type: "ready", listener: () => void): void;
}

export interface Hass {
  connection: Connection;
  language: string;
  locale: {
    language: string;
    time_format: "language" | "system" | "12" | "24";
    time_zone: "local" | "server";
  };
  config: { time_zone: string };
  user?: { is_admin?: boolean };
  entities: Record<string, { platform?: string; device_id?: string } | undefined>;
  translationMetadata: {
    translations: Record<string, { isRTL?: boolean } | undefined>;
  };
  callService(
    domain: string,
    service: string,
    fields: Record<string, unknown>,
    target: { entity_id: string } | undefined,
    notifyOnError: boolean,
  ): Promise<unknown>;
  callWS<T>(command: Record<string, unknown>): Promise<T>;
}

export interface CardConfig {
  type: string;
  entity?: string;
  recipients?: string[];
  config_entry_id?: string;
  title?: string;
  send_box?: boolean;
  show_price?: boolean;
  max_messages?: number;
  height?: number | string;
  show_when_idle?: boolean;
  tap_action?: { action: string };
}

/** Somebody whom an alarm asks; without a status they were not asked yet. */
export interface AskedPerson {
  name: string | null;
  number: string;
  status: "queued" | "sent" | "delivered" | "unknown" | "failed" | "declined" | null;
  reason: string | null;
  channel: "viber" | "sms" | null;
  asked_at: string | null;
  next_at: string | null;
}

export interface Alarm {
  id: string;
  status: "open" | "acknowledged" | "unanswered" | "cleared";
  title: string | null;
  message: string | null;
  raised: number;
  raised_at: string;
  blocked: string | null;
  ended_at: string | null;
  by: string | null;
  button: string | null;
  may_answer: boolean;
  people: AskedPerson[];
}

export interface Answer {
  text: string;
  given_at: string;
}

export interface Message {
  seq: number;
  channel: "viber" | "sms";
  number: string;
  recipient: string | null;
  status: "queued" | "sent" | "delivered" | "failed";
  reason: string | null;
  sent_at: string;
  reported_at: string | null;
  cost: number | null;
  text: string | null;
  button: string | null;
  answer: Answer | null;
  has_picture: boolean;
  picture_url: string | null;
  full_picture_url: string | null;
}

export interface Recipient {
  entity_id: string;
  name: string;
  number: string;
}

export interface Account {
  entry_id: string;
  currency: string;
  recipients: Recipient[];
}

export interface Page {
  messages: Message[];
  has_older: boolean;
}

export type ConversationEvent =
  | ({ kind: "page" } & Page & Account)
  | ({ kind: "change" } & Page);

/** Whether nobody knows if a message arrived. */
export function isUnknown({ status, reason }: Message): boolean {
  return status === "failed" && reason === "outcome_unknown";
}

import { type Hass, type HassError, isUnknown, type Message } from "./types";

type Resources = Record<string, string>;

// One for each language, shared by all cards of a page.
const loaded = new Map<string, Promise<Texts>>();

/** The integration's own words, in the language of whoever looks at them. */
export class Texts {
  readonly #resources: Resources;

  private constructor(resources: Resources) {
    this.#resources = resources;
  }

  static load(hass: Hass): Promise<Texts> {
    const { language } = hass;
    let texts = loaded.get(language);
    if (!texts) {
      texts = Promise.all([
        resources(hass, "common"),
        resources(hass, "exceptions"),
      ]).then((parts) => new Texts(Object.assign({}, ...parts)));
      texts.catch(() => loaded.delete(language));
      loaded.set(language, texts);
    }
    return texts;
  }

  card(key: string, values: Resources = {}): string {
    return this.#text(`common.card_${key}`, values);
  }

  /** Where a message stands, and why it failed. */
  status(message: Message): string {
    const { status, reason } = message;
    if (status !== "failed") {
      return this.card(status);
    }
    if (isUnknown(message)) {
      return this.card("outcome_unknown");
    }
    const words = this.reason(reason ?? "");
    return this.card("failed", { reason: words || (reason ?? "") });
  }

  /** Why something failed; empty where there are no words for it. */
  reason(code: string): string {
    return this.#text(`common.reason_${code}`);
  }

  /** What a screen reader says when a message is new or changed. */
  spoken(message: Message): string {
    const recipient = message.recipient ?? message.number;
    return message.answer
      ? this.card("spoken_answer", { recipient, answer: message.answer.text })
      : this.card("spoken_message", {
          recipient,
          status: this.status(message),
          text: message.text ?? this.card("no_text"),
        });
  }

  error(error: HassError, otherwise = this.card("error")): string {
    if (error.code === "unauthorized") {
      return this.card("not_allowed");
    }
    switch (error.translation_key) {
      case "account_not_chosen":
        return this.card("account_needed");
      case "service_config_entry_not_found":
        return this.card("unknown_account");
      case "service_found_no_config_entry_for_domain":
        return this.card("no_account");
      case "unknown_recipient":
        return this.card("unknown_recipient");
    }
    if (error.translation_domain === "inteltele") {
      const key = `exceptions.${error.translation_key}.message`;
      return this.#text(key, error.translation_placeholders) || otherwise;
    }
    return otherwise;
  }

  /** What kept a message from being sent; Home Assistant's own words are sentences. */
  refusal(error: HassError): string {
    return error.translation_domain === "inteltele" || !error.message
      ? this.error(error)
      : error.message;
  }

  #text(key: string, values: Resources = {}): string {
    const text = this.#resources[`component.inteltele.${key}`] ?? "";
    return text.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
  }
}

async function resources(hass: Hass, category: string): Promise<Resources> {
  const answer = await hass.callWS<{ resources: Resources }>({
    type: "frontend/get_translations",
    language: hass.language,
    category,
    integration: ["inteltele"],
  });
  return answer.resources;
}

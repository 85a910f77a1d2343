import type { Texts } from "./texts";
import type { CardConfig, Hass } from "./types";

export const NAME = "inteltele-messages-card";
export const ALARM_CARD = "inteltele-alarm-card";

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
    "Shows the Viber messages and SMS from Home Assistant, whether they arrived and what was answered, and lets you write.",
  preview: true,
  getEntitySuggestion,
  documentationURL: "https://github.com/inteltele/inteltele-home-assistant",
};
const offeredAlarms = {
  ...offered,
  type: ALARM_CARD,
  name: "IntelTele alarms",
  description:
    "Shows an open alarm, whom it asks by Viber and SMS, and lets you take care of it.",
  getEntitySuggestion: undefined,
};
window.customCards ??= [];
window.customCards.push(offered, offeredAlarms);

/** Offers the cards in the words of a language. */
export function nameOffered(texts: Texts): void {
  offered.name = texts.card("name");
  offered.description = texts.card("description");
  offeredAlarms.name = texts.card("alarm_name");
  offeredAlarms.description = texts.card("alarm_description");
}

/** A recipient's notify entity: the one of a device, or any. */
export function notifyEntity(hass: Hass, device?: string): string | undefined {
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

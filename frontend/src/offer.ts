import type { CardConfig, Hass } from "./types";

export const NAME = "inteltele-messages-card";

declare global {
  interface Window {
    customCards?: Record<string, unknown>[];
  }
}

// In English until a card has loaded the words of the language.
export const offered = {
  type: NAME,
  name: "IntelTele messages",
  description:
    "Shows the Viber messages and SMS of your house, whether they arrived and what was answered, and lets you write.",
  preview: true,
  getEntitySuggestion,
  documentationURL: "https://github.com/inteltele/inteltele-home-assistant",
};
window.customCards ??= [];
window.customCards.push(offered);

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

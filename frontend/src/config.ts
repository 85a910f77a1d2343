import type { CardConfig } from "./types";

/** The configuration of a card, or an error that says what is wrong with it. */
export function checkedConfig(config: CardConfig): CardConfig {
  const { entity, recipients, max_messages } = config;
  if (entity !== undefined && !isNotify(entity)) {
    throw new Error("entity must be a notify entity of IntelTele");
  }
  if (
    recipients !== undefined &&
    !(Array.isArray(recipients) && recipients.length > 0 && recipients.every(isNotify))
  ) {
    throw new Error(
      "recipients must be a list of notify entities of IntelTele; remove it to show all",
    );
  }
  if (entity !== undefined && recipients !== undefined) {
    throw new Error("use either entity or recipients, not both");
  }
  if (
    max_messages !== undefined &&
    !(Number.isInteger(max_messages) && max_messages > 0)
  ) {
    throw new Error("max_messages must be a whole number above zero");
  }
  if (config.height !== undefined && !CSS.supports("height", cssHeight(config) ?? "")) {
    throw new Error("height must be a number of pixels, or a height as CSS knows them");
  }
  return config;
}

/** The height that is asked for, as CSS writes it. */
export function cssHeight({ height }: CardConfig): string | undefined {
  return typeof height === "number" ? `${height}px` : height;
}

function isNotify(id: unknown): boolean {
  return String(id).startsWith("notify.");
}

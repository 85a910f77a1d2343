import type { Hass } from "./types";

const DAY = 86_400_000;

/** Writes times and prices as the person who looks at them is used to. */
export class Format {
  readonly #language: string;
  readonly #day: Intl.DateTimeFormat;
  readonly #sortable: Intl.DateTimeFormat;
  readonly #time: Intl.DateTimeFormat;

  constructor(hass: Hass) {
    const { language, time_format, time_zone } = hass.locale;
    const zone =
      time_zone === "server" ? { timeZone: hass.config.time_zone } : undefined;
    const hours =
      time_format === "12" || time_format === "24"
        ? { hour12: time_format === "12" }
        : undefined;
    this.#language = language;
    this.#day = new Intl.DateTimeFormat(language, { ...zone, dateStyle: "long" });
    this.#sortable = new Intl.DateTimeFormat("sv-SE", { ...zone, dateStyle: "short" });
    this.#time = new Intl.DateTimeFormat(
      time_format === "system" ? undefined : language,
      { ...zone, ...hours, hour: "numeric", minute: "2-digit" },
    );
  }

  /** A day, the same text for all moments of it. */
  day(moment: string): string {
    const days = Math.round(
      (this.#midnight(new Date(moment)) - this.#midnight(new Date())) / DAY,
    );
    if (days !== 0 && days !== -1) {
      return this.#day.format(new Date(moment));
    }
    const words = new Intl.RelativeTimeFormat(this.#language, { numeric: "auto" });
    const day = words.format(days, "day");
    return day.charAt(0).toLocaleUpperCase(this.#language) + day.slice(1);
  }

  time(moment: string): string {
    return this.#time.format(new Date(moment));
  }

  /** A time, with its day where that is another one. */
  moment(moment: string): string {
    const day = this.#sortable.format(new Date(moment));
    const today = day === this.#sortable.format(new Date());
    return today ? this.time(moment) : `${this.day(moment)}, ${this.time(moment)}`;
  }

  price(cost: number, currency: string): string {
    return new Intl.NumberFormat(this.#language, {
      style: "currency",
      currency,
      minimumFractionDigits: 2,
      maximumFractionDigits: 4,
    }).format(cost);
  }

  #midnight(moment: Date): number {
    return Date.parse(`${this.#sortable.format(moment)}T00:00:00Z`);
  }
}

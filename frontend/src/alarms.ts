import type { LitElement, ReactiveController } from "lit";
import { Following, whose } from "./follow";
import type { Texts } from "./texts";
import type { Alarm, CardConfig, Hass, HassError } from "./types";

const HOUR = 3_600_000;
/** So long it is shown who took over; what nobody answered, as long as it is known. */
const SHOWN_FOR = 8 * HOUR;
const MINUTE = 60_000;
const CLOSED = "inteltele-closed-alarms";
const MAX_CLOSED = 50;

// All that show alarms: what is closed in one is closed in the others.
const shownIn = new Set<LitElement>();
let closed: string[] = stored();

/** The alarms that a card shows, live, and what somebody does about them. */
export class Alarms implements ReactiveController {
  readonly #host: LitElement;
  readonly #following: Following<{ alarms: Alarm[] }>;
  readonly #taken = new Map<string, "taking" | { error: string }>();
  readonly #seenOpen = new Set<string>();
  #all: Alarm[] | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    this.#following = new Following(host, ({ alarms }) => {
      this.#all = alarms;
      for (const { id, status } of alarms) {
        if (status === "open") {
          this.#seenOpen.add(id);
        }
      }
    });
    host.addController(this);
  }

  hostConnected(): void {
    shownIn.add(this.#host);
    // What ended goes away after a while.
    this.#clock = setInterval(() => this.#all?.length && this.#update(), MINUTE);
  }

  hostDisconnected(): void {
    shownIn.delete(this.#host);
    clearInterval(this.#clock);
  }

  set hass(hass: Hass | undefined) {
    this.#following.hass = hass;
  }

  set config(config: CardConfig) {
    const type = "inteltele/alarms/subscribe";
    if (this.#following.by({ type, ...whose(config) })) {
      this.#all = undefined;
    }
  }

  get error(): HassError | undefined {
    return this.#following.error;
  }

  /** Those that are open, and those that ended a while ago and were not closed. */
  get shown(): Alarm[] {
    return (this.#all ?? []).filter(
      (alarm) =>
        !closed.includes(key(alarm)) &&
        (alarm.status === "open" ||
          alarm.status === "unanswered" ||
          Date.now() - Date.parse(alarm.ended_at ?? "") < SHOWN_FOR),
    );
  }

  /** Whether it is to be told at once, and not only where somebody looks for it. */
  isNews({ id }: Alarm): boolean {
    return this.#seenOpen.has(id);
  }

  isBeingTaken({ id }: Alarm): boolean {
    return this.#taken.get(id) === "taking";
  }

  /** What kept somebody from taking over, in words. */
  refusal({ id }: Alarm): string | undefined {
    const outcome = this.#taken.get(id);
    return typeof outcome === "object" ? outcome.error : undefined;
  }

  async take({ id }: Alarm, texts: Texts): Promise<void> {
    this.#set(id, "taking");
    try {
      await this.#following.hass?.callService(
        "inteltele",
        "acknowledge_alarm",
        { alarm_id: id },
        undefined,
        false,
      );
      this.#taken.delete(id);
    } catch (error) {
      this.#set(id, { error: refused(error as HassError, texts) });
      return;
    }
    this.#update();
    await this.#host.updateComplete;
    // The button went away, and the keyboard must not get lost with it.
    this.#host.renderRoot.querySelector<HTMLElement>(`[data-alarm="${id}"]`)?.focus();
  }

  close(alarm: Alarm): void {
    closed = [...closed, key(alarm)].slice(-MAX_CLOSED);
    try {
      localStorage.setItem(CLOSED, JSON.stringify(closed));
    } catch {
      // It is closed until the page is loaded again.
    }
    for (const host of shownIn) {
      host.requestUpdate();
    }
  }

  #set(id: string, outcome: "taking" | { error: string }): void {
    this.#taken.set(id, outcome);
    this.#update();
  }

  #update(): void {
    this.#host.requestUpdate();
  }
}

/** One that was opened again is another one to close. */
function key({ id, ended_at }: Alarm): string {
  return `${id} ${ended_at}`;
}

function stored(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(CLOSED) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function refused(error: HassError, texts: Texts): string {
  if (error.code === "unauthorized") {
    return texts.card("alarm_not_allowed");
  }
  return error.message ? texts.refusal(error) : texts.card("alarm_not_taken");
}

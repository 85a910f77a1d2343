import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Alarms } from "./alarms";
import type { Format } from "./format";
import { icon } from "./icons";
import type { Texts } from "./texts";
import type { Alarm, AskedPerson } from "./types";
import { linked } from "./words";

interface Context {
  alarms: Alarms;
  texts: Texts;
  format: Format;
}

/** The alarms that are open, with whom they ask, and how others ended. */
export function alarmList(context: Context): TemplateResult {
  const { alarms, texts } = context;
  const { shown } = alarms;
  const news = shown.filter((alarm) => alarms.isNews(alarm));
  return html`
    <div class="unseen" role="alert">${news.map((alarm) => html`<p>${spoken(alarm, context)}</p>`)}</div>
    ${
      shown.length > 0
        ? html`<section class="alarms" tabindex="0" aria-label=${texts.card("alarms")}>
            ${repeat(
              shown,
              ({ id }) => id,
              (alarm) => one(alarm, context),
            )}
          </section>`
        : nothing
    }
  `;
}

function one(alarm: Alarm, context: Context): TemplateResult {
  const { alarms, texts, format } = context;
  const { id, status, title, message, blocked } = alarm;
  const open = status === "open";
  const refusal = alarms.refusal(alarm);
  return html`<article class="alarm ${status}" data-alarm=${id} tabindex="-1" aria-label=${what(alarm, texts)}>
    <div class="story">
      <div class="head">
        ${icon(open || status === "unanswered" ? "failed" : "sent")}
        <strong dir="auto">${open ? (title ?? texts.card("alarm")) : what(alarm, texts)}</strong>
        ${
          open
            ? nothing
            : html`<button class="close" aria-label=${texts.card("close")} title=${texts.card("close")} @click=${() => alarms.close(alarm)}>${icon("close")}</button>`
        }
      </div>
      ${
        open
          ? html`
            <p class="says" dir="auto">${message ? linked(message) : texts.card("no_text")}</p>
            <p class="quiet">${since(alarm, texts, format)}</p>
            ${blocked ? html`<p class="blocked">${obstacle(blocked, texts)}</p>` : nothing}
            <ul>${alarm.people.map((person) => html`<li><bdi>${person.name ?? person.number}</bdi> <span class="quiet">${became(person, texts, format)}</span></li>`)}</ul>`
          : html`<p class="quiet">${ending(alarm, texts, format)}</p>`
      }
      ${refusal ? html`<p class="blocked" role="alert">${refusal}</p>` : nothing}
    </div>
    ${alarm.may_answer ? button(alarm, context) : nothing}
  </article>`;
}

function button(alarm: Alarm, { alarms, texts }: Context): TemplateResult {
  const taking = alarms.isBeingTaken(alarm);
  return html`<div class="bar"><button class="take" ?disabled=${taking} aria-busy=${taking} @click=${() => alarms.take(alarm, texts)}>
    ${taking ? texts.card("alarm_taking") : (alarm.button ?? texts.card("alarm_take"))}
  </button></div>`;
}

/** What an alarm is about, in one line. */
function what({ title, message }: Alarm, texts: Texts): string {
  return title ?? message ?? texts.card("alarm");
}

function since(alarm: Alarm, texts: Texts, format: Format): string {
  const time = format.moment(alarm.raised_at);
  const count = String(alarm.raised);
  return alarm.raised > 1
    ? texts.card("alarm_since_count", { time, count })
    : texts.card("alarm_since", { time });
}

function obstacle(blocked: string, texts: Texts): string {
  const reason = texts.reason(blocked) || texts.reason("unknown");
  return texts.card("alarm_blocked", { reason });
}

/** Whether and when somebody was asked, what became of it, and when it is their turn. */
function became(person: AskedPerson, texts: Texts, format: Format): string {
  const { status, asked_at, next_at, channel } = person;
  const time = (moment: string) => ({ time: format.moment(moment) });
  return [
    asked_at ? texts.card("alarm_asked", time(asked_at)) : "",
    channel === "sms" ? "SMS" : "",
    status ? outcome(status, person.reason, texts) : "",
    next_at ? texts.card("alarm_next", time(next_at)) : "",
    status || next_at ? "" : texts.card("alarm_not_yet"),
  ]
    .filter(Boolean)
    .join(" · ");
}

function outcome(
  status: NonNullable<AskedPerson["status"]>,
  code: string | null,
  texts: Texts,
): string {
  switch (status) {
    case "declined":
      return texts.card("alarm_declined");
    case "unknown":
      return texts.card("outcome_unknown");
    case "failed": {
      const reason = texts.reason(code ?? "");
      return reason
        ? texts.card("alarm_not_reached", { reason })
        : texts.card("alarm_not_asked");
    }
    default:
      return texts.card(status);
  }
}

function ending(alarm: Alarm, texts: Texts, format: Format): string {
  const time = format.moment(alarm.ended_at ?? alarm.raised_at);
  switch (alarm.status) {
    case "acknowledged":
      return texts.card("alarm_taken", {
        by: alarm.by ?? texts.card("alarm_somebody"),
        time,
      });
    case "cleared":
      return texts.card("alarm_over", { time });
    default:
      return texts.card("alarm_unanswered", { time });
  }
}

/** What a screen reader says of an alarm, once for each time it stands otherwise. */
function spoken(alarm: Alarm, { texts, format }: Context): string {
  const said =
    alarm.status === "open"
      ? alarm.blocked && obstacle(alarm.blocked, texts)
      : ending(alarm, texts, format);
  return [texts.card("alarm"), what(alarm, texts), said].filter(Boolean).join(": ");
}

export const alarmStyles = css`
  :host {
    --_quiet: color-mix(
      in srgb,
      var(--secondary-text-color) 50%,
      var(--primary-text-color)
    );
    /* The colours of themes are too pale for small text. */
    --_alarm: color-mix(in srgb, var(--error-color) 55%, var(--primary-text-color));
  }
  .icon {
    width: 16px;
    height: 16px;
    fill: currentColor;
    vertical-align: text-bottom;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .alarms {
    /* The conversation makes room first. */
    flex: 0 1 auto;
    max-height: 18rem;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .alarm {
    --_behind: var(--card-background-color);
    --_lines: 3.5rem;
    background: var(--_behind);
    border-block-end: 1px solid var(--divider-color);
    border-inline-start: 4px solid var(--divider-color);
    padding: 10px 12px;
    color: var(--primary-text-color);
    overflow-wrap: anywhere;
  }
  .alarm:last-child {
    border-block-end: 0;
  }
  .alarm.open {
    border-inline-start-color: var(--error-color);
    --_behind: color-mix(
      in srgb,
      var(--error-color) 14%,
      var(--card-background-color)
    );
  }
  .head {
    display: flex;
    gap: 8px;
    align-items: start;
    line-height: 24px;
  }
  .head .icon {
    flex: none;
    height: 24px;
  }
  :is(.open, .unanswered) .head > .icon {
    color: var(--_alarm);
  }
  .head strong {
    flex: 1;
    display: -webkit-box;
    overflow: hidden;
    font-weight: 500;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .alarm p,
  .alarm ul {
    margin: 4px 0 0;
    padding: 0;
    list-style: none;
  }
  .says {
    white-space: pre-wrap;
  }
  .says a {
    color: inherit;
  }
  .alarm .quiet {
    color: var(--_quiet);
  }
  .alarm .blocked {
    color: var(--_alarm);
  }
  .alarm li {
    padding-block: 2px;
  }
  .alarm bdi {
    margin-inline-end: 4px;
    font-weight: 500;
  }
  .story:not(:last-child) {
    margin-block-end: calc(-1 * var(--_lines));
  }
  .bar {
    /* However long the text is, the button is in sight, below what it is about: its
       margin, which takes no room, keeps it from the first lines. */
    position: sticky;
    inset-block-end: 0;
    margin-block: var(--_lines) -10px;
    padding-block: 8px 10px;
    background: var(--_behind);
  }
  .take {
    width: 100%;
    min-height: 44px;
    border: 0;
    border-radius: 22px;
    padding: 8px 16px;
    background: color-mix(in srgb, var(--error-color) 76%, #000);
    color: #fff;
    font: inherit;
    font-weight: 500;
    cursor: pointer;
  }
  .take:disabled {
    cursor: progress;
  }
  .close {
    flex: none;
    width: 32px;
    height: 32px;
    margin: -4px -4px -4px 0;
    border: 0;
    border-radius: 50%;
    padding: 0;
    background: none;
    color: var(--_quiet);
    cursor: pointer;
  }
  .close .icon {
    margin: 0;
  }
  :is(.alarms, .alarm, .says a, .take, .close):focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: -2px;
  }
  .take:focus-visible {
    outline-color: var(--primary-text-color);
    outline-offset: 2px;
  }
`;

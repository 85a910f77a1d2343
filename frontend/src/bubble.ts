import { html, nothing, type TemplateResult } from "lit";
import type { Again } from "./again";
import type { Format } from "./format";
import { icon } from "./icons";
import type { Texts } from "./texts";
import { type Answer, isUnknown, type Message } from "./types";
import { linked, titled } from "./words";

export interface BubbleContext {
  texts: Texts;
  format: Format;
  /** Of the prices, which are not shown without one. */
  currency: string | undefined;
  showRecipient: boolean;
  goneFrom: ReadonlySet<number>;
  again: Again;
  onPictureGone: (seq: number) => void;
  onPicture: (message: Message) => void;
  /** Undefined for a message that cannot be sent again. */
  onAgain: (message: Message) => (() => void) | undefined;
}

/** A message as a bubble at the house's side, and the answer to it at the other. */
export function bubble(message: Message, context: BubbleContext): TemplateResult {
  const { texts, format, currency, showRecipient } = context;
  const state = isUnknown(message) ? "unknown" : message.status;
  const whom = message.recipient ?? message.number;
  return html`
    <li class="bubble out ${state} ${message.channel}" data-seq=${message.seq}>
      ${showRecipient ? html`<div class="whom" dir="auto">${whom}</div>` : nothing}
      ${picture(message, context)} ${body(message, texts)}
      ${message.button ? html`<div class="button" dir="auto">${message.button}</div>` : nothing}
      <div class="foot">
        ${message.channel === "sms" ? html`<span>${icon("sms")} SMS</span>` : nothing}
        ${
          message.cost === null || currency === undefined
            ? nothing
            : html`<span>${format.price(message.cost, currency)}</span>`
        }
        <time datetime=${message.sent_at}>${format.time(message.sent_at)}</time>
        ${tick(message, state, texts)}
      </div>
      ${message.status === "failed" ? failure(message, context) : nothing}
    </li>
    ${message.answer ? answer(message.answer, message, context) : nothing}
  `;
}

function answer(
  given: Answer,
  message: Message,
  { texts, format }: BubbleContext,
): TemplateResult {
  return html`
    <li class="bubble in" data-seq=${message.seq}>
      <div class="whom" dir="auto">${icon("answer")}${message.recipient ?? message.number}</div>
      <div class="text" dir="auto"><span class="unseen">${texts.card("answer")}: </span>${given.text}</div>
      <div class="foot">
        <time datetime=${given.given_at}>${format.time(given.given_at)}</time>
      </div>
    </li>
  `;
}

function body(message: Message, texts: Texts): TemplateResult {
  if (message.text === null) {
    return html`<div class="text none">${texts.card("no_text")}</div>`;
  }
  const { title, rest } = titled(message.text);
  return html`<div class="text" dir="auto">${title ? html`<strong>${title}</strong>` : nothing}${linked(rest)}</div>`;
}

function picture(
  message: Message,
  { texts, goneFrom, onPictureGone, onPicture }: BubbleContext,
): TemplateResult | typeof nothing {
  if (!message.has_picture) {
    return nothing;
  }
  if (message.picture_url === null || goneFrom.has(message.seq)) {
    return html`<div class="gone">${icon("picture")}${texts.card("picture_gone")}</div>`;
  }
  return html`<button class="picture" title=${texts.card("open_picture")} @click=${() => onPicture(message)}>
    <img
      src=${message.picture_url}
      alt=${texts.card("picture")}
      @error=${() => onPictureGone(message.seq)}
    />
  </button>`;
}

function tick(
  message: Message,
  state: Message["status"] | "unknown",
  texts: Texts,
): TemplateResult {
  const words = texts.status(message);
  return html`<span class="tick" role="img" aria-label=${words} title=${words}>${icon(state)}</span>`;
}

function failure(message: Message, context: BubbleContext): TemplateResult {
  const { texts, again, onAgain } = context;
  const send = again.wasSent(message) ? undefined : onAgain(message);
  const error = again.error(message);
  // Only the text can be sent again from here, and that must be clear beforehand.
  const words =
    message.has_picture || message.button
      ? texts.card("send_text_again")
      : texts.card("send_again");
  return html`
    <div class="reason">${texts.status(message)}</div>
    ${
      send
        ? html`<button class="again" ?disabled=${again.isSending(message)} @click=${send}>
            ${icon("again")}${words}
          </button>`
        : nothing
    }
    ${error ? html`<div class="reason" role="alert">${error}</div>` : nothing}
  `;
}

import { html, nothing, type TemplateResult } from "lit";
import type { Format } from "./format";
import { icon } from "./icons";
import type { Texts } from "./texts";
import type { Answer, Message } from "./types";

export interface BubbleContext {
  texts: Texts;
  format: Format;
  currency: string;
  showRecipient: boolean;
  goneFrom: ReadonlySet<number>;
  onPictureGone: (seq: number) => void;
}

/** A message as a bubble at the house's side, and the answer to it at the other. */
export function bubble(message: Message, context: BubbleContext): TemplateResult {
  const { texts, format, showRecipient } = context;
  const whom = message.recipient ?? message.number;
  return html`
    <li class="bubble out ${message.status}" data-seq=${message.seq}>
      ${showRecipient ? html`<div class="whom" dir="auto">${whom}</div>` : nothing}
      ${picture(message, context)} ${body(message, texts)}
      ${message.button ? html`<div class="button" dir="auto">${message.button}</div>` : nothing}
      <div class="foot">
        ${message.cost === null ? nothing : html`<span>${format.price(message.cost, context.currency)}</span>`}
        <time datetime=${message.sent_at}>${format.time(message.sent_at)}</time>
        ${tick(message, texts)}
      </div>
      ${message.status === "failed" ? html`<div class="reason">${texts.status(message)}</div>` : nothing}
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
    <li class="bubble in">
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
  // A title is the first line, in Viber's marks for bold.
  const titled = /^\*([^*\n]+)\*(?:\n|$)/.exec(message.text);
  const rest = titled ? message.text.slice(titled[0].length) : message.text;
  return html`<div class="text" dir="auto">${titled ? html`<strong>${titled[1]}</strong>` : nothing}${rest}</div>`;
}

function picture(
  message: Message,
  { texts, goneFrom, onPictureGone }: BubbleContext,
): TemplateResult | typeof nothing {
  if (!message.has_picture) {
    return nothing;
  }
  if (message.picture_url === null || goneFrom.has(message.seq)) {
    return html`<div class="gone">${icon("picture")}${texts.card("picture_gone")}</div>`;
  }
  return html`<img
    src=${message.picture_url}
    alt=${texts.card("picture")}
    @error=${() => onPictureGone(message.seq)}
  />`;
}

function tick(message: Message, texts: Texts): TemplateResult {
  const words = texts.status(message);
  return html`<span class="tick" role="img" aria-label=${words} title=${words}>${icon(message.status)}</span>`;
}

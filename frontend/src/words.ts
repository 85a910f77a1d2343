import { html, type TemplateResult } from "lit";

const URLS = /https?:\/\/[^\s<>"]+/gi;
const AFTER = /[.,;:!?'’”»…]+$/u;

/** A title is the first line of a text, in Viber's marks for bold. */
export function titled(text: string): { title?: string; rest: string } {
  const [marked, title] = /^\*([^*\n]+)\*(?:\n|$)/.exec(text) ?? [];
  return marked && title ? { title, rest: text.slice(marked.length) } : { rest: text };
}

/** A text in which addresses of web pages are links, and nothing else is. */
export function linked(text: string): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(URLS)) {
    const address = withoutEnd(found);
    if (URL.canParse(address)) {
      parts.push(
        text.slice(end, index),
        html`<a href=${address} target="_blank" rel="noopener noreferrer">${address}</a>`,
      );
      end = index + address.length;
    }
  }
  return [...parts, text.slice(end)];
}

/** An address without what ends the sentence that it stands in. */
function withoutEnd(found: string): string {
  const address = found.replace(AFTER, "");
  const closes = address.endsWith(")") && !address.includes("(");
  return closes ? withoutEnd(address.slice(0, -1)) : address;
}

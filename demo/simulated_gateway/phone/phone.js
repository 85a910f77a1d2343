// Shows what the simulated gateway delivered. Everything that comes from outside is put
// into the page as text, never as markup.
"use strict";

const STATES = {
  enroute: ["waiting", "✓ sent, not delivered yet"],
  delivrd: ["delivered", "✓✓ delivered"],
  expired: ["failed", "✗ not delivered: waited too long"],
  rejectd: ["failed", "✗ not delivered: rejected"],
  undeliv: ["failed", "✗ not delivered: number cannot be reached"],
  deleted: ["failed", "✗ not delivered: deleted"],
  unknown: ["failed", "✗ not delivered: reason unknown"],
};

const byId = (id) => document.getElementById(id);
let latest = null;
let chosen = null;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function time(text) {
  return new Date(text).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

function isWebAddress(text) {
  return /^https?:\/\//i.test(text ?? "");
}

// Viber shows text between asterisks in bold.
function withBold(text) {
  return text.split(/(\*[^*\n]+\*)/).map((part) =>
    /^\*[^*\n]+\*$/.test(part) ? element("strong", { textContent: part.slice(1, -1) }) : part,
  );
}

function viberBubble(message) {
  const bubble = element("div", { className: "bubble" });
  if (isWebAddress(message.image)) {
    bubble.append(element("img", { src: message.image, alt: "Picture of the message", referrerPolicy: "no-referrer" }));
  }
  bubble.append(element("p", {}, ...withBold(message.text)));
  if (isWebAddress(message.button_link)) {
    bubble.append(
      element("a", { href: message.button_link, textContent: message.button_text, target: "_blank", rel: "noopener noreferrer" }),
    );
  }
  return bubble;
}

function smsBubble(message) {
  return element("div", { className: "bubble" }, element("p", { textContent: message.sms_text }));
}

function messageItem(message) {
  const sms = message.channel === "sms";
  const [className, words] = STATES[message.status] ?? ["waiting", message.status];
  const parts = sms && message.sms_parts > 1 ? `, ${message.sms_parts} parts` : "";
  const after = message.reported_at ? (new Date(message.reported_at) - new Date(message.sent_at)) / 1000 : null;
  const delay = after === null ? "" : ` after ${after.toFixed(1)} s`;
  return element(
    "li",
    { className: `${sms ? "sms" : "viber"} ${className}` },
    element(
      "p",
      { className: "sender" },
      element("span", { className: "kind", textContent: sms ? "SMS" : "Viber" }),
      ` ${sms ? message.sms_source : message.sender}`,
    ),
    sms ? smsBubble(message) : viberBubble(message),
    element(
      "p",
      { className: "meta" },
      `${time(message.sent_at)} · `,
      element("span", { className: "state", textContent: words + (className === "waiting" ? "" : delay) }),
      ` · ${Number(message.cost).toFixed(2)}${parts}`,
    ),
  );
}

function nameOf(number) {
  return latest.settings.contacts[number] ?? number;
}

function showContacts(numbers) {
  byId("contacts").replaceChildren(
    ...numbers.map((number) =>
      element("button", {
        type: "button",
        textContent: nameOf(number),
        title: number,
        ariaPressed: String(number === chosen),
        onclick: () => {
          chosen = number;
          show();
        },
      }),
    ),
  );
}

function showLog() {
  const sends = latest.messages.map((message) => [message.sent_at, `Took a message for ${nameOf(message.number)}`]);
  const reports = latest.messages
    .filter((message) => message.reported_at)
    .map((message) => [message.reported_at, `${nameOf(message.number)}: ${(STATES[message.status] ?? ["", message.status])[1]}`]);
  const lines = [...sends, ...reports].sort((one, other) => new Date(other[0]) - new Date(one[0]));
  byId("log").replaceChildren(
    ...lines.slice(0, 40).map(([moment, words]) =>
      element("li", {}, element("time", { textContent: time(moment) }), element("span", { textContent: words })),
    ),
  );
}

function show() {
  const numbers = [...new Set([...Object.keys(latest.settings.contacts), ...latest.messages.map((message) => message.number)])];
  const newest = latest.messages.at(-1)?.number;
  if (!numbers.includes(chosen)) chosen = newest ?? numbers[0] ?? null;
  showContacts(numbers);
  const shown = latest.messages.filter((message) => message.number === chosen);
  const list = byId("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  list.replaceChildren(...shown.map(messageItem));
  if (atEnd) list.scrollTop = list.scrollHeight;
  byId("empty").hidden = shown.length > 0;
  byId("balance").textContent = Number(latest.balance).toFixed(2);
  byId("count").textContent = latest.messages.length;
  byId("requests").textContent = Object.values(latest.request_counts).reduce((sum, count) => sum + count, 0);
  showLog();
}

function tick() {
  byId("clock").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

const live = new EventSource("demo/live");
live.onopen = () => (byId("link").textContent = "live");
live.onerror = () => (byId("link").textContent = "gateway not running");
live.onmessage = (event) => {
  latest = JSON.parse(event.data);
  show();
};
tick();
setInterval(tick, 5000);

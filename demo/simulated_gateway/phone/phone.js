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

const SWITCHES = {
  no_data: ["No data", "Viber messages wait, SMS arrive"],
  off: ["Off", "Nothing arrives until it is on again"],
  no_viber: ["No Viber", "Only SMS arrive"],
};
const APPS = { all: "All", viber: "Viber", sms: "SMS" };

const byId = (id) => document.getElementById(id);
let latest = null;
let chosen = null;
let app = "all";

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
    bubble.append(link(message.button_link, message.button_text));
  }
  return bubble;
}

function link(address, text) {
  return element("a", { href: address, textContent: text, target: "_blank", rel: "noopener noreferrer" });
}

// Phones make a link of an address in an SMS.
function withLinks(text) {
  return text.split(/(https?:\/\/\S+)/).map((part) => (isWebAddress(part) ? link(part, part) : part));
}

function smsBubble(message) {
  return element("div", { className: "bubble" }, element("p", {}, ...withLinks(message.sms_text)));
}

// Which app of the phone shows a message. What did not arrive is in the one it is for.
function appOf(message) {
  return message.channel ?? message.api;
}

function messageItem(message) {
  const sms = appOf(message) === "sms";
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
      ` ${(sms ? message.sms_source : null) ?? message.sender}`,
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

function choice(text, pressed, onclick, title = "") {
  return element("button", { type: "button", textContent: text, title, ariaPressed: String(pressed), onclick });
}

async function turn(name, on) {
  await fetch("demo/phone", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Demo": "1" },
    body: JSON.stringify({ number: chosen, [name]: on }),
  });
}

// Whoever moves by keys keeps the focus, on the button in the same place.
function replaceButtons(place, buttons) {
  const focused = [...place.children].indexOf(document.activeElement);
  place.replaceChildren(...buttons);
  if (focused >= 0) place.children[focused]?.focus();
}

function showSwitches() {
  const phone = latest.phones[chosen];
  replaceButtons(
    byId("switches"),
    phone === undefined
      ? []
      : Object.entries(SWITCHES).map(([name, [text, title]]) =>
          choice(text, phone[name], () => turn(name, !phone[name]), title),
        ),
  );
}

function showApps(messages) {
  replaceButtons(
    byId("apps"),
    Object.entries(APPS).map(([name, text]) => {
      const count = messages.filter((message) => name === "all" || appOf(message) === name).length;
      return choice(`${text} ${count}`, name === app, () => {
        app = name;
        show();
      });
    }),
  );
}

function showContacts(numbers) {
  replaceButtons(
    byId("contacts"),
    numbers.map((number) =>
      choice(
        nameOf(number),
        number === chosen,
        () => {
          chosen = number;
          show();
        },
        number,
      ),
    ),
  );
}

function showLog() {
  const sends = latest.messages.map((message) => [
    message.sent_at,
    `Took ${message.api === "sms" ? "an SMS" : "a Viber message"} for ${nameOf(message.number)}`,
  ]);
  const reports = latest.messages
    .filter((message) => message.reported_at)
    .map((message) => [
      message.reported_at,
      `${nameOf(message.number)}, ${APPS[appOf(message)]}: ${(STATES[message.status] ?? ["", message.status])[1]}`,
    ]);
  const lines = [...sends, ...reports].sort((one, other) => new Date(other[0]) - new Date(one[0]));
  byId("log").replaceChildren(
    ...lines.slice(0, 40).map(([moment, words]) =>
      element("li", {}, element("time", { textContent: time(moment) }), element("span", { textContent: words })),
    ),
  );
}

// A picture that comes later makes the list longer.
function stayAtEnd(list) {
  const scroll = () => (list.scrollTop = list.scrollHeight);
  scroll();
  for (const picture of list.querySelectorAll("img")) picture.onload = scroll;
}

function show() {
  const numbers = [...new Set([...Object.keys(latest.settings.contacts), ...latest.messages.map((message) => message.number)])];
  const newest = latest.messages.at(-1)?.number;
  if (!numbers.includes(chosen)) chosen = newest ?? numbers[0] ?? null;
  showContacts(numbers);
  showSwitches();
  const ofPhone = latest.messages.filter((message) => message.number === chosen);
  showApps(ofPhone);
  const shown = ofPhone.filter((message) => app === "all" || appOf(message) === app);
  const list = byId("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  list.replaceChildren(...shown.map(messageItem));
  if (atEnd) stayAtEnd(list);
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

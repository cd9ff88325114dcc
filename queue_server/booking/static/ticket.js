// The visitor's own ticket, live. The HTML holds every state with its words; this shows the
// right one, fills in numbers, and calls as loudly as the phone can.

import { announce } from "../js/announce.js";
import { connect } from "../js/link.js";
import { showAge } from "./age.js";
import { mountAnswers, renderAnswers } from "./answers.js";
import { OwnTicket } from "./own-ticket.js";
import { employ, letGo, remember } from "./phone.js";
import { mountPush } from "./push.js";
import { mountWake, wake } from "./wake.js";
import { Why } from "./why.js";
import { filled, Words } from "./words.js";

const SITE_IN_TITLE = " – Aufruf";
const SPEAK_PLACE_EVERY_MS = 60_000;
/** So near to the call every step is worth a word. */
const NEAR = 2;
const OVER = new Set(["served", "cancelled"]);

const root = document.querySelector("[data-ticket]");
const words = new Words(root);
const counters = JSON.parse(root.dataset.counters);
const slot = (name) => root.querySelector(`[data-${name}]`);
const own = new OwnTicket({
  number: slot("number").textContent,
  state: root.dataset.state,
  calls: Number(root.dataset.calls),
  coming: !document.querySelector("[data-coming]").hidden,
  postponed: document.querySelector("[data-postponable]").hidden,
});
const question = { token: root.dataset.ticket, language: document.documentElement.lang };
const why = new Why(slot("why"), question);
const worker = employ(root.dataset.worker);
let spokenAt = Date.now();
let heardAt = Date.now();

/** @param {import("./own-ticket.js").Ticket} ticket */
function render(ticket) {
  root.dataset.state = ticket.state;
  showParts();
  if (ticket.state === "waiting") renderPlace(ticket);
  if (ticket.counter) renderCounter(ticket);
  renderAnswers(ticket);
  document.title = `${ticket.number}: ${titleOf(ticket)}${SITE_IN_TITLE}`;
  if (OVER.has(ticket.state)) letGo(question.token);
  else remember(question.token, root);
}

/** What belongs to the state of the ticket. */
function showParts() {
  for (const part of document.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(root.dataset.state);
  }
}

function renderPlace(ticket) {
  const { place, low_minutes: low, high_minutes: high, bound_to: bound } = ticket;
  if (place !== undefined) slot("ahead").textContent = words.counted(slot("ahead"), place - 1);
  const known = high !== undefined;
  slot("span-known").hidden = !known;
  slot("span-unknown").hidden = known;
  if (known) slot("span").textContent = words.span(low, high);
  slot("likely").textContent = known ? words.likely(low, high, ticket.likely_minutes) : "";
  slot("bound").hidden = !bound;
  nameIn(slot("bound-name"), bound, bound ?? "");
}

function renderCounter(ticket) {
  for (const place of root.querySelectorAll("[data-counter]")) {
    nameIn(place, ticket.counter, nameOf(ticket));
  }
  slot("way").textContent = counters[ticket.counter]?.[1] ?? "";
  slot("again").hidden = ticket.calls < 2;
}

function titleOf(ticket) {
  const shown = root.querySelector("[data-title]:not([hidden])");
  const facts = { counter: nameOf(ticket), ahead: slot("ahead").textContent };
  return filled(shown.dataset.title, facts);
}

function nameOf(ticket) {
  return counters[ticket.counter]?.[0] ?? ticket.counter_name ?? "";
}

/** The name of a counter, in whichever language the office has it. */
function nameIn(element, counter, otherwise) {
  const [name, , language] = counters[counter] ?? [otherwise, "", "de"];
  Object.assign(element, { textContent: name, lang: language, dir: "auto" });
}

/** Show the ticket; a new call rings, another state is spoken, a place only now and then. */
function update(before, ticket) {
  heardAt = Date.now();
  render(ticket);
  why.moved(standing(ticket) !== standing(before));
  if (ticket.state === "called") {
    if (isNewCall(before, ticket)) call(ticket);
  } else if (ticket.state !== before.state) {
    slotOfCall().textContent = "";
    announce(root.querySelector(".ticket__state:not([hidden])").innerText);
  } else if (ticket.state === "waiting" && hasMoved(before, ticket)) {
    speakPlace(ticket);
  }
}

/** The first answer only repeats what the page itself says. */
function hasMoved(before, { place }) {
  return before.place !== undefined && before.place !== place;
}

/** All that a message tells of somebody's place. */
function standing({ state, place, low_minutes: low, high_minutes: high, bound_to: bound }) {
  return JSON.stringify([state, place, low, high, bound]);
}

function isNewCall(before, ticket) {
  return before.state !== "called" || ticket.calls > before.calls
    || (before.counter !== undefined && before.counter !== ticket.counter);
}

function call(ticket) {
  const { number, calls } = ticket;
  const again = calls < 2 ? "" : `. ${slot("again").textContent.trim()}`;
  slotOfCall().textContent =
    `${number}: ${root.querySelector(".ticket__call").textContent} ${nameOf(ticket)}${again}`;
  // What was said of the place is no longer true.
  announce("");
  scrollTo({ top: 0 });
  wake();
}

function slotOfCall() {
  return document.querySelector("[data-call]");
}

function speakPlace({ place }) {
  if (place - 1 > NEAR && Date.now() - spokenAt < SPEAK_PLACE_EVERY_MS) return;
  spokenAt = Date.now();
  announce(slot("ahead").textContent);
}

function watch(socket) {
  socket.emit("watch_ticket", question, (answer) => {
    // The server no longer knows this ticket: its page says so in words.
    if (answer.error) return location.reload();
    const before = own.ticket;
    own.restart(answer);
    update(before, own.ticket);
    return why.connect(socket, answer.why);
  });
}

const socket = connect({
  onUp: watch,
  onDown: () => announce(document.querySelector("[data-banner]").textContent),
});
socket.on("ticket", (ticket) => {
  const before = own.ticket;
  if (own.take(ticket)) update(before, own.ticket);
  why.moved(true);
});
socket.on("place", (crowd) => {
  const before = own.ticket;
  const found = own.takeCrowd(crowd);
  if (found === "news") update(before, own.ticket);
  if (found === "ask") watch(socket);
});

for (const part of document.querySelectorAll("[data-live]")) part.hidden = false;
showParts();
const age = document.querySelector("[data-age]");
showAge(age, { at: () => heardAt, text: age.dataset.age, words });
remember(question.token, root);
mountWake();
mountAnswers(question.token, () => watch(socket));
mountPush(question.token, worker, showParts);

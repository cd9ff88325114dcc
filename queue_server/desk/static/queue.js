// The queue, the people set aside, and the counters, drawn from one whole message.

import { minutesSince, timeOfDay } from "/static/js/clock.js";
import { fits } from "./filter.js";
import { setText, syncRows } from "./rows.js";
import { filled, words } from "./words.js";

const page = (selector) => document.querySelector(selector);

/**
 * Bring everything that shows the queue up to date.
 * @param {object} queue a Queue of the contract
 * @param {{mine: string, filter: {show: string, number: string}}} view
 */
export function renderQueue(queue, { mine, filter }) {
  const counter = queue.counters.find((one) => one.counter === mine);
  const rows = queue.waiting.map((ticket) => waitingRow(ticket, { mine, counter, filter }));
  syncRows(page("[data-waiting] tbody"), page("[data-template=waiting]"), rows);
  renderEmpty(queue.waiting.length, rows.filter((row) => !row.hidden).length);
  for (const name of ["parked", "no_show"]) {
    renderAside(name, queue[name], (ticket) => isMine(ticket, mine, counter));
  }
  syncRows(page("[data-list=counters]"), page("[data-template=counters]"),
    queue.counters.map(counterRow));
  setText(page("[data-count=waiting]"), String(queue.waiting.length));
  renderMine(queue.waiting.filter((ticket) => isMine(ticket, mine, counter)).length);
}

/** Minutes go by without any message. @param {number} nowMs */
export function showMinutes(nowMs) {
  for (const row of page("[data-waiting] tbody").rows) {
    if (row.dataset.since) {
      setText(row.querySelector("[data-field=minutes]"),
        String(minutesSince(row.dataset.since, nowMs)));
    }
  }
}

/** Whether my counter would call this ticket. */
export function isMine(ticket, mine, counter) {
  if (ticket.bound_to) return ticket.bound_to === mine;
  return Boolean(counter?.services.includes(ticket.services[0]));
}

function waitingRow(ticket, { mine, counter, filter }) {
  const since = waitsSince(ticket);
  return {
    key: ticket.id,
    number: ticket.number,
    callable: isMine(ticket, mine, counter),
    since,
    className: ticket.kind === "appointment" ? "row--booked" : "",
    hidden: !fits(ticket, filter, isMine(ticket, mine, counter)),
    fields: {
      number: ticket.number,
      concern: concerns(ticket),
      missing: missing(ticket),
      kind: ticket.postponed ? filled(words.postponed, { kind: kind(ticket) }) : kind(ticket),
      bound: ticket.bound_to ? filled(words.bound, { counter: counterName(ticket.bound_to) }) : "",
      minutes: String(minutesSince(since)),
      why: why(ticket),
    },
  };
}

function waitsSince({ due_at: dueAt, issued_at: issuedAt }) {
  return dueAt && new Date(dueAt) > new Date(issuedAt) ? dueAt : issuedAt;
}

function kind({ due_at: dueAt }) {
  return dueAt ? filled(words.booked, { time: timeOfDay(dueAt) }) : words.walk_in;
}

function concerns({ services, persons }) {
  const names = services.map((id) => words.names[id] ?? id).join(" + ");
  return persons > 1 ? `${names} ${filled(words.persons, { count: persons })}` : names;
}

function missing({ missing: documents }) {
  return documents?.length ? filled(words.missing, { documents: documents.join(", ") }) : "";
}

function why({ precedence, reason }) {
  if (precedence) return filled(words.precedence, { reason: words.precedences[precedence] });
  // The minutes stand beside it and run on, so the sentences that hold some are said shorter.
  if (reason?.code === "guard") return filled(words.guard, reason.facts);
  if (reason?.code === "arrival" && reason.facts.due_at) return words.late;
  return reason && reason.code !== "arrival" ? reason.text : words.arrival;
}

function counterName(id) {
  return words.counter_names[id] ?? id;
}

function renderAside(name, tickets, isCallable) {
  const rows = tickets.map((ticket) => ({
    key: ticket.id, number: ticket.number, callable: isCallable(ticket),
    fields: { number: ticket.number, concern: concerns(ticket) },
  }));
  syncRows(page(`[data-list=${name}]`), page("[data-template=aside]"), rows);
  setText(page(`[data-count=${name}]`), String(tickets.length));
  page(`[data-none=${name}]`).hidden = tickets.length > 0;
}

function counterRow({ counter, name, open, clerk, ticket }) {
  return {
    key: counter,
    open: open ? "yes" : "no",
    fields: {
      name, clerk: clerk ?? words.closed, ticket: ticket?.number ?? (open ? words.free : ""),
    },
  };
}

function renderEmpty(waiting, shown) {
  page("[data-empty=nobody]").hidden = waiting > 0;
  page("[data-empty=filtered]").hidden = shown > 0 || waiting === 0;
}

function renderMine(count) {
  const place = page("[data-mine-count]");
  if (place) setText(place, String(count));
}

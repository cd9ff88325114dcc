// My own panel: which person it shows, and whether a pushed queue knows better.

/** @returns {HTMLElement|null} the panel as it is in the page now; a side page has none */
export function panel() {
  return document.querySelector("[data-part=person]");
}

/** @returns {HTMLElement|null} the one button that is next to be pressed */
export function primaryAction() {
  return panel()?.querySelector("[data-primary]") ?? null;
}

/**
 * The same text as the server writes into data-signature.
 * @param {object|undefined} ticket a Ticket of the contract
 */
export function signature(ticket) {
  if (!ticket) return "";
  const { id, state, calls, services, precedence, missing, coming } = ticket;
  const lacking = (missing ?? []).join("+");
  return `${id}.${state}.${calls}.${services.join("+")}.${precedence ?? ""}.${lacking}.${coming}`;
}

/**
 * Compare the panel with a queue.
 * @param {object} queue a Queue of the contract
 * @param {string} mine my counter's id, "" when none is open
 * @returns {"true"|"old"|"moved"} "moved" when my counter was closed elsewhere
 */
export function panelIsOld(queue, mine) {
  const shown = panel().dataset;
  if (!mine || queue.version < Number(shown.version)) return "true";
  const counter = queue.counters.find((one) => one.counter === mine);
  if (!counter?.open) return "moved";
  return signature(counter.ticket) === shown.signature ? "true" : "old";
}

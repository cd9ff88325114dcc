// Whom to show of those who wait. The form works by itself; with script it works while typing.

import { controlsOf } from "./rows.js";

/**
 * @param {() => void} onChange
 * @returns {{value: () => {show: string, number: string}, clearNumber: () => void}}
 */
export function watchFilter(onChange) {
  const form = document.querySelector("[data-filter]");
  form.addEventListener("input", onChange);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onChange();
    firstHit()?.focus();
  });
  document.querySelector("[data-filter-reset]").addEventListener("click", (event) => {
    event.preventDefault();
    form.elements.show.value = "all";
    form.elements.number.value = "";
    form.elements.number.focus();
    onChange();
  });
  return {
    value: () => ({ show: form.elements.show.value, number: form.elements.number.value }),
    /** The number was looked for to call it; that is done. */
    clearNumber() {
      if (!form.elements.number.value) return;
      form.elements.number.value = "";
      onChange();
    },
  };
}

/** What Enter leads to: "call" of the first hit, or "more" when it is not mine to call. */
function firstHit() {
  const row = document.querySelector("[data-waiting] tbody tr:not([hidden])");
  return row ? controlsOf(row)[0] : null;
}

/**
 * @param {object} ticket a Ticket of the contract
 * @param {{show: string, number: string}} filter
 * @param {boolean} isMine
 */
export function fits(ticket, { show, number }, isMine) {
  if (show === "mine" && !isMine) return false;
  if (show === "booked" && ticket.kind !== "appointment") return false;
  if (show === "walk_in" && ticket.kind !== "walk_in") return false;
  return plain(ticket.number).includes(plain(number));
}

function plain(text) {
  return text.replaceAll(" ", "").toLowerCase();
}

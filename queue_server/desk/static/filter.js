// Whom to show of those who wait. The form works by itself; with script it works while typing.

/**
 * @param {() => void} onChange
 * @returns {{value: () => {show: string, number: string}}}
 */
export function watchFilter(onChange) {
  const form = document.querySelector("[data-filter]");
  form.addEventListener("input", onChange);
  form.addEventListener("submit", (event) => { event.preventDefault(); onChange(); });
  document.querySelector("[data-filter-reset]").addEventListener("click", (event) => {
    event.preventDefault();
    form.elements.show.value = "all";
    form.elements.number.value = "";
    form.elements.number.focus();
    onChange();
  });
  return { value: () => ({ show: form.elements.show.value, number: form.elements.number.value }) };
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

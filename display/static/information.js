// Pages of information: one after the other, each still for a while. A call always wins: while
// calls stand, a page is a column beside them or nothing at all.

import { dayOf, now } from "/static/js/clock.js";

const CHANGE_MS = 12_000;
/** Sizes of type, largest first, in hundredths of the screen's shorter side. */
const SIZES = [9, 8, 7, 6.2, 5.4, 4.8, 4.2, 3.7, 3.3, 2.9, 2.5];

/**
 * Whether a page is shown on this day. Days are texts such as "2026-12-01", empty for none.
 * @param {{first: string, last: string}} page @param {string} today
 */
export function isShown({ first, last }, today) {
  return (!first || first <= today) && (!last || today <= last);
}

/** @param {HTMLElement|null} element holds the pages; null on a wall without them */
export function mountInformation(element) {
  if (!element) return;
  const pages = [...element.querySelectorAll("[data-page]")];
  let turn = 0;
  const show = () => {
    const today = dayOf(now());
    const current = pages.filter(({ dataset }) => isShown(dataset, today));
    element.toggleAttribute("data-none", current.length === 0);
    const chosen = current[turn % current.length];
    for (const page of pages) page.hidden = page !== chosen;
    if (chosen) fill(element, chosen);
  };
  new ResizeObserver(show).observe(element);
  setInterval(() => { turn += 1; show(); }, CHANGE_MS);
}

/** The largest type in which the whole page is seen. */
function fill(box, page) {
  for (const size of SIZES) {
    page.style.setProperty("--size", size);
    if (page.scrollHeight <= box.clientHeight && page.scrollWidth <= box.clientWidth) return;
  }
}

// The ticket page and that of an appointment: printing with the kiosk's own browser.

import { announce } from "../js/announce.js";

/**
 * @param {HTMLElement} page
 * @param {AbortSignal} signal ends with the page
 */
export function mountTicket(page, signal) {
  const button = page.querySelector("[data-print]");
  if (!button) return;
  // Only the first look at a new appointment prints by itself; a reload has lost the mark.
  if ("printNow" in page.dataset) print();
  button.hidden = false;
  button.addEventListener("click", () => { announce(button.dataset.said); print(); }, { signal });
}

function print() {
  document.body.classList.add("prints-slip");
  window.print();
  document.body.classList.remove("prints-slip");
}

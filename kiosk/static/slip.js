// The number is on the screen while the printer still works: what becomes of its slip?

import { SECOND_MS } from "../js/clock.js";

const LOOK_EVERY_MS = SECOND_MS;

/**
 * @param {HTMLElement} page
 * @param {AbortSignal} signal ends with the page
 */
export function followSlip(page, signal) {
  const notice = page.querySelector("[data-slip]");
  if (notice) look(page, notice, signal);
}

async function look(page, notice, signal) {
  const state = await stateOf(notice.dataset.slip, signal);
  if (signal.aborted) return;
  if (state === "failed") sayNoSlip(page, notice);
  if (state === "under_way") setTimeout(look, LOOK_EVERY_MS, page, notice, signal);
}

/** Nobody is to ask a printer for another slip that has just failed with the first. */
function sayNoSlip(page, notice) {
  notice.replaceWith(page.querySelector("[data-no-slip]").content.cloneNode(true));
  page.querySelector("[data-print-again]")?.remove();
}

/** A line that is cut says nothing about the slip: look again. */
async function stateOf(url, signal) {
  try {
    return (await (await fetch(url, { signal })).json()).state;
  } catch {
    return "under_way";
  }
}

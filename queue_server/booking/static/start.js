// Keeps the waiting times of the start page fresh; everything else stays as it was delivered.

import { MINUTE_MS, SECOND_MS, timeOfDay } from "../js/clock.js";
import { Words } from "./words.js";

const REFRESH_MS = 30 * SECOND_MS;
const root = document.querySelector("[data-outlook]");
const words = new Words(root);
let shownAt = Date.now();

/** @param {{waiting: number, counters_open: number, services: object[]}} outlook */
function render(outlook) {
  const services = new Map(outlook.services.map((each) => [each.service, each]));
  fill(root.querySelector("[data-waiting]"), outlook.waiting);
  fill(root.querySelector("[data-counters]"), outlook.counters_open);
  for (const element of root.querySelectorAll("[data-services]")) {
    const given = idsOf(element.dataset.services, services).filter((each) => each.issuing);
    const span = widest(given);
    const { stopped, empty } = element.dataset;
    element.textContent = span || (given.length ? empty : stopped);
    element.classList.toggle("group__span--none", !span);
  }
  for (const element of root.querySelectorAll("[data-waiting-of]")) {
    const members = idsOf(element.dataset.waitingOf, services);
    fill(element, members.reduce((sum, each) => sum + each.waiting, 0));
  }
  root.querySelector("[data-at]").textContent = words.clock(timeOfDay(Date.now()));
}

function fill(element, count) {
  element.textContent = words.counted(element, count);
}

function idsOf(text, services) {
  return text.split(" ").map((id) => services.get(id)).filter(Boolean);
}

/** One range that holds for every concern of the group for which a counter is open. */
function widest(members) {
  const known = members.filter((each) => each.high_minutes !== null);
  if (known.length === 0) return "";
  const low = Math.min(...known.map((each) => each.low_minutes));
  return words.span(low, Math.max(...known.map((each) => each.high_minutes)));
}

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(`/api/v1/sites/${encodeURIComponent(root.dataset.outlook)}/outlook`)
    .catch(() => null);
  // No answer: the page goes on showing how old its figures are.
  if (!answer?.ok) return;
  const outlook = await answer.json();
  if (String(outlook.open) !== root.dataset.open
      || String(outlook.issuing) !== root.dataset.issuing) location.reload();
  else render(outlook);
  shownAt = Date.now();
}

setInterval(refresh, REFRESH_MS);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() - shownAt > MINUTE_MS / 2) refresh();
});

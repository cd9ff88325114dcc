// For a single switch (it types Enter or a blank): the choices are offered one after the other, and
// the switch takes the one that is marked. It begins when the switch is pressed and nothing is
// chosen; any touch or other key ends it.

import { SECOND_MS } from "../js/clock.js";
import { focusable, isControl, stops } from "./stops.js";

const EACH_MS = 2.5 * SECOND_MS;
const PRESSES = new Set(["Enter", " "]);
const NOWHERE = "body, main, h1, .kiosk-title";

let timer = 0;

export function installSwitch() {
  // A hand that can't let go at once chooses once: what comes next begins with another press.
  addEventListener("keydown", (event) => {
    if (!event.repeat || !PRESSES.has(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  addEventListener("keydown", (event) => {
    const isStart = PRESSES.has(event.key) && document.activeElement.matches(NOWHERE);
    if (isStart) start(event);
    else if (!timer) return;
    else if (event.key === "Enter") press(event);
    else if (!PRESSES.has(event.key)) end();
  });
  addEventListener("pointerdown", end, { capture: true });
}

/** A new page: from its first choice on again. */
export function scanAgain() {
  if (timer) restart();
}

function start(event) {
  event.preventDefault();
  restart();
  offerNext();
}

function restart() {
  clearInterval(timer);
  timer = setInterval(offerNext, EACH_MS);
  document.documentElement.toggleAttribute("data-scanning", true);
}

function end() {
  clearInterval(timer);
  timer = 0;
  document.documentElement.toggleAttribute("data-scanning", false);
}

/** Enter ticks no box by itself. */
function press(event) {
  const box = document.activeElement;
  if (!box.matches("input[type=checkbox], input[type=radio]")) return;
  event.preventDefault();
  box.click();
}

function offerNext() {
  const choices = stops().filter(isControl).map(focusable);
  const at = choices.indexOf(document.activeElement);
  choices[(at + 1) % choices.length]?.focus();
}

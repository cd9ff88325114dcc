// How old the state is that stands there.

import { MINUTE_MS, minutesSince, timeOfDay } from "../js/clock.js";
import { filled } from "./words.js";

const LOOK_EVERY_MS = MINUTE_MS / 4;

/**
 * Write the age into the line, now and as it grows.
 * @param {HTMLElement} line
 * @param {{at: () => number, text: string, words: import("./words.js").Words}} state when it was
 *   so (milliseconds), "Letzter Stand: {time}, Alter: {age}"
 */
export function showAge(line, { at, text, words }) {
  const show = () => {
    const age = words.minutes(minutesSince(at(), Date.now()));
    line.textContent = filled(text, { time: words.clock(timeOfDay(at())), age });
  };
  show();
  setInterval(show, LOOK_EVERY_MS);
}

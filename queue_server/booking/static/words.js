// The few phrases that change while a page is open; the others stand in the HTML.

import { minutes, minutesRange } from "../js/clock.js";

/**
 * A waiting time in words.
 * @param {number} low whole minutes
 * @param {number} high whole minutes
 * @returns {string} "15 bis 25 Minuten", "höchstens 5 Minuten"
 */
export function span(low, high) {
  return low < 1 ? `höchstens ${minutes(high)}` : minutesRange(low, high);
}

/**
 * The sentence for a number of things, from the element's data-none, data-one and data-many.
 * @param {HTMLElement} element
 * @param {number} count
 * @returns {string}
 */
export function counted(element, count) {
  const { none, one, many } = element.dataset;
  if (count === 0) return none;
  return count === 1 ? one : many.replace("#", String(count));
}

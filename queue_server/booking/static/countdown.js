// How long a time is still held. The page says until when; this adds how long that is, and says
// it politely when it becomes short. Nothing is reloaded: what is typed stays.

import { announce } from "../js/announce.js";
import { MINUTE_MS, SECOND_MS, now, setServerTime } from "../js/clock.js";

/** Spoken when so many minutes are left. */
const SPOKEN_MINUTES = [5, 1];

/**
 * @param {number} ms
 * @returns {number} minutes that are still left, a begun one counted
 */
export function minutesLeft(ms) {
  return Math.max(0, Math.ceil(ms / MINUTE_MS));
}

function words({ one, many, over }, minutes) {
  if (minutes === 0) return over;
  return minutes === 1 ? one : many.replace("#", String(minutes));
}

function mount(element) {
  const left = element.querySelector("[data-left]");
  const until = new Date(element.dataset.heldUntil).getTime();
  setServerTime(element.dataset.now);
  let shown = minutesLeft(until - now());
  const show = () => {
    const minutes = minutesLeft(until - now());
    const text = words(element.dataset, minutes);
    left.textContent = text;
    element.dataset.short = String(minutes <= SPOKEN_MINUTES[0]);
    if (minutes < shown && (minutes === 0 || SPOKEN_MINUTES.includes(minutes))) announce(text);
    shown = minutes;
    if (minutes > 0) setTimeout(show, SECOND_MS);
  };
  left.hidden = false;
  show();
}

for (const element of document.querySelectorAll("[data-held-until]")) mount(element);

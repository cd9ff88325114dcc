// Times as people in the office read them, wherever the device is: `<html data-zone>` is the time
// zone of the page's site. Pure except for that and the offset to the server's clock, which
// `link.js` keeps: a wall whose own clock is wrong must still know how old a call is.

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;

const LOCALE = "de-DE";
const TIME = { hour: "2-digit", minute: "2-digit" };
const SECONDS = { ...TIME, second: "2-digit" };
/** This locale writes a day as "2026-06-08". */
const DAY_LOCALE = "sv-SE";

const formatters = new Map();

let offsetMs = 0;

/**
 * Take over the server's clock.
 * @param {string|number} at RFC 3339 text or milliseconds, as the server said it
 * @param {number} [roundTripMs] how long the question was under way; half of it counts
 */
export function setServerTime(at, roundTripMs = 0) {
  const server = new Date(at).getTime();
  if (Number.isFinite(server)) offsetMs = server + roundTripMs / 2 - Date.now();
}

/** @returns {number} the server's time in milliseconds, as well as it is known here */
export function now() {
  return Date.now() + offsetMs;
}

/** @param {Date|string|number} at @returns {string} "08:05" */
export function timeOfDay(at) {
  return inWords(at, LOCALE, TIME);
}

/** @param {Date|string|number} at @returns {string} "08:05:59" */
export function timeWithSeconds(at) {
  return inWords(at, LOCALE, SECONDS);
}

/** @param {Date|string|number} at @returns {string} the day in the office, "2026-06-08" */
export function dayOf(at) {
  return inWords(at, DAY_LOCALE, {});
}

/**
 * A moment as the office's calendar and clock show it.
 * @param {Date|string|number} at
 * @param {string} locale
 * @param {Intl.DateTimeFormatOptions} parts
 * @returns {string}
 */
export function inWords(at, locale, parts) {
  const zone = document.documentElement.dataset.zone ?? "";
  const key = JSON.stringify([locale, zone, parts]);
  if (!formatters.has(key)) formatters.set(key, formatter(locale, zone, parts));
  return formatters.get(key).format(new Date(at));
}

/**
 * How long ago, never negative: a clock that runs ahead must not show "in -3 s".
 * @param {Date|string|number} at
 * @param {number} [nowMs]
 * @returns {number} milliseconds
 */
export function ageMs(at, nowMs = now()) {
  return Math.max(0, nowMs - new Date(at).getTime());
}

/** @param {Date|string|number} at @param {number} [nowMs] @returns {number} whole minutes ago */
export function minutesSince(at, nowMs = now()) {
  return Math.floor(ageMs(at, nowMs) / MINUTE_MS);
}

/**
 * Call `show` now and at the start of every full second or minute; the timer follows the clock,
 * so that it does not drift over a long day.
 * @param {(nowMs: number) => void} show
 * @param {number} [everyMs]
 * @returns {() => void} stops it
 */
export function tick(show, everyMs = SECOND_MS) {
  let timer = 0;
  const next = () => {
    const at = now();
    show(at);
    timer = setTimeout(next, everyMs - (at % everyMs) + 5);
  };
  next();
  return () => clearTimeout(timer);
}

function formatter(locale, zone, parts) {
  try {
    return new Intl.DateTimeFormat(locale, { timeZone: zone, ...parts });
  } catch {
    // A browser older than this zone, or a page without one: the device's own zone is the best guess.
    return new Intl.DateTimeFormat(locale, parts);
  }
}

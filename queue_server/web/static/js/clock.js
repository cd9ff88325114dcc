// Times as people here read them. Pure except for the offset to the server's clock, which
// `link.js` keeps: a wall whose own clock is wrong must still know how old a call is.

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;

const LOCALE = "de-DE";
const ZONE = "Europe/Berlin";

const time = formatter({ hour: "2-digit", minute: "2-digit" });

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
  return time.format(new Date(at));
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

function formatter(options) {
  return new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, ...options });
}

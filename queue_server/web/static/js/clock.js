// Times as people here read them. Pure except for the offset to the server's clock, which
// `link.js` keeps: a wall whose own clock is wrong must still know how old a call is.

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

const LOCALE = "de-DE";
const ZONE = "Europe/Berlin";

const time = formatter({ hour: "2-digit", minute: "2-digit" });
const day = formatter({ weekday: "long", day: "numeric", month: "long" });
const shortDay = formatter({ weekday: "short", day: "2-digit", month: "2-digit" });

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

/** @param {Date|string|number} at @returns {string} "Montag, 3. März" */
export function dayOf(at) {
  return day.format(new Date(at));
}

/** @param {Date|string|number} at @returns {string} "Mo., 03.03." */
export function shortDayOf(at) {
  return shortDay.format(new Date(at));
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

/** @param {number} count @returns {string} "1 Minute", "12 Minuten", "1 Std. 5 Min." */
export function minutes(count) {
  const whole = Math.max(0, Math.round(count));
  if (whole === 1) return "1 Minute";
  if (whole < 60) return `${whole} Minuten`;
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} Std.${rest ? ` ${rest} Min.` : ""}`;
}

/** @param {number} low @param {number} high @returns {string} "10 bis 20 Minuten" */
export function minutesRange(low, high) {
  if (high < 1) return "unter 1 Minute";
  if (Math.round(low) === Math.round(high)) return minutes(high);
  if (high < 60) return `${Math.round(low)} bis ${minutes(high)}`;
  return `${minutes(low)} bis ${minutes(high)}`;
}

/** @param {number} ms @returns {string} "gerade eben", "vor 12 Sekunden", "vor 3 Minuten" */
export function age(ms) {
  if (ms < 5 * SECOND_MS) return "gerade eben";
  if (ms < MINUTE_MS) return `vor ${Math.floor(ms / SECOND_MS)} Sekunden`;
  if (ms < 2 * MINUTE_MS) return "vor 1 Minute";
  if (ms < HOUR_MS) return `vor ${Math.floor(ms / MINUTE_MS)} Minuten`;
  return `vor ${minutes(ms / MINUTE_MS)}`;
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

// What may wait until the call is painted: gongs, announcements, the clock.

/** A page that lost its frames, for instance by being covered, must ring all the same. */
const LATEST_MS = 100;

const waiting = [];

/** @param {() => void} work runs once, after the next frame and after all that waits already */
export function afterPaint(work) {
  waiting.push(work);
  // A hidden page paints nothing, and its timers are slow.
  if (document.hidden) return workOff();
  requestAnimationFrame(() => setTimeout(workOff));
  setTimeout(workOff, LATEST_MS);
}

function workOff() {
  // One after the other out of the list: what fails keeps nothing else from its turn for long.
  while (waiting.length > 0) waiting.shift()();
}

document.addEventListener("visibilitychange", workOff);

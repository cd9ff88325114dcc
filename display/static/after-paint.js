// What may wait until the call is painted: gongs, announcements, the clock.

/** A hidden page paints nothing, and still must ring. */
const LATEST_MS = 100;

/** @param {() => void} work runs once, after the next frame */
export function afterPaint(work) {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    work();
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, LATEST_MS);
}

// Gongs, and the truth about them: a wall that can't be heard says so, on itself and to the office.

import { Gong } from "/static/js/gong.js";

const REPORT_EVERY_MS = 5 * 60_000;

/**
 * @param {HTMLElement} badge shown while the browser blocks sound
 * @param {(sound: "running"|"blocked") => void} report called on every change and every 5 minutes
 */
export function startSound(badge, report) {
  const root = document.documentElement;
  const gong = new Gong();
  let last = Promise.resolve();
  const tell = () => {
    badge.hidden = gong.state() === "running";
    root.dataset.sound = gong.state();
    report(gong.state());
  };
  root.dataset.rings = "0";
  gong.addEventListener("ring", () => { root.dataset.rings = Number(root.dataset.rings) + 1; });
  gong.addEventListener("statechange", tell);
  unlockByHand(gong, root);
  setInterval(tell, REPORT_EVERY_MS);
  // A new context needs a moment to start; whoever asks earlier is told "blocked".
  const ready = gong.unlock().then(tell);
  return {
    tell: () => ready.then(tell),
    ring: () => { last = ready.then(() => gong.ring()); },
    /** Settles when the last gong has rung. */
    silence: () => last,
  };
}

function unlockByHand(gong, root) {
  const unlock = async () => {
    if (gong.state() === "running") return;
    // The browser forgets this at the next load, so such a wall is not reloaded at night.
    if (await gong.unlock() === "running") root.dataset.soundByHand = "";
  };
  for (const gesture of ["pointerup", "click", "keydown"]) addEventListener(gesture, unlock);
}

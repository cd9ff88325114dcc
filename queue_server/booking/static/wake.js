// Not to be missed: vibration whenever the phone allows it; the gong and a screen that stays on
// once the visitor has asked for them.

import { Gong } from "../js/gong.js";

const VIBRATION_MS = [400, 150, 400, 150, 800];
const PROOF_MS = 150;

let gong;
let lock;
let isWanted = false;

/** Call the visitor with everything this phone has been allowed to do. */
export function wake() {
  vibrate(VIBRATION_MS);
  if (isWanted) gong?.ring();
}

/** The button [data-wake]: on or off, for as long as the page is open. */
export function mountWake() {
  const button = document.querySelector("[data-wake]");
  button?.addEventListener("click", () => switchTo(button, !isWanted));
  // The browser drops the lock whenever the page is hidden.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) keepScreenOn(); });
}

async function switchTo(button, on) {
  isWanted = on;
  button.setAttribute("aria-pressed", String(on));
  button.querySelector("[data-wake-on]").hidden = !on;
  button.querySelector("[data-wake-off]").hidden = on;
  if (!on) return letGo();
  vibrate(PROOF_MS);
  gong ??= new Gong();
  await gong.unlock();
  return keepScreenOn();
}

async function keepScreenOn() {
  if (!isWanted || !navigator.wakeLock) return;
  try {
    lock = await navigator.wakeLock.request("screen");
  } catch {
    // A nearly empty battery refuses; ringing works all the same while the page is looked at.
  }
}

function letGo() {
  lock?.release();
  lock = undefined;
}

function vibrate(pattern) {
  // Browsers complain when a page shakes a phone that nobody has touched.
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(pattern);
}

// Gongs and voices, and the truth about them: a wall that can't be heard says so, on itself and to
// the office. Calls sound one after the other, never two at once: a gong, then the voice.

import { now, tick, timeOfDay } from "/static/js/clock.js";
import { Gong, newContext } from "/static/js/gong.js";
import { quietUntil } from "./quiet-hours.js";
import { Voice } from "./voice.js";

const REPORT_EVERY_MS = 5 * 60_000;

/**
 * `data-rings` and `data-spoken` of the page count gongs and spoken calls.
 * @param {{mute: HTMLElement, quiet: HTMLElement}} badges shown while the browser blocks sound, and
 *   in hours that are meant to be quiet
 * @param {{display: string, volume: string, quiet: string, speaks?: string}} config
 * @param {(sound: "running"|"blocked"|"off") => void} report on every change and every 5 minutes
 */
export function startSound(badges, config, report) {
  const root = document.documentElement;
  const context = newContext();
  const volume = Number(config.volume) / 100;
  const gong = new Gong({ context, volume });
  const voice = new Voice(context, { display: config.display, volume });
  let last = Promise.resolve();
  let isKnown = false;
  const state = () => (volume === 0 || untilWhen(config) ? "off" : gong.state());
  const tell = () => {
    badges.mute.hidden = state() !== "blocked";
    showQuiet(badges.quiet, volume, untilWhen(config));
    if (state() === "running" && root.dataset.sound !== "running") gong.hello();
    root.dataset.sound = state();
    report(state());
  };
  Object.assign(root.dataset, { rings: "0", spoken: "0" });
  gong.addEventListener("ring", () => count(root, "rings"));
  gong.addEventListener("statechange", tell);
  unlockByHand(gong, root);
  setInterval(tell, REPORT_EVERY_MS);
  // A new context needs a moment to start; whoever asks earlier is told "blocked".
  const ready = gong.unlock().then(() => { isKnown = true; tell(); });
  tick(() => { if (isKnown && state() !== root.dataset.sound) tell(); });
  return {
    tell: () => ready.then(tell),
    /**
     * Sound this call after those before it, unless `stands` says then that it has come to an end.
     * @param {{call: number}} call @param {(call: {call: number}) => boolean} stands
     */
    announce: (call, stands) => {
      last = Promise.all([last, ready]).then(() => (stands(call) ? sound(call) : null));
    },
    /** Settles when the last call has sounded. */
    silence: () => last,
  };

  async function sound(call) {
    if (state() !== "running") return;
    const loading = "speaks" in config ? voice.load(call) : null;
    if (!(await gong.ring())) return;
    const spoken = await loading;
    if (!spoken || state() !== "running") return;
    count(root, "spoken");
    await voice.play(spoken);
  }
}

function untilWhen({ quiet }) {
  return quietUntil(quiet, timeOfDay(now()));
}

function showQuiet(badge, volume, until) {
  badge.hidden = volume > 0 && !until;
  const { off, until: words } = badge.dataset;
  badge.textContent = until ? words.replace("{time}", until) : off;
}

function count(root, name) {
  root.dataset[name] = Number(root.dataset[name]) + 1;
}

function unlockByHand(gong, root) {
  const unlock = async () => {
    if (gong.state() === "running") return;
    // The browser forgets this at the next load, so such a wall is not reloaded at night.
    if (await gong.unlock() === "running") root.dataset.soundByHand = "";
  };
  for (const gesture of ["pointerup", "click", "keydown"]) addEventListener(gesture, unlock);
}

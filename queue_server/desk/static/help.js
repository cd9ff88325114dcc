// The silent call for help. One combination of keys sends it from wherever the focus is; nothing
// moves, sounds or is read out at the desk that calls. Colleagues see it above all that is open.

import { whileBusy } from "/static/js/form.js";
import { ask, fetchPart, formWith } from "./parts.js";

const TITLE = document.title;

/** Listen for Control+Shift+Space, and keep what the page says at its first moment. */
export function mountHelp() {
  document.addEventListener("keydown", (event) => {
    const isCall = event.code === "Space" && event.ctrlKey && event.shiftKey;
    if (!isCall || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) send("/desk/help");
  }, { capture: true });
  new MutationObserver(place).observe(document.body, { childList: true, subtree: true });
  place();
}

/** A side page in a tab of its own answers from there; what is half typed in it stays. */
export function mountHelpForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-part=help] form")) return;
    event.preventDefault();
    whileBusy(event.submitter, () => send(form.action, formWith(form)));
  });
}

/**
 * The strip is fetched anew when a pushed queue knows better.
 * @param {object} queue a Queue of the contract
 */
export function refreshHelp({ help = [] }) {
  const told = help.map(({ id, coming }) => `${id}.${coming ?? ""}`).join("+");
  if (strip() && strip().dataset.signature !== told) fetchPart("/desk/help");
}

/** Out of a dialog that is about to be emptied. */
export function bringHelpHome() {
  const found = strip();
  if (found) document.querySelector("[data-help-home]").prepend(found);
}

async function send(path, body) {
  const answer = await ask(path, { method: "POST", body }, { quiet: true });
  const fresh = answer?.querySelector("[data-part=help]");
  if (fresh) strip()?.replaceWith(fresh);
  else fail(body ? "Das" : "Der Hilferuf");
}

function fail(what) {
  const line = document.createElement("p");
  line.dataset.failed = "";
  line.textContent = `${what} ging nicht hinaus: keine Verbindung.`;
  strip()?.querySelector("[data-failed]")?.remove();
  strip()?.append(line);
}

/** Above an open dialog, since whatever lies behind one can't be pressed; and in the title. */
function place() {
  const found = strip();
  if (!found) return;
  const home = document.querySelector("dialog[open] [data-part=pane]")
    ?? document.querySelector("[data-help-home]");
  const loud = found.querySelector("[data-loud]:not([data-loud=no])");
  const title = loud ? `Hilferuf: ${loud.dataset.loud}` : TITLE;
  if (found.parentElement !== home) home.prepend(found);
  if (document.title !== title) document.title = title;
}

function strip() {
  return document.querySelector("[data-part=help]");
}

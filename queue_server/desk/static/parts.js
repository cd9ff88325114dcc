// Forms of the desk are sent in the background: the same form, the same address. The answer holds
// the changed parts of the page as HTML that the server has escaped; each replaces its old self.

import { announce } from "/static/js/announce.js";
import { enhanceForms, whileBusy } from "/static/js/form.js";
import { panel, primaryAction } from "./panel.js";
import { words } from "./words.js";

const HEADERS = { "X-Aufruf-Part": "1" };
const ANSWER_WITHIN_MS = 15_000;
const SIGN_IN = "/login?next=/desk";

let sending = 0;

/** @returns {boolean} whether a verb has not been answered yet */
export function underWay() {
  return sending > 0;
}

/** The session has ended, here or in another window. */
export function toSignIn() {
  location.assign(SIGN_IN);
}

/**
 * Send every <form data-verb> in the background.
 * @param {{pane: {show: (part: HTMLElement) => void, close: () => void},
 *   onPanel: () => void, onCalled: () => void}} on
 *   `onCalled` when a person has been called by name and not by the rule
 */
export function mountVerbs({ pane, onPanel, onCalled }) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-verb]")) return;
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button[type=submit]");
    whileBusy(button, () => send(form, button, pane)).then(() => {
      if (form.matches("[data-call]") && panel().dataset.signature) onCalled();
      onPanel();
    });
  });
}

async function send(form, button, pane) {
  const inside = form.closest("dialog") !== null;
  // One person is called at a time, however fast two different keys are pressed.
  if (!inside && underWay()) return;
  sending += 1;
  try {
    const body = formWith(form, button);
    const answer = await ask(addressOf(form, button), { method: "POST", body });
    if (answer) take(answer, { form, pane });
  } finally {
    sending -= 1;
  }
}

/** Where this button sends its form. @param {HTMLFormElement} form @param {HTMLElement} button */
export function addressOf(form, button) {
  return button.hasAttribute("formaction") ? button.formAction : form.action;
}

/** What this button sends with its form. */
export function formWith(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  return body;
}

function take(answer, { form, pane }) {
  const part = answer.querySelector("[data-part=pane]");
  if (part) return pane.show(part);
  // What is beside the person at the counter, and beside whatever is being typed.
  if (form.matches("[data-beside]")) return answer.querySelectorAll("[data-part]").forEach(keepFocus);
  pane.close();
  const hadFocus = panel().contains(document.activeElement);
  for (const fresh of answer.querySelectorAll("[data-part]")) replace(fresh);
  say();
  if (hadFocus || form.dataset.then === "primary" || isLost()) primaryAction()?.focus();
}

/**
 * Fetch parts of the page and put them in place; the focus stays where it is.
 * @param {string} path
 */
export async function fetchPart(path) {
  const answer = await ask(path, {}, { quiet: true });
  if (!answer || underWay()) return;
  for (const fresh of answer.querySelectorAll("[data-part]")) keepFocus(fresh);
}

/**
 * @param {string} path @param {RequestInit} how
 * @param {{quiet?: boolean}} [more] say nothing when the server is silent: the banner does
 * @returns {Promise<Document|null>}
 */
export async function ask(path, how = {}, { quiet = false } = {}) {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(path, { ...how, headers: HEADERS, signal });
    if (new URL(response.url).pathname === "/login") { toSignIn(); return null; }
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!answer.querySelector("[data-part]")) throw new Error(`status ${response.status}`);
    return answer;
  } catch {
    if (!quiet) refuse(words.lost);
    return null;
  }
}

function replace(fresh) {
  const old = document.querySelector(`[data-part=${fresh.dataset.part}]`);
  if (!old || old.isEqualNode(fresh)) return;
  old.replaceWith(fresh);
  enhanceForms(fresh);
}

/** Replace a part; whoever stood on a button of it stands on the same one again. */
function keepFocus(fresh) {
  const old = document.querySelector(`[data-part=${fresh.dataset.part}]`);
  const held = old?.contains(document.activeElement) ? document.activeElement : null;
  replace(fresh);
  if (!held || held.isConnected) return;
  const same = held.dataset.key && panel()?.querySelector(`[data-key="${held.dataset.key}"]`);
  (same || primaryAction())?.focus();
}

function isLost() {
  return document.activeElement === null || document.activeElement === document.body;
}

/** What happened is seen beside the panel, and heard. A refusal is an alert by itself. */
function say() {
  const line = document.querySelector("[data-part=said] [data-words]");
  if (line?.closest("[role=alert]")) return;
  const spoken = line?.textContent ?? panel().querySelector("[data-speak]")?.dataset.speak;
  if (spoken) announce(spoken);
}

function refuse(sentence) {
  const line = document.createElement("p");
  line.textContent = sentence;
  const box = document.createElement("div");
  box.className = "said__line said__line--refused";
  box.setAttribute("role", "alert");
  box.append(line);
  const place = document.querySelector("[data-dialog][open] [data-part=pane]")
    ?? document.querySelector("[data-part=said]");
  if (place.dataset.part === "said") place.replaceChildren(box);
  else { place.querySelector(":scope > [role=alert]")?.remove(); place.prepend(box); }
}

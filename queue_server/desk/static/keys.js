// Single letters press what carries the same data-key. They rest while somebody types, while a
// dialog is open, and for good when switched off on this machine.

import { controlsOf } from "./rows.js";

const SWITCH = "aufruf-desk-keys";
const TYPING = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";

/** Listen for the keys and keep the switch in the list of keys. */
export function mountKeys() {
  document.addEventListener("keydown", press);
  document.addEventListener("keydown", walk);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-switch]")) remember(event.target.checked);
  });
  showSwitch(document.documentElement);
}

/** The checkbox shows what is remembered. @param {ParentNode} root */
export function showSwitch(root) {
  document.documentElement.dataset.keys = areOn() ? "on" : "off";
  for (const box of root.querySelectorAll("[data-keys-switch]")) box.checked = areOn();
}

function areOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    if (on) localStorage.removeItem(SWITCH);
    else localStorage.setItem(SWITCH, "off");
  } catch {
    // A browser that keeps nothing keeps the keys on.
  }
  document.documentElement.dataset.keys = on ? "on" : "off";
}

function press(event) {
  const { key, target } = event;
  if (key === "Escape" && target.matches?.(TYPING) && !openDialog()) return leaveField(target);
  const busyElsewhere = event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey
    || event.metaKey || key.length !== 1 || target.matches?.(TYPING) || openDialog();
  if (busyElsewhere || document.documentElement.dataset.keys === "off") return;
  const pressed = elementFor(key.toLowerCase());
  if (!pressed) return;
  event.preventDefault();
  activate(pressed);
}

function elementFor(key) {
  const all = document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
  return [...all].find((element) => element.checkVisibility());
}

function activate(element) {
  if (element.dataset.jump) jump(element);
  else if (element.matches(TYPING)) { element.focus(); element.select?.(); }
  else if (!element.disabled) element.click();
}

/** To the first thing that can be pressed there, else to the place itself. */
function jump(place) {
  const root = place.matches("h2") ? document : place;
  const found = [...root.querySelectorAll(place.dataset.jump)]
    .find((element) => element.checkVisibility());
  (found ?? place).focus();
}

/** Up and down move between the same controls of neighbouring rows. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = step && event.target.closest?.("[data-row]");
  if (!row || event.target.matches(TYPING)) return;
  const rows = [...row.parentElement.children].filter((one) => !one.hidden);
  const other = rows[rows.indexOf(row) + step];
  if (!other) return;
  const [mine, theirs] = [controlsOf(row), controlsOf(other)];
  // "Call" stands first and "more" last; a row without the one still has the other.
  const place = mine.length === theirs.length ? mine.indexOf(event.target) : theirs.length - 1;
  const control = theirs[place];
  if (!control) return;
  event.preventDefault();
  control.focus();
}

function leaveField(field) {
  field.blur();
  document.querySelector("[data-primary]")?.focus();
}

function openDialog() {
  return document.querySelector("dialog[open]") !== null;
}

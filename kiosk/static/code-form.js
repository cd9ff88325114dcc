// Typing a Termincode with the finger: nine cells show what the real field holds, a pad fills it.

import { announce } from "../js/announce.js";
import { hasAid } from "./aids.js";

const CODE_LENGTH = 9;

/**
 * @param {HTMLElement} page
 * @param {AbortSignal} signal ends with the page
 */
export function mountCodeForm(page, signal) {
  const form = page.querySelector("[data-code-form]");
  if (!form) return;
  const input = form.elements.code;
  const cells = form.querySelector(".code-cells");
  const pad = form.querySelector("[data-pad]");
  // The system's own keyboard would cover the pad.
  input.inputMode = "none";
  cells.replaceChildren(...Array.from({ length: CODE_LENGTH }, () => cell()));
  cells.hidden = pad.hidden = false;
  const show = () => render(cells, plain(input.value));
  input.addEventListener("input", (event) => { show(); echo(event, input, pad); }, { signal });
  pad.addEventListener("click", (event) => press(event, form, pad, show), { signal });
  show();
}

function press(event, form, pad, show) {
  const button = event.target.closest("button");
  if (!button) return;
  const input = form.elements.code;
  const before = plain(input.value);
  const isDeletion = "delete" in button.dataset;
  const after = isDeletion ? before.slice(0, -1) : before + button.dataset.key;
  input.value = after.slice(0, CODE_LENGTH);
  show();
  say(isDeletion ? pad.dataset.deleted : pad.dataset.said, button.dataset.key, input.value.length);
  if (!isDeletion && after.length === CODE_LENGTH) form.requestSubmit();
}

/** Who types without looking hears each sign. */
function echo({ data }, input, pad) {
  if (!hasAid("speech")) return;
  const sign = plain(data ?? "");
  say(sign ? pad.dataset.said : pad.dataset.deleted, sign, plain(input.value).length);
}

function say(words, key, count) {
  announce(words.replace("{key}", key).replace("{count}", count));
}

function render(cells, text) {
  [...cells.children].forEach((each, place) => {
    each.textContent = text[place] ?? "";
    each.classList.toggle("is-next", place === text.length);
  });
}

function plain(text) {
  return text.replace(/[^0-9a-z]/gi, "").toUpperCase().slice(0, CODE_LENGTH);
}

function cell() {
  return document.createElement("span");
}

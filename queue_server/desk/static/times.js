// Free times follow the form: another service, day or number of persons, and they are new. Enter
// in the form leads to the first of them, the arrows from one to the next.

import { addressOf, ask, formWith } from "./parts.js";

/** @param {HTMLElement} root */
export function mountTimes(root) {
  root.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-times]");
    if (form && event.target.matches("select, [type=date], [type=number]")) refresh(form);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("form[data-times] :is([data-show-times], [data-day])");
    if (!button) return;
    event.preventDefault();
    refresh(button.form, button);
  });
  root.addEventListener("keydown", walk);
}

function walk(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  const button = step && event.target.closest?.(".times button");
  if (!button) return;
  const all = [...button.closest(".times").querySelectorAll(`[name=${button.name}]`)];
  const other = all[all.indexOf(button) + step];
  if (!other) return;
  event.preventDefault();
  other.focus();
}

let latest = 0;

async function refresh(form, button = null) {
  const mine = latest += 1;
  const path = addressOf(form, form.querySelector("[data-show-times]"));
  const answer = await ask(path, { method: "POST", body: formWith(form, button) });
  // A slower answer to an earlier question must not overwrite a newer one.
  if (!answer || mine !== latest) return;
  const fresh = answer.querySelector("[data-part=times]");
  const old = form.querySelector("[data-part=times]");
  if (!fresh || !old) return;
  const held = old.contains(document.activeElement);
  old.replaceChildren(...fresh.childNodes);
  if (button?.matches("[data-show-times]")) old.querySelector("[name=start]")?.focus();
  else if (held) old.querySelector("[aria-current]")?.focus();
}

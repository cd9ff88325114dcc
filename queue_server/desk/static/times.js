// Free times follow the form: another service, day or number of persons, and they are new.

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
  if (held) old.querySelector("[aria-current]")?.focus();
}

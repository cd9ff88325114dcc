// The appointments of a day: searched by name while somebody types, opened at the current hour.
// Names are looked through here; none ever stands in an address.

import { controlsOf } from "./rows.js";

/** @param {Document|HTMLElement} root */
export function mountNameSearch(root) {
  root.addEventListener("input", (event) => {
    if (event.target.closest("[data-name-search]")) search(root);
  });
  root.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-name-search]")) return;
    event.preventDefault();
    event.stopPropagation();
    search(root);
    const hit = rows(root).find((row) => !row.hidden);
    if (hit) controlsOf(hit)[0]?.focus();
  });
  // The list keeps itself fresh; what was looked for stays looked for.
  root.addEventListener("renewed", () => search(root));
}

/** Scroll the list, and nothing else, to the hour that it is. @param {ParentNode} root */
export function showNow(root) {
  const row = root.querySelector("[data-now]");
  const list = row?.closest(".table-scroll");
  if (!list) return;
  const head = list.querySelector("thead").offsetHeight;
  list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - head;
}

function search(root) {
  const field = root.querySelector("[data-name-search] [name=name]");
  if (!field) return;
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  for (const row of rows(root)) {
    const name = plain(row.dataset.name);
    row.hidden = !words.every((word) => name.includes(word));
  }
  const none = root.querySelector("[data-no-hit]");
  if (none) none.hidden = rows(root).some((row) => !row.hidden);
}

function rows(root) {
  return [...root.querySelectorAll("[data-part=appointments] [data-row]")];
}

/** As desk/day.py: small letters without marks, one spelling for umlauts. */
function plain(text) {
  return text.toLowerCase().replaceAll("ß", "ss").normalize("NFD").replace(/\p{M}/gu, "")
    .replace(/([aou])e/g, "$1");
}

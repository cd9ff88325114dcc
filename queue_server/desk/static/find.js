// Typing on a list of services finds what stands anywhere in a name: "ummelden" finds "Wohnsitz
// ummelden". Browsers look at the beginnings alone. The arrows go from hit to hit as long as
// something is being looked for; what it is stands below the list.

/** @param {HTMLElement} root */
export function mountFind(root) {
  root.addEventListener("keydown", (event) => {
    if (isCatalogue(event.target)) type(event);
  });
  root.addEventListener("focusout", (event) => {
    if (isCatalogue(event.target)) look(event.target, "");
  });
  root.addEventListener("focusin", (event) => {
    if (isCatalogue(event.target)) show(event.target, "");
  });
}

function isCatalogue(element) {
  return element.matches?.("select:has(optgroup)");
}

const looked = new WeakMap();

function type(event) {
  const { key, target: list } = event;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const words = looked.get(list) ?? "";
  const next = typed(words, key);
  if (next !== null) look(list, next);
  else if (words && (key === "ArrowDown" || key === "ArrowUp")) step(list, words, key);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** What is looked for after this key; null when the key is none of ours. */
function typed(words, key) {
  if (key.length === 1 && (key !== " " || words)) return words + key;
  if (key === "Backspace" && words) return words.slice(0, -1);
  return key === "Escape" && words ? "" : null;
}

function look(list, words) {
  looked.set(list, words);
  if (words) choose(list, hits(list, words)[0]);
  show(list, words);
}

function step(list, words, key) {
  const found = hits(list, words);
  const place = found.indexOf(list.selectedOptions[0]) + (key === "ArrowDown" ? 1 : -1);
  choose(list, found[(place + found.length) % found.length]);
  show(list, words);
}

/** Names that begin so come first, then words in the middle, then the rest. */
function hits(list, words) {
  const wanted = plain(words);
  const rank = (option) => {
    const place = ` ${plain(option.text)}`.indexOf(` ${wanted}`);
    if (place >= 0) return place === 0 ? 0 : 1;
    return plain(option.text).includes(wanted) ? 2 : 3;
  };
  return [...list.options].filter((option) => option.value && rank(option) < 3)
    .sort((one, other) => rank(one) - rank(other));
}

function choose(list, option) {
  if (!option || option.selected) return;
  option.selected = true;
  for (const name of ["input", "change"]) list.dispatchEvent(new Event(name, { bubbles: true }));
}

/** One line below the list: how to look, or what is looked for and how often it is there. */
function show(list, words) {
  const line = lineOf(list);
  const count = words ? hits(list, words).length : 0;
  const found = count === 1 ? "1 Treffer" : `${count} Treffer, weiter mit ↓`;
  line.textContent = words
    ? `„${words}“: ${count ? found : "kein Treffer"}`
    : "Tippen sucht auch mitten im Namen.";
  line.hidden = !words && document.activeElement !== list;
}

function lineOf(list) {
  const old = list.parentElement.querySelector("[data-find]");
  if (old) return old;
  const line = document.createElement("p");
  line.dataset.find = "";
  line.className = "field__hint find";
  line.setAttribute("aria-live", "polite");
  list.after(line);
  return line;
}

function plain(text) {
  return text.trim().toLowerCase().normalize("NFC");
}

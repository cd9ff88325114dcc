// The page that stands there when the line is gone: the last known state with its age. It holds no
// secret; which ticket it is about, the address bar says.

import { SECOND_MS } from "../js/clock.js";
import { showAge } from "./age.js";
import { allKept, kept } from "./kept.js";
import { Words } from "./words.js";

const TRY_EVERY_MS = 5 * SECOND_MS;
const OWN_PATH = "/t/offline";

const slot = (name) => document.querySelector(`[data-${name}]`);
const isOpenedItself = location.pathname === OWN_PATH;
const token = location.pathname.split("/")[2] ?? "";

/** @param {import("./kept.js").Kept & Record<string, string>} state */
function show(state) {
  const { zone, language, direction, lines, number, label, banner, age, words, at } = state;
  const page = document.documentElement;
  Object.assign(page, { lang: language, dir: direction });
  // What was kept by an older page of ours knows no zone.
  if (zone) page.dataset.zone = zone;
  slot("number").textContent = number;
  slot("label").textContent = label;
  slot("banner").textContent = banner;
  slot("lines").replaceChildren(...lines.map(paragraph));
  showAge(slot("age"), { at: () => at, text: age, words: new Words({ dataset: { words } }) });
  slot("known").hidden = false;
  slot("unknown").hidden = !isOpenedItself;
  document.title = `${number} – Aufruf`;
}

function paragraph(text) {
  return Object.assign(document.createElement("p"), { textContent: text });
}

/** The true page takes this one's place as soon as the server answers. */
async function tryAgain() {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}

const state = isOpenedItself ? (await allKept())[0] : await kept(token);
if (state?.lines) show(state);
if (!isOpenedItself) {
  setInterval(tryAgain, TRY_EVERY_MS);
  addEventListener("online", tryAgain);
}

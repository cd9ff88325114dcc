// The whole kiosk for the ear: arrow keys go from one thing to the next, Enter chooses. What is
// said stands in #spoken, and the server speaks it (browsers of kiosks have no voice).

import { hasAid, onAids, setAid } from "./aids.js";
import { ReadAloud } from "./read-aloud.js";
import { focusable, isControl, languageOf, opening, stops, textOf } from "./stops.js";

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
const ANNOUNCED = "#status, #trouble";

/** Starts and ends with the aid "speech"; an arrow key starts it, too. */
export function installSpeech() {
  const speaker = new Speaker(document.getElementById("spoken"));
  onAids(({ aid, isOn }) => {
    if (aid === "speech" && isOn) speaker.start();
    else if (aid === "speech") speaker.end();
    else if (hasAid("speech")) speaker.sayAgain();
  });
  addEventListener("keydown", (event) => speaker.pressed(event), { capture: true });
  addEventListener("focusin", ({ target }) => speaker.focused(target));
  addEventListener("change", () => speaker.sayAgain());
  // A question that was answered does not bubble.
  addEventListener("close", () => speaker.goOn(), { capture: true });
  const heard = new MutationObserver(([{ target }]) => speaker.say(target.textContent));
  for (const each of document.querySelectorAll(ANNOUNCED)) heard.observe(each, { childList: true });
  return speaker;
}

class Speaker {
  #box;
  #at = null;
  #beforeQuestion = null;
  #sound = new ReadAloud();

  constructor(box) {
    this.#box = box;
  }

  start() {
    this.#sound.unlock();
    this.page(this.#box.dataset.begin);
  }

  end() {
    this.#mark(null);
    this.#box.textContent = "";
    this.#sound.stop();
  }

  /** Another page: all that it tells before its first choice, and then `last`. */
  page(last = "") {
    if (!hasAid("speech")) return;
    const told = opening();
    this.#mark(told.at(-1) ?? null);
    const ours = { text: last, language: document.documentElement.lang };
    this.#speak([...told.map((each) => this.#sentence(each)), ours]);
  }

  /** Arrow keys are the way through the page; whoever presses one first wants to hear. */
  pressed(event) {
    if (event.key === "Enter") this.#tick(event);
    const step = STEPS[event.key];
    if (!step || !event.isTrusted || this.#isBusy()) return;
    event.preventDefault();
    if (hasAid("speech") || !canSpeak()) this.#go(step);
    else setAid("speech", true);
  }

  /** What has the focus may need the arrow keys itself. */
  #isBusy() {
    if (hasAid("speech")) return false;
    const { activeElement } = document;
    return canSpeak() ? !activeElement.matches("body, main, h1, .kiosk-title")
      : activeElement.matches("input");
  }

  /** By Tab, by touch, or because a question came up. */
  focused(element) {
    if (!hasAid("speech")) return;
    const stop = stops().find((each) => focusable(each) === element);
    if (!stop || stop === this.#at || element.matches("h1, .kiosk-title")) return;
    const dialog = stop.closest("dialog");
    const isNew = dialog && !dialog.contains(this.#at);
    if (isNew) this.#beforeQuestion = this.#at;
    this.#mark(stop);
    this.say(`${isNew ? dialog.innerText : ""} ${textOf(stop, this.#box.dataset)}`);
  }

  /** The question is answered: on from where it came up. */
  goOn() {
    if (!this.#beforeQuestion?.isConnected) return;
    this.#mark(this.#beforeQuestion);
    this.#beforeQuestion = null;
    this.sayAgain();
  }

  sayAgain() {
    if (this.#at?.isConnected) this.#speak([this.#sentence(this.#at)]);
  }

  /** @param {string} text in the language of the page */
  say(text) {
    this.#speak([{ text, language: document.documentElement.lang }]);
  }

  #speak(sentences) {
    const said = sentences.map((each) => ({ ...each, text: spokenForm(each.text) }))
      .filter(({ text }) => text);
    if (!said.length || !hasAid("speech")) return;
    this.#box.textContent = said.map(({ text }) => text).reduce(joined);
    this.#sound.play(this.#box.dataset.speech, byLanguage(said));
  }

  #sentence(stop) {
    return { text: textOf(stop, this.#box.dataset), language: languageOf(stop) };
  }

  /** Enter ticks a box, which is what was said of it; else it would send the form. */
  #tick(event) {
    const box = document.activeElement;
    if (!hasAid("speech") || !box.matches("[type=checkbox], [type=radio]")) return;
    event.preventDefault();
    box.click();
  }

  #go(step) {
    // Whoever sees needs no stop where there is nothing to choose.
    const all = canSpeak() ? stops() : stops().filter(isControl);
    const at = all.indexOf(this.#at);
    const next = at < 0 ? this.#after(all) : all[at + step] ?? this.#at;
    if (!next) return;
    this.#mark(next);
    const target = focusable(next);
    if (!target.matches("a[href], button, summary, input, select")) target.tabIndex = -1;
    target.focus();
    this.sayAgain();
  }

  /** What was heard last may be gone: a list that was opened hides its own button. */
  #after(all) {
    const { DOCUMENT_POSITION_FOLLOWING: following } = Node;
    const isBehind = (each) => this.#at?.compareDocumentPosition(each) & following;
    return all.find(isBehind) ?? all[0];
  }

  #mark(stop) {
    this.#at?.removeAttribute("data-reading");
    this.#at = stop;
    stop?.setAttribute("data-reading", "");
  }
}

/** A kiosk that is not to speak has no button for it. */
function canSpeak() {
  return document.querySelector("[data-aid=speech]") !== null;
}

function spokenForm(text) {
  return text.replaceAll("\u00ad", "").replace(/\s+/g, " ").trim();
}

/** Neighbours in one language are said in one breath. */
function byLanguage(sentences) {
  const breaths = [];
  for (const { text, language } of sentences) {
    const last = breaths.at(-1);
    if (last?.language === language) last.text = joined(last.text, text);
    else breaths.push({ text, language });
  }
  return breaths;
}

/** With a pause where one sentence ends. */
function joined(before, after) {
  return /[.!?:,…،؟]$/.test(before) ? `${before} ${after}` : `${before}. ${after}`;
}

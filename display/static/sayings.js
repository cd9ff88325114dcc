// What the wall says of itself, in one language after the other: still words, never a ticker.

import { inWords, now, timeOfDay } from "/static/js/clock.js";

const CHANGE_MS = 12_000;
const PLACE = /\{\w+\}/;

export class Sayings {
  #languages;
  #places;
  #place = 0;
  #onChange;

  /**
   * @param {Record<string, Record<string, string>>} sayings by language, in order
   * @param {Record<string, Record<string, string>>} places names of counters, see frame.py
   * @param {() => void} onChange what is shown must be said anew
   */
  constructor(sayings, places, onChange) {
    this.#languages = Object.entries(sayings);
    this.#places = places;
    this.#onChange = onChange;
    if (this.#languages.length > 1) setInterval(() => this.#turn(), CHANGE_MS);
  }

  /** @returns {string} the words under this key in the language of the moment */
  say(key) {
    return this.#languages[this.#place][1][key] ?? "";
  }

  /**
   * What a counter is called at the moment; German where it is not translated.
   * @param {string} counter its German name
   * @returns {{text: string, lang: string}}
   */
  counter(counter) {
    const [lang] = this.#languages[this.#place];
    const text = this.#places[lang]?.[counter];
    return text ? { text, lang } : { text: this.#places.de[counter] ?? counter, lang: "de" };
  }

  /** "Wieder am Montag, 30. November, um 8 Uhr" @param {string|null|undefined} opensAt */
  again(opensAt) {
    if (!opensAt) return "";
    const [language] = this.#languages[this.#place];
    const [hour, minute] = timeOfDay(opensAt).split(":");
    const form = this.say(minute === "00" ? "hour" : "time");
    const time = form.replace("{hour}", Number(hour)).replace("{minute}", minute);
    const day = dayIn(language, opensAt);
    return this.say(day === dayIn(language, now()) ? "againToday" : "again")
      .replace("{day}", day).replace("{time}", time)
      // "30. November" and "8 Uhr" stay together.
      .replace(/(\d\.?) /g, "$1\u00a0");
  }

  /** Put words into an element, with the language they are in. */
  put(element, text) {
    if (element.textContent !== text) element.textContent = text;
    this.#mark(element);
  }

  #mark(element) {
    const [lang, { dir }] = this.#languages[this.#place];
    if (element.lang !== lang) Object.assign(element, { lang, dir });
  }

  #turn() {
    this.#place = (this.#place + 1) % this.#languages.length;
    for (const element of document.querySelectorAll("[data-say]")) {
      this.put(element, this.say(element.dataset.say));
    }
    for (const element of document.querySelectorAll("[data-say-around]")) {
      const [before, after] = this.say(element.dataset.sayAround).split(PLACE);
      element.firstElementChild.textContent = before;
      element.lastElementChild.textContent = after;
      this.#mark(element);
    }
    this.#onChange();
  }
}

function dayIn(language, at) {
  return inWords(at, language, { weekday: "long", day: "numeric", month: "long" });
}

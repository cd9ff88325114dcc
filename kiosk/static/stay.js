// Goes home when nobody is there any more, after a question that can be answered as often as one
// likes. Times come from the page: data-stay-seconds until the question, data-warning-seconds to
// answer it. A page without them stays, unless an aid is on. Aids need time: then it is twice as long.

import { SECOND_MS } from "../js/clock.js";

const ON_FIRST_PAGE = { staySeconds: 60, warningSeconds: 30 };
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "input", "wheel", "touchmove"];

export class Stay {
  #dialog;
  #leave;
  #needsTime;
  #page = null;
  #timer = 0;

  /**
   * @param {HTMLDialogElement} dialog with [data-countdown], [data-stay] and [data-leave]
   * @param {() => void} leave goes home
   * @param {() => boolean} needsTime whether an aid is on
   */
  constructor(dialog, leave, needsTime) {
    this.#dialog = dialog;
    this.#leave = leave;
    this.#needsTime = needsTime;
    // On the dialog: its words, buttons included, change with the language.
    dialog.addEventListener("click", ({ target }) => {
      if (target.closest("[data-stay]")) this.#stayOn();
      if (target.closest("[data-leave]")) this.#goHome();
    });
    // Escape answers "yes" as well.
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.#stayOn(); });
    for (const sign of SIGNS_OF_LIFE) {
      addEventListener(sign, () => this.#startAgain(), { capture: true, passive: true });
    }
  }

  /** @param {HTMLElement} page the page that is shown from now on */
  watch(page) {
    this.#page = page;
    this.#dialog.close();
    this.#startAgain();
  }

  #startAgain() {
    // While the question stands only its buttons answer it: a touch beside them could otherwise
    // press what lies behind.
    if (this.#dialog.open) return;
    clearTimeout(this.#timer);
    const seconds = this.#secondsOf("staySeconds");
    if (seconds) this.#timer = setTimeout(() => this.#ask(), seconds * SECOND_MS);
  }

  #secondsOf(name) {
    const seconds = this.#page?.dataset[name];
    return this.#needsTime() ? 2 * Number(seconds ?? ON_FIRST_PAGE[name]) : Number(seconds ?? 0);
  }

  #ask() {
    // First the words: the question is read aloud as soon as it is there.
    this.#countDown(this.#secondsOf("warningSeconds"));
    this.#dialog.showModal();
  }

  #countDown(seconds) {
    this.#dialog.querySelector("[data-countdown]").textContent = Math.ceil(seconds);
    if (seconds > 0) this.#timer = setTimeout(() => this.#countDown(seconds - 1), SECOND_MS);
    else this.#goHome();
  }

  #stayOn() {
    clearTimeout(this.#timer);
    this.#dialog.close();
    this.#startAgain();
  }

  #goHome() {
    clearTimeout(this.#timer);
    this.#dialog.close();
    this.#leave();
  }
}

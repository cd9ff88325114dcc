// Goes home when nobody is there any more, after a question that can be answered as often as one
// likes. Times come from the page: data-stay-seconds until the question, data-warning-seconds to
// answer it. A page without them stays.

import { SECOND_MS } from "../js/clock.js";

const SIGNS_OF_LIFE = ["pointerdown", "keydown", "input", "wheel", "touchmove"];

export class Stay {
  #dialog;
  #leave;
  #page = null;
  #timer = 0;

  /**
   * @param {HTMLDialogElement} dialog with [data-countdown], [data-stay] and [data-leave]
   * @param {() => void} leave goes home
   */
  constructor(dialog, leave) {
    this.#dialog = dialog;
    this.#leave = leave;
    dialog.querySelector("[data-stay]").addEventListener("click", () => this.#stayOn());
    dialog.querySelector("[data-leave]").addEventListener("click", () => this.#goHome());
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
    const seconds = Number(this.#page?.dataset.staySeconds);
    if (seconds) this.#timer = setTimeout(() => this.#ask(), seconds * SECOND_MS);
  }

  #ask() {
    this.#dialog.showModal();
    this.#countDown(Number(this.#page.dataset.warningSeconds));
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

// Why it is not my turn yet: the server is asked when the queue has moved, and now and then because
// time alone changes the answer. Never by a hundred phones in the same moment, nor in a pocket.

import { noBreak } from "./words.js";

const SPREAD_MS = 1_500;
const OLD_AFTER_MS = 30_000;

export class Why {
  #line;
  #question;
  #socket = null;
  #askedAt = 0;
  #timer = 0;

  /**
   * @param {HTMLElement} line where the sentence stands
   * @param {{token: string, language: string}} question
   */
  constructor(line, question) {
    this.#line = line;
    this.#question = question;
    document.addEventListener("visibilitychange", () => this.#ask());
  }

  /**
   * The line is up, and the server has said why.
   * @param {object} socket
   * @param {{text: string}|undefined} why
   */
  connect(socket, why) {
    this.#socket = socket;
    this.#askedAt = Date.now();
    this.#show({ why });
  }

  /** The queue may have moved. @param {boolean} isNews whether it has for this ticket */
  moved(isNews) {
    if (isNews) this.#askedAt = 0;
    if (this.#timer || Date.now() - this.#askedAt < OLD_AFTER_MS) return;
    this.#timer = setTimeout(() => this.#ask(), Math.random() * SPREAD_MS);
  }

  #ask() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (document.hidden || !this.#socket?.connected) return;
    this.#askedAt = Date.now();
    this.#socket.emit("ask_why", this.#question, (answer) => this.#show(answer));
  }

  #show({ why }) {
    const text = noBreak(why?.text ?? "");
    if (this.#line.textContent !== text) this.#line.textContent = text;
  }
}

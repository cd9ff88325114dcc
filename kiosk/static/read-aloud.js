// Sentences as sound, spoken by the server. What is asked for later ends what is being said.

import { newContext } from "../js/gong.js";

export class ReadAloud {
  #context = null;
  #source = null;
  #asked = new AbortController();

  unlock() {
    this.#context ??= newContext();
    this.#context?.resume().catch(() => {});
  }

  stop() {
    this.#asked.abort();
    this.#source?.stop();
    this.#source = null;
    globalThis.speechSynthesis?.cancel();
  }

  /** One after the other, each by a voice of its language. */
  async play(address, sentences) {
    this.stop();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    for (const each of sentences) {
      if (!signal.aborted) await this.#playOne(address, each, signal);
    }
  }

  async #playOne(address, { text, language }, signal) {
    const body = new FormData();
    body.set("text", text);
    body.set("language", language);
    try {
      const answer = await fetch(address, { method: "POST", body, signal });
      if (answer.status !== 200) return void this.#byBrowser(text, language);
      const sound = await this.#context.decodeAudioData(await answer.arrayBuffer());
      if (!signal.aborted) await this.#toItsEnd(sound);
    } catch {
      // Cut off by the next sentence, or without a line: the words still stand on the page.
    }
  }

  #toItsEnd(buffer) {
    this.#source = new AudioBufferSourceNode(this.#context, { buffer });
    this.#source.connect(this.#context.destination);
    const ended = new Promise((resolve) => { this.#source.onended = resolve; });
    this.#source.start();
    return ended;
  }

  #byBrowser(text, lang) {
    if (!globalThis.speechSynthesis?.getVoices().length) return;
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { lang }));
  }
}

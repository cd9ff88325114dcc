// The spoken call: fetched while the gong rings, played after it. Whatever is late or missing is
// left out, since the next call must not wait for it.

const LATE_MS = 4_000;

export class Voice {
  #context;
  #out;
  #address;

  /**
   * @param {AudioContext|null} context
   * @param {{display: string, volume: number}} options volume from 0 to 1
   */
  constructor(context, { display, volume }) {
    this.#context = context;
    this.#address = (call) => `/display/${display}/calls/${call}.wav`;
    if (!context) return;
    this.#out = new GainNode(context, { gain: volume });
    this.#out.connect(context.destination);
  }

  /**
   * @param {{call: number}} call
   * @returns {Promise<AudioBuffer|null>} null when there is only the gong
   */
  async load({ call }) {
    try {
      const answer = await fetch(this.#address(call), {
        cache: "no-store", signal: AbortSignal.timeout(LATE_MS),
      });
      if (answer.status !== 200) return null;
      return await this.#context.decodeAudioData(await answer.arrayBuffer());
    } catch {
      return null;
    }
  }

  /** Settles when the last word has been spoken. @param {AudioBuffer} buffer */
  async play(buffer) {
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#out);
    source.start();
    // A sound device that is pulled out ends nothing, so the clock has a word, too.
    await Promise.race([
      new Promise((done) => { source.onended = done; }),
      new Promise((done) => { setTimeout(done, buffer.duration * 1_000 + 500); }),
    ]);
  }
}

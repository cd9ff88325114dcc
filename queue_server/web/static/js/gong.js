// Two warm tones, made here: no file to load, nothing to fail. Gongs ring one after another,
// however quickly the calls come.

const TONES = [
  { hertz: 659.26, at: 0, seconds: 1.5 },
  { hertz: 523.25, at: 0.55, seconds: 2.2 },
];
/** Overtones of a struck bar: ratio to the tone, loudness, and how much sooner each dies. */
const OVERTONES = [
  { ratio: 1, level: 0.62, life: 1 },
  { ratio: 2, level: 0.2, life: 0.6 },
  { ratio: 3.01, level: 0.08, life: 0.35 },
  { ratio: 0.5, level: 0.1, life: 1 },
];
const STRIKE_SECONDS = 0.012;
const SOFTER_ABOVE_HERTZ = 3_200;
const NEARLY_SILENT = 0.0001;
/** From one strike to the next gong's strike. */
export const GONG_SECONDS = 2.4;
/** One soft tone that says: this can be heard. */
const HELLO = { hertz: 523.25, at: 0, seconds: 1 };
const HELLO_LEVEL = 0.3;

/**
 * Events: "statechange" (detail: "running" or "blocked") and "ring" (a gong begins).
 * Browsers block sound until someone has touched the page, unless they are told otherwise.
 */
export class Gong extends EventTarget {
  #context;
  #out;
  #queue = [];
  #isRinging = false;
  #lastState;

  /** @param {{volume?: number, context?: AudioContext|null}} [options] volume from 0 to 1 */
  constructor({ volume = 0.8, context = newContext() } = {}) {
    super();
    this.#context = context;
    this.#lastState = this.state();
    if (!context) return;
    this.#out = outlet(context, volume);
    context.addEventListener("statechange", () => this.#noticeState());
  }

  /** @returns {"running"|"blocked"} */
  state() {
    return this.#context?.state === "running" ? "running" : "blocked";
  }

  /** @param {number} volume from 0 to 1 */
  set volume(volume) {
    if (this.#out) this.#out.gain.value = limited(volume);
  }

  /**
   * Allow sound; call it from a click, touch or key.
   * @returns {Promise<"running"|"blocked">}
   */
  async unlock() {
    // Without a gesture resume() stays pending for ever, so do not wait for it alone.
    await Promise.race([this.#context?.resume().catch(() => {}), wait(1)]);
    this.#noticeState();
    return this.state();
  }

  /**
   * Ring after the gongs that are already waiting.
   * @returns {Promise<boolean>} true when it has rung; false when sound is blocked. A blocked
   *   gong is not kept: nobody wants ten minutes of gongs after the first touch.
   */
  ring() {
    if (this.state() === "blocked") return Promise.resolve(false);
    return new Promise((done) => {
      this.#queue.push(done);
      this.#ringNext();
    });
  }

  /** One soft tone, no gong: the sound is on. */
  hello() {
    if (this.state() === "blocked") return;
    const softer = new GainNode(this.#context, { gain: HELLO_LEVEL });
    softer.connect(this.#out);
    strike(this.#context, softer, [HELLO]);
  }

  /** Forget the gongs that have not begun. */
  clear() {
    for (const done of this.#queue.splice(0)) done(false);
  }

  async #ringNext() {
    if (this.#isRinging || this.#queue.length === 0) return;
    const done = this.#queue.shift();
    this.#isRinging = true;
    strike(this.#context, this.#out, TONES);
    this.dispatchEvent(new CustomEvent("ring"));
    await wait(GONG_SECONDS);
    this.#isRinging = false;
    done(true);
    this.#ringNext();
  }

  #noticeState() {
    const state = this.state();
    if (state === this.#lastState) return;
    this.#lastState = state;
    if (state === "blocked") this.clear();
    this.dispatchEvent(new CustomEvent("statechange", { detail: state }));
  }
}

/** @returns {AudioContext|null} null without a sound device, or in a browser without WebAudio */
export function newContext() {
  try {
    return new AudioContext({ latencyHint: "interactive" });
  } catch {
    // The wall then says so.
    return null;
  }
}

function outlet(context, volume) {
  const gain = new GainNode(context, { gain: limited(volume) });
  const warmth = new BiquadFilterNode(context, { type: "lowpass", frequency: SOFTER_ABOVE_HERTZ });
  // Partials may add up above 1 for a moment; the compressor keeps cheap speakers from rattling.
  gain.connect(warmth).connect(new DynamicsCompressorNode(context)).connect(context.destination);
  return gain;
}

function strike(context, out, tones) {
  const start = context.currentTime + 0.02;
  for (const tone of tones) {
    for (const overtone of OVERTONES) sound(context, out, tone, overtone, start + tone.at);
  }
}

function sound(context, out, tone, { ratio, level, life }, start) {
  const end = start + tone.seconds * life;
  const envelope = new GainNode(context, { gain: 0 });
  envelope.gain.setValueAtTime(0, start);
  envelope.gain.linearRampToValueAtTime(level, start + STRIKE_SECONDS);
  envelope.gain.exponentialRampToValueAtTime(NEARLY_SILENT, end);
  const oscillator = new OscillatorNode(context, { frequency: tone.hertz * ratio });
  oscillator.connect(envelope).connect(out);
  oscillator.start(start);
  oscillator.stop(end);
}

function limited(volume) {
  return Math.min(1, Math.max(0, volume));
}

function wait(seconds) {
  return new Promise((done) => { setTimeout(done, seconds * 1_000); });
}

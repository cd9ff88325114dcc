// Reads the QR code of a Termincode with the kiosk's camera, only while the check-in page is
// shown. Pictures stay here; one is sent only when a person asks for it, or when the kiosk itself
// can't read what is held before it.

import { SECOND_MS } from "../js/clock.js";
import { readerFor } from "./reader.js";
import { SecondReader } from "./second-reader.js";
import { post, postByTheWay } from "./visit.js";

const LOOK_EVERY_MS = 100;
const LONGEST_SIDE = 960;
/** The code that was just refused is still before the camera: it is not sent again so soon. */
const SAME_AGAIN_MS = 15 * SECOND_MS;
/** Without an answer it is. */
const UNANSWERED_AGAIN_MS = 4 * SECOND_MS;
/** What was said about a code stands this long after it has gone. */
const GONE_MS = 1.5 * SECOND_MS;
const JPEG_QUALITY = 0.92;
const WISHES = { video: { width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false };
/** A Termincode, bare or in its link; or the link on a slip, which leads to one's own number. */
const LOOKS_LIKE_CODE = /(?:(?:[0-9a-z]{3}[^0-9a-z]?){2}[0-9a-z]{3}|\/t\/[\w-]{22})\s*$/i;
const CODE_LENGTH = 9;
const NOTHING = { texts: [], isUnreadable: false };

const sent = { code: "", notBefore: 0 };

/**
 * @param {HTMLElement} page
 * @param {AbortSignal} signal switches the camera off
 */
export async function mountCamera(page, signal) {
  const box = page.querySelector("[data-camera]");
  if (!box) return;
  box.hidden = false;
  const finder = new Finder(box, page, signal);
  try {
    await finder.run();
  } catch {
    if (!signal.aborted) finder.say("absent");
  }
}

class Finder {
  #box;
  #form;
  #photo;
  #upload;
  #signal;
  #video;
  #canvas = document.createElement("canvas");
  #second = new SecondReader();

  constructor(box, page, signal) {
    this.#box = box;
    this.#signal = signal;
    this.#video = box.querySelector("video");
    this.#form = page.querySelector("[data-code-form]");
    this.#upload = page.querySelector("[data-upload]");
    this.#photo = page.querySelector("[data-photo]");
    this.#photo.addEventListener("click", () => this.#sendPhoto(), { signal });
  }

  /** Look until the page is left. Rejects when there is no camera or it goes away. */
  async run() {
    this.say("starting");
    const stream = await navigator.mediaDevices.getUserMedia(WISHES);
    this.#signal.addEventListener("abort", () => stop(stream));
    if (this.#signal.aborted) return stop(stream);
    this.#video.srcObject = stream;
    await this.#video.play();
    const [track] = stream.getVideoTracks();
    const read = await readerFor(this.#signal).catch(() => this.#onlyPhotos());
    this.say("looking");
    await this.#look(read, track);
  }

  /** @param {"starting"|"looking"|"foreign"|"several"|"found"|"absent"|"blind"} state */
  say(state) {
    if (this.#box.dataset.state === state) return;
    this.#box.dataset.state = state;
    this.#box.querySelector(".camera__words").textContent = this.#box.dataset[state];
    // Without a camera here, a picture from elsewhere helps; with one it would only confuse.
    this.#upload.hidden = state !== "absent";
    if (state === "absent") this.#photo.hidden = true;
  }

  async #look(read, track) {
    let since = performance.now();
    while (!this.#signal.aborted) {
      if (track.readyState === "ended") throw new Error("the camera is gone");
      const seen = await read(this.#frame());
      if (seen.texts.length) since = performance.now();
      const codes = codesAmong(seen.texts);
      if (codes.size) await this.#consider(codes);
      else await this.#miss(seen, performance.now() - since);
      await pause(LOOK_EVERY_MS);
    }
  }

  async #consider(codes) {
    if (codes.size > 1) return this.say("several");
    const [[code, text]] = codes;
    if (code === sent.code && performance.now() < sent.notBefore) return;
    this.say("found");
    const body = new FormData();
    body.set("code", text);
    await this.#send(body, code);
  }

  /** No Termincode, and for so long no code at all. */
  async #miss(seen, forMs) {
    if (seen.texts.length) this.say("foreign");
    if (this.#second.isWanted(this.#video, seen)) await this.#askSecond();
    else if (forMs > Number(this.#box.dataset.lateSeconds) * SECOND_MS) this.#offerPhoto();
    else if (forMs > GONE_MS) this.say("looking");
  }

  async #send(body, code) {
    const answered = await post(this.#form.action, body, { trouble: this.#form.dataset.trouble });
    const wait = answered ? SAME_AGAIN_MS : UNANSWERED_AGAIN_MS;
    Object.assign(sent, { code, notBefore: performance.now() + wait });
    if (!this.#signal.aborted) this.say("looking");
  }

  async #askSecond() {
    this.#second.asks();
    const { frames } = this.#box.dataset;
    if (await postByTheWay(frames, await this.#picture(), this.#signal)) this.#second.answered();
  }

  #offerPhoto() {
    this.#photo.hidden = false;
    this.say("blind");
  }

  /** This browser can't decode pictures: the server can. */
  #onlyPhotos() {
    this.#offerPhoto();
    return async () => NOTHING;
  }

  async #sendPhoto() {
    await this.#send(await this.#picture(), "");
  }

  /** What the camera sees now, whole, as the field `image`. */
  async #picture() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").drawImage(this.#video, 0, 0);
    const picture = await new Promise((done) => {
      canvas.toBlob(done, "image/jpeg", JPEG_QUALITY);
    });
    const body = new FormData();
    body.set("image", picture, "code.jpg");
    return body;
  }

  #frame() {
    const { videoWidth, videoHeight } = this.#video;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(videoWidth, videoHeight));
    const [width, height] = [videoWidth * scale, videoHeight * scale].map(Math.round);
    Object.assign(this.#canvas, { width, height });
    const context = this.#canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.#video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }
}

/**
 * What may be a Termincode, by its nine characters: the same one may stand there as a link and bare,
 * and beside it a poster, an advertisement, a second sheet.
 */
function codesAmong(texts) {
  const nine = (text) => text.replace(/[^0-9a-z]/gi, "").slice(-CODE_LENGTH).toUpperCase();
  const likely = texts.filter((text) => LOOKS_LIKE_CODE.test(text));
  return new Map(likely.map((text) => [nine(text), text]));
}

function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}

function pause(ms) {
  return new Promise((done) => { setTimeout(done, ms); });
}

// Reads the QR code of a Termincode with the kiosk's camera, only while the check-in page is
// shown. Pictures stay here; one is sent only when a person asks for it.

import { SECOND_MS } from "../js/clock.js";
import { readerFor } from "./reader.js";
import { post } from "./visit.js";

const LOOK_EVERY_MS = 100;
const LONGEST_SIDE = 960;
/** The code that was just refused is still before the camera: it is not sent again so soon. */
const SAME_AGAIN_MS = 15 * SECOND_MS;
/** Without an answer it is. */
const UNANSWERED_AGAIN_MS = 4 * SECOND_MS;
const JPEG_QUALITY = 0.92;
const WISHES = { video: { width: { ideal: 1280 }, height: { ideal: 720 } }, audio: false };
const LOOKS_LIKE_CODE = /(?:[0-9a-z]{3}[^0-9a-z]?){2}[0-9a-z]{3}\s*$/i;

const sent = { text: "", notBefore: 0 };

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

  /** @param {"starting"|"looking"|"foreign"|"found"|"absent"|"blind"} state */
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
      const text = await read(this.#frame());
      if (text) since = performance.now();
      if (text) await this.#consider(text);
      else if (performance.now() - since > this.#lateMs()) this.#offerPhoto();
      await pause(LOOK_EVERY_MS);
    }
  }

  async #consider(text) {
    if (!LOOKS_LIKE_CODE.test(text)) return this.say("foreign");
    if (text === sent.text && performance.now() < sent.notBefore) return;
    this.say("found");
    const body = new FormData();
    body.set("code", text);
    await this.#send(body, text);
  }

  async #send(body, text) {
    const answered = await post(this.#form.action, body, { trouble: this.#form.dataset.trouble });
    const wait = answered ? SAME_AGAIN_MS : UNANSWERED_AGAIN_MS;
    Object.assign(sent, { text, notBefore: performance.now() + wait });
    if (!this.#signal.aborted) this.say("looking");
  }

  #lateMs() {
    return Number(this.#box.dataset.lateSeconds) * SECOND_MS;
  }

  #offerPhoto() {
    this.#photo.hidden = false;
    this.say("blind");
  }

  /** This browser can't decode pictures: the server can, when asked. */
  #onlyPhotos() {
    this.#offerPhoto();
    return async () => null;
  }

  async #sendPhoto() {
    this.#frame();
    const picture = await new Promise((done) => {
      this.#canvas.toBlob(done, "image/jpeg", JPEG_QUALITY);
    });
    const body = new FormData();
    body.set("image", picture, "code.jpg");
    await this.#send(body, "");
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

function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}

function pause(ms) {
  return new Promise((done) => { setTimeout(done, ms); });
}

// Who decodes a frame: the browser itself where it can, else a worker with WebAssembly.

/**
 * @typedef {{texts: string[], isUnreadable: boolean}} Seen the texts of the QR codes in a frame,
 *   and whether there is one that can't be read
 * @param {AbortSignal} signal ends the worker
 * @returns {Promise<(frame: ImageData) => Promise<Seen>>} rejects when nothing can decode
 */
export async function readerFor(signal) {
  return (await nativeReader()) ?? workerReader(signal);
}

async function nativeReader() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
  if (!formats?.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (frame) => {
    const all = (await detector.detect(frame)).map((code) => code.rawValue);
    const texts = all.filter(Boolean);
    return { texts, isUnreadable: all.length > texts.length };
  };
}

async function workerReader(signal) {
  const worker = new Worker(new URL("qr-worker.js", import.meta.url), { type: "module" });
  signal.addEventListener("abort", () => worker.terminate());
  const { isReady } = await messageFrom(worker);
  if (!isReady) throw new Error("no WebAssembly here");
  return async (frame) => {
    const answer = messageFrom(worker);
    worker.postMessage(frame, [frame.data.buffer]);
    return answer;
  };
}

function messageFrom(worker) {
  return new Promise((done, fail) => {
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = fail;
  });
}

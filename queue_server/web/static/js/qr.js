// Reads QR codes out of pictures. For a module worker: decoding takes 6 to 10 ms a frame, and
// the page must not stutter. The wasm file comes from here, never from the library's own CDN.
// Whoever loads it needs 'wasm-unsafe-eval' in the Content-Security-Policy of the *worker's*
// own response, not of the page.

import { prepareZXingModule, readBarcodes } from "../vendor/zxing-wasm/reader/index.js";

const WASM_URL = new URL("../vendor/zxing-wasm/reader/zxing_reader.wasm", import.meta.url).href;
// One object for good: a new one at each call would make the library load its wasm again.
const OVERRIDES = { locateFile: () => WASM_URL };
// Several: beside the right code there may be another one, on a poster or on the same sheet.
const OPTIONS = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 4, returnErrors: true };

/**
 * Load the reader before the first picture needs it (60 to 80 ms).
 * @returns {Promise<void>} rejects when the browser cannot run WebAssembly here
 */
export async function prepare() {
  await prepareZXingModule({ overrides: OVERRIDES, fireImmediately: true });
}

/**
 * @param {ImageData|Blob} picture call `prepare` first
 * @returns {Promise<{texts: string[], isUnreadable: boolean}>} the texts of its QR codes;
 *   `isUnreadable` when there is a code that can't be read
 */
export async function readCodes(picture) {
  const found = await readBarcodes(picture, OPTIONS);
  const texts = found.filter((code) => code.isValid).map((code) => code.text);
  return { texts, isUnreadable: found.length > texts.length };
}

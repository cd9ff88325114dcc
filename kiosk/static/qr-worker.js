// Decodes frames beside the page, so that it never stutters. One answer for each frame.

import { prepare, readCode } from "../js/qr.js";

addEventListener("message", async ({ data }) => {
  postMessage({ text: await readCode(data).catch(() => null) });
});

prepare().then(() => postMessage({ isReady: true }), () => postMessage({ isReady: false }));

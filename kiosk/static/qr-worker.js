// Decodes frames beside the page, so that it never stutters. One answer for each frame.

import { prepare, readCodes } from "../js/qr.js";

const NOTHING = { texts: [], isUnreadable: false };

addEventListener("message", async ({ data }) => {
  postMessage(await readCodes(data).catch(() => NOTHING));
});

prepare().then(() => postMessage({ isReady: true }), () => postMessage({ isReady: false }));

// Tells the office every minute that this kiosk is there, and loads the page anew after an update,
// but never from under somebody's hands.

import { SECOND_MS } from "../js/clock.js";
import { home, page } from "./visit.js";

const EVERY_MS = 60 * SECOND_MS;

/**
 * @param {import("socket.io-client").Socket} socket
 * @param {() => boolean} isUnused whether the first page stands there and nobody touches it
 */
export function beatOn(socket, isUnused) {
  const report = async () => {
    if (!socket.connected) return;
    const { version } = page().dataset;
    const camera = await cameraState();
    socket.emit("report_kiosk", { version, camera }, (answer) => {
      const isOld = answer?.version && answer.version !== version;
      if (isOld && isUnused()) location.replace(home());
    });
  };
  socket.on("connect", report);
  setInterval(report, EVERY_MS);
  return report;
}

/** A page of its own for the time when even this one can't be loaded. */
export async function keepAwayPage() {
  // Browsers allow it on https and localhost only.
  const workers = navigator.serviceWorker;
  await workers?.register("/static/kiosk/away-worker.js", { scope: home() }).catch(() => {});
}

async function cameraState() {
  if (!("cameraExpected" in page().dataset)) return "off";
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? [];
  return devices.some(({ kind }) => kind === "videoinput") ? "ready" : "absent";
}

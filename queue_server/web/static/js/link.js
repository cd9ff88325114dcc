// The one line to the server. A cut cable closes nothing: the browser would go on believing in
// its socket. So the page asks "are you there?" every two seconds and tells the truth within
// five: missed at the latest 2 s + 2 s after the last answer.

import { io } from "../vendor/socket.io/socket.io.esm.min.js";
import { setServerTime } from "./clock.js";

const BEAT_EVERY_MS = 2_000;
const BEAT_ANSWER_MS = 2_000;
/** A connection that is back sooner than this was never shown as lost. */
const DOWN_AFTER_MS = 2_000;
const RETRY_FROM_MS = 250;
const RETRY_TO_MS = 2_000;
const CONNECT_TIMEOUT_MS = 4_000;

/**
 * Open the connection; it heals itself for ever. `<html data-link>` is "up" or "down".
 *
 * `onUp` runs at every (re)connect: watch there what you want to watch, since the server has
 * forgotten everything. `onDown` runs once per loss, when the loss is sure.
 * @param {{onUp?: (socket: import("socket.io-client").Socket) => void, onDown?: () => void}} [on]
 * @returns {import("socket.io-client").Socket}
 */
export function connect({ onUp = () => {}, onDown = () => {} } = {}) {
  const socket = io({
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: RETRY_FROM_MS,
    reconnectionDelayMax: RETRY_TO_MS,
    timeout: CONNECT_TIMEOUT_MS,
  });
  const show = lamp(onDown);
  socket.on("connect", () => { show.up(); onUp(socket); });
  socket.on("disconnect", (reason) => { show.downSoon(); knockAgain(socket, reason); });
  socket.on("connect_error", () => { show.downSoon(); if (!socket.active) knockLater(socket); });
  keepBeating(socket, show);
  show.downSoon();
  return socket;
}

/** The state that everybody sees, changed only when it really changes. */
function lamp(onDown) {
  const root = document.documentElement;
  let timer = 0;
  const down = () => {
    clearTimeout(timer);
    timer = 0;
    if (root.dataset.link === "down") return;
    root.dataset.link = "down";
    onDown();
  };
  return {
    up() {
      clearTimeout(timer);
      timer = 0;
      root.dataset.link = "up";
    },
    down,
    downSoon() {
      if (root.dataset.link !== "down") timer ||= setTimeout(down, DOWN_AFTER_MS);
    },
  };
}

// Neither a server that says goodbye nor one that refuses makes Socket.IO try again by itself.
function knockAgain(socket, reason) {
  if (reason === "io server disconnect") knockLater(socket);
}

function knockLater(socket) {
  setTimeout(() => socket.connect(), RETRY_TO_MS);
}

function keepBeating(socket, show) {
  const ask = () => beat(socket, show);
  setInterval(ask, BEAT_EVERY_MS);
  // Sleeping pages run no timers: whoever looks again gets the truth at once.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  addEventListener("online", ask);
  addEventListener("offline", ask);
}

function beat(socket, show) {
  if (!socket.connected) return;
  const askedAt = performance.now();
  const { id } = socket;
  socket.timeout(BEAT_ANSWER_MS).emit("beat", (missed, answer) => {
    // An old connection's missed beat must not cut the new one.
    if (socket.id !== id) return;
    if (missed) cut(socket, show);
    else setServerTime(answer?.at, performance.now() - askedAt);
  });
}

/** Drop a dead connection without waiting for its farewell, so that the next try starts now. */
function cut(socket, show) {
  show.down();
  socket.io.engine?.transport?.close();
}

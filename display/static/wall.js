// The wall. First load and reconnect are the same path: watch, and show the whole board.

import { announce } from "/static/js/announce.js";
import { ageMs, now, setServerTime, tick, timeOfDay } from "/static/js/clock.js";
import { connect } from "/static/js/link.js";
import { BoardView, isNewer, linesOf } from "./board.js";
import { Chime } from "./chime.js";
import { mountNotices } from "./notices.js";
import { startSound } from "./sound.js";
import {
  hidePointer, keepAwake, noticeSleep, reloadNightly, takeOverNewVersion,
} from "./upkeep.js";

/** Pushes come by themselves; asking too keeps "Stand" young and heals whatever was missed. */
const ASK_AGAIN_MS = 10_000;
const ANSWER_MS = 5_000;
/** A connected wall whose board is older than this is as blind as a cut one. */
const STALE_MS = 45_000;

const root = document.documentElement;
const part = (id) => document.getElementById(id);
const wall = part("calls");
const { site, display, page, words } = wall.dataset;
const view = new BoardView(wall);
const chime = new Chime(sessionStorage);
const showNotices = mountNotices(part("notice"));
const sound = startSound(part("mute"), report);
let shown = null;
let shownAt = "";
let hasConnected = false;

const socket = connect({ onUp });
socket.on("board", take);
setInterval(watch, ASK_AGAIN_MS);
tick(everySecond);
keepAwake();
hidePointer();
noticeSleep(watch);
reloadNightly(isQuiet);

function onUp() {
  // A server that came back may count anew: after a restored backup versions are lower.
  shown = null;
  watch();
  sound.tell();
  if (hasConnected) takeOverNewVersion(page, sound.silence);
  hasConnected = true;
}

function watch() {
  // What is sent while the line is cut would pile up and arrive late.
  if (!socket.connected) return;
  const { id } = socket;
  const askedAt = performance.now();
  socket.timeout(ANSWER_MS).emit("watch_board", { site, display }, (missed, board) => {
    if (missed || board.error || socket.id !== id) return;
    setServerTime(board.at, performance.now() - askedAt);
    take(board);
  });
}

function take(board) {
  if (board.site !== site || !isNewer(shown, board)) return;
  shown = board;
  shownAt = board.at;
  view.show(board);
  showNotices(linesOf(board));
  const due = chime.due(board.calls, now());
  for (const _ of due) sound.ring();
  if (due.length > 0) announce(due.map(spoken).join(". "));
  everySecond();
}

function spoken({ number, counter }) {
  return words.replace("{number}", () => number).replace("{counter}", () => counter);
}

function everySecond() {
  part("clock").textContent = timeOfDay(now());
  view.age();
  if (!shownAt) return;
  // The board's own time is already local: "2026-06-08T10:15:03+02:00".
  part("stand").textContent = shownAt.slice(11, 19);
  part("outage-at").textContent = shownAt.slice(11, 16);
  root.toggleAttribute("data-stale", ageMs(shownAt) > STALE_MS);
}

function report(state) {
  const counts = "paired" in wall.dataset && socket.connected;
  if (counts) socket.emit("report_display", { sound: state });
}

function isQuiet() {
  return shown?.calls.length === 0 && socket.connected && !("soundByHand" in root.dataset);
}

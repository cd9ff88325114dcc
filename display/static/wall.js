// The wall. First load and reconnect are the same path: watch, and show the whole board.

import { announce } from "/static/js/announce.js";
import { ageMs, now, setServerTime, tick, timeOfDay, timeWithSeconds } from "/static/js/clock.js";
import { connect } from "/static/js/link.js";
import { afterPaint } from "./after-paint.js";
import { BoardView } from "./board.js";
import { Boards } from "./boards.js";
import { Chime } from "./chime.js";
import { mountInformation } from "./information.js";
import { mountNotices } from "./notices.js";
import { fit } from "./place.js";
import { Sayings } from "./sayings.js";
import { startSound } from "./sound.js";
import {
  hidePointer, keepAwake, noticeAttention, noticeSleep, reloadNightly, takeOverNewVersion,
} from "./upkeep.js";

/** Pushes come by themselves; asking too keeps "Stand" young and heals whatever was missed. */
const ASK_AGAIN_MS = 10_000;
const LOOK_AT_PAGE_MS = 60_000;
const ANSWER_MS = 5_000;
/** A connected wall whose board is older than this is as blind as a cut one. */
const STALE_MS = 45_000;

const root = document.documentElement;
const part = (id) => document.getElementById(id);
const wall = part("calls");
const { display, layout, page, words } = wall.dataset;
const watched = JSON.parse(wall.dataset.watched);
const boards = new Boards(watched, layout);
const [sayings, places] = [wall.dataset.sayings, wall.dataset.places].map(JSON.parse);
const view = new BoardView(wall, new Sayings(sayings, places, () => view.repeat()));
const chime = new Chime(sessionStorage);
const showNotices = mountNotices(part("notice"));
const sound = startSound({ mute: part("mute"), quiet: part("quiet-hours") }, wall.dataset, report);
let shown = null;
let shownAt = "";
let hasConnected = false;

const socket = connect({ onUp });
socket.on("board", take);
setInterval(watch, ASK_AGAIN_MS);
// Colours and pages of information are changed while the wall is up.
setInterval(() => { if (socket.connected) takeOverNewVersion(page, sound.silence); }, LOOK_AT_PAGE_MS);
tick(everySecond);
keepAwake();
hidePointer();
noticeAttention();
mountInformation(part("info"));
document.fonts.ready.then(() => fit(part("name")));
noticeSleep(watch);
reloadNightly(isQuiet);

function onUp() {
  boards.forget();
  shown = null;
  everySecond();
  watch();
  sound.tell();
  if (hasConnected) takeOverNewVersion(page, sound.silence);
  hasConnected = true;
}

function watch() {
  // What is sent while the line is cut would pile up and arrive late.
  if (!socket.connected) return;
  const { id } = socket;
  for (const { id: site } of watched) {
    const askedAt = performance.now();
    socket.timeout(ANSWER_MS).emit("watch_board", { site, display }, (missed, board) => {
      if (missed || board.error || socket.id !== id) return;
      setServerTime(board.at, performance.now() - askedAt);
      take(board);
    });
  }
}

function take(board) {
  const together = boards.take(board) && boards.joined();
  if (!together) return;
  shown = together;
  shownAt = together.at;
  view.show(together);
  afterPaint(() => tell(together));
}

/** All that may come a frame after the call is seen. */
function tell({ calls, lines }) {
  showNotices(lines);
  const due = chime.due(calls, now());
  for (const call of due) sound.announce(call, stands);
  if (due.length > 0) announce(due.map(spoken).join(". "));
  everySecond();
}

/** Nobody is sent to a counter where they already are. */
function stands({ call }) {
  return shown === null || shown.calls.some((each) => each.call === call);
}

function spoken({ number, label, counter }) {
  const place = label ? `${label}, ${counter}` : counter;
  return words.replace("{number}", () => number).replace("{counter}", () => place);
}

function everySecond() {
  part("clock").textContent = timeOfDay(now());
  view.age();
  if (!shownAt) return;
  // Not as the text has it: with several sites the oldest board may be of another zone.
  part("stand").textContent = timeWithSeconds(shownAt);
  part("outage-at").textContent = timeOfDay(shownAt);
  // The line alone heals nothing: what is on the wall is old until the board has come.
  root.toggleAttribute("data-stale", shown === null || ageMs(shownAt) > STALE_MS);
}

function report(state) {
  const counts = "paired" in wall.dataset && socket.connected;
  if (counts) socket.emit("report_display", { sound: state, version: wall.dataset.version });
}

function isQuiet() {
  return shown?.calls.length === 0 && socket.connected && !("soundByHand" in root.dataset);
}

// The kiosk as a whole: one line to the server, one scanner, one timer, and a page that changes.

import { announce } from "../js/announce.js";
import { now, SECOND_MS, tick, timeOfDay } from "../js/clock.js";
import { connect } from "../js/link.js";
import { clearAids, hasAid, installAids, showAids } from "./aids.js";
import { mountCamera } from "./camera.js";
import { mountCodeForm } from "./code-form.js";
import { beatOn, keepAwayPage } from "./heartbeat.js";
import { listenForScans } from "./scanner.js";
import { followSlip } from "./slip.js";
import { installSpeech } from "./speech.js";
import { Stay } from "./stay.js";
import { installSwitch, scanAgain } from "./switch.js";
import { mountTicket } from "./ticket.js";
import {
  here, home, installVisits, isUnderWay, page, personServed, post, say, visit,
} from "./visit.js";

/** Nobody is disturbed by a refresh who touched the screen this recently. */
const UNTOUCHED_MS = 10 * SECOND_MS;
/** The page without a line asks by itself: the line may stand, and one answer have been lost. */
const ASK_AGAIN_MS = 5 * SECOND_MS;
const MOUNTS = [mountCodeForm, mountCamera, mountTicket, followSlip];

const stay = new Stay(document.getElementById("stay"), leave, hasAid);
let mounted = new AbortController();
let touchedAt = 0;

listenForScans(scanned);
installAids(document.getElementById("aids"));
const speech = installSpeech();
installSwitch();
installVisits(mountPage);
mountPage();
tick(showTime, SECOND_MS);
const line = connect({ onUp: lineIsUp, onDown: lineIsDown });
line.on("board", newBoard);
beatOn(line, isUnused);
keepAwayPage();
for (const kind of ["pointerdown", "keydown"]) {
  addEventListener(kind, () => { touchedAt = performance.now(); }, { capture: true });
}
addEventListener("click", nextVisitor);
// A long touch must not open the browser's own menu.
addEventListener("contextmenu", (event) => event.preventDefault());

function mountPage({ quietly = false } = {}) {
  mounted.abort();
  mounted = new AbortController();
  for (const mount of MOUNTS) mount(page(), mounted.signal);
  stay.watch(page());
  letKeysScroll(page().querySelector(".kiosk-body"));
  refreshNowAndThen(page(), mounted.signal);
  if ("offline" in page().dataset) every(ASK_AGAIN_MS, goHome, mounted.signal);
  showAids();
  if (quietly) return;
  document.querySelector("[data-focus]")?.focus();
  speech.page();
  scanAgain();
}

/** On a small screen a long text scrolls; without a finger the arrow keys must reach it. */
function letKeysScroll(body) {
  if (body.scrollHeight > body.clientHeight) body.tabIndex = 0;
}

/** The next visitor begins anew: with German, and without aids. */
function nextVisitor({ target }) {
  if (target.closest("[data-done]")) clearAids();
}

/** Back to the first page; without an answer, to a page that says so and asks again. */
async function leave() {
  // Somebody may have held a code before the camera in the last second: they see their number.
  while (isUnderWay()) if (await personServed()) return;
  clearAids();
  if (!(await goHome())) showOffline();
}

function goHome() {
  return visit(home(), { quiet: true });
}

function showOffline() {
  const screen = document.getElementById("offline").content.cloneNode(true);
  document.getElementById("main").replaceChildren(screen);
  say("");
  mountPage();
}

function lineIsUp(socket) {
  socket.emit("watch_board", { site: page().dataset.site }, newBoard);
  say("");
  if ("offline" in page().dataset) goHome();
}

function lineIsDown() {
  announce(document.querySelector(".link-banner").textContent);
}

/** What is under way may bring a page from before this board: it is held against that one. */
async function newBoard(board) {
  while (isUnderWay()) await personServed();
  if (isNews(board)) visit(here(), { quiet: true });
}

/** Opened, closed, or the number on this page was called: look again. */
function isNews(board) {
  const { issuing, number, state } = page().dataset;
  const isCalled = board.calls?.some((call) => call.number === number);
  const isStale = issuing && (issuing === "yes") !== board.issuing;
  return isStale || (isCalled && state === "waiting");
}

function scanned(text) {
  const body = new FormData();
  body.set("code", text);
  const trouble = document.getElementById("trouble").dataset.scan;
  post(page().dataset.checkIns, body, { trouble });
}

function refreshNowAndThen(shown, signal) {
  const seconds = Number(shown.dataset.refreshSeconds);
  if (!seconds) return;
  every(seconds * SECOND_MS, () => { if (isUnused()) goHome(); }, signal);
}

function every(ms, work, signal) {
  const timer = setInterval(work, ms);
  signal.addEventListener("abort", () => clearInterval(timer));
}

/** The first page stands there as it always does, and nobody touches it. */
function isUnused() {
  const isFirst = "refreshSeconds" in page().dataset;
  return isFirst && !hasAid() && performance.now() - touchedAt > UNTOUCHED_MS;
}

function showTime() {
  document.querySelector("[data-clock]").textContent = timeOfDay(now());
}

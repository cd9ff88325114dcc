// The desk: mounts its behaviours and keeps the page true to what the server pushes.

import { MINUTE_MS, tick } from "/static/js/clock.js";
import { connect } from "/static/js/link.js";
import "/static/js/form.js";
import { mountDensity } from "./density.js";
import { watchFilter } from "./filter.js";
import { mountHelp, refreshHelp } from "./help.js";
import { mountKeys } from "./keys.js";
import { mountLive, renewAll, renewOlderThan } from "./live.js";
import { mountPane } from "./pane.js";
import { fetchPart, mountVerbs, toSignIn, underWay } from "./parts.js";
import { panelIsOld, primaryAction } from "./panel.js";
import { renderQueue, showMinutes } from "./queue.js";

const TODAY_AT_MOST_EVERY_MS = 5_000;

const desk = document.querySelector("[data-desk]");
const { site, mine } = desk.dataset;
let newest = null;
let askedAt = 0;
let asking = 0;

document.documentElement.dataset.script = "on";

const pane = mountPane(document.querySelector("[data-dialog]"));
mountVerbs({
  pane,
  onPanel: () => { renderQueueNow(); refreshPanel(); if (newest) refreshHelp(newest); },
  onCalled: () => filter.clearNumber(),
});
mountKeys();
mountDensity();
mountHelp();
mountLive();
const filter = watchFilter(() => renderQueueNow());
connect({ onUp: (socket) => socket.emit("watch_queue", { site }, take) }).on("queue", take);
tick((now) => { showMinutes(now); askForToday(); renewAll(); }, MINUTE_MS);

if (document.activeElement === document.body) primaryAction()?.focus({ preventScroll: true });

/** A whole queue from the server, first or pushed: equal or newer replaces, older is dropped. */
function take(queue) {
  if (queue.error) return toSignIn();
  if (newest && queue.version < newest.version) return;
  newest = queue;
  renderQueueNow();
  refreshPanel();
  refreshHelp(queue);
  askForToday();
  renewOlderThan(queue.version);
}

function renderQueueNow() {
  if (newest) renderQueue(newest, { mine, filter: filter.value() });
}

/** My own panel is fetched anew only when the push shows something else than it does. */
async function refreshPanel() {
  if (!newest) return;
  const fate = panelIsOld(newest, mine);
  if (fate === "moved") location.replace("/desk");
  if (fate !== "old" || underWay()) return;
  await fetchPart("/desk/person");
  renderQueueNow();
}

/** The day's counts come from the journal: asked for now and then, never with every push. */
function askForToday() {
  clearTimeout(asking);
  const waitMs = Math.max(0, askedAt + TODAY_AT_MOST_EVERY_MS - Date.now());
  asking = setTimeout(() => { askedAt = Date.now(); fetchPart("/desk/today"); }, waitMs);
}

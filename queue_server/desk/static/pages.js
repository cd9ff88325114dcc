// Side pages opened by themselves, in a tab of their own.

import { MINUTE_MS, tick } from "/static/js/clock.js";
import "/static/js/form.js";
import { connect } from "/static/js/link.js";
import { mountNameSearch, showNow } from "./day.js";
import { mountFind } from "./find.js";
import { mountHelp, mountHelpForms, refreshHelp } from "./help.js";
import { mountKeys } from "./keys.js";
import { mountLive, renewAll, renewOlderThan } from "./live.js";
import { mountPrinting } from "./printing.js";
import { mountStops } from "./stops.js";
import { mountTimes } from "./times.js";

const { site } = document.querySelector("[data-help-home]").dataset;

document.documentElement.dataset.script = "on";
mountKeys();
mountPrinting(document.body);
mountLive();
mountNameSearch(document.body);
mountFind(document.body);
mountStops(document.body);
mountTimes(document.body);
mountHelp();
mountHelpForms();
showNow(document);
connect({ onUp: (socket) => socket.emit("watch_queue", { site }, take) }).on("queue", take);
tick(renewAll, MINUTE_MS);

/** A whole queue, as far as a side page shows any of it. */
function take(queue) {
  if (!queue.version) return;
  renewOlderThan(queue.version);
  refreshHelp(queue);
}

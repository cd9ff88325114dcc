// Side pages opened by themselves, in a tab of their own.

import { MINUTE_MS, tick } from "/static/js/clock.js";
import "/static/js/form.js";
import { connect } from "/static/js/link.js";
import { mountKeys } from "./keys.js";
import { mountLive, renewAll, renewOlderThan } from "./live.js";
import { mountPrinting } from "./printing.js";

const live = document.querySelector("[data-live]");

document.documentElement.dataset.script = "on";
mountKeys();
mountPrinting(document.body);
mountLive();
if (live) follow(live.dataset.site);

function follow(site) {
  const take = ({ version }) => { if (version) renewOlderThan(version); };
  connect({ onUp: (socket) => socket.emit("watch_queue", { site }, take) }).on("queue", take);
  tick(renewAll, MINUTE_MS);
}

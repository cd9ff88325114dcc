// Side pages opened by themselves, in a tab of their own.

import "/static/js/form.js";
import { mountKeys } from "./keys.js";
import { mountPrinting } from "./printing.js";

document.documentElement.dataset.script = "on";
mountKeys();
mountPrinting(document.body);

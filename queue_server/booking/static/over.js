// The visit has ended, or nobody knows this ticket: the phone forgets what it kept of it.

import { letGo } from "./phone.js";

letGo(location.pathname.split("/")[2] ?? "");

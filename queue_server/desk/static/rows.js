// Keyed rows: a row that stays is the same element, so focus, selection and scrolling stay too.

/** Change a text only when it differs: an untouched node keeps its selection. */
export function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/**
 * Make the children of `list` show `rows`, in their order. An element that holds the focus is
 * never taken out of the page; when its row ends, the focus goes to the row that took its place.
 * @param {HTMLElement} list
 * @param {HTMLTemplateElement} template one row with data-field
 * @param {Array<{key: string, fields: Record<string, string>}>} rows
 */
export function syncRows(list, template, rows) {
  const known = new Map([...list.children].map((row) => [row.dataset.row, row]));
  const focused = [...list.children].find((row) => row.contains(document.activeElement));
  const place = focused ? [...list.children].indexOf(focused) : -1;
  const control = focused ? controlsOf(focused).indexOf(document.activeElement) : -1;
  const wanted = rows.map((row) => fill(known.get(row.key) ?? fresh(template, row.key), row));
  const staying = new Set(wanted);
  for (const row of known.values()) if (!staying.has(row)) row.remove();
  arrange(list, wanted, staying.has(focused) ? focused : null);
  if (focused && !staying.has(focused)) stepIn(list, place, control);
}

function fresh(template, key) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.row = key;
  for (const input of row.querySelectorAll("input[name=ticket]")) input.value = key;
  for (const name of ["href", "action"]) {
    for (const element of row.querySelectorAll(`[${name}*="/tickets/"]`)) {
      const address = element.getAttribute(name).replace("/tickets/", `/tickets/${key}`);
      element.setAttribute(name, address);
    }
  }
  return row;
}

function fill(row, { fields, number, since, open, className, callable, hidden = false }) {
  for (const [name, text] of Object.entries(fields)) {
    setText(row.querySelector(`[data-field=${name}]`), text);
  }
  for (const element of row.querySelectorAll("[data-label]")) {
    setAttribute(element, "aria-label", element.dataset.label.replace("{number}", number));
  }
  const call = row.querySelector("[data-call]");
  if (call && callable !== undefined && call.hidden === callable) call.hidden = !callable;
  if (since) row.dataset.since = since;
  if (open) row.dataset.open = open;
  if (className !== undefined && row.className !== className) row.className = className;
  if (row.hidden !== hidden) row.hidden = hidden;
  return row;
}

function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Put the rows in order around the one that must not move. */
function arrange(list, wanted, fixed) {
  const middle = fixed ? wanted.indexOf(fixed) : 0;
  let next = fixed;
  for (let place = middle - 1; place >= 0; place -= 1) next = before(list, wanted[place], next);
  let last = fixed;
  for (let place = fixed ? middle + 1 : 0; place < wanted.length; place += 1) {
    last = after(list, wanted[place], last);
  }
}

function before(list, row, next) {
  if (row.nextElementSibling !== next || row.parentNode !== list) list.insertBefore(row, next);
  return row;
}

function after(list, row, last) {
  const follower = last ? last.nextElementSibling : list.firstElementChild;
  if (follower !== row) list.insertBefore(row, follower);
  return row;
}

/** What can be pressed in a row, in its order; a counter that does not serve it has no "call". */
export function controlsOf(row) {
  return [...row.querySelectorAll("button, a")].filter((one) => !one.closest("[hidden]"));
}

/** The focused row has ended: the same control of the row now at its place, else the title. */
function stepIn(list, place, control) {
  const rows = [...list.children].filter((row) => !row.hidden);
  const row = rows[Math.min(place, rows.length - 1)];
  const target = row ? controlsOf(row)[Math.max(0, control)] ?? controlsOf(row)[0] : null;
  (target ?? list.closest("section")?.querySelector("h2[tabindex], [tabindex]"))?.focus();
}

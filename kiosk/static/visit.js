// From page to page without leaving the page. The links and forms are real ones and work without
// this file; with it the answer's <main> takes the place of the old one. A kiosk must never show
// the browser's own error page: nobody could get it back from there.

const PATIENCE_MS = 10_000;
const NO_PAGE = new Set([401, 403]);
const NOTHING_TO_SAY = 204;
/** The words of the frame that stay while pages come and go. */
const AROUND = [".skip-link", "header", "#aids", "#spoken", "#trouble", "#stay", "#offline"];

/** @type {{isQuiet: boolean, shown: Promise<boolean>}|null} */
let underWay = null;
let mount = () => {};

/** @returns {HTMLElement} the shown page's root, with what it says about itself in `dataset` */
export function page() {
  return document.querySelector("[data-page]");
}

/** @returns {string} the path of the first page, which speaks German */
export function home() {
  return page().dataset.home;
}

/** @returns {string} the address of this page in its language */
export function here() {
  return location.pathname + location.search;
}

/**
 * Take over the links and forms that carry `data-visit`.
 * @param {(how: {quietly: boolean}) => void} onPage runs after every change of page
 */
export function installVisits(onPage) {
  mount = onPage;
  document.addEventListener("click", followLink);
  document.addEventListener("submit", sendForm);
}

/**
 * Show another page.
 * @param {string} url
 * @param {{quiet?: boolean}} [how] quiet: no word on failure, and the focus stays
 * @returns {Promise<boolean>} whether the page was shown
 */
export function visit(url, { quiet = false } = {}) {
  return ask(url, {}, { quiet });
}

/**
 * Send a form's fields. The same fields again are the same request: the page's key is in them.
 * @param {string} url
 * @param {FormData} body
 * @param {{trouble?: string}} [how] the sentence for a line that is cut
 * @returns {Promise<boolean>} whether there was an answer
 */
export function post(url, body, { trouble = "" } = {}) {
  return ask(url, { method: "POST", body }, { trouble });
}

/** @returns {boolean} whether a request is under way, a person's or one of the page's own */
export function isUnderWay() {
  return underWay !== null;
}

/**
 * Settles with the request that is under way.
 * @returns {Promise<boolean>} whether it has brought a person the page that they asked for
 */
export async function personServed() {
  const { isQuiet, shown } = underWay;
  return (await shown) && !isQuiet;
}

/**
 * Send something by the way: people go on meanwhile, and whatever they do comes first.
 * @param {string} url
 * @param {FormData} body
 * @param {AbortSignal} signal ends with the page that asks
 * @returns {Promise<boolean>} whether the answer was a page, which is shown now
 */
export async function postByTheWay(url, body, signal) {
  try {
    const { answer, response } = await answerOf(url, { method: "POST", body });
    if (response.status === NOTHING_TO_SAY || signal.aborted || underWay) return false;
    return show({ answer, response }, { quiet: true });
  } catch {
    return false;
  }
}

function followLink(event) {
  const link = event.target.closest("a[data-visit]");
  if (!link) return;
  event.preventDefault();
  whileMarked(link, () => visit(link.href));
}

function sendForm(event) {
  const form = event.target.closest("form[data-visit]");
  if (!form) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const { trouble } = form.dataset;
  whileMarked(event.submitter, () => post(form.action, body, { trouble }));
}

async function whileMarked(pressed, work) {
  if (isServing()) return;
  pressed?.setAttribute("aria-busy", "true");
  await work();
  pressed?.removeAttribute("aria-busy");
}

/** One request at a time: whoever touches twice asks once. */
async function ask(url, request, how) {
  // What the page looks up by itself is no reason to leave a person's scan or touch unheard.
  while (!how.quiet && underWay?.isQuiet) await underWay.shown;
  if (underWay) return false;
  const shown = askNow(url, request, how).finally(() => { underWay = null; });
  underWay = { isQuiet: Boolean(how.quiet), shown };
  return shown;
}

async function askNow(url, request, { quiet = false, trouble = "" }) {
  try {
    return show(await answerOf(url, request), { quiet });
  } catch {
    sayUnless(quiet, trouble || troubleBox().dataset.line);
    return false;
  }
}

function isServing() {
  return underWay !== null && !underWay.isQuiet;
}

async function answerOf(url, request) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(url, { ...request, headers: { Accept: "text/html" }, signal });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  return { answer, response };
}

function show({ answer, response }, { quiet }) {
  const next = answer.querySelector("[data-page]");
  // No page of the kiosk: this device is not paired (any more), or the server is at fault.
  if (!next && NO_PAGE.has(response.status)) location.replace(home());
  else if (!next) sayUnless(quiet, troubleBox().dataset.fault);
  else if (next.dataset.version !== page().dataset.version) location.replace(next.dataset.home);
  else swap(answer, response, quiet);
  return Boolean(next);
}

function swap(answer, response, quiet) {
  const root = document.documentElement;
  say("");
  document.title = answer.title;
  root.dataset.zone = answer.documentElement.dataset.zone;
  speak(answer);
  document.getElementById("main").replaceChildren(...answer.getElementById("main").childNodes);
  // The address of a refused form can't be looked at again, so it is not kept.
  if (response.ok) history.replaceState(null, "", addressOf(response));
  mount({ quietly: quiet && !hasLostFocus() });
}

/** The path with the chosen language, and without what the page has said once. */
function addressOf({ url }) {
  const { pathname, searchParams } = new URL(url);
  const language = searchParams.get("lang");
  return language ? `${pathname}?lang=${language}` : pathname;
}

/** What stands around the page speaks the language of the page. */
function speak(answer) {
  const [root, next] = [document.documentElement, answer.documentElement];
  if (root.lang === next.lang) return;
  Object.assign(root, { lang: next.lang, dir: next.dir });
  for (const selector of AROUND) {
    const [old, spoken] = [document, answer].map((each) => each.querySelector(selector));
    Object.assign(old.dataset, spoken.dataset);
    if (spoken.ariaLabel) old.ariaLabel = spoken.ariaLabel;
    if (old.content) old.replaceWith(spoken);
    else old.replaceChildren(...spoken.childNodes);
  }
}

/** A page that a person sees for the first time takes the focus, however it came. */
function hasLostFocus() {
  return document.activeElement === document.body;
}

function sayUnless(quiet, words) {
  if (!quiet) say(words);
}

/** @param {string} words what is wrong, until the next page; empty takes it away */
export function say(words) {
  const box = troubleBox();
  box.hidden = !words;
  box.textContent = words;
}

function troubleBox() {
  return document.getElementById("trouble");
}

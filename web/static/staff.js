// Marks without a reload, kept when the connection is not there. Without this script every button is a plain form.
//
// A tap is kept in the browser's storage (ids only, never a name) until the server has answered for it, whatever becomes
// of the window. It carries a key of its own, so that sending it again does nothing twice, when it was tapped by the
// server's clock, and who was signed in then. Taps go out one after the other, the oldest first. One that is refused is
// shown until it was noted.

const KEPT = "milieu-unsent";
const PAUSES = [1, 2, 4, 8, 15, 30];
const DOUBLE_TAP = 600;
const box = document.getElementById("unsent");
const account = box?.dataset.account ?? "";

let isVolatile = false;
let kept = stored() ?? [];
let isSending = false;
let isStopped = "";
let failures = 0;
let trouble = "waiting";
const names = new Map(); // of taps that were refused: for the eye alone, never stored
let timer = 0;
let lastTap = { which: "", at: 0 };

// The server's clock: what the page said when it came, and how long ago that was. A tablet may be an hour wrong.
const clock = { server: Date.now(), wall: Date.now(), passed: performance.now() };
if (box) {
  const [came] = performance.getEntriesByType("navigation");
  setClock(Number(box.dataset.now) + Math.max(0, performance.now() - (came?.responseStart || performance.now())));
}
function setClock(server) {
  Object.assign(clock, { server, wall: Date.now(), passed: performance.now() });
}
/** The larger of two measures: one stands still while a tablet sleeps, the other goes back when its clock is set. */
function serverNow() {
  return Math.round(clock.server + Math.max(Date.now() - clock.wall, performance.now() - clock.passed));
}
function learnClock(answer, asked) {
  const told = Number(answer.headers.get("X-Milieu-Now"));
  if (told && performance.now() - asked < 2000) setClock(told + (performance.now() - asked) / 2);
}

/** What the browser keeps; undefined where it keeps nothing at all, so that only this window knows of a tap. */
function stored() {
  try {
    return isVolatile ? undefined : JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return undefined;
  }
}

/** Change what is kept, beginning from what another window may have added or sent since. */
function keep(change) {
  kept = change(stored() ?? kept);
  try {
    if (kept.length) localStorage.setItem(KEPT, JSON.stringify(kept));
    else localStorage.removeItem(KEPT);
  } catch {
    isVolatile = true;
  }
}
addEventListener("storage", (event) => {
  if (event.key !== KEPT && event.key !== null) return;
  kept = stored() ?? kept;
  tell();
  look(); // another window may have saved what this one still shows as kept
});

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const refused = () => kept.filter((tap) => tap.why !== undefined);
const waiting = () => kept.filter((tap) => tap.why === undefined);
const mine = () => waiting().filter((tap) => tap.sender === account);
const formOf = (tap) => document.querySelector(`form.out[action="${CSS.escape(tap.path)}"]`);

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("form.out") || !button) return;
  event.preventDefault();
  const path = form.getAttribute("action");
  const now = Date.now();
  const which = `${path} ${button.dataset.mark}`;
  if (lastTap.which === which && now - lastTap.at < DOUBLE_TAP) return; // a shaking hand
  lastTap = { which, at: now };
  const isSaid = button.getAttribute("aria-pressed") === "true" && form.querySelector('[data-mark="undo"]');
  const isHow = form.querySelector('.levels [aria-pressed="true"]') && button.dataset.mark === "attended";
  if (isSaid && !isHow) return; // said already; taking back is a button of its own
  const tap = {
    path, mark: button.value, key: newKey(), back: form.elements.back?.value ?? "", at: serverNow(),
    account, sender: account, tapper: box.dataset.tapper,
  };
  keep((all) => [...all.filter((each) => each.why === undefined || each.path !== path), tap]);
  paint(tap);
  send();
});

/** Show a tap at once, as not saved yet. */
function paint(tap) {
  const form = formOf(tap);
  if (!form) return;
  form.closest(".person").classList.add("is-saving");
  for (const button of form.querySelectorAll("[aria-pressed]")) {
    const isIt = button.dataset.mark === tap.mark || button.dataset.mark === tap.mark.split("/")[0];
    button.setAttribute("aria-pressed", String(isIt));
  }
  const isMore = form.querySelector(`.group:not(.levels) [aria-pressed="true"]`) !== null;
  form.querySelector(".more > summary").classList.toggle("is-pressed", isMore);
  form.querySelector(".more").open = false;
  say(form, box.dataset.saving, tap);
}

/** What stands beside a name while a tap is on its way; it can be taken back at once. */
function say(form, words, tap) {
  const said = form.querySelector(".said");
  if (said.dataset.key === tap.key && said.firstChild?.textContent === words) return; // a finger may be on its button
  said.dataset.key = tap.key;
  said.replaceChildren(words);
  if (tap.mark.startsWith("undo:") || tap.account !== account) return;
  const undo = Object.assign(document.createElement("button"), {
    className: "link", name: "mark", value: `undo:${tap.key}:${tap.mark}`, textContent: box.dataset.undo,
  });
  undo.dataset.mark = "undo";
  const whose = Object.assign(document.createElement("span"), { className: "sr" });
  whose.textContent = ` ${form.getAttribute("aria-label")}`;
  undo.append(whose);
  said.append(" ", undo);
}

async function send() {
  if (isSending || isStopped) {
    tell();
    return;
  }
  clearTimeout(timer);
  isSending = true;
  let tap;
  while ((tap = mine()[0])) {
    if (!(await deliver(tap))) break;
    keep((all) => all.filter((each) => each.key !== tap.key || each.why !== undefined));
    failures = 0;
    tell();
  }
  isSending = false;
  tell();
  if (mine().length && !isStopped) timer = setTimeout(send, 1000 * PAUSES[Math.min(failures++, PAUSES.length - 1)]);
}

/** Send one tap; whether the server has answered for it, gladly or not. */
async function deliver(tap) {
  const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
  const body = new URLSearchParams({
    csrf_token: token, form_key: tap.key, mark: tap.mark, back: tap.back, tapped_at: tap.at,
    tapper: tap.account === account ? "" : tap.tapper,
  });
  const asked = performance.now();
  let answer;
  try {
    answer = await fetch(tap.path, {
      method: "POST", body, redirect: "manual", credentials: "same-origin", headers: { "X-Milieu-Fragment": "card" },
      signal: AbortSignal.timeout(15000),
    });
  } catch {
    return fail("waiting");
  }
  learnClock(answer, asked);
  if (answer.type === "opaqueredirect" || answer.status === 401) return stop("signedOut");
  if (answer.status === 400) return stop("stale");
  if (answer.status >= 500 || answer.status === 429) return fail("trouble");
  const html = await answer.text();
  const card = new DOMParser().parseFromString(html, "text/html");
  const refusal = card.querySelector(".problem[data-refused]")?.textContent ?? (answer.ok ? undefined : box.dataset.gone);
  if (refusal) refuse(tap, refusal, card.querySelector("h3")?.textContent);
  put(tap, card, refusal);
  return true;
}

/** It will be sent again: nobody answered ("waiting"), or the server cannot save ("trouble"). */
function fail(why) {
  trouble = why;
  return false;
}

function stop(why) {
  isStopped = why;
  return false;
}

/** Keep a tap with the words in which it was refused, and nothing that would take it back. */
function refuse(tap, why, name) {
  names.set(tap.key, name);
  keep((all) => all
    .filter((each) => !each.mark.startsWith(`undo:${tap.key}:`))
    .map((each) => (each.key === tap.key ? { ...each, why } : each)));
}

/** Put the server's card in place of the shown one, unless a later tap on it is still to go. */
function put(tap, answer, refusal) {
  const form = formOf(tap);
  if (!form || mine().some((each) => each.path === tap.path && each.key !== tap.key)) return;
  const old = form.closest(".person");
  const left = answer.querySelector(".left");
  if (left) document.querySelector(`.left[data-session="${left.dataset.session}"]`)?.replaceWith(left);
  const card = answer.querySelector(".person");
  if (!card) {
    if (refusal === undefined) old.remove();
    else form.querySelector(".said").replaceChildren(refusal);
    return;
  }
  const name = card.querySelector("h3").textContent;
  const problem = card.querySelector(".problem")?.textContent;
  exchange(old, card);
  const said = problem ?? card.querySelector(".said .holds")?.textContent.replace("✓", "").trim();
  announce([name, said, problem ? "" : box.dataset.saved].filter(Boolean).join(": "));
}

/** One card in place of another, open and focused as it was. */
function exchange(old, card) {
  const focused = old.contains(document.activeElement) ? (document.activeElement.dataset.mark ?? "more") : undefined;
  const more = card.querySelector(".more");
  if (more && old.querySelector(".more")?.open) more.open = true; // somebody is choosing there
  old.replaceWith(card);
  if (focused) (card.querySelector(`[data-mark="${CSS.escape(focused)}"]`) ?? card.querySelector("summary"))?.focus();
}

/** Say it to who listens to the page instead of looking at it. */
function announce(text) {
  let live = document.getElementById("live");
  if (!live) {
    live = Object.assign(document.createElement("p"), { id: "live", className: "sr" });
    live.setAttribute("aria-live", "polite");
    document.getElementById("main").append(live);
  }
  live.textContent = text;
}

/** Say what is not saved yet, once that has lasted, what a colleague left, and what was refused. */
function tell() {
  const own = mine().length;
  const foreign = waiting().length - own;
  const isWaiting = own > 0 && (failures > 0 || isStopped || !isSending);
  const count = (words, number) => box.dataset[number === 1 ? `${words}One` : words].replace("#", number);
  const lines = [];
  if (isWaiting) lines.push([count(isStopped || trouble, own)]);
  if (foreign) lines.push([count("foreign", foreign)]);
  for (const tap of refused()) {
    const what = box.dataset.refused.replace("@", timeOf(tap)).replace("#", wordOf(tap));
    lines.push([...whoseIs(tap), what, " ", tap.why]);
  }
  box.hidden = !lines.length;
  const show = (name, isShown) => { box.querySelector(`[data-do=${name}]`).hidden = !isShown; };
  show("again", isWaiting && !isStopped);
  show("reload", isWaiting && isStopped !== "");
  show("adopt", foreign > 0 && !isStopped);
  show("forget", foreign > 0 && !isStopped);
  show("noted", refused().length > 0);
  for (const tap of isWaiting ? mine() : []) {
    const form = formOf(tap);
    if (!form) continue;
    form.closest(".person").classList.add("is-unsaved");
    say(form, box.dataset.unsaved, tap);
  }
  const line = document.getElementById("unsent-said");
  const said = lines.map((parts) => parts.map((part) => part.textContent ?? part).join("")).join("\n");
  if (line.dataset.said === said) return;
  line.dataset.said = said;
  line.replaceChildren(...lines.flatMap((parts, place) => (place ? [document.createElement("br"), ...parts] : parts)));
}
/** Whom a tap was for: by name where this page knows it, else the way to the card; no name is kept on the tablet. */
function whoseIs(tap) {
  const name = formOf(tap)?.getAttribute("aria-label") ?? names.get(tap.key);
  if (name) return [name, " "];
  const [session] = tap.path.split("/mark/");
  return [Object.assign(document.createElement("a"), { href: session, textContent: box.dataset.whose }), " "];
}
const timeOf = (tap) => new Date(tap.at).toLocaleTimeString(document.documentElement.lang, {
  hour: "2-digit", minute: "2-digit", timeZone: box.dataset.zone,
});
const wordOf = (tap) => JSON.parse(box.dataset.words)[tap.mark.split(":")[0].split("/")[0]] ?? "";

document.addEventListener("click", (event) => {
  const what = event.target.closest("#unsent [data-do]")?.dataset.do;
  if (what === "again") { failures = 0; send(); }
  if (what === "reload") location.reload();
  if (what === "adopt") { keep((all) => all.map((tap) => (tap.why === undefined ? { ...tap, sender: account } : tap))); paintAll(); send(); }
  if (what === "forget") { keep((all) => all.filter((tap) => tap.sender === account || tap.why !== undefined)); tell(); }
  if (what === "noted") { keep((all) => all.filter((tap) => tap.why === undefined)); tell(); }
});
addEventListener("online", () => { failures = 0; send(); });
addEventListener("beforeunload", (event) => { if (isVolatile && mine().length && !isStopped) event.preventDefault(); });

// How old the page is, in words; when somebody comes back to an old one, it is fetched anew.
const OLD_MINUTES = 3;
let shownAt = Date.now();
function tellAge() {
  for (const line of document.querySelectorAll(".as-of")) {
    const minutes = Math.floor((Date.now() - shownAt) / 60000);
    if (minutes < OLD_MINUTES) continue;
    line.classList.add("is-old");
    line.textContent = box.dataset.old.replace("@", line.dataset.time).replace("#", minutes);
    const again = Object.assign(document.createElement("a"), { href: location.pathname, textContent: box.dataset.again });
    line.append(" ", again);
  }
}
setInterval(tellAge, 30000);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") look();
});

// What others have marked, and what has begun since: asked for every 20 seconds, and answered only where it changed.
const LOOK = 20000;
let isTouched = false;
let isLooking = false;
for (const name of ["pointerdown", "pointerup", "pointercancel"]) {
  addEventListener(name, () => { isTouched = name === "pointerdown"; }, { capture: true, passive: true });
}
async function look() {
  const day = document.getElementById("day");
  if (!day || isLooking || isStopped || document.visibilityState !== "visible" || !navigator.onLine) return;
  isLooking = true;
  try {
    const asked = performance.now();
    const answer = await fetch(location.pathname, {
      redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout(15000),
      headers: { "X-Milieu-Fragment": "day", "If-None-Match": day.dataset.version },
    });
    learnClock(answer, asked);
    if (answer.status === 304) isShown(answer.headers.get("X-Milieu-Time"));
    else if (answer.ok) freshen(day, new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // No reception: the page says how old it is.
  } finally {
    isLooking = false;
  }
}
setInterval(look, LOOK);

/** The page is as of now. */
function isShown(time) {
  shownAt = Date.now();
  for (const line of document.querySelectorAll(".as-of")) {
    line.classList.remove("is-old");
    line.dataset.time = time;
    line.textContent = box.dataset.asOf.replace("@", time);
  }
}

/** The day as it is now in place of the day as it was; what is open, focused, in view or not sent yet stays so. */
function freshen(old, page) {
  const day = page.getElementById("day");
  if (!day || isTouched || old.querySelector("input:focus")) return;
  if (day.dataset.day !== old.dataset.day) {
    if (!mine().length) location.reload();
    return;
  }
  for (const open of old.querySelectorAll("details[open]")) {
    const same = open.classList.contains("more")
      ? day.querySelector(`.person[id="${CSS.escape(open.closest(".person").id)}"] .more`)
      : open.id && day.querySelector(`#${CSS.escape(open.id)}`);
    if (same) same.open = true;
  }
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const at = [...old.querySelectorAll(".person")].find((card) => card.getBoundingClientRect().bottom > 0);
  const top = at?.getBoundingClientRect().top;
  const held = active?.closest(".person")?.id;
  const mark = active?.dataset.mark;
  const href = active?.getAttribute("href");
  old.dataset.version = day.dataset.version;
  old.replaceChildren(...day.childNodes);
  const stays = at && document.getElementById(at.id);
  if (stays) scrollBy(0, stays.getBoundingClientRect().top - top);
  const card = held && document.getElementById(held);
  if (card) (mark ? card.querySelector(`[data-mark="${CSS.escape(mark)}"]`) : card.querySelector("summary"))?.focus({ preventScroll: true });
  else if (href) old.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
  isShown(page.querySelector(".as-of")?.dataset.time);
  paintAll();
  tell();
}

function paintAll() {
  for (const tap of mine()) paint(tap);
}

if (box) {
  paintAll();
  send();
  tell();
}

// Marks without a reload, kept when the connection is not there. Without this script every button is a plain form.
//
// A tap is kept in this window's own storage (ids only, never a name) until the server has answered for it. It carries
// a key of its own, so that sending it again does nothing twice. Taps go out one after the other, the oldest first.

const KEPT = "milieu-unsent";
const OLDEST = 36 * 3600 * 1000;
const PAUSES = [1, 2, 4, 8, 15, 30];
const DOUBLE_TAP = 600;
const box = document.getElementById("unsent");
const account = box?.dataset.account ?? "";

let kept = read();
let isSending = false;
let isStopped = "";
let failures = 0;
let timer = 0;
let lastTap = { which: "", at: 0 };

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]").filter((tap) => Date.now() - tap.at < OLDEST);
  } catch {
    return [];
  }
}

function keep() {
  try {
    if (kept.length) sessionStorage.setItem(KEPT, JSON.stringify(kept));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A browser without storage still sends; only closing the window would lose what is not sent yet.
  }
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const mine = () => kept.filter((tap) => tap.account === account);
const formOf = (tap) => document.querySelector(`form.out[action="${CSS.escape(tap.path)}"]`);

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("form.out") || !button) return;
  event.preventDefault();
  const path = form.getAttribute("action");
  const now = Date.now();
  const which = `${path} ${button.dataset.mark}`;
  if (lastTap.which === which && now - lastTap.at < DOUBLE_TAP) return; // a shaking hand, not a second wish
  lastTap = { which, at: now };
  const tap = { path, mark: button.value, key: newKey(), back: form.elements.back?.value ?? "", account, at: now };
  kept.push(tap);
  keep();
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
    button.value = isIt ? "undo" : button.dataset.mark;
  }
  const isMore = form.querySelector(`.group:not(.levels) [aria-pressed="true"]`) !== null;
  form.querySelector(".more > summary").classList.toggle("is-pressed", isMore);
  form.querySelector(".more").open = false;
  const said = form.querySelector(".said");
  said.textContent = box.dataset.saving;
}

async function send() {
  if (isSending || isStopped) return;
  clearTimeout(timer);
  isSending = true;
  let tap;
  while ((tap = mine()[0])) {
    if (!(await deliver(tap))) break;
    kept = kept.filter((each) => each.key !== tap.key);
    keep();
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
  const body = new URLSearchParams({ csrf_token: token, form_key: tap.key, mark: tap.mark, back: tap.back });
  let answer;
  try {
    answer = await fetch(tap.path, {
      method: "POST", body, redirect: "manual", credentials: "same-origin", headers: { "X-Milieu-Fragment": "card" },
      signal: AbortSignal.timeout(15000),
    });
  } catch {
    return false;
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) return stop("signedOut");
  if (answer.status === 400) return stop("stale");
  if (answer.status >= 500 || answer.status === 429) return false;
  if (answer.status === 404) {
    put(tap, "");
    return true;
  }
  put(tap, await answer.text());
  return true;
}

function stop(why) {
  isStopped = why;
  return false;
}

/** Put the server's card in place of the shown one, unless a later tap on it is still to go. */
function put(tap, html) {
  const form = formOf(tap);
  if (!form || mine().some((each) => each.path === tap.path && each.key !== tap.key)) return;
  const old = form.closest(".person");
  const answer = new DOMParser().parseFromString(html, "text/html");
  const left = answer.querySelector(".left");
  if (left) document.querySelector(`.left[data-session="${left.dataset.session}"]`)?.replaceWith(left);
  const card = answer.querySelector(".person");
  if (!card) {
    old.remove();
    return;
  }
  const name = card.querySelector("h3").textContent;
  const problem = card.querySelector(".problem")?.textContent;
  const focused = old.contains(document.activeElement) ? document.activeElement.dataset.mark : undefined;
  const more = card.querySelector(".more");
  if (more && old.querySelector(".more")?.open) more.open = true; // somebody is choosing there
  old.replaceWith(card);
  if (focused) (card.querySelector(`[data-mark="${CSS.escape(focused)}"]`) ?? card.querySelector("button"))?.focus();
  const said = problem ?? card.querySelector(".said span")?.textContent.replace("✓", "").trim();
  announce([name, said, problem ? "" : box.dataset.saved].filter(Boolean).join(": "));
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

/** Say what is not saved yet, once that has lasted. */
function tell() {
  const own = mine().length;
  const foreign = kept.length - own;
  const isWaiting = own > 0 && (failures > 0 || isStopped || !isSending);
  box.hidden = !isWaiting && !foreign;
  const show = (name, isShown) => { box.querySelector(`[data-do=${name}]`).hidden = !isShown; };
  show("again", isWaiting && !isStopped);
  show("reload", isWaiting && isStopped !== "");
  show("adopt", !isWaiting && foreign > 0);
  show("forget", !isWaiting && foreign > 0);
  const words = isStopped ? box.dataset[isStopped] : own === 1 ? box.dataset.waitingOne : box.dataset.waiting;
  const said = isWaiting ? words.replace("#", own) : foreign ? box.dataset.foreign.replace("#", foreign) : "";
  for (const tap of isWaiting ? mine() : []) {
    const form = formOf(tap);
    form?.closest(".person").classList.add("is-unsaved");
    form?.querySelector(".said").replaceChildren(box.dataset.unsaved);
  }
  const line = document.getElementById("unsent-said");
  if (line.textContent !== said) line.textContent = said;
}

box?.addEventListener("click", (event) => {
  const what = event.target.dataset.do;
  if (what === "again") { failures = 0; send(); }
  if (what === "reload") location.reload();
  if (what === "adopt") { for (const tap of kept) tap.account = account; keep(); for (const tap of mine()) paint(tap); send(); }
  if (what === "forget") { kept = mine(); keep(); tell(); }
});
addEventListener("online", () => { failures = 0; send(); });
addEventListener("beforeunload", (event) => { if (mine().length && !isStopped) event.preventDefault(); });

// How old the page is, in words; when somebody comes back to an old one, it is fetched anew.
const OLD_MINUTES = 3;
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
const shownAt = Date.now();
setInterval(tellAge, 30000);
document.addEventListener("visibilitychange", () => {
  const isOld = Date.now() - shownAt > 60000 * OLD_MINUTES;
  if (document.visibilityState === "visible" && isOld && !mine().length && navigator.onLine) location.reload();
});

if (box) {
  for (const tap of mine()) paint(tap);
  send();
  tell();
}

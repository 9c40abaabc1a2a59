// Drag a card of a draft to another day: the best free time there is proposed, and the page's own form is sent.
// With the keyboard: M on a card takes it up, arrows choose the day, Enter drops it, Escape puts it back. By touch: a card
// that is held and let go where it is, or on a phone, which shows one day, asks where to, in a list to tap on.
const form = document.getElementById("placing");
const said = document.getElementById("placing-said");
const days = [...document.querySelectorAll(".day")];
const START = 6; // pixels before a press is a drag
const HOLD = 350; // milliseconds of touch before a press takes a card up
const oneDay = matchMedia("(max-width: 43.7em)");

let held = null; // { card, day, places: Map(day element -> place, none where it has nothing), why: the same -> words, ghost, list: element, or true before places are known }

const tell = (words) => { said.textContent = words; };
const dayOf = (element) => element.closest(".day");

async function takeUp(card) {
  held = { card, day: dayOf(card), places: null, ghost: null };
  card.classList.add("is-held");
  document.body.classList.add("is-placing");
  tell(form.dataset.held.replace("%s", card.dataset.title) + " " + form.dataset.looking);
  const mine = held;
  const answer = await fetch(card.dataset.session + "/where", { headers: { Accept: "application/json" } });
  if (held !== mine) return;
  if (!answer.ok) { putBack(); return; }
  const told = await answer.json();
  const found = new Map(told.filter((place) => place.start).map((place) => [place.day, place]));
  const why = new Map(told.map((place) => [place.day, place.why]));
  if (held !== mine) return;
  held.places = new Map(days.map((day) => [day, found.get(day.id.slice(4))]));
  held.why = new Map(days.map((day) => [day, why.get(day.id.slice(4))]));
  for (const [day, place] of held.places) {
    const note = document.createElement("p");
    note.className = "place-note";
    const words = document.createElement("span");
    words.textContent = place ? place.said : withoutPlace(day);
    note.append(words);
    day.querySelector("h2").after(note);
    day.classList.add(place ? "can-go" : "cannot-go");
  }
  choose(held.day);
  if (held.list) ask();
}

function make(name, words, more = {}) {
  const element = Object.assign(document.createElement(name), more);
  element.append(words);
  return element;
}

// Where to? Each day with the best that it has, a way to say it otherwise, and a way back.
function ask() {
  if (!held.places) { held.list = true; return; }
  const list = make("div", make("p", `${held.card.dataset.title}: ${form.dataset.where}`), { className: "where-to" });
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", list.textContent);
  const rows = document.createElement("ul");
  for (const [day, place] of held.places) {
    if (day.classList.contains("is-past")) continue;
    const name = day.querySelector("h2 .long").textContent, row = document.createElement("li");
    if (place) {
      const button = make("button", make("strong", name), { type: "button", onclick: () => { held.chosen = day; drop(); } });
      button.append(" ", make("span", place.said));
      row.append(button);
    } else row.append(make("span", `${name}: ${withoutPlace(day)}`, { className: "soft" }));
    rows.append(row);
  }
  const acts = make("div", make("a", form.dataset.other, { className: "button quiet", href: held.card.dataset.session + "/change" }), { className: "acts" });
  acts.append(make("button", form.dataset.leave, { type: "button", className: "quiet", onclick: () => putBack() }));
  list.append(rows, acts);
  form.after(list);
  held.list = list;
  for (const day of days) day.classList.remove("is-chosen");
  for (const note of document.querySelectorAll(".place-note")) note.remove();
  list.querySelector("button").focus();
}

function withoutPlace(day) {
  if (day === held.day) return form.dataset.here;
  return held.why.get(day) ? `${form.dataset.nowhere}: ${held.why.get(day)}` : form.dataset.nowhere;
}

function choose(day) {
  if (!held?.places) return;
  held.chosen = day;
  for (const each of days) each.classList.toggle("is-chosen", each === day);
  const heading = day.querySelector("h2 .long")?.textContent ?? "";
  tell(heading + ": " + (day.querySelector(".place-note")?.textContent ?? ""));
}

function putBack(words = form.dataset.back) {
  if (!held) return;
  held.card.classList.remove("is-held");
  held.ghost?.remove();
  if (held.list) {
    if (held.list !== true) held.list.remove();
    held.card.querySelector("a").focus({ preventScroll: true });
  }
  document.body.classList.remove("is-placing");
  for (const day of days) day.classList.remove("can-go", "cannot-go", "is-chosen");
  for (const note of document.querySelectorAll(".place-note")) note.remove();
  held = null;
  tell(words);
}

function asItStands(card, day) {
  const leaders = card.dataset.leaders.split(" ").filter(Boolean);
  return { day: day.id.slice(4), start: card.dataset.start, space: card.dataset.space, leaders };
}

function drop() {
  const isNowhere = !held?.places || held.chosen.classList.contains("is-past");
  if (isNowhere || (held.chosen === held.day && !held.places.get(held.day))) { putBack(); return; }
  // Where nothing is free the same hour is asked for: the page then says what stands against it, and what comes nearest.
  const place = held.places.get(held.chosen) ?? asItStands(held.card, held.chosen);
  form.action = held.card.dataset.session + "/place";
  const fields = [["day", place.day], ["start", place.start], ["space", place.space]];
  for (const leader of place.leaders) fields.push(["leader", leader]);
  if (place.leave_out) fields.push(["leave_out", "yes"]);
  for (const [name, value] of fields) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  form.requestSubmit();
}

for (const card of document.querySelectorAll(".card[data-session]")) {
  let from = null, timer = 0;
  const link = card.querySelector("a");
  link.draggable = false;
  card.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || held) return;
    from = event;
    if (event.pointerType === "touch") timer = setTimeout(() => { takeUp(card); }, HOLD);
  });
  card.addEventListener("pointermove", (event) => {
    if (!from || held) return;
    const far = Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > START;
    if (far && event.pointerType === "touch") { clearTimeout(timer); from = null; }
    else if (far) takeUp(card);
  });
  for (const end of ["pointerup", "pointercancel"]) card.addEventListener(end, () => { clearTimeout(timer); from = null; });
  card.addEventListener("touchmove", (event) => { if (held) event.preventDefault(); }, { passive: false });
  card.addEventListener("contextmenu", (event) => { if (held) event.preventDefault(); });
  link.addEventListener("click", (event) => { if (document.body.dataset.dragged) { event.preventDefault(); delete document.body.dataset.dragged; } });
  link.addEventListener("keydown", (event) => {
    if (held || event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    takeUp(card);
  });
}

addEventListener("pointermove", (event) => {
  if (!held || held.list || (event.pointerType === "touch" && oneDay.matches)) return;
  document.body.dataset.dragged = "yes";
  if (!held.ghost) {
    held.ghost = held.card.cloneNode(true);
    held.ghost.className += " ghost";
    held.ghost.setAttribute("aria-hidden", "true");
    document.body.append(held.ghost);
  }
  held.ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest(".day");
  if (under && under !== held.chosen) choose(under);
});

addEventListener("pointerup", (event) => {
  if (held && !held.ghost && !held.list && event.pointerType === "touch") ask();
  if (!held?.ghost) return;
  setTimeout(() => { delete document.body.dataset.dragged; });
  if (held.chosen && held.chosen !== held.day || held.places?.get(held.chosen)) drop();
  else putBack();
});

addEventListener("keydown", (event) => {
  if (!held) return;
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") putBack();
  else if (held.list) return;
  else if (event.key === "Enter") drop();
  else if (step) choose(days[(days.indexOf(held.chosen ?? held.day) + step + days.length) % days.length]);
  else return;
  event.preventDefault();
});

document.querySelector(".drag-hint")?.removeAttribute("hidden");

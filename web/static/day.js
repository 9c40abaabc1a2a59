// Drag a session of a day to another time, by quarters of an hour, and to another column; the page's own form is sent, so
// that what it would break is said with what comes nearest. With the keyboard: M takes it up, arrows choose, Enter drops.
const form = document.getElementById("placing");
const said = document.getElementById("placing-said");
const across = document.querySelector(".across");
const columns = [...document.querySelectorAll(".column")];
const wide = matchMedia("(min-width: 43.75em)");
const QUARTER = 15;
const START = 6; // pixels before a press is a drag
const HOLD = 350; // milliseconds of touch before a press takes a session up
const by = form.dataset.by;
const numbers = (element, name) => Number([...element.classList].find((each) => each.startsWith(name + "-")).slice(name.length + 1));
const first = numbers(across.querySelector(".hours"), "first"); // the first quarter of an hour that is shown
const over = numbers(across.querySelector(".hours"), "over");

let held = null; // { slot, column, start, minutes, from: column, grab: minutes, free: Set or null, mark }

const tell = (words) => { said.textContent = words; };
const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const nameOf = (column) => column.querySelector("h2").textContent;
const isFree = (column, start) => held.free?.has(`${start} ${column.dataset.key}`);

function minuteAt(column, y) {
  const top = column.getBoundingClientRect().top + parseFloat(getComputedStyle(column).gridTemplateRows);
  const row = parseFloat(getComputedStyle(column).gridTemplateRows.split(" ")[1]);
  return Math.round((y - top) / row) * QUARTER + first * QUARTER;
}

async function takeUp(slot, y = null) {
  const column = slot.closest(".column"), start = Number(slot.dataset.start);
  const mark = document.createElement("span");
  mark.setAttribute("aria-hidden", "true");
  held = { slot, column, from: column, start, minutes: Number(slot.dataset.minutes), free: null, mark, grab: 0 };
  if (y !== null) held.grab = minuteAt(column, y) - start;
  slot.classList.add("is-held");
  document.body.classList.add("is-placing");
  show();
  tell(form.dataset.held.replace("%s", slot.dataset.title) + " " + form.dataset.looking);
  if (by !== "space") return;
  const mine = held, day = form.elements.day.value;
  const answer = await fetch(`${slot.dataset.session}/where?on=${day}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || held !== mine) return;
  held.free = new Set((await answer.json()).map((each) => `${each.start} ${each.space}`));
  for (const each of columns) shade(each);
  show();
}

function shade(column) {
  for (let quarter = first; quarter < first + over; quarter += 1) {
    if (!isFree(column, quarter * QUARTER)) continue;
    const free = document.createElement("span");
    free.className = `free at-${quarter} for-1`;
    free.setAttribute("aria-hidden", "true");
    column.append(free);
  }
}

function show() {
  const { mark, column, start, minutes } = held;
  const isHere = column === held.from && start === Number(held.slot.dataset.start);
  const can = held.free === null || isHere || isFree(column, start);
  mark.className = `drop-mark at-${Math.floor(start / QUARTER)} for-${Math.max(1, Math.ceil(minutes / QUARTER))}${can ? "" : " cannot"}`;
  mark.textContent = clock(start);
  column.append(mark);
  const state = held.free === null || isHere ? "" : `, ${can ? form.dataset.free : form.dataset.taken}`;
  tell(`${nameOf(column)}, ${clock(start)}${state}`);
}

function choose(column, start) {
  const last = (first + over) * QUARTER - held.minutes;
  const there = Math.min(Math.max(start, first * QUARTER), last);
  if (column === held.column && there === held.start) return;
  held.column = column;
  held.start = there;
  show();
}

function putBack(words = form.dataset.back) {
  if (!held) return;
  held.slot.classList.remove("is-held");
  held.mark.remove();
  document.body.classList.remove("is-placing");
  for (const free of document.querySelectorAll(".column > .free")) free.remove();
  held = null;
  tell(words);
}

function drop() {
  const { slot, column, from, start } = held;
  if (column === from && start === Number(slot.dataset.start)) { putBack(); return; }
  let leaders = slot.dataset.leaders.split(" ").filter(Boolean);
  if (by === "leader" && column !== from) {
    leaders = [...new Set([...leaders.filter((each) => each !== from.dataset.key), column.dataset.key])];
  }
  const space = by === "space" ? column.dataset.key : slot.dataset.space;
  form.action = slot.dataset.session + "/place";
  for (const [name, value] of [["start", clock(start)], ["space", space], ...leaders.map((each) => ["leader", each])]) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  form.requestSubmit();
}

const canHold = (column) => by === "group" ? column === held.from : Boolean(column.dataset.key);

for (const slot of document.querySelectorAll(".slot[data-session]")) {
  let from = null, timer = 0;
  const link = slot.querySelector("a");
  link.draggable = false;
  slot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || held || !wide.matches) return;
    from = event;
    if (event.pointerType === "touch") timer = setTimeout(() => takeUp(slot, event.clientY), HOLD);
  });
  slot.addEventListener("pointermove", (event) => {
    if (!from || held) return;
    const far = Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > START;
    if (far && event.pointerType === "touch") { clearTimeout(timer); from = null; }
    else if (far) takeUp(slot, from.clientY);
  });
  for (const end of ["pointerup", "pointercancel"]) slot.addEventListener(end, () => { clearTimeout(timer); from = null; });
  slot.addEventListener("touchmove", (event) => { if (held) event.preventDefault(); }, { passive: false });
  slot.addEventListener("contextmenu", (event) => { if (held) event.preventDefault(); });
  link.addEventListener("click", (event) => { if (document.body.dataset.dragged) { event.preventDefault(); delete document.body.dataset.dragged; } });
  link.addEventListener("keydown", (event) => {
    if (held || !wide.matches || event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    takeUp(slot);
  });
}

addEventListener("pointermove", (event) => {
  if (!held) return;
  document.body.dataset.dragged = "yes";
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest(".column");
  const column = under && canHold(under) ? under : held.column;
  choose(column, minuteAt(column, event.clientY) - held.grab);
});

addEventListener("pointerup", () => {
  if (!held || !document.body.dataset.dragged) return;
  setTimeout(() => { delete document.body.dataset.dragged; });
  drop();
});
addEventListener("pointercancel", () => putBack());

addEventListener("keydown", (event) => {
  if (!held) return;
  const later = { ArrowDown: QUARTER, ArrowUp: -QUARTER }[event.key];
  const aside = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === "Escape") putBack();
  else if (event.key === "Enter") drop();
  else if (later) choose(held.column, held.start + later);
  else if (aside) {
    const open = columns.filter(canHold);
    choose(open[(open.indexOf(held.column) + aside + open.length) % open.length], held.start);
  } else return;
  event.preventDefault();
});

document.querySelector(".drag-hint")?.removeAttribute("hidden");

// The wall reads itself anew every minute; without a network it keeps what it shows and says so. A television's slides take turns.
const MINUTE = 60_000, SLIDE = 20_000, DAY = 24 * 60;
const isScreen = document.body.classList.contains("screen");
const slides = () => [...document.querySelectorAll(".slide")];

const show = (number) => slides().forEach((slide, at) => { slide.hidden = at !== number; });
const shown = () => slides().findIndex((slide) => !slide.hidden);

// What was read is of its minute. Without a network time goes on: what is over is not on now, and after midnight no day
// is today's any more, but each keeps its date.
let readAt = performance.now();
const age = () => {
  const main = document.querySelector("main");
  const minute = Number(main.querySelector("[data-minute]")?.dataset.minute) + (performance.now() - readAt) / MINUTE;
  for (const row of main.querySelectorAll(".is-now")) {
    if (minute < Number(row.dataset.until)) continue;
    row.classList.remove("is-now");
    row.querySelector(".sign").remove();
  }
  if (minute < DAY) return;
  for (const heading of main.querySelectorAll("[data-date]")) heading.textContent = heading.dataset.date;
};

// An address that was ended shows nothing any more; should it be there again, the next reading shows it.
const end = () => {
  const said = document.createElement("h1");
  said.className = "lost";
  said.textContent = document.body.dataset.ended;
  document.querySelector("main").replaceChildren(said);
};

const read = async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(20_000) });
    if (answer.status === 404) return end();
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (!fresh) throw new Error("no programme");
    const main = document.querySelector("main"), at = shown();
    const isOpen = main.querySelector("details")?.open ?? false;
    main.replaceChildren(...fresh.childNodes);
    readAt = performance.now();
    if (isScreen) show(Math.min(Math.max(at, 0), slides().length - 1));
    const folded = main.querySelector("details");
    if (folded) folded.open = isOpen;
  } catch {
    const said = document.querySelector(".lost");
    if (said.textContent !== document.body.dataset.ended) said.textContent = document.body.dataset.lost;
    age();
  }
};

setInterval(read, MINUTE);
if (isScreen) setInterval(() => show((shown() + 1) % (slides().length || 1)), SLIDE);

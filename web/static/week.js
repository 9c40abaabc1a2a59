// On a phone the week shows a day at a time: mark the day's button, and let a swipe go to the next one.
const days = [...document.querySelectorAll(".day")];
const links = [...document.querySelectorAll(".days a")];

const shown = () => {
  const named = days.indexOf(document.getElementById(location.hash.slice(1))?.closest(".day"));
  return named >= 0 ? named : days.findIndex((day) => day.classList.contains("is-first"));
};
const mark = () => links.forEach((link, number) => link.classList.toggle("is-shown", number === shown()));

addEventListener("hashchange", mark);
mark();

let start = null;
const week = document.querySelector(".week");
week?.addEventListener("touchstart", (event) => {
  start = event.touches.length === 1 ? event.touches[0] : null;
}, { passive: true });
week?.addEventListener("touchend", (event) => {
  if (!start || !matchMedia("(max-width: 43.7em)").matches || document.body.classList.contains("is-placing")) return;
  const right = event.changedTouches[0].clientX - start.clientX;
  const down = Math.abs(event.changedTouches[0].clientY - start.clientY);
  const next = shown() + (right < 0 ? 1 : -1);
  if (Math.abs(right) > 60 && down < 50 && days[next]) {
    const at = scrollY;
    location.replace("#" + days[next].id);
    scrollTo(0, at);
  }
}, { passive: true });

// From card to card with the arrow keys: down and up within a day, to the sides the card of another day that lies nearest.
const cardsOf = (day) => [...day.querySelectorAll(".card a")].filter((link) => link.offsetParent);
const heightOf = (link) => link.getBoundingClientRect().top;

function beside(link, step) {
  const mine = link.closest(".day");
  let number = days.indexOf(mine) + step;
  while (days[number] && !cardsOf(days[number]).length) number += step;
  if (!days[number]) return null;
  const far = (each) => Math.abs(heightOf(each) - heightOf(link));
  return cardsOf(days[number]).reduce((best, each) => far(each) < far(best) ? each : best);
}

week?.addEventListener("keydown", (event) => {
  const link = event.target.closest(".card a");
  const isHeld = document.body.classList.contains("is-placing");
  if (!link || isHeld || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const own = cardsOf(link.closest(".day"));
  const next = {
    ArrowDown: () => own[own.indexOf(link) + 1],
    ArrowUp: () => own[own.indexOf(link) - 1],
    ArrowRight: () => beside(link, 1),
    ArrowLeft: () => beside(link, -1),
  }[event.key]?.();
  if (!next) return;
  event.preventDefault();
  next.focus();
});
document.querySelector(".keys-hint")?.removeAttribute("hidden");

// On a phone the week shows a day at a time: mark the day's button, and let a swipe go to the next one.
const days = [...document.querySelectorAll(".day")];
const links = [...document.querySelectorAll(".days a")];

const shown = () => {
  const named = days.findIndex((day) => "#" + day.id === location.hash);
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
  if (!start || !matchMedia("(max-width: 43.7em)").matches) return;
  const right = event.changedTouches[0].clientX - start.clientX;
  const down = Math.abs(event.changedTouches[0].clientY - start.clientY);
  const next = shown() + (right < 0 ? 1 : -1);
  if (Math.abs(right) > 60 && down < 50 && days[next]) {
    const at = scrollY;
    location.replace("#" + days[next].id);
    scrollTo(0, at);
  }
}, { passive: true });

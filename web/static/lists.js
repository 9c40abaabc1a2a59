// Shows how far lists are while the page waits for its form's answer, and stops them on request. The form itself is sent
// by the browser as ever: where this script fails, nothing is lost but the sight of it.
const part = document.querySelector("#under-way");
const soFar = part.querySelector("#so-far");
const stop = part.querySelector("#stop");
let timer = 0;

const look = async () => {
  let wait = 500;
  try {
    const address = `${part.dataset.from}?form=${encodeURIComponent(stop.elements.form.value)}`;
    const answer = await fetch(address, { headers: { Accept: "application/json", "X-Milieu-Fragment": "day" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    if (now.open) {
      soFar.innerHTML = now.html;
      const hadFocus = part.contains(document.activeElement);
      stop.hidden = now.stopping;
      if (part.hidden) {
        part.hidden = false;
        part.scrollIntoView({ block: "nearest" });
        part.focus({ preventScroll: true });
      } else if (hadFocus && now.stopping) part.focus({ preventScroll: true });
    }
  } catch {
    wait = 2000;
  }
  timer = setTimeout(look, wait);
};

for (const form of document.querySelectorAll("form[data-watched]")) {
  form.addEventListener("submit", () => {
    stop.elements.form.value = form.elements.form_key.value;
    clearTimeout(timer);
    timer = setTimeout(look, 300);
  });
}
stop.addEventListener("submit", (event) => {
  event.preventDefault();
  fetch(stop.action, { method: "POST", body: new FormData(stop) }).catch(() => {});
  stop.hidden = true;
  part.focus({ preventScroll: true });
});
// Who comes back by the browser's own way finds the page as it was left.
window.addEventListener("pagehide", () => {
  clearTimeout(timer);
  part.hidden = true;
});

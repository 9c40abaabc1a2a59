// Watches a run: asks once a second for the part of the page that changes, until the run has ended.
const part = document.querySelector("#progress");
const address = part?.dataset.from;
let mark = "";

const look = async () => {
  let wait = 1000;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    if (!now.mark || now.mark !== mark) {
      // Keep the table open, and the button that somebody stands on.
      const isOpen = part.querySelector("details")?.open;
      const held = part.contains(document.activeElement) ? document.activeElement.id : "";
      part.innerHTML = now.html;
      const details = part.querySelector("details");
      if (details && isOpen) details.open = true;
      if (held) document.getElementById(held)?.focus();
    }
    if (now.stopping || now.ended) document.querySelector("#stop")?.remove();
    if (now.ended && !mark) {
      document.querySelector("#acts")?.remove();
      document.querySelector("#meanwhile")?.remove();
      if (!part.contains(document.activeElement)) part.querySelector(".button.main, button.main")?.focus();
    }
    mark = now.mark;
    if (!now.open) return;
  } catch {
    wait = 4000;
  }
  setTimeout(look, wait);
};
if (address) setTimeout(look, 1000);

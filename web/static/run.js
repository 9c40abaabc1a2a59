// Watches a run: asks once a second for the part of the page that changes, until the run has ended.
const part = document.querySelector("#progress");
const address = part?.dataset.from;

const look = async () => {
  let wait = 1000;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    // Keep the table open, and say a new state once instead of every second.
    const isOpen = part.querySelector("details")?.open;
    part.innerHTML = now.html;
    const details = part.querySelector("details");
    if (details && isOpen) details.open = true;
    if (now.stopping) document.querySelector("#stop")?.remove();
    if (!now.open) {
      document.querySelector("#acts")?.remove();
      document.querySelector("#meanwhile")?.remove();
      part.querySelector(".button.main, button.main")?.focus();
      return;
    }
  } catch {
    wait = 4000;
  }
  setTimeout(look, wait);
};
if (address) setTimeout(look, 1000);

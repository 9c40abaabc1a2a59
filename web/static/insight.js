// What takes a moment to work out comes after the page: the ways to mend what somebody misses.
const part = document.querySelector("[data-from]");
if (part) {
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(part.dataset.from, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    part.innerHTML = (await answer.json()).html;
  } catch {
    const said = document.createElement("p");
    said.className = "note warn";
    said.textContent = part.dataset.failed;
    part.prepend(said);
  }
  part.removeAttribute("aria-busy");
}

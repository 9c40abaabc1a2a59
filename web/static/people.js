// The list of people is narrowed while one types, as the server would find them, and read with the arrow keys.
const form = document.getElementById("find");
const field = form.q;
const rows = [...document.querySelectorAll(".people-table tbody tr")];
const said = document.getElementById("found");

const letters = (text) => plain(text).replace(/[^\p{L}\p{N}]/gu, "");

function isMeant(row, typed, whole) {
  const { words, room } = row.dataset;
  if (whole === room || (/\p{N}/u.test(whole) && room.startsWith(whole))) return true;
  return areBegun(words, typed);
}

function narrow() {
  const typed = wordsOf(field.value);
  const whole = letters(field.value);
  for (const row of rows) row.hidden = whole !== "" && !isMeant(row, typed, whole);
  for (const unit of document.querySelectorAll(".unit")) unit.classList.toggle("is-empty", !unit.querySelector("tbody tr:not([hidden])"));
  const left = shown().length;
  const all = document.getElementById("how-many");
  if (all) all.textContent = all.dataset.all.replace("%n", shown().filter((row) => row.querySelector(".tick")).length);
  said.textContent = whole === "" ? "" : left ? form.dataset.found.replace("%n", left) : form.dataset.nobody;
}

const shown = () => rows.filter((row) => !row.hidden);
const linkOf = (row) => row.querySelector("th a");

field.addEventListener("input", narrow);
form.addEventListener("submit", (event) => {
  const left = shown();
  if (left.length !== 1 || letters(field.value) === "") return;
  event.preventDefault();
  linkOf(left[0]).click();
});
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
  const left = shown();
  const at = left.findIndex((row) => row.contains(document.activeElement));
  if (at < 0 && document.activeElement !== field) return;
  if (event.key === "Escape") {
    field.value = "";
    narrow();
    field.focus();
  } else {
    const next = event.key === "ArrowDown" ? at + 1 : at - 1;
    if (next >= left.length) return;
    (next < 0 ? field : linkOf(left[next])).focus();
  }
  event.preventDefault();
});

// Those chosen are counted; "all" ticks whoever the list shows now. A row's box is ticked from its name by the space bar.
const all = document.getElementById("all");
const chosen = document.getElementById("chosen");
const boxOf = (row) => row.querySelector(".tick input");
const count = () => {
  const number = rows.filter((row) => boxOf(row)?.checked).length;
  chosen.textContent = chosen.dataset.chosen.replace("%n", number);
};
if (all) {
  all.removeAttribute("name");
  all.addEventListener("change", () => {
    for (const box of shown().map(boxOf)) if (box) box.checked = all.checked;
    count();
  });
  for (const row of rows.filter(boxOf)) {
    boxOf(row).addEventListener("change", count);
    linkOf(row).addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      boxOf(row).checked = !boxOf(row).checked;
      count();
    });
  }
}
document.getElementById("by-keys").hidden = false;

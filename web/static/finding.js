// Rows are narrowed while one types, as the server would find them.
const form = document.getElementById("find");
const said = document.getElementById("found");
const rows = [...document.querySelectorAll("[data-words]")];

form.q.addEventListener("input", () => {
  const typed = wordsOf(form.q.value);
  for (const row of rows) row.hidden = !areBegun(row.dataset.words, typed);
  for (const group of document.querySelectorAll(".found-in")) group.hidden = !group.querySelector("[data-words]:not([hidden])");
  const left = rows.filter((row) => !row.hidden).length;
  said.textContent = typed.length === 0 ? "" : left ? form.dataset.found.replace("%n", left) : form.dataset.nothing;
});

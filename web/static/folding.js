// What is typed in the form "find", folded as the server folds it: without accents and case.
const folded = JSON.parse(document.getElementById("find").dataset.folded);

const plain = (text) => [...text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()].map((letter) => folded[letter] ?? letter).join("");
const wordsOf = (text) => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const areBegun = (words, typed) => typed.every((each) => words.startsWith(each) || words.includes(" " + each));

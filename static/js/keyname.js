// <form data-names-key>: while nobody has written a key by hand it follows the name, and the sentence under it
// (data-key-sentence="Items will be called {key}-1 …") says what items will be called.
const LENGTH = 3;
const plain = (text) => text.normalize("NFD").replace(/[^\p{L}\p{N}\s]/gu, "").toUpperCase().replace(/[^A-Z0-9\s]/g, "");

export function keyFor(name) {
  const words = plain(name).replace(/^[\s\d]+/, "").split(/\s+/).filter(Boolean);
  if (words.length > 1) return words.map((word) => word[0]).join("").slice(0, LENGTH + 1);
  return (words[0] || "").slice(0, LENGTH);
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-names-key]")) return;
  const { name, key } = form.elements;
  if (event.target === key) form.dataset.named = key.value ? "by hand" : "";
  else if (event.target === name && form.dataset.named !== "by hand" && (!key.value || key.value === form.suggested)) key.value = form.suggested = keyFor(name.value);
  const sentence = form.querySelector("[data-key-sentence]");
  if (sentence && key.value) sentence.textContent = sentence.dataset.keySentence.replaceAll("{key}", key.value.toUpperCase());
});

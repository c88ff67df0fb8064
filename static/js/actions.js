// data-print prints the page; data-copy copies its text and says so. A link that is a button is pressed by Space too.
import { toast } from "./toast.js";

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) print();
  const copy = event.target.closest("[data-copy]");
  if (!copy) return;
  const words = document.getElementById("toasts")?.dataset || {};
  try {
    await navigator.clipboard.writeText(copy.dataset.copy);
    toast(words.copied || "");
  } catch {
    const field = copy.parentElement.querySelector("input");
    field?.focus();
    field?.select();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.defaultPrevented || !event.target.matches?.("a[role=button]")) return;
  event.preventDefault();
  event.target.click();
});

// [data-place]: opens the menu that moves a row to the top, the bottom or a position; in the bulk bar, all chosen rows.
// What is moved stands in the menu's form when it is sent.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-place]"), menu = document.getElementById("places");
  if (!button || !menu) return;
  const row = button.closest("[data-row]"), all = document.querySelector("[data-all-matching]:checked");
  const numbers = row ? [row.dataset.id] : [...document.querySelectorAll("[data-row] [data-tick]:checked")].map((one) => one.value);
  const inputs = numbers.map((number) => hidden("numbers", number));
  if (!row && all) inputs.push(hidden("matching", all.value));
  menu.querySelector("[data-numbers]").replaceChildren(...inputs);
  menu.elements.position.value = "";
  const box = button.getBoundingClientRect(), below = innerHeight - box.bottom > 180;
  menu.style.setProperty("--x", `${Math.max(8, Math.min(box.left, innerWidth - 240))}px`);
  menu.style.setProperty("--y", `${below ? box.bottom + 4 : box.top - 164}px`);
}, true);
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.id === "places" && event.detail.successful) event.detail.elt.hidePopover();
});

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

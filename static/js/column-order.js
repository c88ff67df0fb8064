// Heads of columns that are dragged to another place in their row. A line shows where the column will stand; Escape leaves it where it
// was. What was a click stays one. The first column, which is the key of the rows, keeps its place.
const SLACK = 6;

export function movable(head, keep) {
  if (head.dataset.column === "title" || head.movable) return;
  head.movable = true;
  head.classList.add("is-movable");
  head.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType !== "touch" && !event.target.closest("c-width")) drag(head, event, keep);
  });
  head.addEventListener("dragstart", (event) => event.preventDefault());  // of the link that orders by it
}

function drag(head, start, keep) {
  const all = [...head.parentElement.querySelectorAll("[data-column]")];
  const turned = getComputedStyle(head).direction === "rtl";
  let going = false, place = null;
  const clear = () => { for (const one of all) one.classList.remove("is-dragged", "is-before", "is-after"); };
  const move = (now) => {
    if (!going && Math.abs(now.clientX - start.clientX) < SLACK) return;
    going = true;
    now.preventDefault();
    clear();
    head.classList.add("is-dragged");
    place = spot(all, head, now.clientX, turned);
    if (place) place.head.classList.add(place.after ? "is-after" : "is-before");
  };
  const stop = () => {
    for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", stop]]) removeEventListener(name, act);
    removeEventListener("keydown", escape, true);
    clear();
  };
  const end = () => {
    stop();
    if (!going) return;
    noClick();
    if (!place) return;
    const order = all.filter((one) => one !== head);
    order.splice(order.indexOf(place.head) + (place.after ? 1 : 0), 0, head);
    if (order.some((one, n) => one !== all[n])) keep(order);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    stop();
    if (going) addEventListener("pointerup", noClick, { once: true });
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", stop);
  addEventListener("keydown", escape, true);
}

// Beside which head the pointer is, and on which side of its middle. Nothing stands before the first column.
function spot(all, head, x, turned) {
  for (const one of all) {
    const box = one.getBoundingClientRect();
    if (x < box.left || x > box.right) continue;
    if (one === head) return null;
    const after = turned ? x < (box.left + box.right) / 2 : x > (box.left + box.right) / 2;
    return { head: one, after: after || one === all[0] };
  }
  return null;
}

// The click that follows the release of the button is none.
function noClick() {
  addEventListener("click", swallow, true);
  setTimeout(() => removeEventListener("click", swallow, true));
}
const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };

// Everything that moves. Each file starts and stops with the markup that htmx swaps in and out.
import "./answered.js";
import "./errors.js";
import "./toast.js";
import "./theme.js";
import "./password.js";
import "./copy.js";
import "./dialogs.js";
import "./actions.js";
import "./drawer.js";
import "./tabs.js";
import "./palette.js";
import "./shortcuts.js";
import "./edit.js";
import "./cells.js";
import "./columns.js";
import "./places.js";
import "./rows.js";
import "./steps.js";
import "./sortable.js";
import "./drafts.js";
import "./addline.js";
import "./keyname.js";
import "./zone.js";
import "./reason.js";
import "./composer.js";
import "./here.js";
import "./live.js";
import "./inbox.js";
import "./fresh.js";
import "./share.js";

// What few pages have: a page that has it asks for it beside it (so that it works as soon as the page is there); here it is
// fetched with the first of its kind that htmx swaps in.
const seldom = {
  "c-timeline": () => import("./timeline.js"),
  "c-time-strip": () => import("./time-strip.js"),
  "c-matrix": () => import("./matrix.js"),
  "c-passages": () => import("./passages.js"),
  "c-present": () => import("./present.js"),
};

function fetchSeldom() {
  for (const [name, fetchIt] of Object.entries(seldom)) {
    if (!document.querySelector(name)) continue;
    delete seldom[name];
    fetchIt();
  }
}

document.addEventListener("htmx:load", fetchSeldom);

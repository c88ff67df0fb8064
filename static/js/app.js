// Everything that moves. Each file starts and stops with the markup that htmx swaps in and out.
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
import "./rows.js";
import "./sortable.js";
import "./drafts.js";
import "./timeline.js";
import "./live.js";

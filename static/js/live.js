// One event stream per browser. The tab that holds the lock opens it for the channels of all tabs and passes on what
// comes; a message carries noun, id, version and change, never content. Pieces with data-live="item:214" and an address
// (data-live-url, or their hx-get) fetch themselves anew through it, but never under a person who is typing.
const WAIT = 150, RETRY = [1000, 2000, 5000, 15000];
const channels = document.body.dataset.live || "";
const me = crypto.getRandomValues(new Uint32Array(2)).join("-");
const mine = new Set(), waiting = new Map();
let requests = 0, held = [];

// ---- The stream -----------------------------------------------------------------------------------------------
const bus = "BroadcastChannel" in window ? new BroadcastChannel("cradle-live") : null;
const wants = new Map();
const recent = [];  // what the leader heard lately, for a tab that was being drawn meanwhile
const present = new Map();  // who is here, by place, for a tab that comes later
const fresh = new Set([me]);
const drawn = Number(document.body.dataset.drawn || 0);
let source = null, joined = "", failures = 0, leading = false;

function listen() {
  const next = [...new Set([...wants.values()].flatMap((one) => one.split("&")))].sort().join("&");
  if (next === joined && source) {
    if (source.readyState === EventSource.OPEN) fresh.clear();
    return;
  }
  source?.close();
  joined = next;
  source = null;
  if (!next) return;
  source = new EventSource(`/live/?${next}`);
  source.addEventListener("last", (event) => {  // only tabs that were drawn while the stream was not yet theirs
    for (const tab of fresh) tell(tab, { type: "last", at: Number(event.data) });
    fresh.clear();
  });
  source.addEventListener("change", (event) => spread({ type: "change", message: JSON.parse(event.data) }));
  source.addEventListener("here", (event) => spread({ type: "here", message: JSON.parse(event.data) }));
  source.addEventListener("open", () => {
    if (failures) spread({ type: "reconnected" });
    failures = 0;
  });
  source.addEventListener("error", () => {
    failures += 1;
    if (source.readyState !== EventSource.CLOSED) return;
    source = null;  // refused or ended by the server: ask again, slower each time
    setTimeout(() => { if (leading && !source) listen(); }, RETRY[Math.min(failures - 1, RETRY.length - 1)]);
  });
}

function tell(tab, event) {
  if (tab === me) hear(event); else bus.postMessage({ ...event, to: tab });
}

function spread(event) {
  if (event.type === "here") present.set(event.message.place, event);
  if (event.type === "change") {
    recent.push({ at: Date.now(), message: event.message });
    while (recent[0].at < Date.now() - 60_000) recent.shift();
  }
  bus?.postMessage(event);
  hear(event);
}

function hear(event) {
  if (event.type === "here") document.dispatchEvent(new CustomEvent("live:here", { detail: event.message }));
  if (event.type === "change") held.push(event.message);
  if (event.type === "change" && !requests) release();
  if (event.type === "reconnected" || (event.type === "last" && event.at > drawn)) {
    document.dispatchEvent(new CustomEvent("live:reconnected"));
    for (const piece of document.querySelectorAll("body [data-live]")) refresh(piece);
  }
}

async function prune() {
  const state = await navigator.locks.query();
  const alive = new Set(state.held.map((lock) => lock.name));
  for (const tab of wants.keys()) if (tab !== me && !alive.has(`live-tab:${tab}`)) wants.delete(tab);
  listen();
}

function start() {
  if (!channels) return;
  wants.set(me, channels);
  if (!navigator.locks || !bus) {  // plain http on a foreign host: a stream of its own while it is looked at
    leading = true;
    const look = () => { if (document.hidden) { source?.close(); source = null; } else listen(); };
    document.addEventListener("visibilitychange", look);
    return look();
  }
  navigator.locks.request(`live-tab:${me}`, () => new Promise(() => {}));
  bus.onmessage = ({ data }) => {
    if (data.type === "want" && leading) {
      wants.set(data.tab, data.channels);
      fresh.add(data.tab);
      for (const { at, message } of recent) if (at > data.since) tell(data.tab, { type: "change", message });
      for (const event of present.values()) tell(data.tab, event);
      prune();
    } else if (data.to && data.to !== me) return;
    else if (data.type === "who") bus.postMessage({ type: "want", tab: me, channels, since: Date.now() });
    else hear(data);
  };
  bus.postMessage({ type: "want", tab: me, channels, since: performance.timeOrigin });
  navigator.locks.request("live-leader", () => {
    leading = true;
    bus.postMessage({ type: "who" });
    listen();
    return new Promise(() => {});
  });
}

// ---- What this tab did itself ----------------------------------------------------------------------------------
document.addEventListener("asked", () => { requests += 1; });
document.addEventListener("answered", ({ detail: { xhr, from, successful } }) => {
  const change = xhr.getResponseHeader("X-Change");
  if (change) for (const id of change.split(/,\s*/)) mine.add(id);
  requests = Math.max(0, requests - 1);
  // What one did in a drawer or on an item's page (data-echo="item:214") shows beside it too: in the row, in the history.
  const [noun, id] = from.split(":");
  if (successful && change && from) for (const piece of concerned(noun, id)) if (piece.dataset.liveOthers === undefined) refresh(piece);
  if (!requests) release();
});

function release() {
  const messages = held;
  held = [];
  for (const message of messages) {
    if (mine.has(String(message.change))) continue;
    document.dispatchEvent(new CustomEvent("live:change", { detail: message }));
  }
}

// ---- Pieces that fetch themselves anew ----------------------------------------------------------------------------
document.addEventListener("live:stale", ({ target }) => refresh(target));
document.addEventListener("live:change", ({ detail }) => {
  for (const piece of concerned(detail.noun, detail.id)) refresh(piece);
});

// What was turned back comes anew where it stands; false where nothing on the page hears of it (js/undo.js).
export function bring(changed) {
  let heard = false;
  for (const [noun, id] of changed) {
    heard = concerned(noun, id).length > 0 || heard;
    heard = !document.dispatchEvent(new CustomEvent("live:change", { detail: { noun, id, change: "" }, cancelable: true })) || heard;
  }
  return heard;
}

function concerned(noun, id) {
  const heard = [`${noun}:${id}`, `${noun}:*`];
  const concerns = (name) => heard.includes(name) || name === noun || (id === "*" && name.startsWith(`${noun}:`));
  return [...document.querySelectorAll("body [data-live]")].filter((piece) => piece.dataset.live.split(/\s+/).some(concerns));
}

function refresh(piece) {
  clearTimeout(waiting.get(piece));
  waiting.set(piece, setTimeout(() => {
    waiting.delete(piece);
    if (!piece.isConnected) return;
    if (busy(piece)) piece.dataset.stale = "";
    else fetchAnew(piece);
  }, WAIT));
}

function fetchAnew(piece) {
  delete piece.dataset.stale;
  piece.dataset.refetching = "";  // its failure is no news for the person: js/errors.js stays silent
  const url = piece.dataset.liveUrl || piece.getAttribute("hx-get") || location.href;
  htmx.ajax("GET", url, { source: piece, target: piece, swap: piece.dataset.liveSwap || "morph:outerHTML", select: piece.id ? `#${CSS.escape(piece.id)}` : undefined })
    .catch(() => {});  // offline: what was last known stays, and it comes anew with the stream
}

// What somebody begins while it is on its way stays.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const piece = detail.requestConfig?.elt;
  if (piece?.dataset?.refetching === undefined || !detail.shouldSwap || !busy(piece)) return;
  detail.shouldSwap = false;
  piece.dataset.stale = "";
});

const busy = (piece) => piece.querySelector(".is-lifted, .is-nudged, .is-dragged, c-edit[open]") || piece.contains(typing()) || unsent(piece)
  || [...piece.querySelectorAll(".is-editing")].some((one) => one.closest("c-edit")?.editing ?? true);  // an editor that is there may be shut
// Typed and not sent; those that are kept (below) need no care.
const unsent = (piece) => [...piece.querySelectorAll("form:is([hx-post], [method=post]) :is(input:not([type=hidden], [type=checkbox], [type=radio], [type=range]), textarea)")]
  .some((one) => one.value !== one.defaultValue && one.checkVisibility() && !one.closest("[data-kept]"));
document.addEventListener("htmx:afterRequest", (event) => { delete event.detail.elt?.dataset?.refetching; });
const typing = () => document.activeElement?.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") ? document.activeElement : null;

document.addEventListener("focusout", () => setTimeout(() => {
  for (const piece of document.querySelectorAll("body [data-live][data-stale]")) if (!busy(piece)) fetchAnew(piece);
}));

// What a person opened, ticked or chose stays so when the markup around it is morphed.
const KEPT = { open: "details, dialog", hidden: "[role=tabpanel], [data-bulk]", checked: "[data-tick], [data-tick-all]", "aria-selected": "[role=tab]", tabindex: "[role=tab]" };
if (window.Idiomorph) Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => !(KEPT[name] && node.matches?.(KEPT[name]));
// A form that somebody may be filling in (data-kept="what it is about") is left as it is while it is about the same,
// unless what comes is the answer to it (data-answer).
const kept = (old, fresh) => old.matches?.("[data-kept]") && old.dataset.kept === fresh.dataset?.kept && !fresh.hasAttribute("data-answer");
if (window.Idiomorph) Idiomorph.defaults.callbacks.beforeNodeMorphed = (old, fresh) => !kept(old, fresh);

start();

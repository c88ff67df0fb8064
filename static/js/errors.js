// What goes wrong between the page and the server becomes a toast; the page and what was typed stay.
import { toast } from "./toast.js";

const words = (name) => document.getElementById("toasts")?.dataset[name] || "";

// A refusal in plain words is no markup: it is said, and what stands on the page stays.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status < 400 || !(detail.xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain")) return;
  detail.shouldSwap = false;
  detail.isError = true;
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  if (elt?.dataset?.refetching !== undefined) return;
  if (xhr.getResponseHeader("HX-Redirect") || xhr.getResponseHeader("X-Reason-Wanted")) return;
  if (xhr.status === 404 && elt?.matches?.("#drawer-slot > .drawer")) return noDrawer(elt, xhr);
  const plain = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain");
  toast(plain && xhr.responseText ? xhr.responseText : words("failed"), { tone: "bad" });
});

// What was sent from where the person is no more, and was not kept.
document.addEventListener("answered", ({ detail: { xhr, gone, successful } }) => {
  if (!gone || successful) return;
  const plain = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain");
  toast(plain && xhr.responseText ? xhr.responseText : words("unsaved"), { tone: "bad" });
});

// The item of the address is gone: so is its drawer. That its adding was undone just now, one knows.
function noDrawer(drawer, xhr) {
  const here = new URL(location.href);
  here.searchParams.delete("open");
  history.replaceState({ htmx: true }, "", here);
  drawer.remove();
  if (!document.querySelector("[data-redo-now]")) toast(xhr.responseText, { tone: "bad" });
}
document.addEventListener("htmx:sendError", ({ detail }) => detail.elt?.dataset?.refetching === undefined && toast(words("offline"), { tone: "bad" }));
document.addEventListener("htmx:timeout", () => toast(words("slow"), { tone: "bad" }));
addEventListener("offline", () => toast(words("offline"), { tone: "bad" }));
addEventListener("online", () => {
  for (const one of document.querySelectorAll("#toasts > .toast")) if (one.querySelector("span")?.textContent === words("offline")) one.remove();
  toast(words("back"));
});

// A lost answer must not leave a button busy.
document.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.elt.matches?.("form") ? event.detail.requestConfig?.triggeringEvent?.submitter : event.detail.elt;
  if (button?.matches?.(".btn")) button.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", () => {
  for (const busy of document.querySelectorAll(".btn[aria-busy]")) busy.removeAttribute("aria-busy");
});

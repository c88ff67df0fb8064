// data-dialog="id" opens a dialog; with data-dialog-url its inside is fetched first. data-close closes it.
// Focus goes back to the opener. A click on the backdrop closes, unless the dialog is data-modal="strict".
const openers = new WeakMap();
const WRITTEN = "input:not([type=hidden], [type=file], [type=checkbox], [type=radio]), textarea";

export function open(dialog, opener = document.activeElement) {
  if (dialog.open) return;
  openers.set(dialog, opener);
  dialog.showModal();
  // One types at once: into what is there to be written, not onto the button that closes. Thumbs see the form first, not their keyboard.
  const asked = dialog.querySelector("[autofocus]") || matchMedia("(pointer: coarse)").matches;
  if (dialog.querySelector("[data-draft-offer]") || !asked) [...dialog.querySelectorAll(WRITTEN)].find((one) => one.checkVisibility() && !one.disabled && !one.readOnly)?.focus();
  dialog.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    const url = opener.dataset.dialogUrl;
    if (url) htmx.ajax("GET", url, { target: dialog, swap: "innerHTML" }).then(() => open(dialog, opener), () => {});  // offline: js/errors.js says so
    else open(dialog, opener);
    return;
  }
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  if (event.target.closest("[data-close]") || (event.target === dialog && dialog.dataset.modal !== "strict")) {
    event.preventDefault();
    dialog.close();
  }
});
document.addEventListener("close", (event) => {
  const opener = openers.get(event.target);
  if (opener?.isConnected) opener.focus();
}, true);

// What a dialog's form was refused for is written at once: the first field that is marked has the focus, else the first of all.
document.addEventListener("htmx:afterSettle", ({ detail: { xhr, elt } }) => {
  if ([409, 422].includes(xhr?.status) && elt.matches?.("dialog #task-form")) (elt.querySelector("[aria-invalid=true]") || elt.querySelector(WRITTEN))?.focus();
});

// The server ends a dialog with HX-Trigger: {"dialog:close": null}.
document.addEventListener("dialog:close", () => document.querySelector("dialog[open]")?.close());

// A form that a press unfolds is written into at once: what is typed must not be taken for shortcuts.
let pressed = null;
document.addEventListener("pointerdown", (event) => { pressed = event.pointerType === "mouse" ? event.target.closest?.("summary") : null; });
document.addEventListener("toggle", ({ target, newState }) => {
  if (newState !== "open" || !pressed || target !== pressed.parentElement) return;
  [...target.querySelectorAll("form")].flatMap((form) => [...form.querySelectorAll(WRITTEN)])[0]?.focus();
}, true);

// Type the name to confirm: data-confirm-with="Waybill Classic" on the input enables the form's danger button.
document.addEventListener("input", (event) => {
  const wanted = event.target.dataset?.confirmWith;
  if (wanted === undefined) return;
  for (const button of event.target.form.querySelectorAll(".btn--danger")) button.disabled = event.target.value.trim() !== wanted;
});

// Menus: <details data-menu> or .menu-box closes on Escape, on choosing and on a click elsewhere.
const OPEN_MENUS = ["details[data-menu][open]", "details.menu-box[open]", "details.side__switch[open]"].join(", ");
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(OPEN_MENUS)) {
    if (!event.composedPath().includes(menu) || event.target.closest("[role^=menuitem], [data-bulk] .menu__item")) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menu = event.target.closest?.(OPEN_MENUS) || (event.target === document.body && document.querySelector(OPEN_MENUS));
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); event.stopPropagation(); }
});

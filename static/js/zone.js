// [data-browser-zone]: a time zone that nobody has chosen yet begins with the one of this browser.
const input = document.querySelector("[data-browser-zone] input");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (input && here && input.value === "UTC" && !input.hasAttribute("aria-invalid")) input.value = here;

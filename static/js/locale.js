// How days are written here: as the server writes them. Plain English is that of 22 Nov, not of Nov 22.
const lang = document.documentElement.lang || "en";
export const locale = lang === "en" ? "en-GB" : lang;

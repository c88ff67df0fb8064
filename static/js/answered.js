// What htmx sent to be written is answered, also when the element that sent it is gone by then: a drawer was closed, another one opened.
// htmx tells elements alone, whose events go nowhere once they are off the page. Here the page is told: `answered`, with the request, where it came
// from (data-echo) and whether it went well; and where it did not and nobody is there to show it, so is the person (js/errors.js).
document.addEventListener("htmx:beforeSend", ({ detail: { xhr, elt, requestConfig } }) => {
  if (requestConfig.verb === "get") return;
  const from = elt.closest?.("[data-echo]")?.dataset.echo || "";
  let gone = false;
  const tell = (name) => document.dispatchEvent(new CustomEvent(name, { detail: { xhr, elt, from, gone, successful: xhr.status >= 200 && xhr.status < 400 } }));
  tell("asked");
  // Before htmx puts the answer in the place of what asked: a refusal that is shown there is no news.
  xhr.addEventListener("readystatechange", () => { if (xhr.readyState === XMLHttpRequest.DONE) gone = !elt.isConnected; });
  xhr.addEventListener("loadend", () => tell("answered"));
});

// <c-here data-place="polarline/DSP">: the faces of the others who have this product open, as the event stream tells them.
const MOST = 4;

function face({ name, initials, hue }) {
  const element = document.createElement("span");
  element.className = "avatar";
  element.style.setProperty("--hue", hue);
  element.textContent = initials;
  element.title = name;
  element.setAttribute("aria-hidden", "true");
  return element;
}

class Here extends HTMLElement {
  connectedCallback() { document.addEventListener("live:here", this); }
  disconnectedCallback() { document.removeEventListener("live:here", this); }

  handleEvent({ detail }) {
    if (detail.place !== this.dataset.place) return;
    const others = detail.people.filter((person) => person.id !== document.body.dataset.person);
    const names = document.createElement("span");
    names.className = "sr";
    names.textContent = others.length ? this.dataset.sentence.replace("{names}", others.map((person) => person.name).join(", ")) : "";
    const more = document.createElement("span");
    more.className = "faint fs-12";
    more.textContent = others.length > MOST ? `+${others.length - MOST}` : "";
    this.replaceChildren(...others.slice(0, MOST).map(face), more, names);
  }
}

customElements.define("c-here", Here);

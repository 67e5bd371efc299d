// Making elements. Text from the network ends in text nodes only: nothing here takes markup.

const kSvg = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element with attributes, listeners ("onclick") and children, of which strings become text. */
export const make = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);

/** The same for SVG. */
export const draw = (tag, properties, ...children) => fill(document.createElementNS(kSvg, tag), properties, children);

/** `element` with these children and no others. */
export function show(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** A link only where following it can do no harm; otherwise the text alone. */
export function link(url, text) {
  const safe = /^https?:\/\//i.test(url);
  return safe ? make("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, text) : make("span", null, text);
}

/** Said to those who listen instead of looking. The same words twice in a row are said twice. */
export function announce(text) {
  const region = byId("announcements");
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

/** A command or an identifier that may be copied. */
export function copyable(text, label) {
  return make("div", { class: "command" }, make("code", { tabindex: "0" }, text), label);
}

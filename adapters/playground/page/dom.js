// Elements made by hand. Text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with attributes, listeners (`onclick` and so on) and children.
 * `text` sets the text; null, undefined and false leave an attribute or child out.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** One of the page's own icons, silent for screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A button that shows an icon and says `label`. */
export function iconButton(name, label, onclick, attributes = {}) {
  return el("button", { type: "button", class: "quiet-button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

/** Makes `parent` hold exactly `nodes`, in order, moving as little as possible, so that focus and scroll stay. */
export function keep(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let here = parent.firstChild;
  for (const node of nodes) {
    if (node === here) here = here.nextSibling;
    else parent.insertBefore(node, here);
  }
}

/** Fills the named holes of a sentence. */
export function fill(sentence, holes) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in holes ? String(holes[name]) : whole));
}

let counter = 0;

/** An id that no other element on the page has. */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Colours of people who have no picture: quiet ones, white text on each is readable (WCAG AA). */
const COLOURS = ["#8a5a83", "#4f7380", "#86692f", "#3d6b52", "#5d639c", "#a0523d", "#4a6a8f", "#7a5c46", "#6b6f3a", "#84506a"];

const colours = new Map();

/** Gives everybody a colour, neighbours different ones. */
export function setColours(ids) {
  ids.forEach((id, place) => colours.set(id, COLOURS[place % COLOURS.length]));
}

/** Two letters for somebody: the family name in Japanese (its first character if it is long), initials otherwise. */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  if (/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(name)) {
    return [...words[0]].length > 2 ? [...words[0]][0] : words[0];
  }
  return words.map((word) => [...word][0]).slice(0, 2).join("").toUpperCase();
}

/** Somebody's tile. */
export function avatar(id, name, size = "") {
  const tile = el("span", { class: `avatar ${size}`, "aria-hidden": "true", text: initials(name) });
  tile.style.setProperty("--tile", colours.get(id) ?? COLOURS[0]);
  return tile;
}

/** Musubi's tile. */
export function botAvatar() {
  return el("span", { class: "avatar bot", "aria-hidden": "true", text: "結" });
}

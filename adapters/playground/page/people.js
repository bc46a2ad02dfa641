// The list of people: who is here, who has something to read, whose side to take.

import { avatar, el, fill, icon, iconButton, keep, uniqueId } from "./dom.js";

const GROUPS = ["alumnus", "employee", "hr", "waiting"];

/** The group a person stands in: leavers wait until they have joined, and are alumni then. */
function groupOf(person, status) {
  if (person.role === "leaver") return status.joined ? "alumnus" : "waiting";
  return person.role;
}

/** Names are compared as people type them: without spaces, in any script's width. */
function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s/g, "");
}

/** The side list. `open(person, beside)` shows somebody. */
export class PeopleList {
  constructor(app) {
    this.app = app;
    this.rows = new Map();
    this.expanded = new Set();
    const { texts } = app;
    this.search = el("input", { type: "search", class: "people-search", placeholder: texts["people.search"], "aria-label": texts["people.search"], oninput: () => this.update() });
    this.groups = new Map(GROUPS.map((name) => [name, this.makeGroup(name)]));
    this.empty = el("p", { class: "people-empty", text: texts["people.none"], hidden: true });
    this.node = el(
      "nav", { class: "people", id: "people", "aria-label": texts["people.title"] },
      el("div", { class: "people-find" }, icon("search"), this.search), this.empty, GROUPS.map((name) => this.groups.get(name).node), this.drawTrials(),
    );
    this.node.addEventListener("keydown", (event) => this.key(event));
    for (const person of app.people.values()) this.rows.set(person.id, this.makeRow(person));
  }

  makeGroup(name) {
    const { texts } = this.app;
    const heading = el("h2", { id: uniqueId("group") });
    const list = el("ul", { "aria-labelledby": heading.id });
    const more = el("button", { type: "button", class: "people-more", "aria-expanded": "false" });
    more.addEventListener("click", () => {
      if (!this.expanded.delete(name)) this.expanded.add(name);
      this.update();
    });
    return { heading, list, more, title: texts[`people.${name}`], node: el("section", { class: "people-group" }, heading, list, more) };
  }

  makeRow(person) {
    const { texts } = this.app;
    const badge = el("span", { class: "badge", hidden: true });
    const small = el("small", { text: person.role === "alumnus" ? person.job : person.department });
    const open = el("button", { type: "button", class: "person" }, avatar(person.id, person.name), el("span", { class: "person-text" }, el("span", { class: "person-name", text: person.name }), small), badge);
    open.addEventListener("click", () => this.app.open(person.id, false));
    const beside = iconButton("beside", fill(texts["people.beside"], { name: person.name }), () => this.app.open(person.id, true), { class: "quiet-button beside" });
    const words = [person.name, person.kana, person.job, person.department, person.employer, person.city, ...person.topics, person.id];
    return { person, open, small, badge, words: fold(words.join(" ")), node: el("li", { class: "person-row" }, open, beside) };
  }

  /** Draws who is where, who is shown, and what waits for whom. */
  update() {
    const wanted = fold(this.search.value);
    const shown = new Set(this.app.shownPeople());
    let found = 0;
    for (const name of GROUPS) found += this.updateGroup(name, wanted, shown);
    this.empty.hidden = found > 0;
  }

  updateGroup(name, wanted, shown) {
    const { texts } = this.app;
    const group = this.groups.get(name);
    const members = [...this.rows.values()].filter(({ person }) => groupOf(person, this.app.statusOf(person.id)) === name);
    const matching = members.filter((row) => row.words.includes(wanted));
    const open = wanted !== "" || this.expanded.has(name);
    const first = matching.filter(({ person }) => open || name === "waiting" || person.featured || shown.has(person.id) || this.app.statusOf(person.id).unread > 0);
    for (const row of first) this.updateRow(row, shown);
    const waits = (row) => (row.person.featured ? 0 : 1);
    keep(group.list, first.toSorted((a, b) => waits(a) - waits(b)).map((row) => row.node));
    group.heading.textContent = group.title;
    group.node.hidden = !matching.length;
    const hidden = matching.length - first.length;
    group.more.hidden = wanted !== "" || (!hidden && !this.expanded.has(name));
    group.more.textContent = this.expanded.has(name) ? texts["people.fewer"] : fill(texts["people.more"], { n: hidden });
    group.more.setAttribute("aria-expanded", String(this.expanded.has(name)));
    return matching.length;
  }

  updateRow(row, shown) {
    const { texts } = this.app;
    const { unread, joined } = this.app.statusOf(row.person.id);
    row.badge.hidden = !unread;
    row.badge.replaceChildren(el("span", { "aria-hidden": "true", text: unread > 99 ? "99+" : unread }), el("span", { class: "only-read", text: fill(texts["people.unread"], { n: unread }) }));
    row.open.classList.toggle("on", shown.has(row.person.id));
    row.open.setAttribute("aria-current", String(shown.has(row.person.id)));
    if (row.person.role === "leaver" && !joined) row.small.textContent = texts["people.not_joined"];
    else if (row.person.role === "leaver") row.small.textContent = row.person.department;
  }

  /** Up and down go from person to person. */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [this.search, ...this.node.querySelectorAll(".person")];
    const here = stops.indexOf(document.activeElement);
    if (here < 0) return;
    event.preventDefault();
    stops[Math.min(Math.max(here + step, 0), stops.length - 1)].focus();
  }

  drawTrials() {
    const { texts, trials } = this.app;
    const items = trials.map((trial) =>
      el("li", {}, el("button", { type: "button", class: "trial", onclick: () => this.app.tryOut(trial) }, el("b", { text: trial.title }), el("span", { text: trial.text }))),
    );
    return el("section", { class: "trials" }, el("h2", { text: texts["trials.title"] }), el("ul", {}, items));
  }
}

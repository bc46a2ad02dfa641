// The page: people, two panes, the clock; and what keeps them in step with the workspace.

import { OfflineError, get, listen, sendUnsent } from "./api.js";
import { Clock } from "./clock.js";
import { tell } from "./dialog.js";
import { el, fill, icon, iconButton, setColours } from "./dom.js";
import { keepChoice, keepInTab, recall, recallChoice } from "./memory.js";
import { Pane } from "./pane.js";
import { PeopleList } from "./people.js";
import { View } from "./views.js";

const MOST_HINTS = 7;

const THEMES = ["auto", "light", "dark"];

class App {
  constructor(start) {
    Object.assign(this, { texts: start.texts, lang: start.lang, zone: start.zone, commands: start.commands, trials: start.trials });
    this.people = new Map(start.people.map((person) => [person.id, person]));
    setColours(start.people.toSorted((a, b) => b.featured - a.featured).map((person) => person.id));
    this.statuses = {};
    this.views = new Map();
    this.drafts = new Map(Object.entries(recall("drafts", {})));
    this.clock = new Clock(this);
    this.panes = [new Pane(this, 0), new Pane(this, 1)];
    this.active = this.panes[0];
    this.list = new PeopleList(this);
    this.syncing = null;
    this.draw();
  }

  // What others ask

  statusOf(person) {
    return this.statuses[person] ?? { joined: false, unread: 0, arrived: 0, language: "" };
  }

  shownPeople() {
    return this.panes.map((pane) => pane.person).filter(Boolean);
  }

  /** The commands that are of use to a person as they stand; HR's own come first for them. */
  commandsFor(person) {
    const standing = this.views.get(person.id)?.standing;
    const uses = { newcomer: ["newcomer", "anybody"], member: ["member", "anybody"], away: ["anybody"] }[standing] ?? [];
    if (standing === "member" && person.role === "hr") uses.unshift("hr");
    const found = this.commands.filter((command) => uses.includes(command.use));
    return found.toSorted((a, b) => (b.use === "hr") - (a.use === "hr"));
  }

  /** Words that stand ready above the box. */
  hintsFor(person) {
    return this.commandsFor(person).map((command) => command.hint).filter(Boolean).slice(0, MOST_HINTS);
  }

  /** How many messages have ever reached each person. */
  arrivals() {
    return Object.fromEntries(Object.entries(this.statuses).map(([id, status]) => [id, status.arrived]));
  }

  /** A sentence about what went wrong. */
  failure(error) {
    if (error instanceof OfflineError) return this.texts["error.offline"];
    return this.texts[{ 403: "error.forbidden", 404: "error.gone", 409: "error.not_joined", 400: "error.not_understood" }[error.status] ?? "error.failed"];
  }

  // Drawing

  draw() {
    const { texts } = this;
    document.documentElement.lang = this.lang;
    this.news = el("div", { class: "news", role: "status", hidden: true });
    this.line = el("p", { class: "line-lost", role: "status", hidden: true, text: texts["line.lost"] });
    this.drawer = el("button", { type: "button", class: "quiet-button drawer-button", "aria-controls": "people", "aria-expanded": "false", "aria-label": texts["people.title"], onclick: () => this.setDrawer(!this.drawerOpen) }, icon("people"), el("span", { class: "badge", hidden: true }));
    this.switcher = el("div", { class: "switcher", role: "group", "aria-label": texts["switcher.label"] });
    this.veil = el("div", { class: "veil", onclick: () => this.setDrawer(false) });
    this.root = document.getElementById("app");
    const main = el("main", { class: "panes" }, this.panes.map((pane) => pane.node));
    this.root.append(this.drawSkips(), this.drawTop(), this.news, this.line, this.switcher, this.list.node, this.veil, main);
    this.root.addEventListener("keydown", (event) => this.shortcut(event));
    this.narrow = matchMedia("(max-width: 1099px)");
    this.narrow.addEventListener("change", () => this.setDrawer(false));
    this.setDrawer(false);
  }

  drawSkips() {
    const link = (text, go) => el("button", { type: "button", class: "skip", text, onclick: go });
    return el("div", { class: "skips" }, this.panes.map((pane, index) => link(this.texts[`skip.${index}`], () => this.enter(pane))));
  }

  drawTop() {
    const { texts } = this;
    const mark = el("img", { class: "logo-mark", src: "/playground/assets/icon.svg", alt: "" });
    const logo = el("h1", { class: "logo" }, mark, el("span", { text: "結び Musubi" }));
    const languages = ["ja", "en"].map((code) => el("button", { type: "button", class: "language", lang: code, "aria-pressed": String(code === this.lang), text: texts[`language.${code}`], onclick: () => this.setLanguage(code) }));
    this.themeButton = iconButton("auto", "", () => this.nextTheme());
    this.showTheme();
    const keys = iconButton("keys", texts["keys.title"], () => this.showKeys(), { class: "quiet-button keys-button" });
    const choice = el("div", { class: "languages", role: "group", "aria-label": texts["language.label"] }, languages);
    return el("header", { class: "top" }, this.drawer, logo, choice, this.themeButton, keys, this.clock.node);
  }

  update() {
    for (const pane of this.panes) pane.update();
    this.list.update();
    this.updateSwitcher();
    this.root.classList.toggle("alone", this.shownPeople().length < 2);
    const waiting = Object.values(this.statuses).reduce((sum, status) => sum + status.unread, 0);
    document.title = waiting ? `(${waiting}) 結び Musubi` : "結び Musubi";
    this.showBadge(this.drawer.querySelector(".badge"), this.unreadElsewhere());
    this.keepAddress();
  }

  unreadElsewhere() {
    const shown = new Set(this.shownPeople());
    return Object.entries(this.statuses).reduce((sum, [id, status]) => (shown.has(id) ? sum : sum + status.unread), 0);
  }

  showBadge(badge, count) {
    badge.hidden = !count;
    badge.textContent = count > 99 ? "99+" : count;
  }

  /** On a phone: which of the two people is in view. */
  updateSwitcher() {
    const shown = this.panes.filter((pane) => pane.person);
    if (!shown.includes(this.active)) this.active = shown[0];
    for (const pane of this.panes) pane.node.classList.toggle("active", pane === this.active);
    this.switcher.hidden = shown.length < 2;
    this.switcher.replaceChildren(
      ...shown.map((pane) => {
        const badge = el("span", { class: "badge" });
        this.showBadge(badge, pane === this.active ? 0 : this.statusOf(pane.person).unread);
        return el("button", { type: "button", class: "switch", "aria-pressed": String(pane === this.active), onclick: () => this.activate(pane, true) }, el("span", { text: this.people.get(pane.person).name }), badge);
      }),
    );
  }

  // Who is shown

  activate(pane, redraw = false) {
    if (this.active === pane && !redraw) return;
    this.active = pane;
    this.updateSwitcher();
    if (redraw) this.update();
  }

  /** Shows a person in the active pane, or beside it. */
  open(person, beside) {
    const shown = this.panes.find((pane) => pane.person === person);
    const other = this.panes[1 - this.panes.indexOf(this.active)];
    const pane = shown ?? (beside ? other : this.active);
    this.setDrawer(false);
    this.step(() => this.show([[pane, person, ""]]));
    this.activate(pane, true);
    void this.enterSoon(pane);
  }

  /** Puts people into panes and loads what is missing. */
  show(choices) {
    for (const [pane, person, place] of choices) pane.show(person, place);
    this.update();
    void this.sync();
  }

  /** Does something that the browser's way back undoes. */
  step(change) {
    history.pushState(null, "", location.href);
    change();
  }

  /** Ready to write; on a phone without its keyboard jumping up. */
  enter(pane) {
    if (!pane.person || pane.foot.contains(document.activeElement)) return; // whoever writes already is not disturbed
    const box = matchMedia("(pointer: coarse)").matches ? null : pane.foot.querySelector("textarea");
    (box ?? pane.node).focus({ preventScroll: true });
  }

  /** Ready to write as soon as the conversations are there, unless the person has gone elsewhere meanwhile. */
  async enterSoon(pane) {
    const before = document.activeElement;
    await this.sync();
    if ([before, document.body].includes(document.activeElement)) this.enter(pane);
  }

  closePane(pane) {
    if (this.shownPeople().length < 2) return;
    this.step(() => this.show([[pane, null, ""]]));
    this.activate(this.panes[1 - pane.index], true);
    this.enter(this.active);
  }

  /** Something to try: the right two people, and the words to begin with. */
  tryOut({ people, say }) {
    this.setDrawer(false);
    this.step(() => this.show(people.map((person, index) => [this.panes[index], person, ""])));
    this.activate(this.panes[0], true);
    void this.enterSoon(this.panes[0]).then(() => say && this.panes[0].composer?.write(say));
  }

  // The address says who is shown, so that a reload or a link shows the same

  keepAddress() {
    const shown = this.panes.filter((pane) => pane.person);
    const query = new URLSearchParams(location.search);
    query.set("people", shown.map((pane) => pane.person).join(","));
    query.set("at", shown.map((pane) => pane.place).join(","));
    query.set("lang", this.lang);
    const address = `?${query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
    if (address !== location.search) history.replaceState(null, "", address);
  }

  readAddress() {
    const query = new URLSearchParams(location.search);
    const places = (query.get("at") ?? "").split(",");
    const asked = (query.get("people") ?? "").split(",").filter((id) => this.people.has(id));
    const people = [...new Set(asked)].slice(0, 2);
    const chosen = people.length ? people : (this.trials[1]?.people ?? [...this.people.keys()].slice(0, 2));
    this.show(this.panes.map((pane, index) => [pane, chosen[index] ?? null, places[index] ?? ""]));
  }

  // Keeping in step

  /** Asks what is new, until nothing newer is known to be there. Many callers share one question. */
  sync() {
    this.again = true;
    this.syncing ??= this.syncAll().finally(() => {
      this.syncing = null;
    });
    return this.syncing;
  }

  async syncAll() {
    while (this.again) {
      this.again = false;
      const shown = this.shownPeople();
      const since = shown.map((person) => this.views.get(person)?.seq ?? 0);
      const answer = await get("changes", { people: shown.join(","), since: since.join(",") });
      this.takeIn(answer);
    }
  }

  takeIn(answer) {
    this.clock.set(answer.now);
    this.statuses = answer.people;
    for (const view of answer.views) {
      const known = this.views.get(view.person);
      // A workspace that counts lower than before has been begun anew.
      if (known && view.seq < known.seq) return location.reload();
      if (!known) this.views.set(view.person, new View());
      this.views.get(view.person).merge(view);
    }
    return this.update();
  }

  async live() {
    const seq = () => Math.min(...this.shownPeople().map((person) => this.views.get(person)?.seq ?? 0));
    listen(seq, () => void this.sync().catch(() => this.setLine(false)), (stands) => this.setLine(stands));
  }

  setLine(stands) {
    this.line.hidden = stands;
  }

  // What happened when the clock moved

  /** Whom something has reached since those arrivals. */
  listNews(before) {
    return Object.keys(this.statuses).filter((id) => this.statuses[id].arrived > (before[id] ?? 0));
  }

  showNews(said, before) {
    const fresh = this.listNews(before);
    const links = fresh.slice(0, 6).map((id) => el("button", { type: "button", class: "news-person", text: this.people.get(id).name, onclick: () => this.open(id, false) }));
    const others = fresh.length > 6 ? fill(this.texts["news.others"], { n: fresh.length - 6 }) : "";
    const told = fresh.length ? [el("span", { class: "news-label", text: this.texts["news.new"] }), ...links, others] : [];
    const close = iconButton("close", this.texts["close"], () => {
      this.news.hidden = true;
    });
    this.news.replaceChildren(el("span", { class: "news-said", text: said }), ...told, close);
    this.news.hidden = false;
  }

  // The page's own settings

  setLanguage(code) {
    keepChoice("lang", code);
    const query = new URLSearchParams(location.search);
    query.set("lang", code);
    location.search = query.toString();
  }

  nextTheme() {
    const now = document.documentElement.dataset.theme;
    const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
    document.documentElement.dataset.theme = next;
    keepChoice("theme", next);
    this.showTheme();
  }

  showTheme() {
    const now = document.documentElement.dataset.theme;
    const label = this.texts[`theme.${now}`];
    this.themeButton.setAttribute("aria-label", label);
    this.themeButton.title = label;
    this.themeButton.replaceChildren(icon(now));
  }

  setDrawer(open) {
    this.drawerOpen = open;
    this.root.classList.toggle("drawer-open", open);
    this.drawer.setAttribute("aria-expanded", String(open));
    this.list.node.inert = this.narrow.matches && !open;
    if (open) this.list.search.focus();
  }

  shortcut(event) {
    const chosen = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (chosen) {
      event.preventDefault();
      this.setDrawer(this.narrow.matches);
      this.list.search.focus();
    } else if (event.altKey && (event.code === "Digit1" || event.code === "Digit2")) {
      event.preventDefault();
      const pane = this.panes[Number(event.code.at(-1)) - 1];
      this.activate(pane, true);
      this.enter(pane);
    } else if (event.key === "Escape" && this.drawerOpen) {
      this.setDrawer(false);
      this.drawer.focus();
    }
  }

  showKeys() {
    const rows = ["find", "panes", "send", "line", "list", "tab"].flatMap((name) => [el("dt", {}, el("kbd", { text: this.texts[`keys.${name}`] })), el("dd", { text: this.texts[`keys.${name}_what`] })]);
    tell(this, this.texts["keys.title"], [el("dl", { class: "facts keys" }, rows)]);
  }
}

async function begin() {
  const asked = new URLSearchParams(location.search).get("lang") ?? recallChoice("lang") ?? document.documentElement.lang;
  const app = new App(await get("start", { lang: asked }));
  addEventListener("popstate", () => app.readAddress());
  addEventListener("pagehide", () => keepInTab("drafts", Object.fromEntries([...app.drafts].filter(([, text]) => text))));
  await sendUnsent();
  app.readAddress();
  await app.sync();
  app.keepAddress();
  await app.live();
}

void begin();

// One person's side: their conversations, their home page, their mails.

import { OfflineError, act, get, post } from "./api.js";
import { Composer } from "./composer.js";
import { formatTime } from "./dates.js";
import { confirm, openForm, tell } from "./dialog.js";
import { avatar, el, fill, icon, iconButton, keep, uniqueId } from "./dom.js";
import { drawCard } from "./draw.js";
import { Log } from "./log.js";

const HOME = "home";
const ICONS = { dm: "chat", thread: "thread", home: "home", group: "group", channel: "channel", mail: "mail" };

/** A pane. `person` is whose side is shown, `place` the conversation's id or `home`. */
export class Pane {
  constructor(app, index) {
    Object.assign(this, { app, index, person: null, place: "", tabs: new Map(), busy: new Map() });
    this.head = el("header", { class: "pane-head" });
    this.tabList = el("div", { class: "tabs", role: "tablist", onkeydown: (event) => this.tabKey(event) });
    this.panel = el("div", { class: "panel", role: "tabpanel", id: uniqueId("panel") });
    this.notice = el("p", { class: "pane-notice", role: "alert", hidden: true });
    this.foot = el("div", { class: "foot" });
    this.node = el("section", { class: "pane", hidden: true, tabindex: "-1" }, this.head, this.tabList, this.panel, this.notice, this.foot);
    this.node.addEventListener("focusin", () => app.activate(this));
    this.node.addEventListener("pointerdown", () => app.activate(this));
  }

  /** Shows a person, at a place of theirs. */
  show(person, place = "") {
    if (this.person === person && (!place || place === this.place)) return;
    if (this.person !== person) this.clear();
    this.person = person;
    this.place = place;
    this.drawn = "";
    this.tell("");
    this.tabs.clear();
    this.node.hidden = !person;
    if (person) this.drawHead();
  }

  /** Until the next person's conversations are there, nothing of the last one's stands here: nobody writes into them. */
  clear() {
    this.log = this.composer = null;
    for (const part of [this.tabList, this.panel, this.foot]) part.replaceChildren();
  }

  get resident() {
    return this.app.people.get(this.person);
  }

  get view() {
    return this.app.views.get(this.person);
  }

  /** Everything as the last answer of the workspace says. */
  update() {
    if (!this.person || !this.view) return;
    const places = this.listPlaces();
    if (!places.some((place) => place.id === this.place)) this.place = places[0].id;
    this.updateLocalTime();
    this.updateTabs(places);
    const key = `${this.person} ${this.place} ${this.view.joined}`;
    const here = places.find((place) => place.id === this.place);
    if (this.drawn !== key) this.drawPlace(key, here);
    else if (this.offered !== this.view.standing) this.drawOffers(here);
    if (this.place === HOME) this.updateHome();
    else this.log.update(this.view);
  }

  /** Where the person can be: Musubi first, home, groups by the latest message, channels, mails. */
  listPlaces() {
    const { texts } = this.app;
    const { conversations, joined } = this.view;
    const of = (kind) => conversations.filter((one) => one.kind === kind).map((one) => ({ ...one, label: this.titleOf(one) }));
    const mails = of("mail").filter((one) => !joined || one.latest > 0);
    if (!joined) return mails;
    const [threads, groups] = ["thread", "group"].map((kind) => of(kind).toSorted((a, b) => b.latest - a.latest));
    return [...of("dm"), ...threads, { id: HOME, kind: "home", label: texts["place.home"], unread: 0 }, ...groups, ...of("channel"), ...mails];
  }

  titleOf(conversation) {
    const { texts, people } = this.app;
    if (conversation.kind === "dm") return "Musubi";
    if (conversation.kind === "mail") return texts["place.mail"];
    if (conversation.title) return texts[`channel.${conversation.title}`] ?? conversation.title;
    const others = conversation.people.filter((id) => id !== this.person).map((id) => people.get(id)?.name ?? id);
    return others.join(texts["place.and"]);
  }

  drawHead() {
    const { texts } = this.app;
    const { name, look, id } = this.resident;
    const [before, after] = texts["pane.as"].split("{name}");
    const title = el("h2", { class: "pane-title" }, el("span", { class: "as", text: before }), el("b", { text: name }), el("span", { class: "as", text: after }));
    this.localTime = el("span", { class: "local-time" });
    const badge = el("span", { class: "look-badge", text: texts[`look.${look}`] });
    const info = iconButton("info", fill(texts["pane.info"], { name }), () => this.showInfo());
    const close = iconButton("close", fill(texts["pane.close"], { name }), () => this.app.closePane(this), { class: "quiet-button pane-close" });
    this.head.replaceChildren(avatar(id, name), el("div", { class: "pane-who" }, title, this.localTime), badge, info, close);
    this.node.setAttribute("aria-label", name);
  }

  /** Somebody abroad lives in another hour: say which. */
  updateLocalTime() {
    const { app, resident } = this;
    const here = formatTime(app.clock.now(), app.lang, app.zone);
    const there = formatTime(app.clock.now(), app.lang, resident.zone);
    this.localTime.textContent = here === there ? "" : fill(app.texts["pane.local_time"], { city: resident.city, time: there });
  }

  updateTabs(places) {
    const nodes = places.map((place) => {
      const tab = this.tabs.get(place.id) ?? this.makeTab(place);
      const on = place.id === this.place;
      tab.node.setAttribute("aria-selected", String(on));
      tab.node.tabIndex = on ? 0 : -1;
      tab.label.textContent = place.label;
      tab.node.title = place.label;
      tab.badge.hidden = !place.unread || on;
      tab.badge.replaceChildren(el("span", { "aria-hidden": "true", text: place.unread }), el("span", { class: "only-read", text: fill(this.app.texts["people.unread"], { n: place.unread }) }));
      return tab.node;
    });
    keep(this.tabList, nodes);
    this.tabList.setAttribute("aria-label", fill(this.app.texts["pane.places"], { name: this.resident.name }));
    this.panel.setAttribute("aria-labelledby", this.tabs.get(this.place).node.id);
  }

  makeTab(place) {
    const label = el("span", { class: "tab-label" });
    const badge = el("span", { class: "badge", hidden: true });
    const node = el("button", { type: "button", role: "tab", class: "tab", id: uniqueId("tab"), "aria-controls": this.panel.id }, icon(ICONS[place.kind]), label, badge);
    node.addEventListener("click", () => this.go(place.id));
    const tab = { node, label, badge };
    this.tabs.set(place.id, tab);
    return tab;
  }

  /** Goes to another place of the person. */
  go(place) {
    this.place = place;
    this.tell("");
    this.update();
    this.tabs.get(this.place)?.node.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.app.keepAddress();
  }

  tabKey(event) {
    const nodes = [...this.tabList.children];
    const here = nodes.indexOf(document.activeElement);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: nodes.length - 1 }[event.key];
    if (here < 0 || next === undefined) return;
    event.preventDefault();
    const node = nodes[(next + nodes.length) % nodes.length];
    node.click();
    node.focus();
  }

  drawPlace(key, place) {
    this.drawn = key;
    if (place.kind === "home") {
      this.log = null;
      this.home = el("div", { class: "home", tabindex: "0" });
      this.panel.replaceChildren(this.home);
      this.foot.replaceChildren();
      void this.openHome();
      return;
    }
    this.log = new Log(this, place);
    this.panel.replaceChildren(this.log.node);
    this.foot.replaceChildren(this.drawFoot(place));
  }

  listOffers(place) {
    this.offered = this.view.standing;
    return {
      commands: place.kind === "thread" ? [] : this.app.commandsFor(this.resident),
      hints: place.kind === "dm" ? this.app.hintsFor(this.resident) : [],
    };
  }

  /** Somebody who has registered is offered something else than before. */
  drawOffers(place) {
    const offers = this.listOffers(place);
    this.composer?.offer(offers);
  }

  drawFoot(place) {
    const { texts } = this.app;
    this.composer = null;
    if (place.kind === "mail") return this.view.joined ? "" : this.drawJoin();
    const placeholder = fill(texts[`say.${place.kind}`], { name: place.label });
    const composer = new Composer(this.app, {
      label: fill(texts["say.label"], { person: this.resident.name, place: place.label }), placeholder, ...this.listOffers(place),
      send: (text) => this.say(place.id, text), draftKey: `${this.person} ${place.id}`, drafts: this.app.drafts,
    });
    this.composer = composer;
    return composer.node;
  }

  drawJoin() {
    const { texts } = this.app;
    const button = el("button", { type: "button", class: "button primary", text: texts["join.button"] });
    button.addEventListener("click", () => void this.perform({ kind: "join" }, "", button));
    return el("div", { class: "join" }, el("p", { text: fill(texts["join.text"], { name: this.resident.name }) }), button);
  }

  async openHome() {
    this.updateHome();
    await this.perform({ kind: "home" }, HOME);
  }

  updateHome() {
    const { home } = this.view;
    if (this.shownHome === home && this.home.childNodes.length) return;
    this.shownHome = home;
    const card = home
      ? drawCard(home, (button, node) => void this.press(HOME, button, node), this.app.texts)
      : el("p", { class: "empty", text: this.app.texts["home.wait"] });
    this.home.replaceChildren(card);
  }

  /** Says something under the log, until the next act; "" takes it away. */
  tell(text) {
    this.notice.textContent = text;
    this.notice.hidden = !text;
  }

  // What the person does

  async say(conversation, text) {
    return this.perform({ kind: "say", conversation, text }, "");
  }

  /** Changes a message that the person wrote. */
  editMessage(message) {
    const { texts } = this.app;
    const person = this.person;
    const field = { kind: "text", name: "text", label: texts["log.edit_label"], hint: "", required: true, value: message.body.text, example: "", multiline: true, max_length: 4000 };
    const form = { lang: this.app.lang, title: texts["log.edit_title"], submit: texts["log.edit_save"], payload: "", items: [field], errors: {} };
    const scene = { person, message: String(message.id), conversation: message.conversation };
    openForm(this.app, {
      form, who: this.resident.name, anchor: this.node,
      submit: (_payload, { text }) => act(person, { kind: "edit", conversation: message.conversation, message: String(message.id), text: text.trim() }),
      press: () => {}, done: (answer) => void this.take(answer, scene),
    });
  }

  /** Deletes one, if the person means it. */
  async deleteMessage(message, node) {
    const { texts } = this.app;
    const question = { sentence: texts["log.delete_sure"], label: texts["log.delete"], danger: true, who: this.resident.name, anchor: this.node };
    if (!(await confirm(this.app, question))) return;
    await this.perform({ kind: "delete", conversation: message.conversation, message: String(message.id) }, String(message.id), node);
  }

  async press(message, button, node) {
    const { resident } = this;
    const question = { sentence: button.confirm, label: button.label, danger: button.style === "danger", who: resident.name, anchor: this.node };
    if (button.confirm && !(await confirm(this.app, question))) return;
    const conversation = message === HOME || !this.log ? `dm:${resident.id}` : this.place;
    await this.perform({ kind: "press", conversation, message: String(message), payload: button.payload }, String(message), node);
  }

  /** Does something and shows what comes of it. Resolves to whether the workspace took it. */
  async perform(what, message, node = null) {
    const person = this.person;
    this.tell("");
    this.setBusy(node, 1);
    try {
      const answer = await act(person, what);
      await this.take(answer, { person, message, conversation: what.conversation ?? `dm:${person}` });
      return true;
    } catch (error) {
      this.tell(this.app.failure(error));
      if (!(error instanceof OfflineError)) await this.app.sync();
      return false;
    } finally {
      this.setBusy(node, -1);
    }
  }

  /** A button is busy as long as one of its presses is under way; it can be pressed again all the same. */
  setBusy(node, by) {
    if (!node) return;
    const presses = (this.busy.get(node) ?? 0) + by;
    this.busy.set(node, presses);
    if (presses > 0) node.setAttribute("aria-busy", "true");
    else node.removeAttribute("aria-busy");
  }

  async take(answer, scene) {
    if (answer.kind === "form") this.openForm(answer.form, scene);
    if (answer.kind === "page") tell(this.app, this.app.texts["form.done"], [drawCard(answer.message, () => {}, this.app.texts)], this.node);
    if (answer.kind === "queued") this.tell(this.app.texts["act.queued"]);
    await this.app.sync();
    if (this.person !== scene.person) return;
    if (answer.kind === "home" && this.place !== HOME) this.go(HOME);
    if (answer.kind === "shown" && this.place === HOME && scene.message === HOME) this.go(answer.conversation);
  }

  openForm(form, scene) {
    const { person, message, conversation } = scene;
    openForm(this.app, {
      form, who: this.app.people.get(person).name, anchor: this.node,
      submit: (payload, values) => act(person, { kind: "submit", conversation, message, payload, values }),
      press: (button, node) => void this.press("", button, node),
      done: (answer) => void this.take(answer, scene),
    });
  }

  /** Loads the messages before the first one shown. */
  async loadEarlier(conversation, before) {
    const { messages } = await get("earlier", { person: this.person, conversation, before });
    this.view.merge({ messages }, conversation, messages.length === 0);
    this.update();
  }

  /** Tells the workspace what has been seen; what gets lost is told again with the next message. */
  markRead(conversation, message) {
    return post("reads", { person: this.person, conversation, message }).catch((error) => this.tell(this.app.failure(error)));
  }

  showInfo() {
    const { texts } = this.app;
    const { name, kana, employer, job, department, city, zone, role } = this.resident;
    const language = el("select", { class: "choose", id: uniqueId("language") }, ["ja", "en"].map((code) => el("option", { value: code, text: texts[`language.${code}`] })));
    language.value = this.app.statusOf(this.person).language || this.resident.language;
    const person = this.person;
    language.addEventListener("change", () => void this.perform({ kind: "language", language: language.value }, ""));
    const rows = [
      [texts["info.role"], texts[`role.${role}`]], [texts["info.work"], [employer, job].filter(Boolean).join(texts["info.and"])],
      [texts["info.department"], department], [texts["info.place"], fill(texts["info.zone"], { city, zone })],
    ];
    const facts = rows.filter(([, value]) => value).flatMap(([label, value]) => [el("dt", { text: label }), el("dd", { text: value })]);
    const choose = el("div", { class: "field" }, el("label", { for: language.id, text: texts["info.language"] }), el("p", { class: "hint", text: texts["info.language_hint"] }), language);
    tell(this.app, fill(texts["info.name"], { name, kana }), [el("dl", { class: "facts" }, facts), this.app.statusOf(person).joined ? choose : ""], this.node);
  }
}

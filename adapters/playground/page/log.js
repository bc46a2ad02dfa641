// The messages of one conversation, as one person sees them.

import { formatDay, formatTime } from "./dates.js";
import { avatar, botAvatar, el, fill, icon, iconButton, keep } from "./dom.js";
import { drawCard, drawMail } from "./draw.js";

const BOT = "musubi";

/** Messages of one author within so many minutes stand under one name. */
const TOGETHER = 5 * 60_000;

/** So near to the end counts as being at the end. */
const NEAR = 80;

/** Pixels above a message that is shown from its beginning. */
const GAP = 14;

/** Draws a conversation and keeps what is drawn; only what changed is drawn again. */
export class Log {
  constructor(pane, place) {
    Object.assign(this, { pane, app: pane.app, place, drawn: new Map(), days: new Map(), newFrom: null, readUpTo: 0, filled: false });
    const { texts } = this.app;
    this.list = el("div", { class: "log-list" });
    this.scroller = el("div", { class: "log", role: "log", tabindex: "0", "aria-live": "off", "aria-label": fill(texts["log.label"], { place: place.label }) }, this.list);
    this.down = el("button", { type: "button", class: "down", hidden: true, text: texts["log.down"], onclick: () => this.toEnd() });
    this.node = el("div", { class: "log-frame" }, this.scroller, this.down);
    this.scroller.addEventListener("scroll", () => this.seen(), { passive: true });
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.list);
    this.atEnd = true;
  }

  /** Draws what the view holds. */
  update(view) {
    const messages = view.list(this.place.id);
    const conversation = view.conversations.find((one) => one.id === this.place.id);
    this.rememberNew(conversation, messages);
    const root = this.findRoot(view);
    const nodes = messages.length ? this.drawAll(view, messages) : root ? [] : [this.drawEmpty()];
    if (root) nodes.unshift(this.drawMessage(root, false));
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    const grew = this.last !== undefined && messages.at(-1)?.id > this.last;
    keep(this.list, nodes);
    this.last = messages.at(-1)?.id ?? 0;
    if (focused && !focused.isConnected) this.refocus(focused);
    if (this.atEnd || !this.filled) this.toEnd();
    else if (grew) this.down.hidden = false;
    this.filled = true;
    // What was there before is not news to a screen reader.
    requestAnimationFrame(() => this.scroller.setAttribute("aria-live", "polite"));
    this.seen();
  }

  /** Where the unread ones began when the conversation was opened. */
  rememberNew(conversation, messages) {
    if (this.filled || !conversation.unread) return;
    const first = messages.find((message) => message.id > conversation.read_up_to && message.author !== this.pane.person);
    if (first && first !== messages[0]) this.newFrom = first.id;
  }

  /** The message under which this thread stands. */
  findRoot(view) {
    if (this.place.kind !== "thread") return null;
    const id = Number(this.place.id.split(":")[1]);
    return view.list(`dm:${this.pane.person}`).find((message) => message.id === id) ?? null;
  }

  drawAll(view, messages) {
    const { lang, clock } = this.app;
    const { zone } = this.pane.resident;
    const nodes = view.complete.has(this.place.id) || messages.length < 60 ? [] : [this.drawEarlier(messages[0].id)];
    let before = null;
    for (const message of messages) {
      const at = new Date(message.at);
      const day = formatDay(at, lang, zone, clock.now());
      const newDay = !before || formatDay(new Date(before.at), lang, zone, clock.now()) !== day;
      if (newDay) nodes.push(this.drawDay(day));
      if (message.id === this.newFrom) nodes.push(this.newLine());
      nodes.push(this.drawMessage(message, !newDay && message.id !== this.newFrom && belongsTo(before, message)));
      before = message;
    }
    return nodes;
  }

  drawDay(day) {
    if (!this.days.has(day)) this.days.set(day, el("p", { class: "day" }, el("span", { text: day })));
    return this.days.get(day);
  }

  newLine() {
    this.line ??= el("p", { class: "new-line" }, el("span", { text: this.app.texts["log.new"] }));
    return this.line;
  }

  drawEarlier(before) {
    return el("button", { type: "button", class: "button earlier", text: this.app.texts["log.earlier"], onclick: () => void this.pane.loadEarlier(this.place.id, before) });
  }

  drawMessage(message, follows) {
    const thread = this.findThread(message);
    const key = `${message.changed} ${follows} ${thread?.count}`;
    const known = this.drawn.get(message.id);
    if (known?.key === key) return known.node;
    const node = this.makeMessage(message, follows, thread);
    if (known && known.key.split(" ")[0] !== String(message.changed)) node.classList.add("changed");
    this.drawn.set(message.id, { key, node });
    return node;
  }

  /** The thread under a message of this conversation, and how many messages stand in it. */
  findThread(message) {
    const id = `thread:${message.id}`;
    if (this.place.kind !== "dm" || !this.pane.view.conversations.some((one) => one.id === id)) return null;
    return { id, count: this.pane.view.list(id).length };
  }

  makeMessage(message, follows, thread) {
    const { texts, lang, people } = this.app;
    const { zone, id: me } = this.pane.resident;
    const name = message.author === BOT ? "Musubi" : (people.get(message.author)?.name ?? message.author);
    const at = el("time", { datetime: message.at, text: formatTime(new Date(message.at), lang, zone) });
    const marks = [message.private && message.author === BOT ? el("span", { class: "only-you" }, icon("eye"), texts["log.only_you"]) : null, message.edited ? el("span", { class: "edited", text: texts["log.edited"] }) : null];
    const head = el("header", { class: follows ? "message-head only-read" : "message-head" }, el("b", { class: "message-name", text: name }), at, marks);
    const tile = message.author === BOT ? botAvatar() : avatar(message.author, name);
    const shown = follows ? el("span", { class: "follow-time", "aria-hidden": "true", text: at.textContent }) : tile;
    const whose = message.author === me ? "mine" : "";
    const extra = follows && marks.some(Boolean) ? el("p", { class: "message-marks", "aria-hidden": "true" }, marks.filter(Boolean).map((mark) => mark.cloneNode(true))) : null;
    return el("article", { class: `message ${whose} ${follows ? "follows" : ""}`, tabindex: "-1", "data-message": message.id }, shown, el("div", { class: "message-body" }, head, extra, this.drawBody(message), this.drawWay(thread), whose ? this.drawTools(message) : null));
  }

  /** The way into a thread. */
  drawWay(thread) {
    if (!thread) return null;
    const { texts } = this.app;
    const label = thread.count ? fill(texts["thread.count"], { n: thread.count }) : texts["thread.open"];
    return el("button", { type: "button", class: "open-thread", onclick: () => this.pane.go(thread.id) }, icon("thread"), label);
  }

  /** What somebody can do with what they wrote to Musubi. */
  drawTools(message) {
    const { texts } = this.app;
    if (message.kind !== "text" || message.body.deleted || !["dm", "thread"].includes(this.place.kind)) return null;
    const edit = iconButton("edit", texts["log.edit"], () => this.pane.editMessage(message));
    const remove = iconButton("delete", texts["log.delete"], () => void this.pane.deleteMessage(message, remove));
    return el("div", { class: "message-tools", role: "group", "aria-label": texts["log.tools"] }, edit, remove);
  }

  drawBody(message) {
    const { texts } = this.app;
    if (message.body.deleted) return el("p", { class: "words gone", text: texts["log.deleted"] });
    if (message.kind === "text") return el("p", { class: "words", text: message.body.text });
    if (message.kind === "mail") return drawMail(message, this.pane.person, texts);
    return drawCard(message.body, (button, node) => void this.pane.press(message.id, button, node), texts);
  }

  drawEmpty() {
    const { texts } = this.app;
    this.nobody ??= el("div", { class: "empty" }, el("span", { class: "empty-icon" }, icon({ dm: "chat", thread: "thread", mail: "mail", group: "group", channel: "channel" }[this.place.kind])), el("p", { text: fill(texts[`empty.${this.place.kind}`], { name: this.pane.resident.name }) }));
    return this.nobody;
  }

  /** The pressed button is gone with the old card: the new card takes the focus. */
  refocus(gone) {
    const id = gone.closest("[data-message]")?.dataset.message;
    const node = id ? this.list.querySelector(`[data-message="${CSS.escape(id)}"]`) : null;
    (node ?? this.scroller).focus({ preventScroll: true });
  }

  /** Where reading goes on: the end, or the beginning of a last message that is higher than the pane. */
  get end() {
    const { scrollHeight, clientHeight } = this.scroller;
    const top = (this.list.lastElementChild?.offsetTop ?? 0) - GAP;
    return Math.max(0, Math.min(scrollHeight - clientHeight, top));
  }

  toEnd() {
    this.scroller.scrollTop = this.end;
    this.seen();
  }

  /** Notes whether the end is in view; if so, everything has been read. */
  seen() {
    this.atEnd = this.scroller.scrollTop > this.end - NEAR;
    if (!this.atEnd) return;
    this.down.hidden = true;
    const visible = document.visibilityState === "visible" && this.scroller.offsetParent !== null;
    if (!visible || !this.last || this.last <= this.readUpTo) return;
    this.readUpTo = this.last;
    void this.pane.markRead(this.place.id, this.last);
  }
}

function belongsTo(before, message) {
  return before && before.author === message.author && before.kind === message.kind && message.kind === "text" && before.private === message.private && new Date(message.at) - new Date(before.at) < TOGETHER;
}

// Where a person writes: messages, and commands with completion.

import { el, icon, uniqueId } from "./dom.js";

/** Suggestions shown at once; the list scrolls. */
const MOST = 8;

/** Whether the style sheet alone makes the box as high as its text. */
const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");

/**
 * The box at the foot of a pane. `send(text)` resolves to whether it arrived; `draft` is kept for each conversation in
 * `drafts`.
 */
export class Composer {
  constructor(app, { label, placeholder, hints, commands, send, draftKey, drafts }) {
    Object.assign(this, { app, send, draftKey, drafts });
    this.chosen = -1;
    this.found = [];
    const listId = uniqueId("suggestions");
    this.box = el("textarea", {
      rows: "1", class: "say-text", "aria-label": label, placeholder, role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox",
      "aria-expanded": "false", "aria-controls": listId, maxlength: 4000, enterkeyhint: "send",
    });
    this.box.value = drafts.get(draftKey) ?? "";
    this.list = el("ul", { class: "suggestions", id: listId, role: "listbox", "aria-label": app.texts["say.suggestions"], hidden: true });
    this.button = el("button", { type: "submit", class: "send", "aria-label": app.texts["say.send"], title: app.texts["say.send"] }, icon("send"));
    this.hints = el("p", { class: "say-hints" });
    this.offer({ commands, hints });
    this.node = el("form", { class: "say" }, this.list, this.hints, el("div", { class: "say-box" }, this.box, this.button));
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => this.close());
    this.grow();
  }

  /** What can be completed, and the words that stand ready. */
  offer({ commands, hints }) {
    this.commands = commands;
    this.hints.replaceChildren(...hints.map((hint) => this.drawHint(hint)));
  }

  drawHint(word) {
    return el("button", { type: "button", class: "hint-word", text: word, onclick: () => this.write(`${word} `) });
  }

  /** Puts `text` into the box, ready to go on writing. */
  write(text) {
    this.box.value = text;
    this.box.focus();
    this.changed();
  }

  changed() {
    this.drafts.set(this.draftKey, this.box.value);
    this.grow();
    this.suggest();
  }

  grow() {
    this.button.disabled = !this.box.value.trim();
    if (GROWS_BY_ITSELF) return;
    this.box.style.blockSize = "auto";
    if (this.box.scrollHeight) this.box.style.blockSize = `${this.box.scrollHeight}px`;
  }

  key(event) {
    // Enter that ends a Japanese conversion must not send; Safari says so with key code 229 only.
    if (event.isComposing || event.keyCode === 229) return;
    if (this.found.length && this.keyInList(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void this.submit();
    }
  }

  keyInList(event) {
    switch (event.key) {
      case "ArrowDown":
        return this.choose((this.chosen + 1) % this.found.length);
      case "ArrowUp":
        return this.choose((Math.max(this.chosen, 0) + this.found.length - 1) % this.found.length);
      case "Tab":
        return !event.shiftKey && this.complete(Math.max(this.chosen, 0));
      case "Enter":
        return this.chosen >= 0 && this.complete(this.chosen);
      case "Escape":
        return this.close();
      default:
        return false;
    }
  }

  /** Shows what could be meant, while the first word is being written. */
  suggest() {
    this.found = this.matches(this.box.value);
    this.chosen = -1;
    this.list.replaceChildren(...this.found.map((entry, index) => this.drawSuggestion(entry, index)));
    this.list.hidden = !this.found.length;
    this.box.setAttribute("aria-expanded", String(this.found.length > 0));
    this.box.removeAttribute("aria-activedescendant");
  }

  matches(text) {
    const typed = text.normalize("NFKC").toLowerCase();
    if (!typed || /\s/.test(typed)) return typed.startsWith("/") ? this.longer(typed) : [];
    const found = typed.startsWith("/")
      ? this.commands.filter((command) => `/${command.name}`.startsWith(typed)).map((command) => ({ insert: `/${command.name}`, command }))
      : this.commands.flatMap((command) => command.words.filter((word) => word.toLowerCase().startsWith(typed) && word.toLowerCase() !== typed).map((word) => ({ insert: word, command })));
    return found.slice(0, MOST);
  }

  /** `/alumni pro` may become `/alumni profile`. */
  longer(typed) {
    const found = this.commands.filter((command) => command.name.includes(" ") && `/${command.name}`.startsWith(typed) && `/${command.name}` !== typed.trim());
    return found.map((command) => ({ insert: `/${command.name}`, command })).slice(0, MOST);
  }

  drawSuggestion({ insert, command }, index) {
    const others = command.words.filter((word) => word !== insert).join("、");
    const node = el("li", { role: "option", id: uniqueId("suggestion"), "aria-selected": "false" }, el("code", { text: insert }), el("span", { class: "what", text: command.description }), el("span", { class: "words", text: others }));
    // Before the box loses the focus, or the list would be gone.
    node.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.complete(index);
    });
    return node;
  }

  choose(index) {
    this.chosen = index;
    [...this.list.children].forEach((node, place) => {
      node.setAttribute("aria-selected", String(place === index));
      if (place !== index) return;
      node.scrollIntoView({ block: "nearest" });
      this.box.setAttribute("aria-activedescendant", node.id);
    });
    return true;
  }

  complete(index) {
    this.write(`${this.found[index].insert} `);
    return true;
  }

  close() {
    this.found = [];
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    return true;
  }

  async submit() {
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = "";
    this.changed();
    if (!(await this.send(text)) && !this.box.value) this.write(text);
  }
}

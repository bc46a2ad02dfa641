// Windows: forms with as many steps as the bot wants, and the question before a button counts.

import { drawBlock, drawCard } from "./draw.js";
import { el, fill, iconButton, uniqueId } from "./dom.js";
import { drawField } from "./fields.js";

/** One sheet at a time. The browser keeps the focus inside, closes it on Esc and gives the focus back. */
class Sheet {
  constructor(label, anchor) {
    this.back = document.activeElement;
    this.title = uniqueId("window");
    this.node = el("dialog", { class: "window", "aria-labelledby": this.title, onclose: () => this.leave() });
    this.anchor = anchor;
    this.label = label;
    document.body.append(this.node);
  }

  /** Shows `children` under a title, opening the sheet at the first call. Without `closeLabel` they have the only way out. */
  show(title, closeLabel, children) {
    const who = this.label ? el("p", { class: "window-who", text: this.label }) : null;
    const close = closeLabel ? iconButton("close", closeLabel, () => this.node.close(), { class: "quiet-button window-close" }) : "";
    this.node.replaceChildren(el("header", { class: "window-head" }, el("div", {}, who, el("h2", { id: this.title, tabindex: "-1", text: title })), close), ...children);
    if (!this.node.open) {
      this.place();
      this.node.showModal();
    }
  }

  /** Stands over the pane of the person whose sheet it is, where there is room. */
  place() {
    const box = this.anchor?.getBoundingClientRect();
    if (!box || globalThis.innerWidth < 720) return;
    this.node.style.setProperty("--middle", `${Math.round(box.left + box.width / 2)}px`);
    this.node.classList.add("over-pane");
  }

  focusTitle() {
    this.node.querySelector("h2").focus();
  }

  /** The browser tells of the end a moment later, and has given the focus back: whoever writes elsewhere by now keeps it. */
  leave() {
    this.node.remove();
    if (document.activeElement === document.body && this.back?.isConnected) this.back.focus();
    this.left?.();
  }

  close() {
    this.node.close();
  }
}

/**
 * Shows a form until it is sent or closed. `submit(payload, values)` gives the workspace's answer; `press` serves the
 * buttons of a last page; `done(answer)` is called with an answer that ends the form.
 */
export function openForm(app, { form, who, anchor, submit, press, done }) {
  const sheet = new Sheet(fill(app.texts["pane.as"], { name: who }), anchor);
  const step = (shown) => {
    const fields = [];
    const status = el("p", { class: "window-status", role: "alert" });
    const send = el("button", { type: "submit", class: "button primary", text: shown.submit });
    const stop = el("button", { type: "button", class: "button", text: app.texts["form.cancel"], onclick: () => sheet.close() });
    const items = shown.items.map((item) => {
      if (!("name" in item)) return drawBlock(item, press, app.texts);
      const field = drawField(item, app.texts);
      fields.push(field);
      return field.node;
    });
    const body = el("form", { class: "form", novalidate: true, lang: shown.lang }, el("div", { class: "form-items" }, items), status, el("div", { class: "buttons form-end" }, stop, send));
    sheet.show(shown.title, app.texts["close"], [body]);
    body.addEventListener("submit", (event) => {
      event.preventDefault();
      if (send.getAttribute("aria-busy") === "true") return;
      if (fields.map((field) => field.check()).includes(false)) focusFirstError(fields);
      else void sendOff(app, { sheet, shown, fields, send, status, submit, step, press, done });
    });
    if (showErrors(fields, shown.errors)) focusFirstError(fields);
    else (fields[0] ?? sheet).focusFirst?.() ?? sheet.focusTitle();
  };
  step(form);
  return sheet;
}

/** Puts each error beside its field; whether there is any. */
function showErrors(fields, errors) {
  for (const field of fields) field.showError(errors[field.name] ?? "");
  return fields.some((field) => field.wrong);
}

/** Whether two forms ask the same: then what was entered stays where it is, and only the errors are new. */
function asksTheSame(one, other) {
  const shape = ({ payload, items }) => JSON.stringify([payload, items.map(({ value, values, ...item }) => item)]);
  return shape(one) === shape(other);
}

function focusFirstError(fields) {
  fields.find((field) => field.wrong)?.focusFirst();
}

async function sendOff(app, { sheet, shown, fields, send, status, submit, step, press, done }) {
  const values = Object.fromEntries(fields.map((field) => [field.name, field.value()]));
  send.setAttribute("aria-busy", "true");
  status.textContent = "";
  try {
    const answer = await submit(shown.payload, values);
    if (!sheet.node.isConnected) done(answer);
    else if (answer.kind === "form" && asksTheSame(shown, answer.form) && showErrors(fields, answer.form.errors)) focusFirstError(fields);
    else if (answer.kind === "form") step(answer.form);
    else if (answer.kind === "page") showPage(app, sheet, answer.message, press);
    else {
      sheet.close();
      done(answer);
    }
  } catch (error) {
    status.textContent = app.failure(error);
  } finally {
    send.removeAttribute("aria-busy");
  }
}

/** The last page of a form: what happened, and a way out. */
function showPage(app, sheet, message, press) {
  const end = el("button", { type: "button", class: "button primary", text: app.texts["close"], onclick: () => sheet.close() });
  const pressed = (button, node) => {
    sheet.close();
    press(button, node);
  };
  const heading = message.blocks[0]?.kind === "heading" ? message.blocks[0].text : null;
  const blocks = heading ? message.blocks.slice(1) : message.blocks;
  const card = drawCard({ ...message, blocks }, pressed, app.texts);
  card.className = "page-card";
  sheet.show(heading ?? app.texts["form.done"], app.texts["close"], [card, el("div", { class: "buttons form-end" }, end)]);
  end.focus();
}

/** Asks before a button counts; resolves with whether the person means it. */
export function confirm(app, { sentence, label, danger, who, anchor }) {
  return new Promise((answer) => {
    let meant = false;
    const sheet = new Sheet(fill(app.texts["pane.as"], { name: who }), anchor);
    const sure = el("button", { type: "button", class: `button ${danger ? "danger" : "primary"}`, text: label });
    const no = el("button", { type: "button", class: "button", text: app.texts["confirm.no"], onclick: () => sheet.close() });
    sure.addEventListener("click", () => {
      meant = true;
      sheet.close();
    });
    sheet.left = () => answer(meant);
    sheet.node.setAttribute("role", "alertdialog");
    sheet.node.classList.add("small");
    sheet.show(app.texts["confirm.title"], "", [el("p", { class: "window-text", text: sentence }), el("div", { class: "buttons form-end" }, no, sure)]);
    no.focus();
  });
}

/** A sheet that only tells something. */
export function tell(app, title, children, anchor = null) {
  const sheet = new Sheet("", anchor);
  const end = el("button", { type: "button", class: "button primary", text: app.texts["close"], onclick: () => sheet.close() });
  sheet.show(title, app.texts["close"], [...children, el("div", { class: "buttons form-end" }, end)]);
  end.focus();
  return sheet;
}

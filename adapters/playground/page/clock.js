// The workspace's clock, and the buttons that move it.

import { newKey, post } from "./api.js";
import { formatMoment } from "./dates.js";
import { el, fill } from "./dom.js";

const HOUR = 3600;

/** Shows the time and moves it; what happened meanwhile is told by `app.showNews`. */
export class Clock {
  constructor(app) {
    this.app = app;
    this.ahead = 0;
    this.time = el("b", { class: "clock-time" });
    const { texts } = app;
    this.buttons = [
      this.button(texts["clock.hour"], { seconds: HOUR }),
      this.button(texts["clock.day"], { seconds: 24 * HOUR }),
      this.button(texts["clock.next"], {}, texts["clock.next_short"]),
    ];
    const now = el("span", { class: "clock-now" }, el("span", { class: "clock-label", text: texts["clock.now"] }), " ", this.time);
    this.node = el("div", { class: "clock", role: "group", "aria-label": texts["clock.label"] }, now, this.buttons);
    setInterval(() => this.tick(), 1000);
  }

  button(label, move, short = "") {
    const text = short ? [el("span", { class: "long", text: label }), el("span", { class: "short", "aria-hidden": "true", text: short })] : [label];
    const node = el("button", { type: "button", class: "clock-button", "aria-label": short ? label : null }, text);
    node.addEventListener("click", () => void this.move(move, node));
    return node;
  }

  /** The server's present moment. */
  set(now) {
    this.ahead = new Date(now).getTime() - Date.now();
    this.tick();
  }

  now() {
    return new Date(Date.now() + this.ahead);
  }

  tick() {
    const { lang, zone } = this.app;
    const shown = formatMoment(this.now(), lang, zone, this.now());
    if (this.time.textContent !== shown) this.time.textContent = shown;
  }

  async move(by, button) {
    if (this.buttons.some((one) => one.getAttribute("aria-busy") === "true")) return;
    const { texts } = this.app;
    const before = this.app.arrivals();
    button.setAttribute("aria-busy", "true");
    try {
      const { moved, now } = await post("clock", { key: newKey(), ...by });
      this.set(now);
      await this.app.sync();
      const quiet = !("seconds" in by) && !this.app.listNews(before).length;
      const said = moved ? fill(texts[quiet ? "clock.quiet" : "clock.moved"], { when: this.time.textContent }) : texts["clock.nothing"];
      this.app.showNews(said, before);
    } catch (error) {
      this.app.showNews(this.app.failure(error), before);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }
}

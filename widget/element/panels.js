// The controls in the room that the picture keeps free for them, and the panels they open over it.

import { icon, make, makeButton, place } from "./markup.js";

export class Panels {
  #open = "";
  #makers = {};
  #words = null;
  #buttons = new Map(["table", "years", "download", "cite", "newer"].map((name) => [name, makeButton(() => this.toggle(name), { name })]));

  constructor() {
    const buttons = [...this.#buttons.values()];
    this.badge = buttons.pop();
    this.bar = make("div", { className: "controls", part: "controls", role: "group" }, ...buttons);
    this.panel = make("div", { className: "panel", part: "panel", role: "dialog", tabIndex: -1, hidden: true });
    this.table = make("div", { className: "table", part: "table", role: "region", tabIndex: 0, hidden: true });
  }

  /** Lays the controls out; `makers` makes what each panel holds, and has only those that there are. */
  take(room, size, words, makers) {
    if (!makers[this.#open] || words.texts !== this.#words.texts) this.close(false);
    [this.#words, this.#makers] = [words, makers];
    this.#mark();
    // What these hold is made of what is shown.
    if (this.#open === "table" || this.#open === "download") {
      const inside = this.panel.contains(this.panel.getRootNode().activeElement);
      this.#fill();
      if (inside) this.panel.focus({ preventScroll: true });
    }
    this.bar.hidden = !room.length;
    this.bar.ariaLabel = words.say("controls");
    place(this.bar, room, size);
    // Signs alone where it is narrow; words alone where both have no room.
    this.bar.className = `controls ${size[0] < 600 ? "signs" : ""}`;
    if (this.bar.scrollWidth > this.bar.clientWidth) this.bar.className = "controls words";
  }

  /** Writes on every button what it does now. */
  #mark() {
    for (const [name, button] of this.#buttons) {
      const table = name === "table";
      const shown = table && this.#open === name ? "chart" : name;
      button.hidden = !this.#makers[name];
      button.title = this.#words.say(shown);
      button.replaceChildren(icon(shown), make("span", {}, button.title));
      if (!table) button.ariaExpanded = String(this.#open === name);
    }
  }

  #fill() {
    const title = this.#words.say(this.#open);
    const table = this.#open === "table";
    const holder = table ? this.table : this.panel;
    const shut = makeButton(() => this.close(true), { ariaLabel: this.#words.say("close") }, icon("close"));
    holder.replaceChildren(table ? "" : make("div", { className: "row" }, make("strong", {}, title), shut), ...this.#makers[this.#open]());
    holder.ariaLabel = title;
    return holder;
  }

  toggle(name) {
    const again = this.#open === name;
    this.close(again);
    if (again) return;
    this.#open = name;
    this.#mark();
    const holder = this.#fill();
    holder.hidden = false;
    holder.focus({ preventScroll: true });
  }

  /** Closes what is open; `back` gives the focus to the button that opened it. */
  close(back) {
    if (!this.#open) return;
    if (back) this.#buttons.get(this.#open).focus({ preventScroll: true });
    this.#open = "";
    this.panel.hidden = this.table.hidden = true;
    this.#mark();
  }

  /** Closes a panel when something else is clicked; the table stays until it is switched back. */
  leave(event) {
    const own = [this.panel, this.bar, this.badge];
    if (this.#open !== "table" && !event.composedPath().some((node) => own.includes(node))) this.close(false);
  }
}

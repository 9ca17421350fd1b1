// The controls in the room that the picture keeps free for them, and the panels they open over it. What a panel holds is made by
// the tools, which are loaded at the first use of one.

import { icon, make, makeButton, place } from "./markup.js";
import { toolsOnce } from "./load.js";
import { sheetOf } from "./style.js";

// Room for a button with its sign, in pixels.
const BUTTON = 28;
// Where not all have room, one button leads to these.
const OTHERS = ["years", "download", "cite", "sharing"];

export class Panels {
  #open = "";
  #crowded = false;
  #makers = {};
  #words = null;
  #tools = null;
  #buttons = new Map(["table", ...OTHERS, "more", "newer"].map((name) => [name, makeButton(() => this.toggle(name), { name })]));
  /** Is filled when the tools have come. */
  sheet = sheetOf("");

  constructor() {
    const buttons = [...this.#buttons.values()];
    this.badge = buttons.pop();
    this.bar = make("div", { className: "controls", part: "controls", role: "group" }, ...buttons);
    this.panel = make("div", { className: "panel", part: "panel", role: "dialog", tabIndex: -1, hidden: true });
    this.table = make("div", { className: "table", part: "table", role: "region", tabIndex: 0, hidden: true });
  }

  /** Lays the controls out; `makers` makes what each panel holds, and has only those that there are. */
  take(room, size, words, makers) {
    const others = OTHERS.filter((name) => makers[name]);
    this.#crowded = others.length > 1 && room[2] - room[0] < (others.length + 1) * BUTTON;
    const more = this.#crowded && (() => others.map((name) => makeButton(() => this.toggle(name), {}, icon(name), words.say(name))));
    this.#makers = { ...makers, more };
    if (!this.#makers[this.#open] || words.texts !== this.#words.texts) this.close(false);
    this.#words = words;
    this.#mark();
    // What these hold is made of what is shown.
    if (this.#tools && (this.#open === "table" || this.#open === "download")) {
      const inside = this.panel.contains(this.panel.getRootNode().activeElement);
      this.#fill(this.#tools);
      if (inside) this.panel.focus({ preventScroll: true });
    }
    this.bar.hidden = !room.length;
    this.bar.ariaLabel = words.say("controls");
    place(this.bar, room, size);
    // Signs alone where it is narrow; words alone where both have no room, and signs where not even these have.
    this.bar.className = `controls ${size[0] < 600 ? "signs" : ""}`;
    for (const form of ["words", "signs"]) {
      if (this.bar.scrollWidth > this.bar.clientWidth) this.bar.className = `controls ${form}`;
    }
  }

  /** Writes on every button what it does now. */
  #mark() {
    for (const [name, button] of this.#buttons) {
      const table = name === "table";
      const shown = table && !this.table.hidden ? "chart" : name;
      button.hidden = !this.#makers[name] || (this.#crowded && OTHERS.includes(name));
      button.title = this.#titleOf(shown);
      button.replaceChildren(icon(shown), make("span", {}, button.title));
      if (!table) button.ariaExpanded = String(this.#open === name);
    }
  }

  #titleOf(name) {
    return this.#words.say(name === "more" ? "controls" : name);
  }

  /** Fills what is open: with what the tools make, or with what is told in their place. */
  #fill(tools, instead) {
    const table = this.#open === "table";
    const holder = table && tools ? this.table : this.panel;
    const title = this.#titleOf(this.#open);
    const shut = makeButton(() => this.close(true), { ariaLabel: this.#words.say("close") }, icon("close"));
    const head = make("div", { className: "row" }, make("strong", {}, title), shut);
    holder.replaceChildren(...(holder === this.table ? [] : [head]), ...(instead ?? this.#makers[this.#open](tools)));
    holder.ariaLabel = title;
    return holder;
  }

  async toggle(name) {
    const again = this.#open === name;
    this.close(again);
    if (again) return;
    this.#open = name;
    this.#mark();
    let instead;
    if (name !== "more") {
      try {
        this.#tools ??= await toolsOnce(this.#words.language);
        this.sheet.replaceSync(this.#tools.style);
      } catch {
        const retry = makeButton(() => this.#again(name), {}, this.#words.say("retry"));
        instead = [make("p", { role: "status" }, this.#words.say("unreachable_tool")), retry];
      }
    }
    // While the tools came, the reader may have gone on.
    if (this.#open !== name) return;
    const holder = this.#fill(this.#tools, instead);
    holder.hidden = false;
    this.#mark();
    holder.focus({ preventScroll: true });
  }

  #again(name) {
    this.close(true);
    this.toggle(name);
  }

  /** Closes what is open; `back` gives the focus to the button that opened it. */
  close(back) {
    if (!this.#open) return;
    const own = this.#buttons.get(this.#open);
    if (back) (own.hidden ? this.#buttons.get("more") : own).focus({ preventScroll: true });
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

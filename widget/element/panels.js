// The controls in the room that the picture keeps free for them, and the panels they open over it.

import { icon, make, place } from "./markup.js";

export class Panels {
  #open = "";
  #makers = {};
  #words = null;

  constructor() {
    this.bar = make("div", { class: "controls", part: "controls", role: "group" });
    this.badge = make("button", { type: "button", class: "badge button", part: "button", hidden: true, "aria-expanded": "false" });
    this.panel = make("div", { class: "panel", part: "panel", role: "dialog", tabindex: "-1", hidden: true });
    this.table = make("div", { class: "table", part: "table", role: "region", tabindex: "0", hidden: true });
    this.badge.addEventListener("click", () => this.toggle("newer"));
    this.onkeydown = (event) => {
      if (event.key !== "Escape" || !this.#open) return;
      event.stopPropagation();
      this.close(true);
    };
    // A click anywhere else closes a panel; the table stays until it is switched back.
    this.outside = (event) => {
      const own = [this.panel, this.bar, this.badge];
      if (this.#open !== "table" && !event.composedPath().some((node) => own.includes(node))) this.close(false);
    };
  }

  /** Lays the controls out; `makers` makes what each panel holds, and has only those that there are. */
  take(room, size, words, makers) {
    [this.#words, this.#makers] = [words, makers];
    const names = Object.keys(makers).filter((name) => name !== "newer");
    this.bar.ariaLabel = words.say("controls");
    this.bar.hidden = !room.length || !names.length || !words.there;
    this.badge.hidden = !makers.newer || !words.there;
    this.badge.textContent = words.say("newer");
    if (!makers[this.#open]) this.close(false);
    // Buttons that stay keep the focus.
    if (names.join() !== [...this.bar.children].map(({ dataset }) => dataset.control).join()) {
      this.bar.replaceChildren(...names.map((name) => make("button",
        { type: "button", class: "button", part: "button", "data-control": name, onclick: () => this.toggle(name) })));
    }
    if (!this.bar.hidden) place(this.bar, room, size);
    this.#mark();
    // Signs alone where words have no room.
    this.bar.classList.toggle("signs", size[0] < 600);
    if (this.bar.scrollWidth > this.bar.clientWidth + 1) this.bar.classList.add("signs");
  }

  #button(name) {
    return name === "newer" ? this.badge : [...this.bar.children].find((button) => button.dataset.control === name);
  }

  /** Writes on every button what it does now. */
  #mark() {
    for (const button of this.bar.children) {
      const name = button.dataset.control;
      const shown = name === "table" && this.#open === "table" ? "chart" : name;
      const label = this.#words.say(shown);
      button.replaceChildren(icon(shown), make("span", {}, label));
      button.title = label;
      if (name !== "table") button.ariaExpanded = String(this.#open === name);
    }
    this.badge.ariaExpanded = String(this.#open === "newer");
  }

  toggle(name) {
    if (this.#open === name) return this.close(true);
    this.close(false);
    this.#open = name;
    const holder = name === "table" ? this.table : this.panel;
    holder.replaceChildren(...this.#makers[name]());
    holder.ariaLabel = this.#words.say(name);
    holder.classList.toggle("upper", name === "newer");
    holder.hidden = false;
    if (holder === this.panel) {
      const shut = make("button", { type: "button", class: "button shut", title: this.#words.say("close"), onclick: () => this.close(true) },
        icon("close"), make("span", { class: "hush" }, this.#words.say("close")));
      holder.prepend(make("div", { class: "head" }, make("strong", {}, this.#words.say(name)), shut));
    }
    this.#mark();
    (holder === this.table ? holder : holder.querySelector(".head ~ * select, .head ~ button, .head ~ * button, a") ?? holder).focus({ preventScroll: true });
    return undefined;
  }

  /** Fills an open table anew, when other years are shown. */
  refresh() {
    if (this.#open === "table") this.table.replaceChildren(...this.#makers.table());
  }

  /** Closes what is open; `back` gives the focus to the button that opened it. */
  close(back) {
    const name = this.#open;
    if (!name) return;
    this.#open = "";
    this.panel.hidden = this.table.hidden = true;
    this.#mark();
    if (back) this.#button(name)?.focus({ preventScroll: true });
  }
}

// Reading figures off the picture: by pointer, by touch, by keyboard, and aloud.

import { make } from "./markup.js";

const STRIDE = 11;
// A reader who runs over the points hears the one where they stop.
const PAUSE = 200;

export class Reading {
  #picture = null;
  #figures = null;
  #marks = [];
  #size = [1, 1];
  #shares = false;
  #at = -1;
  #timer = 0;
  #choose;

  /** `choose` is told what a reader picks. */
  constructor(choose) {
    this.#choose = choose;
    this.tip = make("div", { class: "tip", part: "tooltip", "aria-hidden": "true", hidden: true });
    this.ring = make("div", { class: "ring", hidden: true });
    this.live = make("div", { class: "hush", "aria-live": "polite" });
    this.layer = make("div", {
      class: "layer", tabindex: "0", role: "application",
      onpointermove: (event) => this.#point(event),
      onpointerdown: (event) => this.#point(event),
      onpointerleave: (event) => event.pointerType === "mouse" && this.hide(),
      onclick: (event) => this.#pick(event),
      onkeydown: (event) => this.#key(event),
      onfocus: () => this.layer.matches(":focus-visible") && this.#show(Math.max(this.#at, 0), true),
      onblur: () => this.hide(),
    }, this.ring);
  }

  /** Takes a new drawing; `shares` says that bars are drawn as shares of their sum. */
  take(picture, figures, size, shares) {
    this.hide();
    Object.assign(this.layer, { ariaLabel: figures.words.say("plot") || figures.answer.text.title });
    this.layer.setAttribute("aria-description", figures.answer.text.alt);
    [this.#picture, this.#figures, this.#size, this.#shares, this.#at] = [picture, figures, size, shares, -1];
    const numbers = picture.marks();
    this.#marks = Array.from({ length: numbers.length / STRIDE }, (_, index) => {
      const [row, column, series, panel, at, x, y, left, top, right, bottom] =
        numbers.subarray(index * STRIDE, (index + 1) * STRIDE);
      return { row, column, series, panel, at, x, y, left, top, right, bottom };
    });
    this.layer.hidden = !this.#marks.length;
  }

  /** Returns where an event is, in pixels of the picture. */
  spot(event) {
    const box = this.layer.getBoundingClientRect();
    return [((event.clientX - box.left) * this.#size[0]) / box.width, ((event.clientY - box.top) * this.#size[1]) / box.height];
  }

  hide() {
    clearTimeout(this.#timer);
    this.tip.hidden = this.ring.hidden = true;
  }

  #point(event) {
    // A button held down draws a range of years instead.
    if (event.buttons && event.pointerType === "mouse" && event.type === "pointermove") return this.hide();
    const index = this.#picture.nearest(...this.spot(event));
    if (index < 0) this.hide();
    else if (index !== this.#at || this.tip.hidden) this.#show(index, event.pointerType !== "mouse");
    return undefined;
  }

  #pick(event) {
    const index = this.#picture.nearest(...this.spot(event));
    if (index >= 0) this.#choose(this.#read(this.#marks[index]).detail);
  }

  #key(event) {
    const steps = { ArrowLeft: ["at", -1], ArrowRight: ["at", 1], ArrowUp: ["y", -1], ArrowDown: ["y", 1] };
    const last = this.#marks.length - 1;
    if (event.ctrlKey || event.altKey || event.metaKey || last < 0) return;
    if (steps[event.key]) this.#show(this.#at < 0 ? 0 : this.#next(...steps[event.key]), true);
    else if (event.key === "Home" || event.key === "End") this.#show(this.#next("at", event.key === "Home" ? -Infinity : Infinity), true);
    else if ((event.key === "Enter" || event.key === " ") && this.#at >= 0) this.#choose(this.#read(this.#marks[this.#at]).detail);
    else if (event.key === "Escape" && !this.tip.hidden) this.hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Returns the mark some steps along the series, or up and down among those of the same place. */
  #next(along, steps) {
    const here = this.#marks[Math.max(this.#at, 0)];
    const same = (other) => other.series === here.series && other.panel === here.panel;
    let row = this.#marks.filter((other) => (along === "at" ? same(other) : other.at === here.at));
    // Where there is nothing above or below in the same place, groups stand one below the other.
    if (row.length < 2) row = along === "at" ? [...this.#marks] : this.#marks.filter(same);
    const order = along === "at" || row.every(same)
      ? (one, other) => one.at - other.at || one.series - other.series
      : (one, other) => one.panel - other.panel || one.y - other.y || one.series - other.series;
    row.sort(order);
    const index = row.indexOf(here) + steps;
    return this.#marks.indexOf(row[Math.min(Math.max(index, 0), row.length - 1)]);
  }

  #read(mark) {
    const counted = ({ row, column }) => this.#figures.answer.rows[row][this.#figures.answer.columns[column].name];
    let share;
    if (this.#shares) {
      const bar = this.#marks.filter(({ at, panel }) => at === mark.at && panel === mark.panel);
      share = counted(mark) / bar.reduce((sum, other) => sum + counted(other), 0) || 0;
    }
    return this.#figures.of(mark, share);
  }

  #show(index, aloud) {
    const mark = this.#marks[index];
    if (!mark) return;
    this.#at = index;
    const { heading, value, notes, source } = this.#read(mark);
    this.tip.replaceChildren(
      heading && make("div", { class: "quiet" }, heading),
      make("strong", {}, value),
      ...notes.map((note) => make("div", {}, note)),
      source && make("div", { class: "quiet source" }, source),
    );
    this.tip.hidden = this.ring.hidden = false;
    this.#put(mark);
    clearTimeout(this.#timer);
    if (aloud) {
      const told = [heading, value, ...notes, source].filter(Boolean).join(". ");
      this.#timer = setTimeout(() => { this.live.textContent = told; }, PAUSE);
    }
  }

  /** Lays the ring round the mark, and the box where it covers neither mark nor edge. */
  #put(mark) {
    const [wide, high] = [this.layer.offsetWidth, this.layer.offsetHeight];
    const scale = wide / this.#size[0];
    const point = mark.right - mark.left < 20 && mark.bottom - mark.top < 20 && Math.abs((mark.top + mark.bottom) / 2 - mark.y) < 3;
    const [left, top, right, bottom] = (point
      ? [mark.x - 7, mark.y - 7, mark.x + 8, mark.y + 8]
      : [mark.left - 2, mark.top - 2, mark.right + 2, mark.bottom + 2]).map((side) => side * scale);
    this.ring.classList.toggle("point", point);
    const set = (element, sides) => {
      for (const [name, pixels] of Object.entries(sides)) element.style.setProperty(name, `${pixels}px`);
    };
    set(this.ring, { left, top, width: right - left, height: bottom - top });
    set(this.tip, { left: 0, top: 0 });
    const [width, height] = [this.tip.offsetWidth, this.tip.offsetHeight];
    const x = Math.min(Math.max((left + right - width) / 2, 4), wide - width - 4);
    const y = Math.min(Math.max(top - height / 2, 4), high - height - 4);
    const choices = [[x, top - height - 6], [right + 8, y], [left - width - 8, y], [x, bottom + 6]];
    const fits = ([left_, top_]) => left_ >= 0 && top_ >= 0 && left_ + width <= wide && top_ + height <= high;
    const [tipLeft, tipTop] = choices.find(fits) ?? [x, Math.max(0, Math.min(bottom + 6, high - height))];
    set(this.tip, { left: tipLeft, top: tipTop });
  }
}

// Reading figures off the picture: by pointer, by touch, by keyboard, and aloud.

import { make } from "./markup.js";

const FIELDS = ["row", "column", "series", "panel", "at", "x", "y", "left", "top", "right", "bottom"];
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, PageUp: 5, PageDown: -5, Home: -Infinity, End: Infinity };

// The distance from a plot at which a pointer still means this plot, in pixels: the size of a fingertip.
const REACH = 32;

/** Returns how far a place is from a stretch; 0 inside. */
const off = (at, from, to) => Math.max(from - at, at - to, 0);

/** Returns the number of the item for which a number is least. */
const least = (far, items) => items.reduce((best, item, index) => (far(item) < far(items[best]) ? index : best), 0);

/** Returns the period or group at a place in a plot. Both ends of the axis are in thousandths. */
export function along([left, top, right, bottom, first, last, lying], x, y) {
  const part = lying ? (y - top) / (bottom - top) : (x - left) / (right - left);
  return (first + Math.min(Math.max(part, 0), 1) * (last - first)) / 1000;
}

export class Reading {
  #choose;
  #ring;
  #marks = [];
  #at = -1;
  // The series that is walked along.
  #series = 0;

  /** `choose` is told what a reader picks. */
  constructor(choose) {
    this.#choose = choose;
    this.tip = make("div", { className: "tip", part: "tooltip", ariaHidden: "true" });
    this.#ring = make("div", { className: "ring" });
    const point = (event) => this.#point(event);
    // Its value is the figure that is read, so it is told without a word of ours; and all keys of a slider do something.
    this.layer = make("div", {
      className: "layer", tabIndex: 0, role: "slider", ariaValueMin: "1",
      onpointermove: point,
      onpointerdown: point,
      onpointerleave: (event) => event.pointerType === "mouse" && this.hide(),
      onclick: (event) => this.#pick(this.#nearest(event)),
      onkeydown: (event) => this.#key(event),
      onfocus: () => this.layer.matches(":focus-visible") && this.#show(this.#at < 0 ? this.#first() : this.#at),
      onblur: () => this.hide(),
    }, this.#ring);
  }

  /**
   * Takes a new drawing; `shares` says that bars are drawn as shares of their sum, and `told` is the picture in words.
   */
  take(laid, figures, size, { shares, told, happened }) {
    // What is read stays read, wherever it is in a new picture.
    const [read, shown] = [this.#marks[this.#at], !this.tip.hidden];
    Object.assign(this, { laid, figures, size, shares });
    this.hide();
    this.#marks = laid.at.map((_, index) => Object.fromEntries(FIELDS.map((name) => [name, laid[name][index]])));
    // Where there is something to read, what happened to the law is read between its figures.
    if (this.#marks[0]) this.#marks.push(...(laid.events ?? []).map((place) => this.#happened(place, happened)).filter(({ law }) => law));
    this.#at = read ? this.#marks.findIndex(({ row, column, law, panel }) => (law ? law === read.law && panel === read.panel : row === read.row && column === read.column)) : -1;
    this.layer.hidden = !this.#marks.length;
    this.layer.ariaLabel = `${figures.answer.text.title}. ${figures.words.say("plot")}`;
    this.layer.ariaRoleDescription = figures.words.say("chart");
    this.layer.ariaDescription = told;
    this.layer.ariaValueMax = String(this.#marks.length);
    if (this.#at >= 0 && shown) this.#show(this.#at);
    else if (this.#marks[0]) this.#value(this.#at < 0 ? this.#first() : this.#at);
  }

  /** Returns the number of the mark that is read first: the first of the first series. */
  #first() {
    return least(({ panel, series, at, law }) => (law ? Infinity : panel * 1e9 + series * 1e6 + at), this.#marks);
  }

  /** Returns the mark of an event of the law: where it is in the picture, and along the axis. */
  #happened([number, left, top, right, bottom], happened) {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const law = happened[number];
    const [year, month] = (law?.at ?? "").split("-");
    // Of a year without a month, the middle.
    const months = year * 12 + (month ? month - 1 : 5.5);
    const at = this.laid.periods[0] === 1 ? (months - 5.5) / 12 : months;
    return { law, at, x, y, left, top, right, bottom, panel: this.#plot(x, y) };
  }

  /** Returns how far a place is from a plot. */
  #away([left, top, right, bottom, , , lying], x, y) {
    const down = off(y, top, bottom);
    // The names of horizontal bars belong to the bars.
    return lying && x < left ? down : Math.max(off(x, left, right), down);
  }

  /** Returns the number of the plot that is nearest to a place. */
  #plot(x, y) {
    return least((plot) => this.#away(plot, x, y), this.laid.panels);
  }

  /** Returns where an event is, in pixels of the picture. */
  spot({ clientX, clientY }) {
    const { left, top, width } = this.layer.getBoundingClientRect();
    return [clientX - left, clientY - top].map((side) => (side * this.size[0]) / width);
  }

  hide() {
    this.tip.hidden = this.#ring.hidden = true;
  }

  /** Returns the number of the mark that an event means: the one under it, else the nearest of the nearest period or group; or -1. */
  #nearest(event) {
    const [x, y] = this.spot(event);
    const panel = this.#plot(x, y);
    const plot = this.laid.panels[panel];
    if (!plot || this.#away(plot, x, y) > REACH) return -1;
    const at = along(plot, x, y);
    return least((mark) => {
      const beside = Math.hypot(off(x, mark.left, mark.right), off(y, mark.top, mark.bottom));
      // The name of an event is meant where it stands, and nowhere else.
      if (mark.panel !== panel || (mark.law && beside)) return Infinity;
      return (beside ? Math.abs(mark.at - at) * 1e9 : -1e9) + beside * 1e3 + Math.hypot(mark.x - x, mark.y - y);
    }, this.#marks);
  }

  /** Returns the figure that an event means. */
  markAt(event) {
    return this.#marks[this.#nearest(event)];
  }

  #point(event) {
    const index = this.#nearest(event);
    const mouse = event.pointerType === "mouse";
    // A button held down chooses years instead.
    if (index < 0 || (mouse && event.buttons)) this.hide();
    else if (index !== this.#at || this.tip.hidden) this.#show(index);
  }

  #pick(index) {
    if (index >= 0) this.#choose(this.#read(this.#marks[index]).detail);
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in STEPS) this.#show(this.#next(event.key));
    else if (event.key === "Enter" || event.key === " ") this.#pick(this.#at);
    else if (event.key === "Escape" && !this.tip.hidden) this.hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Returns the mark that a key leads to: along the series, or up and down among those of the same place. */
  #next(key) {
    const here = this.#marks[this.#at];
    if (!here) return this.#first();
    const along = (one, other) => one.at - other.at;
    let row = this.#marks.filter(({ at }) => at === here.at).sort((one, other) => one.panel - other.panel || one.y - other.y);
    // Where nothing is above or below, these keys lead along the series too.
    if (!/^Arrow(Up|Down)/.test(key) || !row[1]) row = this.#marks.filter(({ series, panel, law }) => (law || series === this.#series) && panel === here.panel).sort(along);
    if (!row[1]) row = [...this.#marks].sort(along);
    return this.#marks.indexOf(row[Math.min(Math.max(row.indexOf(here) + STEPS[key], 0), row.length - 1)]);
  }

  #read(mark) {
    return mark.law ? this.figures.event(mark.law) : this.figures.of(mark, this.shares);
  }

  /** Makes a figure the value of the plot, which a screen reader tells. */
  #value(index) {
    const { heading, value, notes, source } = this.#read(this.#marks[index]);
    this.layer.ariaValueNow = String(index + 1);
    this.layer.ariaValueText = [heading, value, ...notes, source].filter(Boolean).map((text) => text.replace(/\.$/, "")).join(". ");
    return { heading, value, notes, source };
  }

  #show(index) {
    const mark = this.#marks[index];
    if (!mark) return;
    this.#at = index;
    this.#series = mark.series ?? this.#series;
    const { heading, value, notes, source } = this.#value(index);
    this.tip.replaceChildren(
      make("div", { className: "quiet" }, heading),
      make("strong", {}, value),
      ...notes.map((note) => make("div", {}, note)),
      make("div", { className: "quiet source" }, source),
    );
    this.tip.hidden = this.#ring.hidden = false;
    this.#put(mark);
  }

  /** Lays the ring round the mark, and the box where it covers neither mark nor edge. */
  #put(mark) {
    const [wide, high] = [this.layer.offsetWidth, this.layer.offsetHeight];
    const [left, top, right, bottom] = [mark.left - 3, mark.top - 3, mark.right + 3, mark.bottom + 3].map((side) => (side * wide) / this.size[0]);
    // Moved by transforms, which are no shifts of the layout.
    const move = (element, x, y, more = "") => { element.style.cssText = `transform: translate(${x}px, ${y}px); ${more}`; };
    move(this.#ring, left, top, `width: ${right - left}px; height: ${bottom - top}px`);
    const [width, height] = [this.tip.offsetWidth, this.tip.offsetHeight];
    const within = (value, most) => Math.max(4, Math.min(value, most - 4));
    const x = within((left + right - width) / 2, wide - width);
    const y = within(top - height / 2, high - height);
    const choices = [[x, top - height - 6], [right + 8, y], [left - width - 8, y], [x, bottom + 6]];
    const fits = ([one, other]) => one >= 0 && other >= 0 && one + width <= wide && other + height <= high;
    move(this.tip, ...(choices.find(fits) ?? [x, within(bottom + 6, high - height)]));
  }
}

// The drawing, and all that is laid over it so that it can be read and changed.

import { make, makeButton, parsed } from "./markup.js";
import { Figures } from "./figures.js";
import { Reading } from "./reading.js";
import { Brush } from "./brush.js";
import { Legend } from "./legend.js";
import { Panels } from "./panels.js";
import { periodText } from "./words.js";
import { colorsOf } from "./style.js";
import { drawn } from "./load.js";

/** What is thrown where an answer cannot be drawn as asked. */
export const UNDRAWABLE = new Error("undrawable");

// What the drawing code takes, in pixels.
const WIDTHS = [240, 4096];
const HEIGHTS = [160, 4096];
// How often a size is tried, and how much smaller a chart is made each time that it does not fit.
const TURNS = 20;
const SMALLER = 1.1;

const clamp = (value, [least, most]) => Math.min(most, Math.max(least, Math.round(value)));

export class Stage {
  #tell;
  #reading;
  #brush;
  #legend;
  #drawing;
  #reset;
  #link;
  #chips;
  #laid = null;
  #shown = "";
  #size = [];
  // What is drawn: the answer with program and words, and what the author asks for.
  #data = {};
  // What the reader has chosen: a bit per hidden series, and the first and last period.
  #hidden = 0;
  #from = "";
  #to = "";

  /** `tell` is told what happens, by name, with a detail. */
  constructor(tell) {
    this.#tell = tell;
    this.#reading = new Reading((detail) => tell("select", detail));
    this.#brush = new Brush(this.#reading, (first, last) => this.#choose(first, last));
    this.#legend = new Legend((series) => this.#toggle(series));
    this.panels = new Panels();
    this.#drawing = make("div", { className: "drawing" });
    this.#reset = makeButton(() => this.#choose(-Infinity, Infinity), { name: "all" });
    this.#link = make("a", { className: "link", part: "link" });
    const { badge, table, bar, panel } = this.panels;
    this.#chips = make("div", { className: "chips" }, badge, this.#reset);
    this.root = make("div", { className: "stage" }, this.#drawing, this.#reading.layer, this.#legend.group,
      this.#chips, this.#reading.tip, table, bar, panel, this.#link);
  }

  /** Draws an answer; a new one starts with nothing chosen. */
  draw(data) {
    const { answer, type } = this.#data;
    if (data.answer !== answer || data.type !== type) {
      [this.#hidden, this.#from, this.#to] = [0, "", ""];
      this.panels.close(false);
    }
    this.#data = data;
    this.#paint();
  }

  /** Lets the service's own picture be read, before anything is drawn here: everything lies over it as it would over a drawing. */
  read(data) {
    this.#data = data;
    [this.#laid, this.#size] = [data.beside.laid, data.beside.size];
    this.#dress();
    this.#tell("readable", {});
  }

  /** Puts away what is open when something else is touched. */
  leave(event) {
    this.panels.leave(event);
    if (!event.composedPath().includes(this.root)) this.#reading.hide();
  }

  clear() {
    this.panels.close(false);
    this.#data = {};
    this.#shown = "";
    this.#drawing.replaceChildren();
  }

  #paint() {
    const { flat, program, width, height, fixed } = this.#data;
    const chosen = { ...this.#data, hidden: this.#hidden, from: this.#from, to: this.#to, whole: !fixed };
    let picture;
    let needed = height;
    // Where the room is given and nothing may move, what does not fit is drawn larger and shown smaller, as the picture there
    // would be. Else the chart is as high as it takes.
    let scale = fixed ? Math.max(1, WIDTHS[0] / width, HEIGHTS[0] / height) : 1;
    for (let turn = 0; !picture?.svg; turn += 1) {
      picture = drawn(program, flat, { ...chosen, width: clamp(width * scale, WIDTHS), height: clamp(fixed ? height * scale : needed, HEIGHTS) });
      if (!picture || turn > TURNS) throw UNDRAWABLE;
      if (fixed) scale *= SMALLER;
      else needed = picture;
    }
    const { svg, laid } = picture;
    this.#laid = laid;
    const changed = svg !== this.#shown;
    if (changed) {
      const drawing = parsed(svg);
      this.#size = ["width", "height"].map((name) => Number(drawing.getAttribute(name)));
      this.#drawing.replaceChildren(drawing);
      this.#shown = svg;
    }
    this.#dress();
    if (changed) this.#tell("ready", {});
  }

  #dress() {
    const [laid, size] = [this.#laid, this.#size];
    const { answer, program, words, address, newer, type, theme, title, plain, events, axis, page } = this.#data;
    const form = { type, title, plain, events, axis, theme: this.#data.wanted };
    const figures = new Figures(answer, words);
    const range = { from: this.#from, to: this.#to };
    const options = { type, width: size[0], height: size[1], theme, title, events, axis };
    const choose = (one, other) => this.#choose(one, other);
    const [unit, first, last, from, to] = laid.periods;
    this.sheets = [colorsOf(laid), this.#legend.sheet, this.panels.sheet];
    const told = this.#drawing.querySelector("desc")?.textContent ?? answer.text.alt;
    const happened = (answer.beside ?? this.#data.beside?.beside)?.events ?? [];
    this.#reading.take(laid, figures, size, { shares: type === "share", told, happened });
    this.#brush.stop();
    // What would draw anew waits for the program; the rest is there at once.
    this.#legend.take(program ? laid : { ...laid, keys: [] }, words, size, this.#hidden);
    const some = words.there && answer.rows.length;
    this.panels.take(laid.controls, size, words, {
      table: some && ((tools) => tools.table(figures, words, range)),
      years: some && program && first < last && !this.#isFixed() && ((tools) => tools.years(laid, words, choose)),
      download: some && ((tools) => tools.download(figures, words, this.#shown, address, options, range)),
      cite: words.there && ((tools) => tools.cite(figures, words, address, page, range)),
      // A document that holds its own figures knows no service.
      sharing: words.there && !address.startsWith("#") && ((tools) => tools.share(figures, words, address, page, { ...form, ...range })),
      newer: words.there && newer && ((tools) => tools.newer(newer, figures, words, address, { ...form, ...range })),
    });
    // What had the focus and goes away gives it to the plot.
    const left = this.#reset.getRootNode().activeElement === this.#reset;
    this.#reset.hidden = (from === first && to === last) || !words.there;
    this.#reset.textContent = words.say(unit === 2 ? "all_months" : "all_years");
    if (left && this.#reset.hidden) this.#reading.layer.focus({ preventScroll: true });
    // Beside the name of the axis; several plots have names of their own between.
    const { panels } = laid;
    this.#chips.style.top = `calc(${((panels[0]?.[1] ?? 40) / size[1]) * 100}% - ${panels[1] ? 49 : 27}px)`;
    // The author's link stays within reach of the keyboard when the drawing takes the picture's place.
    this.#link.hidden = !page;
    this.#link.href = page;
    this.#link.textContent = words.say("page") || page;
  }

  #toggle(series) {
    const hidden = this.#hidden ^ (1 << series);
    // One series at least stays, or there would be nothing to look at.
    if (this.#laid.names.every((_, number) => hidden & (1 << number))) return;
    this.#hidden = hidden;
    this.#paint();
  }

  /** Whether the years are what shares are shares of: then fewer of them would make other shares. */
  #isFixed() {
    return /(^|&)share=(year|month)/.test(this.#data.answer.query);
  }

  #choose(one, other) {
    if (this.#isFixed() || !this.#data.program) return;
    const [unit, first, last] = this.#laid.periods;
    const whole = one <= first && other >= last;
    [this.#from, this.#to] = whole ? ["", ""] : [one, other].map((period) => periodText(unit, period));
    this.#paint();
    this.#tell("range", { from: this.#from, to: this.#to });
  }
}

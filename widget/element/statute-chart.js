// <statute-chart>: a chart of Chargesheet on anybody's page.
//
// The light DOM holds the server's picture, which shows at once and without script. Once it is near the viewport,
// this module puts in its place the drawing made here, from the same figures by the same code, and lets it be read.
// It sets no cookie, stores nothing, and asks no other hosts than its own and the one in `src`. README.md documents
// attributes, events, parts and custom properties.

import { LANGUAGES, Refusal, Unreachable, answerOnce, flatten, newerOnce, programOnce, wordsOnce } from "./load.js";
import { make, place } from "./markup.js";
import { Words, languageOf } from "./words.js";
import { Figures } from "./figures.js";
import { Reading } from "./reading.js";
import { Brush } from "./brush.js";
import { Legend } from "./legend.js";
import { periodText, yearsPanel } from "./years.js";
import { tablePanel } from "./table.js";
import { downloadPanel } from "./download.js";
import { citePanel, newerPanel } from "./cite.js";
import { Panels } from "./panels.js";
import { Notice } from "./notice.js";
import { INSIDE, NARROW, OUTSIDE, themeOf } from "./style.js";

const WIDE_SIZE = [800, 450];
const NARROW_SIZE = [375, 420];
// What the drawing code takes, in pixels.
const WIDTHS = [240, 4096];
const HEIGHTS = [160, 4096];
// How far from the viewport a chart is drawn, so that a reader who scrolls finds it ready.
const NEAR = "600px 0px";
// How long a drawing waits for words, in milliseconds; later ones are added when they come.
const PATIENCE = 800;

/**
 * Draws an aggregate, given as parsed JSON, and returns the text of the SVG. Fails with a sentence, or
 * with the height in pixels that the picture would need.
 */
export async function drawAnswer(answer, { type = "", width = 800, height = 450, theme = "light", title = "",
  plain = false, hidden = 0, from = "", to = "" } = {}) {
  const { draw } = await programOnce();
  const picture = draw(flatten(answer), type, width, height, theme, title, plain, hidden, from, to);
  const svg = picture.svg();
  picture.free();
  return svg;
}

const clamp = (value, [least, most]) => Math.min(most, Math.max(least, Math.round(value)));

/** Reads a size attribute: a number of pixels, or what stands in for it. */
function pixels(text, otherwise) {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

// On a server that renders pages there is no such class, and nothing to do.
class StatuteChart extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ["src", "type", "theme", "lang", "width", "height", "title", "plain"];

  #reading = new Reading((detail) => this.#tell("select", detail));
  #brush = new Brush(this.#reading, (first, last) => this.#choose(first, last));
  #legend = new Legend((series) => this.#toggle(series));
  #panels = new Panels();
  #notice = new Notice(() => this.#schedule());
  #drawing = make("div", { class: "drawing" });
  #reset = make("button", { type: "button", class: "button reset", part: "button", onclick: () => this.#choose(-Infinity, Infinity) });
  #link = make("a", { class: "link", part: "link", hidden: true });
  #stage = make("div", { class: "stage", hidden: true }, this.#drawing, this.#reading.layer, this.#legend.group, this.#reset,
    this.#reading.tip, this.#reading.live, this.#panels.badge, this.#panels.table, this.#panels.bar, this.#panels.panel, this.#link);
  #box = make("div", { class: "box", part: "chart" }, make("slot"), this.#notice.skeleton, this.#stage, this.#notice.notice);
  // An empty title, so that the one of the element is not shown by the browser over what a reader points at.
  #frame = make("div", { class: "frame", title: "" }, this.#box);

  #dark = matchMedia("(prefers-color-scheme: dark)");
  #print = matchMedia("print");
  #sizes = new ResizeObserver(([entry]) => this.#resized(Math.round(entry.contentRect.width)));
  #sight = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#wake(), { rootMargin: NEAR });
  #again = () => this.#schedule();
  #back = () => this.#failed && this.#schedule();
  // A page is printed at once: there is no time for a frame.
  #printed = () => this.#data && !this.#failed && this.#paint();
  #awake = false;
  #failed = false;
  // The width of the box in CSS pixels; 0 while the element is not laid out.
  #width = 0;
  #request = 0;
  // Counts drawings, so that one overtaken by a newer one is dropped.
  #turn = 0;
  #data = null;
  #words = null;
  #picture = null;
  #shown = "";
  #size = [1, 1];
  #newer = null;
  // What the reader has chosen: a bit per hidden series, and the first and last period.
  #hidden = 0;
  #from = "";
  #to = "";

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [INSIDE];
    root.append(this.#frame);
    this.#frame.addEventListener("keydown", this.#panels.onkeydown);
  }

  connectedCallback() {
    // What was set before the element was defined went past the properties.
    for (const name of REFLECTED) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#reserve();
    this.#frame.classList.toggle("pictured", this.#pictured());
    this.#listen("addEventListener");
    this.#sizes.observe(this.#box);
    if (!this.#awake) this.#sight.observe(this);
  }

  disconnectedCallback() {
    this.#listen("removeEventListener");
    this.#sizes.disconnect();
    this.#sight.disconnect();
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    this.#width = 0;
    this.#turn += 1;
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.isConnected) return;
    if (name === "src" || name === "type") [this.#hidden, this.#from, this.#to] = [0, "", ""];
    this.#reserve();
    this.#schedule();
  }

  #listen(change) {
    this.#dark[change]("change", this.#again);
    this.#print[change]("change", this.#printed);
    window[change]("online", this.#back);
    document[change]("click", this.#panels.outside);
    document[change]("pointerdown", this.#outside);
  }

  /** A tap elsewhere puts the box beside a mark away. */
  #outside = (event) => {
    if (!event.composedPath().includes(this.#reading.layer)) this.#reading.hide();
  };

  #pictured() {
    return this.querySelector("img") !== null;
  }

  /** The width and height, in proportion, that the author wants on wide and on narrow pages. */
  #ratio(narrow) {
    if (!narrow) return [pixels(this.width, WIDE_SIZE[0]), pixels(this.height, WIDE_SIZE[1])];
    const tall = this.querySelector("source[width][height]");
    return tall ? [pixels(tall.width, NARROW_SIZE[0]), pixels(tall.height, NARROW_SIZE[1])] : NARROW_SIZE;
  }

  /** Keeps the room for the drawing before anything is loaded, so that the page never jumps. */
  #reserve() {
    this.#box.style.setProperty("--wide", this.#ratio(false).join(" / "));
    this.#box.style.setProperty("--narrow", this.#ratio(true).join(" / "));
    this.#frame.classList.toggle("dark", this.#theme() === "dark");
  }

  #wake() {
    this.#awake = true;
    this.#sight.disconnect();
    this.#schedule();
  }

  #resized(width) {
    if (width === this.#width) return;
    this.#width = width;
    this.#schedule();
  }

  #schedule() {
    if (this.#request || !this.#width || !this.#awake) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      this.#update();
    });
  }

  async #update() {
    this.#turn += 1;
    const turn = this.#turn;
    const current = () => turn === this.#turn;
    const address = this.#address();
    const wordsOf = (language) => wordsOnce(language).then((texts) => new Words(language, texts), () => new Words(language, null));
    let words = wordsOf(this.#language(address));
    if (this.#failed) this.#notice.clear();
    this.#failed = false;
    if (!this.#data) words.then((found) => this.#notice.wait(found));
    this.#box.ariaBusy = "true";
    try {
      if (!this.src) throw new Refusal("The attribute src is missing.");
      const [{ answer, flat }, program] = await Promise.all([answerOnce(address), programOnce()]);
      if (LANGUAGES.includes(answer.language)) words = wordsOf(answer.language);
      const soon = await Promise.race([words, new Promise((done) => { setTimeout(done, PATIENCE, null); })]);
      if (!current()) return;
      if (!soon) words.then(() => current() && this.#schedule());
      if (this.#data?.answer !== answer) this.#newer = null;
      this.#data = { answer, flat, program, address };
      this.#words = soon ?? new Words(answer.language, null);
      this.#paint();
      this.#newer ??= await newerOnce(address);
      if (current() && this.#newer) this.#dress();
    } catch (error) {
      const found = await words;
      if (current()) this.#fail(error, found);
    }
  }

  #theme() {
    if (this.#print.matches) return "light";
    if (this.theme === "dark" || this.theme === "light") return this.theme;
    return this.#dark.matches ? "dark" : "light";
  }

  #address() {
    if (!this.src || this.src.startsWith("#")) return this.src;
    const url = new URL(this.src, document.baseURI);
    const language = languageOf(this);
    if (language && !url.searchParams.has("lang")) url.searchParams.append("lang", language);
    return url.href;
  }

  /** Returns the language that the answer at an address will have. */
  #language(address) {
    const asked = address.startsWith("#") ? "" : new URLSearchParams(address.split("?")[1]).get("lang");
    return LANGUAGES.includes(asked) ? asked : languageOf(this) ?? LANGUAGES[0];
  }

  /** Draws what is loaded as it is chosen. */
  #paint() {
    const { flat, program } = this.#data;
    const ratio = this.#ratio(this.#width < NARROW);
    const width = clamp(this.#width, WIDTHS);
    const at = (height) => program.draw(flat, this.type, width, clamp(height, HEIGHTS), this.#theme(), this.title,
      this.plain, this.#hidden, this.#from, this.#to);
    let picture;
    try {
      picture = at((width * ratio[1]) / ratio[0]);
    } catch (error) {
      // A number is the height at which everything fits.
      if (typeof error !== "number") throw error;
      picture = at(error);
    }
    const svg = picture.svg();
    this.#picture?.free();
    this.#picture = picture;
    const changed = svg !== this.#shown;
    if (changed) this.#show(svg);
    this.#dress();
    if (changed) this.#tell("ready", {});
  }

  #show(svg) {
    const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    if (drawing.localName !== "svg") throw new Error("The drawing is not an SVG.");
    this.#size = [drawing.getAttribute("width"), drawing.getAttribute("height")].map(Number);
    if (this.#stage.hidden) {
      // A picture stands on a line of text, with the room for its descenders below: keep that, or what
      // follows would jump by it.
      const [wide, high] = this.#ratio(this.#width < NARROW);
      const gap = this.#box.offsetHeight - (this.#width * high) / wide;
      this.#box.style.setProperty("--gap", gap > 0.5 && gap < 24 ? `${gap}px` : "0px");
    }
    this.#drawing.replaceChildren(document.importNode(drawing, true));
    this.#shown = svg;
  }

  /** Lays over the drawing all that lets it be read and changed. */
  #dress() {
    const [picture, words, size] = [this.#picture, this.#words, this.#size];
    const { answer, program, address } = this.#data;
    const theme = themeOf(program, this.#theme());
    this.shadowRoot.adoptedStyleSheets = [INSIDE, theme.sheet, this.#legend.sheet];
    this.#frame.classList.toggle("dark", this.#theme() === "dark");
    this.#frame.lang = words.language;
    this.#notice.clear();
    this.#stage.hidden = false;
    this.#box.classList.add("drawn");
    this.#box.ariaBusy = "false";
    const figures = new Figures(answer, words);
    this.#reading.take(picture, figures, size, this.type === "share");
    this.#brush.take(picture, size);
    this.#legend.take(picture, words, size, this.#hidden, theme.series);
    const page = this.querySelector("a[href]")?.href;
    const [unit, first, last, from, to] = picture.periods();
    const options = { type: this.type, width: size[0], height: size[1], theme: this.#theme(), title: this.title };
    const shown = { figures, words, size, address, options, from: this.#from, to: this.#to };
    const makers = {
      table: () => tablePanel(figures, words, this.#from, this.#to),
      years: () => yearsPanel(picture, words, (one, other) => this.#choose(one, other)),
      download: () => downloadPanel({ ...shown, svg: this.#shown }),
      cite: () => citePanel(figures, words, address, page),
      newer: () => newerPanel(this.#newer, figures, words, address),
    };
    if (!answer.rows.length) delete makers.table, delete makers.download;
    if (!unit || first === last) delete makers.years;
    if (!this.#newer) delete makers.newer;
    this.#panels.take(picture.controls(), size, words, makers);
    this.#panels.refresh();
    this.#reset.hidden = !unit || (from === first && to === last) || !words.there;
    this.#reset.textContent = words.say(unit === 2 ? "all_months" : "all_years");
    const [, top, right] = picture.panels();
    this.#reset.style.setProperty("right", `${(1 - right / size[0]) * 100}%`);
    this.#reset.style.setProperty("top", `${(top / size[1]) * 100}%`);
    // The author's link stays within reach of the keyboard when the drawing takes the picture's place.
    this.#link.hidden = !page;
    this.#link.href = page ?? "";
    this.#link.textContent = words.say("page") || page;
  }

  #toggle(series) {
    const hidden = this.#hidden ^ (1 << series);
    const all = this.#picture.names().split("\u001f").length;
    // One series at least stays, or there would be nothing to look at.
    if ([...Array(all).keys()].every((number) => hidden & (1 << number))) return;
    this.#hidden = hidden;
    this.#paint();
  }

  #choose(one, other) {
    const [unit, first, last] = this.#picture.periods();
    const whole = one <= first && other >= last;
    this.#from = whole ? "" : periodText(unit, Math.max(one, first));
    this.#to = whole ? "" : periodText(unit, Math.min(other, last));
    this.#paint();
    this.#tell("range", { from: this.#from, to: this.#to });
  }

  /** Brings the author's own picture back and says what is wrong. */
  #fail(error, words) {
    const reason = typeof error === "string" ? error : String(error?.message ?? "");
    const told = typeof error === "string" || error instanceof Refusal ? reason : "";
    const away = error instanceof Unreachable;
    const sentence = away && !navigator.onLine ? words.say("offline") : `${words.say("failed")} ${away ? words.say("unreachable") : told}`;
    this.#failed = true;
    this.#data = null;
    this.#shown = "";
    this.#drawing.replaceChildren();
    this.#stage.hidden = true;
    this.#box.classList.remove("drawn");
    this.#box.ariaBusy = "false";
    this.#panels.close(false);
    this.#notice.tell(words, sentence.trim(), this.#pictured());
    this.#tell("error", { reason });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`statute-chart-${name}`, { bubbles: true, composed: true, detail }));
  }
}

// Attributes reflect to properties of the same name; `lang` and `title` do so on every element.
const REFLECTED = ["src", "type", "theme", "width", "height", "plain"];
for (const name of REFLECTED) {
  const flag = name === "plain";
  Object.defineProperty(StatuteChart.prototype, name, {
    get() {
      return flag ? this.hasAttribute(name) : this.getAttribute(name) ?? "";
    },
    set(value) {
      if (value === null || value === undefined || (flag && !value)) this.removeAttribute(name);
      else this.setAttribute(name, flag ? "" : value);
    },
    configurable: true,
    enumerable: true,
  });
}

if (globalThis.customElements && !customElements.get("statute-chart")) {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, OUTSIDE];
  customElements.define("statute-chart", StatuteChart);
}

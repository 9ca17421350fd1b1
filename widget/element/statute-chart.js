// <statute-chart>: a chart of Chargesheet on anybody's page.
//
// The light DOM holds the server's picture, which shows at once and without script. This module puts in
// its place the drawing made here, from the same figures by the same code. It sets no cookie, stores
// nothing, and asks no other hosts than its own and the one in `src`. README.md documents attributes and
// events.

const LANGUAGES = ["en", "ru", "kk"];
const INTEGRITY = {};
const VERSION = "";
// Below this width, in CSS pixels, a chart is drawn taller, so that its labels stay legible.
const NARROW = 600;
const WIDE_SIZE = [800, 450];
const NARROW_SIZE = [375, 420];
// What the drawing code takes, in pixels.
const WIDTHS = [240, 4096];
const HEIGHTS = [160, 4096];
const LINKS = { en: "Figures and sources", ru: "Данные и источники", kk: "Деректер мен дереккөздер" };
const MESSAGES = {
  en: "The interactive chart could not be shown.",
  ru: "Не удалось показать интерактивную диаграмму.",
  kk: "Интерактивті диаграмманы көрсету мүмкін болмады.",
};

// Constructed style sheets: a Content-Security-Policy without 'unsafe-inline' allows them.
const inside = new CSSStyleSheet();
inside.replaceSync(`
  :host { display: block; inline-size: 100%; }
  :host([hidden]) { display: none; }
  .frame { container-type: inline-size; }
  .box { aspect-ratio: var(--wide); }
  @container (max-width: ${NARROW - 0.02}px) { .box { aspect-ratio: var(--narrow); } }
  .box.settled { aspect-ratio: auto; }
  svg { display: block; inline-size: 100%; block-size: auto; }
  .like-image svg { display: inline; }
  .status { margin: 0.25rem 0 0; font: 13px/1.4 "Noto Sans", system-ui, sans-serif; }
  .status:empty { display: none; }
  .box { position: relative; }
  .link { position: absolute; inset-block-end: 0; inset-inline-end: 0; padding: 0.15rem 0.35rem;
    font: 12px/1.4 "Noto Sans", system-ui, sans-serif; color: #0b5a7a; background: #ffffff; }
  .link.dark { color: #8cc8e0; background: #161a20; }
  .link[hidden] { display: none; }
  .frame { position: relative; }
`);
const outside = new CSSStyleSheet();
outside.replaceSync("statute-chart img { max-width: 100%; height: auto; }");
document.adoptedStyleSheets = [...document.adoptedStyleSheets, outside];

/** A failure in words fit for a reader; the platform's own are for the author of the page. */
class Refusal extends Error {}

/** Runs `make` once per key while it succeeds; a failure is forgotten, so that the next try is a new one. */
function once(kept, key, make) {
  if (!kept.has(key)) {
    const promise = make();
    kept.set(key, promise);
    promise.catch(() => kept.delete(key));
  }
  return kept.get(key);
}

const silently = { credentials: "omit", referrerPolicy: "no-referrer" };
const modules = new Map();
const answers = new Map();

/** Returns the drawing function of the one wasm instance of the page. */
function loadDraw() {
  return once(modules, "draw", async () => {
    // Imported here, not at the top, so that a blocked file leaves the element alive to say so.
    // glue:begin
    const glue = import("./chargesheet_widget.js");
    // glue:end
    const wasm = fetch(new URL("./chargesheet_widget_bg.wasm", import.meta.url), silently);
    // Either may fail while the other is still awaited.
    wasm.catch(() => {});
    const { default: init, draw } = glue;
    await init({ module_or_path: wasm });
    return draw;
  });
}

/** Fetches an aggregate and returns it in the flat form that the drawing code reads. */
function loadAnswer(url) {
  return once(answers, url, async () => {
    const response = await fetch(url, silently);
    const body = await response.json().catch(() => null);
    if (!response.ok || body === null) {
      throw new Refusal(body?.detail || body?.title || `${response.status} ${response.statusText}`.trim());
    }
    return flatten(body);
  });
}

/** Writes every leaf of a JSON value as a record: its path and text, separated by control characters. */
function flatten(value) {
  const clean = (text) => String(text).replace(/[\u001e\u001f]/g, " ");
  const records = [];
  const walk = (node, path) => {
    if (node === null || node === undefined) return;
    if (typeof node === "object") {
      for (const key of Object.keys(node)) walk(node[key], `${path}${clean(key)}\u001f`);
    } else {
      records.push(path + clean(node));
    }
  };
  walk(value, "");
  return records.join("\u001e");
}

/**
 * Draws an aggregate, given as parsed JSON, and returns the text of the SVG. Fails with a sentence, or
 * with the height in pixels that the picture would need.
 */
export async function drawAnswer(answer, { type = "", width = 800, height = 450, theme = "light", title = "" } = {}) {
  const draw = await loadDraw();
  return draw(flatten(answer), type, width, height, theme, title, false, 0, "", "").svg();
}

const clamp = (value, [least, most]) => Math.min(most, Math.max(least, Math.round(value)));

/** Reads a size attribute: a number of pixels, or what stands in for it. */
function pixels(text, otherwise) {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

class StatuteChart extends HTMLElement {
  static observedAttributes = ["src", "type", "theme", "lang", "width", "height", "title"];

  #box = document.createElement("div");
  #status = document.createElement("p");
  #link = document.createElement("a");
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #observer = new ResizeObserver(([entry]) => this.#resized(Math.round(entry.contentRect.width)));
  #redraw = () => this.#schedule();
  // The width of the box in CSS pixels; 0 while the element is not laid out.
  #width = 0;
  #frame = 0;
  // Counts drawings, so that one overtaken by a newer one is dropped.
  #turn = 0;
  #shown = "";

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [inside];
    const frame = document.createElement("div");
    frame.className = "frame";
    this.#box.className = "box";
    this.#box.part = "chart";
    this.#box.append(document.createElement("slot"));
    this.#status.className = "status";
    this.#status.part = "status";
    this.#status.setAttribute("role", "status");
    this.#link.className = "link";
    this.#link.part = "link";
    this.#link.hidden = true;
    frame.append(this.#box, this.#link, this.#status);
    root.append(frame);
  }

  connectedCallback() {
    this.#reserve();
    this.#dark.addEventListener("change", this.#redraw);
    this.#observer.observe(this.#box);
  }

  disconnectedCallback() {
    this.#dark.removeEventListener("change", this.#redraw);
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#width = 0;
    this.#turn += 1;
  }

  attributeChangedCallback(_name, before, after) {
    if (before === after || !this.isConnected) return;
    this.#reserve();
    this.#schedule();
  }

  /** The width and height, in proportion, that the author wants on wide and on narrow pages. */
  #ratio(narrow) {
    if (narrow) return NARROW_SIZE;
    return [pixels(this.width, WIDE_SIZE[0]), pixels(this.height, WIDE_SIZE[1])];
  }

  /** Keeps the room for the drawing before anything is loaded, so that the page never jumps. */
  #reserve() {
    this.#box.style.setProperty("--wide", this.#ratio(false).join(" / "));
    this.#box.style.setProperty("--narrow", this.#ratio(true).join(" / "));
  }

  #resized(width) {
    if (width === this.#width) return;
    this.#width = width;
    this.#schedule();
  }

  #schedule() {
    if (this.#frame || !this.#width) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#update();
    });
  }

  async #update() {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      if (!this.src) throw new Refusal("The attribute src is missing.");
      const [flat, draw] = await Promise.all([loadAnswer(this.#address()), loadDraw()]);
      if (turn === this.#turn) this.#show(this.#draw(draw, flat));
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  #draw(draw, flat) {
    const ratio = this.#ratio(this.#width < NARROW);
    const width = clamp(this.#width, WIDTHS);
    const at = (height) => draw(flat, this.type, width, clamp(height, HEIGHTS), this.#theme(), this.title, false, 0, "", "").svg();
    try {
      return at((width * ratio[1]) / ratio[0]);
    } catch (error) {
      // A number is the height at which everything fits.
      if (typeof error === "number") return at(error);
      throw error;
    }
  }

  #theme() {
    if (this.theme === "dark" || this.theme === "light") return this.theme;
    return this.#dark.matches ? "dark" : "light";
  }

  #language() {
    const known = (text) => LANGUAGES.find((language) => (text || "").toLowerCase().split("-")[0] === language);
    return known(this.getAttribute("lang")) || known(document.documentElement.lang);
  }

  #address() {
    const url = new URL(this.src, document.baseURI);
    const language = this.#language();
    if (language && !url.searchParams.has("lang")) url.searchParams.append("lang", language);
    return url.href;
  }

  #show(svg) {
    this.#status.textContent = "";
    if (svg === this.#shown) return;
    const drawing = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    if (drawing.localName !== "svg") throw new Error("The drawing is not an SVG.");
    this.#box.replaceChildren(document.importNode(drawing, true));
    this.#box.classList.add("settled");
    // A picture stands on a line of text, with the room for its descenders below: keep that, or what
    // follows would jump by it.
    this.#box.classList.toggle("like-image", this.querySelector("img") !== null);
    this.#shown = svg;
    this.#offerLink();
    this.#tell("statute-chart-ready", {});
  }

  /** The author's link to the figures stays within reach when the drawing takes the picture's place. */
  #offerLink() {
    const address = this.querySelector("a[href]")?.href;
    this.#link.hidden = !address;
    if (!address) return;
    const language = this.#language() || "en";
    this.#link.href = address;
    this.#link.lang = language;
    this.#link.textContent = LINKS[language];
    this.#link.classList.toggle("dark", this.#theme() === "dark");
  }

  /** Brings the author's own picture back and says what is wrong below it. */
  #fail(error) {
    const language = this.#language() || "en";
    const reason = typeof error === "string" ? error : String(error?.message ?? "");
    const told = typeof error === "string" || error instanceof Refusal ? reason : "";
    this.#box.replaceChildren(document.createElement("slot"));
    this.#box.classList.add("settled");
    this.#shown = "";
    this.#link.hidden = true;
    this.#status.lang = language;
    this.#status.textContent = `${MESSAGES[language]} ${told}`.trim();
    this.#tell("statute-chart-error", { reason });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

// Attributes reflect to properties of the same name; `lang` and `title` do so on every element.
for (const name of ["src", "type", "theme", "width", "height"]) {
  Object.defineProperty(StatuteChart.prototype, name, {
    get() {
      return this.getAttribute(name) ?? "";
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
    configurable: true,
    enumerable: true,
  });
}

if (!customElements.get("statute-chart")) customElements.define("statute-chart", StatuteChart);

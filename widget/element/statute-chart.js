// <statute-chart>: a chart of Chargesheet on anybody's page.
//
// The light DOM holds the server's picture, which shows at once and without script. Once it is near the viewport,
// this module lays over it the drawing made here, from the same figures by the same code, and lets it be read. The picture
// stays where it is and keeps the room, so the chart has the picture's size in every layout, and nothing moves.
// It sets no cookie, stores nothing, and asks no other hosts than its own and the one in `src`. README.md documents
// attributes, events, parts and custom properties.

import { LANGUAGES, LOADING, Refusal, Unreachable, answerOnce, besideOnce, drawn, flatForm, newerOnce, programOnce, reasonOf, wordsOnce } from "./load.js";
import { make } from "./markup.js";
import { Words, knownOf, languageOf } from "./words.js";
import { Stage, UNDRAWABLE } from "./stage.js";
import { Notice } from "./notice.js";
import { INSIDE, OUTSIDE } from "./style.js";

const SIZE = [800, 450];
// A chart without a picture keeps the height that it has at this width (420 pixels at the usual proportion) when it is
// narrower, but is no higher than so many times its width.
const KEPT = 2240 / 3;
const TALLEST = 1.12;
// How far from the viewport a chart is drawn, so that a reader who scrolls finds it ready.
const NEAR = "600px 0px";
// Attributes with properties of the same name; every element has those of `lang` and `title`.
const REFLECTED = ["src", "type", "theme", "width", "height", "plain", "events", "axis"];

// What `drawAnswer` takes when nothing else is asked for.
const USUAL = { type: "", width: 800, height: 450, theme: "light", title: "", plain: false, hidden: 0, from: "", to: "", whole: false };

/**
 * Draws an aggregate, given as parsed JSON, and returns the text of the SVG. Fails with a sentence, or
 * with the height in pixels that the picture would need.
 */
export async function drawAnswer(answer, options) {
  const asked = { ...USUAL, ...options };
  const picture = drawn(await programOnce(), await flatForm(answer), asked);
  if (picture.svg) return picture.svg;
  throw picture || await reasonOf(new URL(answer.release.url, import.meta.url).href, { ...options, lang: answer.language });
}

const wordsIn = (language) => wordsOnce(language).catch(() => null).then((texts) => new Words(language, texts));

/** Returns the size of a picture as it was made, and where it lies in the room that it keeps; null where it is not whole. */
function pictureIn(picture) {
  const { naturalWidth, naturalHeight, offsetWidth, offsetHeight } = picture;
  const style = getComputedStyle(picture);
  const [top, right, bottom, left] = ["Top", "Right", "Bottom", "Left"].map((side) => parseFloat(style[`padding${side}`]));
  const [width, height] = [offsetWidth - left - right, offsetHeight - top - bottom];
  const scale = Math.min(width / naturalWidth, height / naturalHeight);
  const [wide, high] = [naturalWidth * scale, naturalHeight * scale];
  // Stretched, it is no picture of the figures any more.
  if (!picture.complete || !(scale > 0) || (style.objectFit !== "contain" && (width > wide * 1.02 || height > high * 1.02))) return null;
  return {
    size: [naturalWidth, naturalHeight],
    place: `left: ${left + (width - wide) / 2}px; top: ${top + (height - high) / 2}px; width: ${wide}px; height: ${high}px`,
  };
}

class StatuteChart extends HTMLElement {
  static observedAttributes = [...REFLECTED, "lang", "title"];

  #stage = new Stage((name, detail) => this.#tell(name, detail));
  #notice = new Notice(() => this.#schedule());
  // An empty title, so that the browser does not show the element's over what a reader points at.
  #box = make("div", { className: "box", part: "chart", title: "" }, make("slot", { onslotchange: () => this.#reserve() }), make("div", { className: "room" }),
    this.#notice.skeleton, this.#stage.root, this.#notice.notice);
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #print = matchMedia("print");
  #forced = matchMedia("(forced-colors: active)");
  #sizes = new ResizeObserver((entries) => {
    const [{ inlineSize, blockSize }] = entries.at(-1).borderBoxSize;
    this.#measure(inlineSize, blockSize);
  });
  #sight = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    this.#near = true;
    this.#sight.disconnect();
    this.#schedule();
  }, { rootMargin: NEAR });
  #listeners = [
    [this.#dark, "change", () => this.#schedule()],
    [this.#forced, "change", () => this.#schedule()],
    // A page is printed at once: there is no time for a frame.
    [this.#print, "change", () => this.#data && this.#draw()],
    [globalThis, "online", () => this.#failed && this.#schedule()],
    [globalThis, "pointerdown", (event) => this.#stage.leave(event)],
  ];
  #near = false;
  #failed = false;
  // The picture in the light DOM, if it shows anything.
  #picture = null;
  // Width and height of what keeps the room, in CSS pixels; 0 while the element is not laid out.
  #size = [0, 0];
  #request = 0;
  // Counts drawings, so that one overtaken by a newer one is dropped.
  #turn = 0;
  #data = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(this.#box);
    this.shadowRoot.adoptedStyleSheets = [INSIDE];
    this.#box.addEventListener("keydown", ({ key }) => key === "Escape" && this.#stage.panels.close(true));
    // A picture that could not be loaded keeps no room.
    this.addEventListener("error", () => this.#reserve(), true);
    // One that comes after its figures can be read from then on.
    this.addEventListener("load", () => !this.#data && this.#begin(), true);
  }

  connectedCallback() {
    // What was set before the element was defined went past the properties.
    for (const name of REFLECTED.filter((own) => Object.hasOwn(this, own))) {
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#reserve();
    this.#notice.skeleton.textContent = LOADING[languageOf(this)];
    for (const [target, name, act] of this.#listeners) target.addEventListener(name, act);
    // What is in sight already begins at once, not two frames later when the observers have had their turn.
    const { width, top, bottom } = this.getBoundingClientRect();
    if (!this.src || !width || top >= innerHeight || bottom <= 0) return this.#sight.observe(this);
    if (this.#picture) this.#measure(this.#picture.offsetWidth, this.#picture.offsetHeight);
    this.#near = true;
    this.#begin();
  }

  disconnectedCallback() {
    for (const [target, name, act] of this.#listeners) target.removeEventListener(name, act);
    this.#sizes.disconnect();
    this.#sight.disconnect();
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    this.#size = [0, 0];
    this.#turn += 1;
  }

  attributeChangedCallback(_name, before, after) {
    if (before === after || !this.isConnected) return;
    this.#reserve();
    this.#schedule();
  }

  /** Keeps the room for the drawing before anything is loaded, so that the page never jumps. */
  #reserve() {
    const picture = this.querySelector("img");
    this.#picture = picture?.complete && !picture.naturalWidth ? null : picture;
    const { classList } = this.#box;
    classList.toggle("pictured", Boolean(this.#picture));
    classList.toggle("dark", this.#theme() === "dark");
    this.#sizes.disconnect();
    this.#sizes.observe(this.#picture ?? this.#box, { box: "border-box" });
    if (!this.#picture) this.#measure(this.#box.offsetWidth);
  }

  /** Takes the width and height of what keeps the room; without a picture the height follows from the width. */
  #measure(inline, block) {
    const width = Math.round(inline);
    const [wide, high] = [this.width, this.height].map((text, index) => (text > 0 ? text : SIZE[index]));
    const kept = Math.max(width, Math.min(KEPT, (TALLEST * width * wide) / high)) * (high / wide);
    const height = Math.round(this.#picture ? block : kept);
    if (`${[width, height]}` === `${this.#size}`) return;
    this.#size = [width, height];
    this.#box.style.setProperty("--widest", `${width}px`);
    this.#box.style.setProperty("--ratio", `${width} / ${height}`);
    this.#schedule();
  }

  #theme() {
    // Whoever forces colours chooses the ground too.
    const wanted = /^(dark|light)$/.test(this.theme) && !this.#forced.matches ? this.theme : this.#dark.matches && "dark";
    return (!this.#print.matches && wanted) || "light";
  }

  #schedule() {
    this.#request ||= requestAnimationFrame(() => {
      this.#request = 0;
      this.#begin();
    });
  }

  /** Begins, unless the element is not laid out or is far from what the reader sees. */
  #begin() {
    if (this.#size[0] && this.#near) this.#update();
  }

  async #update() {
    this.#turn += 1;
    const turn = this.#turn;
    const current = () => turn === this.#turn;
    const asked = /[?&]lang=(\w+)/.exec(this.src)?.[1];
    let words = wordsIn(knownOf([this.lang, asked, languageOf(this)]));
    if (this.#failed) this.#notice.clear();
    this.#failed = false;
    try {
      const address = this.#address();
      if (!address) throw new Refusal("no_src");
      // What is drawn already needs no places of another picture.
      const known = this.#data?.address === address ? this.#data.beside : null;
      const [answer, beside] = await Promise.all([answerOnce(address), known ?? besideOnce(address, this.#picture)]);
      if (LANGUAGES.includes(answer.language)) words = wordsIn(answer.language);
      words = await words;
      if (!current()) return;
      const data = { answer, beside, address, words };
      if (!this.#data) this.#read(data);
      // Of these kinds the server's picture stays.
      if (this.#picture && isStill(this.type, answer)) return;
      // The program is asked for last, so that it takes no room on the line from what a reader needs first.
      const [program, flat] = await Promise.all([programOnce(), flatForm({ ...answer, beside: answer.beside ?? beside?.beside })]);
      if (!current()) return;
      this.#data = { ...data, program, flat };
      this.#draw();
      this.#data.newer = await newerOnce(address);
      if (current() && this.#data.newer) this.#draw();
    } catch (error) {
      words = await words;
      if (!current()) return;
      const { type, title, plain } = this;
      const told = error !== UNDRAWABLE ? error : new Refusal(await reasonOf(this.#address(), { type, title, plain }).catch(() => ""));
      this.#fail(told, words);
    }
  }

  #address() {
    if (!this.src || this.src.startsWith("#")) return this.src;
    const url = new URL(this.src, document.baseURI);
    // The element's own language is its author's last word; that of the page fills in where the address has none.
    if (knownOf([this.lang]) || !url.searchParams.has("lang")) url.searchParams.set("lang", languageOf(this));
    return url.href;
  }

  /** Lets the picture be read as it is, where it is known where everything in it is. */
  #read(data) {
    const { answer, beside } = data;
    const room = this.#picture && pictureIn(this.#picture);
    if (!room || !beside?.isShown || beside.release !== answer.release.id || `${beside.size}` !== `${room.size}`) return;
    this.#box.classList.add("read");
    this.#stage.root.style.cssText = room.place;
    this.#stage.read({ ...data, ...this.#form() });
    this.#dressed(data);
  }

  /** Returns what the author asks for. */
  #form() {
    const { type, title, plain, events, axis, theme: wanted } = this;
    const page = this.querySelector("a[href]")?.href ?? "";
    return { type, title, plain, events, axis, theme: this.#theme(), wanted, page, fixed: this.#picture };
  }

  #dressed({ words }) {
    this.shadowRoot.adoptedStyleSheets = [INSIDE, ...this.#stage.sheets];
    this.#box.lang = words.language;
  }

  #draw() {
    const { classList } = this.#box;
    const { root } = this.#stage;
    const focused = classList.contains("read") && this.shadowRoot.activeElement;
    // What lay over the picture is taken out and put back: on the page it is new, and has not been shifted.
    if (classList.replace("read", "drawn")) {
      root.remove();
      root.style.cssText = "";
      this.#notice.notice.before(root);
    }
    // Before it is drawn: what is laid over the drawing is measured.
    classList.add("drawn");
    const [width, height] = this.#size;
    this.#stage.draw({ ...this.#data, width, height, ...this.#form() });
    if (focused) focused.focus({ preventScroll: true });
    this.#dressed(this.#data);
    this.#reserve();
  }

  /** Brings the author's own picture back and says what is wrong. */
  #fail(error, words) {
    const reason = String(error?.message ?? error);
    const away = error instanceof Unreachable;
    // What is missing in the page is said by key.
    const told = error instanceof Refusal ? words.say(reason) || reason : away && words.say("unreachable");
    const sentence = [words.say("failed"), told].filter(Boolean).join(" ");
    this.#failed = true;
    this.#data = null;
    // Where the program may not run, the picture can be read all the same.
    if (!this.#box.classList.contains("read")) {
      this.#stage.clear();
      this.#box.classList.remove("drawn");
      this.#notice.tell(words, away && !navigator.onLine ? words.say("offline") : sentence, Boolean(this.#picture));
    }
    this.#tell("error", { reason: told || reason });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`statute-chart-${name}`, { bubbles: true, composed: true, detail }));
  }
}

for (const name of REFLECTED) {
  Object.defineProperty(StatuteChart.prototype, name, {
    get() {
      return name === "plain" ? this.hasAttribute(name) : this.getAttribute(name) ?? "";
    },
    set(value) {
      if (value === true || (value ?? false) === false) this.toggleAttribute(name, value === true);
      else this.setAttribute(name, value);
    },
  });
}

/** Whether only the server draws what is asked for: maps, and figures of other periods than years. */
function isStill(type, { columns }) {
  return /^(map|spans)$/.test(type) || (!type && columns.some(({ name, role }) => name === "period" && role === "dimension"));
}

if (!customElements.get("statute-chart")) {
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, OUTSIDE];
  customElements.define("statute-chart", StatuteChart);
}

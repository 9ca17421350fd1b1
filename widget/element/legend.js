// Series switched on and off by their names in the legend.

import { make, place } from "./markup.js";

const KEY_STRIDE = 5;
// The least that a finger meets (WCAG 2.5.8), in pixels.
const TARGET = 24;

export class Legend {
  #buttons = new Map();
  #sheet;

  /** `toggle` is told the number of a series. */
  constructor(toggle) {
    this.toggle = toggle;
    this.group = make("div", { class: "legend", role: "group" });
    // Constructed in the browser only; on a server nobody makes a legend.
    this.#sheet = new CSSStyleSheet();
  }

  /** The style sheet that lets other series fade while one is pointed at. */
  get sheet() {
    return this.#sheet;
  }

  /** Lays a button over every name; those that stay keep the focus. */
  take(picture, words, size, hidden, colors) {
    const [keys, names] = [picture.keys(), picture.names().split("\u001f")];
    const before = this.#buttons;
    this.#buttons = new Map();
    this.#emphasise(-1, colors);
    // A single series has nothing to be told from.
    for (let at = 0; names.length > 1 && at < keys.length; at += KEY_STRIDE) {
      const [series, left, top, right, bottom] = keys.subarray(at, at + KEY_STRIDE);
      const button = before.get(series) ?? make("button", { type: "button", onclick: () => this.toggle(series) });
      const grow = Math.max(0, TARGET - (bottom - top)) / 2;
      place(button, [left - 4, top - grow, right + 4, bottom + grow], size);
      button.ariaLabel = names[series];
      button.title = names[series];
      button.ariaPressed = String(!(hidden & (1 << series)));
      button.onpointerenter = button.onfocus = () => this.#emphasise(hidden & (1 << series) ? -1 : series, colors);
      button.onpointerleave = button.onblur = () => this.#emphasise(-1, colors);
      this.#buttons.set(series, button);
      if (button.parentNode !== this.group) this.group.append(button);
    }
    for (const [series, button] of before) if (this.#buttons.get(series) !== button) button.remove();
    this.group.ariaLabel = words.say("legend");
    this.group.hidden = !this.#buttons.size;
  }

  #emphasise(series, colors) {
    const others = series < 0 ? [] : colors.filter((_, index) => index !== series);
    this.#sheet.replaceSync(others.map((color) =>
      `.drawing [fill="${color}"],.drawing [stroke="${color}"]{opacity:.2}`).join(""));
  }
}

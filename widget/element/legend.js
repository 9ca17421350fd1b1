// Series switched on and off by their names in the legend.

import { make, place } from "./markup.js";
import { sheetOf } from "./style.js";

// The least that a finger meets (WCAG 2.5.8), in pixels.
const TARGET = 24;

export class Legend {
  #toggle;
  #buttons = [];
  /** Lets other series fade while one is pointed at. */
  sheet = sheetOf("");
  group = make("div", { className: "legend", role: "group" });

  /** `toggle` is told the number of a series. */
  constructor(toggle) {
    this.#toggle = toggle;
  }

  /** Lays a button over every name; those that stay keep the focus. */
  take({ names, keys, colors }, words, size, hidden) {
    const point = (series) => this.sheet.replaceSync(colors.filter((_, index) => series >= 0 && index !== series)
      .map((color) => `.drawing [fill="${color}"], .drawing [stroke="${color}"] { opacity: .2 }`).join(""));
    point(-1);
    this.group.ariaLabel = words.say("legend");
    const named = [];
    // A single series has nothing to be told from.
    for (const [series, left, top, right, bottom] of names[1] ? keys : []) {
      const grow = Math.max(0, TARGET + top - bottom) / 2;
      const on = !(hidden & (1 << series));
      this.#buttons[series] ??= make("button", { type: "button", onclick: () => this.#toggle(series) });
      const button = this.#buttons[series];
      named.push(button);
      button.ariaPressed = String(on);
      button.ariaLabel = button.title = names[series];
      button.onpointerenter = button.onfocus = () => on && point(series);
      button.onpointerleave = button.onblur = () => point(-1);
      place(button, [left - 4, top - grow, right + 4, bottom + grow], size);
      if (!button.parentNode) this.group.append(button);
    }
    for (const button of this.#buttons) if (button) button.hidden = !named.includes(button);
  }
}

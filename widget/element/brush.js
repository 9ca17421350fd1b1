// Choosing years by dragging across the plot. The panel of years does the same without dragging.

import { make, place } from "./markup.js";
import { along } from "./reading.js";

// A hand that clicks moves less than this, in pixels.
const STILL = 6;

export class Brush {
  #band;
  #plot = null;
  #start = 0;
  #dragged = false;

  /** `choose` is told the first and the last period, as numbers. */
  constructor(reading, choose) {
    const { layer } = reading;
    this.#band = make("div", { className: "band", hidden: true });
    layer.append(this.#band);
    const on = (name, act) => layer.addEventListener(name, act, true);
    on("pointerdown", (event) => {
      const mark = reading.markAt(event);
      [this.#start] = reading.spot(event);
      this.#dragged = false;
      // A finger scrolls and taps; and not under every plot there are periods.
      const plot = mark && reading.laid.panels[mark.panel];
      const choosable = plot && event.pointerType !== "touch" && !event.button && reading.laid.periods[0] && !plot[6];
      this.#plot = choosable ? plot : null;
    });
    on("pointermove", (event) => {
      const [x] = reading.spot(event);
      if (!this.#plot || !(this.#dragged || Math.abs(x - this.#start) > STILL)) return;
      this.#dragged = true;
      layer.setPointerCapture(event.pointerId);
      // The band stays where it is and is painted otherwise: what moves would count as a shift of the layout.
      const [left, , right] = this.#plot;
      const [from, to] = [this.#start, x].sort((one, other) => one - other).map((end) => `${((end - left) / (right - left)) * 100}%`);
      place(this.#band, this.#plot, reading.size);
      this.#band.style.background = `linear-gradient(90deg, #0000 ${from}, var(--accent) ${from} ${to}, #0000 ${to})`;
      this.#band.hidden = false;
    });
    on("pointerup", (event) => {
      const [plot, ends] = [this.#plot, [this.#start, reading.spot(event)[0]]];
      this.stop();
      if (!plot || !this.#dragged) return;
      const [, , , first, last] = reading.laid.periods;
      choose(...ends.map((x) => Math.min(Math.max(Math.round(along(plot, x)), first), last)).sort((one, other) => one - other));
    });
    on("pointercancel", () => this.stop());
    on("keydown", (event) => event.key === "Escape" && this.stop());
    // The click that ends a drag picks no figure.
    on("click", (event) => this.#dragged && event.stopImmediatePropagation());
  }

  stop() {
    this.#plot = null;
    this.#band.hidden = true;
  }
}

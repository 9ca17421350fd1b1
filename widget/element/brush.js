// Choosing years by dragging across the plot. The panel of years does the same without dragging.

import { make } from "./markup.js";

// A hand that clicks moves less than this, in pixels.
const STILL = 6;

export class Brush {
  #picture = null;
  #size = [1, 1];
  #plot = null;
  #start = 0;
  #end = 0;
  #dragging = false;
  // Whether a drag has just ended: the click that follows it picks no figure.
  #dropped = false;

  /** `choose` is told the first and the last period, as numbers. */
  constructor(reading, choose) {
    const { layer } = reading;
    this.band = make("div", { class: "band", hidden: true });
    layer.append(this.band);
    layer.addEventListener("pointerdown", (event) => {
      this.#dropped = false;
      const [x, y] = reading.spot(event);
      // A finger scrolls and taps; and not under every plot there are periods.
      const choosable = event.pointerType !== "touch" && event.button === 0 && this.#picture.period_at(x) >= 0;
      this.#plot = choosable ? this.#plotAt(x, y) : null;
      this.#start = x;
    });
    layer.addEventListener("pointermove", (event) => {
      if (!this.#plot || !(event.buttons & 1)) return this.#stop();
      const [x] = reading.spot(event);
      if (!this.#dragging && Math.abs(x - this.#start) < STILL) return undefined;
      this.#dragging = true;
      layer.setPointerCapture(event.pointerId);
      this.#end = x;
      return this.#draw();
    });
    layer.addEventListener("pointerup", () => {
      const [dragged, chosen] = [this.#dragging, this.#chosen()];
      this.#stop();
      if (dragged) choose(...chosen);
    });
    layer.addEventListener("pointercancel", () => this.#stop());
    layer.addEventListener("click", (event) => event.detail && this.#dropped && event.stopImmediatePropagation(), true);
    layer.addEventListener("keydown", (event) => event.key === "Escape" && this.#stop());
  }

  take(picture, size) {
    [this.#picture, this.#size] = [picture, size];
    this.#stop();
  }

  #plotAt(x, y) {
    const sides = this.#picture.panels();
    for (let at = 0; at < sides.length; at += 4) {
      const [left, top, right, bottom] = sides.subarray(at, at + 4);
      if (x >= left && x < right && y >= top && y < bottom) return [left, top, right, bottom];
    }
    return null;
  }

  #chosen() {
    const ends = [this.#start, this.#end].map((x) => this.#picture.period_at(x));
    return [Math.min(...ends), Math.max(...ends)];
  }

  #draw() {
    const [left, top, right, bottom] = this.#plot;
    const within = (x) => Math.min(Math.max(x, left), right);
    const ends = [within(this.#start), within(this.#end)];
    const [wide, high] = this.#size;
    const box = { left: Math.min(...ends) / wide, width: Math.abs(ends[0] - ends[1]) / wide, top: top / high, height: (bottom - top) / high };
    for (const [name, share] of Object.entries(box)) this.band.style.setProperty(name, `${share * 100}%`);
    this.band.hidden = false;
  }

  #stop() {
    this.#dropped = this.#dragging;
    this.#plot = null;
    this.#dragging = false;
    this.band.hidden = true;
  }
}

// What stands in the box when no chart does: a quiet skeleton while it loads, and why it could not be shown.

import { make } from "./markup.js";

export class Notice {
  /** `retry` is called when the reader wants another try. */
  constructor(retry) {
    this.skeleton = make("div", { class: "skeleton" });
    this.status = make("p", { class: "status", part: "status", role: "status" });
    this.chip = make("button", { type: "button", class: "button chip", part: "button", "aria-expanded": "false", onclick: () => this.#open() });
    this.again = make("button", { type: "button", class: "button", part: "button", onclick: retry });
    this.notice = make("div", { class: "notice", hidden: true }, make("div", { class: "told" }, this.status, this.again), this.chip);
    this.clear();
  }

  /** Says that the chart is on its way, where there is no picture to look at. */
  wait(words) {
    this.skeleton.lang = words.language;
    this.skeleton.textContent = words.say("loading");
  }

  /** Says why there is no chart; `picture` tells that the author's own is still there. */
  tell(words, sentence, picture) {
    this.notice.lang = words.language;
    this.notice.hidden = false;
    this.notice.classList.toggle("beside", picture);
    this.status.textContent = sentence;
    this.again.textContent = words.say("retry");
    this.chip.textContent = words.say("static");
    this.chip.hidden = !picture;
    this.skeleton.hidden = true;
  }

  clear() {
    this.notice.hidden = true;
    this.notice.classList.remove("open");
    this.status.textContent = "";
    this.skeleton.hidden = false;
  }

  #open() {
    this.chip.ariaExpanded = String(this.notice.classList.toggle("open"));
  }
}

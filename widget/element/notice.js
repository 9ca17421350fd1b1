// What stands in the box when no chart does: a quiet skeleton while it loads, and why it could not be shown.

import { make, makeButton } from "./markup.js";

export class Notice {
  /** `retry` is called when the reader wants another try. */
  constructor(retry) {
    this.skeleton = make("div", { class: "skeleton" });
    this.status = make("p", { part: "status", role: "status" });
    this.again = makeButton(retry);
    this.chip = makeButton(() => { this.chip.ariaExpanded = String(this.notice.classList.toggle("open")); }, { "aria-expanded": "false" });
    this.notice = make("div", { class: "notice", hidden: "" }, make("div", { class: "told" }, this.status, this.again), this.chip);
  }

  /** Says why there is no chart; `picture` tells that the author's own is still there. */
  tell(words, sentence, picture) {
    this.notice.lang = words.language;
    this.notice.classList.toggle("beside", picture);
    this.status.textContent = sentence;
    this.again.textContent = words.say("retry");
    this.chip.textContent = words.say("static");
    this.chip.hidden = !picture;
    this.notice.hidden = false;
  }

  clear() {
    this.notice.hidden = true;
    this.notice.classList.remove("open");
    this.status.textContent = "";
  }
}

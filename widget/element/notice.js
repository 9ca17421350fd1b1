// What stands in the box when no chart does: a quiet skeleton while it loads, and why it could not be shown.

import { make, makeButton } from "./markup.js";

export class Notice {
  #again;
  #chip;
  skeleton = make("div", { className: "skeleton" });
  #status = make("p", { part: "status", role: "status" });

  /** `retry` is called when the reader wants another try. */
  constructor(retry) {
    this.#again = makeButton(retry);
    this.#chip = make("summary", { className: "button", part: "button" });
    this.notice = make("details", { className: "notice", hidden: true }, this.#chip, make("div", { className: "told" }, this.#status, this.#again));
  }

  /** Says why there is no chart: in its place, or at a click where the author's own picture is still there. */
  tell(words, sentence, pictured) {
    this.notice.lang = words.language;
    this.notice.classList.toggle("beside", pictured);
    this.notice.open = !pictured;
    this.skeleton.hidden = true;
    this.notice.hidden = false;
    this.#chip.textContent = words.say("static");
    this.#status.textContent = sentence;
    this.#again.textContent = words.say("retry");
  }

  clear() {
    this.skeleton.hidden = false;
    this.notice.hidden = true;
    this.#status.textContent = "";
  }
}

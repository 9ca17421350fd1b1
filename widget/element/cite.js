// How to cite what is shown, and what a newer release changed in it.

import { linkTo, make } from "./markup.js";

// Changes that a box beside a chart has room for.
const CHANGES = 12;

/** Makes the panel's content: the pinned text, and the ways to the figures. */
export function citePanel(figures, words, address, page) {
  const { answer } = figures;
  const text = make("p", { class: "citation", tabindex: "0" }, answer.citation);
  const copy = make("button", { type: "button", class: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(answer.citation);
    } catch {
      // In a frame that may not write to the clipboard, the selected text can still be copied.
      getSelection().selectAllChildren(text);
      if (!document.execCommand("copy")) return;
    }
    copy.textContent = words.say("copied");
  } }, words.say("copy"));
  const pinned = /^https?:/.test(address) ? new URL(answer.release.url, address).href : "";
  return [text, make("div", { class: "row" }, copy, linkTo(pinned, words.say("pinned")), page && linkTo(page, words.say("page")))];
}

/** Makes the panel that says what changed. */
export function newerPanel(newer, figures, words, address) {
  const value = (figure) => (figure === null || figure === undefined ? words.say("no_figure") : figures.number(figure));
  const changed = newer.changed ?? [];
  const more = changed.length - CHANGES;
  const live = new URL(newer.url || address, address).href;
  return [
    make("p", {}, newer.sentence),
    changed.length && make("ul", {}, ...changed.slice(0, CHANGES).map(({ group, measure, before, after }) =>
      make("li", {}, `${[group, measure].filter(Boolean).join(", ")}: `, make("s", {}, value(before)), " → ", make("strong", {}, value(after)))),
    more > 0 && make("li", {}, words.say("more", { count: more }, more))),
    linkTo(live, words.say("live")),
  ].filter(Boolean);
}

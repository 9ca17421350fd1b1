// How to cite what is shown, and what a newer release changed in it.

import { linkTo, make, makeButton } from "./markup.js";

// Changes that a box beside a chart has room for.
const CHANGES = 12;

/** Makes the panel's content: the pinned text, and the ways to the figures; of the years that the reader has chosen. */
export function citePanel(figures, words, address, page, range) {
  const { release } = figures.answer;
  let path = release.url;
  for (const [name, period] of Object.entries(range)) if (period) path = `${path.replace(new RegExp(`&${name}=[^&]*`), "")}&${name}=${period}`;
  const citation = figures.answer.citation.replace(release.url, path);
  const text = make("div", { className: "citation" }, citation);
  const copy = makeButton(() => navigator.clipboard.writeText(citation).then(() => {
    copy.textContent = words.say("copied");
  // In a frame that may not write to the clipboard, the reader can still copy what is selected.
  }).catch(() => getSelection().selectAllChildren(text)), {}, words.say("copy"));
  const pinned = address.startsWith("#") ? "" : new URL(path, address);
  return [text, copy, pinned && linkTo(pinned, words.say("pinned")), page && linkTo(page, words.say("page"))];
}

/** Makes the panel that says what changed. */
export function newerPanel(newer, figures, words, address, form) {
  const value = (figure) => (figure === null ? words.say("no_figure") : figures.number(figure));
  // Null where the releases cannot be compared: the sentence says so.
  const changed = newer.changed ?? [];
  const more = changed.length - CHANGES;
  const items = changed.slice(0, CHANGES).map(({ group, measure, before, after, status }) =>
    make("li", {}, `${[group, measure].filter(Boolean).join(", ")}: ${value(before)} → `, make("strong", {}, value(after)), status ? ` (${status})` : ""));
  // The same chart: in the form that the page gives it.
  const live = new URL(newer.url, address);
  for (const [name, wanted] of Object.entries(form)) if (wanted) live.searchParams.set(name, wanted);
  return [
    make("p", {}, newer.sentence),
    make("ul", {}, ...items, more > 0 && make("li", {}, words.say("more", { count: more }, more))),
    linkTo(live, words.say("live")),
  ];
}

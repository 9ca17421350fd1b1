// Passing a chart on: the page of the service on which it can be changed and copied, and the address of its figures.

import { linkTo, make, makeButton } from "./markup.js";

/** Returns the address of the builder with this chart in it; nothing where no service is known. */
function builderOf({ answer }, address, form) {
  const url = new URL(address, document.baseURI);
  const parts = /^(.*)\/v1\/datasets\/([^/]+)(\/releases\/[^/]+)?\/aggregate\.json$/.exec(url.pathname);
  if (!parts) return "";
  const [, before, dataset, release] = parts;
  url.pathname = `${before}/charts/new`;
  url.search = `dataset=${dataset}&${answer.query}`;
  const more = { ...form, plain: form.plain && "true", events: form.events === "false" && "false", axis: form.axis === "free" && "free", pinned: release && "1", lang: answer.language !== "en" && answer.language };
  for (const [name, value] of Object.entries(more)) if (value) url.searchParams.set(name, value);
  return url.href;
}

/** Makes the panel's content; `form` is what the page and the reader have chosen. */
export function sharePanel(figures, words, address, page, form) {
  const builder = builderOf(figures, address, form);
  const text = make("div", { className: "citation" }, page || new URL(figures.answer.release.url, address).href);
  const copy = makeButton(() => navigator.clipboard.writeText(text.textContent).then(() => {
    copy.textContent = words.say("copied");
  // In a frame that may not write to the clipboard, the reader can still copy what is selected.
  }).catch(() => getSelection().selectAllChildren(text)), {}, words.say("copy"));
  return [builder && linkTo(builder, words.say("change")), text, copy];
}

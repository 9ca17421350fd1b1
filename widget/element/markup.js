// Elements made from data: never from markup, so that nothing in a figure's label can become any.

/** Makes an element with properties; one whose listener returns `false` prevents what the browser would do. */
export function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child));
  return element;
}

export function makeButton(onclick, properties, ...children) {
  return make("button", { type: "button", className: "button", part: "button", onclick, ...properties }, ...children);
}

/** Makes a link that tells the other side nothing; the text alone where there is no address of the web. */
export function linkTo(address, text) {
  // A frame without an origin opens no page of others: the address can be read at least.
  if (self.origin === "null" && new URL(address, location).host !== location.host) return `${text} (${address})`;
  return /^(https?|file|blob):/.test(address) ? make("a", { href: address, target: "_blank", rel: "noreferrer" }, text) : text;
}

const ICONS = {
  table: "M2 3.5h12v9H2zm0 3h12m-12 3h12M6.5 6.5v6",
  chart: "M2.5 2v11.5H14M5 10l3-3.5 2 2L13.5 4",
  years: "M2.5 4h11v9.5h-11zm0 3h11m-8-5v3m5-3v3",
  download: "M8 2v8M5 7l3 3 3-3m-8.5 4.5v2h11v-2",
  cite: "M3 8.5h3.5v3.5H3zc0-2.5 1-4 3-4.5m3.5 4.5H13v3.5H9.5zc0-2.5 1-4 3-4.5",
  sharing: "M8 10V2.5M5.5 5L8 2.5 10.5 5M5.5 7.5h-2v6h9v-6h-2",
  newer: "M8 2a6 6 0 1 0 6 6M8 5v3.5l2.5 1.5",
  more: "M3 8h.6m4.1 0h.6m4.1 0h.6",
  close: "M4 4l8 8m0-8l-8 8",
};

export function icon(name) {
  return parsed(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" class="icon" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`);
}

// A page that trusts no text must be told which it may: what was written here, and where our own script is. Where it does not
// let itself be told, the author's picture stays.
export const trusted = (() => {
  try {
    return globalThis.trustedTypes?.createPolicy("statute-chart", { createHTML: (text) => text, createScriptURL: (url) => url });
  } catch {
    return undefined;
  }
})();

/** Makes a picture of the text of an SVG that was written here. */
export function parsed(svg) {
  const text = trusted?.createHTML(svg) ?? svg;
  return document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
}

/** Lays an element over a rectangle of the picture, in shares of its size, so that both grow together. */
export function place(element, [left, top, right, bottom], [width, height]) {
  const share = (part, whole) => `${(part / whole) * 100}%`;
  element.style.cssText = `left: ${share(left, width)}; top: ${share(top, height)};
    width: ${share(right - left, width)}; height: ${share(bottom - top, height)}`;
}

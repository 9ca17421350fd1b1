// Elements made from data: never from markup, so that nothing in a figure's label can become any.

/** Makes an element; attributes named `on…` are listeners, `true` and `false` set and leave out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

const ICONS = {
  table: "M2 3.5h12v9H2zM2 6.5h12M2 9.5h12M6.5 6.5v6",
  chart: "M2.5 2v11.5H14M5 10l3-3.5 2 2L13.5 4",
  years: "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2v3M10.5 2v3",
  download: "M8 2v8M4.8 7 8 10.2 11.2 7M2.5 11.5v2h11v-2",
  cite: "M3 8.5h3.5V12H3zM3 8.5C3 6 4 4.5 6 4M9.5 8.5H13V12H9.5zM9.5 8.5c0-2.5 1-4 3-4.5",
  close: "M4 4l8 8M12 4l-8 8",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  picture.append(path);
  return picture;
}

/** Makes a link that tells the other side nothing; null for what is no address of the web. */
export function linkTo(address, text, attributes = {}) {
  if (!/^(https?|file|blob):/.test(address)) return null;
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...attributes }, text);
}

/** Lays an element over a rectangle of the picture, in shares of its size, so that both grow together. */
export function place(element, [left, top, right, bottom], [width, height]) {
  const sides = { left: left / width, top: top / height, width: (right - left) / width, height: (bottom - top) / height };
  for (const [name, share] of Object.entries(sides)) element.style.setProperty(name, `${share * 100}%`);
}

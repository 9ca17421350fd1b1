// Files made in the page from what is shown: nobody is told that somebody took one.

import { linkTo, make } from "./markup.js";

// A picture of twice the pixels is sharp in print and on fine screens.
const FINENESS = 2;

/** Makes the panel's content. `shown` has figures, words, svg, size, address (with its query), options, from, to. */
export function downloadPanel({ figures, words, svg, size, address, options, from, to }) {
  const served = (ending) => {
    if (!/^https?:/.test(address)) return "";
    const url = new URL(address);
    url.pathname = url.pathname.replace(/aggregate\.json$/, ending);
    for (const [name, value] of Object.entries({ ...(ending.startsWith("chart") ? options : {}), from, to })) {
      if (value) url.searchParams.set(name, value);
    }
    return url.href;
  };
  const files = [
    ["png", "chart.png", () => paint(svg, size)],
    ["svg", "chart.svg", () => new Blob([svg], { type: "image/svg+xml" })],
    ["csv", "aggregate.csv", () => new Blob([figures.csv(from, to)], { type: "text/csv" })],
  ];
  // In a frame without an origin a download goes nowhere, and nobody would be told.
  const dead = self.origin === "null";
  return [
    dead && make("p", {}, words.say("no_download")),
    ...files.map(([ending, remote, content]) => {
      const name = words.say(`file_${ending}`);
      const link = () => linkTo(served(remote), name, { class: "button" });
      if (dead) return link() ?? "";
      const button = make("button", { type: "button", class: "button", onclick: async () => {
        try {
          save(await content(), figures.fileName(ending));
        } catch {
          // A policy may keep a page from painting pictures of its own: the service paints the same.
          const instead = link();
          if (instead) button.replaceWith(instead);
          instead?.focus();
        }
      } }, name);
      return button;
    }),
  ].filter(Boolean);
}

function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function paint(svg, [width, height]) {
  const image = new Image(width, height);
  const source = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = source;
    await image.decode();
  } finally {
    URL.revokeObjectURL(source);
  }
  const canvas = make("canvas", { width: width * FINENESS, height: height * FINENESS });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("The canvas is empty."))), "image/png");
  });
}

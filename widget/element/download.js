// Files made in the page from what is shown: nobody is told that somebody took one.

import { make } from "./markup.js";
import { rowsBetween } from "./range.js";

// A picture of twice the pixels is sharp in print and on fine screens.
const FINENESS = 2;

/** Makes the panel's content: links to the service's files, which are made here instead wherever that works. */
export function downloadPanel(figures, words, svg, address, options, range) {
  // In a frame without an origin a download goes nowhere, and nobody would be told: show the address.
  const dead = self.origin === "null";
  // A document that holds its own figures has no address that could be shown.
  if (dead && address.startsWith("#")) return [];
  const offer = (ending, remote, more, content) => {
    const url = new URL(address, document.baseURI);
    url.pathname = url.pathname.replace("aggregate.json", remote);
    // The figures as CSV are in no language.
    if (ending === "csv") url.searchParams.delete("lang");
    for (const [key, value] of Object.entries({ ...range, ...more })) if (value) url.searchParams.set(key, value);
    const link = make("a", { href: url, target: "_blank", rel: "noreferrer", className: "button" }, dead ? url.href : words.say(`file_${ending}`));
    if (!dead && content) link.onclick = (event) => {
      event.preventDefault();
      content().then((blob) => {
        const file = make("a", { href: URL.createObjectURL(blob), download: fileName(figures.answer, ending) });
        file.click();
        setTimeout(() => URL.revokeObjectURL(file.href), 10000);
      }).catch(() => {
        // A policy may keep a page from painting pictures of its own: the service paints the same.
        link.onclick = null;
        link.click();
      });
    };
    return link;
  };
  return [
    dead ? words.say("no_download") : "",
    offer("png", "chart.png", options, svg && (() => paint(svg, options))),
    offer("svg", "chart.svg", options, svg && (async () => new Blob([svg], { type: "image/svg+xml" }))),
    offer("csv", "aggregate.csv", {}, async () => new Blob([csvOf(figures, range)], { type: "text/csv" })),
  ];
}

async function paint(svg, { width, height }) {
  const image = new Image(width, height);
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  URL.revokeObjectURL(image.src);
  const canvas = make("canvas", { width: width * FINENESS, height: height * FINENESS });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done); });
}

/** Returns the figures as the service's aggregate.csv has them, byte for byte. */
function csvOf(figures, range) {
  // A spreadsheet would run a text that begins like a formula.
  const inert = (text) => text.replace(/^[=+\-@\t\r\n＝＋－＠]/, "'$&");
  const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const cell = (value) => quoted(typeof value === "number" ? String(value) : inert([value ?? ""].flat().join(" ")));
  const names = figures.answer.columns.map(({ name }) => name);
  const lines = [names, ...rowsBetween(figures, range).map((row) => names.map((name) => row[name]))];
  return lines.map((cells) => `${cells.map(cell).join(",")}\n`).join("");
}

function fileName({ dataset, query, release }, ending) {
  const statute = new URLSearchParams(query).get("statute")?.slice(0, 60);
  return `${[dataset.id, statute, release.id].filter(Boolean).join("-").replace(/[^\w.-]+/g, "-")}.${ending}`;
}

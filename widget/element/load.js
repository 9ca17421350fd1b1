// What a chart needs from elsewhere: the program that draws, the figures, and words for people.
//
// Everything is asked for once per page, without credentials and without saying which page asks. A document
// that has to work alone carries copies, in <script type="text/plain" data-chargesheet="file name">.

export const LANGUAGES = ["en", "ru", "kk"];
export const INTEGRITY = {};
export const VERSION = "";
export const LOADING = {};

/** A failure in words fit for a reader; the platform's own are for the author of the page. */
export class Refusal extends Error {}

/** Nothing came back: no network, no such host, or a page that may not ask it. */
export class Unreachable extends Error {}

const kept = new Map();

/** Runs `make` once per key while it succeeds; a failure is forgotten, so that the next try is a new one. */
function once(key, make) {
  if (!kept.has(key)) {
    kept.set(key, make());
    kept.get(key).catch(() => kept.delete(key));
  }
  return kept.get(key);
}

function ask(url, integrity = "") {
  return fetch(url, { integrity, credentials: "omit", referrerPolicy: "no-referrer" }).catch((error) => {
    throw new Unreachable(error.message);
  });
}

/** Asks for a file of this very version, wherever this module was loaded from. */
function askOwn(name) {
  const beside = !VERSION || import.meta.url.includes(`/${VERSION}/`);
  return ask(new URL(beside ? name : `${VERSION}/${name}`, import.meta.url), INTEGRITY[name]);
}

/** Returns the page's own copy of a file, where it has one. */
function copyOf(name) {
  return document.querySelector(`script[type="text/plain"][data-chargesheet="${name}"]`)?.textContent;
}

async function loadProgram() {
  const name = "chargesheet_widget_bg.wasm";
  const copy = copyOf(name);
  const wasm = copy ? Uint8Array.from(atob(copy), (byte) => byte.charCodeAt(0)) : askOwn(name);
  // It may fail while the glue is still awaited.
  Promise.resolve(wasm).catch(() => {});
  // glue:begin
  const glue = await import("./chargesheet_widget.js");
  // glue:end
  await glue.default({ module_or_path: wasm });
  return glue;
}

/** Returns what the one wasm of the page exports. */
export const programOnce = () => once("program", loadProgram);

/** Returns the words for people in one language. */
export function wordsOnce(language) {
  const name = `text-${language}.json`;
  return once(name, async () => JSON.parse(copyOf(name) ?? (await (await askOwn(name)).text())));
}

/** Returns an aggregate and its flat form; `#id` is the element of the page that holds it. */
export async function answerOnce(address) {
  if (address.startsWith("#")) {
    const text = document.getElementById(address.slice(1))?.textContent;
    if (!text) throw new Refusal(`The page has no element ${address} with figures.`);
    return once(address + text, async () => flattened(JSON.parse(text)));
  }
  return once(address, async () => {
    const response = await ask(address);
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new Refusal(answer?.detail ?? response.status);
    return flattened(answer);
  });
}

/** Returns what a newer release says about the figures of a pinned address; null where nothing is known. */
export async function newerOnce(address) {
  if (!/\/releases\/[^/]+\/aggregate\.json/.test(address)) return null;
  const beside = address.replace("/aggregate.json", "/newer.json");
  return once(beside, async () => (await (await ask(beside)).json()).newer).catch(() => null);
}

async function flattened(answer) {
  return { answer, flat: await flatForm(answer) };
}

/** Returns an answer as the program reads it, with the words that are the same for every answer of its language. */
export async function flatForm(answer) {
  const words = LANGUAGES.includes(answer?.language) ? await wordsOnce(answer.language).catch(() => null) : null;
  return flatten({ ...answer, text: { ...answer?.text, ...words?.drawn } });
}

/** Writes every leaf of a JSON value as a record: its path and text, separated by control characters. */
function flatten(value) {
  const clean = (text) => String(text).replace(/[\u001e\u001f]/g, " ");
  const records = [];
  const walk = (node, path) => {
    if (node !== null && typeof node === "object") {
      for (const key of Object.keys(node)) walk(node[key], `${path}${clean(key)}\u001f`);
    } else if (node !== null && node !== undefined) {
      records.push(path + clean(node));
    }
  };
  walk(value, "");
  return records.join("\u001e");
}

// What a chart needs from elsewhere: the program that draws, the figures, and words for people.
//
// Everything is asked for once per page, without credentials and without saying which page asks. A document
// that has to work alone carries copies, in <script type="text/plain" data-chargesheet="file name">.

export const LANGUAGES = ["en", "ru", "kk"];
export const INTEGRITY = {};

/** A failure in words fit for a reader; the platform's own are for the author of the page. */
export class Refusal extends Error {}

/** Nothing came back: no network, no such host, or a page that may not ask it. */
export class Unreachable extends Error {}

const kept = new Map();

/** Runs `make` once per key while it succeeds; a failure is forgotten, so that the next try is a new one. */
function once(key, make) {
  if (!kept.has(key)) {
    const promise = make();
    kept.set(key, promise);
    promise.catch(() => kept.delete(key));
  }
  return kept.get(key);
}

function ask(url, integrity = "") {
  return fetch(url, { integrity, credentials: "omit", referrerPolicy: "no-referrer" }).catch((error) => {
    throw new Unreachable(error.message);
  });
}

const askOwn = (name) => ask(new URL(name, import.meta.url), INTEGRITY[name]);

/** Returns the page's own copy of a file, where it has one. */
function copyOf(name) {
  return document.querySelector(`script[type="text/plain"][data-chargesheet="${name}"]`)?.textContent;
}

async function loadProgram() {
  const name = "chargesheet_widget_bg.wasm";
  const copy = copyOf(name);
  const wasm = copy ? Uint8Array.from(atob(copy), (byte) => byte.charCodeAt(0)) : askOwn(name);
  // It may fail while the glue is still awaited.
  if (!copy) wasm.catch(() => {});
  // glue:begin
  const glue = await import("./chargesheet_widget.js");
  // glue:end
  await glue.default({ module_or_path: wasm });
  return glue;
}

/** Returns what the wasm of the page exports. */
export const programOnce = () => once("program", loadProgram);

/** Returns the words for people in one language. */
export function wordsOnce(language) {
  const name = `text-${language}.json`;
  return once(name, async () => {
    const copy = copyOf(name);
    if (copy) return JSON.parse(copy);
    const response = await askOwn(name);
    if (!response.ok) throw new Error(`${response.status} for ${name}`);
    return response.json();
  });
}

/** Returns an aggregate and its flat form; `#id` is the element of the page that holds it. */
export function answerOnce(address) {
  if (address.startsWith("#")) return answerInside(address.slice(1));
  return once(address, async () => {
    const response = await ask(address);
    const answer = await response.json().catch(() => null);
    if (!response.ok) {
      throw new Refusal(answer?.detail || answer?.title || `${response.status} ${response.statusText}`.trim());
    }
    if (!answer) throw new Error("The answer is not JSON.");
    return { answer, flat: flatten(answer) };
  });
}

async function answerInside(id) {
  const holder = document.getElementById(id);
  if (!holder) throw new Refusal(`There is no element #${id}.`);
  const answer = JSON.parse(holder.textContent);
  return { answer, flat: flatten(answer) };
}

/** Returns what a newer release says about the figures of a pinned address; null where nothing is known. */
export async function newerOnce(address) {
  const pinned = /^(.*\/releases\/[^/?]+\/)aggregate\.json(\?.*)?$/.exec(address);
  if (!pinned) return null;
  const [, folder, query = ""] = pinned;
  const asking = once(`${folder}newer.json${query}`, async () => {
    const response = await ask(`${folder}newer.json${query}`);
    return response.ok ? (await response.json()).newer : null;
  });
  return asking.catch(() => null);
}

/** Writes every leaf of a JSON value as a record: its path and text, separated by control characters. */
export function flatten(value) {
  const clean = (text) => String(text).replace(/[\u001e\u001f]/g, " ");
  const records = [];
  const walk = (node, path) => {
    if (node === null || node === undefined) return;
    if (typeof node === "object") {
      for (const key of Object.keys(node)) walk(node[key], `${path}${clean(key)}\u001f`);
    } else {
      records.push(path + clean(node));
    }
  };
  walk(value, "");
  return records.join("\u001e");
}

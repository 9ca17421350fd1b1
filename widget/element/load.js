// What a chart needs from elsewhere: the program that draws, the figures, words for people; and the tools, once they are used.
//
// Everything is asked for once per page, without credentials and without saying which page asks. A document
// that has to work alone carries copies, in <script type="text/plain" data-chargesheet="file name">.

import { make, trusted } from "./markup.js";

export const LANGUAGES = ["en", "ru", "kk"];
export const INTEGRITY = {};
export const VERSION = "";
export const LOADING = {};
const PROGRAM = "chargesheet_widget_bg";

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

/** Returns the address of a file of this very version, wherever this module was loaded from. */
function addressOf(name) {
  const beside = !VERSION || import.meta.url.includes(`/${VERSION}/`);
  return new URL(beside ? name : `${VERSION}/${name}`, import.meta.url);
}

const askOwn = (name) => ask(addressOf(name), INTEGRITY[name]);

/** Returns the page's own copy of a file, where it has one. */
function copyOf(name) {
  return document.querySelector(`script[type="text/plain"][data-chargesheet="${name}"]`)?.textContent;
}

// The program calls nothing of the page: what it could import belongs to parts of wasm-bindgen that it does not use.
const IMPORTS = { [`./${PROGRAM}.js`]: new Proxy({}, { get: (_, name) => () => { throw new Error(name); } }) };

async function loadProgram() {
  const name = `${PROGRAM}.wasm`;
  const copy = copyOf(name);
  // A host that gives the program another type than its own lets it be read whole at least.
  const { instance } = copy ? await WebAssembly.instantiate(Uint8Array.from(atob(copy), (byte) => byte.charCodeAt(0)), IMPORTS)
    : await WebAssembly.instantiateStreaming(askOwn(name), IMPORTS)
      .catch(async () => WebAssembly.instantiate(await (await askOwn(name)).arrayBuffer(), IMPORTS));
  return instance.exports;
}

/** Returns what the one wasm of the page exports. */
export const programOnce = () => once("program", loadProgram);

async function textsOf(name) {
  return JSON.parse(copyOf(name) ?? (await (await askOwn(name)).text()));
}

/** Returns the words for people in one language. */
export const wordsOnce = (language) => once(language, () => textsOf(`text-${language}.json`));

// A browser does not ask again for a module that did not come: another try needs another address.
let tries = 0;

/** Runs a script of this version. An element vouches for what comes, and obeys what the page allows; `import` alone could not. */
async function run(name) {
  const address = addressOf(name);
  if (tries) address.hash = tries;
  tries += 1;
  const url = address.href;
  const own = [...document.scripts].find(({ src }) => src === import.meta.url);
  await new Promise((done, failed) => {
    document.head.append(make("script", {
      type: "module", src: trusted?.createScriptURL(url) ?? url, integrity: INTEGRITY[name] ?? "", crossOrigin: "anonymous",
      referrerPolicy: "no-referrer", nonce: own?.nonce ?? "", onload: done, onerror: () => failed(new Unreachable(name)),
    }));
  });
  return import(url);
}

async function loadTools() {
  // tools:begin
  const { tools } = await run("chart-tools.js");
  // tools:end
  return tools;
}

/** Returns what the tools make, by name, when the reader uses one; their words join those of the language. */
export function toolsOnce(language) {
  return once(`tools ${language}`, async () => {
    const [tools, texts, words] = await Promise.all([once("tools", loadTools), textsOf(`tools-${language}.json`), wordsOnce(language)]);
    Object.assign(words, texts);
    return tools;
  });
}

/** Returns an aggregate; `#id` is the element of the page that holds it. */
export async function answerOnce(address) {
  if (address.startsWith("#")) {
    const text = document.getElementById(address.slice(1))?.textContent;
    if (!text) throw new Refusal("no_element");
    return once(address + text, async () => JSON.parse(text));
  }
  return once(address, async () => {
    const response = await ask(address);
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw new Refusal(answer?.told ?? answer?.detail ?? response.status);
    return answer;
  });
}

/**
 * Returns what a picture shows besides the figures of an address (short words, colours, the history of the law), and where
 * everything in it is: `isShown` says that this is the very picture in the page. It is drawn without them too: null where
 * nothing is known.
 */
export function besideOnce(address, picture) {
  const own = new URL(address, document.baseURI);
  // A mirror has no answers to questions; its figures hold what stands beside them.
  if (!own.pathname.endsWith("/aggregate.json") || !/[?&](?!lang=)/.test(own.search)) return null;
  const seen = new URL(picture?.currentSrc || own, document.baseURI);
  const isShown = seen.origin === own.origin && seen.pathname.endsWith("/chart.svg");
  const beside = isShown ? seen : own;
  beside.pathname = beside.pathname.replace(/[^/]+$/, "chart.json");
  return once(beside.href, async () => ({ ...(await (await ask(beside)).json()), isShown })).catch(() => null);
}

/** Returns why the service refuses a picture, for people: the drawing code refuses the same, and has no words for it. */
export async function reasonOf(address, asked) {
  const url = new URL(address.replace("/aggregate.json", "/chart.json"));
  for (const [name, value] of Object.entries(asked)) if (value) url.searchParams.set(name, value);
  const { told, detail } = await (await ask(url)).json();
  return told ?? detail;
}

/** Returns what a newer release says about the figures of a pinned address; null where nothing is known. */
export async function newerOnce(address) {
  if (!/\/releases\/[^/]+\/aggregate\.json/.test(address)) return null;
  const beside = address.replace("/aggregate.json", "/newer.json");
  return once(beside, async () => (await (await ask(beside)).json()).newer).catch(() => null);
}

/** Returns an answer as the program reads it, with the words that are the same for every answer of its language. */
export async function flatForm(answer) {
  const words = LANGUAGES.includes(answer?.language) ? await wordsOnce(answer.language).catch(() => null) : null;
  return flatten({ ...answer, text: { ...answer?.text, ...words?.drawn } });
}

// Between two records of what the program reads and writes, and between the parts of one.
const [RECORD, FIELD] = ["\u001e", "\u001f"];

const clean = (text) => String(text).replace(/[\u001e\u001f]/g, " ");

/** Hands a text to the program and returns what it says, by what wasm-bindgen exports for texts; the JavaScript that it writes does much else. */
function told({ memory, draw, __wbindgen_malloc, __wbindgen_free }, text) {
  const bytes = new TextEncoder().encode(text);
  const given = __wbindgen_malloc(bytes.length, 1);
  new Uint8Array(memory.buffer).set(bytes, given);
  // The program frees what it was given.
  const [start, length] = draw(given, bytes.length);
  const said = new TextDecoder().decode(new Uint8Array(memory.buffer, start, length));
  __wbindgen_free(start, length, 1);
  return said;
}

/**
 * Draws an answer in its flat form: returns the text of the SVG and where everything in it is, or as a number the height in
 * pixels that the picture would need. That is 0 where the answer cannot be drawn so at all.
 */
export function drawn(program, flat, { type, theme, title, from, to, width, height, hidden, plain, whole, events, axis }) {
  const asked = [type, theme, title, from, to, width, height, hidden, +plain, +whole, +(events === "false"), +(axis === "free")];
  const [svg, laid] = told(program, asked.map(clean).join(FIELD) + RECORD + flat).split(RECORD);
  return laid ? { svg, laid: JSON.parse(laid) } : Number(svg);
}

/** Writes every leaf of a JSON value as a record: its path and text, separated by control characters. */
function flatten(value) {
  const records = [];
  const walk = (node, path) => {
    if (node !== null && typeof node === "object") {
      for (const key of Object.keys(node)) walk(node[key], `${path}${clean(key)}${FIELD}`);
    } else if (node !== null && node !== undefined) {
      records.push(path + clean(node));
    }
  };
  walk(value, "");
  return records.join(RECORD);
}

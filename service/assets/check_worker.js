
// The worker of the check: it gives the program bytes of the picked files, and tells the page what came out. It is handed files
// by name, and answers with the kind of what it says.

/** Bytes of a file that are read at once. */
const PIECE = 4 << 20;

let files = [];
let held = { file: -1, from: 0, bytes: new Uint8Array() };
let [whole, done, told] = [0, 0, 0];
let fault = "";

const say = (message, ...handed) => self.postMessage(message, handed);

/** Reads a piece of a file, and tells how far the check is. */
function hold(file, from) {
  const piece = files[file].blob.slice(from, from + PIECE);
  held = { file, from, bytes: new Uint8Array(new FileReaderSync().readAsArrayBuffer(piece)) };
  done += held.bytes.length;
  const share = Math.min(done / whole, 1);
  if (whole && share - told > 0.01) {
    told = share;
    say({ kind: "progress", share });
  }
}

self.readAt = (file, place, out) => {
  const isHeld = () => held.file === file && place >= held.from && place < held.from + held.bytes.length;
  try {
    if (!isHeld()) hold(file, place);
  } catch {
    return -1;
  }
  const piece = held.bytes.subarray(place - held.from).subarray(0, out.length);
  out.set(piece);
  return piece.length;
};

self.beginRead = (bytes) => {
  // What was unpacked of a ZIP file is not read in pieces: how far its check is, nobody knows.
  const isPicked = files.length > 1;
  [whole, done, told] = [isPicked ? bytes : 0, 0, 0];
};

// Texts in other encodings than UTF-8, which the browser decodes.
const decoders = [];

self.beginDecoding = (label) => decoders.push(new TextDecoder(label)) - 1;

self.decodePiece = (text, bytes, isLast) => decoders[text].decode(bytes, { stream: !isLast });

self.tellFault = (place) => { fault = place; };

const saySheets = (state, more = {}) => say({ kind: "sheets", state: JSON.parse(state), ...more });

/** Does what the page says about sheets. */
function sheets({ answers, change, assign, key, random, form, created, today, take }) {
  if (change) return saySheets(wasm_bindgen.sheets_change());
  if (answers) return saySheets(wasm_bindgen.sheets_answer(JSON.stringify(answers)));
  if (assign) return saySheets(wasm_bindgen.sheets_assign(...assign));
  if (key !== undefined || random) {
    const made = JSON.parse(wasm_bindgen.sheets_key(key ?? "", random ?? new Uint8Array()));
    return saySheets(wasm_bindgen.sheets_answer("[]"), { key: made.error ? made : { ...made, text: made.file ?? key } });
  }
  if (form) return saySheets(wasm_bindgen.sheets_finish(JSON.stringify(form), created, today), { report: wasm_bindgen.sheets_report() });
  const bytes = take === "zip" ? wasm_bindgen.sheets_zip() : wasm_bindgen.sheets_quarantine(take);
  return say({ kind: "file", name: take === "zip" ? "package.zip" : `refused-${take}.csv`, bytes });
}

/** Opens sheets, with what was answered for the last ones where it fits them, and tells whether it does. */
function opened({ earlier, language }) {
  const open = (of) => wasm_bindgen.sheets_open(JSON.stringify(of.map(({ name, blob }) => [name, blob.size])), language);
  const picked = files;
  if (earlier.length) {
    files = [...picked, ...earlier];
    const state = open(files);
    if (JSON.parse(state).verdict === "asked") return saySheets(state, { reused: "reused" });
    files = picked;
  }
  return saySheets(open(files), { reused: earlier.length ? "not_reused" : "" });
}

self.onmessage = ({ data }) => {
  try {
    if (data.preview) return say({ kind: "preview", preview: JSON.parse(wasm_bindgen.preview(...data.preview) ?? "null") });
    if (!data.program && !data.rows) return sheets(data);
    if (data.rows) {
      const bytes = wasm_bindgen.quarantine(data.rows);
      const name = `refused-${data.rows.split("/").pop()}`;
      return say({ kind: "rows", name, bytes }, ...(bytes ? [bytes.buffer] : []));
    }
    files = data.files;
    wasm_bindgen.initSync({ module: data.program });
    const sizes = files.map(({ name, blob }) => [name, blob.size]);
    const list = JSON.stringify(sizes);
    if (wasm_bindgen.sheets_among(list)) return opened(data);
    const shown = JSON.parse(wasm_bindgen.check(list, data.today, data.language, data.unnamed));
    const report = wasm_bindgen.report();
    say({ kind: "shown", shown, report }, report.buffer);
  } catch {
    say({ kind: "failed", place: fault });
  }
};

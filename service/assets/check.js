// The page of the check. Picked files go to a worker that this page makes of its own text, and to nothing else: the policy in
// the head of the page allows no connection at all.

/** Most files that are looked through for a package. */
const MOST_FILES = 10_000;
/** Most lines that are named for equal problems, as on the command line. */
const NAMED = 5;

const inside = (id) => document.getElementById(id);
const texts = JSON.parse(inside("texts").textContent);
const language = document.documentElement.lang;
const figures = new Intl.NumberFormat(language);
const fill = (key, values) => texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Returns a sentence in which what stands between backticks is code. */
const told = (sentence) => sentence.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));

// What runs and what it read: a new choice ends both.
let worker = null;
let addresses = [];

function end() {
  worker?.terminate();
  worker = null;
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses = [];
  inside("work").hidden = true;
  inside("result").hidden = true;
  inside("result").replaceChildren();
}

/** Says where the check is, in the region that is read aloud. */
function say(verdict, heading, ...sentences) {
  inside("said").dataset.verdict = verdict;
  inside("said").replaceChildren(make("h2", {}, heading), ...sentences.map((sentence) => make("p", {}, ...told(sentence))));
  inside("said").scrollIntoView({ block: "nearest" });
}

function fail(...sentences) {
  end();
  say("failed", texts.failed, ...sentences);
}

/** Offers bytes as a file. */
function offer(name, type, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  addresses.push(address);
  make("a", { href: address, download: name }).click();
}

// ---- what is picked

/** Returns what lies in a dropped folder that is told by the older way. */
async function* inner(folder) {
  const reader = folder.createReader();
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return;
    yield* some;
  }
}

/** Adds what lies in a dropped file or folder. */
async function walk(one, path, found) {
  if (found.length > MOST_FILES) return;
  if (one.isFile ?? one.kind === "file") {
    const blob = await (one.getFile?.() ?? new Promise((done, failed) => one.file(done, failed)));
    found.push({ name: path + one.name, blob });
    return;
  }
  for await (const each of one.values?.() ?? inner(one)) await walk(each, `${path}${one.name}/`, found);
}

async function dropped({ items }) {
  // The list is empty after the first pause. Chromium reads folders on a page from a disk by the newer way only, and other
  // browsers have the older one only.
  const told = [...items].map((item) => [item.getAsFileSystemHandle?.(), item.webkitGetAsEntry?.()]);
  const found = [];
  for (const [newer, older] of told) {
    const one = (await newer?.catch(() => null)) ?? older;
    if (one) await walk(one, "", found);
  }
  return found;
}

for (const field of ["files", "folder"].map(inside)) {
  // The same files again, after they were mended, are a new choice.
  field.addEventListener("click", () => { field.value = ""; });
  field.addEventListener("change", () => {
    const picked = [...field.files].map((blob) => ({ name: blob.webkitRelativePath || blob.name, blob }));
    if (picked.length) check(picked);
  });
}

// A file that misses the field must not take the page's place.
for (const event of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(event, (dragged) => {
    dragged.preventDefault();
    inside("drop").classList.toggle("over", event === "dragenter" || event === "dragover");
    if (event === "drop") dropped(dragged.dataTransfer).then(check, () => fail(texts.failed_read));
  });
}

// ---- the check

// Compiled once for all checks.
let program = null;

async function compile() {
  const packed = Uint8Array.from(atob(inside("program").textContent), (sign) => sign.charCodeAt(0));
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}

/** Returns the date where the day begins first, UTC+14: a register may have charges of a day that is today there. */
const today = () => new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);

async function check(files) {
  end();
  begin(files);
  if (files.length > MOST_FILES) return fail(fill("failed_many", { most: figures.format(MOST_FILES) }));
  const address = URL.createObjectURL(new Blob([inside("worker").textContent], { type: "text/javascript" }));
  addresses.push(address);
  const own = new Worker(address);
  worker = own;
  inside("progress").removeAttribute("value");
  inside("work").hidden = false;
  say("checking", texts.checking);
  let compiled;
  try {
    compiled = await (program ??= compile());
  } catch {
    return fail(texts.failed_program);
  }
  if (worker !== own) return;
  own.onmessage = ({ data }) => {
    if (data.kind === "progress") inside("progress").value = data.share;
    if (data.kind === "shown") show(data);
    if (data.kind === "sheets") sheets(data);
    if (data.kind === "preview") showPreview(data.preview);
    if (data.kind === "file" && data.bytes) offer(data.name, data.name.endsWith(".zip") ? "application/zip" : "text/csv", data.bytes);
    if (data.kind === "rows" && data.bytes) offer(data.name, "text/csv", data.bytes);
    if (/^(rows|file)$/.test(data.kind) && !data.bytes) say("failed", texts.failed, texts.failed_read);
    if (data.kind === "failed") fail(data.place ? fill("failed_fault", { place: data.place }) : texts.failed_memory);
  };
  own.onerror = (error) => {
    error.preventDefault();
    fail(texts.failed_memory);
  };
  const isKnown = files.some(({ name }) => /(^|\/)mapping\.json$|\.zip$/i.test(name));
  const kept = isKnown ? [] : Object.entries({ "earlier/mapping.json": earlier.mapping, "earlier/key.txt": earlier.key }).filter(([, text]) => text).map(([name, text]) => ({ name, blob: new Blob([text]) }));
  own.postMessage({ files, earlier: kept, today: today(), language, unnamed: texts.unnamed, program: compiled });
}

inside("cancel").addEventListener("click", () => {
  end();
  say("cancelled", texts.cancelled);
  inside("files").focus();
});

// ---- what came out

function table(name, caption, heads, rows) {
  const head = make("tr", {}, ...heads.map(([text, kind]) => make("th", { scope: "col", className: kind ?? "" }, text)));
  const made = make("table", { className: name }, make("caption", { className: "unseen" }, caption), make("thead", {}, head), make("tbody", {}, ...rows));
  const scroll = make("div", { className: "scroll", tabIndex: 0 }, made);
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", caption);
  return scroll;
}

/** Returns the content of a cell, with the name of its column where a row is a card. */
function cell(head, ...content) {
  return content.some((part) => part !== "") ? [make("span", { className: "in-card" }, `${head}: `), ...content] : [];
}

const COUNTS = ["read", "accepted", "rejected", "duplicates", "withheld"];

function counts(files) {
  const rows = files.map((file) => make("tr", {}, make("th", { scope: "row" }, file.name),
    ...COUNTS.map((name) => make("td", { className: "number" }, ...cell(texts[name], figures.format(file[name]))))));
  return table("cards counts", texts.counts, [[texts.file], ...COUNTS.map((name) => [texts[name], "number"])], rows);
}

function problems(file) {
  const place = file.has_rows ? texts.row : texts.line;
  const heads = [place, texts.column, texts.wrong, texts.instead];
  const row = ({ lines, count, column, severity, code, says, instead }) => {
    const named = lines.slice(0, NAMED).join(", ");
    const where = count > NAMED ? `${named} … ${fill("rows", { count: figures.format(count) })}` : named;
    const wrong = severity === "warning" ? `${texts.warning}: ${says}` : says;
    const cells = [[where], [column ?? ""], [...told(wrong), " ", make("code", {}, `[${code}]`)], [instead ?? ""]];
    return make("tr", {}, ...cells.map((content, index) => make("td", {}, ...cell(heads[index], ...content))));
  };
  const caption = fill("problems", { file: file.name });
  const more = file.more.map(([code, count]) => make("p", { className: "quiet" }, fill("more", { count: figures.format(count), code })));
  const all = file.groups.length ? [table("cards problems", caption, heads.map((head) => [head]), file.groups.map(row))] : [];
  return [make("h3", {}, caption), ...all, ...more];
}

function button(text, act) {
  const made = make("button", { type: "button" }, text);
  made.addEventListener("click", act);
  return made;
}

/** Shows a report, or why there is none. */
function show({ shown, report }) {
  const { verdict, files = [], faults = [] } = shown;
  inside("work").hidden = true;
  say(verdict, texts[verdict], ...(faults.length ? faults : [texts[`${verdict}_then`]]));
  const parts = files.length ? [make("h3", {}, texts.counts), counts(files)] : [];
  parts.push(...files.filter((file) => file.groups.length || file.more.length).flatMap(problems));
  if (report) parts.push(make("h3", {}, texts.offers), make("p", { className: "offers" }, button(texts.offer_report, () => offer("report.json", "application/json", report))));
  const refused = files.filter((file) => file.rejected > 0);
  if (refused.length) {
    const rows = refused.map((file) => button(fill("offer_rows", { file: file.name, count: figures.format(file.rejected) }), () => worker?.postMessage({ rows: file.path })));
    parts.push(make("p", { className: "notice" }, texts.rows_warning), make("p", { className: "offers" }, ...rows));
  }
  inside("result").replaceChildren(...parts, ...preview(verdict));
  inside("result").hidden = false;
}

// A copy on a stick has no service around it: what leads there is taken out.
if (location.protocol === "file:") {
  inside("keep").remove();
  inside("templates").remove();
  for (const link of document.querySelectorAll("[href^='/']")) {
    const part = link.closest("nav, footer, link");
    if (part) part.remove();
    else link.removeAttribute("href");
  }
}
inside("drop").hidden = false;

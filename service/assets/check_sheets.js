// From sheets to a package: what only the publisher can say is asked here, a round at a time. Everything else is the worker's.

/** Returns a choice among texts; the first is taken where nothing else is said. */
function choice(options, chosen) {
  const made = make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
  made.value = options.some(([value]) => value === chosen) ? chosen : options[0][0];
  return made;
}

// What was answered for the last sheet, and its key: they are held while the page is open, and are nowhere else. What was only
// chosen or typed is not held.
const earlier = {};
// The files that were chosen last, whether they are read with the earlier answers, and whether something was answered for them.
let [picked, reused, isAnswered] = [[], "", false];

/** Begins with other files. */
function begin(files) {
  [picked, reused, isAnswered] = [files, "", false];
  [fields, typedForm] = [[], {}];
}

/** Sends an answer to the worker. */
function send(answer) {
  isAnswered = true;
  inside("work").hidden = Boolean(answer.assign);
  worker?.postMessage(answer);
}

const offers = (...all) => make("p", { className: "offers" }, ...all);

/** Says whether the earlier answers are used, and offers to change or to forget them. */
function reusedPart(change) {
  const forget = button(texts.forget, () => {
    for (const name of Object.keys(earlier)) delete earlier[name];
    check(picked);
  });
  const notice = () => make("p", { className: "notice", id: "reused" }, texts[reused]);
  return reused === "reused" ? [notice(), offers(change, forget)] : reused ? [notice()] : [];
}

/** Fills a question's fields with an answer. */
function fillIn([field, more], answer) {
  const isThere = (one) => [...(field.options ?? [])].some(({ value }) => value === one);
  if (more && field.tagName === "SELECT" && answer.startsWith("=")) {
    field.value = "=";
    more.value = answer.slice(1);
  } else if (field.tagName === "INPUT" || isThere(answer)) field.value = answer;
}

const typed = (value, placeholder = "") => make("input", { type: "text", value, placeholder, autocomplete: "off", spellcheck: false });
const LEFT_OUT = "-";
const leftOut = () => [LEFT_OUT, texts.left_out];
const asIs = (names) => names.map((name) => [name, name]);
const day = (date) => new Date(`${date}T00:00Z`).toLocaleDateString(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

// The headings and some values of the columns, by table. They stand on the screen alone.
let seen = {};
const headingOf = (name, told_) => seen[name]?.[told_]?.heading ?? told_;

// The codes of the columns that are asked about, with labels in the language of the page.
let codes = {};

/** Returns a list of codes that a field suggests. */
function suggestions(field, column) {
  const list = make("datalist", { id: `codes-${column}-${fields.length}` }, ...(codes[column]?.codes ?? []).map(([value, label]) => make("option", { value, label })));
  field.setAttribute("list", list.id);
  return [field, list];
}

/** Returns a field for a code: a list of all that there are, or, for dates and statutes, a field to write in. */
function coded(column, suggested, first = []) {
  const { codes: all = [], is_needed: isNeeded } = codes[column] ?? {};
  if (!all.length || column === "statute") return suggestions(typed(suggested ?? "", texts.code), column);
  const label = ([code, text]) => [code, text ? `${text} (${code})` : code];
  const sorted = [...all].sort(([one], [other]) => first.includes(other) - first.includes(one));
  const nothing = [["", texts.choose_one], ...(isNeeded ? [] : [["#empty", texts.leave_empty]]), [LEFT_OUT, texts.refuse_rows]];
  return [choice([...nothing, ...sorted.map(label)], suggested ?? "")];
}

// How each kind of question is asked: its field, and what its sentence needs.
const ASKS = {
  kind: ({ suggestion }) => [choice([["case-level", texts.kind_cases], ["reported", texts.kind_reported]], suggestion)],
  sheet: ({ suggestion }) => [typed("", suggestion)],
  header: ({ first, last }) => [typed("", first === last ? `${first}` : `${first}-${last}`)],
  hidden_rows: () => [choice([["leave-out", texts.hidden_left_out], ["read", texts.hidden_read]])],
  encoding: ({ suggestion }) => [typed("", suggestion)],
  column: ({ free, suggestion }) => [choice([leftOut(), ...asIs(free)], suggestion?.column)],
  needed: ({ table: name, column, free, is_id }) => [choice([is_id ? ["#row", texts.row_number] : ["", texts.choose_one], ...free.map((one) => [one, headingOf(name, one)]), ["=", texts.always]]), ...coded(column)],
  unfit: ({ is_id }) => [choice([leftOut(), ...(is_id ? [["p", texts.pseudonyms], ["#row", texts.row_number]] : [])])],
  names: ({ is_free }) => [choice([leftOut(), ...(is_free ? [["p", texts.pseudonyms]] : [])])],
  dates: ({ readings: [first, second] }) => [choice([["", texts.choose_one], ["d", day(first)], ["m", day(second)]])],
  serials: () => [choice([["", texts.choose_one], ["y", texts.yes], ["n", texts.no]])],
  value: ({ column, meant }) => coded(column, meant.perhaps ?? meant.code, meant.choice),
  empty: ({ column, suggestion }) => coded(column, suggestion),
};

/** Returns what is answered in the fields of a question. */
function answerOf([field, more]) {
  const text = field.value.trim();
  // To the program, nothing means what was suggested; here, somebody has taken that back.
  if (field.tagName === "SELECT" && !text) return "#open";
  return text === "=" && more?.value !== undefined ? `=${more.value.trim()}` : text;
}

const TOLD = { value: ({ value }) => value, dates: ({ example }) => example, serials: ({ example, day: date }) => ({ example, date: day(date) }) };

/** Returns the sentence of a question. */
function sentenceOf(asked) {
  const { table: name, question, because, heading, column, different, samples = [], day_first, month_first } = asked;
  const told = TOLD[question]?.(asked);
  const values = { heading: heading && headingOf(name, heading), column, different, day_first, month_first, value: told?.example ?? told, day: told?.date, samples: samples.join(", ") };
  const key = question === "column" && samples.length ? "ask_column_samples" : `ask_${question}`;
  return `${question === "unfit" ? `${because} ` : ""}${fill(key, values)}`;
}

let fields = [];
// What was typed before the questions were shown again.
let typedBefore = new Map();
const questionKey = ({ table: name, question, column, heading, value }) => JSON.stringify([name, question, column, heading, value]);

function questionRow(asked, number) {
  const made = ASKS[asked.question]?.(asked);
  if (!made) return [];
  fields.push([number, made, questionKey(asked)]);
  const [first] = made;
  if (asked.present) fillIn(made, asked.present);
  for (const [place, value] of (typedBefore.get(questionKey(asked)) ?? []).entries()) {
    const field = made[place];
    if (field.tagName === "INPUT" || [...(field.options ?? [])].some((one) => one.value === value)) field.value = value;
  }
  first.id = `answer-${number}`;
  const label = make("label", { htmlFor: first.id }, ...told(sentenceOf(asked)));
  const [, more] = made;
  if (asked.question === "needed") {
    more.setAttribute("aria-label", texts.always_what);
    const shown = () => { more.hidden = first.value !== "="; };
    first.addEventListener("change", shown);
    shown();
  }
  const rows = asked.rows ? [make("span", { className: "quiet" }, fill("rows", { count: figures.format(asked.rows) }))] : [];
  const error = asked.error ? [make("p", { className: "wrong", id: `wrong-${number}` }, ...told(first.value === "" ? texts.answer_missing : texts.not_taken))] : [];
  if (asked.error) first.setAttribute("aria-describedby", `wrong-${number}`);
  // A value may be no record at all.
  const refuse = /^(value|empty)$/.test(asked.question) && first.tagName === "INPUT" ? [Object.assign(button(texts.refuse_rows, () => { first.value = LEFT_OUT; }), { className: "lesser" })] : [];
  return [make("div", { className: "asked" }, label, " ", ...rows, make("div", { className: "answer" }, ...made, ...refuse), ...error)];
}

const fromOf = (name, { headings, row_number: row, always }) => (headings ? headings.map((one) => headingOf(name, one)).join(" + ") : row ? texts.row_number : `${texts.always}: ${always}`);

/** Returns the columns of a table as they are taken, each with a choice. */
function columnsOf({ table: name, columns, left_out: leftOutOnes, all }, questions) {
  const heads = [[texts.in_sheet], [texts.such_as], [texts.in_package]];
  const taken = new Set(columns.filter(({ from }) => from.headings).map(({ column }) => column));
  const row = (from, heading, chosen, more) => {
    const field = heading && choice([leftOut(), ...asIs(all.filter((one) => one === chosen || !taken.has(one)))], chosen);
    if (field) {
      field.setAttribute("aria-label", fill("means", { heading: headingOf(name, heading) }));
      field.addEventListener("change", () => send({ assign: [name, heading, field.value] }));
    }
    const samples = (heading && seen[name]?.[heading]?.samples) || [];
    return make("tr", {}, make("th", { scope: "row" }, from), make("td", { className: "quiet" }, samples.join("; ")), make("td", {}, field || chosen, ...(more ? [" ", more] : [])));
  };
  const rows = columns.map(({ column, from, pseudonym }) => row(fromOf(name, from), from.headings?.length === 1 && from.headings[0], column, pseudonym && texts.pseudonyms));
  const caption = fill("columns_of", { table: name });
  const asked = new Set(questions.filter((one) => one.table === name && one.heading).map(({ heading }) => headingOf(name, heading)));
  const others = Object.entries(seen[name] ?? {}).filter(([letters, one]) => letters.startsWith("#") && one.is_open && !asked.has(one.heading));
  leftOutOnes = [...leftOutOnes, ...others.map(([letters]) => letters)];
  return [make("h3", {}, caption), table("columns", caption, heads, [...rows, ...leftOutOnes.map((heading) => row(headingOf(name, heading), heading, LEFT_OUT))])];
}

/** Offers a new key as a file, or takes one that there is. */
function keyPart(why) {
  const file = make("input", { type: "file", id: "key" });
  file.addEventListener("change", async () => file.files[0] && send({ key: await file.files[0].text() }));
  return make("div", { className: "asked" }, make("p", {}, ...told(why)), make("div", { className: "answer" },
    button(texts.key_make, () => send({ random: crypto.getRandomValues(new Uint8Array(32)) })),
    make("label", {}, texts.key_have, " ", file)));
}

const FORM = ["name", "title", "licence", "licence_path", "source", "source_path", "caveat"];

// What stands in the fields of the form.
let typedForm = {};
const keepForm = (form_) => { if (form_) typedForm = Object.fromEntries(new FormData(form_)); };

/** Returns the short form that the descriptor is made of. A fault stands below its field, and one of no field above all. */
function form(faults, package_) {
  const { name: own, title, licenses: [licence] = [], sources: [source] = [], chargesheet } = package_;
  const before = { licence: licence?.name ?? "CC-BY-4.0", licence_path: licence ? licence.path : "https://creativecommons.org/licenses/by/4.0/",
    name: own, title, source: source?.title, source_path: source?.path, caveat: chargesheet?.caveats?.en?.[0], ...typedForm };
  const wrong = (own_, properties) => faults.filter(({ field }) => field === own_).map(({ says }) => make("p", { className: "wrong", ...properties }, ...told(says)));
  const inputs = FORM.flatMap((name) => {
    const id = `form-${name}`;
    const field = make(name === "caveat" ? "textarea" : "input", { id, name, required: !name.endsWith("_path"), value: before[name] ?? "" });
    const own_ = wrong(name, { id: `wrong-${name}` });
    if (own_.length) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `wrong-${name}`);
    }
    return [make("label", {}, texts[`form_${name}`], field), ...own_];
  });
  const made = make("form", { className: "described" }, make("h3", {}, texts.form), ...wrong(null), ...inputs, offers(make("button", { type: "submit" }, texts.make)));
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    keepForm(made);
    send({ form: typedForm, today: today(), created: new Date().toISOString() });
  });
  return made;
}

/** Hides the question what stands for the person where pseudonyms of the names do. */
function hideAnswered(questions) {
  const field = (kind) => fields.find(([number]) => kind(questions[number]))?.[1][0];
  const [names, person] = [field(({ question }) => question === "names"), field(({ question, column }) => question === "needed" && column === "defendant_id")];
  const shown = () => { if (person) person.closest(".asked").hidden = names.value === "p"; };
  names?.addEventListener("change", shown);
}

/** Asks what is open; when nothing is, asks what the package is about. */
function ask(state) {
  inside("work").hidden = true;
  typedBefore = new Map(fields.map(([, made_, key]) => [key, made_.map(({ value }) => value)]));
  fields = [];
  keepForm(inside("result").querySelector("form"));
  if (isAnswered) earlier.mapping = state.mapping;
  ({ codes } = state);
  seen = Object.fromEntries(state.tables.map(({ table: name, seen: columns }) => [name, columns]));
  if (state.is_key_first) state.questions = [];
  const rows = state.questions.filter(({ question }) => !/^(key|package)$/.test(question)).length;
  const key = state.questions.some(({ question }) => question === "key") || state.needs_key || state.is_key_first;
  const change = button(texts.change_answers, () => send({ change: true }));
  const toldPart = state.told ? [make("p", { className: "notice" }, state.told)] : [];
  const parts = [...reusedPart(change), ...toldPart, ...state.questions.flatMap((asked, number) => questionRow(asked, number))];
  if (state.error) parts.unshift(make("p", { className: "wrong" }, ...told(state.error)));
  if (rows) {
    say("asked", fill("asked", { count: figures.format(rows) }), texts.asked_then);
    parts.push(offers(button(texts.go_on, () => send({ answers: fields.map(([number, made]) => [number, answerOf(made)]) }))));
  } else if (key) {
    say("asked", texts.asked_key, ...(state.is_key_first ? [texts.ask_key_first] : []));
  } else {
    const { faults = [] } = state;
    say("asked", ...(faults.length ? [texts.not_made, texts.not_made_then] : [texts.asked_form, texts.asked_form_then]));
    parts.push(form(faults, state.package), ...(reused === "reused" ? [] : [offers(change)]));
    if (state.may_keep) parts.push(keyPart(texts.ask_key_answers));
  }
  if (key && !rows) parts.push(keyPart(texts.ask_key));
  parts.push(...state.tables.flatMap((one) => columnsOf(one, state.questions)));
  hideAnswered(state.questions);
  inside("result").replaceChildren(...parts);
  inside("result").hidden = false;
  const field = (which) => inside("result").querySelector(which);
  (field("[aria-invalid]") ?? field("select, input, textarea"))?.focus({ preventScroll: true });
}

/** Shows what became of the rows, and offers the package. */
function made({ tables, warnings, shown, report, mapping }) {
  const { verdict, files = [], faults = [] } = shown;
  inside("work").hidden = true;
  const missing = tables.reduce((sum, one) => sum + one.refused, 0);
  const reasons = files.flatMap(({ groups }) => groups.filter((one) => one.severity === "error" && !one.lines.length).map(({ says }) => says));
  const then = verdict.startsWith("accept") && missing ? fill("made_refused", { count: figures.format(missing) }) : texts[`${verdict}_then`];
  say(verdict, texts[`made_${verdict}`] ?? texts[verdict], ...(faults.length ? faults : [then, ...reasons]));
  earlier.mapping = mapping;
  // What cannot be read is nobody's package.
  const zip = verdict === "unreadable" ? [] : [button(texts.offer_zip, () => worker?.postMessage({ take: "zip" }))];
  const parts = [make("h3", {}, texts.offers), offers(button(texts.change_answers, () => send({ change: true })), ...zip, button(texts.offer_report, () => offer("report.json", "application/json", report)))];
  const refused = tables.filter((one) => one.refused + (files.find(({ name }) => name === `${one.name}.csv`)?.rejected ?? 0));
  if (refused.length) {
    parts.push(make("p", { className: "notice" }, texts.rows_secret), offers(
      ...refused.map(({ name }) => button(fill("offer_refused", { table: name }), () => worker?.postMessage({ take: name })))));
  }
  const heads = [[texts.file], ...["sheet_read", "sheet_written", "sheet_refused", "sheet_left_out"].map((key) => [texts[key], "number"])];
  const rows = tables.map(({ name, read, written, refused: no, left_out: out }) => make("tr", {}, make("th", { scope: "row" }, name),
    ...[read, written, no, out].map((count, index) => make("td", { className: "number" }, ...cell(heads[index + 1][0], figures.format(count))))));
  parts.push(make("h3", {}, texts.sheet_counts), table("cards counts", texts.sheet_counts, heads, rows));
  for (const { name, groups, warnings: told_ } of tables) {
    const caption = fill("problems", { file: name });
    const lines = groups.map(({ column, says, count, rows: some }) => make("tr", {},
      ...[`${some.join(", ")}${count > some.length ? ` … ${fill("rows", { count: figures.format(count) })}` : ""}`, column ?? "", says]
        .map((text, index) => make("td", {}, ...cell([texts.row, texts.column, texts.wrong][index], ...told(text))))));
    if (lines.length) parts.push(make("h3", {}, caption), table("cards problems", caption, [[texts.row], [texts.column], [texts.wrong]], lines));
    parts.push(...told_.map((text) => make("p", { className: "quiet" }, `${texts.warning}: `, ...told(text))));
  }
  parts.push(...warnings.map((text) => make("p", { className: "quiet" }, `${texts.warning}: `, ...told(text))));
  parts.push(...files.filter((file) => file.groups.length || file.more.length).flatMap(problems), ...preview(verdict));
  inside("result").replaceChildren(...parts);
  inside("result").hidden = false;
}

/** Takes what the worker says of sheets. */
function sheets({ state, report, key, reused: isReused }) {
  reused = isReused ?? reused;
  if (key?.text) earlier.key = key.text;
  if (key?.file) offer("chargesheet-key.txt", "text/plain", key.file);
  if (state.verdict === "asked") ask({ ...state, error: key?.error ?? state.error });
  else if (state.verdict === "made") made({ ...state, report });
  else show({ shown: state, report: null });
}

// What an answer says about its figures: for the box beside a mark, for the table, for a CSV.

export class Figures {
  constructor(answer, words) {
    Object.assign(this, { answer, words });
    this.sources = new Map(answer.sources.map((source) => [source.id, source]));
    this.dimensions = answer.columns.filter((column) => column.role === "dimension");
    this.time = this.dimensions.find(({ name }) => name === "year" || name === "month");
  }

  number(value) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, this.answer.text.thousands);
  }

  percent(share) {
    const text = String(Math.round(share * 1000) / 10).replace(".", this.answer.text.decimal);
    return `${text}${this.answer.language === "en" ? "" : "\u00a0"}%`;
  }

  /** Returns the value of a dimension for people. */
  label({ name }, row) {
    const code = row[name];
    if (code === null || code === undefined) return this.answer.text.unknown;
    if (name === "year" || name === "month") return this.words.period(code);
    return this.answer.labels[name]?.[code] ?? String(code);
  }

  /** Returns a count with what was counted: "70 cases". */
  count(column, value) {
    const counted = this.words.say(`count_${column.name}`, { count: this.number(value) }, value);
    return counted || `${this.number(value)} ${column.title}`;
  }

  status(row) {
    return this.words.say(`status_${row.status}`);
  }

  /** Returns the publisher of a source, or what is known of it. */
  publisher(id) {
    const source = this.sources.get(id);
    return source?.publisher || source?.title || id;
  }

  /** Returns what other sources say instead of a figure. */
  others(row, column) {
    const rivals = (row.disagreements ?? []).filter(({ measure }) => measure === column.name);
    return rivals.map(({ source, value }) =>
      this.words.say("other_figure", { publisher: this.publisher(source), value: this.number(value) }));
  }

  /** Returns the sources of one figure: those that say another are not its own. */
  sourcesOf(row, column) {
    if (!row.sources) return this.answer.sources;
    const rivals = (row.disagreements ?? []).filter(({ measure }) => measure === column.name);
    const own = row.sources.filter((id) => !rivals.some(({ source }) => source === id));
    return own.map((id) => this.sources.get(id) ?? { id, publisher: id, title: "" });
  }

  /** Returns everything about one figure; `share` is its share of the bar it stands in, if it does. */
  of({ row: place, column: at }, share) {
    const row = this.answer.rows[place];
    const column = this.answer.columns[at];
    const groups = this.dimensions.filter((dimension) => dimension !== this.time);
    const measured = column === this.answer.columns.find(({ role }) => role === "measure");
    const [percent, low, high] = [row.share, row.share_low, row.share_high].map((part) =>
      typeof part === "number" && measured ? this.percent(part) : "");
    const inBar = share === undefined ? "" : this.percent(share);
    const names = this.sourcesOf(row, column).map(({ publisher, title }) => [publisher, title].filter(Boolean).join(": "));
    return {
      heading: [this.time, ...groups].filter(Boolean).map((dimension) => this.label(dimension, row)).join(" · "),
      value: this.count(column, row[column.name]),
      notes: [
        percent ? this.words.say("share", { share: percent, low, high }) : inBar,
        this.status(row),
        ...this.others(row, column),
      ].filter(Boolean),
      source: names.length
        ? `${this.words.say("source", {}, Math.min(names.length, 2))}: ${names.slice(0, 2).join("; ")}${names.length > 2
          ? ` ${this.words.say("more", { count: names.length - 2 }, names.length - 2)}` : ""}`
        : "",
      detail: {
        groups: Object.fromEntries(groups.map(({ name }) => [name, row[name] ?? null])),
        period: this.time ? row[this.time.name] ?? null : null,
        measure: column.name,
        value: row[column.name],
        share: percent ? row.share : share ?? null,
        sources: row.sources ?? [],
        row,
      },
    };
  }

  /** Returns the rows between two periods, as `from` and `to` of the service choose them. */
  rows(from, to) {
    if (!this.time || !(from || to)) return this.answer.rows;
    return this.answer.rows.filter((row) => {
      const period = row[this.time.name];
      return period !== null && String(period) >= from && (!to || String(period) <= to);
    });
  }

  /** Returns the figures as the service's aggregate.csv has them, byte for byte. */
  csv(from, to) {
    // A spreadsheet would run a text that begins like a formula.
    const inert = (text) => (/^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text);
    const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const cell = (value) => {
      if (value === null || value === undefined) return "";
      return quoted(typeof value === "number" ? String(value) : inert(Array.isArray(value) ? value.join(" ") : value));
    };
    const names = this.answer.columns.map(({ name }) => name);
    const lines = [names, ...this.rows(from, to).map((row) => names.map((name) => row[name]))];
    return lines.map((cells) => `${cells.map(cell).join(",")}\n`).join("");
  }

  /** Returns a name for a file of these figures. */
  fileName(ending) {
    const { dataset, query, release } = this.answer;
    const statute = new URLSearchParams(query).get("statute") ?? "";
    const name = [dataset.id, statute.slice(0, 60), release.id].filter(Boolean).join("-");
    return `${name.replace(/[^\w.-]+/g, "-")}.${ending}`;
  }
}

// What an answer says about its figures: for the box beside a mark, and for the tools.

export class Figures {
  #dimensions;
  #measures;
  #around;

  constructor(answer, words) {
    Object.assign(this, { answer, words });
    this.sources = new Map(answer.sources.map((source) => [source.id, source]));
    this.#dimensions = answer.columns.filter(({ role }) => role === "dimension");
    // With both, months stand along the axis.
    this.time = ["month", "year"].map((time) => this.#dimensions.find(({ name }) => name === time)).find(Boolean);
    this.#measures = answer.columns.filter(({ role }) => role === "measure");
    // Within their groups, the shares that were asked for make 100 %.
    this.#around = this.#dimensions.filter(({ name }) => !answer.query.includes(`share=${name}`));
  }

  number(value) {
    return String(value).replace(/\B(?=(\d{3})+$)/g, this.answer.text.thousands);
  }

  /** Returns a share for people, with what it is a share of where that is told: of a single case it says next to nothing. */
  percent(share, whole) {
    // In whole numbers, as the picture is written: what is there is not nothing.
    const tenths = Math.floor((Math.round(share * 1e6) + 500) / 1000);
    const text = (tenths || !share ? String(tenths / 10) : "<0.1").replace(".", this.answer.text.decimal);
    return `${text}${this.answer.language === "en" ? "" : "\u00a0"}%${whole ? `, n = ${this.number(whole)}` : ""}`;
  }

  /** Returns what a figure is a share of: the sum of all that have the same in some dimensions. */
  whole(row, { name } = this.#measures[0], same = this.#around) {
    let sum = 0;
    for (const other of this.answer.rows) if (same.every((own) => other[own.name] === row[own.name])) sum += other[name];
    return sum;
  }

  /** Returns the value of a dimension for people. */
  label(column, row) {
    const code = row[column.name];
    if (code === null) return this.answer.text.unknown;
    return column === this.time ? this.words.period(code) : this.answer.labels[column.name]?.[code] ?? code;
  }

  status(row) {
    return this.words.say(`status_${row.status}`);
  }

  /** Returns the publisher of a source, or what is known of it. */
  publisher(id) {
    return this.sources.get(id)?.publisher || id;
  }

  /** Returns what other sources say instead of a figure, for people. */
  others(row, column) {
    return this.#rivals(row, column).map(({ source, value }) =>
      this.words.say("other_figure", { publisher: this.publisher(source), value: this.number(value) }));
  }

  #rivals(row, { name }) {
    return row.disagreements?.filter(({ measure }) => measure === name) ?? [];
  }

  /**
   * Returns the sources of one figure by name: those that say another are not its own. Where the answer tells only
   * those of a row with several figures, or of all of it, that is said.
   */
  #named(row, column) {
    const rivals = this.#rivals(row, column).map(({ source }) => source);
    const own = row.sources?.filter((id) => !rivals.includes(id)).map((id) => this.sources.get(id) ?? { title: id });
    const names = (own ?? this.answer.sources).map(nameOf);
    const more = names.length - 2;
    const told = [...names.slice(0, 2), more > 0 && this.words.say("more", { count: more }, more)].filter(Boolean).join("; ");
    const whose = own ? (this.#measures[1] ? "source_row" : "source") : "source_chart";
    return [this.words.say(whose, {}, names.length), told].filter(Boolean).join(": ");
  }

  /** Returns everything about one figure; `shares` says that bars are drawn as shares of their sum. */
  of(mark, shares) {
    const row = this.answer.rows[mark.row];
    const [first] = this.#measures;
    const drawn = this.answer.columns[mark.column];
    // Where shares are drawn, they are those of the first measure.
    const column = drawn.role === "measure" ? drawn : first;
    const value = row[column.name];
    const groups = this.#dimensions.filter((dimension) => dimension !== this.time);
    const measured = column === first && row.share >= 0;
    const whole = measured ? this.whole(row) : shares && this.whole(row, column, [this.time ?? this.#dimensions[0]]);
    const share = measured ? row.share : whole ? value / whole : null;
    const percent = this.percent(share, whole);
    return {
      heading: [this.time, ...groups].filter(Boolean).map((dimension) => this.label(dimension, row)).join(" · "),
      value: this.words.say(`count_${column.name}`, { count: this.number(value) }, value) || `${this.number(value)} ${column.title}`,
      notes: [
        measured ? this.words.say("share", { percent, low: this.percent(row.share_low), high: this.percent(row.share_high) }) : whole && percent,
        this.status(row),
        ...this.others(row, column),
      ].filter(Boolean),
      source: this.#named(row, column),
      detail: {
        groups: Object.fromEntries(groups.map(({ name }) => [name, row[name]])),
        period: row[this.time?.name] ?? null,
        measure: column.name,
        value,
        share,
        sources: row.sources ?? [],
        row,
      },
    };
  }

  /** Returns everything about an event of the law. */
  event(event) {
    const { at, text, label, statute, url } = event;
    return {
      heading: [this.words.period(at), this.answer.labels.statute?.[statute]].filter(Boolean).join(" · "),
      value: text || label,
      notes: [],
      source: /^https?:/.test(url) ? `${this.words.say("source", {}, 1)}: ${new URL(url).host}` : "",
      detail: { event },
    };
  }
}

export function nameOf({ publisher, title }) {
  return [publisher, title].filter(Boolean).join(": ");
}

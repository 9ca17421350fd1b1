// The table behind the picture: every figure with its source.

import { linkTo, make } from "./markup.js";

/** Makes the table's region: caption, figures, sources, and what to know before using them. */
export function tablePanel(figures, words, from, to) {
  const { answer } = figures;
  const rows = figures.rows(from, to);
  // Labels stand in place of codes already, and a normal status says nothing.
  const shown = answer.columns.filter(({ role, name }) => role !== "label" && name !== "share_high"
    && (role !== "status" || rows.some((row) => figures.status(row))));
  const cell = (column, row) => {
    const value = row[column.name];
    const { role } = column;
    if (role === "dimension") return make(column === shown[0] ? "th" : "td", column === shown[0] ? { scope: "row" } : {}, figures.label(column, row));
    if (role === "status") return make("td", {}, figures.status(row));
    if (role === "sources") return make("td", {}, ...value.flatMap((id, index) => [index ? ", " : "", naming(figures, id)]));
    const number = (part) => (role === "share" ? figures.percent(part) : figures.number(part));
    if (value === null || value === undefined) return make("td", { class: "number quiet" }, words.say("no_figure"));
    const bounds = column.name === "share_low" ? `${number(value)} – ${number(row.share_high)}` : number(value);
    return make("td", { class: "number" }, bounds, ...figures.others(row, column).map((other) => make("div", { class: "quiet" }, other)));
  };
  const heading = (column) => make("th", { scope: "col", class: column.role === "measure" || column.role === "share" ? "number" : "" },
    column.name === "share_low" ? words.say("interval") : column.title);
  const list = (items) => make("ul", {}, ...items.map((item) => make("li", {}, item)));
  const sources = answer.sources.map(({ url, publisher, title, published }) => {
    const name = [publisher, title].filter(Boolean).join(": ");
    return make("span", {}, linkTo(url, name) ?? name, published ? `, ${words.day(published)}` : "");
  });
  return [
    make("table", {},
      make("caption", {}, make("strong", {}, answer.text.title), make("div", {}, answer.text.subtitle)),
      make("thead", {}, make("tr", {}, ...shown.map(heading))),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...shown.map((column) => cell(column, row)))))),
    make("h3", {}, words.say("source", {}, answer.sources.length)), list(sources),
    answer.caveats.length && make("h3", {}, words.say("caveats")), answer.caveats.length && list(answer.caveats),
  ].filter(Boolean);
}

function naming(figures, id) {
  return linkTo(figures.sources.get(id)?.url, figures.publisher(id)) ?? figures.publisher(id);
}

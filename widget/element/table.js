// The table behind the picture: every figure with its source.

import { linkTo, make } from "./markup.js";
import { nameOf } from "./figures.js";
import { rowsBetween } from "./range.js";

/** Makes the content of the table's region: figures, sources, and what to know before using them. */
export function tablePanel(figures, words, range) {
  const { answer } = figures;
  const rows = rowsBetween(figures, range);
  // Labels stand in place of codes already, and a normal status says nothing.
  const columns = answer.columns.filter(({ role }) => role !== "label" && (role !== "status" || rows.some((row) => figures.status(row))));
  const contents = {
    dimension: (value, column, row) => [figures.label(column, row)],
    measure: (value, column, row) => [make("strong", {}, figures.number(value)), ...figures.others(row, column).map((other) => make("div", { className: "quiet" }, other))],
    share: (value, { name }, row) => [figures.percent(value, name === "share" && figures.whole(row))],
    status: (value, column, row) => [figures.status(row)],
    sources: (ids) => ids.flatMap((id, index) => [index && ", ", linkTo(figures.sources.get(id)?.url, figures.publisher(id))]),
  };
  const cells = (row) => columns.map((column, index) => {
    const value = row[column.name];
    const known = value !== null || column.role === "dimension";
    return make(index ? "td" : "th", { className: column.role, ...(!index && { scope: "row" }) },
      ...(known ? contents[column.role](value, column, row) : [make("span", { className: "quiet" }, words.say("no_figure"))]));
  });
  const list = (key, items) => (items.length ? [make("strong", {}, words.say(key, {}, items.length)), make("ul", {}, ...items.map((item) => make("li", {}, item)))] : []);
  return [
    make("table", {},
      make("caption", {}, make("strong", {}, answer.text.title), make("div", {}, answer.text.subtitle)),
      make("thead", {}, make("tr", {}, ...columns.map(({ role, title }) => make("th", { scope: "col", className: role }, title)))),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells(row))))),
    ...list("source", answer.sources.map((source) => linkTo(source.url, nameOf(source)))),
    ...list("caveats", answer.caveats),
  ];
}

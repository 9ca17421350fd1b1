// The panel that chooses years or months: what the brush does, without dragging.

import { make } from "./markup.js";

/** Returns a period, counted in years or months, as `YYYY` or `YYYY-MM`. */
export function periodText(unit, period) {
  if (unit === 1) return String(period);
  return `${Math.floor(period / 12)}-${String((period % 12) + 1).padStart(2, "0")}`;
}

/** Makes the panel's content; `choose` is told the first and the last period, as numbers. */
export function yearsPanel(picture, words, choose) {
  const [unit, first, last, from, to] = picture.periods();
  const select = (key, chosen) => {
    const options = Array.from({ length: last - first + 1 }, (_, index) =>
      make("option", { value: first + index, selected: first + index === chosen }, words.period(periodText(unit, first + index))));
    return make("select", { class: "field", "data-end": key }, ...options);
  };
  const ends = [select("from", from), select("to", to)];
  const chosen = () => ends.map(({ value }) => Number(value)).sort((one, other) => one - other);
  for (const end of ends) end.addEventListener("change", () => choose(...chosen()));
  const reset = make("button", { type: "button", class: "button", onclick: () => {
    [ends[0].value, ends[1].value] = [first, last];
    choose(first, last);
  } }, words.say(unit === 1 ? "all_years" : "all_months"));
  return [
    make("label", {}, words.say("from"), ends[0]),
    make("label", {}, words.say("to"), ends[1]),
    reset,
  ];
}

// The panel that chooses years or months: what the brush does, without dragging.

import { make } from "./markup.js";
import { periodText } from "./words.js";

/** Makes the panel's content; `choose` is told the first and the last period, as numbers. */
export function yearsPanel({ periods }, words, choose) {
  const [unit, first, last, ...shown] = periods;
  const ends = shown.map((chosen) => {
    const end = make("select", { onchange: () => {
      // Whichever is later is the end.
      const chosen = ends.map(({ value }) => Number(value)).sort((one, other) => one - other);
      ends.forEach((own, index) => { own.value = chosen[index]; });
      choose(...chosen);
    } });
    for (let period = first; period <= last; period += 1) end.add(new Option(words.period(periodText(unit, period)), period));
    end.value = chosen;
    return end;
  });
  return ends.map((end, index) => make("label", { className: "row" }, words.say(index ? "to" : "from"), end));
}

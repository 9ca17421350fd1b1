// Words for people, in the language of the reader.

import { LANGUAGES } from "./load.js";

// What must be said when the file with words is not there.
const UNTRANSLATED = {
  failed: "The interactive chart could not be shown.",
  offline: "You are offline. The chart will load when the connection is back.",
  retry: "Try again",
  static: "Static picture",
};

/** Returns the first of some languages that there are words in; undefined where there is none. */
export function knownOf(languages) {
  return languages.map((text) => text?.toLowerCase().split("-")[0]).find((text) => LANGUAGES.includes(text));
}

/** Returns the language of an element: its own, else that of what it stands in, else the reader's, else the first there is. */
export function languageOf(element) {
  return knownOf([element.closest("[lang]")?.lang, document.documentElement.lang, ...navigator.languages, LANGUAGES[0]]);
}

export class Words {
  /** Without texts, English has to do, and little is said. */
  constructor(language, texts) {
    this.language = texts ? language : LANGUAGES[0];
    this.texts = texts ?? UNTRANSLATED;
    this.there = Boolean(texts);
  }

  /** Returns a text with its `{places}` filled; `count` chooses among forms. */
  say(key, values = {}, count = 0) {
    const found = this.texts[key] ?? "";
    // Rules for plurals take long to make, and most texts have one form.
    const text = typeof found === "string" ? found : found[new Intl.PluralRules(this.language).select(count)] ?? found.other;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  /** Returns a year as it is, and a month (`YYYY-MM`) or day (`YYYY-MM-DD`) with the month by name. */
  period(value) {
    const [year, month, day] = String(value).split("-");
    if (!month) return year;
    return new Date(Date.UTC(year, month - 1, day ?? 1))
      .toLocaleDateString(this.language, { day: day && "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }
}

/** Returns a period, counted in years or months, as `YYYY` or `YYYY-MM`. */
export function periodText(unit, period) {
  return unit === 1 ? String(period) : `${Math.floor(period / 12)}-${String((period % 12) + 1).padStart(2, "0")}`;
}

// Words for people, in the language of the reader.

import { LANGUAGES } from "./load.js";

// What must be said when the file with words is not there.
const UNTRANSLATED = {
  failed: "The interactive chart could not be shown.",
  unreachable: "The figures could not be reached.",
  offline: "You are offline. The chart will load when the connection is back.",
  retry: "Try again",
  static: "Static picture",
};

const known = (text) => LANGUAGES.find((language) => language === (text || "").toLowerCase().split("-")[0]);

/** Returns the language of an element: its own, else its page's, else the reader's; undefined for others. */
export function languageOf(element) {
  const asked = [element.getAttribute("lang"), document.documentElement.lang, ...(navigator.languages ?? [])];
  return asked.map(known).find(Boolean);
}

export class Words {
  /** Without texts, English has to do, and little is said. */
  constructor(language, texts) {
    this.language = texts ? language : "en";
    this.there = Boolean(texts);
    this.texts = texts ?? UNTRANSLATED;
    this.plurals = new Intl.PluralRules(this.language);
  }

  /** Returns a text with its `{places}` filled; `count` chooses among forms. */
  say(key, values = {}, count = 0) {
    const found = this.texts[key] ?? "";
    const text = typeof found === "string" ? found : found[this.plurals.select(count)] ?? found.other;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  /** Returns a year as it is and a month (`YYYY-MM`) by name. */
  period(value) {
    const [year, month] = String(value).split("-");
    if (!month) return year;
    const options = { month: "long", year: "numeric", timeZone: "UTC" };
    return new Intl.DateTimeFormat(this.language, options).format(Date.UTC(year, month - 1));
  }

  /** Returns a day (`YYYY-MM-DD`) as it is written here. */
  day(value) {
    const options = { dateStyle: "medium", timeZone: "UTC" };
    return new Intl.DateTimeFormat(this.language, options).format(Date.parse(value));
  }
}

//! The templates of the plain answers, with the forms of a language for numbers.

use crate::domain::{Dimension, Language, Lists, Measure};
use crate::present::numbers::number;
use crate::present::texts::{Texts, fill};
use crate::release::Release;

/// The words of a language.
#[derive(Clone, Copy)]
pub struct Words {
    pub language: Language,
    pub texts: &'static Texts,
}

impl Words {
    pub fn of(language: Language) -> Self {
        Self { language, texts: Texts::of(language) }
    }

    /// Returns a template, filled.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.texts.plain.get(key), values)
    }

    /// Returns the form of a template that goes with a number, filled. Forms are `=0` and `=1`, then the plural categories of CLDR.
    pub fn say_by(&self, key: &str, by: u64, values: &[(&str, &str)]) -> String {
        let forms = [format!("={by}"), category(self.language, by).to_owned(), "other".to_owned()];
        let form = forms.iter().find_map(|form| self.texts.plain.0.get(&format!("{key}.{form}")));
        fill(form.map_or(key, String::as_str), values)
    }

    /// Returns a list of years with its form, by one year or several.
    pub fn say_years(&self, key: &str, name: &str, years: &[i32], values: &[(&str, &str)]) -> String {
        let text = self.years(years);
        let values: Vec<(&str, &str)> = values.iter().copied().chain([(name, text.as_str())]).collect();
        self.say_by(key, if years.len() == 1 { 1 } else { 2 }, &values)
    }

    pub fn number(&self, value: u64) -> String {
        number(value, self.texts)
    }

    /// Returns years as text, successive ones joined, the last after "and".
    fn years(&self, years: &[i32]) -> String {
        let run = |run: &[i32]| match run {
            [first, .., last] => format!("{first}–{last}"),
            _ => run.iter().map(i32::to_string).collect(),
        };
        let runs: Vec<String> = years.chunk_by(|one, next| one + 1 == *next).map(run).collect();
        self.texts.list(&runs.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Returns what a figure counts: "people convicted".
    pub fn phrase(&self, outcome: &str, measure: Measure) -> String {
        self.texts.plain.0.get(&format!("{outcome}/{measure}")).cloned().unwrap_or_else(|| {
            let values =
                [("name", self.label(outcome)), ("measure", self.texts.measure(measure).to_lowercase())];
            fill(
                self.texts.on_trend("measured"),
                &values.each_ref().map(|(name, value)| (*name, value.as_str())),
            )
        })
    }

    /// Returns a figure with what it counts: "72 people convicted".
    pub fn counted(&self, outcome: &str, measure: Measure, value: u64) -> String {
        let (key, count) = (format!("{outcome}/{measure}"), self.number(value));
        if self.texts.plain.0.contains_key(&key) {
            return self.say_by(&key, value, &[("count", &count)]);
        }
        format!("{}: {count}", self.phrase(outcome, measure))
    }

    /// Returns the label of an outcome.
    pub fn label(&self, outcome: &str) -> String {
        let entry = Lists::bundled().outcomes.get(outcome);
        entry.map_or(outcome, |entry| entry.label.get(self.language)).to_owned()
    }

    /// Returns the name of a part of a country.
    pub fn area(&self, area: &str, release: &Release) -> String {
        if let Some(own) = self.texts.plain.0.get(&format!("area/{area}")) {
            return own.clone();
        }
        let number = release.number(Dimension::Area, area);
        number.map_or(area, |number| release.label(Dimension::Area, number, self.language)).to_owned()
    }
}

/// Returns the plural category of a count, as CLDR has it for whole numbers.
fn category(language: Language, count: u64) -> &'static str {
    match (language, count % 10, count % 100) {
        (Language::RUSSIAN, 1, hundreds) if hundreds != 11 => "one",
        (Language::RUSSIAN, 2..=4, hundreds) if !(12..=14).contains(&hundreds) => "few",
        (Language::RUSSIAN, ..) => "many",
        _ if count == 1 => "one",
        _ => "other",
    }
}

/// Returns a text with its first letter capital, or small.
pub fn with_first(text: &str, capital: bool) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    let first =
        first.map(
            |first| if capital { first.to_uppercase().to_string() } else { first.to_lowercase().to_string() },
        );
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

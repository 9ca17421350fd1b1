//! Query strings: parses one into a [`Query`] and names every part that is wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::cause::Cause;
use super::error::{QueryError, value};
use super::question::Query;
use super::rate;
use crate::domain::values::code_meant;
use crate::domain::{Codes, Dimension, Language, Measure, Period, nearest, parameters};
use crate::release::Release;

/// The parameters of a query string. Each can be taken once.
#[derive(Debug, Clone, Default)]
pub struct Params {
    pairs: BTreeMap<String, String>,
}

impl Params {
    /// Splits and decodes a query string (without `?`).
    ///
    /// # Errors
    /// When it is not percent-encoded UTF-8, or gives a parameter twice.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut pairs = BTreeMap::new();
        for pair in split(text) {
            let (name, value) = pair?;
            if pairs.insert(name.clone(), value).is_some() {
                return Err(QueryError::Twice { parameter: name });
            }
        }
        Ok(Self { pairs })
    }

    /// Splits and decodes the query string of a submitted HTML form. Empty fields are dropped, and repeated names become one
    /// list.
    ///
    /// # Errors
    /// When it is not percent-encoded UTF-8.
    pub fn parse_form(text: &str) -> Result<Self, QueryError> {
        let mut pairs: BTreeMap<String, String> = BTreeMap::new();
        for pair in split(text) {
            let (name, value) = pair?;
            match pairs.get_mut(&name) {
                _ if value.is_empty() => {}
                Some(list) => *list = format!("{list},{value}"),
                None => drop(pairs.insert(name, value)),
            }
        }
        Ok(Self { pairs })
    }

    /// Sets a parameter, replacing any earlier value.
    pub fn set(&mut self, name: &str, value: &str) {
        self.pairs.insert(name.to_owned(), value.to_owned());
    }

    /// Returns the value of a parameter and leaves the parameter in place.
    pub fn peek(&self, name: &str) -> Option<&str> {
        self.pairs.get(name).map(String::as_str)
    }

    /// Whether no parameters are left.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Returns the parameters that are left, in order of their names.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Removes a parameter and returns its value.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.pairs.remove(name)
    }

    /// Mends what several choices of a form at once can leave: a share without its whole, and ends in the wrong order.
    pub fn forgive(&mut self) {
        let is_grouped = |share: &str| {
            let is_in_by = self.peek("by").unwrap_or_default().split(',').any(|own| own == share);
            // What is no dimension was not chosen in a form: it is refused later.
            is_in_by || Dimension::from_name(share).is_none()
        };
        if !self.peek("share").is_none_or(is_grouped) {
            self.take("share");
        }
        if let (Some(from), Some(to)) = (self.peek("from"), self.peek("to"))
            && from.get(..4) > to.get(..4)
        {
            let (from, to) = (from.to_owned(), to.to_owned());
            self.set("from", &to);
            self.set("to", &from);
        }
    }

    /// Removes the parameters of a query, and checks each against the release.
    ///
    /// # Errors
    /// When a parameter has a value that is not valid for this release.
    pub fn take_query(&mut self, release: &Release) -> Result<Query, QueryError> {
        let by = self.take("by").map_or(Ok(vec![Dimension::Year]), |text| grouped(&text, "by", release))?;
        let mut keep = BTreeMap::new();
        for dimension in Dimension::ALL.into_iter().filter(|dimension| !dimension.is_time()) {
            if let Some(text) = self.take(dimension.name()) {
                keep.insert(dimension, kept(dimension, &text, release)?);
            }
        }
        let lineage = self.take("lineage").map(|text| joined(&text)).transpose()?.unwrap_or_default();
        let from = self.take("from").map(|text| period("from", &text)).transpose()?;
        let to = self.take("to").map(|text| period("to", &text)).transpose()?;
        if let (Some(from), Some(to)) = (from, to)
            && from.first_day() > to.last_day()
        {
            return Err(value("from", &from.to_string(), format!("is after `to={to}`"), &[]));
        }
        let measures = self.take("measure").map_or_else(
            || Ok(release.descriptor().chargesheet.measures[..1].to_vec()),
            |text| measures(&text, release),
        )?;
        let share = self.take("share").map(|text| shared(&text, &by)).transpose()?;
        let labels = self.take_language("labels")?;
        let rate = rate::parse(self.take("rate").as_deref())?;
        let query = Query { by, keep, lineage, from, to, measures, share, rate, labels };
        rate::check(&query, release)?;
        Ok(query)
    }

    /// Removes a parameter that names a language.
    ///
    /// # Errors
    /// When the service has no such language.
    pub fn take_language(&mut self, name: &'static str) -> Result<Option<Language>, QueryError> {
        let read = |text: String| {
            let known: Vec<&str> = Language::all().map(Language::code).collect();
            let refused = || value(name, &text, "is no language that we have".to_owned(), &known);
            Language::from_tag(&text).ok_or_else(refused)
        };
        self.take(name).map(read).transpose()
    }

    /// Removes the parameter `of`: the dimensions whose values `facets` counts.
    ///
    /// # Errors
    /// When it is missing or empty, or names a dimension that the release does not have.
    pub fn take_facets(&mut self, release: &Release) -> Result<Vec<Dimension>, QueryError> {
        let text = self.take("of").unwrap_or_default();
        if text.is_empty() {
            let names: Vec<_> = release.askable().iter().map(|dimension| dimension.name()).collect();
            return Err(value(
                "of",
                "",
                "name the dimensions to count, with a comma between them".to_owned(),
                &names,
            ));
        }
        grouped(&text, "of", release)
    }

    /// Checks that no parameter is left. `others` are the parameters that this route knows besides those of a query.
    ///
    /// # Errors
    /// When an unknown parameter is left.
    pub fn finish(self, others: &[&'static str]) -> Result<(), QueryError> {
        let known: Vec<&'static str> = parameters::question().chain(others.iter().copied()).collect();
        self.finish_with(&known)
    }

    /// Checks that no parameter is left, where `known` is the complete list of parameters.
    ///
    /// # Errors
    /// When an unknown parameter is left.
    pub fn finish_with(self, known: &[&'static str]) -> Result<(), QueryError> {
        let Some(parameter) = self.pairs.into_keys().next() else {
            return Ok(());
        };
        let nearest = meant(&parameter, known).map(str::to_owned);
        Err(QueryError::UnknownParameter { parameter, known: known.to_vec(), nearest })
    }
}

/// Names that people write for parameters that are called something else.
const OTHER_NAMES: [(&str, &str); 6] = [
    ("date", "from"),
    ("since", "from"),
    ("period", "from"),
    ("until", "to"),
    ("language", "lang"),
    ("locale", "lang"),
];

/// Returns the known parameter that an unknown name was probably meant to be.
pub fn meant(name: &str, known: &[&'static str]) -> Option<&'static str> {
    // When an ampersand was escaped for HTML twice, `amp;` remains in front of the name.
    let name = name.trim_start_matches("amp;");
    let is_known = |wanted: &str| known.iter().copied().find(|own| *own == wanted);
    // `from[0]`, `to[]`, `filter[from]`.
    let whole = name.strip_prefix("filter[").unwrap_or(name);
    let whole = whole.split(['[', ']', '.']).next().and_then(is_known);
    // `filter[country]`, `country_code`, `startYear`, `outcomes`. `source` is excluded, because web
    // analytics uses that word.
    let of_word = |word: String| {
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == word).map(|(_, own)| *own);
        let dimension = Dimension::from_name(&word).or_else(|| Dimension::from_name(word.strip_suffix('s')?));
        let dimension = dimension.filter(|dimension| *dimension != Dimension::Source);
        // A filter on one year is written as `from` and `to`.
        let own = dimension.map(|dimension| if dimension.is_time() { "from" } else { dimension.name() });
        is_known(other.or(own)?)
    };
    whole.or_else(|| words(name).find_map(of_word)).or_else(|| nearest(name, known.iter().copied()))
}

/// Returns the words of a name, in lower case: `country_code` and `countryCode` give the same words.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            spaced.push(' ');
        }
        spaced.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' });
    }
    spaced.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Returns the language that a query string asks for, whatever else is wrong with it.
pub fn language_of(text: &str) -> Option<Language> {
    let mut pairs = split(text).filter_map(Result::ok);
    pairs.find_map(|(name, value)| {
        ["lang", "labels"].contains(&name.as_str()).then(|| Language::from_tag(&value)).flatten()
    })
}

/// Splits a query string and returns the decoded names and values.
fn split(text: &str) -> impl Iterator<Item = Result<(String, String), QueryError>> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok((decoded(name)?.into_owned(), decoded(value)?.into_owned()))
    })
}

/// Percent-decodes a name or a value of a query string.
///
/// # Errors
/// When the text is not percent-encoded UTF-8.
pub fn decoded(text: &str) -> Result<Cow<'_, str>, QueryError> {
    if !text.contains(['%', '+']) {
        return Ok(text.into());
    }
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(|text| text.into_owned().into())
        .map_err(|_not_utf8| QueryError::Encoding { found: text.to_owned() })
}

fn grouped(text: &str, parameter: &'static str, release: &Release) -> Result<Vec<Dimension>, QueryError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let own: Vec<_> = release.askable().into_iter().map(|own| (own.name(), own)).collect();
    let unknown =
        |name: &str| Dimension::from_name(name).filter(|named| !own.iter().any(|(_, own)| own == named));
    let read = each_once(parameter, text, &own, |name, names| {
        let problem = match Dimension::from_name(name) {
            Some(_) => format!("dataset `{}` does not record the {name}", release.dataset()),
            None => format!("there is no dimension `{name}`"),
        };
        format!("{problem}; it has {names}")
    });
    read.map_err(|error| match text.split(',').find_map(unknown) {
        Some(dimension) => error.because(Cause::NotRecorded(dimension)),
        None => error,
    })
}

fn measures(text: &str, release: &Release) -> Result<Vec<Measure>, QueryError> {
    let own = release.descriptor().chargesheet.measures.iter().map(|&own| (own.name(), own));
    each_once("measure", text, &own.collect::<Vec<_>>(), |name, names| {
        format!("there is no measure `{name}`; dataset `{}` counts {names}", release.dataset())
    })
}

/// Parses a list of names. Each must be in `known`, and none may be repeated. `problem` receives the unknown name and all
/// known names, and returns the message.
fn each_once<T: Copy + PartialEq>(
    parameter: &'static str,
    text: &str,
    known: &[(&str, T)],
    problem: impl Fn(&str, &str) -> String,
) -> Result<Vec<T>, QueryError> {
    let mut found = Vec::new();
    for name in text.split(',') {
        let Some((_, one)) = known.iter().find(|(own, _)| *own == name) else {
            let names: Vec<&str> = known.iter().map(|(own, _)| *own).collect();
            return Err(QueryError::Value {
                parameter,
                value: text.to_owned(),
                problem: problem(name, &names.join(", ")),
                nearest: nearest(name, names.iter().copied()).map(str::to_owned),
                expected: names.into_iter().map(str::to_owned).collect(),
            });
        };
        if found.contains(one) {
            return Err(value(parameter, text, format!("`{name}` stands in it twice"), &[]));
        }
        found.push(*one);
    }
    Ok(found)
}

fn kept(dimension: Dimension, text: &str, release: &Release) -> Result<Vec<u32>, QueryError> {
    if !release.askable().contains(&dimension) {
        let problem = format!("dataset `{}` does not record the {dimension}", release.dataset());
        return Err(value(dimension.name(), text, problem, &[]).because(Cause::NotRecorded(dimension)));
    }
    if text.is_empty() {
        let problem = "is empty; leave the parameter out to keep all".to_owned();
        return Err(value(dimension.name(), text, problem, &[]));
    }
    let mut numbers = Vec::new();
    for code in text.split(',') {
        let Some(number) = release.number(dimension, code) else {
            let place = match dimension.codes() {
                Codes::Dataset => format!(" in dataset `{}`", release.dataset()),
                Codes::List(_) | Codes::Periods => String::new(),
            };
            return Err(QueryError::UnknownCode {
                dimension,
                value: code.to_owned(),
                place,
                nearest: code_for(dimension, code, release)
                    .or_else(|| nearest(code, release.codes(dimension)).map(str::to_owned)),
            });
        };
        numbers.push(number);
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// Returns the codes that a text means in place of one: `IN` is `IND`, and Our World in Data's `IND~KAZ` is `IND,KAZ`.
fn code_for(dimension: Dimension, text: &str, release: &Release) -> Option<String> {
    let Codes::List(list) = dimension.codes() else { return None };
    let one = |word: &str| {
        let code = if release.number(dimension, word).is_some() { word } else { code_meant(list, word)? };
        release.number(dimension, code).map(|_| code.to_owned())
    };
    Some(text.split('~').map(one).collect::<Option<Vec<_>>>()?.join(","))
}

fn period(parameter: &'static str, text: &str) -> Result<Period, QueryError> {
    Period::parse(text).map_err(|error| value(parameter, text, error.to_string(), &[]))
}

fn joined(text: &str) -> Result<bool, QueryError> {
    if text == "1" {
        return Ok(true);
    }
    let problem =
        "is `1`, which lets a statute that was replaced stand for its successor, or left out".to_owned();
    Err(value("lineage", text, problem, &["1"]))
}

fn shared(text: &str, by: &[Dimension]) -> Result<Dimension, QueryError> {
    Dimension::from_name(text).filter(|dimension| by.contains(dimension)).ok_or_else(|| {
        let names: Vec<_> = by.iter().map(|dimension| dimension.name()).collect();
        let problem = format!("name a dimension that stands in `by` ({})", names.join(", "));
        value("share", text, problem, &names)
    })
}

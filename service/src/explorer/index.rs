//! The start page: a chart, findings, the map of countries, and every statute, searched and sorted.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;

use super::about::About;
use super::address::{in_language, of_country, of_dataset, of_statute};
use super::frame::{Choice, Frame, PageError, read};
use super::order;
use super::sparkline::sparkline;
use super::start::{Finding, First, findings, first};
use super::tiles::{Tiles, tiles};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::coverage::Coverage;
use crate::domain::values::code_meant;
use crate::domain::{Language, Statute, countries, offences};
use crate::package::Kind;
use crate::present::texts::{Texts, fill};
use crate::present::{country_name, number, offence_name, short_name_of};
use crate::query::{QueryError, escape, value};
use crate::search::{Found, Index};

/// How many statutes the list shows on a phone before it is asked for all; the style has the same number.
const SHORT: usize = 5;

/// The orders of the list.
const SORTS: [&str; 3] = ["country", "years", "figures"];

/// The order that is not asked for: what there is most to see of comes first.
const DEFAULT: &str = SORTS[2];

#[derive(Template)]
#[template(path = "index.html")]
struct Page {
    frame: Frame,
    words: String,
    countries: Vec<Choice>,
    offences: Vec<Choice>,
    filtered: bool,
    /// Whether a country or a category is chosen.
    narrowed: bool,
    found: String,
    /// What the search could not find, and the nearest words that there are, each with its address.
    missed: Vec<(String, Option<Choice>)>,
    /// The columns that sort: the heading, and whether the list is sorted by it.
    sorts: Vec<Choice>,
    rows: Vec<Row>,
    /// The words of the link to all statutes, where not all are shown.
    all: Option<String>,
    datasets: Vec<Choice>,
    first: Option<First>,
    findings: Vec<Finding>,
    /// Title of the page about the publisher, and its language.
    publisher: (String, &'static str),
    tiles: Option<Tiles>,
}

/// A statute in the list.
struct Row {
    country: String,
    country_page: String,
    title: String,
    address: String,
    law: String,
    offence: String,
    /// The years with figures, and the newest figure; empty where there are none.
    years: String,
    figure: String,
    spark: String,
    /// What further datasets have.
    others: Vec<String>,
}

/// What is asked of the list.
struct Asked {
    words: String,
    country: String,
    offence: String,
    sort: String,
}

impl Asked {
    fn read(params: &mut crate::query::Params) -> Result<Self, QueryError> {
        let mut take = |name| params.take(name).unwrap_or_default();
        let own = Self {
            words: take("q"),
            country: take("country"),
            offence: take("category"),
            sort: take("sort"),
        };
        for (parameter, value, list) in
            [("country", &own.country, countries()), ("category", &own.offence, offences())]
        {
            if !value.is_empty() && list.get(value).is_none() {
                let problem = format!("is no {} that we know", list.name);
                let meant = code_meant(list.name, value).or_else(|| list.nearest(value));
                let nearest = meant.map(str::to_owned);
                let (value, expected) = (value.clone(), Vec::new());
                return Err(QueryError::Value { parameter, value, problem, expected, nearest });
            }
        }
        if !own.sort.is_empty() && !SORTS.contains(&own.sort.as_str()) {
            return Err(value("sort", &own.sort, "is no order of this list".to_owned(), &SORTS));
        }
        Ok(own)
    }

    /// Returns the query of the page without its language.
    fn query(&self) -> String {
        let all = [
            ("q", &self.words),
            ("country", &self.country),
            ("category", &self.offence),
            ("sort", &self.sort),
        ];
        let given = all.into_iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
    }

    fn is_narrowed(&self) -> bool {
        !(self.country.is_empty() && self.offence.is_empty())
    }

    fn is_filtered(&self) -> bool {
        !self.words.is_empty() || self.is_narrowed()
    }

    /// Returns the address of the same list in another order, or with other words.
    fn with(&self, words: &str, sort: &str, language: Language) -> String {
        let (words, sort) = (words.to_owned(), sort.to_owned());
        let own = Self { words, sort, country: self.country.clone(), offence: self.offence.clone() };
        let query = own.query();
        in_language(&if query.is_empty() { "/".to_owned() } else { format!("/?{query}") }, language)
    }
}

/// Returns the start page.
///
/// # Errors
/// When a parameter is not known; or on a bug.
pub fn index(catalog: &Catalog, about: &About, base: &str, query: &str) -> Result<String, PageError> {
    let (mut params, language) = read(query)?;
    let asked = Asked::read(&mut params)?;
    params.finish_with(&["q", "country", "category", "sort", "lang"])?;
    let texts = Texts::of(language);
    let all = catalog.statutes();
    let is_kept = |statute: &&&Statute| {
        (asked.country.is_empty() || statute.country == asked.country)
            && (asked.offence.is_empty() || statute.offence == asked.offence)
    };
    let kept: Vec<&Statute> = all.iter().filter(is_kept).copied().collect();
    let found = (!asked.words.trim().is_empty()).then(|| search(catalog, &kept, &asked.words));
    let statutes = sorted(catalog, &kept, found.as_ref(), &asked.sort, texts, language);
    let title = format!("Chargesheet: {}", texts.on_page("tagline"));
    let dataset = |dataset: &Arc<Dataset>| Choice {
        value: in_language(&of_dataset("/datasets", dataset.release.dataset(), None), language),
        label: dataset.release.descriptor().titles().get(language).to_owned(),
        chosen: false,
    };
    let sort = |name: &&str| {
        let is_default = asked.sort.is_empty() && *name == DEFAULT && found.is_none();
        let key = format!("sort_{name}");
        let label = texts.start.get(&key);
        Choice::new(&asked.with(&asked.words, name, language), label, asked.sort == **name || is_default)
    };
    let is_start = !asked.is_filtered();
    let (publisher, written) = about.title(language);
    let first = if is_start { first(catalog, base, language)? } else { None };
    let frame = Frame::new(language, title, texts.on_page("intro").to_owned(), base, ["/", &asked.query()]);
    let share = first.as_ref().and_then(|first| Some(frame.share.clone()?.showing(&first.chart, base)));
    let page = Page {
        frame: frame.of_all(catalog).shared(share),
        countries: choices(
            all.iter().map(|own| own.country.as_str()),
            &asked.country,
            language,
            country_name,
        ),
        offences: choices(all.iter().map(|own| own.offence.as_str()), &asked.offence, language, offence_name),
        filtered: asked.is_filtered(),
        narrowed: asked.is_narrowed(),
        found: fill(texts.on_page("found"), &[("count", &statutes.len().to_string())]),
        missed: found.as_ref().map_or_else(Vec::new, |found| missed(found, &asked, texts, language)),
        sorts: SORTS.iter().map(sort).collect(),
        all: (statutes.len() > SHORT)
            .then(|| fill(texts.start.get("show_all"), &[("count", &statutes.len().to_string())])),
        rows: statutes.into_iter().map(|statute| row(catalog, statute, language)).collect(),
        datasets: catalog.datasets().map(dataset).collect(),
        first,
        findings: if is_start { findings(catalog, language)? } else { Vec::new() },
        publisher: (publisher.to_owned(), written.code()),
        tiles: is_start.then(|| tiles(catalog, language)),
        words: asked.words,
    };
    Ok(page.render()?)
}

/// Searches among statutes. The index of a catalog is made once, until its releases change.
fn search(catalog: &Catalog, kept: &[&Statute], words: &str) -> Found {
    type Known = Option<(String, Arc<Index>)>;
    static KNOWN: Mutex<Known> = Mutex::new(None);
    let ids: Vec<&str> = catalog.datasets().map(|dataset| dataset.release.id().as_str()).collect();
    let ids = ids.join(" ");
    let lock = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = lock().as_ref().filter(|(own, _)| *own == ids).map(|(_, index)| Arc::clone(index));
    let index = known.unwrap_or_else(|| {
        let index = Arc::new(Index::of(&catalog.statutes()));
        *lock() = Some((ids, Arc::clone(&index)));
        index
    });
    index.find(words, &|id| kept.iter().any(|statute| statute.id == id))
}

/// Returns the statutes of the list in its order.
fn sorted<'c>(
    catalog: &Catalog,
    kept: &[&'c Statute],
    found: Option<&Found>,
    sort: &str,
    texts: &Texts,
    language: Language,
) -> Vec<&'c Statute> {
    let mut statutes: Vec<&Statute> = match found {
        Some(found) => {
            let of = |id: &String| kept.iter().find(|statute| statute.id == *id).copied();
            found.statutes.iter().filter_map(of).collect()
        }
        None => kept.to_vec(),
    };
    let country = |own: &&Statute| order::key(&country_name(&own.country, language), texts);
    let years = |own: &&Statute| catalog.coverage(&own.id).iter().map(|own| own.all_years.len()).max();
    match sort {
        "" if found.is_some() => {}
        "country" => statutes.sort_by_cached_key(country),
        "years" => statutes.sort_by_cached_key(|own| Reverse(years(own))),
        // Of series that are as long, the one with the greater newest figure.
        _ => statutes.sort_by_cached_key(|own| {
            let shown = catalog.coverage(&own.id).first();
            Reverse(shown.map(|own| (own.line.len(), own.latest.as_ref().map(|latest| latest.value))))
        }),
    }
    statutes
}

/// Returns what a search could not find, in words, each with a link to the nearest, which is shown where it can be.
fn missed(found: &Found, asked: &Asked, texts: &Texts, language: Language) -> Vec<(String, Option<Choice>)> {
    let told = |word: &String| {
        if let Some((_, code)) = found.absent.as_ref().filter(|(typed, _)| typed == word) {
            let key = if found.statutes.is_empty() { "no_country" } else { "other_countries" };
            return (fill(texts.search.get(key), &[("country", &country_name(code, language))]), None);
        }
        let near = found.nearest.iter().find(|near| near.typed == *word);
        let near = near.map(|near| {
            let label = format!("{} ({})", near.word, near.count);
            Choice::new(&asked.with(&near.word, "", language), &label, false)
        });
        let key = match (&near, found.statutes.is_empty()) {
            (Some(_), _) if !found.left_out.contains(word) => "near_shown",
            (Some(_), _) => "nothing_but_near",
            (None, true) => "nothing_for",
            (None, false) => "without",
        };
        (fill(texts.search.get(key), &[("word", word)]), near)
    };
    let mended = found.nearest.iter().map(|near| &near.typed).filter(|typed| !found.left_out.contains(typed));
    mended.chain(&found.left_out).map(told).collect()
}

fn row(catalog: &Catalog, statute: &Statute, language: Language) -> Row {
    let title = statute.title.get(language).to_owned();
    let offence = offence_name(&statute.offence, language);
    let coverage = catalog.coverage(&statute.id);
    let told = |own: &Coverage| covering(catalog, own, language);
    let (first, texts) = (coverage.first(), Texts::of(language));
    Row {
        country: country_name(&statute.country, language),
        country_page: of_country(&statute.country, language),
        address: of_statute(&statute.id, language),
        law: short_name_of(statute, language),
        offence: if offence == title { String::new() } else { offence },
        title,
        years: first.map_or(String::new(), |own| match own.years {
            // What has outcomes and no years is of other periods.
            None if is_reported(catalog, own) => texts.start.get("other_periods").to_owned(),
            None => texts.start.get("undated").to_owned(),
            _ => years(own, texts),
        }),
        figure: first.map_or(String::new(), |own| told(own).1),
        spark: first.map_or(String::new(), |own| sparkline(&own.line)),
        others: coverage.iter().skip(1).map(|own| told(own).0).collect(),
    }
}

fn is_reported(catalog: &Catalog, coverage: &Coverage) -> bool {
    let dataset = catalog.dataset(&coverage.dataset);
    dataset.is_some_and(|own| own.release.descriptor().chargesheet.kind == Kind::Reported)
}

fn years(coverage: &Coverage, texts: &Texts) -> String {
    match coverage.years {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}–{last}"),
        None => texts.unknown.to_lowercase(),
    }
}

/// Returns the years that one dataset has on a statute, and an example figure.
fn covering(catalog: &Catalog, coverage: &Coverage, language: Language) -> (String, String) {
    let texts = Texts::of(language);
    let key = if is_reported(catalog, coverage) { "cover_reported" } else { "cover_case-level" };
    let latest = coverage.latest.as_ref().map_or(String::new(), |latest| {
        let values = [
            ("outcome", latest.outcome.get(language)),
            ("year", &latest.year.to_string()),
            ("value", &number(latest.value, texts)),
            ("measure", &texts.measure(latest.measure).to_lowercase()),
        ];
        fill(texts.on_page("latest"), &values)
    });
    (fill(texts.on_page(key), &[("years", &years(coverage, texts))]), latest)
}

/// Returns the codes that occur, in the order of their names.
fn choices<'a>(
    codes: impl Iterator<Item = &'a str>,
    chosen: &str,
    language: Language,
    name: fn(&str, Language) -> String,
) -> Vec<Choice> {
    let codes: BTreeSet<&str> = codes.filter(|code| !code.is_empty()).collect();
    let choice = |code| Choice::new(code, &name(code, language), code == chosen);
    let mut choices: Vec<Choice> = codes.into_iter().map(choice).collect();
    choices.sort_by_cached_key(|own| order::key(&own.label, Texts::of(language)));
    choices
}

//! The page of a dataset: its counts, the meaning of its columns and codes, the sums that are allowed, and how to load it.

use askama::Template;

use super::address::{Offered, in_language, of_dataset, of_statute};
use super::chart::Chart;
use super::cited::Cited;
use super::downloads::{Loads, Whole, loads, tables};
use super::example;
use super::frame::{Frame, PageError, read_language};
use super::linked::{self, Place};
use crate::answer::Dataset;
use crate::catalog::{Catalog, Listed};
use crate::domain::{Dimension, Language, Measure, Statute, offence_definition};
use crate::package::{Caveat, License};
use crate::present::codebook::{Code, Codebook, Codes, Column, Covered};
use crate::present::labels::outcome_name;
use crate::present::numbers::{number, years};
use crate::present::span_text;
use crate::present::texts::{Texts, fill};
use crate::query::Params;
use crate::release::Release;

#[derive(Template)]
#[template(path = "dataset.html")]
struct Page<'a> {
    frame: Frame,
    language: Language,
    linked: String,
    release: &'a Release,
    book: Codebook,
    facts: Vec<(&'static str, String)>,
    /// The statutes that a caveat concerns, none where it concerns all; and the caveat.
    caveats: Vec<(Vec<&'a Statute>, &'a str)>,
    /// The note on a release that is not the newest, with the address of the newest.
    newer: Option<(String, String)>,
    /// The columns that figures can be grouped by. Each has a sentence on the figures that may be summed over it.
    dimensions: Vec<(Column, String)>,
    /// The columns that are counted, and all others.
    measures: Vec<Column>,
    others: Vec<Column>,
    /// All releases, the oldest first.
    releases: &'a [Listed],
    downloads: Vec<(&'static str, String)>,
    whole: Vec<Whole>,
    loads: Loads,
}

impl Page<'_> {
    /// Returns the title of a list of codes.
    fn title<'s>(&'s self, codes: &'s Codes) -> &'s str {
        let column = self.book.columns.iter().find(|own| own.name == first(codes));
        column.map_or_else(|| self.frame.d(first(codes)), |own| &own.title)
    }

    /// Returns the label of a code. That of an outcome which is a part of another one says so.
    fn label(&self, codes: &Codes, code: &Code) -> String {
        match Dimension::from_name(first(codes)) {
            Some(Dimension::Outcome) => {
                outcome_name(&self.release.lists().outcomes, &code.code, self.language)
            }
            Some(Dimension::Period) => span_text(&code.code, self.language),
            _ => code.label.clone(),
        }
    }

    /// Returns the definition of a code. Those of categories of offence are not translated in every list.
    fn definition<'s>(&self, codes: &Codes, code: &'s Code) -> &'s str {
        let is_offence =
            codes.columns.iter().any(|column| column == "category" || column.ends_with(".offence"));
        match offence_definition(&code.code, self.language) {
            translated if is_offence && !translated.is_empty() => translated,
            _ => &code.definition,
        }
    }

    /// Returns the address of what a code stands for; empty where it has no address.
    fn address(&self, codes: &Codes, code: &Code) -> String {
        match first(codes) == Dimension::Statute.name() {
            true => of_statute(&code.code, self.language),
            false => code.property("url").to_owned(),
        }
    }

    fn code(&self, column: &str, code: &str) -> Option<&Code> {
        let lists = self.book.codes.iter().filter(|codes| codes.columns.iter().any(|own| own == column));
        lists.flat_map(|codes| &codes.codes).find(|own| own.code == code)
    }

    /// Returns the name of a statute. Its label is only a title; the definition also names the law.
    fn statute<'s>(&'s self, id: &'s str) -> &'s str {
        match self.code("statute", id) {
            None => id,
            Some(own) if own.definition.is_empty() => &own.label,
            Some(own) => &own.definition,
        }
    }

    fn years(&self, covered: &Covered) -> String {
        if covered.years.is_empty() { self.frame.texts.unknown.clone() } else { years(&covered.years) }
    }

    fn outcomes(&self, covered: &Covered) -> String {
        let list = &self.release.lists().outcomes;
        let label = |code: &String| match list.get(code) {
            Some(own) => own.label.get(self.language).to_owned(),
            None => code.clone(),
        };
        covered.outcomes.iter().map(label).collect::<Vec<_>>().join(", ")
    }

    fn measured(&self, covered: &Covered) -> String {
        let own = self.book.columns.iter().filter(|own| covered.measures.contains(&own.name.as_str()));
        own.map(|column| column.title.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Returns the path of the page of a release.
    fn page(&self, id: &str) -> String {
        in_language(&of_dataset("/datasets", self.release.dataset(), Some(id)), self.language)
    }

    /// Returns the address of the changes since the release before; empty for the first release.
    fn changes(&self, id: &str) -> String {
        let live = |listed: &&Listed| listed.entry.withdrawn.is_none();
        let mut before = "";
        for listed in self.releases.iter().filter(live) {
            if listed.entry.id == id && !before.is_empty() {
                let path = of_dataset("/v1/datasets", self.release.dataset(), None);
                return format!("{path}/changes.csv?from={before}&to={id}");
            }
            before = &listed.entry.id;
        }
        String::new()
    }

    /// Returns the release notes of a release.
    fn notes<'s>(&self, listed: &'s Listed) -> &'s str {
        let notes = &listed.entry.notes;
        notes.get(self.frame.language).or_else(|| notes.get("en")).map_or("", String::as_str)
    }
}

/// Returns the first column of a list of codes.
fn first(codes: &Codes) -> &str {
    codes.columns.first().map(String::as_str).unwrap_or_default()
}

/// Returns the day of a timestamp.
fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}

/// Returns the page of a dataset, or of one of its releases. `files` are the files that the API offers for a dataset. `base` is
/// the public address of the service without a final slash.
///
/// # Errors
/// When a parameter is not known; or on a bug.
pub fn dataset(
    catalog: &Catalog,
    dataset: &Dataset,
    is_pinned: bool,
    files: &[Offered],
    query: &str,
    base: &str,
) -> Result<String, PageError> {
    let language = read_language(query)?;
    let release = &dataset.release;
    let id = release.dataset();
    let texts = Texts::of(language);
    let book = Codebook::of(dataset, language)?;
    let pinned = is_pinned.then(|| release.id().as_str());
    let title = format!("{} – Chargesheet", book.title);
    let path = of_dataset("/datasets", id, pinned);
    let api = of_dataset("/v1/datasets", id, pinned);
    let place = Place { base, files, is_pinned, language };
    let example = example::query(catalog, dataset);
    let newer = catalog.newer_than(id, release.id().as_str()).map(|(_, published)| {
        let newest = in_language(&of_dataset("/datasets", id, None), language);
        (fill(texts.on_page("newer"), &[("date", published)]), newest)
    });
    let (mut dimensions, mut measures, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for column in book.columns.iter().cloned() {
        if Dimension::from_name(&column.name).is_some() {
            let sum = summed(&column, &book, release, language);
            dimensions.push((column, sum));
        } else if Measure::from_name(&column.name).is_some() {
            measures.push(column);
        } else if !column.name.ends_with("_label") {
            others.push(column);
        }
    }
    let starting = |starts: &'static [&'static str]| {
        let is_wanted = |file: &&Offered| starts.iter().any(|start| file.name.starts_with(start));
        files.iter().filter(is_wanted).map(|file| file.name)
    };
    let of_answer = starting(&["aggregate.", "chart."]).map(|name| (name, format!("{api}/{name}?{example}")));
    let of_release =
        starting(&["codebook", "package", "manifest"]).map(|name| (name, format!("{api}/{name}")));
    let has_xlsx = files.iter().any(|file| file.name == "aggregate.xlsx");
    let frame = Frame::new(language, title, book.description.clone(), base, [&path, ""]);
    // The example is drawn where it can be drawn.
    let chart = Params::parse(&format!("{example}&lang={language}")).map_err(PageError::from);
    let chart = chart.and_then(|params| Chart::read(dataset, is_pinned, params, base)).ok();
    let share = chart.and_then(|chart| Some(frame.share.clone()?.showing(&chart, base)));
    let page = Page {
        frame: frame.shared(share).cited(Cited::of_dataset(dataset, language, base)),
        language,
        release,
        linked: linked::embedded(&linked::of_dataset(catalog, dataset, &book, &place)),
        facts: facts(dataset, &book, texts),
        caveats: caveats(release, language),
        newer,
        dimensions,
        measures,
        others,
        releases: catalog.releases(id).unwrap_or_default(),
        downloads: of_answer.chain(of_release).collect(),
        whole: tables(dataset, &api, language),
        loads: loads(&format!("{base}{api}/aggregate"), &example, has_xlsx),
        book,
    };
    Ok(page.render()?)
}

fn facts(dataset: &Dataset, book: &Codebook, texts: &'static Texts) -> Vec<(&'static str, String)> {
    let title = |own: &License| if own.title.is_empty() { own.name.clone() } else { own.title.clone() };
    let licenses: Vec<String> = book.licenses.iter().map(title).collect();
    let makers: Vec<&str> = book.contributors.iter().map(|who| who.title.as_str()).collect();
    let facts = [
        ("release", book.release.clone()),
        ("version", book.version.clone()),
        ("made", book.created.get(..10).unwrap_or_default().to_owned()),
        ("records", number(dataset.release.manifest().records(), texts)),
        ("licence", licenses.join(", ")),
        ("publisher", makers.join(", ")),
    ];
    let is_said = |(key, _): &(&str, String)| *key != "publisher" || !makers.is_empty();
    facts.into_iter().filter(is_said).map(|(key, text)| (texts.on_dataset_page(key), text)).collect()
}

fn caveats(release: &Release, language: Language) -> Vec<(Vec<&Statute>, &str)> {
    let statutes = |caveat: &Caveat| {
        let ids = caveat.statutes.iter();
        ids.filter_map(|id| release.register().code(id)).map(|code| release.register().at(code)).collect()
    };
    let all = release.descriptor().caveats_in(language).iter();
    all.map(|caveat| (statutes(caveat), caveat.text.as_str())).collect()
}

fn summed(column: &Column, book: &Codebook, release: &Release, language: Language) -> String {
    let texts = Texts::of(language);
    let Some(sum) = &column.sum else { return String::new() };
    let complete = release.descriptor().complete_outcomes();
    if column.name == Dimension::Outcome.name() && !complete.is_empty() {
        let names: Vec<String> =
            complete.iter().map(|code| outcome_name(&release.lists().outcomes, code, language)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        return fill(texts.on_dataset_page("sum_complete"), &[("outcomes", &texts.list(&names))]);
    }
    let of = book.columns.iter().filter(|own| sum.measures.contains(&own.name.as_str()));
    let titles: Vec<String> = of.map(|own| own.title.to_lowercase()).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let first = if titles.is_empty() {
        texts.on_dataset_page("sum_none").to_owned()
    } else {
        fill(texts.on_dataset_page("sum_some"), &[("measures", &texts.list(&titles))])
    };
    format!("{first} {}", sum.why)
}

//! Atom feeds (RFC 4287) for whoever follows figures: each entry is a release, and says in sentences what changed in it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::address::{in_language, of_category, of_country, of_dataset, of_statute};
use super::frame::{PageError, read_language};
use crate::answer::Dataset;
use crate::catalog::{Catalog, Listed};
use crate::domain::{Dimension, Language, Lists};
use crate::ingest::Records;
use crate::present::changes::{Cell, Change, Changes};
use crate::present::numbers::number;
use crate::present::texts::{Part, Texts, attribute, fill};
use crate::present::{country_name, name_of, offence_name};
use crate::query::in_time;

/// Most entries of a feed. Readers keep what they have seen.
const MOST: usize = 20;

/// Most figures that an entry names.
const NAMED: usize = 5;

/// Most comparisons of releases that are kept, and most cells of one of them.
const KEPT: (usize, usize) = (64, 50_000);

/// What a feed is about.
#[derive(Debug, Clone, Copy)]
pub enum Topic<'a> {
    /// All datasets.
    All,
    /// A dataset, by its id.
    Dataset(&'a str),
    /// A statute with its parts, by its id.
    Statute(&'a str),
    /// The statutes of a country, by its code.
    Country(&'a str),
    /// The statutes of a category of offence, by its code.
    Category(&'a str),
}

impl Topic<'_> {
    /// Returns the page about the same.
    fn page(self, language: Language) -> String {
        match self {
            Self::All => in_language("/", language),
            Self::Dataset(id) => in_language(&of_dataset("/datasets", id, None), language),
            Self::Statute(id) => of_statute(id, language),
            Self::Country(code) => of_country(code, language),
            Self::Category(code) => of_category(code, language),
        }
    }

    /// Returns the name of what the feed is about; `None` if the catalog has nothing about it.
    fn name(self, catalog: &Catalog, language: Language) -> Option<String> {
        let has = |is_it: &dyn Fn(&crate::domain::Statute) -> bool| catalog.statutes().into_iter().any(is_it);
        match self {
            Self::All => Some(Texts::of(language).feed.get("all").to_owned()),
            Self::Dataset(id) => {
                let dataset = catalog.dataset(id)?;
                Some(dataset.release.descriptor().titles().get(language).to_owned())
            }
            Self::Statute(id) => Some(name_of(catalog.statute(id)?, Lists::bundled(), language)),
            Self::Country(code) => has(&|own| own.country == code).then(|| country_name(code, language)),
            Self::Category(code) => has(&|own| own.offence == code).then(|| offence_name(code, language)),
        }
    }

    /// Whether the feed tells of a statute.
    fn is_about(self, catalog: &Catalog, statute: &str) -> bool {
        let Some(own) = catalog.statute(statute) else { return false };
        match self {
            Self::All | Self::Dataset(_) => true,
            Self::Statute(id) => own.id == id || own.parent.as_deref() == Some(id),
            Self::Country(code) => own.country == code,
            Self::Category(code) => own.offence == code,
        }
    }

    /// Whether the feed tells of whole datasets.
    fn is_whole(self) -> bool {
        matches!(self, Self::All | Self::Dataset(_))
    }
}

/// A release, and the one before it.
struct Step<'c> {
    dataset: &'c str,
    before: Option<&'c Listed>,
    own: &'c Listed,
}

/// Returns the feed. `base` is the public address of the service without a final slash.
///
/// # Errors
/// When nothing is known of the topic, or a parameter is not known; or on a bug.
pub fn feed(catalog: &Catalog, base: &str, topic: Topic<'_>, query: &str) -> Result<String, PageError> {
    let language = read_language(query)?;
    let texts = Texts::of(language);
    let page = topic.page(language);
    let Some(name) = topic.name(catalog, language) else {
        let (what, id) = match topic {
            Topic::Dataset(id) => ("dataset", id),
            Topic::Statute(id) => ("statute", id),
            Topic::Country(code) => ("country", code),
            Topic::Category(code) => ("category of offence", code),
            Topic::All => ("page", ""),
        };
        let nearest = match topic {
            Topic::Statute(id) => catalog.nearest_statute(id).map(str::to_owned),
            _ => None,
        };
        return Err(PageError::Missing { what, id: id.to_owned(), nearest, page: of_statute });
    };
    let (path, query) = page.split_once('?').unwrap_or((&page, ""));
    let mark = if query.is_empty() { "" } else { "?" };
    let own = format!("{base}{}/feed.atom{mark}{query}", path.trim_end_matches('/'));
    let mut entries = Vec::new();
    for step in in_time(&steps(catalog, topic)) {
        if entries.len() < MOST
            && let Some(told) = told(catalog, topic, step, language)
        {
            entries.push(entry(step, base, &page, &told, language, topic));
        }
    }
    let newest = entries.first().map_or("1970-01-01T00:00:00Z", |(moment, _)| moment.as_str());
    let entries: String = entries.iter().map(|(_, entry)| entry.as_str()).collect();
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">\n\
         <id>{0}</id>\n<title>{1}</title>\n<updated>{newest}</updated>\n<author><name>Chargesheet</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{0}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{2}\"/>\n\
         {entries}</feed>\n",
        plain(&own),
        plain(&fill(texts.feed.get("title"), &[("name", &name)])),
        plain(&format!("{base}{page}")),
    ))
}

/// Returns the releases that a feed may tell of, the newest first.
fn steps<'c>(catalog: &'c Catalog, topic: Topic<'_>) -> Vec<Step<'c>> {
    let mut all = Vec::new();
    for dataset in catalog.datasets().map(|own| own.release.dataset()) {
        if matches!(topic, Topic::Dataset(id) if id != dataset) {
            continue;
        }
        let mut before = None;
        for own in catalog.releases(dataset).unwrap_or_default() {
            if own.entry.withdrawn.is_none() {
                all.push(Step { dataset, before, own });
                before = Some(own);
            }
        }
    }
    // Of releases of one day, the later in the list is the newer.
    all.reverse();
    all.sort_by_key(|step| Reverse(step.own.entry.moment()));
    all
}

/// Returns what an entry says of a release; `None` where it has nothing about the topic.
fn told(catalog: &Catalog, topic: Topic<'_>, step: &Step<'_>, language: Language) -> Option<Vec<String>> {
    let (texts, entry) = (Texts::of(language), &step.own.entry);
    let words = &texts.feed;
    let note = entry.notes.get(language.code()).or_else(|| entry.notes.get("en"));
    let mut told: Vec<String> = note.filter(|_| topic.is_whole()).cloned().into_iter().collect();
    let now = catalog.release(step.dataset, Some(&entry.id)).ok();
    let Some(before) = step.before else {
        let has = |id: &str| catalog.coverage(id).iter().any(|own| own.dataset == step.dataset);
        let statutes = catalog.statutes();
        let has = statutes.iter().any(|own| topic.is_about(catalog, &own.id) && has(&own.id));
        told.push(fill(words.get("first"), &[("records", &number(entry.records, texts))]));
        return (topic.is_whole() || has).then_some(told);
    };
    let old = catalog.release(step.dataset, Some(&before.entry.id)).ok();
    let (Some(old), Some(now)) = (old, now) else { return topic.is_whole().then_some(told) };
    let Some(changes) = changes(&old, &now) else { return topic.is_whole().then_some(told) };
    let statute = changes.dimensions.iter().position(|own| *own == Dimension::Statute);
    let is_about = |cell: &&Cell| {
        topic.is_whole() || statute.is_some_and(|place| topic.is_about(catalog, &cell.key[place]))
    };
    let cells: Vec<&Cell> = in_time(&changes.cells).filter(is_about).collect();
    if cells.is_empty() {
        told.push(words.get("same").to_owned());
        return topic.is_whole().then_some(told);
    }
    let count = |change| {
        let those = cells.iter().filter(|cell| cell.change == change).count();
        number(those as u64, texts)
    };
    let [added, changed, removed] = [Change::Added, Change::Changed, Change::Removed].map(count);
    let day = before.entry.published.get(..10).unwrap_or_default();
    let counts = [("date", day), ("added", &added), ("changed", &changed), ("removed", &removed)];
    told.push(fill(words.get("compared"), &counts));
    if let Records::Charges(_) = now.release.records() {
        // A cell of single cases may be one person, on whom a feed must throw no light: only totals are told.
        told.extend(changes.totals.iter().filter(|_| topic.is_whole()).map(|total| {
            let [before, after] = [total.before, total.after].map(|own| number(own, texts));
            figure(words, texts.measure(total.measure), &before, &after)
        }));
        return Some(told);
    }
    // Figures that were corrected say more than those that are new.
    let mut first = cells.clone();
    first.sort_by_key(|cell| cell.change == Change::Added);
    for cell in first.iter().take(NAMED) {
        let value = |content: Option<crate::present::changes::Content>| {
            content.map_or_else(|| words.get("nothing").to_owned(), |own| number(own.value, texts))
        };
        let name = named(cell, &changes.dimensions, [&now, &old], language);
        let name = format!("{name}, {}", texts.measure(cell.measure));
        told.push(figure(words, &name, &value(cell.before), &value(cell.after)));
    }
    if let Some(more) = cells.len().checked_sub(NAMED).filter(|more| *more > 0) {
        told.push(fill(words.get("more"), &[("count", &number(more as u64, texts))]));
    }
    Some(told)
}

fn figure(words: &Part, name: &str, before: &str, after: &str) -> String {
    fill(words.get("figure"), &[("name", name), ("before", before), ("after", after)])
}

/// Returns the name of a cell: the labels of its codes, from the first of two releases that has them.
fn named(cell: &Cell, dimensions: &[Dimension], either: [&Dataset; 2], language: Language) -> String {
    let coded = dimensions.iter().zip(&cell.key).filter(|(_, code)| !code.is_empty());
    // The statute names its country and its category.
    let coded = coded.filter(|(own, _)| !matches!(own, Dimension::Country | Dimension::Category));
    let label = |(dimension, code): (&Dimension, &String)| {
        let release = either.iter().map(|own| &own.release);
        let labels = release.filter(|_| !dimension.is_time()).filter_map(|release| {
            let number = release.number(*dimension, code)?;
            let label = release.label(*dimension, number, language);
            Some(if *dimension == Dimension::Statute {
                format!("{code} ({label})")
            } else {
                label.to_owned()
            })
        });
        labels.into_iter().next().unwrap_or_else(|| code.clone())
    };
    coded.map(label).collect::<Vec<_>>().join(", ")
}

/// Returns the differences between two releases, which never change; `None` where they cannot be compared.
fn changes(old: &Dataset, now: &Dataset) -> Option<Arc<Changes>> {
    static KNOWN: Mutex<BTreeMap<[String; 2], Arc<Changes>>> = Mutex::new(BTreeMap::new());
    let key = [old, now].map(|own| format!("{} {}", own.release.dataset(), own.release.id()));
    let lock = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(&key) {
        return Some(Arc::clone(known));
    }
    let found = Arc::new(Changes::between(old, now).ok()?);
    let mut known = lock();
    if known.len() >= KEPT.0 {
        known.clear();
    }
    if found.cells.len() <= KEPT.1 {
        known.insert(key, Arc::clone(&found));
    }
    Some(found)
}

/// Returns the moment of an entry, and its XML.
fn entry(
    step: &Step<'_>,
    base: &str,
    page: &str,
    told: &[String],
    language: Language,
    topic: Topic<'_>,
) -> (String, String) {
    let entry = &step.own.entry;
    let release = format!("{base}{}", of_dataset("/datasets", step.dataset, Some(&entry.id)));
    // Of the same release, another feed says something else, so that is another entry.
    let id = if topic.is_whole() {
        release.clone()
    } else {
        format!("{release}#{}", page.trim_start_matches('/'))
    };
    let moment = entry.moment().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |own| own.to_string());
    let title = fill(
        Texts::of(language).feed.get("entry"),
        &[("dataset", step.dataset), ("version", &entry.version)],
    );
    let xml = format!(
        "<entry>\n<id>{}</id>\n<title>{}</title>\n<updated>{moment}</updated>\n<published>{moment}</published>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<summary>{}</summary>\n</entry>\n",
        plain(&id),
        plain(&title),
        plain(&in_language(&release, language)),
        plain(&told.join("\n")),
    );
    (moment, xml)
}

/// Escapes a text for XML, which has no control characters but ends of lines.
fn plain(text: &str) -> String {
    let is_held = |letter: &char| {
        !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}') || matches!(letter, '\n' | '\t')
    };
    attribute(&text.chars().filter(is_held).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_package_cannot_break_the_xml() {
        assert_eq!(plain("a\u{0}b<c>&\"d\u{1b}\nе\u{ffff}"), "ab&lt;c&gt;&amp;&quot;d\nе");
    }
}

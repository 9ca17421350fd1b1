//! The sources behind an answer. A question about a few rows can have a million records behind it, each with a source of its own.
//! An answer therefore lists as many as somebody reads, and says how many more there are and where to find them.

use chargesheet_widget::wire::{MoreSources, Source};

use super::rate;
use super::texts::{Texts, fill};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::Language;
use crate::engine::Origins;
use crate::ingest::{FigureSource, Records};
use crate::package::Origin;
use crate::query::Query;
use crate::release::Release;

/// Most sources that an answer lists.
pub const LISTED: usize = 1_000;

/// The sources behind an answer, in the order of the list: all, or as many as are ever listed.
#[derive(Debug)]
pub struct Sources<'r> {
    all: Vec<Behind<'r>>,
    /// How many texts of records are not among them.
    left_out: u64,
    /// Address of the full evidence for the figures, from the root of the service.
    evidence: String,
}

/// A source behind an answer.
#[derive(Debug)]
enum Behind<'r> {
    /// The source of a reported figure.
    Figure(&'r FigureSource),
    /// A publication that the package describes.
    Described(&'r Origin),
    /// The text in which a record says where it comes from.
    Text(String),
    /// The source of a population that rates were made with.
    People(Box<Source>),
}

impl<'r> Sources<'r> {
    /// Finds the sources behind the rows, and the sources of the populations that rates were made with.
    ///
    /// # Errors
    /// On a bug: the sources of the records are found by a query of their own.
    pub fn of(
        dataset: &'r Dataset,
        query: &Query,
        published: &Published,
        language: Language,
    ) -> Result<Self, AnswerError> {
        let mut sources = Self::of_figures(dataset, query, published)?;
        let people = rate::sources(query, &dataset.release, published, Texts::of(language));
        sources.all.extend(people.into_iter().map(|own| Behind::People(Box::new(own))));
        Ok(sources)
    }

    /// Finds the sources behind the rows, without those of populations.
    ///
    /// # Errors
    /// As [`Sources::of`].
    pub fn of_figures(
        dataset: &'r Dataset,
        query: &Query,
        published: &Published,
    ) -> Result<Self, AnswerError> {
        let release = &dataset.release;
        let (all, left_out) = match release.records() {
            Records::Figures { sources, .. } => (reported(published, sources), 0),
            Records::Charges(_) => recorded(dataset, query)?,
        };
        let (id, own, canonical) = (release.dataset(), release.id(), query.canonical(release));
        Ok(Self {
            all,
            left_out,
            evidence: format!("/v1/datasets/{id}/releases/{own}/evidence.csv?{canonical}"),
        })
    }

    /// Returns the sources that are listed.
    pub fn listed(&self) -> Vec<Source> {
        self.all.iter().take(LISTED).map(Behind::told).collect()
    }

    /// Returns how many sources are not listed, and where to find them; `None` where all are listed.
    pub fn more(&self) -> Option<MoreSources> {
        let count = (self.all.len() as u64 + self.left_out).saturating_sub(LISTED as u64);
        (count > 0).then(|| MoreSources { count, url: self.evidence.clone() })
    }

    /// Returns how many sources have no name among [`Sources::names`].
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Returns, for each source, its id (or nothing), and the name of its publisher or its title.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all.iter().map(|own| match own {
            Behind::Figure(source) if source.publisher.is_empty() => {
                (source.id.as_str(), source.title.as_str())
            }
            Behind::Figure(source) => (source.id.as_str(), source.publisher.as_str()),
            Behind::Described(origin) => ("", origin.title.as_str()),
            Behind::Text(text) => ("", text.as_str()),
            Behind::People(source) => ("", source.title.as_str()),
        })
    }
}

/// Whether a source behind an answer has an archived copy.
pub fn has_archived(release: &Release, published: &Published) -> bool {
    let Records::Figures { sources, .. } = release.records() else { return false };
    let is_archived = |place: &u16| !sources[usize::from(*place)].archived_url.is_empty();
    let mut rows = published.each_row().filter_map(|row| published.evidence(row));
    sources.iter().any(|source| !source.archived_url.is_empty())
        && rows.any(|evidence| evidence.sources.iter().any(is_archived))
}

/// Returns the sentence about sources that are not listed; `base` is the public address of the service.
pub fn left_out(more: &MoreSources, language: Language, base: &str) -> String {
    let url = format!("{base}{}", more.url);
    fill(&Texts::of(language).sources_left_out, &[("count", &more.count.to_string()), ("url", &url)])
}

/// Returns the sources that rows of reported figures name.
fn reported<'r>(published: &Published, sources: &'r [FigureSource]) -> Vec<Behind<'r>> {
    let mut is_used = vec![false; sources.len()];
    for evidence in published.each_row().filter_map(|row| published.evidence(row)) {
        evidence.sources.iter().for_each(|&place| is_used[usize::from(place)] = true);
    }
    let used = sources.iter().zip(is_used).filter(|(_, is_used)| *is_used);
    used.map(|(source, _)| Behind::Figure(source)).collect()
}

/// Returns the sources of single cases, and how many texts are left out.
///
/// A charge says in free text where its record comes from. The publications that the package describes are recognised in
/// this text by their address. A text without such an address is listed as it is.
fn recorded<'r>(dataset: &'r Dataset, query: &Query) -> Result<(Vec<Behind<'r>>, u64), AnswerError> {
    let described = &dataset.release.descriptor().sources;
    let addresses: Vec<&str> = described.iter().map(|origin| &*origin.path).collect();
    let Origins { named, others, more } = dataset.origins(query, &addresses, LISTED)?;
    let named = described.iter().zip(named).filter(|(_, is_named)| *is_named);
    let all = named.map(|(origin, _)| Behind::Described(origin)).chain(others.into_iter().map(Behind::Text));
    Ok((all.collect(), more))
}

/// Whether a record's source text names a publication that the package describes, by its address.
pub fn names(text: &str, origin: &Origin) -> bool {
    !origin.path.is_empty() && text.contains(&origin.path)
}

impl Behind<'_> {
    fn told(&self) -> Source {
        match self {
            Self::Figure(source) => Source {
                id: source.id.clone(),
                publisher: source.publisher.clone(),
                title: source.title.clone(),
                url: source.url.clone(),
                published: source.published.map_or(String::new(), |day| day.to_string()),
                kind: source.kind.to_owned(),
                archived_url: source.archived_url.clone(),
            },
            Self::Described(origin) => {
                Source { title: origin.title.clone(), url: origin.path.clone(), ..Source::default() }
            }
            Self::Text(text) => Source { title: text.clone(), ..Source::default() },
            Self::People(source) => (**source).clone(),
        }
    }
}

//! The figures that one dataset has on a statute: the form that chooses, the chart, the table, the snippet.

use chargesheet_widget::chart::Kind;
use chargesheet_widget::wire::Answer;

use super::snippet::{Shown, picture, snippet};
use super::statute::PARAMETERS;
use super::table::{Table, table};
use super::{Choice, PageError};
use crate::answer::{AnswerError, Dataset};
use crate::coverage::Coverage;
use crate::domain::{Dimension, Language, Statute, outcomes};
use crate::ingest::Records;
use crate::present::svg::{Asked, DEFAULT_SIZE, refusal};
use crate::present::texts::{Texts, fill};
use crate::present::wire;
use crate::query::{Params, Query, QueryError};

/// The figures that one dataset has on the statute, in the form chosen.
pub struct View {
    pub dataset: String,
    pub kind_of_dataset: String,
    pub measures: Vec<Choice>,
    pub outcomes: Vec<Choice>,
    pub groupings: Vec<Choice>,
    pub kinds: Vec<Choice>,
    /// Why the form chosen cannot be shown.
    pub refused: String,
    pub shown: Option<Figures>,
    pub definitions: Vec<(String, String)>,
}

/// The chart, the table and what belongs to them.
pub struct Figures {
    pub answer: Answer,
    pub source: String,
    pub kind: String,
    pub height: u32,
    pub picture: String,
    pub picture_dark: String,
    pub csv: String,
    pub json: String,
    pub table: Table,
    pub caption: String,
    pub live: String,
    pub pinned: String,
    pub pinned_title: String,
}

/// Returns the view of a dataset's figures on a statute. `page` is the public address of the view itself.
///
/// # Errors
/// When a parameter has no meaning; or on a bug.
pub fn view(
    covering: &Coverage,
    dataset: &Dataset,
    statute: &Statute,
    mut params: Params,
    language: Language,
    page: &str,
    base: &str,
) -> Result<View, PageError> {
    let texts = Texts::of(language);
    let release = &dataset.release;
    let is_reported = matches!(release.records(), Records::Figures { .. });
    let kind = params.take("type").filter(|kind| kind != "auto");
    if let Some(kind) = &kind {
        Kind::parse(kind).map_err(|error| refusal(&error, kind.clone()))?;
    }
    let groupings: &[&str] =
        if is_reported { &["year,outcome", "year"] } else { &["year,outcome", "outcome", "year", "role"] };
    if params.peek("by").is_none() {
        // One year makes no line: its outcomes side by side say more.
        let several_years = covering.years.is_some_and(|(first, last)| first < last);
        params.set("by", if is_reported || several_years { "year,outcome" } else { "outcome" });
    }
    if params.peek("measure").is_none()
        && let Some(measure) = covering.measures.first()
    {
        params.set("measure", measure.name());
    }
    let by = params.peek("by").unwrap_or_default().to_owned();
    let chosen_outcomes = params.peek("outcome").unwrap_or_default().to_owned();
    params.set("statute", &statute.id);
    let query = params.take_query(release)?;
    params.finish_with(&PARAMETERS)?;
    let sentence = |reason: &str| fill(texts.on_page("refused"), &[("reason", reason)]);
    let (refused, shown) = match answer(dataset, query.clone(), language, base) {
        Ok(answer) => {
            // A picture that cannot be drawn as asked is drawn as it can be.
            let asked = height_of(&answer, kind.as_deref());
            let refused = asked.as_ref().err().map_or(String::new(), |reason| sentence(reason));
            let kind = kind.as_deref().filter(|_| asked.is_ok());
            let height = asked.or_else(|_| height_of(&answer, None)).unwrap_or(DEFAULT_SIZE.1);
            let picture = Picture { kind, height };
            (refused, Some(figures(dataset, answer, &picture, language, page, base)))
        }
        Err(AnswerError::Refused(error)) => (sentence(&error.to_string()), None),
        Err(error) => return Err(error.into()),
    };
    let names = |by: &str| -> String {
        let names: Vec<&str> =
            by.split(',').filter_map(Dimension::from_name).map(|d| texts.dimension(d)).collect();
        sentence_case(&texts.list(&names))
    };
    let choice = |value: &str, label: String, chosen: bool| Choice { value: value.to_owned(), label, chosen };
    Ok(View {
        dataset: covering.dataset.clone(),
        kind_of_dataset: texts
            .on_page(if is_reported { "kind_reported" } else { "kind_case-level" })
            .to_owned(),
        measures: covering
            .measures
            .iter()
            .map(|&measure| {
                choice(measure.name(), texts.measure(measure).to_owned(), query.measures == [measure])
            })
            .collect(),
        outcomes: covering
            .outcomes
            .iter()
            .map(|(code, label)| {
                choice(
                    code,
                    label.get(language).to_owned(),
                    chosen_outcomes.split(',').any(|chosen| chosen == code),
                )
            })
            .collect(),
        groupings: groupings
            .iter()
            .map(|&grouping| choice(grouping, names(grouping), grouping == by))
            .collect(),
        kinds: Kind::ALL
            .into_iter()
            .map(|own| {
                choice(own.name(), texts.on_page(own.name()).to_owned(), kind.as_deref() == Some(own.name()))
            })
            .collect(),
        refused,
        shown,
        definitions: covering
            .outcomes
            .iter()
            .filter_map(|(code, label)| Some((label.get(language).to_owned(), outcomes().get(code)?)))
            .map(|(label, entry)| (label, entry.definition.get(language).to_owned()))
            .collect(),
    })
}

/// Asks the dataset; an article and its parts that each have figures of their own stand side by side.
fn answer(
    dataset: &Dataset,
    mut query: Query,
    language: Language,
    base: &str,
) -> Result<Answer, AnswerError> {
    let asked = match dataset.ask(&query) {
        Err(AnswerError::Refused(QueryError::NotAdditive { dimension: Dimension::Statute, .. })) => {
            query.by.push(Dimension::Statute);
            dataset.ask(&query)
        }
        asked => asked,
    }?;
    wire(dataset, &query, &asked, language, base)
}

/// Returns the height of the chart in pixels, or why it cannot be drawn.
fn height_of(answer: &Answer, kind: Option<&str>) -> Result<u32, String> {
    let kind = kind.and_then(|kind| Kind::parse(kind).ok());
    let asked = Asked::of_kind(kind).map_err(|error| error.to_string())?;
    asked.draw(answer).map(|(_, height)| height).map_err(|error| error.to_string())
}

/// The picture of an answer: its kind, where one was chosen, and its height in pixels.
struct Picture<'a> {
    kind: Option<&'a str>,
    height: u32,
}

/// Lays an answer out for the page.
fn figures(
    dataset: &Dataset,
    answer: Answer,
    drawn: &Picture<'_>,
    language: Language,
    page: &str,
    base: &str,
) -> Figures {
    let &Picture { kind, height } = drawn;
    let texts = Texts::of(language);
    let release = &dataset.release;
    let canonical = format!("{}&lang={language}", answer.query);
    let files = format!("/v1/datasets/{}", release.dataset());
    let pinned_files = format!("{files}/releases/{}", release.id());
    let shown = |files: &str| {
        snippet(&Shown { base, files, query: &canonical, kind, height, alt: &answer.text.alt, page })
    };
    Figures {
        source: format!("{files}/aggregate.json?{canonical}"),
        kind: kind.unwrap_or_default().to_owned(),
        height,
        picture: picture(&files, &canonical, kind, None),
        picture_dark: picture(&files, &canonical, kind, Some("dark")),
        csv: format!("{files}/aggregate.csv?{}", answer.query),
        json: format!("{files}/aggregate.json?{canonical}"),
        table: table(&answer, texts),
        caption: fill(
            texts.on_page("table_caption"),
            &[("title", &answer.text.title), ("subtitle", &answer.text.subtitle)],
        ),
        live: shown(&files),
        pinned: shown(&pinned_files),
        pinned_title: fill(texts.on_page("embed_pinned"), &[("release", &answer.release.id)]),
        answer,
    }
}

/// Returns a list of names with only its first letter large: "Year and outcome".
fn sentence_case(names: &str) -> String {
    let mut letters = names.chars();
    letters.next().map_or(String::new(), |first| format!("{first}{}", letters.as_str().to_lowercase()))
}

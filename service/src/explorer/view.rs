//! The figures that one dataset has on a statute: the form that chooses, the chart, the table, the snippet.

use chargesheet_widget::chart::{Kind, Theme};
use chargesheet_widget::wire::Answer;

use super::chart::Chart;
use super::evidence::behind_all;
use super::share::Share;
use super::shares::page_answer;
use super::snippet::{Snippets, attributes, snippets};
use super::statute::PARAMETERS;
use super::table::{self, Table, table};
use super::trend::{Shown, shown as trend_shown};
use super::{Choice, PageError, fits};
use crate::answer::{AnswerError, Dataset};
use crate::coverage::Coverage;
use crate::disclosure::Published;
use crate::domain::{Dimension, Language, Statute, outcomes};
use crate::ingest::Records;
use crate::present::citation::Citation;
use crate::present::svg::{DEFAULT_SIZE, NARROW_SIZE, refusal};
use crate::present::texts::{Texts, fill};
use crate::query::{Params, Query, QueryError};

/// How reported figures can be grouped on the page.
const REPORTED_GROUPINGS: [&str; 2] = ["year,outcome", "year"];

/// How single cases can be grouped on the page.
const CASE_GROUPINGS: [&str; 4] = ["year,outcome", "outcome", "year", "role"];

/// The figures that one dataset has on the statute, in the form chosen.
pub struct View {
    pub dataset: String,
    pub kind_of_dataset: String,
    pub measures: Vec<Choice>,
    pub outcomes: Vec<Choice>,
    pub groupings: Vec<Choice>,
    pub kinds: Vec<Choice>,
    /// Whether the statute and those that it replaced, or that replaced it, are joined; nothing where there are none.
    pub lineage: Option<bool>,
    /// Why the form chosen cannot be shown.
    pub refused: String,
    pub shown: Option<Figures>,
    pub definitions: Vec<(String, String)>,
}

/// The chart, the table and what belongs to them.
pub struct Figures {
    pub answer: Answer,
    pub source: String,
    /// Attributes of the element, as HTML.
    pub attributes: String,
    pub height: u32,
    pub narrow_height: u32,
    pub picture: String,
    pub picture_dark: String,
    /// Empty where no font here has the letters of the picture.
    pub png: String,
    pub csv: String,
    /// The CSV that Excel opens with the separator and decimals of the language.
    pub csv_excel: String,
    pub xlsx: String,
    pub parquet: String,
    pub zip: String,
    pub report: String,
    pub json: String,
    pub evidence: String,
    pub table: Table,
    pub caption: String,
    pub cited: Cited,
    pub live: Snippets,
    pub pinned: Snippets,
    pub pinned_title: String,
    pub share: Share,
    /// What changes over time, where there is something to say.
    pub trend: Option<Shown>,
}

/// How the figures are cited, and the addresses of that in the forms of reference managers: all of one release.
pub struct Cited {
    pub sentence: String,
    /// What stands before the short address, and the address.
    pub short: Option<(String, String)>,
    pub text: String,
    pub bibtex: String,
    pub ris: String,
    pub csl: String,
}

/// What a statute's page asks: the question and the kind of chart.
pub struct Question {
    pub query: Query,
    pub kind: Option<Kind>,
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
    let is_reported = matches!(dataset.release.records(), Records::Figures { .. });
    let chosen_outcomes = params.peek("outcome").unwrap_or_default().to_owned();
    let Question { query, kind } = question(covering, dataset, statute, &mut params)?;
    params.finish_with(&PARAMETERS)?;
    let by = query.by.iter().map(|dimension| dimension.name()).collect::<Vec<_>>().join(",");
    let sentence = |reason: &str| fill(texts.on_page("refused"), &[("reason", reason)]);
    let (refused, shown) = match cited(dataset, query.clone(), language, base) {
        Ok((answer, citation)) => {
            let (chart, refused) = drawable(answer, language, kind);
            let refused = refused.map_or(String::new(), |error| match error {
                QueryError::Value { problem, .. } => sentence(&format!("{problem}.")),
                other => sentence(&other.to_string()),
            });
            let trend = trend_shown(dataset, &chart.answer.query, chart.file("trend.json"), language)?;
            (refused, Some(Figures { trend, ..figures(chart, citation, language, page, base) }))
        }
        Err(AnswerError::Refused(error)) => (sentence(&error.to_string()), None),
        Err(error) => return Err(error.into()),
    };
    let groupings: &[&str] = if is_reported { &REPORTED_GROUPINGS } else { &CASE_GROUPINGS };
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
            .map(|own| choice(own.name(), texts.on_page(own.name()).to_owned(), kind == Some(own)))
            .collect(),
        lineage: dataset.release.register().code(&statute.id).and_then(|code| {
            let register = dataset.release.register();
            let is_alone = register.predecessors(register.heir(code)).is_empty();
            (!is_alone || query.lineage).then_some(query.lineage)
        }),
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

/// Takes the question of a statute's page out of its parameters; what is not chosen is chosen here.
///
/// # Errors
/// When a parameter has no meaning for the dataset.
pub fn question(
    covering: &Coverage,
    dataset: &Dataset,
    statute: &Statute,
    params: &mut Params,
) -> Result<Question, QueryError> {
    let is_reported = matches!(dataset.release.records(), Records::Figures { .. });
    let kind = params.take("type").filter(|kind| kind != "auto");
    let kind = kind.map(|kind| Kind::parse(&kind).map_err(|error| refusal(&error, kind))).transpose()?;
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
    params.set("statute", &statute.id);
    Ok(Question { query: params.take_query(&dataset.release)?, kind })
}

/// Returns the chart of an answer; one that cannot be drawn as asked is drawn as it can be, and why is told.
pub fn drawable(answer: Answer, language: Language, kind: Option<Kind>) -> (Chart, Option<QueryError>) {
    let (theme, title) = (None, String::new());
    let mut chart = Chart { answer, language, is_pinned: false, kind, theme, title, is_plain: false };
    let refused = chart.height_at(DEFAULT_SIZE.0).err();
    if refused.is_some() {
        chart.kind = None;
    }
    (chart, refused)
}

/// Asks the dataset; an article and its parts that each have figures of their own stand side by side.
pub fn answer(
    dataset: &Dataset,
    query: Query,
    language: Language,
    base: &str,
) -> Result<Answer, AnswerError> {
    let (query, asked) = asked(dataset, query)?;
    page_answer(dataset, &query, &asked, language, base)
}

/// As [`answer`], with how it is cited.
fn cited(
    dataset: &Dataset,
    query: Query,
    language: Language,
    base: &str,
) -> Result<(Answer, Citation), AnswerError> {
    let (query, asked) = asked(dataset, query)?;
    let answer = page_answer(dataset, &query, &asked, language, base)?;
    let citation = Citation::of(dataset, &query, &asked, language, base);
    Ok((answer, citation))
}

fn asked(dataset: &Dataset, mut query: Query) -> Result<(Query, Published), AnswerError> {
    // A series that is one statute's here and its part's there would be no series.
    if !query.lineage && dataset.mixes_statutes(&query) {
        query.by.push(Dimension::Statute);
    }
    let asked = dataset.ask(&query)?;
    fits(&query, &asked)?;
    Ok((query, asked))
}

/// Lays an answer out for the page.
fn figures(chart: Chart, citation: Citation, language: Language, page: &str, base: &str) -> Figures {
    let texts = Texts::of(language);
    let height = chart.height_at(DEFAULT_SIZE.0).unwrap_or(DEFAULT_SIZE.1);
    let chart = chart.pinned(true);
    let pinned = snippets(&chart, base, page);
    let cited = Cited {
        sentence: citation.to_sentence(),
        short: citation.short.map(|url| (fill(&texts.cite.short, &[("url", "")]), url)),
        text: chart.file("citation.txt"),
        bibtex: chart.file("citation.bib"),
        ris: chart.file("citation.ris"),
        csl: chart.file("citation.json"),
    };
    let chart = chart.pinned(false);
    let text = &chart.answer.text;
    Figures {
        source: chart.file("aggregate.json"),
        attributes: attributes(&chart, height),
        height,
        narrow_height: chart.height_at(NARROW_SIZE.0).unwrap_or(NARROW_SIZE.1),
        picture: chart.picture_in("chart.svg", Theme::Light),
        picture_dark: chart.picture_in("chart.svg", Theme::Dark),
        png: if chart.is_paintable() { chart.picture("chart.png") } else { String::new() },
        csv: chart.file("aggregate.csv"),
        // A system that writes decimals with a comma separates lists with semicolons.
        csv_excel: format!(
            "{}&excel=1{}",
            chart.file("aggregate.csv"),
            if texts.decimal == "," { "&separator=semicolon" } else { "" }
        ),
        xlsx: chart.file("aggregate.xlsx"),
        zip: chart.file("aggregate.zip"),
        report: chart.report(),
        parquet: chart.file("aggregate.parquet"),
        json: chart.file("aggregate.json"),
        evidence: behind_all(&chart.answer),
        table: table(&chart.answer, texts, table::Figures::Linked),
        caption: fill(
            texts.on_page("table_caption"),
            &[("title", &text.title), ("subtitle", &text.subtitle)],
        ),
        cited,
        live: snippets(&chart, base, page),
        pinned,
        pinned_title: fill(texts.on_page("embed_pinned"), &[("release", &chart.answer.release.id)]),
        share: Share::at(&chart, base, page),
        answer: chart.answer,
        trend: None,
    }
}

/// Returns a list of names with only its first letter large: "Year and outcome".
fn sentence_case(names: &str) -> String {
    let mut letters = names.chars();
    letters.next().map_or(String::new(), |first| format!("{first}{}", letters.as_str().to_lowercase()))
}

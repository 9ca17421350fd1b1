//! The view of one dataset's figures on a statute: the form, the chart, the table, the snippet.

use chargesheet_widget::chart::Kind;
use chargesheet_widget::wire::Answer;

use super::chart::Chart;
use super::frame::{Choice, PageError, fits};
use super::share::Share;
use super::shares::page_answer;
use super::snippet::{Snippets, snippets};
use super::table::{self, Table, table};
use super::trend::{Shown, shown as trend_shown};
use crate::answer::{AnswerError, Dataset};
use crate::coverage::Coverage;
use crate::domain::{Dimension, Language, Localized, Statute};
use crate::ingest::Records;
use crate::present::citation::Citation;
use crate::present::labels::outcome_name;
use crate::present::refusal::told;
use crate::present::svg;
use crate::present::texts::{Texts, fill};
use crate::query::{Params, Query, QueryError};

/// Parameters of a statute's page.
pub const PARAMETERS: [&str; 18] = [
    "dataset", "measure", "outcome", "by", "type", "country", "category", "role", "region", "source",
    "period", "area", "rule", "lineage", "from", "to", "share", "lang",
];

/// The groupings of reported figures that the page offers.
const REPORTED_GROUPINGS: [&str; 2] = ["year,outcome", "year"];

/// The groupings of single cases that the page offers.
const CASE_GROUPINGS: [&str; 4] = ["year,outcome", "outcome", "year", "role"];

/// The view of one dataset's figures on the statute, in the form chosen.
pub struct View {
    pub dataset: String,
    pub kind_of_dataset: &'static str,
    pub measures: Vec<Choice>,
    pub outcomes: Vec<Choice>,
    pub groupings: Vec<Choice>,
    pub kinds: Vec<Choice>,
    /// Whether predecessors and successors of the statute are joined with it; `None` where it has none.
    pub lineage: Option<bool>,
    /// The reason why the form chosen cannot be shown.
    pub refused: String,
    pub shown: Option<Figures>,
    pub definitions: Vec<(String, String)>,
}

/// The chart, the table and the parts that belong to them.
pub struct Figures {
    pub chart: Chart,
    /// Heights of the wide and of the narrow picture, in pixels.
    pub heights: (u32, u32),
    /// Path of the CSV for Excel, with the separator and the decimal sign of the language.
    pub csv_excel: String,
    pub table: Table,
    pub citation: Citation,
    pub live: Snippets,
    pub pinned: Snippets,
    pub share: Share,
    /// The section on changes over time, where there is something to say.
    pub trend: Option<Shown>,
}

impl Figures {
    /// Returns the heading above the snippets that are bound to the release.
    pub fn pinned_title(&self) -> String {
        let texts = Texts::of(self.chart.language);
        fill(texts.on_page("embed_pinned"), &[("release", &self.chart.answer.release.id)])
    }
}

/// Returns the view of a dataset's figures on a statute. `page` is the public address of the view itself.
///
/// # Errors
/// When a parameter is not known; or on a bug.
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
    let (query, kind) = question(covering, dataset, statute, &mut params)?;
    params.finish_with(&PARAMETERS)?;
    let by = query.by.iter().map(|dimension| dimension.name()).collect::<Vec<_>>().join(",");
    let sentence = |error: &QueryError| fill(texts.on_page("refused"), &[("reason", &told(error, language))]);
    let (refused, shown) = match answer(dataset, query.clone(), language, base) {
        Ok((answer, citation)) => {
            let (chart, refused) = Chart::of(answer, language, kind);
            let refused = refused.map_or(String::new(), |error| sentence(&error));
            let trend = trend_shown(dataset, &chart.answer.query, chart.file("trend.json"), language)?;
            (refused, Some(figures(chart, citation, trend, page, base)))
        }
        Err(AnswerError::Refused(error)) => (sentence(&error), None),
        Err(error) => return Err(error.into()),
    };
    let groupings: &[&str] = if is_reported { &REPORTED_GROUPINGS } else { &CASE_GROUPINGS };
    let mut groupings = groupings.to_vec();
    if dataset.release.dimensions().contains(&Dimension::Period) {
        groupings.push("period,outcome");
    }
    let grouping = |own: &&str| {
        let names: Vec<&str> =
            own.split(',').filter_map(Dimension::from_name).map(|d| texts.dimension(d)).collect();
        Choice::new(own, &sentence_case(&texts.list(&names)), *own == by)
    };
    let is_chosen = |code: &str| chosen_outcomes.split(',').any(|chosen| chosen == code);
    let register = dataset.release.register();
    let list = &dataset.release.lists().outcomes;
    let definition = |(code, label): &(String, Localized)| {
        Some((label.get(language).to_owned(), list.get(code)?.definition.get(language).to_owned()))
    };
    Ok(View {
        dataset: covering.dataset.clone(),
        kind_of_dataset: texts.on_page(if is_reported { "kind_reported" } else { "kind_case-level" }),
        measures: covering
            .measures
            .iter()
            .map(|&own| Choice::new(own.name(), texts.measure(own), query.measures == [own]))
            .collect(),
        outcomes: covering
            .outcomes
            .iter()
            .map(|(code, _)| Choice::new(code, &outcome_name(list, code, language), is_chosen(code)))
            .collect(),
        groupings: groupings.iter().map(grouping).collect(),
        kinds: Kind::ALL
            .map(|own| Choice::new(own.name(), texts.on_page(own.name()), kind == Some(own)))
            .into(),
        lineage: register.code(&statute.id).and_then(|code| {
            let is_alone = register.predecessors(register.heir(code)).is_empty();
            (!is_alone || query.lineage).then_some(query.lineage)
        }),
        refused,
        shown,
        definitions: covering.outcomes.iter().filter_map(definition).collect(),
    })
}

/// Reads the question of a statute's page and the kind of chart from its parameters, with defaults for what is not given.
///
/// # Errors
/// When a parameter is not known for the dataset.
pub fn question(
    covering: &Coverage,
    dataset: &Dataset,
    statute: &Statute,
    params: &mut Params,
) -> Result<(Query, Option<Kind>), QueryError> {
    let is_reported = matches!(dataset.release.records(), Records::Figures { .. });
    let kind = svg::kind(params.take("type").filter(|kind| kind != "auto"))?;
    if params.peek("by").is_none() {
        // A single year makes no line; its outcomes side by side show more.
        let several_years = covering.years.is_some_and(|(first, last)| first < last);
        let first = if is_reported { &*covering.first_grouping } else { "year,outcome" };
        params.set("by", if is_reported || several_years { first } else { "outcome" });
    }
    if let (None, Some(measure)) = (params.peek("measure"), covering.measures.first()) {
        params.set("measure", measure.name());
    }
    params.set("statute", &statute.id);
    Ok((params.take_query(&dataset.release)?, kind))
}

/// Queries the dataset, and cites the answer. Where an article and its parts have figures of their own, they stand side by side.
pub fn answer(
    dataset: &Dataset,
    mut query: Query,
    language: Language,
    base: &str,
) -> Result<(Answer, Citation), AnswerError> {
    // A series must be of the same statute throughout, so the statute and its parts are shown apart.
    if !query.lineage && dataset.mixes_statutes(&query) {
        query.by.push(Dimension::Statute);
    }
    let published = dataset.ask(&query)?;
    fits(&query, &published)?;
    let answer = page_answer(dataset, &query, &published, language, base)?;
    Ok((answer, Citation::of(dataset, &query, &published, language, base)))
}

/// Lays out an answer for the page.
fn figures(chart: Chart, citation: Citation, trend: Option<Shown>, page: &str, base: &str) -> Figures {
    let texts = Texts::of(chart.language);
    let heights = chart.heights();
    let chart = chart.pinned(true);
    let pinned = snippets(&chart, base, page);
    let chart = chart.pinned(false);
    // Systems that write decimals with a comma separate lists with semicolons.
    let separator = if texts.decimal == "," { "&separator=semicolon" } else { "" };
    Figures {
        heights,
        csv_excel: format!("{}&excel=1{separator}", chart.file("aggregate.csv")),
        table: table(&chart.answer, texts, table::Figures::Linked),
        citation,
        live: snippets(&chart, base, page),
        pinned,
        share: Share::at(&chart, base, page),
        chart,
        trend,
    }
}

/// Returns a list of names with only its first letter capitalised: "Year and outcome".
fn sentence_case(names: &str) -> String {
    let mut letters = names.chars();
    letters.next().map_or(String::new(), |first| format!("{first}{}", letters.as_str().to_lowercase()))
}

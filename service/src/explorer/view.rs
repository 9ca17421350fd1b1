//! The view of one dataset's figures on a page about one thing, a statute or a category: the form, the chart, the table, the
//! snippet.

use chargesheet_count::picture::{Shape, Topic, settled};

use super::address::{in_language, of_dataset};
use super::builder::groups::Group;
use super::builder::state::{Copied, Form, State};
use super::chart::Chart;
use super::choices::{Judge, Offer, Offers};
use super::frame::{Choice, PageError};
use super::share::Share;
use super::snippet::{Snippets, snippets_of};
use super::table::{self, Table, table};
use super::trend::{Shown, shown as trend_shown};
use crate::answer::{AnswerError, Dataset};
use crate::catalog::Catalog;
use crate::domain::{Dimension, Language, Localized};
use crate::ingest::Records;
use crate::present::citation::Citation;
use crate::present::refusal::told;
use crate::present::svg::DEFAULT_SIZE;
use crate::present::texts::{Texts, fill};
use crate::query::{Params, Query, QueryError, escape, value};

/// Dimensions that the page of one thing offers no choice of: it has one of each, or keeps them apart by itself.
const FIXED: [Dimension; 3] = [Dimension::Statute, Dimension::Country, Dimension::Category];

/// Returns the parameters of a page as they were asked for, without the language.
pub fn asked(params: &Params, parameters: &[&str]) -> String {
    let asked = parameters.iter().filter(|name| **name != "lang");
    let asked = asked.filter_map(|name| Some(format!("{name}={}", escape(params.peek(name)?))));
    asked.collect::<Vec<_>>().join("&")
}

/// Returns the dataset asked for among those that a page has; the first of them where none is asked for.
///
/// # Errors
/// When the page does not have the one asked for.
pub fn chosen<'a, T>(
    all: &'a [T],
    asked: Option<String>,
    topic: &str,
    id: impl Fn(&T) -> &str,
) -> Result<Option<&'a T>, QueryError> {
    let Some(asked) = asked else { return Ok(all.first()) };
    let found = all.iter().find(|own| id(own) == asked);
    found.map(Some).ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(&id).collect();
        value("dataset", &asked, format!("has nothing on {topic}"), &known)
    })
}

/// Returns the datasets of a page as links to their views.
pub fn tabs<'a>(
    catalog: &Catalog,
    ids: impl Iterator<Item = &'a str>,
    path: &str,
    shown: &str,
    language: Language,
) -> Vec<Choice> {
    let tab = |id: &str| {
        let address = in_language(&format!("{path}?dataset={}", escape(id)), language);
        let titles = catalog.dataset(id)?.release.descriptor().titles();
        Some(Choice::new(&address, titles.get(language), id == shown))
    };
    ids.filter_map(tab).collect()
}

/// The view of one dataset's figures on the topic, in the form chosen.
pub struct View {
    pub dataset: String,
    pub kind_of_dataset: &'static str,
    /// The page of the dataset.
    pub dataset_page: String,
    /// The choices of the form.
    pub groups: Vec<Group>,
    /// Parameters that the form has no field for, as name and value.
    pub kept: Vec<(&'static str, String)>,
    /// The reason why the form chosen cannot be shown.
    pub refused: String,
    pub shown: Option<Figures>,
    pub definitions: Vec<(String, String)>,
}

impl View {
    /// Whether the page says how the figures change over time.
    pub fn has_trend(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.trend.is_some())
    }

    /// Whether there is a chart.
    pub fn is_drawn(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.is_drawn)
    }

    /// Whether the page lists sources.
    pub fn has_sources(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| !shown.chart.answer.sources.is_empty())
    }
}

/// The chart, the table and the parts that belong to them.
pub struct Figures {
    pub chart: Chart,
    /// Whether the chart can be drawn; else only the table is shown.
    pub is_drawn: bool,
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
        let texts = Texts::of(self.chart.shape.language);
        fill(texts.on_page("embed_pinned"), &[("release", &self.chart.answer.release.id)])
    }
}

/// Returns the view of a dataset's figures on a topic. `page` is the public address of the view itself.
///
/// # Errors
/// When a parameter is not known; or on a bug.
pub fn view(
    mut judge: Judge<'_>,
    topic: &Topic,
    params: Params,
    language: Language,
    page: &str,
    base: &str,
) -> Result<View, PageError> {
    let texts = Texts::of(language);
    let dataset = judge.dataset;
    let (asked, asked_kind) = topic.question(dataset, params)?;
    let (query, mut refused) = settled(&mut judge, &asked)?;
    let shape = topic.shape(&query, asked_kind, language);
    let (chart, instead) = judge.best(&query, &shape)?;
    // A kind that nobody chose is not missed; one that cannot be drawn is chosen no more.
    let kind = asked_kind.filter(|_| instead.is_none());
    refused = refused.or(instead.filter(|_| asked_kind.is_some()));
    let mut shown = None;
    let mut empty = "";
    match (judge.published(&query)?, chart) {
        (Ok(published), chart) if published.rows() > 0 => {
            let chart = match chart {
                Ok(chart) => chart,
                Err(error) => {
                    refused = refused.or(Some(error));
                    judge.undrawn(&query, &shape)?
                }
            };
            let chart = Chart::from(chart);
            let is_of_one = topic.dimension == Dimension::Statute;
            let trend = is_of_one
                .then(|| trend_shown(dataset, &chart.answer.query, chart.file("trend.json"), language));
            let citation = Citation::of(dataset, &query, &published, language, base);
            shown = Some(figures(chart, citation, trend.transpose()?.flatten(), page, base));
        }
        (Ok(_), _) => empty = &texts.empty,
        (Err(error), _) => refused = refused.or(Some(error)),
    }
    let sentence = |error: &QueryError| fill(texts.on_page("refused"), &[("reason", &told(error, language))]);
    let state = State {
        dataset: dataset.release.dataset().to_owned(),
        query,
        is_measured: true,
        form: Form { shape: Shape { kind, language, ..Shape::default() }, ..Form::default() },
        is_pinned: false,
        copied: Copied::default(),
    };
    let groups = groups(&mut Offers { judge: &mut judge, state: &state, language })?;
    let kept = kept(dataset, topic, &state.query, &groups);
    let is_reported = matches!(dataset.release.records(), Records::Figures { .. });
    let list = &dataset.release.lists().outcomes;
    let definition = |(code, label): &(String, Localized)| {
        Some((label.get(language).to_owned(), list.get(code)?.definition.get(language).to_owned()))
    };
    Ok(View {
        kind_of_dataset: texts.on_page(if is_reported { "kind_reported" } else { "kind_case-level" }),
        dataset_page: in_language(&of_dataset("/datasets", &state.dataset, None), language),
        refused: refused.as_ref().map_or_else(|| empty.to_owned(), sentence),
        groups,
        dataset: state.dataset,
        kept,
        shown,
        definitions: topic.outcomes.iter().filter_map(definition).collect(),
    })
}

/// Returns the dimensions that the form of a page has no choice of. What an address asks to be kept apart can be chosen.
pub fn fixed(topic: Dimension, params: &Params) -> Vec<Dimension> {
    let by = params.peek("by").unwrap_or_default();
    let is_asked = |dimension: &Dimension| by.split(',').any(|own| own == dimension.name());
    let own = if topic == Dimension::Category { &[Dimension::Category][..] } else { &FIXED };
    own.iter().copied().filter(|dimension| !is_asked(dimension)).collect()
}

/// Returns the choices of the form.
fn groups(offers: &mut Offers<'_, '_>) -> Result<Vec<Group>, AnswerError> {
    let texts = Texts::of(offers.language);
    let words = &texts.builder;
    let (outcomes, _) = offers.codes(Dimension::Outcome)?;
    let mut groups = vec![
        Group::new("outcome", texts.on_page("outcomes"), "checkbox", outcomes)
            .noting(words.get("all_if_none").to_owned()),
    ];
    let own = |offers: Vec<Offer>| offers.into_iter().filter(|offer| !offer.value.is_empty()).collect();
    groups.push(Group::new("measure", texts.on_page("measure"), "radio", own(offers.measures()?)));
    groups.push(
        Group::new("by", words.get("apart"), "checkbox", offers.groupings()?)
            .noting(words.get("apart_help").to_owned()),
    );
    groups.push(Group::new("type", texts.on_page("chart"), "radio", offers.kinds()?));
    groups.push(Group::new("share", words.get("share"), "radio", offers.shares()?));
    if let Some(lineage) = offers.lineage()? {
        groups.push(Group::new("lineage", words.get("lineage"), "checkbox", vec![lineage]));
    }
    let [from, to] = offers.years()?;
    groups.push(Group::new("from", words.get("from"), "select", from));
    groups.push(Group::new("to", words.get("to"), "select", to));
    // A choice of one thing is none.
    groups.retain(|group| group.offers.len() > 1 || group.control == "checkbox" && !group.offers.is_empty());
    Ok(groups)
}

/// Returns the filters that the form has no field for.
fn kept(dataset: &Dataset, topic: &Topic, query: &Query, groups: &[Group]) -> Vec<(&'static str, String)> {
    let others = query.keep.iter();
    let others = others.filter(|(own, _)| ![topic.dimension, Dimension::Outcome].contains(own));
    let codes = |dimension: Dimension, numbers: &[u32]| {
        let codes: Vec<&str> =
            numbers.iter().map(|&number| dataset.release.code(dimension, number)).collect();
        codes.join(",")
    };
    let others = others.map(|(&dimension, numbers)| (dimension.name(), codes(dimension, numbers)));
    let ends = [("from", query.from), ("to", query.to)].into_iter();
    let ends = ends.filter(|(name, _)| groups.iter().all(|group| group.name != *name));
    others.chain(ends.filter_map(|(name, end)| Some((name, end?.to_string())))).collect()
}

/// Lays out an answer for the page.
fn figures(chart: Chart, citation: Citation, trend: Option<Shown>, page: &str, base: &str) -> Figures {
    let texts = Texts::of(chart.shape.language);
    let heights = chart.heights();
    let is_drawn = chart.height_at(DEFAULT_SIZE.0).is_ok();
    let chart = chart.pinned(true);
    let pinned = snippets_of(&chart, heights, base, page);
    let chart = chart.pinned(false);
    // Systems that write decimals with a comma separate lists with semicolons.
    let separator = if texts.decimal == "," { "&separator=semicolon" } else { "" };
    Figures {
        is_drawn,
        heights,
        csv_excel: format!("{}&excel=1{separator}", chart.file("aggregate.csv")),
        table: table(&chart.answer, texts, table::Figures::Linked(chart.shape.language)),
        citation,
        live: snippets_of(&chart, heights, base, page),
        pinned,
        share: Share::at(&chart, base, page),
        chart,
        trend,
    }
}

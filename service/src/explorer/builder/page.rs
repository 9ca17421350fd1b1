//! The page of the builder: what is asked, the chart, how it looks, and what is copied.

use askama::Template;
use chargesheet_widget::chart::{Kind, WIDTHS};

use super::super::chart::Chart;
use super::super::choices::{Judge, Offer, Offers};
use super::super::frame::{Frame, PageError, read};
use super::super::snippet::{PHONES_HAVE_THEIR_OWN, snippets, style};
use super::colours::Colours;
use super::datasets::{datasets, lead};
use super::flat::flat;
use super::groups::{Group, looks_of};
use super::state::{Copied, State};
use super::statutes::{Chosen, Typed, absent, chosen, measured_instead, suggestions};
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::domain::Dimension;
use crate::present::refusal::told;
use crate::present::texts::{Texts, fill};

/// Dimensions whose codes are offered as filters, besides the outcome; other filters of an address are kept as they are.
const FILTERS: [Dimension; 5] =
    [Dimension::Country, Dimension::Category, Dimension::Role, Dimension::Area, Dimension::Rule];

#[derive(Template)]
#[template(path = "builder.html")]
struct Page {
    frame: Frame,
    texts: &'static Texts,
    /// The address of this state, without what is typed.
    address: String,
    chosen: Vec<Chosen>,
    /// What was typed to add a statute, as a sentence: what it led to.
    added: String,
    others: Vec<(String, String)>,
    suggestions: Vec<String>,
    /// The choices of the question and of the form.
    asked: Vec<Group>,
    further: Vec<Group>,
    looks: Vec<Group>,
    title: String,
    width: String,
    widths: (u32, u32),
    /// Name, title and value of each colour of the editor's page.
    colours: Vec<(&'static str, &'static str, String)>,
    is_coloured: bool,
    /// Filters that the form has no field for, as name and value.
    kept: Vec<(&'static str, String)>,
    /// What the reader is told besides the chart.
    notes: Vec<String>,
    /// The note on series that lie flat, with the address that shows them.
    flat: Option<(String, String)>,
    is_begun: bool,
    shown: Option<Shown>,
}

/// The chart, and what is copied of it.
struct Shown {
    chart: Chart,
    heights: (u32, u32),
    /// Style of the picture in the snippet, as CSS.
    keeping: String,
    /// Custom properties of the element, as CSS.
    colours: String,
    copies: Vec<Copy>,
}

/// A thing that is copied.
struct Copy {
    name: &'static str,
    title: String,
    help: String,
    text: String,
    rows: usize,
    is_open: bool,
}

/// Returns the page of the builder.
///
/// # Errors
/// When a parameter is not known; or on a bug.
pub fn builder(catalog: &Catalog, base: &str, query: &str) -> Result<String, PageError> {
    let (params, language) = read(query)?;
    let texts = Texts::of(language);
    let words = &texts.builder;
    let typed = params.peek("add").unwrap_or_default().to_owned();
    let (mut state, left) = State::read(params, catalog, language)?;
    let mut notes = Vec::new();
    if !left.unknown.is_empty() {
        notes.push(fill(words.get("left_out"), &[("names", &left.unknown.join(", "))]));
    }
    let typed = Typed::of(catalog, &mut state, &typed, language);
    let Some(dataset) = catalog.dataset(&state.dataset) else {
        return Err(PageError::Missing {
            what: "dataset",
            id: state.dataset,
            nearest: None,
            page: |_, language| super::super::address::in_language("/", language),
        });
    };
    let release = &dataset.release;
    let mut judge = Judge::new(dataset, base);
    let led = lead(catalog, &mut judge, &mut state, left.is_grouped)?;
    let is_begun = led.is_some();
    let (mut shown, mut lying) = (None, None);
    if let Some((chart, instead)) = led {
        if let Some(refused) = instead {
            notes.push(fill(words.get("kind_instead"), &[("reason", &told(&refused, language))]));
        }
        match chart {
            Ok(picture) => {
                let chart = Chart::from(picture);
                notes.extend(measured_instead(catalog, dataset, &state, language));
                notes.extend(absent(catalog, dataset, &state, &chart.answer, language));
                shown = Some(Shown::of(chart, &state, texts, base));
            }
            Err(refused) => notes.push(told(&refused, language)),
        }
    }
    for name in state.form.colours.unseen(state.form.shape.theme) {
        notes.push(fill(words.get("unseen"), &[("colour", words.get(name))]));
    }
    let address = state.address(release, language);
    let own = address.split_once('?').map_or("", |(_, query)| query);
    let own = own.trim_end_matches(&format!("&lang={language}"));
    let title = words.get("title");
    let frame = Frame::new(
        language,
        format!("{title} – Chargesheet"),
        words.get("lead").to_owned(),
        base,
        ["/charts/new", own],
    );
    let (mut asked, mut further, mut looks) = (Vec::new(), Vec::new(), Vec::new());
    // What will be kept apart is known before anything is chosen, and saves asking again.
    let mut ahead = state.clone();
    if !is_begun {
        ahead.query.by = vec![Dimension::Year, Dimension::Statute, Dimension::Outcome];
    }
    let mut offers = Offers { judge: &mut judge, state: &ahead, language };
    if is_begun {
        let (outcomes, without) = offers.codes(Dimension::Outcome)?;
        let none = words.get(if without.is_empty() { "all_if_none" } else { "outcomes_without" });
        asked.push(
            Group::new("outcome", texts.on_page("outcomes"), "checkbox", outcomes)
                .noting(fill(none, &[("names", &without.join(", "))])),
        );
        asked.push(Group::new("measure", texts.on_page("measure"), "radio", offers.measures()?));
        let [from, to] = offers.years()?;
        asked.push(Group::new("from", words.get("from"), "select", from));
        asked.push(Group::new("to", words.get("to"), "select", to));
        asked.push(
            Group::new("by", words.get("apart"), "checkbox", offers.groupings()?)
                .noting(words.get("apart_help").to_owned()),
        );
        further.push(Group::new("share", words.get("share"), "radio", offers.shares()?));
        let counting = [Some(("rate", offers.rate()?)), offers.lineage()?.map(|offer| ("lineage", offer))];
        for (name, offer) in counting.into_iter().flatten() {
            further.push(Group::new(name, words.get(name), "checkbox", vec![offer]));
        }
        let kinds = offers.kinds()?;
        let is_offered = |offer: &Offer| offer.value == Kind::Multiples.name() && offer.why.is_empty();
        if let Some(shown) = shown.as_ref().filter(|_| kinds.iter().any(is_offered)) {
            let mut apart = state.clone();
            (apart.form.shape.kind, apart.form.shape.is_free) = (Some(Kind::Multiples), true);
            lying = flat(&shown.chart, texts).map(|told| (told, apart.address(release, language)));
        }
        looks.push(Group::new("type", texts.on_page("chart"), "radio", kinds));
    }
    let datasets = datasets(catalog, &state, is_begun.then_some(own), base, language);
    asked.push(Group::new("dataset", words.get("dataset"), "select", datasets));
    for dimension in FILTERS.into_iter().filter(|dimension| release.askable().contains(dimension)) {
        let lacking = offers.lacking(dimension)?;
        if !lacking.is_empty() && shown.is_some() {
            notes.push(fill(words.get("lacking"), &[("names", &lacking.join(", "))]));
        }
        let (codes, _) = offers.codes(dimension)?;
        if codes.len() > 1 {
            further.push(Group::new(dimension.name(), texts.dimension(dimension), "checkbox", codes));
        }
    }
    looks.extend(looks_of(&state, shown.as_ref().map(|shown| &shown.chart), texts));
    let page = Page {
        chosen: chosen(catalog, dataset, &state, language),
        added: typed.told,
        others: typed.others,
        suggestions: suggestions(catalog, &state, language),
        asked,
        further,
        looks,
        title: state.form.shape.title.clone(),
        width: state.form.width.map_or(String::new(), |width| width.to_string()),
        widths: (*WIDTHS.start(), *WIDTHS.end()),
        is_coloured: state.form.colours != Colours::default(),
        colours: state.form.colours.texts().map(|(name, text)| (name, words.get(name), text)).into(),
        kept: kept(dataset, &state),
        notes,
        flat: lying,
        is_begun,
        shown,
        frame,
        texts,
        address,
    };
    Ok(page.render()?)
}

/// Returns the filters that the form has no field for.
fn kept(dataset: &Dataset, state: &State) -> Vec<(&'static str, String)> {
    let fields = [Dimension::Statute, Dimension::Outcome].into_iter().chain(FILTERS);
    let fields: Vec<Dimension> = fields.collect();
    let others = state.query.keep.iter().filter(|(dimension, _)| !fields.contains(dimension));
    let codes = |dimension: Dimension, numbers: &[u32]| {
        let codes: Vec<&str> =
            numbers.iter().map(|&number| dataset.release.code(dimension, number)).collect();
        codes.join(",")
    };
    others.map(|(&dimension, numbers)| (dimension.name(), codes(dimension, numbers))).collect()
}

impl Shown {
    fn of(chart: Chart, state: &State, texts: &Texts, base: &str) -> Self {
        let chart = chart.pinned(state.is_pinned);
        let colours = state.form.colours;
        let colours = colours
            .style(colours != Colours::default() && chart.map().is_some_and(|map| map.names.len() == 1));
        let made = snippets(&chart, base, &format!("{base}{}", chart.page()));
        let made = made.within(state.form.width).coloured(&colours);
        let picture = if chart.is_paintable() { "chart.png" } else { "chart.svg" };
        let width = state.form.width.map_or(String::new(), |width| format!("&width={width}"));
        let scale = if picture == "chart.png" { "&scale=2" } else { "" };
        let texts_of = |copied| match copied {
            Copied::Html => (made.html.clone(), 3),
            Copied::Frame => (made.frame.clone(), 3),
            Copied::Address => (made.address.clone(), 2),
            Copied::Picture => (format!("{base}{}{width}{scale}", chart.picture(picture)), 2),
            Copied::File => (format!("{base}{}", made.file), 2),
            Copied::Data => {
                (format!("{base}{}\n{base}{}", chart.file("aggregate.csv"), chart.file("aggregate.json")), 3)
            }
        };
        let copy = |copied: Copied| {
            let (text, rows) = texts_of(copied);
            let name = copied.name();
            let title = texts.builder.get(&format!("copy_{name}")).to_owned();
            let help = texts.builder.get(&format!("help_{name}")).to_owned();
            Copy { name, title, help, text, rows, is_open: copied == state.copied }
        };
        let heights = chart.heights();
        let keeping = style(heights.0, heights.1, PHONES_HAVE_THEIR_OWN);
        Self { heights, keeping, colours, copies: Copied::ALL.map(copy).into(), chart }
    }
}

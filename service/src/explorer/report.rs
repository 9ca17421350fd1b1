//! A printable sheet with everything that belongs to a figure: chart, table, trend, caveats, sources, citation.

use std::collections::BTreeMap;

use askama::Template;
use chargesheet_count::picture::{fits, page_answer};
use chargesheet_widget::chart::Kind;
use chargesheet_widget::wire::Answer;

use super::address::in_language;
use super::chart::Chart;
use super::cited::Cited;
use super::frame::{Frame, PageError, read};
use super::pivot::{Pivot, pivot};
use super::share::Share;
use super::table::{Figures, Table, table};
use super::trend;
use crate::answer::Dataset;
use crate::disclosure::Published;
use crate::domain::Language;
use crate::present::citation::Citation;
use crate::present::labels::ByCode;
use crate::present::number;
use crate::present::svg::{self, DEFAULT_SIZE, NARROW_SIZE};
use crate::present::texts::{Texts, fill};
use crate::query::{Query, in_time};

/// Most rows of a table that is not laid out as a pivot.
const MOST_LINES: usize = 30;

#[derive(Template)]
#[template(path = "report.html")]
struct Report {
    frame: Frame,
    chart: Chart,
    /// Address of the picture, and its size in pixels; `None` where these figures cannot be drawn.
    picture: Option<(String, (u32, u32))>,
    /// The same for a narrow screen, where the wide picture is too small to read.
    narrow: Option<(String, (u32, u32))>,
    /// The sentences on changes over time, where there are any.
    trend: Vec<String>,
    citation: Citation,
    /// Whether the sheet has so much text that a smaller font is used.
    is_dense: bool,
    pivot: Option<Pivot>,
    /// The table of figures that cannot be laid out as a pivot.
    table: Option<Table>,
    /// The note on a table that is not complete; otherwise empty.
    left_out: String,
    /// The figures of other sources, for each figure on which sources disagree.
    rivals: Vec<String>,
}

/// Width and preferred height of the picture in pixels. The height is low, so that everything else fits below.
const PICTURE: (u32, u32) = (880, 370);
/// The same for a sheet with much text.
const LOW_PICTURE: (u32, u32) = (880, 300);
/// Most characters that fit on a sheet at its usual font size, measured in Chromium with the longest sheets of the bundled data.
const USUAL: usize = 2_900;

/// Parameters of the sheet besides those of its query.
pub const PARAMETERS: [&str; 2] = ["type", "lang"];

/// Returns the size of the picture, as parameters and in pixels; `None` where these figures cannot be drawn.
fn picture(chart: &mut Chart, is_dense: bool) -> Option<(String, (u32, u32))> {
    // The sheet itself already names source and dataset.
    chart.picture.shape.is_plain = true;
    let size = if is_dense { LOW_PICTURE } else { PICTURE };
    let (width, low) = size;
    if chart.draw(width, Some(low)).is_ok() {
        return Some((format!("&width={width}&height={low}"), size));
    }
    let height = chart.height_at(width).ok()?;
    Some((format!("&width={width}"), (width, height)))
}

/// Returns the page to go back to: the statute's page if the sheet is about one statute, otherwise the dataset's.
fn page(chart: &Chart) -> String {
    let path = match chart.statute() {
        Some(statute) => format!("/statutes/{}", statute.replace('/', "%2F")),
        None => format!("/datasets/{}", chart.answer.dataset.id),
    };
    in_language(&path, chart.shape.language)
}

/// Returns the figures of other sources, each with its group.
fn rivals(answer: &Answer, texts: &Texts) -> Vec<String> {
    let labels = ByCode::of(answer);
    let sources: BTreeMap<&str, &str> =
        answer.sources.iter().map(|source| (source.id.as_str(), source.publisher.as_str())).collect();
    let mut told = Vec::new();
    for row in in_time(&answer.rows).filter(|row| !row.disagreements.is_empty()) {
        let group = labels.names(row, texts).join(", ");
        for other in &row.disagreements {
            let publisher = sources.get(other.source.as_str()).copied().unwrap_or(&other.source);
            let values = [("publisher", publisher), ("value", &number(other.value, texts))];
            told.push(format!("{group}: {}", fill(texts.on_page("other_figure"), &values)));
        }
    }
    told
}

/// Returns about how many characters a sheet has. A row of the table takes the room of some dozen characters.
fn letters(chart: &Chart, trend: &[String], citation: &Citation) -> usize {
    const LINE: usize = 36;
    let answer = &chart.answer;
    let count = |texts: &[String]| texts.iter().map(|text| text.chars().count()).sum::<usize>();
    let sources = answer.sources.iter();
    let sources = sources.map(|source| source.publisher.chars().count() + source.title.chars().count() + 20);
    count(&answer.caveats)
        + count(answer.notes())
        + count(trend)
        + sources.sum::<usize>()
        + citation.to_text().chars().count()
        + LINE * answer.rows.len().min(MOST_LINES)
}

/// The question of a sheet, and its answer.
struct Asked {
    query: Query,
    published: Published,
    answer: Answer,
    language: Language,
    kind: Option<Kind>,
}

fn asked(dataset: &Dataset, query: &str, base: &str) -> Result<Asked, PageError> {
    let (mut params, language) = read(query)?;
    let kind = svg::kind(params.take("type"))?;
    let query = params.take_query(&dataset.release)?;
    params.finish(&PARAMETERS)?;
    let published = dataset.ask(&query)?;
    fits(&query, &published)?;
    let answer = page_answer(dataset, &query, &published, language, base)?;
    Ok(Asked { query, published, answer, language, kind })
}

/// Returns the chart on the sheet of a question, either bound to its release or following the newest.
///
/// # Errors
/// As the sheet itself.
pub fn report_chart(dataset: &Dataset, is_pinned: bool, query: &str, base: &str) -> Result<Chart, PageError> {
    let Asked { answer, language, kind, .. } = asked(dataset, query, base)?;
    Ok(Chart::of(answer, language, kind).0.pinned(is_pinned))
}

/// Returns the sheet of a question, always bound to the release that was asked, so that paper and address agree.
///
/// # Errors
/// When a parameter is not known, or the question is refused; or on a bug.
pub fn report(dataset: &Dataset, query: &str, base: &str) -> Result<String, PageError> {
    let Asked { query, published, answer, language, kind } = asked(dataset, query, base)?;
    let citation = Citation::of(dataset, &query, &published, language, base);
    let mut chart = Chart::of(answer, language, kind).0.pinned(true);
    let is_drawn = chart.height_at(DEFAULT_SIZE.0).is_ok();
    let share = is_drawn.then(|| Share::at(&chart, base, &format!("{base}{}", chart.report())));
    let texts = Texts::of(language);
    let pivot = pivot(&chart.answer, texts);
    let mut table = pivot.is_none().then(|| table(&chart.answer, texts, Figures::Plain));
    let mut left_out = pivot.as_ref().map_or(0, |pivot| pivot.left_out);
    if let Some(table) = &mut table {
        left_out = table.rows.len().saturating_sub(MOST_LINES);
        table.rows.truncate(MOST_LINES);
    }
    let trend = trend::shown(dataset, &chart.answer.query, String::new(), language)?;
    let trend = trend.map_or(Vec::new(), |shown| {
        shown.sentences.into_iter().chain(Some(shown.rates)).filter(|text| !text.is_empty()).collect()
    });
    let is_dense = letters(&chart, &trend, &citation) > USUAL;
    let picture = picture(&mut chart, is_dense);
    let narrow = chart.height_at(NARROW_SIZE.0).ok();
    let narrow = narrow.map(|height| (format!("&width={}", NARROW_SIZE.0), (NARROW_SIZE.0, height)));
    let led = |(form, size): (String, (u32, u32))| (format!("{}{form}", chart.light()), size);
    let path = format!("/report/{}/releases/{}", chart.answer.dataset.id, chart.answer.release.id);
    let rest = format!("{}{}", chart.answer.query, chart.kind_parameter());
    let title = format!("{} – Chargesheet", chart.answer.text.title);
    let cited = Cited::of_answer(&citation, &dataset.release);
    let page = Report {
        frame: Frame::new(language, title, chart.alt(), base, [&path, &rest]).shared(share).cited(cited),
        picture: picture.map(led),
        narrow: narrow.map(led),
        trend,
        citation,
        is_dense,
        left_out: if left_out == 0 {
            String::new()
        } else {
            fill(texts.on_page("report_left_out"), &[("count", &left_out.to_string())])
        },
        rivals: rivals(&chart.answer, texts),
        pivot,
        table,
        chart,
    };
    Ok(page.render()?)
}

//! The page of the evidence behind a figure: every source that gives it or another for the same, and single records by where they come
//! from. Pages show it as a panel, so it is short.

use askama::Template;

use super::frame::{Frame, PageError, read};
use crate::answer::Dataset;
use crate::domain::{Dimension, Language, Statute, is_address};
use crate::ingest::{Figure, FigureSource, Records};
use crate::present::texts::{Texts, fill};
use crate::present::{country_name, legend_label, number, short_name_of, span_text};
use crate::query::Query;

/// Most sources on the page. All of them are in the CSV.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "evidence.html")]
struct Page<'a> {
    frame: Frame,
    /// What the figures are of.
    lead: String,
    figures: Vec<Line<'a>>,
    records: Vec<Group<'a>>,
    /// What must be known of the figures.
    caveats: Vec<&'a str>,
    /// The sentence that more is in the CSV; empty where all is shown.
    more: String,
    /// Path of the CSV.
    csv: String,
}

/// A published figure with its source.
struct Line<'a> {
    value: String,
    measure: String,
    /// The outcome and the period, and the part of the country and the rule where there are some.
    what: String,
    source: &'a FigureSource,
    note: &'a str,
    is_used: bool,
}

/// Records of one place of origin.
struct Group<'a> {
    count: String,
    origin: &'a str,
    addresses: Vec<&'a str>,
}

/// Returns the page of the evidence behind an answer. `base` is the public address of the service.
///
/// # Errors
/// When a parameter is not known for the dataset; or on a bug.
pub fn evidence(dataset: &Dataset, query: &str, base: &str) -> Result<String, PageError> {
    let (mut params, language) = read(query)?;
    let release = &dataset.release;
    let query = params.take_query(release)?;
    params.finish(&["lang"])?;
    let texts = Texts::of(language);
    let behind = dataset.evidence(&query)?;
    let (mut figures, mut records) = (Vec::new(), Vec::new());
    match release.records() {
        Records::Figures { figures: all, sources } => {
            figures.extend(behind.figures().iter().map(|&(place, is_used)| {
                let figure = &all[place];
                line(dataset, figure, &sources[usize::from(figure.source)], is_used, language)
            }));
        }
        Records::Charges(_) => {
            records.extend(behind.charges(release).map(|(_, origin, count)| {
                let count =
                    count.map_or_else(|_withheld| texts.unknown.clone(), |count| number(count, texts));
                Group { count, origin, addresses: addresses(origin) }
            }));
            records.sort_by(|one, other| one.origin.cmp(other.origin));
        }
    }
    let all = figures.len() + records.len();
    figures.truncate(MOST);
    records.truncate(MOST);
    let canonical = query.canonical(release);
    let path = format!("/evidence/{}/releases/{}", release.dataset(), release.id());
    let title = texts.evidence.get("title").to_owned();
    let (register, kept) = (release.register(), query.statutes(release));
    let is_concerned = |statute: &Statute| {
        let code = register.code(&statute.id);
        kept.as_ref().is_none_or(|kept| code.is_some_and(|code| kept.contains(&code)))
    };
    let page = Page {
        caveats: release.descriptor().caveats(language, register, &is_concerned),
        frame: Frame::new(language, format!("{title} – Chargesheet"), title, base, [&path, &canonical]),
        lead: subject(&query, dataset, language),
        more: if all > MOST {
            fill(texts.evidence.get("more"), &[("count", &number((all - MOST) as u64, texts))])
        } else {
            String::new()
        },
        figures,
        records,
        csv: format!("/v1/datasets/{}/releases/{}/evidence.csv?{canonical}", release.dataset(), release.id()),
    };
    Ok(page.render()?)
}

/// Returns the statute that a question keeps, in words; the title of the dataset where it keeps none or several.
fn subject(query: &Query, dataset: &Dataset, language: Language) -> String {
    let release = &dataset.release;
    match query.keep.get(&Dimension::Statute).map(Vec::as_slice) {
        Some([one]) => {
            let statute = release.register().at(u16::try_from(*one).unwrap_or_default());
            let country = country_name(&statute.country, language);
            format!("{country}, {}: {}", short_name_of(statute, language), statute.title.get(language))
        }
        _ => release.descriptor().titles().get(language).to_owned(),
    }
}

fn line<'a>(
    dataset: &'a Dataset,
    figure: &'a Figure,
    source: &'a FigureSource,
    is_used: bool,
    language: Language,
) -> Line<'a> {
    let (release, texts) = (&dataset.release, Texts::of(language));
    let label =
        |dimension, number: Option<u32>| number.map(|own| legend_label(release, dimension, own, language));
    let mut what = vec![
        legend_label(release, Dimension::Outcome, figure.outcome.into(), language),
        span_text(&figure.span.to_string(), language),
    ];
    let further = [(Dimension::Area, figure.area.as_str()), (Dimension::Rule, figure.rule)];
    for (dimension, code) in further.into_iter().filter(|(_, code)| !code.is_empty()) {
        what.extend(label(dimension, release.number(dimension, code)));
    }
    Line {
        value: number(figure.value, texts),
        measure: texts.measure(figure.measure).to_lowercase(),
        what: what.join(", "),
        source,
        note: &figure.note,
        is_used,
    }
}

/// Returns the addresses in a text that says where a record comes from.
fn addresses(origin: &str) -> Vec<&str> {
    origin.split([' ', ';', ',']).filter(|part| is_address(part)).collect()
}

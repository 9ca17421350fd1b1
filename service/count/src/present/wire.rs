//! An answer with everything that a reader or a chart needs, in the shape of [`chargesheet_widget::wire`].

use chargesheet_widget::wire::{
    Answer, Beside, Column, Dataset as DatasetName, Disagreement, Labels, Release as ReleaseName, Row, Value,
};

use super::beside::beside;
use super::keys::number;
use super::sources::Sources;
use super::table::{self, Cell, cell};
use super::texts::Texts;
use super::{describe, legend_label, lineage};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::engine::{Evidence, Rival};
use crate::query::Query;
use crate::release::Release;

/// Releases whose pictures name periods by their codes. That was a fault, but people have cited these pictures.
const DRAWN_WITH_CODES: [&str; 2] = ["2026-11-29-5b58cf3f1001", "2026-11-29-a88114b8182b"];

/// Returns the answer of a dataset for its readers, in a language.
///
/// `base` is the public address of the service without a final slash. Citations contain it, because they are read far from
/// the service.
///
/// # Errors
/// As [`Dataset::ask`]: the dimensions that can be stacked are found by a query.
pub fn wire(
    dataset: &Dataset,
    query: &Query,
    published: &Published,
    language: Language,
    base: &str,
) -> Result<Answer, AnswerError> {
    let release = &dataset.release;
    let columns = table::columns(query, release);
    let sources = Sources::of(dataset, query, published, language)?;
    let mut answer = without_rows(dataset, query, published, language, base)?;
    let in_words = std::mem::take(&mut answer.beside.in_words);
    answer.beside = Beside { in_words, ..beside(query, release, published, &sources, language) };
    answer.rows = published.each_row().map(|row| wire_row(&columns, release, published, row)).collect();
    Ok(answer)
}

/// Returns what [`wire`] returns, without the rows.
///
/// # Errors
/// As [`wire`].
pub fn without_rows(
    dataset: &Dataset,
    query: &Query,
    published: &Published,
    language: Language,
    base: &str,
) -> Result<Answer, AnswerError> {
    let additive = dataset.stackable(query, published)?;
    Ok(Answer {
        additive: additive.iter().map(|dimension| dimension.name().to_owned()).collect(),
        ..about(dataset, query, published, language, base)?
    })
}

/// Returns what [`wire`] returns, without the rows and without the dimensions that can be stacked. The result is small, however
/// large the answer is.
///
/// # Errors
/// On a bug.
pub fn about(
    dataset: &Dataset,
    query: &Query,
    published: &Published,
    language: Language,
    base: &str,
) -> Result<Answer, AnswerError> {
    let release = &dataset.release;
    let canonical = query.canonical(release);
    let sources = Sources::of(dataset, query, published, language)?;
    let id = release.dataset();
    let pinned = format!("/v1/datasets/{id}/releases/{}/aggregate.json?{canonical}", release.id());
    let mut answer = Answer {
        dataset: DatasetName {
            id: id.to_owned(),
            title: release.descriptor().titles().get(language).to_owned(),
            kind: release.descriptor().chargesheet.kind.name().to_owned(),
            url: format!("/v1/datasets/{id}"),
        },
        release: ReleaseName { id: release.id().to_string(), url: pinned },
        query: canonical,
        language: language.code().to_owned(),
        columns: columns(query, &table::columns(query, release), Texts::of(language)),
        labels: labels(query, release, published, language),
        in_force: lineage::in_force(query, release),
        sources: sources.listed(),
        more_sources: sources.more(),
        caveats: describe::caveats(query, release, published, language),
        ..Answer::default()
    };
    answer.caveats.extend(lineage::caveats(dataset, query, published, language));
    answer.text = describe::text(query, release, published, &answer, &sources, language);
    let left_out = dataset.left_out(query)?;
    let coded = describe::left_out(&left_out, release, language, false);
    if !coded.is_empty() && !DRAWN_WITH_CODES.contains(&release.id().as_str()) {
        // Cited answers have the codes, so these stay; who looks at a picture reads words.
        let in_words = describe::left_out(&left_out, release, language, true);
        answer.beside.in_words = answer.text.notes.iter().cloned().chain(in_words).collect();
    }
    answer.text.notes.extend(coded);
    let address = format!("{base}{}", answer.release.url);
    answer.citation = describe::citation(query, release, language, &address);
    Ok(answer)
}

/// Returns the columns of an answer and its first rows, and nothing else: enough to tell whether a chart can be drawn.
pub fn first_rows(query: &Query, release: &Release, published: &Published, most: usize) -> Answer {
    let own = table::columns(query, release);
    let rows = published.each_row().take(most).map(|row| wire_row(&own, release, published, row));
    let columns = columns(query, &own, Texts::of(Language::default()));
    Answer { rows: rows.collect(), columns, ..Answer::default() }
}

fn columns(query: &Query, columns: &[table::Column], texts: &Texts) -> Vec<Column> {
    let column = |own: &table::Column| Column {
        name: own.name.clone(),
        role: own.role(),
        title: own.title(query, texts),
    };
    columns.iter().map(column).collect()
}

fn wire_row(columns: &[table::Column], release: &Release, published: &Published, row: usize) -> Row {
    let value = |column: &table::Column| match cell(column.holds, release, published, row) {
        Cell::Absent(_) => Value::Absent,
        Cell::Year(year) => Value::Year(year),
        Cell::Month(month) => Value::Text(month.to_string()),
        Cell::Text(text) => Value::Text(text.to_owned()),
        Cell::List(ids) => Value::List(ids.into_iter().map(str::to_owned).collect()),
        Cell::Count(count) => Value::Count(count),
        Cell::Share(real) | Cell::Rate(real) => Value::Real(real),
    };
    let evidence = published.evidence(row);
    Row {
        values: columns.iter().map(value).collect(),
        disagreements: evidence.map_or(Vec::new(), |evidence| disagreements(release, evidence)),
    }
}

/// Returns the figures of other sources that differ from the figures of a row.
pub fn disagreements(release: &Release, evidence: &Evidence) -> Vec<Disagreement> {
    let of = |rival: &Rival| Disagreement {
        measure: rival.measure.name().to_owned(),
        value: rival.value,
        source: release.code(Dimension::Source, rival.source.into()).to_owned(),
    };
    evidence.rivals.iter().map(of).collect()
}

/// Returns the labels of the codes that occur, for each dimension in display order.
fn labels(query: &Query, release: &Release, published: &Published, language: Language) -> Labels {
    let of = |(column, &dimension): (usize, &Dimension)| {
        let occurring = published.each_row().filter_map(|row| number(published.key(column, row)));
        let mut numbers: Vec<u32> = occurring.collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.sort_by_key(|&number| release.place(dimension, number));
        let code = |number| release.code(dimension, number).to_owned();
        let pair = |number| (code(number), legend_label(release, dimension, number, language));
        (dimension.name().to_owned(), numbers.into_iter().map(pair).collect())
    };
    let coded = query.by.iter().enumerate().filter(|(_, dimension)| !dimension.is_time());
    Labels(coded.map(of).collect())
}

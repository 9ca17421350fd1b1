//! An answer with all that a reader or a chart needs: the shape in [`chargesheet_widget::wire`].

use chargesheet_widget::wire::{
    Answer, Column, ColumnRole, Dataset as DatasetName, Disagreement, Labels, Release as ReleaseName, Row,
    Value,
};

use super::sources::Sources;
use super::texts::{Texts, fill};
use super::{Month, describe, legend_label, lineage, rate, rounded};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::engine::{Evidence, Rival};
use crate::ingest::Records;
use crate::query::Query;
use crate::release::Release;

/// Returns the answer for a dataset's reader, in a language.
///
/// `base` is the public address of the service without a final slash: citations are read far from it.
///
/// # Errors
/// As [`Dataset::ask`]: which dimensions can be stacked is found by asking.
pub fn wire(
    dataset: &Dataset,
    query: &Query,
    published: &Published,
    language: Language,
    base: &str,
) -> Result<Answer, AnswerError> {
    let release = &dataset.release;
    Ok(Answer {
        rows: published.each_row().map(|row| wire_row(query, release, published, row)).collect(),
        ..without_rows(dataset, query, published, language, base)?
    })
}

/// Returns what [`wire`] says of an answer, without its rows.
///
/// # Errors
/// As [`wire`].
pub(super) fn without_rows(
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

/// Returns what [`wire`] says of an answer, without its rows and without what may be stacked: little, however large the
/// answer is.
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
        columns: columns(query, release, language),
        labels: labels(query, release, published, language),
        in_force: lineage::in_force(query, release),
        sources: sources.listed(),
        more_sources: sources.more(),
        caveats: describe::caveats(query, release, published, language),
        ..Answer::default()
    };
    answer.caveats.extend(lineage::caveats(dataset, query, published, language));
    answer.text = describe::text(query, release, published, &answer, &sources, language);
    let address = format!("{base}{}", answer.release.url);
    answer.citation = describe::citation(query, release, language, &address);
    Ok(answer)
}

/// Returns the columns of an answer and its first rows, with nothing beside them: enough to tell whether it can be drawn.
pub(super) fn first_rows(query: &Query, release: &Release, published: &Published, most: usize) -> Answer {
    let rows = published.each_row().take(most).map(|row| wire_row(query, release, published, row));
    Answer {
        rows: rows.collect(),
        columns: columns(query, release, Language::default()),
        ..Answer::default()
    }
}

fn columns(query: &Query, release: &Release, language: Language) -> Vec<Column> {
    let texts = Texts::of(language);
    let column =
        |name: &str, role, title: &str| Column { name: name.to_owned(), role, title: title.to_owned() };
    let mut columns = Vec::new();
    for &dimension in &query.by {
        let title = texts.dimension(dimension);
        columns.push(column(dimension.name(), ColumnRole::Dimension, title));
        if query.labels.is_some() && !dimension.is_time() {
            let title = fill(&texts.label_of, &[("dimension", title)]);
            columns.push(column(&format!("{dimension}_label"), ColumnRole::Label, &title));
        }
    }
    for &measure in &query.measures {
        columns.push(column(measure.name(), ColumnRole::Measure, texts.measure(measure)));
    }
    if query.share.is_some() {
        let title = fill(&texts.share, &[("measure", &texts.measure(query.measures[0]).to_lowercase())]);
        columns.push(column("share", ColumnRole::Share, &title));
        columns.push(column("share_low", ColumnRole::Share, &texts.share_low));
        columns.push(column("share_high", ColumnRole::Share, &texts.share_high));
    }
    columns.extend(rate::columns(query, texts));
    if matches!(release.records(), Records::Figures { .. }) {
        columns.push(column("status", ColumnRole::Status, &texts.status));
        columns.push(column("sources", ColumnRole::Sources, &texts.sources));
    }
    columns
}

fn wire_row(query: &Query, release: &Release, published: &Published, row: usize) -> Row {
    let mut values = Vec::new();
    for (column, &dimension) in query.by.iter().enumerate() {
        let key = published.key(column, row);
        let number = key.and_then(|key| u32::try_from(key).ok());
        values.push(match (dimension, key) {
            (_, None) => Value::Absent,
            (Dimension::Year, Some(year)) => Value::Year(year),
            (Dimension::Month, Some(month)) => Value::Text(Month(month).to_string()),
            _ => {
                number.map_or(Value::Absent, |number| Value::Text(release.code(dimension, number).to_owned()))
            }
        });
        if let Some(language) = query.labels
            && !dimension.is_time()
        {
            let label =
                number.map(|number| Value::Text(release.label(dimension, number, language).to_owned()));
            values.push(label.unwrap_or(Value::Absent));
        }
    }
    for measure in 0..query.measures.len() {
        values.push(published.value(measure, row).map_or(Value::Absent, Value::Count));
    }
    if query.share.is_some() {
        let interval = published.share(row);
        for bound in [interval.map(|i| i.share), interval.map(|i| i.low), interval.map(|i| i.high)] {
            values.push(bound.map_or(Value::Absent, |bound| Value::Real(rounded(bound))));
        }
    }
    values.extend(rate::cells(query, published, row));
    let mut disagreements = Vec::new();
    if let Some(evidence) = published.evidence(row) {
        values.push(Value::Text(evidence.status.code().to_owned()));
        let id = |source: u16| release.code(Dimension::Source, source.into()).to_owned();
        values.push(Value::List(evidence.sources.iter().map(|&source| id(source)).collect()));
        disagreements = self::disagreements(release, evidence);
    }
    Row { values, disagreements }
}

/// The figures of other sources that differ from those of a row.
pub(super) fn disagreements(release: &Release, evidence: &Evidence) -> Vec<Disagreement> {
    let of = |rival: &Rival| Disagreement {
        measure: rival.measure.name().to_owned(),
        value: rival.value,
        source: release.code(Dimension::Source, rival.source.into()).to_owned(),
    };
    evidence.rivals.iter().map(of).collect()
}

/// The codes that occur, each dimension's in display order.
fn labels(query: &Query, release: &Release, published: &Published, language: Language) -> Labels {
    let coded = query.by.iter().enumerate().filter(|(_, dimension)| !dimension.is_time());
    Labels(
        coded
            .map(|(column, &dimension)| {
                let mut numbers: Vec<u32> = published
                    .each_row()
                    .filter_map(|row| published.key(column, row))
                    .filter_map(|key| u32::try_from(key).ok())
                    .collect();
                numbers.sort_unstable();
                numbers.dedup();
                numbers.sort_by_key(|&number| release.place(dimension, number));
                let pair = |number| {
                    (
                        release.code(dimension, number).to_owned(),
                        legend_label(release, dimension, number, language),
                    )
                };
                (dimension.name().to_owned(), numbers.into_iter().map(pair).collect())
            })
            .collect(),
    )
}

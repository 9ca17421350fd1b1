//! An answer as JSON-stat 2.0, <https://json-stat.org/full/>: a cube with its labels, for statisticians' libraries.

use chargesheet_widget::wire::Answer;
use serde_json::{Map, Value, json};

use super::cube::{Cube, Figure};
use super::table::Holds;
use super::texts::Texts;
use super::within;
use crate::answer::Dataset;
use crate::disclosure::Published;
use crate::domain::{Dimension, Language};
use crate::engine::Gap;
use crate::query::{Query, QueryError};

/// Most cells of a cube. Libraries hold every combination, also those that no row has.
const MOST: usize = 1_000_000;

/// The id of the axis of figures.
const FIGURES: &str = "measure";

/// Returns an answer as JSON-stat. `about` is the result of [`super::about`] for it; `base` is the public address of the service.
///
/// A combination without a figure is null, and `status` says why where a row says it; never zero.
///
/// # Errors
/// When the cube would have more cells than one may have.
pub fn jsonstat(
    dataset: &Dataset,
    query: &Query,
    published: &Published,
    about: &Answer,
    language: Language,
    base: &str,
) -> Result<Vec<u8>, QueryError> {
    let release = &dataset.release;
    let cube = Cube::of(query, release, published);
    within(query, (cube.size(), "cells"), "a cube of JSON-stat has at most", MOST)?;
    let texts = Texts::of(language);
    let mut values = vec![Value::Null; cube.size()];
    let mut status = Map::new();
    for row in cube.rows() {
        let lengths = cube.axes.iter().map(|axis| axis.keys.len());
        let start = cube.places(row).zip(lengths).fold(0, |start, (place, length)| start * length + place);
        for (place, column) in cube.figures.iter().enumerate() {
            let place = start * cube.figures.len() + place;
            let said = match cube.figure(column, row) {
                Figure::Whole(count) => {
                    values[place] = count.into();
                    cube.status(row)
                }
                Figure::Real(real) => {
                    values[place] = real.into();
                    cube.status(row)
                }
                Figure::None(gap) => gap.name(),
            };
            // A normal figure needs no word.
            if said != "A" {
                status.insert(place.to_string(), said.into());
            }
        }
    }
    let mut dimensions = Map::new();
    for axis in &cube.axes {
        let codes: Vec<String> = axis.keys.iter().map(|&key| axis.code(release, key)).collect();
        let labels = axis.keys.iter().map(|&key| axis.label(release, key, language).into());
        let labels: Map<String, Value> = codes.iter().cloned().zip(labels).collect();
        dimensions.insert(
            axis.dimension.name().to_owned(),
            json!({ "label": texts.dimension(axis.dimension), "category": { "index": codes, "label": labels } }),
        );
    }
    let names: Vec<&str> = cube.figures.iter().map(|column| column.name.as_str()).collect();
    let titles = cube.figures.iter().map(|column| (column.name.clone(), column.title(query, texts).into()));
    let units = cube.figures.iter().map(|column| {
        let decimals = if matches!(column.holds, Holds::Count(_)) { 0 } else { 6 };
        (column.name.clone(), json!({ "decimals": decimals, "label": column.title(query, texts) }))
    });
    dimensions.insert(
        FIGURES.to_owned(),
        json!({ "label": texts.statistics.get("measure"), "category": {
            "index": names, "label": titles.collect::<Map<_, Value>>(), "unit": units.collect::<Map<_, _>>(),
        } }),
    );
    let named = |wanted: &[Dimension]| {
        let own = query.by.iter().filter(|own| wanted.contains(own));
        own.map(|own| own.name()).collect::<Vec<_>>()
    };
    let mut roles = json!({ "metric": [FIGURES] });
    for (role, wanted) in [
        ("time", &[Dimension::Year, Dimension::Month, Dimension::Period][..]),
        ("geo", &[Dimension::Country, Dimension::Region, Dimension::Area]),
    ] {
        if !named(wanted).is_empty() {
            roles[role] = named(wanted).into();
        }
    }
    let ids: Vec<&str> = query.by.iter().map(|own| own.name()).chain([FIGURES]).collect();
    let sizes: Vec<usize> =
        cube.axes.iter().map(|axis| axis.keys.len()).chain([cube.figures.len()]).collect();
    let words = Gap::NAMES.map(|gap| (gap.to_owned(), texts.statistics.get(gap).into()));
    let words: Map<String, Value> = words.into_iter().collect();
    let pinned = about.release.url.replacen("aggregate.json", "aggregate.jsonstat.json", 1);
    let text = &about.text;
    let document = json!({
        "version": "2.0",
        "class": "dataset",
        "href": format!("{base}{pinned}&lang={language}"),
        "label": format!("{}: {}", text.title, text.subtitle),
        "source": text.source_line,
        "updated": release.descriptor().created,
        "note": text.notes.iter().chain(&about.caveats).collect::<Vec<_>>(),
        "id": ids,
        "size": sizes,
        "role": roles,
        "dimension": dimensions,
        "value": values,
        "status": status,
        "extension": {
            "dataset": about.dataset.id,
            "release": about.release.id,
            "citation": about.citation,
            "status": { "label": words },
        },
    });
    Ok(serde_json::to_vec(&document).expect("a cube has only strings, numbers and lists"))
}

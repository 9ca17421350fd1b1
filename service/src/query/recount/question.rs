//! Random questions, as text that a reader would write.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::package::{COUNTRIES, OFFENCES, OUTCOMES, REGIONS, World, date};

/// A question before it is written as text. `None` leaves the parameter out.
#[derive(Debug, Clone)]
pub struct Question {
    pub by: Option<Vec<&'static str>>,
    /// Each filtered dimension, with the selected codes.
    pub keep: Vec<(&'static str, Vec<String>)>,
    /// Whether a replaced statute is counted under its successor.
    pub lineage: bool,
    pub from: Option<&'static str>,
    pub to: Option<&'static str>,
    pub measures: Option<Vec<&'static str>>,
    pub share: Option<&'static str>,
    pub labels: Option<&'static str>,
    /// Sort keys that give the order of the parameters in the text.
    pub order: Vec<u8>,
    /// Whether everything that may be percent-encoded is encoded.
    pub encoded: bool,
}

/// Returns a question that fits a package. Some questions are refused.
pub fn question(world: &World) -> impl Strategy<Value = Question> + use<> {
    let dimensions = world.dimensions();
    let by = subsequence(dimensions.clone(), 0..=dimensions.len().min(4)).prop_shuffle();
    let keep: Vec<_> =
        dimensions.iter().filter_map(|&dimension| Some(kept(dimension, codes(dimension, world)?))).collect();
    let window = prop_oneof![
        6 => Just((None, None)),
        1 => (date(), date()).prop_map(|(one, other)| (Some(one.min(other)), Some(one.max(other)))),
        1 => date().prop_map(|same| (Some(same), Some(same))),
        1 => (weighted(0.7, date()), weighted(0.7, date())),
    ];
    let measures = subsequence(world.measures.clone(), 1..=world.measures.len()).prop_shuffle();
    let asked = (weighted(0.9, by), keep, window, weighted(0.8, measures));
    // Most shares are over dimensions that allow shares.
    let share = weighted(0.4, (any::<prop::sample::Index>(), prop::bool::weighted(0.8)));
    let labels = weighted(0.3, select(vec!["en", "ru", "kk"]));
    let (reported, additive) = (world.reported, world.additive.clone());
    let lineage = prop::bool::weighted(0.3);
    (asked, lineage, share, labels, vec(any::<u8>(), 20), any::<bool>()).prop_map(
        move |((by, keep, (from, to), measures), lineage, share, labels, order, encoded)| {
            let keep = keep.into_iter().flatten().collect();
            let grouped = by.as_deref().unwrap_or(&["year"]);
            let share = share.and_then(|(place, careful)| {
                let mut shares = grouped.to_vec();
                shares.retain(|dimension| !reported || !careful || additive.contains(dimension));
                (!shares.is_empty()).then(|| *place.get(&shares))
            });
            Question { by, keep, lineage, from, to, measures, share, labels, order, encoded }
        },
    )
}

/// Returns a filter: mostly no codes, often one, sometimes several.
fn kept(
    dimension: &'static str,
    codes: Vec<String>,
) -> impl Strategy<Value = Option<(&'static str, Vec<String>)>> {
    let most = codes.len().min(3);
    let kept =
        prop_oneof![3 => subsequence(codes.clone(), 1), 1 => subsequence(codes, 1..=most).prop_shuffle()];
    weighted(0.25, kept.prop_map(move |codes| (dimension, codes)))
}

/// Returns the codes to choose from, some without any record; `None` for years and months.
fn codes(dimension: &str, world: &World) -> Option<Vec<String>> {
    let texts = |codes: &[&str]| Some(codes.iter().map(|&code| code.to_owned()).collect());
    let column =
        |rows: &[super::package::Row], column| Some(rows.iter().map(|row| row[column].clone()).collect());
    match dimension {
        "country" => texts(&[&COUNTRIES[..], &["FRA"]].concat()),
        "outcome" => texts(&OUTCOMES),
        // A query cannot select statutes without a category.
        "category" => texts(&OFFENCES[..3]),
        "role" => texts(&["journalist", "activist", "unspecified", "clergy"]),
        // Commas separate codes, so a query cannot select a region with a comma in its name.
        "region" => texts(
            &REGIONS
                .into_iter()
                .filter(|region| !region.is_empty() && !region.contains(','))
                .collect::<Vec<_>>(),
        ),
        "area" => texts(&["whole-country", "Paris", "Лион"]),
        "rule" => texts(&["not-stated", "principal", "any"]),
        "period" => Some(world.periods()),
        "statute" => column(&world.statutes, "statute"),
        "source" => column(&world.sources, "source"),
        _ => None,
    }
}

impl Question {
    /// Returns the dimensions grouped by.
    pub fn grouped(&self) -> &[&'static str] {
        self.by.as_deref().unwrap_or(&["year"])
    }

    /// Returns the selected codes of a dimension, if the question filters by it.
    pub fn kept(&self, dimension: &str) -> Option<&[String]> {
        self.keep.iter().find(|(other, _)| *other == dimension).map(|(_, codes)| &codes[..])
    }

    /// Writes the question as a query string.
    pub fn text(&self) -> String {
        let mut pairs: Vec<(&str, String)> =
            self.keep.iter().map(|(dimension, codes)| (*dimension, codes.join(","))).collect();
        pairs.extend(self.by.iter().map(|by| ("by", by.join(","))));
        pairs.extend(self.measures.iter().map(|measures| ("measure", measures.join(","))));
        pairs.extend(self.lineage.then(|| ("lineage", "1".to_owned())));
        for (name, value) in
            [("from", self.from), ("to", self.to), ("share", self.share), ("labels", self.labels)]
        {
            pairs.extend(value.map(|value| (name, value.to_owned())));
        }
        let mut placed: Vec<_> = self.order.iter().zip(pairs).collect();
        placed.sort_by_key(|(place, _)| **place);
        let written = placed.iter().map(|(_, (name, value))| format!("{name}={}", self.escaped(value)));
        written.collect::<Vec<_>>().join("&")
    }

    fn escaped(&self, text: &str) -> String {
        let plain = |byte: u8| !self.encoded && (byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte));
        text.bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect()
    }
}

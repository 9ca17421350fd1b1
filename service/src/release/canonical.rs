//! The bytes that a digest is over: records as text in one fixed form and order.
//!
//! A digest must not depend on the order of the publisher's rows, on a file format or on a library's
//! version, so it is over lines: fields separated by U+001F, lines by `\n`, sorted by their bytes. Neither
//! character can stand in a field: both are replaced by U+FFFD, which no source uses on purpose.

use sha2::{Digest as _, Sha256};

use crate::domain::{Period, Register, countries, outcomes, roles};
use crate::ingest::{Charges, Figure, FigureSource};

/// The lines of a table.
#[derive(Debug, Default)]
struct Lines(Vec<String>);

impl Lines {
    fn push(&mut self, fields: &[&str]) {
        let fields: Vec<String> =
            fields.iter().map(|field| field.replace(['\u{1f}', '\n'], "\u{fffd}")).collect();
        self.0.push(fields.join("\u{1f}"));
    }

    fn digest(mut self) -> (u64, String) {
        self.0.sort_unstable();
        let mut hash = Sha256::new();
        for line in &self.0 {
            hash.update(line);
            hash.update(b"\n");
        }
        (self.0.len() as u64, hex(&hash.finalize()))
    }
}

/// Returns bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn optional(period: Option<Period>) -> String {
    period.map_or(String::new(), |period| period.to_string())
}

/// Returns how many statutes there are, and the digest of all they say.
pub fn statutes(register: &Register) -> (u64, String) {
    use crate::domain::Language::{English, Kazakh, Russian};
    let mut lines = Lines::default();
    for statute in register.all() {
        lines.push(&[
            &statute.id,
            statute.parent.as_deref().unwrap_or_default(),
            &statute.country,
            &statute.law,
            &statute.article,
            &statute.part,
            statute.title.own(English),
            statute.title.own(Russian),
            statute.title.own(Kazakh),
            &statute.offence,
            &optional(statute.in_force_from),
            &optional(statute.in_force_to),
            statute.successor.as_deref().unwrap_or_default(),
            &statute.url,
        ]);
    }
    lines.digest()
}

/// Returns how many charges there are, and the digest of all they say.
pub fn charges(register: &Register, charges: &Charges) -> (u64, String) {
    let mut lines = Lines::default();
    let text = |code: Option<u32>| code.map_or("", |code| charges.texts.text(code));
    for charge in &charges.rows {
        lines.push(&[
            charge.id.map_or("", |id| charges.ids.text(id)),
            charges.cases.text(charge.case),
            charges.defendants.text(charge.defendant),
            &countries().at(charge.country.into()).code,
            &register.at(charge.statute).id,
            &charge.charged.map_or("unknown".to_owned(), |period| period.to_string()),
            &outcomes().at(charge.outcome.into()).code,
            &optional(charge.decided),
            text(charge.sentence),
            &charge.sentence_months.map_or(String::new(), |months| months.to_string()),
            &roles().at(charge.role.into()).code,
            charge.region.map_or("", |region| charges.regions.text(region)),
            text(charge.source),
        ]);
    }
    lines.digest()
}

/// Returns how many figures there are, and the digest of all they say.
pub fn figures(register: &Register, figures: &[Figure], sources: &[FigureSource]) -> (u64, String) {
    let mut lines = Lines::default();
    for figure in figures {
        lines.push(&[
            &countries().at(figure.country.into()).code,
            &register.at(figure.statute).id,
            &figure.year.to_string(),
            &outcomes().at(figure.outcome.into()).code,
            figure.measure.name(),
            &figure.value.to_string(),
            &sources[usize::from(figure.source)].id,
            figure.status.code(),
            if figure.preferred { "true" } else { "false" },
            &figure.note,
        ]);
    }
    lines.digest()
}

/// Returns how many sources there are, and the digest of all they say.
pub fn sources(sources: &[FigureSource]) -> (u64, String) {
    let mut lines = Lines::default();
    for source in sources {
        lines.push(&[
            &source.id,
            &source.publisher,
            &source.title,
            &source.url,
            &optional(source.published),
            source.kind,
            source.counting_rule,
            source.time_basis,
            source.measure_type,
        ]);
    }
    lines.digest()
}

/// Returns the digest of bytes as they are.
pub fn bytes(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

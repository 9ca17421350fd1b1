//! `counts.csv`: figures as somebody published them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::dictionary::composed;
use super::field::{Dates, Vocabulary, count, listed, statute_of, word, year};
use super::header::{Column, Need};
use super::places::Place;
use super::reader::{Rules, Table};
use super::report::{Reason, Report};
use super::row::{Refusal, Refusals, Row, Taken};
use super::sources::FigureSource;
use crate::domain::{Measure, Register, Status, nearest, outcomes};
use crate::package::Source;

/// One published figure, as codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Number in the list of countries.
    pub country: u8,
    /// Code in the register.
    pub statute: u16,
    /// The calendar year.
    pub year: i32,
    /// Number in the list of outcomes.
    pub outcome: u8,
    /// The unit counted.
    pub measure: Measure,
    /// The figure.
    pub value: u64,
    /// Place of the source among the package's sources.
    pub source: u16,
    /// How far it can be relied on.
    pub status: Status,
    /// Whether answers use it where sources disagree.
    pub preferred: bool,
    /// What its publisher says of it.
    pub note: String,
}

impl Figure {
    /// Returns what the figure is about: figures of different sources with equal cells say how many
    /// there were of the same thing.
    pub fn cell(&self) -> (u16, i32, u8, Measure) {
        (self.statute, self.year, self.outcome, self.measure)
    }

    /// Returns where the figure stands among all of a release: by statute, year, outcome, measure and source,
    /// which together are a key.
    pub fn place(&self) -> (u16, i32, u8, &'static str, u16) {
        (self.statute, self.year, self.outcome, self.measure.name(), self.source)
    }
}

const COUNTRY: usize = 0;
const STATUTE: usize = 1;
const YEAR: usize = 2;
const OUTCOME: usize = 3;
const UNIT: usize = 4;
const VALUE: usize = 5;
const SOURCE: usize = 6;
const STATUS: usize = 7;
const PREFERRED: usize = 8;
const NOTE: usize = 9;

pub(super) const COLUMNS: [Column; 10] = [
    Column { name: "country", need: Need::Filled },
    Column { name: "statute", need: Need::Filled },
    Column { name: "year", need: Need::Filled },
    Column { name: "outcome", need: Need::Filled },
    Column { name: "unit", need: Need::Filled },
    Column { name: "value", need: Need::Filled },
    Column { name: "source", need: Need::Filled },
    Column { name: "status", need: Need::Optional },
    Column { name: "preferred", need: Need::Optional },
    Column { name: "note", need: Need::Optional },
];

/// Reads the figures. Rows that are refused are not among them; the report says which.
pub fn read(
    source: Source<'_>,
    measures: &[Measure],
    register: &Register,
    sources: &[FigureSource],
    dates: &Dates,
    rules: &Rules,
    report: &mut Report,
) -> Vec<Figure> {
    let Some(mut table) = Table::open(source, &COLUMNS, rules, report) else {
        return Vec::new();
    };
    let mut figures: Vec<Figure> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    let mut vocabulary = Vocabulary::default();
    let mut refused: HashSet<[String; 5]> = HashSet::new();
    table.for_each(|row| {
        row.filled()?;
        if figures.len() == u32::MAX as usize {
            let message = format!("is one figure more than {}", u32::MAX);
            return Err(Refusal::new(COUNTRY, Reason::TooMany, message).into());
        }
        let read = figure(row, measures, register, sources, dates, &mut vocabulary);
        figures.push(read.inspect_err(|_| {
            refused.insert(KEY.map(|column| composed(row.text(column)).into_owned()));
        })?);
        places.push(row.place);
        Ok(Taken::Kept)
    });
    let mut keep = vec![true; figures.len()];
    if !refused.is_empty() {
        for (place, figure) in figures.iter().enumerate() {
            // Another row says something of the same cell, and what is not known.
            if refused.contains(&key(figure, register, sources)) {
                keep[place] = false;
                let message = "the same cell of the same source stands in a row that is refused".to_owned();
                table.refuse_later(places[place], SOURCE, Reason::ConflictingDuplicate, message);
            }
        }
    }
    settle_repetitions(&figures, &places, &mut keep, &mut table);
    settle_preferred(&mut figures, &places, &mut keep, &mut table);
    table.close(report);
    let mut kept = keep.iter();
    figures.retain(|_| *kept.next().unwrap_or(&true));
    figures
}

/// The columns that together name a figure.
const KEY: [usize; 5] = [STATUTE, YEAR, OUTCOME, UNIT, SOURCE];

/// What stands in them.
fn key(figure: &Figure, register: &Register, sources: &[FigureSource]) -> [String; 5] {
    [
        register.at(figure.statute).id.clone(),
        figure.year.to_string(),
        outcomes().at(figure.outcome.into()).code.clone(),
        figure.measure.name().to_owned(),
        sources[usize::from(figure.source)].id.clone(),
    ]
}

fn figure(
    row: &Row<'_>,
    measures: &[Measure],
    register: &Register,
    sources: &[FigureSource],
    dates: &Dates,
    vocabulary: &mut Vocabulary,
) -> Result<Figure, Refusals> {
    let mut faults = Refusals::default();
    let country = faults.note(listed(row, COUNTRY, &mut vocabulary.countries, Reason::UnknownCountry));
    let statute = match country {
        Some(_) => faults.note(statute_of(row, COUNTRY, STATUTE, register, &mut vocabulary.statutes)),
        None => None,
    };
    let year = faults.note(year(row, YEAR, dates));
    let outcome = faults.note(listed(row, OUTCOME, &mut vocabulary.outcomes, Reason::UnknownOutcome));
    let measure = faults.note(unit(row, measures));
    let value = faults.note(count(row, VALUE));
    let source = faults.note(source_of(row, sources));
    let status = faults.note(word(row, STATUS, &["A", "B", "E", "P"]));
    let preferred = faults.note(word(row, PREFERRED, &["false", "true"]));
    faults.settle()?;
    let (Some(country), Some(statute), Some(year), Some(outcome)) = (country, statute, year, outcome) else {
        unreachable!("what could not be read was noted as a fault");
    };
    let (Some(measure), Some(value), Some(source)) = (measure, value, source) else {
        unreachable!("what could not be read was noted as a fault");
    };
    Ok(Figure {
        country,
        statute,
        year,
        outcome,
        measure,
        value,
        source,
        status: status.and_then(Status::from_code).unwrap_or_default(),
        preferred: preferred == Some("true"),
        note: row.text(NOTE).to_owned(),
    })
}

fn unit(row: &Row<'_>, measures: &[Measure]) -> Result<Measure, Refusal> {
    let measure = Measure::from_name(row.text(UNIT)).filter(|measure| measures.contains(measure));
    measure.ok_or_else(|| {
        let names: Vec<_> = measures.iter().map(|measure| measure.name()).collect();
        let message = format!("is no measure of this dataset; it has {}", names.join(", "));
        Refusal::new(UNIT, Reason::UnknownWord, message)
            .suggesting(nearest(row.text(UNIT), names.iter().copied()))
    })
}

fn source_of(row: &Row<'_>, sources: &[FigureSource]) -> Result<u16, Refusal> {
    let source = &*composed(row.text(SOURCE));
    let found = sources.binary_search_by(|other| other.id.as_str().cmp(source));
    found.ok().and_then(|place| u16::try_from(place).ok()).ok_or_else(|| {
        Refusal::new(SOURCE, Reason::UnknownSource, "is not in sources.csv")
            .suggesting(nearest(source, sources.iter().map(|source| source.id.as_str())))
    })
}

/// The same row twice is counted once; two values of one source for one cell are none of them.
fn settle_repetitions(figures: &[Figure], places: &[Place], keep: &mut [bool], table: &mut Table<'_, '_>) {
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, figure) in figures.iter().enumerate().filter(|(place, _)| keep[*place]) {
        groups.entry((figure.cell(), figure.source)).or_default().push(place);
    }
    for group in groups.values().filter(|group| group.len() > 1) {
        let earliest = group[0];
        if group.iter().all(|&place| figures[place] == figures[earliest]) {
            for &place in &group[1..] {
                keep[place] = false;
                table.repeat_later(places[place], places[earliest], SOURCE);
            }
        } else {
            for &place in group {
                keep[place] = false;
                let message = "the same cell of the same source with different content".to_owned();
                table.refuse_later(places[place], SOURCE, Reason::ConflictingDuplicate, message);
            }
        }
    }
}

/// Where several sources fill one cell, exactly one is preferred; a source alone is preferred as it is.
fn settle_preferred(figures: &mut [Figure], places: &[Place], keep: &mut [bool], table: &mut Table<'_, '_>) {
    let mut cells: HashMap<_, Vec<usize>> = HashMap::new();
    for (place, figure) in figures.iter().enumerate().filter(|(place, _)| keep[*place]) {
        cells.entry(figure.cell()).or_default().push(place);
    }
    for cell in cells.values() {
        if let [alone] = cell[..] {
            figures[alone].preferred = true;
            continue;
        }
        let preferred = cell.iter().filter(|&&place| figures[place].preferred).count();
        if preferred == 1 {
            continue;
        }
        for &place in cell {
            keep[place] = false;
            let message = format!(
                "{} sources report this cell and {preferred} of them are preferred; mark one",
                cell.len()
            );
            table.refuse_later(places[place], PREFERRED, Reason::PreferredNotOne, message);
        }
    }
}

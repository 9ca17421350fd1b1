//! `counts.csv`: figures as their publishers state them.

use std::collections::{HashMap, HashSet};

use super::dictionary::composed;
use super::platform::OneThread;
use super::report::{Reason, Report};
use super::row::{Refusal, Taken};
use super::row_positions::Position;
use super::rules::Rules;
use super::sources::FigureSource;
use super::table_reader::TableReader;
use super::tables::Known;
use crate::domain::tables::{COUNTS, RULES};
use crate::domain::{Lists, Measure, Register, Say, Span, Status};
use crate::package::Source;

/// One published figure. Its properties are codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Number of the country in the code list.
    pub country: u8,
    /// Code of the statute in the register.
    pub statute: u16,
    /// The part of the country that it is of; empty for the whole.
    pub area: String,
    /// The period that it is of.
    pub span: Span,
    /// Number of the outcome in the code list.
    pub outcome: u8,
    /// How persons accused of several offences are counted, where the source gives both: one of [`RULES`].
    pub rule: &'static str,
    /// The unit counted.
    pub measure: Measure,
    /// The figure.
    pub value: u64,
    /// Place of the source among the package's sources.
    pub source: u16,
    /// How reliable the figure is.
    pub status: Status,
    /// Whether answers use this figure where sources disagree.
    pub preferred: bool,
    /// The publisher's note on the figure.
    pub note: String,
}

impl Figure {
    /// Returns the cell of the figure. Figures of different sources with the same cell count the same thing.
    pub fn cell(&self) -> Cell<'_> {
        (self.series(), self.span, self.rule)
    }

    /// Returns the series of the figure: what it counts, whenever it was counted, and by whatever rule.
    pub fn series(&self) -> Series<'_> {
        (self.statute, self.outcome, self.measure, &self.area)
    }

    /// Returns the sort key of the figure within a release. The figures of a cell are neighbours, ordered by source.
    pub fn place(&self) -> impl Ord + '_ {
        let cell =
            (self.statute, self.span.order(), self.outcome, self.measure.name(), &self.area, self.rule);
        (cell, self.source)
    }

    /// Returns the figure as a row of text, in the column order of a release.
    pub fn to_texts(&self, lists: &Lists, register: &Register, sources: &[FigureSource]) -> Vec<String> {
        let [year, from, to, kind] = self.span.to_texts();
        vec![
            register.at(self.statute).id.clone(),
            lists.countries.at(self.country.into()).code.clone(),
            year,
            lists.outcomes.at(self.outcome.into()).code.clone(),
            self.measure.name().to_owned(),
            sources[usize::from(self.source)].id.clone(),
            self.value.to_string(),
            self.status.code().to_owned(),
            self.preferred.to_string(),
            self.note.clone(),
            self.area.clone(),
            from,
            to,
            kind,
            self.rule.to_owned(),
        ]
    }

    /// Parses a figure from such a row. Returns `None` when the row is damaged.
    pub fn from_texts(
        texts: &[String],
        lists: &Lists,
        register: &Register,
        sources: &[FigureSource],
    ) -> Option<Self> {
        let [
            statute,
            country,
            year,
            outcome,
            unit,
            source,
            value,
            status,
            preferred,
            note,
            area,
            from,
            to,
            kind,
            rule,
        ] = texts
        else {
            return None;
        };
        let source = sources.binary_search_by(|other| other.id.cmp(source)).ok()?;
        Some(Self {
            statute: register.code(statute)?,
            country: u8::try_from(lists.countries.number(country)?).ok()?,
            area: area.clone(),
            span: Span::from_texts([year, from, to, kind].map(String::as_str))?,
            outcome: u8::try_from(lists.outcomes.number(outcome)?).ok()?,
            rule: RULES.iter().find(|known| *known == rule)?,
            measure: Measure::from_name(unit)?,
            source: u16::try_from(source).ok()?,
            value: value.parse().ok()?,
            status: Status::from_code(status)?,
            preferred: preferred.parse().ok()?,
            note: note.clone(),
        })
    }
}

/// What a series of figures counts: statute, outcome, measure, and the part of the country.
pub type Series<'f> = (u16, u8, Measure, &'f str);
/// What the figures of different sources must have in common to count the same thing: series, period and rule.
pub type Cell<'f> = (Series<'f>, Span, &'static str);

/// Reads the figures. Refused rows are left out; the report lists them.
pub fn read(
    file: Source<'_>,
    measures: &[Measure],
    lists: &Lists,
    register: &Register,
    sources: &[FigureSource],
    rules: &Rules,
    report: &mut Report,
) -> Vec<Figure> {
    let Some(mut table) = TableReader::open(file, COUNTS.columns, rules, report) else {
        return Vec::new();
    };
    let mut known = Known::of(&COUNTS, lists, rules, register).with(sources, measures);
    // The columns that name a figure: their places in the file's table, and in a release.
    let key: Vec<usize> = COUNTS.key.iter().map(|name| COUNTS.place(name)).collect();
    let in_release = COUNTS.in_release();
    let place_of = |name: &&str| in_release.iter().position(|column| column.name == *name);
    let kept: Vec<usize> = COUNTS.key.iter().filter_map(place_of).collect();
    let mut figures: Vec<Figure> = Vec::new();
    let mut positions: Vec<Position> = Vec::new();
    let mut refused: HashSet<Vec<String>> = HashSet::new();
    table.for_each(&OneThread, |row| {
        row.filled()?;
        if figures.len() == u32::MAX as usize {
            let says = Say::new("too_many.figures").with("most", u32::MAX);
            return Err(Refusal::new(COUNTS.place("country"), Reason::TooMany, says).into());
        }
        let texts = known.texts(row).inspect_err(|_| {
            refused.insert(key.iter().map(|&column| composed(row.text(column)).into_owned()).collect());
        })?;
        let figure = Figure::from_texts(&texts, lists, register, sources);
        figures.push(figure.expect("every field was read as what its column has"));
        positions.push(row.position);
        Ok(Taken::Kept)
    });
    let source = COUNTS.place("source");
    let mut keep = vec![true; figures.len()];
    if !refused.is_empty() {
        for (number, figure) in figures.iter().enumerate() {
            let texts = figure.to_texts(lists, register, sources);
            // A refused row says something unknown about the same cell.
            if refused.contains(&kept.iter().map(|&place| texts[place].clone()).collect::<Vec<_>>()) {
                keep[number] = false;
                let says = Say::new("conflicting_duplicate.cell_refused");
                table.refuse_later(positions[number], source, Reason::ConflictingDuplicate, &says);
            }
        }
    }
    // A row that is repeated is counted once. If one source states two values for a cell, neither is accepted.
    let mut groups: HashMap<_, Vec<usize>> = HashMap::new();
    for (number, figure) in figures.iter().enumerate().filter(|(number, _)| keep[*number]) {
        groups.entry((figure.cell(), figure.source)).or_default().push(number);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    for group in groups {
        let first = group[0];
        let is_same = group.iter().all(|&number| figures[number] == figures[first]);
        for &number in &group[usize::from(is_same)..] {
            keep[number] = false;
            if is_same {
                table.repeat_later(positions[number], positions[first], None, source);
            } else {
                let says = Say::new("conflicting_duplicate.cell");
                table.refuse_later(positions[number], source, Reason::ConflictingDuplicate, &says);
            }
        }
    }
    settle_preferred(&mut figures, &positions, &mut keep, &mut table);
    table.close(report);
    let mut kept = keep.iter();
    figures.retain(|_| *kept.next().unwrap_or(&true));
    figures
}

/// Settles which figure is preferred. Of several sources for a cell exactly one must be preferred. A single source
/// is always preferred.
fn settle_preferred(
    figures: &mut [Figure],
    positions: &[Position],
    keep: &mut [bool],
    table: &mut TableReader<'_, '_>,
) {
    let mut cells: HashMap<_, Vec<usize>> = HashMap::new();
    for (number, figure) in figures.iter().enumerate().filter(|(number, _)| keep[*number]) {
        cells.entry(figure.cell()).or_default().push(number);
    }
    let cells: Vec<Vec<usize>> = cells.into_values().collect();
    for cell in &cells {
        if let [alone] = cell[..] {
            figures[alone].preferred = true;
            continue;
        }
        let (all, preferred) = (cell.len(), cell.iter().filter(|&&number| figures[number].preferred).count());
        if preferred == 1 {
            continue;
        }
        let says = Say::new("preferred_not_one").with("all", all).with("preferred", preferred);
        for &number in cell {
            keep[number] = false;
            let column = COUNTS.place("preferred");
            table.refuse_later(positions[number], column, Reason::PreferredNotOne, &says);
        }
    }
}

//! The plain engine: it walks over all records, and keeps a map from groups to what is counted in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cells::{Cell, Gap};
use super::contract::{Engine, EngineError, MOST_ROWS};
use super::counts::{Behind, Counts, Evidence};
use super::evidence::{behind, evidence_of};
use super::main_rules::main_rules;
use super::selection::{Provision, Selection};
use crate::domain::{Dimension, Measure, day_number};
use crate::ingest::{Figure, Records};
use crate::query::in_time;
use crate::release::{Columns, Release, number};

/// The engine that counts in plain maps.
#[derive(Debug)]
pub enum Maps {
    /// The charges of a case-level dataset.
    Charges(Arc<Columns>),
    /// The figures of a reported dataset.
    Figures {
        /// The release with the figures.
        release: Arc<Release>,
        /// For each figure, whether it is counted by the main rule of its series.
        main_rules: Vec<bool>,
        /// The numbers of each figure in `SPELLED`.
        spelled: [Vec<Option<i32>>; SPELLED.len()],
    },
}

/// The dimensions in which a figure's number is looked up by its spelling, which is done once.
const SPELLED: [Dimension; 3] = [Dimension::Period, Dimension::Area, Dimension::Rule];

/// A group's key: a number for each dimension, or `None` where it is not known.
type Key = Vec<Option<i32>>;

/// A measure while it is counted.
enum Counted {
    Records(u64),
    Different(BTreeSet<u32>),
    /// The sum of figures. Without a figure there is none: missing is not zero.
    Sum(Option<u64>),
}

impl Counted {
    fn cell(&self) -> Cell {
        match self {
            Self::Records(count) => Ok(*count),
            Self::Different(numbers) => Ok(numbers.len() as u64),
            Self::Sum(sum) => sum.ok_or(Gap::NotReported),
        }
    }
}

impl Maps {
    /// Makes the engine of a release. `columns` are its charges; a reported dataset has none.
    pub fn of(release: &Arc<Release>, columns: Option<&Arc<Columns>>) -> Self {
        match columns {
            Some(columns) => Self::Charges(Arc::clone(columns)),
            None => {
                let all = figures(release);
                let of = |dimension| all.iter().map(|figure| release.key(figure, dimension)).collect();
                let spelled = SPELLED.map(of);
                Self::Figures { main_rules: main_rules(all), spelled, release: Arc::clone(release) }
            }
        }
    }

    /// Calls `take` with each selected record and its statute. `measures` are those that a figure may be of; all where it is
    /// `None`. Charges count for every measure.
    fn each(
        &self,
        selection: &Selection,
        measures: Option<&[Measure]>,
        mut take: impl FnMut(usize, &Provision) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        match self {
            Self::Charges(columns) => {
                for statute in &selection.statutes {
                    for row in in_time(columns.records.of_statute(statute.code.into())) {
                        let days = columns.records.periods.days()[columns.records.period.at(row) as usize];
                        if is_between(days, selection) && self.is_coded(row, selection) {
                            take(row, statute)?;
                        }
                    }
                }
            }
            Self::Figures { release, main_rules, .. } => {
                let kept = selection.figures;
                for (place, figure) in in_time(figures(release).iter().enumerate()) {
                    let days = (day_number(figure.span.first_day()), day_number(figure.span.last_day()));
                    let is_kept = (kept.every_source || figure.preferred)
                        && (kept.every_period || figure.span.year().is_some())
                        && (kept.every_area || figure.area.is_empty())
                        && (kept.every_rule || main_rules[place])
                        && measures.is_none_or(|asked| asked.contains(&figure.measure))
                        && is_between(Some(days), selection)
                        && self.is_coded(place, selection);
                    let statute = selection.statutes.binary_search_by_key(&figure.statute, |own| own.code);
                    if let (true, Ok(statute)) = (is_kept, statute) {
                        take(place, &selection.statutes[statute])?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether a record has one of the selected codes in every filtered dimension.
    fn is_coded(&self, record: usize, selection: &Selection) -> bool {
        selection.codes.iter().all(|(&dimension, codes)| {
            let own = self.key(record, dimension).and_then(|key| u32::try_from(key).ok());
            own.is_some_and(|own| codes.binary_search(&own).is_ok())
        })
    }

    /// Returns the number of a record in a dimension that does not depend on its statute.
    fn key(&self, record: usize, dimension: Dimension) -> Option<i32> {
        match self {
            Self::Charges(columns) => {
                let charges = &columns.records;
                let time = || charges.periods.times()[charges.period.at(record) as usize];
                match dimension {
                    Dimension::Year => time().0,
                    Dimension::Month => time().1,
                    _ => number(dimension, charges.column(dimension)?.at(record)),
                }
            }
            Self::Figures { release, spelled, .. } => {
                match SPELLED.iter().position(|&own| own == dimension) {
                    Some(place) => spelled[place][record],
                    None => release.key(&figures(release)[record], dimension),
                }
            }
        }
    }

    fn key_of(&self, record: usize, statute: &Provision, dimension: Dimension) -> Option<i32> {
        match dimension {
            Dimension::Country | Dimension::Statute | Dimension::Category => statute.key(dimension),
            _ => self.key(record, dimension),
        }
    }

    fn begun(&self, measure: Measure) -> Counted {
        match (self, measure) {
            (Self::Figures { .. }, _) => Counted::Sum(None),
            (_, Measure::Charges) => Counted::Records(0),
            (_, Measure::Cases | Measure::Persons) => Counted::Different(BTreeSet::new()),
        }
    }

    fn add(&self, record: usize, measure: Measure, counted: &mut Counted) {
        match (self, counted) {
            (_, Counted::Records(count)) => *count += self.weight(record),
            (Self::Charges(columns), Counted::Different(numbers)) => {
                let of = if measure == Measure::Cases { &columns.case } else { &columns.defendant };
                numbers.insert(of[record]);
            }
            (Self::Figures { release, .. }, Counted::Sum(sum)) => {
                let figure = &figures(release)[record];
                if figure.measure == measure {
                    *sum = Some(sum.unwrap_or_default() + figure.value);
                }
            }
            (Self::Charges(_), Counted::Sum(_)) | (Self::Figures { .. }, Counted::Different(_)) => {}
        }
    }

    /// Returns how many records a record stands for: many in a table of counts.
    fn weight(&self, record: usize) -> u64 {
        match self {
            Self::Charges(columns) => columns.records.counts.get(record).map_or(1, |&count| count.into()),
            Self::Figures { .. } => 1,
        }
    }

    /// Makes the groups of the selected records, each with what `begun` begins and `add` adds each of its records to.
    fn grouped<T>(
        &self,
        selection: &Selection,
        measures: Option<&[Measure]>,
        begun: impl Fn() -> T,
        add: impl Fn(usize, &mut T),
    ) -> Result<BTreeMap<Key, T>, EngineError> {
        let mut groups: BTreeMap<Key, T> = BTreeMap::new();
        let mut key = Key::new();
        self.each(selection, measures, |record, statute| {
            key.clear();
            key.extend(selection.by.iter().map(|&dimension| self.key_of(record, statute, dimension)));
            if let Some(group) = groups.get_mut(&key) {
                add(record, group);
                return Ok(());
            }
            if groups.len() == MOST_ROWS {
                return Err(EngineError::TooManyRows);
            }
            let mut group = begun();
            add(record, &mut group);
            groups.insert(key.clone(), group);
            Ok(())
        })?;
        Ok(groups)
    }
}

fn figures(release: &Release) -> &[Figure] {
    match release.records() {
        Records::Figures { figures, .. } => figures,
        Records::Charges(_) => &[],
    }
}

/// Whether a record of these days lies between the bounds. Where there is a bound, an unknown date does not.
fn is_between(days: Option<(i32, i32)>, selection: &Selection) -> bool {
    let (from, to) = (selection.from.map(|from| from.first_day()), selection.to.map(|to| to.last_day()));
    from.is_none_or(|from| days.is_some_and(|(first, _)| first >= day_number(from)))
        && to.is_none_or(|to| days.is_some_and(|(_, last)| last <= day_number(to)))
}

/// Returns the keys of groups as columns.
fn columns<'k>(
    keys: impl Iterator<Item = &'k Key> + Clone,
    dimensions: usize,
) -> Vec<super::cells::Cells<Option<i32>>> {
    (0..dimensions).map(|column| keys.clone().map(|key| key[column]).collect()).collect()
}

impl Engine for Maps {
    fn count(&self, selection: &Selection) -> Result<Counts, EngineError> {
        let asked = &selection.measures;
        let begun = || -> (Vec<Counted>, Vec<u32>) {
            (asked.iter().map(|&measure| self.begun(measure)).collect(), Vec::new())
        };
        let is_reported = matches!(self, Self::Figures { .. });
        let groups = self.grouped(selection, Some(asked), begun, |record, (counted, places)| {
            for (&measure, counted) in asked.iter().zip(counted) {
                self.add(record, measure, counted);
            }
            places.extend(u32::try_from(record).ok().filter(|_| is_reported));
        })?;
        let column = |column: usize| groups.values().map(|(counted, _)| counted[column].cell()).collect();
        let evidence = |places: &Vec<u32>| -> Option<Evidence> {
            let Self::Figures { release, .. } = self else { return None };
            Some(evidence_of(places.iter().copied(), figures(release)))
        };
        Ok(Counts::of(
            columns(groups.keys(), selection.by.len()),
            (0..asked.len()).map(column).collect(),
            in_time(groups.values()).filter_map(|(_, places)| evidence(places)).collect(),
            "maps".to_owned(),
        ))
    }

    fn facets(&self, selection: &Selection) -> Result<Counts, EngineError> {
        let groups =
            self.grouped(selection, None, || 0_u64, |record, records| *records += self.weight(record))?;
        let keys = columns(groups.keys(), selection.by.len());
        Ok(Counts::of(
            keys,
            vec![groups.values().map(|&count| Ok(count)).collect()],
            Vec::new(),
            String::new(),
        ))
    }

    fn evidence(&self, selection: &Selection) -> Result<Behind, EngineError> {
        let Self::Figures { release, .. } = self else {
            return Ok(Behind::Charges(self.count(&selection.charges_by_source())?));
        };
        let mut used = Vec::new();
        self.each(selection, Some(&selection.measures), |place, _| {
            used.push(place);
            Ok(())
        })?;
        Ok(Behind::Figures(behind(&used, figures(release))))
    }

    fn explain(&self, selection: &Selection) -> Result<String, EngineError> {
        let by: Vec<&str> = selection.by.iter().map(|dimension| dimension.name()).collect();
        let records = match self {
            Self::Charges(columns) => format!("{} charges", columns.records.rows()),
            Self::Figures { release, .. } => format!("{} figures", figures(release).len()),
        };
        Ok(format!("plain maps: walk over {records}, group by [{}]", by.join(", ")))
    }
}

//! The engine for a release in parts, which no single machine holds.
//!
//! Its tables of counts are in memory: what they tell needs no cluster. Whatever else is asked of the cluster, as SQL (`sql`):
//! different persons and cases, bounds within a month, and what the tables of a very large register no longer distinguish. What comes back is believed only
//! as far as it fits: the cluster sees the files that the release names, with as many bytes and rows; every group is one of the cube;
//! and no group has more persons or cases than charges.

mod asking;
mod origins;
mod place;
mod sql;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::asking::Groups;
pub use self::asking::{Asking, MOST, State, choose, chosen};
use self::origins::{Ask, origins};
pub use self::place::Place;
use self::sql::Charges;
use super::kernel::{Kernel, needed};
use crate::cluster::{ClusterError, Connection, Rows};
use crate::domain::{Dimension, Measure, Period};
use crate::release::{COLUMNS, Columns, Level, Release};
use chargesheet_count::engine::{Cell, Cells, Counts, Engine, EngineError, Maps, Origins, Selection};

/// The engine of a release in parts.
#[derive(Debug)]
pub struct Cluster {
    release: Arc<Release>,
    /// What is counted in advance, the smallest table first.
    cubes: Vec<Cube>,
    place: Place,
    /// The dimensions that have a column.
    columns: Vec<Dimension>,
    asking: Option<Arc<Asking>>,
}

/// A table of counts.
#[derive(Debug)]
struct Cube {
    columns: Arc<Columns>,
    engine: Box<dyn Engine>,
    /// How precisely it distinguishes dates.
    level: Level,
}

impl Cube {
    fn of(release: &Arc<Release>, (cube, level): (Columns, Level)) -> Self {
        let columns = Arc::new(cube);
        let records = &columns.records;
        let charges: u64 = records.counts.iter().map(|&count| u64::from(count)).sum();
        // The kernel adds up in 32 bits.
        let engine: Box<dyn Engine> = match u32::try_from(charges) {
            Ok(_) => Box::new(Kernel::new(&columns)),
            Err(_) => Box::new(Maps::of(release, Some(&columns))),
        };
        Self { columns, engine, level }
    }

    fn has(&self, dimension: Dimension) -> bool {
        self.columns.records.column(dimension).is_some()
    }
}

impl Cluster {
    /// Makes the engine of a release whose charges lie at a place. The cubes have counts of them, the smallest first, each with how
    /// precisely it distinguishes dates. Without a cluster to ask, the engine tells what they do.
    pub fn of(
        release: &Arc<Release>,
        cubes: Vec<(Columns, Level)>,
        place: Place,
        asking: Option<Arc<Asking>>,
    ) -> Self {
        let has = |dimension: &Dimension| place.columns.iter().any(|name| name == dimension.name());
        Self {
            release: Arc::clone(release),
            cubes: cubes.into_iter().map(|cube| Cube::of(release, cube)).collect(),
            columns: COLUMNS.into_iter().filter(has).collect(),
            place,
            asking,
        }
    }

    fn charges(&self) -> Charges<'_> {
        Charges { place: &self.place.charges, release: &self.release, columns: &self.columns }
    }

    /// Returns the smallest table that distinguishes what a selection of charges does.
    fn told(&self, selection: &Selection) -> Option<&Cube> {
        let tells = |cube: &&Cube| {
            let mut dimensions = selection.by.iter().chain(selection.codes.keys());
            let is_told = |dimension: &Dimension| !self.columns.contains(dimension) || cube.has(*dimension);
            needed(selection, &cube.columns) <= cube.level && dimensions.all(is_told)
        };
        self.cubes.iter().find(tells)
    }

    /// Returns the charges that groups of a selection are held against, and whether they have the same groups.
    fn around(&self, selection: &Selection, cube: &Cube) -> Result<(Counts, bool), EngineError> {
        let around = around(selection, cube, &self.columns);
        let is_same =
            needed(selection, &cube.columns) <= cube.level && around.codes.len() == selection.codes.len();
        Ok((cube.engine.count(&around)?, is_same))
    }

    /// Asks the cluster for one measure.
    fn ask(&self, selection: &Selection, measure: Measure) -> Result<Counts, EngineError> {
        let sql = self.charges().count(selection, measure).filter(|_| !self.place.is_empty());
        let Some(sql) = sql else {
            return Ok(counts(
                &Groups { keys: vec![Cells::default(); selection.by.len()], ..Groups::default() },
                String::new(),
            ));
        };
        let (groups, was_kept) = self.asked(&sql, &|rows| self.read(rows, selection))?;
        let told = format!("cluster: {}{}", measure.name(), if was_kept { " (kept)" } else { "" });
        Ok(counts(&groups, told))
    }

    /// Asks a statement, and returns what is read of its rows.
    fn asked(
        &self,
        sql: &str,
        read: &dyn Fn(&Rows) -> Result<Groups, EngineError>,
    ) -> Result<(Arc<Groups>, bool), EngineError> {
        let Some(asking) = &self.asking else {
            return Err(EngineError::Away("no cluster was named; give --engine sc://host:15002".to_owned()));
        };
        let hold = |connection: &Connection, most| self.place.hold(&self.charges().files(), connection, most);
        asking.groups(sql, hold, read)
    }

    /// Turns rows into groups, and sorts them as all engines do.
    fn read(&self, rows: &Rows, selection: &Selection) -> Result<Groups, EngineError> {
        let wrong = |error: ClusterError| EngineError::Away(error.to_string());
        if rows.len() > chargesheet_count::engine::MOST_ROWS {
            return Err(EngineError::TooManyRows);
        }
        let mut origins: Arc<[String]> = Arc::default();
        if let Some(column) = selection.by.iter().position(|&by| by == Dimension::Source) {
            let texts: BTreeSet<&str> = rows.texts(column).map_err(wrong)?.flatten().collect();
            origins = texts.into_iter().map(str::to_owned).collect();
        }
        let mut keys = Vec::new();
        for (column, &dimension) in selection.by.iter().enumerate() {
            keys.push(self.keys(rows, column, dimension, &origins).map_err(wrong)?);
        }
        let mut counted = Vec::with_capacity(rows.len());
        for count in rows.numbers(selection.by.len()).map_err(wrong)? {
            let count = count.and_then(|count| u64::try_from(count).ok());
            counted.push(
                count.ok_or_else(|| {
                    wrong(ClusterError::NotWhole { what: "a count is no count".to_owned() })
                })?,
            );
        }
        let mut order: Vec<usize> = (0..counted.len()).collect();
        if selection.by.is_empty() {
            // Without any charge there is no group.
            order.retain(|&row| counted[row] > 0);
        }
        order.sort_unstable_by(|&left, &right| {
            crate::query::keep_deadline();
            let orders = keys.iter().map(|column| column[left].cmp(&column[right]));
            orders.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        let sorted = |column: &Vec<Option<i32>>| order.iter().map(|&row| column[row]).collect();
        Ok(Groups {
            keys: keys.iter().map(sorted).collect(),
            counts: order.iter().map(|&row| Cell::Ok(counted[row])).collect(),
            origins,
        })
    }

    /// Returns the numbers of a column of keys. Every text must be one that the release knows.
    fn keys(
        &self,
        rows: &Rows,
        column: usize,
        dimension: Dimension,
        origins: &[String],
    ) -> Result<Vec<Option<i32>>, ClusterError> {
        let unknown = |what: String| ClusterError::NotWhole { what };
        if matches!(dimension, Dimension::Country | Dimension::Statute | Dimension::Category) {
            let numbers = rows.numbers(column)?.into_iter();
            let key = |number: Option<i64>| number.map(i32::try_from).transpose();
            let keys: Result<Vec<_>, _> = numbers.map(key).collect();
            return keys.map_err(|_too_large| unknown(format!("it has a {dimension} that we did not give")));
        }
        let mut known: foldhash::HashMap<&str, i32> = foldhash::HashMap::default();
        let mut keys = Vec::with_capacity(rows.len());
        for text in rows.texts(column)? {
            let Some(text) = text else {
                keys.push(None);
                continue;
            };
            let key = match known.get(text) {
                Some(&key) => key,
                None => {
                    let key = match dimension {
                        Dimension::Source => {
                            origins.binary_search_by(|own| own.as_str().cmp(text)).ok().map(i32::try_from)
                        }
                        _ => self.number(dimension, text).map(Ok),
                    };
                    let key = key.and_then(Result::ok);
                    let key =
                        key.ok_or_else(|| unknown(format!("it has a {dimension} that the release has not")))?;
                    known.insert(text, key);
                    key
                }
            };
            keys.push(Some(key));
        }
        Ok(keys)
    }

    fn number(&self, dimension: Dimension, text: &str) -> Option<i32> {
        match dimension {
            Dimension::Year => Period::parse(text).ok().map(Period::year),
            Dimension::Month => Period::parse(text).ok().and_then(Period::month),
            _ => {
                // Texts of charges are composed; others are no texts of theirs.
                let number = self.release.number(dimension, text)?;
                (self.release.code(dimension, number) == text).then_some(i32::try_from(number).ok()?)
            }
        }
    }
}

fn counts(groups: &Groups, told: String) -> Counts {
    let counts = Counts::of(groups.keys.clone(), vec![groups.counts.clone()], Vec::new(), told);
    counts.with_origins(&groups.origins)
}

/// Returns the charges of the whole months or years around a selection, by what the cube distinguishes.
fn around(selection: &Selection, cube: &Cube, has: &[Dimension]) -> Selection {
    let is_there = |dimension: &&Dimension| match dimension {
        Dimension::Month => cube.level >= Level::Month,
        Dimension::Year => cube.level >= Level::Year,
        other => !has.contains(other) || cube.has(**other),
    };
    let by = selection.by.iter().take_while(is_there).copied().collect();
    let mut around = selection.charges_by(by);
    around.codes.retain(|dimension, _| is_there(&dimension));
    if needed(selection, &cube.columns) > cube.level {
        let whole = |period: Period, day: jiff::civil::Date| match cube.level {
            Level::All => None,
            Level::Year => Some(Period::Year(day.first_of_year())),
            Level::Month => Some(Period::Month(day.first_of_month())),
            Level::Day => Some(period),
        };
        around.from = selection.from.and_then(|from| whole(from, from.first_day()));
        around.to = selection.to.and_then(|to| whole(to, to.last_day()));
    }
    around
}

impl Engine for Cluster {
    fn count(&self, selection: &Selection) -> Result<Counts, EngineError> {
        let charges = selection.charges_by(selection.by.clone());
        let told = self.told(selection);
        if let Some(cube) =
            told.filter(|_| selection.measures.iter().all(|measure| *measure == Measure::Charges))
        {
            return cube.engine.count(selection);
        }
        let (around, is_same) = match told.or(self.cubes.last()) {
            Some(cube) => self.around(selection, cube)?,
            None => (self.ask(&charges, Measure::Charges)?, true),
        };
        let mut joined: Option<Counts> = None;
        for &measure in &selection.measures {
            let counted = match (measure, told) {
                (Measure::Charges, Some(cube)) => cube.engine.count(&charges)?,
                _ => self.ask(selection, measure)?,
            };
            let wrong = || {
                let what = format!("its {} do not fit its charges", measure.name());
                EngineError::Away(ClusterError::NotWhole { what }.to_string())
            };
            if !counted.fits(&around, is_same) {
                return Err(wrong());
            }
            joined = Some(match joined {
                None => counted,
                Some(before) => before.beside(counted).ok_or_else(wrong)?,
            });
        }
        Ok(joined.unwrap_or_default())
    }

    fn origins(
        &self,
        charges: &Selection,
        named: &[&str],
        most: usize,
    ) -> Result<Option<Origins>, EngineError> {
        if self.place.is_empty() {
            return Ok(Some(Origins { named: vec![false; named.len()], ..Origins::default() }));
        }
        let ask: &Ask<'_> = &|sql, read| self.asked(sql, read).map(|(groups, _)| groups);
        origins(self.charges(), charges, named, most, ask).map(Some)
    }

    fn is_near(&self) -> bool {
        false
    }

    fn explain(&self, selection: &Selection) -> Result<String, EngineError> {
        let told = self.told(selection);
        let asked =
            selection.measures.iter().filter(|measure| told.is_none() || **measure != Measure::Charges);
        let asked: Vec<String> =
            asked.filter_map(|&measure| self.charges().count(selection, measure)).collect();
        match told.filter(|_| asked.is_empty()) {
            Some(cube) => cube.engine.explain(selection),
            None => Ok(asked.join(";\n")),
        }
    }
}

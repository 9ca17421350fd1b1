//! The check of a package's charges on a cluster: the rules of one row by our own program in the workers, the rules between rows by
//! statements. What comes here are counts and the problems that are listed, never the rows.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::civil::Date;

use super::statements::{Places, among, shell_word};
use super::worker::{Told, basis, kind};
use super::{ClusterError, Connection};
use crate::domain::tables::CHARGES;
use crate::domain::{Register, Say};
use crate::ingest::{Charges, Omitted, Platform, Problem, Reason, Report, Rules, Severity};
use crate::package::{Package, PackageError, Resource};
use chargesheet_check::ingest::charge_rows::compare_columns;
use chargesheet_check::ingest::charges::{CASE_ID, CHARGE_ID, DEFENDANT_ID};
use chargesheet_check::ingest::field::similar_words;
use chargesheet_check::ingest::row_positions::Position;
use chargesheet_check::ingest::similar::no_two_look_alike;
use chargesheet_check::ingest::table_reader::TableReader;

/// Most problems that are fetched, of each kind. All are counted.
const LISTED: usize = 200_000;
/// Most pairs of ids that look alike which are told of, for each column.
const LOOK_ALIKE: usize = 1_000;
/// Rows that are sorted as one piece, and the least and the most pieces. Spark joins small ones.
const ROWS_OF_A_PIECE: u64 = 1 << 20;
const MOST_PIECES: (u64, u64) = (8, 1 << 14);
/// Positions that a conflict names.
const NAMED: usize = 10;

/// A cluster that checks the charges of one package. It is the [`Platform`] of that check.
pub struct Cluster {
    connection: Connection,
    places: Places,
    folder: PathBuf,
    /// The command that workers run, for checking and for ids.
    programs: [String; 2],
    /// How long a statement may take.
    most: Duration,
    done: RefCell<Option<Result<Sorted, ClusterError>>>,
}

/// Charges that are checked and sorted.
#[derive(Debug, Clone)]
pub struct Sorted {
    /// The columns of their canonical lines.
    pub columns: Vec<String>,
    /// The folder of their files, whose names are in the order of the charges. `None` when a file is refused, so that none was sorted.
    pub folder: Option<PathBuf>,
    /// Whether rules between rows took charges out.
    pub has_repeated: bool,
}

/// A table of charges: a file of the package.
type File<'u> = TableReader<'static, 'u>;

impl Cluster {
    /// Prepares the check of a package in a folder. `work` is a folder for what is written meanwhile. Workers must see both, and the
    /// program, under the same paths. `most` is how long a statement may take.
    pub fn of(
        connection: Connection,
        program: &Path,
        package: &Path,
        work: &Path,
        today: Date,
        most: Duration,
    ) -> Self {
        let word = |path: &Path| shell_word(&path.display().to_string());
        let check = format!("{} check-part --today {today} {}", word(program), word(package));
        let images = format!("{} check-part --images", word(program));
        let (places, programs) = (Places::of(work), [check, images]);
        Self { connection, places, folder: work.to_owned(), programs, most, done: RefCell::new(None) }
    }

    /// Returns the charges, once the package was read. `None` where another table is refused, so that nobody asked for them.
    ///
    /// # Errors
    /// When the cluster could not do it.
    pub fn sorted(&self) -> Result<Option<Sorted>, ClusterError> {
        self.done.borrow_mut().take().transpose()
    }

    /// Returns the numbers of the refused rows of some files, each with its first reason, in order, by the place of the file.
    ///
    /// # Errors
    /// When the cluster cannot tell.
    pub fn refused(
        &self,
        files: RangeInclusive<usize>,
        has_repeated: bool,
    ) -> Result<BTreeMap<usize, BTreeMap<u64, Reason>>, ClusterError> {
        let mut all: BTreeMap<usize, BTreeMap<u64, Reason>> = BTreeMap::new();
        for row in self.ask(&self.places.lines(kind::REFUSED, &format!(" AND {}", among(&files))))? {
            all.entry(place(&row, 0)?).or_default().insert(number(&row, 1)?, parsed(&row[2])?);
        }
        if has_repeated {
            for row in self.ask(&self.places.refused_later(&files))? {
                let own = all.entry(place(&row, 0)?).or_default();
                own.entry(number(&row, 1)?).or_insert(Reason::ConflictingDuplicate);
            }
        }
        Ok(all)
    }

    fn ask(&self, sql: &str) -> Result<Vec<Vec<String>>, ClusterError> {
        self.connection.texts(sql, self.most)
    }

    fn run(&self, sql: &str) -> Result<(), ClusterError> {
        self.connection.ask(sql, self.most).map(|_nothing| ())
    }

    fn check(
        &self,
        package: &Package,
        register: &Register,
        rules: &Rules,
        report: &mut Report,
    ) -> Result<Sorted, ClusterError> {
        let files: Vec<&Resource> = package.descriptor.files_of(CHARGES.name).collect();
        let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        let before = stamps(package, &paths);
        self.run(&self.places.check(&self.programs[0], &paths))?;
        let after = stamps(package, &paths);
        if let Some(changed) = (0..paths.len()).find(|&place| before[place] != after[place]) {
            let what = format!("{} has changed while it was checked", paths[changed]);
            return Err(ClusterError::NotWhole { what });
        }
        let told = self.told(&paths)?;
        let basis = basis(package, register);
        if told.iter().any(|told| told.basis != basis) {
            let what = "a worker has checked by another version of this program, or of the package's descriptor and statutes; \
                        are they the same everywhere, and has nobody changed them meanwhile?";
            return Err(ClusterError::NotWhole { what: what.to_owned() });
        }
        let has =
            told.iter().find(|told| !told.has.is_empty()).map(|told| told.has.clone()).unwrap_or_default();
        let mut tables = self.tables(&told, rules)?;
        let first = told.iter().position(|told| !told.has.is_empty());
        for (place, (table, told)) in tables.iter_mut().zip(&told).enumerate() {
            if let Some(first) = first.filter(|first| place != *first && !told.has.is_empty()) {
                compare_columns(&paths[first], &has, table);
            }
        }
        let columns: Vec<String> = CHARGES
            .in_release()
            .into_iter()
            .filter(|column| has.get(CHARGES.place(column.name)).copied().unwrap_or_default())
            .map(|column| column.name.to_owned())
            .collect();
        let (mut folder, mut has_repeated) = (None, false);
        if tables.iter().all(|table| table.problems.is_clean_of_file_errors()) {
            let accepted: u64 = tables.iter().map(|table| table.counts.accepted).sum();
            let rows = self.ask(&self.places.count_rows())?;
            if rows != [[accepted.to_string()]] {
                let what = format!("{rows:?} rows are there, and the workers told of {accepted}");
                return Err(ClusterError::NotWhole { what });
            }
            let pieces = (accepted / ROWS_OF_A_PIECE).clamp(MOST_PIECES.0, MOST_PIECES.1);
            self.run(&format!("SET spark.sql.shuffle.partitions = {pieces}"))?;
            self.warn_of_similar(&told, &mut tables)?;
            has_repeated = self.settle(has.get(CHARGE_ID) == Some(&true), &mut tables)?;
            self.run(&self.places.sort(&columns, has_repeated))?;
            folder = Some(self.folder.join("sorted"));
        }
        let has_rows = tables.iter().any(|table| table.counts.read > 0);
        for mut table in tables {
            table.may_be_empty = has_rows;
            table.close(report);
        }
        Ok(Sorted { columns, folder, has_repeated })
    }

    /// Returns what the workers tell of each file.
    fn told(&self, paths: &[String]) -> Result<Vec<Told>, ClusterError> {
        let lines = self.ask(&self.places.lines(kind::FILE, " ORDER BY file"))?;
        let mut all = Vec::with_capacity(paths.len());
        for (place, (line, path)) in lines.iter().zip(paths).enumerate() {
            let told: Told = parsed(&line[2])?;
            if number(line, 0)? != place as u64 || told.counts.name != *path {
                break;
            }
            all.push(told);
        }
        if all.len() != paths.len() || lines.len() != paths.len() {
            let what = format!("{} files were given, and the workers told of {}", paths.len(), lines.len());
            return Err(ClusterError::NotWhole { what });
        }
        Ok(all)
    }

    /// Makes a table of each file, with its counts and its problems.
    fn tables<'u>(&self, told: &[Told], rules: &'u Rules) -> Result<Vec<File<'u>>, ClusterError> {
        let mut tables: Vec<File<'_>> = Vec::with_capacity(told.len());
        for (place, told) in told.iter().enumerate() {
            let mut table = TableReader::of_rows(told.counts.name.clone(), CHARGES.columns, rules);
            table.file = place;
            table.counts = told.counts.clone();
            let mut places = 0..;
            table.places = match &told.has[..] {
                [] => vec![None; CHARGES.columns.len()],
                has => has.iter().map(|has| has.then(|| places.next()).flatten()).collect(),
            };
            tables.push(table);
        }
        let mut listed: BTreeMap<(usize, Reason, bool), u64> = BTreeMap::new();
        let rest = format!(" ORDER BY file, row LIMIT {LISTED}");
        // Faults of files decide whether anything is published, so that all are fetched.
        let faults = self.ask(&self.places.lines(kind::FAULT, " ORDER BY file, row"))?;
        for line in faults.into_iter().chain(self.ask(&self.places.lines(kind::PROBLEM, &rest))?) {
            let (file, problem): (_, Problem) = (place(&line, 0)?, parsed(&line[2])?);
            *listed.entry((file, problem.reason, problem.severity == Severity::Error)).or_default() += 1;
            tables.get_mut(file).ok_or_else(strange)?.problems.note(problem);
        }
        for (place, (table, told)) in tables.iter_mut().zip(told).enumerate() {
            for Omitted { reason, severity, count, .. } in &told.problems {
                let listed = listed.get(&(place, *reason, *severity == Severity::Error)).copied();
                let omitted = count.checked_sub(listed.unwrap_or_default()).ok_or_else(strange)?;
                table.problems.omit(*reason, *severity, omitted);
            }
        }
        Ok(tables)
    }

    fn warn_of_similar(&self, told: &[Told], tables: &mut [File<'_>]) -> Result<(), ClusterError> {
        for (place, column) in [CASE_ID, DEFENDANT_ID, CHARGE_ID].into_iter().enumerate() {
            let characters: String = told.iter().map(|told| told.characters[place].as_str()).collect();
            if no_two_look_alike(&characters) {
                continue;
            }
            let name = CHARGES.columns[column].name;
            for row in self.ask(&self.places.look_alike(name, &self.programs[1], LOOK_ALIKE))? {
                let own = position(&row, 0)?;
                let [_, _, first, other] = &row[..] else { return Err(strange()) };
                let table = tables.get_mut(own.file).ok_or_else(strange)?;
                table.warn(own, column, Reason::SimilarIds, || similar_words(first, other));
            }
        }
        Ok(())
    }

    /// Settles charges with the same key, as `repeats` does it on one machine. Returns whether any are taken out.
    fn settle(&self, has_own: bool, tables: &mut [File<'_>]) -> Result<bool, ClusterError> {
        let column = if has_own { CHARGE_ID } else { CASE_ID };
        self.run(&self.places.repeat(has_own))?;
        let mut left: BTreeMap<(usize, String), u64> = BTreeMap::new();
        for row in self.ask(&self.places.count_repeated())? {
            left.insert((place(&row, 0)?, row[1].clone()), number(&row, 2)?);
        }
        if left.is_empty() {
            return Ok(false);
        }
        let names: Vec<String> = tables.iter().map(|table| table.counts.name.clone()).collect();
        let listed = self.ask(&self.places.list_repeated(LISTED))?;
        for group in listed.chunk_by(|left, right| left[3..5] == right[3..5]) {
            let first = position(&group[0], 3)?;
            names.get(first.file).ok_or_else(strange)?;
            let says = self.conflict(group, first, tables, &names)?;
            for row in group {
                let own = position(row, 0)?;
                let count = left.get_mut(&(own.file, row[2].clone())).filter(|count| **count > 0);
                *count.ok_or_else(strange)? -= 1;
                let table = tables.get_mut(own.file).ok_or_else(strange)?;
                if row[2] == "duplicate" {
                    let other = (own.file != first.file).then(|| &*names[first.file]);
                    table.repeat_later(own, first, other, column);
                } else {
                    table.refuse_later(own, column, Reason::ConflictingDuplicate, &says);
                }
            }
        }
        for ((file, verdict), count) in left {
            let table = tables.get_mut(file).ok_or_else(strange)?;
            let (taken, reason, severity) = match verdict.as_str() {
                "duplicate" => (&mut table.counts.duplicates, Reason::Duplicate, Severity::Warning),
                _ => (&mut table.counts.rejected, Reason::ConflictingDuplicate, Severity::Error),
            };
            *taken += count;
            table.counts.accepted = table.counts.accepted.checked_sub(count).ok_or_else(strange)?;
            table.problems.omit(reason, severity, count);
        }
        Ok(true)
    }

    /// Says why the rows of a group are refused.
    fn conflict(
        &self,
        group: &[Vec<String>],
        first: Position,
        tables: &[File<'_>],
        names: &[String],
    ) -> Result<Say, ClusterError> {
        if group[0][2] != "conflict" {
            return Ok(Say::new("conflicting_duplicate.refused"));
        }
        let named: Vec<Position> =
            group.iter().take(NAMED).map(|row| position(row, 0)).collect::<Result<_, _>>()?;
        let all = usize::try_from(number(&group[0], 5)?).map_err(|_large| strange())?;
        let is_one_file = group[0][6] == "true";
        let positions = (0..all).map(|place| named[place.min(named.len() - 1)]);
        let name = |place: Position| names.get(place.file).filter(|_| !is_one_file).map(String::as_str);
        Ok(tables.get(first.file).ok_or_else(strange)?.conflict(positions, name))
    }
}

impl Platform for Cluster {
    fn parquet(
        &self,
        package: &Package,
        register: &Register,
        rules: &Rules,
        report: &mut Report,
    ) -> Result<Charges, PackageError> {
        let done = self.check(package, register, rules, report);
        *self.done.borrow_mut() = Some(done);
        Ok(Charges::default())
    }
}

/// Returns the size of each file, and when it was changed.
fn stamps(package: &Package, paths: &[String]) -> Vec<Option<(u64, SystemTime)>> {
    let stamp = |path: &String| {
        let found = package.files.folder()?.join(path).metadata().ok()?;
        Some((found.len(), found.modified().ok()?))
    };
    paths.iter().map(stamp).collect()
}

/// The error for an answer that does not fit what was asked.
fn strange() -> ClusterError {
    ClusterError::NotWhole { what: "it does not fit what was asked".to_owned() }
}

fn parsed<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, ClusterError> {
    serde_json::from_str(json)
        .map_err(|error| ClusterError::NotWhole { what: format!("a line of a worker: {error}") })
}

fn number(row: &[String], column: usize) -> Result<u64, ClusterError> {
    row.get(column).and_then(|text| text.parse().ok()).ok_or_else(strange)
}

fn place(row: &[String], column: usize) -> Result<usize, ClusterError> {
    number(row, column).and_then(|number| usize::try_from(number).map_err(|_large| strange()))
}

/// Returns the position of a row: the place of its file, and its number in the column behind it.
fn position(row: &[String], column: usize) -> Result<Position, ClusterError> {
    let record = number(row, column + 1)?;
    Ok(Position { file: place(row, column)?, record, line: record })
}

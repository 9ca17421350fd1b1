//! What a worker of the cluster does: it checks whole files of charges by the rules of one row, and writes what it found as lines that
//! Spark reads.
//!
//! A line has the fields of [`FIELDS`]: the kind of line, the place of the file, a number, a text, and the cells of a canonical line. A
//! missing cell is [`NONE`]. Fields are parted by [`BETWEEN`]. The ends of lines within a cell are [`LF`] and [`CR`]. No text of a
//! charge has any of these signs, because control characters are refused.

use std::cell::RefCell;
use std::io::{BufRead, Error, Result, Write};

use sha2::{Digest as _, Sha256};

use crate::domain::tables::CHARGES;
use crate::domain::{Period, Register};
use crate::ingest::parquet_file::{OneFile, read_one};
use crate::ingest::{Charges, FileReport, IdList, Ids, Omitted, Platform, Report, Rules, write_whole};
use crate::package::{Package, PackageError, hex};
use crate::release::charge_table::{Cells, Table};
use chargesheet_check::ingest::charge_rows::CheckedRows;

/// Parts the fields of a line.
pub const BETWEEN: char = '\u{1}';
/// Stands for a line feed within a field.
pub const LF: char = '\u{2}';
/// Stands for a carriage return within a field.
pub const CR: char = '\u{3}';
/// Stands for a missing value.
pub const NONE: char = '\u{4}';

/// The fields of a line in front of the cells.
pub const FIELDS: [&str; 4] = ["kind", "file", "row", "text"];

/// The kinds of lines.
pub mod kind {
    /// A file: its counts, its columns, and how many problems it has.
    pub const FILE: &str = "file";
    /// A problem of a whole file.
    pub const FAULT: &str = "fault";
    /// A problem of a row that is listed.
    pub const PROBLEM: &str = "problem";
    /// The number of a refused row, and the reason.
    pub const REFUSED: &str = "refused";
    /// The key of a row that is refused or withheld.
    pub const KEY: &str = "key";
    /// A charge that is accepted by the rules of one row.
    pub const ROW: &str = "row";
}

/// What a worker tells of a file.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Told {
    /// Its counts.
    pub counts: FileReport,
    /// For each column of charges: whether the file has it. Empty when the file is refused whole.
    pub has: Vec<bool>,
    /// How many problems it has of each kind, those that are listed among them.
    pub problems: Vec<Omitted>,
    /// Of cases, defendants and charges: the different characters of all ids.
    pub characters: [String; 3],
    /// What it was checked [by](basis).
    pub basis: String,
}

/// Returns a digest of all that rows are checked by: this version of the rules, the descriptor, the code lists and the statutes.
pub fn basis(package: &Package, register: &Register) -> String {
    let mut sha256 = Sha256::new_with_prefix(env!("CARGO_PKG_VERSION"));
    let descriptor = serde_json::to_vec(&package.descriptor).unwrap_or_default();
    let statutes = serde_json::to_vec(register.all()).unwrap_or_default();
    let lists = package.lists.bytes().map(|(_, bytes)| bytes);
    for bytes in [&descriptor[..], &statutes].into_iter().chain(lists) {
        sha256.update((bytes.len() as u64).to_le_bytes());
        sha256.update(bytes);
    }
    hex(&sha256.finalize())
}

/// A platform that reads only the files whose places come in, and writes lines about them.
pub struct Worker<I, O> {
    /// The places of files and their paths, a line each.
    pub places: RefCell<I>,
    /// The lines.
    pub out: RefCell<O>,
}

impl<I: BufRead, O: Write> Platform for Worker<I, O> {
    fn parquet(
        &self,
        package: &Package,
        register: &Register,
        rules: &Rules,
        _report: &mut Report,
    ) -> std::result::Result<Charges, PackageError> {
        for line in (&mut *self.places.borrow_mut()).lines() {
            let failed = |source| PackageError::Read { path: package.descriptor.name.clone(), source };
            let line = line.map_err(failed)?;
            let (place, path) = line.split_once(BETWEEN).unwrap_or_default();
            let place: usize = place.parse().unwrap_or(usize::MAX);
            let found = package.descriptor.files_of(CHARGES.name).nth(place);
            let file = found.filter(|file| file.path == path).ok_or_else(|| {
                let why = format!("the worker finds no {path:?} at place {place} of the charges; does it see the same folder?");
                failed(Error::other(why))
            })?;
            let read = read_one(package, file, place, register, rules, self)?;
            let mut out = self.out.borrow_mut();
            let mut lines = Lines { out: &mut *out, line: Vec::new(), file: place };
            lines.file(package, register, read).map_err(failed)?;
        }
        Ok(Charges::default())
    }
}

/// A writer of the lines of a file.
struct Lines<'o, O> {
    out: &'o mut O,
    line: Vec<u8>,
    file: usize,
}

impl<O: Write> Lines<'_, O> {
    fn file(&mut self, package: &Package, register: &Register, read: OneFile<'_>) -> Result<()> {
        let OneFile { table, rows } = read;
        let has =
            (0..CHARGES.columns.len()).map(|column| table.places.get(column).copied().flatten().is_some());
        let has: Vec<bool> = if rows.is_some() { has.collect() } else { Vec::new() };
        let mut report = Report::default();
        let counts = table.counts.clone();
        table.problems.close(table.counts, &mut report);
        let mut problems = report.omitted;
        for problem in &report.problems {
            let (reason, severity) = (problem.reason, problem.severity);
            let same = |own: &&mut Omitted| own.reason == reason && own.severity == severity;
            match problems.iter_mut().find(same) {
                Some(own) => own.count += 1,
                None => problems.push(Omitted { file: counts.name.clone(), reason, severity, count: 1 }),
            }
        }
        let characters = rows
            .as_ref()
            .map_or_else(Default::default, |rows| [0, 1, 2].map(|column| characters(&rows.ids[column].ids)));
        let told = Told { counts, has, problems, characters, basis: basis(package, register) };
        self.begin(kind::FILE, 0);
        self.text(&serde_json::to_string(&told)?);
        self.end(&[])?;
        for (number, problem) in (0..).zip(&report.problems) {
            self.begin(if problem.record.is_some() { kind::PROBLEM } else { kind::FAULT }, number);
            self.text(&serde_json::to_string(problem)?);
            self.end(&[])?;
        }
        for (number, reason) in report.rejected.values().flatten() {
            self.begin(kind::REFUSED, *number);
            self.text(&serde_json::to_string(reason)?);
            self.end(&[])?;
        }
        rows.map_or(Ok(()), |rows| self.rows(package, register, rows))
    }

    fn rows(&mut self, package: &Package, register: &Register, rows: CheckedRows) -> Result<()> {
        let CheckedRows { mut charges, positions, ids: [cases, defendants, own], excluded } = rows;
        for key in excluded.each() {
            let names = excluded.columns().iter().map(|&column| CHARGES.columns[column].name);
            let cells: Vec<(&str, &str)> = names.zip(key).collect();
            self.begin(kind::KEY, 0);
            self.text("");
            self.end(&cells)?;
        }
        (charges.case, charges.defendant, charges.own) = (cases.numbers, defendants.numbers, own.numbers);
        charges.ids = Some(Box::new(Ids { cases: cases.ids, defendants: defendants.ids, charges: own.ids }));
        let table = Table { lists: &package.lists, register, charges: &charges };
        let there = table.columns();
        let columns: Vec<Option<&Cells<'_>>> = CHARGES
            .in_release()
            .into_iter()
            .map(|column| there.iter().find(|(name, _)| *name == column.name).map(|(_, cells)| cells))
            .collect();
        for row in 0..charges.len() {
            self.begin(kind::ROW, positions.at(row).record);
            self.text("");
            for cells in &columns {
                self.line.push(BETWEEN as u8);
                self.cell(*cells, row);
            }
            self.write()?;
        }
        Ok(())
    }

    /// Begins a line.
    fn begin(&mut self, kind: &str, number: u64) {
        self.line.clear();
        self.line.extend_from_slice(kind.as_bytes());
        self.line.push(BETWEEN as u8);
        write_whole(self.file as u64, &mut self.line);
        self.line.push(BETWEEN as u8);
        write_whole(number, &mut self.line);
        self.line.push(BETWEEN as u8);
    }

    /// Appends a text; an empty one is a missing value.
    fn text(&mut self, text: &str) {
        match text {
            "" => self.line.push(NONE as u8),
            _ if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none() => {
                self.line.extend_from_slice(text.as_bytes());
            }
            _ => self.line.extend(text.bytes().map(|byte| match byte {
                b'\n' => LF as u8,
                b'\r' => CR as u8,
                byte => byte,
            })),
        }
    }

    fn cell(&mut self, cells: Option<&Cells<'_>>, row: usize) {
        match cells {
            None | Some(Cells::Numbers(_) | Cells::Ids(_, None)) => self.text(""),
            Some(Cells::Coded { codes, texts, may_be_absent }) => {
                let code = codes.at(row).checked_sub(u32::from(*may_be_absent));
                self.text(code.map_or("", |code| texts[code as usize]));
            }
            Some(Cells::Texts(numbers, texts)) => {
                self.text(numbers[row].checked_sub(1).map_or("", |number| texts.text(number)));
            }
            Some(Cells::Dates(packed, absent)) => match packed[row] {
                0 => self.text(absent.unwrap_or_default()),
                packed => {
                    let mut text = String::with_capacity(10);
                    Period::write_packed(packed, &mut text);
                    self.text(&text);
                }
            },
            Some(Cells::Months(months)) => match months[row].checked_sub(1) {
                None => self.text(""),
                Some(months) => write_whole(months.into(), &mut self.line),
            },
            Some(Cells::Ids(numbers, Some(list))) => match list {
                IdList::Texts(texts) => self.text(texts.text(numbers[row])),
                IdList::Whole(_) => list.write(numbers[row], &mut self.line),
            },
        }
    }

    /// Ends a line with these cells; the others are missing.
    fn end(&mut self, cells: &[(&str, &str)]) -> Result<()> {
        for column in CHARGES.in_release() {
            self.line.push(BETWEEN as u8);
            let cell = cells.iter().find(|(name, _)| *name == column.name);
            self.text(cell.map_or("", |(_, text)| text));
        }
        self.write()
    }

    fn write(&mut self) -> Result<()> {
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }
}

/// Returns the different characters of ids.
fn characters(ids: &IdList) -> String {
    match ids {
        IdList::Whole(ids) if ids.values().is_empty() => String::new(),
        IdList::Whole(_) => "0123456789".to_owned(),
        IdList::Texts(texts) => {
            texts.run().chars().collect::<std::collections::BTreeSet<char>>().into_iter().collect()
        }
    }
}

/// Reads ids with their places, and writes each with its image: what a person sees in it. The first two fields of a line are passed on.
///
/// # Errors
/// When a line cannot be read or written.
pub fn images(ids: impl BufRead, mut out: impl Write) -> Result<()> {
    for line in ids.lines() {
        let line = line?;
        let id = line.splitn(3, BETWEEN).nth(2).unwrap_or_default();
        let image = chargesheet_check::ingest::similar::image(&id.replace(LF, "\n").replace(CR, "\r"));
        writeln!(
            out,
            "{line}{BETWEEN}{}",
            image.replace('\n', &LF.to_string()).replace('\r', &CR.to_string())
        )?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;

    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;

    use super::*;
    use crate::domain::Statute;
    use crate::ingest::ingest_on;

    const DESCRIPTOR: &str = r#"{
        "name": "p", "title": "P", "version": "1", "created": "2026-01-02T00:00:00Z", "sources": [],
        "licenses": [{ "name": "CC0-1.0" }],
        "resources": [{ "name": "statutes", "path": "s.csv" }, { "name": "charges", "path": "c", "format": "parquet" }],
        "chargesheet": { "kind": "case-level", "measures": ["charges"], "time_basis": "charge",
            "additive": [], "disclosure": "none" }
    }"#;
    const STATUTES: &str = "statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,\
                            in_force_to,successor,url\nKAZ-274,,KAZ,Code,274,,False information,,,,,,,\n";

    fn part(rows: &[[&str; 8]]) -> Vec<u8> {
        let names = [
            "case_id",
            "defendant_id",
            "country",
            "statute",
            "date_charged",
            "outcome",
            "sentence",
            "publish",
        ];
        let column =
            |at: usize| Arc::new(rows.iter().map(|row| Some(row[at])).collect::<StringArray>()) as ArrayRef;
        let columns = names.into_iter().enumerate().map(|(at, name)| (name, column(at), true));
        let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
        let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    }

    fn lines(places: &str) -> std::result::Result<Vec<Vec<String>>, String> {
        let charge = |case, outcome, sentence, publish| {
            [case, "d", "KAZ", "KAZ-274", "2020-05", outcome, sentence, publish]
        };
        let files = [
            ("datapackage.json", DESCRIPTOR.as_bytes().to_vec()),
            ("s.csv", STATUTES.as_bytes().to_vec()),
            ("c/0.parquet", part(&[charge("9", "pending", "", "")])),
            (
                "c/1.parquet",
                part(&[
                    charge("1", "pending", "two\nlines", ""),
                    charge("2", "convictd", "", ""),
                    charge("3", "pending", "", "false"),
                ]),
            ),
        ];
        let files = files.map(|(path, bytes)| (path.to_owned(), bytes)).to_vec();
        let package = Package::in_memory("p", files).unwrap();
        let worker = Worker { places: RefCell::new(Cursor::new(places)), out: RefCell::new(Vec::new()) };
        ingest_on(&package, &Rules::of_any_day(), &worker).map_err(|error| error.to_string())?;
        let out = String::from_utf8(worker.out.into_inner()).unwrap();
        Ok(out.lines().map(|line| line.split(BETWEEN).map(str::to_owned).collect()).collect())
    }

    #[test]
    fn a_worker_tells_of_the_files_that_it_is_given_and_of_every_row() {
        let lines = lines("1\u{1}c/1.parquet\n").unwrap();
        let width = FIELDS.len() + CHARGES.in_release().len();
        assert!(lines.iter().all(|line| line.len() == width), "{lines:?}");
        let of = |kind: &str| lines.iter().filter(|line| line[0] == kind).cloned().collect::<Vec<_>>();
        let told: Told = serde_json::from_str(&of(kind::FILE)[0][3]).unwrap();
        let FileReport { ref name, read, accepted, rejected, withheld, .. } = told.counts;
        assert_eq!((name.as_str(), read, accepted, rejected, withheld), ("c/1.parquet", 3, 1, 1, 1));
        assert_eq!(
            told.characters,
            ["1", "d", ""].map(str::to_owned).map(|own| own.replace('1', "0123456789"))
        );
        let problem: crate::ingest::Problem = serde_json::from_str(&of(kind::PROBLEM)[0][3]).unwrap();
        assert_eq!((problem.record, problem.suggestion.as_deref()), (Some(2), Some("convicted")));
        assert_eq!(problem.message, problem.says.english());
        assert_eq!(of(kind::REFUSED)[0][1..4], ["1", "2", "\"unknown_outcome\""]);
        let cells = |line: &[String], names: &[&str]| {
            let at = |name: &&str| CHARGES.in_release().iter().position(|own| own.name == *name).unwrap();
            names.iter().map(|name| line[FIELDS.len() + at(name)].clone()).collect::<Vec<_>>()
        };
        let keys: Vec<_> =
            of(kind::KEY).iter().map(|line| cells(line, &["case_id", "defendant_id", "statute"])).collect();
        assert_eq!(keys, [["2", "d", "KAZ-274"], ["3", "d", "KAZ-274"]]);
        let rows = of(kind::ROW);
        assert_eq!((rows.len(), &rows[0][1..3]), (1, &["1".to_owned(), "1".to_owned()][..]));
        let row = cells(&rows[0], &["statute", "date_charged", "case_id", "sentence", "region", "charge_id"]);
        assert_eq!(row, ["KAZ-274", "2020-05", "1", "two\u{2}lines", "\u{4}", "\u{4}"]);
    }

    #[test]
    fn what_rows_are_checked_by_is_told_apart() {
        let of = |descriptor: &str, statutes: &str| {
            let files = [("datapackage.json", descriptor), ("s.csv", statutes), ("c/0.parquet", "-")];
            let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).to_vec();
            let package = Package::in_memory("p", files).unwrap();
            let statutes = statutes.lines().skip(1).map(|line| Statute {
                id: line.split(',').next().unwrap_or_default().to_owned(),
                ..Statute::default()
            });
            basis(&package, &Register::new(statutes.collect()))
        };
        let own = of(DESCRIPTOR, STATUTES);
        assert_eq!(own, of(DESCRIPTOR, STATUTES));
        assert_ne!(own, of(DESCRIPTOR, &format!("{STATUTES}KAZ-9,,KAZ,Code,9,,Other,,,,,,,\n")));
        assert_ne!(own, of(&DESCRIPTOR.replace("\"charges\"]", "\"cases\"]"), STATUTES));
    }

    #[test]
    fn a_worker_that_sees_another_package_says_so() {
        for places in ["0\u{1}c/1.parquet\n", "7\u{1}c/7.parquet\n", "c\n"] {
            let told = lines(places).unwrap_err();
            assert!(told.contains("does it see the same folder?"), "{told}");
        }
    }

    #[test]
    fn ids_that_look_alike_have_one_image() {
        let mut out = Vec::new();
        images("0\u{1}1\u{1}C-1\n0\u{1}2\u{1}c-l\n".as_bytes(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let images: Vec<&str> = out.lines().map(|line| line.rsplit(BETWEEN).next().unwrap()).collect();
        assert_eq!(images[0], images[1]);
        assert!(out.starts_with("0\u{1}1\u{1}C-1\u{1}"), "{out}");
    }
}

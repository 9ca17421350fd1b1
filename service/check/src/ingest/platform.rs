//! The platform that a check runs on: it may add threads, and readers of formats that need more than this crate.

use std::io::Result;

use super::batch::Batch;
use super::charges::Charges;
use super::numbering::{Numbered, Numbering};
use super::report::{FileReport, Problem, Problems, Reason, Report};
use super::rules::Rules;
use crate::domain::Register;
use crate::package::{Package, PackageError};

/// A platform. The default methods do everything on the calling thread. They give the same records and the same
/// report.
pub trait Platform {
    /// Calls `next` until there are no more batches, and passes the batches to `take` in order.
    ///
    /// # Errors
    /// When `next` fails.
    fn read_ahead(
        &self,
        next: &mut (dyn FnMut() -> Result<Option<Batch>> + Send),
        take: &mut dyn FnMut(Batch),
    ) -> Result<()> {
        while let Some(batch) = next()? {
            take(batch);
        }
        Ok(())
    }

    /// Returns the part that numbers a column of ids. The column is still empty.
    fn number(&self, column: Numbered) -> Box<dyn Numbering> {
        Box::new(column)
    }

    /// Reads the charges of a package that has them as Parquet. A platform that cannot read Parquet refuses the file.
    ///
    /// # Errors
    /// When the file cannot be opened.
    fn parquet(
        &self,
        package: &Package,
        register: &Register,
        rules: &Rules,
        report: &mut Report,
    ) -> std::result::Result<Charges, PackageError> {
        let (_, _, _) = (self, register, rules);
        let (resource, _) = package.input("charges")?;
        let problem = Problem::of_file(&resource.path, Reason::NotCsv, "not_csv.parquet_here");
        let mut problems = Problems::default();
        problems.note(problem.hinting("not_csv.parquet_here.hint"));
        problems.close(FileReport { name: resource.path.clone(), ..FileReport::default() }, report);
        Ok(Charges::default())
    }
}

/// A platform with one thread and nothing else: a browser.
#[derive(Debug, Clone, Copy)]
pub struct OneThread;

impl Platform for OneThread {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Verdict, ingest};

    #[test]
    fn parquet_is_refused_with_the_way_to_read_it() {
        let descriptor = r#"{
            "name": "p", "title": "P", "version": "1", "created": "2026-01-02T00:00:00Z", "sources": [],
            "licenses": [{ "name": "CC0-1.0" }],
            "resources": [{ "name": "statutes", "path": "s.csv" }, { "name": "charges", "path": "c.parquet" }],
            "chargesheet": { "kind": "case-level", "measures": ["charges"], "time_basis": "charge",
                "additive": [], "disclosure": "none" }
        }"#;
        let statutes = "statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,\
                        in_force_to,successor,url\nKAZ-274,,KAZ,Code,274,,False information,,,,,,,\n";
        let files = [("datapackage.json", descriptor), ("s.csv", statutes), ("c.parquet", "PAR1")];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).to_vec();
        let package = Package::in_memory("p", files).unwrap();
        let (_, report) = ingest(&package, &Rules::of_any_day(), &OneThread).unwrap();
        assert_eq!(report.verdict(), Verdict::RejectFile);
        assert!(report.to_text().contains("`chargesheet check FOLDER`"), "{}", report.to_text());
    }
}

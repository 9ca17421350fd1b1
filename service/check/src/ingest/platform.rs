//! What the machine that a check runs on adds to it: threads, and formats that only some can read.

use std::io::Result;

use super::batch::Batch;
use super::charges::Charges;
use super::numbering::{Numbered, Numbering};
use super::report::{FileReport, Problem, Problems, Reason, Report};
use super::rules::Rules;
use crate::domain::Register;
use crate::package::{Package, PackageError};

/// A machine. What it does not say is done on the thread that asks, which gives the same records and the same report.
pub trait Platform {
    /// Has `next` split records until there are no more, and `take` take them in their order.
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

    /// Returns what numbers the ids of a column, of which none is known yet.
    fn number(&self, column: Numbered) -> Box<dyn Numbering> {
        Box::new(column)
    }

    /// Reads the charges of a package that has them as Parquet. What cannot read it refuses the file.
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
        let message = "Parquet is read by the command line only: `chargesheet check FOLDER`";
        let problem = Problem::of_file(&resource.path, Reason::NotCsv, message);
        let mut problems = Problems::default();
        problems.note(problem.suggesting("check it there, or save the charges as CSV"));
        problems.close(FileReport { name: resource.path.clone(), ..FileReport::default() }, report);
        Ok(Charges::default())
    }
}

/// One thread, and nothing but what is in here: a browser.
#[derive(Debug, Clone, Copy)]
pub struct OneThread;

impl Platform for OneThread {}

//! The columns of charges as a release writes them: numbers, and the values that the numbers stand for.

use crate::domain::tables::{CHARGES, CODED};
use crate::domain::{CodeList, Lists, Register};
use crate::ingest::{Charges, Dictionary, IdList, Ids};

/// Charges with the lists that their numbers refer to.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    /// The code lists.
    pub lists: &'a Lists,
    /// The statutes.
    pub register: &'a Register,
    /// The charges, sorted.
    pub charges: &'a Charges,
}

/// The content of a column.
pub enum Cells<'a> {
    /// Codes, each with its text.
    Coded {
        /// The codes.
        codes: Codes<'a>,
        /// Their texts.
        texts: Vec<&'a str>,
        /// Whether the column may be empty: then 0 means "empty", and 1 is the first text.
        may_be_absent: bool,
    },
    /// Texts: 1 + the number in the dictionary, 0 for an empty field.
    Texts(&'a [u32], &'a Dictionary),
    /// Packed dates, and the text that 0 stands for; `None` where 0 is an empty field.
    Dates(&'a [u32], Option<&'static str>),
    /// 1 + months, 0 for an empty field.
    Months(&'a [u32]),
    /// Ids, if they are known.
    Ids(&'a [u32], Option<&'a IdList>),
    /// Numbers derived from ids. Counting cases needs only these, not the ids.
    Numbers(&'a [u32]),
}

/// Codes in the width that they have in memory.
#[derive(Clone, Copy)]
pub enum Codes<'a> {
    /// Codes up to 255.
    U8(&'a [u8]),
    /// Codes up to 65,535.
    U16(&'a [u16]),
}

impl Codes<'_> {
    /// Returns the code of a row.
    #[inline]
    pub fn at(&self, row: usize) -> u32 {
        match self {
            Self::U8(codes) => codes[row].into(),
            Self::U16(codes) => codes[row].into(),
        }
    }
}

impl<'a> Table<'a> {
    /// Returns the columns of a canonical line, in order. A column that the publisher's file lacked is left out; an empty
    /// column is not.
    pub fn columns(&self) -> Vec<(&'static str, Cells<'a>)> {
        let columns = CHARGES.in_release().into_iter();
        columns.filter_map(|column| Some((column.name, self.cells(column.name)?))).collect()
    }

    /// Returns the columns of the Parquet file: those of a line, then the numbers of cases and defendants.
    pub fn columns_of_file(&self) -> Vec<(&'static str, Cells<'a>)> {
        let mut columns = self.columns();
        columns.push(("case", Cells::Numbers(&self.charges.case)));
        columns.push(("defendant", Cells::Numbers(&self.charges.defendant)));
        columns
    }

    fn cells(&self, name: &str) -> Option<Cells<'a>> {
        let Self { lists, register, charges } = *self;
        let coded = |codes, texts| Cells::Coded { codes, texts, may_be_absent: false };
        let listed = |codes: &'a [u8], list: &'a CodeList| {
            let numbers = (0..list.entries().len()).filter_map(|number| u16::try_from(number).ok());
            coded(Codes::U8(codes), numbers.map(|number| list.at(number).code.as_str()).collect())
        };
        let there = |column: &'a [u32]| (!column.is_empty()).then_some(column);
        let ids = |list: fn(&Ids) -> &IdList| charges.ids.as_deref().map(list);
        Some(match name {
            "statute" => {
                let ids = register.all().iter().map(|statute| statute.id.as_str());
                coded(Codes::U16(&charges.statute), ids.collect())
            }
            "country" => listed(&charges.country, &lists.countries),
            "date_charged" => Cells::Dates(&charges.charged, Some("unknown")),
            "outcome" => listed(&charges.outcome, &lists.outcomes),
            "role" if charges.has_roles => listed(&charges.role, &lists.roles),
            "case_id" => Cells::Ids(&charges.case, ids(|ids| &ids.cases)),
            "defendant_id" => Cells::Ids(&charges.defendant, ids(|ids| &ids.defendants)),
            "charge_id" => Cells::Ids(there(&charges.own)?, ids(|ids| &ids.charges)),
            "date_outcome" => Cells::Dates(there(&charges.decided)?, None),
            "sentence_months" => Cells::Months(there(&charges.sentence_months)?),
            "sentence" => Cells::Texts(there(&charges.sentence)?, &charges.texts),
            "source" => Cells::Texts(there(&charges.source)?, &charges.texts),
            _ => {
                let mut coded = charges.coded.iter().zip(CODED);
                let (column, _) = coded.find(|(column, of)| column.is_there && of.name() == name)?;
                let texts = column.texts.texts().collect();
                Cells::Coded { codes: Codes::U16(&column.codes), texts, may_be_absent: true }
            }
        })
    }
}

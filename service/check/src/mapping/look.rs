//! A look at what the columns of a sheet hold.

use std::collections::{BTreeSet, HashMap};

use crate::domain::Say;
use crate::sheet::Row;

use super::form::{HiddenRows, Origin, TableMapping, plain};
use super::headings::Headings;
use super::making::missing_column;
use super::meaning::Meant;
use super::row::{Field, total};
use super::samples::Samples;
use super::values::meant;
use super::walk::{Place, SheetFile, walk};

/// Most statutes whose countries are kept.
const MOST: usize = 10_000;

/// What is known of a table's sheet while it is looked at.
pub(super) struct Look<'m> {
    pub fields: Vec<Field<'m>>,
    /// What each field holds.
    pub held: Vec<Samples>,
    /// What each column of the sheet holds.
    pub columns: Vec<Samples>,
    /// The countries of the rows of each statute, as they are written.
    pub countries: HashMap<String, BTreeSet<String>>,
    pub is_1904: bool,
    pub rows: u64,
    pub hidden: u64,
}

impl Look<'_> {
    /// Returns the country of the rows of a statute, if all have the same.
    pub fn country(&self, statute: &str) -> Option<String> {
        let field = self.fields.iter().find(|field| field.target.name == "country")?;
        if let Origin::Always(country) = &field.how.from {
            return Some(country.clone());
        }
        let code = |text: &String| match field.how.values.get(&plain(text)) {
            Some(code) => code.clone(),
            None => match meant(field.target, text) {
                Meant::Code(code) | Meant::Perhaps(code) => Some(code),
                _ => None,
            },
        };
        let codes: BTreeSet<Option<String>> = self.countries.get(statute)?.iter().map(code).collect();
        if codes.len() == 1 { codes.into_iter().next().flatten() } else { None }
    }
}

/// Looks at the sheet of a table.
pub(super) fn look<'m>(
    files: &mut [SheetFile],
    place: Place,
    table: &'m TableMapping,
) -> Result<(Headings, Look<'m>), Vec<Say>> {
    // A file in an encoding that nobody has named is looked at in the one that it seems to have.
    let mut shown = table.clone();
    if shown.encoding.is_none() {
        shown.encoding = files[place.0].book.suggested_encoding().map_err(|says| vec![says])?;
    }
    let begin = |headings: &Headings, is_1904: bool| {
        let mut faults = Vec::new();
        let fields: Vec<Field<'m>> = table
            .columns
            .iter()
            .map(|(target, how)| {
                let wanted = how.from.headings();
                let places: Vec<usize> =
                    wanted.iter().filter_map(|heading| headings.places(heading).first().copied()).collect();
                let missing = wanted.iter().filter(|heading| headings.places(heading).is_empty());
                faults.extend(missing.map(|heading| missing_column(target, heading)));
                Field::new(target, how, places)
            })
            .collect();
        let samples = |count: usize| (0..count).map(|_| Samples::default()).collect::<Vec<_>>();
        let (held, columns) = (samples(fields.len()), samples(headings.names().len()));
        if faults.is_empty() {
            Ok(Look { fields, held, columns, countries: HashMap::new(), is_1904, rows: 0, hidden: 0 })
        } else {
            Err(faults)
        }
    };
    let each = |look: &mut Look<'m>, _headings: &Headings, row: &Row| {
        if row.is_empty() || row.fault.is_some() || total(row).is_some() {
            return;
        }
        look.hidden += u64::from(row.hidden);
        if row.hidden && table.hidden_rows == Some(HiddenRows::LeaveOut) {
            return;
        }
        look.rows += 1;
        for (field, held) in
            look.fields.iter().zip(&mut look.held).filter(|(field, _)| !field.places.is_empty())
        {
            let joined = field.joined(row);
            held.take(field.value(row, joined.as_deref()), look.is_1904);
        }
        let text_of = |name: &str| {
            let field = look.fields.iter().find(|field| field.target.name == name);
            let field = field.filter(|field| !field.places.is_empty())?;
            let joined = field.joined(row);
            Some(field.value(row, joined.as_deref()).text().trim().to_owned())
        };
        if let Some((statute, country)) = text_of("statute").zip(text_of("country"))
            && (look.countries.len() < MOST || look.countries.contains_key(&statute))
        {
            look.countries.entry(statute).or_default().insert(country);
        }
        for (column, samples) in look.columns.iter_mut().enumerate() {
            samples.take(row.value(column), look.is_1904);
        }
    };
    let (headings, _, look) = walk(files, place, &shown, begin, each)?;
    Ok((headings, look))
}

//! A look at what the columns of a sheet hold.

use crate::domain::{Lists, Say};
use crate::sheet::Row;

use super::form::{HiddenRows, Origin, TableMapping};
use super::headings::Headings;
use super::row::{Field, total};
use super::samples::Samples;
use super::walk::{Place, SheetFile, walk};

/// What is known of a table's sheet while it is looked at.
pub(super) struct Look<'m> {
    pub fields: Vec<Field<'m>>,
    /// What each field holds.
    pub held: Vec<Samples>,
    /// What each column of the sheet holds.
    pub columns: Vec<Samples>,
    pub is_1904: bool,
    pub rows: u64,
    pub hidden: u64,
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
                let wanted = match &how.from {
                    Origin::Columns(wanted) => &wanted[..],
                    _ => &[],
                };
                let places: Vec<usize> =
                    wanted.iter().filter_map(|heading| headings.places(heading).first().copied()).collect();
                if places.len() < wanted.len() {
                    faults.push(Say::new("mapping_column").with("column", wanted.join(", ")));
                }
                Field::new(target, how, places, Lists::bundled())
            })
            .collect();
        let samples = |count: usize| (0..count).map(|_| Samples::default()).collect::<Vec<_>>();
        let (held, columns) = (samples(fields.len()), samples(headings.names().len()));
        if faults.is_empty() {
            Ok(Look { fields, held, columns, is_1904, rows: 0, hidden: 0 })
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
        for (column, samples) in look.columns.iter_mut().enumerate() {
            samples.take(row.value(column), look.is_1904);
        }
    };
    let (headings, _, look) = walk(files, place, &shown, begin, each)?;
    Ok((headings, look))
}

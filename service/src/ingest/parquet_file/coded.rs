//! Batches of a Parquet file as columns of codes. Each different text, day or number is looked up once per batch
//! instead of once per row. A row that may have a fault is left to the reader of single rows.

use arrow_array::Array as _;

use super::cells::Cells;
use crate::domain::tables::CHARGES;
use crate::domain::{CodeList, Lists, Period, Register, day_number};
use chargesheet_check::ingest::batch::LONGEST_FIELD;
use chargesheet_check::ingest::charge_columns::{ChargeColumns, CodedTexts, IdCells};
use chargesheet_check::ingest::charges::{
    CASE_ID, CHARGE_ID, CODED_AT, COUNTRY, DATE_CHARGED, DATE_OUTCOME, DEFENDANT_ID, OUTCOME, PUBLISH, ROLE,
    SENTENCE, SENTENCE_MONTHS, SOURCE, STATUTE,
};
use chargesheet_check::ingest::field::{Dates, unspecified};
use chargesheet_check::ingest::row::is_blank;
use chargesheet_check::ingest::texts::Texts;
use chargesheet_check::ingest::whole_ids::whole;

/// A converter from cells to codes. It holds what cells are checked against.
pub struct Coder<'a> {
    lists: &'a Lists,
    register: &'a Register,
    dates: Dates,
    /// For each statute: the number of its country in the code list.
    country_of: Vec<Option<u8>>,
    /// The day of the first entry of `packed`. `packed` has the packed date of each day that a record may have.
    first_day: i32,
    packed: Vec<u32>,
    unspecified: u8,
}

/// The cells of each column of charges, or `None` for a column that the file does not have.
pub type Batch = [Option<Cells>; CHARGES.columns.len()];

/// Returns the number that stands for a code in columns.
fn number(list: &CodeList, code: &str) -> Option<u8> {
    list.number(code).and_then(|number| u8::try_from(number).ok())
}

impl<'a> Coder<'a> {
    /// Makes a converter for a package.
    pub fn new(lists: &'a Lists, register: &'a Register, dates: Dates) -> Self {
        let (first, today) = dates.days();
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        let statutes = register.all().iter();
        Self {
            lists,
            register,
            dates,
            country_of: statutes.map(|statute| number(&lists.countries, &statute.country)).collect(),
            first_day: day_number(first),
            packed: days.take_while(|day| *day <= today).map(|day| Period::Day(day).packed()).collect(),
            unspecified: unspecified(lists),
        }
    }

    /// Returns a batch as columns of codes.
    pub fn columns(&self, batch: &Batch, rows: usize) -> ChargeColumns {
        let mut columns = ChargeColumns::default();
        let charges = &mut columns.charges;
        let mut marked = vec![false; rows];
        let odd = &mut marked[..];
        let of = |column: usize| batch[column].as_ref();
        if let Some(cells) = of(COUNTRY) {
            charges.country = coded(cells, odd, |text| number(&self.lists.countries, text));
        }
        if let Some(cells) = of(STATUTE) {
            charges.statute = coded(cells, odd, |text| self.register.code(text));
            let both = charges.statute.iter().zip(&charges.country);
            for (odd, (&statute, &country)) in odd.iter_mut().zip(both) {
                *odd |= self.country_of.get(usize::from(statute)).copied().flatten() != Some(country);
            }
        }
        if let Some(cells) = of(OUTCOME) {
            charges.outcome = coded(cells, odd, |text| number(&self.lists.outcomes, text));
        }
        if let Some(cells) = of(ROLE) {
            charges.role = coded(cells, odd, |text| match text {
                "" => Some(self.unspecified),
                _ => number(&self.lists.roles, text),
            });
        }
        for (column, absent, packed) in
            [(DATE_CHARGED, "unknown", &mut charges.charged), (DATE_OUTCOME, "", &mut charges.decided)]
        {
            if let Some(cells) = of(column) {
                *packed = self.days(cells, odd, |text| match text {
                    text if text == absent => Some(0),
                    _ => self.dates.read(text).map(Period::packed),
                });
            }
        }
        if let Some(cells) = of(SENTENCE_MONTHS) {
            charges.sentence_months = each(cells, odd, |text| match text {
                "" => Some(0),
                _ => u32::try_from(whole(text)?).ok()?.checked_add(1),
            });
        }
        if let Some(cells) = of(PUBLISH) {
            coded(cells, odd, |text| matches!(text, "" | "true").then_some(()));
        }
        let dimensions =
            CODED_AT.into_iter().zip(&mut columns.coded).map(|(column, texts)| (column, texts, false));
        let others = [(SENTENCE, &mut columns.sentence, true), (SOURCE, &mut columns.source, true)];
        for (column, texts, has_commas) in dimensions.chain(others) {
            if let Some(cells) = of(column) {
                *texts = coded_texts(cells, odd, |text| is_fine(text) && (has_commas || !text.contains(',')));
            }
        }
        for (ids, column) in columns.ids.iter_mut().zip([CASE_ID, DEFENDANT_ID, CHARGE_ID]) {
            if let Some(cells) = of(column) {
                *ids = id_cells(cells, odd);
            }
        }
        columns.odd = marked;
        columns
    }

    fn days(&self, cells: &Cells, odd: &mut [bool], of_text: impl Fn(&str) -> Option<u32>) -> Vec<u32> {
        let of_day = |day: i64| {
            let place = usize::try_from(day - i64::from(self.first_day)).ok()?;
            self.packed.get(place).copied()
        };
        let absent = of_text("");
        let mut taken = |row: usize, packed: Option<u32>| {
            odd[row] |= packed.is_none();
            packed.unwrap_or_default()
        };
        match cells {
            Cells::Days(days) => {
                let days = days.iter().enumerate();
                days.map(|(row, day)| taken(row, day.map_or(absent, |day| of_day(day.into())))).collect()
            }
            Cells::Moments(moments, of_a_day) => {
                let of_moment = |moment: i64| {
                    let at_midnight = moment.rem_euclid(*of_a_day) == 0;
                    at_midnight.then(|| moment.div_euclid(*of_a_day)).and_then(of_day)
                };
                let moments = moments.iter().enumerate();
                moments.map(|(row, moment)| taken(row, moment.map_or(absent, of_moment))).collect()
            }
            _ => coded(cells, odd, of_text),
        }
    }
}

/// Turns a column into codes. `code` is called once for each text, and a row whose text it does not know is marked as
/// odd.
fn coded<T: Copy + Default>(
    cells: &Cells,
    odd: &mut [bool],
    mut code: impl FnMut(&str) -> Option<T>,
) -> Vec<T> {
    let absent = code("");
    match cells {
        Cells::Empty => {
            if absent.is_none() {
                odd.fill(true);
            }
            vec![absent.unwrap_or_default(); odd.len()]
        }
        Cells::Coded(codes, texts) => {
            let mut known: Vec<Option<Option<T>>> = vec![None; texts.len()];
            let mut of_key = |key: i32| {
                let place = usize::try_from(key).ok()?;
                let known = known.get_mut(place)?;
                *known.get_or_insert_with(|| match texts.is_null(place) {
                    true => absent,
                    false => code(texts.value(place)),
                })
            };
            let keys = codes.keys().iter().zip(odd);
            let codes = keys.map(|(key, odd)| {
                let code = key.map_or(absent, &mut of_key);
                *odd |= code.is_none();
                code.unwrap_or_default()
            });
            codes.collect()
        }
        _ => each(cells, odd, code),
    }
}

/// Turns a column into codes, cell by cell.
fn each<T: Default>(cells: &Cells, odd: &mut [bool], mut code: impl FnMut(&str) -> Option<T>) -> Vec<T> {
    let rows = odd.iter_mut().enumerate();
    let codes = rows.map(|(row, odd)| {
        let code = code(&cells.text(row));
        *odd |= code.is_none();
        code.unwrap_or_default()
    });
    codes.collect()
}

fn coded_texts(cells: &Cells, odd: &mut [bool], is_right: impl Fn(&str) -> bool) -> CodedTexts {
    let mut texts: Vec<String> = Vec::new();
    let keys = coded(cells, odd, |text| {
        if text.is_empty() {
            return Some(0);
        }
        is_right(text).then(|| texts.push(text.to_owned()))?;
        u32::try_from(texts.len()).ok()
    });
    CodedTexts { keys, texts }
}

/// Whether the form of a text has no fault. A blank text is judged elsewhere.
fn is_fine(text: &str) -> bool {
    let odd = |symbol: char| symbol.is_control() && !matches!(symbol, '\t' | '\n' | '\r');
    let is_short = text.len() <= LONGEST_FIELD || text.chars().nth(LONGEST_FIELD).is_none();
    is_short && !text.chars().any(odd)
}

fn id_cells(cells: &Cells, odd: &mut [bool]) -> IdCells {
    match cells {
        Cells::Whole(ids) => {
            ids.iter().zip(odd).for_each(|(id, odd)| *odd |= id.is_none());
            IdCells::Whole(ids.values().to_vec())
        }
        Cells::Signed(ids) => {
            let ids = ids.iter().zip(odd).map(|(id, odd)| {
                let id = id.and_then(|id| u64::try_from(id).ok());
                *odd |= id.is_none();
                id.unwrap_or_default()
            });
            IdCells::Whole(ids.collect())
        }
        Cells::Texts(ids) => {
            let mut texts = Texts::default();
            for (id, odd) in ids.iter().zip(odd) {
                let is_plain = |id: &&str| id.bytes().all(|byte| byte.is_ascii_graphic());
                let fine = id.filter(|id| {
                    let plain = is_plain(id) && !id.is_empty() && id.len() <= LONGEST_FIELD;
                    plain || (is_fine(id) && !is_blank(id))
                });
                *odd |= fine.is_none();
                texts.push(fine.unwrap_or_default());
            }
            IdCells::Texts(texts)
        }
        _ => {
            odd.fill(true);
            IdCells::None
        }
    }
}

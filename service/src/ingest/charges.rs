//! `charges.csv`: one row per charge.

use std::collections::HashMap;
use std::io::Read;

use super::dictionary::Dictionary;
use super::field::{Dates, count, listed, separable, statute_of, word};
use super::reader::{Column, Need, Place, Refusal, Row, Table, Taken};
use super::report::{Reason, Report};
use crate::domain::{Period, Register, countries, outcomes, roles};

/// One statute alleged against one defendant in one case, as codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Number of the case in [`Charges::cases`].
    pub case: u32,
    /// Number of the defendant in [`Charges::defendants`].
    pub defendant: u32,
    /// Number of the charge's id in [`Charges::ids`], where the file has one.
    pub id: Option<u32>,
    /// Number in the list of countries.
    pub country: u8,
    /// Code in the register.
    pub statute: u16,
    /// When it was charged; `None` is unknown.
    pub charged: Option<Period>,
    /// Number in the list of outcomes.
    pub outcome: u8,
    /// When the outcome was reached, where known.
    pub decided: Option<Period>,
    /// Number in [`Charges::texts`] of the sentence as the source words it, where there is one.
    pub sentence: Option<u32>,
    /// Months of the sentence, where it has any.
    pub sentence_months: Option<u64>,
    /// Number in the list of roles.
    pub role: u8,
    /// Number in [`Charges::regions`], where known.
    pub region: Option<u32>,
    /// Number in [`Charges::texts`] of where the record comes from, where it says so.
    pub source: Option<u32>,
}

/// The charges of a case-level dataset.
#[derive(Debug, Default)]
pub struct Charges {
    /// Ids of cases.
    pub cases: Dictionary,
    /// Pseudonymous ids of defendants.
    pub defendants: Dictionary,
    /// Ids of charges.
    pub ids: Dictionary,
    /// Regions, in byte order.
    pub regions: Dictionary,
    /// Sentences and sources.
    pub texts: Dictionary,
    /// Whether the file says who the defendants are.
    pub has_roles: bool,
    /// Whether the file says where.
    pub has_regions: bool,
    /// The charges, in the order of the file.
    pub rows: Vec<Charge>,
}

const CASE_ID: usize = 0;
const DEFENDANT_ID: usize = 1;
const COUNTRY: usize = 2;
const STATUTE: usize = 3;
const DATE_CHARGED: usize = 4;
const OUTCOME: usize = 5;
const CHARGE_ID: usize = 6;
const DATE_OUTCOME: usize = 7;
const SENTENCE: usize = 8;
const SENTENCE_MONTHS: usize = 9;
const ROLE: usize = 10;
const REGION: usize = 11;
const SOURCE: usize = 12;
const PUBLISH: usize = 13;

const COLUMNS: [Column; 14] = [
    Column { name: "case_id", need: Need::Filled },
    Column { name: "defendant_id", need: Need::Filled },
    Column { name: "country", need: Need::Filled },
    Column { name: "statute", need: Need::Filled },
    Column { name: "date_charged", need: Need::Filled },
    Column { name: "outcome", need: Need::Filled },
    Column { name: "charge_id", need: Need::Optional },
    Column { name: "date_outcome", need: Need::Optional },
    Column { name: "sentence", need: Need::Optional },
    Column { name: "sentence_months", need: Need::Optional },
    Column { name: "role", need: Need::Optional },
    Column { name: "region", need: Need::Optional },
    Column { name: "source", need: Need::Optional },
    Column { name: "publish", need: Need::Optional },
];

/// Reads the charges. Rows that are refused or withheld are not among them; the report says which.
pub fn read(
    file: &str,
    input: Box<dyn Read + '_>,
    register: &Register,
    dates: &mut Dates,
    report: &mut Report,
) -> Charges {
    let mut charges = Charges::default();
    let Some(mut table) = Table::open(file, input, &COLUMNS, report) else {
        return charges;
    };
    charges.has_roles = table.has(ROLE);
    charges.has_regions = table.has(REGION);
    let has_ids = table.has(CHARGE_ID);
    let mut places: Vec<Place> = Vec::new();
    table.for_each(|row| {
        if word(row, PUBLISH, &["true", "false"])? == "false" {
            return Ok(Taken::Withheld);
        }
        if has_ids && row.text(CHARGE_ID).is_empty() {
            return Err(Refusal::new(
                CHARGE_ID,
                Reason::MissingValue,
                "is empty; where the column exists it is the key",
            ));
        }
        let charge = charge(row, &mut charges, register, dates)?;
        charges.rows.push(charge);
        places.push(row.place);
        Ok(Taken::Kept)
    });
    settle_repetitions(&mut charges.rows, &places, &mut table, if has_ids { CHARGE_ID } else { CASE_ID });
    table.close(report);
    let new_regions = charges.regions.sort();
    for charge in &mut charges.rows {
        charge.region = charge.region.map(|region| new_regions[region as usize]);
    }
    charges
}

fn charge(
    row: &Row<'_>,
    charges: &mut Charges,
    register: &Register,
    dates: &mut Dates,
) -> Result<Charge, Refusal> {
    let country = listed(row, COUNTRY, countries(), Reason::UnknownCountry)?;
    let statute = statute_of(row, COUNTRY, STATUTE, register)?;
    let charged = dates.or_unknown(row, DATE_CHARGED)?;
    let outcome = listed(row, OUTCOME, outcomes(), Reason::UnknownOutcome)?;
    let decided = dates.optional(row, DATE_OUTCOME)?;
    let sentence_months =
        if row.text(SENTENCE_MONTHS).is_empty() { None } else { Some(count(row, SENTENCE_MONTHS)?) };
    let role = if row.text(ROLE).is_empty() {
        roles().number("unspecified").and_then(|number| u8::try_from(number).ok()).unwrap_or_default()
    } else {
        listed(row, ROLE, roles(), Reason::UnknownRole)?
    };
    separable(row, REGION)?;
    let code = |dictionary: &mut Dictionary, column| match row.text(column) {
        "" => None,
        text => Some(dictionary.code(text)),
    };
    Ok(Charge {
        case: charges.cases.code(row.text(CASE_ID)),
        defendant: charges.defendants.code(row.text(DEFENDANT_ID)),
        id: code(&mut charges.ids, CHARGE_ID),
        country,
        statute,
        charged,
        outcome,
        decided,
        sentence: code(&mut charges.texts, SENTENCE),
        sentence_months,
        role,
        region: code(&mut charges.regions, REGION),
        source: code(&mut charges.texts, SOURCE),
    })
}

/// The same record twice is counted once; the same key with different content is none of them.
fn settle_repetitions(rows: &mut Vec<Charge>, places: &[Place], table: &mut Table<'_>, column: usize) {
    let key = |charge: &Charge| match charge.id {
        Some(id) => (id, 0, 0),
        None => (charge.case, charge.defendant, charge.statute),
    };
    let mut first: HashMap<(u32, u32, u16), usize> = HashMap::with_capacity(rows.len());
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for (place, charge) in rows.iter().enumerate() {
        let earliest = *first.entry(key(charge)).or_insert(place);
        if earliest != place {
            groups.entry(earliest).or_default().push(place);
        }
    }
    if groups.is_empty() {
        return;
    }
    let mut keep = vec![true; rows.len()];
    for (&earliest, repeated) in &groups {
        if repeated.iter().all(|&place| rows[place] == rows[earliest]) {
            for &place in repeated {
                keep[place] = false;
                table.repeat_later(places[place], places[earliest], column);
            }
        } else {
            let lines: Vec<String> = std::iter::once(&earliest)
                .chain(repeated)
                .map(|&place| places[place].line.to_string())
                .collect();
            for &place in std::iter::once(&earliest).chain(repeated) {
                keep[place] = false;
                let message = format!("the same key with different content on lines {}", lines.join(", "));
                table.refuse_later(places[place], column, Reason::ConflictingDuplicate, message);
            }
        }
    }
    let mut kept = keep.iter();
    rows.retain(|_| *kept.next().unwrap_or(&true));
}

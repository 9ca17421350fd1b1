//! Parsers for fields: each turns the text of one field into a value, or says why it cannot.

use std::collections::HashMap;

use jiff::civil::Date;

use super::dictionary::composed;
use super::excerpt::safe_excerpt;
use super::report::Reason;
use super::row::{Refusal, Row};
use super::similar::{image, look_alikes};
use crate::domain::values::{Names, code_meant};
use crate::domain::{CodeList, Lists, Period, PeriodError, Register, Say, certain_date, is_address, nearest};

/// First year that a record may have. An earlier date is far more likely a typing error than a fact.
const FIRST_YEAR: i16 = 1900;

/// A parser of dates. It knows today's date, because no record may lie in the future.
#[derive(Debug, Clone, Copy)]
pub struct Dates(pub Date);

impl Dates {
    /// Returns the period of a text. Returns `None` when the text is no period, or a period that no record may have.
    pub fn read(self, text: &str) -> Option<Period> {
        self.parse(text).ok()
    }

    /// Returns the first and the last day that a record may have. The last day is today.
    pub fn days(self) -> (Date, Date) {
        (Date::new(FIRST_YEAR, 1, 1).unwrap_or(self.0), self.0)
    }

    fn parse(self, text: &str) -> Result<Period, (Reason, Say)> {
        let period = parse(text)?;
        if period.year() < i32::from(FIRST_YEAR) {
            return Err((Reason::DateOutOfRange, Say::new("date_out_of_range").with("first", FIRST_YEAR)));
        }
        if period.first_day() > self.0 {
            return Err((Reason::DateInFuture, Say::new("date_in_future").with("today", self.0)));
        }
        Ok(period)
    }

    /// Returns the period of a required field.
    ///
    /// # Errors
    /// When it is no date, not in the calendar, before 1900, or begins after today.
    pub fn period(self, row: &Row<'_>, column: usize) -> Result<Period, Refusal> {
        let text = row.text(column);
        self.parse(text).map_err(|(reason, says)| {
            let meant = if reason == Reason::DateFormat { certain_date(text) } else { None };
            let meant = meant.map(|date| date.to_string()).filter(|date| self.read(date).is_some());
            Refusal::new(column, reason, says).suggesting(meant.as_deref())
        })
    }

    /// Returns the period of an optional field, or `None` where it is empty.
    ///
    /// # Errors
    /// As [`Dates::period`].
    pub fn optional(self, row: &Row<'_>, column: usize) -> Result<Option<Period>, Refusal> {
        if row.text(column).is_empty() { Ok(None) } else { self.period(row, column).map(Some) }
    }

    /// Returns the period of a field, or `None` where the field says `unknown`.
    ///
    /// # Errors
    /// As [`Dates::period`].
    pub fn or_unknown(self, row: &Row<'_>, column: usize) -> Result<Option<Period>, Refusal> {
        if row.text(column) == "unknown" {
            return Ok(None);
        }
        self.period(row, column).map(Some).map_err(|mut refusal| {
            if refusal.reason == Reason::DateFormat {
                refusal.says = "date_format.unknown".into();
                refusal.suggestion =
                    refusal.suggestion.or_else(|| code_meant("date", row.text(column)).map(str::to_owned));
            }
            refusal
        })
    }

    /// Returns a calendar year.
    ///
    /// # Errors
    /// When the field is anything but a year from 1900 to this one.
    pub fn year(self, row: &Row<'_>, column: usize) -> Result<i32, Refusal> {
        let is_year = |text: &String| text.len() == 4;
        match self
            .period(row, column)
            .map_err(|refusal| Refusal { suggestion: refusal.suggestion.filter(is_year), ..refusal })?
        {
            Period::Year(year) => Ok(i32::from(year.year())),
            _ => Err(Refusal::new(column, Reason::DateFormat, "date_format.year")),
        }
    }
}

fn parse(text: &str) -> Result<Period, (Reason, Say)> {
    Period::parse(text).map_err(|error| match error {
        PeriodError::Format => (Reason::DateFormat, "date_format".into()),
        PeriodError::Impossible => (Reason::DateImpossible, "date_impossible".into()),
    })
}

/// Checks a field that holds a day or nothing. The day may lie in the future: the end of a law may be known already.
///
/// # Errors
/// When it is no date, or not in the calendar.
pub fn any_day(row: &Row<'_>, column: usize) -> Result<(), Refusal> {
    match row.text(column) {
        "" => Ok(()),
        text => parse(text).map(|_| ()).map_err(|(reason, says)| {
            let meant = if reason == Reason::DateFormat { certain_date(text) } else { None };
            Refusal::new(column, reason, says).suggesting(meant.map(|date| date.to_string()).as_deref())
        }),
    }
}

/// The code lists and statutes that fields are checked against.
#[derive(Debug)]
pub struct Vocabulary<'a> {
    /// Countries.
    pub countries: Lookup<'a>,
    /// Outcomes.
    pub outcomes: Lookup<'a>,
    /// Roles.
    pub roles: Lookup<'a>,
    /// Categories of offences.
    pub offences: Lookup<'a>,
    /// Suggestions for statute ids that the register does not have.
    pub statutes: Meant,
}

impl<'a> Vocabulary<'a> {
    /// Begins with these code lists, and without statutes.
    pub fn of(lists: &'a Lists) -> Self {
        let of = |list, reason, keys| Lookup { list, reason, keys, meant: Meant::default() };
        let countries = ["unknown_country", "unknown_country.letters"];
        let outcomes = ["unknown_outcome", "unknown_outcome.letters"];
        let roles = ["unknown_role", "unknown_role.letters"];
        let offences = ["unknown_offence", "unknown_offence.letters"];
        Self {
            countries: of(&lists.countries, Reason::UnknownCountry, countries),
            outcomes: of(&lists.outcomes, Reason::UnknownOutcome, outcomes),
            roles: of(&lists.roles, Reason::UnknownRole, roles),
            offences: of(&lists.offences, Reason::UnknownOffence, offences),
            statutes: Meant::default(),
        }
    }

    /// Returns the code list of a name.
    pub fn list(&mut self, name: &str) -> &mut Lookup<'a> {
        match name {
            "country" => &mut self.countries,
            "outcome" => &mut self.outcomes,
            "role" => &mut self.roles,
            _ => &mut self.offences,
        }
    }
}

/// Returns the number of the role `unspecified`, which a row without a role gets.
pub fn unspecified(lists: &Lists) -> u8 {
    let number = lists.roles.number("unspecified").and_then(|number| u8::try_from(number).ok());
    number.expect("packages are checked against lists that are compiled in, whose roles have `unspecified`")
}

/// A code list, with suggestions for codes that the list does not have.
#[derive(Debug)]
pub struct Lookup<'a> {
    list: &'a CodeList,
    /// The reason for refusing a code that the list does not have.
    reason: Reason,
    /// The sentence for it, and the one for a code in look-alike letters.
    keys: [&'static str; 2],
    meant: Meant,
}

impl Lookup<'_> {
    /// Returns the number of a code in the list.
    ///
    /// # Errors
    /// When the list does not have it, with the nearest code.
    pub fn number(&mut self, row: &Row<'_>, column: usize) -> Result<u8, Refusal> {
        let text = row.text(column);
        let Self { list, reason, keys, meant } = self;
        list.number(text).and_then(|number| u8::try_from(number).ok()).ok_or_else(|| {
            let codes = list.entries().iter().map(|entry| entry.code.as_str());
            let meant = meant.by(text, codes, || Names::of(list));
            unknown(column, *reason, *keys, meant)
        })
    }
}

/// The valid text that a wrong text means, and the look-alike letters in the wrong text.
type Found = (Option<String>, Option<Vec<Say>>);

/// Suggestions for wrong texts. Each wrong text is looked up once, because a file of a million rows repeats one slip
/// a million times.
#[derive(Debug, Default)]
pub struct Meant {
    sought: HashMap<Box<str>, Found>,
    /// The valid texts by their image, which is what a person sees in a text.
    images: Option<HashMap<String, String>>,
    /// The names of the valid texts.
    names: Option<Names>,
    /// Number of comparisons so far.
    compared: usize,
}

impl Meant {
    /// Most different wrong texts that get a suggestion; the next constant limits the comparisons. A file with more
    /// wrong texts is wrong altogether, and searching would take longer than reading it.
    const MOST: usize = 1_000;
    const MOST_COMPARED: usize = 1_000_000;

    /// Returns the valid text that a wrong text means, or that is nearest to it, and the look-alike letters in the wrong text.
    fn by<'r>(
        &mut self,
        wrong: &str,
        right: impl Iterator<Item = &'r str> + Clone,
        names: impl FnOnce() -> Names,
    ) -> Found {
        if let Some(known) = self.sought.get(wrong) {
            return known.clone();
        }
        if self.sought.len() == Self::MOST || wrong.len() > 200 {
            return (None, None);
        }
        let images = self
            .images
            .get_or_insert_with(|| right.clone().map(|right| (image(right), right.to_owned())).collect());
        // A text of the same image is what was meant, however many of the letters belong to another script.
        let mut meant = images.get(&image(wrong)).cloned();
        let names = self.names.get_or_insert_with(names);
        meant = meant.or_else(|| names.code(wrong).map(str::to_owned));
        let compared = images.len() + names.count();
        if meant.is_none() && !names.has(wrong) && self.compared + compared <= Self::MOST_COMPARED {
            self.compared += compared;
            let right: Vec<&str> = right.collect();
            meant = names.nearest(wrong, right.into_iter()).map(str::to_owned);
        }
        let letters = meant.as_deref().and_then(|meant| look_alikes(wrong, meant));
        self.sought.insert(wrong.into(), (meant.clone(), letters.clone()));
        (meant, letters)
    }
}

/// Refuses a code. `keys` are the sentence for it, and the one for a code in look-alike letters.
fn unknown(
    column: usize,
    reason: Reason,
    [plain, with_letters]: [&'static str; 2],
    (right, letters): Found,
) -> Refusal {
    let says = match letters {
        Some(letters) => Say::new(with_letters).with_all("letters", letters),
        None => Say::new(plain),
    };
    Refusal::new(column, reason, says).suggesting(right.as_deref())
}

/// Returns the code of a statute.
///
/// # Errors
/// When the register does not have it.
pub fn statute(row: &Row<'_>, column: usize, register: &Register, meant: &mut Meant) -> Result<u16, Refusal> {
    let id = row.text(column);
    register.code(&composed(id)).ok_or_else(|| {
        let ids = register.all().iter().map(|statute| statute.id.as_str());
        let meant = meant.by(id, ids, Names::default);
        unknown(column, Reason::UnknownStatute, ["unknown_statute", "unknown_statute.letters"], meant)
    })
}

/// Returns the code of a statute, after checking that it belongs to the country.
///
/// # Errors
/// When the register does not have it, or has it for another country.
pub fn statute_of(
    row: &Row<'_>,
    country: usize,
    column: usize,
    register: &Register,
    meant: &mut Meant,
) -> Result<u16, Refusal> {
    let code = statute(row, column, register, meant)?;
    let own = &register.at(code).country;
    if own != row.text(country) {
        let says = Say::new("statute_country_mismatch").with("statute", safe_excerpt(row.text(column)));
        return Err(Refusal::new(country, Reason::StatuteCountryMismatch, says).suggesting(Some(own)));
    }
    Ok(code)
}

/// Returns the words of a warning that two ids look alike, and the later id.
pub fn similar_words(first: &str, other: &str) -> (Say, String) {
    let shown = safe_excerpt(other);
    let says = match look_alikes(other, first) {
        Some(letters) => Say::new("similar_ids.letters").with_all("letters", letters),
        None => Say::new("similar_ids"),
    };
    (says.with("other", &shown).with("first", safe_excerpt(first)), shown)
}

/// Parses a whole number of 0 or more.
///
/// # Errors
/// When the field is anything else. Spaces, separators, decimals and a plus sign are not read; a minus gets a message
/// of its own.
pub fn count(row: &Row<'_>, column: usize) -> Result<u64, Refusal> {
    let text = row.text(column);
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::new(column, Reason::BadNumber, "bad_number"));
    }
    if text.starts_with('-') {
        return Err(Refusal::new(column, Reason::NegativeValue, "negative_value"));
    }
    // Sums of figures are 64 bits wide. No register on earth has a trillion entries.
    const LARGEST: u64 = 1_000_000_000_000;
    match text.parse() {
        Ok(value) if value <= LARGEST => Ok(value),
        _ => Err(Refusal::new(column, Reason::BadNumber, Say::new("bad_number.most").with("most", LARGEST))),
    }
}

/// Returns the field as one of a few words. An empty field gives the first word.
///
/// # Errors
/// When it is none of them.
pub fn word<'w>(row: &Row<'_>, column: usize, words: &[&'w str]) -> Result<&'w str, Refusal> {
    let text = row.text(column);
    if text.is_empty() {
        return Ok(words[0]);
    }
    words.iter().copied().find(|word| *word == text).ok_or_else(|| {
        let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
        let meant = code_meant(kind_of(row.columns[column].name), text).filter(|word| words.contains(word));
        Refusal::new(column, Reason::UnknownWord, Say::new("unknown_word").with("words", words.join(", ")))
            .suggesting(meant.or_else(|| nearest(text, words.iter().copied())))
    })
}

/// Returns the kind of the words of a column, as [`code_meant`] names it.
fn kind_of(column: &'static str) -> &'static str {
    match column {
        "publish" | "preferred" | "breaks_series" => "flag",
        "kind" => "source_kind",
        name => name,
    }
}

/// Checks that a field is a web address or empty.
///
/// # Errors
/// When it is neither empty nor begins with `http://` or `https://`.
pub fn address(row: &Row<'_>, column: usize) -> Result<(), Refusal> {
    let text = row.text(column);
    if text.is_empty() || is_address(text) {
        return Ok(());
    }
    Err(Refusal::new(column, Reason::BadAddress, "bad_address"))
}

/// Checks that a code has no comma, because a query separates codes with commas.
///
/// # Errors
/// When there is a comma in it.
pub fn separable(row: &Row<'_>, column: usize) -> Result<(), Refusal> {
    if row.text(column).contains(',') {
        return Err(Refusal::new(column, Reason::UnknownWord, "unknown_word.comma"));
    }
    Ok(())
}

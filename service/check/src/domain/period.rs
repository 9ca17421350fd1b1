//! Periods: the days, months and years of records.

use jiff::civil::Date;

/// A date as exactly as it is known: a day, a month or a year of the Gregorian calendar.
///
/// A period is written `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. No other form is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Period {
    /// A day.
    Day(Date),
    /// A month of a year; the date is its first day.
    Month(Date),
    /// A calendar year; the date is its first day.
    Year(Date),
}

/// The reason why a text is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The text has none of the three forms.
    #[error("is not a date; write YYYY, YYYY-MM or YYYY-MM-DD")]
    Format,
    /// The form is right, but the month or day does not exist.
    #[error("is no day of the calendar")]
    Impossible,
}

impl Period {
    /// Parses one of the three forms.
    ///
    /// # Errors
    /// When the text has another form, or names a month or day that does not exist.
    ///
    /// # Example
    /// ```
    /// use chargesheet_check::domain::Period;
    /// assert_eq!(Period::parse("2020-02").unwrap().last_day(), "2020-02-29".parse().unwrap());
    /// assert!(Period::parse("2020-02-30").is_err());
    /// assert!(Period::parse("02/2020").is_err());
    /// ```
    #[inline]
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Result<i16, PeriodError> {
            let part = bytes.get(range).ok_or(PeriodError::Format)?;
            part.iter().try_fold(0_i16, |sum, byte| match byte {
                b'0'..=b'9' => Ok(sum * 10 + i16::from(byte - b'0')),
                _ => Err(PeriodError::Format),
            })
        };
        let dashes_at = |places: &[usize]| places.iter().all(|&place| bytes[place] == b'-');
        let date = |year, month: i16, day: i16| {
            Date::new(year, i8::try_from(month).unwrap_or(0), i8::try_from(day).unwrap_or(0))
                .map_err(|_impossible| PeriodError::Impossible)
        };
        match bytes.len() {
            4 => Ok(Self::Year(date(digits(0..4)?, 1, 1)?)),
            7 if dashes_at(&[4]) => Ok(Self::Month(date(digits(0..4)?, digits(5..7)?, 1)?)),
            10 if dashes_at(&[4, 7]) => Ok(Self::Day(date(digits(0..4)?, digits(5..7)?, digits(8..10)?)?)),
            _ => Err(PeriodError::Format),
        }
    }

    /// Returns the period of a calendar year, or `None` when the calendar does not go so far.
    pub fn of_year(year: i32) -> Option<Self> {
        let first = Date::new(i16::try_from(year).ok()?, 1, 1).ok()?;
        Some(Self::Year(first))
    }

    /// Returns the first day of the period.
    pub fn first_day(self) -> Date {
        match self {
            Self::Day(date) | Self::Month(date) | Self::Year(date) => date,
        }
    }

    /// Returns the last day of the period.
    pub fn last_day(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Month(date) => date.last_of_month(),
            Self::Year(date) => date.last_of_year(),
        }
    }

    /// Returns the period as a number that sorts as the text of the period does: a year before its months, a month
    /// before its days. It is never 0, because 0 means no period.
    #[inline]
    pub fn packed(self) -> u32 {
        let part = |number: i8| u32::from(number.unsigned_abs());
        let date = self.first_day();
        let year = u32::from(date.year().unsigned_abs()) << 9;
        match self {
            Self::Day(_) => year | part(date.month()) << 5 | part(date.day()),
            Self::Month(_) => year | part(date.month()) << 5,
            Self::Year(_) => year,
        }
    }

    /// Returns the period of a number from [`Period::packed`], or `None` for any other number.
    pub fn unpacked(number: u32) -> Option<Self> {
        let part = |shift: u32, bits: u32| i8::try_from(number >> shift & ((1 << bits) - 1)).unwrap_or(0);
        let year = i16::try_from(number >> 9).ok().filter(|year| *year > 0)?;
        match (part(5, 4), part(0, 5)) {
            (0, 0) => Date::new(year, 1, 1).ok().map(Self::Year),
            (month, 0) => Date::new(year, month, 1).ok().map(Self::Month),
            (month, day) => Date::new(year, month, day).ok().map(Self::Day),
        }
    }

    /// Writes the period of a packed number as [`Period`] displays it, or nothing for 0. Making a release writes a
    /// hundred million dates, so this avoids the slower formatting machinery.
    #[inline]
    pub fn write_packed(number: u32, out: &mut String) {
        let two = |number: u32| [number / 10 % 10, number % 10].map(|digit| char::from(b'0' + digit as u8));
        let year = number >> 9;
        if number > 0 {
            out.extend(two(year / 100).into_iter().chain(two(year % 100)));
        }
        for part in [number >> 5 & 15, number & 31].into_iter().take_while(|part| *part > 0) {
            out.push('-');
            out.extend(two(part));
        }
    }

    /// Returns the calendar year.
    pub fn year(self) -> i32 {
        i32::from(self.first_day().year())
    }

    /// Returns the months since January of year 0, or `None` when only the year is known.
    pub fn month(self) -> Option<i32> {
        match self {
            Self::Day(date) | Self::Month(date) => {
                Some(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
            }
            Self::Year(_) => None,
        }
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, PeriodError> {
        Self::parse(&text)
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(date) => write!(out, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
            Self::Month(date) => write!(out, "{:04}-{:02}", date.year(), date.month()),
            Self::Year(date) => write!(out, "{:04}", date.year()),
        }
    }
}

/// Returns the day of a number from [`day_number`], or `None` when the calendar does not have the day.
pub fn day_of_number(number: i32) -> Option<Date> {
    Date::new(1970, 1, 1).ok()?.checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}

/// Returns the days since 1970-01-01, negative before it. Columns store days in this form.
///
/// The algorithm is Howard Hinnant's `days_from_civil`.
pub fn day_number(date: Date) -> i32 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_three_forms_are_read() {
        for wrong in [
            "",
            "20",
            "2020-",
            "2020-1",
            "2020-01-1",
            "01.02.2020",
            "2020/01/02",
            " 2020",
            "2020-01-02T",
            "２０２０",
        ] {
            assert_eq!(Period::parse(wrong), Err(PeriodError::Format), "{wrong:?}");
        }
        for impossible in ["2020-13", "2020-00", "2021-02-29", "2020-04-31"] {
            assert_eq!(Period::parse(impossible), Err(PeriodError::Impossible), "{impossible:?}");
        }
    }

    #[test]
    fn what_was_written_is_written_again() {
        for text in ["2020", "2020-02", "2020-02-29", "1900-01-01"] {
            assert_eq!(Period::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn packed_periods_sort_as_their_texts_and_come_back() {
        let texts =
            ["1900", "1900-01", "1900-01-01", "1999-12-31", "2020", "2020-02", "2020-02-29", "2020-03"];
        let packed = texts.map(|text| Period::parse(text).unwrap().packed());
        assert!(packed.is_sorted());
        assert_eq!(packed.map(|number| Period::unpacked(number).unwrap().to_string()), texts);
        let written = packed.map(|number| {
            let mut text = String::new();
            Period::write_packed(number, &mut text);
            text
        });
        assert_eq!(written, texts);
        assert_eq!(Period::unpacked(0), None);
    }

    #[test]
    fn day_numbers_count_from_1970() {
        for (text, number) in
            [("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("2020-02-29", 18_321)]
        {
            let day = Period::parse(text).unwrap().first_day();
            assert_eq!((day_number(day), day_of_number(number)), (number, Some(day)), "{text}");
        }
    }
}

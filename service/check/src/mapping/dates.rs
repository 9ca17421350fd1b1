//! Dates as they stand in sheets: typed, counted in days, or as a text.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::domain::values::fold;
use crate::domain::{Period, PeriodError, certain_date};
use crate::sheet::Value;

/// What a value says as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadDate {
    /// A day, a month or a year.
    Period(Period),
    /// A day with two readings: with the day first, and with the month first.
    Two(Date, Date),
    /// A plain number that may be a day, counted in days.
    Serial(Date),
    /// A date with a year of two digits.
    TwoDigits,
    /// A day with a time of day.
    Time,
    /// No day of the calendar.
    Impossible,
    /// No date.
    None,
}

/// Reads a value as a date. `is_1904` tells from when the workbook counts days.
pub fn read_date(value: Value<'_>, is_1904: bool) -> ReadDate {
    match value {
        Value::Day(day) => ReadDate::Period(Period::Day(day)),
        Value::Moment(_) => ReadDate::Time,
        Value::Serial(days) if days.fract() != 0.0 => ReadDate::Time,
        Value::Serial(days) => {
            counted(days, is_1904).map_or(ReadDate::Impossible, |day| ReadDate::Period(Period::Day(day)))
        }
        Value::Number(number) => number_as_date(number, is_1904),
        Value::Text(text) => text_as_date(text, is_1904),
        Value::Empty | Value::Flag(_) | Value::Error(_) => ReadDate::None,
    }
}

/// Returns the day of a number of days, as Excel counts them. Its 29 February 1900 is no day.
fn counted(days: f64, is_1904: bool) -> Option<Date> {
    let first = match (is_1904, days) {
        (true, 0.0..) => date(1904, 1, 1),
        (false, 1.0..60.0) => date(1899, 12, 31),
        (false, 61.0..) => date(1899, 12, 30),
        _ => return None,
    };
    // Ten thousand years are some 3.6 million days.
    let days = (days < 4e6).then_some(days as i32)?;
    first.checked_add(days.days()).ok()
}

fn number_as_date(number: f64, is_1904: bool) -> ReadDate {
    if number.fract() != 0.0 {
        return ReadDate::None;
    }
    match number as i32 {
        year @ 1900..=2100 => Period::of_year(year).map_or(ReadDate::None, ReadDate::Period),
        2101.. => counted(number, is_1904).map_or(ReadDate::None, ReadDate::Serial),
        _ => ReadDate::None,
    }
}

fn text_as_date(text: &str, is_1904: bool) -> ReadDate {
    let text = text.trim();
    match Period::parse(text) {
        Ok(period) => return ReadDate::Period(period),
        Err(PeriodError::Impossible) => return ReadDate::Impossible,
        Err(PeriodError::Format) => {}
    }
    if let Some(period) = certain_date(text) {
        return ReadDate::Period(period);
    }
    // A file without types has numbers of days as five digits.
    if text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_or(ReadDate::None, |number| number_as_date(number, is_1904));
    }
    let folded = fold(text);
    let (day, time) = folded.split_once(['t', ' ']).unwrap_or((&folded, ""));
    if is_time(time) && (Period::parse(day).is_ok() || certain_date(day).is_some() || two(day).is_some()) {
        return ReadDate::Time;
    }
    two(&folded).unwrap_or(ReadDate::None)
}

fn is_time(text: &str) -> bool {
    text.contains(':') && text.bytes().all(|byte| byte.is_ascii_digit() || b":.z+".contains(&byte))
}

/// Reads three numbers that say less than they seem to.
fn two(text: &str) -> Option<ReadDate> {
    let parts: Vec<&str> = text.split(['.', '/', '-']).map(str::trim).collect();
    let [first, second, year] = parts[..] else { return None };
    let number = |part: &str, most: usize| {
        let is_short = (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_short.then(|| part.parse::<i16>().ok()).flatten()
    };
    let (first, second) = (number(first, 2)?, number(second, 2)?);
    let Some(year) = number(year, 4).filter(|_| year.len() == 4) else {
        return number(year, 2).map(|_| ReadDate::TwoDigits);
    };
    let day = |month: i16, day: i16| Date::new(year, month as i8, day as i8).ok();
    Some(match (day(second, first), day(first, second)) {
        (Some(day_first), Some(month_first)) => ReadDate::Two(day_first, month_first),
        _ => ReadDate::Impossible,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> ReadDate {
        ReadDate::Period(Period::parse(text).unwrap())
    }

    #[test]
    fn typed_days_are_counted_from_the_first_of_the_workbook() {
        for (value, is_1904, read) in [
            (Value::Serial(44623.0), false, period("2022-03-03")),
            (Value::Serial(43161.0), true, period("2022-03-03")),
            (Value::Serial(44623.5), false, ReadDate::Time),
            (Value::Serial(1.0), false, period("1900-01-01")),
            (Value::Serial(59.0), false, period("1900-02-28")),
            (Value::Serial(60.0), false, ReadDate::Impossible),
            (Value::Serial(61.0), false, period("1900-03-01")),
            (Value::Serial(0.0), false, ReadDate::Impossible),
            (Value::Serial(-5.0), true, ReadDate::Impossible),
            (Value::Serial(1e300), true, ReadDate::Impossible),
            (Value::Number(2022.0), false, period("2022")),
            (Value::Number(44623.0), false, ReadDate::Serial(date(2022, 3, 3))),
            (Value::Number(39081.0), true, ReadDate::Serial(date(2010, 12, 31))),
            (Value::Number(12.0), false, ReadDate::None),
            (Value::Number(1e300), false, ReadDate::None),
            (Value::Moment(date(2022, 3, 3)), false, ReadDate::Time),
            (Value::Flag(true), false, ReadDate::None),
        ] {
            assert_eq!(read_date(value, is_1904), read, "{value:?}");
        }
    }

    #[test]
    fn a_text_has_one_reading_or_two_or_none() {
        let two = ReadDate::Two(date(2022, 3, 5), date(2022, 5, 3));
        for (text, read) in [
            ("2022-03-03", period("2022-03-03")),
            ("2022", period("2022")),
            ("2022.03.05", period("2022-03-05")),
            ("25.03.2022", period("2022-03-25")),
            ("03/25/2022", period("2022-03-25")),
            ("03.03.2022", period("2022-03-03")),
            ("05.03.2022", two),
            ("5/3/2022", two),
            ("05-03-2022 г.", ReadDate::None),
            ("03.2022", period("2022-03")),
            ("03.03.22", ReadDate::TwoDigits),
            ("3 марта 2022", period("2022-03-03")),
            ("March 3 2022", period("2022-03-03")),
            ("наурыз 2022", period("2022-03")),
            ("2022 жылғы 3 наурыз", period("2022-03-03")),
            ("2022 г.", period("2022")),
            ("2022-03-03T00:00:00", period("2022-03-03")),
            ("2022-03-03T14:30:00", ReadDate::Time),
            ("05.03.2022 14:30", ReadDate::Time),
            ("\u{a0} 03.03.2022 ", period("2022-03-03")),
            ("٢٠٢٢", ReadDate::None),
            ("I кв. 2022", ReadDate::None),
            ("03.03.2022–05.03.2022", ReadDate::None),
            ("2022-02-30", ReadDate::Impossible),
            ("31.02.2022", ReadDate::Impossible),
            ("44623", ReadDate::Serial(date(2022, 3, 3))),
            ("н/д", ReadDate::None),
            ("", ReadDate::None),
        ] {
            assert_eq!(read_date(Value::Text(text), false), read, "{text}");
        }
    }
}

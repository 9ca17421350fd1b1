//! Dates as people write them, where there is only one way to read them: `03.03.2022`, `3 марта 2022`, `03.2022`.

use super::Period;
use super::values::{code_meant, fold};

/// A part of a written date.
enum Part {
    /// Digits: how many, and their number.
    Digits(usize, u32),
    /// The name of a month.
    Month(u32),
}

/// Returns the period that a text means, if it can mean only one. A text such as `05.03.2022`, which may begin with the
/// day or with the month, means none.
pub fn certain_date(text: &str) -> Option<Period> {
    let parts = parts(without_midnight(&fold(text)))?;
    let named = parts.iter().find_map(|part| match part {
        Part::Month(month) => Some(*month),
        Part::Digits(..) => None,
    });
    let numbers: Vec<(usize, u32)> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Digits(digits, number) => Some((*digits, *number)),
            Part::Month(_) => None,
        })
        .collect();
    let date = match (named, &numbers[..]) {
        (Some(_), _) if parts.len() > numbers.len() + 1 => return None,
        (Some(month), [(4, year)]) => format!("{year:04}-{month:02}"),
        (Some(month), [(1 | 2, day), (4, year)] | [(4, year), (1 | 2, day)]) => {
            format!("{year:04}-{month:02}-{day:02}")
        }
        (None, [(4, year)]) => format!("{year:04}"),
        (None, [(4, year), (1 | 2, month)] | [(1 | 2, month), (4, year)]) => format!("{year:04}-{month:02}"),
        (None, [(4, year), (1 | 2, month), (1 | 2, day)]) => format!("{year:04}-{month:02}-{day:02}"),
        (None, [(1 | 2, first), (1 | 2, second), (4, year)]) => {
            let (day, month) = match (*first > 12, *second > 12) {
                (false, true) => (second, first),
                (true, false) => (first, second),
                _ if first == second => (first, second),
                _ => return None,
            };
            format!("{year:04}-{month:02}-{day:02}")
        }
        _ => return None,
    };
    Period::parse(&date).ok()
}

/// Takes away a time of day that says nothing.
fn without_midnight(text: &str) -> &str {
    ["00:00:00", "00:00"]
        .iter()
        .find_map(|time| text.strip_suffix(time)?.strip_suffix(['t', ' ']))
        .unwrap_or(text)
}

/// Splits a folded text into its parts. Returns `None` when anything in it belongs to no date.
fn parts(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = |symbol: char| symbol.is_ascii_digit();
        let is_word = |symbol: char| symbol.is_alphabetic();
        if is_digit(first) {
            let end = rest.find(|symbol| !is_digit(symbol)).unwrap_or(rest.len());
            parts.push(Part::Digits(end, rest[..end].parse().ok()?));
            rest = &rest[end..];
            // 3rd, 21st
            let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|ending| rest.strip_prefix(ending));
            rest = ordinal.filter(|rest| !rest.starts_with(is_word)).unwrap_or(rest);
        } else if is_word(first) {
            let end = rest.find(|symbol| !is_word(symbol)).unwrap_or(rest.len());
            let word = &rest[..end];
            if let Some(month) = code_meant("month", word) {
                parts.push(Part::Month(month.parse().ok()?));
            } else if code_meant("year_word", word).is_none() {
                return None;
            }
            rest = &rest[end..];
        } else if [' ', '.', '/', '-', ','].contains(&first) {
            rest = &rest[first.len_utf8()..];
        } else {
            return None;
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::certain_date;

    #[test]
    fn a_date_of_one_reading_is_read() {
        for (text, date) in [
            ("03.03.2022", "2022-03-03"),
            ("25.03.2022", "2022-03-25"),
            ("25/3/2022", "2022-03-25"),
            ("03/25/2022", "2022-03-25"),
            ("2022.03.05", "2022-03-05"),
            ("2022/3/5", "2022-03-05"),
            ("2020-4-20", "2020-04-20"),
            ("03.2022", "2022-03"),
            ("2020/04", "2020-04"),
            (" 2020", "2020"),
            ("2022 г.", "2022"),
            ("\u{a0} 03.03.2022 ", "2022-03-03"),
            ("3 марта 2022", "2022-03-03"),
            ("3 Марта 2022 года", "2022-03-03"),
            ("March 3, 2022", "2022-03-03"),
            ("3rd March 2022", "2022-03-03"),
            ("наурыз 2022", "2022-03"),
            ("2022 жылғы 3 наурыз", "2022-03-03"),
            ("2022-03-03T00:00:00", "2022-03-03"),
            ("2022-03-03 00:00", "2022-03-03"),
        ] {
            assert_eq!(certain_date(text).map(|date| date.to_string()).as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn a_date_of_two_readings_or_of_none_is_not_guessed_at() {
        for text in [
            "05.03.2022",
            "3/5/2022",
            "03.03.22",
            "3 марта 22",
            "2022-03-03T14:30:00",
            "٢٠٢٢",
            "I кв. 2022",
            "03.03.2022–05.03.2022",
            "2019-2020",
            "31.02.2022",
            "март апрель 2022",
            "march",
            "44623",
            "99999999999999",
            "",
            "-",
        ] {
            assert_eq!(certain_date(text), None, "{text}");
        }
    }
}

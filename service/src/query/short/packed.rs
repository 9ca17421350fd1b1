//! The binary form of a query in a short code: its canonical spelling, with a number for everything that has a name.
//!
//! The first byte holds [`FLAGS`]. Half bytes follow, the high half first: the dimensions of `by`, 0, the measures, 0, the
//! filtered dimensions, 0, and the dimension of `share` if there is one. A 0 fills the last byte if necessary.
//! Then come, as far as the query has them: the codes of each filtered dimension, `from`, `to`, the language of labels and the
//! language of the answer. Numbers are LEB128. The number of a code is its index in the release's list.
//!
//! The meaning of a number never changes, and no number is used again for something else.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;

use crate::domain::{Dimension, Measure, Period, day_number};
use crate::query::{Params, escape};

/// Returns the number and the name of each dimension.
fn dimensions() -> [(u8, &'static str); Dimension::ALL.len()] {
    let mut all = Dimension::ALL.map(|dimension| (dimension.number(), dimension.name()));
    all.sort_unstable();
    all
}

/// Returns the number and the name of each measure.
fn measures() -> [(u8, &'static str); Measure::ALL.len()] {
    Measure::ALL.map(|measure| (measure.number(), measure.name()))
}

/// The bits of the first byte. `lineage` and `rate` are parameters with the value 1; the values of the others follow. The
/// highest bit is reserved: an eighth parameter sets it and adds a byte.
const FLAGS: [(u8, &str); 7] = [
    (1, "lineage"),
    (1 << 1, "rate"),
    (1 << 2, "from"),
    (1 << 3, "to"),
    (1 << 4, "share"),
    (1 << 5, "labels"),
    (1 << 6, "lang"),
];

/// Periods are counted from the year 2015, so that the years that most queries use take one byte.
const FIRST_YEAR: i64 = 2015;
/// 2015-01-01, in days since 1970-01-01.
const FIRST_DAY: i64 = 16_436;

/// Returns the sorted codes of a dimension.
pub(super) type Codes<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// Packs a canonical query and a language; `None` when something in the query has no number.
pub(super) fn pack(canonical: &str, language: Option<&str>, codes: Codes<'_>) -> Option<Vec<u8>> {
    let mut params = Params::parse(canonical).ok()?;
    let by = params.take("by")?;
    let measured = params.take("measure")?;
    let mut half_bytes = Vec::new();
    for (text, numbers) in [(&by, &dimensions()[..]), (&measured, &measures()[..])] {
        for name in text.split(',').filter(|name| !name.is_empty()) {
            half_bytes.push(number_of(name, numbers)?);
        }
        half_bytes.push(0);
    }
    let mut tail = Vec::new();
    for (number, name) in dimensions() {
        let Some(text) = params.take(name) else { continue };
        half_bytes.push(number);
        let all = codes(name);
        let place = |code: &str| all.binary_search_by(|own| own.as_str().cmp(code)).ok();
        let kept: Option<Vec<u64>> =
            text.split(',').map(|code| place(code).and_then(|place| u64::try_from(place).ok())).collect();
        write_set(kept?, &mut tail);
    }
    half_bytes.push(0);
    let mut flags = 0;
    for (bit, name) in FLAGS {
        let value = if name == "lang" { language.map(str::to_owned) } else { params.take(name) };
        let Some(value) = value else { continue };
        flags |= bit;
        match name {
            "from" | "to" => write_number(period_number(Period::parse(&value).ok()?)?, &mut tail),
            "share" => half_bytes.push(number_of(&value, &dimensions())?),
            "labels" | "lang" => write_number(language_number(&value)?, &mut tail),
            _ if value == "1" => {}
            _ => return None,
        }
    }
    params.finish_with(&[]).ok()?;
    let mut out = vec![flags];
    out.extend(half_bytes.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or_default()));
    out.extend(tail);
    Some(out)
}

/// Unpacks what [`pack`] wrote: the query as text, and the code of a language. It may also accept other bytes; the caller
/// refuses those by packing the result again.
pub(super) fn unpack(bytes: &[u8], codes: Codes<'_>) -> Option<(String, Option<String>)> {
    let mut reader = Reader { bytes, is_half: false };
    let flags = reader.byte()?;
    if flags >> 7 != 0 {
        return None;
    }
    let by = reader.names(&dimensions())?;
    let measures = reader.names(&measures())?;
    let filtered = reader.names(&dimensions())?;
    let mut found = BTreeMap::new();
    let is_set = |wanted: &str| FLAGS.iter().any(|(bit, name)| *name == wanted && flags & bit != 0);
    if is_set("share") {
        found.insert("share", name_of(reader.half_byte()?, &dimensions())?.to_owned());
    }
    reader.fill_up();
    let mut parts = vec![format!("by={}", by.join(","))];
    for name in filtered {
        let all = codes(name);
        let kept: Option<Vec<String>> = reader
            .set()?
            .into_iter()
            .map(|number| Some(escape(all.get(usize::try_from(number).ok()?)?)))
            .collect();
        parts.push(format!("{name}={}", kept?.join(",")));
    }
    for name in ["lineage", "rate"].into_iter().filter(|name| is_set(name)) {
        found.insert(name, "1".to_owned());
    }
    for name in ["from", "to"].into_iter().filter(|name| is_set(name)) {
        found.insert(name, period_of(reader.number()?)?.to_string());
    }
    for name in ["labels", "lang"].into_iter().filter(|name| is_set(name)) {
        found.insert(name, language_of(reader.number()?)?);
    }
    if !reader.bytes.is_empty() {
        return None;
    }
    let language = found.remove("lang");
    parts.push(format!("measure={}", measures.join(",")));
    parts.extend(found.into_iter().map(|(name, value)| format!("{name}={value}")));
    Some((parts.join("&"), language))
}

fn number_of(name: &str, numbers: &[(u8, &str)]) -> Option<u8> {
    numbers.iter().find(|(_, own)| *own == name).map(|(number, _)| *number)
}

fn name_of<'a>(number: u8, numbers: &[(u8, &'a str)]) -> Option<&'a str> {
    numbers.iter().find(|(own, _)| *own == number).map(|(_, name)| *name)
}

fn write_number(mut number: u64, out: &mut Vec<u8>) {
    loop {
        let low = (number & 127) as u8;
        number >>= 7;
        if number == 0 {
            return out.push(low);
        }
        out.push(low | 128);
    }
}

/// Writes ascending numbers in the shorter of two forms: as differences, or as a bitmap after the first number. The lowest bit
/// of the first value says which form follows; the other bits hold the count of numbers or of bitmap bytes.
fn write_set(mut numbers: Vec<u64>, out: &mut Vec<u8>) {
    numbers.sort_unstable();
    numbers.dedup();
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX >> 1);
    let mut distances = Vec::new();
    write_number(count(numbers.len()) << 1, &mut distances);
    let mut next = 0;
    for &number in &numbers {
        write_number(number - next, &mut distances);
        next = number + 1;
    }
    let first = numbers.first().copied().unwrap_or_default();
    let mut bits: Vec<u8> = Vec::new();
    for behind in numbers.iter().skip(1).map(|number| number - first - 1) {
        // A bitmap longer than the differences is not written, so building stops there.
        let Ok(place) = usize::try_from(behind / 8) else { break };
        if place >= distances.len() {
            return out.extend(distances);
        }
        bits.resize(place.max(bits.len().saturating_sub(1)) + 1, 0);
        bits[place] |= 1 << (behind % 8);
    }
    let mut set = Vec::new();
    write_number(count(bits.len()) << 1 | 1, &mut set);
    write_number(first, &mut set);
    set.extend(bits);
    out.extend(if set.len() < distances.len() { set } else { distances });
}

/// Returns a period as a number: its distance from 2015 in its own unit, zigzag-encoded (0, -1, 1, -2, …), times three, plus
/// the unit (0 for years, 1 for months, 2 for days).
fn period_number(period: Period) -> Option<u64> {
    let date = period.first_day();
    let years = i64::from(date.year()) - FIRST_YEAR;
    let (distance, unit) = match period {
        Period::Year(_) => (years, 0),
        Period::Month(_) => (years * 12 + i64::from(date.month()) - 1, 1),
        Period::Day(_) => (i64::from(day_number(date)) - FIRST_DAY, 2),
    };
    let folded = if distance < 0 { (-distance - 1) * 2 + 1 } else { distance * 2 };
    u64::try_from(folded).ok().map(|folded| folded * 3 + unit)
}

/// Returns the period that a number stands for.
fn period_of(number: u64) -> Option<Period> {
    let folded = i64::try_from(number / 3).ok()?;
    let distance = if folded % 2 == 1 { -(folded / 2) - 1 } else { folded / 2 };
    let date = |years: i64, month: i64| {
        let year = i16::try_from(FIRST_YEAR.checked_add(years)?).ok()?;
        Date::new(year, i8::try_from(month).ok()?, 1).ok()
    };
    match number % 3 {
        0 => date(distance, 1).map(Period::Year),
        1 => date(distance.div_euclid(12), distance.rem_euclid(12) + 1).map(Period::Month),
        _ => date(0, 1)?.checked_add(Span::new().try_days(distance).ok()?).ok().map(Period::Day),
    }
}

/// Returns the code of a language (ISO 639-1) as a number in base 27, where `a` is 1.
fn language_number(code: &str) -> Option<u64> {
    let letter = |letter: u8| letter.is_ascii_lowercase().then(|| u64::from(letter - b'a') + 1);
    code.bytes().try_fold(0_u64, |sum, byte| sum.checked_mul(27)?.checked_add(letter(byte)?))
}

fn language_of(mut number: u64) -> Option<String> {
    let mut code = Vec::new();
    while number > 0 {
        let letter = u8::try_from(number % 27).ok().filter(|letter| *letter > 0)?;
        code.insert(0, b'a' + letter - 1);
        number /= 27;
    }
    String::from_utf8(code).ok()
}

/// A cursor over bytes and half bytes.
struct Reader<'a> {
    bytes: &'a [u8],
    /// Whether the high half of the next byte has been read.
    is_half: bool,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn half_byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.first()?;
        self.is_half = !self.is_half;
        if self.is_half {
            return Some(byte >> 4);
        }
        self.bytes = &self.bytes[1..];
        Some(byte & 15)
    }

    /// Moves to the next whole byte.
    fn fill_up(&mut self) {
        if self.is_half {
            self.bytes = &self.bytes[1..];
            self.is_half = false;
        }
    }

    /// Reads names up to a 0.
    fn names<'n>(&mut self, numbers: &[(u8, &'n str)]) -> Option<Vec<&'n str>> {
        let mut names = Vec::new();
        loop {
            match self.half_byte()? {
                0 => return Some(names),
                number => names.push(name_of(number, numbers)?),
            }
        }
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte & 128 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn set(&mut self) -> Option<Vec<u64>> {
        let head = self.number()?;
        let length = usize::try_from(head >> 1).ok().filter(|length| *length <= self.bytes.len())?;
        let mut numbers = Vec::new();
        if head & 1 == 1 {
            let first = self.number()?;
            numbers.push(first);
            let bits = self.bytes.get(..length)?;
            self.bytes = &self.bytes[length..];
            for (place, byte) in bits.iter().enumerate() {
                for bit in (0..8).filter(|bit| byte & 1 << bit != 0) {
                    let behind = u64::try_from(place * 8 + bit).ok()?;
                    numbers.push(first.checked_add(behind)?.checked_add(1)?);
                }
            }
        } else {
            let mut next = 0_u64;
            for _ in 0..length {
                let number = next.checked_add(self.number()?)?;
                numbers.push(number);
                next = number.checked_add(1)?;
            }
        }
        Some(numbers)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The code lists of a made-up release that never changes.
    fn codes(name: &str) -> Vec<String> {
        let all: &[&str] = match name {
            "country" => &["FRA", "KAZ", "POL", "RUS"],
            "statute" => &["FRA-X-1", "KAZ-CC-174", "KAZ-CC-274", "RUS-CC-207.3"],
            "outcome" => &["acquitted", "charged", "convicted", "dismissed", "pending", "registered"],
            "category" => &["defamation", "false-information"],
            "region" => &["A & B", "Ümit"],
            "source" => return (0..400).map(|number| format!("s{number:03}")).collect(),
            _ => &[],
        };
        all.iter().map(|code| (*code).to_owned()).collect()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn what_was_written_once_is_read_for_ever() {
        // These lines must never change: printed citations contain the codes.
        let every_other: Vec<String> = (0..40).map(|number| format!("s{:03}", 100 + number * 2)).collect();
        let bits = format!("by=source&source={}&measure=cases", every_other.join(","));
        for (text, language, written) in [
            ("by=year&measure=persons", None, "00701000"),
            ("by=&measure=persons,cases,charges", None, "00012300"),
            ("by=year,outcome&statute=KAZ-CC-274&measure=cases", None, "00730202000202"),
            (
                "by=country&country=KAZ,RUS&from=2019&to=2022-02-24&measure=charges&share=country&labels=ru",
                Some("kk"),
                "7c1030101004010118b47afb03b402",
            ),
            ("by=category&category=false-information&measure=persons&lineage=1&rate=1", None, "039010900201"),
            ("by=region&region=A %26 B,Ümit&from=1999-12&measure=persons", None, "04501050040000bc08"),
            (&bits, None, "006020601564aaaaaaaaaaaaaaaaaa2a"),
        ] {
            let packed = pack(text, language, &codes).unwrap();
            assert_eq!(hex(&packed), written, "{text}");
            let (back, spoken) = unpack(&packed, &codes).unwrap();
            assert_eq!(pack(&back, spoken.as_deref(), &codes).unwrap(), packed, "{text}: {back}");
            assert_eq!(spoken.as_deref(), language);
        }
    }

    #[test]
    fn what_has_no_number_is_not_written() {
        for text in [
            "by=year&measure=persons&excel=1",
            "by=age&measure=persons",
            "by=year&measure=years",
            "by=year",
            "by=year&measure=persons&rate=2",
            "by=year&country=XXX&measure=persons",
        ] {
            assert_eq!(pack(text, None, &codes), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_set_comes_back(numbers in proptest::collection::btree_set(0_u64..3_000, 0..300)) {
            let numbers: Vec<u64> = numbers.into_iter().collect();
            let mut out = Vec::new();
            write_set(numbers.clone(), &mut out);
            let mut reader = Reader { bytes: &out, is_half: false };
            prop_assert_eq!(reader.set(), Some(numbers));
            prop_assert!(reader.bytes.is_empty());
        }

        #[test]
        fn no_bytes_do_harm(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = unpack(&bytes, &codes);
            let _ = Reader { bytes: &bytes, is_half: false }.set();
        }
    }

    #[test]
    fn a_period_comes_back() {
        for text in ["0000", "0000-01", "0000-01-01", "2014-12-31", "2015", "2020-02-29", "9999-12-31"] {
            let period = Period::parse(text).unwrap();
            assert_eq!(
                period_of(period_number(period).unwrap()).map(|own| own.to_string()).as_deref(),
                Some(text)
            );
        }
        assert_eq!(period_of(u64::MAX >> 1), None);
    }
}

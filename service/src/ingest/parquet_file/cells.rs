//! The cells of a column of a Parquet file. A cell of any type is read as the text that it would be in CSV.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Date32Type, Date64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, DictionaryArray, Int32Array, Int64Array, StringArray,
    StringViewArray, UInt64Array,
};
use arrow_schema::{DataType, TimeUnit};
use jiff::civil::{Date, Time};

use crate::domain::day_of_number;

/// The cells of a column in a batch of rows.
#[derive(Debug)]
pub enum Cells {
    /// No cell holds a value.
    Empty,
    /// Dictionary-encoded texts: for each cell the place of its text among a few.
    Coded(DictionaryArray<Int32Type>, StringArray),
    /// Texts.
    Texts(StringViewArray),
    /// Whole numbers.
    Signed(Int64Array),
    /// Whole numbers of 0 or more.
    Whole(UInt64Array),
    /// Days since 1970.
    Days(Int32Array),
    /// Moments since 1970, and the number of their units in a day.
    Moments(Int64Array, i64),
    /// `true` and `false`.
    Flags(BooleanArray),
}

const SECONDS_OF_A_DAY: i64 = 86_400;

impl Cells {
    /// Reads a column as it was decoded. Returns `None` for a type that is refused as `column_type`.
    pub fn of(array: &ArrayRef) -> Option<Self> {
        macro_rules! whole {
            ($kind:ty => $wide:ty, $cells:ident) => {
                Self::$cells(array.as_primitive_opt::<$kind>()?.unary::<_, $wide>(Into::into))
            };
        }
        macro_rules! moments {
            ($kind:ty, $per_second:expr) => {
                Self::Moments(
                    array.as_primitive_opt::<$kind>()?.reinterpret_cast::<Int64Type>(),
                    SECONDS_OF_A_DAY * $per_second,
                )
            };
        }
        Some(match array.data_type() {
            DataType::Null => Self::Empty,
            DataType::Dictionary(..) => {
                let codes = array.as_dictionary_opt::<Int32Type>()?;
                Self::Coded(codes.clone(), codes.values().as_string_opt::<i32>()?.clone())
            }
            DataType::Utf8View => Self::Texts(array.as_string_view_opt()?.clone()),
            DataType::Int8 => whole!(Int8Type => Int64Type, Signed),
            DataType::Int16 => whole!(Int16Type => Int64Type, Signed),
            DataType::Int32 => whole!(Int32Type => Int64Type, Signed),
            DataType::Int64 => Self::Signed(array.as_primitive_opt::<Int64Type>()?.clone()),
            DataType::UInt8 => whole!(UInt8Type => UInt64Type, Whole),
            DataType::UInt16 => whole!(UInt16Type => UInt64Type, Whole),
            DataType::UInt32 => whole!(UInt32Type => UInt64Type, Whole),
            DataType::UInt64 => Self::Whole(array.as_primitive_opt::<UInt64Type>()?.clone()),
            DataType::Date32 => {
                Self::Days(array.as_primitive_opt::<Date32Type>()?.reinterpret_cast::<Int32Type>())
            }
            DataType::Date64 => moments!(Date64Type, 1_000),
            DataType::Timestamp(TimeUnit::Second, _) => moments!(TimestampSecondType, 1),
            DataType::Timestamp(TimeUnit::Millisecond, _) => moments!(TimestampMillisecondType, 1_000),
            DataType::Timestamp(TimeUnit::Microsecond, _) => moments!(TimestampMicrosecondType, 1_000_000),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => moments!(TimestampNanosecondType, 1_000_000_000),
            DataType::Boolean => Self::Flags(array.as_boolean_opt()?.clone()),
            _ => return None,
        })
    }

    /// Returns the text of a cell, or `""` when the cell has no value.
    pub fn text(&self, row: usize) -> String {
        let is_null = match self {
            Self::Empty => true,
            Self::Coded(codes, _) => codes.keys().is_null(row),
            Self::Texts(texts) => texts.is_null(row),
            Self::Signed(numbers) | Self::Moments(numbers, _) => numbers.is_null(row),
            Self::Whole(numbers) => numbers.is_null(row),
            Self::Days(days) => days.is_null(row),
            Self::Flags(flags) => flags.is_null(row),
        };
        if is_null {
            return String::new();
        }
        match self {
            Self::Empty => String::new(),
            Self::Coded(codes, texts) => {
                let key = usize::try_from(codes.keys().value(row)).ok();
                let text = key.filter(|key| *key < texts.len() && !texts.is_null(*key));
                text.map_or(String::new(), |key| texts.value(key).to_owned())
            }
            Self::Texts(texts) => texts.value(row).to_owned(),
            Self::Signed(numbers) => numbers.value(row).to_string(),
            Self::Whole(numbers) => numbers.value(row).to_string(),
            Self::Days(days) => day(days.value(row).into()),
            Self::Moments(moments, of_a_day) => moment(moments.value(row), *of_a_day),
            Self::Flags(flags) => flags.value(row).to_string(),
        }
    }
}

/// Returns a day as it is written in CSV. A day that the calendar does not have becomes words that are no date.
fn day(number: i64) -> String {
    match calendar(number) {
        Some(date) => format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
        None => format!("day {number} since 1970"),
    }
}

fn calendar(number: i64) -> Option<Date> {
    let date = day_of_number(i32::try_from(number).ok()?)?;
    // ISO 8601 writes years with four digits.
    (date.year() >= 0).then_some(date)
}

/// Returns a moment as CSV has it: a moment at midnight as its day, any other with its time of day.
fn moment(value: i64, of_a_day: i64) -> String {
    let (date, time) = (day(value.div_euclid(of_a_day)), value.rem_euclid(of_a_day));
    let nanoseconds = i128::from(time) * i128::from(SECONDS_OF_A_DAY) * 1_000_000_000 / i128::from(of_a_day);
    let midnight = Time::midnight();
    match i64::try_from(nanoseconds) {
        Ok(0) => date,
        Ok(nanoseconds) => {
            format!("{date}T{}", midnight.wrapping_add(jiff::SignedDuration::from_nanos(nanoseconds)))
        }
        Err(_) => date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_at_midnight_is_a_day_and_no_other_is() {
        for (value, per_second, text) in [
            (0, 1, "1970-01-01"),
            (-SECONDS_OF_A_DAY, 1, "1969-12-31"),
            (1_588_287_600, 1, "2020-04-30T23:00:00"),
            (1_588_291_200_000, 1_000, "2020-05-01"),
            (1_588_291_200_001, 1_000, "2020-05-01T00:00:00.001"),
            (i64::MAX, 1, "day 106751991167300 since 1970T15:30:07"),
        ] {
            assert_eq!(moment(value, SECONDS_OF_A_DAY * per_second), text);
        }
        assert_eq!(day(-800_000), "day -800000 since 1970");
    }
}

//! Answers of every shape, and what a picture of one should show: worked out from its rows alone.

use crate::samples::{code, column};
use chargesheet_widget::chart::{Kind, Spec, Theme};
use chargesheet_widget::wire::{Answer, ColumnRole, InForce, Labels, Row, Text, Value};
use proptest::prelude::*;

const LATIN: &str = "persons prosecuted (“charges”) under Article 274, by outcome — first instance & appeal <2019> knowingly false information";
const CYRILLIC: &str = "Распространение заведомо ложной информации: число лиц, Қазақстан бойынша қылмыстық істердің үлесі, статья 274 ӘҒҚҢӨҰҮҺІ";

/// What stands along the first dimension of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    Years,
    Months,
    Statutes,
}

/// An answer with a picture of it to ask for.
#[derive(Debug, Clone)]
pub struct Shape {
    pub answer: Answer,
    pub along: Along,
    pub shares: bool,
    pub size: (u32, u32),
    pub kind: Kind,
    pub theme: Theme,
    pub plain: bool,
    pub whole: bool,
    pub hidden: u32,
    pub range: Option<(i32, i32)>,
}

/// Columns of every shape.
const STATUS: usize = 2;
const PERSONS: usize = 3;
const SHARE: usize = 4;

impl Shape {
    /// The spec of the picture at a size.
    pub fn spec(&self, (width, height): (u32, u32)) -> Spec {
        let mut spec = Spec::new(width, height).expect("a size within the limits");
        (spec.kind, spec.theme, spec.plain) = (Some(self.kind), self.theme, self.plain);
        spec.whole = self.whole;
        (spec.hidden, spec.range) = (self.hidden, self.range);
        spec
    }

    fn is_stacked(&self) -> bool {
        matches!(self.kind, Kind::Stacked | Kind::Share)
    }

    fn column(&self) -> usize {
        if self.shares && !self.is_stacked() { SHARE } else { PERSONS }
    }

    /// The period of a row, if it is known.
    fn period(&self, row: &Row) -> Option<i32> {
        match (&row.values[0], self.along) {
            (Value::Year(year), _) => Some(*year),
            (Value::Text(month), Along::Months) => {
                let (year, month) = month.split_once('-').expect("YYYY-MM");
                Some(year.parse::<i32>().expect("a year") * 12 + month.parse::<i32>().expect("a month") - 1)
            }
            _ => None,
        }
    }

    /// The numbers of the series by the dimension that tells them apart; `None` where there is one series.
    fn series(&self) -> Vec<Value> {
        let dimension = match (self.kind, self.along) {
            (Kind::Horizontal, Along::Years | Along::Months) => 0,
            // A panel per outcome leaves nothing to tell lines apart.
            (Kind::Multiples, _) => return Vec::new(),
            _ => 1,
        };
        let mut values: Vec<Value> = Vec::new();
        for row in &self.answer.rows {
            let left_out = dimension == 0 && !self.in_range(row);
            if !left_out && !values.contains(&row.values[dimension]) {
                values.push(row.values[dimension].clone());
            }
        }
        // Codes are generated in the order of their labels, periods in that of time; unknown ones come last.
        let key = |value: &Value| match value {
            Value::Year(year) => year.to_string(),
            Value::Text(code) => code.clone(),
            _ => "~".to_owned(),
        };
        values.sort_by_key(key);
        values
    }

    /// Whether a row's period is shown. Those without one are, unless periods tell series apart.
    fn in_range(&self, row: &Row) -> bool {
        let whole: Vec<i32> = self
            .answer
            .rows
            .iter()
            .filter(|row| matches!(row.values[PERSONS], Value::Count(_)))
            .filter_map(|row| self.period(row))
            .collect();
        let (Some((from, to)), Some(first), Some(last)) =
            (self.range, whole.iter().min(), whole.iter().max())
        else {
            return true;
        };
        let shown = (from.clamp(*first, *last), to.clamp(*first, *last));
        if shown == (*first, *last) {
            return true;
        }
        self.period(row).is_some_and(|at| at >= shown.0 && at <= shown.1.max(shown.0))
    }

    /// The figures that the picture should show, by row and column; `None` when it may be refused.
    pub fn expected(&self) -> Option<Vec<(usize, usize)>> {
        let timed = self.along != Along::Statutes;
        let dated = timed && self.answer.rows.iter().any(|row| self.period(row).is_some());
        if timed && !dated {
            // Only records without a period: a picture of what is left.
            return None;
        }
        if self.kind == Kind::Multiples && !timed {
            return None;
        }
        let series = self.series();
        if self.kind == Kind::Horizontal && timed && series.len() > 12 {
            return None;
        }
        let shown = |row: &Row| {
            let figure = match row.values[self.column()] {
                Value::Count(value) => !(self.is_stacked() && value == 0),
                Value::Real(_) => true,
                _ => false,
            };
            let dimension = usize::from(!(self.kind == Kind::Horizontal && timed));
            let number = series.iter().position(|value| *value == row.values[dimension]).unwrap_or(0);
            let placed = self.kind == Kind::Horizontal || !timed || self.period(row).is_some();
            figure && placed && (!timed || self.in_range(row)) && self.hidden >> number & 1 == 0
        };
        let rows = self.answer.rows.iter().enumerate();
        Some(rows.filter(|(_, row)| shown(row)).map(|(index, _)| (index, self.column())).collect())
    }
}

/// Cuts a text of a length out of a longer one, starting anywhere.
fn words(source: &str, start: usize, length: usize) -> String {
    source.chars().cycle().skip(start).take(length).collect::<String>().trim().to_owned()
}

/// The value along the first dimension: the period or statute of an index.
fn at(along: Along, first: i32, index: usize) -> Value {
    let index = index as i32;
    match along {
        Along::Years => Value::Year(first + index),
        Along::Months => code(&format!("{}-{:02}", first + index / 12, index % 12 + 1)),
        Along::Statutes => code(&format!("g{index:02}")),
    }
}

/// Answers with 1 to 40 periods or groups, 1 to 12 series, figures up to ten millions, texts of up to 120
/// characters, in two alphabets; and pictures of all kinds.
pub fn shapes() -> impl Strategy<Value = Shape> {
    let texts = (0..100_usize, 0..=120_usize, 1..=60_usize, any::<bool>());
    let figure = prop_oneof![
        1 => Just(None),
        1 => Just(Some(0)),
        3 => (0..50_u64).prop_map(Some),
        3 => (0..=10_000_000_u64).prop_map(Some),
    ];
    let picture = (
        prop::sample::select(vec![(320, 260), (375, 420), (500, 300), (800, 450), (1600, 900)]),
        prop::sample::select(Kind::ALL.to_vec()),
        prop::sample::select(vec![Theme::Light, Theme::Dark]),
        prop::bool::weighted(0.2),
        prop_oneof![2 => Just(0), 1 => any::<u32>()],
        prop::option::weighted(0.3, (0..40_i32, 0..40_i32)),
    );
    let along = prop::sample::select(vec![Along::Years, Along::Years, Along::Months, Along::Statutes]);
    // Many periods, or few of them, which a ranking can tell apart.
    let places = prop_oneof![1..=40_usize, 1..=11_usize];
    (
        (places, 1..=12_usize, prop::collection::vec(figure, 480), along, prop::bool::weighted(0.3)),
        texts,
        picture,
        1950..2000_i32,
        any::<bool>(),
    )
        .prop_map(
            |((places, many, cells, along, shares), (start, title, name, russian), picture, first, shaded)| {
                let source = if russian { CYRILLIC } else { LATIN };
                let codes = |many: usize, letter: char| -> Vec<(String, String)> {
                    let label = |index| format!("{} {index}", words(source, start + index * 7, name));
                    (0..many).map(|index| (format!("{letter}{index:02}"), label(index))).collect()
                };
                let groups = codes(places, 'g');
                let others = codes(many, 's');
                let mut rows = Vec::new();
                for index in 0..=places {
                    for (number, (other, _)) in others.iter().enumerate() {
                        // The last round is of records without a year.
                        let undated = (along != Along::Statutes && number % 2 == 0).then_some(3);
                        let value = if index < places { cells[index * many + number] } else { undated };
                        let Some(value) = value else { continue };
                        let place = if index < places { at(along, first, index) } else { Value::Absent };
                        let status = ["A", "A", "P", "B", "E"][(value % 5) as usize];
                        let mut values = vec![place, code(other), code(status), Value::Count(value)];
                        let millionths = |value: u64| Value::Real(value.min(1_000_000) as f64 / 1e6);
                        let share = value / 10;
                        // Nothing is a share of nobody.
                        values.extend(match value {
                            0 => [Value::Absent, Value::Absent, Value::Absent],
                            _ => [share, share.saturating_sub(value / 30), share + value / 30].map(millionths),
                        });
                        values.truncate(if shares { 7 } else { 4 });
                        rows.push(Row { values, disagreements: Vec::new() });
                    }
                }
                let dimension = match along {
                    Along::Years => "year",
                    Along::Months => "month",
                    Along::Statutes => "statute",
                };
                let mut columns = vec![
                    column(dimension, ColumnRole::Dimension, "Year"),
                    column("outcome", ColumnRole::Dimension, "Outcome"),
                    column("status", ColumnRole::Status, "Status"),
                    column("persons", ColumnRole::Measure, "Persons"),
                ];
                if shares {
                    for name in ["share", "share_low", "share_high"] {
                        columns.push(column(name, ColumnRole::Share, "Share"));
                    }
                }
                assert_eq!((columns[STATUS].role, columns[PERSONS].role), (ColumnRole::Status, ColumnRole::Measure));
                let answer = Answer {
                    language: if russian { "ru" } else { "en" }.to_owned(),
                    columns,
                    rows,
                    labels: Labels(vec![("statute".to_owned(), groups), ("outcome".to_owned(), others)]),
                    additive: vec!["outcome".to_owned(), dimension.to_owned()],
                    in_force: shaded.then(|| InForce {
                        from: Some(format!("{}-03-01", first + 5)),
                        to: Some(format!("{}", first + 30)),
                    }),
                    text: Text {
                        title: words(source, start, title),
                        subtitle: words(source, start + 3, title * 3 / 2),
                        x_title: words(source, start, 14),
                        y_title: words(source, start + 9, name),
                        share_title: words(source, start + 5, name),
                        source_line: words(source, start + 1, 90),
                        dataset_line: "Chargesheet, release 2026-08-01-3f9c2a7d https://example.org/v1/datasets/reported-figures/releases/2026".to_owned(),
                        notes: vec![words(source, start + 2, title)],
                        not_shown: "Not shown: {names}.".to_owned(),
                        shown_periods: "Shown: {from}–{to}.".to_owned(),
                        key_break: words(source, start + 4, 12),
                        key_provisional: words(source, start, name),
                        key_disagree: "Sources disagree".to_owned(),
                        key_interval: "95 % interval".to_owned(),
                        unknown: "Year not known".to_owned(),
                        not_in_force: words(source, start, 18),
                        empty: words(source, start, 80),
                        alt: format!(
                            "{}. {}",
                            words(source, start, title),
                            words(source, start + 3, title * 3 / 2)
                        ),
                        thousands: if russian { "\u{a0}" } else { "," }.to_owned(),
                        decimal: if russian { "," } else { "." }.to_owned(),
                    },
                    ..Answer::default()
                };
                let (size, kind, theme, plain, hidden, range) = picture;
                let range = range.map(|(one, other)| {
                    let start = if along == Along::Months { first * 12 } else { first };
                    (start + one.min(other), start + one.max(other))
                });
                Shape { answer, along, shares, size, kind, theme, plain, whole: start % 2 == 1, hidden, range }
            },
        )
}

//! The columns of an answer by role, and the layout of its rows as series.

use super::cells::{code, figure, is_time, period};
use super::error::DrawError;
use super::keys::{KEY_LIMIT, Key, Keys, place};
use super::periods::{self, Periods, Unit};
use super::series::{Along, FIGURE_LIMIT, Measured, PANEL_LIMIT, Point, SERIES_LIMIT, Series, Style};
use super::spec::{Kind, Theme};
use super::styles::Styles;
use super::words;
use crate::wire::{Answer, Column, ColumnRole, RATES, Row, Value};

/// The columns of an answer that are drawn, each with its index in a row.
pub struct Columns<'a> {
    pub dimensions: Vec<(usize, &'a Column)>,
    /// The measures; or only the share, when shares are drawn.
    pub measures: Vec<(usize, &'a Column)>,
    /// The columns with the bounds of the share's interval.
    bounds: Option<(usize, usize)>,
    status: Option<usize>,
    /// The column of months or years. Where both occur, months are used, because each month lies in one year.
    time: Option<(usize, &'a Column)>,
    /// The periods with figures, and the range of periods to draw.
    pub periods: Option<Periods>,
    /// Whether rows outside the range of periods are left out.
    restricted: bool,
}

/// The columns that decide the layout of the rows.
pub struct Arrangement<'a> {
    /// The column along the axis of groups; `None` puts the measures there.
    axis: Option<(usize, &'a Column)>,
    /// Whether the axis is a time axis, with periods in sequence.
    dated: bool,
    /// The columns whose values distinguish series.
    pub series_by: Vec<(usize, &'a Column)>,
    /// The column whose values distinguish panels.
    panel_by: Option<(usize, &'a Column)>,
}

impl Arrangement<'_> {
    /// Returns whether periods are groups, which keep their order.
    pub fn has_periods_as_groups(&self) -> bool {
        !self.dated && self.axis.is_some_and(|(_, column)| is_time(column))
    }
}

/// The rows as series along an axis.
pub struct LaidOut {
    pub along: Along,
    pub series: Vec<Series>,
    /// The names of the panels; empty when there is only one plot.
    pub panels: Vec<String>,
    /// The ids of the statutes that panels are of; empty where panels are of something else.
    pub statutes: Vec<String>,
    /// What is the same of all series, where there are several.
    pub common: String,
}

impl<'a> Columns<'a> {
    /// Sorts the columns of an answer by their roles.
    pub fn of(answer: &'a Answer) -> Result<Self, DrawError> {
        let by_role = |role| -> Vec<(usize, &Column)> {
            answer.columns.iter().enumerate().filter(|(_, column)| column.role == role).collect()
        };
        let dimensions = by_role(ColumnRole::Dimension);
        let named = |name: &str| dimensions.iter().copied().find(|(_, column)| column.name == name);
        let time = named("month").or_else(|| named("year"));
        let measures = by_role(ColumnRole::Measure);
        if measures.is_empty() {
            return Err(DrawError::NothingCounted);
        }
        let status = by_role(ColumnRole::Status).first().map(|(index, _)| *index);
        Ok(Self { dimensions, measures, bounds: None, status, time, periods: None, restricted: false })
    }

    /// Returns the kind to draw, or the reason why the kind asked for cannot be drawn.
    pub fn kind(&self, answer: &Answer, asked: Option<Kind>) -> Result<Kind, DrawError> {
        let groups = self.dimensions.iter().any(|(_, column)| !is_time(column));
        match asked {
            None if self.periods.is_some_and(|periods| periods.whole.0 < periods.whole.1) => Ok(Kind::Line),
            None => Ok(Kind::Bar),
            Some(Kind::Multiples) if !groups => Err(DrawError::NoPanels),
            Some(Kind::Line | Kind::Multiples) if !self.is_dated(answer) => {
                // There is a time column, but no row's time is known. That is no fault of the caller, so bars are drawn.
                if self.time.is_some() { Ok(Kind::Bar) } else { Err(DrawError::NoTime) }
            }
            Some(kind) => Ok(kind),
        }
    }

    /// Replaces the counts by the share or the rate, if the answer has one and the kind shows them. Neither can be stacked: parts of
    /// shares overlap, and rates are of different populations.
    pub fn take_share(&mut self, answer: &'a Answer, kind: Kind) -> Measured {
        let is = |name: &str, measured| {
            let mut columns = answer.columns.iter().enumerate();
            columns.find(|(_, column)| match measured {
                Measured::Shares => column.role == ColumnRole::Share && column.name == name,
                _ => column.name.ends_with(name),
            })
        };
        for (measured, names) in
            [(Measured::Shares, ["share", "share_low", "share_high"]), (Measured::Rates, RATES)]
        {
            if let Some(value) = is(names[0], measured).filter(|_| !kind.is_stacked()) {
                self.measures = vec![value];
                if let (Some((low, _)), Some((high, _))) = (is(names[1], measured), is(names[2], measured)) {
                    self.bounds = Some((low, high));
                }
                return measured;
            }
        }
        Measured::Counts
    }

    /// Finds the periods with figures, and leaves out those outside `range`.
    pub fn restrict(&mut self, answer: &Answer, range: Option<(i32, i32)>) {
        let Some((time, column)) = self.time else {
            return;
        };
        let mut whole: Option<(i32, i32)> = None;
        for row in &answer.rows {
            let counted =
                |(index, _): &(usize, &Column)| matches!(row.values.get(*index), Some(Value::Count(_)));
            if let Some(at) = period(row, time).filter(|_| self.measures.iter().any(counted)) {
                let (first, last) = whole.unwrap_or((at, at));
                whole = Some((first.min(at), last.max(at)));
            }
        }
        let Some((first, last)) = whole else {
            return;
        };
        let (from, to) = range.unwrap_or((first, last));
        let shown = (from.clamp(first, last), to.clamp(first, last));
        let unit = if column.name == "month" { Unit::Month } else { Unit::Year };
        self.restricted = shown != (first, last);
        self.periods = Some(Periods { unit, whole: (first, last), shown: (shown.0, shown.1.max(shown.0)) });
    }

    /// Returns the columns that lay out the rows for a kind. Time stands along the axis, unless no row's time is known
    /// or the kind is a ranking; then the first dimension does.
    pub fn arrange(&self, answer: &Answer, kind: Kind) -> Arrangement<'a> {
        let first = self.dimensions.iter().copied().find(|(_, column)| !is_time(column));
        let time = self.time.filter(|_| self.is_dated(answer));
        let ranked = kind == Kind::Horizontal;
        let axis = if ranked { first.or(time) } else { time.or(first) };
        let panel_by = first.filter(|_| kind == Kind::Multiples);
        let taken = |index: usize| [axis, panel_by].iter().flatten().any(|(taken, _)| *taken == index);
        let series_by = |(index, column): &(usize, &Column)| {
            let timed = ranked && time.is_some_and(|(time, _)| time == *index);
            !taken(*index) && (timed || !is_time(column))
        };
        let series_by = self.dimensions.iter().copied().filter(series_by).collect();
        Arrangement { axis, dated: !ranked && time.is_some(), series_by, panel_by }
    }

    /// Lays out the rows: groups along the axis, and a series for each key of the other dimensions and each measure.
    pub fn lay_out(&self, answer: &Answer, by: &Arrangement<'_>, theme: Theme) -> Result<LaidOut, DrawError> {
        let styles = Styles::of(answer, theme, &by.series_by, self.measures.len());
        let Some(axis) = by.axis else {
            return Ok(self.measures_as_groups(answer, &styles));
        };
        let keys = Keys { answer, dimensions: &by.series_by };
        // If periods distinguish series, there are no series for periods outside the range. Otherwise every series keeps
        // its number, and so its colour, whatever the range.
        let periods_apart = by.series_by.iter().any(|(_, column)| is_time(column));
        let names = keys.all(&|row| periods_apart && self.is_left_out(row));
        no_more(names.len(), KEY_LIMIT, "series")?;
        let several = self.measures.len() > 1;
        let count = names.len() * self.measures.len();
        if count > SERIES_LIMIT {
            return Err(DrawError::TooManySeries { series: count });
        }
        let all = |dimension| Keys { answer, dimensions: &[dimension] }.all(&|_| false);
        let timed = is_time(axis.1);
        let groups: Vec<Key> = if timed { Vec::new() } else { all(axis) };
        let panels: Vec<Key> = by.panel_by.map(all).unwrap_or_default();
        no_more(panels.len(), KEY_LIMIT, "panels")?;
        if panels.len() > PANEL_LIMIT {
            return Err(DrawError::TooManyPanels { panels: panels.len() });
        }
        no_more(groups.len(), KEY_LIMIT, "groups")?;
        no_more(answer.rows.len(), FIGURE_LIMIT, "figures")?;
        // In a ranking, periods are groups like any others, counted from the first.
        let start = self.periods.filter(|_| !by.dated).map_or(0, |periods| periods.shown.0);
        let mut series = Vec::with_capacity(count);
        // What is the same of all series tells none of them apart.
        let shared = Key::shared(&names);
        for key in &names {
            for (index, column) in &self.measures {
                let name = key.name(shared, several.then_some(column.title.as_str()));
                let style = styles.numbered(series.len());
                let mut one = Series { name, style, ..Series::default() };
                for (number, row) in answer.rows.iter().enumerate() {
                    if !keys.holds(row, key) {
                        continue;
                    }
                    let style = styles.style(row, series.len());
                    if !by.series_by.is_empty() || groups.len() + panels.len() < 2 {
                        one.style = style;
                    }
                    if self.is_left_out(row) {
                        continue;
                    }
                    let at = if timed {
                        period(row, axis.0).map(|at| at - start)
                    } else {
                        place(&groups, row, axis.0)
                    };
                    let panel = by.panel_by.and_then(|(panel, _)| place(&panels, row, panel)).unwrap_or(0);
                    let place = (at.unwrap_or(0), panel);
                    let point = self.point(row, (number, *index), column, place, style);
                    match at {
                        Some(_) => one.place(point),
                        None => one.unknown.extend(point.map(|point| (panel, point.value))),
                    }
                }
                series.push(one);
            }
        }
        let named = |keys: &[Key]| keys.iter().map(|key| key.name(0, None)).collect();
        let along = match self.periods.filter(|_| timed) {
            Some(periods) if by.dated => Along::Periods(periods),
            Some(Periods { unit, shown: (first, last), .. }) => {
                Along::Groups((first..=last).map(|at| periods::name(at, unit)).collect())
            }
            None => Along::Groups(named(&groups)),
        };
        let of_statutes = by.panel_by.is_some_and(|(_, column)| column.name == "statute");
        let statutes = panels.iter().filter(|_| of_statutes).map(Key::code).collect();
        let common =
            names.first().filter(|_| shared > 0).map_or(String::new(), |key| key.name(!shared, None));
        Ok(LaidOut { along, series, panels: named(&panels), statutes, common })
    }

    /// Returns the measures as groups along the axis, with a single series. Used where there is no dimension, or no
    /// year is known.
    fn measures_as_groups(&self, answer: &Answer, styles: &Styles<'_>) -> LaidOut {
        let undated = self.time.is_some() && !answer.rows.is_empty();
        let name = |column: &Column| match (undated, self.measures.len()) {
            (true, 1) => answer.text.unknown.clone(),
            (true, _) => words::join(&[&column.title, &answer.text.unknown], ", "),
            (false, _) => column.title.clone(),
        };
        let mut only = Series::default();
        for (number, row) in answer.rows.iter().enumerate() {
            for (place, (index, column)) in self.measures.iter().enumerate() {
                only.style = styles.style(row, 0);
                only.place(self.point(row, (number, *index), column, (place as i32, 0), only.style));
            }
        }
        let groups = self.measures.iter().map(|(_, column)| name(column)).collect();
        LaidOut {
            along: Along::Groups(groups),
            series: vec![only],
            panels: Vec::new(),
            statutes: Vec::new(),
            common: String::new(),
        }
    }

    /// Returns the figure of a measure in a row, unless it is absent.
    fn point(
        &self,
        row: &Row,
        cell: (usize, usize),
        column: &Column,
        (at, panel): (i32, i32),
        style: Style,
    ) -> Option<Point> {
        let value = figure(row, cell.1)?;
        // The bounds are widened to include the share, because all three were rounded.
        let bounds = self
            .bounds
            .and_then(|(low, high)| Some((figure(row, low)?.min(value), figure(row, high)?.max(value))));
        let status = self.status.and_then(|index| code(row, index)).unwrap_or_default();
        let share = column.role != ColumnRole::Measure;
        Some(Point {
            at,
            panel,
            style,
            value,
            bounds,
            provisional: status == "P" || status == "E",
            breaks: status == "B",
            disputed: row.disagreements.iter().any(|other| share || other.measure == column.name),
            cell,
        })
    }

    /// Returns whether time is a dimension, and at least one row's time is known.
    fn is_dated(&self, answer: &Answer) -> bool {
        self.time.is_some_and(|(index, _)| answer.rows.iter().any(|row| period(row, index).is_some()))
    }

    /// Returns whether a row is left out because of its period. A row of unknown date is outside every range.
    fn is_left_out(&self, row: &Row) -> bool {
        let (Some((time, _)), Some(periods), true) = (self.time, self.periods, self.restricted) else {
            return false;
        };
        period(row, time).is_none_or(|at| at < periods.shown.0 || at > periods.shown.1)
    }
}

/// Refuses an answer that is too large for any picture, before it is laid out. Pages in a browser never ask for such an
/// answer, and the check is left out there to keep the program small.
#[cfg_attr(all(target_arch = "wasm32", not(feature = "whole")), expect(unused_variables))]
fn no_more(count: usize, most: usize, what: &'static str) -> Result<(), DrawError> {
    #[cfg(any(feature = "whole", not(target_arch = "wasm32")))]
    if count > most {
        return Err(DrawError::TooMuch { what });
    }
    Ok(())
}

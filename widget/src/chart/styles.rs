//! The style of each figure: an outcome has the same colour and mark in every chart.

use super::cells::code;
use super::palette;
use super::series::Style;
use super::spec::Theme;
use crate::wire::{Answer, Column, Look, Row};

/// The styles of an answer's figures.
pub struct Styles<'a> {
    theme: Theme,
    looks: &'a [(String, Look)],
    /// The column of outcomes, where they alone tell figures apart.
    outcomes: Option<usize>,
    /// Whether all figures are of one outcome.
    only: bool,
}

impl<'a> Styles<'a> {
    /// Returns the styles of an answer in a theme. `series_by` are the columns that tell series apart. Where another column does,
    /// or several measures do, series are told apart by their numbers, because one outcome would be several series of one colour.
    pub fn of(answer: &'a Answer, theme: Theme, series_by: &[(usize, &Column)], measures: usize) -> Self {
        let outcome = |column: &Column| column.name == "outcome";
        let alone = measures == 1 && series_by.iter().all(|(_, column)| outcome(column));
        let looks = answer.beside.looks.0.as_slice();
        let column = answer.columns.iter().position(outcome);
        Self {
            theme,
            looks,
            outcomes: column.filter(|_| alone),
            only: alone && column.is_none() && looks.len() == 1,
        }
    }

    /// Returns the style of a row's figures in the series of a number.
    pub fn style(&self, row: &Row, number: usize) -> Style {
        let code = self.outcomes.and_then(|column| code(row, column));
        let looks = self.looks.iter();
        let found =
            looks.filter(|(own, _)| self.only || Some(own.as_str()) == code).map(|(_, look)| look).next();
        found.map_or_else(
            || self.numbered(number),
            |look| {
                let hex = if self.theme == Theme::Dark { look.dark } else { look.light };
                Style { color: palette::color(hex), mark: look.mark.into(), of_outcome: true }
            },
        )
    }

    /// Returns the style of a series that is told by its number alone.
    pub fn numbered(&self, number: usize) -> Style {
        numbered(self.theme, number)
    }
}

/// Returns the style of a series that is told by its number alone.
pub fn numbered(theme: Theme, number: usize) -> Style {
    let colors = &palette::of(theme).series;
    Style { color: colors[number % colors.len()], mark: number, of_outcome: false }
}

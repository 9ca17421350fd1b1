//! An answer as JSON, in the shape of [`chargesheet_widget::wire`]. The text is written whole, or piece by piece while the client reads.

use std::sync::Arc;

use chargesheet_widget::wire::Answer;
use serde::Serialize;

use super::fields::Fields;
use super::table::{Column, cell, columns};
use super::{Written, disagreements, without_rows};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::Language;
use crate::query::Query;

/// The text before the first row.
const ROWS: &[u8] = b"\"rows\":[";

/// Returns an answer as JSON text.
pub fn json(answer: &Answer) -> Vec<u8> {
    serde_json::to_vec(answer).expect("an answer has only strings, numbers and lists")
}

/// Returns an answer as JSON text, with what a picture shows besides as a member more, for a script that draws it.
pub fn json_beside(answer: &Answer) -> Vec<u8> {
    let mut text = json(answer);
    text.pop();
    text.extend_from_slice(b",\"beside\":");
    text.extend(serde_json::to_vec(&answer.beside).expect("texts and numbers"));
    text.push(b'}');
    text
}

/// An answer that is written as JSON piece by piece, with the same bytes each time, and the same as [`json`] makes. Neither the
/// text nor the rows are ever whole in memory.
#[derive(Debug)]
pub struct Json {
    dataset: Arc<Dataset>,
    columns: Vec<Column>,
    /// The text before each value of a row: the name of its column.
    names: Vec<Vec<u8>>,
    fields: Vec<Option<Fields>>,
    answer: Published,
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Json {
    /// Prepares an answer for writing, with the content that [`wire()`](super::wire()) gives it.
    ///
    /// # Errors
    /// As [`Dataset::ask`]: the dimensions that can be stacked are found by a query.
    pub fn of(
        dataset: &Arc<Dataset>,
        query: &Query,
        answer: Published,
        language: Language,
        base: &str,
    ) -> Result<Self, AnswerError> {
        let mut head = json(&without_rows(dataset, query, &answer, language, base)?);
        // This finds the member itself: within a string its quotes would be escaped, and no earlier member has this name.
        let place = head.windows(ROWS.len()).position(|text| text == ROWS).expect("an answer has rows");
        let tail = head.split_off(place + ROWS.len());
        let release = &dataset.release;
        let columns = columns(query, release);
        let name = |(place, column): (usize, &Column)| {
            let mut text = vec![if place == 0 { b'{' } else { b',' }];
            value(&mut text, &column.name);
            text.push(b':');
            text
        };
        let names = columns.iter().enumerate().map(name).collect();
        let fields = Fields::of(&columns, release, &answer, |out, cell| value(out, cell));
        Ok(Self { dataset: Arc::clone(dataset), columns, names, fields, answer, head, tail })
    }
}

impl Written for Json {
    fn write(&self, place: usize, enough: usize, out: &mut Vec<u8>) -> Option<usize> {
        if place == 0 {
            out.extend_from_slice(&self.head);
        }
        for row in place..self.answer.rows() {
            if row > place && out.len() >= enough {
                return Some(row);
            }
            if row > 0 {
                out.push(b',');
            }
            self.row(row, out);
        }
        out.extend_from_slice(&self.tail);
        None
    }

    fn weight(&self) -> u64 {
        self.answer.weight() + (self.head.len() + self.tail.len()) as u64
    }
}

impl Json {
    fn row(&self, row: usize, out: &mut Vec<u8>) {
        let (release, answer) = (&self.dataset.release, &self.answer);
        for ((column, name), fields) in self.columns.iter().zip(&self.names).zip(&self.fields) {
            out.extend_from_slice(name);
            match fields {
                Some(fields) => out.extend_from_slice(fields.at(answer, row)),
                None => value(out, &cell(column.holds, release, answer, row)),
            }
        }
        if let Some(evidence) = answer.evidence(row).filter(|evidence| !evidence.rivals.is_empty()) {
            out.extend_from_slice(b",\"disagreements\":");
            value(out, &disagreements(release, evidence));
        }
        out.push(b'}');
    }
}

fn value(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(out, value).expect("memory takes what is written to it");
}

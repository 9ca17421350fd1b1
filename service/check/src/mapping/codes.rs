//! The codes that may stand in a column.

use crate::domain::tables::{Column, Content};
use crate::domain::{CodeList, Entry, Language, Lists, Measure, Status};

/// Returns the codes of a column with what they mean, if it has codes.
pub fn codes_of(column: &Column, language: Language) -> Vec<(String, String)> {
    let without_label = |code: &str| (code.to_owned(), String::new());
    let words = match column.content {
        Content::Code(name) => {
            let list = Lists::bundled().named(name).map_or(&[][..], CodeList::entries);
            let entry = |entry: &Entry| (entry.code.clone(), entry.label.get(language).to_owned());
            return list.iter().map(entry).collect();
        }
        Content::Measure => Measure::NAMES.to_vec(),
        Content::Status => Status::ALL.map(Status::code).to_vec(),
        Content::Words(words) => words.to_vec(),
        Content::Flag => vec!["true", "false"],
        _ => Vec::new(),
    };
    words.into_iter().filter(|word| !word.is_empty()).map(without_label).collect()
}

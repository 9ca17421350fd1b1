//! An answer in codes. It replaces the answer with names where no font can paint these names.

use chargesheet_widget::wire::{Answer, Beside};

use super::fonts::fonts;
use super::texts::{Texts, fill};
use crate::domain::Language;

/// Replaces titles, labels and names, which may be in any script, by codes and ids. The service's own sentences stay.
pub fn in_codes(mut answer: Answer, language: Language) -> Answer {
    let texts = Texts::of(language);
    let statute = answer.query.split('&').find_map(|pair| pair.strip_prefix("statute="));
    let one = statute.filter(|statute| !statute.contains(','));
    answer.text.title = one.unwrap_or(&answer.dataset.id).to_owned();
    answer.text.subtitle = answer.query.clone();
    for (code, label) in answer.labels.0.iter_mut().flat_map(|(_, codes)| codes) {
        label.clone_from(code);
    }
    let ids: Vec<&str> =
        answer.sources.iter().map(|source| source.id.as_str()).filter(|id| !id.is_empty()).collect();
    answer.text.source_line = match ids[..] {
        [] => String::new(),
        _ => fill(&texts.source_line, &[("sources", &ids.join("; "))]),
    };
    let names = [("dataset", answer.dataset.id.as_str()), ("release", &answer.release.id)];
    answer.text.dataset_line = fill(&texts.dataset_line, &names);
    answer.beside = Beside { looks: answer.beside.looks, ..Beside::default() };
    answer.text.notes.retain(|note| fonts().paints(note));
    answer
}

//! What a text means in place of a code.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::tables::{Column, Content};
use crate::domain::values::{Names, code_meant, fold};
use crate::domain::{CodeList, Lists, Measure, Period, Status, nearest};

use super::content::label_of;
use super::meaning::Meant;

/// Fewest letters of a text that is taken for a misspelling.
const SHORTEST: usize = 3;

/// Names with several meanings: the codes by kind and folded name.
static CHOICES: LazyLock<HashMap<(String, String), Vec<String>>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_str!("../../lists/values.csv").as_bytes());
    let rows = reader.records().map_while(Result::ok).filter(|row| row.get(4) == Some("choice"));
    rows.map(|row| {
        let text = |place: usize| row.get(place).unwrap_or_default().to_owned();
        ((text(0), fold(&text(3))), text(1).split('+').map(str::to_owned).collect())
    })
    .collect()
});

/// Returns what a text means in a column.
pub fn meant(column: &Column, text: &str) -> Meant {
    let text = text.trim();
    let kind = match column.content {
        Content::Code(list) => list,
        Content::Measure => "measure",
        Content::Status => "status",
        Content::Flag => "flag",
        Content::PeriodOrUnknown => "date",
        Content::Words(_) => match column.name {
            "kind" => "source_kind",
            name => name,
        },
        _ => return Meant::Nothing,
    };
    let is_own_code = column.content != Content::PeriodOrUnknown && is_code(column.content, text);
    if is_own_code {
        return Meant::Code(text.to_owned());
    }
    if let Some(code) = label_of(kind, text) {
        return Meant::Code(code);
    }
    if let Some(codes) = CHOICES.get(&(kind.to_owned(), fold(text))) {
        return Meant::Choice(codes.clone());
    }
    let is_alpha_2 =
        kind == "country" && text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    match code_meant(kind, text) {
        Some(code) if is_alpha_2 => return Meant::Code(code.to_owned()),
        Some(code) => return Meant::Perhaps(code.to_owned()),
        None => {}
    }
    let is_short = text.chars().count() < SHORTEST;
    let near = match column.content {
        _ if is_short => None,
        Content::Code(list) => Lists::bundled().named(list).and_then(|list| near(list, text)),
        Content::Words(words) => {
            nearest(text, words.iter().copied().filter(|word| !word.is_empty())).map(str::to_owned)
        }
        _ => None,
    };
    near.map_or(Meant::Nothing, Meant::Perhaps)
}

/// Whether a text is a code of a content, where it is no text of any kind.
pub(super) fn is_code(content: Content, text: &str) -> bool {
    match content {
        Content::Code(list) => Lists::bundled().named(list).is_some_and(|list| list.get(text).is_some()),
        Content::Measure => Measure::from_name(text).is_some(),
        Content::Status => Status::from_code(text).is_some(),
        Content::Words(words) => words.contains(&text),
        Content::Flag => matches!(text, "true" | "false"),
        Content::PeriodOrUnknown if text == "unknown" => true,
        Content::Period | Content::PeriodOrUnknown | Content::Year => Period::parse(text).is_ok(),
        _ => true,
    }
}

fn near(list: &CodeList, text: &str) -> Option<String> {
    let codes = list.entries().iter().map(|entry| entry.code.as_str());
    Names::of(list).nearest(&fold(text), codes).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tables::{CHARGES, COUNTS, SOURCES};

    #[test]
    fn what_is_certain_is_told_from_what_is_likely() {
        let code = |code: &str| Meant::Code(code.to_owned());
        let perhaps = |code: &str| Meant::Perhaps(code.to_owned());
        for (table, column, text, expected) in [
            (&CHARGES, "country", "KAZ", code("KAZ")),
            (&CHARGES, "country", "Казахстан ", code("KAZ")),
            (&CHARGES, "country", "KZ", code("KAZ")),
            (&CHARGES, "country", "РК", perhaps("KAZ")),
            (&CHARGES, "country", "Kazahstan", perhaps("KAZ")),
            (&CHARGES, "country", "NA", Meant::Nothing),
            (&CHARGES, "outcome", "осуждён", perhaps("convicted")),
            (&CHARGES, "outcome", "convicted (suspended)", perhaps("suspended-sentence")),
            (&CHARGES, "publish", "да", perhaps("true")),
            (&CHARGES, "date_charged", "белгісіз", perhaps("unknown")),
            (&COUNTS, "unit", "дел", perhaps("cases")),
            (&COUNTS, "status", "оценка", perhaps("E")),
            (&SOURCES, "kind", "НКО", perhaps("ngo")),
            (&SOURCES, "counting_rule", "основная статья", perhaps("principal-offence")),
            (&CHARGES, "sentence", "anything", Meant::Nothing),
            (&CHARGES, "outcome", "???", Meant::Nothing),
        ] {
            assert_eq!(meant(table.column(column).unwrap(), text), expected, "{column} {text}");
        }
        let arrest = meant(CHARGES.column("outcome").unwrap(), "арест");
        assert!(matches!(&arrest, Meant::Choice(codes) if codes.len() > 1), "{arrest:?}");
    }
}

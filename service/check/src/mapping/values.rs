//! What a text means in place of a code.

use crate::domain::tables::{Column, Content};
use crate::domain::values::{Names, code_meant, codes_meant, fold};
use crate::domain::{CodeList, Lists, Measure, Period, Status, nearest};

use super::content::label_of;
use super::meaning::Meant;
use super::statutes::is_closed;
use super::words::has_marks;

/// Fewest letters of a text that is taken for a misspelling.
const SHORTEST: usize = 3;

/// Returns the kind of the names in our lists that stand for codes of a column.
fn kind_of(column: &Column) -> Option<&'static str> {
    Some(match column.content {
        Content::Code(list) => list,
        Content::Measure => "measure",
        Content::Status => "status",
        Content::Flag => "flag",
        Content::PeriodOrUnknown => "date",
        Content::Words(_) if column.name == "kind" => "source_kind",
        Content::Words(_) => column.name,
        _ => return None,
    })
}

/// Whether a text stands as a whole in our list of this very column, or is a statute in its closed form. Only then it is told
/// and kept: of every other text nobody knows whether it names somebody.
pub(super) fn stands(column: &Column, text: &str) -> bool {
    let text = text.trim();
    if has_marks(text) {
        return false;
    }
    if column.content == Content::Id("statutes") {
        return is_closed(text) || code_meant("statute", text).is_some();
    }
    // `Li` may be a name; `LI` is a country.
    if kind_of(column) == Some("country")
        && text.len() == 2
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
    {
        return false;
    }
    let is_own_code =
        column.content != Content::PeriodOrUnknown && !text.is_empty() && is_code(column.content, text);
    kind_of(column).is_some_and(|kind| {
        is_own_code
            || label_of(kind, text).is_some()
            || code_meant(kind, text).is_some()
            || codes_meant(kind, text).is_some()
    })
}

/// Returns what a text means in a column.
pub fn meant(column: &Column, text: &str) -> Meant {
    let text = text.trim();
    let Some(kind) = kind_of(column) else { return Meant::Nothing };
    let is_own_code = column.content != Content::PeriodOrUnknown && is_code(column.content, text);
    if is_own_code {
        return Meant::Code(text.to_owned());
    }
    if let Some(code) = label_of(kind, text) {
        return Meant::Code(code);
    }
    if let Some(codes) = codes_meant(kind, text) {
        return Meant::Choice(codes);
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
    fn a_value_is_told_only_if_it_stands_in_the_list_of_its_column() {
        let told = |table: &crate::domain::tables::Table, column: &str, text: &str| {
            stands(table.column(column).unwrap(), text)
        };
        for (column, text) in [
            ("country", "Казахстан"),
            ("country", " KZ "),
            ("outcome", "осуждён"),
            ("outcome", "convicted (suspended)"),
            ("outcome", "арест"),
            ("role", "journalist"),
            ("publish", "да"),
            ("date_charged", "белгісіз"),
            ("statute", "ст. 274 ч. 4"),
        ] {
            assert!(told(&CHARGES, column, text), "{column} {text}");
        }
        for text in [
            "mark cook",
            "MARK COOK",
            "ян ли, адвокат",
            "Адам",
            "jordan king",
            "judge Said King",
            "Ivanov",
            "274",
            "05.03.2022",
            "010190",
            "+7 701 234 56 78",
            "900101300001",
            "Kazahstan",
            "conv\u{363}icted",
            "ст. 274\u{2de0}",
            "",
        ] {
            for column in CHARGES.columns.iter().filter(|column| column.name != "statute" || text != "274") {
                assert!(!stands(column, text), "{} {text}", column.name);
            }
        }
        // A word of one column says nothing in another.
        assert!(!told(&CHARGES, "outcome", "Казахстан") && !told(&CHARGES, "role", "осуждён"));
        assert!(
            told(&COUNTS, "unit", "дел") && !told(&COUNTS, "value", "12") && !told(&COUNTS, "year", "2020")
        );
    }

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

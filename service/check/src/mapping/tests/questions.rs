//! What is asked about the ten sheets.

use super::super::*;
use super::Case;

fn questions(session: &mut Session) -> Vec<Asked> {
    session.questions().unwrap()
}

#[test]
fn nothing_is_asked_where_everything_was_answered() {
    for case in Case::all() {
        let mut session = case.session();
        session.with(case.mapping.clone());
        let asked = questions(&mut session);
        // A text that is no date and no code of anything is refused, and asked for again.
        assert!(asked.is_empty(), "{}: {asked:?}", case.name);
        case.key.iter().for_each(|key| session.take_key(key.clone()).unwrap());
        let converted = session.finish("2026-01-02T00:00:00Z").unwrap();
        assert!(converted.files == case.converted().unwrap().files);
    }
}

#[test]
fn the_tables_and_headers_are_found() {
    for case in Case::all() {
        let session = case.session();
        let own = session.mapping();
        assert_eq!(own.kind, case.mapping.kind, "{}", case.name);
        let (of_own, by_hand) =
            (walk::places(&case.files(), own), walk::places(&case.files(), &case.mapping));
        assert_eq!(of_own.unwrap()[0], by_hand.unwrap()[0], "{}", case.name);
        for table in &case.told().tables {
            let found = own.tables.iter().find(|own| own.table.name == table.table.name);
            let found = found.unwrap_or_else(|| panic!("{}: no {}", case.name, table.table.name));
            assert_eq!(found.header, table.header, "{}", case.name);
            for (target, how) in &found.columns {
                let chosen = table.columns.iter().find(|(own, _)| own.name == target.name);
                let Some((_, chosen)) = chosen else {
                    panic!("{}: {} was not chosen", case.name, target.name)
                };
                let (Origin::Columns(own), Origin::Columns(chosen)) = (&how.from, &chosen.from) else {
                    continue;
                };
                assert!(chosen.contains(&own[0]), "{} {}: {own:?} {chosen:?}", case.name, target.name);
            }
        }
    }
}

/// Whether every value of a column is asked for whose code is not certain, and was not accepted.
fn all_asked(case: &Case, name: &str, all: &[Question], accepted: &Mapping) -> bool {
    let columns = case.mapping.tables.iter().flat_map(|table| &table.columns);
    let values = columns.filter(|(target, _)| target.name == name);
    let mut open = values.flat_map(|(target, how)| how.values.keys().map(|value| (*target, value)));
    open.all(|(target, value)| {
        let is_it = |own: &str| own.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase() == *value;
        let is_asked = |own: &Question| matches!(own, Question::Value { column, value, .. } if *column == name && is_it(value));
        let mut columns = accepted.tables[0].columns.iter();
        let is_accepted = columns.any(|(own, how)| own.name == name && how.values.contains_key(value));
        is_accepted
            || matches!(meant(target, value), Meant::Code(_))
            || all.iter().any(is_asked)
            // Two columns that make one value are joined by hand.
            || value.contains('|')
    })
}

#[test]
fn everything_is_asked_that_only_the_publisher_knows() {
    for case in Case::all() {
        let mut session = case.session();
        // Columns that are found by what they hold are confirmed first.
        let asked = questions(&mut session);
        let mut mapping = session.mapping().clone();
        for asked in &asked {
            if let Question::Column { heading, suggestion: Some(Target::Column(name)), .. } = &asked.question
            {
                let table =
                    mapping.tables.iter_mut().find(|own| Some(own.table.name) == asked.table).unwrap();
                let from = Origin::Columns(vec![heading.clone()]);
                table
                    .columns
                    .push((table.table.column(name).unwrap(), ColumnMapping { from, ..Default::default() }));
            }
        }
        session.with(mapping);
        session.accept().unwrap();
        let accepted = session.mapping().clone();
        let all: Vec<Question> =
            asked.into_iter().chain(questions(&mut session)).map(|asked| asked.question).collect();
        let has = |is_it: &dyn Fn(&Question) -> bool| all.iter().any(is_it);
        for expected in case.facts["asked"].as_array().unwrap() {
            let expected = expected.as_str().unwrap();
            let of =
                expected.split_once(" of ").or_else(|| expected.split_once(" in ")).unwrap_or((expected, ""));
            let is_asked = match of {
                ("which sheet", _) => has(&|own| matches!(own, Question::Sheet { .. })),
                ("header", _) => has(&|own| matches!(own, Question::Header { .. })),
                ("hidden rows", _) => has(&|own| matches!(own, Question::HiddenRows)),
                ("encoding", _) => {
                    has(&|own| matches!(own, Question::Encoding { suggestion: "windows-1251" }))
                }
                ("names", name) => {
                    has(&|own| matches!(own, Question::Names { heading, .. } if heading == name))
                }
                ("dates", name) => {
                    has(&|own| matches!(own, Question::Dates { column, .. } if *column == name))
                }
                ("are the numbers", _) => has(&|own| matches!(own, Question::Serials { .. })),
                ("the country, which no column has", _) => {
                    has(&|own| matches!(own, Question::Needed { column: "country", .. }))
                }
                ("what stands for the person", _) => {
                    has(&|own| matches!(own, Question::Needed { column: "defendant_id", .. }))
                }
                ("all columns, found by content", _) => {
                    has(&|own| matches!(own, Question::Column { by: Some(By::Content), .. }))
                }
                ("values", "country") => true,
                ("values", names) => names
                    .split([',', ' '])
                    .filter(|name| !matches!(*name, "" | "and"))
                    .all(|name| all_asked(&case, name, &all, &accepted)),
                _ => false,
            };
            assert!(is_asked, "{}: {expected}\n{all:#?}", case.name);
        }
        let papers =
            all.iter().map(|question| Asked { table: None, question: question.clone(), rows: 0 }.on_paper());
        let text = serde_json::to_string(&papers.collect::<Vec<_>>()).unwrap();
        for mark in case.facts["marks"].as_array().into_iter().flatten() {
            assert!(!text.contains(mark.as_str().unwrap()), "{}: {mark}", case.name);
        }
    }
}

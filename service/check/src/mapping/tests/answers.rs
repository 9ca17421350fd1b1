//! A sheet that nobody has described becomes its package by answers alone.

use super::super::answer::answer;
use super::super::*;
use super::{Case, checked};
use crate::domain::tables::CHARGES;

/// Returns the answer that the mapping by hand gives to a question.
fn by_hand(mapping: &Mapping, asked: &Asked) -> String {
    let none = match &asked.question {
        Question::Dates { .. } => "m",
        Question::Serials { .. } => "n",
        Question::HiddenRows => "leave-out",
        // Values of hidden rows are asked for before somebody leaves those out.
        Question::Value { .. } | Question::Names { .. } | Question::Column { .. } => "-",
        _ => "",
    };
    mapping.answer_to(asked).unwrap_or_else(|| none.to_owned())
}

#[test]
fn answers_lead_to_the_package_made_by_hand() {
    for case in Case::all() {
        // The article and the part of one sheet stand in two columns, which a mapping joins.
        if case.name.starts_with("09") {
            continue;
        }
        let (mut session, mapping) = (case.session(), case.told());
        let mut given = 0;
        for _round in 0..4 {
            for asked in session.questions().unwrap() {
                let Some(asked) = session.fresh(asked) else { continue };
                if asked.table.is_some() {
                    let text = by_hand(&mapping, &asked);
                    let done = session
                        .answer(&asked, &text)
                        .unwrap_or_else(|error| panic!("{}: {asked:?} {text}: {error}", case.name));
                    assert_eq!(done, Answered::Taken);
                    given += 1;
                }
            }
        }
        assert!(given > 0);
        session.accept().unwrap();
        let mut mapping = session.mapping().clone();
        mapping.package = case.mapping.package.clone();
        session.with(mapping);
        case.key.iter().for_each(|key| session.take_key(key.clone()).unwrap());
        let converted = session.finish("2026-01-02T00:00:00Z").unwrap();
        assert_eq!(checked(converted.files).0, checked(case.package_by_hand()).0, "{}", case.name);
    }
}

#[test]
fn answers_that_are_taken_back_are_asked_for_again_and_what_was_said_makes_the_same_package() {
    let mut given = 0;
    for case in Case::all() {
        let mut session = case.session();
        session.with(case.told());
        case.key.iter().for_each(|key| session.take_key(key.clone()).unwrap());
        let made = |session: &mut Session| checked(session.finish("2026-01-02T00:00:00Z").unwrap().files).0;
        let expected = made(&mut session);
        let before = session.take_back().unwrap();
        for _round in 0..2 {
            for asked in session.questions().unwrap().into_iter().filter(|asked| asked.table.is_some()) {
                session.answer(&asked, &by_hand(&before, &asked)).unwrap();
                given += 1;
            }
        }
        assert_eq!(made(&mut session), expected, "{}", case.name);
    }
    // Of a sheet with nothing but codes, nothing is asked.
    assert!(given > 0);
}

#[test]
fn what_nobody_asks_for_is_not_taken_back() {
    let mut session = Case::of(1).session();
    let mut mapping = Case::of(1).told();
    let (_, how) = mapping.tables[0].columns.iter_mut().find(|(own, _)| own.name == "outcome").unwrap();
    // A word of another month.
    how.values.insert("закрыто".to_owned(), Some("dismissed".to_owned()));
    session.with(mapping);
    session.take_back().unwrap();
    let asked = session.questions().unwrap();
    let (_, how) = session.mapping().tables[0].columns.iter().find(|(own, _)| own.name == "outcome").unwrap();
    assert!(how.values.contains_key("закрыто"), "{:?}", how.values);
    let is_asked = |asked: &Asked| matches!(asked.question, Question::Value { column: "outcome", .. });
    assert!(asked.iter().any(is_asked), "{asked:?}");
}

#[test]
fn an_answer_that_is_none_says_what_could_be() {
    let mut mapping = Case::of(1).mapping;
    let mut wrong = |question: Question, text: &str| {
        let asked = Asked { table: Some("charges"), question, rows: 0 };
        answer(&mut mapping, &asked, text).unwrap_err()
    };
    let value =
        |meant: Meant| Question::Value { column: "outcome", value: "x".to_owned(), meant, is_listed: false };
    assert_eq!(wrong(value(Meant::Nothing), ""), "write a code, or - to refuse such rows");
    assert_eq!(
        wrong(value(Meant::Nothing), "convictd"),
        "this is no code of outcome; did you mean convicted?"
    );
    assert_eq!(wrong(Question::HiddenRows, "yes"), "write read or leave-out");
    let column = Question::Column {
        heading: "x".to_owned(),
        samples: Vec::new(),
        free: Vec::new(),
        suggestion: None,
        by: None,
    };
    assert_eq!(wrong(column, "sentnce"), "the table has no such column; did you mean sentence?");
    assert_eq!(
        wrong(Question::Header { first: 1, last: 1 }, "2-1"),
        "name its row, or its first and last row: 1-2"
    );
    let mut taken = |text: &str| {
        let asked =
            Asked { table: Some("charges"), question: Question::Header { first: 1, last: 1 }, rows: 0 };
        answer(&mut mapping, &asked, text).unwrap()
    };
    assert_eq!(taken("2-3"), Answered::Another { sheet: None, header: Some((2, 3)) });
    assert_eq!(taken(""), Answered::Taken);
}

#[test]
fn another_header_is_taken_with_its_columns() {
    let mut session = Case::of(1).session();
    let columns = session.mapping().tables[0].columns.len();
    assert!(session.choose("charges", None, (1, 1)).is_ok());
    assert!(session.mapping().tables[0].columns.len() < columns);
    session.choose("charges", Some(SheetChoice::Name("Дела".to_owned())), (3, 3)).unwrap();
    assert_eq!(session.mapping().tables[0].columns.len(), columns);
    assert!(session.choose("charges", Some(SheetChoice::Number(9)), (3, 3)).is_err());
    assert_eq!(session.mapping().tables[0].columns.len(), columns);
}

#[test]
fn a_question_that_another_answer_has_changed_is_asked_anew() {
    let mut session = Case::of(1).session();
    let names = session.questions().unwrap().into_iter();
    let names = names.map(|asked| session.fresh(asked).unwrap());
    let names = names.into_iter().find(|asked| matches!(asked.question, Question::Names { .. })).unwrap();
    let mut mapping = session.mapping().clone();
    let id =
        ColumnMapping { from: Origin::Columns(vec!["Дело №".to_owned()]), ..ColumnMapping::default() };
    mapping.tables[0].columns.push((CHARGES.column("defendant_id").unwrap(), id));
    session.with(mapping);
    let names = session.fresh(names).unwrap();
    assert!(matches!(names.question, Question::Names { is_free: false, .. }));
    assert!(session.answer(&names, "p").unwrap_err().contains("another column already"));
    assert_eq!(session.answer(&names, ""), Ok(Answered::Taken));
    let needed = Question::Needed { column: "defendant_id", free: Vec::new(), is_id: true };
    assert_eq!(session.fresh(Asked { table: Some("charges"), question: needed, rows: 0 }), None);
    let column = |suggestion| Question::Column {
        heading: "#Z".to_owned(),
        samples: Vec::new(),
        free: vec!["defendant_id", "publish"],
        suggestion,
        by: None,
    };
    let asked = |question| Asked { table: Some("charges"), question, rows: 0 };
    let fresh = session.fresh(asked(column(Some(Target::Column("defendant_id"))))).unwrap();
    assert!(
        matches!(fresh.question, Question::Column { suggestion: None, ref free, .. } if *free == ["publish"])
    );
}

#[test]
fn a_statute_that_is_named_by_its_law_or_by_the_only_list_is_accepted() {
    let mut session = Case::of(1).session();
    session.accept().unwrap();
    let values = |session: &Session| {
        let (_, how) =
            session.mapping().tables[0].columns.iter().find(|(own, _)| own.name == "statute").unwrap();
        how.values.clone()
    };
    // Until somebody has said what the country `РК` is, nothing says which country's article 274 is meant by all rows.
    let mut mapping = Case::of(1).mapping;
    mapping.tables[0].columns.iter_mut().for_each(|(own, how)| {
        if own.name == "statute" {
            how.values.clear();
        }
    });
    session.with(mapping);
    assert!(values(&session).is_empty());
    session.accept().unwrap();
    let accepted = values(&session);
    assert_eq!(accepted.get("ст. 274"), Some(&Some("KAZ-EX-274".to_owned())), "{accepted:?}");
    assert_eq!(accepted.get("ст. 274 ч. 4"), Some(&Some("KAZ-EX-274.4".to_owned())));
    assert_eq!(accepted.get("174"), None, "a bare number may be anything");
}

#[test]
fn a_value_of_no_list_is_asked_for_on_the_screen_and_kept_only_by_a_key() {
    let csv = "case_id,country,statute,date_charged,outcome,defendant_id\n\
        1,KAZ,KAZ-CC-274,2020-05-17,условно Zvanov,1\n2,KAZ,KAZ-CC-274,2020-05-18,convicted,2\n";
    let open = || {
        let file = SheetFile::open("a.csv", Box::new(std::io::Cursor::new(csv.as_bytes().to_vec())));
        Session::open(vec![file.unwrap()], Vec::new()).unwrap()
    };
    let asked_of = |session: &mut Session| {
        let is_it = |asked: &Asked| matches!(asked.question, Question::Value { column: "outcome", .. });
        session.questions().unwrap().into_iter().find(is_it)
    };
    let made = |session: &mut Session| {
        let converted = session.finish("2026-01-02T00:00:00Z").unwrap();
        let text = |name: &str| {
            let file = converted.files.iter().find(|(own, _)| own == name);
            String::from_utf8(file.unwrap().1.clone()).unwrap()
        };
        (text("charges.csv"), text(MAPPING))
    };
    let mut session = open();
    assert!(!made(&mut session).0.contains("suspended-sentence"));
    let asked = asked_of(&mut session).unwrap();
    assert!(
        matches!(&asked.question, Question::Value { value, is_listed: false, .. } if value == "условно Zvanov")
    );
    assert!(!serde_json::to_string(&asked.on_paper()).unwrap().contains("Zvanov"));
    session.answer(&asked, "suspended-sentence").unwrap();
    assert_eq!((asked_of(&mut session), session.has_unlisted()), (None, true));
    // Without a key the answer is for this once.
    let (charges, mapping) = made(&mut session);
    assert!(charges.contains("suspended-sentence") && !mapping.contains("suspended-sentence"), "{mapping}");
    // With one it is kept, and only the same key finds it again.
    let (key, other) = (Key::of([7; 32]), Key::of([8; 32]));
    session.take_key(key.clone()).unwrap();
    let (charges, mapping) = made(&mut session);
    assert!(mapping.contains("by_key") && mapping.contains("suspended-sentence"), "{mapping}");
    assert!(!mapping.to_lowercase().contains("zvanov") && !mapping.contains("условно"), "{mapping}");
    let mut again = open();
    again.with(Mapping::parse(mapping.as_bytes()).unwrap());
    assert!(asked_of(&mut again).is_some());
    assert_eq!(again.take_key(other).unwrap_err()[0].key, "key_other");
    again.take_key(key).unwrap();
    assert_eq!(asked_of(&mut again), None);
    assert_eq!(made(&mut again), (charges, mapping));
}

//! A mapping of an earlier time: its letters are those of one sheet.

use std::io::Cursor;

use super::super::*;

/// Headings of no list, but for the last four.
const HEADINGS: [&str; 8] = [
    "Наша карточка",
    "Фигурант наш №",
    "Статья",
    "Страна",
    "Обвинён у нас",
    "Исход",
    "Дата приговора",
    "Телефон",
];

fn value(heading: &str, row: usize) -> String {
    match heading {
        "Наша карточка" => format!("{}", 100 + row / 3),
        "Фигурант наш №" => format!("{}", 700 + row),
        "Статья" => "KAZ-CC-274".to_owned(),
        "Страна" => "KAZ".to_owned(),
        "Обвинён у нас" => format!("2022-05-{:02}", 13 + row),
        "Исход" => "convicted".to_owned(),
        "Дата приговора" => format!("2022-08-{:02}", 13 + row),
        "Дата рождения" => format!("{:02}0885", 10 + row),
        "№ п/п" => format!("{}", row + 1),
        other => format!("{} {row}", other.len()),
    }
}

fn open(headings: &[&str]) -> Session {
    let mut csv = headings.join(",") + "\n";
    for row in 0..12 {
        let fields: Vec<String> = headings.iter().map(|heading| value(heading, row)).collect();
        csv += &(fields.join(",") + "\n");
    }
    of_csv(csv)
}

fn of_csv(csv: String) -> Session {
    let file = SheetFile::open("a.csv", Box::new(Cursor::new(csv.into_bytes()))).unwrap();
    Session::open(vec![file], Vec::new()).unwrap()
}

fn made(session: &mut Session) -> (String, String) {
    let converted = session.finish("2026-01-02T00:00:00Z").unwrap();
    let text = |name: &str| {
        let file = converted.files.iter().find(|(own, _)| own == name);
        String::from_utf8(file.unwrap().1.clone()).unwrap()
    };
    (text("charges.csv"), text(MAPPING))
}

/// Answers every question about a column, and leaves out when the sentence was.
fn answered(session: &mut Session) {
    session.assign("charges", "Дата приговора", "-").unwrap();
    for asked in session.questions().unwrap() {
        let Question::Column { heading, .. } = &asked.question else { continue };
        let target = match session.seen("charges")[heading].heading.as_str() {
            "Наша карточка" => "case_id",
            "Фигурант наш №" => "defendant_id",
            "Обвинён у нас" => "date_charged",
            _ => "-",
        };
        session.answer(&asked, target).unwrap();
    }
}

fn mapping() -> (String, Mapping) {
    let mut session = open(&HEADINGS);
    answered(&mut session);
    let (charges, mapping) = made(&mut session);
    (charges, Mapping::parse(mapping.as_bytes()).unwrap())
}

/// Returns the headings of the columns that are asked about.
fn asked_of(session: &mut Session) -> Vec<String> {
    let asked = session.questions().unwrap();
    let seen = session.seen("charges");
    let columns = asked.iter().filter_map(|asked| match &asked.question {
        Question::Column { heading, .. } | Question::Names { heading, .. } => {
            Some(seen[heading].heading.clone())
        }
        _ => None,
    });
    columns.collect()
}

#[test]
fn the_next_list_with_the_same_headings_is_read_without_a_question() {
    let (charges, mapping) = mapping();
    let written = mapping.to_json();
    assert!(written.contains("\"#A\"") && written.contains("\"#G\""), "{written}");
    let layout = mapping.tables[0].layout.clone().unwrap();
    assert!(layout.len() == 3 && !written.contains("наша") && !written.contains("Наша"), "{written}");
    let mut again = open(&HEADINGS);
    assert!(again.take_earlier(mapping.clone()).unwrap());
    assert_eq!(asked_of(&mut again), [""; 0]);
    assert_eq!(made(&mut again), (charges.clone(), written));
    // Written in another way, it is the same heading.
    let mut again = open(&HEADINGS.map(|own| if own == "Наша карточка" { "НАША  карточка" } else { own }));
    assert!(again.take_earlier(mapping.clone()).unwrap());
    // Its refused rows are the same sheet.
    let guard = walk::QUARANTINE;
    let row = HEADINGS.map(|heading| value(heading, 0)).join(",");
    let mut again = of_csv(format!("\"{guard}\"\n{},rejected_because\n{row},row 2: x\n", HEADINGS.join(",")));
    assert!(again.take_earlier(mapping).unwrap());
    assert_eq!(made(&mut again).0.lines().nth(1), charges.lines().nth(1));
}

#[test]
fn letters_of_another_sheet_are_not_believed() {
    let (charges, mapping) = mapping();
    let with = |place: usize, heading: &'static str| {
        let mut all = HEADINGS.to_vec();
        all.insert(place, heading);
        all
    };
    let mut swapped = HEADINGS.to_vec();
    swapped.swap(0, 1);
    for headings in [
        swapped,
        with(0, "№ п/п"),
        with(0, ""),
        with(1, "Дата рождения"),
        with(6, "Вторая дата"),
        HEADINGS[1..].to_vec(),
        HEADINGS[..7].to_vec(),
        with(8, "Ещё"),
    ] {
        let mut session = open(&headings);
        assert!(!session.take_earlier(mapping.clone()).unwrap(), "{headings:?}");
        let asked = asked_of(&mut session);
        let is_asked = |heading: &str| asked.iter().any(|own| own == heading);
        for heading in ["Наша карточка", "Фигурант наш №", "Обвинён у нас", "Дата приговора"]
        {
            assert_eq!(
                is_asked(heading),
                headings.contains(&heading),
                "{heading} of {headings:?}: {asked:?}"
            );
        }
        for heading in ["Статья", "Страна", "Исход", "Телефон", "№ п/п", "Дата рождения"]
        {
            assert!(!is_asked(heading), "{heading} of {headings:?}: {asked:?}");
        }
        if headings.contains(&"Наша карточка") {
            answered(&mut session);
            assert_eq!(sorted(&made(&mut session).0), sorted(&charges), "{headings:?}");
        }
    }
}

/// Returns the fields of each row in the order of their columns' names.
fn sorted(csv: &str) -> Vec<Vec<String>> {
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let mut order: Vec<usize> = (0..rows[0].len()).collect();
    order.sort_by_key(|place| rows[0][*place]);
    rows.iter().map(|row| order.iter().map(|place| row[*place].to_owned()).collect()).collect()
}

#[test]
fn letters_without_a_layout_are_not_believed_and_headings_are() {
    let (_, mut mapping) = mapping();
    mapping.tables[0].layout = None;
    let mut session = open(&HEADINGS);
    assert!(!session.take_earlier(mapping.clone()).unwrap());
    assert!(
        session.mapping().tables[0].columns.iter().all(|(_, how)| !how.from.headings()[0].starts_with('#'))
    );
    // What is kept of it is the layout of today's sheet.
    let written = session.written().unwrap();
    assert_eq!(written.tables[0].layout, session.mapping().tables[0].layout);
    assert!(written.tables[0].layout.is_some());
    mapping.tables[0].left_out.clear();
    for (_, how) in &mut mapping.tables[0].columns {
        let Origin::Columns(own) = &mut how.from else { continue };
        for (letters, heading) in [("#A", HEADINGS[0]), ("#B", HEADINGS[1]), ("#E", HEADINGS[4])] {
            own.iter_mut().filter(|own| *own == letters).for_each(|own| *own = heading.to_owned());
        }
    }
    let mut swapped = HEADINGS;
    swapped.swap(0, 1);
    let mut session = open(&swapped);
    assert!(session.take_earlier(mapping).unwrap());
    assert_eq!(asked_of(&mut session), ["Дата приговора", "Телефон"]);
}

#[test]
fn a_layout_is_three_digits_of_all_headings_in_their_order() {
    let layout = |headings: &[&str]| open(headings).mapping().tables[0].layout.clone().unwrap();
    // printf 'case id\ndefendant id' | sha256sum
    assert_eq!(layout(&["case_id", "Defendant  ID"]), "3af");
    let (_, mapping) = mapping();
    for wrong in ["", "12", "1234", "xyz", "Иванов"] {
        let mut own = mapping.clone();
        own.tables[0].layout = Some(wrong.to_owned());
        let told = Mapping::parse(own.to_json().as_bytes()).unwrap_err();
        assert!(told[0].english().ends_with("tables.0.layout is …; expected 3 hex digits"), "{told:?}");
    }
}

#[test]
fn what_a_key_keeps_is_found_in_capitals_and_asks_for_the_key_first() {
    let csv = "case_id,country,statute,date_charged,outcome,defendant_id\n\
        1,KAZ,KAZ-CC-274,2020-05-17,ours,1\n2,KAZ,KAZ-CC-274,2020-05-18,convicted,2\n";
    let (mut session, key) = (of_csv(csv.to_owned()), Key::of([7; 32]));
    let is_it = |asked: &Asked| matches!(asked.question, Question::Value { column: "outcome", .. });
    let asked = session.questions().unwrap().into_iter().find(is_it).unwrap();
    session.answer(&asked, "acquitted").unwrap();
    assert_eq!(session.mapping().wanted_key(), None, "nothing was made with a key yet");
    session.take_key(key.clone()).unwrap();
    let (charges, written) = made(&mut session);
    let mut mapping: serde_json::Value = serde_json::from_str(&written).unwrap();
    let by_key = mapping["tables"][0]["columns"]["outcome"]["by_key"].as_object_mut().unwrap();
    let (mark, code) = by_key.iter().next().map(|(mark, code)| (mark.clone(), code.clone())).unwrap();
    by_key.remove(&mark);
    by_key.insert(mark.to_uppercase(), code);
    let mut again = of_csv(csv.to_owned());
    assert!(again.take_earlier(Mapping::parse(mapping.to_string().as_bytes()).unwrap()).unwrap());
    assert_eq!(again.mapping().wanted_key().unwrap().key, "key_missing.values");
    again.take_key(key).unwrap();
    assert_eq!(made(&mut again), (charges, written));
}

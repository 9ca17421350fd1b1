//! Answers to draw in tests: like the service's, with real figures where a sample names a statute.

// Named, because the examples include this file from elsewhere.
#[path = "samples/invented.rs"]
mod invented;

pub use invented::{countries, forty_years, ranking, shares};

use chargesheet_widget::wire::{
    Answer, Beside, Column, ColumnRole, Dataset, Disagreement, InForce, Labels, LawEvent, Look, Looks,
    Release, Row, Text, Value,
};

/// Returns a column.
pub fn column(name: &str, role: ColumnRole, title: &str) -> Column {
    Column { name: name.to_owned(), role, title: title.to_owned() }
}

/// Returns codes with their labels.
pub fn labels(dimension: &str, codes: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
    (
        dimension.to_owned(),
        codes.iter().map(|(code, label)| ((*code).to_owned(), (*label).to_owned())).collect(),
    )
}

/// Returns a row without disagreements.
pub fn row(values: Vec<Value>) -> Row {
    Row { values, disagreements: Vec::new() }
}

/// Returns a text value.
pub fn code(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn base(text: Text) -> Answer {
    Answer {
        dataset: Dataset {
            id: "reported-figures".to_owned(),
            title: "Reported figures".to_owned(),
            kind: "reported".to_owned(),
            url: "/v1/datasets/reported-figures".to_owned(),
        },
        release: Release { id: "2026-08-01-3f9c2a7d".to_owned(), url: String::new() },
        language: "en".to_owned(),
        beside: Beside {
            short: text.title.split(':').next().unwrap_or_default().to_owned(),
            counted: text.subtitle.clone(),
            source: text.source_line.clone(),
            credit: "Chargesheet, 2026-08-01".to_owned(),
            more: "and {count} more".to_owned(),
            notes: "Notes: {count}".to_owned(),
            free: "Each panel has its own scale.".to_owned(),
            ..Beside::default()
        },
        text: Text {
            thousands: if text.thousands.is_empty() { ",".to_owned() } else { text.thousands },
            decimal: if text.decimal.is_empty() { ".".to_owned() } else { text.decimal },
            not_shown: "Not shown: {names}.".to_owned(),
            shown_periods: "Shown: {from}–{to}.".to_owned(),
            key_break: "Definition changes".to_owned(),
            key_provisional: "Provisional".to_owned(),
            key_disagree: "Sources disagree".to_owned(),
            key_interval: "95 % interval".to_owned(),
            ..text
        },
        ..Answer::default()
    }
}

fn own(text: &str) -> String {
    text.to_owned()
}

/// Registered cases of sedition in India, year by year: one series.
pub fn sedition() -> Answer {
    let cases = [
        (2014, 47),
        (2015, 30),
        (2016, 35),
        (2017, 51),
        (2018, 70),
        (2019, 93),
        (2020, 73),
        (2021, 76),
        (2022, 20),
    ];
    let mut rows: Vec<Row> = cases
        .iter()
        .map(|(year, cases)| {
            row(vec![Value::Year(*year), Value::Count(*cases), code("A"), Value::List(Vec::new())])
        })
        .collect();
    rows[4].disagreements.push(Disagreement { measure: own("cases"), value: 75, source: own("press-2020") });
    rows[8].values[2] = code("P");
    Answer {
        columns: vec![
            column("year", ColumnRole::Dimension, "Year"),
            column("cases", ColumnRole::Measure, "Cases"),
            column("status", ColumnRole::Status, "Status"),
            column("sources", ColumnRole::Sources, "Sources"),
        ],
        rows,
        additive: vec![own("year")],
        ..base(Text {
            title: own("Sedition in India: cases registered a year"),
            subtitle: own("Cases registered by the police under Indian Penal Code, section 124A, 2014–2022"),
            x_title: own("Year"),
            y_title: own("Cases"),
            share_title: own("Share of cases"),
            source_line: own(
                "Source: National Crime Records Bureau, “Crime in India” 2014–2022; press reports quoting it.",
            ),
            dataset_line: own(
                "Chargesheet, Reported figures, release 2026-08-01-3f9c2a7d · /v1/datasets/reported-figures",
            ),
            notes: vec![own("Sources disagree about 2018: 70 is shown, another source reports 75.")],
            alt: own(
                "Line chart of sedition cases registered in India a year: 47 in 2014, highest 93 in 2019, 20 in 2022.",
            ),
            ..Text::default()
        })
    }
}

/// Persons arrested, charged and convicted for sedition in India: three series with gaps.
pub fn sedition_persons() -> Answer {
    let figures: [(&str, &[(i32, u64)]); 3] = [
        (
            "arrested",
            &[
                (2014, 58),
                (2015, 73),
                (2016, 48),
                (2017, 228),
                (2018, 56),
                (2019, 99),
                (2020, 44),
                (2021, 86),
            ],
        ),
        ("charged", &[(2014, 16), (2017, 160), (2018, 46), (2021, 66)]),
        ("convicted", &[(2014, 1), (2017, 4), (2018, 2), (2020, 3), (2021, 0)]),
    ];
    let mut rows = Vec::new();
    for year in 2014..=2021 {
        for (outcome, series) in figures {
            if let Some((_, persons)) = series.iter().find(|(at, _)| *at == year) {
                rows.push(row(vec![
                    Value::Year(year),
                    code(outcome),
                    Value::Count(*persons),
                    code(if year == 2017 { "B" } else { "A" }),
                ]));
            }
        }
    }
    Answer {
        columns: vec![
            column("year", ColumnRole::Dimension, "Year"),
            column("outcome", ColumnRole::Dimension, "Outcome"),
            column("persons", ColumnRole::Measure, "Persons"),
            column("status", ColumnRole::Status, "Status"),
        ],
        rows,
        labels: Labels(vec![labels(
            "outcome",
            &[("arrested", "Arrested"), ("charged", "Charged by the police"), ("convicted", "Convicted")],
        )]),
        in_force: Some(InForce { from: Some(own("1870-11-25")), to: None }),
        beside: Beside {
            short: own("India: sedition"),
            counted: own("Persons a year, by stage"),
            source: own("Source: National Crime Records Bureau and 1 more"),
            credit: own("Chargesheet, 2026-08-01"),
            more: own("and {count} more"),
            notes: own("Notes: {count}"),
            events: vec![LawEvent {
                at: own("2018-05"),
                kind: own("amended"),
                label: own("Amended"),
                text: own("The wording changed."),
                statute: own("IND-IPC-124A"),
                ..LawEvent::default()
            }],
            looks: Looks(vec![
                (own("arrested"), Look { light: 0x474e7e, dark: 0x676fb7, mark: 3 }),
                (own("charged"), Look { light: 0x735200, dark: 0xae6206, mark: 4 }),
                (own("convicted"), Look { light: 0x8e1f57, dark: 0xedb699, mark: 1 }),
            ]),
            ..Beside::default()
        },
        ..base(Text {
            title: own("Sedition in India: persons arrested, charged and convicted"),
            subtitle: own("Persons, Indian Penal Code, section 124A, 2014–2021"),
            x_title: own("Year"),
            y_title: own("Persons"),
            source_line: own(
                "Source: National Crime Records Bureau, “Crime in India” 2014–2021, and press reports quoting it.",
            ),
            dataset_line: own("Chargesheet, Reported figures, release 2026-08-01-3f9c2a7d"),
            notes: vec![
                own("No figure was found for persons charged in 2015, 2016, 2019 and 2020."),
                own("A gap means that no source reports a figure, not that nobody was charged."),
            ],
            alt: own("Line chart of persons arrested, charged and convicted for sedition in India."),
            ..Text::default()
        })
    }
}

/// The founding article: four persons under Kazakhstan's article 274, by outcome.
pub fn kazakhstan() -> Answer {
    Answer {
        columns: vec![
            column("outcome", ColumnRole::Dimension, "Outcome"),
            column("persons", ColumnRole::Measure, "Persons"),
        ],
        rows: vec![
            row(vec![code("convicted"), Value::Count(1)]),
            row(vec![code("pending"), Value::Count(3)]),
        ],
        labels: Labels(vec![labels(
            "outcome",
            &[("pending", "Pending before a court"), ("convicted", "Convicted")],
        )]),
        additive: vec![own("outcome")],
        ..base(Text {
            title: own(
                "Dissemination of knowingly false information in Kazakhstan: documented cases by outcome",
            ),
            subtitle: own("Persons prosecuted under Criminal Code, article 274"),
            x_title: own("Outcome"),
            y_title: own("Persons"),
            share_title: own("Share of persons"),
            source_line: own("Source: documented cases, from court records and press reports."),
            dataset_line: own("Chargesheet, Documented cases, release 2026-08-01-77ab01c2"),
            alt: own("Bar chart: 3 persons pending, 1 person convicted."),
            ..Text::default()
        })
    }
}

/// Two series in Russian, by year, that may be stacked; some records without a year.
pub fn russian() -> Answer {
    let figures = [
        (2013, 12, 3),
        (2014, 18, 7),
        (2015, 41, 22),
        (2016, 77, 60),
        (2017, 112, 84),
        (2018, 138, 97),
        (2019, 1204, 311),
        (2020, 96, 41),
    ];
    let mut rows = Vec::new();
    for (year, prison, fined) in figures {
        rows.push(row(vec![Value::Year(year), code("sentenced-prison"), Value::Count(prison)]));
        rows.push(row(vec![Value::Year(year), code("fined"), Value::Count(fined)]));
    }
    rows.push(row(vec![Value::Absent, code("fined"), Value::Count(9)]));
    rows.push(row(vec![Value::Absent, code("sentenced-prison"), Value::Count(2)]));
    Answer {
        columns: vec![
            column("year", ColumnRole::Dimension, "Год"),
            column("outcome", ColumnRole::Dimension, "Исход"),
            column("persons", ColumnRole::Measure, "Лица"),
        ],
        rows,
        language: own("ru"),
        labels: Labels(vec![labels(
            "outcome",
            &[("sentenced-prison", "Приговорены к лишению свободы"), ("fined", "Приговорены к штрафу")],
        )]),
        additive: vec![own("outcome"), own("year")],
        in_force: Some(InForce { from: Some(own("2015-01-01")), to: Some(own("2019-12-31")) }),
        ..base(Text {
            title: own("Распространение заведомо ложной информации: осуждённые по годам и видам наказания"),
            subtitle: own("Число лиц; Уголовный кодекс, статья 274, части 1–4"),
            x_title: own("Год"),
            y_title: own("Лица"),
            share_title: own("Доля лиц"),
            source_line: own(
                "Источник: Комитет по правовой статистике и специальным учётам, форма № 10; дата обращения 1 августа 2026 года.",
            ),
            dataset_line: own("Chargesheet, «Опубликованные данные», выпуск 2026-08-01-3f9c2a7d"),
            unknown: own("неизвестен"),
            not_in_force: own("статья не действовала"),
            alt: own("Диаграмма осуждённых по годам и видам наказания."),
            thousands: own("\u{a0}"),
            decimal: own(","),
            ..Text::default()
        })
    }
}

/// Statutes of several countries by outcome: groups with long names, two series.
pub fn statutes() -> Answer {
    let names: [(&str, &str, u64, u64); 7] = [
        ("AUT-StGB-283", "Austria, Criminal Code, § 283: incitement to hatred", 512, 96),
        (
            "GBR-CA-127",
            "United Kingdom, Communications Act 2003, section 127: improper use of a public network",
            1703,
            1209,
        ),
        ("IND-IPC-124A", "India, Penal Code, section 124A: sedition", 86, 4),
        ("KAZ-CC-274", "Kazakhstan, Criminal Code, article 274", 41, 12),
        ("NLD-Sr-111", "Netherlands, Criminal Code, articles 111–113", 22, 9),
        ("POL-KK-226", "Poland, Criminal Code, article 226", 1290, 0),
        ("TUR-TCK-299", "Türkiye, Penal Code, article 299: insulting the president", 9166, 3625),
    ];
    let mut rows = Vec::new();
    for (statute, _, prosecuted, convicted) in names {
        rows.push(row(vec![code(statute), code("prosecuted"), Value::Count(prosecuted)]));
        rows.push(row(vec![code(statute), code("convicted"), Value::Count(convicted)]));
    }
    let codes: Vec<(&str, &str)> = names.iter().map(|(code, label, _, _)| (*code, *label)).collect();
    Answer {
        columns: vec![
            column("statute", ColumnRole::Dimension, "Statute"),
            column("outcome", ColumnRole::Dimension, "Outcome"),
            column("persons", ColumnRole::Measure, "Persons"),
        ],
        rows,
        labels: Labels(vec![
            labels("statute", &codes),
            labels("outcome", &[("prosecuted", "Prosecuted"), ("convicted", "Convicted")]),
        ]),
        additive: vec![own("outcome")],
        ..base(Text {
            title: own("Speech offences in seven countries"),
            subtitle: own("Persons, last year with a figure"),
            x_title: own("Statute"),
            y_title: own("Persons"),
            share_title: own("Share of persons"),
            source_line: own("Source: seven ministries of justice and statistical offices."),
            dataset_line: own("Chargesheet, Reported figures, release 2026-08-01-3f9c2a7d"),
            alt: own("Bar chart of persons prosecuted and convicted."),
            ..Text::default()
        })
    }
}

/// One statute's many outcomes: a single series of groups.
pub fn outcomes() -> Answer {
    let mut answer = statutes();
    answer.columns.remove(1);
    answer.rows.retain(|row| row.values[1] == code("prosecuted"));
    for row in &mut answer.rows {
        row.values.remove(1);
    }
    answer
}

/// An answer without rows.
pub fn empty() -> Answer {
    let mut answer = sedition();
    answer.rows.clear();
    answer.text.notes.clear();
    answer.text.empty = own(
        "No records match this question. That does not mean that nothing happened: none is documented here.",
    );
    answer
}

/// Month by month, with a gap.
pub fn months() -> Answer {
    let mut answer = sedition();
    answer.columns[0] = column("month", ColumnRole::Dimension, "Month");
    answer.rows = [
        ("2022-01", 3),
        ("2022-02", 5),
        ("2022-03", 4),
        ("2022-06", 9),
        ("2022-07", 12),
        ("2022-08", 7),
        ("2022-12", 2),
        ("2023-02", 4),
        ("2023-03", 3),
    ]
    .iter()
    .map(|(month, cases)| row(vec![code(month), Value::Count(*cases), code("A"), Value::List(Vec::new())]))
    .collect();
    answer.text.title = own("Cases registered a month");
    answer.text.x_title = own("Month");
    answer
}

/// Every sample with its name.
pub fn all() -> Vec<(&'static str, Answer)> {
    vec![
        ("sedition", sedition()),
        ("sedition-persons", sedition_persons()),
        ("kazakhstan", kazakhstan()),
        ("russian", russian()),
        ("forty-years", forty_years()),
        ("statutes", statutes()),
        ("outcomes", outcomes()),
        ("empty", empty()),
        ("months", months()),
        ("countries", countries()),
        ("ranking", ranking()),
        ("shares", shares()),
    ]
}

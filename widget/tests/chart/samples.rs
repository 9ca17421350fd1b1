//! Answers to draw in tests: like the service's, with real figures where a sample names a statute.

use chargesheet_widget::wire::{
    Answer, Column, ColumnRole, Dataset, Disagreement, InForce, Labels, Release, Row, Text, Value,
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

/// Forty years of twelve series.
pub fn forty_years() -> Answer {
    let outcomes: Vec<(String, String)> =
        (1..=12).map(|number| (format!("o{number:02}"), format!("Outcome number {number}"))).collect();
    let mut rows = Vec::new();
    let mut seed = 7_u64;
    for year in 1985..=2024 {
        for (code, _) in &outcomes {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            if seed >> 60 == 0 {
                continue;
            }
            let level = 400 * (rows.len() as u64 % 12 + 1);
            rows.push(row(vec![
                Value::Year(year),
                Value::Text(code.clone()),
                Value::Count(level + (seed >> 33) % 1500),
            ]));
        }
    }
    Answer {
        columns: vec![
            column("year", ColumnRole::Dimension, "Year"),
            column("outcome", ColumnRole::Dimension, "Outcome"),
            column("persons", ColumnRole::Measure, "Persons"),
        ],
        rows,
        labels: Labels(vec![(own("outcome"), outcomes)]),
        additive: vec![own("outcome"), own("year")],
        ..base(Text {
            title: own("Forty years of twelve outcomes"),
            subtitle: own("Invented figures, to see how much a picture holds"),
            x_title: own("Year"),
            y_title: own("Persons"),
            share_title: own("Share of persons"),
            source_line: own("Source: invented."),
            dataset_line: own("Chargesheet, test"),
            alt: own("Twelve lines."),
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

/// Six countries by year and outcome, each with its gaps: invented, for panels and rankings.
pub fn countries() -> Answer {
    let names: [(&str, &str, u64); 6] = [
        ("IND", "India", 90),
        ("KAZ", "Kazakhstan", 140),
        ("NLD", "Netherlands", 9),
        ("RUS", "Russian Federation", 212),
        ("TUR", "Türkiye", 310),
        ("GBR", "United Kingdom of Great Britain and Northern Ireland", 45),
    ];
    let mut rows = Vec::new();
    let mut seed = 11_u64;
    for (country, _, level) in names {
        for year in 2012..=2024 {
            for (outcome, part) in [("prosecuted", 4), ("convicted", 3)] {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // No figure for some years, and none at all for the Netherlands.
                if seed >> 61 == 0 || country == "NLD" {
                    continue;
                }
                let value = level * part / 4 + (seed >> 33) % (level / 2 + 1);
                let status = if year == 2024 { "P" } else { "A" };
                rows.push(row(vec![
                    code(country),
                    Value::Year(year),
                    code(outcome),
                    Value::Count(value),
                    code(status),
                ]));
            }
        }
    }
    rows.push(row(vec![code("NLD"), Value::Year(2020), code("convicted"), Value::Absent, code("A")]));
    let codes: Vec<(&str, &str)> = names.iter().map(|(code, label, _)| (*code, *label)).collect();
    Answer {
        columns: vec![
            column("country", ColumnRole::Dimension, "Country"),
            column("year", ColumnRole::Dimension, "Year"),
            column("outcome", ColumnRole::Dimension, "Outcome"),
            column("persons", ColumnRole::Measure, "Persons"),
            column("status", ColumnRole::Status, "Status"),
        ],
        rows,
        labels: Labels(vec![
            labels("country", &codes),
            labels("outcome", &[("prosecuted", "Prosecuted"), ("convicted", "Convicted")]),
        ]),
        ..base(Text {
            title: own("Speech offences: persons prosecuted and convicted in six countries"),
            subtitle: own("Persons, 2012–2024, by country and outcome"),
            x_title: own("Year"),
            y_title: own("Persons"),
            share_title: own("Share of persons"),
            source_line: own("Source: invented figures, to see how panels look."),
            dataset_line: own("Chargesheet, Reported figures, release 2026-08-01-3f9c2a7d"),
            notes: vec![own("Provisional or estimated: 2024.")],
            alt: own("A panel of two lines for each of six countries."),
            ..Text::default()
        })
    }
}

/// The last year of the countries alone: a ranking.
pub fn ranking() -> Answer {
    let mut answer = countries();
    answer.rows.retain(|row| row.values[1] == Value::Year(2023) && row.values[2] == code("prosecuted"));
    for row in &mut answer.rows {
        row.values.drain(1..3);
    }
    answer.columns.drain(1..3);
    answer.text.title = own("Persons prosecuted for speech offences");
    answer.text.subtitle = own("Persons prosecuted, 2023, by country");
    answer.text.notes.clear();
    answer
}

/// Shares of those prosecuted who were convicted, with their intervals, in two countries by year.
pub fn shares() -> Answer {
    let mut rows = Vec::new();
    for (country, shares) in [
        (
            "IND",
            [(2016, 80_000, 35), (2017, 120_500, 51), (2018, 28_571, 70), (2020, 41_096, 73), (2021, 0, 76)],
        ),
        (
            "KAZ",
            [
                (2016, 612_000, 80),
                (2017, 655_172, 116),
                (2018, 540_000, 50),
                (2019, 700_000, 20),
                (2021, 583_333, 12),
            ],
        ),
    ] {
        for (year, share, persons) in shares {
            let share = f64::from(share) / 1e6;
            // Wide where few were counted, as Wilson's interval is.
            let half = 0.9 / f64::from(persons as u32).sqrt() / 2.0;
            let bound = |value: f64| Value::Real((value.clamp(0.0, 1.0) * 1e6).round() / 1e6);
            rows.push(row(vec![
                Value::Year(year),
                code(country),
                Value::Count(persons),
                bound(share),
                bound(share - half),
                bound(share + half),
                code(if year == 2021 { "P" } else { "A" }),
            ]));
        }
    }
    rows.sort_by_key(|row| if let Value::Year(year) = row.values[0] { year } else { 0 });
    Answer {
        columns: vec![
            column("year", ColumnRole::Dimension, "Year"),
            column("country", ColumnRole::Dimension, "Country"),
            column("persons", ColumnRole::Measure, "Persons"),
            column("share", ColumnRole::Share, "Share of persons"),
            column("share_low", ColumnRole::Share, "Share, lower bound of the 95 % interval"),
            column("share_high", ColumnRole::Share, "Share, upper bound of the 95 % interval"),
            column("status", ColumnRole::Status, "Status"),
        ],
        rows,
        labels: Labels(vec![labels("country", &[("IND", "India"), ("KAZ", "Kazakhstan")])]),
        additive: vec![own("country")],
        ..base(Text {
            title: own("Of those prosecuted, how many were convicted?"),
            subtitle: own("Share of persons prosecuted whose case ended in a conviction, 2016–2021"),
            x_title: own("Year"),
            y_title: own("Persons"),
            share_title: own("Share of persons convicted"),
            source_line: own("Source: invented figures, to see how intervals look."),
            dataset_line: own("Chargesheet, Documented cases, release 2026-08-01-77ab01c2"),
            notes: vec![own("No figure for India in 2019, for Kazakhstan in 2020: a gap is not a zero.")],
            alt: own("Line chart of shares convicted in India and Kazakhstan, with their intervals."),
            ..Text::default()
        })
    }
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

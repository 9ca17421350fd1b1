//! Answers with invented figures, for what the real ones do not have: many series, panels, intervals.

use super::{base, code, column, labels, own, row};
use chargesheet_widget::wire::{Answer, ColumnRole, Labels, Text, Value};

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

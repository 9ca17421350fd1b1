//! Figures of the bundled data as their sources printed them.

use std::collections::BTreeSet;
use std::vec::Vec;

use crate::tests::{Row, charges, counts, of_courts};

/// The preferred figures of one series of calendar years of the whole country.
fn series(statute: &str, outcome: &str, unit: &str) -> Vec<(u16, u32)> {
    counts()
        .iter()
        .filter(|row| row["statute"] == statute && row["outcome"] == outcome)
        .filter(|row| row["unit"] == unit && row["preferred"] == "true")
        .filter(|row| !row["year"].is_empty() && row["area"].is_empty())
        .map(|row| {
            let year = row["year"].parse().expect("a year is a number");
            let value = row["value"].parse().expect("a value is a number");
            (year, value)
        })
        .collect()
}

#[test]
fn the_founding_article_has_sixteen_people_in_thirteen_cases() {
    let of_274: Vec<_> =
        charges().into_iter().filter(|row| row["statute"].starts_with("KAZ-CC-274")).collect();
    let distinct = |column: &str| -> usize {
        of_274.iter().map(|row| row[column].clone()).collect::<BTreeSet<_>>().len()
    };
    let with = |outcome: &str| of_274.iter().filter(|row| row["outcome"] == outcome).count();
    assert_eq!((distinct("defendant_id"), distinct("case_id"), of_274.len()), (16, 13, 16));
    assert_eq!((with("pending"), with("convicted")), (12, 4));
}

#[test]
fn the_sedition_series_of_india_is_what_was_printed() {
    let printed = [
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
    assert_eq!(series("IND-IPC-124A", "registered", "cases"), printed);
    // The years 2015 to 2020 add up to the total that the press printed beside them.
    let total: u32 = printed[1..=6].iter().map(|(_, cases)| cases).sum();
    assert_eq!(total, 352);
}

#[test]
fn series_are_what_was_printed() {
    assert_eq!(series("KAZ-CC-274", "registered", "cases"), [(2016, 2), (2017, 4), (2018, 1), (2019, 3)]);
    assert_eq!(
        series("IND-UAPA", "arrested", "persons")[5..],
        [(2019, 1948), (2020, 1321), (2021, 1621), (2022, 2636)]
    );
    assert_eq!(
        series("TUR-TCK-299", "investigated", "cases"),
        [
            (2014, 682),
            (2015, 7216),
            (2016, 38254),
            (2017, 20539),
            (2018, 26115),
            (2019, 36066),
            (2020, 31297),
            (2021, 33973),
        ]
    );
    assert_eq!(series("TUR-TCK-299-301", "convicted", "persons"), [(2022, 1872), (2023, 1602)]);
    assert_eq!(series("GBR-CA2003-127", "prosecuted", "persons")[..3], [(2003, 0), (2004, 214), (2005, 355)]);
    assert_eq!(series("GBR-CA2003-127", "convicted", "persons").last(), Some(&(2014, 1209)));
    assert_eq!(series("THA-CC-112", "prosecuted", "cases"), [(2009, 164)]);
    assert_eq!(series("POL-KK-212", "convicted", "persons"), [(2016, 330), (2017, 388)]);
    assert_eq!(
        series("AUT-VG", "convicted", "persons"),
        [(2009, 36), (2015, 79), (2016, 85), (2017, 119), (2018, 138)]
    );
    assert_eq!(series("RUS-CC-207.3", "registered", "cases"), [(2022, 183), (2023, 90), (2024, 140)]);
}

#[test]
fn the_turkish_convictions_add_up_to_the_totals_printed_beside_them() {
    let convicted = series("TUR-TCK-299", "convicted", "persons");
    let until = |last: u16| -> u32 {
        convicted.iter().filter(|(year, _)| *year <= last).map(|(_, persons)| persons).sum()
    };
    assert_eq!(until(2019), 9554);
    // The report that gives 3325 for 2020 prints 12881 for all years: 2 more than the list to 2019.
    assert_eq!(until(2020), 12881 - 2);
}

#[test]
fn wholes_are_the_sums_of_their_parts() {
    let convicted = |statute: &str, year: u16| {
        let series = series(statute, "convicted", "persons");
        series.into_iter().find(|entry| entry.0 == year).map_or(0, |(_, value)| value)
    };
    for year in 2000..=2012 {
        let articles = ["NLD-SR-111", "NLD-SR-112", "NLD-SR-113.2"];
        let sum: u32 = articles.iter().map(|article| convicted(article, year)).sum();
        assert_eq!(convicted("NLD-SR-111-113", year), sum, "Netherlands {year}");
    }
    assert_eq!(
        convicted("POL-KK-212", 2016),
        convicted("POL-KK-212.1", 2016) + convicted("POL-KK-212.2", 2016)
    );
    assert_eq!(
        convicted("POL-KK-212-216", 2017),
        convicted("POL-KK-212", 2017) + convicted("POL-KK-216", 2017)
    );
}

#[test]
fn the_parts_of_a_result_and_the_results_of_a_year_are_what_form_10a_prints() {
    let complete = [
        ("acquitted", 1414),
        ("convicted", 314),
        ("discontinued-no-offence", 1178),
        ("discontinued-other-grounds", 1689),
        ("medical-measures", 3),
    ];
    let figures = of_courts();
    let figure = |statute: &str, year: &str, outcome: &str| -> Option<u32> {
        let is_it =
            |row: &&Row| row["statute"] == statute && row["year"] == year && row["outcome"] == outcome;
        figures.iter().find(is_it).and_then(|row| row["value"].parse().ok())
    };
    let of_2010 = complete.map(|(outcome, _)| (outcome, figure("RUS-CC-129", "2010", outcome).unwrap_or(0)));
    assert_eq!(of_2010, complete);
    assert_eq!(complete.iter().map(|(_, persons)| persons).sum::<u32>(), 4598);
    // Every cell of article and year has all five results.
    let cells: BTreeSet<_> =
        figures.iter().map(|row| (row["statute"].clone(), row["year"].clone())).collect();
    for (statute, year) in &cells {
        let lacks = complete.iter().find(|(outcome, _)| figure(statute, year, outcome).is_none());
        assert_eq!(lacks, None, "{statute} {year}");
    }
    assert_eq!(cells.len(), 96);
    // Article 282 fell in 2019, the year in which a part of it became an administrative offence.
    let convicted = ["2017", "2018", "2019"].map(|year| figure("RUS-CC-282", year, "convicted"));
    assert_eq!(convicted, [Some(462), Some(426), Some(19)]);
}

//! Tests of answers against an independent recount without polars, on random packages and questions.

pub(crate) mod naive;
pub(crate) mod package;
pub(crate) mod question;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use self::naive::{Outcome, recount};
use self::package::{World, case_level, reported, world};
use self::question::{Question, question};
use super::{Params, Query, QueryError};
use crate::answer::{AnswerError, Dataset, counted_by, opened};
use crate::coverage::covered;
use crate::domain::{Dimension, Language, Measure, Period};
use crate::engine::{Cell, Choice};
use crate::ingest::{Rules, ingest};
use crate::present::csv::csv;
use crate::present::{Json, Written as _, evidence, json, wire};
use crate::release::{Content, Release, Store};

/// Publishes a package. Ingest must not refuse any of its files.
pub(crate) fn published(world: &World) -> Dataset {
    let today = Period::parse("2026-11-24").unwrap().first_day();
    let (ingested, report) =
        ingest(&world.package(), &Rules { max_rejected_percent: 100.0, ..Rules::of(today) }).unwrap();
    assert!(!report.refused(), "{}", report.to_text());
    opened(Release::seal(ingested)).unwrap()
}

pub(crate) fn parsed(text: &str, release: &Release) -> Result<Query, QueryError> {
    let mut params = Params::parse(text)?;
    let query = params.take_query(release)?;
    params.finish(&[])?;
    Ok(query)
}

/// Asks as a reader does: sends text and receives text.
pub(crate) fn asked(dataset: &Dataset, question: &Question) -> Outcome {
    let answer = parsed(&question.text(), &dataset.release).map_err(AnswerError::Refused).and_then(|query| {
        let answer = dataset.ask(&query)?;
        Ok(String::from_utf8(csv(&query, &dataset.release, &answer)).unwrap())
    });
    match answer {
        Ok(csv) => Outcome::Csv(csv),
        Err(AnswerError::Refused(QueryError::NotAdditive { dimension, .. })) => {
            Outcome::NotAdditive(dimension.to_string())
        }
        Err(AnswerError::Refused(QueryError::UnknownCode { dimension, .. })) => {
            Outcome::UnknownCode(dimension.to_string())
        }
        Err(AnswerError::Refused(error)) if error.kind() == "bad-value" => {
            Outcome::WrongValue(error.parameter().unwrap_or_default().to_owned())
        }
        Err(error) => panic!("{error}"),
    }
}

/// Returns the evidence for an answer as CSV; `None` where the question is refused.
pub(crate) fn behind(dataset: &Dataset, question: &Question) -> Option<String> {
    let query = parsed(&question.text(), &dataset.release).ok()?;
    let behind = dataset.evidence(&query).ok()?;
    Some(String::from_utf8(evidence::csv(&query, &dataset.release, &behind)).unwrap())
}

/// Returns how many records have each value of a dimension.
pub(crate) fn facets(dataset: &Dataset, query: &Query, of: Dimension) -> Vec<(Option<i32>, Cell)> {
    let facets = dataset.facets(query, of).unwrap();
    facets.each_row().map(|row| (facets.key(0, row), facets.cell(0, row))).collect()
}

/// Parses a CSV table: each row maps the names of columns to fields.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

pub(crate) fn with_questions(
    world: impl Strategy<Value = World>,
) -> impl Strategy<Value = (World, Vec<Question>)> {
    world.prop_flat_map(|world| {
        let questions = vec(question(&world), 1..6);
        (Just(world), questions)
    })
}

fn reordered(world: &World) -> impl Strategy<Value = World> + use<> {
    let world = world.clone();
    let files = [&world.statutes, &world.sources, &world.rows].map(|rows| Just(rows.clone()).prop_shuffle());
    files.prop_map(move |[statutes, sources, rows]| World { statutes, sources, rows, ..world.clone() })
}

/// Sums one column of an answer within groups of some other columns.
fn sums(outcome: &Outcome, within: &[&str], measure: &str) -> BTreeMap<Vec<String>, u64> {
    let Outcome::Csv(text) = outcome else {
        return BTreeMap::new();
    };
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|other| other == name).unwrap();
    let mut sums = BTreeMap::new();
    for row in reader.records().map(Result::unwrap) {
        let key = within.iter().map(|name| row[place(name)].to_owned()).collect();
        // An empty cell adds nothing, and a group of empty cells has no sum.
        if let Ok(count) = row[place(measure)].parse::<u64>() {
            *sums.entry(key).or_default() += count;
        }
    }
    sums
}

/// Returns the same question about all measures, for an answer of counts alone.
fn plain(question: Question, world: &World) -> Question {
    Question { measures: Some(world.measures.clone()), share: None, labels: None, ..question }
}

proptest! {
    #[test]
    fn an_answer_about_charges_is_what_a_recount_finds(
        (world, questions) in with_questions(case_level())
    ) {
        let dataset = published(&world);
        let others = [Choice::Polars, Choice::Maps].map(|choice| (choice, counted_by(&dataset, choice).unwrap()));
        for question in &questions {
            let recount = recount(&world, question);
            prop_assert_eq!(&asked(&dataset, question), &recount, "{}", question.text());
            for (choice, other) in &others {
                prop_assert_eq!(&asked(other, question), &recount, "{:?}: {}", choice, question.text());
            }
        }
    }

    #[test]
    fn an_answer_from_reported_figures_is_what_a_recount_finds(
        (world, questions) in with_questions(reported())
    ) {
        let dataset = published(&world);
        let reference = counted_by(&dataset, Choice::Polars).unwrap();
        for question in &questions {
            let recount = recount(&world, question);
            prop_assert_eq!(&asked(&dataset, question), &recount, "{}", question.text());
            prop_assert_eq!(&asked(&reference, question), &recount, "reference: {}", question.text());
            prop_assert_eq!(behind(&dataset, question), behind(&reference, question), "{}", question.text());
            let Ok(query) = parsed(&question.text(), &dataset.release) else { continue };
            for of in dataset.release.askable() {
                prop_assert_eq!(facets(&dataset, &query, of), facets(&reference, &query, of), "{} of {}", question.text(), of);
            }
        }
    }

    #[test]
    fn lists_begin_with_the_figure_that_an_answer_has((world, _) in with_questions(world())) {
        let dataset = published(&world);
        let release = &dataset.release;
        let measures = release.descriptor().chargesheet.measures.clone();
        let by = vec![Dimension::Statute, Dimension::Outcome, Dimension::Year];
        let answer = dataset.ask(&Query::everything(by, measures.clone())).unwrap();
        for (statute, coverage) in covered("made-up", &dataset).unwrap() {
            let number = |column, row| answer.key(column, row).and_then(|key: i32| u32::try_from(key).ok());
            let own: Vec<usize> = (0..answer.rows())
                .filter(|&row| number(0, row) == release.number(Dimension::Statute, &statute))
                .collect();
            let is_dated = own.iter().any(|&row| answer.key(2, row).is_some());
            if coverage.rows == own.len() as u64 {
                prop_assert_eq!(coverage.latest.is_some(), is_dated);
            }
            if let Some(latest) = &coverage.latest {
                let is_of_it = |row: &&usize| {
                    let outcome = number(1, **row).unwrap();
                    let label = release.label(Dimension::Outcome, outcome, Language::ENGLISH);
                    (answer.key(2, **row), label)
                        == (Some(latest.year), latest.outcome.get(Language::ENGLISH))
                };
                let row = own.iter().find(is_of_it).unwrap();
                let place = measures.iter().position(|measure| *measure == latest.measure).unwrap();
                prop_assert_eq!(answer.cell(place, *row), Ok(latest.value));
                let same = |row: &usize| number(1, *row) == number(1, *own.iter().find(is_of_it).unwrap());
                let years = |place: usize| {
                    own.iter().filter(|row| same(row) && answer.key(2, **row).is_some_and(|_: i32| true)
                        && answer.cell(place, **row).is_ok()).count()
                };
                // Of measures that are as long, the first.
                if !coverage.line.is_empty() {
                    prop_assert_eq!(coverage.line.last(), Some(&(latest.year, latest.value)));
                    prop_assert_eq!(coverage.line.len(), years(place));
                    prop_assert!((0..measures.len()).all(|other| years(other) <= years(place)));
                } else {
                    prop_assert!((0..place).all(|before| answer.cell(before, *row).is_err()));
                }
            }
            let occurs = |place: usize| own.iter().any(|row| answer.cell(place, *row).is_ok());
            let occurring: Vec<Measure> =
                (0..measures.len()).filter(|place| occurs(*place)).map(|place| measures[place]).collect();
            if !own.is_empty() && coverage.rows == own.len() as u64 {
                prop_assert_eq!(coverage.measures, occurring);
            }
        }
    }

    #[test]
    fn json_written_in_pieces_is_json_written_whole(
        (world, questions) in with_questions(world()), enough in 1_usize..2000,
    ) {
        let dataset = Arc::new(published(&world));
        for question in &questions {
            let Ok(query) = parsed(&question.text(), &dataset.release) else { continue };
            let Ok(answer) = dataset.ask(&query) else { continue };
            let whole = json(&wire(&dataset, &query, &answer, Language::ENGLISH, "").unwrap());
            let written = Json::of(&dataset, &query, answer, Language::ENGLISH, "").unwrap();
            let (mut pieces, mut place) = (Vec::new(), Some(0));
            while let Some(from) = place {
                let mut piece = Vec::new();
                place = written.write(from, enough, &mut piece);
                prop_assert!(place.is_none() || piece.len() >= enough);
                pieces.append(&mut piece);
            }
            prop_assert_eq!(pieces, whole, "{}", question.text());
        }
    }

    #[test]
    fn the_order_of_rows_and_what_is_kept_back_change_nothing(
        ((world, questions), mut other) in with_questions(world()).prop_flat_map(|(world, questions)| {
            let other = reordered(&world);
            (Just((world, questions)), other)
        })
    ) {
        let dataset = published(&world);
        other.rows.retain(|row| row.get("publish").is_none_or(|publish| publish != "false"));
        // A file without any record is refused, which another test covers.
        prop_assume!(!other.rows.is_empty());
        let other = published(&other);
        prop_assert_eq!(dataset.release.id(), other.release.id());
        for question in &questions {
            prop_assert_eq!(asked(&dataset, question), asked(&other, question), "{}", question.text());
        }
    }

    #[test]
    fn charges_add_up_over_every_dimension_and_people_never_to_fewer(
        (world, questions) in with_questions(case_level())
    ) {
        let world = World { measures: vec!["charges", "persons", "cases"], ..world };
        let dataset = published(&world);
        for question in questions {
            let plain = plain(question, &world);
            let whole = asked(&dataset, &Question { by: Some(Vec::new()), ..plain.clone() });
            let groups = asked(&dataset, &plain);
            let sum = |answer, measure| sums(answer, &[], measure).into_values().sum::<u64>();
            prop_assert_eq!(sum(&groups, "charges"), sum(&whole, "charges"), "{}", plain.text());
            for measure in ["persons", "cases"] {
                prop_assert!(sum(&groups, measure) >= sum(&whole, measure), "{}", plain.text());
                prop_assert!(sum(&whole, measure) <= sum(&whole, "charges"), "{}", plain.text());
            }
        }
    }

    #[test]
    fn reported_figures_add_up_over_what_is_declared_additive(
        (world, questions) in with_questions(reported())
    ) {
        let dataset = published(&world);
        for question in questions {
            let plain = plain(question, &world);
            let groups = asked(&dataset, &plain);
            for dimension in plain.grouped().iter().filter(|dimension| world.additive.contains(dimension)) {
                let rest: Vec<&str> = plain.grouped().iter().copied().filter(|other| other != dimension).collect();
                let whole = asked(&dataset, &Question { by: Some(rest.clone()), ..plain.clone() });
                // Without sources, an answer uses the preferred source of each cell, which is no sum over sources.
                if *dimension == "source" || !matches!(whole, Outcome::Csv(_)) {
                    continue;
                }
                for measure in &world.measures {
                    let (parts, sum) = (sums(&groups, &rest, measure), sums(&whole, &rest, measure));
                    prop_assert_eq!(parts, sum, "{} without {}", plain.text(), dimension);
                }
            }
        }
    }

    #[test]
    fn the_figures_behind_an_answer_add_up_to_it_and_the_others_are_of_the_same_cells(
        (world, questions) in with_questions(reported())
    ) {
        let dataset = published(&world);
        for question in questions {
            let plain = plain(question, &world);
            let answer = asked(&dataset, &plain);
            let text = behind(&dataset, &plain);
            prop_assert_eq!(text.is_some(), matches!(answer, Outcome::Csv(_)), "{}", plain.text());
            let Some(text) = text else { continue };
            let all = rows(&text);
            let used = |row: &&BTreeMap<String, String>| row["used"] == "true";
            for measure in &world.measures {
                let mut added: BTreeMap<Vec<String>, u64> = BTreeMap::new();
                for row in all.iter().filter(used).filter(|row| row["measure"] == *measure) {
                    let group = plain.grouped().iter().map(|&dimension| match dimension {
                        "statute" if plain.lineage => row["lineage"].clone(),
                        _ => row[dimension].clone(),
                    });
                    *added.entry(group.collect()).or_default() += row["value"].parse::<u64>().unwrap();
                }
                prop_assert_eq!(added, sums(&answer, plain.grouped(), measure), "{}", plain.text());
            }
            let cell = |row: &BTreeMap<String, String>| {
                let columns = ["statute", "year", "period", "area", "outcome", "rule", "measure"];
                columns.map(|column| row.get(column).cloned().unwrap_or_default())
            };
            for other in all.iter().filter(|row| row["used"] == "false") {
                prop_assert!(all.iter().filter(used).any(|row| cell(row) == cell(other)), "{}", plain.text());
            }
            // Every source of a cell is listed exactly once.
            let mut keys: Vec<_> = all.iter().map(|row| (cell(row), row["source"].clone())).collect();
            keys.sort_unstable();
            let every = keys.len();
            keys.dedup();
            prop_assert_eq!(keys.len(), every, "{}", plain.text());
        }
    }

    #[test]
    fn the_charges_behind_an_answer_add_up_to_it(
        (world, questions) in with_questions(case_level())
    ) {
        let world = World { measures: vec!["charges", "persons", "cases"], ..world };
        let dataset = published(&world);
        for question in questions {
            let plain = plain(question, &world);
            let answer = asked(&dataset, &plain);
            let Some(text) = behind(&dataset, &plain) else { continue };
            let parts = sums(&Outcome::Csv(text), plain.grouped(), "charges");
            prop_assert_eq!(parts, sums(&answer, plain.grouped(), "charges"), "{}", plain.text());
        }
    }

    #[test]
    fn a_question_has_one_spelling((world, questions) in with_questions(world())) {
        let release = published(&world).release;
        for question in &questions {
            let Ok(query) = parsed(&question.text(), &release) else { continue };
            let spelled = query.canonical(&release);
            let again = parsed(&spelled, &release);
            prop_assert_eq!(again.as_ref(), Ok(&query), "{}", spelled);
            prop_assert_eq!(again.unwrap().canonical(&release), spelled);
        }
    }
}

/// A new store in the folder for temporary files. It is deleted when the value is dropped.
struct TemporaryStore(std::path::PathBuf);

impl TemporaryStore {
    fn new() -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Self(std::env::temp_dir().join(format!("chargesheet-recount-{}-{number}", std::process::id())))
    }
}

impl Drop for TemporaryStore {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

proptest! {
    // Fewer cases, because each waits for the disk some dozen times or asks for every facet.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn engines_agree_on_what_stands_behind_charges_and_on_facets(
        (world, questions) in with_questions(case_level())
    ) {
        let dataset = published(&world);
        let others = [Choice::Polars, Choice::Maps].map(|choice| counted_by(&dataset, choice).unwrap());
        for question in &questions {
            let Ok(query) = parsed(&question.text(), &dataset.release) else { continue };
            for other in &others {
                prop_assert_eq!(behind(&dataset, question), behind(other, question), "{}", question.text());
                let origins = |dataset: &Dataset| dataset.origins(&query, &[], 1000).unwrap();
                prop_assert_eq!(origins(&dataset), origins(other));
            }
            for of in dataset.release.askable() {
                let own = facets(&dataset, &query, of);
                for other in &others {
                    prop_assert_eq!(&own, &facets(other, &query, of), "{} of {}", question.text(), of);
                }
                let counted = Query { by: vec![of], measures: vec![Measure::Charges], share: None, ..query.clone() };
                let counted = dataset.ask(&counted).unwrap();
                prop_assert_eq!(own.len(), counted.rows());
                for (row, facet) in own.into_iter().enumerate() {
                    prop_assert_eq!(facet, (counted.key(0, row), counted.cell(0, row)));
                }
            }
            for dataset in others.iter().chain([&dataset]) {
                // A disclosure policy may withhold a count, so the plan must not reveal any.
                let told = dataset.ask(&query).unwrap().plan().to_owned();
                prop_assert!(!told.contains(|letter: char| letter.is_ascii_digit()), "{}", told);
            }
        }
    }

    #[test]
    fn a_release_out_of_the_store_is_the_one_that_went_in(
        (world, questions) in with_questions(world())
    ) {
        let folder = TemporaryStore::new();
        let store = Store::open_or_make(&folder.0).unwrap();
        let dataset = published(&world);
        let name = dataset.release.dataset();
        let rules = Rules::of(Period::parse("2026-11-24").unwrap().first_day());
        let (ingested, report) = ingest(&world.package(), &rules).unwrap();
        let content = Content::of(ingested);
        let lock = store.lock(name).unwrap();
        let written = store.publish(&lock, &content, &report, jiff::Timestamp::UNIX_EPOCH).unwrap();
        prop_assert_eq!(&written.id, dataset.release.id());
        let stored = opened(store.load(name, written.id.as_str()).unwrap()).unwrap();
        for question in &questions {
            prop_assert_eq!(asked(&stored, question), asked(&dataset, question), "{}", question.text());
        }
        let verified = store.verify(|_| {}).unwrap();
        prop_assert!(verified.iter().all(|found| found.fault.is_none()), "{verified:?}");
        // Publishing the same content again changes nothing.
        prop_assert!(!store.publish(&lock, &content, &report, jiff::Timestamp::now()).unwrap().is_new);
    }
}

//! The engine of a release in parts: what it asks, what it believes, and, with a cluster, what it answers.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use super::sql::Charges;
use super::{Asking, Cluster, MOST, Place};
use crate::answer::{AnswerError, Dataset};
use crate::cluster::tests::{Act, Fake, batch as batch_of, sends};
use crate::domain::tables::CHARGES;
use crate::domain::{Dimension, Measure, Period};
use crate::engine::{Engine as _, EngineError, Kernel, Selection};
use crate::ingest::{Rules, ingest};
use crate::present::csv::csv;
use crate::query::recount::naive::{records, recount};
use crate::query::recount::package::{Row, World, case_level};
use crate::query::recount::question::Question;
use crate::query::recount::{asked, behind, facets, parsed, published, with_questions};
use crate::query::{Deadline, Over, Params};
use crate::release::columns::made;
use crate::release::{Columns, Content, Cuboid, Level, Store, cubes};

/// A folder that is removed with its content.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("chargesheet-cluster-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The address of the cluster that tests ask, which must answer.
fn address() -> String {
    std::env::var("CHARGESHEET_CLUSTER")
        .expect("CHARGESHEET_CLUSTER=sc://host:15002 names the cluster to ask")
}

fn token() -> Option<String> {
    std::env::var("CHARGESHEET_ENGINE_TOKEN").ok()
}

/// The cluster to ask, for all cases.
fn cluster() -> &'static Arc<Asking> {
    static CLUSTER: OnceLock<Arc<Asking>> = OnceLock::new();
    CLUSTER.get_or_init(|| Arc::new(Asking::at(&address(), token())))
}

/// Writes sorted charges as text, with NULL for what is empty.
fn write(path: &Path, names: &[&str], rows: &[Vec<String>]) {
    let column = |place: usize| -> ArrayRef {
        let texts = rows.iter().map(|row| Some(row[place].as_str()).filter(|text| !text.is_empty()));
        Arc::new(texts.collect::<StringArray>())
    };
    let columns = names.iter().enumerate().map(|(place, name)| (*name, column(place), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    // As an engine under a strict umask does it.
    std::fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

/// Publishes a package in three parts, and loads it to be counted by the cluster.
fn in_parts(world: &World, dataset: &Dataset, folder: &Path, asking: Option<&Arc<Asking>>) -> Dataset {
    let names = CHARGES.in_release().into_iter().map(|column| column.name);
    let names: Vec<&str> = names.filter(|name| world.columns.contains(name)).collect();
    let fields = |record: &Row| names.iter().map(|name| record[name].clone()).collect();
    let mut rows: Vec<Vec<String>> = records(world).iter().map(fields).collect();
    rows.sort_unstable();
    let store = Store::open_or_make(folder).unwrap();
    let dataset_id = dataset.release.dataset();
    let writing = store.begin_parts(store.lock(dataset_id).unwrap(), dataset_id).unwrap();
    let sorted = writing.folder().join("sorted");
    std::fs::create_dir(&sorted).unwrap();
    // The last may be empty.
    for (number, part) in rows.chunks(rows.len().div_ceil(2).max(1)).chain([&[][..]]).enumerate() {
        write(&sorted.join(format!("{number}.parquet")), &names, part);
    }
    let rules = Rules::of(Period::parse("2026-11-24").unwrap().first_day());
    let (ingested, report) = ingest(&world.package(), &rules).unwrap();
    let columns = names.iter().map(|name| (*name).to_owned()).collect();
    let accepted = (columns, rows.len() as u64);
    let written =
        writing.finish(&Content::of(ingested), &report, accepted, &sorted, jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(written.unwrap().id, *dataset.release.id(), "parts have the id of one file");
    let (release, parts) = store.load_any(dataset_id, dataset.release.id().as_str()).unwrap();
    let (release, parts) = (Arc::new(release), parts.unwrap());
    let place = release.folder().unwrap();
    let rights = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o666;
    assert!(parts.parts.iter().all(|part| rights(&place.join(&part.name)) == rights(place)));
    let cubes = cubes(place, &release, &parts).unwrap();
    let engine = Cluster::of(&release, cubes, Place::of(place, &parts), asking.cloned());
    Dataset::with(release, None, Box::new(engine))
}

/// How many packages are drawn. A question takes the cluster about a second.
fn cases() -> u32 {
    std::env::var("CHARGESHEET_CLUSTER_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(16)
}

proptest! {
    // Fewer cases, because each waits for the disk.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_the_counts_of_a_release_in_parts_tell_is_what_a_recount_finds((world, questions) in with_questions(case_level())) {
        let world = World { measures: vec!["charges", "persons", "cases"], ..world };
        let dataset = published(&world);
        let folder = Folder::new();
        let counted = in_parts(&world, &dataset, &folder.0, None);
        for question in &questions {
            // Where there is no charge, nobody need be asked for anything else either.
            let charges = match records(&world).is_empty() {
                true => question.clone(),
                false => Question { measures: Some(vec!["charges"]), share: None, ..question.clone() },
            };
            let query = parsed(&charges.text(), &dataset.release);
            if let Ok(Err(AnswerError::Failed(EngineError::Away(_)))) = query.map(|query| counted.ask(&query)) {
                // Only bounds within a month need the cluster.
                let is_day = |bound: Option<&str>| bound.is_some_and(|date| date.len() == 10);
                prop_assert!(is_day(question.from) || is_day(question.to), "{}", charges.text());
            } else {
                prop_assert_eq!(&asked(&counted, &charges), &recount(&world, &charges), "{}", charges.text());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 8, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "asks a cluster: CHARGESHEET_CLUSTER=sc://host:15002"]
    fn an_answer_of_a_cluster_is_what_a_recount_finds((world, questions) in with_questions(case_level())) {
        let dataset = published(&world);
        let folder = Folder::new();
        let clustered = in_parts(&world, &dataset, &folder.0, Some(cluster()));
        let before = cluster().state();
        for question in &questions {
            prop_assert_eq!(&asked(&clustered, question), &recount(&world, question), "{}", question.text());
            prop_assert_eq!(behind(&clustered, question), behind(&dataset, question), "{}", question.text());
            let Ok(query) = parsed(&question.text(), &dataset.release) else { continue };
            for (named, most) in [(&["urt a", ""][..], 0), (&[], 1), (&[], 1000)] {
                let origins = |dataset: &Dataset| dataset.origins(&query, named, most).unwrap();
                prop_assert_eq!(origins(&clustered), origins(&dataset));
            }
            for of in [Dimension::Outcome, Dimension::Month, Dimension::Category] {
                prop_assert_eq!(facets(&clustered, &query, of), facets(&dataset, &query, of), "{} of {}", question.text(), of);
            }
            let told = clustered.ask(&query).unwrap().plan().to_owned();
            prop_assert!(!told.contains(|letter: char| letter.is_ascii_digit()), "{}", told);
        }
        let after = cluster().state();
        eprintln!("{} questions, {} statements", questions.len(), after.asked - before.asked);
    }
}

/// Returns a dataset of one charge of each of these statutes, regions and days.
fn small() -> (World, Dataset) {
    let row = |fields: &[(&'static str, &str)]| {
        fields.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
    };
    let statute = |id, country, offence| {
        row(&[("statute", id), ("country", country), ("law", "Code"), ("title_en", id), ("offence", offence)])
    };
    let charge = |case, person, statute: &str, date, region| {
        let country = if statute == "T-1" { "TUR" } else { "KAZ" };
        row(&[
            ("case_id", case),
            ("defendant_id", person),
            ("country", country),
            ("statute", statute),
            ("date_charged", date),
            ("outcome", "convicted"),
            ("region", region),
        ])
    };
    let world = World {
        reported: false,
        additive: Vec::new(),
        measures: vec!["charges", "persons", "cases"],
        columns: vec!["case_id", "defendant_id", "country", "statute", "date_charged", "outcome", "region"],
        statutes: vec![
            statute("K-1", "KAZ", "sedition"),
            statute("K-2", "KAZ", ""),
            statute("T-1", "TUR", "sedition"),
        ],
        sources: Vec::new(),
        rows: vec![
            charge("a", "x", "K-1", "2020-02-03", "Абай"),
            charge("a", "y", "K-1", "2020-02-29", "O'Neil"),
            charge("b", "x", "K-2", "2020", ""),
            charge("c", "z", "T-1", "unknown", "Абай"),
        ],
    };
    let dataset = published(&world);
    (world, dataset)
}

fn selection(dataset: &Dataset, text: &str) -> Selection {
    Selection::of(&Params::parse(text).unwrap().take_query(&dataset.release).unwrap(), &dataset.release)
}

/// Where the charges of a small dataset lie: in one file of four rows.
fn place(charges: &str) -> Place {
    let columns = ["statute", "date_charged", "outcome", "region", "case_id", "defendant_id"];
    let files = vec![("00000.parquet".to_owned(), 100, 4)];
    Place::with(charges.to_owned(), columns.map(str::to_owned).to_vec(), files)
}

/// Returns a dataset that is counted in advance by month, and else by the cluster.
fn counted(dataset: &Dataset, asking: Option<Arc<Asking>>) -> Dataset {
    let records = &dataset.columns().unwrap().records;
    let by = [Dimension::Outcome, Dimension::Region];
    let is_finest = |cuboid: &Cuboid| {
        cuboid.level == Level::Month && by.iter().all(|&column| cuboid.table.column(column).is_some())
    };
    let cuboid = made(records, records.rows()).into_iter().find(is_finest).unwrap();
    let cube = Columns { records: cuboid.table, ..Columns::default() };
    let cubes = vec![(cube, Level::Month)];
    let engine = Cluster::of(&dataset.release, cubes, place("file:///store/charges"), asking);
    Dataset::with(Arc::clone(&dataset.release), None, Box::new(engine))
}

fn answered(dataset: &Dataset, question: &str) -> Result<String, String> {
    let query = Params::parse(question).unwrap().take_query(&dataset.release).unwrap();
    let answer = dataset.ask(&query).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(csv(&query, &dataset.release, &answer)).unwrap())
}

#[test]
fn what_is_damaged_in_a_release_in_parts_is_found_and_it_needs_who_reads_parts() {
    let (world, dataset) = small();
    let folder = Folder::new();
    let counted = in_parts(&world, &dataset, &folder.0, None);
    let store = Store::open_or_make(&folder.0).unwrap();
    let fault = || store.verify(|_| ()).unwrap().into_iter().find_map(|found| found.fault);
    assert_eq!(fault(), None);
    let told = store.load(dataset.release.dataset(), dataset.release.id().as_str()).unwrap_err().to_string();
    assert!(told.contains("lies in many parts"), "{told}");
    let place = counted.release.folder().unwrap();
    let files = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let (folders, mut all): (Vec<PathBuf>, Vec<PathBuf>) =
        files(place).into_iter().partition(|path| path.is_dir());
    all.extend(folders.iter().flat_map(|folder| files(folder)));
    let kinds: Vec<_> = all.iter().filter_map(|path| path.extension()?.to_str()).collect();
    assert!(kinds.iter().filter(|kind| **kind == "parquet").count() > 3, "{all:?}");
    for path in &all {
        let whole = std::fs::read(path).unwrap();
        let mut bytes = whole.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, &bytes).unwrap();
        assert!(fault().is_some(), "a byte of {} was changed", path.display());
        std::fs::write(path, &whole).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    // A release may have any of its tables of counts and not the others.
    #[test]
    fn right_groups_fit_what_any_table_of_counts_tells((world, questions) in with_questions(case_level())) {
        let world = World { measures: vec!["charges", "persons", "cases"], ..world };
        let dataset = published(&world);
        let columns = dataset.columns().unwrap();
        let whole = Kernel::new(columns);
        let records = &columns.records;
        let names = world.columns.iter().map(|name| (*name).to_owned()).collect();
        let place = Place::with("file:///store/charges".to_owned(), names, Vec::new());
        let tables = made(records, records.rows()).into_iter();
        let tables = tables.map(|own| (Columns { records: own.table, ..Columns::default() }, own.level)).collect();
        let engine = Cluster::of(&dataset.release, tables, place, None);
        for question in &questions {
            let Ok(query) = parsed(&question.text(), &dataset.release) else { continue };
            let selection = Selection::of(&query, &dataset.release);
            for (table, measure) in engine.cubes.iter().flat_map(|table| [Measure::Charges, Measure::Persons, Measure::Cases].map(|measure| (table, measure))) {
                let (charges, is_same) = engine.around(&selection, table).unwrap();
                let counted = whole.count(&Selection { measures: vec![measure], ..selection.clone() }).unwrap();
                prop_assert!(counted.fits(&charges, is_same), "{} at {:?}", question.text(), table.level);
            }
        }
    }
}

#[test]
fn what_the_cube_tells_needs_no_cluster() {
    let (_, dataset) = small();
    let nobody = counted(&dataset, None);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let away = counted(&dataset, Some(Arc::new(Asking::at(&format!("sc://{free}"), None))));
    for question in [
        "by=&measure=charges",
        "by=region,month&measure=charges",
        "by=category,year&measure=charges&from=2020-02&to=2020-02",
        "by=statute,outcome&measure=charges&region=O'Neil&from=2020",
        "by=month&measure=charges&to=2019-12",
    ] {
        let expected = answered(&dataset, question).unwrap();
        assert_eq!(answered(&nobody, question).as_ref(), Ok(&expected), "{question}");
        assert_eq!(answered(&away, question).as_ref(), Ok(&expected), "{question}");
    }
    for question in
        ["by=year&measure=persons", "by=&measure=charges,cases", "by=&measure=charges&from=2020-02-03"]
    {
        let told = answered(&nobody, question).unwrap_err();
        assert!(told.contains("no cluster was named; give --engine"), "{question}: {told}");
        let told = answered(&away, question).unwrap_err();
        assert!(told.contains("is away") && told.contains("refused"), "{question}: {told}");
    }
}

#[test]
fn the_statement_of_each_measure_is_the_one_that_was_looked_at() {
    let (_, dataset) = small();
    let columns = [Dimension::Outcome, Dimension::Region];
    let charges = Charges { place: "file:///store/a`b", release: &dataset.release, columns: &columns };
    let sql = |question: &str| {
        let selection = selection(&dataset, question);
        selection
            .measures
            .iter()
            .map(|&measure| charges.count(&selection, measure).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        sql("by=&measure=charges"),
        ["SELECT COUNT(*) AS n\nFROM parquet.`file:///store/a``b` AS c\nLIMIT 5000001"]
    );
    assert_eq!(
        sql("by=&measure=persons,cases"),
        ["defendant_id", "case_id"].map(|id| format!(
            "SELECT COUNT(id) AS n\nFROM (\nSELECT DISTINCT c.{id} AS id\nFROM parquet.`file:///store/a``b` AS c\n) AS d\nLIMIT 5000001"
        ))
    );
    let year = "CASE WHEN c.date_charged <> 'unknown' THEN SUBSTRING(c.date_charged, 1, 4) END";
    let country = |code| dataset.release.number(Dimension::Country, code).unwrap();
    let sedition = dataset.release.number(Dimension::Category, "sedition").unwrap();
    let (kaz, tur) = (country("KAZ"), country("TUR"));
    assert_eq!(
        sql("by=category,year,region&measure=cases"),
        [format!(
            "SELECT k0, k1, k2, COUNT(id) AS n\nFROM (\n\
             SELECT DISTINCT s.category AS k0, {year} AS k1, NULLIF(c.region, '') AS k2, c.case_id AS id\n\
             FROM parquet.`file:///store/a``b` AS c\n\
             JOIN (VALUES ('K-1', CAST(NULL AS INT), 0, {sedition}), ('K-2', CAST(NULL AS INT), 1, CAST(NULL AS INT)), \
             ('T-1', CAST(NULL AS INT), 2, {sedition})) AS s (id, country, statute, category) ON c.statute = s.id\n) AS d\n\
             GROUP BY k0, k1, k2\nLIMIT 5000001"
        )]
    );
    let month = "CASE WHEN c.date_charged <> 'unknown' AND LENGTH(c.date_charged) >= 7 THEN SUBSTRING(c.date_charged, 1, 7) END";
    assert_eq!(
        sql("by=month,country&measure=charges&region=Абай,O'Neil&country=KAZ&from=2020-02-03&to=2020-02-28"),
        [format!(
            "SELECT {month} AS k0, s.country AS k1, COUNT(*) AS n\nFROM parquet.`file:///store/a``b` AS c\n\
             JOIN (VALUES ('K-1', {kaz}, 0, CAST(NULL AS INT)), ('K-2', {kaz}, 1, CAST(NULL AS INT))) \
             AS s (id, country, statute, category) ON c.statute = s.id\n\
             WHERE c.statute IN ('K-1', 'K-2')\nAND c.region IN (CAST(X'4F274E65696C' AS STRING), 'Абай')\n\
             AND c.date_charged >= '2020'\nAND c.date_charged <> 'unknown'\n\
             AND CASE LENGTH(c.date_charged) WHEN 10 THEN c.date_charged >= '2020-02-03' WHEN 7 THEN c.date_charged >= '2020-03' \
             ELSE c.date_charged >= '2021' END\nAND c.date_charged <= '2020-02-28'\n\
             AND CASE LENGTH(c.date_charged) WHEN 10 THEN c.date_charged <= '2020-02-28' WHEN 7 THEN c.date_charged <= '2020-01' \
             ELSE c.date_charged <= '2019' END\nGROUP BY {month}, s.country\nLIMIT 5000001"
        )]
    );
    // No date lies after the last month of the calendar.
    assert!(
        sql("by=&measure=charges&from=9999-12-02")[0]
            .contains("WHEN 7 THEN c.date_charged >= ':-01' ELSE c.date_charged >= ':' END")
    );
    assert!(sql("by=country&measure=charges&country=TUR")[0].contains(&format!("('T-1', {tur}, 2, ")));
}

/// A server that sees these files, and counts so many in each region.
fn server(
    files: &'static [(&'static str, i64, i64)],
    counts: &'static [(Option<&'static str>, i64)],
) -> Fake {
    Fake::of(move |sql| {
        if sql.starts_with("SELECT _metadata") {
            let names: StringArray = files.iter().map(|(name, ..)| Some(*name)).collect();
            let number =
                |of: fn(&(&str, i64, i64)) -> i64| Arc::new(files.iter().map(of).collect::<Int64Array>());
            let batch = RecordBatch::try_from_iter([
                ("name", Arc::new(names) as ArrayRef),
                ("bytes", number(|file| file.1)),
                ("changed", number(|_| 7)),
                ("n", number(|file| file.2)),
            ]);
            return Some(sends(vec![batch_of(&batch.unwrap())]));
        }
        sql.contains("COUNT(").then(|| {
            let regions: StringArray = counts.iter().map(|(region, _)| *region).collect();
            let numbers: Int64Array = counts.iter().map(|(_, count)| *count).collect();
            let batch =
                RecordBatch::try_from_iter([("k0", Arc::new(regions) as ArrayRef), ("n", Arc::new(numbers))]);
            sends(vec![batch_of(&batch.unwrap())])
        })
    })
}

const FILES: &[(&str, i64, i64)] = &[("00000.parquet", 100, 4)];

#[test]
fn an_answer_is_asked_for_once_and_sorted_here() {
    let (_, dataset) = small();
    let fake = server(FILES, &[(Some("Абай"), 2), (None, 1), (Some("O'Neil"), 1)]);
    let asking = Arc::new(Asking::at(&fake.address, Some("secret".to_owned())));
    let clustered = counted(&dataset, Some(Arc::clone(&asking)));
    let question = "by=region&measure=charges,persons";
    assert_eq!(answered(&clustered, question), answered(&dataset, question));
    let came = fake.came.lock().unwrap().len();
    let query = Params::parse(question).unwrap().take_query(&dataset.release).unwrap();
    let plan = clustered.ask(&query).unwrap().plan().to_owned();
    assert!(plan.ends_with(", cluster: persons (kept)"), "{plan}");
    assert_eq!(fake.came.lock().unwrap().len(), came, "nothing was asked again");
    let state = asking.state();
    assert_eq!((state.is_there, state.running, state.waiting, state.asked, state.kept), (true, 0, 0, 1, 1));
}

#[test]
fn what_does_not_fit_is_not_believed() {
    let (_, dataset) = small();
    let right: &[(Option<&str>, i64)] = &[(None, 1), (Some("O'Neil"), 1), (Some("Абай"), 2)];
    let told = |files, counts| {
        let fake = server(files, counts);
        let asking = Arc::new(Asking::at(&fake.address, Some("secret".to_owned())));
        let told = answered(&counted(&dataset, Some(asking)), "by=region&measure=persons");
        told.map_or_else(|error| error, |csv| format!("answered {csv}"))
    };
    assert!(told(FILES, right).starts_with("answered region,persons"));
    type Case = (&'static [(&'static str, i64, i64)], &'static [(Option<&'static str>, i64)], &'static str);
    let cases: [Case; 9] = [
        (&[], right, "it does not see the part 00000.parquet"),
        (
            &[("00000.parquet", 100, 3)],
            right,
            "the part 00000.parquet has 3 rows in 100 bytes, and not 4 in 100",
        ),
        (
            &[("00000.parquet", 99, 4)],
            right,
            "the part 00000.parquet has 4 rows in 99 bytes, and not 4 in 100",
        ),
        (
            &[("00000.parquet", 100, 4), ("x.parquet", 1, 1)],
            right,
            "it sees x.parquet, which is no part of the release",
        ),
        (FILES, &[(None, 1), (Some("O'Neil"), 1), (Some("Абай"), 3)], "its persons do not fit its charges"),
        (FILES, &[(None, 1), (Some("Абай"), 2)], "its persons do not fit its charges"),
        (FILES, &[(None, 0), (Some("O'Neil"), 1), (Some("Абай"), 2)], "its persons do not fit its charges"),
        (FILES, &[(None, -1), (Some("O'Neil"), 1), (Some("Абай"), 2)], "a count is no count"),
        (
            FILES,
            &[(None, 1), (Some("O'Neil"), 1), (Some("Elsewhere"), 2)],
            "it has a region that the release has not",
        ),
    ];
    for (files, counts, words) in cases {
        let told = told(files, counts);
        assert!(told.contains(words), "{told} and not {words}");
    }
}

#[test]
fn an_answer_that_is_late_ends_the_question_and_what_runs() {
    let (_, dataset) = small();
    let fake = Fake::of(|sql| sql.contains("_metadata").then_some(Act::Wait));
    let asking = Arc::new(Asking::at(&fake.address, Some("secret".to_owned())));
    let clustered = counted(&dataset, Some(Arc::clone(&asking)));
    let deadline = Deadline::within(Duration::from_millis(500));
    assert_eq!(deadline.during(|| answered(&clustered, "by=region&measure=persons").is_ok()), Err(Over));
    assert_eq!(fake.came.lock().unwrap().last().map(String::as_str), Some("interrupt 36 by 3"));
    assert_eq!((asking.state().running, asking.state().waiting), (0, 0));
}

#[test]
fn who_comes_when_as_many_wait_as_may_is_refused_at_once() {
    let (_, dataset) = small();
    let fake = Fake::of(|sql| sql.contains("_metadata").then_some(Act::Wait));
    let asking = Arc::new(Asking::at(&fake.address, Some("secret".to_owned())));
    let clustered = counted(&dataset, Some(Arc::clone(&asking)));
    std::thread::scope(|scope| {
        for place in 0..MOST {
            let clustered = &clustered;
            // Equal questions wait for one answer, and hold a thread all the same.
            let question = format!("by=region&measure=persons&from={}", 1990 + place / 2);
            scope.spawn(move || {
                let deadline = Deadline::within(Duration::from_secs(3));
                assert_eq!(deadline.during(|| answered(clustered, &question).is_ok()), Err(Over));
            });
        }
        while asking.state().running + asking.state().waiting < MOST {
            std::thread::sleep(Duration::from_millis(5));
        }
        let told = answered(&clustered, "by=region&measure=persons&from=1980").unwrap_err();
        assert!(told.contains("as many questions wait for the cluster as may"), "{told}");
    });
    assert_eq!((asking.state().running, asking.state().waiting), (0, 0));
}

//! A register of a million made-up charges, as text and as a release in a store. The charges are the same in every run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use chargesheet::answer::{Dataset, opened};
use chargesheet::disclosure::Published;
use chargesheet::domain::Period;
use chargesheet::engine::{Choice, Counts, Engine, Selection, open};
use chargesheet::ingest::{Ingested, Rules, ingest};
use chargesheet::package::Package;
use chargesheet::query::{Params, Query};
use chargesheet::release::{Content, Store};

/// Number of charges in the register.
pub const CHARGES: usize = 1_000_000;

const COUNTRIES: [&str; 12] =
    ["IND", "USA", "BRA", "CHN", "RUS", "TUR", "MEX", "KAZ", "PAK", "IDN", "EGY", "NGA"];
const OUTCOMES: [&str; 8] =
    ["convicted", "acquitted", "dismissed", "withdrawn", "plea", "transferred", "pending", "unknown"];
const ROLES: [&str; 8] =
    ["other", "journalist", "activist", "politician", "student", "academic", "lawyer", "clergy"];
const STATUTES: usize = 10;
const REGIONS: usize = 12;

/// The register, with everything that benchmarks use.
pub struct Register {
    /// The package as text.
    pub package: Package,
    /// Size of `charges.csv`, in bytes.
    pub text_bytes: usize,
    /// A store in which the register is the only release.
    pub store: Store,
    /// Id of the release in the store.
    pub id: String,
    /// The dataset, ready for queries.
    pub dataset: Arc<Dataset>,
    engine: Box<dyn Engine>,
}

/// Id of the dataset.
pub const DATASET: &str = "made-up";

/// The register, built on first use.
pub static REGISTER: LazyLock<Register> = LazyLock::new(Register::new);

impl Register {
    fn new() -> Self {
        let charges = charges();
        let text_bytes = charges.len();
        let files = [
            ("datapackage.json", descriptor()),
            ("statutes.csv", statutes().into_bytes()),
            ("charges.csv", charges.into_bytes()),
        ];
        let files = files.map(|(name, bytes)| (name.to_owned(), bytes)).to_vec();
        let package = Package::in_memory(DATASET, files).expect("it is a package");
        let folder = empty_folder();
        let store = Store::open_or_make(&folder).expect("temporary files can be written");
        let (ingested, report) = ingest(&package, &rules()).expect("it is in memory");
        assert!(!report.refused() && report.rejected.is_empty(), "{}", report.to_text());
        let content = Content::of(ingested);
        let lock = store.lock(DATASET).expect("nobody else knows it");
        let published = store.publish(&lock, &content, &report, jiff::Timestamp::UNIX_EPOCH);
        let id = published.expect("temporary files can be written").id.to_string();
        let load = || store.load(DATASET, &id).expect("it was just published");
        let dataset = Arc::new(opened(load()).expect("it can be asked"));
        let mut release = load();
        let columns = release.take_columns().map(Arc::new);
        let engine = open(Choice::default(), &Arc::new(release), columns.as_ref());
        Self { package, text_bytes, store, id, dataset, engine: engine.expect("it can be asked") }
    }

    /// Returns the path of the file of columns.
    pub fn columns_file(&self) -> PathBuf {
        self.store.root().join(DATASET).join(&self.id).join("columns.bin")
    }

    /// Parses a query.
    pub fn query(&self, question: &str) -> Query {
        let params = Params::parse(question);
        params.and_then(|mut params| params.take_query(&self.dataset.release)).expect("it can be asked")
    }

    /// Counts without computing the rest of the answer.
    pub fn count(&self, query: &Query) -> Counts {
        self.engine.count(&Selection::of(query, &self.dataset.release)).expect("it can be answered")
    }

    /// Answers a query.
    pub fn answer(&self, query: &Query) -> Published {
        self.dataset.ask(query).expect("it can be answered")
    }
}

/// Returns the rules that the register is checked against.
pub fn rules() -> Rules {
    Rules::of(Period::parse("2026-11-24").expect("it is a date").first_day())
}

/// Reads and checks the register.
pub fn ingested() -> Ingested {
    ingest(&REGISTER.package, &rules()).expect("it is in memory").0
}

/// Returns a folder inside cargo's temporary folder, after deleting what earlier runs left there.
fn empty_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("loops");
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// A pseudo-random generator with the same numbers on every machine: SplitMix64 (Steele, Lea, Flood 2014).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `most`.
    fn below(&mut self, most: usize) -> usize {
        let drawn = self.next() % most as u64;
        usize::try_from(drawn).expect("it is below a usize")
    }

    /// Returns a number below `most`. Small numbers are far more frequent, because real registers are uneven.
    fn small(&mut self, most: usize) -> usize {
        let bound = self.below(most) + 1;
        self.below(bound)
    }
}

/// Writes cases of one to five charges, in no useful order. One defendant in eleven has appeared before.
fn charges() -> String {
    let mut draw = Draw(274);
    let mut text =
        String::from("charge_id,case_id,defendant_id,country,statute,date_charged,outcome,role,region\n");
    let (mut case, mut defendants, mut left) = (0_usize, 0_usize, 0_usize);
    let (mut country, mut region, mut date, mut defendant, mut role) = (0, 0, String::new(), 0, "");
    for charge in 0..CHARGES {
        if left == 0 {
            case += 1;
            left = 1 + draw.small(5);
            (country, region) = (draw.small(COUNTRIES.len()), draw.small(REGIONS));
            let (year, month, day) = (2005 + draw.below(21), 1 + draw.below(12), 1 + draw.below(28));
            date = format!("{year}-{month:02}-{day:02}");
            defendant = usize::MAX;
        }
        if defendant == usize::MAX || draw.below(4) == 0 {
            let is_known = defendants > 0 && draw.below(11) == 0;
            defendants += usize::from(!is_known);
            defendant = if is_known { draw.below(defendants) } else { defendants - 1 };
            role = ROLES[draw.small(ROLES.len())];
        }
        left -= 1;
        let (country, statute) = (COUNTRIES[country], draw.small(STATUTES));
        let outcome = OUTCOMES[draw.small(OUTCOMES.len())];
        writeln!(
            text,
            "{charge},C{case},D{defendant},{country},{country}-CC-{statute},{date},{outcome},{role},{country}-{region:02}"
        )
        .expect("memory can be written");
    }
    text
}

fn statutes() -> String {
    let mut text = String::from(
        "statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url\n",
    );
    for country in COUNTRIES {
        for number in 0..STATUTES {
            writeln!(text, "{country}-CC-{number},,{country},Code,{number},,Provision {number},,,,,,,")
                .expect("memory can be written");
        }
    }
    text
}

fn descriptor() -> Vec<u8> {
    let descriptor = serde_json::json!({
        "name": DATASET,
        "title": "Charges that describe nobody",
        "version": "1",
        "created": "2026-01-01T00:00:00Z",
        "licenses": [{ "name": "CC0-1.0" }],
        "sources": [{ "title": "drawn by service/benches" }],
        "resources": [
            { "name": "statutes", "path": "statutes.csv" },
            { "name": "charges", "path": "charges.csv" },
        ],
        "chargesheet": {
            "kind": "case-level",
            "measures": ["charges", "persons", "cases"],
            "time_basis": "charge",
            "additive": ["country", "statute", "outcome", "year", "month", "role", "region"],
            "disclosure": "none",
        },
    });
    descriptor.to_string().into_bytes()
}

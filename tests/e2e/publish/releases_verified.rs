//! A store whose files were changed afterwards: `verify` finds it, and nobody is answered from it.

use std::path::Path;
use std::process::Output;

use e2e::packages::Package;
use e2e::store::Store;

use crate::publish::commands::{assert_one_sentence, stderr, stdout};

/// A store with a release of each kind, and the ids of the two.
pub fn store_of_both(name: &str) -> (Store, [(String, String); 2]) {
    let store = Store::empty(name);
    let counts = (1950..2020)
        .map(|year| format!("FRA,FRA-X-1,{year},registered,cases,{},bureau,A,true,", year * year % 977));
    let packages = [Package::cases().with_charges(300), Package::figures().rows(counts)];
    let both = packages.map(|package| (package.dataset().to_owned(), store.add(&package)));
    store.assert_whole();
    (store, both)
}

/// Calls something while a byte of a file of a store is another.
fn with_a_byte_flipped<T>(store: &Store, file: &Path, place: usize, look: impl FnOnce() -> T) -> T {
    let path = store.path().join(file);
    let whole = std::fs::read(&path).expect("a store can be read");
    let mut bytes = whole.clone();
    bytes[place] ^= 1;
    std::fs::write(&path, bytes).expect("a store can be written");
    let seen = look();
    std::fs::write(&path, whole).expect("a store can be written");
    seen
}

/// Runs `verify` while a byte of a file is another; returns whether damage is told of, by one of the names.
fn is_found(store: &Store, file: &Path, place: usize, names: &[&str]) -> bool {
    let output = with_a_byte_flipped(store, file, place, || store.verify());
    let said = stdout(&output) + &stderr(&output);
    let is_told = said.to_lowercase().contains("damaged") && names.iter().any(|name| said.contains(name));
    let is_found = output.status.code() != Some(0);
    assert!(is_told || !is_found, "{} at {place}: {said}", file.display());
    is_found
}

/// Asks both datasets of a store for much.
fn answers(store: &Store) -> [Output; 2] {
    [
        ("example-cases", "by=statute,outcome,month&measure=persons,cases,charges"),
        ("example-figures", "by=statute,outcome,year,source&measure=persons,cases"),
    ]
    .map(|(dataset, query)| store.query(dataset, query))
}

#[test]
fn a_flipped_byte_in_a_manifest_or_a_code_list_is_always_found() {
    let (store, both) = store_of_both("store-flipped-text");
    for (dataset, id) in &both {
        for name in [
            "manifest.json",
            "reference/countries.csv",
            "reference/outcomes.csv",
            "reference/roles.csv",
            "reference/offences.csv",
        ] {
            let file = Path::new(dataset).join(id).join(name);
            let length = store.files()[&file].len();
            for place in [0, length / 3, length / 2, length - 1] {
                let found = is_found(&store, &file, place, &[id]);
                assert!(found, "{} at {place} of {length}", file.display());
            }
        }
    }
    store.assert_whole();
}

#[test]
fn a_flipped_byte_in_a_table_is_found_unless_nobody_reads_it() {
    let (store, both) = store_of_both("store-flipped-table");
    let whole = answers(&store).map(|output| output.stdout);
    let (mut all, mut panics) = (0, Vec::new());
    for (name, (dataset, id)) in [
        ("charges.parquet", &both[0]),
        ("statutes.parquet", &both[0]),
        ("counts.parquet", &both[1]),
        ("sources.parquet", &both[1]),
        ("statutes.parquet", &both[1]),
    ] {
        let file = Path::new(dataset).join(id).join(name);
        let length = store.files()[&file].len();
        for place in (0..16).map(|part| part * length / 16 + part) {
            let is_found = is_found(&store, &file, place, &[id]);
            let answers = with_a_byte_flipped(&store, &file, place, || answers(&store));
            // Nobody reads a byte that is not found: then every answer is what it was.
            let is_same = answers.iter().map(|output| &output.stdout).eq(&whole);
            assert!(is_found || is_same, "{} at {place}", file.display());
            let verified = with_a_byte_flipped(&store, &file, place, || store.verify());
            for (what, output) in
                answers.iter().map(|output| ("query", output)).chain([("verify", &verified)])
            {
                if stderr(output).contains("panicked") {
                    panics.push(format!("{what} with {name} at {place}: {}", stderr(output)));
                }
            }
            all += usize::from(is_found);
        }
    }
    println!("{all} of 80 were found");
    assert!(panics.is_empty(), "{panics:#?}");
    // Tables this small are almost as much statistics and names, which no reader needs, as records.
    assert!(all > 40, "{all} of 80");
    store.assert_whole();
}

#[test]
fn a_damaged_table_is_never_answered_from_as_if_it_were_whole() {
    let store = Store::empty("store-answered-damaged");
    let outcomes = ["pending", "convicted", "acquitted", "fined"];
    let rows = (0..300).map(|row| {
        let (year, month, outcome) = (2015 + row % 9, 1 + row % 9, outcomes[row % 4]);
        format!("C{row},D{},FRA,FRA-X-1,{year}-0{month}-11,{outcome},", row % 37)
    });
    let id = store.add(&Package::cases().rows(rows));
    let file = Path::new("example-cases").join(&id).join("charges.parquet");
    let ask = || store.query("example-cases", "by=year,outcome&measure=persons,cases,charges");
    let (whole, length) = (ask(), store.files()[&file].len());
    let wrong: Vec<usize> = (0..120)
        .map(|part| part * length / 120)
        .filter(|&place| {
            let answer = with_a_byte_flipped(&store, &file, place, ask);
            answer.status.success() && answer.stdout != whole.stdout
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "other figures under the name of {id} with a byte flipped at {wrong:?} of {length}"
    );
}

#[test]
fn a_changed_list_of_releases_is_found() {
    let (store, both) = store_of_both("store-flipped-list");
    let mut unfound = Vec::new();
    for (dataset, id) in &both {
        let file = Path::new(dataset).join("releases.json");
        let text = String::from_utf8(store.files()[&file].clone()).expect("a list is UTF-8");
        let mut start = 0;
        for line in text.lines() {
            // The last letter or digit: a value, where the line has one.
            let place = line.rfind(|symbol: char| symbol.is_ascii_alphanumeric());
            let place = start + place.unwrap_or(line.len() - 1);
            if !is_found(&store, &file, place, &[id, "releases.json"]) {
                unfound.push(format!("{dataset}: {}", line.trim()));
            }
            start += line.len() + 1;
        }
    }
    assert!(unfound.is_empty(), "a flipped byte stays unfound in {unfound:#?}");
}

#[test]
fn a_lost_file_is_found() {
    let (store, both) = store_of_both("store-lost-file");
    for (name, content) in store.files() {
        let path = store.path().join(&name);
        let Some((_, id)) = both.iter().find(|(dataset, _)| name.starts_with(dataset)) else { continue };
        std::fs::remove_file(&path).expect("a store can be written");
        let output = store.verify();
        let said = stdout(&output) + &stderr(&output);
        assert!(said.contains(id.as_str()), "{} is lost and verify says: {said}", name.display());
        assert_eq!(output.status.code(), Some(1), "{} is lost: {said}", name.display());
        std::fs::write(&path, content).expect("a store can be written");
    }
    store.assert_whole();
}

/// Harms a file of a release: its path, and the content that it had.
type Harm = fn(&Path, &[u8]) -> std::io::Result<()>;

#[test]
fn publishing_a_release_again_that_is_damaged_in_the_store_says_so_and_what_to_do() {
    let harms: [Harm; 3] = [
        |path, content| std::fs::write(path, &content[..content.len() / 2]),
        |path, content| std::fs::write(path, [content, b"x"].concat()),
        |path, _| std::fs::remove_file(path),
    ];
    for package in [Package::cases(), Package::figures()] {
        let (store, dataset) = (Store::empty("store-published-damaged"), package.dataset());
        let (id, folder) = (store.add(&package), package.write());
        let files = store.files();
        for (name, content) in files.iter().filter(|(name, _)| name.starts_with(Path::new(dataset).join(&id)))
        {
            let path = store.path().join(name);
            for harm in harms {
                harm(&path, content).expect("a store can be written");
                let harmed = store.files();
                let output = store.publish(&folder);
                let file = name.file_name().and_then(|name| name.to_str()).expect("its name is UTF-8");
                let still = format!("nothing was changed, the newest release is still {id}");
                let words = [&*id, "published already", "not whole", file, "from a backup", &still];
                assert_eq!(assert_one_sentence(&output, &words), 4, "{}", name.display());
                assert_eq!(store.files(), harmed, "nothing was changed");
                std::fs::write(&path, content).expect("a store can be written");
            }
        }
        // What is advised: an empty store into which the same package is published has the very files.
        let place = store.path().join(dataset).join(&id);
        std::fs::remove_dir_all(&place).expect("a store can be written");
        assert_eq!(assert_one_sentence(&store.publish(&folder), &["not whole", &id]), 4);
        let other = Store::empty("store-published-beside");
        assert_eq!(other.add(&package), id);
        std::fs::rename(other.path().join(dataset).join(&id), &place).expect("a store can be written");
        store.assert_whole();
        let again = store.publish(&folder);
        assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
        assert!(stdout(&again).contains("is published already; nothing was changed"), "{}", stdout(&again));
    }
}

/// Puts something in the place of a list of releases.
pub type Damage = fn(&Path);

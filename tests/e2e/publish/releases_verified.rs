//! A store whose files were changed afterwards: `verify` finds it, and nobody is answered from it.

use std::path::Path;
use std::process::Output;

use e2e::packages::Package;
use e2e::service::{Service, run};
use e2e::store::Store;
use e2e::{empty_folder, wait_for};

use crate::publish::commands::{assert_one_sentence, stderr, stdout};

/// A store with a release of each kind, and the ids of the two.
fn store_of_both(name: &str) -> (Store, [(String, String); 2]) {
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

#[test]
fn a_damaged_list_of_releases_does_not_hide_the_rest() {
    let (store, [_, (_, other)]) = store_of_both("store-damaged-list");
    std::fs::write(store.path().join("example-cases/releases.json"), "{}").expect("a store can be written");
    let output = store.verify();
    let said = stdout(&output) + &stderr(&output);
    assert!(said.contains("example-cases/releases.json") && said.contains("damaged"), "{said}");
    assert!(said.contains(&format!("{other}  70 records")), "{said}");
    assert_eq!(output.status.code(), Some(1), "{said}");
}

#[test]
fn what_answers_are_not_made_from_may_be_damaged_and_is_told_when_it_is_needed() {
    let store = Store::empty("store-damaged-beside");
    let release = store.add(&Package::cases());
    let table = store.path().join("example-cases").join(&release).join("charges.parquet");
    let answer = "/v1/datasets/example-cases/aggregate.csv";
    let right = store.serve().text(answer);
    let mut bytes = std::fs::read(&table).expect("a store can be read");
    bytes[40] ^= 1;
    std::fs::write(&table, bytes).expect("a store can be written");
    let service = store.serve();
    assert_eq!(service.text(answer), right);
    assert_eq!(service.get("/v1/datasets/example-cases/package.zip").status, 503);
    assert_eq!(store.verify().status.code(), Some(1));
}

#[test]
fn a_withdrawal_is_seen_whatever_else_is_damaged() {
    let store = Store::empty("store-withdrawn-beside-damage");
    let old = store.add(&Package::cases());
    let new = store.add(&Package::cases().version("2.0.0"));
    store.add(&Package::figures());
    let service = store.serve();
    let answer = "/v1/datasets/example-cases/aggregate.csv";
    assert_eq!(service.get(answer).header("chargesheet-release"), new);
    std::fs::write(store.path().join("example-cases").join(&old).join("columns.bin"), b"damage")
        .expect("a store can be written");
    std::fs::write(store.path().join("example-figures/releases.json"), b"{}")
        .expect("a store can be written");
    store.withdraw("example-cases", &[&new], "safety");
    let pinned = format!("/v1/datasets/example-cases/releases/{new}/aggregate.csv");
    wait_for("the release to be gone", || (service.get(&pinned).status == 410).then_some(()));
    // The one before cannot be read: that is said, and it is no bug and no other release.
    let reply = service.get(answer);
    assert_eq!(reply.status, 503, "{}", reply.text());
    // What was known of the dataset whose list is damaged is still served.
    assert_eq!(service.get("/v1/datasets/example-figures/releases").status, 200);
    assert!(service.log().contains("columns.bin is damaged"), "{}", service.log());
    assert!(service.log().contains("example-figures"), "{}", service.log());
    // A service that starts now serves what it can.
    let restarted = store.serve();
    assert_eq!(restarted.get(&pinned).status, 410);
}

/// Puts something in the place of a list of releases.
type Damage = fn(&Path);

#[test]
fn a_list_of_releases_that_cannot_be_read_is_503_and_told_and_never_no_such_release() {
    let store = Store::empty("store-unread-list");
    let release = store.add(&Package::cases());
    // Published and withdrawn, so that its list alone knows it: the very release is compiled in.
    let bundled = run(&["publish", "--bundled", "--store", store.text()]);
    assert_eq!(bundled.status.code(), Some(0), "{}", stderr(&bundled));
    let withdrawn = store.releases("documented-cases").pop().expect("it is published");
    store.withdraw("documented-cases", &[&withdrawn], "safety");
    let damages: [(&str, Damage); 5] = [
        ("empty", |list| std::fs::write(list, "").expect("a store can be written")),
        ("cut", |list| {
            let text = std::fs::read(list).expect("a store can be read");
            std::fs::write(list, &text[..text.len() / 2]).expect("a store can be written");
        }),
        ("lost", |list| std::fs::remove_file(list).expect("a store can be written")),
        ("folder", |list| {
            std::fs::remove_file(list).expect("a store can be written");
            std::fs::create_dir(list).expect("a store can be written");
        }),
        ("pipe", |list| {
            std::fs::remove_file(list).expect("a store can be written");
            let made = std::process::Command::new("mkfifo").arg(list).status();
            assert!(made.expect("there is mkfifo").success());
        }),
    ];
    for (name, damage) in damages {
        let copy = empty_folder(&format!("store-unread-list-{name}"));
        let copy = store.copied_to(&copy).expect("there is room for a copy");
        let running = copy.serve();
        for dataset in ["example-cases", "documented-cases"] {
            damage(&copy.path().join(dataset).join("releases.json"));
        }
        // What a service knew stays known, and the operator is told.
        wait_for("it to be told", || {
            let log = running.log();
            (log.contains("`example-cases`") && log.contains("`documented-cases`")).then_some(())
        });
        assert_eq!(running.get("/v1/datasets/example-cases/aggregate.csv").status, 200, "{name}");
        let gone = format!("/v1/datasets/documented-cases/releases/{withdrawn}/aggregate.csv");
        assert_eq!(running.get(&gone).status, 410, "{name}");
        drop(running);
        // One that starts now cannot know what there is: neither that something is not there, nor that it is not withdrawn.
        let service = Service::start_with(&["--store", copy.text()]);
        assert_eq!(service.get("/readyz").status, 200, "the other datasets are served");
        for path in [
            "/v1/datasets/example-cases".to_owned(),
            "/v1/datasets/example-cases/aggregate.csv".to_owned(),
            "/v1/datasets/example-cases/releases".to_owned(),
            "/v1/datasets/example-cases/changes.json".to_owned(),
            format!("/v1/datasets/example-cases/releases/{release}/aggregate.csv"),
            "/datasets/example-cases".to_owned(),
            "/embed/example-cases?by=year".to_owned(),
            "/statutes/FRA-X-1".to_owned(),
            "/v1/statutes/FRA-X-1".to_owned(),
            format!("/oembed?url={}/embed/example-cases?by=year", service.base),
            format!("/oembed?url={}/statutes/FRA-X-1", service.base),
            gone,
            "/v1/datasets/documented-cases/aggregate.csv".to_owned(),
        ] {
            let reply = service.get(&path);
            assert_eq!(reply.status, 503, "{name} {path}: {}", reply.text());
            assert!(reply.text().contains("cannot be read"), "{name} {path}: {}", reply.text());
        }
        assert_eq!(service.get("/v1/datasets/reported-figures").status, 200, "{name}");
        assert_eq!(service.get("/v1/datasets/nothing/aggregate.csv").status, 404, "{name}");
        for dataset in ["example-cases", "documented-cases"] {
            assert!(service.log().contains(&format!("{dataset}/releases.json")), "{name}: {}", service.log());
        }
        assert_eq!(copy.verify().status.code(), Some(1), "{name}");
        // On the terminal as well.
        let asked = copy.query("example-cases", "by=");
        assert!(stderr(&asked).contains("releases.json"), "{name}: {}", stderr(&asked));
        // A copy of the site would be one without the dataset.
        let out = copy.path().join(".mirror");
        let out = out.to_str().expect("the path is UTF-8");
        let arguments = ["export", "--store", copy.text(), "--out", out, "--public-url", "https://a.example"];
        let exported = run(&arguments);
        assert_eq!(exported.status.code(), Some(2), "{name}: {}", stdout(&exported));
        assert!(stderr(&exported).contains("nothing was exported"), "{name}: {}", stderr(&exported));
    }
}

#[test]
fn what_cannot_be_read_is_never_said_to_have_no_figures() {
    let store = Store::empty("store-unread");
    assert!(run(&["publish", "--bundled", "--store", store.text()]).status.success());
    let release = store.releases("reported-figures").pop().expect("it is published");
    let table = store.path().join("reported-figures").join(release).join("counts.parquet");
    let whole = std::fs::read(&table).expect("it is there");
    std::fs::write(&table, &whole[..100]).expect("it can be damaged");
    let service = store.serve();
    for page in ["/statutes/IND-IPC-124A", "/categories/sedition", "/", "/statutes/IND-IPC-124A?lang=ru"] {
        let reply = service.get(page);
        let text = reply.text();
        assert_eq!((reply.status, reply.header("cache-control")), (200, "no-cache"), "{page}");
        assert!(text.contains("reported-figures"), "{page}: {text}");
        for said in ["There are no figures", "no figures yet", "данных пока нет"] {
            assert!(!text.contains(said), "{page}: {text}");
        }
    }
    for list in ["/v1/datasets", "/v1/statutes", "/v1/statutes/IND-IPC-124A"] {
        assert_eq!(service.json(list)["unreadable"], "reported-figures", "{list}");
        assert_eq!(service.get(list).header("cache-control"), "no-cache", "{list}");
    }
    // What is about another dataset alone lacks nothing.
    let other = service.get("/v1/datasets/documented-cases/aggregate.csv?by=year");
    assert!(other.header("cache-control").starts_with("public, max-age=60"), "{}", other.text());
    // Repaired, it is there again, and nothing of before is shown.
    std::fs::write(&table, &whole).expect("it can be repaired");
    wait_for("it to be read", || {
        let json = service.json("/v1/datasets");
        json["unreadable"].is_null().then_some(())
    });
    let page = service.get("/statutes/IND-IPC-124A");
    assert!(page.header("cache-control").starts_with("public, max-age=60") && page.text().contains("2019"));
}

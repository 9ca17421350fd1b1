//! What is answered while the store is damaged: nothing wrong, and never that there is nothing.

use e2e::packages::Package;
use e2e::service::{Service, run};
use e2e::store::Store;
use e2e::{empty_folder, wait_for};

use crate::publish::commands::{stderr, stdout};
use crate::publish::releases_verified::{Damage, store_of_both};

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

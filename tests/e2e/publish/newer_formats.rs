//! A store that a later version of the program wrote to: what this version cannot read it says so of, and serves the rest.

use e2e::packages::Package;
use e2e::service::run;
use e2e::sha256;
use e2e::store::Store;
use serde_json::{Value, json};

use crate::publish::commands::{assert_one_sentence, stdout};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Returns a value as the program writes it before it digests it: members in byte order, no white space.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<String> =
                members.iter().map(|(name, value)| format!("{}:{}", json!(name), canonical(value))).collect();
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

fn read(store: &Store, path: &str) -> String {
    std::fs::read_to_string(store.path().join(path)).expect("a store can be read")
}

fn write(store: &Store, path: &str, text: &str) {
    std::fs::write(store.path().join(path), text).expect("a store can be written");
}

/// Changes a dataset's list of releases, and digests it again.
fn change_list(store: &Store, dataset: &str, change: impl FnOnce(&mut Value)) {
    let path = format!("{dataset}/releases.json");
    let mut list: Value = serde_json::from_str(&read(store, &path)).expect("it is JSON");
    change(&mut list);
    list["sha256"] = "".into();
    list["sha256"] = sha256(canonical(&list)).into();
    write(store, &path, &list.to_string());
}

/// Gives a release a manifest of a format that is not invented yet, and everything that follows from it. Returns its new id.
fn make_newer(store: &Store, dataset: &str, id: &str) -> String {
    let folder = format!("{dataset}/{id}");
    let before = read(store, &format!("{folder}/manifest.json"));
    let mut manifest: Value = serde_json::from_str(&before).expect("it is JSON");
    (manifest["format"], manifest["needs"], manifest["novelty"]) = (3.into(), "9.9.0".into(), json!([1]));
    let after = canonical(&manifest);
    let newer = format!("{}-{}", &id[..10], &sha256(&after)[..12]);
    write(store, &format!("{folder}/manifest.json"), &after);
    let sums = read(store, &format!("{folder}/SHA256SUMS"));
    write(store, &format!("{folder}/SHA256SUMS"), &sums.replace(&sha256(&before), &sha256(&after)));
    let renamed = store.path().join(dataset).join(&newer);
    std::fs::rename(store.path().join(&folder), renamed).expect("a store can be written");
    change_list(store, dataset, |list| {
        let listed = list["releases"].as_array_mut().expect("it is a list");
        let entry = listed.iter_mut().find(|entry| entry["id"] == id).expect("it is listed");
        (entry["id"], entry["sha256"]) = (newer.as_str().into(), sha256(&after).into());
    });
    newer
}

#[test]
fn a_release_of_a_later_version_is_said_to_be_one_and_the_rest_is_served() {
    let store = Store::empty("store-newer-release");
    let first = Package::cases();
    let old = store.add(&first);
    let second = store.add(&first.clone().version("2.0.0"));
    store.add(&Package::figures());
    let newer = make_newer(&store, "example-cases", &second);
    let said =
        format!("release {newer} of `example-cases` needs chargesheet 9.9.0 or later; this is {VERSION}");
    let service = store.serve();
    assert_eq!(service.get("/readyz").status, 200);
    let cases = "/v1/datasets/example-cases";
    for path in [
        format!("{cases}/aggregate.csv?by=year"),
        format!("{cases}/releases/{newer}/aggregate.csv?by=year"),
        format!("{cases}/changes.json?from={old}&to={newer}"),
        cases.to_owned(),
    ] {
        let problem = service.get(&path);
        assert_eq!(problem.status, 503, "{path}: {}", problem.text());
        assert_eq!(problem.json()["type"], "urn:chargesheet:problem:newer-format", "{path}");
        assert_eq!(problem.json()["detail"], said, "{path}");
    }
    let page = service.get("/datasets/example-cases");
    assert!(
        page.status == 503 && page.text().contains("needs chargesheet 9.9.0 or later"),
        "{}",
        page.text()
    );
    for path in [
        format!("{cases}/releases/{old}/aggregate.csv?by=year"),
        format!("{cases}/releases"),
        format!("/datasets/example-cases/releases/{old}"),
        "/v1/datasets/example-figures/aggregate.csv?by=year,outcome&measure=cases".to_owned(),
    ] {
        assert_eq!(service.get(&path).status, 200, "{path}: {}", service.get(&path).text());
    }
    assert_eq!(service.json("/v1/datasets")["unreadable"], "example-cases");
    assert!(service.log().contains(&said), "{}", service.log());
    assert!(!service.log().contains("damaged"), "{}", service.log());
    drop(service);

    let verified = store.verify();
    let told = stdout(&verified);
    assert_eq!(verified.status.code(), Some(4), "{told}");
    assert!(told.contains(&format!("example-cases  {newer}  its bytes are whole; {said}\n")), "{told}");
    assert!(told.ends_with("3 checked, 0 damaged, 1 for a later version of the program\n"), "{told}");

    // Nothing of it is touched by what an operator does.
    let before = store.files();
    let again = store.publish(&first.write());
    assert!(stdout(&again).contains(&format!("{old} is published already")), "{}", stdout(&again));
    assert_eq!(store.files(), before);
    let withdrawn = store.withdraw("example-cases", &[&old], "safety");
    assert!(stdout(&withdrawn).ends_with(&format!("is now {newer}\n")), "{}", stdout(&withdrawn));
    let third = store.add(&first.version("3.0.0"));
    let service = store.serve();
    assert_eq!(service.get(&format!("{cases}/aggregate.csv")).header("chargesheet-release"), third);
    assert_eq!(service.get(&format!("{cases}/releases/{newer}/aggregate.csv")).status, 503);
    let of_newer = |path: &&std::path::PathBuf| path.to_string_lossy().contains(&newer);
    let after = store.files();
    assert!(before.keys().filter(of_newer).count() > 5);
    assert!(before.keys().filter(of_newer).all(|path| before[path] == after[path]));

    // A manifest that does not have the digest of its id is damaged, whatever it says of its format.
    let path = format!("example-cases/{newer}/manifest.json");
    write(&store, &path, &read(&store, &path).replace("\"format\":3", "\"format\":4"));
    let verified = store.verify();
    assert_eq!(verified.status.code(), Some(1), "{}", stdout(&verified));
    assert!(stdout(&verified).contains("manifest.json is damaged"), "{}", stdout(&verified));
}

#[test]
fn a_release_names_the_version_that_it_needs_only_where_the_first_one_could_not_read_it() {
    let store = Store::empty("store-formats");
    let bundled = run(&["publish", "--bundled", "--store", store.text()]);
    assert!(bundled.status.success(), "{}", stdout(&bundled));
    // The code lists of today have parts of outcomes, those of the first packages have none.
    let today = store.add(&Package::figures());
    for (dataset, release, format, needs) in [
        ("documented-cases", "2026-11-24-82da7d0c38b4", 1, Value::Null),
        ("reported-figures", "2026-11-24-a2fcc5d0d11e", 1, Value::Null),
        ("reported-figures", "2026-11-26-745fb3632212", 1, Value::Null),
        ("example-figures", &today, 2, json!("0.2.0")),
    ] {
        let manifest = read(&store, &format!("{dataset}/{release}/manifest.json"));
        let manifest: Value = serde_json::from_str(&manifest).expect("it is JSON");
        assert_eq!(
            (&manifest["format"], &manifest["needs"]),
            (&json!(format), &needs),
            "{dataset} {release}"
        );
    }
}

#[test]
fn a_list_of_releases_of_a_later_version_is_said_to_be_one_and_is_left_alone() {
    let store = Store::empty("store-newer-list");
    let package = Package::cases();
    let release = store.add(&package);
    store.add(&Package::figures());
    change_list(&store, "example-cases", |list| {
        (list["format"], list["needs"]) = (2.into(), "9.9.0".into());
    });
    let said = format!(
        "the list of releases of `example-cases` needs chargesheet 9.9.0 or later; this is {VERSION}"
    );
    let service = store.serve();
    let pinned = format!("releases/{release}/aggregate.csv");
    for path in ["aggregate.csv", "releases", pinned.as_str()] {
        let problem = service.get(&format!("/v1/datasets/example-cases/{path}"));
        assert_eq!(problem.status, 503, "{path}: {}", problem.text());
        assert_eq!(problem.json()["detail"], said, "{path}");
    }
    assert_eq!(service.get("/v1/datasets/example-figures/releases").status, 200);
    assert!(service.log().contains(&said), "{}", service.log());
    drop(service);
    let before = store.files();
    let verified = store.verify();
    assert_eq!(verified.status.code(), Some(4), "{}", stdout(&verified));
    assert!(
        stdout(&verified).contains(&format!("example-cases  releases.json  {said}\n")),
        "{}",
        stdout(&verified)
    );
    for refused in [
        store.publish(&package.version("2.0.0").write()),
        store.withdraw("example-cases", &[&release], "safety"),
    ] {
        assert_eq!(assert_one_sentence(&refused, &[&format!("{said}; nothing was changed")]), 4);
    }
    assert_eq!(store.files(), before);
    // What the disk has changed is not believed.
    let path = "example-cases/releases.json";
    write(&store, path, &read(&store, path).replace("9.9.0", "8.8.0"));
    assert!(stdout(&store.verify()).contains("releases.json is damaged"));
}

#[test]
fn a_store_of_a_later_version_is_said_to_be_one_and_is_left_alone() {
    let store = Store::empty("store-newer");
    store.add(&Package::cases());
    write(&store, "chargesheet-store.json", "{\"chargesheet_store\":2,\"needs\":\"9.9.0\"}\n");
    let before = store.files();
    let said = format!("the store {} needs chargesheet 9.9.0 or later; this is {VERSION}", store.text());
    for refused in [
        store.publish(&Package::figures().write()),
        store.verify(),
        store.query("example-cases", "by=year"),
        run(&["serve", "--listen", "127.0.0.1:0", "--store", store.text()]),
    ] {
        assert_one_sentence(&refused, &[&said]);
    }
    assert_eq!(store.files(), before);
}

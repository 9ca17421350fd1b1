//! A withdrawn release is gone, and says since when and why.

use std::path::Path;

use e2e::packages::Package;
use e2e::store::Store;

use crate::publish::commands::{assert_one_sentence, stdout};
use crate::publish::releases_served::{
    FILES, assert_soon_gone, assert_soon_newest, assert_tombstone, everything, path, withdraw,
};

#[test]
fn a_withdrawn_release_is_gone_and_says_since_when_and_why() {
    let store = Store::empty("store-withdrawn");
    let ids: Vec<String> = (1..=3).map(|number| store.add(&Package::cases().with_charges(number))).collect();
    let dataset = "example-cases";
    let service = store.serve();
    let [first, third] = [0, 2].map(|place| everything(&service, dataset, &ids[place]));
    let known = service.get(&path(dataset, Some(&ids[1]), FILES[0]));
    let since = withdraw(&store, dataset, &ids[1], "person-request");
    assert_soon_gone(&service, &path(dataset, Some(&ids[1]), FILES[0]));
    for file in FILES {
        let gone = path(dataset, Some(&ids[1]), file);
        assert_tombstone(&service.get(&gone), &ids[1], &since, "person-request");
        // Also to who has it still and asks whether it is new.
        let asked = [("if-none-match", known.header("etag"))];
        assert_tombstone(&service.ask("GET", &gone, &asked), &ids[1], &since, "person-request");
        assert_eq!(service.ask("HEAD", &gone, &[]).status, 410);
    }
    for (place, before) in [(0, &first), (2, &third)] {
        assert_eq!(everything(&service, dataset, &ids[place]), *before, "the others are what they were");
    }
    assert_soon_newest(&service, dataset, &ids[2]);
    // On the disk, only the manifest is left: digests and what the package said of itself, no record.
    let left: Vec<String> = store
        .files()
        .into_keys()
        .filter(|name| name.starts_with(Path::new(dataset).join(&ids[1])))
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, [format!("{dataset}/{}/manifest.json", ids[1])]);
    assert!(store.assert_whole().contains(&format!("{}  withdrawn since {since}", ids[1])));
    // The very same content stays out, whatever row of it comes first.
    let folder = Package::cases().with_charges(2).write();
    let refused = assert_one_sentence(
        &store.publish(&folder),
        &[&ids[1], "withdrawn", &since, &format!("still {}", ids[2])],
    );
    assert_eq!(refused, 4);
    assert_eq!(store.assert_whole().lines().count(), 4);
    // Withdrawn again, it is withdrawn since the first time and for the first reason.
    let again = store.withdraw(dataset, &[&ids[1]], "error");
    assert!(stdout(&again).contains(&format!("{since}: person-request")), "{}", stdout(&again));
    let listed = service.json(&path(dataset, None, "releases"));
    assert_eq!(listed["releases"][1]["withdrawn"]["since"], since);
    assert_eq!(listed["releases"][1]["withdrawn"]["reason"], "person-request");
    // A service that starts later knows it as well.
    assert_tombstone(
        &store.serve().get(&path(dataset, Some(&ids[1]), "")),
        &ids[1],
        &since,
        "person-request",
    );
    service.assert_log_clean();
}

#[test]
fn without_the_newest_the_one_before_is_served_and_without_any_none() {
    let store = Store::empty("store-withdrawn-newest");
    let ids: Vec<String> = (1..=2).map(|number| store.add(&Package::cases().with_charges(number))).collect();
    store.add(&Package::figures());
    let dataset = "example-cases";
    let service = store.serve();
    let first = everything(&service, dataset, &ids[0]);
    let since = withdraw(&store, dataset, &ids[1], "safety");
    assert_soon_newest(&service, dataset, &ids[0]);
    assert_eq!(everything(&service, dataset, &ids[0]), first);
    assert_eq!(service.json(&path(dataset, None, "releases"))["releases"][1]["current"], true);
    withdraw(&store, dataset, &ids[0], "legal-order");
    assert_soon_gone(&service, &path(dataset, None, "aggregate.csv"));
    for file in FILES {
        // Of all that are gone, the newest is what was asked for.
        assert_tombstone(&service.get(&path(dataset, None, file)), &ids[1], &since, "safety");
    }
    for page in [
        "/",
        "/v1/datasets",
        "/v1/statutes",
        "/v1/datasets/example-figures/aggregate.csv?by=year,statute,outcome",
    ] {
        assert_eq!(service.get(page).status, 200, "{page}");
    }
    assert_eq!(service.get("/v1/datasets/example-cases/changes.json").status, 410);
    let listed = service.json(&path(dataset, None, "releases"));
    assert!(
        listed["releases"].as_array().expect("a list").iter().all(|one| one["current"] == false),
        "{listed}"
    );
    store.assert_whole();
    // What is published afterwards is served again.
    let next = store.add(&Package::cases().with_charges(3));
    assert_soon_newest(&service, dataset, &next);
    service.assert_log_clean();
}

#[test]
fn a_question_on_the_terminal_says_that_all_releases_are_withdrawn() {
    let store = Store::empty("store-withdrawn-terminal");
    let id = store.add(&Package::cases());
    let since = withdraw(&store, "example-cases", &id, "licence");
    let code =
        assert_one_sentence(&store.query("example-cases", ""), &["example-cases", "withdrawn", &id, &since]);
    assert_eq!(code, 2);
}

#[test]
fn only_what_is_there_is_withdrawn_for_one_of_the_reasons() {
    let store = Store::empty("store-withdrawn-wrongly");
    let id = store.add(&Package::cases());
    let files = store.files();
    let mut wrong = id.clone();
    let last = wrong.pop().expect("an id has digits");
    wrong.push(if last == '0' { '1' } else { '0' });
    let refused = store.withdraw("example-cases", &[&wrong], "error");
    assert_one_sentence(&refused, &[&wrong, &format!("did you mean `{id}`?")]);
    assert_one_sentence(&store.withdraw("example-case", &[&id], "error"), &["did you mean `example-cases`?"]);
    let refused = store.withdraw("example-cases", &[&id], "because");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("person-request, safety, legal-order, licence, error"), "{said}");
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(store.files(), files);
    let ids: Vec<String> = (1..=4).map(|number| store.add(&Package::cases().with_charges(number))).collect();
    for (id, reason) in ids.iter().zip(["person-request", "safety", "legal-order", "licence"]) {
        withdraw(&store, "example-cases", id, reason);
    }
    assert_eq!(store.releases("example-cases"), [id]);
    store.assert_whole();
}

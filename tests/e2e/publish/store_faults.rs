//! What goes wrong while publishing: a crash, a full disk, two at once. The store has the old release or the new one.
//!
//! A short form of each runs always. The long ones are run by name:
//! `tests/run --test e2e store_faults -- --ignored --nocapture --test-threads=1`.

use std::fs::File;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::Path;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use e2e::disk::Disk;
use e2e::packages::Package;
use e2e::service::program;
use e2e::store::Store;
use e2e::{signal, ticket, wait_for};

use crate::publish::commands::{assert_one_sentence, stderr, stdout};

const DATASET: &str = "example-cases";

/// Returns how many charges the newest release of a store has, as a reader sees it.
fn charges(store: &Store) -> String {
    let output = store.query(DATASET, "by=&measure=charges");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output).lines().nth(1).unwrap_or_default().to_owned()
}

/// Returns a number from 0 to 1, another each time.
fn chance() -> f64 {
    let digits = RandomState::new().build_hasher().finish() >> 32;
    f64::from(u32::try_from(digits).expect("half of the digits are left")) / f64::from(u32::MAX)
}

/// Kills that many publishes at random moments, each of another release than the one before.
fn kill_publishes(name: &str, kills: usize) {
    let store = Store::empty(name);
    store.add(&Package::cases().with_charges(1));
    let folder = Package::cases().with_charges(2).write();
    let began = Instant::now();
    assert_eq!(store.publish(&folder).status.code(), Some(0));
    let whole = began.elapsed();
    let mut ended = [0; 2];
    for number in 3..kills + 3 {
        let folder = Package::cases().with_charges(number).write();
        let before = store.releases(DATASET);
        // A bit more than it takes, as some take longer.
        let moment = whole.mul_f64(1.2 * chance());
        let mut child = store.publishing(&folder).spawn().expect("the program can be started");
        // No condition to wait for: any moment must do, and this one is drawn.
        std::thread::sleep(moment);
        child.kill().expect("it is our child");
        let _ = child.wait();
        let at = format!("killed after {moment:?} of {whole:?}, publishing {number} charges");
        let verified = store.verify();
        assert_eq!(verified.status.code(), Some(0), "{at}: {}", stdout(&verified));
        let after = store.releases(DATASET);
        let is_new = after.len() > before.len();
        assert_eq!(after[..before.len()], before, "{at}");
        assert_eq!(after.len(), before.len() + usize::from(is_new), "{at}");
        let answer = charges(&store);
        if is_new {
            assert_eq!(answer, number.to_string(), "{at}");
        }
        ended[usize::from(is_new)] += 1;
        let _ = std::fs::remove_dir_all(&folder);
    }
    println!("{kills} kills within {whole:?}: {} left the old release, {} the new one", ended[0], ended[1]);
    // Nothing hinders the next one, and it serves what is whole.
    let last = store.add(&Package::cases().with_charges(kills + 3));
    assert_eq!(store.releases(DATASET).last(), Some(&last));
    assert_eq!(charges(&store), (kills + 3).to_string());
    assert_eq!(store.serve().json("/v1/datasets/example-cases")["release"]["id"], last.as_str());
    let left = store.assert_whole();
    assert!(!left.contains("not listed"), "what was interrupted is taken away: {left}");
}

#[test]
fn a_publish_that_is_killed_leaves_the_old_release_or_the_new_one() {
    kill_publishes("store-killed", 12);
}

#[test]
#[ignore = "takes minutes: 500 kills; see the head of this file"]
fn a_publish_that_is_killed_500_times_leaves_the_old_release_or_the_new_one() {
    kill_publishes("store-killed-500-times", 500);
}

#[test]
fn a_first_publish_that_is_killed_can_be_done_again() {
    let folder = Package::cases().write();
    for _ in 0..4 {
        let store = Store::empty(&format!("store-killed-first-{}", ticket()));
        let mut child = store.publishing(&folder).spawn().expect("the program can be started");
        let making = store.path().join("chargesheet-store.json");
        wait_for("the store to be begun", || making.exists().then_some(()));
        std::thread::sleep(Duration::from_millis(20).mul_f64(chance()));
        child.kill().expect("it is our child");
        let _ = child.wait();
        assert_eq!(store.verify().status.code(), Some(0));
        let again = store.publish(&folder);
        assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
        assert_eq!(charges(&store), "4");
        store.assert_whole();
    }
}

/// Leaves a store as a publish does that is killed after its files have their place and before they are listed, and
/// in the middle of writing the list and the next release.
fn interrupt(store: &Store, package: &Package) -> String {
    let list = store.path().join(DATASET).join("releases.json");
    let before = std::fs::read(&list).expect("the store has a list");
    let unlisted = store.add(package);
    let after = std::fs::read(&list).expect("the store has a list");
    std::fs::write(&list, before).expect("a store can be written");
    std::fs::write(list.with_file_name("releases.json.new"), &after[..after.len() / 2])
        .expect("a store can be written");
    let writing = list.with_file_name(".writing").join("reference");
    std::fs::create_dir_all(&writing).expect("a store can be written");
    std::fs::write(writing.join("roles.csv"), "rol").expect("a store can be written");
    unlisted
}

#[test]
fn what_an_interrupted_publish_leaves_is_served_by_nobody_and_taken_away_by_the_next() {
    let store = Store::empty("store-interrupted");
    store.add(&Package::cases().with_charges(1));
    let interrupted = Package::cases().with_charges(2);
    let unlisted = interrupt(&store, &interrupted);
    assert!(store.assert_whole().contains(&format!("{unlisted}  not listed")));
    assert_eq!(charges(&store), "1");
    assert_eq!(store.serve().get(&format!("/v1/datasets/{DATASET}/releases/{unlisted}")).status, 404);
    // The same once more is published as if nothing had been.
    assert_eq!(store.add(&interrupted), unlisted);
    assert_eq!(charges(&store), "2");
    assert!(!store.assert_whole().contains("not listed"));
    // Another one takes away what is left, too: it may be what somebody wanted to be forgotten.
    let unlisted = interrupt(&store, &Package::cases().with_charges(3));
    store.add(&Package::cases().with_charges(4));
    assert_eq!(charges(&store), "4");
    let left = store.assert_whole();
    assert!(!left.contains(&unlisted) && !left.contains("not listed"), "{left}");
}

/// A process that may be stopped; it is ended with its value.
struct Held(Child);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn of_two_publishers_at_once_one_is_told_to_wait() {
    let store = Store::empty("store-busy");
    let before = store.add(&Package::cases().with_charges(1));
    // Big enough to be caught at it, and then held there.
    let (big, small) =
        (Package::cases().with_charges(200_000).write(), Package::cases().with_charges(2).write());
    let mut first = Held(store.publishing(&big).spawn().expect("the program can be started"));
    let writing = store.path().join(DATASET).join(".writing");
    wait_for("the first publisher to be at it", || writing.exists().then_some(()));
    signal("STOP", &first.0.id().to_string());
    let second = store.publish(&small);
    let withdrawn = store.withdraw(DATASET, &[&before], "error");
    let still = format!("the newest release is still {before}");
    assert_eq!(assert_one_sentence(&second, &["somebody else is publishing", DATASET, &still]), 4);
    // Withdrawing is a change as well.
    assert_eq!(assert_one_sentence(&withdrawn, &["somebody else is publishing", DATASET]), 4);
    // Another dataset is nobody else's matter.
    store.add(&Package::figures());
    store.assert_whole();
    assert_eq!(charges(&store), "1");
    signal("CONT", &first.0.id().to_string());
    assert_eq!(first.0.wait().expect("it is our child").code(), Some(0));
    assert_eq!(charges(&store), "200000");
    assert_eq!(store.publish(&small).status.code(), Some(0));
    assert_eq!((charges(&store).as_str(), store.releases(DATASET).len()), ("2", 3));
    store.assert_whole();
    for folder in [big, small] {
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// A publish failed: it says in one sentence which file and which release is there, and left the store as it was.
fn assert_failed_well(output: &Output, store: &Store, old: &str) {
    let said = stderr(output);
    assert_one_sentence(
        output,
        &["cannot ", store.text(), "nothing was changed, the newest release is still", old],
    );
    let verified = store.assert_whole();
    assert!(!verified.contains("not listed"), "{said}: {verified}");
    assert_eq!(store.releases(DATASET), [old], "{said}");
    assert_eq!(charges(store), "1", "{said}");
}

#[test]
fn a_file_that_may_not_grow_leaves_the_old_release() {
    // A limit on the length of a file fails every write behind it, on any machine. Long notes make the list of
    // releases the longest file of all, so that the last write fails as well.
    let noted = |number: usize| {
        let mut package = Package::cases().with_charges(number);
        package.descriptor["chargesheet"]["notes"] = serde_json::json!({ "en": "n".repeat(20_000) });
        package
    };
    let folder = noted(2).write();
    let (mut failed, mut files) = (0, std::collections::BTreeSet::new());
    // In blocks of 512 bytes.
    for limit in [0, 1, 3, 6, 10, 16, 22, 44, 60, 70, 100] {
        let store = Store::empty(&format!("store-limited-{limit}"));
        let old = store.add(&noted(1));
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
        let output = Command::new("sh")
            .args(["-c", &script, "sh"])
            .arg(program())
            .arg("publish")
            .arg(&folder)
            .args(["--store", store.text()])
            .output()
            .expect("there is a shell");
        if output.status.success() {
            assert_eq!(store.releases(DATASET).len(), 2);
            assert_eq!(charges(&store), "2");
            store.assert_whole();
            continue;
        }
        assert_failed_well(&output, &store, &old);
        let said = stderr(&output);
        files.insert(
            said.split([':', ' '])
                .find(|word| word.contains(store.text()))
                .map(|path| Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned()),
        );
        failed += 1;
    }
    assert!((1..11).contains(&failed), "{failed} of 11 failed");
    assert!(files.contains(&Some("releases.json.new".to_owned())), "the last write failed, too: {files:?}");
}

#[test]
fn who_cannot_be_told_in_one_place_is_told_in_the_other_what_is_there() {
    // What is printed goes to a full disk: whoever reads the error must know that the release is there all the same.
    let store = Store::empty("store-untold");
    let full =
        || File::options().write(true).open("/dev/full").expect("there is a device that is always full");
    let folder = Package::cases().with_charges(1).write();
    let output = store.publishing(&folder).stdout(full()).output().expect("the program can be started");
    let newest = store.releases(DATASET).pop().expect("the release is listed");
    assert_one_sentence(&output, &["No space left", &newest]);
    store.assert_whole();
}

/// Publishes a second release on disks of every size in steps of `step` kilobytes, from one that the first fills to
/// one that takes both.
fn fill_disks(name: &str, rows: usize, step: usize) {
    let Some(disk) = Disk::of(64 << 10) else {
        eprintln!(
            "no disk can be mounted here; a_file_that_may_not_grow_leaves_the_old_release stands for it"
        );
        return;
    };
    let origin = Store::empty(name);
    let old = origin.add(&Package::cases().with_charges(1));
    let folder = Package::cases().with_charges(rows).write();
    let (first, both) = {
        let store = origin.copied_to(&disk.path).expect("a large disk takes a store");
        let first = disk.used();
        assert_eq!(store.publish(&folder).status.code(), Some(0));
        (first, disk.used())
    };
    let mut ended = [0; 2];
    for size in (first..=both + 16).step_by(step) {
        let disk = Disk::of(size).expect("a disk could be mounted a moment ago");
        let store = origin.copied_to(&disk.path).expect("the first release fits");
        let output = store.publish(&folder);
        if output.status.success() {
            assert_eq!(store.releases(DATASET).len(), 2, "{size} kB");
            assert_eq!(charges(&store), rows.to_string());
            store.assert_whole();
        } else {
            assert_failed_well(&output, &store, &old);
        }
        ended[usize::from(output.status.success())] += 1;
    }
    println!("disks of {first} to {} kB: {} were full, {} took the release", both + 16, ended[0], ended[1]);
    assert!(ended[0] > 0 && ended[1] > 0, "{ended:?}");
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn a_full_disk_leaves_the_old_release() {
    fill_disks("store-of-full-disks", 300, 8);
}

#[test]
#[ignore = "takes a while: a disk for every page of a larger release; see the head of this file"]
fn a_disk_that_is_full_at_any_page_leaves_the_old_release() {
    fill_disks("store-of-all-full-disks", 100_000, 4);
}

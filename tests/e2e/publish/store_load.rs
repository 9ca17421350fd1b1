//! Publishing under load: while release after release comes in, no answer fails and none is of two releases.
//!
//! A short form runs always. The long one is run by name:
//! `tests/run --test e2e store_load -- --ignored --nocapture`.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use e2e::packages::Package;
use e2e::service::Service;
use e2e::store::Store;
use e2e::wait_for;

const THREADS: usize = 4;
/// Requests a second that are asked for, of all threads together.
const RATE: u32 = 560;

/// What came of asking.
#[derive(Debug, Default)]
struct Asked {
    answers: AtomicUsize,
    /// How long the slowest took.
    longest: Mutex<Duration>,
}

/// Asks for the newest release until told to stop; every tenth time for the same figure at its pinned address.
fn ask(service: &Service, ids: &[OnceLock<String>], asked: &Asked, is_over: &AtomicBool) {
    let live = "/v1/datasets/example-cases/aggregate.json?by=&measure=charges";
    let between = Duration::from_secs(1) / RATE * u32::try_from(THREADS).expect("there are few threads");
    let mut due = Instant::now();
    let mut newest = 0;
    for turn in 1_usize.. {
        if is_over.load(Ordering::SeqCst) {
            return;
        }
        // Who is late does not wait: so many are asked in a second, whatever each takes.
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        due += between;
        let began = Instant::now();
        let reply = service.get(live);
        let took = began.elapsed();
        assert_eq!(reply.status, 200, "{}", reply.text());
        let answer = reply.json();
        let release = answer["release"]["id"].as_str().expect("an answer names its release").to_owned();
        assert_eq!(reply.header("chargesheet-release"), release);
        // Release n has n charges, and nothing else has.
        let number = answer["rows"][0]["charges"].as_u64().and_then(|count| usize::try_from(count).ok());
        let number = number.expect("an answer has its figure");
        // It is served as soon as it is listed, which may be before the publisher has said so here.
        if let Some(id) = ids[number].get() {
            assert_eq!(*id, release, "{answer}");
        }
        let pinned = answer["release"]["url"].as_str().expect("an answer names its pinned address");
        assert!(pinned.contains(&release) && answer["citation"].to_string().contains(&release), "{answer}");
        assert!(number >= newest, "release {number} after {newest}: the newest one went back");
        newest = number;
        if turn % 10 == 0 {
            assert_eq!(service.get(pinned).text(), reply.text(), "{pinned}");
            asked.answers.fetch_add(1, Ordering::SeqCst);
            due += between;
        }
        asked.answers.fetch_add(1, Ordering::SeqCst);
        let mut longest = asked.longest.lock().expect("nobody panics while holding it");
        *longest = took.max(*longest);
    }
}

/// Publishes that many releases while others ask; returns how many answers there were in a second.
fn publish_under_load(name: &str, releases: usize, each_is_seen: bool) -> f64 {
    let store = Store::empty(name);
    let ids: Vec<OnceLock<String>> = (0..=releases).map(|_| OnceLock::new()).collect();
    let publish = |number: usize| {
        let id = store.add(&Package::cases().with_charges(number));
        ids[number].set(id).expect("a release is published once");
    };
    publish(1);
    let service = store.serve();
    let (asked, is_over) = (Asked::default(), AtomicBool::new(false));
    let is_served = |number: usize| {
        let described = service.get("/v1/datasets/example-cases");
        ids[number].get().is_some_and(|id| described.header("chargesheet-release") == id).then_some(())
    };
    let began = Instant::now();
    std::thread::scope(|scope| {
        let asking: Vec<_> =
            (0..THREADS).map(|_| scope.spawn(|| ask(&service, &ids, &asked, &is_over))).collect();
        // A failed claim must end the asking, too.
        let _over = Over(&is_over);
        for number in 2..=releases {
            publish(number);
            if each_is_seen {
                wait_for("the release to be served", || is_served(number));
            }
            assert!(asking.iter().all(|thread| !thread.is_finished()), "an answer was wrong");
        }
        wait_for("the last release to be served", || is_served(releases));
    });
    let took = began.elapsed();
    let answers = asked.answers.load(Ordering::SeqCst);
    let rate = f64::from(u32::try_from(answers).expect("there are not that many")) / took.as_secs_f64();
    let longest = asked.longest.lock().expect("nobody panics while holding it");
    println!(
        "{releases} releases in {took:.1?}, {answers} answers, {rate:.0} a second, the longest took {longest:?}"
    );
    service.assert_log_clean();
    store.assert_whole();
    assert_eq!(store.releases("example-cases").len(), releases);
    // What was published first is still there.
    let first = ids[1].get().expect("the first release is published");
    let path = format!("/v1/datasets/example-cases/releases/{first}/aggregate.csv?by=&measure=charges");
    assert_eq!(service.text(&path), "charges\n1\n");
    rate
}

/// Ends the asking when it is dropped.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn while_releases_come_in_no_answer_fails_or_is_mixed() {
    publish_under_load("store-under-load", 15, true);
}

#[test]
#[ignore = "takes minutes: 1,000 releases; see the head of this file"]
fn while_1000_releases_come_in_no_answer_of_500_a_second_fails_or_is_mixed() {
    let rate = publish_under_load("store-under-load-of-1000", 1000, false);
    assert!(rate >= 500.0, "{rate:.0} answers a second");
}

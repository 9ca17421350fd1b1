//! What an unkind internet does, and what must hold meanwhile: normal requests are answered, right and in time.
//!
//! A short form of each runs always. The long ones are run by name:
//! `tests/run --test e2e hardening -- --ignored --nocapture --test-threads=1`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use e2e::packages::Package;
use e2e::raw::Raw;
use e2e::service::{Reply, Service};
use e2e::slow::{Ended, Habit, hold};
use e2e::store::Store;
use e2e::wait_for;

use crate::publish::rulebook_background::POPULATION;

/// Longest life of a connection whose client does not use it.
const CLOSED_WITHIN: Duration = Duration::from_secs(15);

/// Questions with one right answer each.
const QUESTIONS: [&str; 9] = [
    "/v1/datasets/documented-cases/aggregate.csv?by=outcome&statute=KAZ-CC-274&measure=persons,cases,charges",
    "/v1/datasets/reported-figures/aggregate.csv?by=year&statute=IND-IPC-124A&outcome=registered",
    "/v1/datasets/reported-figures/aggregate.json?by=year,outcome&statute=IND-IPC-124A",
    "/v1/datasets/documented-cases/chart.svg?by=outcome&statute=KAZ-CC-274",
    "/v1/datasets/reported-figures/chart.png?by=year&statute=IND-IPC-124A&outcome=registered&measure=cases",
    "/embed/reported-figures?by=year&statute=IND-IPC-124A&outcome=registered&measure=cases",
    "/v1/datasets/example-figures/aggregate.csv?by=country,statute,year&outcome=registered&measure=cases&rate=1",
    "/statutes/KAZ-CC-274",
    "/v1/statutes",
];

/// Starts a service with the bundled data and figures that have rates, by way of another program where there is one.
pub fn start(launcher: &[&str], arguments: &[&str]) -> Service {
    let people =
        ["FRA,2019,50000000,Office,https://example.org/", "FRA,2020,60000000,Office,https://example.org/"];
    let figures = Package::figures().with_table("population", POPULATION, &people).write();
    Service::start_under(launcher, &[&["--data", &figures.to_string_lossy()], arguments].concat())
}

/// Asks all questions when nothing disturbs; the answers are what every later one must be.
pub fn right_answers(service: &Service) -> Vec<Reply> {
    QUESTIONS
        .map(|question| service.get(question))
        .into_iter()
        .inspect(|reply| assert_eq!(reply.status, 200))
        .collect()
}

/// Asks one question; the answer is whole and the right one. Returns how long it took.
fn ask_one(service: &Service, right: &[Reply], number: usize) -> Duration {
    let number = number % QUESTIONS.len();
    let began = Instant::now();
    let reply = service.get(QUESTIONS[number]);
    let took = began.elapsed();
    assert_eq!(reply.status, 200, "{}: {}", QUESTIONS[number], reply.text());
    reply.assert_whole();
    assert!(reply.body == right[number].body, "{}: another answer", QUESTIONS[number]);
    for name in ["content-type", "etag", "cache-control", "chargesheet-release"] {
        assert_eq!(reply.header(name), right[number].header(name), "{}: {name}", QUESTIONS[number]);
    }
    took
}

/// Asks each question in turn until told to stop; returns how long each took.
fn ask(service: &Service, right: &[Reply], is_over: impl Fn() -> bool) -> Vec<Duration> {
    (0..).take_while(|_| !is_over()).map(|number| ask_one(service, right, number)).collect()
}

/// Asks every question twice.
pub fn ask_all(service: &Service, right: &[Reply]) {
    (0..2 * QUESTIONS.len()).for_each(|number| {
        ask_one(service, right, number);
    });
}

/// The duration that 99 of 100 do not exceed.
fn p99(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[(took.len() * 99 / 100).min(took.len() - 1)]
}

/// Holds slow connections for so long while normal requests are asked; returns how the slow ended and how long the
/// normal took.
fn under_slow_connections(
    service: &Service,
    right: &[Reply],
    connections: usize,
    time: Duration,
) -> (Vec<Ended>, Vec<Duration>) {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| ask(service, right, || is_over.load(Ordering::SeqCst)));
        let ended = hold(service.address(), connections, time);
        is_over.store(true, Ordering::SeqCst);
        (ended, asking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn assert_closed_in_time(ended: &[Ended]) {
    for habit in Habit::ALL {
        let own: Vec<Option<Duration>> =
            ended.iter().filter(|ended| ended.habit == habit).map(|ended| ended.after).collect();
        let longest = own.iter().map(|after| after.unwrap_or(Duration::MAX)).max().expect("there are some");
        println!("{habit:?}: {} connections, the longest was held for {longest:.1?}", own.len());
        assert!(longest <= CLOSED_WITHIN, "{habit:?}: held for {longest:?}");
    }
}

#[test]
fn slow_connections_are_closed_in_15_s_and_normal_requests_are_answered_meanwhile() {
    let service = start(&[], &[]);
    let right = right_answers(&service);
    let (ended, took) = under_slow_connections(&service, &right, 200, Duration::ZERO);
    assert_closed_in_time(&ended);
    println!("{} normal requests, 99 of 100 within {:.1?}", took.len(), p99(took.clone()));
    for kind in ["head", "body", "write"] {
        let counted = service.metric(&format!("chargesheet_timeouts_total{{kind=\"{kind}\"}}"));
        assert!(counted >= 40.0, "{kind}: {counted}");
    }
    wait_for("the last connection to be closed", || {
        (service.metric("chargesheet_connections") <= 1.0).then_some(())
    });
    service.assert_log_clean();
}

#[test]
#[ignore = "takes minutes: 2,000 slow connections for two minutes; see the head of this file"]
fn while_2000_slow_connections_are_held_for_two_minutes_p99_stays_under_twice_its_baseline() {
    let service = start(&[], &[]);
    let right = right_answers(&service);
    let end = Instant::now() + Duration::from_secs(30);
    let before = p99(ask(&service, &right, || Instant::now() >= end));
    let (ended, took) = under_slow_connections(&service, &right, 2000, Duration::from_secs(120));
    let (count, meanwhile) = (took.len(), p99(took));
    println!("99 of 100 within {before:.2?} before and {meanwhile:.2?} meanwhile, {count} requests");
    assert_closed_in_time(&ended);
    assert!(meanwhile < 2 * before, "{meanwhile:?} against {before:?}");
    service.assert_log_clean();
}

/// Asks with `threads` threads for so long, each at its share of a rate a second (as quickly as it can where there is
/// none); returns how many answers there were in a second.
fn load(service: &Service, right: &[Reply], threads: u32, rate: Option<f64>, time: Duration) -> f64 {
    let end = Instant::now() + time;
    let began = Instant::now();
    let answers: usize = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut due = Instant::now();
                    let is_over = || Instant::now() >= end;
                    let Some(rate) = rate else {
                        return ask(service, right, is_over).len();
                    };
                    let between = Duration::from_secs_f64(f64::from(threads) / rate);
                    let mut count = 0;
                    while !is_over() {
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        due += between;
                        ask_one(service, right, count);
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        asking.into_iter().map(|thread| thread.join().expect("every answer is right")).sum()
    });
    f64::from(u32::try_from(answers).expect("there are not that many")) / began.elapsed().as_secs_f64()
}

/// Measures capacity, then asks at 90 % of it; memory must not grow.
fn soak(measured: Duration, time: Duration) {
    let service = start(&[], &[]);
    let right = right_answers(&service);
    let capacity = load(&service, &right, 4, None, measured);
    // What is kept of answers and by the allocator is there by now.
    let before = service.metric("process_resident_memory_bytes");
    let rate = load(&service, &right, 4, Some(0.9 * capacity), time);
    let after = service.metric("process_resident_memory_bytes");
    println!(
        "{capacity:.0} answers a second at most, {rate:.0} for {time:?}, {before} bytes before and {after} after"
    );
    assert!(after < before * 1.1 + 16e6, "memory grew from {before} to {after} bytes");
    assert!(service.metric("chargesheet_panics_total") == 0.0);
    service.assert_log_clean();
}

#[test]
fn under_load_every_answer_is_right_and_memory_stays_flat() {
    soak(Duration::from_secs(3), Duration::from_secs(3));
}

#[test]
#[ignore = "takes ten minutes; see the head of this file"]
fn for_ten_minutes_at_90_percent_of_capacity_memory_stays_flat() {
    soak(Duration::from_secs(30), Duration::from_secs(600));
}

#[test]
fn when_more_compute_than_can_be_answered_in_time_the_others_are_told_to_come_again() {
    let service = Service::start();
    let picture = |number: usize| {
        let width = 900 + number;
        format!(
            "/v1/datasets/reported-figures/chart.png?statute=IND-IPC-124A&outcome=registered&scale=3&width={width}"
        )
    };
    let replies: Vec<Reply> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..400)
            .map(|number| {
                scope.spawn({
                    let service = &service;
                    move || service.get(&picture(number))
                })
            })
            .collect();
        // What the operator asks is not queued.
        let began = Instant::now();
        assert_eq!(service.get("/healthz").status, 200);
        assert!(service.metric("chargesheet_queue_length") <= service.metric("chargesheet_queue_limit"));
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        asked.into_iter().map(|thread| thread.join().expect("there is an answer to everything")).collect()
    });
    let (answered, refused): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
    assert!(!answered.is_empty() && !refused.is_empty(), "{} answered", answered.len());
    answered.iter().for_each(|reply| reply.assert_whole());
    for reply in refused {
        assert_eq!((reply.status, reply.header("retry-after")), (503, "1"), "{}", reply.text());
        assert_eq!(reply.json()["type"], "urn:chargesheet:problem:busy");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    wait_for("everything to be computed", || {
        (service.metric("chargesheet_computations") == 0.0).then_some(())
    });
    assert_eq!(service.metric("chargesheet_queue_length"), 0.0);
    let log = service.log();
    assert!(
        log.contains("questions wait already") && log.lines().count() < 10,
        "a flood is told of seldom: {log}"
    );
}

#[test]
fn a_service_that_was_stopped_and_goes_on_answers_everything_right() {
    let service = start(&[], &[]);
    let right = right_answers(&service);
    std::thread::scope(|scope| {
        service.signal("STOP");
        let asking: Vec<_> = (0..16).map(|_| scope.spawn(|| ask_all(&service, &right))).collect();
        // Long enough for every question to arrive and none to be answered.
        let stopped = Instant::now();
        wait_for("a second to pass", || (stopped.elapsed() > Duration::from_secs(1)).then_some(()));
        assert!(asking.iter().all(|thread| !thread.is_finished()), "a stopped service answered");
        service.signal("CONT");
        for thread in asking {
            thread.join().expect("every answer is right");
        }
    });
    service.assert_log_clean();
}

#[test]
fn with_64_descriptors_all_taken_requests_wait_and_are_answered_when_idle_ones_are_closed() {
    let store = Store::empty("few-descriptors");
    let first = store.add(&Package::cases().with_charges(3));
    store.add(&Package::cases().with_charges(4));
    let service = start(&["prlimit", "--nofile=64:64"], &["--store", store.text()]);
    assert_eq!(service.metric("process_max_fds"), 64.0);
    assert_eq!(service.metric("chargesheet_connections_limit"), 32.0);
    let right = right_answers(&service);
    let mut held: Vec<Raw> = (0..100).map(|_| Raw::to(service.address())).collect();
    for connection in &mut held {
        connection.send("GET /healthz HT");
    }
    // An older release is read from files while every place is taken.
    let path = format!("/v1/datasets/example-cases/releases/{first}/aggregate.csv?by=&measure=charges");
    let began = Instant::now();
    assert_eq!(service.text(&path), "charges\n3\n");
    assert!(began.elapsed() < 4 * CLOSED_WITHIN, "{:?}", began.elapsed());
    drop(held);
    ask_all(&service, &right);
    assert_eq!(service.metric("chargesheet_accept_failures_total"), 0.0);
    let log = service.log();
    assert!(log.contains("all 32 connections are taken"), "{log}");
    assert!(log.lines().count() < 10, "a flood is told of seldom: {log}");
}

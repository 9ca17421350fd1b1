//! What bodies hold in memory while they are kept or sent, and that it has a bound.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use e2e::raw::Raw;
use e2e::service::Service;
use e2e::wait_for;

use crate::server::content_coding::{LARGE, ask, decoded, large_package};

#[test]
fn slow_readers_of_large_answers_hold_no_more_memory_than_there_is_room_for() {
    let service = Service::start_with(&[
        "--data",
        &large_package().to_string_lossy(),
        "--sending-mb",
        "1",
        "--cache-mb",
        "0",
    ]);
    let path = |file: &str| format!("/v1/datasets/example-cases/{file}?{LARGE}");
    let whole = service.get(&path("aggregate.csv"));
    assert!(whole.status == 200 && service.metric("chargesheet_sending_bytes") == 0.0);
    let mut slow = Raw::to(service.address());
    slow.send(format!("GET {} HTTP/1.1\r\nhost: x\r\n\r\n", path("aggregate.csv")).as_bytes());
    let held = wait_for("the answer to be on its way", || {
        Some(service.metric("chargesheet_sending_bytes")).filter(|held| *held > 0.0)
    });
    assert!(held * 2.0 > service.metric("chargesheet_sending_limit_bytes"), "{held}");
    for file in ["aggregate.json", "aggregate.csv"] {
        let refused = service.get(&path(file));
        assert_eq!((refused.status, refused.header("retry-after")), (503, "10"), "{}", refused.text());
        assert_eq!(refused.json()["type"], "urn:chargesheet:problem:busy");
        assert_eq!(refused.header("cache-control"), "no-store");
    }
    assert_eq!(service.metric("chargesheet_refusals_total{kind=\"sending-full\"}"), 2.0);
    // Whoever asks for less is answered.
    let small = service.get("/v1/datasets/example-cases/aggregate.csv?by=year&measure=charges");
    assert_eq!(small.status, 200);
    drop(slow);
    wait_for("room for another", || {
        Some(service.get(&path("aggregate.csv")))
            .filter(|reply| reply.status == 200 && reply.body == whole.body)
    });
    wait_for("all room to be free", || (service.metric("chargesheet_sending_bytes") == 0.0).then_some(()));
    assert_eq!(service.log().lines().filter(|line| line.contains("a further one was refused")).count(), 1);
}

#[test]
fn what_is_kept_has_one_place_however_it_is_spelled_and_what_is_decoded_again_has_its_own() {
    let data = large_package();
    let base = "/v1/datasets/example-cases/aggregate.csv?";
    let question = "by=month,statute,outcome&measure=charges";
    let service = Service::start_with(&["--data", &data.to_string_lossy()]);
    let sending = |service: &Service| service.metric("chargesheet_sending_bytes");
    // Whoever codes a body for later has a place meanwhile.
    let settle = |service: &Service, bytes: f64| {
        wait_for("places to be given back", || (sending(service) == bytes).then_some(()));
    };
    let length = service.get(&format!("{base}{question}")).body.len();
    assert!((1 << 20..4 << 20).contains(&length), "{length}");
    settle(&service, length as f64);
    for spelled in [
        "measure=charges&by=month,statute,outcome",
        "by=month%2Cstatute%2Coutcome&measure=charges",
        "measure=charges&by=month%2Cstatute,outcome",
        "by=month,statute%2Coutcome&measure=charges",
    ] {
        assert_eq!(service.get(&format!("{base}{spelled}")).body.len(), length, "{spelled}");
        settle(&service, length as f64);
    }
    // Here there is room to keep it coded, and none to keep it as it is.
    let service = Service::start_with(&["--data", &data.to_string_lossy(), "--cache-mb", "8"]);
    let path = format!("{base}{question}");
    service.get(&path);
    wait_for("nothing but the coded form to be kept", || {
        let hits = || service.metric("chargesheet_cache_hits_total{cache=\"answers\"}");
        let before = hits();
        (service.get(&path).body.len() == length && hits() > before && sending(&service) < length as f64)
            .then_some(())
    });
    wait_for("nothing to be coded", || {
        (service.metric("chargesheet_codings{kind=\"coding\"}") == 0.0).then_some(())
    });
    let before = sending(&service);
    let mut slow = Raw::to(service.address());
    slow.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes());
    wait_for("it to be decoded", || (sending(&service) == before + length as f64).then_some(()));
    drop(slow);
    wait_for("its place to be free", || (sending(&service) == before).then_some(()));
}

#[test]
fn hundreds_of_large_answers_coded_at_once_take_few_threads_and_no_more_memory_than_there_is() {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    let service = Service::start_with(&["--data", &large_package().to_string_lossy(), "--sending-mb", "128"]);
    let path = |number: usize| {
        let (year, month) = (1900 + number / 12, 1 + number % 12);
        format!(
            "/v1/datasets/example-cases/aggregate.csv?by=month,statute,outcome&measure=charges&from={year}-{month:02}"
        )
    };
    let limit = service.metric("chargesheet_sending_limit_bytes");
    assert_eq!(service.metric("chargesheet_codings_limit{kind=\"coding\"}"), processors as f64);
    let is_over = AtomicBool::new(false);
    let coded = |number: usize| {
        let reply = ask(&service, &path(number), "br");
        if reply.status == 503 {
            assert_eq!(reply.json()["type"], "urn:chargesheet:problem:busy", "{}", reply.text());
            assert!(!reply.header("retry-after").is_empty());
            return None;
        }
        // Who had no turn gets the body as it is.
        assert!(reply.status == 200 && ["br", ""].contains(&reply.header("content-encoding")));
        assert!(decoded(&reply).starts_with(b"month,statute,outcome,charges\n"), "{number}");
        Some(reply.header("content-encoding") == "br")
    };
    let (replies, slowest, threads, memory) = std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let (mut slowest, mut threads, mut memory) = (Duration::ZERO, 0.0_f64, 0.0_f64);
            while !is_over.load(Ordering::SeqCst) {
                let began = Instant::now();
                assert_eq!(service.get("/healthz").status, 200);
                slowest = slowest.max(began.elapsed());
                threads = threads.max(service.metric("process_threads"));
                memory = memory.max(service.metric("process_resident_memory_bytes"));
                assert!(service.metric("chargesheet_codings{kind=\"coding\"}") <= processors as f64);
                assert!(service.metric("chargesheet_sending_bytes") <= limit);
            }
            (slowest, threads, memory)
        });
        let asked: Vec<_> = (0..300).map(|number| scope.spawn(move || coded(number))).collect();
        let replies: Vec<Option<bool>> =
            asked.into_iter().map(|one| one.join().expect("there is an answer to everything")).collect();
        is_over.store(true, Ordering::SeqCst);
        let (slowest, threads, memory) = watching.join().expect("the operator is answered");
        (replies, slowest, threads, memory)
    });
    let count = |kind: Option<bool>| replies.iter().filter(|reply| **reply == kind).count();
    println!(
        "{} coded, {} as they are, {} refused; {threads} threads, {memory} bytes, /healthz within {slowest:?}",
        count(Some(true)),
        count(Some(false)),
        count(None)
    );
    assert!(count(Some(true)) > 0 && count(None) < 300);
    // Those that serve the network, those beside, and a few of the program's own.
    assert!(threads <= (4 * processors + 16 + 8) as f64, "{threads} threads");
    assert!(memory < limit + 400e6, "{memory} bytes");
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    wait_for("the last turn to be given back", || {
        (service.metric("chargesheet_codings{kind=\"coding\"}") == 0.0).then_some(())
    });
    assert_eq!(service.metric("chargesheet_coding_queue_length{kind=\"coding\"}"), 0.0);
    assert_eq!(service.metric("chargesheet_panics_total"), 0.0);
    // What is asked when nobody else asks is coded, also for who takes it in no other way.
    assert_eq!(coded(299), Some(true));
    assert_eq!(ask(&service, &path(298), "gzip, identity;q=0").header("content-encoding"), "gzip");
    assert!(service.log().lines().count() < 10, "a flood is told of seldom: {}", service.log());
}

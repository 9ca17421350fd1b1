//! What bodies hold in memory while they are kept or sent, and that it has a bound.

use e2e::raw::Raw;
use e2e::service::Service;
use e2e::wait_for;

use crate::wire::{LARGE, large_package};

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
    let length = service.get(&format!("{base}{question}")).body.len();
    assert!((1 << 20..4 << 20).contains(&length), "{length}");
    assert_eq!(sending(&service), length as f64);
    for spelled in [
        "measure=charges&by=month,statute,outcome",
        "by=month%2Cstatute%2Coutcome&measure=charges",
        "measure=charges&by=month%2Cstatute,outcome",
        "by=month,statute%2Coutcome&measure=charges",
    ] {
        assert_eq!(service.get(&format!("{base}{spelled}")).body.len(), length, "{spelled}");
        assert_eq!(sending(&service), length as f64, "{spelled}");
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
    let before = sending(&service);
    let mut slow = Raw::to(service.address());
    slow.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes());
    wait_for("it to be decoded", || (sending(&service) == before + length as f64).then_some(()));
    drop(slow);
    wait_for("its place to be free", || (sending(&service) == before).then_some(()));
}

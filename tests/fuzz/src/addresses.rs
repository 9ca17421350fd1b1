//! Addresses and ids of releases: bytes behind the first `/`, sent both as they are and percent-encoded. `{release}` and
//! `{short}` stand for the newest release of the bundled single cases, and for a short address.

use std::sync::LazyLock;

use chargesheet::release::ReleaseId;

use super::promises::hold;
use super::service::{LINE_BYTES, Service};
use super::store::{CANARY, Scratch};
use super::text::{filled, target};

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

/// One service with the datasets that are compiled in, and one with a store, whose folder has files that nobody may read.
static SERVICES: LazyLock<[Service; 2]> =
    LazyLock::new(|| [Service::of(None, 0), Service::of(Some(SCRATCH.store()), 0)]);

static NAMES: LazyLock<[(&str, String); 2]> = LazyLock::new(|| SERVICES[0].names());

/// Every address leads to something that is published, or nowhere; never to another file of the machine.
pub fn run(bytes: &[u8]) {
    let bytes = filled(bytes, &*NAMES);
    // libFuzzer sees what is compared, and says the word itself; an error then says it too.
    if has_canary(&bytes) {
        return;
    }
    if let Ok(text) = std::str::from_utf8(&bytes) {
        for part in text.split(['/', '?']) {
            round_trip(part);
        }
        reached(&format!("/{text}"));
    }
    reached(&format!("/{}", target(&bytes)));
}

fn round_trip(text: &str) {
    if let Some(id) = ReleaseId::parse(text) {
        assert_eq!(id.as_str(), text);
        assert_eq!(ReleaseId::parse(&id.to_string()), Some(id));
        assert_eq!(text.len(), "2026-01-02-0123456789ab".len());
    }
}

fn reached(address: &str) {
    if address.len() > LINE_BYTES {
        return;
    }
    for service in SERVICES.iter() {
        let Some(response) = service.get(address) else { return };
        hold(address, &response, &[200, 308, 400, 404, 410]);
        assert!(!has_canary(&response.body), "{address} reads a file that is not published");
    }
}

fn has_canary(bytes: &[u8]) -> bool {
    bytes.windows(CANARY.len()).any(|part| part == CANARY)
}

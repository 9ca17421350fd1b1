//! Questions: bytes behind `/v1/datasets/`, such as `documented-cases/aggregate.csv?by=year`. `{release}` stands for the
//! newest release of that dataset.

use std::sync::LazyLock;

use super::promises::hold;
use super::service::{LINE_BYTES, Service};
use super::text::{filled, target};

static SERVICE: LazyLock<Service> = LazyLock::new(|| Service::of(None, 0));
static NAMES: LazyLock<[(&str, String); 2]> = LazyLock::new(|| SERVICE.names());

/// Every question gets an answer or is refused in words; none makes the service fail.
pub fn run(bytes: &[u8]) {
    let address = format!("/v1/datasets/{}", target(&filled(bytes, &*NAMES)));
    if address.len() > LINE_BYTES {
        return;
    }
    if let Some(response) = SERVICE.get(&address) {
        hold(&address, &response, &[200, 308, 400, 404]);
    }
}

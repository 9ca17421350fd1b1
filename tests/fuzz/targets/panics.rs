//! Which panics are crashes.

/// Lets a panic end the process, also one that the service would catch, so that libFuzzer sees it. Only the libraries
/// that decode Parquet may panic at what is damaged: reading is made for that.
pub fn end_at_panics() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or("", |place| place.file());
        if !DECODERS.iter().any(|decoder| place.contains(decoder)) {
            told(panic);
            std::process::abort();
        }
    }));
}

/// Folders of the libraries that decode Parquet, as cargo names them.
const DECODERS: [&str; 4] = ["/parquet-", "/arrow-", "/brotli-", "/bytes-"];

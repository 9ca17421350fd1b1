//! The files of the widget, as `service/build/pack.rs` packed them.

/// A file of the widget.
#[derive(Debug)]
pub struct WidgetFile {
    /// Its name.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// SHA-384 in the form of an `integrity` attribute (W3C Subresource Integrity).
    pub integrity: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// Its content as brotli (RFC 7932).
    pub brotli: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/widget_files.rs"));

/// The module that a page loads.
pub const SCRIPT: &str = "statute-chart.js";

/// The WebAssembly that it loads.
pub const WASM: &str = "chargesheet_widget_bg.wasm";

/// Returns a file by its name.
pub fn file(name: &str) -> Option<&'static WidgetFile> {
    FILES.iter().find(|file| file.name == name)
}

/// Returns the path of the script under its version, and what vouches for it.
pub fn versioned_script() -> (String, &'static str) {
    (format!("/widget/{VERSION}/{SCRIPT}"), file(SCRIPT).map_or("", |file| file.integrity))
}

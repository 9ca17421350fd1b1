//! The files of the widget, as `service/build/pack.rs` packed them.

/// A file of the widget.
#[derive(Debug)]
pub struct WidgetFile {
    /// Its name.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// SHA-384 digest as written in an `integrity` attribute (W3C Subresource Integrity).
    pub integrity: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// Its content, compressed with brotli (RFC 7932).
    pub brotli: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/widget_files.rs"));

/// File name of the module that a page loads.
pub const SCRIPT: &str = "statute-chart.js";

/// File name of the WebAssembly that the module loads.
pub const WASM: &str = "chargesheet_widget_bg.wasm";

/// Returns the file of this name.
pub fn file(name: &str) -> Option<&'static WidgetFile> {
    FILES.iter().find(|file| file.name == name)
}

/// Returns the path of the script under its version, and its `integrity` digest.
pub fn versioned_script() -> (String, &'static str) {
    (format!("/widget/{VERSION}/{SCRIPT}"), file(SCRIPT).map_or("", |file| file.integrity))
}

//! Test vectors: results of scipy and pymannkendall for published series. `vectors/make.py` made them and names the series' sources.

use serde::Deserialize;

/// A series with the reference results.
#[derive(Debug, Deserialize)]
pub struct Vector {
    pub name: String,
    pub years: Vec<i32>,
    pub values: Vec<u64>,
    pub s: i64,
    pub variance: f64,
    pub z: f64,
    pub p_normal: f64,
    pub tau_b: f64,
    pub slope: f64,
    pub slope_low: f64,
    pub slope_high: f64,
    /// The exact p; only for series of at most ten years.
    pub p_exact: Option<f64>,
}

/// Every vector.
pub fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("vectors/vectors.json")).unwrap()
}

/// Fails unless two values agree to twelve digits.
pub fn close(own: f64, theirs: f64, what: &str) {
    assert!((own - theirs).abs() <= 1e-12 * theirs.abs().max(1e-3), "{what}: {own} and {theirs}");
}

//! Measures how long a redraw takes that a reader waits for, twelve series over forty years, in every kind:
//! `cargo run --release -p chargesheet-widget --example redraw`.

#[path = "../tests/chart/samples.rs"]
#[expect(dead_code, reason = "only one of the samples is large")]
mod samples;

use chargesheet_widget::chart::{Kind, Spec, compose};
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = samples::forty_years();
    for kind in Kind::ALL {
        // High enough for twelve panels.
        let mut spec = Spec::new(800, 800)?;
        spec.kind = Some(kind);
        let mut length = 0;
        let mut times: Vec<Duration> = Vec::new();
        for _ in 0..201 {
            let start = Instant::now();
            match compose(&answer, &spec) {
                Ok(drawing) => length = drawing.svg.len(),
                Err(error) => {
                    println!("{}: {error}", kind.name());
                    break;
                }
            }
            times.push(start.elapsed());
        }
        times.sort();
        if let Some(median) = times.get(times.len() / 2).filter(|_| length > 0) {
            println!("{}: {median:?} at the median, {length} bytes", kind.name());
        }
    }
    Ok(())
}

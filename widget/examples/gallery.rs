//! Draws every sample in every kind, three sizes and both themes, for people to look at:
//! `cargo run --release -p chargesheet-widget --example gallery -- FOLDER`.

#[path = "../tests/chart/samples.rs"]
mod samples;

use chargesheet_widget::chart::{Kind, Spec, Theme, draw};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("Name the folder to draw into.")?);
    std::fs::create_dir_all(&folder)?;
    for (name, answer) in samples::all() {
        for kind in Kind::ALL {
            for (width, height) in [(800, 450), (1200, 600), (375, 420), (320, 260)] {
                for (theme, suffix) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
                    let mut spec = Spec::new(width, height)?;
                    spec.kind = Some(kind);
                    spec.theme = theme;
                    let file = format!("{name}-{}-{width}x{height}-{suffix}.svg", kind.name());
                    match draw(&answer, &spec) {
                        Ok(svg) => std::fs::write(folder.join(file), svg)?,
                        Err(error) => eprintln!("{file}: {error}"),
                    }
                }
            }
        }
    }
    Ok(())
}

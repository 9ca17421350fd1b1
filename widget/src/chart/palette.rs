//! The colours of a picture, for light and for dark pages.

use super::spec::Theme;
use plotters::style::RGBColor;

/// The colours of a theme.
#[derive(Debug)]
pub struct Palette {
    pub background: RGBColor,
    /// Colour of titles and figures.
    pub strong: RGBColor,
    /// Colour of subtitles and of the names of series and groups.
    pub text: RGBColor,
    /// Colour of tick labels and the lines under the chart. Its contrast to the background is at least 4.5 to 1.
    pub quiet: RGBColor,
    /// Colour of the baseline that figures stand on.
    pub axis: RGBColor,
    pub grid: RGBColor,
    /// Colour of the shade over years in which the statute was not in force.
    pub shade: RGBColor,
    /// One colour per series: those of Okabe and Ito, moved apart until the tests below hold, in print too.
    pub series: [RGBColor; 12],
}

impl Palette {
    /// Returns the colours that are none of series as red, green and blue: background, titles, text, quiet text, axis, grid, shade.
    pub fn grounds(&self) -> Vec<(u8, u8, u8)> {
        let grounds = [self.background, self.strong, self.text, self.quiet, self.axis, self.grid, self.shade];
        grounds.iter().map(|color| (color.0, color.1, color.2)).collect()
    }
}

/// Returns the colours of a theme.
pub fn of(theme: Theme) -> &'static Palette {
    match theme {
        Theme::Light => &LIGHT,
        Theme::Dark => &DARK,
    }
}

static LIGHT: Palette = Palette {
    background: color(0xffffff),
    strong: color(0x161b22),
    text: color(0x3d4550),
    quiet: color(0x5b6571),
    axis: color(0x8a939e),
    grid: color(0xe4e7eb),
    shade: color(0xf0f2f4),
    series: colors([
        0x1a80a9, 0xde781b, 0x355b61, 0x571454, 0x895b0d, 0x400494, 0x8783e8, 0x947239, 0x3e97b9, 0x75480e,
        0x473a17, 0x217375,
    ]),
};

static DARK: Palette = Palette {
    background: color(0x161a20),
    strong: color(0xf2f4f6),
    text: color(0xc9cfd6),
    quiet: color(0xa3acb6),
    axis: color(0x7a8490),
    grid: color(0x2d333b),
    shade: color(0x222830),
    series: colors([
        0x00bfff, 0xd66e0a, 0x2f7675, 0xebbab2, 0xf5fca0, 0x2a8fd4, 0x2c8c7b, 0xd03257, 0xce8ebf, 0xb77afb,
        0xacae65, 0xd0e198,
    ]),
};

/// Returns a colour from hexadecimal digits as in CSS.
pub const fn color(hex: u32) -> RGBColor {
    RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const fn colors(hex: [u32; 12]) -> [RGBColor; 12] {
    let mut colors = [RGBColor(0, 0, 0); 12];
    let mut number = 0;
    while number < hex.len() {
        colors[number] = color(hex[number]);
        number += 1;
    }
    colors
}

#[cfg(test)]
mod tests {
    use super::super::vision::{EYES, contrast, distance, seen};
    use super::*;

    fn parts(color: RGBColor) -> (u8, u8, u8) {
        (color.0, color.1, color.2)
    }

    #[test]
    fn every_colour_stands_out_from_its_background() {
        for palette in [&LIGHT, &DARK] {
            let contrast = |one: RGBColor, other: RGBColor| contrast(parts(one), parts(other));
            for color in palette.series {
                assert!(contrast(color, palette.background) >= 3.0, "{color:?}");
            }
            for text in [palette.strong, palette.text, palette.quiet] {
                assert!(contrast(text, palette.background) >= 4.5, "{text:?}");
                assert!(contrast(text, palette.shade) >= 4.5, "{text:?} on the shade");
            }
        }
    }

    #[test]
    fn colour_blind_readers_can_tell_the_series_apart() {
        for palette in [&LIGHT, &DARK] {
            for eyes in &EYES {
                let colors = palette.series.map(|color| seen(parts(color), eyes));
                for (number, one) in colors.iter().enumerate() {
                    for (before, other) in colors[..number].iter().enumerate() {
                        // Most charts have at most six series, so the first six colours differ most.
                        let least = if number < 6 { 0.11 } else { 0.06 };
                        let distance = distance(*one, *other);
                        assert!(distance >= least, "{before} and {number}: {distance}");
                    }
                }
            }
        }
    }

    #[test]
    fn neighbours_in_a_stack_differ_in_grey() {
        for palette in [&LIGHT, &DARK] {
            let lightness = palette.series.map(|color| seen(parts(color), &EYES[0])[0]);
            for pair in lightness[..6].windows(2) {
                assert!((pair[0] - pair[1]).abs() >= 0.10, "{pair:?}");
            }
        }
    }
}

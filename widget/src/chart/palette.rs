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
const fn color(hex: u32) -> RGBColor {
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
    use super::*;

    fn linear(part: u8) -> f64 {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    }

    fn luminance(color: RGBColor) -> f64 {
        0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
    }

    fn contrast(one: RGBColor, other: RGBColor) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        if one > other { one / other } else { other / one }
    }

    #[test]
    fn every_colour_stands_out_from_its_background() {
        for palette in [&LIGHT, &DARK] {
            for color in palette.series {
                assert!(contrast(color, palette.background) >= 3.0, "{color:?}");
            }
            for text in [palette.strong, palette.text, palette.quiet] {
                assert!(contrast(text, palette.background) >= 4.5, "{text:?}");
                assert!(contrast(text, palette.shade) >= 4.5, "{text:?} on the shade");
            }
        }
    }
    /// The linear red, green and blue that eyes without one kind of cone see (Machado, Oliveira and Fernandes 2009,
    /// full severity): first with all cones, then without those for long, medium and short waves.
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    /// Returns a colour as these eyes see it, in Oklab, where equal distances look about equal.
    fn seen(color: RGBColor, eyes: &[[f64; 3]; 3]) -> [f64; 3] {
        let times = |matrix: &[[f64; 3]; 3], v: [f64; 3]| {
            matrix.map(|row| row.iter().zip(v).map(|(weight, part)| weight * part).sum::<f64>())
        };
        let seen =
            times(eyes, [linear(color.0), linear(color.1), linear(color.2)]).map(|part| part.clamp(0.0, 1.0));
        let cones = [
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ];
        let lab = [
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ];
        times(&lab, times(&cones, seen).map(f64::cbrt))
    }

    #[test]
    fn colour_blind_readers_can_tell_the_series_apart() {
        for palette in [&LIGHT, &DARK] {
            for eyes in &EYES {
                let colors = palette.series.map(|color| seen(color, eyes));
                for (number, one) in colors.iter().enumerate() {
                    for (before, other) in colors[..number].iter().enumerate() {
                        let squares: f64 = one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum();
                        // Most charts have at most six series, so the first six colours differ most.
                        let least = if number < 6 { 0.11 } else { 0.06 };
                        assert!(squares.sqrt() >= least, "{before} and {number}: {}", squares.sqrt());
                    }
                }
            }
        }
    }

    #[test]
    fn neighbours_in_a_stack_differ_in_grey() {
        for palette in [&LIGHT, &DARK] {
            let lightness = palette.series.map(|color| seen(color, &EYES[0])[0]);
            for pair in lightness[..6].windows(2) {
                assert!((pair[0] - pair[1]).abs() >= 0.10, "{pair:?}");
            }
        }
    }
}

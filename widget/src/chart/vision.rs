//! How colours look to different eyes. Tests of palettes compute with it, here and in the service; nothing that is drawn
//! depends on it.

/// The red, green and blue of a colour, from 0 to 255.
pub type Rgb = (u8, u8, u8);

/// A matrix from the linear red, green and blue of a colour to those that an eye sees.
pub type Eyes = [[f64; 3]; 3];

/// Eyes with all cones, then without those for long, medium and short waves, by Machado, Oliveira and Fernandes 2009
/// (doi:10.1109/TVCG.2009.113) at full severity.
pub const EYES: [Eyes; 4] = [
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

/// Eyes without cones for long and for medium waves, by Viénot, Brettel and Mollon 1999: a second opinion on the two most
/// frequent dichromacies.
pub const EYES_OF_VIENOT: [Eyes; 2] = [
    [[0.112_38, 0.887_62, 0.0], [0.112_38, 0.887_62, 0.0], [0.004_01, -0.004_01, 1.0]],
    [[0.292_75, 0.707_25, 0.0], [0.292_75, 0.707_25, 0.0], [-0.022_34, 0.022_34, 1.0]],
];

/// Returns a part of a colour in sRGB, linear from 0 to 1 (IEC 61966-2-1).
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

/// Returns the contrast ratio of two colours, from 1 to 21 (WCAG 2.2).
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let luminance =
        |color: Rgb| 0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2);
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    if one > other { one / other } else { other / one }
}

/// Returns a colour as these eyes see it, in Oklab (Ottosson 2020), where equal distances look about equal: lightness from 0
/// to 1, then green to red and blue to yellow.
pub fn seen(color: Rgb, eyes: &Eyes) -> [f64; 3] {
    let times = |matrix: &Eyes, v: [f64; 3]| {
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

/// Returns the distance of two colours in Oklab. 0.02 is about the least that can be seen.
pub fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

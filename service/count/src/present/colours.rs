//! The colour and the mark that an outcome has in every chart, from `data/reference/colours.csv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use chargesheet_widget::wire::Look;

/// The marks of series, in the order of their numbers in pictures.
const MARKS: [&str; 6] = ["circle", "square", "triangle", "diamond", "wedge", "cross"];

/// Returns the look of an outcome; `None` for a code of a publisher's own, which gets a colour by its place in the chart.
pub fn of(outcome: &str) -> Option<Look> {
    static LOOKS: LazyLock<HashMap<String, Look>> = LazyLock::new(|| {
        let mut file = csv::Reader::from_reader(chargesheet_data::COLOURS);
        let rows = file.deserialize().map(|row| row.expect("the table of colours is compiled in and tested"));
        rows.map(|(outcome, light, dark, mark): (String, String, String, String)| {
            let color = |digits: &str| u32::from_str_radix(digits, 16).unwrap_or_default();
            let mark = MARKS.iter().position(|name| *name == mark).unwrap_or_default();
            (outcome, Look { light: color(&light), dark: color(&dark), mark: mark as u8 })
        })
        .collect()
    });
    LOOKS.get(outcome).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use chargesheet_widget::chart::vision::{EYES, EYES_OF_VIENOT, Eyes, Rgb, contrast, distance, seen};
    use chargesheet_widget::chart::{Theme, palette};

    use super::*;
    use crate::domain::outcomes;

    const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];
    /// The outcomes that most charts show.
    const MAIN: [&str; 6] =
        ["registered", "charged", "prosecuted", "convicted", "acquitted", "discontinued-rehabilitating"];

    fn color(outcome: &str, theme: Theme) -> Rgb {
        let look = of(outcome).unwrap_or_else(|| panic!("{outcome} has no look"));
        let [_, red, green, blue] = if theme == Theme::Dark { look.dark } else { look.light }.to_be_bytes();
        (red, green, blue)
    }

    fn codes() -> Vec<&'static str> {
        outcomes().entries().iter().map(|entry| entry.code.as_str()).collect()
    }

    /// How many statutes of the bundled data have figures of both outcomes of a pair.
    fn together() -> BTreeMap<(String, String), usize> {
        let mut seen: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
        for package in chargesheet_data::PACKAGES {
            for file in package.files.iter().filter(|file| ["counts.csv", "charges.csv"].contains(&file.path))
            {
                let mut rows = csv::Reader::from_reader(file.bytes);
                for row in rows.deserialize() {
                    let row: BTreeMap<String, String> = row.unwrap();
                    seen.entry((package.name, row["statute"].clone()))
                        .or_default()
                        .insert(row["outcome"].clone());
                }
            }
        }
        let mut pairs = BTreeMap::new();
        for outcomes in seen.values() {
            for one in outcomes {
                for other in outcomes.range::<String, _>(..one) {
                    *pairs.entry((other.clone(), one.clone())).or_default() += 1;
                }
            }
        }
        pairs
    }

    fn least(one: &str, other: &str, eyes: &[Eyes]) -> f64 {
        let of = |theme, eyes| distance(seen(color(one, theme), eyes), seen(color(other, theme), eyes));
        eyes.iter().flat_map(|eyes| THEMES.map(|theme| of(theme, eyes))).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn every_outcome_has_a_colour_and_a_mark() {
        let mut file = csv::Reader::from_reader(chargesheet_data::COLOURS);
        let rows: Vec<[String; 4]> = file.deserialize().collect::<Result<_, _>>().unwrap();
        assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), codes());
        for [outcome, light, dark, mark] in &rows {
            assert!(light.len() == 6 && dark.len() == 6, "{outcome}: {light}, {dark}");
            assert!(u32::from_str_radix(light, 16).is_ok() && u32::from_str_radix(dark, 16).is_ok());
            assert!(MARKS.contains(&mark.as_str()), "{outcome}: {mark}");
        }
        assert_eq!(of("a-code-of-a-publisher"), None);
    }

    #[test]
    fn every_colour_stands_out() {
        for theme in THEMES {
            let ground = palette(theme)[0];
            for code in codes() {
                let contrast = contrast(color(code, theme), ground);
                assert!(contrast >= 3.0, "{code}: {contrast}");
            }
        }
    }

    #[test]
    fn outcomes_differ_for_every_eye() {
        let (codes, together) = (codes(), together());
        assert!(together.len() > 150, "{}", together.len());
        let complete = [
            "convicted",
            "acquitted",
            "discontinued-no-offence",
            "discontinued-other-grounds",
            "medical-measures",
        ];
        for (place, one) in codes.iter().enumerate() {
            for other in &codes[..place] {
                let pair = if one < other { (one, other) } else { (other, one) };
                let answers = together.get(&(pair.0.to_string(), pair.1.to_string()));
                let within = |set: &[&str]| set.contains(one) && set.contains(other);
                let wanted = match answers {
                    _ if within(&MAIN) || within(&complete) => 0.095,
                    Some(3..) => 0.07,
                    Some(_) => 0.054,
                    None => 0.039,
                };
                let found = least(one, other, &EYES);
                assert!(found >= wanted, "{one} and {other}: {found}, wanted {wanted}");
                let found = least(one, other, &EYES_OF_VIENOT);
                assert!(found >= 0.037, "{one} and {other}, by Viénot: {found}");
            }
        }
    }

    #[test]
    fn near_colours_have_other_marks() {
        for (place, one) in codes().iter().enumerate() {
            for other in &codes()[..place] {
                let apart = least(one, other, &EYES);
                let marks = (of(one).unwrap().mark, of(other).unwrap().mark);
                assert!(apart >= 0.047 || marks.0 != marks.1, "{one} and {other}: {apart}");
            }
        }
    }
}

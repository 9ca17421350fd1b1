//! Colours of an editor's page, which the chart takes as custom properties of its element.

use chargesheet_widget::chart::Theme;
use chargesheet_widget::chart::vision::{Rgb, contrast};

use crate::query::{Params, QueryError, value};

/// The names of the colours in addresses, and the custom properties that each sets.
const OFFERED: [(&str, &[&str]); 3] =
    [("background", &["background"]), ("ink", &["strong", "text"]), ("accent", &["accent"])];

/// What letters need to be read, and what marks and links need to be seen (WCAG 2.2, 1.4.3 and 1.4.11).
const LEAST: [(usize, f64); 2] = [(1, 4.5), (2, 3.0)];

const BLACK: Rgb = (0, 0, 0);
const WHITE: Rgb = (255, 255, 255);

/// The colours that an editor has chosen, in the order in which they are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Colours([Option<Rgb>; 3]);

impl Colours {
    /// Takes the colours out of `params`.
    ///
    /// # Errors
    /// When a value is no colour.
    pub fn take(params: &mut Params) -> Result<Self, QueryError> {
        let mut colours = Self::default();
        for (place, (name, _)) in OFFERED.into_iter().enumerate() {
            let Some(text) = params.take(name) else { continue };
            let problem = "is no colour: write `#` and six digits from 0 to f, such as `#1a2b3c`".to_owned();
            let read = parse(&text).ok_or_else(|| value(name, &text, problem, &[]))?;
            colours.0[place] = Some(read);
        }
        Ok(colours)
    }

    /// Returns each name with its colour as `#rrggbb`, or with nothing.
    pub fn texts(&self) -> [(&'static str, String); 3] {
        std::array::from_fn(|place| (OFFERED[place].0, self.0[place].map(hex).unwrap_or_default()))
    }

    /// Returns the theme in which most can be read on the chosen background, if there is one.
    pub fn theme(&self) -> Option<Theme> {
        let is_dark = |ground: Rgb| contrast(ground, WHITE) > contrast(ground, BLACK);
        self.0[0].map(|ground| if is_dark(ground) { Theme::Dark } else { Theme::Light })
    }

    /// Returns the names of colours that can hardly be seen on the background in a theme.
    pub fn unseen(&self, theme: Option<Theme>) -> Vec<&'static str> {
        let is_dark = theme == Some(Theme::Dark);
        let ground = self.0[0].unwrap_or(if is_dark { BLACK } else { WHITE });
        let own = |place: usize| match (place, self.0[place]) {
            // What is drawn in text that nobody chose follows the theme.
            (1, None) => Some(if is_dark { WHITE } else { BLACK }),
            (_, chosen) => chosen,
        };
        let is_unseen =
            |&(place, least): &(usize, f64)| own(place).is_some_and(|own| contrast(own, ground) < least);
        LEAST.iter().filter(|least| is_unseen(least)).map(|&(place, _)| OFFERED[place].0).collect()
    }

    /// Returns the custom properties as CSS; empty where nothing is chosen. A single series is drawn in the colour of links.
    pub fn style(&self, is_single: bool) -> String {
        let mut css = Vec::new();
        for ((name, properties), colour) in OFFERED.into_iter().zip(self.0) {
            let Some(colour) = colour else { continue };
            let series = (name == "accent" && is_single).then_some("series-1");
            let set = |property| format!("--statute-chart-{property}:{}", hex(colour));
            css.extend(properties.iter().copied().chain(series).map(set));
        }
        css.join(";")
    }
}

/// Reads `#rrggbb`; the sign may be missing.
fn parse(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let is_hex = digits.len() == 6 && digits.bytes().all(|letter| letter.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some((red, green, blue))
}

fn hex((red, green, blue): Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Result<Colours, QueryError> {
        Colours::take(&mut Params::parse(query).expect("a query"))
    }

    #[test]
    fn colours_are_read_written_and_refused() {
        let colours = of("background=%23FFFFff&accent=a33b20").unwrap();
        assert_eq!(colours.texts().map(|(_, text)| text), ["#ffffff", "", "#a33b20"]);
        assert_eq!(
            colours.style(true),
            "--statute-chart-background:#ffffff;--statute-chart-accent:#a33b20;--statute-chart-series-1:#a33b20"
        );
        assert!(!colours.style(false).contains("series"));
        for wrong in ["ink=red", "ink=%23fff", "ink=%23ggffff", "ink=+12345", "ink=%23ffffff;x:y"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_named_and_the_theme_follows_the_ground() {
        assert_eq!(of("background=102030").unwrap().theme(), Some(Theme::Dark));
        assert_eq!(of("background=f0f0e0").unwrap().theme(), Some(Theme::Light));
        assert_eq!(of("ink=102030").unwrap().theme(), None);
        let unseen = |query: &str, theme| of(query).unwrap().unseen(theme);
        assert_eq!(unseen("background=102030", Some(Theme::Light)), ["ink"]);
        assert_eq!(unseen("background=102030&accent=203040", Some(Theme::Dark)), ["accent"]);
        assert!(unseen("background=ffffff&ink=222222&accent=a33b20", None).is_empty());
        assert!(unseen("", Some(Theme::Dark)).is_empty());
    }
}

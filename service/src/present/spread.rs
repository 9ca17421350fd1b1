//! The texts of a picture, spread over the fonts that have their letters.
//!
//! Every text keeps the position and the width that the fixed table of advances gave it ([`chargesheet_widget::svg::metrics`]):
//! an operator's font decides how letters look, never where a text stands.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use chargesheet_widget::svg::metrics::advance;
use resvg::usvg::{Node, Tree};
use unicode_bidi::{BidiInfo, Level};
use unicode_script::{Script, UnicodeScript as _};

use super::fonts::{Fonts, family};
use super::texts::attribute;

/// Factor by which the table takes bold letters to be wider.
const BOLD: f64 = 1.06;

/// The scripts in a picture that no font here can paint, by their Unicode names.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error(
    "this picture has {}, for which this service has no font; ask for the SVG (`chart.svg`), which is drawn with the fonts \
     of whoever looks at it",
    self.named()
)]
pub struct Unpaintable {
    scripts: BTreeSet<&'static str>,
    /// Characters that belong to no script.
    signs: BTreeSet<char>,
}

impl Unpaintable {
    fn is_nothing(&self) -> bool {
        self.scripts.is_empty() && self.signs.is_empty()
    }

    fn named(&self) -> String {
        let list = |names: Vec<String>| match names.split_last() {
            Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            _ => names.concat(),
        };
        let scripts: Vec<String> = self.scripts.iter().map(|name| name.replace('_', " ")).collect();
        let sign = |sign: &char| format!("{sign} (U+{:04X})", u32::from(*sign));
        let signs: Vec<String> = self.signs.iter().map(sign).collect();
        let scripts = (!scripts.is_empty()).then(|| format!("words in {} script", list(scripts)));
        let signs = (!signs.is_empty()).then(|| format!("the sign {}", list(signs)));
        [scripts, signs].into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }
}

/// A run: a part of a text that one font paints.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    /// The bytes of the run in the text.
    range: Range<usize>,
    /// The position of the operator's font; `None` for the bundled font.
    own: Option<usize>,
    /// Whether the run is read from right to left.
    is_rtl: bool,
}

impl Fonts {
    /// Gives every text of a picture the fonts that have its letters. The second value says whether one of these is the operator's.
    ///
    /// # Errors
    /// When no font has a letter.
    pub fn spread<'s>(&self, svg: &'s str) -> Result<(Cow<'s, str>, bool), Unpaintable> {
        let mut missing = Unpaintable::default();
        let (mut written, mut done) = (String::new(), 0);
        for (start, _) in svg.match_indices("<text ") {
            let Some(end) = svg[start..].find("</text>").map(|length| start + length + "</text>".len())
            else {
                continue;
            };
            let element = &svg[start..end];
            let Some((attributes, text)) = read(element) else { continue };
            let is_bold = attributes.iter().any(|(name, _)| *name == "font-weight");
            let runs = self.runs(&text, is_bold, &mut missing);
            if runs.iter().any(|run| run.own.is_some()) {
                written.push_str(&svg[done..start]);
                self.write(&mut written, &attributes, &text, &in_order(&text, &runs), is_bold);
                done = end;
            }
        }
        if !missing.is_nothing() {
            return Err(missing);
        }
        if done == 0 {
            return Ok((Cow::Borrowed(svg), false));
        }
        written.push_str(&svg[done..]);
        Ok((Cow::Owned(written), true))
    }

    /// Splits a text into runs, by the fonts that have its letters. A letter that no font has is added to `missing`.
    fn runs(&self, text: &str, is_bold: bool, missing: &mut Unpaintable) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (place, letter) in text.char_indices() {
            let before = runs.last().map(|run| run.own);
            let end = place + letter.len_utf8();
            let script = letter.script();
            let is_of_any = matches!(script, Script::Common | Script::Inherited);
            let goes_on = |own: usize| is_of_any && (is_unseen(letter) || self.own_has(own, letter));
            let own = match before {
                // Signs, digits and marks between two words of a script are painted with the font of these words.
                Some(Some(own)) if goes_on(own) => Some(own),
                _ if letter.is_ascii() || is_unseen(letter) || self.is_bundled(letter) => None,
                _ => {
                    let found = self.own_of(letter, is_bold);
                    if found.is_none() && is_of_any {
                        missing.signs.insert(letter);
                    } else if found.is_none() {
                        missing.scripts.insert(script.full_name());
                    }
                    found
                }
            };
            match runs.last_mut() {
                Some(run) if run.own == own => run.range.end = end,
                _ => runs.push(Run { range: place..end, own, is_rtl: false }),
            }
        }
        runs
    }

    /// Whether every letter of a text can be painted.
    pub fn paints(&self, text: &str) -> bool {
        let mut missing = Unpaintable::default();
        self.runs(text, false, &mut missing);
        missing.is_nothing()
    }

    /// Writes the runs of a text as texts of their own, one after the other. None takes more room than the table gave it.
    fn write(&self, out: &mut String, attributes: &[(&str, &str)], text: &str, runs: &[Run], is_bold: bool) {
        let of = |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
        let number = |name: &str| of(name).and_then(|value| value.parse::<f64>().ok()).unwrap_or_default();
        let size = number("font-size");
        let em = if is_bold { size * BOLD } else { size };
        let width = |run: &Run| {
            let text = &text[run.range.clone()];
            let room = em * f64::from(text.chars().map(advance).sum::<u32>()) / 1000.0;
            match run.own.and_then(|own| self.natural(text, own, size)) {
                Some(natural) if natural <= room => (natural, false),
                _ => (room, true),
            }
        };
        let widths: Vec<(f64, bool)> = runs.iter().map(width).collect();
        let whole: f64 = widths.iter().map(|(width, _)| width).sum();
        let before = match of("text-anchor") {
            Some("middle") => whole / 2.0,
            Some("end") => whole,
            _ => 0.0,
        };
        let mut x = number("x") - before;
        let replaced = ["x", "text-anchor", "textLength", "lengthAdjust"];
        let kept = attributes.iter().filter(|(name, _)| !replaced.contains(name));
        let kept: String = kept.map(|(name, value)| format!(" {name}=\"{value}\"")).collect();
        for (run, (width, is_filled)) in runs.iter().zip(&widths) {
            let own = &text[run.range.clone()];
            if !own.chars().all(char::is_whitespace) {
                let family = run.own.map_or(String::new(), |own| format!(" font-family=\"{}\"", family(own)));
                let length = if *is_filled {
                    format!(" textLength=\"{width:.2}\" lengthAdjust=\"spacingAndGlyphs\"")
                } else {
                    String::new()
                };
                // A bracket between words that are read from right to left opens to the left.
                let (left, right) = if run.is_rtl { ("\u{202e}", "\u{202c}") } else { ("", "") };
                let own = attribute(own);
                out.push_str(&format!(
                    "<text x=\"{x:.2}\"{kept}{family}{length} xml:space=\"preserve\">{left}{own}{right}</text>"
                ));
            }
            x += width;
        }
    }

    /// Returns the width of a text in a font of the operator, in pixels.
    fn natural(&self, text: &str, own: usize, size: f64) -> Option<f64> {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><text x=\"0\" y=\"0\" font-size=\"{size}\" \
             font-family=\"{}\" xml:space=\"preserve\">{}</text></svg>",
            family(own),
            attribute(text)
        );
        let tree = Tree::from_str(&svg, &self.options()).ok()?;
        let text = tree.root().children().iter().find_map(|node| match node {
            Node::Text(text) => Some(text),
            _ => None,
        })?;
        Some(text.bounding_box().width().into())
    }
}

/// Puts the runs of a line that begins at the left into their visual order, from left to right (Unicode, UAX 9).
fn in_order(text: &str, runs: &[Run]) -> Vec<Run> {
    let line = BidiInfo::new(text, Some(Level::ltr()));
    let Some(paragraph) = line.paragraphs.first().filter(|_| line.has_rtl()) else {
        return runs.to_vec();
    };
    let (levels, visual) = line.visual_runs(paragraph, paragraph.range.clone());
    let mut ordered = Vec::new();
    for level in visual {
        let is_rtl = levels[level.start].is_rtl();
        let clipped = |run: &Run| {
            let range = run.range.start.max(level.start)..run.range.end.min(level.end);
            // Spaces at an edge become runs of their own: a run painted alone would put its trailing spaces on the right.
            let parts = if range.is_empty() { Vec::new() } else { apart(text, range) };
            let own = run.own;
            parts.into_iter().map(move |range| Run { range, own, is_rtl })
        };
        let mut parts: Vec<Run> = runs.iter().flat_map(clipped).collect();
        if is_rtl {
            parts.reverse();
        }
        ordered.append(&mut parts);
    }
    ordered
}

/// Splits a range of a text into the spaces before its words, the words, and the spaces after them. Empty parts are left out.
fn apart(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let words = &text[range.clone()];
    let first = range.start + (words.len() - words.trim_start().len());
    let last = (range.start + words.trim_end().len()).max(first);
    let parts = [range.start..first, first..last, last..range.end];
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// Reads a text element of a picture: its attributes and its content.
fn read(element: &str) -> Option<(Vec<(&str, &str)>, String)> {
    let (head, rest) = element.strip_prefix("<text ")?.split_once('>')?;
    let pairs =
        head.split_inclusive("\" ").filter_map(|pair| pair.trim_end().strip_suffix('"')?.split_once("=\""));
    let text = rest.strip_suffix("</text>")?;
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    Some((pairs.collect(), text))
}

/// Whether a letter is invisible in every font: the property Default_Ignorable_Code_Point of Unicode 16, as far as it
/// concerns letters.
fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::super::fonts::fonts;
    use super::*;

    const TEXT: &str = "<text x=\"20\" y=\"36\" font-size=\"20\" font-weight=\"600\" text-anchor=\"end\" textLength=\"91\" \
                        lengthAdjust=\"spacingAndGlyphs\" fill=\"#222222\">A &lt; B &amp; &quot;Ж&quot;</text>";

    #[test]
    fn a_text_of_ours_is_read_with_its_attributes() {
        let (attributes, text) = read(TEXT).expect("it is one");
        assert_eq!(text, "A < B & \"Ж\"");
        assert_eq!(attributes.len(), 8);
        assert!(
            attributes.contains(&("x", "20")) && attributes.contains(&("fill", "#222222")),
            "{attributes:?}"
        );
    }

    #[test]
    fn what_the_bundled_font_has_stays_as_it_is() {
        let (svg, is_local) = fonts().spread(TEXT).expect("it has all letters");
        assert!(matches!(svg, Cow::Borrowed(_)) && !is_local);
        assert!(fonts().paints("Жаңа 274 – «Ł» €") && fonts().paints("a\u{200d}b"));
    }

    #[test]
    fn what_no_font_has_is_named() {
        let named = |text: &str| {
            let error = fonts().spread(&TEXT.replace("A &lt; B", text)).expect_err("no font has it");
            error.to_string().split(", for which").next().unwrap_or_default().to_owned()
        };
        assert_eq!(named("ქართული"), "this picture has words in Georgian script");
        assert_eq!(named("言 ა ს"), "this picture has words in Georgian and Han script");
        assert_eq!(named("\u{1f5e3}"), "this picture has the sign \u{1f5e3} (U+1F5E3)");
        let three =
            "this picture has words in Arabic, Georgian and Han script and the sign \u{1f5e3} (U+1F5E3)";
        assert_eq!(named("言 ა ع \u{1f5e3}"), three);
        // Only painted text counts.
        assert!(fonts().spread(&format!("<title>ქართული</title>{TEXT}")).is_ok());
    }

    #[test]
    fn words_that_are_read_from_the_right_stand_in_their_order() {
        let text = "2014: \u{5d0}\u{5d1} (\u{5d2}) ab";
        let run = |range: Range<usize>, own| Run { range, own, is_rtl: false };
        let at = |part: &str| text.find(part).expect("it is there");
        let (first, bracket, second, last) = (at("\u{5d0}"), at("("), at("\u{5d2}"), at(") ab"));
        // Brackets stay as they are when the operator's font has none.
        let runs = [
            run(0..first, None),
            run(first..bracket, Some(0)),
            run(bracket..second, None),
            run(second..last, Some(0)),
            run(last..text.len(), None),
        ];
        let told: Vec<(&str, bool)> =
            in_order(text, &runs).into_iter().map(|run| (&text[run.range], run.is_rtl)).collect();
        let expected = [
            ("2014:", false),
            (" ", false),
            (")", true),
            ("\u{5d2}", true),
            ("(", true),
            (" ", true),
            ("\u{5d0}\u{5d1}", true),
            (" ", false),
            ("ab", false),
        ];
        assert_eq!(told, expected);
        assert_eq!(in_order("ab cd", &runs[..1]), runs[..1]);
    }
}

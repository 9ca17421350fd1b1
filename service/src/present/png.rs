//! A picture as PNG: our own SVG, painted with the font it was measured with, and with the operator's where that lacks
//! letters.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::Tree;

use super::fonts::Fonts;
pub use super::spread::Unpaintable;

/// How many pixels of the PNG one pixel of the picture takes along a side.
pub const SCALES: std::ops::RangeInclusive<u32> = 1..=3;

/// The longest side of a PNG in pixels.
pub const LONGEST_SIDE: u32 = 4096;

/// Why there is no PNG. All but the first are bugs, for sizes are checked before and the SVG is ours.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// No font here has its letters.
    #[error(transparent)]
    Unpaintable(#[from] Unpaintable),
    /// Our SVG cannot be read.
    #[error("the picture cannot be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// Nothing can be painted in this size.
    #[error("a picture of {0} x {1} pixels cannot be painted")]
    Size(u32, u32),
    /// It cannot be encoded.
    #[error("the picture cannot be encoded: {0}")]
    Encoding(String),
}

/// A painted picture.
#[derive(Debug)]
pub struct Painted {
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether it has letters of the operator's fonts: with others it has other bytes.
    pub is_local: bool,
}

/// Paints an SVG of ours; `scale` is one of [`SCALES`].
///
/// # Errors
/// When no font has its letters; else only on a bug.
pub fn png(svg: &str, scale: u32, fonts: &Fonts) -> Result<Painted, PngError> {
    let (svg, is_local) = fonts.spread(svg)?;
    let tree = Tree::from_str(&svg, &fonts.options())?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width() * scale, size.height() * scale);
    let mut pixels = Pixmap::new(width, height).ok_or(PngError::Size(width, height))?;
    let scale = scale as f32;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let bytes = pixels.encode_png().map_err(|error| PngError::Encoding(error.to_string()))?;
    Ok(Painted { bytes, is_local })
}

#[cfg(test)]
mod tests {
    use super::super::fonts::fonts;
    use super::*;

    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"200\">\
         <text x=\"10\" y=\"50\" font-family=\"'Noto Sans'\" font-size=\"40\">Жаңа 274</text></svg>";

    /// Width and height as the header of a PNG has them.
    fn size(png: &[u8]) -> (u32, u32) {
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
        (number(16), number(20))
    }

    #[test]
    fn it_has_the_size_asked_for_and_letters_are_painted() {
        let png = |svg: &str, scale| png(svg, scale, fonts()).expect("painted").bytes;
        assert_eq!(size(&png(SVG, 1)), (300, 200));
        let painted = png(SVG, 3);
        assert_eq!(size(&painted), (900, 600));
        let without = png(&SVG.replace("Жаңа 274", ""), 3);
        assert!(painted.len() > without.len() + 500, "{} and {}", painted.len(), without.len());
    }
}

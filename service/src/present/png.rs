//! A picture as PNG. The SVG of this service is painted with the font that it was measured with, and with the operator's fonts for
//! letters that this font lacks.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::Tree;

use super::fonts::Fonts;
pub use super::spread::Unpaintable;

/// The reason why there is no PNG. All but the first are bugs: sizes are checked before, and the SVG is made here.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// No font of this service has the letters of the picture.
    #[error(transparent)]
    Unpaintable(#[from] Unpaintable),
    /// The SVG cannot be read.
    #[error("the picture cannot be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// Nothing can be painted in this size, in pixels.
    #[error("a picture of {0} x {1} pixels cannot be painted")]
    Size(u32, u32),
    /// The pixels cannot be encoded as PNG.
    #[error("the picture cannot be encoded: {0}")]
    Encoding(String),
}

/// A painted picture.
#[derive(Debug)]
pub struct Painted {
    /// The bytes of the PNG file.
    pub bytes: Vec<u8>,
    /// Whether letters come from the operator's fonts. Other fonts would give other bytes.
    pub is_local: bool,
}

/// Paints an SVG of this service; `scale` is one of `SCALES`.
///
/// # Errors
/// When no font has the picture's letters; otherwise only on a bug.
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

    /// Reads width and height from the header of a PNG, in pixels.
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

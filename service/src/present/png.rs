//! A picture as PNG: our own SVG, painted with the font it was measured with and no other.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

/// How many pixels of the PNG one pixel of the picture takes along a side.
pub const SCALES: std::ops::RangeInclusive<u32> = 1..=3;

/// The longest side of a PNG in pixels.
pub const LONGEST_SIDE: u32 = 4096;

/// Why there is no PNG: a bug, for sizes are checked before and the SVG is ours.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
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

/// Paints an SVG of ours; `scale` is one of [`SCALES`].
///
/// # Errors
/// Only on a bug.
pub fn png(svg: &str, scale: u32) -> Result<Vec<u8>, PngError> {
    // Two cuts of one font, read once. Nothing of the system: a picture is the same wherever the service runs.
    static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut fonts = Database::new();
        fonts.load_font_data(include_bytes!("../../../widget/assets/NotoSans-Regular.ttf").to_vec());
        fonts.load_font_data(include_bytes!("../../../widget/assets/NotoSans-Bold.ttf").to_vec());
        fonts.set_sans_serif_family("Noto Sans");
        Arc::new(fonts)
    });
    let options = Options { fontdb: Arc::clone(&FONTS), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width() * scale, size.height() * scale);
    let mut pixels = Pixmap::new(width, height).ok_or(PngError::Size(width, height))?;
    let scale = scale as f32;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PngError::Encoding(error.to_string()))
}

#[cfg(test)]
mod tests {
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
        assert_eq!(size(&png(SVG, 1).expect("painted")), (300, 200));
        let painted = png(SVG, 3).expect("painted");
        assert_eq!(size(&painted), (900, 600));
        let without = png(&SVG.replace("Жаңа 274", ""), 3).expect("painted");
        assert!(painted.len() > without.len() + 500, "{} and {}", painted.len(), without.len());
    }
}

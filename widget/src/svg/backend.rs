//! A plotters backend that writes SVG.
//!
//! The SVG has presentation attributes only: no style attribute, class or script. The picture therefore looks the
//! same as an `<img>`, inline, and under the strictest Content-Security-Policy.

use super::metrics::Font;
use super::xml::{attribute, escape, push_hex, push_whole, put};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};
use std::convert::Infallible;

/// From this width on, in pixels, a text carries its width, so that a substitute font cannot overflow.
const PINNED_FROM: i32 = 40;

/// The plotters backend of a [`Document`](super::Document). One unit is one pixel of the picture.
#[derive(Debug)]
pub struct Svg<'a> {
    pub(super) text: &'a mut String,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Svg<'_> {
    /// Ends an element, which is either filled or has an outline.
    fn end<S: BackendStyle>(&mut self, style: &S, fill: bool) -> Drawn {
        if fill {
            self.color("fill", style.color());
        } else {
            self.stroke(style.color(), style.stroke_width());
        }
        put(self.text, "/>\n");
        Ok(())
    }

    fn stroke(&mut self, color: BackendColor, width: u32) {
        put(self.text, " fill=\"none\"");
        self.color("stroke", color);
        if width != 1 {
            attribute(self.text, "stroke-width", width as i32);
        }
    }

    fn color(&mut self, name: &str, color: BackendColor) {
        self.text.push(' ');
        put(self.text, name);
        put(self.text, "=\"#");
        let (red, green, blue) = color.rgb;
        for part in [red, green, blue] {
            push_hex(self.text, part);
        }
        self.text.push('"');
        if color.alpha < 1.0 {
            let per_cent = (color.alpha.max(0.0) * 100.0) as i32;
            self.text.push(' ');
            put(self.text, name);
            put(self.text, "-opacity=\".");
            push_whole(self.text, per_cent / 10);
            push_whole(self.text, per_cent % 10);
            self.text.push('"');
        }
    }

    /// Writes the points of a path. A line of odd thickness is centred in a pixel, because otherwise it would be smeared
    /// over two pixels.
    fn points(&mut self, points: impl IntoIterator<Item = BackendCoord>, odd: bool) {
        let half = if odd { ".5" } else { "" };
        for (index, (x, y)) in points.into_iter().enumerate() {
            if index > 0 {
                self.text.push(' ');
            }
            self.coordinate(x, half);
            self.text.push(',');
            self.coordinate(y, half);
        }
        self.text.push('"');
    }

    fn coordinate(&mut self, value: i32, half: &str) {
        // For negative numbers, -1 + .5 is written as -.5, not as -1.5.
        if value < 0 && !half.is_empty() {
            self.text.push('-');
            push_whole(self.text, -(value + 1));
        } else {
            push_whole(self.text, value);
        }
        put(self.text, half);
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect(point, (point.0 + 1, point.1 + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let half = if fill || style.stroke_width().is_multiple_of(2) { "" } else { ".5" };
        put(self.text, "<rect x=\"");
        self.coordinate(upper_left.0, half);
        put(self.text, "\" y=\"");
        self.coordinate(upper_left.1, half);
        self.text.push('"');
        attribute(self.text, "width", bottom_right.0 - upper_left.0);
        attribute(self.text, "height", bottom_right.1 - upper_left.1);
        self.end(style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        put(self.text, "<polyline points=\"");
        self.points(path, style.stroke_width() % 2 == 1);
        self.stroke(style.color(), style.stroke_width());
        if style.stroke_width() > 1 {
            put(self.text, " stroke-linejoin=\"round\" stroke-linecap=\"round\"");
        }
        put(self.text, "/>\n");
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        put(self.text, "<circle");
        attribute(self.text, "cx", center.0);
        attribute(self.text, "cy", center.1);
        attribute(self.text, "r", radius as i32);
        self.end(style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Drawn {
        put(self.text, "<polygon points=\"");
        self.points(vert, false);
        self.end(style, true)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        if text.chars().all(char::is_whitespace) {
            return Ok(());
        }
        let font = font_of(style);
        let anchor = style.anchor();
        let top = match anchor.v_pos {
            VPos::Top => at.1,
            VPos::Center => at.1 - font.height() / 2,
            VPos::Bottom => at.1 - font.height(),
        };
        put(self.text, "<text");
        attribute(self.text, "x", at.0);
        attribute(self.text, "y", top + font.ascent());
        attribute(self.text, "font-size", font.size as i32);
        if font.bold {
            put(self.text, " font-weight=\"600\"");
        }
        match anchor.h_pos {
            HPos::Left => {}
            HPos::Center => put(self.text, " text-anchor=\"middle\""),
            HPos::Right => put(self.text, " text-anchor=\"end\""),
        }
        let width = font.width(text);
        if width >= PINNED_FROM {
            attribute(self.text, "textLength", width);
            put(self.text, " lengthAdjust=\"spacingAndGlyphs\"");
        }
        self.color("fill", style.color());
        self.text.push('>');
        escape(self.text, text);
        put(self.text, "</text>\n");
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let font = font_of(style);
        Ok((font.width(text).unsigned_abs(), font.height().unsigned_abs()))
    }
}

fn font_of(style: &impl BackendTextStyle) -> Font {
    Font { size: style.size() as u32, bold: matches!(style.style(), FontStyle::Bold) }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;

    #[test]
    fn text_is_escaped_and_pinned_to_its_width() {
        let mut document = Document::new(300, 200, "en", "A & B", "<desc>");
        let style = plotters::style::TextStyle::from((plotters::style::FontFamily::SansSerif, 12));
        document.backend().draw_text("1 < 2 & \"three\" \u{1e}", &style, (5, 10)).expect("never fails");
        let svg = document.finish();
        assert!(svg.contains(">1 &lt; 2 &amp; &quot;three&quot;  </text>"), "{svg}");
        assert!(svg.contains("textLength="), "{svg}");
        assert!(svg.contains(">A &amp; B</title>"), "{svg}");
    }

    #[test]
    fn numbers_below_zero_keep_their_half_pixel() {
        let mut document = Document::new(300, 200, "", "", "");
        document.backend().draw_path([(-1, 0), (-20, 7)], &plotters::style::BLACK).expect("never fails");
        assert!(document.finish().contains("points=\"-0.5,0.5 -19.5,7.5\""));
    }
}

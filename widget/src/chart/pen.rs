//! The pen: it draws on the page in pixels, in the colours of the theme.

use super::map::Rect;
use super::palette::Palette;
use super::series::Style;
use crate::svg::{Font, Svg};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

/// A part of the page with plotters' coordinate translation from figures to pixels and back. The chart builder of
/// plotters is not used, because its captions and label areas would only add to the download.
pub type Plot<'a> = DrawingArea<Svg<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A pen that draws on the page. Drawing cannot fail: the backend writes to a string in memory, which is never
/// shared, so the results that plotters returns are ignored.
pub struct Pen<'a> {
    pub area: DrawingArea<Svg<'a>, Shift>,
    pub palette: &'static Palette,
}

impl<'a> Pen<'a> {
    /// Returns the part of the page in a rectangle, with coordinates that rise from left to right and from bottom to
    /// top.
    pub fn plot(&self, rect: Rect, x: (f64, f64), y: (f64, f64)) -> Plot<'a> {
        let pixels = (rect.left..rect.right, rect.bottom..rect.top);
        self.area.apply_coord_spec(Cartesian2d::new(x.0..x.1, y.0..y.1, pixels))
    }

    /// Writes a line of text. The top of its box is at `y`; its left, middle or right is at `x`.
    pub fn text(&self, text: &str, at: (i32, i32), side: HPos, font: Font, color: RGBColor) {
        let style = if font.bold { FontStyle::Bold } else { FontStyle::Normal };
        let style = TextStyle {
            font: FontDesc::new(FontFamily::SansSerif, f64::from(font.size), style),
            color: color.to_backend_color(),
            pos: Pos::new(side, VPos::Top),
        };
        let _ = self.area.draw_text(text, &style, at);
    }

    /// Fills a rectangle.
    pub fn fill(&self, rect: Rect, color: RGBColor) {
        let _ = self
            .area
            .draw(&Rectangle::new([(rect.left, rect.top), (rect.right, rect.bottom)], color.filled()));
    }

    /// Fills an area so lightly that everything below stays visible.
    pub fn pale(&self, outline: &[(i32, i32)], color: RGBColor) {
        let _ = self.area.draw(&Polygon::new(outline.to_vec(), color.mix(0.2)));
    }

    /// Fills a rectangle as lightly.
    pub fn fill_pale(&self, rect: Rect, color: RGBColor) {
        let corners = [(rect.left, rect.top), (rect.right, rect.bottom)];
        let _ = self.area.draw(&Rectangle::new(corners, color.mix(0.2).filled()));
    }

    /// Draws a thin line along the inner edge of a rectangle.
    pub fn outline(&self, rect: Rect, color: RGBColor) {
        let [first, second, third, last] =
            Rect { right: rect.right - 1, bottom: rect.bottom - 1, ..rect }.corners();
        self.path(&[first, second, third, last, first], color, 1);
    }

    /// Draws straight lines through points.
    pub fn path(&self, points: &[(i32, i32)], color: RGBColor, width: u32) {
        let style = ShapeStyle { color: color.to_rgba(), filled: false, stroke_width: width };
        let _ = self.area.draw(&PathElement::new(points.to_vec(), style));
    }

    /// Draws the outline of a circle.
    pub fn ring(&self, center: (i32, i32), radius: u32, color: RGBColor, width: u32) {
        let style = ShapeStyle { color: color.to_rgba(), filled: false, stroke_width: width };
        let _ = self.area.draw(&Circle::new(center, radius, style));
    }

    /// Draws the mark of a style at a point.
    pub fn marker(&self, at: (i32, i32), style: Style, size: i32, hollow: bool) {
        let inner = (hollow && size > 2).then_some((size - 2, self.palette.background));
        for (size, color) in [Some((size, style.color)), inner].into_iter().flatten() {
            if style.mark.is_multiple_of(6) {
                let _ = self.area.draw(&Circle::new(at, size.unsigned_abs(), color.filled()));
                continue;
            }
            let outline: Vec<(i32, i32)> =
                shape(style.mark, size).iter().map(|(x, y)| (at.0 + x, at.1 + y)).collect();
            let _ = self.area.draw(&Polygon::new(outline, color));
        }
    }
}

/// Returns the outline of a mark around its centre, about as heavy as a circle of radius `size`.
fn shape(mark: usize, size: i32) -> Vec<(i32, i32)> {
    let tip = size + 1;
    match mark % 6 {
        1 => vec![(-size, -size), (size, -size), (size, size), (-size, size)],
        2 => vec![(0, -tip), (tip, size), (-tip, size)],
        3 => vec![(0, -tip - 1), (tip + 1, 0), (0, tip + 1), (-tip - 1, 0)],
        4 => vec![(0, tip), (tip, -size), (-tip, -size)],
        _ => {
            let arm = (size / 2).max(1);
            vec![
                (-arm, -tip),
                (arm, -tip),
                (arm, -arm),
                (tip, -arm),
                (tip, arm),
                (arm, arm),
                (arm, tip),
                (-arm, tip),
                (-arm, arm),
                (-tip, arm),
                (-tip, -arm),
                (-arm, -arm),
            ]
        }
    }
}

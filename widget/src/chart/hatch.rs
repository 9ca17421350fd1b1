//! Hatching for provisional figures, drawn as separate lines. An SVG pattern would need an id, and pictures
//! inline in the same page share their ids.

use super::map::Rect;
use super::pen::Pen;
use plotters::style::RGBColor;

/// Distance between two lines on a bar, and on the background of a plot, in pixels along either axis.
const ON_BAR: i32 = 5;
const ON_GROUND: i32 = 8;

/// Hatches the background of a plot.
pub fn ground(pen: &Pen<'_>, rect: Rect, color: RGBColor) {
    for (low, high) in lines(rect, ON_GROUND) {
        pen.path(&[low, high], color, 1);
    }
}

/// Hatches a bar within its outline. The hatching is a single line that zigzags between the edges, because
/// hundreds of short lines would be most of the picture's text.
pub fn bar(pen: &Pen<'_>, rect: Rect, color: RGBColor) {
    let (right, bottom) = (rect.right - 1, rect.bottom - 1);
    let mut path: Vec<(i32, i32)> = Vec::new();
    for (index, (low, high)) in lines(rect, ON_BAR).enumerate() {
        let (first, second) = if index % 2 == 0 { (low, high) } else { (high, low) };
        if let Some(last) = path.last().copied() {
            // The line follows the edges around the corner, and does not cut across it.
            if last.1 == rect.top && first.0 == right && last.0 != right && first.1 != rect.top {
                path.push((right, rect.top));
            } else if last.0 == rect.left && first.1 == bottom && last.1 != bottom && first.0 != rect.left {
                path.push((rect.left, bottom));
            }
        }
        path.extend([first, second]);
    }
    if path.len() > 1 {
        pen.path(&path, color, 1);
    }
    pen.outline(rect, color);
}

/// Returns lines that rise to the right at 45 degrees, clipped to a rectangle, each as its lower and upper end.
/// They are counted from the corner of the picture, so they meet the lines of neighbouring rectangles.
fn lines(rect: Rect, step: i32) -> impl Iterator<Item = ((i32, i32), (i32, i32))> {
    let (left, top, right, bottom) = (rect.left, rect.top, rect.right - 1, rect.bottom - 1);
    let first = (left + top).div_euclid(step) + 1;
    let last = (right + bottom - 1).div_euclid(step);
    (first..=last).map(move |index| {
        let sum = index * step;
        let (low, high) = (left.max(sum - bottom), right.min(sum - top));
        ((low, sum - low), (high, sum - high))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_leaves_its_rectangle() {
        for rect in [
            Rect { left: 3, top: 10, right: 9, bottom: 90 },
            Rect { left: 100, top: 7, right: 400, bottom: 12 },
            Rect { left: 0, top: 0, right: 5, bottom: 5 },
        ] {
            for ((x, y), (to_x, to_y)) in lines(rect, 5) {
                assert!(x >= rect.left && to_x < rect.right && to_y >= rect.top && y < rect.bottom);
                assert!(to_x >= x && to_x - x == y - to_y, "at 45 degrees");
            }
            assert!(lines(rect, 5).count() > 0);
        }
    }
}

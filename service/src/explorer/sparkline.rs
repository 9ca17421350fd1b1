//! A series as a line of the size of a word: its shape alone, without axes. The figure beside it says how many.

/// Size of the picture in pixels, and the room around the line.
const SIZE: (f64, f64) = (60.0, 16.0);
const MARGIN: f64 = 2.0;

/// Fewest figures that have a shape.
const FEWEST: usize = 3;

/// Returns the path of a series for an SVG of 60 by 16; empty where it has no shape. Years without a figure are gaps, and a year
/// between two gaps is left out: its dot would look like a stain. The lowest place is zero.
pub fn sparkline(line: &[(i32, u64)]) -> String {
    let has = |year: i32| line.iter().any(|(own, _)| *own == year);
    let joined = |(year, _): &&(i32, u64)| has(year - 1) || has(year + 1);
    let line: Vec<(i32, u64)> = line.iter().filter(joined).copied().collect();
    if line.len() < FEWEST {
        return String::new();
    }
    let (Some(&(first, _)), Some(&(last, _))) = (line.first(), line.last()) else { return String::new() };
    let most = line.iter().map(|(_, value)| *value).max().unwrap_or_default().max(1) as f64;
    let (years, wide, high) = (f64::from(last - first), SIZE.0 - 2.0 * MARGIN, SIZE.1 - 2.0 * MARGIN);
    let place = |(year, value): (i32, u64)| {
        let (x, y) =
            (MARGIN + f64::from(year - first) / years * wide, SIZE.1 - MARGIN - value as f64 / most * high);
        format!("{} {}", tenth(x), tenth(y))
    };
    let mut path = String::new();
    for (at, &own) in line.iter().enumerate() {
        let follows = at > 0 && line[at - 1].0 + 1 == own.0;
        path.push_str(&format!("{}{}", if follows { 'L' } else { 'M' }, place(own)));
    }
    path
}

fn tenth(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::sparkline;

    #[test]
    fn a_gap_is_no_line_and_a_year_between_gaps_is_left_out() {
        assert_eq!(sparkline(&[]), "");
        assert_eq!(sparkline(&[(2000, 0), (2001, 10)]), "");
        assert_eq!(sparkline(&[(2000, 10), (2002, 0), (2004, 5)]), "");
        assert_eq!(sparkline(&[(2000, 0), (2001, 5), (2002, 10)]), "M2 14L30 8L58 2");
        assert_eq!(
            sparkline(&[(1990, 99), (2000, 10), (2001, 0), (2003, 5), (2004, 5)]),
            "M2 2L16 14M44 8L58 8"
        );
    }

    #[test]
    fn zeros_lie_at_the_bottom() {
        assert_eq!(sparkline(&[(2000, 0), (2001, 0), (2002, 0)]), "M2 14L30 14L58 14");
    }
}

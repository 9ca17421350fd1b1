//! Times of the benchmark beside other libraries: medians, quartiles, and how they are printed.

use serde_json::Value;

/// How often each page is opened on each network.
pub const ROUNDS: usize = 15;
/// How often each library draws the large chart again.
pub const REDRAWS: usize = 60;

/// What was measured of one page, one number per round.
#[derive(Default)]
pub struct Measured {
    pub name: String,
    pub bytes: f64,
    pub pictured: Vec<f64>,
    pub painted: Vec<f64>,
    /// When the chart answers mouse and keyboard, where that is before it is drawn.
    pub readable: Vec<f64>,
    /// When a figure stands on the screen that a resting mouse asks for, where that can be told.
    pub answered: Vec<f64>,
}

pub fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The lowest and highest of the middle half.
pub fn quartiles(numbers: &[f64]) -> (f64, f64) {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |part: usize| sorted.get(sorted.len() * part / 4).copied().unwrap_or(f64::NAN);
    (at(1), at(3))
}

impl Measured {
    /// When the chart answers mouse and keyboard.
    fn read(&self) -> &[f64] {
        if self.readable.is_empty() { &self.painted } else { &self.readable }
    }
}

pub fn print_loading(title: &str, all: &[Measured]) {
    let ours = median(all[0].read());
    println!("\n{title}: medians of {ROUNDS}\n");
    println!(
        "| | program, kB | picture, ms | can be read, ms | quartiles | times ours | drawn here, ms | the mouse is told, ms |\n|---|---|---|---|---|---|---|---|"
    );
    for one in all {
        let (low, high) = quartiles(one.read());
        let shown = |times: &[f64]| match times {
            [] => String::new(),
            times => format!("{:.0}", median(times)),
        };
        let (picture, told) = (shown(&one.pictured), shown(&one.answered));
        let (read, drawn) = (median(one.read()), median(&one.painted));
        println!(
            "| {} | {:.1} | {picture} | {read:.0} | {low:.0} to {high:.0} | {:.2} | {drawn:.0} | {told} |",
            one.name,
            one.bytes / 1000.0,
            read / ours
        );
    }
}

/// Milliseconds of each redraw, for layout and for the whole frame.
pub fn columns(times: &Value, place: usize) -> Vec<f64> {
    let times = times.as_array().expect("times are a list");
    times
        .iter()
        .filter_map(|time| time.as_array().map_or(time.as_f64(), |pair| pair[place].as_f64()))
        .collect()
}

pub fn print_redraws(name: &str, laid_out: &[f64], framed: Option<&[f64]>) {
    let (low, high) = quartiles(laid_out);
    let framed = framed.map_or(String::new(), |framed| format!("{:.1}", median(framed)));
    println!("| {name} | {:.1} | {low:.1} to {high:.1} | {framed} |", median(laid_out));
}

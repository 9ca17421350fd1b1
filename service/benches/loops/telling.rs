//! Benchmarks of what follows counting: the disclosure policy, and answers as text and as pictures.

use chargesheet::disclosure::protect;
use chargesheet::domain::Language;
use chargesheet::present::csv::csv;
use chargesheet::present::svg::take_asked;
use chargesheet::present::{json, wire};
use chargesheet::query::Params;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

use crate::register::REGISTER;

/// A query for everything that four dimensions distinguish.
const LARGE: &str = "by=country,statute,outcome,year&measure=charges";
/// A query such as a page makes.
const SMALL: &str = "by=year,outcome&measure=charges&country=KAZ";

#[divan::bench(args = [SMALL, LARGE])]
fn disclosure(bencher: Bencher, question: &str) {
    let register = &*REGISTER;
    let query = register.query(question);
    let policy = register.dataset.release.disclosure();
    bencher
        .counter(ItemsCount::new(register.answer(&query).rows()))
        .with_inputs(|| register.count(&query))
        .bench_values(|counts| protect(counts, policy));
}

#[divan::bench(args = [SMALL, LARGE])]
fn as_csv(bencher: Bencher, question: &str) {
    let register = &*REGISTER;
    let query = register.query(question);
    let (answer, release) = (register.answer(&query), &register.dataset.release);
    let length = csv(&query, release, &answer).len();
    bencher.counter(BytesCount::new(length)).bench(|| csv(&query, release, black_box(&answer)));
}

#[divan::bench(args = [SMALL])]
fn as_json(bencher: Bencher, question: &str) {
    let register = &*REGISTER;
    let query = register.query(question);
    let answer = register.answer(&query);
    let made = || {
        let told =
            wire(&register.dataset, &query, black_box(&answer), Language::ENGLISH, "https://example.org");
        json(&told.expect("it can be told"))
    };
    bencher.counter(BytesCount::new(made().len())).bench(made);
}

#[divan::bench(args = ["line", "bar", "stacked", "share"])]
fn as_svg(bencher: Bencher, kind: &str) {
    let register = &*REGISTER;
    let query = register.query(SMALL);
    let answer = register.answer(&query);
    let told = wire(&register.dataset, &query, &answer, Language::ENGLISH, "https://example.org");
    let told = told.expect("it can be told");
    let asked = Params::parse(&format!("type={kind}")).and_then(|mut params| take_asked(&mut params));
    let asked = asked.expect("it is a picture");
    let drawn = || asked.draw(black_box(&told)).expect("it can be drawn");
    bencher.counter(BytesCount::new(drawn().0.len())).bench(drawn);
}

//! Benchmarks of counting: one question for each method of adding up charges or distinguishing ids.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

use crate::register::{CHARGES, REGISTER};

/// A question, and the beginning of the plan that it must take.
struct Question {
    name: &'static str,
    asked: &'static str,
    plan: &'static str,
}

impl std::fmt::Display for Question {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}

const fn question(name: &'static str, asked: &'static str, plan: &'static str) -> Question {
    Question { name, asked, plan }
}

/// Questions that count charges.
const CHARGES_OF: [Question; 5] = [
    question("cube, few cells", "by=year&measure=charges&country=KAZ", "cube"),
    question("cube, many cells", "by=country,year,outcome&measure=charges&from=2006", "cube"),
    question("where dates begin", "by=country&measure=charges&from=2012-03-05&to=2019-08-10", "offsets"),
    question("rows between days", "by=outcome&measure=charges&from=2012-03-05&to=2019-08-10", "charges"),
    question("rows of two columns", "by=role,region&measure=charges&from=2006", "charges"),
];

/// Questions that count distinct ids. The number of cells in a group of statutes and dates decides the method.
const DISTINCT: [Question; 6] = [
    question("a bit, one group", "by=&measure=persons", "distinct"),
    question("a bit, many groups", "by=country,year&measure=persons", "distinct"),
    question("a mask of 8", "by=outcome&measure=cases", "distinct"),
    question("a mask of 64", "by=outcome,role&measure=cases", "distinct"),
    question("sorted", "by=region&measure=persons", "distinct"),
    question("persons and cases", "by=country,year&measure=persons,cases", "distinct"),
];

#[divan::bench(args = CHARGES_OF)]
fn charges(bencher: Bencher, question: &Question) {
    counted(bencher, question);
}

#[divan::bench(args = DISTINCT)]
fn distinct(bencher: Bencher, question: &Question) {
    counted(bencher, question);
}

/// Measures charges per second. The rate always refers to the whole register, even where a method reads less.
fn counted(bencher: Bencher, question: &Question) {
    let register = &*REGISTER;
    let query = register.query(question.asked);
    let answer = register.answer(&query);
    let plan = answer.plan();
    assert!(plan.starts_with(question.plan) && answer.rows() > 0, "{question} takes another way: {plan}");
    bencher.counter(ItemsCount::new(CHARGES)).bench(|| register.count(black_box(&query)));
}

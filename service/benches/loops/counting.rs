//! Counting: one question for each way in which charges are added up and ids are told apart.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

use crate::register::{CHARGES, REGISTER};

/// A question, and how the way begins that it is meant to take.
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

/// Counts of charges.
const CHARGES_OF: [Question; 5] = [
    question("cube, few cells", "by=year&measure=charges&country=KAZ", "cube"),
    question("cube, many cells", "by=country,year,outcome&measure=charges&from=2006", "cube"),
    question("where dates begin", "by=country&measure=charges&from=2012-03-05&to=2019-08-10", "offsets"),
    question("rows between days", "by=outcome&measure=charges&from=2012-03-05&to=2019-08-10", "charges"),
    question("rows of two columns", "by=role,region&measure=charges&from=2006", "charges"),
];

/// Counts of different ids: how many cells a group of statutes and dates falls into decides the way.
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

/// Charges a second: of the whole register, whatever the way looks at.
fn counted(bencher: Bencher, question: &Question) {
    let register = &*REGISTER;
    let query = register.query(question.asked);
    let answer = register.answer(&query);
    let plan = answer.plan();
    assert!(plan.starts_with(question.plan) && answer.rows() > 0, "{question} takes another way: {plan}");
    bencher.counter(ItemsCount::new(CHARGES)).bench(|| register.count(black_box(&query)));
}

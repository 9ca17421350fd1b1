//! The parameter `rate`: it asks for rates per 100,000 people, which not every query allows.

use super::cause::Cause;
use super::error::{QueryError, value};
use super::question::Query;
use crate::domain::{Dimension, Period};
use crate::release::Release;

/// Parses the parameter `rate`.
///
/// # Errors
/// When the value is anything but `1`.
pub fn parse(text: Option<&str>) -> Result<bool, QueryError> {
    match text {
        None => Ok(false),
        Some("1") => Ok(true),
        Some(other) => {
            Err(value("rate", other, "write `rate=1` for rates per 100,000 people".to_owned(), &["1"]))
        }
    }
}

/// Checks that every row of the answer has one country and one whole year, because a rate divides by their population.
///
/// # Errors
/// When the country or the year is missing. The error says which, and what to add.
pub fn check(query: &Query, release: &Release) -> Result<(), QueryError> {
    if !query.rate {
        return Ok(());
    }
    let refuse = |cause, problem: String| Err(value("rate", "1", problem, &[]).because(cause));
    if release.populations().is_empty() {
        let problem = format!(
            "dataset `{}` brings no populations in this release, and a rate is of people; leave `rate` out",
            release.dataset()
        );
        return refuse(Cause::NoPeople, problem);
    }
    if query.by.contains(&Dimension::Month) {
        let problem = "populations are of whole years; group by year in the place of month";
        return refuse(Cause::RateNeedsWhole, problem.to_owned());
    }
    let asks = |dimension| query.by.contains(&dimension) || query.keep.contains_key(&dimension);
    if let Some(part) = [Dimension::Period, Dimension::Area].into_iter().find(|&dimension| asks(dimension)) {
        let problem = format!(
            "populations are of calendar years and whole countries; leave `{part}` out, and group by year"
        );
        return refuse(Cause::RateNeedsWhole, problem);
    }
    if !query.by.contains(&Dimension::Country)
        && query.only_country().is_none()
        && !statutes_settle_country(query, release)
    {
        let example = release.populations().first().map_or("KAZ", |of| of.country.as_str());
        let problem = format!(
            "each row must be of one country, whose people it is divided by: add `country` to `by`, or keep one \
             country (`country={example}`)"
        );
        return refuse(Cause::RateNeedsCountry, problem);
    }
    let whole = |first: Option<Period>, last: Option<Period>| {
        first.is_none_or(|from| from.first_day() == from.first_day().first_of_year())
            && last.is_none_or(|to| to.last_day() == to.last_day().last_of_year())
    };
    if !query.by.contains(&Dimension::Year) && query.only_year().is_none() {
        let problem = "each row must be of one year, whose people it is divided by: add `year` to `by`, or keep one \
                       year (`from=2020&to=2020`)";
        return refuse(Cause::RateNeedsYear, problem.to_owned());
    }
    if !whole(query.from, query.to) {
        let problem =
            "populations are of whole years; let `from` begin a year and `to` end one (`from=2020&to=2021`)";
        return refuse(Cause::RateNeedsWhole, problem.to_owned());
    }
    Ok(())
}

/// Whether the statutes determine the country of every row. An answer by statute does, because a statute belongs to one
/// country; with `lineage` it does unless a statute is counted under one of another country. A filter on statutes does when
/// all of them belong to the same country.
fn statutes_settle_country(query: &Query, release: &Release) -> bool {
    let register = release.register();
    let country = |code: u16| register.at(code).country.as_str();
    if query.by.contains(&Dimension::Statute) {
        let all = || (0..).take(register.all().len()).collect();
        let is_at_home = |&code: &u16| country(register.heir(code)) == country(code);
        return !query.lineage || query.statutes(release).unwrap_or_else(all).iter().all(is_at_home);
    }
    if !query.keep.contains_key(&Dimension::Statute) {
        return false;
    }
    let kept = query.statutes(release).unwrap_or_default();
    kept.iter().all(|&code| country(code) == country(kept[0]))
}

//! What became of the page of a source, and whether the source's figures stand in it.

use std::collections::HashSet;

use serde::Serialize;

use crate::ingest::printable;
use crate::sources::{Failure, Page, Values};

/// Exit code if a page was not captured; of a recheck, if one is gone, has changed or has lost figures.
const CHANGED: u8 = 1;
/// Exit code of a recheck if some pages could not be compared and none of the others changed.
const UNCOMPARED: u8 = 2;

chargesheet_check::words! {
    /// What became of a source.
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    State {
        /// The page was captured.
        Captured = "captured",
        /// The page is as it was captured.
        Same = "same",
        /// The page has other bytes. The figures that were found are still found.
        Changed = "changed",
        /// Figures that were found are not found any more.
        Lost = "lost",
        /// The page was never captured, so there is nothing to compare it with.
        New = "new",
        /// The server says that there is no such page.
        Gone = "gone",
        /// The page may not be fetched.
        Refused = "refused",
        /// The page could not be fetched this time.
        Failed = "failed",
    }
}

chargesheet_check::words! {
    /// How many of a source's figures were found, in the words of the column `found`.
    #[derive(PartialOrd, Ord, Serialize)]
    #[serde(rename_all = "kebab-case")]
    Found {
        Unreadable = "unreadable",
        None = "none",
        Some = "some",
        All = "all",
    }
}

/// What is told of a source.
#[derive(Debug, Serialize)]
pub struct Told {
    /// The id of the source.
    pub source: String,
    /// The address of its page.
    pub url: String,
    /// What became of the page.
    pub state: State,
    /// How many figures name the source.
    pub figures: usize,
    /// How many of them stand in the page; `None` where there is no page, or no text of it.
    pub figures_found: Option<usize>,
    /// The same in the words of the column `found`; `None` as well where no figure names the source.
    pub found: Option<Found>,
    /// The day on which the page was fetched (UTC).
    pub captured: Option<String>,
    /// SHA-256 of the page, in hex digits.
    pub sha256: Option<String>,
    /// What is wrong, in words.
    pub problem: Option<String>,
}

/// A source, and what is known of it before its page is fetched.
pub struct Asked {
    /// Its id.
    pub id: String,
    /// The address of its page.
    pub url: String,
    /// The values of its figures.
    pub figures: Vec<u64>,
    /// What the last capture found.
    pub earlier: Values,
}

/// The numbers in a page, or why it has no text.
pub type Read = Result<HashSet<u64>, String>;

/// Says what became of a source.
pub fn judge(asked: &Asked, page: Result<&Page, &Failure>, read: Option<&Read>, is_recheck: bool) -> Told {
    let Asked { id, url, figures, earlier } = asked;
    let told = |state| Told {
        source: id.clone(),
        url: url.clone(),
        state,
        figures: figures.len(),
        figures_found: None,
        found: None,
        captured: None,
        sha256: None,
        problem: None,
    };
    let page = match page {
        Ok(page) => page,
        Err(failure) => {
            let (state, problem) = match failure {
                Failure::Gone(problem) => (State::Gone, problem),
                Failure::Refused(problem) => (State::Refused, problem),
                Failure::Failed(problem) | Failure::Disk(problem) => (State::Failed, problem),
            };
            return Told { problem: Some(problem.clone()), ..told(state) };
        }
    };
    let numbers = read.and_then(|read| read.as_ref().ok());
    let figures_found = numbers.map(|all| figures.iter().filter(|value| all.contains(value)).count());
    let found = match figures_found {
        // Of a source that no figure names, nothing can be found.
        _ if figures.is_empty() => None,
        None => Some(Found::Unreadable),
        Some(0) => Some(Found::None),
        Some(number) if number == figures.len() => Some(Found::All),
        Some(_) => Some(Found::Some),
    };
    let [_, sha256, found_earlier] = earlier;
    let found_earlier = Found::from_name(found_earlier);
    let state = match () {
        () if !is_recheck => State::Captured,
        () if sha256.is_empty() => State::New,
        () if found_earlier > Some(Found::None) && found.is_some() && found < found_earlier => State::Lost,
        () if *sha256 != page.sha256 => State::Changed,
        () => State::Same,
    };
    let problem = read.and_then(|read| read.as_ref().err()).cloned();
    let captured = Some(page.at.strftime("%Y-%m-%d").to_string());
    Told { figures_found, found, captured, sha256: Some(page.sha256.clone()), problem, ..told(state) }
}

/// Writes what is told of a source on one line. Control characters from the outside are escaped.
pub fn line(told: &Told, width: usize) -> String {
    let found = match (told.found, told.figures_found) {
        (Some(Found::Unreadable), _) => "unreadable".to_owned(),
        (_, Some(found)) => format!("{found} of {}", told.figures),
        _ => "-".to_owned(),
    };
    let problem = told.problem.as_ref().map_or(String::new(), |problem| format!("  {} {problem}", told.url));
    let line = format!("{:<width$}  {:<8}  {found:<13}{problem}", told.source, told.state.name());
    format!("{}\n", printable(&line.replace(['\r', '\n'], " ")).trim_end())
}

/// Adds up: the sources by what became of them, and their figures by where they were looked for.
pub fn sums(all: &[Told]) -> String {
    let of_state = |state: State| {
        let number = all.iter().filter(|told| told.state == state).count();
        (number > 0).then(|| format!("{number} {}", state.name()))
    };
    let states: Vec<String> = State::ALL.into_iter().filter_map(of_state).collect();
    let sum = |of: &dyn Fn(&Told) -> usize| all.iter().map(of).sum::<usize>();
    let found = sum(&|told| told.figures_found.unwrap_or_default());
    let missing = sum(&|told| told.figures_found.map_or(0, |found| told.figures - found));
    let unreadable = sum(&|told| if told.found == Some(Found::Unreadable) { told.figures } else { 0 });
    let unfetched = sum(&|told| if told.sha256.is_none() { told.figures } else { 0 });
    format!(
        "{} sources: {}. {} figures: {found} found, {missing} not found, {unreadable} in pages without text, \
         {unfetched} in pages that were not fetched.",
        all.len(),
        states.join(", "),
        sum(&|told| told.figures),
    )
}

pub fn exit_code(all: &[Told], is_recheck: bool) -> u8 {
    let any = |states: &[State]| all.iter().any(|told| states.contains(&told.state));
    let unfetched = [State::Refused, State::Failed];
    match is_recheck {
        _ if any(&[State::Gone, State::Changed, State::Lost]) => CHANGED,
        false if any(&unfetched) => CHANGED,
        true if any(&unfetched) => UNCOMPARED,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn page(sha256: &str) -> Page {
        Page {
            at: Timestamp::UNIX_EPOCH,
            body: Vec::new(),
            described: Default::default(),
            sha256: sha256.to_owned(),
        }
    }

    fn asked(figures: &[u64], sha256: &str, found: &str) -> Asked {
        let earlier = [String::new(), sha256.to_owned(), found.to_owned()];
        Asked { id: "a".to_owned(), url: "https://a.example".to_owned(), figures: figures.to_vec(), earlier }
    }

    fn has(numbers: &[u64]) -> Read {
        Ok(numbers.iter().copied().collect())
    }

    #[test]
    fn what_was_found_is_told_by_the_figures_of_the_source() {
        for (figures, read, found, number) in [
            (&[1, 2][..], has(&[2, 1, 3]), Some(Found::All), Some(2)),
            (&[1, 1, 2], has(&[1]), Some(Found::Some), Some(2)),
            (&[1], has(&[]), Some(Found::None), Some(0)),
            (&[1], Err("no text".to_owned()), Some(Found::Unreadable), None),
            (&[], has(&[1]), None, Some(0)),
        ] {
            let told = judge(&asked(figures, "", ""), Ok(&page("x")), Some(&read), false);
            assert_eq!(
                (told.state, told.found, told.figures_found),
                (State::Captured, found, number),
                "{figures:?}"
            );
        }
    }

    #[test]
    fn a_recheck_tells_what_is_lost_before_what_has_changed() {
        for (sha256, found, read, state) in [
            ("x", "all", has(&[1, 2]), State::Same),
            ("y", "all", has(&[1, 2]), State::Changed),
            ("y", "some", has(&[1, 2]), State::Changed),
            ("y", "all", has(&[1]), State::Lost),
            ("x", "all", has(&[1]), State::Lost),
            ("y", "some", has(&[]), State::Lost),
            ("y", "some", Err("no text".to_owned()), State::Lost),
            ("y", "none", Err("no text".to_owned()), State::Changed),
            ("y", "unreadable", Err("no text".to_owned()), State::Changed),
            ("y", "", has(&[]), State::Changed),
            ("", "", has(&[1, 2]), State::New),
        ] {
            let told = judge(&asked(&[1, 2], sha256, found), Ok(&page("x")), Some(&read), true);
            assert_eq!(told.state, state, "{sha256} {found} {read:?}");
        }
        let gone = judge(&asked(&[1], "x", "all"), Err(&Failure::Gone("answers 404".to_owned())), None, true);
        let failed = judge(&asked(&[1], "x", "all"), Err(&Failure::Failed("no".to_owned())), None, true);
        assert_eq!(exit_code(std::slice::from_ref(&failed), true), UNCOMPARED);
        assert_eq!(exit_code(std::slice::from_ref(&failed), false), CHANGED);
        assert_eq!(exit_code(&[failed, gone], true), CHANGED);
        assert_eq!(exit_code(&[], true), 0);
    }

    #[test]
    fn a_line_is_one_line_and_does_nothing_on_a_terminal() {
        let failure = Failure::Failed("a\n\u{1b}[2Jb".to_owned());
        let line = line(&judge(&asked(&[1], "", ""), Err(&failure), None, false), 3);
        assert!(line.matches('\n').count() == 1 && !line.contains('\u{1b}'), "{line:?}");
    }
}

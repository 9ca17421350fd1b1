//! "Did you mean": a search for the valid value nearest to a wrong one.

use std::cmp::Reverse;

/// Returns the candidate nearest to `wrong`, or `None` when none is near enough.
///
/// The distance is Damerau-Levenshtein without regard to case, so that swapping two digits (`247` for `274`) is one
/// mistake. As many mistakes are forgiven as a third of the letters, and at least two. Among equally near candidates
/// the one wins that begins alike for longest, for few err in the first letters; and then the first in byte order, so that
/// the same mistake always gets the same answer.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    let forgiven = (length / 3).max(2);
    candidates
        .into_iter()
        .map(|candidate| (candidate.to_lowercase(), candidate))
        // A candidate whose length differs by more cannot be near enough. Skipping it saves the comparison of long
        // texts.
        .filter(|(lower, _)| lower.chars().count().abs_diff(length) <= forgiven)
        .map(|(lower, candidate)| {
            let alike = wrong.chars().zip(lower.chars()).take_while(|(one, other)| one == other).count();
            (strsim::damerau_levenshtein(&wrong, &lower), Reverse(alike), candidate)
        })
        .filter(|(distance, _, candidate)| *distance <= forgiven && *distance < candidate.chars().count())
        .min()
        .map(|(_, _, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_swap_of_digits_finds_the_article_that_was_meant() {
        let statutes = ["KAZ-CC-130", "KAZ-CC-174", "KAZ-CC-274", "IND-IPC-124A"];
        assert_eq!(nearest("KAZ-CC-247", statutes), Some("KAZ-CC-274"));
    }

    #[test]
    fn of_two_equally_near_words_the_one_that_begins_alike_is_meant() {
        assert_eq!(nearest("sedtion", ["section", "sedition"]), Some("sedition"));
    }

    #[test]
    fn case_is_forgiven_and_nonsense_is_not_guessed_at() {
        assert_eq!(nearest("Convicted", ["convicted", "acquitted"]), Some("convicted"));
        assert_eq!(nearest("zzz", ["convicted", "acquitted"]), None);
    }
}

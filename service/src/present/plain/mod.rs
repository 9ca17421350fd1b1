//! The three plain answers about a statute: is it used more, how does it end, what cannot be said.
//!
//! The rules, each held by a test over all bundled series: no relative change above 1,000 %, none from a base under 50, none to a
//! figure under 10, none between figures of two publishers, and none where the test finds nothing. A test that finds nothing says how many
//! years it would take. Parts that do not add up to their whole say why in the same sentence. Outcomes of different figures are
//! never divided by each other. A sentence speaks of figures and of the years that it names, never of today.

mod ends;
mod facts;
mod known;
#[cfg(test)]
mod tests;
mod unsaid;
mod used;
mod words;

use crate::answer::AnswerError;
use crate::catalog::Catalog;
use crate::domain::{Language, Statute};
use known::Known;
use words::Words;

/// The three questions that a statute's page answers first, with their answers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Answers)]
pub struct Plain {
    /// Id of the statute.
    pub statute: String,
    /// The language of the texts.
    pub language: String,
    /// Is it used more?
    pub used: Told,
    /// How does it end?
    pub ends: Told,
    /// What cannot be said?
    pub unsaid: Vec<String>,
}

/// A question with its answer in plain words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = AnswerInWords)]
pub struct Told {
    /// The question.
    pub question: String,
    /// The answer: one or more sentences.
    pub text: String,
    /// Path of the CSV with the figures behind the answer; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// Returns the plain answers about a statute, from all datasets of a catalog.
///
/// # Errors
/// On a bug.
pub fn plain(catalog: &Catalog, statute: &Statute, language: Language) -> Result<Plain, AnswerError> {
    let known = Known::of(catalog, statute)?;
    let words = Words::of(language);
    let lead = known.lead();
    let told = |question: &str, text, evidence| Told { question: words.say(question, &[]), text, evidence };
    Ok(Plain {
        statute: statute.id.clone(),
        language: language.code().to_owned(),
        used: told("q-used", used::of_statute(&known, lead, &words), lead.map(|lead| lead.evidence())),
        ends: told("q-ends", ends::text(&known, lead, &words), known.evidence()),
        unsaid: unsaid::texts(catalog, &known, lead, &words),
    })
}

/// Returns the heading of the last question.
pub fn unsaid_question(language: Language) -> String {
    Words::of(language).say("q-unsaid", &[])
}

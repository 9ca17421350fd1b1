//! What is told of a problem in the languages of people.

use chargesheet_widget::chart::DrawError;

use crate::domain::Language;
use crate::present::refusal;
use crate::present::texts::{Texts, fill};
use crate::query::QueryError;

/// What is told of a problem in the languages of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Says {
    /// That there is no answer.
    #[default]
    Nothing,
    /// Why the question is refused.
    Refused(QueryError),
    /// Why the answer cannot be drawn.
    Undrawable(DrawError),
    /// A text among those of refusals, by its key.
    Text(String),
}

impl Says {
    /// Returns the words in a language. `detail` are the words of the API, which are English. `facts` are the value at fault, and
    /// since when a thing is gone.
    pub fn told(
        &self,
        language: Language,
        detail: &str,
        facts: [Option<&str>; 2],
        nearest: Option<&str>,
    ) -> String {
        let key = match self {
            Self::Refused(error) => return refusal::told(error, language),
            Self::Undrawable(error) => return refusal::told_drawing(error, language),
            Self::Text(_) | Self::Nothing if language == Language::ENGLISH => return detail.to_owned(),
            Self::Text(key) => key,
            Self::Nothing => "other",
        };
        let texts = Texts::of(language);
        let own = Some(texts.refused.get(key)).filter(|text| *text != key);
        let [value, since] = facts.map(Option::unwrap_or_default);
        let text = own.unwrap_or_else(|| texts.refused.get("missing"));
        let hint = nearest.map_or(String::new(), |nearest| refusal::hint(texts, nearest));
        format!("{}{hint}", fill(text, &[("value", value), ("since", since)]))
    }
}

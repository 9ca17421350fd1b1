//! What happens to a statute while it lives.

use serde::{Deserialize, Serialize};

use super::{Localized, Period};

/// Something that happened to a statute, with its source. Its fields stand in the order of the columns of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Id of the statute.
    pub statute: String,
    /// When, as exactly as it is known.
    pub date: Period,
    /// What.
    pub kind: EventKind,
    /// Id of another statute that has to do with it: for [`EventKind::Parallel`] the article to which cases were
    /// diverted, for [`EventKind::Renumbered`] the successor or the predecessor.
    pub related: Option<String>,
    /// Whether figures before and after count different things.
    pub breaks_series: bool,
    /// It in a short sentence.
    pub text: Localized,
    /// Address of its source.
    pub url: String,
}

/// What can happen to a statute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// Its wording changed.
    Amended,
    /// It goes on under another number, or in another law.
    Renumbered,
    /// It was taken out of the law.
    Repealed,
    /// It, or its use, was suspended.
    Suspended,
    /// An article of another law, mostly an administrative one, came to cover the same acts.
    Parallel,
    /// Something else: a change in how figures are reported, for one.
    Other,
}

impl EventKind {
    /// The names of all kinds, in their order.
    pub const NAMES: [&'static str; 6] =
        ["amended", "renumbered", "repealed", "suspended", "parallel", "other"];

    const ALL: [Self; 6] =
        [Self::Amended, Self::Renumbered, Self::Repealed, Self::Suspended, Self::Parallel, Self::Other];

    /// Returns the word used in packages and answers.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Returns the kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Event {
    /// Returns where the event stands among all: by statute, date (a year before its months, a month before its
    /// days), kind and related statute, which together are a key.
    pub fn place(&self) -> (&str, u32, EventKind, Option<&str>) {
        (&self.statute, self.date.packed(), self.kind, self.related.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        assert_eq!(EventKind::ALL.map(EventKind::name), EventKind::NAMES);
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(EventKind::from_name("Amended"), None);
    }
}

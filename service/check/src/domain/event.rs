//! Events in the history of a statute.

use serde::{Deserialize, Serialize};

use super::{Localized, Period};

/// An event in the history of a statute, with its source. The fields stand in the column order of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Id of the statute.
    pub statute: String,
    /// When the event happened, as exactly as is known.
    pub date: Period,
    /// The kind of event.
    pub kind: EventKind,
    /// Id of another statute in the event. For [`EventKind::Parallel`] it is the article to which cases were
    /// diverted, for [`EventKind::Renumbered`] the successor or the predecessor.
    pub related: Option<String>,
    /// Whether figures before and after the event count different things.
    pub breaks_series: bool,
    /// The event in a short sentence.
    pub text: Localized,
    /// Address of its source.
    pub url: String,
}

crate::words! {
    /// A kind of event.
    #[derive(PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    EventKind {
        /// The wording of the statute changed.
        Amended = "amended",
        /// The statute continues under another number, or in another law.
        Renumbered = "renumbered",
        /// The statute was removed from the law.
        Repealed = "repealed",
        /// The statute, or its use, was suspended.
        Suspended = "suspended",
        /// An article of another law, usually of an administrative one, came to cover the same acts.
        Parallel = "parallel",
        /// Another event, such as a change in how figures are reported.
        Other = "other",
    }
}

impl Event {
    /// Returns the sort key of the event: statute, date (a year before its months, a month before its days), kind and
    /// related statute. Together they are a key.
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

//! Groups of choices, as the form of the builder shows them.

use super::super::chart::Chart;
use super::super::choices::Offer;
use super::state::{State, theme_name};
use crate::domain::Language;
use crate::present::texts::Texts;

/// A group of choices with one name.
pub struct Group {
    pub name: &'static str,
    pub title: String,
    /// `checkbox`, `radio` or `select`.
    pub control: &'static str,
    pub offers: Vec<Offer>,
    /// A sentence under the title, or nothing.
    pub note: String,
    /// Whether something is chosen in it, so that it stands open.
    pub is_open: bool,
}

impl Group {
    /// Makes a group without a note.
    pub fn new(name: &'static str, title: &str, control: &'static str, offers: Vec<Offer>) -> Self {
        let is_open = offers.iter().any(|offer| offer.chosen && !offer.value.is_empty());
        Self { name, title: title.to_owned(), control, offers, note: String::new(), is_open }
    }

    /// Adds a note.
    pub fn noting(self, note: String) -> Self {
        Self { note, ..self }
    }

    /// The place of the offer below which the reason of one stands: the last of those beside it that have the same.
    pub fn telling(&self, place: &usize) -> usize {
        let why = &self.offers[*place].why;
        let same = self.offers[*place..].iter().take_while(|offer| offer.why == *why);
        *place + same.count() - 1
    }
}

/// Returns the choices of the form besides the kind. `chart` is what they are chosen for, if there is one yet.
pub fn looks_of(state: &State, chart: Option<&Chart>, texts: &Texts) -> Vec<Group> {
    let (shape, words) = (&state.form.shape, &texts.builder);
    let theme = shape.theme.map_or("auto", theme_name);
    let themes = ["auto", "light", "dark"];
    let themes = themes.map(|name| Offer::free(name, words.get(&format!("theme_{name}")), name == theme));
    let languages = Language::all().map(|own| Offer::free(own.code(), own.own_name(), own == shape.language));
    let plain = Offer::free("true", words.get("plain"), shape.is_plain);
    let drawn = chart.map(|chart| chart.map().map_or((0, 0), |map| (map.events.len(), map.panels.len())));
    // A choice that would change nothing is not offered.
    let barred = |changes: bool, is_chosen: bool, why: &str| {
        if changes || is_chosen { String::new() } else { texts.why.get(why).to_owned() }
    };
    let (events, panels) = drawn.unwrap_or_default();
    let without = Offer {
        why: barred(events > 0 || drawn.is_none(), shape.is_without_events, "no_changes"),
        ..Offer::free("false", words.get("without_events"), shape.is_without_events)
    };
    let own = Offer {
        why: barred(panels > 1 || drawn.is_none(), shape.is_free, "one_scale"),
        ..Offer::free("free", words.get("own_scales"), shape.is_free)
    };
    let lasting = [("", "live", !state.is_pinned), ("1", "pinned", state.is_pinned)];
    let lasting = lasting.map(|(value, key, chosen)| Offer::free(value, words.get(key), chosen));
    vec![
        Group::new("words", texts.on_page("language"), "radio", languages.collect()),
        Group::new("theme", words.get("theme"), "radio", themes.into()),
        Group::new("events", words.get("events"), "checkbox", vec![without]),
        Group::new("axis", words.get("axis"), "checkbox", vec![own]),
        Group::new("plain", words.get("room"), "checkbox", vec![plain]),
        Group::new("pinned", words.get("figures"), "radio", lasting.into()),
    ]
}

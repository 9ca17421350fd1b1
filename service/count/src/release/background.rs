//! The background of a release, which it has besides its records: the history of its statutes and the populations of
//! countries.

use super::sealed::Release;
use super::small_tables;
use super::text_table::TextTable;
use crate::domain::{Event, Period, Population};

impl Release {
    /// Returns the history of all its statutes, by statute and date.
    pub fn history(&self) -> &[Event] {
        &self.background().history
    }

    /// Returns the history of a statute, in order of time.
    pub fn history_of<'r>(&'r self, statute: &'r str) -> impl Iterator<Item = &'r Event> {
        let history = self.history();
        let first = history.partition_point(|event| event.statute.as_str() < statute);
        history[first..].iter().take_while(move |event| event.statute == statute)
    }

    /// Returns when the series of a statute's figures breaks. Figures before and after such a moment count different things.
    /// The moments are in order of time, without repetitions.
    ///
    /// A break in the series of an article also breaks the series of its parts. A break in the series of a part also breaks
    /// that of the article, which includes the part.
    pub fn breaks(&self, statute: &str) -> Vec<Period> {
        let Some(code) = self.register().code(statute) else { return Vec::new() };
        let with_parts = self.register().with_parts(code).into_iter();
        let mut concerned: Vec<&str> = with_parts.map(|code| self.register().at(code).id.as_str()).collect();
        let mut whole = self.register().at(code).parent.as_deref();
        // A register has no circles. The check of ids makes the loop end even if it had one.
        while let Some(id) = whole.filter(|id| !concerned.contains(id)) {
            concerned.push(id);
            whole = self.register().get(id).and_then(|statute| statute.parent.as_deref());
        }
        let breaking = self.history().iter().filter(|event| event.breaks_series);
        let mut breaks: Vec<Period> = breaking
            .filter(|event| concerned.contains(&event.statute.as_str()))
            .map(|event| event.date)
            .collect();
        breaks.sort_unstable_by_key(|date| date.packed());
        breaks.dedup();
        breaks
    }

    /// Returns the non-empty tables of history and populations, by the names of their resources.
    pub fn background_tables(&self) -> Vec<(&'static str, TextTable)> {
        small_tables::background(self.background())
    }

    /// Returns all populations, by country and year. Empty where the package has none.
    pub fn populations(&self) -> &[Population] {
        &self.background().population
    }

    /// Returns the population of a country, by its ISO 3166-1 alpha-3 code, in a year.
    pub fn population(&self, country: &str, year: i32) -> Option<&Population> {
        let all = self.populations();
        all.binary_search_by(|of| of.place().cmp(&(country, year))).ok().map(|place| &all[place])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{OneThread, Rules, ingest};
    use crate::package::Package;

    fn sealed(package: &'static chargesheet_data::Package) -> Release {
        let today = Period::parse("2026-12-31").unwrap().first_day();
        let (ingested, report) =
            ingest(&Package::bundled(package).unwrap(), &Rules::of(today), &OneThread).unwrap();
        assert!(!report.refused(), "{}", report.to_text());
        Release::seal(ingested)
    }

    #[test]
    fn a_release_without_these_tables_has_the_id_that_it_had_before_there_were_any() {
        let cases = sealed(&chargesheet_data::EARLIER[0]);
        assert_eq!(cases.id().as_str(), "2026-11-24-82da7d0c38b4");
        assert_eq!(sealed(&chargesheet_data::EARLIER[3]).id().as_str(), "2026-11-24-a2fcc5d0d11e");
        assert!(cases.history().is_empty() && cases.populations().is_empty());
    }

    #[test]
    fn a_package_is_checked_and_sealed_with_the_lists_that_it_was_published_with() {
        let own = chargesheet_data::EARLIER[3];
        let with = |outcomes: Vec<u8>| -> &'static chargesheet_data::Package {
            let lists =
                Box::leak(Box::new(chargesheet_data::Lists { outcomes: outcomes.leak(), ..*own.lists }));
            Box::leak(Box::new(chargesheet_data::Package { lists, ..own }))
        };
        let more = sealed(with([own.lists.outcomes, b"new,final,true,New,New,New,,,\n"].concat()));
        assert!(more.lists().outcomes.get("new").is_some());
        assert_ne!(more.id(), sealed(&chargesheet_data::EARLIER[3]).id());
        let fewer =
            String::from_utf8(own.lists.outcomes.to_vec()).unwrap().replace("\nconvicted,", "\nguilty,");
        let package = Package::bundled(with(fewer.into_bytes())).unwrap();
        let (_, report) = ingest(&package, &Rules::of_any_day(), &OneThread).unwrap();
        assert!(report.to_text().contains("`convicted` is no outcome that we know"), "{}", report.to_text());
    }

    #[test]
    fn what_breaks_an_article_breaks_its_parts_and_the_other_way_round() {
        let release = sealed(&chargesheet_data::EARLIER[4]);
        let breaks =
            |id: &str| -> Vec<String> { release.breaks(id).iter().map(ToString::to_string).collect() };
        assert_eq!(breaks("KAZ-CC-274"), ["2023-07-10"]);
        assert_eq!(breaks("KAZ-CC-274.4"), ["2023-07-10"]);
        // The Supreme Court's order of 2022 breaks no series.
        assert_eq!(breaks("IND-IPC-124A"), ["2024-07-01"]);
        assert_eq!(release.history_of("IND-IPC-124A").count(), 2);
        assert_eq!(breaks("POL-KK-212"), [""; 0]);
        assert_eq!(breaks("no such statute"), [""; 0]);
    }
}

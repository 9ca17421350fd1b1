//! Which tables of counts a release in parts may have: what each tells apart.

use super::Level;

/// The columns that every table tells apart. Charges are sorted by them.
pub const SORTED: [&str; 3] = ["statute", "country", "date_charged"];
/// The columns that a table may tell apart too, in the order of a line. All have the first.
const OTHERS: [&str; 3] = ["outcome", "role", "region"];

/// What a table of counts tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    level: Level,
    others: Vec<&'static str>,
}

impl Kind {
    /// Returns all kinds for charges with these columns. The first tells most, and each stands behind those that tell more.
    pub fn all(columns: &[String]) -> Vec<Self> {
        let has = |name: &&&str| columns.iter().any(|own| own == *name);
        let optional: Vec<&'static str> = OTHERS[1..].iter().filter(has).copied().collect();
        let mut sets: Vec<usize> = (0..1 << optional.len()).collect();
        sets.sort_by_key(|set| std::cmp::Reverse(set.count_ones()));
        let mut all = Vec::new();
        for set in sets {
            let chosen = optional.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
            let others: Vec<&str> =
                OTHERS[..1].iter().copied().chain(chosen.map(|(_, name)| *name)).collect();
            let kind = |level| Self { level, others: others.clone() };
            all.extend([Level::Month, Level::Year, Level::All].map(kind));
        }
        all
    }

    /// Returns the name of the table's file.
    pub fn file(&self) -> String {
        let dates = match self.level {
            Level::All => "ever",
            level => level.name(),
        };
        format!("cube-{dates}-{}.parquet", self.others.join("-"))
    }

    /// Returns how precisely it distinguishes dates. One that is known less precisely stays as it is known.
    #[cfg(feature = "cluster")]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Returns the columns that it tells apart.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        SORTED.into_iter().chain(self.others.iter().copied())
    }

    /// Returns the columns behind those that charges are sorted by.
    pub fn others(&self) -> &[&'static str] {
        &self.others
    }

    /// Whether it tells all that another kind tells.
    pub fn tells(&self, other: &Self) -> bool {
        self.level >= other.level && other.others.iter().all(|name| self.others.contains(name))
    }

    /// Cuts a date to what is told: `2020-05-17` to `2020-05`, `2020` or nothing.
    pub fn cut<'d>(&self, date: &'d str) -> &'d str {
        match self.level {
            Level::All => "",
            Level::Year if date != "unknown" => date.get(..4).unwrap_or(date),
            // `unknown` is as long as a month.
            _ => date.get(..7).unwrap_or(date),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_stands_behind_those_that_tell_more() {
        let columns =
            ["statute", "country", "date_charged", "outcome", "role", "region", "case_id"].map(str::to_owned);
        let all = Kind::all(&columns);
        let names: Vec<String> = all.iter().map(Kind::file).collect();
        assert_eq!(names.len(), 12);
        assert_eq!(names[0], "cube-month-outcome-role-region.parquet");
        assert_eq!(names[11], "cube-ever-outcome.parquet");
        for (place, kind) in all.iter().enumerate() {
            assert!(all[0].tells(kind) && kind.tells(&all[11]), "{kind:?}");
            assert!(all[place + 1..].iter().all(|later| !later.tells(kind)), "{kind:?}");
        }
        assert_eq!(Kind::all(&columns[..4]).len(), 3);
    }

    #[test]
    fn a_date_is_cut_to_what_is_known_and_told() {
        let kinds = Kind::all(&[]);
        let cut = |date: &'static str| [0, 1, 2].map(|place| kinds[place].cut(date));
        assert_eq!(cut("2020-05-17"), ["2020-05", "2020", ""]);
        assert_eq!(cut("2020"), ["2020", "2020", ""]);
        assert_eq!(cut("unknown"), ["unknown", "unknown", ""]);
    }
}

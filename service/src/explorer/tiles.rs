//! The map of the start page: one tile for each country of the world, in a fixed grid without borders. Tiles of countries whose
//! statutes have figures are links, shaded by how many statutes have some.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::address::of_country;
use crate::catalog::Catalog;
use crate::domain::Language;
use crate::present::country_name;
use crate::present::texts::{Texts, fill};

/// Country, column and row of each tile.
const FILE: &str = include_str!("../../../data/reference/tiles.csv");

/// Side of a tile and the distance between two tiles, in units of the picture.
const TILE: (usize, usize) = (28, 31);

/// Least number of statutes of each shade, the palest first.
const SHADES: [usize; 5] = [1, 2, 3, 6, 10];

/// The map and the list of its countries.
pub struct Tiles {
    /// Width and height of the picture.
    pub size: (usize, usize),
    /// The path of all tiles without figures.
    pub empty: String,
    /// Countries with figures, by name.
    pub countries: Vec<Tile>,
    /// The least number of statutes of each shade, in words.
    pub shades: Vec<String>,
}

/// A country with figures.
pub struct Tile {
    pub code: String,
    pub name: String,
    /// The name with the number of its statutes that have figures.
    pub told: String,
    pub count: usize,
    pub address: String,
    pub place: (usize, usize),
    /// Number of the shade, from 1.
    pub shade: usize,
}

impl Tile {
    /// Returns the middle of the tile.
    pub fn middle(&self) -> (usize, usize) {
        (self.place.0 + TILE.0 / 2, self.place.1 + TILE.0 / 2 + 4)
    }
}

/// Returns the tiles: country, and its place in units of the picture.
fn grid() -> impl Iterator<Item = (&'static str, (usize, usize))> {
    FILE.lines().skip(1).filter_map(|line| {
        let mut parts = line.split(',');
        let mut next = || parts.next();
        let (code, column, row) = (next()?, next()?, next()?);
        let place = |text: &str| text.parse::<usize>().ok().map(|place| place * TILE.1);
        Some((code, (place(column)?, place(row)?)))
    })
}

/// Returns the map of the countries whose statutes have figures in a catalog.
pub fn tiles(catalog: &Catalog, language: Language) -> Tiles {
    let texts = Texts::of(language);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for statute in catalog.statutes() {
        if !catalog.coverage(&statute.id).is_empty() {
            *counts.entry(statute.country.as_str()).or_default() += 1;
        }
    }
    let (mut empty, mut shown, mut size) = (String::new(), Vec::new(), (0, 0));
    for (code, place) in grid() {
        size = (size.0.max(place.0 + TILE.0), size.1.max(place.1 + TILE.0));
        let Some(&count) = counts.get(code) else {
            let side = TILE.0;
            // Writing to a string never fails.
            let _ = write!(empty, "M{} {}h{side}v{side}h-{side}z", place.0, place.1);
            continue;
        };
        let name = country_name(code, language);
        let key = if count == 1 { "map_one" } else { "map_several" };
        shown.push(Tile {
            code: code.to_owned(),
            told: fill(texts.start.get(key), &[("country", &name), ("count", &count.to_string())]),
            name,
            count,
            address: of_country(code, language),
            place,
            shade: SHADES.iter().filter(|least| **least <= count).count(),
        });
    }
    shown.sort_by_cached_key(|tile| super::order::key(&tile.name, texts));
    let ends = SHADES.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
    let shade = |(least, most): (&usize, Option<usize>)| match most {
        Some(most) if most == *least => most.to_string(),
        Some(most) => format!("{least}–{most}"),
        None => fill(texts.start.get("map_more"), &[("count", &least.to_string())]),
    };
    Tiles { size, empty, countries: shown, shades: SHADES.iter().zip(ends).map(shade).collect() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::countries;

    #[test]
    fn every_country_has_one_tile_of_its_own() {
        let codes: BTreeSet<&str> = grid().map(|(code, _)| code).collect();
        let places: BTreeSet<(usize, usize)> = grid().map(|(_, place)| place).collect();
        assert_eq!(codes.len(), grid().count());
        assert_eq!(places.len(), grid().count());
        assert!(codes.iter().all(|code| countries().get(code).is_some()));
        assert_eq!(codes.len(), countries().entries().len());
    }
}

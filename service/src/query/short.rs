//! Short codes for long queries. A code is computed from the query and the release alone. Nothing has to be stored, and any
//! service that has the release can read the code.
//!
//! A code is base64url (RFC 4648, section 5, no padding) of these bytes:
//!
//! | bytes | |
//! |---|---|
//! | 1 | the format version: 1 |
//! | 6 | the 12 hex digits at the end of the release's id |
//! | … | the query, see [`packed`] |
//! | 3 | the first bytes of the SHA-256 of the full address, as a checksum against typing errors |
//!
//! Every code that was ever written stays readable.

mod packed;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::{Params, Query};
use crate::domain::{Dimension, Language};
use crate::release::Release;

/// The format version that is written.
const FORM: u8 = 1;
/// Length of the release's digest, in bytes.
const DIGEST: usize = 6;
/// Length of the checksum, in bytes. One typing error in sixteen million passes. The checksum costs a few letters more, but a
/// wrong figure that looks cited is worse.
const CHECK: usize = 3;
/// Longest code that is read, in characters. No service writes longer ones, because servers refuse addresses of that length.
const LONGEST: usize = 8_000;

/// Why a code cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShortError {
    /// The text contains characters that no code has, or is too short or too long.
    #[error(
        "`{found}` is no short address: after `/s/` stands a code of letters, digits, `-` and `_`, at least 16 of them, copied whole, as a citation has it"
    )]
    Characters {
        /// The text, truncated if it is long.
        found: String,
    },
    /// The code has a format version that this program does not know.
    #[error(
        "`{found}` is no short address that this program reads: it begins with the number of its form, here {form}, and 1 is known; is it whole and typed right?"
    )]
    Form {
        /// The text, truncated if it is long.
        found: String,
        /// The format version.
        form: u8,
    },
    /// The checksum is wrong, or a newer version of the program wrote the code.
    #[error(
        "the short address `{found}` is not typed right: its last characters do not fit the others (large and small letters differ). It may also be made by a newer version of the program"
    )]
    Mistyped {
        /// The text, truncated if it is long.
        found: String,
    },
}

/// A short code, parsed as far as possible without its release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    text: String,
    bytes: Vec<u8>,
}

impl Short {
    /// Parses a code.
    ///
    /// # Errors
    /// When the text cannot be a code.
    pub fn read(text: &str) -> Result<Self, ShortError> {
        let found = excerpt(text);
        let bytes = Some(text).filter(|text| text.len() <= LONGEST);
        let bytes = bytes.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let Some(bytes) = bytes.filter(|bytes| bytes.len() > 1 + DIGEST + CHECK) else {
            return Err(ShortError::Characters { found });
        };
        match bytes[0] {
            FORM => Ok(Self { text: text.to_owned(), bytes }),
            form => Err(ShortError::Form { found, form }),
        }
    }

    /// Returns the 12 hex digits at the end of the release's id.
    pub fn digits(&self) -> String {
        self.bytes[1..=DIGEST].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Returns the query and the language that the code stands for. No language means English.
    ///
    /// # Errors
    /// When [`short`] never writes this code for this release.
    pub fn open(&self, release: &Release) -> Result<(Query, Option<Language>), ShortError> {
        let body = &self.bytes[1 + DIGEST..self.bytes.len() - CHECK];
        let read = || {
            let (text, language) = packed::unpack(body, &|name| dictionary(release, name))?;
            let mut params = Params::parse(&text).ok()?;
            let query = params.take_query(release).ok()?;
            params.finish_with(&[]).ok()?;
            let language = match language {
                Some(code) => Some(Language::from_code(&code)?),
                None => None,
            };
            // Each query has exactly one code. Any other code that decodes to the same query is a typing error.
            (short(&query, release, language)? == self.text).then_some((query, language))
        };
        read().ok_or_else(|| ShortError::Mistyped { found: excerpt(&self.text) })
    }
}

/// Returns the code of a query to a release, in a language; `None` if the query has a parameter that codes cannot express.
///
/// # Example
/// With the release of a dataset, a citation has the text of `short(&query, &release, None)` after `/s/`.
pub fn short(query: &Query, release: &Release, language: Option<Language>) -> Option<String> {
    let language = language.filter(|language| *language != Language::ENGLISH);
    let canonical = query.canonical(release);
    let body = packed::pack(&canonical, language.map(Language::code), &|name| dictionary(release, name))?;
    let (_, digits) = release.id().as_str().rsplit_once('-')?;
    let mut bytes = vec![FORM];
    for place in 0..DIGEST {
        bytes.push(u8::from_str_radix(digits.get(place * 2..place * 2 + 2)?, 16).ok()?);
    }
    bytes.extend(body);
    let mut address =
        format!("/v1/datasets/{}/releases/{}/aggregate.csv?{canonical}", release.dataset(), release.id());
    if let Some(language) = language {
        address.push_str(&format!("&lang={language}"));
    }
    bytes.extend(&Sha256::digest(address)[..CHECK]);
    Some(URL_SAFE_NO_PAD.encode(bytes)).filter(|code| code.len() <= LONGEST)
}

/// Returns the codes of a dimension in byte order. The index of each is its number. A release is immutable, and so are these
/// numbers.
fn dictionary(release: &Release, name: &str) -> Vec<String> {
    let codes = Dimension::from_name(name).map_or(Vec::new(), |dimension| release.codes(dimension));
    let mut codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
    codes.sort_unstable();
    codes
}

fn excerpt(text: &str) -> String {
    crate::ingest::safe_excerpt(text)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use proptest::sample::{Index, subsequence};

    use super::*;
    use crate::domain::{Measure, Period};
    use crate::ingest::{Rules, ingest};
    use crate::package::Package;

    static RELEASES: LazyLock<Vec<Release>> = LazyLock::new(|| {
        let today = Period::parse("2026-11-24").unwrap().first_day();
        let release = |package| {
            let package = Package::bundled(package).unwrap();
            let (ingested, _) = ingest(&package, &Rules::of(today)).unwrap();
            Release::seal(ingested)
        };
        chargesheet_data::PACKAGES.iter().map(release).collect()
    });

    fn query(text: &str, release: &Release) -> Query {
        Params::parse(text).unwrap().take_query(release).unwrap()
    }

    fn period() -> impl Strategy<Value = Option<Period>> {
        let day = (0_u32..10_000, 1_u32..13, 1_u32..29);
        let text = (day, 0..3).prop_map(|((year, month, day), form)| match form {
            0 => format!("{year:04}"),
            1 => format!("{year:04}-{month:02}"),
            _ => format!("{year:04}-{month:02}-{day:02}"),
        });
        proptest::option::of(text.prop_map(|text| Period::parse(&text).unwrap()))
    }

    /// Returns a random query to one of the bundled releases, and a language.
    fn asked() -> impl Strategy<Value = (usize, Query, Option<Language>)> {
        let release = 0..RELEASES.len();
        let query = release.prop_flat_map(|place| {
            let release = &RELEASES[place];
            let dimensions = release.dimensions();
            let measures = release.descriptor().chargesheet.measures.clone();
            let by = subsequence(dimensions.clone(), 0..=dimensions.len()).prop_shuffle();
            let measures = subsequence(measures.clone(), 1..=measures.len()).prop_shuffle();
            let coded: Vec<_> = dimensions.into_iter().filter(|own| !own.is_time()).collect();
            let keep = subsequence(coded.clone(), 0..=coded.len()).prop_flat_map(move |kept| {
                let one = |dimension: Dimension| {
                    let all = release.codes(dimension).len();
                    let few = proptest::collection::vec(any::<Index>(), 1..4);
                    let many = proptest::collection::vec(any::<Index>(), 1..200);
                    prop_oneof![few, many].prop_map(move |picked| {
                        let mut numbers: Vec<u32> = picked
                            .into_iter()
                            .map(|index| u32::try_from(index.index(all.max(1))).unwrap())
                            .collect();
                        numbers.sort_unstable();
                        numbers.dedup();
                        (dimension, numbers)
                    })
                };
                let own = kept.into_iter().filter(|&dimension| !release.codes(dimension).is_empty());
                own.map(one).collect::<Vec<_>>()
            });
            let languages: Vec<Option<Language>> =
                std::iter::once(None).chain(Language::all().map(Some)).collect();
            let language = proptest::sample::select(languages);
            let periods = (period(), period());
            let shared = any::<Option<Index>>();
            (by, measures, keep, periods, shared, any::<bool>(), language.clone(), language).prop_map(
                move |(by, measures, keep, (from, to), shared, lineage, labels, language)| {
                    let share = shared.filter(|_| !by.is_empty()).map(|index| by[index.index(by.len())]);
                    let in_order = from.zip(to).is_none_or(|(from, to)| from.first_day() <= to.last_day());
                    let to = to.filter(|_| in_order);
                    let keep = keep.into_iter().collect();
                    (
                        place,
                        Query { by, keep, from, to, measures, share, rate: false, labels, lineage },
                        language,
                    )
                },
            )
        });
        query.no_shrink()
    }

    proptest! {
        #[test]
        fn what_was_shortened_comes_back((place, query, language) in asked()) {
            let release = &RELEASES[place];
            let code = short(&query, release, language).unwrap();
            let read = Short::read(&code).unwrap();
            prop_assert!(release.id().as_str().ends_with(&read.digits()));
            let language = language.filter(|own| *own != Language::ENGLISH);
            prop_assert_eq!(read.open(release).unwrap(), (query, language));
        }

        #[test]
        fn a_typing_error_is_told(
            (place, query, language) in asked(), at in any::<Index>(), by in "[A-Za-z0-9_-]",
        ) {
            let release = &RELEASES[place];
            let code = short(&query, release, language).unwrap();
            let at = at.index(code.len());
            let wrong = format!("{}{by}{}", &code[..at], &code[at + 1..]);
            prop_assume!(wrong != code);
            let told = Short::read(&wrong).and_then(|read| read.open(release).map(|_| ()));
            // A wrong digit in the release's digest is found earlier: no release has that digest.
            let elsewhere = Short::read(&wrong).is_ok_and(|read| !release.id().as_str().ends_with(&read.digits()));
            prop_assert!(elsewhere || told.is_err(), "{} for {}", wrong, code);
        }

        #[test]
        fn no_bytes_do_harm(mut bytes in proptest::collection::vec(any::<u8>(), 0..80), place in 0_usize..2) {
            if let Some(first) = bytes.first_mut() {
                *first = FORM;
            }
            if let Ok(read) = Short::read(&URL_SAFE_NO_PAD.encode(&bytes)) {
                let _ = read.open(&RELEASES[place]);
            }
        }

        #[test]
        fn no_text_does_harm(text in ".{0,60}") {
            if let Ok(read) = Short::read(&text) {
                let _ = read.open(&RELEASES[0]);
            }
        }
    }

    #[test]
    fn a_code_is_far_shorter_than_its_address() {
        for (place, text, most) in [
            (1, "by=year,outcome&statute=IND-IPC-124A&measure=cases", 24),
            (1, "by=country,statute,outcome,year,source&country=KAZ,POL,RUS,TUR&from=2015&to=2021", 40),
            (0, "by=&measure=persons", 20),
        ] {
            let release = RELEASES.iter().find(|own| (own.dataset() == "reported-figures") == (place == 1));
            let release = release.unwrap();
            let query = query(text, release);
            let code = short(&query, release, None).unwrap();
            assert!(code.len() <= most, "{text}: {code}, {} characters", code.len());
        }
    }

    #[test]
    fn what_is_no_code_is_told_apart() {
        let release = &RELEASES[0];
        let code = short(&query("by=", release), release, None).unwrap();
        for wrong in ["", "x", "AQ", "ÄÖÜ", "AQIDBAUGBwgJCgs=", &format!("{code}="), &"A".repeat(9_000)] {
            let error = Short::read(wrong).unwrap_err();
            assert!(matches!(error, ShortError::Characters { .. }), "{wrong}: {error}");
        }
        let error = Short::read(&format!("B{}", &code[1..])).unwrap_err();
        assert!(matches!(error, ShortError::Form { form: 5, .. }), "{error}");
    }

    #[test]
    fn every_dimension_and_measure_has_a_number_of_its_own() {
        // Half bytes: 0 ends a list.
        let own = |numbers: Vec<u8>| {
            numbers.iter().all(|number| (1..16).contains(number))
                && numbers.len() == { numbers.iter().collect::<std::collections::BTreeSet<_>>().len() }
        };
        assert!(own(Dimension::ALL.map(Dimension::number).to_vec()));
        assert!(own(Measure::ALL.map(Measure::number).to_vec()));
    }
}

//! Content codings: which ones a client accepts, and which one it gets (RFC 9110, 8.4 and 12.5.3).

use warp::http::HeaderMap;
use warp::http::header::ACCEPT_ENCODING;

chargesheet_check::words! {
    /// A content coding.
    Coding {
        /// No coding.
        Identity = "identity",
        /// RFC 7932.
        Brotli = "br",
        /// RFC 8878, in windows of at most 8 MB (RFC 9659).
        Zstd = "zstd",
        /// RFC 1952.
        Gzip = "gzip",
    }
}

/// Codings for cached bodies, the best first. These are coded once and sent often, so the smallest result is the best.
pub const CACHED: [Coding; 4] = [Coding::Brotli, Coding::Zstd, Coding::Gzip, Coding::Identity];

/// Codings for bodies that are coded while they are sent, the best first. Here the fastest coding is the best.
pub const STREAMED: [Coding; 4] = [Coding::Zstd, Coding::Gzip, Coding::Brotli, Coding::Identity];

impl Coding {
    fn named(name: &str) -> Option<Self> {
        // 8.4.1.3: `x-gzip` is another name for `gzip`.
        let name = if name.eq_ignore_ascii_case("x-gzip") { "gzip" } else { name };
        Self::ALL.into_iter().find(|coding| coding.name().eq_ignore_ascii_case(name))
    }
}

/// The codings that `Accept-Encoding` accepts: a weight in thousandths for each, in the order of [`Coding::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    weights: [u16; 4],
    /// Whether the client refuses identity. A low weight is no refusal.
    is_identity_refused: bool,
}

impl Accepted {
    /// Parses the header. Without a header nothing is coded, since clients that send none mostly cannot decode. Parts that cannot
    /// be parsed are ignored.
    pub fn of(request: &HeaderMap) -> Self {
        let mut listed: [Option<u16>; 4] = [None; 4];
        let mut others = None;
        // Values that are not text name no coding.
        let values = request.get_all(ACCEPT_ENCODING).iter().map(|value| value.to_str().unwrap_or_default());
        for (name, weight) in values.flat_map(|value| value.split(',')).filter_map(read) {
            let own = match Coding::named(name) {
                Some(coding) => &mut listed[coding as usize],
                None if name == "*" => &mut others,
                None => continue,
            };
            *own = own.or(Some(weight));
        }
        let weights = listed.map(|own| own.or(others).unwrap_or(0));
        let is_identity_refused = listed[Coding::Identity as usize].or(others) == Some(0);
        Self { weights, is_identity_refused }
    }

    /// Returns the coding with the greatest weight. On a tie, the first one in `offered` wins. If the client accepts none of them,
    /// the answer goes uncoded. RFC 9110, 12.5.3 allows that, and a reader can do more with the figures than with a 406.
    pub fn best(&self, offered: &[Coding]) -> Coding {
        let weight = |coding: &Coding| self.weights[*coding as usize];
        // On a tie, `max_by_key` returns the last item, so the list is reversed.
        let best =
            offered.iter().rev().filter(|coding| weight(coding) > 0).max_by_key(|coding| weight(coding));
        best.copied().unwrap_or(Coding::Identity)
    }

    /// Whether the body may be sent uncoded, even if the client prefers another coding.
    pub fn takes_identity(&self) -> bool {
        !self.is_identity_refused
    }
}

/// Parses one part of the header: a name, and its weight in thousandths.
fn read(part: &str) -> Option<(&str, u16)> {
    let mut pieces = part.split(';').map(|piece| piece.trim_matches([' ', '\t']));
    let name = pieces.next().filter(|name| !name.is_empty())?;
    let weight = match pieces.next().map(|piece| piece.split_once('=')) {
        None => 1000,
        Some(parameter) => weight(parameter.filter(|(name, _)| name.eq_ignore_ascii_case("q"))?.1)?,
    };
    pieces.next().is_none().then_some((name, weight))
}

/// Parses a weight: 0 or 1 with at most three decimals, and at most 1 (RFC 9110, 12.4.2).
fn weight(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let thousandths = format!("{decimals:0<3}").parse::<u16>().ok().filter(|_| is_plain)?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use warp::http::HeaderValue;

    use super::*;

    fn accepted(header: &str) -> Accepted {
        Accepted::of(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_str(header).unwrap())]))
    }

    #[test]
    fn the_greatest_weight_wins_and_of_equals_what_suits_us() {
        for (header, kept, streamed) in [
            ("gzip, deflate, br, zstd", Coding::Brotli, Coding::Zstd),
            ("gzip, deflate, br", Coding::Brotli, Coding::Gzip),
            ("gzip", Coding::Gzip, Coding::Gzip),
            ("x-gzip", Coding::Gzip, Coding::Gzip),
            ("BR", Coding::Brotli, Coding::Brotli),
            ("gzip;q=1.0, BR;q=0.5", Coding::Gzip, Coding::Gzip),
            ("gzip;q=0.001, br;q=0.002", Coding::Brotli, Coding::Brotli),
            ("zstd ; Q=0.8\t,gzip;q=.9", Coding::Zstd, Coding::Zstd),
            ("*", Coding::Brotli, Coding::Zstd),
            ("br;q=0, *", Coding::Zstd, Coding::Zstd),
            ("*;q=0, gzip", Coding::Gzip, Coding::Gzip),
            ("identity;q=0, zstd;q=0.1", Coding::Zstd, Coding::Zstd),
            ("identity;q=1, br;q=0.5", Coding::Identity, Coding::Identity),
            ("identity, br", Coding::Brotli, Coding::Brotli),
            ("identity;q=0.5, *;q=0.1", Coding::Identity, Coding::Identity),
            ("", Coding::Identity, Coding::Identity),
            (",, ,", Coding::Identity, Coding::Identity),
            ("deflate, compress", Coding::Identity, Coding::Identity),
            ("br;q=0", Coding::Identity, Coding::Identity),
            // Everything is refused, so the body goes uncoded.
            ("identity;q=0", Coding::Identity, Coding::Identity),
            ("*;q=0", Coding::Identity, Coding::Identity),
            // Parts that cannot be parsed are ignored.
            ("gzip, br;q=x", Coding::Gzip, Coding::Gzip),
            ("br;q=1.001, gzip;q=0.1", Coding::Gzip, Coding::Gzip),
            ("br;level=9, gzip", Coding::Gzip, Coding::Gzip),
            // Named twice: the first one counts.
            ("br;q=0, br", Coding::Identity, Coding::Identity),
        ] {
            let accepted = accepted(header);
            assert_eq!((accepted.best(&CACHED), accepted.best(&STREAMED)), (kept, streamed), "{header:?}");
        }
        assert_eq!(Accepted::of(&HeaderMap::new()).best(&CACHED), Coding::Identity);
    }

    #[test]
    fn two_headers_are_one_list() {
        let mut request = HeaderMap::new();
        request.append(ACCEPT_ENCODING, HeaderValue::from_static("gzip;q=0.5"));
        request.append(ACCEPT_ENCODING, HeaderValue::from_static("zstd"));
        assert_eq!(Accepted::of(&request).best(&CACHED), Coding::Zstd);
    }

    #[test]
    fn identity_is_refused_by_name_or_with_all_others() {
        for (header, takes) in [
            ("br", true),
            ("", true),
            ("identity;q=0, br", false),
            ("*;q=0", false),
            ("*;q=0, identity;q=0.1", true),
            ("identity;q=0.000", false),
        ] {
            assert_eq!(accepted(header).takes_identity(), takes, "{header:?}");
        }
        assert!(Accepted::of(&HeaderMap::new()).takes_identity());
    }

    proptest! {
        #[test]
        fn nobody_is_sent_what_they_refuse(
            weights in prop::array::uniform4(0_u16..=1000), order in Just(CACHED.to_vec()).prop_shuffle(),
        ) {
            let parts = Coding::ALL.map(|coding| {
                let weight = weights[coding as usize];
                format!("{};q={}.{:03}", coding.name(), weight / 1000, weight % 1000)
            });
            let best = accepted(&parts.join(", ")).best(&order);
            let most = weights.iter().copied().max().unwrap_or(0);
            prop_assert_eq!(weights[best as usize], if most == 0 { weights[0] } else { most });
        }

        #[test]
        fn no_header_is_too_strange_to_be_read(header in "[ -~\t]{0,60}") {
            let accepted = accepted(&header);
            prop_assert!(CACHED.contains(&accepted.best(&CACHED)));
        }
    }
}

//! The guard in front of every connection: no source may lead the program into the network that it runs in.
//!
//! A page on the web can redirect to `http://127.0.0.1/`, and a name on the web can have a private address. So the guard stands where
//! names are looked up: it sees every address of every look-up, also after a redirect. Connections go to the addresses that it has
//! checked, and to no others.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::Url;

/// A range of addresses: the first address, the number of leading bits that they share, and what they are, with the document that
/// says so.
type Range<T> = (T, u32, &'static str);

/// The IPv4 addresses that are no place on the public web: the registry of special-purpose addresses (RFC 6890), and multicast.
const REFUSED_V4: [Range<[u8; 4]>; 15] = [
    ([0, 0, 0, 0], 8, "unspecified, RFC 791"),
    ([10, 0, 0, 0], 8, "private, RFC 1918"),
    ([100, 64, 0, 0], 10, "shared by a provider's customers, RFC 6598"),
    ([127, 0, 0, 0], 8, "loopback, RFC 1122"),
    ([169, 254, 0, 0], 16, "link-local, RFC 3927"),
    ([172, 16, 0, 0], 12, "private, RFC 1918"),
    ([192, 0, 0, 0], 24, "for protocols, RFC 6890"),
    ([192, 0, 2, 0], 24, "for documents, RFC 5737"),
    ([192, 88, 99, 0], 24, "6to4 relay, RFC 7526"),
    ([192, 168, 0, 0], 16, "private, RFC 1918"),
    ([198, 18, 0, 0], 15, "for benchmarks, RFC 2544"),
    ([198, 51, 100, 0], 24, "for documents, RFC 5737"),
    ([203, 0, 113, 0], 24, "for documents, RFC 5737"),
    ([224, 0, 0, 0], 4, "multicast, RFC 5771"),
    ([240, 0, 0, 0], 4, "reserved or broadcast, RFC 1112 and RFC 919"),
];

/// The IPv6 addresses that are no place on the public web. What is outside of 2000::/3 is refused without being listed: nobody
/// has been given addresses there to be reached at (RFC 4291).
const REFUSED_V6: [Range<[u16; 8]>; 16] = [
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, "unspecified, RFC 4291"),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback, RFC 4291"),
    ([0, 0, 0, 0, 0, 0xffff, 0, 0], 96, "an IPv4 address in IPv6, RFC 4291"),
    ([0, 0, 0, 0, 0, 0, 0, 0], 96, "an IPv4 address in IPv6, RFC 4291"),
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, "translated within a network, RFC 8215"),
    ([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "discarded, RFC 6666"),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, "for protocols such as Teredo, RFC 2928 and RFC 4380"),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, "for documents, RFC 3849"),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "6to4, RFC 3056"),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "for documents, RFC 9637"),
    ([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16, "segments of a route, RFC 9602"),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "private, RFC 4193"),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "link-local, RFC 4291"),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "site-local, RFC 3879"),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast, RFC 4291"),
    ([0x4000, 0, 0, 0, 0, 0, 0, 0], 2, "given to nobody, RFC 4291"),
];

/// The IPv6 addresses that stand for IPv4 addresses where a network speaks IPv6 alone (RFC 6052). They end in the IPv4 address.
const TRANSLATED: ([u16; 8], u32) = ([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);
/// The IPv6 addresses that have been given out (RFC 4291).
const GIVEN_OUT: ([u16; 8], u32) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Returns what an address is, if it is no place on the public web.
pub fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => {
            let is_in = |first: [u8; 4], bits: u32| {
                (address.to_bits() ^ Ipv4Addr::from(first).to_bits()) >> (u32::BITS - bits) == 0
            };
            REFUSED_V4.iter().find(|(first, bits, _)| is_in(*first, *bits)).map(|(.., what)| *what)
        }
        IpAddr::V6(address) => {
            let is_in = |(first, bits): ([u16; 8], u32)| {
                (address.to_bits() ^ Ipv6Addr::from(first).to_bits()) >> (u128::BITS - bits) == 0
            };
            if is_in(TRANSLATED) {
                let [.., a, b, c, d] = address.octets();
                return not_public(IpAddr::V4(Ipv4Addr::new(a, b, c, d)));
            }
            let found = REFUSED_V6.iter().find(|(first, bits, _)| is_in((*first, *bits)));
            let outside = (!is_in(GIVEN_OUT)).then_some("given to nobody, RFC 4291");
            found.map(|(.., what)| *what).or(outside)
        }
    }
}

/// A host whose address may be anything, because the user has named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    host: String,
    /// The only port that is allowed; any where it is `None`.
    port: Option<u16>,
}

impl AllowedHost {
    /// Parses `HOST` or `HOST:PORT`.
    ///
    /// # Errors
    /// When the text is neither. The error is in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = || "expected HOST or HOST:PORT, such as archive.example or 127.0.0.1:8080".to_owned();
        // A URL leaves out the port that its scheme has anyway. One of the two schemes keeps it.
        let of = |scheme: &str| Url::parse(&format!("{scheme}://{text}")).ok();
        let (plain, tls) = of("http").zip(of("https")).ok_or_else(expected)?;
        let is_host_alone = plain.path() == "/" && plain.query().is_none() && plain.fragment().is_none();
        let host = plain.host_str().filter(|_| is_host_alone && plain.username().is_empty());
        Ok(Self { host: host.ok_or_else(expected)?.to_owned(), port: plain.port().or(tls.port()) })
    }

    fn is(&self, host: &str, port: u16) -> bool {
        self.host.eq_ignore_ascii_case(host) && self.port.is_none_or(|own| own == port)
    }
}

/// The refusal of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedAddress {
    host: String,
    port: u16,
    address: IpAddr,
    what: &'static str,
}

impl fmt::Display for RefusedAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, address, what } = self;
        write!(
            f,
            "leads to {address} ({what}), which is not on the public web; --allow-host {host}:{port} allows it"
        )
    }
}

impl std::error::Error for RefusedAddress {}

/// The look-up of names, which returns public addresses only.
#[derive(Debug)]
pub struct Guard {
    allowed: Vec<AllowedHost>,
    look_up: DefaultResolver,
}

impl Guard {
    /// Makes a guard that lets some hosts have any address.
    pub fn new(allowed: Vec<AllowedHost>) -> Self {
        Self { allowed, look_up: DefaultResolver::default() }
    }

    /// Checks the addresses of a host. One that is refused refuses all: which of them is connected to is not for us to choose.
    fn check(
        &self,
        host: &str,
        port: u16,
        addresses: impl IntoIterator<Item = IpAddr>,
    ) -> Result<(), RefusedAddress> {
        if self.allowed.iter().any(|allowed| allowed.is(host, port)) {
            return Ok(());
        }
        let refused = addresses.into_iter().find_map(|address| Some((address, not_public(address)?)));
        refused.map_or(Ok(()), |(address, what)| {
            Err(RefusedAddress { host: host.to_owned(), port, address, what })
        })
    }
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.look_up.resolve(uri, config, timeout)?;
        let port = found.iter().map(|address| address.port()).next().unwrap_or_default();
        self.check(uri.host().unwrap_or_default(), port, found.iter().map(|address| address.ip()))
            .map_err(|refused| ureq::Error::Other(Box::new(refused)))?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(address: &str) -> Option<&'static str> {
        not_public(address.parse().unwrap())
    }

    #[test]
    fn every_special_range_is_refused_from_its_first_address_to_its_last() {
        for (range, document) in [
            ("0.0.0.0-0.255.255.255", "RFC 791"),
            ("10.0.0.0-10.255.255.255", "RFC 1918"),
            ("100.64.0.0-100.127.255.255", "RFC 6598"),
            ("127.0.0.0-127.255.255.255", "RFC 1122"),
            ("169.254.0.0-169.254.255.255", "RFC 3927"),
            ("172.16.0.0-172.31.255.255", "RFC 1918"),
            ("192.0.0.0-192.0.0.255", "RFC 6890"),
            ("192.0.2.0-192.0.2.255", "RFC 5737"),
            ("192.88.99.0-192.88.99.255", "RFC 7526"),
            ("192.168.0.0-192.168.255.255", "RFC 1918"),
            ("198.18.0.0-198.19.255.255", "RFC 2544"),
            ("198.51.100.0-198.51.100.255", "RFC 5737"),
            ("203.0.113.0-203.0.113.255", "RFC 5737"),
            ("224.0.0.0-239.255.255.255", "RFC 5771"),
            ("240.0.0.0-255.255.255.255", "RFC 1112"),
            ("::-::", "RFC 4291"),
            ("::1-::1", "RFC 4291"),
            ("::2-::ffff:ffff", "RFC 4291"),
            ("::ffff:0.0.0.0-::ffff:255.255.255.255", "RFC 4291"),
            ("64:ff9b:1::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "RFC 8215"),
            ("100::-100::ffff:ffff:ffff:ffff", "RFC 6666"),
            ("2001::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 2928"),
            ("2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3849"),
            ("2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3056"),
            ("3fff::-3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 9637"),
            ("5f00::-5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 9602"),
            ("fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4193"),
            ("fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4291"),
            ("fec0::-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3879"),
            ("ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4291"),
            ("4000::-5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4291"),
            ("200::-1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4291"),
        ] {
            let (first, last) = range.split_once('-').unwrap();
            for address in [first, last] {
                let what = what(address).unwrap_or_else(|| panic!("{address} is taken"));
                assert!(what.contains(document), "{address}: {what}");
            }
        }
    }

    #[test]
    fn the_neighbours_of_special_ranges_are_public() {
        for address in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.88.98.255",
            "192.88.100.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "198.51.99.255",
            "198.51.101.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2000::",
            "2001:200::",
            "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:db9::",
            "2003::",
            "2606:4700::1111",
            "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "3fff:1000::",
        ] {
            assert_eq!(what(address), None, "{address}");
        }
    }

    #[test]
    fn an_address_that_stands_for_another_is_judged_by_that_one() {
        assert_eq!(what("64:ff9b::8.8.8.8"), None);
        assert_eq!(what("64:ff9b::10.0.0.1"), what("10.0.0.1"));
        assert_eq!(what("64:ff9b::127.0.0.1"), what("127.0.0.1"));
    }

    #[test]
    fn only_the_named_host_and_port_may_be_anywhere() {
        let guard = Guard::new(vec![
            AllowedHost::parse("LocalHost:8080").unwrap(),
            AllowedHost::parse("archive.example").unwrap(),
        ]);
        let own = || ["127.0.0.1".parse().unwrap()];
        assert_eq!(guard.check("localhost", 8080, own()), Ok(()));
        assert_eq!(guard.check("archive.example", 1, own()), Ok(()));
        for (host, port) in [("localhost", 8081), ("127.0.0.1", 8080), ("a.archive.example", 80)] {
            let refused = guard.check(host, port, own()).unwrap_err().to_string();
            assert!(refused.contains("127.0.0.1 (loopback, RFC 1122)"), "{refused}");
            assert!(refused.contains(&format!("--allow-host {host}:{port}")), "{refused}");
        }
        let one_of_two = ["8.8.8.8".parse().unwrap(), "10.0.0.1".parse().unwrap()];
        assert!(guard.check("two.example", 80, one_of_two).is_err());
    }

    #[test]
    fn a_host_is_named_with_or_without_its_port() {
        let of = |text: &str| AllowedHost::parse(text).map(|allowed| (allowed.host, allowed.port));
        assert_eq!(of("127.0.0.1:8080"), Ok(("127.0.0.1".to_owned(), Some(8080))));
        assert_eq!(of("archive.example:80"), Ok(("archive.example".to_owned(), Some(80))));
        assert_eq!(of("archive.example:443"), Ok(("archive.example".to_owned(), Some(443))));
        assert_eq!(of("[::1]:9"), Ok(("[::1]".to_owned(), Some(9))));
        assert_eq!(of("Пример.рф"), Ok(("xn--e1afmkfd.xn--p1ai".to_owned(), None)));
        for wrong in ["", "http://a.example", "a.example/b", "a.example?b", "u@a.example", "a b", ":80"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}

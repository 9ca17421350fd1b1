//! The digest that a package declares for a file.

use sha2::digest::DynDigest;

/// A declared digest of a file, and the computation of the real one.
pub struct Digest {
    declared: String,
    hasher: Box<dyn DynDigest + Send>,
}

impl Digest {
    /// Parses the `hash` of a resource (Data Package standard v2): an algorithm, a colon and hex digits. Without an
    /// algorithm it is MD5. Returns `None` for a text of another form or an algorithm that we do not know.
    pub fn parse(text: &str) -> Option<Self> {
        let (algorithm, digits) = text.split_once(':').unwrap_or(("md5", text));
        let hasher: Box<dyn DynDigest + Send> = match algorithm.to_ascii_lowercase().as_str() {
            "md5" => Box::new(md5::Md5::default()),
            "sha1" => Box::new(sha1::Sha1::default()),
            "sha256" => Box::new(sha2::Sha256::default()),
            "sha512" => Box::new(sha2::Sha512::default()),
            _ => return None,
        };
        let right =
            digits.len() == 2 * hasher.output_size() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        right.then(|| Self { declared: digits.to_ascii_lowercase(), hasher })
    }

    /// Adds bytes of the file to the computation.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    /// Returns the declared and the real digest in hex digits, if they differ.
    pub fn mismatch(mut self) -> Option<(String, String)> {
        let mut found = vec![0; self.hasher.output_size()];
        self.hasher.finalize_into_reset(&mut found).expect("it has as many bytes as the digest");
        let found = hex(&found);
        (found != self.declared).then_some((self.declared, found))
    }
}

/// Returns bytes as lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_algorithm_is_computed() {
        // Digests of the empty text, from RFC 1321 and FIPS 180-4.
        for declared in [
            "d41d8cd98f00b204e9800998ecf8427e",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
            "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        ] {
            assert_eq!(Digest::parse(declared).unwrap().mismatch(), None, "{declared}");
            let mut other = Digest::parse(declared).unwrap();
            other.update(b"x");
            assert!(other.mismatch().is_some());
        }
        for wrong in ["crc32:00000000", "sha256:abc", "", "sha256:", "zz1d8cd98f00b204e9800998ecf8427e"] {
            assert!(Digest::parse(wrong).is_none(), "{wrong}");
        }
    }
}

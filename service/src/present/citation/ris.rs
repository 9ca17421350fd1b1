//! A citation in RIS, the tagged format of reference managers.
//!
//! The tags follow the description of the format of 2011 (RefMan, Thomson Reuters) for `DATA`. Lines end in CR LF. Each line
//! begins with a tag, two spaces, a hyphen and a space.

use super::{Citation, PUBLISHER};

impl Citation {
    /// Returns the citation in RIS, in UTF-8.
    pub fn to_ris(&self) -> String {
        let [year, month, day] = self.day();
        let mut lines = vec![("TY", "DATA".to_owned()), ("ID", self.key.clone())];
        lines.extend(self.authors.iter().map(|name| ("AU", name.clone())));
        lines.extend([
            ("TI", self.title.clone()),
            ("T2", self.dataset.clone()),
            ("PY", format!("{year:04}")),
            ("DA", format!("{year:04}/{month:02}/{day:02}")),
            ("ET", self.version.clone()),
            ("PB", PUBLISHER.to_owned()),
            ("AN", self.release.clone()),
            ("UR", self.url.clone()),
        ]);
        lines.extend(self.notes().into_iter().map(|note| ("N1", note)));
        lines.extend([("LA", self.language.code().to_owned()), ("ER", String::new())]);
        lines.into_iter().map(|(tag, value)| format!("{tag}  - {value}\r\n")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::thorny;

    #[test]
    fn every_line_is_a_tag_and_a_value() {
        let record = thorny().to_ris();
        assert!(record.starts_with("TY  - DATA\r\n") && record.ends_with("ER  - \r\n"), "{record}");
        for line in record.split_terminator("\r\n") {
            assert_eq!(line.get(2..6), Some("  - "), "{line}");
            assert!(!line.contains(['\r', '\n']), "{line}");
        }
        assert_eq!(record.matches("AU  - ").count(), 2);
    }
}

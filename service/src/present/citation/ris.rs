//! A citation in RIS, the tagged format of reference managers.
//!
//! Tags as the format's description of 2011 (RefMan, Thomson Reuters) has them for `DATA`. Lines end in CR LF, and each is
//! a tag, two spaces, a hyphen and a space.

use super::{Citation, PUBLISHER};

/// Returns the record.
pub fn record(citation: &Citation) -> String {
    let [year, month, day] = citation.day();
    let mut lines = vec![("TY", "DATA".to_owned()), ("ID", citation.key.clone())];
    lines.extend(citation.authors.iter().map(|name| ("AU", name.clone())));
    lines.extend([
        ("TI", citation.title.clone()),
        ("T2", citation.dataset.clone()),
        ("PY", format!("{year:04}")),
        ("DA", format!("{year:04}/{month:02}/{day:02}")),
        ("ET", citation.version.clone()),
        ("PB", PUBLISHER.to_owned()),
        ("AN", citation.release.clone()),
        ("UR", citation.url.clone()),
    ]);
    lines.extend(citation.notes().into_iter().map(|note| ("N1", note)));
    lines.extend([("LA", citation.language.code().to_owned()), ("ER", String::new())]);
    lines.into_iter().map(|(tag, value)| format!("{tag}  - {value}\r\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::thorny;
    use super::*;

    #[test]
    fn every_line_is_a_tag_and_a_value() {
        let record = record(&thorny());
        assert!(record.starts_with("TY  - DATA\r\n") && record.ends_with("ER  - \r\n"), "{record}");
        for line in record.split_terminator("\r\n") {
            assert_eq!(line.get(2..6), Some("  - "), "{line}");
            assert!(!line.contains(['\r', '\n']), "{line}");
        }
        assert_eq!(record.matches("AU  - ").count(), 2);
    }
}

//! A citation as CSL-JSON 1.0, which Zotero, Pandoc and every CSL processor read.

use serde_json::{Value, json};

use super::{Citation, PUBLISHER};

impl Citation {
    /// Returns the citation as CSL-JSON: a list of one item, with those variables of CSL 1.0.2 for which there is a value. `accessed`
    /// is left out, because the day of access is known to the reader alone.
    pub fn to_csl(&self) -> Vec<u8> {
        let authors: Vec<Value> = self.authors.iter().map(|name| json!({ "literal": name })).collect();
        let items = json!([{
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": authors,
            "issued": { "date-parts": [self.day()] },
            "container-title": self.dataset,
            "publisher": PUBLISHER,
            "version": self.version,
            // The dataset's `version`, as its publisher numbers it, is not enough to find the release.
            "number": self.release,
            "URL": self.url,
            "note": self.notes().join(". "),
            "language": self.language.code(),
        }]);
        items.to_string().into_bytes()
    }
}

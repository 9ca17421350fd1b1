//! The canonical spelling of a query, used in pinned addresses, citations and caches.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::Query;
use crate::release::Release;

/// Characters that are escaped in a value. A comma is not: it separates values and is allowed in a query.
const VALUE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'+')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Escapes a text for a query.
pub fn escape(text: &str) -> String {
    utf8_percent_encode(text, VALUE).to_string()
}

/// Escapes a text for one segment of a path.
pub fn escape_part(text: &str) -> String {
    escape(text).replace('/', "%2F")
}

impl Query {
    /// Returns the query as text (without `?`): parameters in a fixed order, codes in byte order, the defaults of `by` and
    /// `measure` written out.
    pub fn canonical(&self, release: &Release) -> String {
        let join = |names: Vec<&str>| names.join(",");
        let mut parts =
            vec![format!("by={}", join(self.by.iter().map(|dimension| dimension.name()).collect()))];
        for (&dimension, numbers) in &self.keep {
            let codes: Vec<String> =
                numbers.iter().map(|&number| escape(release.code(dimension, number))).collect();
            parts.push(format!("{dimension}={}", codes.join(",")));
        }
        parts.extend(self.lineage.then(|| "lineage=1".to_owned()));
        parts.extend(self.from.map(|from| format!("from={from}")));
        parts.extend(self.to.map(|to| format!("to={to}")));
        parts.push(format!("measure={}", join(self.measures.iter().map(|measure| measure.name()).collect())));
        parts.extend(self.share.map(|share| format!("share={share}")));
        parts.extend(self.rate.then(|| "rate=1".to_owned()));
        parts.extend(self.labels.map(|labels| format!("labels={labels}")));
        parts.join("&")
    }
}

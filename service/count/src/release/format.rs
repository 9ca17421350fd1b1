//! Formats of a store's files that are newer than this program.
//!
//! A file with a format above 1 says in its member `needs` which version of the program reads it. So an older program can name
//! that version, and need not call the file damaged.

use serde_json::Value;

/// Returns the program that reads a file of a newer format, such as `chargesheet 0.3.0 or later`. `None` when the file is no JSON,
/// or its format is not newer than `known`. `member` is the member with the number of the format.
pub fn newer(json: &[u8], member: &str, known: u32) -> Option<String> {
    let value: Value = serde_json::from_slice(json).ok()?;
    value.get(member)?.as_u64().filter(|format| *format > known.into())?;
    let needs = value.get("needs").and_then(Value::as_str).filter(|needs| is_version(needs));
    Some(needs.map_or("a later chargesheet".to_owned(), |needs| format!("chargesheet {needs} or later")))
}

/// Whether a text is a version: three numbers. What a damaged file says instead is not repeated.
fn is_version(text: &str) -> bool {
    let is_number =
        |part: &str| (1..=5).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('.').count() == 3 && text.split('.').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_format_names_the_version_that_reads_it() {
        let of = |json: &str| newer(json.as_bytes(), "format", 2);
        assert_eq!(of(r#"{"format":3,"needs":"0.3.0"}"#).as_deref(), Some("chargesheet 0.3.0 or later"));
        for unsaid in ["", r#","needs":"rm -rf""#, r#","needs":"1.2""#, r#","needs":"1..2""#, r#","needs":3"#]
        {
            let json = format!(r#"{{"format":3{unsaid}}}"#);
            assert_eq!(of(&json).as_deref(), Some("a later chargesheet"), "{json}");
        }
        for known in
            [r#"{"format":2,"needs":"9.9.0"}"#, r#"{"format":"3"}"#, r#"{"needs":"9.9.0"}"#, "3", "", "[3]"]
        {
            assert_eq!(of(known), None, "{known}");
        }
    }
}

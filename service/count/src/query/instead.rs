//! The query that was meant by one that is refused.

use super::canonical::escape;
use super::params::decoded;

/// Returns a query with the right value, or the right name, in the place of one that is refused. `value` is `None` where the
/// name of the parameter is refused.
pub fn instead(query: &str, parameter: &str, value: Option<&str>, nearest: &str) -> Option<String> {
    let mut is_found = false;
    let pieces = query.split('&').map(|piece| {
        let (name, own) = piece.split_once('=').unwrap_or((piece, ""));
        if decoded(name).ok().as_deref() != Some(parameter) {
            return piece.to_owned();
        }
        let Some(value) = value else {
            is_found = true;
            return format!("{}={own}", escape(nearest));
        };
        let own = decoded(own).unwrap_or_default();
        let each = own.split(',').map(|one| if one == value { nearest } else { one });
        let right = if own == value { nearest.to_owned() } else { each.collect::<Vec<_>>().join(",") };
        is_found |= right != own;
        format!("{name}={}", right.split(',').map(escape).collect::<Vec<_>>().join(","))
    });
    let right = pieces.collect::<Vec<_>>().join("&");
    is_found.then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_works_has_the_right_value_in_the_same_place() {
        let right = |query, parameter, value, nearest| instead(query, parameter, value, nearest);
        assert_eq!(
            right("by=year&country=IN&from=2015", "country", Some("IN"), "IND").as_deref(),
            Some("by=year&country=IND&from=2015")
        );
        assert_eq!(
            right("country=IND~KAZ", "country", Some("IND~KAZ"), "IND,KAZ").as_deref(),
            Some("country=IND,KAZ")
        );
        assert_eq!(
            right("statute=IND-IPC-124A%2CKAZ-CC-247", "statute", Some("KAZ-CC-247"), "KAZ-CC-274")
                .as_deref(),
            Some("statute=IND-IPC-124A,KAZ-CC-274")
        );
        assert_eq!(right("contry=KAZ&by=", "contry", None, "country").as_deref(), Some("country=KAZ&by="));
        assert_eq!(right("by=year", "country", Some("IN"), "IND"), None);
    }
}

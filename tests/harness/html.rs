//! A minimal HTML reader for pages of known form: attributes, the content of elements, character references.

/// Returns the values of an attribute, in order, with character references resolved.
pub fn attributes(html: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    html.match_indices(&start)
        .filter_map(|(place, _)| {
            let rest = &html[place + start.len()..];
            Some(text(&rest[..rest.find('"')?]))
        })
        .collect()
}

/// Returns the content of the first element with this name and with `mark` in its start tag. Character references are resolved.
///
/// # Panics
/// When there is no such element.
pub fn inside(html: &str, name: &str, mark: &str) -> String {
    let found = html.split(&format!("<{name}")).skip(1).find_map(|rest| {
        let (tag, rest) = rest.split_once('>')?;
        let (inside, _) = rest.split_once(&format!("</{name}>"))?;
        tag.contains(mark).then(|| text(inside))
    });
    found.unwrap_or_else(|| panic!("no <{name} {mark}> in {html}"))
}

/// Resolves the five named character references that HTML needs, and every numeric reference.
///
/// # Panics
/// When another character reference occurs.
pub fn text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(place) = rest.find('&') {
        out.push_str(&rest[..place]);
        rest = &rest[place..];
        let Some(end) = rest.find(';').filter(|&end| end <= 10) else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        let name = &rest[1..end];
        let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
            None => number.parse().ok(),
        });
        match (name, number.and_then(char::from_u32)) {
            (_, Some(symbol)) => out.push(symbol),
            ("amp", _) => out.push('&'),
            ("lt", _) => out.push('<'),
            ("gt", _) => out.push('>'),
            ("quot", _) => out.push('"'),
            ("apos", _) => out.push('\''),
            _ => panic!("an unknown reference &{name};"),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

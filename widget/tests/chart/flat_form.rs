//! An answer that goes through JSON and the flat form, as in the browser, gives the same picture.

use crate::samples;
use chargesheet_widget::chart::{Spec, draw};
use chargesheet_widget::flat;
use serde_json::Value;

/// The same walk as `flatten` in widget/element/load.js.
fn flatten(value: &Value, path: &str, records: &mut Vec<String>) {
    let next = |key: &str| [path, key, "\u{1F}"].concat();
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.iter().for_each(|(key, field)| flatten(field, &next(key), records)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, item)| flatten(item, &next(&index.to_string()), records));
        }
        Value::String(text) => records.push([path, text].concat()),
        other => records.push([path, &other.to_string()].concat()),
    }
}

#[test]
fn the_browsers_answer_gives_the_servers_picture() {
    for (name, answer) in samples::all() {
        let mut json: Value = serde_json::to_value(&answer).expect("serialises");
        // These are in the language's file, not in the answer.
        let text = &answer.text;
        for (field, words) in [
            ("not_shown", &text.not_shown),
            ("shown_periods", &text.shown_periods),
            ("key_break", &text.key_break),
            ("key_provisional", &text.key_provisional),
            ("key_disagree", &text.key_disagree),
            ("key_interval", &text.key_interval),
        ] {
            assert!(json["text"][field].is_null(), "{field} is the same for every answer");
            json["text"][field] = words.as_str().into();
        }
        // These are in `chart.json`.
        assert!(json["beside"].is_null(), "the JSON of an answer has what it had");
        json["beside"] = serde_json::to_value(&answer.beside).expect("serialises");
        let mut records = Vec::new();
        flatten(&json, "", &mut records);
        let read = flat::read(&records.join("\u{1E}")).expect("an answer");
        let spec = Spec::new(800, 450).expect("a size within the limits");
        assert_eq!(draw(&read, &spec), draw(&answer, &spec), "{name}");
    }
}

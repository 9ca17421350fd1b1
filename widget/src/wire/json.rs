//! The parts of an answer whose JSON differs from their fields: rows are objects by column name, and labels are objects by
//! code.

use super::{Answer, Column, Labels, Looks, Row, Value};
use serde::ser::{Serialize, SerializeMap as _, SerializeStruct as _, Serializer};

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            dataset,
            release,
            query,
            language,
            columns,
            rows,
            labels,
            additive,
            in_force,
            sources,
            more_sources,
            caveats,
            citation,
            text,
            // The JSON of an answer never changes, and this may.
            beside: _,
        } = self;
        let mut answer = serializer.serialize_struct("Answer", 13 + usize::from(more_sources.is_some()))?;
        answer.serialize_field("dataset", dataset)?;
        answer.serialize_field("release", release)?;
        answer.serialize_field("query", query)?;
        answer.serialize_field("language", language)?;
        answer.serialize_field("columns", columns)?;
        answer.serialize_field("rows", &Rows { columns, rows })?;
        answer.serialize_field("labels", labels)?;
        answer.serialize_field("additive", additive)?;
        answer.serialize_field("in_force", in_force)?;
        answer.serialize_field("sources", sources)?;
        // The member is left out when it is empty, so that older answers, which lacked it, keep their bytes.
        if let Some(more) = more_sources {
            answer.serialize_field("more_sources", more)?;
        }
        answer.serialize_field("caveats", caveats)?;
        answer.serialize_field("citation", citation)?;
        answer.serialize_field("text", text)?;
        answer.end()
    }
}

/// Rows with the columns that name their values.
struct Rows<'a> {
    columns: &'a [Column],
    rows: &'a [Row],
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows.iter().map(|row| Named { columns: self.columns, row }))
    }
}

/// A row as an object by column name.
struct Named<'a> {
    columns: &'a [Column],
    row: &'a Row,
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let disagree = !self.row.disagreements.is_empty();
        let mut object = serializer.serialize_map(Some(self.columns.len() + usize::from(disagree)))?;
        for (index, column) in self.columns.iter().enumerate() {
            object.serialize_entry(&column.name, self.row.values.get(index).unwrap_or(&Value::Absent))?;
        }
        if disagree {
            object.serialize_entry("disagreements", &self.row.disagreements)?;
        }
        object.end()
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(dimension, codes)| (dimension, Codes(codes))))
    }
}

/// Codes with their labels, as an object by code.
struct Codes<'a>(&'a [(String, String)]);

impl Serialize for Codes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(code, label)| (code, label)))
    }
}

/// Writes texts by code as an object.
pub fn by_code<S: Serializer>(texts: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    Codes(texts).serialize(serializer)
}

impl Serialize for Looks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(code, look)| {
            (code, (format!("{:06x}", look.light), format!("{:06x}", look.dark), look.mark))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnRole, Disagreement};
    use super::*;

    #[test]
    fn rows_are_objects_and_labels_keep_their_order() {
        let column = |name: &str, role| Column { name: name.to_owned(), role, title: name.to_owned() };
        let answer = Answer {
            columns: vec![
                column("outcome", ColumnRole::Dimension),
                column("year", ColumnRole::Dimension),
                column("cases", ColumnRole::Measure),
                column("sources", ColumnRole::Sources),
            ],
            rows: vec![
                Row {
                    values: vec![
                        Value::Text("pending".to_owned()),
                        Value::Absent,
                        Value::Count(3),
                        Value::List(vec!["ncrb-2020".to_owned()]),
                    ],
                    disagreements: vec![Disagreement {
                        measure: "cases".to_owned(),
                        value: 4,
                        source: "press".to_owned(),
                    }],
                },
                Row {
                    values: vec![
                        Value::Text("convicted".to_owned()),
                        Value::Year(2021),
                        Value::Count(0),
                        Value::List(Vec::new()),
                    ],
                    disagreements: Vec::new(),
                },
            ],
            labels: Labels(vec![(
                "outcome".to_owned(),
                vec![
                    ("pending".to_owned(), "Pending".to_owned()),
                    ("convicted".to_owned(), "Convicted".to_owned()),
                ],
            )]),
            ..Answer::default()
        };
        let json = serde_json::to_string(&answer).expect("serialises");
        assert!(
            json.contains(
                r#""rows":[{"outcome":"pending","year":null,"cases":3,"sources":["ncrb-2020"],"disagreements":[{"measure":"cases","value":4,"source":"press"}]},{"outcome":"convicted","year":2021,"cases":0,"sources":[]}],"labels":{"outcome":{"pending":"Pending","convicted":"Convicted"}},"additive":[],"in_force":null"#
            ),
            "{json}"
        );
        let order = [
            "dataset", "release", "query", "language", "columns", "rows", "labels", "additive", "in_force",
            "sources", "caveats", "citation", "text",
        ];
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&json).expect("an object");
        assert!(object.keys().eq(order), "{object:?}");
        let more = Some(super::super::MoreSources { count: 7, url: "/evidence.csv".to_owned() });
        let json = serde_json::to_string(&Answer { more_sources: more, ..answer }).expect("serialises");
        let member = r#""sources":[],"more_sources":{"count":7,"url":"/evidence.csv"},"caveats":[]"#;
        assert!(json.contains(member), "{json}");
    }
}

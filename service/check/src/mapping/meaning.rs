//! The meaning of a text that is no code.

/// What a text means.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Meant {
    /// It is this code, or certainly stands for it.
    Code(String),
    /// It may stand for this code; somebody has to say so.
    Perhaps(String),
    /// It may stand for one of these codes, and none is likelier.
    Choice(Vec<String>),
    /// Nothing that is known.
    Nothing,
}

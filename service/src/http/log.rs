//! What the operator is told: on standard error, a line an event. Never an address, a referrer, a user agent or a query
//! of a visitor.
//!
//! As text only what asks for attention is told, in a sentence: a log without lines is a service without faults. As JSON
//! everything is, one object a line with `time`, `level`, `event`, `message` and fields of the event.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::ingest::printable;

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Sentences, only of what asks for attention.
    Text,
    /// One JSON object a line, of every event.
    Json,
}

impl LogFormat {
    /// All forms.
    pub const ALL: [Self; 2] = [Self::Text, Self::Json];

    /// Returns its name in arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

/// How much attention an event asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// None: it belongs to the course of things.
    Info,
    /// Something is short or damaged, and the service goes on.
    Warning,
    /// A bug, or a loss.
    Error,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Chosen once, when the program begins to serve; text until then.
static FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// Chooses the form of the log. The first choice stays.
pub fn choose(format: LogFormat) {
    let _ = FORMAT.set(format);
}

/// Tells of an event: its name, a sentence, and fields whose names say their unit.
pub fn tell(level: Level, event: &str, message: &str, fields: &[(&str, Value)]) {
    let format = FORMAT.get().copied().unwrap_or(LogFormat::Text);
    let Some(line) = line(format, level, event, message, fields) else {
        return;
    };
    // Whole lines, also when several threads tell something. A log that cannot be written (its disk is full, its reader
    // gone) must not take the service down, which `eprintln!` would.
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

fn line(
    format: LogFormat,
    level: Level,
    event: &str,
    message: &str,
    fields: &[(&str, Value)],
) -> Option<String> {
    match format {
        LogFormat::Text if level == Level::Info => None,
        LogFormat::Text => Some(format!("chargesheet: {}\n", printable(message))),
        LogFormat::Json => {
            let mut object = Map::new();
            // To the millisecond, always as wide, so that lines can be sorted.
            object.insert("time".to_owned(), json!(format!("{:.3}", jiff::Timestamp::now())));
            object.insert("level".to_owned(), json!(level.name()));
            object.insert("event".to_owned(), json!(event));
            object.insert("message".to_owned(), json!(message));
            object.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            Some(format!("{}\n", Value::Object(object)))
        }
    }
}

/// Tells of a kind of event at most every ten seconds: a flood of refusals must not become a flood of lines, which
/// would fill a disk.
#[derive(Debug, Default)]
pub struct Seldom(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    last: Option<Instant>,
    untold: u64,
}

/// How long one kind of event is not told of again.
const PAUSE: Duration = Duration::from_secs(10);

impl Seldom {
    /// Tells of a warning, unless one of its kind was told of a moment ago; says how many were not.
    pub fn warn(&self, event: &str, message: &str) {
        let due = self.0.lock().unwrap_or_else(PoisonError::into_inner).due(Instant::now());
        if let Some(untold) = due {
            warn(event, message, untold);
        }
    }
}

impl Told {
    /// Returns how many were passed over, when one is due.
    fn due(&mut self, now: Instant) -> Option<u64> {
        if self.last.is_some_and(|last| now.saturating_duration_since(last) < PAUSE) {
            self.untold += 1;
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.untold))
    }
}

fn warn(event: &str, message: &str, untold: u64) {
    let since = match untold {
        0 => String::new(),
        1 => "; one more time since this was last told".to_owned(),
        many => format!("; {many} more times since this was last told"),
    };
    tell(Level::Warning, event, &format!("{message}{since}"), &[("untold", json!(untold))]);
}

/// Most different faults that are remembered at once.
const FAULTS: usize = 64;

/// Tells that something is damaged or failed, in a sentence; the same one at most every ten seconds, for every request may
/// come across a damaged file.
pub fn fault(message: &str) {
    static SAID: Mutex<BTreeMap<String, Told>> = Mutex::new(BTreeMap::new());
    let due = due(&mut SAID.lock().unwrap_or_else(PoisonError::into_inner), message, Instant::now());
    if let Some(untold) = due {
        warn("fault", message, untold);
    }
}

fn due(said: &mut BTreeMap<String, Told>, message: &str, now: Instant) -> Option<u64> {
    if !said.contains_key(message) && said.len() >= FAULTS {
        let oldest = said.iter().min_by_key(|(_, told)| told.last).map(|(message, _)| message.clone());
        oldest.and_then(|oldest| said.remove(&oldest));
    }
    said.entry(message.to_owned()).or_default().due(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_json_an_event_is_one_line_of_one_object_whatever_is_in_it() {
        let fields = [("release", json!("2024-01-01-abc"))];
        let line =
            line(LogFormat::Json, Level::Warning, "store.unreadable", "two\nlines \"quoted\"", &fields);
        let line = line.expect("everything is told");
        assert!(line.ends_with('\n') && line.matches('\n').count() == 1, "{line}");
        let told: Value = serde_json::from_str(&line).expect("it is JSON");
        let time = told["time"].as_str().expect("it says when");
        assert!(time.len() == "2024-01-01T00:00:00.000Z".len() && time.ends_with('Z'), "{time}");
        assert_eq!(told["level"], "warning");
        assert_eq!(told["event"], "store.unreadable");
        assert_eq!(told["message"], "two\nlines \"quoted\"");
        assert_eq!(told["release"], "2024-01-01-abc");
    }

    #[test]
    fn as_text_only_what_asks_for_attention_is_told() {
        assert_eq!(line(LogFormat::Text, Level::Info, "ready", "ready", &[]), None);
        let told = line(LogFormat::Text, Level::Error, "panic", "a\u{1b}[31mpanic", &[]).expect("it is told");
        assert!(told.starts_with("chargesheet: a") && !told.contains('\u{1b}'), "{told:?}");
    }

    #[test]
    fn a_flood_is_told_of_seldom_and_counted() {
        let (mut told, start) = (Told::default(), Instant::now());
        assert_eq!(told.due(start), Some(0));
        for _ in 0..1000 {
            assert_eq!(told.due(start + Duration::from_secs(9)), None);
        }
        assert_eq!(told.due(start + PAUSE), Some(1000));
        assert_eq!(told.due(start + PAUSE), None);
    }

    #[test]
    fn a_fault_is_told_once_and_another_is_told_too_and_few_are_remembered() {
        let (mut said, start) = (BTreeMap::new(), Instant::now());
        assert_eq!(due(&mut said, "one", start), Some(0));
        assert_eq!(due(&mut said, "one", start), None);
        assert_eq!(due(&mut said, "other", start), Some(0));
        assert_eq!(due(&mut said, "one", start + PAUSE), Some(1));
        for number in 0..10 * FAULTS {
            assert_eq!(due(&mut said, &number.to_string(), start + PAUSE), Some(0));
        }
        assert_eq!(said.len(), FAULTS);
    }
}

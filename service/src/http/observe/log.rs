//! The log: one line per event on standard error. It never contains the address, referrer, user agent or query of a visitor.
//!
//! The text format contains only events that need attention, each as a sentence. So an empty log means a service without faults.
//! The JSON format contains every event, as one object per line with `time`, `level`, `event`, `message` and the fields of the
//! event.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::ingest::printable;

chargesheet_check::words! {
    /// The format of the log.
    LogFormat {
        /// Sentences, only for events that need attention.
        Text = "text",
        /// One JSON object per line, for every event.
        Json = "json",
    }
}

chargesheet_check::words! {
    /// How much attention an event needs.
    Level {
        /// None. The event is part of normal operation.
        Info = "info",
        /// Something is short or damaged, but the service goes on.
        Warning = "warning",
        /// A bug, or a loss.
        Error = "error",
    }
}

/// Chosen once, when the program begins to serve. Until then the format is text.
static FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// Chooses the format of the log. Only the first call has an effect.
pub fn choose(format: LogFormat) {
    let _ = FORMAT.set(format);
}

/// Logs an event with a name, a sentence, and fields whose names give their units.
pub fn tell(level: Level, event: &str, message: &str, fields: &[(&str, Value)]) {
    let format = FORMAT.get().copied().unwrap_or(LogFormat::Text);
    let Some(line) = line(format, level, event, message, fields) else {
        return;
    };
    // One write per line keeps lines whole when several threads log. If the log cannot be written (the disk is full, or its reader
    // has gone), the service must go on. `eprintln!` would panic.
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
            // Always with three decimals, so that lines can be sorted.
            let time = format!("{:.3}", jiff::Timestamp::now());
            let own =
                [("time", time.as_str()), ("level", level.name()), ("event", event), ("message", message)];
            let own = own.into_iter().map(|(name, value)| (name.to_owned(), json!(value)));
            let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
            Some(format!("{}\n", Value::Object(own.chain(fields).collect::<Map<_, _>>())))
        }
    }
}

/// How long further events of one kind are not logged. A flood of refusals must not become a flood of lines that fills a disk.
const PAUSE: Duration = Duration::from_secs(10);

/// Number of kinds of events that are throttled at a time.
const KINDS: usize = 64;

/// When an event was last logged, and how often it has happened since.
#[derive(Debug, Default)]
struct Throttle {
    last: Option<Instant>,
    untold: u64,
}

impl Throttle {
    /// Returns how often the event was left out of the log, if it may be logged again now.
    fn due(&mut self, now: Instant) -> Option<u64> {
        if self.last.is_some_and(|last| now.saturating_duration_since(last) < PAUSE) {
            self.untold += 1;
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.untold))
    }
}

/// Logs a warning, at most once per event in ten seconds. The line says how many were left out.
pub fn warn(event: &str, message: &str) {
    warn_seldom(event, event, message);
}

/// Logs that something is damaged or has failed, at most once per message in ten seconds. Every request may hit the same damaged
/// file.
pub fn fault(message: &str) {
    warn_seldom(message, "fault", message);
}

fn warn_seldom(kind: &str, event: &str, message: &str) {
    static KNOWN: Mutex<BTreeMap<String, Throttle>> = Mutex::new(BTreeMap::new());
    let due = due(&mut KNOWN.lock().unwrap_or_else(PoisonError::into_inner), kind, Instant::now());
    let Some(untold) = due else {
        return;
    };
    let since = match untold {
        0 => String::new(),
        1 => "; one more time since this was last told".to_owned(),
        many => format!("; {many} more times since this was last told"),
    };
    tell(Level::Warning, event, &format!("{message}{since}"), &[("untold", json!(untold))]);
}

fn due(known: &mut BTreeMap<String, Throttle>, kind: &str, now: Instant) -> Option<u64> {
    if !known.contains_key(kind) && known.len() >= KINDS {
        let oldest = known.iter().min_by_key(|(_, throttle)| throttle.last).map(|(kind, _)| kind.clone());
        oldest.and_then(|oldest| known.remove(&oldest));
    }
    known.entry(kind.to_owned()).or_default().due(now)
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
        let (mut throttle, start) = (Throttle::default(), Instant::now());
        assert_eq!(throttle.due(start), Some(0));
        for _ in 0..1000 {
            assert_eq!(throttle.due(start + Duration::from_secs(9)), None);
        }
        assert_eq!(throttle.due(start + PAUSE), Some(1000));
        assert_eq!(throttle.due(start + PAUSE), None);
    }

    #[test]
    fn a_fault_is_told_once_and_another_is_told_too_and_few_are_remembered() {
        let (mut known, start) = (BTreeMap::new(), Instant::now());
        assert_eq!(due(&mut known, "one", start), Some(0));
        assert_eq!(due(&mut known, "one", start), None);
        assert_eq!(due(&mut known, "other", start), Some(0));
        assert_eq!(due(&mut known, "one", start + PAUSE), Some(1));
        for number in 0..10 * KINDS {
            assert_eq!(due(&mut known, &number.to_string(), start + PAUSE), Some(0));
        }
        assert_eq!(known.len(), KINDS);
    }
}

//! Why a cluster gave no answer.

/// Why a cluster gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The address is none of Spark Connect.
    #[error("{given:?} is no address of Spark Connect; write sc://host:15002")]
    Address {
        /// What was given.
        given: String,
    },
    /// Nobody listens there, or the connection broke.
    #[error("Spark Connect at {place} is away: {why}")]
    Away {
        /// Host and port.
        place: String,
        /// The words of the system.
        why: String,
    },
    /// The token is missing or wrong.
    #[error("Spark Connect at {place} refuses the token in CHARGESHEET_ENGINE_TOKEN: {why}")]
    Token {
        /// Host and port.
        place: String,
        /// Spark's words.
        why: String,
    },
    /// The deadline has passed. The operation was interrupted.
    #[error("Spark had not answered after {seconds} seconds; the statement was interrupted")]
    Late {
        /// The seconds that it had.
        seconds: u64,
    },
    /// Spark is older than what is known to be right.
    #[error("Spark at {place} is {version:?}; {least} or later is needed")]
    TooOld {
        /// Host and port.
        place: String,
        /// What it says that it is.
        version: String,
        /// The oldest version.
        least: &'static str,
    },
    /// A setting could not be made, without which an answer may be wrong.
    #[error(
        "Spark at {place} keeps {setting} at {given:?}; {needed} is needed, or answers may be wrong without a word"
    )]
    Setting {
        /// Host and port.
        place: String,
        /// The setting.
        setting: &'static str,
        /// What it must be.
        needed: &'static str,
        /// What it is.
        given: String,
    },
    /// Spark could not do it.
    #[error("Spark cannot do it: {why}")]
    Failed {
        /// Spark's words, on one line.
        why: String,
    },
    /// The rows have more bytes than an answer may have.
    #[error("Spark sent an answer of more than 256 MiB")]
    TooLarge,
    /// The rows are not those that were promised.
    #[error("Spark sent an answer that is not whole: {what}")]
    NotWhole {
        /// What is wrong.
        what: String,
    },
}

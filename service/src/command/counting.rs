//! The cluster that counts releases in parts, as commands are told of it.

use crate::engine::Choice;

/// The cluster that counts releases in parts.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Counting {
    /// The cluster that counts releases in parts: sc://HOST:PORT of Spark Connect. Its token is in CHARGESHEET_ENGINE_TOKEN.
    #[cfg(feature = "cluster")]
    #[arg(long, value_name = "ADDRESS")]
    engine: Option<String>,
}

impl Counting {
    /// Chooses the cluster, if one was named, for everything that is loaded from now on.
    ///
    /// # Errors
    /// When the address is none.
    pub fn choose(&self) -> Result<(), String> {
        #[cfg(feature = "cluster")]
        if let Some(address) = &self.engine {
            crate::engine::cluster::choose(address, crate::cluster::token())?;
        }
        Ok(())
    }
}

/// Reads who counts the answer to a question: an engine of this program, or the cluster at an address.
///
/// # Errors
/// When it is neither.
pub fn counter(text: &str) -> Result<(Counting, Choice), String> {
    #[cfg(feature = "cluster")]
    if text.starts_with("sc://") {
        return Ok((Counting { engine: Some(text.to_owned()) }, Choice::Fastest));
    }
    text.parse().map(|choice| (Counting::default(), choice))
}

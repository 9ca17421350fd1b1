//! What every way of publishing has in common: its options, the question on a terminal, and what is there now.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use super::check::RefusalOptions;
use super::print;
use crate::release::{Store, StoreError};

/// Where and how a package is published. Refused rows are kept beside its files, unless another folder is named.
#[derive(Debug, clap::Args)]
pub struct PublishOptions {
    /// The folder of releases; made where it is missing.
    #[arg(long, value_name = "STORE")]
    pub store: PathBuf,
    /// Publishes without asking. Where there is no terminal, nobody is asked.
    #[arg(long)]
    pub yes: bool,
    /// Which rows are refused, and where they are kept.
    #[command(flatten)]
    pub refusal: RefusalOptions,
    /// The cluster that checks and sorts the charges.
    #[command(flatten)]
    pub engine: EngineOptions,
}

/// The cluster that checks and sorts charges, when they are too many for one machine.
#[derive(Debug, Default, clap::Args)]
pub struct EngineOptions {
    /// Apache Spark checks and sorts the charges: the address of its Connect server, such as sc://host:15002. The token stands in the
    /// environment variable CHARGESHEET_ENGINE_TOKEN. Needs a program that is built with the feature `cluster`.
    #[arg(long = "engine", value_name = "ADDRESS")]
    pub address: Option<String>,
    /// The path of this program on the workers, if it is another one there.
    #[arg(long = "engine-program", value_name = "PATH", requires = "address")]
    pub program: Option<PathBuf>,
    /// Lets Spark read charges that `datapackage.json` names below this address of an object store, such as s3://bucket/register/. May
    /// be given more than once.
    #[arg(long = "engine-allow", value_name = "ADDRESS", requires = "address")]
    pub allowed: Vec<String>,
    /// How long one statement may take on the cluster, in hours.
    #[arg(long = "engine-hours", value_name = "HOURS", default_value = "12", requires = "address",
        value_parser = clap::value_parser!(u64).range(1..=240))]
    pub hours: u64,
}

/// Shows what would change, and asks on the terminal whether to publish.
pub(super) fn agreed(dataset: &str, changes: &str) -> Result<bool, String> {
    let changes = if changes.is_empty() { "  it has no release yet\n" } else { changes };
    print(format!("{dataset}\n{changes}publish? [y/N] ").as_bytes())?;
    std::io::stdout().flush().map_err(|error| error.to_string())?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|error| format!("cannot read the answer: {error}"))?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

/// Says which release of a dataset is the newest now. Error messages end with it, because the operator must know whether the store
/// has changed.
pub(super) fn what_is_there(store: &Store, dataset: &str, before: Option<&str>) -> String {
    match newest(store, dataset) {
        Err(StoreError::Newer { .. }) => "nothing was changed".to_owned(),
        Err(_) => "and what is there cannot be read; run `chargesheet verify`".to_owned(),
        Ok(Some(id)) if Some(id.as_str()) == before => {
            format!("nothing was changed, the newest release is still {id}")
        }
        Ok(Some(id)) => format!("the release {id} is there and the newest"),
        Ok(None) => "nothing was published".to_owned(),
    }
}

/// Returns the newest release that is not withdrawn.
pub(super) fn newest(store: &Store, dataset: &str) -> Result<Option<String>, StoreError> {
    Ok(store
        .releases(dataset)?
        .into_iter()
        .rev()
        .find(|entry| entry.withdrawn.is_none())
        .map(|entry| entry.id))
}

/// Whether there is somebody to be asked.
pub(super) fn asks(options: &PublishOptions) -> bool {
    !options.yes && std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

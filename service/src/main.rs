//! The `chargesheet` program: arguments into one command and its exit code.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use chargesheet::catalog::{Bundled, Catalog};
use chargesheet::command;
use clap::{Args, Parser, Subcommand};

/// Publishes how often a law is used against people.
#[derive(Debug, Parser)]
#[command(version, about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the datasets over HTTP (what happens without a command).
    Serve(Serve),
    /// Checks a data package and tells of every bad row; exits 1 when something is refused.
    Check {
        /// The folder that holds datapackage.json.
        folder: PathBuf,
    },
    /// Answers one question on the terminal, with the same words as the web address.
    Query {
        /// The dataset's id, such as documented-cases.
        dataset: String,
        /// The query, such as "by=outcome&statute=KAZ-CC-274&measure=persons,cases".
        #[arg(default_value = "")]
        query: String,
        /// csv, json or svg.
        #[arg(long, default_value = "csv")]
        format: command::Format,
        #[command(flatten)]
        data: Data,
    },
}

#[derive(Debug, Args)]
struct Serve {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:3030")]
    listen: SocketAddr,
    /// Address under which readers reach the service, for citations and snippets.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Args)]
struct Data {
    /// Folder of a data package to serve as well; can be given several times.
    #[arg(long = "data", value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Leaves the bundled datasets out.
    #[arg(long)]
    no_bundled: bool,
}

impl Data {
    fn load(&self) -> Result<Catalog, String> {
        let bundled = if self.no_bundled { Bundled::LeftOut } else { Bundled::Served };
        Catalog::load(&self.folders, bundled).map_err(|error| error.to_string())
    }
}

impl Default for Serve {
    fn default() -> Self {
        let nothing: [&str; 0] = [];
        match Arguments::parse_from(["chargesheet", "serve"].into_iter().chain(nothing)).command {
            Some(Command::Serve(serve)) => serve,
            _ => unreachable!("`chargesheet serve` is the command serve"),
        }
    }
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command.unwrap_or_else(|| Command::Serve(Serve::default())) {
        Command::Serve(Serve { listen, public_url, data }) => {
            data.load().and_then(|catalog| command::serve(catalog, listen, public_url))
        }
        Command::Check { folder } => command::check(&folder),
        Command::Query { dataset, query, format, data } => {
            data.load().and_then(|catalog| command::query(&catalog, &dataset, &query, format))
        }
    };
    done.unwrap_or_else(|message| {
        eprintln!("chargesheet: {message}");
        ExitCode::from(2)
    })
}

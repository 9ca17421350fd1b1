//! The `chargesheet` program: parses the arguments, runs one command and returns its exit code.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use chargesheet::catalog::{Bundled, Sources};
use chargesheet::command::{
    self, CheckOptions, Counting, InitOptions, PublishOptions, ServeOptions, SourcesOptions, one_of, today,
};
use chargesheet::engine::Choice;
use chargesheet::ingest::Rules;
use chargesheet::release::Reason;
use clap::{Args, Parser, Subcommand};

/// The program's allocator. That of the C library keeps the memory of a large answer for the next one, which costs half as much
/// memory as the data.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    Serve {
        #[command(flatten)]
        options: ServeOptions,
        #[command(flatten)]
        fonts: Fonts,
        #[command(flatten)]
        data: Data,
    },
    /// Checks a data package and tells of every bad row. Exits 0 when all is taken, 1 when rows are refused,
    /// 2 when a file is refused, 3 when the package cannot be read.
    Check(CheckOptions),
    /// Makes a data package of spreadsheets (XLSX, ODS, CSV). On a terminal it asks what only you can say. Exits as `check` does, and with 4
    /// when it could not be done.
    Init(InitOptions),
    /// Checks a data package and makes it the newest release of its dataset in a store. Shows what changes, and asks on a
    /// terminal. Exits as `check` does, and with 4 when it could not be done or was not wanted.
    Publish {
        /// The folder that holds datapackage.json, or a ZIP file of it.
        #[arg(required_unless_present = "bundled")]
        folder: Option<PathBuf>,
        /// Publishes the datasets that are compiled in.
        #[arg(long, conflicts_with = "folder")]
        bundled: bool,
        #[command(flatten)]
        options: PublishOptions,
    },
    /// Checks files of charges for `publish --engine`, in a worker of the cluster.
    #[cfg(feature = "cluster")]
    #[command(hide = true)]
    CheckPart(command::CheckPartOptions),
    /// Fetches the pages that the figures of a package were taken from, keeps them in an archive, and looks for the figures in them.
    /// Exits 0 when every page was captured, 1 when one was not. With --recheck: 1 when one is gone, has changed or has lost
    /// figures, 2 when nothing has changed and something could not be compared.
    Sources {
        #[command(flatten)]
        options: SourcesOptions,
    },
    /// Computes every digest of a store again from its tables. Exits 1 when anything is damaged.
    Verify {
        /// The folder of releases.
        store: PathBuf,
    },
    /// Takes releases out for good: their addresses say since when and why, their tables are deleted.
    Withdraw {
        /// The dataset's id.
        dataset: String,
        /// Ids of the releases.
        #[arg(required = true)]
        releases: Vec<String>,
        /// The folder of releases.
        #[arg(long, value_name = "STORE")]
        store: PathBuf,
        /// Why: person-request, safety, legal-order, licence or error.
        #[arg(long, value_parser = reason)]
        reason: Reason,
    },
    /// Writes the whole site as plain files, which work from any web server, object store or USB stick. Exits 1 when a dataset was
    /// left out, because only a later program, or one with more features, reads it.
    Export {
        /// The folder to write; what an earlier export left there is replaced.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Address under which readers reach the service that is copied, for citations and for what is not copied.
        #[arg(long, value_name = "URL")]
        public_url: String,
        #[command(flatten)]
        counting: Counting,
        #[command(flatten)]
        fonts: Fonts,
        #[command(flatten)]
        data: Data,
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
        /// Who counts: fastest, or polars or maps for everything; sc://HOST:PORT is the cluster that counts a release in parts, for a
        /// program that is built with the feature `cluster`.
        #[arg(long, default_value = "fastest", value_parser = command::counter)]
        engine: (Counting, Choice),
        /// Prints how it would be counted in the place of the answer.
        #[arg(long, conflicts_with = "format")]
        explain: bool,
        #[command(flatten)]
        data: Data,
    },
    /// Prints how much there is of each country, as a table in Markdown: statutes, records, years, other periods.
    Coverage {
        #[command(flatten)]
        data: Data,
    },
    /// Fetches what was cited and tells whether it still has the digest of its citation. Exits 0 when all of it has, 1 when
    /// any differs or is gone, 2 when nothing has changed and something could not be compared.
    CiteCheck {
        /// Addresses with `#sha256=…`, short ones too; or files with citations: text, BibTeX, RIS, CSL-JSON; `-` reads from
        /// standard input. Or pictures, PNG or SVG, by the mark that they carry.
        #[arg(required = true, value_name = "URL")]
        what: Vec<String>,
        /// The service that pictures are compared with, because a picture names no host; or the address of the picture there.
        #[arg(long, value_name = "URL")]
        at: Option<String>,
        /// Prints one JSON object for programs.
        #[arg(long)]
        json: bool,
        /// How long one address may take, in seconds.
        #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u64).range(1..=3600))]
        timeout: u64,
    },
}

#[derive(Debug, Args)]
struct Data {
    /// Folder of releases to serve: the newest of each dataset, all older ones under their own addresses.
    #[arg(long, value_name = "STORE")]
    store: Option<PathBuf>,
    /// Folder or ZIP file of a data package to serve as well, unpublished; can be given several times.
    #[arg(long = "data", value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Leaves the bundled datasets out.
    #[arg(long)]
    no_bundled: bool,
}

#[derive(Debug, Args)]
struct Fonts {
    /// Folder of fonts (.ttf, .otf, .ttc) for PNGs with letters that the bundled font lacks, such as Georgian, Arabic or
    /// Chinese ones. Read once, at the start.
    #[arg(long = "fonts", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Fonts {
    fn choose(&self) -> Result<(), String> {
        let chosen = self.folder.as_deref().map_or(Ok(()), chargesheet::present::fonts::choose);
        chosen.map_err(|error| error.to_string())
    }
}

impl Data {
    fn load(&self) -> Result<Sources, String> {
        let bundled = if self.no_bundled { Bundled::LeftOut } else { Bundled::Served };
        Sources::load(&self.folders, bundled, self.store.as_deref()).map_err(|error| error.to_string())
    }
}

fn reason(text: &str) -> Result<Reason, String> {
    one_of(&Reason::ALL, Reason::name, text).map_err(|names| format!("expected one of {}", names.join(", ")))
}

fn main() -> ExitCode {
    let command = Arguments::parse().command.unwrap_or_else(|| {
        Arguments::parse_from(["chargesheet", "serve"]).command.expect("`serve` is a command")
    });
    // The exit code of a command that failed. Commands that check or change data use lower codes for what they found.
    let not_done = match command {
        Command::Serve { .. }
        | Command::Query { .. }
        | Command::Export { .. }
        | Command::Coverage { .. }
        | Command::CiteCheck { .. } => 2,
        _ => command::NOT_DONE,
    };
    let done = match command {
        Command::Serve { options, fonts, data } => {
            fonts.choose().and_then(|()| command::serve(move || data.load(), options))
        }
        Command::Check(options) => command::check(&options),
        Command::Init(InitOptions { template: Some(kind), out, .. }) => command::template(kind, &out),
        Command::Init(options) => command::init(&options),
        Command::Publish { folder, bundled: _, options } => command::publish(folder.as_deref(), &options),
        #[cfg(feature = "cluster")]
        Command::CheckPart(options) => command::check_part(&options),
        Command::Sources { options } => command::sources(&options, &Rules::of(today())),
        Command::Verify { store } => command::verify(&store),
        Command::Withdraw { dataset, releases, store, reason } => {
            command::withdraw(&store, &dataset, &releases, reason)
        }
        Command::Export { out, public_url, counting, fonts, data } => {
            let chosen = fonts.choose().and_then(|()| counting.choose());
            let sources = chosen.and_then(|()| data.load());
            sources.and_then(|sources| command::export(sources, &out, &public_url))
        }
        Command::Query { dataset, query, format, engine: (cluster, engine), explain, data } => {
            cluster.choose().and_then(|()| data.load()).and_then(|sources| {
                let (catalog, _problems) = sources.catalog(None).map_err(|error| error.to_string())?;
                let format = if explain { None } else { Some(format) };
                command::query(&catalog, &dataset, &query, engine, format)
            })
        }
        Command::Coverage { data } => data.load().and_then(|sources| {
            let (catalog, problems) = sources.catalog(None).map_err(|error| error.to_string())?;
            // The table has the others.
            problems.iter().for_each(|problem| command::complain(problem));
            command::coverage(&catalog)
        }),
        Command::CiteCheck { what, at, json, timeout } => {
            command::cite_check(&what, at.as_deref(), json, Duration::from_secs(timeout))
        }
    };
    done.unwrap_or_else(|message| {
        command::complain(&message);
        ExitCode::from(not_done)
    })
}

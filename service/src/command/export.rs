//! `chargesheet export`: writes the whole site as static files.

use std::path::Path;
use std::process::ExitCode;

use super::{complain, print};
use crate::catalog::{Absent, Sources};
use crate::domain::Language;
use crate::http;
use crate::mirror::{self, Answered, Plan};
use crate::present::texts::Texts;
use crate::widget_files;

/// Exit code if a dataset was left out, because another program reads it.
const LEFT_OUT: u8 = 1;

/// Writes a copy of the site into a folder. `public_url` is the public address of the copied service. A dataset that only another
/// program reads is left out: its pages lead to the service, and the pages of the copy say that it cannot be read.
///
/// # Errors
/// When the folder holds anything but an earlier export, a file cannot be written, a dataset cannot be read, or the service does
/// not answer. The error is in words.
pub fn export(sources: Sources, out: &Path, public_url: &str) -> Result<ExitCode, String> {
    let public = super::public_url(public_url)?;
    let app = http::App::new(sources).map_err(|error| error.to_string())?.at(&public);
    let mut is_whole = true;
    for dataset in app.catalog().all_unread() {
        match app.catalog().release(dataset, None) {
            Err(Absent::Failed(error)) if error.is_newer() => {
                complain(&format!("{error}. It is left out"));
                is_whole = false;
            }
            // A copy without this dataset would look complete, and would replace an earlier copy that has it.
            _ => return Err(format!("dataset `{dataset}` cannot be read; nothing was exported")),
        }
    }
    let plan = plan(&app, public);
    let runtime = http::runtime()?;
    let ask = |address: String| {
        let app = app.clone();
        async move {
            let said = app.get(&address).await;
            let header = |name| said.header(name).unwrap_or_default().to_owned();
            let is_there = said.status == 200 && said.broken.is_none();
            let (media_type, policy) = (header("content-type"), header("content-security-policy"));
            Answered { is_there, media_type, policy, body: said.broken.map_or(said.body, String::into_bytes) }
        }
    };
    let written = runtime.block_on(mirror::write(&plan, out, 2 * http::processors(), ask));
    let written = written.map_err(|error| error.to_string())?;
    print(format!("{} files, {} bytes in {}\n", written.files, written.bytes, out.display()).as_bytes())?;
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(LEFT_OUT) })
}

/// The addresses to copy: everything that pages link to, and what only programs and old snippets request.
fn plan(app: &http::App, public: String) -> Plan {
    let catalog = app.catalog();
    let known = ["/", "/v1/datasets", "/v1/statutes", "/sitemap.xml", "/feed.atom"];
    let mut seeds: Vec<String> = known.map(str::to_owned).into();
    for file in widget_files::FILES {
        seeds.push(format!("/widget/{}", file.name));
        seeds.push(format!("/widget/{}/{}", widget_files::VERSION, file.name));
    }
    let mut datasets = Vec::new();
    for dataset in catalog.datasets() {
        let (id, release) = (dataset.release.dataset(), dataset.release.id());
        let own = format!("/v1/datasets/{id}");
        seeds.push(own.clone());
        seeds.push(format!("{own}/releases"));
        seeds.push(format!("{own}/timemap"));
        seeds.push(format!("/datasets/{id}/feed.atom"));
        seeds.push(format!("{own}/releases/{release}/manifest.json"));
        datasets.push(serde_json::json!({
            "dataset": id, "release": release.as_str(), "sha256": dataset.release.manifest().sha256(),
        }));
    }
    let note = |language: Language| {
        (language.code().to_owned(), mirror::note(&Texts::of(language).mirror_note, &public))
    };
    Plan {
        seeds,
        notes: Language::all().map(note).collect(),
        about: serde_json::json!({
            "copy_of": public, "made_by": concat!("chargesheet ", env!("CARGO_PKG_VERSION")), "datasets": datasets,
        }),
        public,
    }
}

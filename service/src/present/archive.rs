//! `aggregate.zip`: an answer with everything that a reader without a network needs to use it.

use chargesheet_widget::wire::Source;
use sha2::{Digest as _, Sha256};

use super::citation::Citation;
use super::codebook::{self, Codebook, Words};
use super::sources::{Sources, left_out};
use super::texts::{Texts, fill};
use super::{csv, csvw, describe};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::Language;
use crate::package::{Archive, ZipError, hex};
use crate::query::{Deadline, Query};

/// Why an archive could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The question could not be answered.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The archive could not be written.
    #[error("the archive could not be written: {0}")]
    Zip(#[from] ZipError),
}

/// An answer to be packed.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The dataset that answers.
    pub dataset: &'a Dataset,
    /// The question.
    pub query: &'a Query,
    /// The answer to the question.
    pub published: &'a Published,
    /// Language of the texts.
    pub language: Language,
    /// Public address of the service, without a final slash.
    pub base: &'a str,
}

/// Packs an answer: its figures, their description for programs and for people, the licence and the sources.
///
/// # Errors
/// When the archive would become larger than ZIP allows; or on a bug.
pub fn pack(answer: &Answer<'_>) -> Result<Vec<u8>, ArchiveError> {
    let &Answer { dataset, query, published, language, base } = answer;
    let release = &dataset.release;
    let figures = csv::csv(query, release, published);
    let book = Codebook::of_answer(query, release, published, language);
    let citation = Citation::of(dataset, query, published, language, base);
    let mut archive = Archive::created(&release.descriptor().created, || Deadline::current().keep());
    // The order of the files decides the bytes of the archive.
    archive.add("README.txt", readme(answer, &book, &citation, &figures).as_bytes())?;
    archive.add("aggregate.csv", &figures)?;
    archive
        .add("aggregate.csv-metadata.json", &csvw::json(dataset, query, published, "aggregate.csv", base)?)?;
    archive.add("codebook.csv", &codebook::csv(&book))?;
    archive.add("LICENSE.txt", license(answer, &book)?.as_bytes())?;
    archive.add("CITATION.txt", citation.to_text().as_bytes())?;
    archive.add("CITATION.bib", citation.to_bibtex().as_bytes())?;
    archive.add("CITATION.ris", citation.to_ris().as_bytes())?;
    archive.add("CITATION.csl.json", &citation.to_csl())?;
    Ok(archive.finish()?)
}

/// Returns the text of `README.txt`. `figures` is the CSV of the answer, as bytes.
fn readme(answer: &Answer<'_>, book: &Codebook, citation: &Citation, figures: &[u8]) -> String {
    let &Answer { dataset, query, published, language, base } = answer;
    let words = Words::of(language);
    let (title, subtitle) = describe::titles(query, &dataset.release, language);
    let mut text = Text::default();
    text.line(&title);
    text.line(&subtitle);
    text.gap();
    text.line(words.readme("intro"));
    text.gap();
    let of_dataset = [("dataset", &*book.title), ("version", &book.version), ("release", &book.release)];
    text.line(&fill(words.readme("dataset"), &of_dataset));
    text.line(&fill(words.readme("address"), &[("url", &csvw::address(query, dataset, base))]));
    text.line(&fill(words.readme("rows"), &[("rows", &published.rows().to_string())]));
    text.line(&fill(words.readme("digest"), &[("sha256", &hex(&Sha256::digest(figures)))]));
    if published.rows() == 0 {
        text.line(&Texts::of(language).empty);
    }
    text.heading(words.readme("files"));
    for (file, key) in [
        ("aggregate.csv", "file_csv"),
        ("aggregate.csv-metadata.json", "file_metadata"),
        ("codebook.csv", "file_codebook"),
        ("LICENSE.txt", "file_license"),
        ("CITATION.txt, .bib, .ris, .csl.json", "file_citation"),
    ] {
        text.item(&format!("{file}: {}", words.readme(key)));
    }
    text.heading(words.readme("cite"));
    text.line(&citation.to_sentence());
    text.heading(words.readme("counted"));
    for column in &book.columns {
        text.item(&format!("{} ({}): {}", column.name, column.title, column.definition));
    }
    text.line(&book.time_basis.definition);
    if !book.caveats.is_empty() {
        text.heading(words.readme("caveats"));
        book.caveats.iter().for_each(|caveat| text.item(caveat));
    }
    text.heading(words.readme("absent"));
    for meaning in &book.absent {
        text.item(&format!("{}: {}", meaning.label, meaning.definition));
    }
    text.text
}

/// Returns the text of `LICENSE.txt`: the licences, who made the dataset, and the sources of the answer.
///
/// # Errors
/// On a bug: the sources of the records are found by a query of their own.
fn license(answer: &Answer<'_>, book: &Codebook) -> Result<String, AnswerError> {
    let &Answer { dataset, query, published, language, base } = answer;
    let words = Words::of(language);
    let sources = Sources::of(dataset, query, published, language)?;
    let more = sources.more();
    let mut text = Text::default();
    text.line(&format!("{} ({})", book.title, book.release));
    for contributor in book.contributors.iter().filter(|contributor| !contributor.title.is_empty()) {
        text.line(&contributor.title);
    }
    text.heading(words.readme("license"));
    for license in &book.licenses {
        text.list(&[&license.name, &license.title, &license.path]);
    }
    let sources = sources.listed();
    if !sources.is_empty() {
        text.heading(words.readme("sources"));
    }
    for source in &sources {
        let Source { id, publisher, title, published, url, archived_url, .. } = source;
        text.list(&[id, publisher, title, published, url, archived_url]);
    }
    if let Some(more) = more {
        text.item(&left_out(&more, language, base));
    }
    Ok(text.text)
}

/// Plain text, written as headings, lines and list items.
#[derive(Default)]
struct Text {
    text: String,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        // Every program reads CR LF; old versions of Notepad read nothing else.
        self.text.push_str("\r\n");
    }

    fn gap(&mut self) {
        self.line("");
    }

    fn heading(&mut self, heading: &str) {
        self.gap();
        self.line(heading);
        self.line(&"-".repeat(heading.chars().count()));
    }

    fn item(&mut self, item: &str) {
        self.line(&format!("- {item}"));
    }

    /// Adds a list item with those parts that are not empty.
    fn list(&mut self, parts: &[&str]) {
        let some: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        self.item(&some.join(", "));
    }
}

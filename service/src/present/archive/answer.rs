//! `aggregate.zip`: an answer with everything that it needs where there is no network.

use super::{Archive, ZipError, readme};
use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::Language;
use crate::present::citation::Citation;
use crate::present::codebook::{self, Codebook};
use crate::present::{csv, csvw};
use crate::query::Query;

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

/// Makes the archive of an answer: figures, their description for programs and for people, licence and sources.
///
/// `base` is the public address of the service without a final slash.
///
/// # Errors
/// When it would become larger than ZIP allows; or on a bug.
pub fn answer(
    dataset: &Dataset,
    query: &Query,
    published: &Published,
    language: Language,
    base: &str,
) -> Result<Vec<u8>, ArchiveError> {
    let release = &dataset.release;
    let figures = csv::csv(query, release, published);
    let book = Codebook::of_answer(query, release, published, language);
    let citation = Citation::of(dataset, query, published, language, base);
    let told = readme::Told::of(dataset, query, published, language, base, &citation)?;
    let mut archive = Archive::created(&release.descriptor().created);
    // The order is a part of the bytes.
    archive.add("README.txt", told.readme(&book, &figures).as_bytes())?;
    archive.add("aggregate.csv", &figures)?;
    archive
        .add("aggregate.csv-metadata.json", &csvw::json(dataset, query, published, "aggregate.csv", base)?)?;
    archive.add("codebook.csv", &codebook::csv(&book))?;
    archive.add("LICENSE.txt", told.license(&book).as_bytes())?;
    archive.add("CITATION.txt", citation.to_text().as_bytes())?;
    archive.add("CITATION.bib", citation.to_bibtex().as_bytes())?;
    archive.add("CITATION.ris", citation.to_ris().as_bytes())?;
    archive.add("CITATION.csl.json", &citation.to_csl())?;
    Ok(archive.finish()?)
}

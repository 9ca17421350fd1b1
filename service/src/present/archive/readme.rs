//! What an archive says of itself, for people.

use chargesheet_widget::wire::Source;
use sha2::{Digest as _, Sha256};

use crate::answer::{AnswerError, Dataset};
use crate::disclosure::Published;
use crate::domain::Language;
use crate::package::hex;
use crate::present::citation::Citation;
use crate::present::codebook::{Codebook, Words};
use crate::present::sources::{Sources, left_out};
use crate::present::texts::{Texts, fill};
use crate::present::{csvw, describe};
use crate::query::Query;

/// What is said of an answer.
#[derive(Debug)]
pub struct Told {
    words: &'static Words,
    empty: &'static str,
    title: String,
    subtitle: String,
    address: String,
    citation: String,
    sources: Vec<Source>,
    /// Said where not all sources are listed; else empty.
    left_out: String,
    rows: usize,
}

impl Told {
    /// Collects what is said.
    ///
    /// # Errors
    /// On a bug: where charges come from is found by asking.
    pub fn of(
        dataset: &Dataset,
        query: &Query,
        published: &Published,
        language: Language,
        base: &str,
        citation: &Citation,
    ) -> Result<Self, AnswerError> {
        let release = &dataset.release;
        let (title, subtitle) = describe::titles(query, release, language);
        let address = csvw::address(query, dataset, base);
        let sources = Sources::of(dataset, query, published, language)?;
        Ok(Self {
            words: Words::of(language),
            empty: &Texts::of(language).empty,
            citation: citation.to_sentence(),
            left_out: sources.more().map_or(String::new(), |more| left_out(&more, language, base)),
            sources: sources.listed(),
            rows: published.rows(),
            title,
            subtitle,
            address,
        })
    }

    /// Returns the text of `README.txt`.
    pub fn readme(&self, book: &Codebook, figures: &[u8]) -> String {
        let word = |key| self.words.readme(key);
        let mut text = Text::default();
        text.line(&self.title);
        text.line(&self.subtitle);
        text.gap();
        text.line(word("intro"));
        text.gap();
        let dataset = [("dataset", &*book.title), ("version", &book.version), ("release", &book.release)];
        text.line(&fill(word("dataset"), &dataset));
        text.line(&fill(word("address"), &[("url", &self.address)]));
        text.line(&fill(word("rows"), &[("rows", &self.rows.to_string())]));
        text.line(&fill(word("digest"), &[("sha256", &hex(&Sha256::digest(figures)))]));
        if self.rows == 0 {
            text.line(self.empty);
        }
        text.heading(word("files"));
        for (file, key) in [
            ("aggregate.csv", "file_csv"),
            ("aggregate.csv-metadata.json", "file_metadata"),
            ("codebook.csv", "file_codebook"),
            ("LICENSE.txt", "file_license"),
            ("CITATION.txt, .bib, .ris, .csl.json", "file_citation"),
        ] {
            text.item(&format!("{file}: {}", word(key)));
        }
        text.heading(word("cite"));
        text.line(&self.citation);
        text.heading(word("counted"));
        for column in &book.columns {
            text.item(&format!("{} ({}): {}", column.name, column.title, column.definition));
        }
        text.line(&book.time_basis.definition);
        if !book.caveats.is_empty() {
            text.heading(word("caveats"));
            book.caveats.iter().for_each(|caveat| text.item(caveat));
        }
        text.heading(word("absent"));
        for meaning in &book.absent {
            text.item(&format!("{}: {}", meaning.label, meaning.definition));
        }
        text.finish()
    }

    /// Returns the text of `LICENSE.txt`: the licences, who made the dataset, and the sources of the answer.
    pub fn license(&self, book: &Codebook) -> String {
        let mut text = Text::default();
        text.line(&format!("{} ({})", book.title, book.release));
        for contributor in book.contributors.iter().filter(|contributor| !contributor.title.is_empty()) {
            text.line(&contributor.title);
        }
        text.heading(self.words.readme("license"));
        for license in &book.licenses {
            let parts = [&license.name, &license.title, &license.path];
            let parts: Vec<&str> =
                parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            text.item(&parts.join(", "));
        }
        if !self.sources.is_empty() {
            text.heading(self.words.readme("sources"));
        }
        for source in &self.sources {
            let parts = [&source.id, &source.publisher, &source.title, &source.published, &source.url];
            let parts: Vec<&str> =
                parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            text.item(&parts.join(", "));
        }
        if !self.left_out.is_empty() {
            text.item(&self.left_out);
        }
        text.finish()
    }
}

/// Plain text of lines, headings and items.
#[derive(Default)]
struct Text {
    text: String,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        // Notepad of old and every other program read this.
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

    fn finish(self) -> String {
        self.text
    }
}

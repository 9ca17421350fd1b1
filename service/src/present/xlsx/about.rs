//! The sheet that says what the figures are, where they come from and how to cite them.

use chargesheet_widget::wire::Answer;
use rust_xlsxwriter::{Format, FormatAlign, Url, Worksheet, XlsxError};

use super::write_text;
use crate::domain::{Dimension, Language, Status};
use crate::present::codebook::Words;
use crate::present::licence;
use crate::present::rate;
use crate::present::sources::left_out;
use crate::present::table::{Bound, Column, Holds};
use crate::present::texts::{SheetTexts, Texts, fill};
use crate::query::{Query, in_time};
use crate::release::Release;

/// Longest address that a workbook may have as a link: a limit of Excel.
const LONGEST_LINK: usize = 2_000;

/// Signs of a sentence on a line, with room to spare: letters are not all as wide as digits.
const SENTENCE: usize = 150;

/// The last of the columns that a sentence runs over.
const LAST_JOINED: u16 = 3;

/// Height of a line in points.
const LINE: f64 = 15.0;

/// Most links: Excel takes 65,530 of a sheet.
const MOST_LINKS: usize = 60_000;

/// What the sheet tells of.
pub struct Told<'a> {
    /// The columns of the table.
    pub columns: &'a [Column],
    /// The question.
    pub query: &'a Query,
    /// The release that answers it.
    pub release: &'a Release,
    /// What is said of the answer.
    pub about: &'a Answer,
    /// The language of the sheet.
    pub language: Language,
    /// Public address of the service, without a final slash.
    pub base: &'a str,
    /// Whether the table has no rows.
    pub is_empty: bool,
}

/// Writes the sheet.
pub fn write(sheet: &mut Worksheet, told: &Told<'_>) -> Result<(), XlsxError> {
    let all = Texts::of(told.language);
    let (texts, about) = (&all.sheet, told.about);
    for (column, width) in [(0, 24.0), (1, 36.0), (2, 90.0), (3, 60.0), (4, 12.0), (5, 18.0)] {
        sheet.set_column_width(column, width)?;
    }
    let mut page = Page::on(sheet);
    page.title(&about.text.title)?;
    page.sentence(0, &about.text.subtitle)?;
    if told.is_empty {
        page.sentence(0, &about.text.empty)?;
    }
    page.heading(&texts.answer)?;
    page.named(&texts.dataset, &format!("{} ({})", about.dataset.title, about.dataset.id))?;
    page.named(&texts.release, &about.release.id)?;
    page.named(&texts.query, &about.query)?;
    let pinned = about.release.url.replacen("aggregate.json", "aggregate.xlsx", 1);
    page.link(&texts.address, &format!("{}{pinned}&lang={}", told.base, told.language))?;
    page.named(&texts.licence, &licence(told.release))?;
    page.named(&texts.citation, &about.citation)?;
    page.heading(&texts.columns)?;
    for (column, named) in told.columns.iter().zip(&about.columns) {
        page.texts(&[&column.name, &named.title, &meaning(column, told, all)])?;
    }
    page.heading(&texts.read)?;
    page.sentence(0, &texts.empty_cell)?;
    for note in about.text.notes.iter().chain(&about.caveats) {
        page.sentence(0, note)?;
    }
    codes(&mut page, told, all)?;
    if !about.sources.is_empty() {
        page.heading(&texts.sources)?;
        for source in in_time(&about.sources) {
            page.source(&[&source.id, &source.publisher, &source.title], &source.url)?;
            page.beside(4, &[&source.published, all.on_page(&source.kind)])?;
        }
        if let Some(more) = &about.more_sources {
            page.sentence(0, &left_out(more, told.language, told.base))?;
        }
    }
    Ok(())
}

/// Every code that occurs, with its label and what it means.
fn codes(page: &mut Page<'_>, told: &Told<'_>, all: &Texts) -> Result<(), XlsxError> {
    let (release, language) = (told.release, told.language);
    let coded = told.about.labels.0.iter().filter(|(_, codes)| !codes.is_empty());
    for (place, (name, codes)) in coded.enumerate() {
        if place == 0 {
            page.heading(&all.sheet.codes)?;
        }
        let Some(dimension) = Dimension::from_name(name) else { continue };
        for (code, label) in codes {
            let list = match dimension {
                Dimension::Outcome => Some(&release.lists().outcomes),
                Dimension::Role => Some(&release.lists().roles),
                _ => None,
            };
            let means = match dimension {
                Dimension::Statute => {
                    release.number(dimension, code).map(|it| release.label(dimension, it, language))
                }
                _ => list.and_then(|list| list.get(code)).map(|entry| entry.definition.get(language)),
            };
            page.texts(&[code, label, means.unwrap_or_default(), all.dimension(dimension)])?;
        }
    }
    let reported = told.columns.iter().any(|column| column.holds == Holds::Status);
    if reported {
        for status in Status::ALL {
            let key = format!("status_{}", status.code());
            page.texts(&[status.code(), all.on_page(&key), "", &all.status])?;
        }
    }
    Ok(())
}

/// What a column holds, in words.
fn meaning(column: &Column, told: &Told<'_>, all: &Texts) -> String {
    let texts: &SheetTexts = &all.sheet;
    match column.holds {
        Holds::Key(_, Dimension::Year | Dimension::Month) => {
            texts.time_basis(told.release.descriptor().chargesheet.time_basis).to_owned()
        }
        Holds::Key(..) => texts.code.clone(),
        Holds::Label(_, _, language) => fill(&texts.label, &[("language", language.own_name())]),
        Holds::Count(place) => {
            let kind = told.release.descriptor().chargesheet.kind;
            let words = Words::of(told.language);
            told.query
                .measures
                .get(place)
                .map_or("", |&measure| words.measure(kind, measure.name()))
                .to_owned()
        }
        Holds::Share(Bound::Value) => {
            let within = told.query.share.map_or("", |dimension| all.dimension(dimension));
            fill(&texts.share, &[("dimension", within)])
        }
        Holds::Share(Bound::Low | Bound::High) => texts.bound.clone(),
        Holds::Rate(bound) => rate::title(told.query, bound, all),
        Holds::Status => texts.status.clone(),
        Holds::Sources => texts.source_ids.clone(),
    }
}

/// A sheet that is written line by line.
struct Page<'w> {
    sheet: &'w mut Worksheet,
    row: u32,
    links: usize,
    wrapped: Format,
}

impl<'w> Page<'w> {
    fn on(sheet: &'w mut Worksheet) -> Self {
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Self { sheet, row: 0, links: 0, wrapped }
    }

    fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        let format = Format::new().set_bold().set_font_size(14);
        write_text(self.sheet, (self.row, 0), text, &format)?;
        self.row += 1;
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        write_text(self.sheet, (self.row, 0), text, &Format::new().set_bold())?;
        self.row += 1;
        Ok(())
    }

    /// A line of texts, each in its column.
    fn texts(&mut self, texts: &[&str]) -> Result<(), XlsxError> {
        for (column, text) in (0_u16..).zip(texts).filter(|(_, text)| !text.is_empty()) {
            write_text(self.sheet, (self.row, column), text, &self.wrapped)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A sentence over the columns from `first` on. Programs make a line as high as its text only where cells are not
    /// joined, so its height is set.
    fn sentence(&mut self, first: u16, text: &str) -> Result<(), XlsxError> {
        self.sheet.merge_range(self.row, first, self.row, LAST_JOINED, "", &self.wrapped)?;
        write_text(self.sheet, (self.row, first), text, &self.wrapped)?;
        // At most 32,767 signs are shown, so the number of lines is small and exact.
        let lines = u8::try_from(text.chars().count().div_ceil(SENTENCE).clamp(1, 25)).unwrap_or(1);
        self.sheet.set_row_height(self.row, f64::from(lines) * LINE)?;
        self.row += 1;
        Ok(())
    }

    /// A name, and beside it what has that name.
    fn named(&mut self, name: &str, text: &str) -> Result<(), XlsxError> {
        write_text(self.sheet, (self.row, 0), name, &self.wrapped)?;
        self.sentence(1, text)
    }

    /// Texts further right on the line before.
    fn beside(&mut self, first: u16, texts: &[&str]) -> Result<(), XlsxError> {
        for (column, text) in (first..).zip(texts).filter(|(_, text)| !text.is_empty()) {
            write_text(self.sheet, (self.row.saturating_sub(1), column), text, &self.wrapped)?;
        }
        Ok(())
    }

    fn link(&mut self, name: &str, address: &str) -> Result<(), XlsxError> {
        self.texts(&[name])?;
        self.address(1, address)
    }

    fn source(&mut self, texts: &[&str; 3], address: &str) -> Result<(), XlsxError> {
        self.texts(texts)?;
        self.address(3, address)
    }

    /// An address on the line before: a link where a browser would open it, else text.
    fn address(&mut self, column: u16, address: &str) -> Result<(), XlsxError> {
        let row = self.row.saturating_sub(1);
        let opens = address.starts_with("https://") || address.starts_with("http://");
        let short = address.encode_utf16().count() <= LONGEST_LINK;
        if opens && short && self.links < MOST_LINKS && !address.contains('#') {
            self.links += 1;
            self.sheet.write_url(row, column, Url::new(address))?;
        } else if !address.is_empty() {
            write_text(self.sheet, (row, column), address, &self.wrapped)?;
        }
        Ok(())
    }
}

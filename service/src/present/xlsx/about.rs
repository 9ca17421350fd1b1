//! The sheet that explains the figures: their meaning, their sources, and how to cite them.

use chargesheet_widget::wire::Answer;
use rust_xlsxwriter::{Format, FormatAlign, Url, Worksheet, XlsxError};

use super::text::write_text;
use crate::domain::{CodeList, Dimension, Language, Status};
use crate::present::codebook::Words;
use crate::present::rate;
use crate::present::sources::left_out;
use crate::present::table::{Bound, Column, Holds};
use crate::present::texts::{Texts, fill};
use crate::present::written::licence;
use crate::query::{Query, in_time};
use crate::release::Release;

/// Longest address of a link in a workbook, in characters: a limit of Excel.
const LONGEST_LINK: usize = 2_000;

/// Characters on a line of a sentence, with room to spare: letters are not all as wide as digits.
const SENTENCE: usize = 150;

/// The last of the columns that a sentence spans.
const LAST_JOINED: u16 = 3;

/// Height of a line in points.
const LINE: f64 = 15.0;

/// Most links in the sheet. Excel allows 65,530.
const MOST_LINKS: usize = 60_000;

/// The content of the sheet.
pub struct Sheet<'a> {
    /// The columns of the table.
    pub columns: &'a [Column],
    /// The question that was answered.
    pub query: &'a Query,
    /// The release that answers it.
    pub release: &'a Release,
    /// The answer with its titles, notes and sources.
    pub about: &'a Answer,
    /// The language of the sheet.
    pub language: Language,
    /// Public address of the service, without a final slash.
    pub base: &'a str,
    /// Whether the table has no rows.
    pub is_empty: bool,
}

/// Writes the sheet.
pub fn write(sheet: &mut Worksheet, told: &Sheet<'_>) -> Result<(), XlsxError> {
    let all = Texts::of(told.language);
    let (texts, about) = (&all.sheet, told.about);
    for (column, width) in [(0, 24.0), (1, 36.0), (2, 90.0), (3, 60.0), (4, 12.0), (5, 18.0)] {
        sheet.set_column_width(column, width)?;
    }
    let mut page = Page::on(sheet);
    page.bold(&about.text.title, 14.0)?;
    page.sentence(0, &about.text.subtitle)?;
    if told.is_empty {
        page.sentence(0, &about.text.empty)?;
    }
    page.heading(texts.get("answer"))?;
    page.named(texts.get("dataset"), &format!("{} ({})", about.dataset.title, about.dataset.id))?;
    page.named(texts.get("release"), &about.release.id)?;
    page.named(texts.get("query"), &about.query)?;
    let pinned = about.release.url.replacen("aggregate.json", "aggregate.xlsx", 1);
    page.texts(&[texts.get("address")])?;
    page.address(1, &format!("{}{pinned}&lang={}", told.base, told.language))?;
    page.named(texts.get("licence"), &licence(told.release))?;
    page.named(texts.get("citation"), &about.citation)?;
    page.heading(texts.get("columns"))?;
    for column in told.columns {
        page.texts(&[&column.name, &column.title(told.query, all), &meaning(column, told, all)])?;
    }
    page.heading(texts.get("read"))?;
    page.sentence(0, texts.get("empty_cell"))?;
    for note in about.text.notes.iter().chain(&about.caveats) {
        page.sentence(0, note)?;
    }
    codes(&mut page, told, all)?;
    if !about.sources.is_empty() {
        page.heading(texts.get("sources"))?;
        for source in in_time(&about.sources) {
            page.texts(&[&source.id, &source.publisher, &source.title])?;
            page.address(3, &source.url)?;
            page.beside(4, &[&source.published, all.on_page(&source.kind)])?;
            page.address(6, &source.archived_url)?;
        }
        if let Some(more) = &about.more_sources {
            page.sentence(0, &left_out(more, told.language, told.base))?;
        }
    }
    Ok(())
}

/// Writes every code that occurs, with its label and its meaning.
fn codes<'r>(page: &mut Page<'_>, told: &Sheet<'r>, all: &Texts) -> Result<(), XlsxError> {
    let (release, language) = (told.release, told.language);
    let coded = told.about.labels.0.iter().filter(|(_, codes)| !codes.is_empty());
    for (place, (name, codes)) in coded.enumerate() {
        if place == 0 {
            page.heading(all.sheet.get("codes"))?;
        }
        let Some(dimension) = Dimension::from_name(name) else { continue };
        for (code, label) in codes {
            let number = release.number(dimension, code);
            let defined = |list: &'r CodeList| Some(list.get(code)?.definition.get(language));
            let means = match dimension {
                Dimension::Statute => number.map(|number| release.label(dimension, number, language)),
                Dimension::Outcome => defined(&release.lists().outcomes),
                Dimension::Role => defined(&release.lists().roles),
                _ => None,
            };
            page.texts(&[code, label, means.unwrap_or_default(), all.dimension(dimension)])?;
        }
    }
    if told.columns.iter().any(|column| column.holds == Holds::Status) {
        for status in Status::ALL {
            let key = format!("status_{}", status.code());
            page.texts(&[status.code(), all.on_page(&key), "", &all.status])?;
        }
    }
    Ok(())
}

/// Returns the meaning of a column in words.
fn meaning(column: &Column, told: &Sheet<'_>, all: &Texts) -> String {
    let (texts, words) = (&all.sheet, Words::of(told.language));
    let settings = &told.release.descriptor().chargesheet;
    let text = match column.holds {
        Holds::Key(_, dimension) if dimension.is_time() => {
            return texts.time_basis.get(&words.time_basis(settings.time_basis).code).to_owned();
        }
        Holds::Label(_, _, language) => {
            return fill(texts.get("label"), &[("language", language.own_name())]);
        }
        Holds::Share(Bound::Value) => {
            let within = told.query.share.map_or("", |dimension| all.dimension(dimension));
            return fill(texts.get("share"), &[("dimension", within)]);
        }
        Holds::Rate(bound) => return rate::title(told.query, bound, all),
        Holds::Count(place) => {
            let measure = told.query.measures.get(place);
            measure.map_or("", |&measure| words.measure(settings.kind, measure.name()))
        }
        Holds::Span(..) => words.column(&column.name),
        Holds::Key(..) => texts.get("code"),
        Holds::Share(Bound::Low | Bound::High) => texts.get("bound"),
        Holds::Status => texts.get("status"),
        Holds::Sources => texts.get("source_ids"),
    };
    text.to_owned()
}

/// A sheet that is written line by line, from top to bottom.
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

    /// Writes a line in bold; `size` is in points.
    fn bold(&mut self, text: &str, size: f64) -> Result<(), XlsxError> {
        let format = Format::new().set_bold().set_font_size(size);
        write_text(self.sheet, (self.row, 0), text, &format)?;
        self.row += 1;
        Ok(())
    }

    /// Writes a line in bold after an empty line.
    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        write_text(self.sheet, (self.row, 0), text, &Format::new().set_bold())?;
        self.row += 1;
        Ok(())
    }

    /// Writes a line of texts, each in its own column.
    fn texts(&mut self, texts: &[&str]) -> Result<(), XlsxError> {
        self.row += 1;
        self.beside(0, texts)
    }

    /// Writes a sentence across the columns from `first` on. Spreadsheets fit the height of a line to its text only where cells are
    /// not merged, so the height is set here.
    fn sentence(&mut self, first: u16, text: &str) -> Result<(), XlsxError> {
        self.sheet.merge_range(self.row, first, self.row, LAST_JOINED, "", &self.wrapped)?;
        write_text(self.sheet, (self.row, first), text, &self.wrapped)?;
        // A cell shows at most 32,767 characters, so the number of lines is small and exact.
        let lines = u8::try_from(text.chars().count().div_ceil(SENTENCE).clamp(1, 25)).unwrap_or(1);
        self.sheet.set_row_height(self.row, f64::from(lines) * LINE)?;
        self.row += 1;
        Ok(())
    }

    /// Writes a name, and beside the name its text.
    fn named(&mut self, name: &str, text: &str) -> Result<(), XlsxError> {
        write_text(self.sheet, (self.row, 0), name, &self.wrapped)?;
        self.sentence(1, text)
    }

    /// Writes texts further right on the line before.
    fn beside(&mut self, first: u16, texts: &[&str]) -> Result<(), XlsxError> {
        for (column, text) in (first..).zip(texts).filter(|(_, text)| !text.is_empty()) {
            write_text(self.sheet, (self.row.saturating_sub(1), column), text, &self.wrapped)?;
        }
        Ok(())
    }

    /// Writes an address on the line before: as a link where browsers can open it, otherwise as text.
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

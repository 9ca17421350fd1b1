//! Decoding of the rows of a Parquet file, a batch at a time. Every page is checked before the library decodes it, so
//! that no page becomes larger than it may.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchReader as _};
use arrow_schema::{DataType, Fields};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, RowGroups};
use parquet::arrow::{FieldLevels, ProjectionMask, parquet_to_arrow_field_levels};
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::serialized_reader::SerializedPageReader;

use super::delta;
use super::file_bytes::PageBytes;
use super::limits::{BATCH, TooLarge, Watch};
use super::shared_input::SharedInput;
use chargesheet_check::ingest::excerpt::printable;

/// The reason why rows cannot be decoded.
#[derive(Debug)]
pub enum Unread {
    /// The file is damaged. The text says how.
    Damaged(String),
    /// A part of the file is larger than it may be.
    TooLarge(TooLarge),
}

/// A decoder of rows. It decodes each part of the file ("row group") separately, so a batch ends where the
/// dictionaries of a part end. Otherwise the library would have to write out the values that the dictionary codes
/// stand for.
pub struct Batches {
    input: SharedInput,
    metadata: Arc<ParquetMetaData>,
    levels: FieldLevels,
    types: Vec<DataType>,
    watch: Arc<Watch>,
    next_group: usize,
    reader: Option<ParquetRecordBatchReader>,
}

impl Batches {
    /// Prepares to decode some columns. `fields` are the fields of all columns of the file, with the types to decode
    /// to.
    ///
    /// # Errors
    /// When the library cannot decode these columns to these types.
    pub fn new(
        input: SharedInput,
        metadata: Arc<ParquetMetaData>,
        fields: &Fields,
        columns: &[usize],
    ) -> Result<Self, ParquetError> {
        let schema = metadata.file_metadata().schema_descr();
        let mask = ProjectionMask::roots(schema, columns.iter().copied());
        let levels = parquet_to_arrow_field_levels(schema, mask, Some(fields))?;
        let mut columns = columns.to_vec();
        columns.sort_unstable();
        let types = columns.into_iter().map(|column| fields[column].data_type().clone()).collect();
        Ok(Self { input, metadata, levels, types, watch: Arc::default(), next_group: 0, reader: None })
    }

    fn open_next(&mut self) -> Result<(), ParquetError> {
        let group = Group { batches: self, number: self.next_group };
        let rows = group.num_rows().clamp(1, BATCH);
        let reader = ParquetRecordBatchReader::try_new_with_row_groups(&self.levels, &group, rows, None)?;
        let schema = reader.schema();
        if !schema.fields().iter().map(|field| field.data_type()).eq(&self.types) {
            return Err(ParquetError::General("a column cannot be decoded as what it is".to_owned()));
        }
        self.next_group += 1;
        self.reader = Some(reader);
        Ok(())
    }

    fn unread(&self, message: &str) -> Unread {
        self.watch.found().map_or_else(|| Unread::Damaged(printable(message)), Unread::TooLarge)
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, Unread>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.watch.begin();
            if let Some(batch) = self.reader.as_mut().and_then(Iterator::next) {
                return Some(batch.map_err(|error| self.unread(&error.to_string())));
            }
            self.reader = None;
            if self.next_group == self.metadata.num_row_groups() {
                return None;
            }
            if let Err(error) = self.open_next() {
                return Some(Err(self.unread(&error.to_string())));
            }
        }
    }
}

/// A row group.
struct Group<'b> {
    batches: &'b Batches,
    number: usize,
}

impl RowGroups for Group<'_> {
    fn num_rows(&self) -> usize {
        let rows = self.metadata().row_group(self.number).num_rows();
        usize::try_from(rows).unwrap_or_default()
    }

    fn column_chunks(&self, column: usize) -> Result<Box<dyn PageIterator>, ParquetError> {
        let chunk = self.metadata().row_group(self.number).column(column);
        let pages = Pages::new(self.batches, chunk, self.num_rows())?;
        Ok(Box::new(OneChunk(Some(pages))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::once(self.metadata().row_group(self.number)))
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.batches.metadata
    }
}

/// The pages of a column in a row group.
struct OneChunk(Option<Pages>);

impl Iterator for OneChunk {
    type Item = Result<Box<dyn PageReader>, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(|pages| Ok(Box::new(pages) as Box<dyn PageReader>))
    }
}

impl PageIterator for OneChunk {}

/// A reader of pages that checks each page.
struct Pages {
    inner: SerializedPageReader<PageBytes>,
    watch: Arc<Watch>,
    column: String,
    kind: Type,
    has_absent: bool,
    rows: usize,
    /// Length of the longest value of the dictionary, in bytes.
    longest: u64,
    /// Dictionary-coded values in this page and the one before.
    coded: u64,
}

impl Pages {
    fn new(batches: &Batches, chunk: &ColumnChunkMetaData, rows: usize) -> Result<Self, ParquetError> {
        let watch = Arc::clone(&batches.watch);
        let column = chunk.column_descr().name().to_owned();
        let bytes =
            PageBytes::new(batches.input.clone(), Arc::clone(&watch), column.clone(), chunk.compression());
        let inner = SerializedPageReader::new(Arc::new(bytes), chunk, rows, None)?;
        let has_absent = chunk.column_descr().max_def_level() > 0;
        let kind = chunk.column_type();
        Ok(Self { inner, watch, column, kind, has_absent, rows, longest: 0, coded: 0 })
    }

    fn charge(&self, bytes: u64) -> Result<(), ParquetError> {
        self.watch.take(&self.column, bytes)
    }

    /// Checks a page before it is decoded.
    fn check(&mut self, page: &Page) -> Result<(), ParquetError> {
        let (buffer, count) = (page.buffer(), page.num_values() as usize);
        self.charge(buffer.len() as u64)?;
        if !page.is_data_page() {
            return self.check_dictionary(buffer, count);
        }
        if count > self.rows {
            let found = format!("a page of {count} values in a part of {} rows", self.rows);
            return Err(self.watch.refuse(&self.column, &found));
        }
        match page.encoding() {
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                self.coded = count as u64 + self.coded.min(BATCH as u64);
                return Ok(());
            }
            Encoding::DELTA_BYTE_ARRAY => {
                // Each value has two lengths.
                self.charge(count as u64 * 8)?;
                let decoded = self.values(page).and_then(|values| delta::decoded_bytes(values, count));
                self.charge(decoded.ok_or_else(damaged)?)?;
            }
            Encoding::DELTA_LENGTH_BYTE_ARRAY => {
                self.charge(count as u64 * 4)?;
                let stated = self.values(page).and_then(delta::stated).ok_or_else(damaged)?;
                if stated > count as u64 {
                    return Err(self
                        .watch
                        .refuse(&self.column, &format!("a page that states {stated} lengths")));
                }
            }
            _ => {}
        }
        // The library writes out the values of the dictionary codes before this page: for each row of a batch at most
        // the longest value.
        let written_out = self.coded.min(BATCH as u64) * self.longest;
        self.coded = 0;
        self.charge(written_out)
    }

    /// Checks a dictionary. It must have as many values as it states, because the library allocates memory for the
    /// stated number.
    fn check_dictionary(&mut self, buffer: &[u8], count: usize) -> Result<(), ParquetError> {
        let least = if self.kind == Type::FIXED_LEN_BYTE_ARRAY { 1 } else { 4 };
        if count > buffer.len() / least {
            let found = format!("a dictionary of {} bytes that states {count} values", buffer.len());
            return Err(self.watch.refuse(&self.column, &found));
        }
        self.charge(count as u64 * 16)?;
        if self.kind == Type::BYTE_ARRAY {
            let mut rest = buffer;
            while let Some((length, behind)) = rest.split_first_chunk::<4>() {
                let length = u32::from_le_bytes(*length);
                self.longest = self.longest.max(length.into());
                rest = behind.get(length as usize..).ok_or_else(damaged)?;
            }
        }
        Ok(())
    }

    /// Returns the values of a data page. They follow the part that says which values are absent.
    fn values<'p>(&self, page: &'p Page) -> Option<&'p [u8]> {
        match page {
            Page::DataPage { buf, .. } if !self.has_absent => Some(buf),
            Page::DataPage { buf, def_level_encoding: Encoding::RLE, .. } => {
                let (length, behind) = buf.split_first_chunk::<4>()?;
                behind.get(u32::from_le_bytes(*length) as usize..)
            }
            Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
                buf.get(def_levels_byte_len.checked_add(*rep_levels_byte_len)? as usize..)
            }
            _ => None,
        }
    }
}

fn damaged() -> ParquetError {
    ParquetError::General("the values of a page are not what its encoding says".to_owned())
}

impl Iterator for Pages {
    type Item = Result<Page, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>, ParquetError> {
        let page = self.inner.get_next_page()?;
        if let Some(page) = &page {
            self.check(page)?;
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>, ParquetError> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<(), ParquetError> {
        self.inner.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool, ParquetError> {
        self.inner.at_record_boundary()
    }
}

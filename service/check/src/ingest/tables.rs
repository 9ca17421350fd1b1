//! A reader of the small tables of a package. The description of a table says how its fields are checked, and which
//! columns are the key.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use serde::de::DeserializeOwned;

use super::dictionary::{Dictionary, composed};
use super::excerpt::safe_excerpt;
use super::field::{
    Dates, Vocabulary, address, any_day, count, separable, similar_words, statute, statute_of, word,
};
use super::platform::OneThread;
use super::report::{Reason, Report};
use super::row::{Refusal, Refusals, Row, Taken};
use super::row_fields::{check_related, check_span};
use super::row_positions::Position;
use super::row_texts::from_texts;
use super::rules::Rules;
use super::similar::similar;
use super::sources::FigureSource;
use super::statute_relations::{Fault, faults};
use super::table_reader::TableReader;
use crate::domain::tables::{
    COUNTS, Column, Content, HISTORY, POPULATION, SOURCES, STATUTES, Table, WHOLE_COUNTRY,
};
use crate::domain::values::code_meant;
use crate::domain::{Event, Lists, Measure, Population, Register, Say, Statute, nearest, own_name};
use crate::package::Source;

/// Most events of a package: some for each of [`Register::LIMIT`] statutes.
const MOST_EVENTS: usize = 1_000_000;

/// Reads `statutes.csv`. The register has no refused rows; the report lists them. Returns `None` when the file cannot
/// be read as a table.
pub fn read_statutes(
    source: Source<'_>,
    lists: &Lists,
    rules: &Rules,
    report: &mut Report,
) -> Option<Register> {
    let most = (Register::LIMIT, Say::new("too_many.rows").with("most", Register::LIMIT));
    let none = Register::default();
    let known = Known::of(&STATUTES, lists, rules, &none);
    let Keyed { records: mut statutes, first, mut reader } =
        read::<Statute>(source, known, most, rules, report)?;
    // A parent or successor may stand below the row that names it, so both are checked at the end.
    let faults = faults(&statutes);
    for (statute, fault) in statutes.iter().zip(&faults) {
        if let Some(Fault { column, reason, says }) = fault {
            reader.refuse_later(first[&statute.id], STATUTES.place(column), *reason, says);
        }
    }
    let mut right = faults.iter().map(Option::is_none);
    statutes.retain(|_| right.next().unwrap_or(true));
    reader.close(report);
    Some(Register::new(statutes))
}

/// Reads `sources.csv`, in byte order of the ids: the place of a source is its code. Returns `None` when the file
/// cannot be read as a table.
pub fn read_sources(
    source: Source<'_>,
    lists: &Lists,
    rules: &Rules,
    report: &mut Report,
) -> Option<Vec<FigureSource>> {
    let most = (usize::from(u16::MAX) + 1, Say::new("too_many.sources"));
    let none = Register::default();
    let known = Known::of(&SOURCES, lists, rules, &none);
    in_order(source, known, most, rules, report, |left: &FigureSource, right| left.id.cmp(&right.id))
}

/// Reads `history.csv`, in the order of [`Event::place`].
pub fn read_history(
    source: Source<'_>,
    lists: &Lists,
    register: &Register,
    rules: &Rules,
    report: &mut Report,
) -> Vec<Event> {
    let most = (MOST_EVENTS, Say::new("too_many.rows").with("most", MOST_EVENTS));
    let known = Known::of(&HISTORY, lists, rules, register);
    let order = |left: &Event, right: &Event| left.place().cmp(&right.place());
    in_order(source, known, most, rules, report, order).unwrap_or_default()
}

/// Reads `population.csv`, in the order of [`Population::place`].
pub fn read_population(
    source: Source<'_>,
    lists: &Lists,
    rules: &Rules,
    report: &mut Report,
) -> Vec<Population> {
    // Countries and years limit the number of rows, so no other limit is needed.
    let (none, most) = (Register::default(), (usize::MAX, Say::new("too_many.rows")));
    let known = Known::of(&POPULATION, lists, rules, &none);
    let order = |left: &Population, right: &Population| left.place().cmp(&right.place());
    in_order(source, known, most, rules, report, order).unwrap_or_default()
}

/// Reads a table and sorts its records, which need nothing else.
fn in_order<T: DeserializeOwned + PartialEq>(
    source: Source<'_>,
    known: Known<'_>,
    most: (usize, Say),
    rules: &Rules,
    report: &mut Report,
    order: fn(&T, &T) -> Ordering,
) -> Option<Vec<T>> {
    let Keyed { mut records, reader, .. } = read::<T>(source, known, most, rules, report)?;
    reader.close(report);
    records.sort_by(order);
    Some(records)
}

/// A small table, with everything that its fields are checked against.
pub struct Known<'a> {
    table: &'static Table,
    /// For each column of a release: its place among the columns of the table.
    in_release: Vec<usize>,
    dates: Dates,
    register: &'a Register,
    sources: &'a [FigureSource],
    measures: &'a [Measure],
    vocabulary: Vocabulary<'a>,
}

impl<'a> Known<'a> {
    /// Begins without sources and measures.
    pub fn of(table: &'static Table, lists: &'a Lists, rules: &Rules, register: &'a Register) -> Self {
        let in_release = table.in_release().into_iter().map(|column| table.place(column.name)).collect();
        let (dates, vocabulary) = (Dates(rules.today), Vocabulary::of(lists));
        Self { table, in_release, dates, register, sources: &[], measures: &[], vocabulary }
    }

    /// Adds the sources and measures that figures are checked against. Sources are in byte order of their ids.
    pub fn with(self, sources: &'a [FigureSource], measures: &'a [Measure]) -> Self {
        Self { sources, measures, ..self }
    }

    /// Returns the fields of a row as a release stores them: in the column order of the release, ids in Unicode NFC,
    /// and defaults in place of optional words that are empty.
    ///
    /// # Errors
    /// With all faults of the row.
    pub fn texts(&mut self, row: &Row<'_>) -> Result<Vec<String>, Refusals> {
        row.filled()?;
        let columns = self.table.columns;
        let mut faults = Refusals::default();
        let mut texts: Vec<Option<String>> = Vec::with_capacity(columns.len());
        for (column, of) in columns.iter().enumerate() {
            // Whether the statute belongs to the country cannot be checked while the country is wrong.
            let is_wrong = |(text, of): (&Option<String>, &Column)| of.name == "country" && text.is_none();
            let is_moot = of.content == Content::Id("statutes") && texts.iter().zip(columns).any(is_wrong);
            texts.push(if is_moot { None } else { faults.note(self.text(row, column)) });
        }
        if self.table.name == HISTORY.name {
            faults.note(check_related(self.register, row, &texts));
        }
        if self.table.name == COUNTS.name {
            faults.note(check_span(row, &texts));
        }
        faults.settle()?;
        Ok(self.in_release.iter().filter_map(|&place| texts[place].take()).collect())
    }

    /// Parses one field.
    fn text(&mut self, row: &Row<'_>, column: usize) -> Result<String, Refusal> {
        let (text, table) = (row.text(column), self.table);
        let name = table.columns[column].name;
        let statutes = &mut self.vocabulary.statutes;
        let id = match (name, table.columns[column].content) {
            ("url" | "archived_url", _) => return address(row, column).map(|()| text.to_owned()),
            ("in_force_to", _) => return any_day(row, column).map(|()| text.to_owned()),
            ("related", _) if !text.is_empty() => statute(row, column, self.register, statutes)?,
            (_, Content::Id("statutes")) if table.name == STATUTES.name => {
                if table.key == [name] {
                    separable(row, column)?;
                }
                return Ok(composed(text).into_owned());
            }
            (_, Content::Id("statutes")) if table.name == HISTORY.name => {
                statute(row, column, self.register, statutes)?
            }
            (_, Content::Id("statutes")) => {
                statute_of(row, table.place("country"), column, self.register, statutes)?
            }
            (_, content) => return self.plain(row, column, content, table.key == [name]),
        };
        Ok(self.register.at(id).id.clone())
    }

    /// Parses one field whose column needs no context but its content type.
    fn plain(
        &mut self,
        row: &Row<'_>,
        column: usize,
        content: Content,
        is_key: bool,
    ) -> Result<String, Refusal> {
        let text = row.text(column);
        let word = |words: &[&str]| word(row, column, words).map(str::to_owned);
        match content {
            Content::Status => return word(&["A", "B", "E", "P"]),
            Content::Flag => return word(&["false", "true"]),
            Content::Words(words) => return word(words),
            // An answer separates ids with spaces.
            Content::Id(_) if is_key && (text.contains(char::is_whitespace) || text.contains(',')) => {
                return Err(Refusal::new(column, Reason::UnknownWord, "unknown_word.space"));
            }
            Content::Id(_) => {
                let id = composed(text).into_owned();
                if !is_key && self.sources.binary_search_by(|source| source.id.cmp(&id)).is_err() {
                    let ids = self.sources.iter().map(|source| source.id.as_str());
                    return Err(Refusal::new(column, Reason::UnknownSource, "unknown_source")
                        .suggesting(nearest(&id, ids)));
                }
                return Ok(id);
            }
            Content::Code(_) if text.is_empty() => {}
            Content::Code(list) => _ = self.vocabulary.list(list).number(row, column)?,
            Content::Measure if self.measures.iter().all(|measure| measure.name() != text) => {
                let names: Vec<_> = self.measures.iter().map(|measure| measure.name()).collect();
                let meant = code_meant("measure", text).filter(|meant| names.contains(meant));
                let says = Say::new("unknown_word.measure").with("measures", names.join(", "));
                return Err(Refusal::new(column, Reason::UnknownWord, says)
                    .suggesting(meant.or_else(|| nearest(text, names.iter().copied()))));
            }
            Content::OwnNames => {
                if let Some((says, suggestion)) = own_name::fault(text) {
                    let refusal = Refusal::new(column, Reason::BadLanguage, says);
                    return Err(refusal.suggesting(suggestion.as_deref()));
                }
            }
            Content::Period => _ = self.dates.optional(row, column)?,
            Content::Year if text.is_empty() => {}
            Content::Year => _ = self.dates.year(row, column)?,
            Content::Whole(least) => {
                if count(row, column)? < least {
                    return Err(Refusal::new(column, Reason::BadNumber, "bad_number.nobody"));
                }
            }
            Content::Coded => {
                separable(row, column)?;
                if text == WHOLE_COUNTRY {
                    return Err(Refusal::new(column, Reason::UnknownWord, "unknown_word.whole_country"));
                }
                return Ok(composed(text).into_owned());
            }
            Content::Measure | Content::Text | Content::PeriodOrUnknown => {}
        }
        Ok(text.to_owned())
    }
}

/// The records of a table by key. Identical rows are one record; different rows with the same key are not accepted.
struct Keyed<'r, 'u, T> {
    records: Vec<T>,
    /// Position of the first row of each key.
    first: HashMap<String, Position>,
    /// The table, which is closed later.
    reader: TableReader<'r, 'u>,
}

/// Reads a table with unique keys. `most` is the limit on records, with the sentence for a row beyond it.
fn read<'r, 'u, T: DeserializeOwned + PartialEq>(
    source: Source<'r>,
    mut known: Known<'_>,
    most: (usize, Say),
    rules: &'u Rules,
    report: &mut Report,
) -> Option<Keyed<'r, 'u, T>> {
    let table = known.table;
    let mut reader = TableReader::open(source, table.columns, rules, report)?;
    let columns: Vec<usize> = table.key.iter().map(|name| table.place(name)).collect();
    let mut records: Vec<T> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut first: HashMap<String, Position> = HashMap::new();
    let (mut repeated, mut conflicting) = (Vec::new(), Vec::new());
    // Keys of refused rows. A valid row with such a key is refused too, because the other row said something unknown
    // of it.
    let mut refused: BTreeSet<String> = BTreeSet::new();
    reader.for_each(&OneThread, |row| {
        let key = columns.iter().map(|&column| composed(row.text(column)).into_owned());
        let key = key.collect::<Vec<_>>().join(", ");
        let texts = known.texts(row).inspect_err(|_| _ = refused.insert(key.clone()))?;
        let record = from_texts(&texts).expect("every field was read as what its column has");
        if records.len() == most.0 {
            return Err(Refusal::new(columns[0], Reason::TooMany, most.1.clone()).into());
        }
        match numbers.get(&key) {
            Some(&number) if records[number] == record => repeated.push((row.position, key)),
            Some(_) => conflicting.push((row.position, key)),
            None => {
                numbers.insert(key.clone(), records.len());
                first.insert(key, row.position);
                records.push(record);
            }
        }
        Ok(Taken::Kept)
    });
    let mut keys: Vec<&String> = numbers.keys().collect();
    keys.sort_unstable_by_key(|key| numbers[*key]);
    let mut ids = Dictionary::default();
    keys.iter().for_each(|key| _ = ids.code(key));
    for (one, other) in similar(&ids) {
        let words = || similar_words(ids.text(one), ids.text(other));
        reader.warn(first[ids.text(other)], columns[0], Reason::SimilarIds, words);
    }
    // Nobody can know which of two rows is right, so neither is accepted.
    let mut none: BTreeSet<&String> = conflicting.iter().map(|(_, key)| key).collect();
    none.extend(refused.iter().filter(|key| numbers.contains_key(*key)));
    let (same, others): (Vec<_>, Vec<_>) = repeated.iter().partition(|(_, key)| !none.contains(key));
    for (position, key) in same {
        reader.repeat_later(*position, first[key], None, columns[0]);
    }
    let others = others.into_iter().chain(&conflicting).map(|(position, key)| (*position, key));
    for (position, key) in none.iter().map(|key| (first[*key], *key)).chain(others) {
        let says = Say::new("conflicting_duplicate.table").with("key", safe_excerpt(key));
        reader.refuse_later(position, columns[0], Reason::ConflictingDuplicate, &says);
    }
    let mut kept = keys.iter().map(|key| !none.contains(key));
    records.retain(|_| kept.next().unwrap_or(true));
    Some(Keyed { records, first, reader })
}

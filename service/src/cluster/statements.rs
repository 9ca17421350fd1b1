//! The statements by which a package is checked and sorted on Spark. They are made of our own names, of numbers, and of paths that
//! are quoted; never of a value of the package.

use std::ops::RangeInclusive;
use std::path::Path;

use super::worker::FIELDS;
use crate::domain::tables::CHARGES;

/// Most files that are checked at the same time, each in a process of its own.
const PIECES: usize = 4096;
/// What parts the fields of lines, and stands for a missing value (`worker`), as Spark reads it in a literal.
const DELIMITED: &str = r"ROW FORMAT DELIMITED FIELDS TERMINATED BY '\u0001' NULL DEFINED AS '\u0004'";

/// The folders that a publication writes, below its own.
#[derive(Debug, Clone)]
pub struct Places {
    /// The lines of the workers.
    pub checked: String,
    /// Charges that the rules between rows take out.
    pub repeated: String,
    /// The charges in their order.
    pub sorted: String,
}

impl Places {
    /// Names the folders below a folder, which must be an absolute path.
    pub fn of(folder: &Path) -> Self {
        let place = |name: &str| format!("file://{}", folder.join(name).display());
        Self { checked: place("checked"), repeated: place("repeated"), sorted: place("sorted") }
    }

    /// Checks files by the rules of one row. `program` is the command that workers run, `files` are the places and paths.
    pub fn check(&self, program: &str, files: &[String]) -> String {
        let names = || FIELDS.into_iter().chain(columns());
        let fields: Vec<String> = names().map(|name| format!("`{name}` STRING")).collect();
        let given: Vec<String> = names().map(as_given).collect();
        let values: Vec<String> =
            files.iter().enumerate().map(|(place, path)| format!("({place}, {})", quoted(path))).collect();
        format!(
            "INSERT OVERWRITE DIRECTORY {} USING parquet SELECT {} FROM (SELECT TRANSFORM (place, path) {DELIMITED} \
             USING {} AS ({}) {DELIMITED} FROM (SELECT /*+ REPARTITION({}) */ place, path FROM VALUES {} AS files (place, path)))",
            quoted(&self.checked),
            given.join(", "),
            quoted(program),
            fields.join(", "),
            files.len().clamp(1, PIECES),
            values.join(", "),
        )
    }

    /// Finds charges whose key occurs again, and writes what becomes of each. `has_own` says whether charges have ids of their own,
    /// which are then their keys.
    pub fn repeat(&self, has_own: bool) -> String {
        let key = if has_own { "charge_id" } else { "case_id, defendant_id, statute" };
        let content: Vec<&str> = columns().collect();
        let checked = from(&self.checked);
        let group = format!("PARTITION BY {key}");
        format!(
            "INSERT OVERWRITE DIRECTORY {} USING parquet \
             SELECT file, row, verdict, first_file, first_row, place, together, is_one_file FROM (\
             SELECT *, CASE WHEN excluded > 0 THEN 'refused' WHEN least <> most THEN 'conflict' \
             WHEN place = 1 THEN 'kept' ELSE 'duplicate' END AS verdict FROM (\
             SELECT kind, file, row, SUM(IF(kind = 'key', 1, 0)) OVER ({group}) AS excluded, \
             SUM(IF(kind = 'row', 1, 0)) OVER ({group}) AS together, \
             MIN(content) OVER ({group}) AS least, MAX(content) OVER ({group}) AS most, \
             MIN(IF(kind = 'row', file, NULL)) OVER ({group}) <=> MAX(IF(kind = 'row', file, NULL)) OVER ({group}) AS is_one_file, \
             ROW_NUMBER() OVER ({group} ORDER BY kind DESC, file, row) AS place, \
             FIRST_VALUE(file) OVER ({group} ORDER BY kind DESC, file, row) AS first_file, \
             FIRST_VALUE(row) OVER ({group} ORDER BY kind DESC, file, row) AS first_row \
             FROM (SELECT *, IF(kind = 'row', TO_JSON(STRUCT({})), NULL) AS content FROM {checked} \
             WHERE kind IN ('row', 'key') AND ({key}) IN (SELECT {key} FROM {checked} WHERE kind IN ('row', 'key') \
             GROUP BY {key} HAVING COUNT(*) > 1 AND MAX(kind) = 'row'))) WHERE kind = 'row') WHERE verdict <> 'kept'",
            quoted(&self.repeated),
            content.join(", "),
        )
    }

    /// Sorts the charges that are left. `has_repeated` says whether any were taken out.
    pub fn sort(&self, columns: &[String], has_repeated: bool) -> String {
        let given: Vec<String> = columns
            .iter()
            .map(|name| match name.as_str() {
                "sentence_months" => format!("CAST({name} AS BIGINT) AS {name}"),
                name => name.to_owned(),
            })
            .collect();
        let by: Vec<String> = columns
            .iter()
            .take_while(|name| {
                !["date_outcome", "sentence_months", "sentence", "source"].contains(&name.as_str())
            })
            .map(|name| format!("{name} ASC NULLS FIRST"))
            .collect();
        let without = format!(
            " LEFT ANTI JOIN {} AS out ON charge.file = out.file AND charge.row = out.row",
            from(&self.repeated)
        );
        format!(
            "INSERT OVERWRITE DIRECTORY {} USING parquet SELECT {} FROM {} AS charge{} WHERE kind = 'row' ORDER BY {}",
            quoted(&self.sorted),
            given.join(", "),
            from(&self.checked),
            if has_repeated { without } else { String::new() },
            by.join(", "),
        )
    }

    /// Finds ids of a column that look alike: of each, the place of its first row and the text that came first.
    pub fn look_alike(&self, column: &str, program: &str, most: usize) -> String {
        format!(
            "SELECT CAST(file AS STRING) AS file_text, CAST(row AS STRING) AS row_text, earliest, id FROM (SELECT *, \
             FIRST_VALUE(id) OVER (PARTITION BY image ORDER BY file, row) AS earliest FROM (\
             SELECT CAST(file AS INT) AS file, CAST(row AS BIGINT) AS row, {} AS id, image FROM (\
             SELECT TRANSFORM (seen.file, seen.row, TRANSLATE(id, '\\n\\r', '\\u0002\\u0003')) {DELIMITED} USING {} \
             AS (file STRING, row STRING, id STRING, image STRING) {DELIMITED} FROM (\
             SELECT {column} AS id, MIN(STRUCT(file, row)) AS seen FROM {} WHERE kind = 'row' GROUP BY {column})))) \
             WHERE id <> earliest ORDER BY file, row LIMIT {most}",
            lines_back("id"),
            quoted(program),
            from(&self.checked),
        )
    }

    /// Returns the rows of the lines of a kind, as texts.
    pub fn lines(&self, kind: &str, rest: &str) -> String {
        format!(
            "SELECT CAST(file AS STRING) AS file_text, CAST(row AS STRING) AS row_text, text FROM {} WHERE kind = '{kind}'{rest}",
            from(&self.checked)
        )
    }

    /// Counts the charges that passed the rules of one row.
    pub fn count_rows(&self) -> String {
        format!(
            "SELECT CAST(COUNT(*) AS STRING) AS count_text FROM {} WHERE kind = 'row'",
            from(&self.checked)
        )
    }

    /// Counts the charges that the rules between rows take out, by file and by what becomes of them.
    pub fn count_repeated(&self) -> String {
        format!(
            "SELECT CAST(file AS STRING) AS file_text, verdict, CAST(COUNT(*) AS STRING) AS count_text FROM {} GROUP BY file, verdict ORDER BY file, verdict",
            from(&self.repeated),
        )
    }

    /// Lists charges that the rules between rows take out, group by group.
    pub fn list_repeated(&self, most: usize) -> String {
        format!(
            "SELECT CAST(file AS STRING) AS file_text, CAST(row AS STRING) AS row_text, verdict, CAST(first_file AS STRING) AS first_file_text, CAST(first_row AS STRING) AS first_row_text, \
             CAST(together AS STRING) AS together_text, CAST(is_one_file AS STRING) AS is_one_file_text FROM {} ORDER BY first_file, first_row, place LIMIT {most}",
            from(&self.repeated),
        )
    }

    /// Returns the charges of some files that the rules between rows refuse.
    pub fn refused_later(&self, files: &RangeInclusive<usize>) -> String {
        format!(
            "SELECT CAST(file AS STRING) AS file_text, CAST(row AS STRING) AS row_text FROM {} WHERE {} AND verdict <> 'duplicate'",
            from(&self.repeated),
            among(files),
        )
    }
}

/// The condition for rows of some files.
pub fn among(files: &RangeInclusive<usize>) -> String {
    format!("file BETWEEN {} AND {}", files.start(), files.end())
}

/// Names the Parquet files of an object store below an address `objects`. As in a folder, `.PARQUET` is one too.
pub fn view_objects(address: &str) -> String {
    format!(
        "CREATE OR REPLACE TEMPORARY VIEW objects USING binaryFile \
         OPTIONS (path {}, recursiveFileLookup 'true', pathGlobFilter '*.[pP][aA][rR][qQ][uU][eE][tT]')",
        quoted(address)
    )
}

/// Lists the objects: address and bytes.
pub fn list_objects() -> String {
    "SELECT path, CAST(length AS STRING) AS length_text FROM objects".to_owned()
}

/// Hands the objects to a program, and returns what it tells of each: address and bytes. Spark cuts Base64 into lines, or not: a setting
/// decides.
pub fn bring_objects(program: &str) -> String {
    format!(
        "SELECT address, length FROM (SELECT TRANSFORM (path, REPLACE(BASE64(content), '\\r\\n', '')) {DELIMITED} USING {} \
         AS (address STRING, length STRING) {DELIMITED} FROM objects)",
        quoted(program)
    )
}

/// Returns the names of the cells of a line.
fn columns() -> impl Iterator<Item = &'static str> {
    CHARGES.in_release().into_iter().map(|column| column.name)
}

fn as_given(name: &str) -> String {
    match name {
        "kind" => name.to_owned(),
        "file" => "CAST(file AS INT) AS file".to_owned(),
        "row" => "CAST(row AS BIGINT) AS row".to_owned(),
        _ => format!("{} AS {name}", lines_back(name)),
    }
}

/// Turns the signs for ends of lines (`worker`) into these. Few texts have one: to look for both is quicker than `TRANSLATE`.
fn lines_back(name: &str) -> String {
    format!(r"REPLACE(REPLACE({name}, '\u0002', '\n'), '\u0003', '\r')")
}

fn from(place: &str) -> String {
    // A backquote within a name is written twice.
    format!("parquet.`{}`", place.replace('`', "``"))
}

/// Returns a text as a literal of Spark.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Returns a text as a word of the shell in which workers start the program.
pub fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_its_literal() {
        assert_eq!(quoted(r"a'b\c"), r"'a\'b\\c'");
        assert_eq!(from("file:///a`b"), "parquet.`file:///a``b`");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        let check = Places::of(Path::new("/s")).check("p", &["a'), (1, 'b".to_owned()]);
        assert!(check.contains(r"FROM VALUES (0, 'a\'), (1, \'b') AS files"), "{check}");
        assert!(view_objects("s3://a'b").contains(r"(path 's3://a\'b', "));
    }

    #[test]
    fn no_column_of_text_has_the_name_of_a_number_that_rows_are_ordered_by() {
        // Spark calls `CAST(file AS STRING)` also `file`, and would order files as texts: 0, 1, 10, 2.
        let places = Places::of(Path::new("/s"));
        let all = [
            places.lines("file", " ORDER BY file"),
            places.look_alike("case_id", "p", 9),
            places.count_repeated(),
            places.list_repeated(9),
            places.refused_later(&(1..=2)),
        ];
        for statement in all {
            let casts = statement.matches(" AS STRING)").count();
            assert!(casts > 0 && statement.matches("_text").count() == casts, "{statement}");
        }
    }

    #[test]
    fn charges_are_sorted_by_the_columns_up_to_the_ids() {
        let columns = ["statute", "country", "case_id", "charge_id", "date_outcome", "sentence_months"]
            .map(str::to_owned);
        let sort = Places::of(Path::new("/s")).sort(&columns, true);
        let (_, by) = sort.split_once(" ORDER BY ").unwrap();
        assert_eq!(
            by,
            "statute ASC NULLS FIRST, country ASC NULLS FIRST, case_id ASC NULLS FIRST, charge_id ASC NULLS FIRST"
        );
        assert!(sort.contains("CAST(sentence_months AS BIGINT) AS sentence_months"), "{sort}");
        assert!(sort.contains(" LEFT ANTI JOIN parquet.`file:///s/repeated` AS out"), "{sort}");
        assert!(!Places::of(Path::new("/s")).sort(&columns, false).contains("repeated"));
    }
}

//! `chargesheet init --template`: a workbook for a list of cases or figures, with a drop-down list wherever there are codes.

use std::path::Path;
use std::process::ExitCode;

use chargesheet_check::mapping::columns_that_leave;
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Format, Workbook, Worksheet, XlsxError};

use crate::disk;
use crate::domain::tables::{CHARGES, COUNTS, Column, Content, Need, Table};
use crate::domain::{Language, Lists, Measure, Status};
use crate::package::Kind;

/// The sheet of the codes.
const CODES: &str = "codes";
/// Rows that have drop-down lists.
const ROWS: u32 = 5_000;
/// Widths of the columns, in digits.
const WIDTH: f64 = 18.0;
const WIDE: f64 = 44.0;
/// Longest message beside a cell: a limit of Excel.
const LONGEST: usize = 255;

/// Writes the template of a kind of dataset to a file, which must not be there yet.
///
/// # Errors
/// When the file is there or cannot be written.
pub fn template(kind: Kind, path: &Path) -> Result<ExitCode, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let table = if kind == Kind::CaseLevel { &CHARGES } else { &COUNTS };
    let bytes = workbook(table).map_err(|error| failed(&error))?;
    if path.exists() || path.is_symlink() {
        return Err(failed(&"is there already"));
    }
    disk::replace(path, &bytes).map_err(|error| failed(&error))?;
    eprintln!(
        "the template is in {}; fill its first sheet, and give it to `chargesheet init`",
        path.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn workbook(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (mut main, mut codes) = (Worksheet::new(), Worksheet::new());
    main.set_name(table.name)?;
    codes.set_name(CODES)?;
    let bold = Format::new().set_bold();
    // As text, a month stays a month, and the number of a case is no date.
    let as_text = Format::new().set_num_format("@");
    let mut list = 0;
    for (place, column) in (0_u16..).zip(columns_that_leave(table)) {
        main.write_string_with_format(0, place, column.name, &bold)?;
        main.set_column_width(place, WIDTH)?.set_column_format(place, &as_text)?;
        let found = codes_of(column);
        let mut rule = DataValidation::new().allow_any_value();
        if !found.is_empty() {
            for (row, (code, label)) in (1_u32..).zip(&found) {
                codes.write_string(row, list, code)?;
                codes.write_string(row, list + 1, label)?;
            }
            codes.write_string_with_format(0, list, column.name, &bold)?;
            codes.set_column_width(list, WIDTH)?.set_column_width(list + 1, WIDE)?;
            let letters = rust_xlsxwriter::utility::column_number_to_name(list);
            let range = format!("={CODES}!${letters}$2:${letters}${}", found.len() + 1);
            rule = DataValidation::new().allow_list_formula(range.as_str().into());
            // A word in place of a code is asked about by `init`.
            rule = rule.set_error_style(DataValidationErrorStyle::Warning);
            list += 2;
        }
        let about: String = about(column).chars().take(LONGEST).collect();
        main.add_data_validation(1, place, ROWS, place, &rule.set_input_message(about)?)?;
    }
    main.set_freeze_panes(1, 0)?;
    codes.set_freeze_panes(1, 0)?;
    workbook.push_worksheet(main);
    workbook.push_worksheet(codes);
    workbook.save_to_buffer()
}

/// Returns the codes of a column with what they mean, if it has codes.
fn codes_of(column: &Column) -> Vec<(String, String)> {
    let without_label = |code: &str| (code.to_owned(), String::new());
    let words = match column.content {
        Content::Code(name) => {
            let list = Lists::bundled().named(name).map_or(&[][..], |list| list.entries());
            let entry = |entry: &crate::domain::Entry| {
                (entry.code.clone(), entry.label.get(Language::ENGLISH).to_owned())
            };
            return list.iter().map(entry).collect();
        }
        Content::Measure => Measure::ALL.map(Measure::name).to_vec(),
        Content::Status => Status::ALL.map(Status::code).to_vec(),
        Content::Words(words) => words.to_vec(),
        Content::Flag => vec!["true", "false"],
        _ => Vec::new(),
    };
    words.into_iter().filter(|word| !word.is_empty()).map(without_label).collect()
}

/// Returns what is written into a column, and whether every row needs it.
fn about(column: &Column) -> String {
    let about = match column.content {
        Content::Coded => "A code of ISO 3166-2, as KZ-75. Other texts are left out.",
        Content::Id("statutes") => "The id of a statute, as KAZ-CC-274, or its article and law.",
        Content::Id("sources") => "The id of a source in sources.csv.",
        _ => column.about,
    };
    let need = if column.need == Need::Filled { "Every row needs it." } else { "May be empty." };
    format!("{about} {need}").trim().to_owned()
}

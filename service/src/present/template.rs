//! A workbook for a list of cases or figures, with a drop-down list wherever there are codes.

use chargesheet_check::mapping::{codes_of, columns_that_leave};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, Workbook, Worksheet,
    XlsxError,
};

use crate::domain::Language;
use crate::domain::tables::{CHARGES, COUNTS, Column, Content, Need};
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

/// Returns the template of a kind of dataset as XLSX: always the same bytes.
///
/// # Errors
/// When it cannot be written, which is a bug.
pub fn template(kind: Kind) -> Result<Vec<u8>, XlsxError> {
    let table = if kind == Kind::CaseLevel { &CHARGES } else { &COUNTS };
    let mut workbook = Workbook::new();
    // Else the day of the making would stand there.
    let written = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&written));
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
        let found = codes_of(column, Language::ENGLISH);
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

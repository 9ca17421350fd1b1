//! Tests of each fault that ingest knows, in a package with no other fault.

mod package;

use self::package::{CHARGES, COUNTS, SOURCES, STATUTES, at, faults, read, record_count, refused};
use super::{Reason, Records};
use crate::domain::Register;

#[test]
fn right_packages_are_taken_whole() {
    for (file, records) in [(CHARGES, 2), (COUNTS, 2), (STATUTES, 1), (SOURCES, 1)] {
        let (ingested, report) = read(file, file.right.to_owned() + file.behind);
        assert_eq!((faults(&report), record_count(&ingested)), (Vec::new(), records), "{}", report.to_text());
    }
}

#[test]
fn a_file_without_a_header_is_refused() {
    let (_, report) = read(CHARGES, b"");
    assert_eq!(faults(&report), [at(1, "", Reason::EmptyFile, "give it a header")]);
}

#[test]
fn a_file_without_a_column_that_it_must_have_is_refused() {
    let (ingested, report) = read(CHARGES, CHARGES.right.replace("outcome", "result"));
    assert_eq!(
        faults(&report),
        [at(1, "result", Reason::UnknownColumn, ""), at(1, "outcome", Reason::MissingColumn, "")]
    );
    assert!(report.refused());
    assert_eq!(record_count(&ingested), 0);
}

#[test]
fn a_file_with_a_column_twice_is_refused() {
    let (ingested, report) = read(CHARGES, CHARGES.right.replace("region", "role"));
    assert_eq!(faults(&report), [at(1, "role", Reason::RepeatedColumn, "")]);
    assert_eq!(record_count(&ingested), 0);
}

#[test]
fn a_column_that_nobody_knows_is_told_of_and_not_read() {
    let (ingested, report) = read(CHARGES, CHARGES.right.replace("region", "regoin"));
    assert_eq!(faults(&report), [at(1, "regoin", Reason::UnknownColumn, "region")]);
    assert!(!report.refused());
    assert_eq!(record_count(&ingested), 1);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_text() {
    let text = format!("\u{feff}{}", CHARGES.right.replace('\n', "\r\n"));
    let (ingested, report) = read(CHARGES, text);
    assert_eq!((faults(&report), record_count(&ingested)), (Vec::new(), 1));
}

#[test]
fn a_record_is_named_by_the_line_on_which_it_starts() {
    let wrong = |case: u8| format!("C{case},D3,KAZ,KAZ-274,2020-4,pending,,,,\n");
    let multiline = "C2,D2,KAZ,KAZ-274,2020,pending,,,\"two\nlines\",\n";
    let text = [CHARGES.right, &wrong(3), multiline, "\n\n", &wrong(4), &wrong(5)].concat();
    for text in [text.replace('\n', "\r\n"), text] {
        let (_, report) = read(CHARGES, text);
        let mut expected = vec![at(6, "", Reason::BlankLine, "")];
        expected.extend([3, 8, 9].map(|line| at(line, "date_charged", Reason::DateFormat, "2020-04")));
        assert_eq!(faults(&report), expected);
        assert_eq!(
            report.problems.iter().map(|problem| problem.record).collect::<Vec<_>>(),
            [None, Some(2), Some(4), Some(5)]
        );
    }
}

#[test]
fn blank_lines_are_all_counted_however_many_stand_above_the_header() {
    let (ingested, report) = read(CHARGES, "\n".repeat(100_000) + CHARGES.right);
    assert_eq!((faults(&report), record_count(&ingested)), (vec![at(1, "", Reason::BlankLine, "")], 1));
    assert_eq!(report.problems[0].message, "100000 lines are blank");
}

#[test]
fn rows_without_content_are_told_of_once_wherever_they_stand() {
    let empty = format!("{}\n", ",".repeat(9));
    let text =
        [",,\n", CHARGES.right, &empty.repeat(40), ",\n", "\"\", \t,\n", CHARGES.behind, &empty].concat();
    let (ingested, report) = read(CHARGES, text);
    assert_eq!(faults(&report), [at(1, "", Reason::SheetEmptyRows, "")]);
    assert_eq!(report.problems[0].message, "empty rows: 44; they are passed over");
    assert_eq!((record_count(&ingested), report.files[1].read), (2, 2));
    // A file of nothing else has no record.
    let header = CHARGES.right.lines().next().unwrap();
    let (_, report) = read(CHARGES, format!("{header}\n{empty}"));
    let expected = [at(0, "", Reason::HeaderOnly, ""), at(2, "", Reason::SheetEmptyRows, "")];
    assert_eq!(faults(&report), expected);
}

#[test]
fn columns_without_a_name_are_told_of_once_and_those_with_content_by_their_letter() {
    let wider =
        |text: &str, behind: &str| text.lines().map(|line| format!("{line}{behind}\n")).collect::<String>();
    let wide = ",".repeat(300);
    let (ingested, report) = read(CHARGES, wider(CHARGES.right, &wide));
    assert_eq!(
        (faults(&report), record_count(&ingested)),
        (vec![at(0, "", Reason::SheetEmptyColumns, "")], 1)
    );
    let told = "columns without a name and without content: 300; they are passed over";
    assert_eq!(report.problems[0].message, told);
    let text = wider(CHARGES.right, ", ,,") + &wider(CHARGES.behind, ",,seen,");
    let (ingested, report) = read(CHARGES, text);
    let expected = [at(0, "", Reason::SheetEmptyColumns, ""), at(0, "", Reason::SheetNamelessColumn, "")];
    assert_eq!((faults(&report).as_slice(), record_count(&ingested)), (expected.as_slice(), 2));
    assert_eq!(report.problems[1].message, "column L has no name and 1 filled cells; it is left out");
    // Between columns that have one, as in a quarantine file.
    let text = CHARGES.right.replace(",region", ",,region").replace("Almaty", ",Almaty");
    let (ingested, report) = read(CHARGES, text);
    assert_eq!(
        (faults(&report), record_count(&ingested)),
        (vec![at(0, "", Reason::SheetEmptyColumns, "")], 1)
    );
}

#[test]
fn statutes_need_only_the_columns_that_a_row_needs() {
    let four = "statute,country,law,title_en\nKAZ-274,KAZ,Code,False information\n";
    let fourteen = "\
statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url
KAZ-274,,KAZ,Code,,,False information,,,,,,,
";
    let [four, fourteen] = [four, fourteen].map(|text| {
        let (ingested, report) = read(STATUTES, text);
        assert_eq!(faults(&report), []);
        ingested.register
    });
    assert_eq!(four.all(), fourteen.all());
}

#[test]
fn what_people_call_a_code_is_known() {
    for (text, code) in [("Kazakhstan", "KAZ"), ("Қазақстан", "KAZ"), ("kz", "KAZ"), ("Kazahstan", "KAZ")]
    {
        let row = format!("C3,D3,{text},KAZ-274,2020,pending,,,,");
        refused(CHARGES, row, "country", Reason::UnknownCountry, code);
    }
    for (text, code) in [("осуждён", "convicted"), ("Acquitted.", "acquitted"), ("арест", "")] {
        let row = format!("C3,D3,KAZ,KAZ-274,2020,{text},,,,");
        refused(CHARGES, row, "outcome", Reason::UnknownOutcome, code);
    }
    refused(
        CHARGES,
        "C3,D3,KAZ,KAZ-274,2020,pending,,журналист,,",
        "role",
        Reason::UnknownRole,
        "journalist",
    );
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,2020,pending,,,,да", "publish", Reason::UnknownWord, "true");
    refused(COUNTS, "KAZ,KAZ-274,2021,convicted,лиц,1,court,,,", "unit", Reason::UnknownWord, "persons");
}

#[test]
fn a_row_that_is_not_utf_8_is_refused() {
    refused(CHARGES, b"C3,D3,KAZ,KAZ-274,2020,pending,,,Alm\xc0ty,", "", Reason::InvalidUtf8, "");
}

#[test]
fn a_row_with_too_few_fields_is_refused() {
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,2020,pending,,,", "", Reason::TooFewFields, "");
}

#[test]
fn a_row_with_too_many_fields_is_refused() {
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,2020,pending,,,,,", "", Reason::TooManyFields, "");
}

#[test]
fn a_code_that_a_question_could_not_name_is_refused() {
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,2020,pending,,,\"Orda, Old\",", "region", Reason::UnknownWord, "");
    refused(STATUTES, "\"KAZ,1\",,KAZ,Code,1,,Title,,,,,,,", "statute", Reason::UnknownWord, "");
}

#[test]
fn a_required_field_that_is_empty_is_refused() {
    refused(CHARGES, "C3,,KAZ,KAZ-274,2020,pending,,,,", "defendant_id", Reason::MissingValue, "");
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,,pending,,,,", "date_charged", Reason::MissingValue, "");
    refused(COUNTS, "KAZ,KAZ-274,2021,convicted,persons,,court,,,", "value", Reason::MissingValue, "");
}

#[test]
fn a_charge_without_id_is_refused_where_charges_have_one() {
    let text = CHARGES.right.replace("region", "charge_id") + "C2,D2,KAZ,KAZ-274,2020,pending,,,,\n";
    let (_, report) = read(CHARGES, text);
    assert_eq!(faults(&report), [at(3, "charge_id", Reason::MissingValue, "")]);
}

#[test]
fn a_date_of_another_form_is_refused() {
    for (date, meant) in [
        ("20.04.2020", "2020-04-20"),
        ("2020-4-20", "2020-04-20"),
        ("2020/04", "2020-04"),
        (" 2020", "2020"),
        ("Unknown", "unknown"),
        ("3 марта 2020", "2020-03-03"),
        ("03.03.2020", "2020-03-03"),
        // Two readings, a day that is yet to come, and none.
        ("05.03.2020", ""),
        ("13.12.2031", ""),
        ("soon", ""),
    ] {
        let row = format!("C3,D3,KAZ,KAZ-274,{date},pending,,,,");
        refused(CHARGES, row, "date_charged", Reason::DateFormat, meant);
    }
    refused(COUNTS, "KAZ,KAZ-274,05.2021,convicted,persons,1,court,,,", "year", Reason::DateFormat, "");
    refused(COUNTS, "KAZ,KAZ-274,2021 г.,convicted,persons,1,court,,,", "year", Reason::DateFormat, "2021");
    refused(COUNTS, "KAZ,KAZ-274,2021-05,convicted,persons,1,court,,,", "year", Reason::DateFormat, "");
}

#[test]
fn a_day_that_no_calendar_has_is_refused() {
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,2021-02-29,pending,,,,", "date_charged", Reason::DateImpossible, "");
}

#[test]
fn a_date_after_today_is_refused_and_this_year_is_not() {
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,2026-12,pending,,,,", "date_charged", Reason::DateInFuture, "");
    let (_, report) = read(CHARGES, CHARGES.right.to_owned() + "C3,D3,KAZ,KAZ-274,2026,pending,,,,\n");
    assert_eq!(faults(&report), []);
}

#[test]
fn a_date_before_1900_is_refused() {
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,0202-04-20,pending,,,,", "date_charged", Reason::DateOutOfRange, "");
}

#[test]
fn a_country_without_code_is_refused() {
    refused(CHARGES, "C3,D3,KAX,KAZ-274,2020,pending,,,,", "country", Reason::UnknownCountry, "KAZ");
    refused(STATUTES, "KAZ-1,,Kaz,Code,1,,Title,,,,,,,", "country", Reason::UnknownCountry, "KAZ");
}

#[test]
fn a_statute_that_is_not_in_the_register_is_refused() {
    refused(CHARGES, "C3,D3,KAZ,KAZ-247,2020,pending,,,,", "statute", Reason::UnknownStatute, "KAZ-274");
    refused(STATUTES, "KAZ-1.1,KAZ-1,KAZ,Code,1,1,Title,,,,,,,", "parent", Reason::UnknownStatute, "");
    refused(STATUTES, "KAZ-1,,KAZ,Code,1,,Title,,,,,,KAZ-2,", "successor", Reason::UnknownStatute, "");
}

#[test]
fn a_statute_of_another_country_is_refused() {
    refused(CHARGES, "C3,D3,TUR,KAZ-274,2020,pending,,,,", "country", Reason::StatuteCountryMismatch, "KAZ");
}

#[test]
fn an_outcome_that_is_not_listed_is_refused() {
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,2020,Convicted,,,,", "outcome", Reason::UnknownOutcome, "convicted");
}

#[test]
fn a_role_that_is_not_listed_is_refused() {
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,2020,pending,,bloger,,", "role", Reason::UnknownRole, "blogger");
}

#[test]
fn an_offence_that_is_not_listed_is_refused() {
    refused(
        STATUTES,
        "KAZ-1,,KAZ,Code,1,,Title,,,defamaton,,,,",
        "offence",
        Reason::UnknownOffence,
        "defamation",
    );
}

#[test]
fn a_source_that_is_not_in_sources_is_refused() {
    refused(
        COUNTS,
        "KAZ,KAZ-274,2021,convicted,persons,1,minstry,,,",
        "source",
        Reason::UnknownSource,
        "ministry",
    );
}

#[test]
fn a_word_that_the_column_does_not_allow_is_refused() {
    for (file, row, column, suggestion) in [
        // A row that its publisher meant to withhold must not be published because `false` is spelled otherwise.
        (CHARGES, "C3,D3,KAZ,KAZ-274,2020,pending,,,,FALSE", "publish", "false"),
        (COUNTS, "KAZ,KAZ-274,2021,convicted,person,1,court,,,", "unit", "persons"),
        (COUNTS, "KAZ,KAZ-274,2021,convicted,charges,1,court,,,", "unit", ""),
        (COUNTS, "KAZ,KAZ-274,2021,convicted,persons,1,court,F,,", "status", ""),
        (COUNTS, "KAZ,KAZ-274,2021,convicted,persons,1,court,,yes,", "preferred", "true"),
    ] {
        refused(file, row, column, Reason::UnknownWord, suggestion);
    }
    for (row, column, suggestion) in [
        ("a b,P,T,https://example.org,,ngo,,,", "source", ""),
        ("a,P,T,https://example.org,,NGO,,,", "kind", "ngo"),
        ("a,P,T,https://example.org,,ngo,any-charges,,", "counting_rule", "any-charge"),
        ("a,P,T,https://example.org,,ngo,,trial,", "time_basis", ""),
        ("a,P,T,https://example.org,,ngo,,,flows", "measure_type", "flow"),
    ] {
        refused(SOURCES, row, column, Reason::UnknownWord, suggestion);
    }
}

#[test]
fn a_number_that_is_none_is_refused() {
    for value in ["1.0", "\"1,000\"", "1 000", "+1", "about 5", "1e3", "-", "٣", "99999999999999999999"] {
        let row = format!("KAZ,KAZ-274,2021,convicted,persons,{value},court,,,");
        refused(COUNTS, row, "value", Reason::BadNumber, "");
    }
    refused(CHARGES, "C3,D3,KAZ,KAZ-274,2020,pending,six,,,", "sentence_months", Reason::BadNumber, "");
}

#[test]
fn a_number_below_zero_is_refused() {
    refused(COUNTS, "KAZ,KAZ-274,2021,convicted,persons,-1,court,,,", "value", Reason::NegativeValue, "");
}

#[test]
fn an_address_that_is_none_is_refused() {
    refused(SOURCES, "a,P,T,example.org,,ngo,,,", "url", Reason::BadAddress, "");
    refused(STATUTES, "KAZ-1,,KAZ,Code,1,,Title,,,,,,,javascript:alert(1)", "url", Reason::BadAddress, "");
}

#[test]
fn a_name_of_a_law_without_its_language_is_refused() {
    let header = STATUTES.right.lines().next().unwrap();
    let with = |own: &str| {
        let text = format!("{header},law_own\nKAZ-274,,KAZ,Code,274,,Title,,,,,,,,{own}\n");
        let (ingested, report) = read(STATUTES, text);
        (ingested.register, report)
    };
    let (register, report) = with("kk Кодекс; ru Кодекс РК");
    assert_eq!(faults(&report), []);
    let laws: Vec<_> = register.all()[0].own_laws().collect();
    assert_eq!(laws, [("kk", "Кодекс"), ("ru", "Кодекс РК")]);
    let (_, report) = with("KK Кодекс");
    assert_eq!(faults(&report)[0], at(2, "law_own", Reason::BadLanguage, "kk Кодекс"));
    assert!(report.to_text().contains("has \"KK\" where a language belongs"), "{}", report.to_text());
}

#[test]
fn one_statute_more_than_codes_can_hold_is_refused() {
    let mut text = STATUTES.right.to_owned();
    for number in 2..=Register::LIMIT + 1 {
        text += &format!("S-{number},,KAZ,Code,,,Title,,,,,,,\n");
    }
    let (ingested, report) = read(STATUTES, text);
    assert_eq!(faults(&report), [at(Register::LIMIT as u64 + 2, "statute", Reason::TooMany, "")]);
    assert_eq!(ingested.register.all().len(), Register::LIMIT);
}

#[test]
fn the_same_charge_twice_is_counted_once() {
    let text = CHARGES.right.to_owned() + CHARGES.right.lines().nth(1).unwrap() + "\n";
    let (ingested, report) = read(CHARGES, text);
    assert_eq!(faults(&report), [at(3, "case_id", Reason::Duplicate, "")]);
    assert!(!report.refused());
    assert_eq!(record_count(&ingested), 1);
}

#[test]
fn the_same_figure_twice_is_counted_once() {
    let text = COUNTS.right.to_owned() + COUNTS.right.lines().nth(1).unwrap() + "\n";
    let (ingested, report) = read(COUNTS, text);
    assert_eq!(faults(&report), [at(3, "source", Reason::Duplicate, "")]);
    assert!(!report.refused());
    assert_eq!(record_count(&ingested), 1);
}

#[test]
fn charges_that_contradict_each_other_are_all_refused() {
    let text = CHARGES.right.to_owned()
        + "C2,D2,KAZ,KAZ-274,2020,pending,,,,\nC1,D1,KAZ,KAZ-274,2020-04-20,convicted,,,,\n";
    let (ingested, report) = read(CHARGES, text);
    assert_eq!(faults(&report), [2, 4].map(|line| at(line, "case_id", Reason::ConflictingDuplicate, "")));
    assert_eq!(report.problems[0].message, "the same key with different content on lines 2, 4");
    let Records::Charges(charges) = &ingested.records else { panic!("charges were read") };
    let ids = charges.ids.as_deref().unwrap();
    assert_eq!(charges.case.iter().map(|&case| ids.cases.text(case)).collect::<Vec<_>>(), ["C2"]);
}

#[test]
fn figures_of_one_source_that_contradict_each_other_are_all_refused() {
    let text = COUNTS.right.to_owned() + "KAZ,KAZ-274,2019,convicted,persons,1,court,A,true,\n";
    let (ingested, report) = read(COUNTS, text);
    assert_eq!(faults(&report), [2, 3].map(|line| at(line, "source", Reason::ConflictingDuplicate, "")));
    assert_eq!(record_count(&ingested), 0);
}

#[test]
fn a_part_of_another_countrys_statute_is_refused() {
    let row = "TUR-1,KAZ-274,TUR,Code,1,,Title,,,,,,,";
    refused(STATUTES, row, "country", Reason::StatuteCountryMismatch, "");
}

#[test]
fn statutes_and_sources_that_contradict_each_other_are_all_refused() {
    let both = |column| [2, 3].map(|line| at(line, column, Reason::ConflictingDuplicate, "")).to_vec();
    let (_, report) = read(STATUTES, STATUTES.right.to_owned() + "KAZ-274,,KAZ,Code,274,,Another,,,,,,,\n");
    // Charges under the refused statute now name an unknown one.
    assert_eq!(faults(&report)[..2], both("statute"), "{}", report.to_text());
    assert_eq!((report.files[0].accepted, report.files[0].rejected), (0, 2));
    let court = "court,P,T,https://example.org,,ngo,,,\n";
    let (_, report) = read(SOURCES, SOURCES.right.replace("ministry,Ministry", "bureau,Ministry") + court);
    let both = [2, 4].map(|line| at(line, "source", Reason::ConflictingDuplicate, ""));
    let told: Vec<_> =
        faults(&report).into_iter().filter(|fault| fault.2 == Reason::ConflictingDuplicate).collect();
    assert_eq!(told, both, "{}", report.to_text());
}

#[test]
fn the_same_statute_or_source_twice_is_counted_once() {
    for file in [STATUTES, SOURCES] {
        let (_, report) = read(file, file.right.to_owned() + file.right.lines().nth(1).unwrap() + "\n");
        let line = file.right.lines().count() as u64 + 1;
        let told: Vec<_> = faults(&report).into_iter().map(|fault| (fault.0, fault.2)).collect();
        assert_eq!(told, [(line, Reason::Duplicate)], "{}", report.to_text());
    }
}

#[test]
fn of_several_sources_of_a_cell_exactly_one_is_preferred() {
    let with = |preferred| {
        COUNTS.right.to_owned() + &format!("KAZ,KAZ-274,2019,convicted,persons,2,ministry,,{preferred},\n")
    };
    let (ingested, report) = read(COUNTS, with("false"));
    assert_eq!((faults(&report), record_count(&ingested)), (Vec::new(), 2));
    for text in [with("true"), with("").replace(",A,true,", ",A,,")] {
        let (ingested, report) = read(COUNTS, text);
        assert_eq!(faults(&report), [2, 3].map(|line| at(line, "preferred", Reason::PreferredNotOne, "")));
        assert_eq!(record_count(&ingested), 0);
    }
}

#[test]
fn a_source_alone_is_preferred_as_it_is() {
    let (ingested, report) = read(COUNTS, COUNTS.right.replace(",true,", ",false,"));
    assert_eq!(faults(&report), []);
    let Records::Figures { figures, .. } = &ingested.records else { panic!("figures were read") };
    assert!(figures[0].preferred);
}

#[test]
fn what_its_publisher_keeps_back_is_nowhere() {
    let text = CHARGES.right.to_owned() + "C1,D7,KAZ,KAZ-274,2020,convicted,,,Secret Town,false\n";
    let (ingested, report) = read(CHARGES, text);
    assert_eq!(faults(&report), []);
    assert_eq!(report.files[1].withheld, 1);
    assert!(!report.to_text().contains("Secret"));
    let Records::Charges(charges) = &ingested.records else { panic!("charges were read") };
    assert_eq!(charges.len(), 1);
    assert_eq!(charges.ids.as_deref().unwrap().defendants.texts().collect::<Vec<_>>(), ["D1"]);
    assert_eq!(charges.coded[0].texts.texts().collect::<Vec<_>>(), ["Almaty"]);
}

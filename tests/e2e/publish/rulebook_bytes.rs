//! The rule book, bytes: which files are read as tables, and which are refused whole or by the row.

use std::process::Command;

use e2e::draft::{COLUMNS, Checked, Draft, GOOD, charge};
use e2e::service::program;
use serde_json::json;

/// A word beyond ASCII that windows-1251 has, and its bytes there.
const WORD: (&str, [u8; 5]) = ("штраф", [0xf8, 0xf2, 0xf0, 0xe0, 0xf4]);

/// Returns a text of ASCII and [`WORD`] in windows-1251.
fn windows_1251(text: &str) -> Vec<u8> {
    let (word, bytes) = WORD;
    let parts: Vec<&[u8]> = text.split(word).map(str::as_bytes).collect();
    assert!(parts.iter().all(|part| part.is_ascii()), "no other word is beyond ASCII");
    parts.join(&bytes[..])
}

/// Replaces the one occurrence of a text by bytes.
fn with_bytes(text: &str, what: &str, by: &[u8]) -> Vec<u8> {
    let (before, after) = text.split_once(what).expect("the text is there");
    [before.as_bytes(), by, after.as_bytes()].concat()
}

#[test]
fn a_byte_order_mark_is_fine() {
    let draft = Draft::new("bom");
    let checked = draft.check_as(format!("\u{feff}{}", draft.charges()).as_bytes());
    checked.accepted();
    assert_eq!(checked.counts(), [GOOD, GOOD, 0, 0, 0]);
}

#[test]
fn a_declared_encoding_is_read_right() {
    let text = Draft::new("").charge(&[("region", WORD.0)]).charges();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xff\xfe"[..], &little].concat();
    for (encoding, bytes) in
        [("windows-1251", windows_1251(&text)), ("utf-16le", little), ("utf-16le", marked)]
    {
        let draft = Draft::new(&format!("declared-{encoding}")).declaring("encoding", json!(encoding));
        let folder = draft.write_as(&bytes);
        let checked = Checked::of(&folder, &[]);
        checked.accepted();
        assert_eq!(checked.counts(), [GOOD + 1, GOOD + 1, 0, 0, 0], "{encoding}");
        let path = folder.to_str().expect("the path is UTF-8");
        let query = ["query", "--data", path, "example-cases", "by=region&measure=charges"];
        let answer = e2e::service::run(&[&query[..], &["--format", "csv"]].concat());
        assert_eq!(
            String::from_utf8_lossy(&answer.stdout),
            format!("region,charges\nExample region,{GOOD}\n{},1\n", WORD.0),
            "{encoding}"
        );
    }
}

#[test]
fn an_undeclared_encoding_is_never_guessed() {
    let draft = (0..20).fold(Draft::new("undeclared"), |draft, _| draft.charge(&[("sentence", WORD.0)]));
    let text = draft.charges();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xff\xfe"[..], &little].concat();
    for bytes in [&windows_1251(&text), &little, &marked] {
        let checked = draft.check_as(bytes);
        assert_eq!(checked.code, 2, "{checked:?}");
        assert!(checked.reasons().contains(&"undeclared_encoding"), "{checked:?}");
    }
}

#[test]
fn a_single_bad_byte_refuses_its_row_only() {
    let draft = Draft::new("bad-byte").charge(&[("sentence", "a MARK fine")]);
    for bad in [&b"\xff"[..], b"\xd1", b"\xe2\x82", b"\xc0"] {
        let checked = draft.check_as(&with_bytes(&draft.charges(), "MARK", bad));
        checked.refused_row("invalid_utf8");
        assert_eq!(checked.counts(), [GOOD + 1, GOOD, 1, 0, 0]);
    }
    // Greek has no letter at this place; an encoding that gives every byte something has no bad ones.
    let declared = draft.declaring("encoding", json!("windows-1253"));
    let checked = declared.check_as(&with_bytes(&declared.charges(), "MARK", b"\xd2"));
    checked.refused_row("invalid_utf8");
}

#[test]
fn control_characters_refuse_the_row_but_not_tabs_and_line_ends_in_quotes() {
    for control in ["\u{0}", "\u{1}", "\u{8}", "\u{b}", "\u{c}", "\u{1b}[2J", "\u{7f}", "\u{85}", "\u{9b}31m"]
    {
        for quote in ["", "\""] {
            let value = format!("{quote}a{control}b{quote}");
            let line = charge("X", &[("sentence", "MARK")]).replace("MARK", &value);
            let checked = Draft::new("control").line(&line).check();
            checked.refused_row("control_character");
        }
    }
    let bare = charge("X", &[("sentence", "MARK")]).replace("MARK", "a\tb");
    Draft::new("bare-tab").line(&bare).check().refused_row("control_character");
    let allowed = Draft::new("tab-in-quotes").charge(&[("sentence", "a\tb\r\nc\nd\re")]);
    allowed.check().accepted();
}

#[test]
fn a_field_has_at_most_65_536_characters() {
    for letter in ["x", "ж"] {
        for quote in ["", "\""] {
            for (length, fits) in [(65_536, true), (65_537, false), (300_000, false)] {
                let value = format!("{quote}{}{quote}", letter.repeat(length));
                let line = charge("X", &[("sentence", "MARK")]).replace("MARK", &value);
                let checked = Draft::new("long-field").line(&line).check();
                if fits {
                    checked.accepted();
                } else {
                    let excerpt = checked.refused_row("field_too_long")["excerpt"].to_string();
                    assert!(excerpt.chars().count() < 200, "the excerpt is short");
                }
            }
        }
    }
}

#[test]
fn a_doubled_quote_is_one_character_of_a_field() {
    Draft::new("long-quotes").charge(&[("sentence", &"\"".repeat(40_000))]).check().accepted();
}

#[test]
fn a_text_of_many_lines_that_is_closed_is_long_and_not_unclosed() {
    let text = "a line of a text\n".repeat(5_000);
    Draft::new("long-lines").charge(&[("sentence", &text)]).check().refused_row("field_too_long");
}

#[test]
fn more_than_256_columns_are_no_table() {
    for (count, fits) in [(256, true), (257, false), (5_000, false)] {
        let more = count - COLUMNS.len();
        let names: String = (0..more).map(|number| format!(",extra_{number}")).collect();
        let header = COLUMNS.join(",") + &names;
        let row = charge("1", &[]) + &",".repeat(more);
        let checked = Draft::new("columns").check_as(format!("{header}\n{row}\n").as_bytes());
        if fits {
            assert_eq!((checked.code, checked.counts()), (0, [1, 1, 0, 0, 0]));
        } else {
            checked.refused_whole("too_many_columns");
        }
    }
}

#[test]
fn what_is_no_csv_is_refused_whole_with_its_reason() {
    let header = COLUMNS.join(",");
    let row = charge("1", &[]);
    for (name, bytes, reason) in [
        (
            "gzip",
            &b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00"[..],
            "not_csv",
        ),
        ("zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00charges.csv", "not_csv"),
        ("old-spreadsheet", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "not_csv"),
        (
            "html",
            b"\xef\xbb\xbf\n <!DOCTYPE html><html><table><tr><td>case_id</td></tr></table></html>",
            "not_csv",
        ),
        ("xml", b"<?xml version=\"1.0\"?><rows/>", "not_csv"),
        ("json", b"[{\"case_id\": \"C1\", \"defendant_id\": \"D1\"}]", "not_csv"),
        ("json-lines", b"{\"case_id\": \"C1\"}\n{\"case_id\": \"C2\"}\n", "not_csv"),
        ("empty", b"", "empty_file"),
        ("mark-only", b"\xef\xbb\xbf", "empty_file"),
        ("header-only", header.as_bytes(), "header_only"),
        ("header-line-only", format!("{header}\n").as_bytes(), "header_only"),
        ("no-header", format!("{row}\n{}\n", charge("2", &[])).as_bytes(), "no_header"),
        ("title", format!("Example cases of 2020\n\n{header}\n{row}\n").as_bytes(), "title_above_header"),
        (
            "title-row",
            format!("Example cases{}\n{header}\n{row}\n", ",".repeat(11)).as_bytes(),
            "title_above_header",
        ),
        ("missing", format!("{}\n{row}\n", header.replace("statute", "statutory")).as_bytes(), ""),
        ("twice", format!("{}\n{row}\n", header.replace("region", "outcome")).as_bytes(), "repeated_column"),
        (
            "twice-spelled",
            format!("{}\n{row}\n", header.replace("region", "Case ID")).as_bytes(),
            "repeated_column",
        ),
    ] {
        let checked = Draft::new(name).check_as(bytes);
        if reason.is_empty() {
            // The column that is there in its place is told as well.
            assert_eq!((checked.code, checked.reasons()), (2, vec!["unknown_column", "missing_column"]));
            assert_eq!(checked.problems()[1]["column"], "statute");
        } else {
            let problem = checked.refused_whole(reason);
            assert!(!problem["message"].to_string().is_empty(), "{problem}");
        }
        assert_eq!(checked.counts()[1], 0, "{name}: nothing of it is accepted");
    }
}

#[test]
fn what_is_declared_of_a_file_shows_that_it_was_cut() {
    // The months come last, and what is left of them when they are cut is a number as well.
    let columns = COLUMNS.iter().position(|name| *name == "sentence_months").expect("it is a column") + 1;
    let mut whole = COLUMNS[..columns].join(",");
    for number in 0..GOOD {
        let line = charge(&number.to_string(), &[("sentence_months", "120")]);
        let fields: Vec<&str> = line.split(',').take(columns).collect();
        whole = format!("{whole}\n{}", fields.join(","));
    }
    let draft = Draft::new("declared");
    let cut = &whole[..whole.len() - 1];
    let plain = draft.check_as(whole.as_bytes());
    plain.accepted();
    draft.check_as(cut.as_bytes()).accepted();
    let sha256 = &plain.json["files"][1]["sha256"];
    let digest = json!(format!("sha256:{}", sha256.as_str().expect("a digest is a text")));
    for (property, value, reason) in
        [("bytes", json!(whole.len()), "bytes_mismatch"), ("hash", digest, "hash_mismatch")]
    {
        let declared = draft.clone().declaring(property, value);
        declared.check_as(whole.as_bytes()).accepted();
        declared.check_as(cut.as_bytes()).refused_whole(reason);
        // A byte more at the end is no less a change.
        declared.check_as(format!("{whole}\n").as_bytes()).refused_whole(reason);
    }
}

/// Returns a gzip file of a gigabyte and more of zeros, in eight megabytes.
///
/// RFC 1951, fixed codes: a literal zero, then "repeat it 258 times", which takes 13 bits; so eight of them take
/// the same 13 bytes again and again.
fn bomb() -> Vec<u8> {
    const HEADER: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03";
    const BEGIN: &[u8] = b"\x63\x18\x05";
    const EIGHT: &[u8] = b"\xa3\x60\x14\x8c\x82\x51\x30\x0a\x46\xc1\x28\x18\x05";
    [HEADER, BEGIN, &EIGHT.repeat(640_000), &[0; 10]].concat()
}

#[test]
fn a_gzip_bomb_takes_no_memory() {
    let folder = Draft::new("bomb").write_as(&bomb());
    // Without libc there is no other way than the shell to give a program less memory than the bomb takes.
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 1000000; exec \"$0\" check --json \"$1\""])
        .arg(program())
        .arg(&folder)
        .output()
        .expect("there is a shell");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"not_csv\""), "{output:?}");
}

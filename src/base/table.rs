//! Output of tables and reports as CSV and JSON.
//!
//! Invariant, for any name in a scenario: no cell of a CSV file is a formula, and no string of a JSON file has a
//! control character. docs/reliability.md states the rules for readers.

use serde::Serialize;

use super::characters::{cell, json};

/// The byte order mark: some spreadsheets read a file as UTF-8 only if it begins with this mark.
pub const MARK: &str = "\u{feff}";

/// CSV with every cell as `characters::cell` writes it.
pub fn csv_text(bytes: &[u8]) -> String {
    const MEMORY: &str = "memory takes everything";
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in reader.records() {
        let record = record.expect("CSV that was just written reads back");
        writer.write_record(record.iter().map(|text| cell(text).into_owned())).expect(MEMORY);
    }
    String::from_utf8(writer.into_inner().expect(MEMORY)).expect("text in, text out")
}

/// The table, with the byte order mark before it if `is_wanted`.
pub fn marked(table: String, is_wanted: bool) -> String {
    if is_wanted { format!("{MARK}{table}") } else { table }
}

/// A report as indented JSON that ends with a line feed.
pub fn json_text(report: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(report).expect("reports print as JSON");
    json(&text).into_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::characters::from_cell;

    #[test]
    fn cells_read_back_as_they_were() {
        let rows = [["=cmd|' /C calc'!A0", "+1+1", "-0.5"], ["'quoted'", "a, \"b\"\nc", "@x"]];
        let mut writer = csv::Writer::from_writer(Vec::new());
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let text = csv_text(&writer.into_inner().unwrap());
        assert!(text.starts_with("'=cmd|' /C calc'!A0,'+1+1,-0.5\n"), "{text}");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        for (record, row) in reader.records().zip(rows) {
            assert_eq!(record.unwrap().iter().map(from_cell).collect::<Vec<_>>(), row);
        }
    }

    #[test]
    fn json_holds_no_control_character() {
        let text = json_text(&["a\u{1b}\u{9b}\u{202e}\u{7f}"]);
        assert_eq!(text, "[\n  \"a\\u001b\\u009b\\u202e\\u007f\"\n]\n");
    }
}

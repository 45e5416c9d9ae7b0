//! Lists that planners edited, from workbooks. Must not know what a list means.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};

/// Largest list: a cell far away must not fill the memory with empty ones.
const ROWS_MAX: usize = 10_000;
const COLUMNS_MAX: usize = 100;

/// The cells of the first sheet as texts, row by row.
///
/// # Errors
/// A clause: the bytes are no workbook, or it has no sheet, or the sheet is too large.
pub fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, String> {
    let broken = |error: calamine::XlsxError| format!("this is no XLSX file: {error}");
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let name = book.sheet_names().first().cloned().ok_or("this workbook has no sheet")?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        let text = text(&Data::from(cell.get_value().clone()));
        if text.is_empty() {
            continue;
        }
        if ROWS_MAX <= row || COLUMNS_MAX <= column {
            let limits = format!("at most {ROWS_MAX} rows and {COLUMNS_MAX} columns are read");
            return Err(format!("the sheet `{name}` has a text in row {}, column {}; {limits}", row + 1, column + 1));
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        if rows[row].len() <= column {
            rows[row].resize(column + 1, String::new());
        }
        rows[row][column] = text;
    }
    Ok(rows)
}

/// A cell as a person typed it; spreadsheets make numbers and truths of some texts.
fn text(data: &Data) -> String {
    match data {
        Data::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::export::sheets::msel_workbook;
    use crate::report::export::xlsx::xlsx;
    use crate::scenario::msel::{self, ColumnSet};
    use crate::scenario::{library, load};

    #[test]
    fn lists_of_the_scenarios_read_back_from_workbooks() {
        for files in library::builtin() {
            let docs = load::load(&files).unwrap().into_inner();
            let start = crate::base::UtcStart::parse(&docs.manifest.start).unwrap();
            for set in [ColumnSet::Hseep, ColumnSet::Blueprint, ColumnSet::Mitre] {
                let book = msel_workbook("MSEL", &set.heads(), set.rows(&docs.injects, start));
                let found = rows(&xlsx(&book)).unwrap();
                assert_eq!(msel::read(&found, start).unwrap(), docs.injects, "{set:?}");
            }
        }
    }

    #[test]
    fn texts_that_look_like_something_else_stay_texts() {
        let cells = ["=1+1", " two\nlines ", "007", "-5", "yes", "a & <b> \"c\" \u{e9}"].map(str::to_owned).to_vec();
        let heads = ["A", "B", "C", "D", "E", "F"];
        let found = rows(&xlsx(&msel_workbook("x", &heads, vec![cells.clone()]))).unwrap();
        assert_eq!(found, [heads.map(str::to_owned).to_vec(), cells]);
    }

    #[test]
    fn other_files_are_refused() {
        for bytes in [&b""[..], b"PK", b"a,b,c\n", &[0; 4_096]] {
            assert!(rows(bytes).unwrap_err().starts_with("this is no XLSX file"), "{bytes:?}");
        }
    }
}

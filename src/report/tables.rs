//! Tables for people, and CSV for programs.

use serde::Serialize;

use crate::base::table::csv_text;
pub use crate::base::words::{counted, thousands, usd};

/// `45 min`, `3 h 12 min`, `2 d 4 h 10 min`: exact to the minute, because readers compare tables
pub fn span(minutes: u64) -> String {
    let parts = [(minutes / 1440, "d"), (minutes / 60 % 24, "h"), (minutes % 60, "min")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| 0 < *count).map(|(count, unit)| format!("{count} {unit}")).collect();
    if parts.is_empty() { "0 min".to_owned() } else { parts.join(" ") }
}

/// A value in a metric's unit, as `scenario::observable` names units.
pub fn in_unit(value: f64, unit: &str) -> String {
    match unit {
        "min" => span(value.max(0.0).round() as u64),
        "USD" => usd(value),
        "share" => format!("{:.1} %", value * 100.0),
        "h" if value < 100.0 => format!("{value:.1} h"),
        "h" => format!("{} h", thousands(value.round() as u64)),
        _ => thousands(value.max(0.0).round() as u64),
    }
}

/// The alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Left,
    Right,
}

/// Rows as text with aligned columns and two spaces between them; short rows are filled with empty cells.
pub fn table(columns: &[Column], rows: &[Vec<String>]) -> String {
    let width =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = columns.iter().zip(&widths).enumerate().map(|(at, (column, &width))| {
            let cell = row.get(at).map_or("", String::as_str);
            match column {
                Column::Left => format!("{cell:<width$}"),
                Column::Right => format!("{cell:>width$}"),
            }
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Serialisable rows as CSV under a line with the names of their fields.
pub fn csv_from_rows(rows: impl IntoIterator<Item = impl Serialize>) -> String {
    const BELIEF: &str = "writing to memory cannot fail";
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).expect(BELIEF);
    }
    csv_text(&writer.into_inner().expect(BELIEF))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        let check = |got: String, expected: &str| assert_eq!(got, expected);
        check(thousands(8_500_000), "8,500,000");
        check(thousands(0), "0");
        check(counted(1, "host", "hosts"), "1 host");
        check(span(0), "0 min");
        check(span(3130), "2 d 4 h 10 min");
        check(span(1440), "1 d");
        check(span(65), "1 h 5 min");
        check(usd(12_500.4), "$12,500");
        check(usd(1.24e6), "$1.24 million");
        check(usd(5.4e9), "$5.4 billion");
        check(in_unit(0.123, "share"), "12.3 %");
        check(in_unit(1234.4, "units"), "1,234");
        check(in_unit(12.34, "h"), "12.3 h");
    }

    #[test]
    fn tables_line_up() {
        let rows = [vec!["a".into(), "1".into()], vec!["longer".into(), "100".into()], vec!["b".into()]];
        assert_eq!(table(&[Column::Left, Column::Right], &rows), "a         1\nlonger  100\nb\n");
    }
}

//! Widths of the columns of a table, as a browser would choose them.

use super::Table;

/// Part of the width for a column that people fill in.
const BLANK_PART: f64 = 0.2;
/// Cells that are no longer than this, such as times, are not divided.
const SHORT: &str = "Mon 28 Mar 00:00 M";

/// Divides a width among the columns. `measure` has the width of a text; `padding` is added to each column.
///
/// A column gets its longest line if all lines fit, else at least its longest word and a part of the rest.
pub fn widths(table: &Table, total: f64, padding: f64, measure: &dyn Fn(&str) -> f64) -> Vec<f64> {
    let needs: Vec<(f64, f64)> = (0..table.head.len())
        .map(|column| {
            let cells = table.rows.iter().map(|row| row[column].as_str());
            let is_blank = cells.clone().all(str::is_empty);
            let longest = cells.clone().map(measure).fold(0.0, f64::max);
            let head = table.head[column].words.as_str();
            let words = cells.chain([head]).flat_map(str::split_whitespace);
            let word = words.map(measure).fold(if longest <= measure(SHORT) { longest } else { 0.0 }, f64::max);
            let line = longest.max(measure(head));
            let line = if is_blank { line.max(total * BLANK_PART) } else { line };
            (word.min(total / 3.0) + padding, line + padding)
        })
        .collect();
    let words: f64 = needs.iter().map(|(word, _)| word).sum();
    let lines: f64 = needs.iter().map(|(_, line)| line).sum();
    if lines <= total {
        let more = (total - lines) / needs.len() as f64;
        return needs.iter().map(|(_, line)| line + more).collect();
    }
    if total <= words {
        return needs.iter().map(|(word, _)| word * total / words).collect();
    }
    let part = (total - words) / (lines - words).max(1e-9);
    needs.iter().map(|(word, line)| word + (line - word) * part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width_and_keep_words_whole() {
        let mut table = Table::new("", &["Name", "#n", "Words", "Blank"]);
        let long = "a sentence of many words ".repeat(9);
        table.row(["Unbreakable-name".to_owned(), "12".to_owned(), long, String::new()]);
        let measure = |text: &str| text.chars().count() as f64;
        for total in [60.0, 90.0, 900.0] {
            let widths = widths(&table, total, 1.0, &measure);
            assert!((widths.iter().sum::<f64>() - total).abs() < 1e-6, "{widths:?}");
            assert!(16.0 <= widths[0] && 2.0 <= widths[1] && 5.0 <= widths[3], "{widths:?}");
        }
    }
}

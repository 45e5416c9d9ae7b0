//! A workbook as XLSX. Texts stay texts: a cell that begins like a formula is none, even after a person edits it.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook as File, Worksheet};

use super::sheets::{Cell, Sheet, Workbook};

/// Longest text of a cell, in characters.
const TEXT_MAX: usize = 32_767;

/// Height of a line, in points.
const LINE: f64 = 15.0;

/// The whole file.
///
/// # Panics
/// If the sheets break the limits of the format, which would be a mistake of the program.
pub fn xlsx(workbook: &Workbook) -> Vec<u8> {
    let mut file = File::new();
    // Without a time of its own the file would have that of the clock.
    let created = ExcelDateTime::from_ymd(2024, 7, 19).expect("a day");
    let properties = DocProperties::new().set_title(&workbook.title).set_author("Blackstart");
    file.set_properties(&properties.set_creation_datetime(&created));
    let formats = Formats::new();
    for sheet in &workbook.sheets {
        write(file.add_worksheet(), sheet, workbook, &formats);
    }
    file.save_to_buffer().expect(FITS)
}

const FITS: &str = "sheets fit the limits of the format";

struct Formats {
    head: Format,
    text: Format,
    whole: Format,
    number: Format,
    time: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = || {
            let line = Format::new().set_border_bottom(FormatBorder::Thin).set_border_bottom_color("#D8DDE3");
            line.set_align(FormatAlign::Top)
        };
        let number = || cell().set_align(FormatAlign::Right).set_indent(1);
        Self {
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color("#ECEFF2")
                .set_border_bottom(FormatBorder::Thin),
            text: cell().set_text_wrap().set_quote_prefix(),
            whole: number().set_num_format("#,##0"),
            number: number().set_num_format("#,##0.0##"),
            time: cell().set_num_format("ddd d mmm yyyy hh:mm").set_align(FormatAlign::Left),
        }
    }
}

fn write(file: &mut Worksheet, sheet: &Sheet, workbook: &Workbook, formats: &Formats) {
    file.set_name(sheet.name).expect(FITS);
    file.set_header(format!("&C&\"-,Bold\"{}", workbook.banner));
    file.set_footer(format!("&L{}&RPage &P of &N", workbook.title.replace('&', "&&")));
    file.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    file.set_repeat_rows(0, 0).expect(FITS);
    file.set_freeze_panes(1, 0).expect(FITS);
    for (column, head) in (0..).zip(&sheet.columns) {
        file.set_column_width(column, f64::from(head.width)).expect(FITS);
        file.write_string_with_format(0, column, head.head, &formats.head).expect(FITS);
    }
    let heads: Vec<&str> = sheet.columns.iter().map(|column| column.head).collect();
    file.set_row_height(0, height(sheet, &heads)).expect(FITS);
    for (row, cells) in (1..).zip(&sheet.rows) {
        let texts: Vec<&str> =
            cells.iter().map(|cell| if let Cell::Text(text) = cell { text.as_str() } else { "" }).collect();
        file.set_row_height(row, height(sheet, &texts)).expect(FITS);
        for (column, cell) in (0..).zip(cells) {
            let place = match cell {
                Cell::Text(text) => {
                    let text: String = text.chars().take(TEXT_MAX).collect();
                    file.write_string_with_format(row, column, text, &formats.text)
                }
                Cell::Number(number) => {
                    let format = if number.fract() == 0.0 { &formats.whole } else { &formats.number };
                    file.write_number_with_format(row, column, *number, format)
                }
                Cell::Time(iso) => {
                    let time = format!("{}:00", iso.trim_end_matches('Z'));
                    let time = ExcelDateTime::parse_from_str(&time).expect("a time of the scenario");
                    file.write_datetime_with_format(row, column, &time, &formats.time)
                }
                Cell::Empty => file.write_blank(row, column, &formats.text),
            };
            place.expect(FITS);
        }
    }
    if !sheet.rows.is_empty() {
        file.autofilter(0, 0, sheet.rows.len() as u32, sheet.columns.len() as u16 - 1).expect(FITS);
    }
}

/// The height of a row in which each text is divided into lines of the width of its column. Programs do not agree on
/// whether they find it themselves.
fn height(sheet: &Sheet, texts: &[&str]) -> f64 {
    const LINES_MAX: usize = 20;
    let lines = |(text, width): (&&str, u8)| {
        let (mut lines, mut used) = (1, 0);
        for word in text.split_whitespace() {
            let letters = word.chars().count() + 1;
            if 0 < used && usize::from(width) < used + letters {
                (lines, used) = (lines + 1, 0);
            }
            used += letters;
        }
        lines
    };
    let widths = sheet.columns.iter().map(|column| column.width);
    let most = texts.iter().zip(widths).map(lines).max().unwrap_or(1);
    LINE * most.min(LINES_MAX) as f64
}

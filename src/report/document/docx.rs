//! A report as a document for word processors (DOCX): real styles, the banner on each page, tables with repeated heads,
//! charts as vectors with pixels for programs that do not draw them.

mod parts;

use super::columns::widths;
use super::picture;
use super::zip::zip;
use super::{Block, Chart, Report, Table};
use crate::report::svg::text_width;

/// Text width of a page in twentieths of a point, and in English metric units.
const WIDTH_TWIPS: f64 = 9638.0;
const WIDTH_EMU: f64 = 6_120_130.0;
/// Size of the words in tables, in points.
const TABLE_POINTS: f64 = 9.0;
/// Words are at most so much wider than estimated: bold heads, and faces that stand in for ours.
const SLACK: f64 = 1.2;
/// Pixels of a chart for each of its units.
const PIXELS: f32 = 2.5;

/// The whole file.
pub fn docx(report: &Report) -> Vec<u8> {
    let mut body = Body::default();
    body.paragraph("Title", &report.title);
    body.paragraph("Subtitle", &report.subtitle);
    for section in &report.sections {
        body.paragraph("Heading1", &section.heading);
        section.blocks.iter().for_each(|block| body.block(block));
    }
    let document = parts::document(&body.xml);
    let relations = parts::document_relations(body.charts.len());
    let texts = [
        ("[Content_Types].xml", parts::content_types()),
        ("_rels/.rels", parts::package_relations()),
        ("docProps/core.xml", parts::properties(&xml(&report.title))),
        ("word/document.xml", document),
        ("word/styles.xml", parts::styles()),
        ("word/numbering.xml", parts::numbering()),
        ("word/settings.xml", parts::settings()),
        ("word/header1.xml", parts::header()),
        ("word/footer1.xml", parts::footer(&xml(&report.title))),
        ("word/_rels/document.xml.rels", relations),
    ];
    let mut files: Vec<(String, Vec<u8>)> =
        texts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
    for (index, (svg, png)) in body.charts.into_iter().enumerate() {
        files.push((format!("word/media/chart{}.png", index + 1), png));
        files.push((format!("word/media/chart{}.svg", index + 1), svg.into_bytes()));
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, data)| (name.as_str(), &data[..])).collect();
    zip(&files)
}

/// A text between tags. XML 1.0 forbids most control characters, even as escapes.
fn xml(text: &str) -> String {
    let is_allowed = |c: &char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    crate::base::characters::markup(&text.chars().filter(is_allowed).collect::<String>())
}

#[derive(Default)]
struct Body {
    xml: String,
    /// Charts as vectors and as pixels.
    charts: Vec<(String, Vec<u8>)>,
    tables: usize,
}

impl Body {
    fn put(&mut self, element: &str) {
        self.xml.push_str(element);
        self.xml.push('\n');
    }

    fn paragraph(&mut self, style: &str, text: &str) {
        self.put(&paragraph(style, "", text));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Verdict(words) => self.paragraph("Verdict", words),
            Block::Text(words) => self.paragraph("BodyText", words),
            Block::Figures(figures) => self.figures(figures),
            Block::List(items) => {
                for item in items {
                    self.paragraph("ListBullet", item);
                }
            }
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => self.chart(chart),
        }
    }

    fn figures(&mut self, figures: &[super::Figure]) {
        let width = WIDTH_TWIPS / figures.len().max(1) as f64;
        let cells: String = figures
            .iter()
            .map(|figure| {
                let words = [paragraph("FigureValue", "", &figure.value), paragraph("FigureWords", "", &figure.words)];
                cell(width, &words.concat())
            })
            .collect();
        let row = format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>");
        let table = frame("Figures", &vec![width; figures.len()], "Key figures", &row);
        self.put(&table);
        self.paragraph("AfterTable", "");
    }

    fn table(&mut self, table: &Table) {
        self.tables += 1;
        self.paragraph("Caption", &table.caption);
        let points = |text: &str| text_width(text, TABLE_POINTS) * 20.0 * SLACK;
        let widths = widths(table, WIDTH_TWIPS, 160.0, &points);
        let head: String = table
            .head
            .iter()
            .zip(&widths)
            .map(|(head, width)| cell(*width, &paragraph("TableHead", alignment(head.is_number), &head.words)))
            .collect();
        let mut rows = format!("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>");
        for row in &table.rows {
            let cells = row.iter().zip(&table.head).zip(&widths);
            let cells: String = cells
                .map(|((text, head), width)| cell(*width, &paragraph("TableText", alignment(head.is_number), text)))
                .collect();
            rows.push_str(&format!("\n<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"));
        }
        self.put(&frame("Report", &widths, &table.caption, &rows));
        self.paragraph("AfterTable", "");
    }

    fn chart(&mut self, chart: &Chart) {
        let tree = picture::tree(&chart.svg);
        let height = (WIDTH_EMU * f64::from(tree.size().height() / tree.size().width())).round();
        self.charts.push((chart.svg.clone(), picture::png(&tree, PIXELS)));
        self.put(&parts::picture(self.charts.len(), (WIDTH_EMU, height), &xml(&chart.words)));
        self.paragraph("ChartCaption", &chart.caption);
    }
}

fn alignment(is_number: bool) -> &'static str {
    if is_number { "<w:jc w:val=\"right\"/>" } else { "" }
}

/// A paragraph; line feeds of its text become line breaks.
fn paragraph(style: &str, properties: &str, text: &str) -> String {
    let mut runs = String::new();
    for (index, line) in text.lines().enumerate() {
        let line_break = if index == 0 { "" } else { "<w:br/>" };
        runs.push_str(&format!("<w:r>{line_break}<w:t xml:space=\"preserve\">{}</w:t></w:r>", xml(line)));
    }
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{properties}</w:pPr>{runs}</w:p>")
}

fn cell(width: f64, content: &str) -> String {
    format!("<w:tc><w:tcPr><w:tcW w:w=\"{width:.0}\" w:type=\"dxa\"/></w:tcPr>{content}</w:tc>")
}

fn frame(style: &str, widths: &[f64], caption: &str, rows: &str) -> String {
    let columns: String = widths.iter().map(|width| format!("<w:gridCol w:w=\"{width:.0}\"/>")).collect();
    format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"{style}\"/><w:tblW w:w=\"{WIDTH_TWIPS:.0}\" w:type=\"dxa\"/>\
         <w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" \
         w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/><w:tblCaption w:val=\"{0}\"/></w:tblPr>\
         <w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>",
        xml(caption)
    )
}

//! A report as one HTML file that needs nothing else: no script, no font, no address outside it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{BANNER, Block, Report, Table};

/// Cells that are no longer than this, such as times, are not divided.
const SHORT_CHARS: usize = 18;
/// For screens and for paper, where the word of the banner and the number of the page stand in the margin of each page.
const STYLE: &str = "
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,'Segoe UI','Helvetica Neue','DejaVu Sans',sans-serif;color:#1d2733;background:#fff}
.banner{position:sticky;top:0;background:#7a1f12;color:#fff;text-align:center;font-weight:700;letter-spacing:.2em;padding:.35rem;z-index:1}
main{max-width:62rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.9rem;line-height:1.2;margin:.5rem 0 0}
.subtitle{font-size:1.1rem;color:#45515d;margin:.25rem 0 1.5rem}
h2{font-size:1.3rem;margin:2.2rem 0 .6rem;padding-bottom:.25rem;border-bottom:2px solid #1d2733}
.verdict{font-size:1.2rem;border-left:4px solid #7a1f12;padding:.4rem 0 .4rem 1rem;margin:1rem 0}
.figures{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}
.figures div{flex:1 1 8rem;border:1px solid #d8dde3;border-radius:6px;padding:.6rem .8rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dd{margin:0;font-size:1.5rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.figures dt{color:#45515d;font-size:.9rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.6rem 0 1.2rem;font-size:.95rem}
caption{text-align:left;color:#45515d;padding-bottom:.35rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid #d8dde3}
thead th{border-bottom:2px solid #8b96a1;font-weight:600}
tbody th{font-weight:400}
.number + td:not(.number),.number + th:not(.number){padding-left:1.2rem}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.short{white-space:nowrap}
thead .short{white-space:normal}
figure{margin:.6rem 0 1.2rem}
figcaption{color:#45515d;font-size:.95rem}
svg{width:100%;height:auto}
@media print{body{font-size:11.5pt}table{font-size:9.5pt}.wide{overflow:visible}.number{white-space:normal}.banner{position:static}main{max-width:none}h2{break-after:avoid}tr,figure{break-inside:avoid}thead{display:table-header-group}}
@page{margin:20mm 14mm 16mm;@top-center{content:\"EXERCISE\";font:700 11pt sans-serif;letter-spacing:.2em;color:#7a1f12}@bottom-right{content:counter(page);font:9pt sans-serif}}
";

/// The whole file.
pub fn page(report: &Report) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (report.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.banner { (BANNER) }
                main {
                    h1 { (report.title) }
                    p.subtitle { (report.subtitle) }
                    @for (number, section) in report.sections.iter().enumerate() {
                        section aria-labelledby={ "s" (number) } {
                            h2 id={ "s" (number) } { (section.heading) }
                            @for block in &section.blocks { (piece(block)) }
                        }
                    }
                }
            }
        }
    };
    page.into_string() + "\n"
}

fn piece(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Verdict(words) => p.verdict { (words) },
            Block::Text(words) => p { (words) },
            Block::Figures(figures) => dl.figures {
                @for figure in figures { div { dt { (figure.words) } dd { (figure.value) } } }
            },
            Block::List(items) => ul { @for item in items { li { (item) } } },
            Block::Table(rows) => (table(rows)),
            Block::Chart(chart) => figure {
                div role="img" aria-label=(chart.words) { (PreEscaped(&chart.svg)) }
                figcaption { (chart.caption) }
            },
        }
    }
}

fn table(table: &Table) -> Markup {
    let is_short = |index: usize| table.rows.iter().all(|row| row[index].chars().count() <= SHORT_CHARS);
    let class = |index: usize| match (table.head[index].is_number, is_short(index)) {
        (true, _) => Some("number"),
        (false, true) => Some("short"),
        (false, false) => None,
    };
    html! {
        // A wide table can be scrolled by keyboard as well.
        div.wide tabindex="0" role="region" aria-label=(table.caption) {
            table {
                caption { (table.caption) }
                thead { tr {
                    @for (index, head) in table.head.iter().enumerate() {
                        th scope="col" class=[class(index)] { (head.words) }
                    }
                } }
                tbody {
                    @for row in &table.rows { tr {
                        @for (index, cell) in row.iter().enumerate() {
                            @if index == 0 && !cell.is_empty() { th scope="row" class=[class(index)] { (cell) } }
                            @else { td class=[class(index)] { (cell) } }
                        }
                    } }
                }
            }
        }
    }
}

//! The parts of a DOCX that no report changes, and the frame around its content.

use super::super::BANNER;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const NAMES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
/// Relations of the document before those of charts.
const FIXED: [(&str, &str); 5] = [
    ("styles", "styles.xml"),
    ("numbering", "numbering.xml"),
    ("settings", "settings.xml"),
    ("header", "header1.xml"),
    ("footer", "footer1.xml"),
];
const HEADER_RELATION: usize = 4;
const FOOTER_RELATION: usize = 5;

/// A4 with the header and the footer on each page.
pub(super) fn document(body: &str) -> String {
    format!(
        "{HEAD}<w:document {NAMES}><w:body>\n{body}<w:sectPr>\
         <w:headerReference w:type=\"default\" r:id=\"rId{HEADER_RELATION}\"/>\
         <w:footerReference w:type=\"default\" r:id=\"rId{FOOTER_RELATION}\"/>\
         <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1418\" w:right=\"1134\" w:bottom=\"1134\" \
         w:left=\"1134\" w:header=\"567\" w:footer=\"510\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    )
}

/// The first chart has the number 1; its pixels and its vectors have two relations.
pub(super) fn document_relations(charts: usize) -> String {
    let mut list = String::new();
    let mut put = |kind: &str, target: &str| {
        let number = 1 + list.matches("<Relationship ").count();
        list.push_str(&format!("<Relationship Id=\"rId{number}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>"));
    };
    FIXED.iter().for_each(|(kind, target)| put(kind, target));
    for chart in 1..=charts {
        put("image", &format!("media/chart{chart}.png"));
        put("image", &format!("media/chart{chart}.svg"));
    }
    format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{list}</Relationships>")
}

pub(super) fn package_relations() -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
         Type=\"{RELATIONS}/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" \
         Type=\"{PACKAGE}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>"
    )
}

pub(super) fn content_types() -> String {
    let main = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let own: String = ["styles", "numbering", "settings"]
        .map(|part| format!("<Override PartName=\"/word/{part}.xml\" ContentType=\"{main}.{part}+xml\"/>"))
        .concat();
    let edges: String = ["header", "footer"]
        .map(|part| format!("<Override PartName=\"/word/{part}1.xml\" ContentType=\"{main}.{part}+xml\"/>"))
        .concat();
    format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Default Extension=\"png\" ContentType=\"image/png\"/>\
         <Default Extension=\"svg\" ContentType=\"image/svg+xml\"/>\
         <Override PartName=\"/word/document.xml\" ContentType=\"{main}.document.main+xml\"/>{own}{edges}\
         <Override PartName=\"/docProps/core.xml\" \
         ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>"
    )
}

/// Without times: equal runs make equal files.
pub(super) fn properties(title: &str) -> String {
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{title}</dc:title><dc:creator>Blackstart</dc:creator>\
         <dc:language>en-GB</dc:language></cp:coreProperties>"
    )
}

pub(super) fn settings() -> String {
    format!(
        "{HEAD}<w:settings {NAMES}><w:defaultTabStop w:val=\"567\"/><w:compat><w:compatSetting \
         w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
         <w:themeFontLang w:val=\"en-GB\"/></w:settings>"
    )
}

/// One kind of list: bullets.
pub(super) fn numbering() -> String {
    format!(
        "{HEAD}<w:numbering {NAMES}><w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"singleLevel\"/>\
         <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"•\"/>\
         <w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"397\" w:hanging=\"284\"/></w:pPr></w:lvl></w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
    )
}

pub(super) fn header() -> String {
    format!(
        "{HEAD}<w:hdr {NAMES}><w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr><w:r><w:t>{BANNER}</w:t></w:r></w:p>\
         </w:hdr>"
    )
}

pub(super) fn footer(title: &str) -> String {
    let field = |name: &str| format!("<w:fldSimple w:instr=\" {name} \"><w:r><w:t>1</w:t></w:r></w:fldSimple>");
    format!(
        "{HEAD}<w:ftr {NAMES}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{title}\
         </w:t></w:r><w:r><w:tab/><w:t xml:space=\"preserve\">Page </w:t></w:r>{}<w:r><w:t xml:space=\"preserve\"> of \
         </w:t></w:r>{}</w:p></w:ftr>",
        field("PAGE"),
        field("NUMPAGES")
    )
}

/// A chart with its words for readers who do not see it.
pub(super) fn picture(number: usize, (width, height): (f64, f64), words: &str) -> String {
    let pixels = FIXED.len() + 2 * number - 1;
    let vectors = pixels + 1;
    let uri = "http://schemas.openxmlformats.org/drawingml/2006/picture";
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Chart\"/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" \
         distR=\"0\"><wp:extent cx=\"{width:.0}\" cy=\"{height:.0}\"/><wp:docPr id=\"{number}\" name=\"Chart {number}\" \
         descr=\"{words}\"/><a:graphic><a:graphicData uri=\"{uri}\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"{number}\" \
         name=\"chart{number}.png\" descr=\"{words}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>\
         <a:blip r:embed=\"rId{pixels}\"><a:extLst><a:ext uri=\"{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}\">\
         <asvg:svgBlip xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\" \
         r:embed=\"rId{vectors}\"/></a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
         <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width:.0}\" cy=\"{height:.0}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>\
         </w:drawing></w:r></w:p>"
    )
}

/// A style of paragraphs.
struct Style {
    id: &'static str,
    name: &'static str,
    /// Paragraph properties, in the order of the schema.
    paragraph: &'static str,
    /// Run properties, in the order of the schema.
    run: &'static str,
}

const STYLES: [Style; 15] = [
    Style { id: "BodyText", name: "Body Text", paragraph: "<w:spacing w:after=\"140\"/>", run: "" },
    Style {
        id: "Title",
        name: "Title",
        paragraph: "<w:keepNext/><w:spacing w:after=\"60\"/>",
        run: "<w:b/><w:sz w:val=\"44\"/>",
    },
    Style {
        id: "Subtitle",
        name: "Subtitle",
        paragraph: "<w:spacing w:after=\"240\"/>",
        run: "<w:color w:val=\"45515D\"/><w:sz w:val=\"24\"/>",
    },
    Style {
        id: "Heading1",
        name: "heading 1",
        paragraph: "<w:keepNext/><w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"3\" w:color=\"1D2733\"/>\
                    </w:pBdr><w:spacing w:before=\"400\" w:after=\"160\"/><w:outlineLvl w:val=\"0\"/>",
        run: "<w:b/><w:sz w:val=\"28\"/>",
    },
    Style {
        id: "Verdict",
        name: "Verdict",
        paragraph: "<w:pBdr><w:left w:val=\"single\" w:sz=\"36\" w:space=\"10\" w:color=\"7A1F12\"/></w:pBdr>\
                    <w:spacing w:before=\"120\" w:after=\"200\"/><w:ind w:left=\"284\"/>",
        run: "<w:sz w:val=\"26\"/>",
    },
    Style {
        id: "ListBullet",
        name: "List Bullet",
        paragraph: "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr><w:spacing w:after=\"60\"/>\
                    <w:ind w:left=\"397\" w:hanging=\"284\"/>",
        run: "",
    },
    Style {
        id: "Caption",
        name: "caption",
        paragraph: "<w:keepNext/><w:spacing w:before=\"200\" w:after=\"80\"/>",
        run: "<w:color w:val=\"45515D\"/><w:sz w:val=\"18\"/>",
    },
    Style {
        id: "ChartCaption",
        name: "Chart Caption",
        paragraph: "<w:spacing w:before=\"40\" w:after=\"200\"/>",
        run: "<w:color w:val=\"45515D\"/><w:sz w:val=\"18\"/>",
    },
    Style {
        id: "Chart",
        name: "Chart",
        paragraph: "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"0\"/>",
        run: "",
    },
    Style {
        id: "TableHead",
        name: "Table Head",
        paragraph: "<w:keepNext/><w:spacing w:before=\"20\" w:after=\"20\"/>",
        run: "<w:b/><w:sz w:val=\"17\"/>",
    },
    Style {
        id: "TableText",
        name: "Table Text",
        paragraph: "<w:spacing w:before=\"20\" w:after=\"20\"/>",
        run: "<w:sz w:val=\"17\"/>",
    },
    Style {
        id: "AfterTable",
        name: "After Table",
        paragraph: "<w:spacing w:after=\"0\" w:line=\"160\" w:lineRule=\"exact\"/>",
        run: "<w:sz w:val=\"8\"/>",
    },
    Style {
        id: "FigureValue",
        name: "Figure Value",
        paragraph: "<w:keepNext/><w:spacing w:before=\"60\"/>",
        run: "<w:b/><w:sz w:val=\"32\"/>",
    },
    Style {
        id: "FigureWords",
        name: "Figure Words",
        paragraph: "<w:spacing w:after=\"60\"/>",
        run: "<w:color w:val=\"45515D\"/><w:sz w:val=\"16\"/>",
    },
    Style {
        id: "Header",
        name: "header",
        paragraph: "<w:jc w:val=\"center\"/>",
        run: "<w:b/><w:color w:val=\"7A1F12\"/><w:spacing w:val=\"40\"/><w:sz w:val=\"20\"/>",
    },
];

pub(super) fn styles() -> String {
    let own: String = STYLES
        .iter()
        .map(|style| {
            format!(
                "<w:style w:type=\"paragraph\" w:styleId=\"{}\"><w:name w:val=\"{}\"/><w:basedOn w:val=\"Normal\"/>\
                 <w:qFormat/><w:pPr>{}</w:pPr><w:rPr>{}</w:rPr></w:style>\n",
                style.id, style.name, style.paragraph, style.run
            )
        })
        .collect();
    let footer = "<w:style w:type=\"paragraph\" w:styleId=\"Footer\"><w:name w:val=\"footer\"/><w:basedOn \
                  w:val=\"Normal\"/><w:pPr><w:tabs><w:tab w:val=\"right\" w:pos=\"9638\"/></w:tabs></w:pPr><w:rPr>\
                  <w:color w:val=\"45515D\"/><w:sz w:val=\"16\"/></w:rPr></w:style>\n";
    let line =
        |side: &str, color: &str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"{color}\"/>");
    let margins =
        "<w:tblCellMar><w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/></w:tblCellMar>";
    let table = |id: &str, borders: &str| {
        format!(
            "<w:style w:type=\"table\" w:styleId=\"{id}\"><w:name w:val=\"{id} Table\"/><w:tblPr><w:tblBorders>{borders}\
             </w:tblBorders>{margins}</w:tblPr></w:style>\n"
        )
    };
    let rows = [line("top", "8B96A1"), line("bottom", "D8DDE3"), line("insideH", "D8DDE3")].concat();
    let sides = ["top", "left", "bottom", "right", "insideH", "insideV"];
    let boxes: String = sides.iter().map(|side| line(side, "D8DDE3")).collect();
    format!(
        "{HEAD}<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" \
         w:eastAsia=\"Calibri\" w:cs=\"Calibri\"/><w:color w:val=\"1D2733\"/><w:sz w:val=\"20\"/><w:lang \
         w:val=\"en-GB\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"0\" w:line=\"264\" \
         w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>\n<w:style w:type=\"paragraph\" w:default=\"1\" \
         w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>\n{own}{footer}{}{}</w:styles>",
        table("Report", &rows),
        table("Figures", &boxes)
    )
}

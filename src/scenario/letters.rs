//! Finds letters of a scenario's texts that the typeface of the program does not have.
//!
//! The window draws such letters with fonts of the system if it finds any, so they are a warning and no error. The
//! table repeats the coverage of the files in `assets/fonts`; a test compares the two.

use std::collections::BTreeSet;

use super::diagnostic::Diagnostic;
use super::place::{Node, Shape, Tree};
use crate::base::characters::is_invisible;

/// Letters that a warning lists.
const LISTED_MAX: usize = 12;

/// Code points of Inter, first and last of each range.
#[rustfmt::skip]
const COVERED: [(u32, u32); 151] = [
    (0x20, 0x7e), (0xa0, 0x148), (0x14a, 0x1c3), (0x1c5, 0x31e), (0x321, 0x377), (0x37a, 0x37f), (0x384, 0x38a),
    (0x38c, 0x38c), (0x38e, 0x3a1), (0x3a3, 0x3e1), (0x3f0, 0x49d), (0x4a0, 0x4ff), (0x52f, 0x52f), (0xe3f, 0xe3f),
    (0x1d43, 0x1d43), (0x1d47, 0x1d49), (0x1d4d, 0x1d4d), (0x1d4f, 0x1d50), (0x1d52, 0x1d52), (0x1d56, 0x1d58),
    (0x1d5b, 0x1d5b), (0x1d62, 0x1d65), (0x1d9c, 0x1d9c), (0x1da0, 0x1da0), (0x1dbb, 0x1dbb), (0x1dbf, 0x1df5),
    (0x1dfc, 0x1f15), (0x1f18, 0x1f1d), (0x1f20, 0x1f45), (0x1f48, 0x1f4d), (0x1f50, 0x1f57), (0x1f59, 0x1f59),
    (0x1f5b, 0x1f5b), (0x1f5d, 0x1f5d), (0x1f5f, 0x1f7d), (0x1f80, 0x1fb4), (0x1fb6, 0x1fc4), (0x1fc6, 0x1fd3),
    (0x1fd6, 0x1fdb), (0x1fdd, 0x1fef), (0x1ff2, 0x1ff4), (0x1ff6, 0x1ffe), (0x2000, 0x200b), (0x2010, 0x2027),
    (0x202f, 0x205f), (0x2070, 0x2071), (0x2074, 0x208e), (0x2090, 0x209c), (0x20a0, 0x20bf), (0x20db, 0x20de),
    (0x20e8, 0x20e8), (0x20f0, 0x20f0), (0x2100, 0x2101), (0x2103, 0x2103), (0x2105, 0x2106), (0x2109, 0x2109),
    (0x2113, 0x2113), (0x2116, 0x2117), (0x211e, 0x2123), (0x2126, 0x2126), (0x212a, 0x212b), (0x212e, 0x212e),
    (0x2132, 0x2132), (0x213b, 0x213b), (0x214d, 0x214d), (0x214f, 0x214f), (0x2153, 0x2153), (0x215a, 0x2188),
    (0x2190, 0x2199), (0x21a9, 0x21aa), (0x21b0, 0x21b1), (0x21b3, 0x21b5), (0x21ba, 0x21bb), (0x21d0, 0x21d0),
    (0x21d2, 0x21d2), (0x21d4, 0x21d4), (0x21de, 0x21df), (0x21e4, 0x21e5), (0x21e7, 0x21e7), (0x21ea, 0x21ea),
    (0x2202, 0x2202), (0x2205, 0x2206), (0x220f, 0x220f), (0x2211, 0x2212), (0x221a, 0x221a), (0x221e, 0x221e),
    (0x222b, 0x222b), (0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265), (0x2303, 0x2303), (0x2305, 0x2305),
    (0x2318, 0x2318), (0x2325, 0x2327), (0x232b, 0x232b), (0x2380, 0x2380), (0x2387, 0x2387), (0x238b, 0x238b),
    (0x23ce, 0x23cf), (0x2423, 0x2423), (0x2460, 0x2468), (0x24b6, 0x24cf), (0x24ea, 0x24ea), (0x25a0, 0x25a2),
    (0x25aa, 0x25aa), (0x25b2, 0x25b3), (0x25b6, 0x25b7), (0x25ba, 0x25bd), (0x25c0, 0x25c1), (0x25c4, 0x25c7),
    (0x25ca, 0x25cb), (0x25cf, 0x25cf), (0x25e6, 0x25e6), (0x25ef, 0x25ef), (0x2600, 0x2600), (0x2605, 0x2606),
    (0x263c, 0x263c), (0x2661, 0x2661), (0x2665, 0x2665), (0x26a0, 0x26a0), (0x2713, 0x2713), (0x2717, 0x2717),
    (0x2756, 0x2756), (0x2764, 0x2764), (0x2780, 0x2788), (0x27ef, 0x27ef), (0x27f5, 0x27fa), (0x2b06, 0x2b06),
    (0x2b12, 0x2b13), (0x2b1c, 0x2b1c), (0x2c7c, 0x2c7c), (0x2c7f, 0x2c7f), (0x2dff, 0x2dff), (0x2e18, 0x2e18),
    (0xa69f, 0xa69f), (0xa7ff, 0xa7ff), (0xa92e, 0xa92e), (0xe000, 0xe000), (0xe002, 0xe080), (0xe093, 0xe096),
    (0xe0a5, 0xe0e6), (0xe0f3, 0xe11c), (0xe11e, 0xe164), (0xee01, 0xee05), (0xf6c3, 0xf6c3), (0xfe20, 0xfe2d),
    (0xfeff, 0xfeff), (0x1f12f, 0x1f149), (0x1f16a, 0x1f16b), (0x1f850, 0x1f850), (0x1f852, 0x1f852),
];

/// Can the program draw this character? An invisible character needs no letter of the typeface.
pub fn is_covered(c: char) -> bool {
    let code = u32::from(c);
    let index = COVERED.partition_point(|(_, last)| *last < code);
    let is_unseen = c.is_whitespace() || is_invisible(c) || matches!(c, '\u{fe00}'..='\u{fe0f}');
    is_unseen || COVERED.get(index).is_some_and(|(first, _)| *first <= code)
}

/// A warning if texts of a file have letters that the typeface lacks. It points at the first such text and lists
/// the letters of the whole file.
pub(super) fn warning(path: &str, text: &str, tree: &Tree) -> Option<Diagnostic> {
    let mut lacking = BTreeSet::new();
    let mut first: Option<&Node> = None;
    tree.root.as_ref()?.walk(&mut |node| {
        if node.shape == Shape::Text {
            let before = lacking.len();
            lacking.extend(text[node.span.clone()].chars().filter(|c| !is_covered(*c)));
            if before < lacking.len() {
                first.get_or_insert(node);
            }
        }
    });
    let listed: String = lacking.iter().take(LISTED_MAX).collect();
    let more = lacking.len().saturating_sub(LISTED_MAX);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    let message = format!("the typeface of the program lacks {listed}{rest}");
    let help = "the window takes them from a font of the system: try it on the machines of the exercise";
    Some(Diagnostic::in_text(path, text, &first?.span, message).help(help).warning())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::place;

    fn word(bytes: &[u8], at: usize) -> usize {
        usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))
    }

    fn long(bytes: &[u8], at: usize) -> usize {
        word(bytes, at) << 16 | word(bytes, at + 2)
    }

    /// Code points of a font, from the tables of formats 4 and 12 in its `cmap`.
    fn code_points(font: &[u8]) -> BTreeSet<u32> {
        let tables = (0..word(font, 4)).map(|index| 12 + 16 * index);
        let cmap = tables.into_iter().find(|at| &font[*at..at + 4] == b"cmap").map(|at| long(font, at + 8)).unwrap();
        let mut found = BTreeSet::new();
        for index in 0..word(font, cmap + 2) {
            let table = cmap + long(font, cmap + 8 + 8 * index);
            let ranges: Vec<(usize, usize)> = match word(font, table) {
                4 => {
                    let count = word(font, table + 6) / 2;
                    let ends = table + 14;
                    let starts = ends + 2 * count + 2;
                    (0..count).map(|at| (word(font, starts + 2 * at), word(font, ends + 2 * at))).collect()
                }
                12 => {
                    let groups = (0..long(font, table + 12)).map(|group| table + 16 + 12 * group);
                    groups.map(|at| (long(font, at), long(font, at + 4))).collect()
                }
                _ => Vec::new(),
            };
            for (first, last) in ranges.into_iter().filter(|range| *range != (0xffff, 0xffff)) {
                found.extend(first as u32..=last as u32);
            }
        }
        found
    }

    #[test]
    fn the_table_matches_the_fonts() {
        let covered: BTreeSet<u32> = COVERED.iter().flat_map(|(first, last)| *first..=*last).collect();
        for name in ["Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts").join(name);
            assert_eq!(code_points(&std::fs::read(path).unwrap()), covered, "{name}");
        }
    }

    #[test]
    fn letters_without_a_glyph_are_listed_once_a_file() {
        let check = |text: &str, expected: Option<&str>| {
            let found = warning("a.ron", text, &place::parse(text)).map(|problem| problem.message);
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check(r#"(name: "Größe Łódź Ελληνικά Кириллица ı – “” €")"#, None);
        check(r#"(name: "医院", title: "医", id: "a")"#, Some("the typeface of the program lacks 医院"));
        check(r#"(name: "🏥 مع")"#, Some("the typeface of the program lacks عم🏥"));
        check("(name: \"a\") // 医", None);
    }
}

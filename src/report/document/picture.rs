//! Charts as trees of vectors and as pixels, with the typeface of the program and no other.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use usvg::fontdb::Database;
use usvg::{Options, Tree};

use crate::base::characters::is_invisible;
use crate::scenario::letters::is_covered;

pub(super) const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
pub(super) const STRONG: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");
/// Stands for a letter that the typeface lacks.
const LACKING: char = '□';

/// The text with letters of the typeface only: tags of PDF must not name a letter that is not drawn.
pub(super) fn drawable(text: &str) -> String {
    let letter = |c: char| match c {
        '\u{a0}' | '\u{202f}' => Some('\u{a0}'),
        c if c.is_whitespace() => Some(' '),
        c if is_invisible(c) || matches!(c, '\u{fe00}'..='\u{fe0f}') => None,
        c if is_covered(c) => Some(c),
        _ => Some(LACKING),
    };
    text.chars().filter_map(letter).collect()
}

/// A chart of ours as vectors.
pub(super) fn tree(svg: &str) -> Tree {
    static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut fonts = Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.set_sans_serif_family("Inter");
        Arc::new(fonts)
    });
    let options = Options { fontdb: FONTS.clone(), font_family: "Inter".to_owned(), ..Options::default() };
    // The line feeds between elements are no letters.
    let svg: String = svg.lines().map(|line| drawable(line) + "\n").collect();
    Tree::from_str(&svg, &options).expect("our charts are SVG")
}

/// A chart as PNG, so many times as large as its vectors, on white.
pub(super) fn png(tree: &Tree, scale: f32) -> Vec<u8> {
    let side = |length: f32| (length * scale).ceil().max(1.0) as u32;
    let mut pixels = Pixmap::new(side(tree.size().width()), side(tree.size().height())).expect("a chart has a size");
    pixels.fill(resvg::tiny_skia::Color::WHITE);
    resvg::render(tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().expect("memory takes everything")
}

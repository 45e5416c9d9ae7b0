//! Characters in texts of people: the characters that no text may contain, their names in messages, and visible
//! forms for invisible characters.
//!
//! The checks of all inputs and all media of output (`terminal`, JSON, SVG, CSV) use this one table. Must not know
//! scenarios or files.

use std::borrow::Cow;

/// Longest quotation of an input in a message, in characters.
pub const QUOTE_MAX: usize = 80;
/// Longest message, in characters: a few lines of a terminal.
const MESSAGE_MAX: usize = 1200;

/// Names of common characters; a message names other characters by their group.
const NAMES: [(char, &str); 40] = [
    ('\0', "null"),
    ('\u{7}', "bell"),
    ('\u{8}', "backspace"),
    ('\t', "tab"),
    ('\n', "line feed"),
    ('\u{b}', "vertical tab"),
    ('\u{c}', "form feed"),
    ('\r', "carriage return"),
    ('\u{1b}', "escape"),
    ('\u{7f}', "delete"),
    ('\u{85}', "next line"),
    ('\u{9b}', "control sequence introducer"),
    ('\u{a0}', "no-break space"),
    ('\u{ad}', "soft hyphen"),
    ('\u{61c}', "Arabic letter mark"),
    ('\u{1680}', "Ogham space"),
    ('\u{180e}', "Mongolian vowel separator"),
    ('\u{2003}', "em space"),
    ('\u{2007}', "figure space"),
    ('\u{2009}', "thin space"),
    ('\u{200a}', "hair space"),
    ('\u{200b}', "zero-width space"),
    ('\u{200c}', "zero-width non-joiner"),
    ('\u{200d}', "zero-width joiner"),
    ('\u{200e}', "left-to-right mark"),
    ('\u{200f}', "right-to-left mark"),
    ('\u{2028}', "line separator"),
    ('\u{2029}', "paragraph separator"),
    ('\u{202a}', "left-to-right embedding"),
    ('\u{202b}', "right-to-left embedding"),
    ('\u{202c}', "pop directional formatting"),
    ('\u{202d}', "left-to-right override"),
    ('\u{202e}', "right-to-left override"),
    ('\u{202f}', "narrow no-break space"),
    ('\u{2060}', "word joiner"),
    ('\u{2066}', "left-to-right isolate"),
    ('\u{2067}', "right-to-left isolate"),
    ('\u{2069}', "pop directional isolate"),
    ('\u{3000}', "ideographic space"),
    ('\u{feff}', "byte-order mark"),
];

/// Is the character a blank that RON accepts between values? RON accepts only these four.
pub fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// `U+00A0 no-break space`
pub fn name(c: char) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == c).map(|(_, name)| *name);
    let name = known.unwrap_or(match c {
        c if c.is_control() => "control character",
        c if is_direction(c) => "directional control",
        c if c.is_whitespace() => "space of an unusual kind",
        c if is_unseen(c) => "invisible character",
        c if is_unassigned(c) => "no character",
        _ => return format!("U+{:04X} `{c}`", u32::from(c)),
    });
    format!("U+{:04X} {name}", u32::from(c))
}

/// Does the character change the direction of the text around it, so that a line reads differently from its
/// content?
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

/// Does the character join or separate letters or mark the direction of a word? Scripts other than Latin need such
/// characters.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{61c}')
}

/// Is the character invisible? Two texts that differ only in such characters look the same.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{2060}'..='\u{2065}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn is_unassigned(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// Is the character forbidden in every text, so that the program never prints, draws or exports it? Line feeds are
/// left to `unfit`, since some texts may have several lines.
pub fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{2028}' | '\u{2029}')
        || is_direction(c)
        || is_unseen(c)
        || is_unassigned(c)
}

/// Does the character look like an ordinary space or like nothing?
pub fn is_invisible(c: char) -> bool {
    !is_blank(c) && (c.is_whitespace() || is_harmful(c) || is_joiner(c))
}

/// The number of lines that a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    One,
    Many,
}

/// The first forbidden character of the text, with its byte position. A joiner is allowed beside a letter of a
/// script that needs it.
pub fn unfit(text: &str, lines: Lines) -> Option<(usize, char)> {
    let needs_joiners = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !is_invisible(c));
    let mut before = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let after = letters.peek().map(|(_, c)| *c);
        let is_stray = is_joiner(c) && !needs_joiners(before) && !needs_joiners(after);
        if is_harmful(c) || is_stray || (c == '\n' && lines == Lines::One) {
            return Some((at, c));
        }
        before = Some(c);
    }
    None
}

/// The text for a terminal: every harmful character is written out as `<U+001B>`.
pub fn terminal(text: &str) -> Cow<'_, str> {
    written_out(text, is_harmful)
}

/// The text for a quotation in a message: blanks other than the space are written out too.
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, |c| is_harmful(c) || is_invisible(c))
}

fn written_out(text: &str, is_meant: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&is_meant) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_meant(c) {
            shown.push_str(&sign(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// `<U+001B>`
pub fn sign(c: char) -> String {
    format!("<U+{:04X}>", u32::from(c))
}

/// The message with its quotations (in backquotes) shortened and made visible, shortened as a whole to
/// `MESSAGE_MAX`.
pub fn message(text: &str) -> String {
    let mut parts = Vec::new();
    for (index, part) in text.split('`').enumerate() {
        // Every second part is a quotation.
        parts.push(if index % 2 == 0 { part.to_owned() } else { shortened(part, QUOTE_MAX) });
    }
    let text = shortened(&parts.join("`"), MESSAGE_MAX);
    visible(&text).into_owned()
}

/// The text cut to at most `characters_max` characters; the last one is `…` if the text was longer.
pub fn shortened(text: &str, characters_max: usize) -> String {
    match text.char_indices().nth(characters_max) {
        None => text.to_owned(),
        Some(_) => text.chars().take(characters_max.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// A cell of a table (CSV) that no spreadsheet takes for a formula. A text that a spreadsheet would take for one,
/// or that begins with an apostrophe, gets a leading apostrophe; numbers stay as they are. `from_cell` removes the
/// apostrophe.
pub fn cell(text: &str) -> Cow<'_, str> {
    let digits = text.strip_prefix('-').unwrap_or_default();
    if digits.starts_with(|c: char| c.is_ascii_digit()) && digits.parse::<f64>().is_ok() {
        return Cow::Borrowed(text);
    }
    let text = terminal(text);
    let first = text.trim_start().chars().next();
    let acts = first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\'' | '＝' | '＋' | '－' | '＠'));
    if acts || text.starts_with('\n') { Cow::Owned(format!("'{text}")) } else { text }
}

/// The text of a cell that `cell` wrote.
pub fn from_cell(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

/// JSON in which every harmful character of a string is written as an escape; the values stay the same.
pub fn json(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_harmful(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Text between the tags of SVG or HTML, or in quotes as an attribute.
pub fn markup(text: &str) -> String {
    let text = terminal(text);
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind of harmful character that an attacker or a word processor puts into a text.
    const HARMFUL: &str =
        "\0\u{7}\u{1b}\t\r\u{7f}\u{9b}\u{85}\u{2028}\u{2029}\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}";

    #[test]
    fn no_medium_emits_a_harmful_character() {
        let text = format!("a{HARMFUL}b");
        for shown in [terminal(&text), visible(&text), cell(&text), json(&text), Cow::Owned(markup(&text))] {
            assert!(!shown.chars().any(is_harmful), "{shown:?}");
        }
        assert_eq!(terminal("a\u{1b}[2J"), "a<U+001B>[2J");
        assert_eq!(markup("<b>\u{1b}"), "&lt;b&gt;&lt;U+001B&gt;");
        assert_eq!(visible("3\u{a0}%"), "3<U+00A0>%");
        assert_eq!(terminal("3\u{a0}%"), "3\u{a0}%", "a no-break space is good typography");
    }

    #[test]
    fn escapes_do_not_change_json_values() {
        for c in HARMFUL.chars() {
            let text = format!("a{c}\\n\"");
            let written = serde_json::to_string(&text).unwrap();
            let read: String = serde_json::from_str(&json(&written)).unwrap();
            assert_eq!(read, text);
        }
    }

    #[test]
    fn a_text_of_one_line_holds_no_control_character() {
        for c in HARMFUL.chars().chain(['\n']) {
            assert_eq!(unfit(&format!("ab{c}"), Lines::One), Some((2, c)), "{}", name(c));
        }
        assert_eq!(unfit("one\ntwo", Lines::Many), None);
        for good in
            ["Großklinikum Łódź 大学病院 مستشفى 🏥", "می\u{200c}خواهم", "👩\u{200d}⚕\u{fe0f}", "34\u{a0}%", "1️⃣"]
        {
            assert_eq!(unfit(good, Lines::One), None, "{good}");
        }
        assert_eq!(unfit("ad\u{200d}min", Lines::One), Some((2, '\u{200d}')), "Latin letters need no joiner");
    }

    #[test]
    fn characters_are_named_with_their_code_point() {
        assert_eq!(name('\u{a0}'), "U+00A0 no-break space");
        assert_eq!(name('\u{1}'), "U+0001 control character");
        assert_eq!(name('\u{2004}'), "U+2004 space of an unusual kind");
        assert_eq!(name('\u{e0041}'), "U+E0041 invisible character");
        assert_eq!(name('−'), "U+2212 `−`");
    }

    #[test]
    fn formulas_become_texts_and_read_back() {
        for text in
            ["=1+1", "+1", "-x", "-1+1", "-inf", "@x", " =1", "\t=1", "'=1", "''", "＝1", "\n=1", "plain", "", "a=b"]
        {
            let written = cell(text);
            assert!(!written.trim_start().starts_with(['=', '+', '-', '@', '＝']), "{written}");
            assert_eq!(from_cell(&written), terminal(text), "{text:?}");
        }
        for same in ["plain", "-0.5", "-3e9", "12", "a=b"] {
            assert_eq!(cell(same), same);
        }
    }

    #[test]
    fn a_message_quotes_no_more_than_a_line() {
        let long = "(".repeat(5000);
        let text = message(&format!("`{long}` is no observable"));
        assert!(text.chars().count() < 120 && text.ends_with("…` is no observable"), "{text}");
        assert!(message(&"`".repeat(9000)).chars().count() <= MESSAGE_MAX);
        assert_eq!(message("there is no sector `air\u{a0}line`"), "there is no sector `air<U+00A0>line`");
    }
}

//! The parts of pages: pieces of HTML that change on their own, made once for all people who see the same.
//!
//! A part knows the revision at which it last changed, so that a feed sends only what its page lacks.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use maud::Markup;

use super::lock::locked;

/// Parts that are kept; beyond it all are made again.
const KEPT_MAX: usize = 4_096;

/// A piece of a page.
#[derive(Clone, Debug)]
pub struct Part {
    pub name: &'static str,
    pub html: Arc<str>,
    /// The part as the first lines of a server-sent event; all feeds share its bytes.
    pub event: Bytes,
    /// The revision at which it last changed.
    pub changed: u64,
    /// It may change for a person without changing for the others, when the person's audience changes.
    pub is_personal: bool,
}

/// The people who see the same: their page, and what differs between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Audience {
    pub page: Page,
    /// Position of the seat; 0 for pages without one.
    pub seat: usize,
    /// A hash of everything else on which the part depends beside the views; 0 for nothing.
    pub variation: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    Participant,
    Facilitator,
    Evaluator,
    Observer,
    Wall,
}

/// A hash of what distinguishes people of one audience.
pub fn variation(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

struct Kept {
    revision: u64,
    html: Arc<str>,
    event: Bytes,
    changed: u64,
}

/// Name and data of a server-sent event. Browsers drop an event without data, and an empty part must reach them too.
fn event(name: &str, html: &str) -> Bytes {
    let mut event = format!("event: {name}\n");
    for line in if html.is_empty() { " " } else { html }.split(['\n', '\r']) {
        event.push_str("data: ");
        event.push_str(line);
        event.push('\n');
    }
    event.into()
}

/// All parts that were made lately.
#[derive(Default)]
pub struct Parts {
    kept: Mutex<BTreeMap<(Audience, &'static str), Kept>>,
}

impl Parts {
    /// A part at a revision; it is made at most once for each revision and audience.
    pub fn part(&self, name: &'static str, audience: Audience, revision: u64, make: impl FnOnce() -> Markup) -> Part {
        let is_personal = audience.variation != 0;
        let mut kept = locked(&self.kept);
        if KEPT_MAX <= kept.len() {
            kept.clear();
        }
        let as_part = |kept: &Kept| Part {
            name,
            html: kept.html.clone(),
            event: kept.event.clone(),
            changed: kept.changed,
            is_personal,
        };
        if let Some(found) = kept.get(&(audience, name)).filter(|found| found.revision == revision) {
            return as_part(found);
        }
        let made = make().into_string();
        let (html, event, changed) = match kept.get(&(audience, name)) {
            Some(found) if *found.html == *made => (found.html.clone(), found.event.clone(), found.changed),
            _ => (Arc::from(&*made), event(name, &made), revision),
        };
        let made = Kept { revision, html, event, changed };
        let part = as_part(&made);
        kept.insert((audience, name), made);
        part
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn events_have_a_line_for_each_line_of_text() {
        let check = |html: &str, expected: &str| assert_eq!(event("clock", html), expected);
        check("05:00", "event: clock\ndata: 05:00\n");
        check("a\nb\r\nc", "event: clock\ndata: a\ndata: b\ndata: \ndata: c\n");
        check("", "event: clock\ndata:  \n");
    }

    #[test]
    fn a_part_changes_only_if_its_text_does() {
        let parts = Parts::default();
        let audience = Audience { page: Page::Wall, seat: 0, variation: variation(1) };
        let first = parts.part("clock", audience, 5, || html! { "05:00" });
        assert_eq!(first.changed, 5);
        let made_once = parts.part("clock", audience, 5, || html! { "another" });
        assert_eq!(&*made_once.html, "05:00");
        assert_eq!(parts.part("clock", audience, 6, || html! { "05:00" }).changed, 5);
        assert_eq!(parts.part("clock", audience, 7, || html! { "06:00" }).changed, 7);
        let other = Audience { variation: variation(2), ..audience };
        assert_eq!(parts.part("clock", other, 7, || html! { "06:00" }).changed, 7);
    }
}

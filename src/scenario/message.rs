//! Texts of messages with observables in braces, which become figures of the run when the message arrives. So a message
//! cannot contradict the run that it reports.
//!
//! Must not compute a figure: that is the task of the simulation.

use super::observable::ObservableRef;
use crate::base::words::{amount, percent};

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
enum Part<'a> {
    Text(&'a str),
    Figure(ObservableRef),
}

/// The observables in the braces of a text, in the order written.
///
/// # Errors
/// A sentence that names the text in braces and the expected form.
pub fn observables(text: &str) -> Result<Vec<ObservableRef>, String> {
    let figure = |part| if let Part::Figure(name) = part { Some(name) } else { None };
    Ok(parts(text)?.into_iter().filter_map(figure).collect())
}

/// The text with a figure in place of each observable. A figure that is missing, as before the arrival, becomes `…`.
///
/// # Panics
/// If the text has unbalanced braces; checked documents have none.
pub fn filled(text: &str, figures: &[f64]) -> String {
    let mut figures = figures.iter();
    let mut filled = String::with_capacity(text.len());
    for part in parts(text).expect("checked text") {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Figure(name) => match figures.next() {
                Some(&figure) if name.metric.unit() == "share" => filled.push_str(&percent(figure)),
                Some(&figure) => filled.push_str(&amount(two_digits(figure))),
                None => filled.push('…'),
            },
        }
    }
    filled
}

/// A value rounded to two significant digits; values below 100 to a whole.
fn two_digits(value: f64) -> f64 {
    let mut unit = 1.0;
    while 100.0 * unit <= value.abs() {
        unit *= 10.0;
    }
    (value / unit).round() * unit
}

fn parts(text: &str) -> Result<Vec<Part<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| "a text has `{` without `}`; write an observable between them".to_owned())?;
        is_without_end(before)?;
        parts.push(Part::Text(before));
        parts.push(Part::Figure(ObservableRef::parse(name)?));
        rest = after;
    }
    is_without_end(rest)?;
    parts.push(Part::Text(rest));
    Ok(parts)
}

fn is_without_end(text: &str) -> Result<(), String> {
    if text.contains('}') {
        return Err("a text has `}` without `{`; write an observable between them".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, figures: &[f64], expected: &str) {
        assert_eq!(observables(text).map(|names| names.len()), Ok(figures.len()), "{text}");
        assert_eq!(filled(text, figures), expected, "{text}");
    }

    #[test]
    fn observables_become_figures() {
        check("No figure.", &[], "No figure.");
        check("{hosts_down(all)} are down", &[23_104.0], "23,000 are down");
        check("{hosts_down(all)} of {hosts_total(org:a)}", &[97.4, 8_549_999.0], "97 of 8.5 million");
        check("At {level(service:a/b)}.", &[0.305], "At 31\u{a0}%.");
        check("{lost(all)}", &[0.0], "0");
        check("{lost(all)}", &[999.0], "1,000");
    }

    #[test]
    fn a_figure_that_is_missing_is_left_open() {
        assert_eq!(filled("{hosts_down(all)} are down", &[]), "… are down");
    }

    #[test]
    fn wrong_braces_are_refused() {
        for (text, expected) in [
            ("{hosts_down(all) are down", "`{` without `}`"),
            ("hosts_down(all)} are down", "`}` without `{`"),
            ("{hosts_dwn(all)}", "hosts_dwn"),
            ("{}", "not an observable"),
        ] {
            let problem = observables(text).expect_err(text);
            assert!(problem.contains(expected), "{text}: {problem}");
        }
    }
}

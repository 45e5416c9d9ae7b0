//! Numbers, spans of time and long texts as people read them: thousands separators, units, no more digits than needed.

/// `12,345`
pub fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if 0 < index && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12,345`, `0.35`: all significant digits down to a millionth.
pub fn number(value: f64) -> String {
    let text = format!("{:.6}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = part.trim_end_matches('0');
    let sign = if value < 0.0 { "−" } else { "" };
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), thousands);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// A text cut to at most `width` characters, with an ellipsis if it was cut.
pub fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width - 1).collect();
    kept.trim_end().to_owned() + "…"
}

/// `412`, `12,345`, `8.5 million`; negative values, infinities and NaN print as 0.
pub fn amount(value: f64) -> String {
    let value = if value.is_finite() { value.max(0.0) } else { 0.0 };
    match value {
        v if v < 1e6 => thousands(v.round() as u64),
        v if v < 1e9 => format!("{} million", digits3(v / 1e6)),
        v => format!("{} billion", digits3(v / 1e9)),
    }
}

/// `$12,500`, `$1.24 million`
pub fn usd(value: f64) -> String {
    format!("${}", amount(value))
}

/// `$12,500`, or `No cost` below half a dollar
pub fn cost(value: f64) -> String {
    if value < 0.5 { "No cost".to_owned() } else { usd(value) }
}

/// `34 %` for a fraction 0..=1. A fraction below 99.95 % never prints as 100, one above 0.05 % never as 0.
pub fn percent(share: f64) -> String {
    let share = share.clamp(0.0, 1.0);
    let rounded = (share * 100.0).round();
    let shown = if rounded == 100.0 && share < 0.9995 {
        99.0
    } else if rounded == 0.0 && 0.000_5 < share {
        1.0
    } else {
        rounded
    };
    format!("{shown}\u{a0}%")
}

/// `45 min`, `3 h 12 min`, `2 d 4 h`
pub fn span(minutes: u32) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// Points as a difference: `+12.3`, `−3.5`, and `0` for exactly zero only: a smaller one prints as a hundredth.
pub fn signed(points: f64) -> String {
    let size = figure(points.abs(), "");
    let size = if size == "0" { "0.01".to_owned() } else { size };
    match points {
        points if points < 0.0 => format!("−{size}"),
        points if 0.0 < points => format!("+{size}"),
        _ => "0".to_owned(),
    }
}

/// The text with a capital first letter: `staff, night` becomes `Staff, night`.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// `1 host`, `12 hosts`
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// A number with as many digits as a reader needs: `34.5 %` for the unit `share`, `$1.24 million` for `USD`, the number
/// without its unit for all others. Infinity prints as `never`, minus infinity as `any`, NaN as a dash.
pub fn figure(value: f64, unit: &str) -> String {
    if value.is_nan() {
        return "–".to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "any".to_owned() } else { "never".to_owned() };
    }
    let size = value.abs();
    let text = match unit {
        "share" => format!("{:.1}\u{a0}%", size * 100.0),
        "USD" => usd(size),
        _ if 100.0 <= size => amount(size),
        _ if 10.0 <= size => trimmed(format!("{size:.1}")),
        _ => trimmed(format!("{size:.2}")),
    };
    let is_nothing = !text.contains(|digit: char| ('1'..='9').contains(&digit));
    if value < 0.0 && !is_nothing { format!("−{text}") } else { text }
}

fn trimmed(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn digits3(value: f64) -> String {
    let places = if value < 10.0 {
        2
    } else if value < 100.0 {
        1
    } else {
        0
    };
    trimmed(format!("{value:.places$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        let check = |got: String, expected: &str| assert_eq!(got, expected);
        check(thousands(0), "0");
        check(thousands(999), "999");
        check(thousands(1_000), "1,000");
        check(thousands(8_500_000), "8,500,000");
        check(number(4_500.0), "4,500");
        check(number(0.07 * 100.0), "7");
        check(number(1_234.25), "1,234.25");
        check(number(-0.5), "−0.5");
        check(amount(999_999.0), "999,999");
        check(amount(8_500_000.0), "8.5 million");
        check(amount(f64::NAN), "0");
        check(amount(5.4e9), "5.4 billion");
        check(amount(120e6), "120 million");
        check(usd(12_500.0), "$12,500");
        check(cost(0.0), "No cost");
        check(percent(0.999), "99\u{a0}%");
        check(percent(1.0), "100\u{a0}%");
        check(percent(0.001), "1\u{a0}%");
        check(percent(0.0), "0\u{a0}%");
        check(span(45), "45 min");
        check(span(60), "1 h");
        check(span(192), "3 h 12 min");
        check(span(3120), "2 d 4 h");
        check(capital("staff, night"), "Staff, night");
        check(counted(1, "host", "hosts"), "1 host");
        check(figure(0.3456, "share"), "34.6\u{a0}%");
        check(figure(1.24e6, "USD"), "$1.24 million");
        check(figure(-1234.4, "flights"), "−1,234");
        check(figure(12.04, "h"), "12");
        check(figure(1.234, "h"), "1.23");
        check(figure(-0.001, "h"), "0");
        check(figure(f64::INFINITY, "h"), "never");
        check(figure(f64::NAN, "h"), "–");
    }
}

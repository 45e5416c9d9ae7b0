//! The listing as a table for people, as CSV and as JSON for programs.

use serde_json::{Value, json};

use super::Listing;
use crate::base::table::{csv_text, json_text};
use crate::cli::words::{Column, table as columns, thousands};
use crate::scenario::figures::Figure;
use crate::scenario::schema::Source;

/// The narrowest table that still says something.
const WIDTH_MIN: usize = 50;
/// Below this width sources have lines of their own.
const WIDTH_BROAD: usize = 110;
/// Characters that a figure's name and its value take at most; `csv` and `json` have them whole.
const CELLS_MAX: [usize; 2] = [44, 40];

/// Figures by owner, then the facts they cite, facts that nothing cites, a summary line. Lines are
/// cut to a width if there is one.
pub(super) fn table(listing: &Listing, width: Option<usize>) -> String {
    let width = width.map(|width| width.max(WIDTH_MIN));
    let is_narrow = width.is_some_and(|width| width < WIDTH_BROAD);
    let scale = |max: usize| if is_narrow { max * 2 / 3 } else { max };
    let row = |figure: &&Figure| {
        let mut row = row(listing, figure, CELLS_MAX.map(scale));
        row.truncate(if is_narrow { 4 } else { 5 });
        row
    };
    let rows: Vec<Vec<String>> = listing.shown.iter().map(row).collect();
    let printed = columns(&[Column::Left; 5], &rows);
    let mut lines = Vec::new();
    let mut owner = None;
    for (figure, line) in listing.shown.iter().zip(printed.lines()) {
        let this = (&figure.group, &figure.owner);
        if owner != Some(this) {
            lines.extend([String::new(), head(figure)]);
            owner = Some(this);
        }
        lines.push(line.to_owned());
        if is_narrow {
            lines.push(format!("      {}", figure.source));
        }
    }
    lines.extend(facts(listing));
    lines.push(String::new());
    let cut = |line: String| width.map_or(line.clone(), |width| cut(&line, width));
    let text: String = lines.into_iter().map(|line| cut(line) + "\n").collect();
    text.trim_start_matches('\n').to_owned() + &listing.summary()
}

/// `organisations/*.ron  delta  Delta Air Lines`
fn head(figure: &Figure) -> String {
    let name = if figure.owner_name == figure.owner { "" } else { &figure.owner_name };
    format!("{}  {}  {name}", figure.file, figure.owner).trim_end().to_owned()
}

fn row(listing: &Listing, figure: &Figure, cells_max: [usize; 2]) -> Vec<String> {
    vec![
        format!("  {}", cut_label(&figure.label, cells_max[0])),
        cut(&figure.value(), cells_max[1]),
        figure.standing.word().to_owned(),
        confidence(listing, figure),
        figure.source.clone(),
    ]
}

/// Codes of the facts a figure cites, each once.
fn confidence(listing: &Listing, figure: &Figure) -> String {
    let mut codes: Vec<String> =
        figure.facts.iter().map(|fact| format!("{:?}", listing.docs.sources[*fact].confidence)).collect();
    codes.sort();
    codes.dedup();
    codes.join(" ")
}

/// The facts cited by what is shown; in a full listing also those that nothing cites.
fn facts(listing: &Listing) -> Vec<String> {
    let facts = listing.docs.sources.iter().zip(&listing.cited);
    let (cited, idle): (Vec<_>, Vec<_>) = facts.partition(|(_, count)| 0 < **count);
    let mut lines = Vec::new();
    for (title, facts) in [("Facts cited", cited), ("Facts that no figure cites", idle)] {
        if facts.is_empty() || (listing.is_filtered && title != "Facts cited") {
            continue;
        }
        lines.extend([String::new(), title.to_owned()]);
        let row = |(fact, count): &(&Source, &usize)| {
            let times = if **count == 0 { String::new() } else { format!("×{}", thousands(**count as u64)) };
            let (id, confidence) = (format!("  {}", fact.id), format!("{:?}", fact.confidence));
            vec![id, confidence, times, fact.about.clone(), fact.publication.clone()]
        };
        let rows: Vec<Vec<String>> = facts.iter().map(row).collect();
        let set = [Column::Left, Column::Left, Column::Right, Column::Left, Column::Left];
        lines.extend(columns(&set, &rows).lines().map(str::to_owned));
    }
    lines
}

/// A line no longer than a number of characters.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width - 1).collect();
    kept.trim_end().to_owned() + "…"
}

/// A figure's name cut in its first part, so that what is counted can be read.
fn cut_label(label: &str, width: usize) -> String {
    const FIRST_PART_MIN: usize = 8;
    let is_whole = label.chars().count() <= width;
    let parts = label.split_once(", ").filter(|_| !is_whole);
    let room = |rest: &str| width.checked_sub(rest.chars().count() + 2).filter(|room| FIRST_PART_MIN <= *room);
    match parts.and_then(|(first, rest)| Some((first, rest, room(rest)?))) {
        Some((first, rest, room)) => format!("{}, {rest}", cut(first, room)),
        None => cut(label, width),
    }
}

/// One line a figure.
pub(super) fn csv(listing: &Listing) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = [
        "path",
        "file",
        "owner",
        "owner_name",
        "figure",
        "values",
        "shown",
        "standing",
        "source",
        "facts",
        "confidence",
    ];
    let told = "writing to memory cannot fail";
    writer.write_record(head).expect(told);
    for figure in &listing.shown {
        let facts = || figure.facts.iter().map(|fact| &listing.docs.sources[*fact]);
        let joined = |words: Vec<String>| words.join(" ");
        let record = [
            figure.path(),
            figure.file.to_owned(),
            figure.owner.clone(),
            figure.owner_name.clone(),
            figure.label.clone(),
            joined(figure.values.iter().map(f64::to_string).collect()),
            figure.value(),
            figure.standing.word().to_owned(),
            figure.source.clone(),
            joined(facts().map(|fact| fact.id.clone()).collect()),
            joined(facts().map(|fact| format!("{:?}", fact.confidence)).collect()),
        ];
        writer.write_record(record).expect(told);
    }
    csv_text(&writer.into_inner().expect(told))
}

/// One object: `counts`, `figures`, and all `facts` with how many of the figures cite them.
pub(super) fn json(listing: &Listing) -> String {
    let figure = |figure: &&Figure| {
        json!({
            "path": figure.path(),
            "file": figure.file,
            "owner": figure.owner,
            "owner_name": figure.owner_name,
            "figure": figure.label,
            "values": figure.values,
            "shown": figure.value(),
            "standing": figure.standing.word(),
            "source": figure.source,
            "facts": figure.facts.iter().map(|fact| &listing.docs.sources[*fact].id).collect::<Vec<_>>(),
        })
    };
    let facts = listing.docs.sources.iter().zip(&listing.cited).map(|(fact, cited)| {
        json!({
            "id": fact.id,
            "about": fact.about,
            "publication": fact.publication,
            "confidence": fact.confidence,
            "cited": cited,
        })
    });
    let [documented, estimated, invented] = listing.counts();
    let report = json!({
        "scenario": listing.docs.manifest.id,
        "counts": { "documented": documented, "estimated": estimated, "invented": invented },
        "figures": listing.shown.iter().map(figure).collect::<Vec<Value>>(),
        "facts": facts.collect::<Vec<Value>>(),
    });
    json_text(&report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::figures::{all, citations};
    use crate::scenario::library;
    use crate::scenario::load::load;

    #[test]
    fn a_long_name_keeps_what_it_counts() {
        let check = |width: usize, expected: &str| {
            assert_eq!(cut_label("General practice appointments, fallback, level", width), expected);
        };
        check(60, "General practice appointments, fallback, level");
        check(30, "General prac…, fallback, level");
        check(20, "General practice ap…");
    }

    #[test]
    fn a_table_keeps_to_its_width_and_loses_no_figure() {
        let docs = load(&library::builtin()[0]).expect("the program's scenarios are right");
        let figures = all(&docs);
        let listing = Listing {
            docs: &docs,
            shown: figures.iter().collect(),
            figures: figures.len(),
            cited: citations(&docs, &figures),
            is_filtered: false,
        };
        for width in [60, 80, 109, 110, 200] {
            let text = table(&listing, Some(width));
            let (summary, lines) = (listing.summary(), text.lines());
            let too_long = lines.clone().find(|line| width < line.chars().count() && !summary.starts_with(*line));
            assert_eq!(too_long, None, "at {width}");
            let is_row = |line: &&str| line.starts_with("  ") && !line.starts_with("      ");
            let rows = lines.take_while(|line| *line != "Facts cited").filter(is_row).count();
            assert_eq!(rows, figures.len(), "at {width}");
        }
    }
}

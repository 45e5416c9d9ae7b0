//! The figures of a scenario with their sources: a table for people, CSV and JSON for programs.

use serde_json::{Value, json};

use super::tables::{Column, table as columns, thousands};
use crate::base::table::{csv_text, json_text};
use crate::base::words::cut;
use crate::scenario::figures::Figure;
use crate::scenario::load::Documents;
use crate::scenario::schema::{Source, Standing};

/// The narrowest table that is still readable, in characters.
const WIDTH_MIN: usize = 50;
/// In narrower tables each source has a line of its own.
const WIDTH_BROAD: usize = 110;
/// Most characters of a figure's name and of its value in the table; `csv` and `json` do not cut them.
const CELLS_MAX: [usize; 2] = [44, 40];

/// The selected figures, and numbers of all figures.
pub struct Listing<'d> {
    pub docs: &'d Documents,
    pub shown: Vec<&'d Figure>,
    /// All figures of the scenario.
    pub figures: usize,
    /// Number of shown figures that cite each fact, in the order of `sources.ron`.
    pub cited: Vec<usize>,
    pub is_filtered: bool,
}

impl Listing<'_> {
    /// Numbers of documented, estimated and invented figures among the shown ones.
    fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        self.shown.iter().for_each(|figure| counts[figure.standing as usize] += 1);
        counts
    }

    fn summary(&self) -> String {
        let number = |count: usize| thousands(count as u64);
        let all_of_them = if self.is_filtered { format!(" of {}", number(self.figures)) } else { String::new() };
        let noun = if self.figures == 1 { "figure" } else { "figures" };
        let standings = [Standing::Documented, Standing::Estimated, Standing::Invented];
        let parts =
            standings.map(|standing| format!("{} {}", number(self.counts()[standing as usize]), standing.word()));
        format!(
            "sources: {}{all_of_them} {noun}: {}; {} of {} facts cited\n",
            number(self.shown.len()),
            parts.join(", "),
            number(self.cited.iter().filter(|count| 0 < **count).count()),
            number(self.docs.sources.len()),
        )
    }
}

/// Figures by owner, then the facts that they cite, the facts that no figure cites, and a summary line.
/// Lines are cut to the width, if there is one.
pub fn table(listing: &Listing, width: Option<usize>) -> String {
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
        let figure_owner = (&figure.group, &figure.owner);
        if owner != Some(figure_owner) {
            lines.extend([String::new(), head(figure)]);
            owner = Some(figure_owner);
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

/// Confidence codes of the facts that a figure cites, each once.
fn confidence(listing: &Listing, figure: &Figure) -> String {
    let mut codes: Vec<String> =
        figure.facts.iter().map(|fact| format!("{:?}", listing.docs.sources[*fact].confidence)).collect();
    codes.sort();
    codes.dedup();
    codes.join(" ")
}

/// The facts that the shown figures cite; in a full listing also the facts that no figure cites.
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

/// A figure's name of at most `width` characters. The first part is cut, because the last part names the quantity.
fn cut_label(label: &str, width: usize) -> String {
    const FIRST_PART_MIN: usize = 8;
    let is_whole = label.chars().count() <= width;
    let parts = label.split_once(", ").filter(|_| !is_whole);
    let space = |rest: &str| width.checked_sub(rest.chars().count() + 2).filter(|space| FIRST_PART_MIN <= *space);
    match parts.and_then(|(first, rest)| Some((first, rest, space(rest)?))) {
        Some((first, rest, space)) => format!("{}, {rest}", cut(first, space)),
        None => cut(label, width),
    }
}

/// One line for each figure.
pub fn csv(listing: &Listing) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = [
        "path",
        "kind",
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
    let belief = "writing to memory cannot fail";
    writer.write_record(head).expect(belief);
    for figure in &listing.shown {
        let facts = || figure.facts.iter().map(|fact| &listing.docs.sources[*fact]);
        let joined = |words: Vec<String>| words.join(" ");
        let record = [
            figure.path(),
            figure.kind.clone(),
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
        writer.write_record(record).expect(belief);
    }
    csv_text(&writer.into_inner().expect(belief))
}

/// One object with `counts`, `figures`, and all `facts` with the number of figures that cite them.
pub fn json(listing: &Listing) -> String {
    let figure = |figure: &&Figure| {
        json!({
            "path": figure.path(),
            "kind": figure.kind,
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
    fn a_long_name_keeps_its_quantity() {
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

//! A playbook from a file of its own.

use std::path::Path;

use crate::base::Ix;
use crate::scenario::compile::{Playbook, Scenario};
use crate::scenario::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::load::{SourceFile, load_playbooks};

/// Reads a file with one playbook, as `playbooks.ron` has them, checks it against the scenario and
/// adds it; returns its index.
///
/// # Errors
/// The file cannot be read, is not one playbook, or names what the scenario does not have.
pub fn add_playbook(scenario: &mut Scenario, path: &Path) -> Result<Ix<Playbook>, Diagnostics> {
    let shown = path.display().to_string();
    let mut file = SourceFile::alone(path, "playbooks.ron").map_err(|problem| *problem)?;
    let is_bare = starts_bare(&file.text);
    if is_bare {
        file.text = format!("[{}\n]", file.text);
    }
    let playbooks = load_playbooks(&file, &scenario.docs).map_err(|found| {
        if is_bare { found.into_iter().map(move_back).fold(Diagnostics::default(), with) } else { found }
    })?;
    let count = playbooks.len();
    let mut playbooks = playbooks.into_iter();
    let (Some(playbook), None) = (playbooks.next(), playbooks.next()) else {
        let problem = format!("the file has {count} playbooks and a run takes one");
        return Err(Diagnostic::about(shown, problem)
            .help("keep one, or write it as `( id: …, orders: [ … ] )`")
            .into());
    };
    if scenario.playbook_index(&playbook.id).is_some() {
        let problem = format!("the scenario has a playbook `{}` already", playbook.id);
        let help = "give the one in the file an id of its own, so that results can be told apart";
        return Err(Diagnostic::about(shown, problem).help(help).into());
    }
    Ok(scenario.compile_extra_playbook(playbook))
}

/// The text holds one playbook and not a list of playbooks.
fn starts_bare(text: &str) -> bool {
    let mut rest = text.trim_start();
    loop {
        rest = if rest.starts_with("//") {
            rest.split_once('\n').map_or("", |(_, rest)| rest).trim_start()
        } else if rest.starts_with("/*") {
            rest.split_once("*/").map_or("", |(_, rest)| rest).trim_start()
        } else {
            return rest.starts_with('(');
        };
    }
}

/// Undoes the bracket that was put before the first line.
fn move_back(mut problem: Diagnostic) -> Diagnostic {
    let spots = problem.spot.iter_mut().chain(problem.also.as_mut().map(|(_, _, spot)| spot));
    for spot in spots.filter(|spot| spot.line == 1) {
        *spot = spot.clone().without_prefix("[");
    }
    problem
}

fn with(mut all: Diagnostics, problem: Diagnostic) -> Diagnostics {
    all.push(problem);
    all
}

//! Writes to stdout. If the reader closes the pipe (`| head`), the program ends without a message.

use std::io::{self, Write};

use super::failure::Failure;
use crate::base::characters::terminal;
use crate::base::table::MARK;

/// Prints a text. Characters that a terminal would obey are written as `<U+001B>`, because texts come from
/// scenarios, run files and names of files.
///
/// # Errors
/// Stdout cannot be written. A closed pipe ends the program with status 0.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    // A byte-order mark is wanted only at the beginning of the text; at any other place it is an invisible
    // character.
    let (mark, text) = text.split_at(if text.starts_with(MARK) { MARK.len() } else { 0 });
    let shown = format!("{mark}{}", terminal(text));
    written(stdout.write_all(shown.as_bytes()).and_then(|()| stdout.flush()))
}

/// Writes bytes that are no text, to a pipe or a file: the caller makes sure that no terminal gets them.
///
/// # Errors
/// As `print`.
pub fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    written(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Failure::new(format!("the output cannot be written: {error}"))),
    }
}

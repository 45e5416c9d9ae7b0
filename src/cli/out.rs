//! Writing to stdout: a reader that goes away (`| head`) ends the program quietly.

use std::io::{self, Write};

use super::failure::Failure;
use crate::base::characters::terminal;

/// Prints a text. Characters that a terminal would act on are written out, `<U+001B>`: texts come from
/// scenarios, run files and names of files.
///
/// # Errors
/// Stdout cannot be written; a closed pipe ends the program without a word.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(terminal(text).as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Failure::new(format!("the output cannot be written: {error}"))),
    }
}

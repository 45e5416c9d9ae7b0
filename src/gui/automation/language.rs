//! The language of automation files: one command per line.
//!
//! ```text
//! # Labels are the texts that a screen reader would say.
//! wait "Choose a seat"            until the label is there (20 s, or the seconds that follow it)
//! gone "Order"                    until it is no longer there (as long as `wait`)
//! expect "Score"                  it must be there now
//! click "Begin"                   moves the mouse there, presses, releases
//! wheel 640 400 3                 scrolls lines at a point, in window pixels
//! key Space                       with modifiers: key Ctrl+S
//! resize 1920 1080                logical pixels
//! sleep 0.5                       seconds of wall time, while the window does not sleep
//! frames 30                       drawn frames
//! reactive                        from here on an idle window sleeps, as it does for people
//! continuous                      from here on it does not sleep, which is the default in automation
//! measure                         forgets the frame times so far
//! times out/frames.txt            writes the number of frames since `measure`, and their times
//! screenshot out/exercise.png
//! labels out/labels.json          writes every label with role and place, in window pixels
//! where "Order" out/order.txt     writes the middle of the widget in window pixels, for outside tools
//! touch out/ready                 writes an empty file, for outside tools
//! panic "on purpose"              panics, as after a mistake of the program
//! lose-device                     destroys the graphics device, as a driver that fails would
//! quit
//! ```
//!
//! Relative paths start at the folder of the automation file.
//!
//! A label matches exactly, else as a beginning, else as a part; of equal matches those that can be
//! clicked come first.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::gui::error::GuiError;

/// Time limit of `wait` and `gone` if none is given.
const WAIT_DEFAULT: Duration = Duration::from_secs(20);

/// A step with the number of its line, from 1.
pub type NumberedStep = (usize, Step);

/// One command.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Wait(String, Duration),
    Gone(String, Duration),
    Expect(String),
    Click(String),
    /// Point and lines.
    Wheel([f32; 3]),
    Key(String),
    /// Width and height.
    Resize([f32; 2]),
    Sleep(Duration),
    Frames(u32),
    Reactive,
    Continuous,
    Measure,
    Times(PathBuf),
    Screenshot(PathBuf),
    Labels(PathBuf),
    Where(String, PathBuf),
    Touch(PathBuf),
    Panic(String),
    LoseDevice,
    Quit,
}

/// The steps of a file that lies in a folder.
///
/// # Errors
/// The first line that is not a command, by its number.
pub fn parse(text: &str, folder: &Path) -> Result<Vec<NumberedStep>, GuiError> {
    let mut steps = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let failed = |message: String| GuiError::Automation { line: index + 1, message };
        let words = split(line).map_err(|message| failed(message.to_owned()))?;
        if words.is_empty() {
            continue;
        }
        let step = parse_step(&words, folder)
            .ok_or_else(|| failed(format!("`{}` is not a command of the automation language", line.trim())))?;
        steps.push((index + 1, step));
    }
    Ok(steps)
}

/// Words and `"quoted words"`; `#` begins a comment.
fn split(line: &str) -> Result<Vec<&str>, &'static str> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("a quote is not closed")?,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

fn parse_step(words: &[&str], folder: &Path) -> Option<Step> {
    let seconds = |word: &str| Duration::try_from_secs_f64(word.parse().ok()?).ok();
    Some(match words {
        ["wait", label] => Step::Wait((*label).into(), WAIT_DEFAULT),
        ["wait", label, limit] => Step::Wait((*label).into(), seconds(limit)?),
        ["gone", label] => Step::Gone((*label).into(), WAIT_DEFAULT),
        ["gone", label, limit] => Step::Gone((*label).into(), seconds(limit)?),
        ["expect", label] => Step::Expect((*label).into()),
        ["click", label] => Step::Click((*label).into()),
        ["wheel", x, y, lines] => Step::Wheel([x.parse().ok()?, y.parse().ok()?, lines.parse().ok()?]),
        ["key", key] => Step::Key((*key).into()),
        ["resize", width, height] => Step::Resize([width.parse().ok()?, height.parse().ok()?]),
        ["sleep", time] => Step::Sleep(seconds(time)?),
        ["frames", count] => Step::Frames(count.parse().ok()?),
        ["reactive"] => Step::Reactive,
        ["continuous"] => Step::Continuous,
        ["measure"] => Step::Measure,
        ["times", path] => Step::Times(folder.join(path)),
        ["screenshot", path] => Step::Screenshot(folder.join(path)),
        ["labels", path] => Step::Labels(folder.join(path)),
        ["where", label, path] => Step::Where((*label).into(), folder.join(path)),
        ["touch", path] => Step::Touch(folder.join(path)),
        ["panic", words] => Step::Panic((*words).into()),
        ["lose-device"] => Step::LoseDevice,
        ["quit"] => Step::Quit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_reads_as_it_is_written() {
        let text = "# first\n\nwait \"Choose a seat\" 5\nclick \"Order\"  # the second\n\
                    wheel 10 20.5 -3\nkey S\nwhere \"Order\" at\ntouch /tmp/a\nquit";
        let order = || "Order".to_owned();
        assert_eq!(
            parse(text, Path::new("folder")).expect("steps"),
            vec![
                (3, Step::Wait("Choose a seat".into(), Duration::from_secs(5))),
                (4, Step::Click(order())),
                (5, Step::Wheel([10.0, 20.5, -3.0])),
                (6, Step::Key("S".into())),
                (7, Step::Where(order(), "folder/at".into())),
                (8, Step::Touch("/tmp/a".into())),
                (9, Step::Quit),
            ]
        );
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, line) in [("quit\njump", 2), ("key \"S", 1), ("\n\nframes many", 3)] {
            match parse(text, Path::new("")) {
                Err(GuiError::Automation { line: found, .. }) => assert_eq!(found, line),
                other => panic!("{text:?} gave {other:?}"),
            }
        }
    }
}

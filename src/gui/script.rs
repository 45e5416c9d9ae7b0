//! A line language that works the real window: for tests, pictures and demonstrations.
//!
//! ```text
//! # One command per line; labels are the words of a screen reader.
//! wait "Choose a seat"            until the label is there (20 s, or seconds after it)
//! expect "Score"                  it must be there now
//! absent "Order"                  it must not be there now
//! gone "Order"                    until it is no longer there (as long as `wait`)
//! click "Begin"                   moves the mouse there, presses, releases; `click "Order" 2` the second
//! click 640 400                   the same at a point, in egui points
//! move "Hospitals"                or: move 640 400
//! drag 640 400 700 420            presses, moves, releases
//! wheel 640 400 3                 scrolls lines at a point
//! reveal "Save run"               scrolls its scroll area until it is visible
//! key Space                       with modifiers: key Ctrl+S
//! type "because the wards are dark"
//! speed 3600                      asks for a speed as the speed buttons do
//! sleep 0.5                       seconds of wall time
//! frames 30                       drawn frames
//! resize 1920 1080                logical pixels
//! measure                         forgets the frame times so far
//! reactive                        from here on the window sleeps when idle, as it does for people
//! continuous                      from here on it does not, as is usual in a script
//! screenshot out/exercise.png
//! where "Order" out/order.txt     writes its middle in window pixels, for outside tools
//! touch out/ready                 writes an empty file, for outside tools
//! labels out/labels.txt           writes every label with role and place
//! quit
//! ```
//!
//! A label matches exactly, else as a beginning, else as a part; of equal matches those that can be
//! clicked come first.

use std::path::PathBuf;
use std::time::Duration;

use super::error::GuiError;

/// How long `wait` waits when no time is given.
pub const WAIT_DEFAULT: Duration = Duration::from_secs(20);

#[derive(Clone, Debug, PartialEq)]
pub enum Spot {
    /// A label, and which of its matches (0 is the first).
    Label(String, usize),
    /// Egui points from the window's upper left corner.
    Point(f32, f32),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Wait(String, Duration),
    Expect(String),
    Absent(String),
    Gone(String, Duration),
    Click(Spot),
    Move(Spot),
    Drag([f32; 4]),
    Wheel([f32; 3]),
    Reveal(String),
    Key(String),
    Type(String),
    Speed(u32),
    Sleep(Duration),
    Frames(u32),
    Resize(u32, u32),
    Measure,
    Reactive,
    Continuous,
    Screenshot(PathBuf),
    Where(String, PathBuf),
    Touch(PathBuf),
    Labels(PathBuf),
    Quit,
}

/// Steps with their line numbers, from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    pub steps: Vec<(usize, Step)>,
}

impl Script {
    pub fn parse(text: &str) -> Result<Self, GuiError> {
        let mut steps = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line_number = index + 1;
            let words = split(line).map_err(|message| GuiError::Script { line: line_number, message })?;
            if words.is_empty() {
                continue;
            }
            let step = parse_step(&words).ok_or_else(|| GuiError::Script {
                line: line_number,
                message: format!("`{}` is not a command of the script language", line.trim()),
            })?;
            steps.push((line_number, step));
        }
        Ok(Self { steps })
    }

    /// Draws until things have settled, writes a picture, closes.
    pub fn picture(path: PathBuf) -> Self {
        let steps = [Step::Frames(20), Step::Screenshot(path), Step::Quit];
        Self { steps: steps.into_iter().map(|step| (0, step)).collect() }
    }
}

/// Words and `"quoted words"`; `#` begins a comment.
fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("a quote is not closed")?,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    Ok(words)
}

fn parse_step(words: &[String]) -> Option<Step> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let seconds = |word: &str| {
        let seconds: f64 = word.parse().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    };
    Some(match words.as_slice() {
        ["wait", label] => Step::Wait((*label).into(), WAIT_DEFAULT),
        ["wait", label, limit] => Step::Wait((*label).into(), seconds(limit)?),
        ["expect", label] => Step::Expect((*label).into()),
        ["absent", label] => Step::Absent((*label).into()),
        ["gone", label] => Step::Gone((*label).into(), WAIT_DEFAULT),
        ["gone", label, limit] => Step::Gone((*label).into(), seconds(limit)?),
        ["click", spot @ ..] => Step::Click(parse_spot(spot)?),
        ["move", spot @ ..] => Step::Move(parse_spot(spot)?),
        ["drag", numbers @ ..] => Step::Drag(parse_numbers(numbers)?),
        ["wheel", numbers @ ..] => Step::Wheel(parse_numbers(numbers)?),
        ["reveal", label] => Step::Reveal((*label).into()),
        ["key", key] => Step::Key((*key).into()),
        ["type", text] => Step::Type((*text).into()),
        ["speed", speed] => Step::Speed(speed.parse().ok()?),
        ["sleep", time] => Step::Sleep(seconds(time)?),
        ["frames", count] => Step::Frames(count.parse().ok()?),
        ["resize", width, height] => Step::Resize(width.parse().ok()?, height.parse().ok()?),
        ["measure"] => Step::Measure,
        ["reactive"] => Step::Reactive,
        ["continuous"] => Step::Continuous,
        ["screenshot", path] => Step::Screenshot(path.into()),
        ["where", label, path] => Step::Where((*label).into(), path.into()),
        ["touch", path] => Step::Touch(path.into()),
        ["labels", path] => Step::Labels(path.into()),
        ["quit"] => Step::Quit,
        _ => return None,
    })
}

fn parse_spot(words: &[&str]) -> Option<Spot> {
    match words {
        [x, y] if x.parse::<f32>().is_ok() && y.parse::<f32>().is_ok() => {
            Some(Spot::Point(x.parse().ok()?, y.parse().ok()?))
        }
        [label] => Some(Spot::Label((*label).into(), 0)),
        [label, nth] => {
            let nth: usize = nth.parse().ok()?;
            Some(Spot::Label((*label).into(), nth.checked_sub(1)?))
        }
        _ => None,
    }
}

fn parse_numbers<const N: usize>(words: &[&str]) -> Option<[f32; N]> {
    let numbers: Option<Vec<f32>> = words.iter().map(|word| word.parse().ok()).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_as_it_is_written() {
        let text = "# first\n\nwait \"Choose a seat\" 5\nclick \"Order\" 2  # the second\n\
                    click 10 20.5\nkey Ctrl+S\nwhere \"Order\" /tmp/a\nquit";
        let script = Script::parse(text).expect("script");
        let order = || "Order".to_owned();
        assert_eq!(
            script.steps,
            vec![
                (3, Step::Wait("Choose a seat".into(), Duration::from_secs(5))),
                (4, Step::Click(Spot::Label(order(), 1))),
                (5, Step::Click(Spot::Point(10.0, 20.5))),
                (6, Step::Key("Ctrl+S".into())),
                (7, Step::Where(order(), "/tmp/a".into())),
                (8, Step::Quit),
            ]
        );
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, line) in [("quit\njump", 2), ("type \"open", 1), ("\n\nframes many", 3)] {
            match Script::parse(text) {
                Err(GuiError::Script { line: found, .. }) => assert_eq!(found, line),
                other => panic!("{text:?} gave {other:?}"),
            }
        }
    }
}

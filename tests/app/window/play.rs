//! A whole exercise of a trainee with mouse and keyboard, and a picture of each screen at two sizes.

use std::fs;
use std::path::Path;

use super::desktop::{Desktop, EXIT_LIMIT};
use super::picture::{Labels, Picture};
use super::rest::{assert_no_frames, rests};

const SIZES: [[u32; 2]; 2] = [[1280, 720], [1920, 1080]];

/// `look NAME` stands for a picture and the labels at both sizes. Files that end in `.at` and `.ready` tell the test
/// that it is its turn. Orders wait for a first sign of the fault, so the clock runs to the first message that asks for one
/// and somewhat beyond.
const PLAY: &str = r#"
wait "Choose a scenario" 90
look start
where "19 July 2024" card.at
wait "Seat Health coordinator" 60
look seats
touch seats.ready
wait "Begin exercise" 60
look briefing
where "Begin exercise" begin.at
wait "Map of organisations" 60
frames 10
look exercise
key 0
frames 10
look world
key Y
frames 5
key S
wait "Find figures by any words" 60
look sources
key Escape
wait "Map of organisations" 60
frames 5
key 7
wait "Time slowed for your order" 90
key 5
sleep 3
key Space
frames 5
where "Mitigations" tab.at
reactive
wait "Repair this fleet first" 60
continuous
frames 5
where "Repair this fleet first" mitigation.at
wait "Give order" 60
look order
where "Target " first-target.at
sleep 1
frames 5
where "Give order" give.at
wait "Cancel order Repair this fleet" 60
gone "Close order card"
frames 5
touch keyboard.ready
wait "Close order card" 90
frames 2
touch target.ready
wait "2 pending" 90
gone "Close order card"
key 7
sleep 4
frames 5
look later
wheel 640 330 6
frames 15
look near
key E
click "Confirm: End exercise"
wait "Try again" 400
wait "Weighed on" 900
look debrief
measure
touch debrief.ready
reactive
wait "Find figures by any words" 600
times debrief.times
quit
"#;

/// The parts of the exercise screen: top bar, counts, board, map with its legend and buttons, right side, timeline.
const EXERCISE: &[&str] = &[
    "Exercise time",
    "Step one minute",
    "Speed ×300",
    "Jump to",
    "Sources",
    "Help and keyboard shortcuts",
    "Zoom in",
    "Find a service or organisation",
    "Map of organisations",
    "Legend",
    "Show the whole world",
    "Inbox",
    "Mitigations",
    "Curve EMIS · Patient records",
    "Timeline span, all",
    "Timeline of EMIS",
];

/// The parts that each screen must have, by their accessible names or the beginnings of these.
const PARTS: [(&str, &[&str]); 10] = [
    (
        "start",
        &[
            "Blackstart",
            "Choose a scenario",
            "19 July 2024",
            "A world map of lights going out",
            "Figures by standing",
            "Quit",
        ],
    ),
    (
        "seats",
        &[
            "Choose your seat",
            "Seat Health coordinator",
            "Seat Operations director",
            "Seat Chief information officer",
            "Seat Head of bank operations",
            "Seat Incident lead",
            "Seat National coordinator",
        ],
    ),
    ("briefing", &["It is the night before", "Hosted records back", "Begin exercise"]),
    ("exercise", EXERCISE),
    ("world", EXERCISE),
    (
        "sources",
        &[
            "Find figures by any words",
            "Figures by standing",
            "Facts of the published record",
            "Fact AZ01",
            "Delta Air Lines",
        ],
    ),
    ("order", &["Target ", "Give order", "Close order card", "Cancel"]),
    ("later", EXERCISE),
    ("near", EXERCISE),
    (
        "debrief",
        &[
            "Debrief",
            "Score",
            "Leaf Decisions",
            "Weighed on 16 seeds",
            "Best decision",
            "Worst decision",
            "Missed",
            "What happened",
            "Try again",
            "Start screen",
        ],
    ),
];

/// `look NAME` written out: a picture with its labels at each size, then back to the first.
fn with_looks(play: &str) -> String {
    let look = |name: &str| {
        let at = |[width, height]: [u32; 2]| {
            let file = file(name, [width, height]);
            format!("resize {width} {height}\nframes 4\nscreenshot {file}.png\nlabels {file}.json\n")
        };
        let [width, height] = SIZES[0];
        format!("{}resize {width} {height}\nframes 4\n", SIZES.map(at).concat())
    };
    let line = |line: &str| line.strip_prefix("look ").map_or_else(|| format!("{line}\n"), look);
    play.lines().map(line).collect()
}

fn file(name: &str, [width, height]: [u32; 2]) -> String {
    format!("{name}-{width}x{height}")
}

#[test]
fn a_trainee_plays_from_start_to_debrief() {
    let Some(desktop) = Desktop::open() else { return };
    let mut program = desktop.play(&with_looks(PLAY));
    desktop.wait_for(&mut program, "card.at");
    let window = desktop.window();
    desktop.click(&mut program, &window, "card.at");
    desktop.wait_for(&mut program, "seats.ready");
    desktop.key("1");
    desktop.click(&mut program, &window, "begin.at");
    desktop.click(&mut program, &window, "tab.at");
    desktop.click(&mut program, &window, "mitigation.at");
    desktop.click(&mut program, &window, "first-target.at");
    desktop.click(&mut program, &window, "give.at");
    desktop.wait_for(&mut program, "keyboard.ready");
    // A mitigation with targets: open its card, choose the first target, order.
    for key in ["m", "Down", "Down", "Return"] {
        desktop.key(key);
    }
    desktop.wait_for(&mut program, "target.ready");
    for key in ["Down", "Return"] {
        desktop.key(key);
    }
    desktop.wait_for(&mut program, "debrief.ready");
    rests(&program, "the debrief");
    desktop.key("s");
    program.succeeds_within(EXIT_LIMIT);
    assert_no_frames(&desktop, "debrief.times");
    for size in SIZES {
        judge(&desktop, size);
    }
    if let Some(folder) = std::env::var_os("BLACKSTART_PICTURES") {
        keep(&desktop, Path::new(&folder));
    }
}

fn judge(desktop: &Desktop, size: [u32; 2]) {
    let pictures = PARTS.map(|(name, parts)| {
        let file = file(name, size);
        let picture = Picture::read(&desktop.path(&format!("{file}.png")));
        let labels = Labels::read(&desktop.path(&format!("{file}.json")));
        picture.assert_drawn(&file, size);
        for part in parts {
            picture.assert_part(&file, &labels, part);
        }
        (name, picture)
    });
    for pair in pictures.windows(2) {
        let [(before, a), (after, b)] = pair else { continue };
        let share = a.share_different(b);
        assert!(0.01 < share, "{before} and {after} differ in {share} of their pixels");
    }
    // Land in daylight has its full colour, land at night is darker, and panels cover the rest.
    // The map first shows England, where it is night; the whole world has day and night.
    let (_, world) = pictures.iter().find(|(name, _)| *name == "world").expect("a picture of the world");
    let land = world.share(|pixel| pixel == [0x22, 0x31, 0x41]);
    assert!(0.01 < land && land < 0.3, "land takes {land} of the exercise screen");
}

/// Keeps the pictures for people to look at: `BLACKSTART_PICTURES=folder cargo test --features automation --test app window`.
fn keep(desktop: &Desktop, folder: &Path) {
    fs::create_dir_all(folder).expect("a folder for pictures");
    for (name, size) in PARTS.iter().flat_map(|(name, _)| SIZES.map(|size| (name, size))) {
        for ending in ["png", "json"] {
            let name = format!("{}.{ending}", file(name, size));
            fs::copy(desktop.path(&name), folder.join(&name)).expect("a copy");
        }
    }
}

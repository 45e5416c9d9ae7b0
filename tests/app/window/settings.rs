//! Text size and full screen are kept from one start of the program to the next.

use std::fs;

use super::desktop::{Desktop, EXIT_LIMIT};
use super::picture::Labels;
use super::program::Program;

const LARGER: &str = r#"
wait "Choose a scenario" 90
frames 5
labels usual.json
key Ctrl+=
key Ctrl+=
frames 5
labels larger.json
key F11
frames 5
quit
"#;

/// The window opens in the state in which it was closed; F11 leaves full screen.
const AGAIN: &str = "wait \"Choose a scenario\" 90\nframes 5\nlabels again.json\nkey F11\nframes 5\nquit\n";

const LOOK: &str = "wait \"Choose a scenario\" 90\nframes 5\nlabels again.json\nquit\n";

#[test]
fn text_size_and_full_screen_are_kept_and_broken_settings_are_set_aside() {
    let Some(desktop) = Desktop::open() else { return };
    let play = |automation: &str| {
        let mut command = desktop.play_command(automation);
        Program::start(command.args(["--size", "1600x900"])).succeeds_within(EXIT_LIMIT);
    };
    let height = |name: &str| {
        let [_, top, _, bottom] = Labels::read(&desktop.path(name)).rect("Choose a scenario").expect("a heading");
        bottom - top
    };
    play(LARGER);
    let file = desktop.path("config/blackstart/settings.json");
    let kept = fs::read_to_string(&file).expect("settings");
    assert!(kept.contains("\"text_percent\": 120") && kept.contains("\"is_full_screen\": true"), "{kept}");
    play(AGAIN);
    let kept = fs::read_to_string(&file).expect("settings");
    assert!(kept.contains("\"text_percent\": 120") && kept.contains("\"is_full_screen\": false"), "{kept}");
    assert!(height("usual.json") < height("larger.json"));
    assert_eq!(height("again.json"), height("larger.json"), "the text is as large as it was");
    fs::write(&file, "{ \"text_percent\": 5000 }").expect("a broken file");
    play(LOOK);
    assert_eq!(height("again.json"), height("usual.json"), "the usual size");
    let labels = Labels::read(&desktop.path("again.json"));
    assert!(labels.rect("Your settings cannot be read").is_some(), "the start screen says so");
    let aside = desktop.path("config/blackstart/set-aside/settings.json");
    assert_eq!(fs::read_to_string(&aside).expect("the file set aside"), "{ \"text_percent\": 5000 }");
    assert!(!file.exists());
}

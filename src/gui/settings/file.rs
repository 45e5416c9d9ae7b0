//! The file of settings in the platform's configuration folder: read once at the start, written after a change.
//!
//! A file that cannot be understood is set aside and never overwritten. Knows no window.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{FileError, Overwrite, check_folder, read_regular, set_aside, write_atomic};

const NAME: &str = "settings.json";
/// Largest settings file in bytes; a real one has some hundred.
const BYTES_MAX: u64 = 64 * 1024;
/// Default size of the window.
pub const WINDOW_SIZE_USUAL: [u32; 2] = [1440, 900];
/// Smallest window: with less, the panels would leave no space for the map.
pub const WINDOW_SIZE_MIN: [u32; 2] = [800, 600];
/// Largest window; no desktop of today is larger.
pub const WINDOW_SIZE_MAX: [u32; 2] = [16_384, 16_384];
const TEXT_PERCENT: std::ops::RangeInclusive<u32> = 70..=250;

/// The settings that the user chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Size of the text in per cent of the default.
    pub text_percent: u32,
    pub is_full_screen: bool,
    /// Width and height in logical pixels; none for the default size.
    pub window_size: Option<[u32; 2]>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { text_percent: 100, is_full_screen: false, window_size: None }
    }
}

impl Settings {
    /// # Errors
    /// The value found and the values allowed.
    fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let settings: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if !TEXT_PERCENT.contains(&settings.text_percent) {
            let (from, to) = TEXT_PERCENT.into_inner();
            return Err(format!("`text_percent` is {}; expected {from} to {to}", settings.text_percent));
        }
        match settings.window_size {
            Some(size) if size != fitted(size) => {
                let ([width, height], [from_x, from_y], [to_x, to_y]) = (size, WINDOW_SIZE_MIN, WINDOW_SIZE_MAX);
                Err(format!("`window_size` is {width} by {height}; expected {from_x} by {from_y} to {to_x} by {to_y}"))
            }
            _ => Ok(settings),
        }
    }

    fn to_json(self) -> String {
        let text = serde_json::to_string_pretty(&self).expect("settings are numbers and flags");
        text + "\n"
    }
}

/// The nearest size that a window can have.
pub fn fitted(size: [u32; 2]) -> [u32; 2] {
    [0, 1].map(|axis| size[axis].clamp(WINDOW_SIZE_MIN[axis], WINDOW_SIZE_MAX[axis]))
}

/// The file of settings and its content.
#[derive(Debug)]
pub struct SettingsFile {
    /// None if settings cannot be saved.
    path: Option<PathBuf>,
    kept: Settings,
}

impl SettingsFile {
    /// Reads the settings of a folder and checks that they can be saved there. If there is a problem, it comes as a
    /// sentence, and the settings are the default ones. The folder is None if the system names none.
    pub fn open(folder: Option<&Path>) -> (Self, Option<String>) {
        let usual = |path| Self { path, kept: Settings::default() };
        let Some(folder) = folder else {
            return (usual(None), None);
        };
        let path = folder.join(NAME);
        match read_regular(&path, BYTES_MAX) {
            Ok(bytes) => match Settings::from_json(&bytes) {
                Ok(kept) => match check_folder(folder) {
                    Ok(()) => (Self { path: Some(path), kept }, None),
                    Err(error) => (Self { path: None, kept }, Some(not_kept(&error))),
                },
                Err(problem) => {
                    let (file, sentence) = Self::without(&path, folder, &problem);
                    (file, Some(sentence))
                }
            },
            Err(FileError::Missing(_)) => match check_folder(folder) {
                Ok(()) => (usual(Some(path)), None),
                Err(error) => (usual(None), Some(not_kept(&error))),
            },
            Err(FileError::NotAFolder(blocked)) => (usual(None), Some(not_kept(&FileError::NotAFolder(blocked)))),
            Err(error) => {
                let (file, sentence) = Self::without(&path, folder, &error.to_string());
                (file, Some(sentence))
            }
        }
    }

    /// Uses the default settings and moves the unreadable file aside.
    fn without(path: &Path, folder: &Path, problem: &str) -> (Self, String) {
        let (path, place) = match set_aside(path, &folder.join("set-aside")) {
            Ok(place) => (Some(path.to_owned()), format!("They were moved, unchanged, to {}", place.display())),
            Err(_) => (None, format!("They stay as they are, and changes cannot be saved: {}", path.display())),
        };
        let sentence = format!("Your settings cannot be read, so the usual ones are used ({problem}). {place}");
        (Self { path, kept: Settings::default() }, sentence)
    }

    pub fn kept(&self) -> Settings {
        self.kept
    }

    /// Writes the settings if they have changed.
    ///
    /// # Errors
    /// A sentence for the user, once; later changes are not written.
    pub fn keep(&mut self, settings: Settings) -> Result<(), String> {
        let Some(path) = self.path.as_ref().filter(|_| settings != self.kept) else {
            return Ok(());
        };
        if let Err(error) = write_atomic(path, settings.to_json().as_bytes(), Overwrite::Allowed) {
            self.path = None;
            return Err(not_kept(&error));
        }
        self.kept = settings;
        Ok(())
    }
}

fn not_kept(error: &FileError) -> String {
    format!("Changes of the settings (text size, full screen) cannot be saved: {error}")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const CHANGED: Settings = Settings { text_percent: 130, is_full_screen: true, window_size: Some([1280, 800]) };

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    #[test]
    fn settings_come_back_as_they_were_kept() {
        let home = folder();
        let place = home.path().join("config/blackstart");
        let (mut file, problem) = SettingsFile::open(Some(&place));
        assert_eq!((file.kept(), problem), (Settings::default(), None));
        assert!(!place.join(NAME).exists(), "nothing is written before something changes");
        file.keep(Settings::default()).expect("nothing to write");
        assert!(!place.join(NAME).exists());
        file.keep(CHANGED).expect("kept");
        let (again, problem) = SettingsFile::open(Some(&place));
        assert_eq!((again.kept(), problem), (CHANGED, None));
    }

    #[test]
    fn a_file_with_some_settings_leaves_the_others_as_usual() {
        let read = Settings::from_json(br#"{ "text_percent": 120 }"#).expect("settings");
        assert_eq!(read, Settings { text_percent: 120, ..Settings::default() });
    }

    #[test]
    fn a_broken_file_is_set_aside_with_its_place_reported_and_never_overwritten() {
        let check = |bytes: &[u8], words: &str| {
            let home = folder();
            fs::write(home.path().join(NAME), bytes).expect("a file");
            let (mut file, problem) = SettingsFile::open(Some(home.path()));
            assert_eq!(file.kept(), Settings::default());
            let problem = problem.expect("a sentence");
            let aside = home.path().join("set-aside").join(NAME);
            assert!(problem.contains(words) && problem.contains(&aside.display().to_string()), "{problem}");
            assert_eq!(fs::read(&aside).expect("the file set aside"), bytes);
            file.keep(CHANGED).expect("kept");
            assert_eq!(fs::read(&aside).expect("the file set aside"), bytes);
            let (again, problem) = SettingsFile::open(Some(home.path()));
            assert_eq!((again.kept(), problem), (CHANGED, None), "it is reported once");
        };
        check(b"", "EOF");
        check(b"\xff\xfe{", "line 1");
        check(b"{ \"text_percent\": 120,", "line 1");
        check(b"{ \"text_percent\": 900 }", "`text_percent` is 900; expected 70 to 250");
        check(b"{ \"text_percent\": -1 }", "-1");
        check(b"{ \"text_size\": 120 }", "unknown field `text_size`");
        check(b"{ \"window_size\": [10, 900] }", "`window_size` is 10 by 900; expected 800 by 600 to");
        check(&vec![b' '; 100_000], "100,000 bytes");
    }

    #[test]
    fn a_second_broken_file_does_not_replace_the_first() {
        let home = folder();
        for text in ["first", "second"] {
            fs::write(home.path().join(NAME), text).expect("a file");
            SettingsFile::open(Some(home.path())).1.expect("a sentence");
        }
        let aside = home.path().join("set-aside");
        assert_eq!(fs::read_to_string(aside.join(NAME)).expect("the first"), "first");
        assert_eq!(fs::read_to_string(aside.join("settings-2.json")).expect("the second"), "second");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_reported_once() {
        let home = folder();
        fs::write(home.path().join("config"), "a file in the way").expect("a file");
        let (mut file, problem) = SettingsFile::open(Some(&home.path().join("config/blackstart")));
        let problem = problem.expect("a sentence");
        assert!(problem.contains("cannot be saved") && problem.contains("not a folder"), "{problem}");
        assert_eq!(file.keep(CHANGED), Ok(()), "it was reported already");
        // The folder goes away while the window is open.
        let place = home.path().join("later");
        let (mut file, problem) = SettingsFile::open(Some(&place));
        assert_eq!(problem, None);
        fs::remove_dir(&place).expect("the folder goes");
        assert!(file.keep(CHANGED).is_err_and(|problem| problem.contains("cannot be saved")));
        assert_eq!(file.keep(Settings::default()), Ok(()), "it was reported already");
    }

    #[test]
    fn a_system_that_names_no_folder_keeps_nothing_and_says_nothing() {
        let (mut file, problem) = SettingsFile::open(None);
        assert_eq!(problem, None);
        assert_eq!(file.keep(CHANGED), Ok(()));
    }
}

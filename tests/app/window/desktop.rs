//! An X server for the test, with the mouse and keyboard of a person.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::program::Program;

pub const BLACKSTART: &str = env!("CARGO_BIN_EXE_blackstart");
/// Time limits are long, because software drawing on a shared machine is slow.
pub const FILE_LIMIT: Duration = Duration::from_secs(600);
pub const EXIT_LIMIT: Duration = Duration::from_secs(480);
const XDOTOOL_LIMIT: Duration = Duration::from_secs(30);

/// A lock that lets one window run at a time, because windows share two processors.
static TURN: Mutex<()> = Mutex::new(());

/// An X server without a screen, and a folder for everything that is written; both end with the test.
pub struct Desktop {
    pub server: Child,
    display: String,
    driver: PathBuf,
    folder: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // The error is dropped: the server may have ended already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn is_on_path(tool: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()))
}

/// Mesa's software driver for Vulkan.
fn software_driver() -> Option<PathBuf> {
    let folders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let mut drivers: Vec<PathBuf> = files
        .map(|file| file.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("lvp_icd")))
        .collect();
    drivers.sort();
    drivers.into_iter().next()
}

impl Desktop {
    /// None if the environment asks to skip these tests.
    pub fn open() -> Option<Self> {
        if std::env::var_os("BLACKSTART_SKIP_WINDOW").is_some_and(|value| value == "1") {
            eprintln!("SKIPPED: BLACKSTART_SKIP_WINDOW=1, the window was not tested");
            return None;
        }
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: Vec<&str> = ["Xvfb", "xdotool"].into_iter().filter(|tool| !is_on_path(tool)).collect();
        let driver = software_driver();
        assert!(
            missing.is_empty() && driver.is_some(),
            "the window tests need {}; run scripts/test, which installs it, or set BLACKSTART_SKIP_WINDOW=1",
            if missing.is_empty() { "Mesa's lavapipe driver".to_owned() } else { missing.join(" and ") }
        );
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0", "1920x1080x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        let stdout = server.stdout.take().expect("Xvfb's output");
        BufReader::new(stdout).read_line(&mut number).expect("Xvfb's display number");
        let desktop = Self {
            server,
            display: format!(":{}", number.trim()),
            driver: driver.expect("checked above"),
            folder: tempfile::tempdir().expect("a folder"),
            _turn: turn,
        };
        fs::create_dir(desktop.path("work")).expect("a working folder");
        Some(desktop)
    }

    /// A place beside the working folder: `data` and `config` are the platform's folders there.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command in the working folder `work`, which finds no other display and no other home.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path("work"))
            .env("DISPLAY", &self.display)
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("VK_DRIVER_FILES", &self.driver)
            .env("VK_ICD_FILENAMES", &self.driver)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET");
        command
    }

    /// The program with an automation file. The files of the automation are beside the working folder.
    pub fn play_command(&self, automation: &str) -> Command {
        fs::write(self.path("automation"), automation).expect("the file is written");
        let mut command = self.command(BLACKSTART);
        command.args(["play", "--automation", "../automation"]);
        command
    }

    /// Starts the program in a window of 1280 by 720.
    pub fn play(&self, automation: &str) -> Program {
        Program::start(self.play_command(automation).args(["--size", "1280x720"]))
    }

    pub fn xdotool(&self, arguments: &[&str]) -> String {
        Program::start(self.command("xdotool").args(arguments)).succeeds_within(XDOTOOL_LIMIT)
    }

    /// The id of the window, after giving it the keyboard, which no window manager does here.
    pub fn window(&self) -> String {
        let found = self.xdotool(&["search", "--sync", "--onlyvisible", "--name", "^Blackstart$"]);
        let id = found.lines().next().expect("a window").to_owned();
        self.xdotool(&["windowfocus", "--sync", &id]);
        id
    }

    /// Clicks on the place that the automation has written to a file.
    pub fn click(&self, program: &mut Program, window: &str, place: &str) {
        let text = self.wait_for(program, place);
        let mut words = text.split_whitespace();
        let (x, y) = (words.next().expect("x"), words.next().expect("y"));
        self.xdotool(&["mousemove", "--sync", "--window", window, x, y]);
        sleep(Duration::from_millis(300));
        self.xdotool(&["mousedown", "1"]);
        sleep(Duration::from_millis(300));
        self.xdotool(&["mouseup", "1"]);
    }

    pub fn key(&self, key: &str) {
        self.xdotool(&["key", "--clearmodifiers", key]);
        sleep(Duration::from_millis(400));
    }

    /// Waits for a file of the automation; returns its text.
    pub fn wait_for(&self, program: &mut Program, name: &str) -> String {
        let begun = Instant::now();
        loop {
            if let Ok(text) = fs::read_to_string(self.path(name)) {
                return text;
            }
            if let Some(status) = program.child.try_wait().expect("a child") {
                panic!("the program ended ({status}) before {name}: {}", program.said());
            }
            assert!(begun.elapsed() < FILE_LIMIT, "no {name} after {FILE_LIMIT:?}");
            sleep(Duration::from_millis(50));
        }
    }
}

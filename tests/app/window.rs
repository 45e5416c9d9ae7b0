//! Plays the real program in a real window: under Xvfb, with Mesa's software driver, worked from
//! outside by xdotool. Pictures are judged by their pixels.
//!
//! The script language of `gui::script` waits for labels, says where they are and takes pictures;
//! clicks and keys come from the X server. `scripts/test` installs what is needed.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

const BLACKSTART: &str = env!("CARGO_BIN_EXE_blackstart");
/// Software drawing on a shared machine takes its time.
const FILE_LIMIT: Duration = Duration::from_secs(180);
const EXIT_LIMIT: Duration = Duration::from_secs(480);
const XDOTOOL_LIMIT: Duration = Duration::from_secs(30);

/// One window at a time: they share two processors.
static TURN: Mutex<()> = Mutex::new(());

/// An X server of our own; ends with the test.
struct Screen {
    server: Child,
    display: String,
    driver: PathBuf,
    folder: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Drop for Screen {
    fn drop(&mut self) {
        // The server may be gone already, and then there is nothing to end.
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

impl Screen {
    /// None when the machine's owner has asked to skip these tests.
    fn open(size: [u32; 2]) -> Option<Self> {
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
        let [width, height] = size;
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0"])
            .arg(format!("{width}x{height}x24"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        let stdout = server.stdout.take().expect("Xvfb's output");
        BufReader::new(stdout).read_line(&mut number).expect("Xvfb's display number");
        Some(Self {
            server,
            display: format!(":{}", number.trim()),
            driver: driver.expect("checked above"),
            folder: tempfile::tempdir().expect("a folder"),
            _turn: turn,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env("DISPLAY", &self.display)
            .env("XDG_RUNTIME_DIR", self.folder.path())
            // Runs are kept in the test's folder, not among those of whoever runs the tests.
            .env("XDG_DATA_HOME", self.folder.path())
            .env("VK_DRIVER_FILES", &self.driver)
            .env("VK_ICD_FILENAMES", &self.driver)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET")
            .stdin(Stdio::null());
        command
    }

    /// Starts the program on a script, which runs in the test's folder.
    fn play(&self, script: &str, size: [u32; 2]) -> Program {
        self.play_with(script, size, |command| command)
    }

    fn play_with(&self, script: &str, size: [u32; 2], with: impl Fn(&mut Command) -> &mut Command) -> Program {
        fs::write(self.path("script"), script).expect("the script is written");
        let mut command = self.command(BLACKSTART);
        let child = with(&mut command)
            .args(["play", "--script", "script", "--frame-times", "frames.txt", "--size"])
            .arg(format!("{}x{}", size[0], size[1]))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        Program { child }
    }

    fn xdotool(&self, arguments: &[&str]) -> String {
        let child = self.command("xdotool").args(arguments).stdout(Stdio::piped()).spawn();
        let mut tool = Program { child: child.expect("xdotool starts") };
        let status = tool.ended_within(XDOTOOL_LIMIT).unwrap_or_else(|| panic!("xdotool {arguments:?} hangs"));
        assert!(status.success(), "xdotool {arguments:?}: {status}");
        tool.said()
    }

    /// The window's id, with the keyboard in it: without a window manager nobody else gives it that.
    fn window(&self) -> String {
        let found = self.xdotool(&["search", "--sync", "--onlyvisible", "--name", "^Blackstart$"]);
        let id = found.lines().next().expect("a window").to_owned();
        self.xdotool(&["windowfocus", "--sync", &id]);
        id
    }

    /// A real click on the place the script wrote down.
    fn click(&self, program: &mut Program, window: &str, place: &str) {
        let text = self.wait_for(program, place);
        let mut words = text.split_whitespace();
        let (x, y) = (words.next().expect("x"), words.next().expect("y"));
        self.xdotool(&["mousemove", "--sync", "--window", window, x, y]);
        sleep(Duration::from_millis(300));
        self.xdotool(&["mousedown", "1"]);
        sleep(Duration::from_millis(300));
        self.xdotool(&["mouseup", "1"]);
    }

    fn key(&self, key: &str) {
        self.xdotool(&["key", "--clearmodifiers", key]);
        sleep(Duration::from_millis(400));
    }

    /// The text of a file the script is to write.
    fn wait_for(&self, program: &mut Program, name: &str) -> String {
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

/// A child that does not outlive the test.
struct Program {
    child: Child,
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has usually ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn ended_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < limit {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return Some(status);
            }
            sleep(Duration::from_millis(20));
        }
        None
    }

    /// Everything it has written, after its end.
    fn said(&mut self) -> String {
        let mut text = String::new();
        if let Some(stdout) = &mut self.child.stdout {
            stdout.read_to_string(&mut text).expect("text");
        }
        if let Some(stderr) = &mut self.child.stderr {
            stderr.read_to_string(&mut text).expect("text");
        }
        text
    }
}

#[cfg(target_os = "linux")]
impl Program {
    /// Processor time used so far.
    fn busy(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("the program's figures");
        let after_name = stat.rsplit_once(')').expect("a name in brackets").1;
        // User and system time are fields 14 and 15, in hundredths of a second on every Linux of today.
        let ticks = after_name.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().expect("a number"));
        Duration::from_millis(ticks.sum::<u64>() * 10)
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().expect("kill");
        assert!(status.success());
    }
}

/// A decoded screenshot.
struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    fn read(path: &Path) -> Self {
        let file = fs::File::open(path).unwrap_or_else(|error| panic!("{error}: {}", path.display()));
        let mut reader = png::Decoder::new(BufReader::new(file)).read_info().expect("a PNG file");
        let mut rgb = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut rgb).expect("a picture");
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
        Self { width: info.width as usize, height: info.height as usize, rgb }
    }

    fn pixels(&self) -> impl Iterator<Item = [u8; 3]> + '_ {
        self.rgb.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]])
    }

    fn share(&self, is_counted: impl Fn([u8; 3]) -> bool) -> f64 {
        self.pixels().filter(|pixel| is_counted(*pixel)).count() as f64 / (self.width * self.height) as f64
    }

    fn share_different(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let far = |a: [u8; 3], b: [u8; 3]| (0..3).any(|channel| 8 < a[channel].abs_diff(b[channel]));
        let count = self.pixels().zip(other.pixels()).filter(|(a, b)| far(*a, *b)).count();
        count as f64 / (self.width * self.height) as f64
    }

    /// Something is drawn, and there are letters in it.
    fn assert_drawn(&self, name: &str, size: [u32; 2]) {
        assert_eq!([self.width as u32, self.height as u32], size, "{name}");
        let mut colours: Vec<[u8; 3]> = self.pixels().collect();
        colours.sort_unstable();
        colours.dedup();
        assert!(60 < colours.len(), "{name} has {} colours", colours.len());
        let text = self.share(|[r, g, b]| 200 < r && 200 < g && 200 < b);
        assert!(0.0005 < text, "{name} has {text} of its pixels as bright as text");
        let dark = self.share(|[r, g, b]| r < 60 && g < 70 && b < 90);
        assert!(0.4 < dark, "{name} is not on a dark ground: {dark}");
    }
}

/// The whole way of a trainee; `touch` and `where` files tell the test when it is its turn.
const PLAY: &str = r#"
wait "Choose a scenario" 90
frames 5
screenshot start.png
where "19 July 2024" card.at
wait "Seat Health coordinator" 60
frames 5
screenshot seats.png
touch seats.ready
wait "Begin exercise" 60
frames 5
screenshot briefing.png
where "Begin exercise" begin.at
wait "Map of organisations" 60
frames 10
screenshot room.png
key 0
frames 10
screenshot world.png
key Y
frames 5
key S
wait "Find figures by any words" 60
frames 5
screenshot sources.png
key Escape
wait "Map of organisations" 60
frames 5
where "Mitigations" tab.at
reactive
wait "Repair this fleet first" 60
continuous
frames 5
where "Repair this fleet first" mitigation.at
wait "Give order" 60
frames 5
screenshot order.png
where "Target EMIS" first-target.at
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
speed 3600
sleep 4
frames 5
screenshot later.png
wheel 640 330 6
frames 15
screenshot near.png
key E
click "Confirm: End exercise"
wait "Try again" 400
frames 5
screenshot debrief.png
quit
"#;

const PICTURES: [&str; 10] =
    ["start", "seats", "briefing", "room", "world", "sources", "order", "later", "near", "debrief"];

fn plays_from_start_to_debrief(size: [u32; 2]) {
    let Some(screen) = Screen::open(size) else { return };
    let mut program = screen.play(PLAY, size);
    screen.wait_for(&mut program, "card.at");
    let window = screen.window();
    screen.click(&mut program, &window, "card.at");
    screen.wait_for(&mut program, "seats.ready");
    screen.key("1");
    screen.click(&mut program, &window, "begin.at");
    screen.click(&mut program, &window, "tab.at");
    screen.click(&mut program, &window, "mitigation.at");
    screen.click(&mut program, &window, "first-target.at");
    screen.click(&mut program, &window, "give.at");
    screen.wait_for(&mut program, "keyboard.ready");
    // A mitigation with targets: open its card, choose the first target, order.
    for key in ["m", "Down", "Down", "Return"] {
        screen.key(key);
    }
    screen.wait_for(&mut program, "target.ready");
    for key in ["Down", "Return"] {
        screen.key(key);
    }
    let status = program.ended_within(EXIT_LIMIT).expect("the script comes to its end");
    let said = program.said();
    assert!(status.success(), "{status}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    judge(&screen, size);
    if let Some(folder) = std::env::var_os("BLACKSTART_PICTURES") {
        keep(&screen, Path::new(&folder), size);
    }
}

fn judge(screen: &Screen, size: [u32; 2]) {
    let pictures = PICTURES.map(|name| (name, Picture::read(&screen.path(&format!("{name}.png")))));
    for (name, picture) in &pictures {
        picture.assert_drawn(name, size);
    }
    for pair in pictures.windows(2) {
        let [(before, a), (after, b)] = pair else { continue };
        let share = a.share_different(b);
        assert!(0.01 < share, "{before} and {after} differ in {share} of their pixels");
    }
    // Land in daylight keeps its colour; night takes some of it, panels cover the rest.
    // The map opens on England, where it is night: the whole world shows both.
    let (_, world) = pictures.iter().find(|(name, _)| *name == "world").expect("a picture of the world");
    let land = world.share(|pixel| pixel == [0x22, 0x31, 0x41]);
    assert!(0.01 < land && land < 0.3, "land takes {land} of the room");
    let times = fs::read_to_string(screen.path("frames.txt")).expect("frame times");
    assert!(times.contains("mean_ms") && times.contains("p99_ms"), "{times}");
    eprintln!("{}x{}, main schedule in a software-drawn window:\n{times}", size[0], size[1]);
}

/// For looking at: `BLACKSTART_PICTURES=folder cargo test --test app window`.
fn keep(screen: &Screen, folder: &Path, size: [u32; 2]) {
    fs::create_dir_all(folder).expect("a folder for pictures");
    for name in PICTURES {
        let to = folder.join(format!("{}x{}-{name}.png", size[0], size[1]));
        fs::copy(screen.path(&format!("{name}.png")), to).expect("a copy");
    }
}

#[test]
fn plays_from_start_to_debrief_at_1280x720() {
    plays_from_start_to_debrief([1280, 720]);
}

#[test]
fn plays_from_start_to_debrief_at_1920x1080() {
    plays_from_start_to_debrief([1920, 1080]);
}

#[test]
fn a_failing_script_names_its_line_and_exits_with_3() {
    let Some(screen) = Screen::open([1280, 720]) else { return };
    let mut program = screen.play("wait \"Choose a scenario\" 90\nexpect \"No such label\"\nquit\n", [1280, 720]);
    let status = program.ended_within(EXIT_LIMIT).expect("an end");
    let said = program.said();
    assert_eq!(status.code(), Some(3), "{said}");
    assert!(said.contains("script line 2") && said.contains("No such label"), "{said}");
}

/// What the program does without a window: it goes on in the terminal and says why.
fn falls_back(mut command: Command) {
    let folder = tempfile::tempdir().expect("a folder");
    let child = command
        .current_dir(folder.path())
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut program = Program { child: child.expect("the program starts") };
    let status = program.ended_within(EXIT_LIMIT).expect("an end");
    let said = program.said();
    assert!(status.success(), "{status}: {said}");
    assert!(!said.contains("panicked") && !said.contains("ERROR"), "{said}");
    let reasons = said.lines().filter(|line| line.starts_with("There is no ")).count();
    assert_eq!(reasons, 1, "one sentence says why there is no window: {said}");
}

#[test]
fn without_a_display_the_terminal_takes_over() {
    let mut command = Command::new(BLACKSTART);
    command.env_remove("DISPLAY");
    falls_back(command);
}

#[test]
fn with_a_display_that_is_not_there_the_terminal_takes_over() {
    let mut command = Command::new(BLACKSTART);
    command.env("DISPLAY", ":7999");
    falls_back(command);
}

#[test]
fn without_a_graphics_driver_the_terminal_takes_over() {
    let Some(screen) = Screen::open([1280, 720]) else { return };
    let mut command = screen.command(BLACKSTART);
    command.env("WGPU_BACKEND", "vulkan").env("VK_DRIVER_FILES", "/none").env("VK_ICD_FILENAMES", "/none");
    falls_back(command);
}

/// The window under way, without a script: it paces itself as it does for people.
#[cfg(target_os = "linux")]
const PAUSED: &str = r#"
wait "Choose a scenario" 90
key 1
wait "Seat Health coordinator" 60
key 1
wait "Begin exercise" 60
key Enter
wait "Map of organisations" 60
frames 10
measure
touch paused
reactive
gone "Paused, press Space to go on" 600
quit
"#;

/// Untouched and paused the window rests; a key wakes it at once.
#[test]
#[cfg(target_os = "linux")]
fn a_window_that_nobody_touches_rests() {
    const WATCHED: Duration = Duration::from_secs(20);
    let Some(screen) = Screen::open([1280, 720]) else { return };
    let mut program = screen.play(PAUSED, [1280, 720]);
    screen.wait_for(&mut program, "paused");
    screen.window();
    // Egui's own animations end, the twins are computed.
    sleep(Duration::from_secs(20));
    let before = program.busy();
    sleep(WATCHED);
    let used = program.busy() - before;
    screen.key("space");
    let woken = Instant::now();
    let status = program.ended_within(Duration::from_secs(60)).expect("a key wakes the window");
    assert!(status.success(), "{}", program.said());
    let frames = fs::read_to_string(screen.path("frames.txt")).expect("frame times");
    eprintln!("{used:?} of {WATCHED:?} used at rest, {:?} to wake; {frames}", woken.elapsed());
    assert!(used * 100 <= WATCHED, "{used:?} of {WATCHED:?} is more than 1 % of a core");
}

/// How a window under way ends when something ends it: words, status, and nothing written.
#[cfg(target_os = "linux")]
fn ends(end: impl Fn(&mut Screen, &Program), status: i32, words: &str) {
    let Some(mut screen) = Screen::open([1280, 720]) else { return };
    let mut program = screen.play(&PAUSED.replace("measure\ntouch paused", "touch paused"), [1280, 720]);
    screen.wait_for(&mut program, "paused");
    sleep(Duration::from_secs(1));
    end(&mut screen, &program);
    let ended = program.ended_within(Duration::from_secs(60)).expect("an end");
    let said = program.said();
    assert_eq!(ended.code(), Some(status), "{said}");
    assert!(said.contains(words), "{said}");
    assert!(!said.contains("panicked") && !said.contains("reference run"), "{said}");
    let mut left: Vec<_> = fs::read_dir(screen.folder.path()).expect("the folder").flatten().collect();
    left.retain(|file| {
        ![".txt", "script", "paused", "runs"].iter().any(|end| file.file_name().to_string_lossy().ends_with(end))
    });
    assert!(left.is_empty(), "nothing else is written: {left:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_terminate_and_log_out_end_the_window_each_in_its_own_words() {
    ends(|_, program| program.signal("INT"), 130, "interrupted by Ctrl-C");
    ends(|_, program| program.signal("TERM"), 143, "asked to terminate");
    ends(|_, program| program.signal("HUP"), 129, "the terminal was closed or the session ended");
}

#[test]
#[cfg(target_os = "linux")]
fn a_lost_display_is_told_as_such() {
    let kill = |screen: &mut Screen, _: &Program| {
        screen.server.kill().expect("Xvfb ends");
    };
    ends(kill, 69, "the display is gone");
}

#[test]
fn a_stale_wayland_display_does_not_hide_the_x_display() {
    let Some(screen) = Screen::open([1280, 720]) else { return };
    let script = "wait \"Choose a scenario\" 90\nquit\n";
    let mut program =
        screen.play_with(script, [1280, 720], |command| command.env("WAYLAND_DISPLAY", "wayland-left-behind"));
    let status = program.ended_within(EXIT_LIMIT).expect("an end");
    let said = program.said();
    assert!(status.success(), "{status}: {said}");
    assert!(said.contains("the Wayland display `wayland-left-behind` does not answer"), "{said}");
}

/// Closing the window asks in mid-run; the way out is a button of the question.
#[test]
fn closing_the_window_in_mid_run_asks_first() {
    let Some(screen) = Screen::open([1280, 720]) else { return };
    let script = r#"
wait "Choose a scenario" 90
key 1
wait "Seat Health coordinator" 60
key 1
wait "Begin exercise" 60
key Enter
wait "Map of organisations" 60
key Ctrl+Q
wait "Confirm: Keep playing" 60
screenshot close.png
key Enter
gone "Confirm: Keep playing"
key Ctrl+Q
wait "Close window" 60
click "Close window"
sleep 60
"#;
    let mut program = screen.play(script, [1280, 720]);
    let status = program.ended_within(EXIT_LIMIT).expect("an end");
    assert!(status.success(), "{status}: {}", program.said());
    assert!(screen.path("close.png").is_file(), "the question was on the screen");
}

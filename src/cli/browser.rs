//! Opens an address in the browser of this machine.

use std::io::IsTerminal;
use std::process::{Command, Stdio};

/// Opens an address in the default browser. False if there is nobody to see it (no terminal, no display) or nothing that
/// opens it; the address stands in the terminal in any case.
pub fn open(address: &str) -> bool {
    let Some((program, arguments)) = opener() else { return false };
    if !std::io::stdout().is_terminal() {
        return false;
    }
    let quiet = || Stdio::null();
    let mut command = Command::new(program);
    command.args(arguments).arg(address).stdin(quiet()).stdout(quiet()).stderr(quiet());
    let Ok(mut child) = command.spawn() else { return false };
    // The opener ends soon, the browser does not; somebody must take note of the end.
    std::thread::spawn(move || child.wait());
    true
}

/// The program of the system that opens addresses, with its arguments.
fn opener() -> Option<(&'static str, &'static [&'static str])> {
    if cfg!(target_os = "windows") {
        return Some(("rundll32", &["url.dll,FileProtocolHandler"]));
    }
    if cfg!(target_os = "macos") {
        return Some(("open", &[]));
    }
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    has_display.then_some(("xdg-open", &[]))
}

//! Checks whether there is a display for the window and a graphics adapter that can draw on it. It asks them instead
//! of reading the panic messages of libraries.
//!
//! On Linux and the BSDs winit opens a Wayland window if `WAYLAND_DISPLAY` is set. If no compositor listens there any
//! more (as in an old tmux session), winit fails, even if an X display would answer.

use super::error::GuiError;

/// Ensures that winit will find a display.
///
/// # Errors
/// The environment names no display, or none of the named displays answers.
pub fn check() -> Result<(), GuiError> {
    #[cfg(all(unix, not(target_os = "macos")))]
    return match unix::choose(&|name| std::env::var_os(name))? {
        unix::Choice::AsNamed => Ok(()),
        unix::Choice::OnlyX { why } => unix::start_again_on_x(&why),
    };
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    Ok(())
}

/// The reason why no named display answers; none if one does.
pub fn complaint() -> Option<String> {
    #[cfg(all(unix, not(target_os = "macos")))]
    return unix::choose(&|name| std::env::var_os(name)).err().map(|error| match error {
        GuiError::NoDisplay(why) => why,
        other => other.to_string(),
    });
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    None
}

/// Is there a graphics adapter of the kinds that Bevy uses? The question is asked only if drawing could not begin,
/// because some adapters can be found only with a window.
pub fn has_adapter() -> bool {
    let backends = bevy::render::settings::WgpuSettings::default().backends.unwrap_or(wgpu::Backends::all());
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = backends;
    let instance = wgpu::Instance::new(descriptor);
    !bevy::tasks::block_on(instance.enumerate_adapters(backends)).is_empty()
}

#[cfg(all(unix, not(target_os = "macos")))]
mod unix {
    use std::ffi::OsString;
    use std::os::unix::net::UnixStream;
    use std::os::unix::process::CommandExt;
    use std::path::PathBuf;
    use std::process::Command;

    use x11rb::rust_connection::RustConnection;

    use crate::gui::error::GuiError;

    /// An environment: the value of a variable.
    type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

    #[derive(Debug, PartialEq, Eq)]
    pub enum Choice {
        /// The display that winit tries first answers.
        AsNamed,
        /// A Wayland display is named and does not answer, but an X display answers.
        OnlyX { why: String },
    }

    /// Asks the displays that the environment names, Wayland first, as winit does.
    pub fn choose(environment: Environment<'_>) -> Result<Choice, GuiError> {
        let (wayland, x) = (ask_wayland(environment), ask_x(environment));
        match (wayland, x) {
            (Some(Ok(())), _) | (None, Some(Ok(()))) => Ok(Choice::AsNamed),
            (Some(Err(why)), Some(Ok(()))) => Ok(Choice::OnlyX { why }),
            (None, None) => Err(GuiError::NoDisplay("neither DISPLAY nor WAYLAND_DISPLAY is set".to_owned())),
            (Some(Err(why)), None) | (None, Some(Err(why))) => Err(GuiError::NoDisplay(why)),
            (Some(Err(why)), Some(Err(why_x))) => Err(GuiError::NoDisplay(format!("{why}, and {why_x}"))),
        }
    }

    fn named(environment: Environment<'_>, name: &str) -> Option<OsString> {
        environment(name).filter(|value| !value.is_empty())
    }

    /// The answer of the Wayland display; none if the environment names none.
    fn ask_wayland(environment: Environment<'_>) -> Option<Result<(), String>> {
        let Some(name) = named(environment, "WAYLAND_DISPLAY") else {
            // The parent process handed over an open connection. It can be used only once, so it is not tested here.
            return named(environment, "WAYLAND_SOCKET").map(|_| Ok(()));
        };
        let socket = PathBuf::from(&name);
        let folder = named(environment, "XDG_RUNTIME_DIR").map(PathBuf::from);
        let answer = match (socket.is_absolute(), folder) {
            (true, _) => UnixStream::connect(&socket).map_err(|error| error.to_string()),
            (false, Some(folder)) => UnixStream::connect(folder.join(socket)).map_err(|error| error.to_string()),
            (false, None) => Err("XDG_RUNTIME_DIR is not set".to_owned()),
        };
        let name = name.to_string_lossy();
        Some(answer.map(drop).map_err(|why| format!("the Wayland display `{name}` does not answer ({why})")))
    }

    /// The answer of the X display; none if the environment names none.
    fn ask_x(environment: Environment<'_>) -> Option<Result<(), String>> {
        let name = named(environment, "DISPLAY")?.to_string_lossy().into_owned();
        let answer = RustConnection::connect(Some(&name));
        Some(answer.map(drop).map_err(|why| format!("the X display `{name}` does not answer ({why})")))
    }

    /// Replaces this process by the same program with the same arguments, but without the Wayland display.
    ///
    /// *Rationale*: winit reads the environment, Bevy has no switch for it, and changing the
    /// environment of a running program is not safe.
    pub fn start_again_on_x(why: &str) -> Result<(), GuiError> {
        eprintln!("{why}, so the window opens on the X display");
        let program = std::env::current_exe().map_err(|error| GuiError::NoDisplay(format!("{why} ({error})")))?;
        let error = Command::new(program)
            .args(std::env::args_os().skip(1))
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET")
            .exec();
        Err(GuiError::NoDisplay(format!("{why}, and the program could not be started again ({error})")))
    }

    #[cfg(test)]
    mod tests {
        use std::collections::BTreeMap;
        use std::os::unix::net::UnixListener;

        use super::*;

        fn chosen(variables: &[(&str, &str)]) -> Result<Choice, String> {
            let variables: BTreeMap<_, _> = variables.iter().copied().collect();
            choose(&|name| variables.get(name).map(OsString::from)).map_err(|error| error.to_string())
        }

        #[test]
        fn the_display_that_does_not_answer_is_named() {
            let folder = tempfile::tempdir().expect("a folder");
            let runtime = folder.path().to_str().expect("a readable path");
            let no_display = |variables: &[(&str, &str)]| chosen(variables).expect_err("no display");
            assert!(no_display(&[]).contains("neither DISPLAY nor WAYLAND_DISPLAY is set"));
            assert!(no_display(&[("DISPLAY", "")]).contains("neither DISPLAY nor WAYLAND_DISPLAY is set"));
            let x = no_display(&[("DISPLAY", ":7999")]);
            assert!(x.contains("the X display `:7999` does not answer") && !x.contains("Wayland"), "{x}");
            let wayland = no_display(&[("WAYLAND_DISPLAY", "wayland-9"), ("XDG_RUNTIME_DIR", runtime)]);
            assert!(wayland.contains("the Wayland display `wayland-9` does not answer"), "{wayland}");
            assert!(!wayland.contains("the X display"), "{wayland}");
            assert!(no_display(&[("WAYLAND_DISPLAY", "wayland-9")]).contains("XDG_RUNTIME_DIR is not set"));
            let both =
                no_display(&[("WAYLAND_DISPLAY", "wayland-9"), ("XDG_RUNTIME_DIR", runtime), ("DISPLAY", ":7999")]);
            assert!(both.contains("`wayland-9`") && both.contains("`:7999`"), "{both}");
        }

        #[test]
        fn a_wayland_display_that_answers_is_taken() {
            let folder = tempfile::tempdir().expect("a folder");
            let runtime = folder.path().to_str().expect("a readable path");
            let listener = UnixListener::bind(folder.path().join("wayland-3")).expect("a socket");
            let alive = [("WAYLAND_DISPLAY", "wayland-3"), ("XDG_RUNTIME_DIR", runtime), ("DISPLAY", ":7999")];
            assert_eq!(chosen(&alive), Ok(Choice::AsNamed));
            drop(listener);
            // The socket file stays, as after a compositor was killed.
            assert!(chosen(&alive).is_err_and(|why| why.contains("`wayland-3` does not answer")));
            assert_eq!(chosen(&[("WAYLAND_SOCKET", "5")]), Ok(Choice::AsNamed));
        }
    }
}

//! Starting without surprises: what stops a window from opening is found out and named.
//!
//! Bevy and winit report a missing display or driver by panicking. Until the first frame is drawn
//! such a panic is caught, kept off the terminal and turned into a [`GuiError`]; later ones are
//! bugs and go their usual way.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::app::GuiError;

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// Whether anything was drawn yet, and what went wrong before.
#[derive(Default)]
pub struct Startup {
    is_drawn: AtomicBool,
    message: Mutex<Option<String>>,
}

impl Startup {
    pub fn set_drawn(&self) {
        self.is_drawn.store(true, Ordering::Relaxed);
    }

    fn is_drawn(&self) -> bool {
        self.is_drawn.load(Ordering::Relaxed)
    }

    fn note(&self, info: &PanicHookInfo<'_>) {
        let payload = info.payload();
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown reason".into());
        let mut message = self.message.lock().unwrap_or_else(PoisonError::into_inner);
        // The first panic is the cause; others follow from it.
        message.get_or_insert(text);
    }

    fn error(&self) -> GuiError {
        let mut message = self.message.lock().unwrap_or_else(PoisonError::into_inner);
        classify(&message.take().unwrap_or_else(|| "unknown reason".into()))
    }
}

/// Which of our errors a panic of the window system or the renderer stands for.
fn classify(message: &str) -> GuiError {
    let first_line = message.lines().next().unwrap_or_default();
    if message.contains("event loop") {
        let display = std::env::var("DISPLAY").or_else(|_| std::env::var("WAYLAND_DISPLAY")).unwrap_or_default();
        GuiError::NoDisplay(format!("the display `{display}` does not answer"))
    } else if message.contains("find a GPU") {
        GuiError::NoDriver("no Vulkan or OpenGL adapter was found".into())
    } else if message.contains("surface") || message.contains("adapter") {
        GuiError::NoDriver(first_line.to_owned())
    } else {
        GuiError::Start(first_line.to_owned())
    }
}

/// On Linux and the BSDs a window needs an X or Wayland server to be named.
pub fn check_display() -> Result<(), GuiError> {
    let is_x_or_wayland = cfg!(all(unix, not(any(target_os = "macos", target_os = "android"))));
    let is_named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let names = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"];
    if is_x_or_wayland && !names.into_iter().any(is_named) {
        return Err(GuiError::NoDisplay("neither DISPLAY nor WAYLAND_DISPLAY is set".into()));
    }
    Ok(())
}

/// Runs `body`; a panic before the first frame becomes an error.
pub fn guarded<T>(startup: &Arc<Startup>, body: impl FnOnce() -> T) -> Result<T, GuiError> {
    let usual: Arc<Hook> = Arc::new(std::panic::take_hook());
    let (for_hook, usual_hook) = (startup.clone(), usual.clone());
    std::panic::set_hook(Box::new(move |info| {
        if for_hook.is_drawn() {
            usual_hook(info);
        } else {
            for_hook.note(info);
        }
    }));
    let result = catch_unwind(AssertUnwindSafe(body));
    drop(std::panic::take_hook());
    if let Ok(usual) = Arc::try_unwrap(usual) {
        std::panic::set_hook(usual);
    }
    result.map_err(|panic| {
        if startup.is_drawn() {
            resume_unwind(panic);
        }
        startup.error()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_are_told_apart() {
        let gpu = "Unable to find a GPU! Make sure you have installed required drivers!";
        assert!(matches!(classify(gpu), GuiError::NoDriver(_)));
        let display = "Failed to build event loop: Os(OsError { .. XOpenDisplayFailed })";
        assert!(matches!(classify(display), GuiError::NoDisplay(_)));
        assert!(matches!(classify("index out of bounds"), GuiError::Start(_)));
    }

    #[test]
    fn a_panic_before_the_first_frame_is_an_error() {
        let startup = Arc::new(Startup::default());
        let result = guarded(&startup, || -> () { panic!("Failed to build event loop: no") });
        assert!(matches!(result, Err(GuiError::NoDisplay(_))), "{result:?}");
        assert_eq!(guarded(&Arc::new(Startup::default()), || 7).ok(), Some(7));
    }
}

//! Converts a panic before the first frame into an error that names the missing part.
//!
//! Bevy and winit panic if the display or the driver is missing. A panic before the first drawn frame is caught and not
//! printed, and `display` checks the display and the graphics adapters. Later panics are mistakes of this program and
//! are reported as such.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bevy::prelude::*;

use super::display;
use super::error::GuiError;

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// Was a frame drawn yet? And the first panic before that.
#[derive(Default)]
pub struct Startup {
    is_drawn: AtomicBool,
    message: Mutex<Option<String>>,
}

impl Startup {
    fn set_drawn(&self) {
        self.is_drawn.store(true, Ordering::Relaxed);
    }

    pub fn is_drawn(&self) -> bool {
        self.is_drawn.load(Ordering::Relaxed)
    }

    fn note(&self, info: &PanicHookInfo<'_>) {
        let text = info.payload_as_str().unwrap_or("unknown reason").to_owned();
        let mut message = self.message.lock().unwrap_or_else(PoisonError::into_inner);
        // The first panic is the cause of all others.
        message.get_or_insert(text);
    }

    /// The error for the missing part, or with the panic's message if nothing is missing.
    fn error(&self) -> GuiError {
        if let Some(why) = display::complaint() {
            return GuiError::NoDisplay(why);
        }
        if !display::has_adapter() {
            return GuiError::NoDriver("no Vulkan or OpenGL adapter was found".to_owned());
        }
        let mut message = self.message.lock().unwrap_or_else(PoisonError::into_inner);
        let message = message.take().unwrap_or_else(|| "unknown reason".to_owned());
        GuiError::Start(message.lines().next().unwrap_or_default().to_owned())
    }
}

/// Adds the system that notices the first drawn frame.
pub fn install(app: &mut App, startup: &Arc<Startup>) {
    // The systems of the first frames run before anything is on the screen.
    const FRAMES_TO_DRAW: u32 = 3;
    let startup = startup.clone();
    app.add_systems(Last, move |mut count: Local<u32>| {
        *count = count.saturating_add(1);
        if *count == FRAMES_TO_DRAW {
            startup.set_drawn();
        }
    });
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
    fn a_panic_before_the_first_frame_is_an_error_that_no_word_of_it_decides() {
        let startup = Arc::new(Startup::default());
        let misleading = "index out of bounds: event loop, surface, adapter, find a GPU";
        let result = guarded(&startup, || -> () { panic!("{misleading}") });
        let has_display = display::complaint().is_none();
        match result {
            Err(GuiError::NoDisplay(_)) => assert!(!has_display),
            Err(GuiError::NoDriver(_)) => assert!(has_display && !display::has_adapter()),
            Err(GuiError::Start(words)) => assert!(has_display && words == misleading),
            other => panic!("{other:?}"),
        }
        assert_eq!(guarded(&Arc::new(Startup::default()), || 7).ok(), Some(7));
    }
}

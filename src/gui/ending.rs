//! Endings of an open window that its user did not cause: signals, a lost display, a lost graphics device. Each has its
//! own message and exit status. `cli` reports panics.
//!
//! This module only prints the messages; the desk saves the run.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bevy::prelude::*;
use bevy::render::error_handler::{ErrorType, RenderError, RenderErrorHandler, RenderErrorPolicy};
use bevy::render::renderer::RenderDevice;

/// The cause that ended an open window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Ctrl-C in the terminal that started the program.
    Interrupted,
    /// Another program asked for the end, or the machine is shutting down.
    Terminated,
    /// The terminal was closed or the person logged out.
    HungUp,
    DisplayLost,
    /// The graphics device failed, was removed, or has no memory left.
    DeviceLost,
    /// The renderer refused what this program asked it to draw.
    DrawingFailed,
}

impl Ending {
    /// 128 plus the number of the signal, as in shells; otherwise a status of `sysexits.h`.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::HungUp => 129,
            Self::DisplayLost => 69,
            Self::DeviceLost => 71,
            Self::DrawingFailed => 70,
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupted => "interrupted by Ctrl-C, the window is closed",
            Self::Terminated => "asked to terminate, the window is closed",
            Self::HungUp => "the terminal was closed or the session ended, the window is closed",
            Self::DisplayLost => "the display is gone, and the window with it",
            Self::DeviceLost => "the graphics device failed or was removed, and the window with it",
            Self::DrawingFailed => "the graphics driver refused what this program asked it to draw",
        })
    }
}

/// The first ending that was noticed; clones share it.
#[derive(Resource, Clone, Default)]
pub struct EndingSlot(Arc<Mutex<Option<Ending>>>);

impl EndingSlot {
    pub fn get(&self) -> Option<Ending> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, ending: Ending) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(ending);
    }
}

/// Set once the graphics device of the window is lost.
static IS_DEVICE_LOST: AtomicBool = AtomicBool::new(false);

/// The ending behind a panic, if the panic is not a mistake of this program: drawing on a lost device panics within the
/// graphics library, on any thread and before anybody can look at the error.
pub fn behind_panic() -> Option<Ending> {
    IS_DEVICE_LOST.load(Ordering::SeqCst).then_some(Ending::DeviceLost)
}

/// Notices the loss of the device at once. Bevy's own callback, which this one replaces, is asked once a frame.
fn watch_device(device: Res<RenderDevice>, slot: Res<EndingSlot>) {
    let slot = slot.clone();
    device.wgpu_device().set_device_lost_callback(move |_, _| {
        IS_DEVICE_LOST.store(true, Ordering::SeqCst);
        slot.set(Ending::DeviceLost);
    });
}

/// Adds the systems that notice an ending. Bevy must have been added before.
pub fn install(app: &mut App, slot: &EndingSlot) {
    app.insert_resource(slot.clone()).insert_resource(RenderErrorHandler(on_render_error));
    app.add_systems(Startup, watch_device.run_if(resource_exists::<RenderDevice>)).add_systems(
        First,
        |slot: Res<EndingSlot>, mut exit: MessageWriter<AppExit>| {
            // Thread-local values are dropped in the reverse order of their first use. This one is used after winit's
            // windows were made, so it is dropped before them.
            LAST_WORDS.with(|_| ());
            if slot.get().is_some() {
                exit.write(AppExit::error());
            }
        },
    );
    #[cfg(unix)]
    signals::watch(app, slot);
}

/// Handles errors of the renderer in place of Bevy's own handler, which would end the program without a message.
fn on_render_error(error: &RenderError, main: &mut World, _: &mut World) -> RenderErrorPolicy {
    let ending = match error.ty {
        ErrorType::DeviceLost | ErrorType::OutOfMemory => Ending::DeviceLost,
        ErrorType::Validation | ErrorType::Internal => Ending::DrawingFailed,
    };
    main.resource::<EndingSlot>().set(ending);
    main.write_message(AppExit::error());
    RenderErrorPolicy::StopRendering
}

/// True while a window is open.
static IS_WINDOW_OPEN: AtomicBool = AtomicBool::new(false);

thread_local! {
    static LAST_WORDS: LastWords = const { LastWords };
}

/// A value that prints a message if it is dropped while a library ends the process, as Xlib does without its server.
struct LastWords;

impl Drop for LastWords {
    fn drop(&mut self) {
        #[cfg(unix)]
        if IS_WINDOW_OPEN.load(Ordering::SeqCst) {
            eprintln!("error: {}", Ending::DisplayLost);
            signal_hook::low_level::exit(Ending::DisplayLost.exit_code().into());
        }
    }
}

/// While this value exists, an exit from inside a library is reported as a lost display.
pub struct OpenWindow;

impl OpenWindow {
    pub fn begin() -> Self {
        IS_WINDOW_OPEN.store(true, Ordering::SeqCst);
        Self
    }
}

impl Drop for OpenWindow {
    fn drop(&mut self) {
        IS_WINDOW_OPEN.store(false, Ordering::SeqCst);
    }
}

#[cfg(unix)]
mod signals {
    use std::time::Duration;

    use bevy::prelude::*;
    use bevy::winit::{EventLoopProxyWrapper, WinitUserEvent};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    use super::{Ending, EndingSlot};

    /// Time limit for closing the window; after it the program ends although the window hangs.
    const CLOSING_MAX: Duration = Duration::from_secs(5);

    /// Waits for signals on a thread of its own and wakes the window for them.
    pub fn watch(app: &App, slot: &EndingSlot) {
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else {
            // On failure the signals keep their default effect, which also ends the program.
            return;
        };
        let proxy = (**app.world().resource::<EventLoopProxyWrapper>()).clone();
        let slot = slot.clone();
        std::thread::spawn(move || {
            let Some(signal) = signals.forever().next() else { return };
            let ending = match signal {
                SIGINT => Ending::Interrupted,
                SIGHUP => Ending::HungUp,
                _ => Ending::Terminated,
            };
            slot.set(ending);
            // Without an event loop the window is closed, and nothing is left to wait for.
            if proxy.send_event(WinitUserEvent::WakeUp).is_err() {
                signal_hook::low_level::exit(ending.exit_code().into());
            }
            // A second signal ends the program at once.
            let until = std::time::Instant::now() + CLOSING_MAX;
            while std::time::Instant::now() < until && signals.pending().next().is_none() {
                std::thread::sleep(Duration::from_millis(50));
            }
            eprintln!("error: {ending}");
            signal_hook::low_level::exit(ending.exit_code().into());
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ending_has_its_own_words_and_status() {
        let endings = [
            Ending::Interrupted,
            Ending::Terminated,
            Ending::HungUp,
            Ending::DisplayLost,
            Ending::DeviceLost,
            Ending::DrawingFailed,
        ];
        for (index, ending) in endings.iter().enumerate() {
            assert!(3 < ending.exit_code(), "{ending:?} has a status of its own");
            for other in &endings[index + 1..] {
                assert_ne!(ending.exit_code(), other.exit_code());
                assert_ne!(ending.to_string(), other.to_string());
            }
        }
    }

    #[test]
    fn a_lost_device_ends_the_window_and_is_named() {
        let check = |ty: ErrorType, expected: Ending| {
            let mut app = App::new();
            let slot = EndingSlot::default();
            app.insert_resource(slot.clone()).add_message::<AppExit>();
            let error = RenderError { ty, description: String::new(), source: None };
            let policy = on_render_error(&error, app.world_mut(), &mut World::new());
            assert!(matches!(policy, RenderErrorPolicy::StopRendering));
            assert_eq!(slot.get(), Some(expected));
            assert!(app.should_exit().is_some());
        };
        check(ErrorType::DeviceLost, Ending::DeviceLost);
        check(ErrorType::OutOfMemory, Ending::DeviceLost);
        check(ErrorType::Validation, Ending::DrawingFailed);
    }
}

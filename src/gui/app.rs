//! The entry point of the window: opening, running and ending it.
//!
//! A missing display or graphics driver is an ordinary error here, never a panic: a caller of [`run`]
//! can go on in the terminal. After a window was open, the program ends with a message for each kind of ending.

#[cfg(feature = "automation")]
use std::path::PathBuf;
use std::sync::Arc;

use bevy::app::{AppExit, PanicHandlerPlugin, TerminalCtrlCHandlerPlugin};
use bevy::ecs::schedule::{InternedScheduleLabel, ScheduleLabel, SingleThreadedExecutor};
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::window::{Monitor, MonitorSelection, PrimaryMonitor, PrimaryWindow, WindowMode, WindowResizeConstraints};
use bevy_egui::{EguiGlobalSettings, EguiPlugin};

#[cfg(feature = "automation")]
use super::automation::Automation;
use super::ending::{Ending, EndingSlot, OpenWindow};
use super::error::GuiError;
use super::settings::{self, Settings, SettingsFile, WINDOW_SIZE_MIN, WINDOW_SIZE_USUAL};
use super::start::Startup;
use super::{display, ending, keyboard, lines, map, night, shell, start};
use crate::exercise::desk::Content;

/// Options of the window.
#[derive(Clone, Debug, Default)]
pub struct WindowOptions {
    /// Width and height in logical pixels, if the command line states them.
    pub size: Option<Size>,
    /// The title of the window; if empty, the name of the program.
    pub title: &'static str,
    /// Scenario seconds a second, one of `view::SPEEDS`, set when an exercise begins.
    pub opening_speed: Option<u32>,
    /// A file of commands that operate the window, in the language of `automation`.
    #[cfg(feature = "automation")]
    pub automation: Option<PathBuf>,
}

/// Width and height in logical pixels.
pub type Size = [u32; 2];

/// Opens the window on some content and returns when it closes.
pub fn run(content: Box<dyn Content>, options: WindowOptions, settings: SettingsFile) -> Result<(), GuiError> {
    #[cfg(feature = "automation")]
    let mut automation = options.automation.as_deref().map(Automation::read).transpose()?;
    display::check()?;
    let startup = Arc::new(Startup::default());
    let end = EndingSlot::default();
    let exit = start::guarded(&startup, || {
        let mut app = App::new();
        add_bevy(&mut app, &options, settings.kept());
        ending::install(&mut app, &end);
        keyboard::install(&mut app);
        shell::install(&mut app, content, options.opening_speed);
        settings::install(&mut app, settings, options.size.is_some());
        start::install(&mut app, &startup);
        lines::install(&mut app);
        map::install(&mut app);
        night::install(&mut app);
        run_on_one_thread(&mut app);
        #[cfg(feature = "automation")]
        if let Some(automation) = &mut automation {
            automation.install(&mut app);
        }
        let open = OpenWindow::begin();
        let exit = app.run();
        drop(open);
        exit
    })?;
    #[cfg(feature = "automation")]
    if let Some(failure) = automation.and_then(|automation| automation.failure()) {
        return Err(failure);
    }
    match (end.get(), exit) {
        (Some(ending), _) => Err(GuiError::Ended(ending)),
        (None, AppExit::Success) => Ok(()),
        // Wayland's event loop ends with this status when its compositor exits.
        (None, AppExit::Error(_)) if startup.is_drawn() => Err(GuiError::Ended(Ending::DisplayLost)),
        (None, AppExit::Error(code)) => Err(GuiError::Start(format!("exit status {code}"))),
    }
}

/// Bevy's plugins as this program needs them: few log messages, 2D only, drawing in step with the main schedule.
///
/// *Rationale* for no pipelined rendering: the scene is a few draws, a frame of latency is not
/// worth it, and software drivers may crash when the process ends under a render thread.
fn add_bevy(app: &mut App, options: &WindowOptions, settings: Settings) {
    let [width, height] = options.size.or(settings.window_size).unwrap_or(WINDOW_SIZE_USUAL);
    let mode = match settings.is_full_screen {
        true => WindowMode::BorderlessFullscreen(MonitorSelection::Primary),
        false => WindowMode::Windowed,
    };
    let window = Window {
        title: if options.title.is_empty() { "Blackstart" } else { options.title }.into(),
        name: Some("blackstart".into()),
        mode,
        resolution: (width.max(1), height.max(1)).into(),
        resize_constraints: WindowResizeConstraints {
            min_width: WINDOW_SIZE_MIN[0] as f32,
            min_height: WINDOW_SIZE_MIN[1] as f32,
            ..default()
        },
        ..default()
    };
    app.add_plugins(
        DefaultPlugins
            .set(WindowPlugin { primary_window: Some(window), close_when_requested: false, ..default() })
            .set(LogPlugin {
                level: bevy::log::Level::WARN,
                filter: "bevy_render=error,bevy_winit=error,winit=error,naga=error,wgpu=off,wgpu_core=off,\
                         wgpu_hal=off,bevy_egui=error"
                    .into(),
                ..default()
            })
            .set(RenderPlugin { synchronous_pipeline_compilation: true, ..default() })
            .disable::<PanicHandlerPlugin>()
            .disable::<TerminalCtrlCHandlerPlugin>()
            .disable::<PipelinedRenderingPlugin>(),
    )
    .add_plugins(EguiPlugin::default())
    .insert_resource(EguiGlobalSettings { auto_create_primary_context: false, ..default() })
    .add_systems(Update, fit_monitor);
}

/// Runs each of the main schedules on one thread: their systems are many and tiny, and waking other
/// threads for them costs more than they do, most of all beside a software driver's own threads.
fn run_on_one_thread(app: &mut App) {
    let labels: [InternedScheduleLabel; 6] = [
        First.intern(),
        PreUpdate.intern(),
        RunFixedMainLoop.intern(),
        Update.intern(),
        PostUpdate.intern(),
        Last.intern(),
    ];
    for label in labels {
        app.edit_schedule(label, |schedule| {
            schedule.set_executor(SingleThreadedExecutor::new());
        });
    }
}

/// Shrinks a window that is larger than the monitor, once at the start; its lower panels would be hidden.
fn fit_monitor(
    mut is_done: Local<bool>,
    monitors: Query<&Monitor, With<PrimaryMonitor>>,
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
) {
    let (false, Ok(monitor), Ok(mut window)) = (*is_done, monitors.single(), windows.single_mut()) else {
        return;
    };
    *is_done = true;
    let (width, height) = (window.physical_width(), window.physical_height());
    let (monitor_x, monitor_y) = (monitor.physical_width, monitor.physical_height);
    if 0 < monitor_x && 0 < monitor_y && (monitor_x < width || monitor_y < height) {
        let fitted = (width.min(monitor_x), height.min(monitor_y));
        window.resolution.set_physical_resolution(fitted.0, fitted.1);
    }
}

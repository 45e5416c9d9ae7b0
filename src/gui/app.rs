//! The door to the window: how it opens and how it ends.
//!
//! A missing display or graphics driver is an ordinary error here, never a panic: a caller of [`run`]
//! can go on in the terminal. Once a window was open, the terminal does not take over: every ending has its own words.

use std::path::PathBuf;
use std::sync::Arc;

use bevy::app::{AppExit, PanicHandlerPlugin, TerminalCtrlCHandlerPlugin};
use bevy::ecs::schedule::{InternedScheduleLabel, ScheduleLabel, SingleThreadedExecutor};
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::window::{Monitor, PrimaryMonitor, PrimaryWindow, WindowResizeConstraints};
use bevy_egui::{EguiGlobalSettings, EguiPlugin};

use super::driver::{self, Outcome};
use super::ending::{Ending, EndingSlot, OpenWindow};
use super::error::GuiError;
use super::frame_times::{self, FrameTimes};
use super::script::Script;
use super::start::Startup;
use super::{display, ending, keyboard, lines, map, night, shell};
use crate::exercise::desk::Desk;

/// How the window opens; the last three are for tests and pictures.
#[derive(Clone, Debug)]
pub struct WindowOptions {
    /// Width and height in logical pixels.
    pub size: Size,
    /// Scenario seconds a second, one of `view::SPEEDS`, set when an exercise begins.
    pub opening_speed: Option<u32>,
    /// A file in the language of [`super::script`].
    pub script: Option<PathBuf>,
    /// Draws some frames, writes a PNG file, closes.
    pub screenshot: Option<PathBuf>,
    /// Where to write the frame times at exit.
    pub frame_times: Option<PathBuf>,
}

/// Width and height in logical pixels.
pub type Size = [u32; 2];

/// Narrower or lower, the panels would leave no map.
pub const SIZE_MIN: Size = [800, 600];

impl Default for WindowOptions {
    fn default() -> Self {
        Self { size: [1440, 900], opening_speed: None, script: None, screenshot: None, frame_times: None }
    }
}

/// Opens the window on a desk and returns when it closes.
pub fn run(desk: Desk, options: WindowOptions) -> Result<(), GuiError> {
    let script = read_script(&options)?;
    display::check()?;
    let outcome = Outcome::default();
    let frame_times = FrameTimes::default();
    let startup = Arc::new(Startup::default());
    let end = EndingSlot::default();
    let exit = super::start::guarded(&startup, || {
        let mut app = App::new();
        add_bevy(&mut app, &options);
        ending::install(&mut app, &end);
        keyboard::install(&mut app);
        shell::install(&mut app, desk, options.opening_speed);
        frame_times::install(&mut app, frame_times.clone(), startup.clone());
        lines::install(&mut app);
        map::install(&mut app);
        night::install(&mut app);
        run_on_one_thread(&mut app);
        if let Some(script) = script {
            driver::install(&mut app, script, outcome.clone());
        }
        let open = OpenWindow::begin();
        let exit = app.run();
        drop(open);
        exit
    })?;
    if let Some(path) = &options.frame_times {
        std::fs::write(path, frame_times.report())
            .map_err(|error| GuiError::File { path: path.display().to_string(), reason: error.to_string() })?;
    }
    match (outcome.take(), end.get(), exit) {
        (Some(failure), _, _) => Err(failure),
        (None, Some(ending), _) => Err(GuiError::Ended(ending)),
        (None, None, AppExit::Success) => Ok(()),
        // Wayland's event loop ends like this when its compositor goes away.
        (None, None, AppExit::Error(_)) if startup.is_drawn() => Err(GuiError::Ended(Ending::DisplayLost)),
        (None, None, AppExit::Error(code)) => Err(GuiError::Start(format!("exit status {code}"))),
    }
}

fn read_script(options: &WindowOptions) -> Result<Option<Script>, GuiError> {
    if let Some(path) = &options.script {
        let text = std::fs::read_to_string(path)
            .map_err(|error| GuiError::File { path: path.display().to_string(), reason: error.to_string() })?;
        return Script::parse(&text).map(Some);
    }
    let picture = options.screenshot.as_deref();
    Ok(picture.map(|path| Script::picture(path.to_path_buf())))
}

/// Bevy as this program needs it: quiet, two-dimensional, drawing in step with the main schedule.
///
/// *Rationale* for no pipelined rendering: the scene is a few draws, a frame of latency is not
/// worth it, and software drivers may crash when the process ends under a render thread.
fn add_bevy(app: &mut App, options: &WindowOptions) {
    let [width, height] = options.size;
    let window = Window {
        title: "Blackstart".into(),
        name: Some("blackstart".into()),
        resolution: (width.max(1), height.max(1)).into(),
        resize_constraints: WindowResizeConstraints {
            min_width: SIZE_MIN[0] as f32,
            min_height: SIZE_MIN[1] as f32,
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

/// A window larger than the monitor would hide its lower panels: shrinks it once, at the start.
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

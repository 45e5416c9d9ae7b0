//! The door to the window: what it asks of a room, what may go wrong, and how it starts.
//!
//! A missing display or graphics driver is an ordinary error here, never a panic: whoever calls
//! [`run`] can go on in the terminal.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bevy::app::{AppExit, PanicHandlerPlugin};
use bevy::ecs::schedule::{InternedScheduleLabel, ScheduleLabel, SingleThreadedExecutor};
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::RenderPlugin;
use bevy::render::pipelined_rendering::PipelinedRenderingPlugin;
use bevy::window::{Monitor, PrimaryMonitor, PrimaryWindow, WindowResizeConstraints};
use bevy_egui::{EguiGlobalSettings, EguiPlugin};

use super::driver::{self, Outcome};
use super::frames::FrameTimes;
use super::script::Script;
use super::start::Startup;
use super::{frames, lines, night, stage, world};
use crate::exercise::action::Action;
pub use crate::exercise::desk::Flow;
use crate::exercise::view::View;

/// What the window needs of a run: data to show, a door for actions, and time.
pub trait Room {
    /// The screen as data; called once a frame.
    fn view(&mut self) -> View;
    /// Carries out one action of a panel.
    fn apply(&mut self, action: Action) -> Flow;
    /// Lets `wall` pass, working for `budget` at most.
    fn advance(&mut self, wall: Duration, budget: Duration);
    /// Whether the picture changes by itself: a run is playing, or something is being computed.
    fn wants_continuous(&self) -> bool;
}

/// How the window opens; the last three are for tests and pictures.
#[derive(Clone, Debug)]
pub struct WindowOptions {
    /// Width and height in logical pixels.
    pub size: Size,
    /// A file in the language of [`super::script`].
    pub script: Option<PathBuf>,
    /// Draws some frames, writes a PNG file, closes.
    pub screenshot: Option<PathBuf>,
    /// Where to write the frame times at exit.
    pub frame_times: Option<PathBuf>,
}

/// Width and height in logical pixels.
pub type Size = [u32; 2];

/// The smallest window that the panels are laid out for.
pub const SIZE_MIN: Size = [800, 600];

impl Default for WindowOptions {
    fn default() -> Self {
        Self { size: [1440, 900], script: None, screenshot: None, frame_times: None }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum GuiError {
    #[error("there is no display to open a window on: {0}")]
    NoDisplay(String),
    #[error("there is no graphics driver to draw a window with: {0}")]
    NoDriver(String),
    #[error("the window could not be started: {0}")]
    Start(String),
    #[error("{0}")]
    Scenario(String),
    #[error("script line {line}: {message}")]
    Script { line: usize, message: String },
    #[error("cannot use the file: {reason}: {path}")]
    File { path: String, reason: String },
}

impl GuiError {
    /// Nothing was shown: the terminal can take over.
    pub fn is_window_missing(&self) -> bool {
        matches!(self, Self::NoDisplay(_) | Self::NoDriver(_) | Self::Start(_))
    }

    /// Exit status for a program that gives up on this.
    pub fn exit_code(&self) -> u8 {
        if matches!(self, Self::Script { .. }) { 3 } else { 1 }
    }
}

/// Opens the window on `room` and returns when it closes.
pub fn run(room: impl Room + 'static, options: WindowOptions) -> Result<(), GuiError> {
    let script = read_script(&options)?;
    super::start::check_display()?;
    let outcome = Outcome::default();
    let frame_times = FrameTimes::default();
    let startup = Arc::new(Startup::default());
    let exit = super::start::guarded(&startup, || {
        let mut app = App::new();
        add_bevy(&mut app, &options);
        stage::install(&mut app, Box::new(room));
        frames::install(&mut app, frame_times.clone(), startup.clone());
        lines::install(&mut app);
        world::install(&mut app);
        night::install(&mut app);
        run_on_one_thread(&mut app);
        if let Some(script) = script {
            driver::install(&mut app, script, outcome.clone());
        }
        app.run()
    })?;
    if let Some(path) = &options.frame_times {
        std::fs::write(path, frame_times.report())
            .map_err(|error| GuiError::File { path: path.display().to_string(), reason: error.to_string() })?;
    }
    match (outcome.take(), exit) {
        (Some(failure), _) => Err(failure),
        (None, AppExit::Success) => Ok(()),
        (None, AppExit::Error(code)) => Err(GuiError::Start(format!("exit status {code}"))),
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
            .set(WindowPlugin { primary_window: Some(window), ..default() })
            .set(LogPlugin {
                level: bevy::log::Level::WARN,
                filter: "bevy_render=error,bevy_winit=error,winit=error,naga=error,wgpu=off,wgpu_core=off,\
                         wgpu_hal=off,bevy_egui=error"
                    .into(),
                ..default()
            })
            .set(RenderPlugin { synchronous_pipeline_compilation: true, ..default() })
            .disable::<PanicHandlerPlugin>()
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
    let (room_x, room_y) = (monitor.physical_width, monitor.physical_height);
    if 0 < room_x && 0 < room_y && (room_x < width || room_y < height) {
        let fitted = (width.min(room_x), height.min(room_y));
        window.resolution.set_physical_resolution(fitted.0, fitted.1);
    }
}

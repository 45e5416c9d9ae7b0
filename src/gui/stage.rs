//! One frame: actions of the last frame → time → view → panels → pace.
//!
//! The panels run *manually* inside `Update` (bevy_egui's `run_manually`), so that they get egui's
//! real root `Ui` and egui knows what lies under the mouse. Their closure may run twice in a frame:
//! it draws and collects actions; nothing else happens there.

use std::time::{Duration, Instant};

use bevy::prelude::*;
use bevy::window::RequestRedraw;
use bevy::winit::{UpdateMode, WinitSettings};
use bevy_egui::{EguiContext, EguiFullOutput, EguiInput, PrimaryEguiContext, egui};

use super::app::{Flow, Room};
use super::driver::Driver;
use super::frames::{FrameTimes, Part};
use crate::exercise::action::Action;
use crate::exercise::view::View;
use crate::ui::{UiState, shell_ui};

/// Working time a room gets in a 60 Hz frame, so that the rest is left to the panels.
const ADVANCE_BUDGET: Duration = Duration::from_millis(6);
/// Where drawing is slow (a software driver), a room gets its share of the longer frames too.
const ADVANCE_SHARE: f64 = 0.35;
/// A longer pause between frames is no playing time: the window slept.
const WALL_MAX: Duration = Duration::from_millis(250);
/// Longest sleep of an idle window. Input and repaint requests of egui wake it at once.
const IDLE_WAIT: Duration = Duration::from_secs(20);

/// What the frame's systems share; rooms need not be `Send`.
pub struct Stage {
    room: Box<dyn Room>,
    pub ui: UiState,
    pub view: Option<View>,
    /// Where the panels left the map visible, in egui points.
    pub map_rect: Option<egui::Rect>,
    actions: Vec<Action>,
    /// When egui wants to be drawn again.
    repaint_delay: Duration,
}

impl Stage {
    /// Asks for an action as if a panel had returned it.
    pub fn push(&mut self, action: Action) {
        self.actions.push(action);
    }
}

/// The frame's order within `Update`; `Align` is for what follows the panels' layout.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum FrameSet {
    Drive,
    Panels,
    Align,
    Pace,
}

/// Adds the frame's systems. A function, not a plugin: plugins must be `Send`, rooms need not be.
pub fn install(app: &mut App, room: Box<dyn Room>) {
    app.insert_non_send(Stage {
        room,
        ui: UiState::default(),
        view: None,
        map_rect: None,
        actions: Vec::new(),
        repaint_delay: Duration::ZERO,
    })
    .configure_sets(Update, (FrameSet::Drive, FrameSet::Panels, FrameSet::Align, FrameSet::Pace).chain())
    .add_systems(Update, (drive.in_set(FrameSet::Drive), panels.in_set(FrameSet::Panels), pace.in_set(FrameSet::Pace)));
}

/// Carries out the last frame's actions, lets time pass, and looks at the result.
fn drive(
    mut stage: NonSendMut<Stage>,
    time: Res<Time<Real>>,
    frame_times: Res<FrameTimes>,
    mut exit: MessageWriter<AppExit>,
) {
    let stage = &mut *stage;
    for action in std::mem::take(&mut stage.actions) {
        if stage.room.apply(action) == Flow::Quit {
            exit.write(AppExit::Success);
        }
    }
    let begun = Instant::now();
    let wall = time.delta().min(WALL_MAX);
    stage.room.advance(wall, ADVANCE_BUDGET.max(wall.mul_f64(ADVANCE_SHARE)));
    let advanced = Instant::now();
    stage.view = Some(stage.room.view());
    frame_times.note(Part::Advance, advanced - begun);
    frame_times.note(Part::View, advanced.elapsed());
}

/// Draws the panels and collects what they ask for.
fn panels(
    mut stage: NonSendMut<Stage>,
    mut contexts: Query<(&mut EguiContext, &mut EguiInput, &mut EguiFullOutput), With<PrimaryEguiContext>>,
    mut driver: Option<ResMut<Driver>>,
    frame_times: Res<FrameTimes>,
    mut is_listening: Local<bool>,
) -> Result {
    let begun = Instant::now();
    let (mut context, mut input, mut full_output) = contexts.single_mut()?;
    let ctx = context.get_mut();
    if !*is_listening && driver.is_some() {
        ctx.enable_accesskit();
        *is_listening = true;
    }
    let stage = &mut *stage;
    let Some(view) = &stage.view else {
        return Ok(());
    };
    let (state, actions, map_rect) = (&mut stage.ui, &mut stage.actions, &mut stage.map_rect);
    let mut input = input.take();
    quieten(ctx, &mut input);
    let output = ctx.run_ui(input, |ui| {
        let shell = shell_ui(ui, state, view);
        // A click is reported in one pass of two: collect, never clear here.
        actions.extend(shell.actions);
        *map_rect = shell.map_rect;
    });
    stage.repaint_delay =
        output.viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap_or(IDLE_WAIT);
    if let (Some(driver), Some(update)) = (&mut driver, &output.platform_output.accesskit_update) {
        driver.see(update, ctx.pixels_per_point());
    }
    **full_output = Some(output);
    frame_times.note(Part::Panels, begun.elapsed());
    Ok(())
}

/// Drops events that change nothing: bevy_egui sends the modifiers with every frame, and egui draws
/// again at once after any event, so that the window would never rest.
fn quieten(ctx: &egui::Context, input: &mut egui::RawInput) {
    let held = ctx.input(|state| state.modifiers);
    input.events.retain(|event| !matches!(event, egui::Event::ModifiersChanged(modifiers) if *modifiers == held));
}

/// Continuous while the picture changes by itself; otherwise awake for input, and when egui asked.
fn pace(
    stage: NonSend<Stage>,
    driver: Option<Res<Driver>>,
    mut settings: ResMut<WinitSettings>,
    mut redraw: MessageWriter<RequestRedraw>,
) {
    let is_driven = driver.is_some_and(|driver| driver.wants_continuous());
    let (focused_mode, unfocused_mode) = if is_driven || stage.room.wants_continuous() {
        let soon = UpdateMode::reactive_low_power(Duration::from_millis(16));
        (UpdateMode::Continuous, if is_driven { UpdateMode::Continuous } else { soon })
    } else {
        let wait = stage.repaint_delay.clamp(Duration::from_millis(1), IDLE_WAIT);
        (UpdateMode::reactive_low_power(wait), UpdateMode::reactive_low_power(wait.max(Duration::from_millis(100))))
    };
    if settings.focused_mode != focused_mode || settings.unfocused_mode != unfocused_mode {
        *settings = WinitSettings { focused_mode, unfocused_mode };
    }
    // Actions wait for the next frame's start: there must be one.
    if !stage.actions.is_empty() {
        redraw.write(RequestRedraw);
    }
}

//! The steps of a frame: actions of the last frame → time → view → panels → pace.
//!
//! The panels run *manually* inside `Update` (bevy_egui's `run_manually`), so that they get egui's
//! real root `Ui` and egui knows which widget lies under the mouse. Their closure may run twice in a frame:
//! it draws and collects actions; nothing else happens there.

use std::time::Duration;

use bevy::prelude::*;
use bevy::window::{MonitorSelection, PrimaryWindow, RequestRedraw, WindowCloseRequested, WindowMode};
use bevy::winit::{UpdateMode, WinitSettings};
use bevy_egui::{EguiContext, EguiFullOutput, EguiInput, PrimaryEguiContext, egui};

use crate::exercise::action::{Action, ClockAction, ScreenAction};
use crate::exercise::desk::{Content, Flow};
use crate::exercise::view::View;
use crate::ui::state::Confirm;
use crate::ui::{UiState, shell_ui};

/// Time budget of the exercise in a 60 Hz frame; the rest is for the panels.
const ADVANCE_BUDGET: Duration = Duration::from_millis(6);
/// Share of the frame time that the exercise gets if frames are longer, as with a software driver.
const ADVANCE_SHARE: f64 = 0.35;
/// Longest pause between frames that counts as playing time; in a longer one the window slept.
const WALL_MAX: Duration = Duration::from_millis(250);
/// Longest sleep of an idle window. Input, signals and repaint requests of egui wake it at once.
const IDLE_WAIT: Duration = Duration::from_secs(60);

/// State shared by the systems of a frame.
pub struct Shell {
    content: Box<dyn Content>,
    /// The speed set when an exercise begins.
    opening_speed: Option<u32>,
    pub ui: UiState,
    pub view: Option<View>,
    /// The rectangle of the map between the panels, in egui points.
    pub map_rect: Option<egui::Rect>,
    actions: Vec<Action>,
    /// Requests of the panels to the window.
    commands: Vec<egui::ViewportCommand>,
    /// The time at which egui wants to be drawn again.
    repaint_delay: Duration,
}

/// The order of the steps within `Update`. `Align` is for systems that follow the panels' layout.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum FrameSet {
    Drive,
    Panels,
    Align,
    Pace,
}

/// Adds the systems of a frame. This is not a plugin, because plugins must be `Send`, which content need not be.
pub fn install(app: &mut App, content: Box<dyn Content>, opening_speed: Option<u32>) {
    app.insert_non_send(Shell {
        content,
        opening_speed,
        ui: UiState::default(),
        view: None,
        map_rect: None,
        actions: Vec::new(),
        commands: Vec::new(),
        repaint_delay: Duration::ZERO,
    })
    .configure_sets(Update, (FrameSet::Drive, FrameSet::Panels, FrameSet::Align, FrameSet::Pace).chain())
    .add_systems(
        Update,
        (
            (close, drive).chain().in_set(FrameSet::Drive),
            (panels, carry_out_commands).chain().in_set(FrameSet::Panels),
            pace.in_set(FrameSet::Pace),
        ),
    );
}

/// Closes the window when the desktop requests it; during an exercise the panels ask for confirmation first.
fn close(
    mut shell: NonSendMut<Shell>,
    mut requests: MessageReader<WindowCloseRequested>,
    mut exit: MessageWriter<AppExit>,
) {
    if requests.read().count() == 0 {
        return;
    }
    if shell.ui.is_run_under_way {
        shell.ui.confirm = Some(Confirm::CloseWindow);
    } else {
        exit.write(AppExit::Success);
    }
}

/// Carries out the panels' requests to the window itself.
fn carry_out_commands(
    mut shell: NonSendMut<Shell>,
    mut windows: Query<(Entity, &mut Window), With<PrimaryWindow>>,
    mut closes: MessageWriter<WindowCloseRequested>,
) {
    let Ok((entity, mut window)) = windows.single_mut() else {
        return;
    };
    for command in std::mem::take(&mut shell.commands) {
        match command {
            egui::ViewportCommand::Fullscreen(is_full) => {
                window.mode = match is_full {
                    true => WindowMode::BorderlessFullscreen(MonitorSelection::Current),
                    false => WindowMode::Windowed,
                };
            }
            egui::ViewportCommand::Close => {
                closes.write(WindowCloseRequested { window: entity });
            }
            _ => {}
        }
    }
}

/// Carries out the last frame's actions, lets time pass, and takes the view of the result.
fn drive(mut shell: NonSendMut<Shell>, time: Res<Time<Real>>, mut exit: MessageWriter<AppExit>) {
    let shell = &mut *shell;
    for action in std::mem::take(&mut shell.actions) {
        let is_beginning = action == Action::from(ScreenAction::Begin);
        if shell.content.apply(action) == Flow::Quit {
            exit.write(AppExit::Success);
        }
        if let (true, Some(speed)) = (is_beginning, shell.opening_speed) {
            // Setting a speed starts the clock. It is paused again, so that the trainee can look around first.
            shell.content.apply(Action::from(ClockAction::SetSpeed(speed)));
            shell.content.apply(Action::from(ClockAction::TogglePause));
        }
    }
    let wall = time.delta().min(WALL_MAX);
    shell.content.advance(wall, ADVANCE_BUDGET.max(wall.mul_f64(ADVANCE_SHARE)));
    shell.view = Some(shell.content.view());
}

/// Draws the panels and collects their actions.
fn panels(
    mut shell: NonSendMut<Shell>,
    mut contexts: Query<(&mut EguiContext, &mut EguiInput, &mut EguiFullOutput), With<PrimaryEguiContext>>,
    windows: Query<&Window, With<PrimaryWindow>>,
) -> Result {
    let (mut context, mut input, mut full_output) = contexts.single_mut()?;
    let ctx = context.get_mut();
    let shell = &mut *shell;
    let Some(view) = &shell.view else {
        return Ok(());
    };
    let (state, actions, map_rect) = (&mut shell.ui, &mut shell.actions, &mut shell.map_rect);
    let mut input = input.take();
    quieten(ctx, &mut input);
    let is_full = windows.single().is_ok_and(|window| window.mode != WindowMode::Windowed);
    input.viewports.entry(egui::ViewportId::ROOT).or_default().fullscreen = Some(is_full);
    let mut output = ctx.run_ui(input, |ui| {
        let shell = shell_ui(ui, state, view);
        // egui may run two passes and reports a click in one of them only, so actions are added here and never cleared.
        actions.extend(shell.actions);
        *map_rect = shell.map_rect;
    });
    shell.repaint_delay =
        output.viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap_or(IDLE_WAIT);
    shell.commands.extend(output.viewport_output.values_mut().flat_map(|viewport| viewport.commands.drain(..)));
    **full_output = Some(output);
    Ok(())
}

/// Drops events that change nothing. bevy_egui sends the modifiers in every frame, and egui requests a frame after any
/// event, so without this the window would draw all the time.
fn quieten(ctx: &egui::Context, input: &mut egui::RawInput) {
    let held = ctx.input(|state| state.modifiers);
    input.events.retain(|event| !matches!(event, egui::Event::ModifiersChanged(modifiers) if *modifiers == held));
}

/// Sets the pace of frames: continuous while the screen changes by itself, otherwise on input and requests of egui.
fn pace(shell: NonSend<Shell>, mut settings: ResMut<WinitSettings>, mut redraw: MessageWriter<RequestRedraw>) {
    let (focused_mode, unfocused_mode) = if shell.content.wants_continuous() {
        (UpdateMode::Continuous, UpdateMode::reactive_low_power(Duration::from_millis(16)))
    } else {
        let wait = shell.repaint_delay.clamp(Duration::from_millis(1), IDLE_WAIT);
        (UpdateMode::reactive_low_power(wait), UpdateMode::reactive_low_power(wait.max(Duration::from_millis(100))))
    };
    if settings.focused_mode != focused_mode || settings.unfocused_mode != unfocused_mode {
        *settings = WinitSettings { focused_mode, unfocused_mode };
    }
    // Actions are carried out at the start of the next frame, so one must follow.
    if !shell.actions.is_empty() {
        redraw.write(RequestRedraw);
    }
}

//! Plays the steps of an automation file: reads the labels on the screen, and sends the messages that winit would send.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bevy::input::keyboard::KeyboardInput;
use bevy::input::mouse::{MouseButtonInput, MouseScrollUnit, MouseWheel};
use bevy::input::touch::TouchPhase;
use bevy::input::{ButtonState, InputSystems};
use bevy::prelude::*;
use bevy::render::renderer::RenderDevice;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy::window::{CursorMoved, PrimaryWindow, WindowEvent};

use super::frame_times::FrameTimes;
use super::labels::Label;
use super::language::{NumberedStep, Step};
use super::watch::{Watch, WatchSet};
use super::{FailureSlot, keys};
use crate::files::{Overwrite, write_atomic};
use crate::gui::error::GuiError;
use crate::gui::shell::Shell;

/// Frames between two inputs: egui reacts in the first, and panels that remember sizes settle in the second.
const FRAMES_BETWEEN: u32 = 2;
/// Time limit for the widget of a click to appear.
const FIND_LIMIT: Duration = Duration::from_secs(5);
/// Time limit for a screenshot, which arrives some frames later; software renderers are slow.
const SCREENSHOT_LIMIT: Duration = Duration::from_secs(30);

/// One message to send, at most one per [`FRAMES_BETWEEN`] frames.
#[derive(Clone, Debug)]
enum Input {
    Move(Vec2),
    /// A press and release in one frame. egui takes a button that is held for long as no click, and frames may be slow.
    Click,
    Wheel(f32),
    Keys(Vec<KeyboardInput>),
    /// A panic between frames, when egui holds no unfinished output.
    Panic(String),
    LoseDevice,
}

/// The remaining steps and the inputs that are still to be sent.
#[derive(Resource)]
struct Player {
    steps: VecDeque<NumberedStep>,
    failure: FailureSlot,
    inputs: VecDeque<Input>,
    frames_left: u32,
    /// The time at which the current step was reached; none before that.
    begun: Option<Instant>,
    picture: PictureSlot,
}

impl Player {
    fn send_later(&mut self, input: Input) -> Progress {
        self.inputs.push_back(input);
        Progress::Done
    }
}

/// A pending screenshot; its observer stores the picture.
type PictureSlot = Arc<Mutex<Option<Result<(), String>>>>;

/// The state of a step in each frame.
enum Progress {
    Done,
    NotYet,
    Failed(String),
}

/// Adds the player's systems.
pub fn install(app: &mut App, steps: Vec<NumberedStep>, failure: FailureSlot) {
    app.insert_resource(Player {
        steps: steps.into(),
        failure,
        inputs: VecDeque::new(),
        frames_left: 0,
        begun: None,
        picture: PictureSlot::default(),
    })
    .add_systems(PreUpdate, send.before(InputSystems))
    .add_systems(Update, play.in_set(WatchSet::Play));
}

/// Plays steps until one has to wait for a later frame.
fn play(
    mut player: ResMut<Player>,
    mut watch: ResMut<Watch>,
    mut frame_times: ResMut<FrameTimes>,
    shell: NonSend<Shell>,
    mut commands: Commands,
    mut windows: Query<(Entity, &mut Window), With<PrimaryWindow>>,
    mut exit: MessageWriter<AppExit>,
) {
    let Ok((entity, mut window)) = windows.single_mut() else {
        return;
    };
    let player = &mut *player;
    // A step that still waits must not cause frames, because it tests whether the screen changes by itself.
    watch.wants_frame = true;
    if 0 < player.frames_left {
        player.frames_left -= 1;
        return;
    }
    if shell.view.is_none() || !player.inputs.is_empty() {
        return;
    }
    let Some((line, step)) = player.steps.front().cloned() else {
        watch.wants_frame = false;
        return;
    };
    let begun = *player.begun.get_or_insert_with(|| {
        begin(&step, &mut player.inputs, &player.picture, &mut commands, entity);
        Instant::now()
    });
    let progress = match &step {
        Step::Quit => {
            exit.write(AppExit::Success);
            Progress::Done
        }
        Step::Panic(words) => player.send_later(Input::Panic(words.clone())),
        Step::LoseDevice => player.send_later(Input::LoseDevice),
        Step::Resize([width, height]) => {
            window.resolution.set(*width, *height);
            Progress::Done
        }
        Step::Reactive | Step::Continuous => {
            watch.keeps_awake = step == Step::Continuous;
            Progress::Done
        }
        Step::Measure => {
            frame_times.clear();
            Progress::Done
        }
        Step::Times(path) => written(path, &frame_times.report()),
        _ => player.proceed(&step, &watch, begun.elapsed(), window.scale_factor()),
    };
    match progress {
        Progress::NotYet => watch.wants_frame = false,
        Progress::Done => {
            player.steps.pop_front();
            player.begun = None;
            player.frames_left = player.frames_left.max(FRAMES_BETWEEN);
        }
        Progress::Failed(message) => {
            player.failure.set(GuiError::Automation { line, message });
            player.steps.clear();
            exit.write(AppExit::error());
        }
    }
}

/// Starts a step; called once for each step.
fn begin(step: &Step, inputs: &mut VecDeque<Input>, picture: &PictureSlot, commands: &mut Commands, window: Entity) {
    match step {
        Step::Screenshot(path) => {
            let (path, slot) = (path.clone(), picture.clone());
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
            commands.spawn(Screenshot::primary_window()).observe(move |captured: On<ScreenshotCaptured>| {
                let saved = save(&captured.image, &path);
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(saved);
            });
        }
        Step::Key(name) => {
            let strokes = keys::stroke(name, window).into_iter().flatten();
            inputs.extend(strokes.map(Input::Keys));
        }
        _ => {}
    }
}

impl Player {
    /// Advances steps that only look, wait, or queue inputs.
    fn proceed(&mut self, step: &Step, watch: &Watch, waited: Duration, scale_factor: f32) -> Progress {
        let labels = &watch.labels;
        match step {
            Step::Wait(label, limit) => match labels.find(label) {
                Some(_) => Progress::Done,
                None if *limit < waited => Progress::Failed(missing(watch, label)),
                None => Progress::NotYet,
            },
            Step::Gone(label, limit) => match labels.find(label) {
                None => Progress::Done,
                Some(_) if *limit < waited => Progress::Failed(format!("`{label}` is still there")),
                Some(_) => Progress::NotYet,
            },
            Step::Expect(label) if labels.find(label).is_none() => Progress::Failed(missing(watch, label)),
            Step::Click(label) => match labels.find(label).filter(|found| is_target(found)) {
                Some(found) => {
                    let center = found.rect.center() / scale_factor;
                    self.inputs.extend([Input::Move(Vec2::new(center.x, center.y)), Input::Click]);
                    Progress::Done
                }
                None if FIND_LIMIT < waited => Progress::Failed(missing(watch, label)),
                None => Progress::NotYet,
            },
            Step::Wheel([x, y, lines]) => {
                self.inputs.extend([Input::Move(Vec2::new(*x, *y) / scale_factor), Input::Wheel(*lines)]);
                Progress::Done
            }
            Step::Key(name) if keys::stroke(name, Entity::PLACEHOLDER).is_none() => {
                Progress::Failed(format!("there is no key `{name}`"))
            }
            Step::Sleep(time) if waited < *time => Progress::NotYet,
            Step::Frames(count) => {
                self.frames_left = *count;
                Progress::Done
            }
            Step::Screenshot(_) => self.screenshot_progress(waited),
            Step::Where(label, path) => match labels.find(label) {
                Some(found) => {
                    let center = found.rect.center();
                    written(path, &format!("{:.0} {:.0}\n", center.x, center.y))
                }
                None => Progress::Failed(missing(watch, label)),
            },
            Step::Touch(path) => written(path, ""),
            Step::Labels(path) => written(path, &labels.json()),
            _ => Progress::Done,
        }
    }

    fn screenshot_progress(&self, waited: Duration) -> Progress {
        let mut slot = self.picture.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.take() {
            Some(Ok(())) => Progress::Done,
            Some(Err(reason)) => Progress::Failed(reason),
            None if SCREENSHOT_LIMIT < waited => Progress::Failed("no screenshot arrived".into()),
            None => Progress::NotYet,
        }
    }
}

/// The widget to press: it must be enabled and have a place on the screen.
fn is_target(label: &Label) -> bool {
    !label.is_disabled && label.rect.is_finite()
}

fn missing(watch: &Watch, wanted: &str) -> String {
    let state = match watch.labels.find(wanted) {
        None => "is not there",
        Some(found) if found.is_disabled => "is disabled",
        Some(_) => "has no place on the screen",
    };
    format!("`{wanted}` {state}; there are: {}", watch.labels.summary())
}

/// Writes the whole file or none of it: outside tools wait for it to appear.
fn written(path: &Path, text: &str) -> Progress {
    match write_atomic(path, text.as_bytes(), Overwrite::Allowed) {
        Ok(()) => Progress::Done,
        Err(error) => Progress::Failed(error.to_string()),
    }
}

fn save(image: &Image, path: &Path) -> Result<(), String> {
    let picture = image.clone().try_into_dynamic().map_err(|error| error.to_string())?;
    let saved = picture.to_rgb8().save(path);
    saved.map_err(|error| format!("{error}: {}", path.display()))
}

/// Sends the next input as winit does: the message itself, and wrapped in a [`WindowEvent`].
fn send(
    mut player: ResMut<Player>,
    (windows, device): (Query<Entity, With<PrimaryWindow>>, Res<RenderDevice>),
    mut events: MessageWriter<WindowEvent>,
    mut moves: MessageWriter<CursorMoved>,
    mut buttons: MessageWriter<MouseButtonInput>,
    mut wheels: MessageWriter<MouseWheel>,
    mut keyboard: MessageWriter<KeyboardInput>,
) {
    let Ok(window) = windows.single() else {
        return;
    };
    if 0 < player.frames_left {
        return;
    }
    let Some(input) = player.inputs.pop_front() else {
        return;
    };
    match input {
        Input::Move(position) => {
            let message = CursorMoved { window, position, delta: None };
            moves.write(message.clone());
            events.write(WindowEvent::CursorMoved(message));
        }
        Input::Click => {
            for state in [ButtonState::Pressed, ButtonState::Released] {
                let message = MouseButtonInput { button: MouseButton::Left, state, window };
                buttons.write(message);
                events.write(WindowEvent::MouseButtonInput(message));
            }
        }
        Input::Wheel(y) => {
            let (unit, phase) = (MouseScrollUnit::Line, TouchPhase::Moved);
            let message = MouseWheel { unit, x: 0.0, y, window, phase };
            wheels.write(message);
            events.write(WindowEvent::MouseWheel(message));
        }
        Input::Panic(words) => panic!("{words}"),
        Input::LoseDevice => {
            device.wgpu_device().destroy();
            // The loss is reported to whoever waits for it now, and not at some later call.
            let _ = device.wgpu_device().poll(wgpu::PollType::Poll);
        }
        Input::Keys(messages) => {
            for message in messages {
                keyboard.write(message.clone());
                events.write(WindowEvent::KeyboardInput(message));
            }
        }
    }
    player.frames_left = FRAMES_BETWEEN;
}

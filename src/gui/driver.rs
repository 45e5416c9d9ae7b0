//! Works the window by a script: sends the messages winit would send, and looks at the screen
//! through egui's accessibility tree.
//!
//! Nothing is called behind the panels' back: a click goes mouse → Bevy → egui → action → desk.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bevy::input::keyboard::KeyboardInput;
use bevy::input::mouse::{MouseButtonInput, MouseScrollUnit, MouseWheel};
use bevy::input::touch::TouchPhase;
use bevy::input::{ButtonState, InputSystems};
use bevy::prelude::*;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy::window::{CursorMoved, PrimaryWindow, WindowEvent};
use bevy_egui::{EguiInput, PrimaryEguiContext, egui};
use egui::accesskit;

use super::error::GuiError;
use super::frame_times::FrameTimes;
use super::keys;
use super::labels::{Label, Labels};
use super::script::{Script, Spot, Step};
use super::shell::{Shell, Watcher};
use crate::exercise::action::{Action, ClockAction};

/// Frames between two inputs: egui reacts in one, panels that remember sizes settle in another.
const FRAMES_BETWEEN: u32 = 2;
/// A widget a click aims at must appear within this time.
const FIND_LIMIT: Duration = Duration::from_secs(5);
/// A screenshot arrives some frames later; software renderers take their time.
const SCREENSHOT_LIMIT: Duration = Duration::from_secs(30);

/// How the script ended; shared with [`super::app::run`].
#[derive(Clone, Default)]
pub struct Outcome(Arc<Mutex<Option<GuiError>>>);

impl Outcome {
    pub fn take(&self) -> Option<GuiError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn set(&self, failure: GuiError) {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.get_or_insert(failure);
    }
}

/// One message to send, at most one per [`FRAMES_BETWEEN`] frames.
#[derive(Clone, Debug)]
enum Input {
    Move(Vec2),
    Button(ButtonState),
    Wheel(f32),
    Keys(Vec<KeyboardInput>),
    Reveal(accesskit::ActionRequest),
}

/// The script's place, the screen as last drawn, and the inputs on their way.
#[derive(Resource)]
pub struct Driver {
    steps: VecDeque<(usize, Step)>,
    outcome: Outcome,
    labels: Labels,
    pixels_per_point: f32,
    inputs: VecDeque<Input>,
    frames_left: u32,
    begun: Instant,
    is_begun: bool,
    is_reactive: bool,
    picture: Arc<Mutex<Option<Result<(), String>>>>,
}

/// The state of a step in each frame.
enum Progress {
    Done,
    NotYet,
    Failed(String),
}

pub fn install(app: &mut App, script: Script, outcome: Outcome) {
    app.insert_resource(Driver {
        steps: script.steps.into(),
        outcome,
        labels: Labels::default(),
        pixels_per_point: 1.0,
        inputs: VecDeque::new(),
        frames_left: 0,
        begun: Instant::now(),
        is_begun: false,
        is_reactive: false,
        picture: Arc::default(),
    })
    .insert_resource(Watcher { keeps_awake: true, ..Watcher::default() })
    .add_systems(PreUpdate, (look, play, send).chain().before(InputSystems));
}

impl Driver {
    fn find(&self, wanted: &str, nth: usize) -> Option<&Label> {
        self.labels.find(wanted).get(nth).copied()
    }

    /// A point to aim at, in egui points; none while the label is not there or disabled.
    fn aim(&self, spot: &Spot) -> Option<egui::Pos2> {
        match spot {
            Spot::Point(x, y) => Some(egui::pos2(*x, *y)),
            Spot::Label(label, nth) => {
                let found = self.find(label, *nth)?;
                let is_placed = found.rect.is_finite();
                (!found.is_disabled && is_placed).then(|| found.rect.center())
            }
        }
    }

    fn missing(&self, wanted: &str) -> String {
        let state = match self.find(wanted, 0) {
            None => "is not there",
            Some(found) if found.is_disabled => "is disabled",
            Some(_) => "has no place on the screen",
        };
        format!("`{wanted}` {state}; there are: {}", self.labels.summary())
    }

    /// Moves there, then adds the inputs that follow.
    fn aim_and(&mut self, spot: &Spot, then: &[Input]) -> Progress {
        let Some(at) = self.aim(spot) else {
            let Spot::Label(label, _) = spot else {
                return Progress::NotYet;
            };
            if FIND_LIMIT < self.begun.elapsed() {
                return Progress::Failed(self.missing(label));
            }
            return Progress::NotYet;
        };
        self.inputs.push_back(Input::Move(Vec2::new(at.x, at.y)));
        self.inputs.extend(then.iter().cloned());
        Progress::Done
    }
}

const PRESS: Input = Input::Button(ButtonState::Pressed);
const RELEASE: Input = Input::Button(ButtonState::Released);

/// Takes note of the screen that was drawn in the frame before.
fn look(mut driver: ResMut<Driver>, mut watcher: ResMut<Watcher>) {
    if let Some(update) = watcher.tree.take() {
        driver.labels = Labels::read(&update);
        driver.pixels_per_point = watcher.pixels_per_point;
    }
    watcher.keeps_awake = !driver.is_reactive;
}

/// Plays the script: as far as this frame allows.
fn play(
    mut driver: ResMut<Driver>,
    mut shell: NonSendMut<Shell>,
    mut commands: Commands,
    mut windows: Query<(Entity, &mut Window), With<PrimaryWindow>>,
    frame_times: Res<FrameTimes>,
    mut exit: MessageWriter<AppExit>,
) {
    let Ok((window_entity, mut window)) = windows.single_mut() else {
        return;
    };
    let driver = &mut *driver;
    if 0 < driver.frames_left {
        driver.frames_left -= 1;
        return;
    }
    if shell.view.is_none() || !driver.inputs.is_empty() {
        return;
    }
    let Some((line, step)) = driver.steps.front().cloned() else {
        return;
    };
    if !driver.is_begun {
        driver.is_begun = true;
        driver.begun = Instant::now();
        begin(driver, &step, &mut commands, window_entity);
    }
    let progress = match &step {
        Step::Speed(speed) => {
            shell.push(Action::from(ClockAction::SetSpeed(*speed)));
            Progress::Done
        }
        Step::Resize(width, height) => {
            window.resolution.set(*width as f32, *height as f32);
            Progress::Done
        }
        Step::Measure => {
            frame_times.clear();
            Progress::Done
        }
        Step::Quit => {
            exit.write(AppExit::Success);
            Progress::Done
        }
        _ => proceed(driver, &step),
    };
    match progress {
        Progress::NotYet => {}
        Progress::Done => {
            driver.steps.pop_front();
            driver.is_begun = false;
            driver.frames_left = driver.frames_left.max(FRAMES_BETWEEN);
        }
        Progress::Failed(message) => {
            driver.outcome.set(GuiError::Script { line, message });
            driver.steps.clear();
            exit.write(AppExit::error());
        }
    }
}

/// Starts a step, once, when it is reached.
fn begin(driver: &mut Driver, step: &Step, commands: &mut Commands, window: Entity) {
    match step {
        Step::Screenshot(path) => {
            let (path, slot) = (path.clone(), driver.picture.clone());
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
            commands.spawn(Screenshot::primary_window()).observe(move |captured: On<ScreenshotCaptured>| {
                let saved = save(&captured.image, &path);
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(saved);
            });
        }
        Step::Type(text) => {
            let strokes = text
                .chars()
                .flat_map(|character| keys::typed(character, window).map(|message| Input::Keys(vec![message])));
            driver.inputs.extend(strokes);
        }
        Step::Key(name) => {
            let strokes = keys::stroke(name, window).into_iter().flatten();
            driver.inputs.extend(strokes.map(Input::Keys));
        }
        _ => {}
    }
}

/// Steps that only look, wait, and queue inputs.
fn proceed(driver: &mut Driver, step: &Step) -> Progress {
    let waited = driver.begun.elapsed();
    match step {
        Step::Wait(label, limit) => match driver.find(label, 0) {
            Some(_) => Progress::Done,
            None if *limit < waited => Progress::Failed(driver.missing(label)),
            None => Progress::NotYet,
        },
        Step::Gone(label, limit) => match driver.find(label, 0) {
            None => Progress::Done,
            Some(_) if *limit < waited => Progress::Failed(format!("`{label}` is still there")),
            Some(_) => Progress::NotYet,
        },
        Step::Expect(label) if driver.find(label, 0).is_none() => Progress::Failed(driver.missing(label)),
        Step::Absent(label) if driver.find(label, 0).is_some() => Progress::Failed(format!("`{label}` is there")),
        Step::Click(spot) => driver.aim_and(spot, &[PRESS, RELEASE]),
        Step::Move(spot) => driver.aim_and(spot, &[]),
        Step::Drag([x, y, to_x, to_y]) => {
            let half = Input::Move(Vec2::new((x + to_x) / 2.0, (y + to_y) / 2.0));
            let end = Input::Move(Vec2::new(*to_x, *to_y));
            driver.aim_and(&Spot::Point(*x, *y), &[PRESS, half, end, RELEASE])
        }
        Step::Wheel([x, y, lines]) => driver.aim_and(&Spot::Point(*x, *y), &[Input::Wheel(*lines)]),
        Step::Reveal(label) => reveal(driver, label),
        Step::Key(name) if keys::stroke(name, Entity::PLACEHOLDER).is_none() => {
            Progress::Failed(format!("no key is called `{name}`"))
        }
        Step::Sleep(time) if waited < *time => Progress::NotYet,
        Step::Frames(count) => {
            driver.frames_left = *count;
            Progress::Done
        }
        Step::Reactive | Step::Continuous => {
            driver.is_reactive = *step == Step::Reactive;
            Progress::Done
        }
        Step::Screenshot(_) => screenshot_progress(driver, waited),
        Step::Where(label, path) => match driver.find(label, 0) {
            Some(found) => {
                let at = found.rect.center() * driver.pixels_per_point;
                written(path, &format!("{:.0} {:.0}\n", at.x, at.y))
            }
            None => Progress::Failed(driver.missing(label)),
        },
        Step::Touch(path) => written(path, ""),
        Step::Labels(path) => written(path, &driver.labels.listing()),
        _ => Progress::Done,
    }
}

fn reveal(driver: &mut Driver, label: &str) -> Progress {
    let Some(found) = driver.find(label, 0) else {
        return Progress::Failed(driver.missing(label));
    };
    let request = accesskit::ActionRequest {
        action: accesskit::Action::ScrollIntoView,
        target_tree: found.tree,
        target_node: found.id,
        data: None,
    };
    driver.inputs.push_back(Input::Reveal(request));
    Progress::Done
}

fn screenshot_progress(driver: &Driver, waited: Duration) -> Progress {
    let mut slot = driver.picture.lock().unwrap_or_else(PoisonError::into_inner);
    match slot.take() {
        Some(Ok(())) => Progress::Done,
        Some(Err(reason)) => Progress::Failed(reason),
        None if SCREENSHOT_LIMIT < waited => Progress::Failed("no screenshot arrived".into()),
        None => Progress::NotYet,
    }
}

/// Writes the whole file or none of it: outside tools wait for it to appear.
fn written(path: &Path, text: &str) -> Progress {
    let beside: PathBuf = path.with_extension("part");
    match std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path)) {
        Ok(()) => Progress::Done,
        Err(error) => Progress::Failed(format!("{error}: {}", path.display())),
    }
}

fn save(image: &Image, path: &Path) -> Result<(), String> {
    let picture = image.clone().try_into_dynamic().map_err(|error| error.to_string())?;
    let saved = picture.to_rgb8().save(path);
    saved.map_err(|error| format!("{error}: {}", path.display()))
}

/// Sends the next input as winit does: the message itself, and wrapped in a [`WindowEvent`].
fn send(
    mut driver: ResMut<Driver>,
    windows: Query<Entity, With<PrimaryWindow>>,
    mut contexts: Query<&mut EguiInput, With<PrimaryEguiContext>>,
    mut events: MessageWriter<WindowEvent>,
    mut moves: MessageWriter<CursorMoved>,
    mut buttons: MessageWriter<MouseButtonInput>,
    mut wheels: MessageWriter<MouseWheel>,
    mut keyboard: MessageWriter<KeyboardInput>,
) {
    let Ok(window) = windows.single() else {
        return;
    };
    if 0 < driver.frames_left {
        return;
    }
    let Some(input) = driver.inputs.pop_front() else {
        return;
    };
    match input {
        Input::Move(position) => {
            let message = CursorMoved { window, position, delta: None };
            moves.write(message.clone());
            events.write(WindowEvent::CursorMoved(message));
        }
        Input::Button(state) => {
            let message = MouseButtonInput { button: MouseButton::Left, state, window };
            buttons.write(message);
            events.write(WindowEvent::MouseButtonInput(message));
        }
        Input::Wheel(y) => {
            let (unit, phase) = (MouseScrollUnit::Line, TouchPhase::Moved);
            let message = MouseWheel { unit, x: 0.0, y, window, phase };
            wheels.write(message);
            events.write(WindowEvent::MouseWheel(message));
        }
        Input::Keys(messages) => {
            for message in messages {
                keyboard.write(message.clone());
                events.write(WindowEvent::KeyboardInput(message));
            }
        }
        Input::Reveal(request) => {
            if let Ok(mut input) = contexts.single_mut() {
                input.events.push(egui::Event::AccessKitActionRequest(request));
            }
        }
    }
    driver.frames_left = FRAMES_BETWEEN;
}

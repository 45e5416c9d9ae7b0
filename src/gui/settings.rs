//! Settings of the window that are kept from one start to the next: text size, full screen, size.
//!
//! `file` reads and writes them; this module applies them. Text size and full screen are written when they change,
//! the size of the window when it closes.

mod file;

use bevy::prelude::*;
use bevy::window::{PrimaryWindow, WindowMode};

use super::shell::Shell;
use crate::ui::state::TextScale;
use file::fitted;
pub use file::{Settings, SettingsFile, WINDOW_SIZE_MIN, WINDOW_SIZE_USUAL};

#[derive(Resource)]
struct Keeper {
    file: SettingsFile,
    /// True if the command line stated a size, which is then not kept.
    is_size_given: bool,
}

/// Gives the panels their settings and adds the system that keeps them. The shell must have been added before.
pub fn install(app: &mut App, file: SettingsFile, is_size_given: bool) {
    let text_scale = TextScale::from_percent(file.kept().text_percent);
    if let Some(mut shell) = app.world_mut().get_non_send_mut::<Shell>() {
        shell.ui.text_scale = text_scale;
    }
    app.insert_resource(Keeper { file, is_size_given }).add_systems(Last, keep);
}

fn keep(
    shell: NonSend<Shell>,
    windows: Query<&Window, With<PrimaryWindow>>,
    mut keeper: ResMut<Keeper>,
    mut exits: MessageReader<AppExit>,
) {
    let is_ending = exits.read().count() != 0;
    let Ok(window) = windows.single() else {
        return;
    };
    let kept = keeper.file.kept();
    let is_full_screen = window.mode != WindowMode::Windowed;
    let size = [window.width(), window.height()].map(|side| side.round() as u32);
    let is_size_kept = is_ending && !is_full_screen && !keeper.is_size_given;
    let settings = Settings {
        text_percent: shell.ui.text_scale.percent(),
        is_full_screen,
        window_size: if is_size_kept { sized(size, kept.window_size) } else { kept.window_size },
    };
    if let Err(problem) = keeper.file.keep(settings) {
        eprintln!("warning: {problem}");
    }
}

/// The size to keep; none as long as the window has the default size.
fn sized(size: [u32; 2], kept: Option<[u32; 2]>) -> Option<[u32; 2]> {
    if kept.is_none() && size == WINDOW_SIZE_USUAL { None } else { Some(fitted(size)) }
}

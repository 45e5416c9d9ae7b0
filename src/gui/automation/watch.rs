//! The player's view of the screen: the widgets of the last drawn frame, as a screen reader finds them.
//!
//! This module also keeps the window drawing while the player works, because the player waits for frames.

use bevy::prelude::*;
use bevy::window::RequestRedraw;
use bevy::winit::{UpdateMode, WinitSettings};
use bevy_egui::{EguiContext, EguiFullOutput, PrimaryEguiContext};

use super::labels::Labels;
use crate::gui::shell::FrameSet;

/// The screen as last drawn.
#[derive(Resource)]
pub struct Watch {
    pub labels: Labels,
    /// True if frames follow one another even if nothing changes.
    pub keeps_awake: bool,
    /// True if the player has something to do in the next frame.
    pub wants_frame: bool,
}

/// The order of the automation's systems within `Update`, after the panels are drawn.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum WatchSet {
    Look,
    Play,
    KeepAwake,
}

/// Adds the systems that look at the screen.
pub fn install(app: &mut App) {
    app.insert_resource(Watch { labels: Labels::default(), keeps_awake: true, wants_frame: true })
        .configure_sets(Update, (WatchSet::Look, WatchSet::Play, WatchSet::KeepAwake).chain().after(FrameSet::Pace))
        .add_systems(Update, (look.in_set(WatchSet::Look), keep_awake.in_set(WatchSet::KeepAwake)));
}

/// Takes the accessibility tree of this frame. The first frame has none, because egui builds it only on request.
fn look(
    mut contexts: Query<(&mut EguiContext, &mut EguiFullOutput), With<PrimaryEguiContext>>,
    mut watch: ResMut<Watch>,
    mut is_requested: Local<bool>,
) {
    let Ok((mut context, mut output)) = contexts.single_mut() else {
        return;
    };
    let ctx = context.get_mut();
    if !*is_requested {
        *is_requested = true;
        ctx.enable_accesskit();
    }
    let update = output.0.as_mut().and_then(|output| output.platform_output.accesskit_update.take());
    if let Some(update) = update {
        watch.labels = Labels::from_tree(&update, ctx.pixels_per_point());
    }
}

fn keep_awake(watch: Res<Watch>, mut settings: ResMut<WinitSettings>, mut redraw: MessageWriter<RequestRedraw>) {
    if watch.keeps_awake {
        settings.focused_mode = UpdateMode::Continuous;
        settings.unfocused_mode = UpdateMode::Continuous;
    } else if watch.wants_frame {
        redraw.write(RequestRedraw);
    }
}

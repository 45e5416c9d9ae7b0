//! The wall of an exercise, for a window of this program: the same view as on the page for the wall.
//!
//! It only looks; whatever the window asks for changes nothing.

use std::sync::Arc;
use std::time::Duration;

use super::keeper::{Views, now_s};
use super::shared::Shared;
use crate::exercise::action::{Action, ScreenAction};
use crate::exercise::desk::{Content, Flow};
use crate::exercise::view::{JoinView, View, WallView};

/// The wall as the content of a window.
pub struct Wall {
    shared: Arc<Shared>,
    join: JoinView,
    /// The last view, with its revision and the second of its countdown.
    last: Option<(u64, Option<u64>, Arc<WallView>)>,
}

impl Wall {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        // The codes are behind a lock, which a longer statement would hold while it asks for it again.
        let pin = shared.codes().pin.clone();
        let code = squares(&shared.join_address());
        let join = JoinView { address: format!("{}/", shared.base), pin, code };
        Self { shared, join, last: None }
    }
}

impl Content for Wall {
    fn view(&mut self) -> View {
        let views = self.shared.published.views();
        let ends_s = views.staff.common.countdown.as_ref().map(|(_, ends_s)| *ends_s);
        let countdown_s = ends_s.map(|ends_s| ends_s.saturating_sub(now_s()));
        if let Some((revision, second, view)) = &self.last
            && (*revision, *second) == (views.revision, countdown_s)
        {
            return View::Wall(Arc::clone(view));
        }
        let join = (!views.staff.common.has_begun).then(|| self.join.clone());
        let view = Arc::new(WallView { join, countdown_s, ..view_of(&views) });
        self.last = Some((views.revision, countdown_s, Arc::clone(&view)));
        View::Wall(view)
    }

    fn apply(&mut self, action: Action) -> Flow {
        if action == Action::from(ScreenAction::Quit) { Flow::Quit } else { Flow::Continue }
    }

    fn advance(&mut self, _: Duration, _: Duration) {}

    fn wants_continuous(&self) -> bool {
        false
    }
}

/// What the views have for the wall.
pub(super) fn view_of(views: &Views) -> WallView {
    WallView::new(&views.facilitator, views.seats.iter().map(|(view, _)| &**view), &views.staff)
}

/// The rows of a QR code, dark squares true; empty for a text that is too long for one.
fn squares(text: &str) -> Vec<Vec<bool>> {
    let Ok(code) = qrcode::QrCode::new(text) else { return Vec::new() };
    let width = code.width();
    let dark: Vec<bool> = code.to_colors().into_iter().map(|colour| colour == qrcode::Color::Dark).collect();
    dark.chunks(width).map(<[bool]>::to_vec).collect()
}

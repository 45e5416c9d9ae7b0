//! The widgets that a screen reader finds on the screen, looked up by label.

use bevy_egui::egui;
use egui::accesskit::{Action, NodeId, Role, TreeId, TreeUpdate};

/// One widget with a name and a place.
#[derive(Clone, Debug)]
pub struct Label {
    pub id: NodeId,
    pub tree: TreeId,
    /// Its label, or the text it shows.
    pub text: String,
    pub role: Role,
    /// Egui points.
    pub rect: egui::Rect,
    pub is_clickable: bool,
    pub is_disabled: bool,
}

/// The labels of the last drawn frame, in the order of the tree.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    all: Vec<Label>,
}

impl Labels {
    pub fn read(update: &TreeUpdate) -> Self {
        let mut all = Vec::new();
        for (id, node) in &update.nodes {
            // Runs of text lie within labels of the same text.
            if node.role() == Role::TextRun {
                continue;
            }
            let text = node.label().or_else(|| node.value()).unwrap_or_default();
            let (Some(bounds), false) = (node.bounds(), text.is_empty()) else {
                continue;
            };
            let corners = [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|at| at as f32);
            all.push(Label {
                id: *id,
                tree: update.tree_id,
                text: text.to_owned(),
                role: node.role(),
                rect: egui::Rect::from_min_max(egui::pos2(corners[0], corners[1]), egui::pos2(corners[2], corners[3])),
                is_clickable: node.supports_action(Action::Click),
                is_disabled: node.is_disabled(),
            });
        }
        Self { all }
    }

    /// The best matches first: whole before beginning before part, clickable before plain, enabled
    /// before disabled.
    pub fn find(&self, wanted: &str) -> Vec<&Label> {
        let mut matches: Vec<(usize, &Label)> = Vec::new();
        for label in &self.all {
            let closeness = if label.text == wanted {
                0
            } else if label.text.starts_with(wanted) {
                1
            } else if label.text.contains(wanted) {
                2
            } else {
                continue;
            };
            let weakness = usize::from(!label.is_clickable) * 2 + usize::from(label.is_disabled);
            matches.push((closeness * 4 + weakness, label));
        }
        matches.sort_by_key(|(rank, _)| *rank);
        matches.into_iter().map(|(_, label)| label).collect()
    }

    /// One label per line, for reading.
    pub fn listing(&self) -> String {
        self.all
            .iter()
            .map(|label| {
                format!(
                    "{:?} {:.0},{:.0} {:.0}×{:.0}{}{} {:?}\n",
                    label.role,
                    label.rect.min.x,
                    label.rect.min.y,
                    label.rect.width(),
                    label.rect.height(),
                    if label.is_clickable { " clickable" } else { "" },
                    if label.is_disabled { " disabled" } else { "" },
                    label.text
                )
            })
            .collect()
    }

    /// Some labels on the screen, for an error message.
    pub fn summary(&self) -> String {
        const SHOWN: usize = 12;
        let mut names: Vec<&str> =
            self.all.iter().filter(|label| label.is_clickable).map(|label| label.text.as_str()).collect();
        names.dedup();
        names.truncate(SHOWN);
        names.join(", ")
    }
}

//! The labels that a screen reader would find on the screen, each with its place.

use bevy_egui::egui;
use egui::accesskit::{Action, Role, TreeUpdate};
use serde::Serialize;

/// One widget with a name and a place.
#[derive(Clone, Debug)]
pub struct Label {
    /// The label of the widget, or the text that it shows.
    pub text: String,
    role: Role,
    /// Window pixels.
    pub rect: egui::Rect,
    pub is_clickable: bool,
    pub is_disabled: bool,
}

/// A label in the form for outside tools.
#[derive(Serialize)]
struct Entry<'a> {
    text: &'a str,
    role: String,
    /// Left, top, right, bottom.
    rect_px: [i64; 4],
    is_disabled: bool,
}

/// The labels of the last drawn frame, in the order of the tree.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    all: Vec<Label>,
}

impl Labels {
    /// Nodes have their places in egui points.
    pub fn from_tree(update: &TreeUpdate, pixels_per_point: f32) -> Self {
        let mut all = Vec::new();
        for (_, node) in &update.nodes {
            // Text runs are skipped: each lies inside a label with the same text.
            if node.role() == Role::TextRun {
                continue;
            }
            let text = node.label().or_else(|| node.value()).unwrap_or_default();
            let (Some(bounds), false) = (node.bounds(), text.is_empty()) else {
                continue;
            };
            let [left, top, right, bottom] =
                [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|point| point as f32 * pixels_per_point);
            all.push(Label {
                text: text.to_owned(),
                role: node.role(),
                rect: egui::Rect::from_min_max(egui::pos2(left, top), egui::pos2(right, bottom)),
                is_clickable: node.supports_action(Action::Click),
                is_disabled: node.is_disabled(),
            });
        }
        Self { all }
    }

    /// The best match: whole before beginning before part, clickable before plain, enabled before disabled, the upper
    /// before the lower.
    pub fn find(&self, wanted: &str) -> Option<&Label> {
        let rank = |label: &&Label| {
            let distance = if label.text == wanted {
                0
            } else if label.text.starts_with(wanted) {
                1
            } else {
                2
            };
            (distance, !label.is_clickable, label.is_disabled, label.rect.top() as i64)
        };
        self.all.iter().filter(|label| label.text.contains(wanted)).min_by_key(rank)
    }

    /// All labels with their places, as a JSON list with one entry on each line.
    pub fn json(&self) -> String {
        let entry = |label: &Label| {
            let (min, max) = (label.rect.min, label.rect.max);
            let entry = Entry {
                text: &label.text,
                role: format!("{:?}", label.role),
                rect_px: [min.x, min.y, max.x, max.y].map(|edge| edge.round() as i64),
                is_disabled: label.is_disabled,
            };
            serde_json::to_string(&entry).expect("an entry has no maps and no numbers beyond JSON")
        };
        format!("[\n{}\n]\n", self.all.iter().map(entry).collect::<Vec<_>>().join(",\n"))
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

#[cfg(test)]
mod tests {
    use bevy_egui::egui::accesskit::{Node, NodeId, Rect, Tree, TreeId};

    use super::*;

    fn tree(nodes: &[(&str, bool)]) -> TreeUpdate {
        let node = |index: usize, (text, is_clickable): (&str, bool)| {
            let mut node = Node::new(Role::Button);
            node.set_label(text);
            node.set_bounds(Rect { x0: index as f64, y0: 2.0, x1: 10.0, y1: 4.0 });
            if is_clickable {
                node.add_action(Action::Click);
            }
            (NodeId(index as u64), node)
        };
        TreeUpdate {
            nodes: nodes.iter().enumerate().map(|(index, entry)| node(index, *entry)).collect(),
            tree: Some(Tree::new(NodeId(0))),
            tree_id: TreeId::ROOT,
            focus: NodeId(0),
        }
    }

    #[test]
    fn the_closest_label_is_found_and_what_can_be_clicked_first() {
        let labels =
            Labels::from_tree(&tree(&[("Reorder", true), ("Orders", true), ("Order", false), ("Order", true)]), 1.0);
        let place = |wanted: &str| labels.find(wanted).map(|label| label.rect.min.x);
        assert_eq!(place("Order"), Some(3.0));
        assert_eq!(place("Orde"), Some(1.0));
        assert_eq!(place("eorder"), Some(0.0));
        assert_eq!(place("None"), None);
    }

    #[test]
    fn labels_are_listed_in_pixels() {
        let labels = Labels::from_tree(&tree(&[("Say \"yes\"", true)]), 2.0);
        let read: serde_json::Value = serde_json::from_str(&labels.json()).expect("JSON");
        assert_eq!(read[0]["text"], "Say \"yes\"");
        assert_eq!(read[0]["rect_px"], serde_json::json!([0, 4, 20, 8]));
    }
}

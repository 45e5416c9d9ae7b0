//! Figures that move together: each group has one place in its range, and every figure of the group is at that place
//! of its own range.
//!
//! Figures of one kind are a group (`kinds`). A figure or kind that `uncertainty.ron` names keeps its own range, and a
//! single figure that it names is a group of its own, because its authors know it apart from its kind.

use std::collections::BTreeMap;

use super::change;
use super::range::Reach;
use super::{Figure, all};
use crate::scenario::documents::Documents;
use crate::scenario::schema::{Standing, Uncertainty};

/// Figures that move together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// A kind of figures or the path of one: `fleet_kinds/till/locate_min`, `sectors/hospital/staff/shifts`.
    pub id: String,
    /// The weakest standing among its figures.
    pub standing: Standing,
    /// Number of figures that move.
    pub figures: usize,
    /// The rule for the range of its weakest figure.
    pub reach: Reach,
}

/// The figures that are held at the written value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// None: documented figures move within the narrow range of their standing.
    Nothing,
    /// Documented figures without a range of their own.
    Documented,
}

/// All groups of a scenario.
#[derive(Clone, Debug)]
pub struct Groups {
    /// In the order of their ids.
    pub list: Vec<Group>,
    /// For each figure, in the order of all figures, its group and the rule for its range.
    members: Vec<Option<(usize, Reach)>>,
}

impl Groups {
    /// The groups of documents. Figures that have no range, such as a share of 1, are in no group.
    pub fn new(docs: &Documents, held: Held) -> Self {
        let figures = all(docs);
        let moved = |place: f64, reaches: &[Option<Reach>]| {
            let mut changed = docs.clone();
            let mut moves = vec![false; figures.len()];
            change::each(&mut changed, &mut |index, slot| {
                moves[index] = reaches[index].is_some_and(|reach: Reach| reach.apply(slot, place));
            });
            moves
        };
        let own = own_ranges(docs);
        let reaches: Vec<Option<Reach>> = figures.iter().map(|figure| reach(&own, figure, held)).collect();
        let (lower, upper) = (moved(0.0, &reaches), moved(1.0, &reaches));
        let mut found: BTreeMap<String, Group> = BTreeMap::new();
        let mut ids: Vec<Option<(String, Reach)>> = Vec::new();
        for (index, figure) in figures.iter().enumerate() {
            let reach = reaches[index].filter(|_| lower[index] || upper[index]);
            let Some(reach) = reach else {
                ids.push(None);
                continue;
            };
            let id = group_id(docs, figure);
            let first = Group { id: id.clone(), standing: figure.standing, figures: 0, reach };
            let group = found.entry(id.clone()).or_insert(first);
            if group.standing < figure.standing {
                (group.standing, group.reach) = (figure.standing, reach);
            }
            group.figures += 1;
            ids.push(Some((id, reach)));
        }
        let place: BTreeMap<&str, usize> = found.keys().map(String::as_str).zip(0..).collect();
        let members = ids.iter().map(|id| id.as_ref().map(|(id, reach)| (place[id.as_str()], *reach))).collect();
        Self { list: found.into_values().collect(), members }
    }

    /// The groups with these ids only, in the order of the ids; all other figures are held.
    pub fn only(self, ids: &[String]) -> Self {
        let list: Vec<Group> =
            ids.iter().filter_map(|id| self.list.iter().find(|group| group.id == *id).cloned()).collect();
        let kept: Vec<Option<usize>> =
            self.list.iter().map(|group| list.iter().position(|kept| kept.id == group.id)).collect();
        let members =
            self.members.iter().map(|member| member.and_then(|(at, reach)| Some((kept[at]?, reach)))).collect();
        Self { list, members }
    }

    /// The documents with every group at a place of its range: 0 the least values, 0.5 the written ones, 1 the
    /// greatest.
    ///
    /// # Panics
    /// If there are not as many places as groups.
    pub fn documents_at(&self, docs: &Documents, places: &[f64]) -> Documents {
        assert_eq!(places.len(), self.list.len(), "a place for every group");
        let mut moved = docs.clone();
        change::each(&mut moved, &mut |index, slot| {
            if let Some((group, reach)) = self.members[index] {
                reach.apply(slot, places[group]);
            }
        });
        // Ranges belong to the written values.
        moved.uncertainty = Uncertainty::default();
        moved
    }

    /// The group that each figure moves with, in the order of all figures.
    pub fn group_of_figures(&self) -> impl Iterator<Item = Option<usize>> {
        self.members.iter().map(|member| member.map(|(group, _)| group))
    }
}

/// Ranges that the authors wrote, by kind or path.
fn own_ranges(docs: &Documents) -> BTreeMap<&str, Reach> {
    docs.uncertainty.ranges.iter().map(|own| (own.figures.as_str(), Reach::Own(own.range))).collect()
}

fn reach(own: &BTreeMap<&str, Reach>, figure: &Figure, held: Held) -> Option<Reach> {
    if figure.kind.is_empty() {
        return None;
    }
    let written = own.get(figure.path().as_str()).or_else(|| own.get(figure.kind.as_str()));
    let is_held = held == Held::Documented && figure.standing == Standing::Documented;
    match written {
        Some(reach) => Some(*reach),
        None if is_held => None,
        None => Some(Reach::from_standing(figure.standing)),
    }
}

/// The kind of a figure, or its path if the documents name it alone.
fn group_id(docs: &Documents, figure: &Figure) -> String {
    let path = figure.path();
    let fit = docs.uncertainty.fit.iter().flat_map(|fit| &fit.figures);
    let named = docs.uncertainty.ranges.iter().map(|own| &own.figures).chain(fit);
    let is_alone = named.into_iter().any(|name| *name == path);
    if is_alone { path } else { figure.kind.clone() }
}

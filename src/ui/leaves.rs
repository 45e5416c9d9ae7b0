//! The leaves of the debrief and the decision chosen on them, for panels and keys.

use super::state::{DebriefState, Leaf, OpenRow};
use crate::exercise::view::{DebriefView, MarkKind};

/// The leaves that have something to show, in their order.
pub fn leaves(view: &DebriefView) -> Vec<Leaf> {
    let leaves = [
        (Leaf::Result, true),
        (Leaf::Time, view.time.is_some()),
        (Leaf::Decisions, true),
        (Leaf::Known, view.known.is_some()),
        (Leaf::Score, true),
        (Leaf::Tries, view.tries.is_some()),
        (Leaf::Discuss, true),
    ];
    leaves.into_iter().filter(|(_, has_content)| *has_content).map(|(leaf, _)| leaf).collect()
}

/// The name of a leaf.
pub fn leaf_name(leaf: Leaf) -> &'static str {
    match leaf {
        Leaf::Result => "Result",
        Leaf::Time => "Time",
        Leaf::Decisions => "Decisions",
        Leaf::Known => "Known",
        Leaf::Score => "Score",
        Leaf::Tries => "Both tries",
        Leaf::Discuss => "Discuss",
    }
}

/// Chooses a decision: its row is open, its minute chosen, its mark lit.
pub fn choose_decision(state: &mut DebriefState, view: &DebriefView, index: usize) {
    let Some(decision) = view.decisions.get(index) else { return };
    state.open = Some(OpenRow::Decision(index));
    state.scrolls_to_chosen = true;
    state.minute = Some(decision.minute);
    let marks = view.timeline.marks.iter().enumerate();
    let of_decisions = marks.filter(|(_, mark)| mark.kind == MarkKind::Decision).map(|(position, _)| position);
    state.mark = of_decisions.into_iter().nth(index);
}

/// Chooses the mark of a minute; the mark of a decision opens its row too.
pub fn choose_mark(state: &mut DebriefState, view: &DebriefView, mark: usize) {
    let marks = &view.timeline.marks;
    if marks[mark].kind == MarkKind::Decision {
        let index = marks[..mark].iter().filter(|mark| mark.kind == MarkKind::Decision).count();
        choose_decision(state, view, index);
    } else {
        (state.mark, state.minute, state.open) = (Some(mark), Some(marks[mark].minute), None);
    }
}

/// Chooses an order that was not given.
pub fn choose_missed(state: &mut DebriefState, view: &DebriefView, index: usize) {
    let Some(missed) = view.missed.get(index) else { return };
    (state.open, state.minute, state.mark) = (Some(OpenRow::Missed(index)), Some(missed.minute), None);
    state.scrolls_to_chosen = true;
}

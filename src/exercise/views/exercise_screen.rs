//! The exercise screen of one chair, assembled from its panels.

use super::source::Source;
use super::{board, clock, detail, hosts, inbox, map, mitigations, notes, orders, timeline};
use crate::exercise::view::{ExerciseView, ScoreView};

/// Services of the seat drawn as curves on the timeline.
const CURVES_MAX: usize = 4;

pub fn view(source: &Source) -> ExerciseView {
    let scenario = source.scenario();
    let seat = source.chair.seat();
    let so_far = seat.and_then(|seat| source.comparisons().score_so_far(source.run(), seat));
    ExerciseView {
        notice: source.chair.notices.first().cloned(),
        seat: seat.map_or_else(String::new, |seat| scenario.docs.seats[seat.position()].name.clone()),
        scenario: scenario.docs.manifest.title.clone(),
        clock: clock::clock(source),
        score: ScoreView { points: so_far.map(|score| score.points), par_points: so_far.map(|score| score.par_points) },
        hosts: hosts::hosts(source),
        services: board::board(source),
        inbox: inbox::inbox(source),
        drawer: mitigations::drawer(source),
        team_load: mitigations::team_load(source),
        orders: orders::orders(source),
        notes: notes::notes(source).rev().collect(),
        objectives: seat.map_or_else(Vec::new, |seat| {
            scenario.docs.seats[seat.position()].objectives.iter().map(|objective| objective.name.clone()).collect()
        }),
        map: map::map(source),
        detail: source.chair.selected.map(|organisation| detail::detail(source, organisation)),
        timeline: timeline::timeline(source, CURVES_MAX),
    }
}

//! Orders of the chair's seat and their states.

use super::source::Source;
use crate::base::words as format;
use crate::exercise::view::OrderRow;
use crate::exercise::words::target_label;
use crate::sim::OrderState;
use crate::sim::phases::team::time_off_until;
use crate::sim::world::Order;

pub fn orders(source: &Source) -> Vec<OrderRow> {
    let world = source.world();
    let scenario = world.scenario();
    source
        .seat_orders()
        .map(|(index, _, order)| OrderRow {
            order: index,
            name: scenario.docs.mitigations[order.mitigation.position()].name.clone(),
            target: target_label(scenario, order.target),
            status: match (order.state, order.ends) {
                (OrderState::Pending, _) if world.tick() < order.starts => {
                    format!("waits for the incident team until {}", source.time(order.starts))
                }
                (OrderState::Pending, _) if order.planned < world.tick() => {
                    format!("has met a setback, due since {}", source.time(order.planned))
                }
                (OrderState::Pending, _) => format!("in {}", format::span(order.planned.since(world.tick()))),
                (OrderState::InForce, Some(ends)) if scenario.mitigations[order.mitigation].effect.is_promise() => {
                    format!("promised by {}", source.time(ends))
                }
                (OrderState::InForce, Some(ends)) => format!("in force until {}", source.time(ends)),
                (OrderState::InForce, None) => "in force".to_owned(),
                (OrderState::Done, _) => done(source, order),
                (OrderState::Cancelled, _) => "cancelled".to_owned(),
            },
            is_pending: order.state == OrderState::Pending,
            is_active: order.state == OrderState::InForce && order.ends.is_some(),
        })
        .rev()
        .collect()
}

/// What became of an order that is over.
fn done(source: &Source, order: &Order) -> String {
    let world = source.world();
    let effect = world.scenario().mitigations[order.mitigation].effect;
    match (order.is_kept, order.ends) {
        (Some(true), _) => "promise kept".to_owned(),
        (Some(false), _) => "promise broken".to_owned(),
        (None, Some(_)) if effect.is_promise() => "corrected by a later statement".to_owned(),
        (None, Some(ends)) if effect.is_longer_work() && world.tick() < time_off_until(order.effective, ends) => {
            format!("people have time off until {}", source.time(time_off_until(order.effective, ends)))
        }
        _ => "done".to_owned(),
    }
}

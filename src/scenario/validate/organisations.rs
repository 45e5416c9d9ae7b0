//! Checks of `organisations/*.ron`: fleets, services, needs, and the circles they make.

use std::collections::VecDeque;

use super::*;
use crate::scenario::schema::{Backlog, Fallback, Fleet, Keys, Need, NeedOf, Response, Rework, Service, Staff};

/// Service keys with the keys of the services they need, by number.
struct Graph<'a> {
    keys: Vec<String>,
    places: Vec<At<'a>>,
    needs: Vec<Vec<usize>>,
}

impl<'a> Check<'a> {
    pub(super) fn organisations(&mut self) {
        if self.docs.organisations.is_empty() && !self.is_blind(Part::Organisations) {
            let at = At::root(self.known, Part::Organisations);
            self.error(at, "the scenario has no organisations", "expected at least one in organisations/*.ron");
        }
        for (index, org) in self.docs.organisations.iter().enumerate() {
            let at = At::element(self.known, Part::Organisations, index);
            self.organisation(at, org);
            for (index, fleet) in org.fleets.iter().enumerate() {
                self.fleet(at.field("fleets").item(index), fleet);
            }
            for (index, service) in org.services.iter().enumerate() {
                self.service(at.field("services").item(index), org, service);
            }
        }
        self.hosts_can_be_numbered();
        self.circles();
    }

    fn organisation(&mut self, at: At<'a>, org: &'a Organisation) {
        self.words(at, &[("name", &org.name)]);
        self.reference(at.field("sector"), Kind::Sector, &org.sector);
        self.reference(at.field("region"), Kind::Region, &org.region);
        self.number(at.field("lat"), org.lat, LATITUDE);
        self.number(at.field("lon"), org.lon, LONGITUDE);
        let importance = bounds(1.0, 5.0, "an importance from 1 (small) to 5 (of national weight)");
        self.number(at.field("importance"), org.importance, importance);
        self.staff(at.field("staff"), &org.staff);
        if let Keys::Server(fleet) = &org.keys {
            self.part_reference(at.field("keys").item(0), PartKind::Fleet, fleet, Some(org));
        }
        let fleets = at.field("fleets");
        let ids = org.fleets.iter().enumerate().map(|(index, fleet)| (fleet.id.as_str(), fleets.item(index)));
        self.unique("fleet", ids.collect());
        let services = at.field("services");
        let ids = org.services.iter().enumerate().map(|(index, entry)| (entry.id.as_str(), services.item(index)));
        self.unique("service", ids.collect());
        if org.fleets.is_empty() && org.services.is_empty() {
            let message = format!("the organisation `{}` has neither fleets nor services", org.id);
            self.error(fleets, message, "give it a fleet or a service");
        }
    }

    fn staff(&mut self, at: At<'a>, staff: &Staff) {
        self.figure(at.field("day"), &staff.day, PEOPLE);
        self.figure(at.field("evening"), &staff.evening, PEOPLE);
        self.figure(at.field("night"), &staff.night, PEOPLE);
        self.figure(at.field("weekend"), &staff.weekend, SHARE);
        self.figure(at.field("cost_per_hour_usd"), &staff.cost_per_hour_usd, AMOUNT);
    }

    fn fleet(&mut self, at: At<'a>, fleet: &'a Fleet) {
        self.words(at, &[("name", &fleet.name)]);
        self.reference(at.field("kind"), Kind::FleetType, &fleet.kind);
        self.figure(at.field("hosts"), &fleet.hosts, bounds(1.0, 1e8, "hosts, from 1 to 100000000"));
        if let Some(in_scope) = &fleet.in_scope {
            self.figure(at.field("in_scope"), in_scope, SHARE);
        }
    }

    fn service(&mut self, at: At<'a>, org: &'a Organisation, service: &'a Service) {
        self.words(at, &[("name", &service.name), ("unit", &service.unit)]);
        self.figure(at.field("demand_per_day"), &service.demand_per_day, AMOUNT_ABOVE_0);
        self.reference(at.field("demand_profile"), Kind::Profile, &service.demand_profile);
        self.figure(at.field("headroom"), &service.headroom, above(0.0, 100.0, "a factor above 0, up to 100"));
        for (index, need) in service.needs.iter().enumerate() {
            self.need(at.field("needs").item(index), org, service, need);
        }
        self.figure(at.field("warm_up_min"), &service.warm_up_min, MINUTES);
        if let Some(fallback) = &service.fallback {
            self.fallback(at.field("fallback"), fallback);
        }
        if let Backlog::Expires(after) = &service.backlog {
            self.figure(at.field("backlog").item(0), after, MINUTES_FROM_1);
        }
        if let Some(rework) = &service.rework {
            self.rework(at.field("rework"), rework);
        }
        self.number(at.field("target_level"), service.target_level, SHARE_ABOVE_0);
        self.figure(at.field("tolerance_min"), &service.tolerance_min, MINUTES);
        self.figure(at.field("cost_per_lost_usd"), &service.cost_per_lost_usd, AMOUNT);
    }

    fn need(&mut self, at: At<'a>, org: &'a Organisation, service: &Service, need: &'a Need) {
        let of = at.field("of").item(0);
        match &need.of {
            NeedOf::Fleet(id) => self.part_reference(of, PartKind::Fleet, id, Some(org)),
            NeedOf::Service(id) if service_key(org, id) == format!("{}/{}", org.id, service.id) => {
                self.error(of, format!("the service `{}` needs itself", service.id), "take this need away");
            }
            NeedOf::Service(id) => self.part_reference(of, PartKind::Service, id, Some(org)),
        }
        self.number(at.field("buffer_min"), need.buffer_min, MINUTES);
        let at = at.field("response");
        match &need.response {
            Response::Linear => {}
            Response::Knee(share) => self.number(at.item(0), *share, SHARE_ABOVE_0),
            Response::Soft(share) => self.number(at.item(0), *share, SHARE),
            Response::Points(points) => self.points(at.item(0), points),
        }
    }

    fn points(&mut self, at: At<'a>, points: &[(f64, f64)]) {
        if points.len() < 2 {
            self.error(at, format!("{} points make no line", points.len()), "expected at least two");
        }
        for (index, (need, level)) in points.iter().enumerate() {
            self.number(at.item(index).item(0), *need, SHARE);
            self.number(at.item(index).item(1), *level, SHARE);
        }
        for (index, pair) in points.windows(2).enumerate() {
            if pair[1].0 <= pair[0].0 {
                let message = format!("`{}` does not rise above `{}`", pair[1].0, pair[0].0);
                self.error(at.item(index + 1).item(0), message, "the shares of the need rise from point to point");
            }
        }
    }

    fn fallback(&mut self, at: At<'a>, fallback: &Fallback) {
        self.words(at, &[("name", &fallback.name)]);
        self.figure(at.field("level"), &fallback.level, SHARE);
        self.figure(at.field("endurance_min"), &fallback.endurance_min, MINUTES_FROM_1);
        self.figure(at.field("technicians"), &fallback.technicians, PEOPLE);
    }

    fn rework(&mut self, at: At<'a>, rework: &Rework) {
        self.words(at, &[("name", &rework.name)]);
        self.figure(at.field("items_per_lost"), &rework.items_per_lost, AMOUNT_ABOVE_0);
        self.figure(at.field("clear_per_hour"), &rework.clear_per_hour, AMOUNT_ABOVE_0);
        self.figure(at.field("half_speed_at"), &rework.half_speed_at, AMOUNT_ABOVE_0);
        self.figure(at.field("half_level_at"), &rework.half_level_at, AMOUNT_ABOVE_0);
    }

    /// Hosts are numbered with 32 bits.
    fn hosts_can_be_numbered(&mut self) {
        let fleets = self.docs.organisations.iter().flat_map(|org| &org.fleets);
        let total: u64 = fleets.map(|fleet| u64::from(*fleet.hosts.value())).sum();
        if u64::from(u32::MAX) < total {
            let at = At::root(self.known, Part::Organisations);
            let help = format!("at most {} fit", u32::MAX);
            self.error(at, format!("the scenario has {total} hosts"), help);
        }
    }

    /// Warns of services that need each other; a circle is allowed and settles by a fixed rule.
    fn circles(&mut self) {
        let graph = self.graph();
        for component in components(&graph.needs) {
            let path: Vec<&str> =
                shortest_circle(&graph.needs, &component).into_iter().map(|at| graph.keys[at].as_str()).collect();
            if path.len() < 3 {
                continue;
            }
            let more = match component.len() - (path.len() - 1) {
                0 => String::new(),
                n => format!(" and {n} more services with them"),
            };
            let message = format!("services need each other in a circle: {}{more}", path.join(" -> "));
            let help = "circles are allowed and worked out in a fixed order; is this one meant?";
            self.found.push(graph.places[component[0]].problem(message).help(help).warning());
        }
    }

    fn graph(&self) -> Graph<'a> {
        let mut graph = Graph { keys: Vec::new(), places: Vec::new(), needs: Vec::new() };
        let mut numbers = BTreeMap::new();
        for (index, org) in self.docs.organisations.iter().enumerate() {
            let at = At::element(self.known, Part::Organisations, index).field("services");
            for (index, service) in org.services.iter().enumerate() {
                let key = format!("{}/{}", org.id, service.id);
                numbers.insert(key.clone(), graph.keys.len());
                graph.keys.push(key);
                graph.places.push(at.item(index).field("needs"));
            }
        }
        for org in &self.docs.organisations {
            for service in &org.services {
                let needs = service.needs.iter().filter_map(|need| match &need.of {
                    NeedOf::Service(id) => numbers.get(&service_key(org, id)).copied(),
                    NeedOf::Fleet(_) => None,
                });
                graph.needs.push(needs.collect());
            }
        }
        graph
    }
}

fn service_key(org: &Organisation, id: &str) -> String {
    if id.contains('/') { id.to_owned() } else { format!("{}/{id}", org.id) }
}

/// Tarjan's strongly connected components of more than one node, each sorted, in the order of their
/// first nodes. The stack is our own: chains of services may be long.
fn components(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; needs.len()];
    let mut low = vec![0; needs.len()];
    let mut on_stack = vec![false; needs.len()];
    let (mut stack, mut found, mut next) = (Vec::new(), Vec::new(), 0);
    for root in 0..needs.len() {
        let mut work = if order[root] == UNSEEN { vec![(root, 0)] } else { Vec::new() };
        while let Some((node, step)) = work.pop() {
            if step == 0 {
                (order[node], low[node], on_stack[node]) = (next, next, true);
                next += 1;
                stack.push(node);
            } else {
                let child = needs[node][step - 1];
                if on_stack[child] {
                    low[node] = low[node].min(low[child]);
                }
            }
            if let Some(&child) = needs[node].get(step) {
                work.push((node, step + 1));
                if order[child] == UNSEEN {
                    work.push((child, 0));
                }
            } else if low[node] == order[node] {
                let from = stack.iter().rposition(|&on| on == node).expect("a root is on the stack");
                let mut component = stack.split_off(from);
                component.iter().for_each(|&node| on_stack[node] = false);
                component.sort_unstable();
                found.push(component);
            }
        }
    }
    found.retain(|component| 1 < component.len());
    found.sort();
    found
}

/// The shortest way from the first node of a component back to it.
fn shortest_circle(needs: &[Vec<usize>], component: &[usize]) -> Vec<usize> {
    let home = component[0];
    let mut came_from = BTreeMap::new();
    let mut queue = VecDeque::from([home]);
    while let Some(node) = queue.pop_front() {
        for &child in &needs[node] {
            if child == home && node != home {
                let mut path = vec![home, node];
                while let Some(&before) = came_from.get(path.last().expect("never empty")) {
                    path.push(before);
                }
                path.reverse();
                return path;
            }
            if child != home && component.binary_search(&child).is_ok() && !came_from.contains_key(&child) {
                came_from.insert(child, node);
                queue.push_back(child);
            }
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::{components, shortest_circle};

    #[test]
    fn circles_are_found_apart() {
        let needs = [vec![1], vec![2, 0], vec![3, 4], vec![2], vec![3, 4], vec![0]];
        assert_eq!(components(&needs), [vec![0, 1], vec![2, 3, 4]]);
        assert_eq!(shortest_circle(&needs, &[0, 1]), [0, 1, 0]);
        assert_eq!(shortest_circle(&needs, &[2, 3, 4]), [2, 3, 2]);
    }
}

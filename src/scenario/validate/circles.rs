//! Finds circles of services that need each other. The message for a circle names one shortest way around it.
//!
//! The members of a population are one node for each service. A circle through that node is a circle through each
//! member, because a need leads to the same member or to an organisation with a name.

use std::collections::VecDeque;

use super::*;
use crate::scenario::graph::components;
use crate::scenario::schema::NeedOf;

/// Services with the services they need, by number.
struct Graph<'a> {
    keys: Vec<String>,
    places: Vec<At<'a>>,
    needs: Vec<Vec<usize>>,
}

impl<'a> Check<'a> {
    /// Warns of services that need each other. A circle is allowed: the simulation has a fixed rule for it.
    pub(super) fn circles(&mut self) {
        let graph = self.graph();
        for component in circles_of(&graph.needs) {
            let circle = shortest_circle(&graph.needs, &component);
            let path: Vec<&str> = circle.iter().map(|&at| graph.keys[at].as_str()).collect();
            let more = match component.len() + 1 - circle.len() {
                0 => String::new(),
                1 => " and one more service".to_owned(),
                n => format!(" and {n} more services"),
            };
            let message = format!("services need each other in a circle: {}{more}", path.join(" -> "));
            let help = "circles are allowed and are computed in a fixed order; check that this one is intended";
            self.found.push(graph.places[circle[0]].problem(message).help(help).warning());
        }
    }

    fn graph(&self) -> Graph<'a> {
        let owners = self.owners();
        let mut graph = Graph { keys: Vec::new(), places: Vec::new(), needs: Vec::new() };
        let mut numbers = BTreeMap::new();
        for (owner, at) in &owners {
            for (index, service) in owner.org.services.iter().enumerate() {
                let key = owner.key(&service.id);
                numbers.insert(key.clone(), graph.keys.len());
                graph.keys.push(key);
                graph.places.push(at.field("services").item(index).field("needs"));
            }
        }
        for (owner, _) in &owners {
            for service in &owner.org.services {
                let needs = service.needs.iter().filter_map(|need| match &need.supplier {
                    NeedOf::Service(text) => numbers.get(&self.service_key(*owner, text)?).copied(),
                    NeedOf::Fleet(_) => None,
                });
                graph.needs.push(needs.collect());
            }
        }
        graph
    }

    /// The key of a service that `owner` names.
    fn service_key(&self, owner: Owner<'a>, text: &str) -> Option<String> {
        match text.split_once('/') {
            Some((id, service)) => Some(self.owner(id)?.key(service)),
            None => Some(owner.key(text)),
        }
    }
}

/// Components of services that need each other, in the order of their first services.
fn circles_of(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut found = components(needs);
    found.retain(|component| 1 < component.len());
    found.sort();
    found
}

/// A shortest way through a component back to its beginning; the first and last node are the same. Of several
/// shortest ways the result is the one that begins at the first node.
fn shortest_circle(needs: &[Vec<usize>], component: &[usize]) -> Vec<usize> {
    /// Nodes of the shortest possible way: two services that need each other.
    const SHORTEST: usize = 3;
    let mut best: Vec<usize> = Vec::new();
    for &home in component {
        let circle = circle_from(needs, component, home);
        if best.is_empty() || circle.len() < best.len() {
            best = circle;
        }
        if best.len() <= SHORTEST {
            break;
        }
    }
    best
}

/// The shortest way from a node of a component back to it. A need of a node for itself does not count.
fn circle_from(needs: &[Vec<usize>], component: &[usize], home: usize) -> Vec<usize> {
    const NOWHERE: usize = usize::MAX;
    let place = |node: usize| component.binary_search(&node).ok();
    let mut came_from = vec![NOWHERE; component.len()];
    let mut queue = VecDeque::from([home]);
    while let Some(node) = queue.pop_front() {
        for &child in &needs[node] {
            let Some(at) = place(child) else { continue };
            if child == home && node != home {
                let mut path = vec![home];
                let mut back = node;
                while back != home {
                    path.push(back);
                    back = came_from[place(back).expect("in the component")];
                }
                path.push(home);
                path.reverse();
                return path;
            }
            if child != home && came_from[at] == NOWHERE {
                came_from[at] = node;
                queue.push_back(child);
            }
        }
    }
    unreachable!("a component of more than one node leads back to each of its nodes")
}

#[cfg(test)]
mod tests {
    use super::{circles_of, shortest_circle};

    #[test]
    fn separate_circles_are_reported_separately() {
        let needs = [vec![1], vec![2, 0], vec![3, 4], vec![2], vec![3, 4], vec![0]];
        assert_eq!(circles_of(&needs), [vec![0, 1], vec![2, 3, 4]]);
        assert_eq!(shortest_circle(&needs, &[0, 1]), [0, 1, 0]);
        assert_eq!(shortest_circle(&needs, &[2, 3, 4]), [2, 3, 2]);
    }

    #[test]
    fn the_shortest_circle_need_not_pass_the_first_service() {
        let needs = [vec![1], vec![2], vec![3, 0], vec![2]];
        assert_eq!(circles_of(&needs), [vec![0, 1, 2, 3]]);
        assert_eq!(shortest_circle(&needs, &[0, 1, 2, 3]), [2, 3, 2]);
    }
}

//! Strongly connected components of a graph of needs, in an order in which suppliers come before their customers.
//!
//! Must not know what the nodes are; they are numbers here.

/// The strongly connected components (Tarjan's algorithm), each sorted. A component comes after the components that
/// it needs. The stack is a vector and not recursion, because chains may be long.
pub(super) fn components(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
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
    found
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn components_are_separate_and_suppliers_come_first() {
        let needs = [vec![1], vec![2, 0], vec![3, 4], vec![2], vec![3, 4], vec![0]];
        assert_eq!(components(&needs), [vec![2, 3, 4], vec![0, 1], vec![5]]);
        assert_eq!(components(&[vec![2], vec![], vec![1]]), [[1], [2], [0]]);
    }
}

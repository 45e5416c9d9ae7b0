//! Short lists of entities, one list for each entity of another kind. Must not know the kinds.

use crate::base::{Column, Ix};

/// Lists of entities of the kind `I`, one for each entity of the kind `L`. Most lists have one item or none and take one
/// access to memory; longer lists take two.
#[derive(Debug)]
pub struct Lists<L, I> {
    /// The only item of a list; `NONE`; or `LONG` plus the position in `longer` of its length, which its items follow.
    heads: Column<L, Ix<I>>,
    longer: Vec<Ix<I>>,
}

impl<L, I> Default for Lists<L, I> {
    fn default() -> Self {
        Self { heads: Column::new(), longer: Vec::new() }
    }
}

const LONG: u32 = 1 << 31;
const NONE: u32 = u32::MAX;

impl<L, I> Lists<L, I> {
    /// From (list, item) pairs; items keep the order given.
    ///
    /// # Panics
    /// If an item is not below 2³¹.
    pub(super) fn new(lists: usize, pairs: &[(Ix<L>, Ix<I>)]) -> Self {
        let mut sorted = pairs.to_vec();
        sorted.sort_by_key(|&(list, _)| list);
        let mut made = Self { heads: Column::filled(Ix::new(NONE), lists), longer: Vec::new() };
        for pairs in sorted.chunk_by(|a, b| a.0 == b.0) {
            let head = &mut made.heads[pairs[0].0];
            if let [(_, item)] = pairs {
                assert!(item.number() < LONG, "item {item} of a list");
                *head = *item;
                continue;
            }
            *head = Ix::new(LONG | made.longer.len() as u32);
            made.longer.push(Ix::from_usize(pairs.len()));
            made.longer.extend(pairs.iter().map(|(_, item)| item));
        }
        made
    }

    /// The items of a list.
    #[inline]
    pub fn items(&self, list: Ix<L>) -> &[Ix<I>] {
        let head = &self.heads[list];
        match head.number() {
            NONE => &[],
            long if LONG <= long => {
                let length = (long - LONG) as usize;
                &self.longer[length + 1..][..self.longer[length].position()]
            }
            _ => std::slice::from_ref(head),
        }
    }
}

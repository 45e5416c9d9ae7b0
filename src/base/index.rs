//! Indices that belong to one kind of entity, and columns that take only indices of their kind.
//!
//! The index of a fleet cannot select a service: the program would not compile. In memory an index is a `u32` and a
//! column is a `Vec`. This module must not know any kind of entity.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Index, IndexMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The index of an entity of the kind `K`, from 0.
pub struct Ix<K> {
    number: u32,
    kind: PhantomData<fn() -> K>,
}

impl<K> Ix<K> {
    /// The entity at this position of its column.
    #[inline]
    pub const fn new(number: u32) -> Self {
        Self { number, kind: PhantomData }
    }

    /// The index of a position in memory.
    ///
    /// # Panics
    /// If the position is not below 2³².
    #[inline]
    pub fn from_usize(position: usize) -> Self {
        Self::new(u32::try_from(position).expect("a column has less than 2^32 rows"))
    }

    /// The index as a number, for digests, draws and files.
    #[inline]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// The index as a position in memory.
    #[inline]
    pub const fn position(self) -> usize {
        self.number as usize
    }
}

impl<K> From<Ix<K>> for u32 {
    #[inline]
    fn from(index: Ix<K>) -> u32 {
        index.number
    }
}

impl<K> Clone for Ix<K> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Ix<K> {}

/// The first entity.
impl<K> Default for Ix<K> {
    fn default() -> Self {
        Self::new(0)
    }
}

impl<K> PartialEq for Ix<K> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<K> Eq for Ix<K> {}

impl<K> PartialOrd for Ix<K> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Ix<K> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.cmp(&other.number)
    }
}

impl<K> Hash for Ix<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

impl<K> fmt::Debug for Ix<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.number, f)
    }
}

impl<K> fmt::Display for Ix<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.number, f)
    }
}

impl<K> Serialize for Ix<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.number)
    }
}

impl<'de, K> Deserialize<'de> for Ix<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u32::deserialize(deserializer).map(Self::new)
    }
}

/// A range of entities, from `start` up to but not including `end`.
pub struct Span<K> {
    pub start: Ix<K>,
    pub end: Ix<K>,
}

impl<K> Span<K> {
    #[inline]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start: Ix::new(start), end: Ix::new(end) }
    }

    #[inline]
    pub fn len(self) -> u32 {
        self.end.number.saturating_sub(self.start.number)
    }

    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub fn contains(self, index: Ix<K>) -> bool {
        self.start <= index && index < self.end
    }

    /// The indices, in rising order.
    #[inline]
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Ix<K>> + ExactSizeIterator + Clone + use<K> {
        (self.start.number..self.end.number).map(Ix::new)
    }

    /// The entity at an offset from the first.
    #[inline]
    pub fn nth(self, place: usize) -> Ix<K> {
        Ix::new(self.start.number + place as u32)
    }

    /// Positions in memory.
    #[inline]
    pub fn positions(self) -> std::ops::Range<usize> {
        self.start.position()..self.end.position()
    }
}

impl<K> Clone for Span<K> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Span<K> {}

impl<K> PartialEq for Span<K> {
    fn eq(&self, other: &Self) -> bool {
        self.start == other.start && self.end == other.end
    }
}

impl<K> Eq for Span<K> {}

impl<K> fmt::Debug for Span<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl<K> Default for Span<K> {
    fn default() -> Self {
        Self::new(0, 0)
    }
}

impl<K> IntoIterator for Span<K> {
    type Item = Ix<K>;
    type IntoIter = std::iter::Map<std::ops::Range<u32>, fn(u32) -> Ix<K>>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        (self.start.number..self.end.number).map(Ix::new as fn(u32) -> Ix<K>)
    }
}

/// One value for each entity of the kind `K`, such as its figures or its state.
pub struct Column<K, V = K> {
    rows: Vec<V>,
    kind: PhantomData<fn() -> K>,
}

impl<K, V> Column<K, V> {
    #[inline]
    pub const fn new() -> Self {
        Self { rows: Vec::new(), kind: PhantomData }
    }

    /// A column with the same value for `len` entities.
    pub fn filled(value: V, len: usize) -> Self
    where
        V: Clone,
    {
        vec![value; len].into()
    }

    /// All indices, in rising order.
    #[inline]
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = Ix<K>> + ExactSizeIterator + Clone + use<K, V> {
        (0..self.rows.len() as u32).map(Ix::new)
    }

    /// The index that the next value gets.
    #[inline]
    pub fn next(&self) -> Ix<K> {
        Ix::from_usize(self.rows.len())
    }

    /// The whole column as a span.
    #[inline]
    pub fn span(&self) -> Span<K> {
        Span::new(0, self.rows.len() as u32)
    }

    /// Each value with its index.
    #[inline]
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (Ix<K>, &V)> + ExactSizeIterator {
        self.rows.iter().enumerate().map(|(position, value)| (Ix::new(position as u32), value))
    }

    /// The value of an entity; none if the column has no such row.
    #[inline]
    pub fn get(&self, index: Ix<K>) -> Option<&V> {
        self.rows.get(index.position())
    }

    /// Appends the value of a further entity and returns its index.
    ///
    /// # Panics
    /// If the column has 2³² rows.
    pub fn push(&mut self, value: V) -> Ix<K> {
        let index = Ix::from_usize(self.rows.len());
        self.rows.push(value);
        index
    }

    /// The index of the first value for which `is_it` is true.
    pub fn find(&self, is_it: impl FnMut(&V) -> bool) -> Option<Ix<K>> {
        self.rows.iter().position(is_it).map(Ix::from_usize)
    }
}

impl<K, V> Deref for Column<K, V> {
    type Target = [V];

    #[inline]
    fn deref(&self) -> &[V] {
        &self.rows
    }
}

impl<K, V> DerefMut for Column<K, V> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [V] {
        &mut self.rows
    }
}

impl<K, V> Index<Ix<K>> for Column<K, V> {
    type Output = V;

    #[inline]
    fn index(&self, index: Ix<K>) -> &V {
        &self.rows[index.position()]
    }
}

impl<K, V> IndexMut<Ix<K>> for Column<K, V> {
    #[inline]
    fn index_mut(&mut self, index: Ix<K>) -> &mut V {
        &mut self.rows[index.position()]
    }
}

impl<K, V> Index<Span<K>> for Column<K, V> {
    type Output = [V];

    #[inline]
    fn index(&self, span: Span<K>) -> &[V] {
        &self.rows[span.positions()]
    }
}

impl<K, V> IndexMut<Span<K>> for Column<K, V> {
    #[inline]
    fn index_mut(&mut self, span: Span<K>) -> &mut [V] {
        &mut self.rows[span.positions()]
    }
}

impl<K, V> From<Vec<V>> for Column<K, V> {
    fn from(rows: Vec<V>) -> Self {
        Self { rows, kind: PhantomData }
    }
}

impl<K, V> FromIterator<V> for Column<K, V> {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        values.into_iter().collect::<Vec<V>>().into()
    }
}

impl<K, V> Default for Column<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V: Clone> Clone for Column<K, V> {
    fn clone(&self) -> Self {
        self.rows.clone().into()
    }

    fn clone_from(&mut self, source: &Self) {
        self.rows.clone_from(&source.rows);
    }
}

impl<K, V: fmt::Debug> fmt::Debug for Column<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.fmt(f)
    }
}

impl<K, V: Eq> Eq for Column<K, V> {}

impl<K, V: PartialEq> PartialEq for Column<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl<'c, K, V> IntoIterator for &'c Column<K, V> {
    type Item = &'c V;
    type IntoIter = std::slice::Iter<'c, V>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<'c, K, V> IntoIterator for &'c mut Column<K, V> {
    type Item = &'c mut V;
    type IntoIter = std::slice::IterMut<'c, V>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Fleet(&'static str);

    #[test]
    fn a_column_is_read_by_indices_and_spans_of_its_kind() {
        let mut fleets: Column<Fleet> = Column::new();
        let first = fleets.push(Fleet("desks"));
        let second = fleets.push(Fleet("servers"));
        assert_eq!((fleets[first].0, fleets[second].0), ("desks", "servers"));
        assert_eq!(fleets.span().iter().rev().collect::<Vec<_>>(), [second, first]);
        assert_eq!(fleets[Span::new(1, 2)], [Fleet("servers")]);
        assert_eq!(fleets.get(Ix::new(2)), None);
        assert_eq!(fleets.find(|fleet| fleet.0 == "servers"), Some(second));
        assert_eq!(serde_json::to_string(&second).expect("a number"), "1");
        assert!(fleets.span().contains(second) && !Span::new(0, 1).contains(second));
        let up: Column<Fleet, u32> = Column::filled(7, fleets.len());
        assert_eq!(up[second], 7);
        assert_eq!((size_of::<Ix<Fleet>>(), size_of::<Column<Fleet>>()), (4, size_of::<Vec<Fleet>>()));
    }
}

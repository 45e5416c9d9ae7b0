//! First-in, first-out lines of numbers, many of them in one piece of memory.
//!
//! A world has as many lines as fleets and minutes, and nearly all are short or empty: each is a chain of chunks
//! out of a common pool, so that an empty line is eight bytes, growing one moves nothing, and a copy of all of
//! them is one copy of memory.
//!
//! Invariant: a chunk belongs to one line or to the free ones, and a line that is empty has none.

/// Entries of a chunk: with the link a power of two, and two lines of memory.
const CHUNK: usize = 31;
const SLOTS: u32 = CHUNK as u32 + 1;

/// Where a line begins and ends in its pool: chunk times `SLOTS` plus slot. Nought for both: it is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    first: u32,
    end: u32,
}

impl Line {
    #[inline]
    pub fn is_empty(self) -> bool {
        self.end == 0
    }
}

// Not aligned to lines of memory: what is aligned is copied when it grows, not mapped elsewhere.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    entries: [u32; CHUNK],
    /// The next chunk of its line, or of the free ones.
    next: u32,
}

/// The chunks of many lines.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    /// The first one stands for none.
    chunks: Vec<Chunk>,
    free: u32,
}

impl Pool {
    pub fn new() -> Self {
        Self { chunks: vec![Chunk { entries: [0; CHUNK], next: 0 }], free: 0 }
    }

    /// Bytes that a copy takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.chunks[..])
    }

    fn take_chunk(&mut self) -> u32 {
        if self.free == 0 {
            self.chunks.push(Chunk { entries: [0; CHUNK], next: 0 });
            return self.chunks.len() as u32 - 1;
        }
        let chunk = self.free;
        self.free = self.chunks[chunk as usize].next;
        chunk
    }

    fn give_back(&mut self, chunk: u32) {
        self.chunks[chunk as usize].next = self.free;
        self.free = chunk;
    }

    /// Adds an entry at the end of a line.
    #[inline]
    pub fn push(&mut self, line: &mut Line, entry: u32) {
        if line.end % SLOTS == SLOTS - 1 || line.end == 0 {
            self.grow(line);
        }
        self.chunks[(line.end / SLOTS) as usize].entries[(line.end % SLOTS) as usize] = entry;
        line.end += 1;
    }

    fn grow(&mut self, line: &mut Line) {
        let chunk = self.take_chunk();
        match line.end {
            0 => line.first = chunk * SLOTS,
            end => self.chunks[(end / SLOTS) as usize].next = chunk,
        }
        line.end = chunk * SLOTS;
    }

    /// The first entry.
    #[inline]
    pub fn first(&self, line: Line) -> Option<u32> {
        let chunk = &self.chunks[(line.first / SLOTS) as usize];
        (!line.is_empty()).then(|| chunk.entries[(line.first % SLOTS) as usize])
    }

    /// Takes the first entry.
    #[inline]
    pub fn pop(&mut self, line: &mut Line) -> Option<u32> {
        let entry = self.first(*line)?;
        let at = line.first / SLOTS;
        line.first += 1;
        if line.first == line.end {
            *line = Line::default();
            self.give_back(at);
        } else if line.first % SLOTS == SLOTS - 1 {
            line.first = self.chunks[at as usize].next * SLOTS;
            self.give_back(at);
        }
        Some(entry)
    }

    /// The entries of a line, in order, a chunk's at a time.
    pub fn slices(&self, line: Line) -> impl Iterator<Item = &[u32]> {
        let mut from = line.first;
        std::iter::from_fn(move || {
            if from == line.end {
                return None;
            }
            let chunk = &self.chunks[(from / SLOTS) as usize];
            let is_last = from / SLOTS == line.end / SLOTS;
            let until = if is_last { line.end % SLOTS } else { SLOTS - 1 };
            let entries = &chunk.entries[(from % SLOTS) as usize..until as usize];
            from = if is_last { line.end } else { chunk.next * SLOTS };
            Some(entries)
        })
    }

    /// Takes all entries of a line, in order, and adds them to a list.
    pub fn drain(&mut self, line: &mut Line, to: &mut Vec<u32>) {
        self.slices(*line).for_each(|entries| to.extend_from_slice(entries));
        let (mut chunk, last) = (line.first / SLOTS, line.end / SLOTS);
        while !line.is_empty() {
            let next = self.chunks[chunk as usize].next;
            self.give_back(chunk);
            if chunk == last {
                *line = Line::default();
            }
            chunk = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    /// Lines in one pool against queues of their own: the same pushes, pops and drains.
    #[test]
    fn lines_keep_their_order_and_their_chunks() {
        let mut pool = Pool::new();
        let mut lines = [Line::default(); 5];
        let mut queues: [VecDeque<u32>; 5] = std::array::from_fn(|_| VecDeque::new());
        for round in 0..20_000_u32 {
            let dice = crate::base::draw::mix(u64::from(round));
            let at = (dice % 5) as usize;
            match dice >> 32 & 1023 {
                0..600 => {
                    pool.push(&mut lines[at], round);
                    queues[at].push_back(round);
                }
                600..1000 => assert_eq!(pool.pop(&mut lines[at]), queues[at].pop_front()),
                _ => {
                    let mut drained = Vec::new();
                    pool.drain(&mut lines[at], &mut drained);
                    assert_eq!(drained, Vec::from(std::mem::take(&mut queues[at])));
                }
            }
            assert_eq!(pool.first(lines[at]), queues[at].front().copied());
            assert_eq!(lines[at].is_empty(), queues[at].is_empty());
            assert!(pool.slices(lines[at]).flatten().eq(&queues[at]));
        }
        lines.iter_mut().for_each(|line| pool.drain(line, &mut Vec::new()));
        let mut free = 0;
        while pool.free != 0 {
            pool.free = pool.chunks[pool.free as usize].next;
            free += 1;
        }
        assert_eq!(free + 1, pool.chunks.len(), "chunks that are free, and the one that stands for none");
    }
}

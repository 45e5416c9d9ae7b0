//! First-in, first-out queues of numbers, many of them in one allocation.
//!
//! A world has a few queues for every fleet, and nearly all are short or empty. Each queue is a chain of chunks of a
//! common arena: an empty queue takes eight bytes, a queue that grows moves no entry, and a copy of all queues is one
//! copy of memory.
//!
//! Must not know what the numbers stand for. Invariant: a chunk belongs to one queue or to the list of free chunks, and
//! an empty queue has no chunk.

/// Entries of a chunk. A chunk with its link is two cache lines long, and its count of slots is a power of two.
const CHUNK: usize = 31;
const SLOTS: u32 = CHUNK as u32 + 1;

/// The begin and the end of a queue in its arena, each as chunk times `SLOTS` plus slot; both are 0 if the queue is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Queue {
    first: u32,
    end: u32,
}

impl Queue {
    #[inline]
    pub fn is_empty(self) -> bool {
        self.end == 0
    }
}

// Not aligned to cache lines: the allocator grows a large allocation by remapping its pages, but copies an overaligned one.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    entries: [u32; CHUNK],
    /// The next chunk of the queue, or of the list of free chunks.
    next: u32,
}

/// The chunks of all queues.
#[derive(Clone, Debug)]
pub(super) struct QueueArena {
    /// Number 0 is never used, so that it can stand for no chunk.
    chunks: Vec<Chunk>,
    free: u32,
}

impl QueueArena {
    pub fn new() -> Self {
        Self { chunks: vec![Chunk { entries: [0; CHUNK], next: 0 }], free: 0 }
    }

    /// Size of a copy in bytes.
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

    /// Adds an entry at the end of a queue.
    #[inline]
    pub fn push(&mut self, queue: &mut Queue, entry: u32) {
        if queue.end % SLOTS == SLOTS - 1 || queue.end == 0 {
            self.grow(queue);
        }
        self.chunks[(queue.end / SLOTS) as usize].entries[(queue.end % SLOTS) as usize] = entry;
        queue.end += 1;
    }

    fn grow(&mut self, queue: &mut Queue) {
        let chunk = self.take_chunk();
        match queue.end {
            0 => queue.first = chunk * SLOTS,
            end => self.chunks[(end / SLOTS) as usize].next = chunk,
        }
        queue.end = chunk * SLOTS;
    }

    /// The first entry.
    #[inline]
    pub fn first(&self, queue: Queue) -> Option<u32> {
        let chunk = &self.chunks[(queue.first / SLOTS) as usize];
        (!queue.is_empty()).then(|| chunk.entries[(queue.first % SLOTS) as usize])
    }

    /// Takes the first entry.
    #[inline]
    pub fn pop(&mut self, queue: &mut Queue) -> Option<u32> {
        let entry = self.first(*queue)?;
        let at = queue.first / SLOTS;
        queue.first += 1;
        if queue.first == queue.end {
            *queue = Queue::default();
            self.give_back(at);
        } else if queue.first % SLOTS == SLOTS - 1 {
            queue.first = self.chunks[at as usize].next * SLOTS;
            self.give_back(at);
        }
        Some(entry)
    }

    /// The entries of a queue in order, as one slice for each chunk.
    pub fn slices(&self, queue: Queue) -> impl Iterator<Item = &[u32]> {
        let mut from = queue.first;
        std::iter::from_fn(move || {
            if from == queue.end {
                return None;
            }
            let chunk = &self.chunks[(from / SLOTS) as usize];
            let is_last = from / SLOTS == queue.end / SLOTS;
            let until = if is_last { queue.end % SLOTS } else { SLOTS - 1 };
            let entries = &chunk.entries[(from % SLOTS) as usize..until as usize];
            from = if is_last { queue.end } else { chunk.next * SLOTS };
            Some(entries)
        })
    }

    /// Moves all entries of a queue, in order, to the end of a list.
    pub fn drain(&mut self, queue: &mut Queue, list: &mut Vec<u32>) {
        self.slices(*queue).for_each(|entries| list.extend_from_slice(entries));
        let (mut chunk, last) = (queue.first / SLOTS, queue.end / SLOTS);
        while !queue.is_empty() {
            let next = self.chunks[chunk as usize].next;
            self.give_back(chunk);
            if chunk == last {
                *queue = Queue::default();
            }
            chunk = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    /// Goal: the arena keeps the order of queues and all its chunks. Method: random pushes, pops and drains, and a
    /// `VecDeque` beside each queue.
    #[test]
    fn queues_keep_their_order_and_their_chunks() {
        let mut arena = QueueArena::new();
        let mut queues = [Queue::default(); 5];
        let mut others: [VecDeque<u32>; 5] = std::array::from_fn(|_| VecDeque::new());
        for round in 0..20_000_u32 {
            let dice = crate::base::draw::mix(u64::from(round));
            let at = (dice % 5) as usize;
            match dice >> 32 & 1023 {
                0..600 => {
                    arena.push(&mut queues[at], round);
                    others[at].push_back(round);
                }
                600..1000 => assert_eq!(arena.pop(&mut queues[at]), others[at].pop_front()),
                _ => {
                    let mut drained = Vec::new();
                    arena.drain(&mut queues[at], &mut drained);
                    assert_eq!(drained, Vec::from(std::mem::take(&mut others[at])));
                }
            }
            assert_eq!(arena.first(queues[at]), others[at].front().copied());
            assert_eq!(queues[at].is_empty(), others[at].is_empty());
            assert!(arena.slices(queues[at]).flatten().eq(&others[at]));
        }
        queues.iter_mut().for_each(|queue| arena.drain(queue, &mut Vec::new()));
        let mut free = 0;
        while arena.free != 0 {
            arena.free = arena.chunks[arena.free as usize].next;
            free += 1;
        }
        assert_eq!(free + 1, arena.chunks.len(), "all chunks are free but number 0");
    }
}

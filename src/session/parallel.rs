//! Runs pieces of work in parallel. Other modules must not start threads for runs themselves.
//!
//! Results are in the order of their numbers, so that they do not depend on the number of threads.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// The number of processor cores of this machine.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Calls `work` once for every number of the range, on the given number of threads, in any order.
///
/// # Panics
/// If `work` panics.
pub fn for_each(numbers: Range<u64>, threads: usize, work: impl Fn(u64) + Sync) {
    let count = numbers.end.saturating_sub(numbers.start);
    let next = AtomicU64::new(numbers.start);
    let take = || {
        // The counter never moves past the last number, so that a range may end at the largest number.
        let taken = next
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |number| (number < numbers.end).then(|| number + 1));
        taken.ok()
    };
    let work_off = || {
        while let Some(number) = take() {
            work(number);
        }
    };
    let threads = threads.clamp(1, usize::try_from(count).unwrap_or(usize::MAX).max(1));
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work_off);
        }
        work_off();
    });
}

/// The results of `work` for every number of the range, in the order of the numbers.
///
/// # Panics
/// If `work` panics.
pub fn map<T: Send>(numbers: Range<u64>, threads: usize, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let results = Mutex::new(Vec::new());
    for_each(numbers, threads, |number| {
        let result = work(number);
        results.lock().expect("no thread panics while it holds the lock").push((number, result));
    });
    let mut results = results.into_inner().expect("no thread panics while it holds the lock");
    results.sort_unstable_by_key(|&(number, _)| number);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_worked_on_once_and_results_keep_their_order() {
        for threads in [0, 1, 3, 100] {
            let squares = map(5..25, threads, |number| number * number);
            assert_eq!(squares, (5..25).map(|number| number * number).collect::<Vec<u64>>(), "{threads} threads");
        }
        assert!(map(5..5, 4, |number| number).is_empty());
        assert_eq!(map(u64::MAX - 2..u64::MAX, 4, |number| number), [u64::MAX - 2, u64::MAX - 1]);
    }
}

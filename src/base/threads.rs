//! How many threads a piece of work is worth.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many threads this machine runs at once. The operating system is asked once: on Linux the answer is put together
/// from several files.
pub fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

/// As many as there are, if each has at least so much to do; at least one.
pub fn threads(work: usize, least: usize) -> usize {
    let most = work / least.max(1);
    if most < 2 { 1 } else { cores().min(most) }
}

/// What each thread makes of a range of its own, in their order; at least so much falls to each.
pub fn in_ranges<T: Send>(work: usize, least: usize, make: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let share = work.div_ceil(threads(work, least)).max(1);
    let mut ranges = (0..work).step_by(share).map(|start| start..work.min(start + share));
    let own = ranges.next().unwrap_or(0..0);
    thread::scope(|scope| {
        let make = &make;
        let others: Vec<_> = ranges.map(|range| scope.spawn(move || make(range))).collect();
        let mut made = vec![make(own)];
        for other in others {
            made.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    })
}

/// What is made of each item, in their order. Threads take up one item after the other.
pub fn each<I: Sync, T: Send>(items: &[I], threads: usize, make: impl Fn(&I) -> T + Sync) -> Vec<T> {
    each_with(items, threads, || (), |(), item| make(item))
}

/// The same, where every thread has something of its own to do it with.
pub fn each_with<I: Sync, S, T: Send>(
    items: &[I],
    threads: usize,
    start: impl Fn() -> S + Sync,
    make: impl Fn(&mut S, &I) -> T + Sync,
) -> Vec<T> {
    if threads < 2 {
        let mut own = start();
        return items.iter().map(|item| make(&mut own, item)).collect();
    }
    let next = AtomicUsize::new(0);
    let shares = in_ranges(threads, 1, |_| {
        let (mut own, mut made) = (start(), Vec::new());
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return made };
            made.push((at, make(&mut own, item)));
        }
    });
    let mut made: Vec<(usize, T)> = shares.into_iter().flatten().collect();
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_made_in_its_place() {
        let items: Vec<usize> = (0..1000).collect();
        for threads in [1, 2, 7] {
            assert_eq!(each(&items, threads, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
        assert!(each(&[], 3, |item: &usize| *item).is_empty());
    }

    #[test]
    fn ranges_are_all_of_the_work_in_order() {
        for work in [0, 1, 2, 3, 10, 1001] {
            let ranges = in_ranges(work, 1, |range| range);
            assert!(ranges.len() <= cores().max(1), "{ranges:?}");
            assert_eq!(ranges.into_iter().flatten().collect::<Vec<_>>(), (0..work).collect::<Vec<_>>());
        }
        assert_eq!(in_ranges(10, 6, |range| range.len()), [10]);
    }
}

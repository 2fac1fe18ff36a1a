//! How many threads a piece of work is worth.

use std::ops::Range;
use std::sync::OnceLock;
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

#[cfg(test)]
mod tests {
    use super::*;

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

//! How many threads a piece of work is worth.

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

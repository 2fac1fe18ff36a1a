//! How much memory the process may take: one limit for all that it does, asked before much is taken.

use std::io;
use std::sync::OnceLock;

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System};
use thiserror::Error;

use super::codes::data as codes;
use super::{Bi, Diagnostic, Place};

/// Less than this is not asked for: to ask takes time too.
const LITTLE: u64 = 1 << 20;

static LIMIT: OnceLock<u64> = OnceLock::new();

/// Sets the limit, in bytes, before anything is taken; unless it is set, it is half of the memory that the machine has, or that the
/// process's control group allows.
pub fn limit_memory(bytes: u64) {
    LIMIT.get_or_init(|| bytes);
}

fn limit() -> u64 {
    *LIMIT.get_or_init(|| {
        let mut system = System::new();
        system.refresh_memory();
        let allowed = system.cgroup_limits().map_or(u64::MAX, |limits| limits.total_memory);
        // A system that does not tell sets no limit.
        match system.total_memory().min(allowed) {
            0 => u64::MAX,
            bytes => bytes / 2,
        }
    })
}

/// What the process holds, in bytes.
fn held() -> u64 {
    let Ok(own) = sysinfo::get_current_pid() else { return 0 };
    let mut system = System::new();
    let memory = ProcessRefreshKind::nothing().with_memory().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), false, memory);
    system.process(own).map_or(0, |process| process.memory())
}

/// More memory is needed than may be taken; both in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{needed} bytes of memory are needed, and {limit} may be taken")]
pub struct TooLarge {
    /// With what is held already.
    pub needed: u64,
    /// In all.
    pub limit: u64,
}

/// May so many bytes more be taken?
///
/// # Errors
/// They would go over the limit.
pub fn room_for(more: u64) -> Result<(), TooLarge> {
    if more < LITTLE {
        return Ok(());
    }
    let (needed, limit) = (held().saturating_add(more), limit());
    if needed <= limit { Ok(()) } else { Err(TooLarge { needed, limit }) }
}

/// Reading stops for it as for any other reason.
impl From<TooLarge> for io::Error {
    fn from(why: TooLarge) -> Self {
        io::Error::new(io::ErrorKind::OutOfMemory, why)
    }
}

impl TooLarge {
    /// What is said of it.
    pub fn diagnostic(self, place: Place) -> Diagnostic {
        let [needed, limit] = [self.needed, self.limit].map(shown);
        let message = Bi::new(
            format!("内存不够：至少要用 {needed}，而上限是 {limit}"),
            format!("not enough memory: at least {needed} are needed, and the limit is {limit}"),
        );
        let help = Bi::new(
            "内存确有富余的，用 `--memory-limit` 提高上限；否则把数据按年度或地区分成几份，分别运行",
            "if the machine has more, raise the limit with `--memory-limit`; if not, split the data by year or region and run each part",
        );
        Diagnostic::at(&codes::MEMORY, place, message).help(help)
    }
}

/// Bytes as people say them, with one digit after the point.
fn shown(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    let (unit, of) = units.into_iter().find(|(_, of)| bytes >= *of).unwrap_or(("B", 1));
    let tenths = u128::from(bytes) * 10 / u128::from(of);
    if of == 1 { format!("{bytes} B") } else { format!("{}.{} {unit}", tenths / 10, tenths % 10) }
}

/// A size as people write it: `8GB`, `512 MB`, `1.5GiB`, or bytes.
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let of: u64 = match unit.trim_start() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "t" | "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let scale = 10u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let part: u64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(of)?
        .checked_add(u64::try_from(u128::from(part) * u128::from(of) / u128::from(scale)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        let read = [
            "8GB",
            "512 MB",
            "1.5gib",
            "0.5k",
            "1000",
            "2T",
            "",
            "GB",
            "1,5GB",
            "-1",
            "1e3",
            "9999999999999TB",
            "1..5G",
        ];
        let [gb, mib] = [1_000_000_000, 1 << 20];
        let expected = [8 * gb, 512_000_000, 1536 * mib, 500, 1000, 2000 * gb].map(Some);
        let expected: Vec<Option<u64>> = expected.into_iter().chain([None; 7]).collect();
        assert_eq!(read.map(parse_size).to_vec(), expected);
        let all = [0, 999, 1_000, 1_234_567, 999_999_999, 12_345_678_901].map(shown);
        assert_eq!(all, ["0 B", "999 B", "1.0 kB", "1.2 MB", "999.9 MB", "12.3 GB"]);
    }

    #[test]
    fn what_is_held_is_known_and_little_is_never_refused() {
        let before = held();
        assert!(before > LITTLE, "{before}");
        let filled = vec![1u8; 64 << 20];
        assert!(held() > before + (32 << 20), "{}", filled.len());
        assert_eq!(room_for(LITTLE - 1), Ok(()));
        let refused = room_for(u64::MAX).expect_err("no machine has so much");
        assert_eq!(refused.needed, u64::MAX);
    }
}

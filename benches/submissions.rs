//! How many submissions of 200 rows are judged a second by 300 rules.
//!
//! `cargo bench --bench submissions` writes 10,000 made-up submissions (a CSV file each: two departments, fifty subjects, two
//! years; one in fifty has a fault) and 300 rules of three kinds in turn: a cut of a subject by a tenth for each region and department,
//! no negative amount and no blank subject, a subject's share of its region's total within bounds. Then it prints medians
//! of five runs, from the paths to the record, and how long the record takes to be written as JSON. `SUBMISSIONS` and
//! `THREADS` in the environment say otherwise how many.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::float_arithmetic,
    reason = "a benchmark has no caller to tell, and its rates are no verdicts"
)]

use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use duixian::pipeline::{Many, Parsed, Request, find_submissions};
use duixian::report::json;
use duixian::report::record::Kind;

const RULES: usize = 300;
const SUBJECTS: usize = 50;

/// The same figures in every run (splitmix64).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

fn suite(dir: &Path) {
    let mut text = String::from(
        "数据集 预算\n    维度 地区: 文本\n    维度 部门: 文本\n    维度 科目: 文本\n    维度 年度: 年\n    度量 金额: 元\n\
         指标 总额(地区): 元 = 合计 预算.金额\n",
    );
    for subject in 0..SUBJECTS {
        writeln!(text, "指标 支出{subject}(地区, 部门): 元 = 合计 预算.金额 当 科目 = \"科目{subject}\"").unwrap();
        writeln!(text, "指标 分项{subject}(地区): 元 = 合计 预算.金额 当 科目 = \"科目{subject}\"").unwrap();
    }
    for at in 0..RULES {
        let subject = (at / 3) % SUBJECTS;
        let floor = 10 - at / (3 * SUBJECTS);
        let requirement = match at % 3 {
            0 => format!("对每个 地区, 部门 要求 支出{subject} 压减 ≥ {floor}%"),
            1 => format!("每行 预算 当 科目 = \"科目{subject}\" 要求 金额 ≥ {at} 元 且 科目 已填"),
            _ => format!("对每个 地区 要求 分项{subject} / 总额 ≤ {floor}% 且 分项{subject} / 总额 ≥ 0.{floor}%"),
        };
        writeln!(text, "规则 G{at} \"第{at}条\" {requirement} 性质 约束性").unwrap();
    }
    std::fs::create_dir_all(dir).unwrap();
    std::fs::write(dir.join("suite.toml"), "name = \"generated\"\nperiod = 2021\n").unwrap();
    std::fs::write(dir.join("rules.rule"), text).unwrap();
}

fn submissions(dir: &Path, count: usize) {
    let mut seeded = Seeded(1);
    for at in 0..count {
        let folder = dir.join(format!("单位{at:05}"));
        std::fs::create_dir_all(&folder).unwrap();
        let mut text = String::from("地区,部门,科目,年度,金额\n");
        for department in 0..2 {
            for subject in 0..SUBJECTS {
                let before = 1_000_000 + seeded.below(1_000_000);
                // A cut by 10% to 30%, but for one subject in 2500: one submission in fifty or so.
                let cut = if seeded.below(5_000) == 0 { 5 } else { 10 + seeded.below(20) };
                let after = before * (100 - cut) / 100 / 100 * 100;
                for (year, amount) in [(2020, before), (2021, after)] {
                    let (whole, cents) = (amount / 100, amount % 100);
                    writeln!(text, "第{}区,部门{department},科目{subject},{year},{whole}.{cents:02}", at % 300)
                        .unwrap();
                }
            }
        }
        std::fs::write(folder.join("预算.csv"), text).unwrap();
    }
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

fn main() {
    let count = number("SUBMISSIONS", 10_000);
    let threads = number("THREADS", std::thread::available_parallelism().map_or(1, usize::from));
    let dir = std::env::temp_dir().join(format!("duixian-bench-submissions-{}", std::process::id()));
    let (rules, inbox) = (dir.join("suite"), dir.join("inbox"));
    suite(&rules);
    submissions(&inbox, count);
    let mut rates = Vec::new();
    let mut written = String::new();
    for _ in 0..number("RUNS", 5) {
        let start = Instant::now();
        let checked = Parsed::load(&rules).and_then(Parsed::check).unwrap_or_else(|stopped| panic!("{stopped}"));
        let planned = checked.plan(&Request::default()).unwrap_or_else(|stopped| panic!("{stopped}"));
        let outside = checked.outside(&[], &[]).unwrap_or_else(|stopped| panic!("{stopped}"));
        let found = find_submissions(&[], &[inbox.join("*")]).unwrap_or_else(|stopped| panic!("{stopped}"));
        assert_eq!(found.len(), count);
        let stop = AtomicBool::new(false);
        let many = Many { threads, max_findings: 10, stop: &stop, keep: None };
        let runs = planned.judge_many(&found, &outside, &many, &mut |_| {});
        let judged = start.elapsed().as_secs_f64();
        rates.push(count as f64 / judged);
        let start = Instant::now();
        let record = json::render(&runs).unwrap();
        let failing = runs
            .submissions
            .iter()
            .filter(|submission| runs.counted(submission, Kind::Binding).any(duixian::report::runs::fails));
        written = format!(
            "record {:.1} MB, written as JSON in {:.2} s; {} submissions fail a rule, {:?}",
            record.len() as f64 / 1e6,
            start.elapsed().as_secs_f64(),
            failing.count(),
            runs.summary.rules,
        );
    }
    rates.sort_by(f64::total_cmp);
    let median = rates.get(rates.len() / 2).copied().unwrap_or_default();
    println!(
        "{count} submissions of 200 rows × {RULES} rules on {threads} threads: {median:.0} a second ({rates:.0?})"
    );
    println!("{written}");
    std::fs::remove_dir_all(&dir).unwrap();
}

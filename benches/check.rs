//! How long `check` takes on 10,000 and on 20,000 generated rules, and how the two stand to each other.
//!
//! `cargo bench --bench check` prints medians of five runs, from reading the files to the compiled suite.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_arithmetic,
    reason = "a benchmark has no caller to tell, and its ratios are no verdicts"
)]

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use duixian::pipeline::Parsed;

/// A suite of so many rules, of all common shapes, with an indicator for each two of them.
fn generate(dir: &Path, rules: usize) {
    let mut text = String::from(
        "数据集 预算\n    维度 部门: 文本\n    维度 科目: 文本\n    维度 年度: 年\n    度量 金额: 万元\n标准 上限: %\n指标 率: %\n",
    );
    for at in 0..rules {
        if at % 2 == 0 {
            writeln!(text, "指标 支出{at}(部门): 万元 = 合计 预算.金额 当 科目 = \"科目{at}\"\n指标 总量{at}: 亿元")
                .unwrap();
        }
        let of = at / 2 * 2;
        let requirement = match at % 5 {
            0 => format!("对每个 部门 要求 支出{of} 压减 ≥ 10%"),
            1 => format!("要求 总量{of} 增长 ≥ 7% 且 总量{of} 突破 {} 亿元", at + 1),
            2 => "要求 率 控制在 上限 以内".to_owned(),
            3 => format!("期间 2021..2025 要求 总量{of} / 总量{of}[2020] ≥ 110%"),
            _ => "每行 预算 要求 金额 ≥ 0 且 科目 已填".to_owned(),
        };
        writeln!(text, "规则 G{at} \"第{at}条\" {requirement} 性质 约束性").unwrap();
    }
    std::fs::create_dir_all(dir).unwrap();
    std::fs::write(dir.join("suite.toml"), "name = \"generated\"\nperiod = 2021\n").unwrap();
    std::fs::write(dir.join("rules.rule"), text).unwrap();
}

fn median(rules: usize) -> Duration {
    let dir = std::env::temp_dir().join(format!("duixian-bench-{}-{rules}", std::process::id()));
    generate(&dir, rules);
    let mut times: Vec<Duration> = (0..5)
        .map(|_| {
            let start = Instant::now();
            let parsed = Parsed::load(&dir).unwrap_or_else(|stopped| panic!("{stopped}"));
            let checked = parsed.check().unwrap_or_else(|stopped| panic!("{stopped}"));
            assert_eq!(checked.suite().rules.len(), rules);
            start.elapsed()
        })
        .collect();
    std::fs::remove_dir_all(&dir).unwrap();
    times.sort();
    times[2]
}

fn main() {
    let (small, large) = (median(10_000), median(20_000));
    println!("10,000 rules: {:.3} s", small.as_secs_f64());
    println!(
        "20,000 rules: {:.3} s, {:.2} times as long",
        large.as_secs_f64(),
        large.as_secs_f64() / small.as_secs_f64()
    );
}

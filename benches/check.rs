//! How long `check` takes on 10,000 and on 20,000 generated rules, and how the two stand to each other.
//!
//! `cargo bench --bench check` prints medians of five runs: from reading the files to the compiled suite, and of holding
//! the rules against a register of as many entries and figures reported for each indicator.
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
    let mut register = String::from("id,line,indicator,comparator,value,unit,period,modality\n");
    let mut figures = String::from("指标,期间,数值,单位,限定,报告行\n");
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
        writeln!(text, "规则 G{at} \"第{at}条\" 依据 G{at} {requirement} 性质 约束性").unwrap();
        writeln!(register, "G{at},{at},总量{of},>,{at},亿元,2021,目标").unwrap();
        if at == of {
            writeln!(figures, "总量{of},2020,{}.5,亿元,,7\n总量{of}增速,2020,8,%,,7", at + 2).unwrap();
        }
    }
    std::fs::create_dir_all(dir).unwrap();
    let suite = "name = \"generated\"\nperiod = 2021\nregister = \"register.csv\"\nfigures = \"figures.csv\"\n";
    std::fs::write(dir.join("suite.toml"), suite).unwrap();
    std::fs::write(dir.join("register.csv"), register).unwrap();
    std::fs::write(dir.join("figures.csv"), figures).unwrap();
    std::fs::write(dir.join("rules.rule"), text).unwrap();
}

/// Medians of the times to compile and to lint.
fn medians(rules: usize) -> [Duration; 2] {
    let dir = std::env::temp_dir().join(format!("duixian-bench-{}-{rules}", std::process::id()));
    generate(&dir, rules);
    let mut times: Vec<[Duration; 2]> = (0..5)
        .map(|_| {
            let start = Instant::now();
            let parsed = Parsed::load(&dir).unwrap_or_else(|stopped| panic!("{stopped}"));
            let checked = parsed.check().unwrap_or_else(|stopped| panic!("{stopped}"));
            assert_eq!(checked.suite().rules.len(), rules);
            let compiled = start.elapsed();
            let found = checked.lints().open.len();
            assert!(found > rules / 2, "{found}");
            [compiled, start.elapsed() - compiled]
        })
        .collect();
    std::fs::remove_dir_all(&dir).unwrap();
    [0, 1].map(|at| {
        times.sort_by_key(|pair| pair[at]);
        times[2][at]
    })
}

fn main() {
    let (small, large) = (medians(10_000), medians(20_000));
    for (at, what) in ["compiled", "linted"].into_iter().enumerate() {
        let (small, large) = (small[at].as_secs_f64(), large[at].as_secs_f64());
        println!("10,000 rules {what}: {small:.3} s; 20,000: {large:.3} s, {:.2} times as long", large / small);
    }
}

//! Any bytes as a data file: the first byte picks the format, the rest is read, or refused.
#![no_main]

use std::sync::LazyLock;

use duixian::base::Sources;
use duixian::data::{DataSources, SuiteConfig, read_submission};
use duixian::semantics::hir::Suite;
use duixian::{semantics, syntax};

static SUITE: LazyLock<(Suite, SuiteConfig)> = LazyLock::new(|| {
    let text = "数据集 预算\n    维度 部门: 文本\n    维度 年度: 年\n    度量 金额: 万元\n    属性 日期: 日期\n";
    let mut sources = Sources::default();
    let (tree, _) = syntax::parse(sources.add("suite.rule", text), text);
    let files = [(tree, true)];
    let (suite, _) = semantics::compile(semantics::Input { files: &files, sources: &sources, register: None });
    let folder = std::env::temp_dir().join("duixian-fuzz");
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    std::fs::write(folder.join("suite.toml"), "name = \"fuzz\"\n").expect("a temporary file");
    (suite, SuiteConfig::load(&folder).expect("a suite of one line"))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((format, content)) = bytes.split_first() else { return };
    let extension = ["csv", "tsv", "json", "jsonl", "xlsx", "xls", "ods"][usize::from(*format) % 7];
    let path = std::env::temp_dir().join(format!("duixian-fuzz/input.{extension}"));
    std::fs::write(&path, content).expect("a temporary file");
    let sources = DataSources { folders: Vec::new(), named: vec![("预算".to_owned(), path)] };
    let (suite, config) = &*SUITE;
    let _ = read_submission(suite, config, &sources);
});

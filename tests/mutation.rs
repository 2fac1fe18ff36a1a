//! No byte that someone may get wrong makes the program panic: 100,000 random mutations of valid files.
//!
//! The cargo-fuzz targets under `fuzz/` go on from here without a bound.

use std::panic::{AssertUnwindSafe, catch_unwind};

use duixian::base::Sources;
use duixian::data::{DataSources, SuiteConfig, read_submission};
use duixian::semantics::{self, hir::Suite};
use duixian::syntax;

use crate::support::{Folder, suite};

/// Marsaglia's xorshift: the same mutations in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap()
    }

    /// One to four bytes replaced, removed, inserted or moved; now and then a byte that means something here.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        const TELLING: &[u8] = b"\"`#()[]{}<>=|,.:;-+*/%0129\n\r\t \xef\xbb\xbf\xff\x80\x81";
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let byte = if self.below(2) == 0 { TELLING[self.below(TELLING.len())] } else { self.below(256) as u8 };
            match self.below(4) {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 if !bytes.is_empty() => {
                    bytes.remove(at);
                }
                2 if bytes.len() > 1 => {
                    let other = self.below(bytes.len());
                    bytes.swap(at, other);
                }
                _ => bytes.insert(at, byte),
            }
        }
    }
}

/// Mutates `count` times and calls `judge` on each result, on both cores.
fn bombard(seeds: &[Vec<u8>], count: usize, judge: impl Fn(&[u8]) + Sync) {
    std::thread::scope(|scope| {
        for thread in 0..2u64 {
            let judge = &judge;
            scope.spawn(move || {
                let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (thread + 1));
                for round in 0..count / 2 {
                    let mut bytes = seeds[round % seeds.len()].clone();
                    random.mutate(&mut bytes);
                    if catch_unwind(AssertUnwindSafe(|| judge(&bytes))).is_err() {
                        panic!("panicked on:\n{}", String::from_utf8_lossy(&bytes));
                    }
                }
            });
        }
    });
}

#[test]
fn mutated_rule_files_are_refused_or_compiled() {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/verdict");
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for entry in std::fs::read_dir(cases).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rule") {
            // Declarations of a file, a few at a time, so that the mutations are spread over small inputs.
            let text = std::fs::read_to_string(path).unwrap();
            let blocks: Vec<&str> = text.split_inclusive("\n\n").collect();
            seeds.extend(blocks.iter().skip(1).map(|block| format!("{}{block}", blocks[0]).into_bytes()));
        }
    }
    assert!(seeds.len() > 20);
    bombard(&seeds, 60_000, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let mut sources = Sources::default();
        let file = sources.add("mutated.rule", text.as_ref());
        let (tree, _) = syntax::parse(file, &text);
        let files = [(tree, true)];
        let _ = semantics::compile(semantics::Input { files: &files, sources: &sources, register: None });
    });
}

#[test]
fn mutated_data_files_are_refused_or_read() {
    let folder = Folder::new();
    let rules = "数据集 预算\n    维度 部门: 文本\n    维度 年度: 年\n    度量 金额: 万元\n    属性 日期: 日期\n    主键 部门, 年度\n规则 A\n    每行 预算\n    要求 金额 ≥ 0\n";
    let checked = suite(&folder, rules);
    let config = SuiteConfig::load(&folder.path().join("suite")).unwrap();
    let text = "部门,年度,金额,日期\n教育局,2020,\"1,000.00\",2020-01-02\n民政局,2021,—,2021年3月4日\n\"司,法局\",2021,（12.5）,\n";
    let json =
        r#"[{"部门":"教育局","年度":2020,"金额":1e2,"日期":null},{"部门":"民政局","年度":"2021","金额":"3.5万元"}]"#;
    let lines = "{\"部门\":\"教育局\",\"年度\":2020,\"金额\":1e2,\"日期\":null}\n\n{\"年度\":\"2021\",\"部门\":\"民\\u653f局\",\"金额\":-0.50}\r\n";
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0u32..).zip(["部门,年度,金额", "教育局,2020,100.5", "民政局,2021,7"]) {
        for (column, cell) in (0u16..).zip(line.split(',')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let seeds: [(&str, Vec<u8>, usize); 5] = [
        ("csv", text.as_bytes().to_vec(), 18_000),
        ("csv", encoding_rs::GB18030.encode(text).0.into_owned(), 8_000),
        ("json", json.as_bytes().to_vec(), 5_000),
        ("jsonl", lines.as_bytes().to_vec(), 5_000),
        ("xlsx", book.save_to_buffer().unwrap(), 4_000),
    ];
    for (extension, seed, count) in seeds {
        bombard(&[seed], count, |bytes| read(&folder, checked.suite(), &config, extension, bytes));
    }
}

fn read(folder: &Folder, suite: &Suite, config: &SuiteConfig, extension: &str, bytes: &[u8]) {
    let name = format!("{:?}.{extension}", std::thread::current().id());
    let path = folder.write(&name, bytes);
    let sources = DataSources { folders: Vec::new(), named: vec![("预算".to_owned(), path)] };
    let (submission, diagnostics) = read_submission(suite, config, &sources);
    assert!(submission.tables.iter().any(Option::is_some) || !diagnostics.is_empty(), "lost without a word");
}

//! The suite `rules/budget` on its samples: `seeds/budget/clean` passes, and of `seeds/budget/faulty` exactly the planted
//! faults are found, each at its cell.
//!
//! `regenerate` writes the samples: `cargo test --test tests budget::regenerate -- --ignored`.

mod faults;
mod grid;
mod model;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use duixian::base::{Diagnostic, Lang, Place, Severity};
use duixian::data::DataSources;
use duixian::pipeline::Request;
use duixian::report::record::{Kind, Record, Verdict};
use duixian::report::text::{Options, render};
use duixian::report::{Style, outcome};

use grid::{Grid, Value};

fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/budget")
}

/// The data files of a sample.
fn files(sheets: &[Grid]) -> Vec<(&'static str, Vec<u8>)> {
    let codes = |list: &[(&str, &str)]| {
        list.iter().fold("科目编码,科目名称\n".to_owned(), |mut text, (code, name)| {
            writeln!(text, "{code},{name}").unwrap();
            text
        })
    };
    let roster = model::offices().iter().fold("部门编码,部门名称\n".to_owned(), |mut text, office| {
        writeln!(text, "{},{}", office.code, office.name).unwrap();
        text
    });
    vec![
        ("预算.xlsx", grid::workbook(sheets)),
        ("名录.csv", roster.into_bytes()),
        ("功能科目.csv", codes(&model::FUNCTIONS).into_bytes()),
        ("经济科目.csv", codes(&model::ECONOMICS).into_bytes()),
    ]
}

fn samples() -> [(&'static str, Vec<Grid>); 2] {
    [("clean", tables::sheets(&model::offices())), ("faulty", faults::sheets())]
}

#[test]
#[ignore = "writes the samples"]
fn regenerate() {
    for (name, sheets) in samples() {
        let folder = seeds().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (file, bytes) in files(&sheets) {
            std::fs::write(folder.join(file), bytes).unwrap();
        }
    }
}

#[test]
fn the_samples_are_what_the_generator_makes() {
    for (name, sheets) in samples() {
        for (file, bytes) in files(&sheets) {
            let committed = std::fs::read(seeds().join(name).join(file)).unwrap();
            assert!(committed == bytes, "{name}/{file} is not what the generator makes: see `regenerate`");
        }
    }
}

/// The record of a run, with every finding, and what was said of the data.
fn run(sample: &str) -> (Record, Vec<Diagnostic>) {
    judged(&seeds().join(sample), Request::default())
}

fn judged(folder: &Path, request: Request) -> (Record, Vec<Diagnostic>) {
    let suite = crate::support::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/budget"));
    let sources = DataSources { folders: vec![folder.to_owned()], named: Vec::new() };
    let data = suite.read(&sources, &[], &[]).unwrap_or_else(|stopped| panic!("{stopped}"));
    let said = data.diagnostics().to_vec();
    let request = Request { max_findings: Some(usize::MAX), ..request };
    let planned = suite.plan(&request).unwrap_or_else(|stopped| panic!("{stopped}"));
    (planned.measure(data).judge().record(), said)
}

#[test]
fn the_clean_sample_passes_every_rule() {
    let (record, said) = run("clean");
    for rule in &record.rules {
        assert_eq!(rule.verdict, Verdict::Pass, "{}", rule.id);
        let cases = match rule.id.as_str() {
            "B104" | "B120" | "B305" | "B306" | "B407" => 1,
            "B308" | "B309" | "B310" | "B311" | "B312" | "B313" | "B314" => 1,
            "B307" => 75,
            _ => 8,
        };
        assert_eq!((rule.cases.pass, rule.cases.total()), (cases, cases), "{}", rule.id);
    }
    assert_eq!(record.rules.len(), 63);
    assert!(said.iter().all(|said| ["W0402", "W0403"].contains(&said.code.code)), "{said:#?}");
    assert_eq!(outcome(&record, Kind::Advisory).exit_code(), 0);
}

#[test]
fn every_rule_has_tests_and_no_mutant_survives_them() {
    let suite = crate::support::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/budget"));
    for trial in suite.trials() {
        assert!(trial.passed(), "{}", trial.title);
    }
    let mutated = suite.mutate(&[]).unwrap();
    assert!(mutated.passed(), "{:#?}", (mutated.mutation.survivors, mutated.stale));
    assert!(mutated.mutation.unchanged.is_empty(), "{:?}", mutated.mutation.unchanged);
}

/// A planted fault: its cells, the cases that name them, and those that follow from it.
struct Planted {
    number: String,
    cells: Vec<String>,
    found: Vec<String>,
    following: Vec<String>,
}

/// The table of `seeds/budget/README.md`.
fn planted() -> Vec<Planted> {
    let text = std::fs::read_to_string(seeds().join("README.md")).unwrap();
    let (_, table) = text.split_once("## 埋下的错").unwrap();
    let list = |text: &str| -> Vec<String> {
        text.split('；').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    };
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|line| {
        let [number, cells, _, found, following] =
            line.trim_matches('|').split('|').collect::<Vec<_>>().try_into().unwrap();
        let cells: &str = cells;
        Planted {
            number: number.trim().to_owned(),
            cells: cells.split('`').map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect(),
            found: list(found),
            following: list(following),
        }
    })
    .collect()
}

/// `部门支出!C14`
fn cell(sheet: Option<&String>, cell: Option<&String>) -> Option<String> {
    Some(format!("{}!{}", sheet?, cell?))
}

/// Every case that neither passes nor is not applicable, as the table writes it, with the cells of its evidence.
fn cases(record: &Record) -> BTreeMap<String, BTreeSet<String>> {
    let mut cases = BTreeMap::new();
    for rule in &record.rules {
        let counts = &rule.cases;
        assert_eq!(rule.findings.len() as u64, counts.total() - counts.pass - counts.not_applicable, "{}", rule.id);
        for finding in &rule.findings {
            let scope: Vec<&str> = finding.scope.values().map(String::as_str).collect();
            let scope = if scope.is_empty() { String::new() } else { format!("[{}]", scope.join(", ")) };
            let verdict = match finding.verdict {
                Verdict::Fail => "不合格",
                Verdict::Missing => "缺数据",
                Verdict::Error => "出错",
                other => panic!("{}{scope} {other:?}", rule.id),
            };
            let sources = finding.evidence.iter().flat_map(|figure| figure.source.iter().chain(&figure.more));
            let cells = sources.filter_map(|source| cell(source.sheet.as_ref(), source.cell.as_ref())).collect();
            let before = cases.insert(format!("{}{scope} {verdict}", rule.id), cells);
            assert!(before.is_none(), "{}{scope} has two findings", rule.id);
        }
    }
    cases
}

#[test]
fn exactly_the_planted_faults_are_found_each_at_its_cell() {
    let (record, said) = run("faulty");
    let (cases, planted) = (cases(&record), planted());
    let expected: BTreeSet<&String> =
        planted.iter().flat_map(|fault| fault.found.iter().chain(&fault.following)).collect();
    let found: BTreeSet<&String> = cases.keys().collect();
    assert_eq!(found, expected);
    // Every rule is broken somewhere.
    for rule in &record.rules {
        assert!(rule.findings.iter().any(|finding| finding.verdict != Verdict::Missing), "{} finds nothing", rule.id);
    }
    let place = |place: &Place| match place {
        Place::Data { sheet, cell: address, .. } => cell(sheet.as_ref(), address.as_ref()),
        _ => None,
    };
    let told: BTreeSet<String> = said
        .iter()
        .filter(|said| said.severity() == Severity::Error)
        .flat_map(|said| std::iter::once(&said.place).chain(said.labels.iter().map(|label| &label.place)))
        .filter_map(place)
        .collect();
    for Planted { number, cells, found, .. } in &planted {
        for case in found {
            let evidence = &cases[case];
            assert!(
                cells.iter().any(|cell| evidence.contains(cell)) || shares_row(cells, evidence),
                "{number}: {case} rests on {evidence:?}"
            );
        }
        for cell in cells {
            let named = found.iter().any(|case| cases[case].contains(cell)) || told.contains(cell);
            assert!(named, "{number}: nothing names {cell}");
        }
    }
    assert_eq!(outcome(&record, Kind::Binding).exit_code(), 1);
}

/// A budget is due when it is submitted: nothing is pending on a day within its year.
#[test]
fn the_day_of_judging_changes_no_verdict() {
    let early = Request { as_of: Some(jiff::civil::date(2021, 2, 1)), ..Request::default() };
    let (early, _) = judged(&seeds().join("faulty"), early);
    let (late, _) = run("faulty");
    assert_eq!((early.as_of.as_str(), late.as_of.as_str()), ("2021-02-01", "2021-12-31"));
    assert_eq!(cases(&early), cases(&late));
    for (early, late) in early.rules.iter().zip(&late.rules) {
        assert_eq!((&early.id, early.verdict), (&late.id, late.verdict));
    }
}

/// Figures in 万元 under a heading or line that says 元 are not taken for either.
#[test]
fn a_unit_that_contradicts_the_binding_is_an_error() {
    for (sheet, cell, old, new, rule) in [
        ("2020年部门收入", "K2", "单位：万元", "单位：元", "B311"),
        ("2021年部门收入", "K2", "单位：万元", "单位：元", "B208"),
        ("三公经费", "H3", "2021年预算数（万元）", "2021年预算数（元）", "B402"),
        ("结转结余", "F2", "单位：万元", "单位：元", "B221"),
        ("全区汇总", "E2", "单位：万元", "单位：元", "B306"),
    ] {
        let mut sheets = tables::sheets(&model::offices());
        let grid = sheets.iter_mut().find(|grid| grid.name == sheet).unwrap();
        grid.change(cell, &Value::Text(old.to_owned()), Value::Text(new.to_owned()));
        let folder = crate::support::Folder::new();
        for (file, bytes) in files(&sheets) {
            folder.write(file, bytes);
        }
        let (record, said) = judged(folder.path(), Request::default());
        let contradicts = |said: &&Diagnostic| said.code.code == "E0408" && said.severity() == Severity::Error;
        assert!(said.iter().any(|said| contradicts(&said)), "{sheet}: {said:#?}");
        let rule = record.rules.iter().find(|found| found.id == rule).unwrap();
        assert_eq!(rule.verdict, Verdict::Error, "{sheet}");
        assert_ne!(outcome(&record, Kind::Advisory).exit_code(), 0, "{sheet}");
    }
}

/// A row that is listed twice is told by its code, and its other cells are what cannot be used.
fn shares_row(cells: &[String], evidence: &BTreeSet<String>) -> bool {
    let row = |cell: &str| {
        let (sheet, address) = cell.split_once('!').unwrap();
        (sheet.to_owned(), grid::address(address).0)
    };
    cells.iter().any(|cell| evidence.iter().any(|other| row(other) == row(cell)))
}

#[test]
fn the_faulty_sample_reads_well() {
    let (mut record, _) = run("faulty");
    for input in record.inputs.iter_mut() {
        input.path = input.path.rsplit('/').next().unwrap().to_owned();
    }
    record.standards.clear();
    for finding in record.rules.iter_mut().flat_map(|rule| &mut rule.findings) {
        let sources = finding.evidence.iter_mut().flat_map(|figure| figure.source.iter_mut().chain(&mut figure.more));
        for source in sources {
            source.path = source.path.rsplit('/').next().unwrap().to_owned();
        }
    }
    record.remarks.clear();
    // Before lines are broken, so that they do not depend on where the project lies.
    let text = serde_json::to_string(&record).unwrap().replace(&*seeds().to_string_lossy(), "…");
    let record: duixian::report::record::Record = serde_json::from_str(&text).unwrap();
    for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        let options = Options { lang, width: 100, style: Style::Plain, fail_on: Kind::Binding };
        insta::with_settings!({ snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!(name, render(&record, &options));
        });
    }
}

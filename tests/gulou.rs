//! The shipped suite: one rule for each commitment, in the report's order, each with tests that bite; and the sample, which
//! comes out as its README says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use duixian::pipeline::Checked;
use duixian::report::record::{Kind, Record, Rule, Verdict};
use duixian::{Data, Suite};

use crate::support::check;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn suite() -> Checked {
    check(&root("rules/gulou-2021"))
}

/// The targets and tasks of the register: id, and the last column, `check`.
fn commitments() -> Vec<(String, String)> {
    let register = std::fs::read_to_string(root("seeds/gulou-2021/commitments.csv")).unwrap();
    let entry = |line: &str| {
        let (id, check) = (line.split(',').next().unwrap(), line.rsplit(',').next().unwrap());
        (id.to_owned(), check.trim().to_owned())
    };
    register.lines().filter(|line| line.starts_with(['C', 'D'])).map(entry).collect()
}

fn sample(standards: bool) -> Record {
    let data = Data::new().folder(root("seeds/gulou-2021/sample-2021"));
    let data = match standards {
        true => data.standards(root("seeds/gulou-2021/sample-2021-standards.toml")),
        false => data,
    };
    Suite::load(root("rules/gulou-2021")).unwrap().run(&data).unwrap()
}

#[test]
fn every_commitment_has_one_rule_in_the_order_of_the_report() {
    let ids: Vec<String> = commitments().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 234);
    let suite = suite();
    let rules: Vec<&String> = suite.suite().rules.iter().map(|rule| &rule.id).collect();
    assert_eq!(rules, ids.iter().collect::<Vec<_>>());
    for rule in &suite.suite().rules {
        assert_eq!(rule.cites, [rule.id.as_str()]);
    }
    assert!(suite.warnings().is_empty(), "{:?}", suite.warnings());
}

#[test]
fn efforts_are_advisory_and_say_that_only_evidence_was_looked_at() {
    let checks: BTreeMap<String, String> = commitments().into_iter().collect();
    let record = sample(false);
    for rule in &record.rules {
        let effort = checks[&rule.id] == "effort";
        assert_eq!(effort, rule.title.ends_with("（只核推进佐证）"), "{}", rule.title);
        assert!(!effort || rule.kind == Kind::Advisory, "{}", rule.id);
        assert!(!effort || rule.note.as_ref().is_some_and(|note| !note.is_empty()), "{}", rule.id);
    }
}

#[test]
fn every_rule_has_tests_and_no_mutant_survives_them() {
    let suite = suite();
    for trial in suite.trials() {
        assert!(trial.passed(), "{}", trial.title);
    }
    let mutated = suite.mutate(&[]).unwrap();
    assert!(mutated.passed(), "{:#?}", (mutated.mutation.survivors, mutated.stale));
    assert!(mutated.mutation.unchanged.is_empty(), "{:?}", mutated.mutation.unchanged);
}

/// A line of a README's table of what was planted.
struct Planted {
    rule: String,
    place: String,
    verdict: Verdict,
}

fn planted() -> Vec<Planted> {
    let readme = std::fs::read_to_string(root("seeds/gulou-2021/README.md")).unwrap();
    let verdict = |cell: &str| match cell.split(' ').next() {
        Some("fail") => Some(Verdict::Fail),
        Some("missing") => Some(Verdict::Missing),
        _ => None,
    };
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = readme.lines().filter(|line| line.starts_with("| D") || line.starts_with("| C")).map(cells);
    rows.filter_map(|cells| {
        let verdict = verdict(cells.last()?)?;
        Some(Planted { rule: cells[0].clone(), place: cells[1].clone(), verdict })
    })
    .collect()
}

fn came_out(record: &Record, verdict: Verdict) -> BTreeSet<&str> {
    record.rules.iter().filter(|rule| rule.verdict == verdict).map(|rule| rule.id.as_str()).collect()
}

#[test]
fn the_sample_comes_out_as_planted() {
    let (planted, record) = (planted(), sample(true));
    let of =
        |wanted: Verdict| planted.iter().filter(|row| row.verdict == wanted).map(|row| row.rule.as_str()).collect();
    let failing: BTreeSet<&str> = of(Verdict::Fail);
    let missing: BTreeSet<&str> = of(Verdict::Missing);
    assert_eq!(came_out(&record, Verdict::Fail), failing);
    assert_eq!(came_out(&record, Verdict::Missing), &missing - &failing);
    let pending: BTreeSet<&str> = came_out(&record, Verdict::Pending);
    assert!(pending.iter().all(|id| id.starts_with('C')) && pending.len() == 24, "{pending:?}");

    let rule = |id: &str| -> &Rule { record.rules.iter().find(|rule| rule.id == id).unwrap() };
    for row in &planted {
        let findings = &rule(&row.rule).findings;
        assert!(findings.iter().any(|finding| finding.verdict == row.verdict), "{}", row.rule);
        // `指标.csv 73, 74`, `社区卫生服务中心.json, object 5`; a dash stands for what is not there.
        let Some((file, rows)) = row.place.split_once([' ', ',']) else { continue };
        let numbers: Vec<u64> = rows.split([',', ' ']).filter_map(|number| number.parse().ok()).collect();
        let named = |number: u64| {
            findings.iter().any(|finding| {
                let shown = |advice: &str| advice.contains(&format!("{file} 第 {number} "));
                finding
                    .evidence
                    .iter()
                    .filter_map(|evidence| evidence.source.as_ref())
                    .any(|source| source.path.ends_with(file) && source.row == Some(number))
                    || finding.advice.iter().any(|advice| shown(&advice.zh))
            })
        };
        // What is absent has no place of its own: a roster's line, evidence that does not count.
        if !["名录.csv", "sample-2021-standards.toml"].contains(&file) && row.rule != "D104" {
            assert!(numbers.iter().all(|number| named(*number)), "{} {}", row.rule, row.place);
        }
    }
}

#[test]
fn without_standards_the_sample_lacks_what_rests_on_them() {
    let (with, without) = (sample(true), sample(false));
    let more = &came_out(&without, Verdict::Missing) - &came_out(&with, Verdict::Missing);
    let expected = ["C021", "D001", "D007", "D008", "D009", "D010", "D075", "D100", "D103", "D142", "D169", "D181"];
    assert_eq!(more, expected.into_iter().collect());
    let counts = without.summary.rules;
    assert_eq!((counts.fail, counts.missing, counts.pending, counts.pass), (16, 19, 23, 176));
}

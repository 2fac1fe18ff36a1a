//! The suite that holds the report's own figures against each other: a rule for each thing the report says it achieved, in
//! the report's order; cross-checks; and how they come out on what the report says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use duixian::pipeline::Checked;
use duixian::report::coverage::Part;
use duixian::report::record::{Finding, Kind, Record, Rule, Verdict};
use duixian::{Data, Suite};

use crate::support::{Folder, check};

const SUITE: &str = "rules/gulou-2021-claims";
const SEEDS: &str = "seeds/gulou-2021";

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn suite() -> Checked {
    check(&root(SUITE))
}

/// A run on the report's own figures.
fn own_figures() -> Record {
    Suite::load(root(SUITE)).unwrap().run(&Data::new().folder(root(SEEDS))).unwrap()
}

/// An entry of the register: its line of the report, the modality, and what kind of check it asks for.
struct Entry {
    id: String,
    line: String,
    modality: String,
    check: String,
}

fn register() -> Vec<Entry> {
    let text = std::fs::read_to_string(root(SEEDS).join("commitments.csv")).unwrap();
    let entry = |row: &str| {
        let cells: Vec<&str> = row.split(',').collect();
        let last = |back: usize| cells[cells.len() - back].trim().to_owned();
        Entry { id: cells[0].to_owned(), line: cells[3].to_owned(), modality: last(3), check: last(1) }
    };
    text.lines().skip(1).map(entry).collect()
}

/// The results of 2020 and of the five years up to it.
fn claims() -> Vec<Entry> {
    register().into_iter().filter(|entry| entry.id.starts_with(['A', 'B'])).collect()
}

fn is_cross_check(id: &str) -> bool {
    id.starts_with('X')
}

#[test]
fn every_claim_has_one_rule_in_the_order_of_the_report() {
    let suite = suite();
    let rules: Vec<(&str, &[String])> =
        suite.suite().rules.iter().map(|rule| (rule.id.as_str(), rule.cites.as_slice())).collect();
    let claims = claims();
    assert_eq!(claims.len(), 224);
    let own: Vec<&str> = rules.iter().filter(|(id, _)| !is_cross_check(id)).map(|(id, _)| *id).collect();
    assert_eq!(own, claims.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>());
    for (id, cites) in &rules {
        if is_cross_check(id) {
            assert!(cites.iter().any(|entry| entry.starts_with(['A', 'B'])), "{id}");
        } else {
            assert_eq!(*cites, [(*id).to_owned()]);
        }
    }
    assert!(suite.warnings().is_empty(), "{:?}", suite.warnings());
}

#[test]
fn what_binds_is_what_the_report_states_as_a_fact() {
    let entries: BTreeMap<String, Entry> = register().into_iter().map(|entry| (entry.id.clone(), entry)).collect();
    for rule in own_figures().rules.iter().filter(|rule| !is_cross_check(&rule.id)) {
        let Entry { modality, check, .. } = &entries[&rule.id];
        let allowed: &[Kind] = match (modality.as_str(), check.as_str()) {
            ("预计", "numeric") => &[Kind::Expected],
            // Named firms, evidence and years that the report does not count; and what it only says is nearly so.
            (_, "numeric") if ["A050", "A150", "B007"].contains(&rule.id.as_str()) => &[Kind::Expected],
            (_, "numeric") if ["A144", "B035", "B040"].contains(&rule.id.as_str()) => &[Kind::Advisory],
            (_, "numeric") => &[Kind::Binding],
            (_, "effort" | "fuzzy" | "directional" | "vague-count") => &[Kind::Advisory],
            _ => &[Kind::Expected, Kind::Advisory],
        };
        assert!(allowed.contains(&rule.kind), "{} {:?} {modality} {check}", rule.id, rule.kind);
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
    let coverage = suite.coverage(&[]).unwrap();
    assert!(coverage.untested.is_empty() && coverage.never_fail.is_empty());
    // Not every year of a rule has a test in which it alone fails; every condition is seen both ways.
    assert!(coverage.one_sided.iter().all(|clause| clause.part == Part::Period), "{:#?}", coverage.one_sided);
}

#[test]
fn all_of_the_seed_data_is_read_and_nothing_else() {
    let record = own_figures();
    assert!(record.remarks.is_empty(), "{:?}", record.remarks);
    let lines = |name: &str| std::fs::read_to_string(root(SEEDS).join(name)).unwrap().lines().count() as u64 - 1;
    let read: Vec<(&str, u64)> = record.inputs.iter().map(|input| (input.dataset.as_str(), input.rows)).collect();
    assert_eq!(read, [("指标", lines("figures.csv")), ("点名", lines("named.csv"))]);
}

#[test]
fn named_items_belong_to_a_statement_and_stand_in_its_line() {
    let lines: BTreeMap<String, String> = register().into_iter().map(|entry| (entry.id, entry.line)).collect();
    let text = std::fs::read_to_string(root(SEEDS).join("named.csv")).unwrap();
    for row in text.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        // The report says how many streets there are only by the number of their centres.
        let place =
            if cells[0] == "A129" { "现行区划".to_owned() } else { format!("报告第{}行", lines[cells[0]]) };
        assert_eq!(cells[3], place, "{row}");
    }
}

#[test]
fn ledgers_and_final_accounts_decide_what_the_report_cannot() {
    // All of this is made up.
    let folder = Folder::new();
    folder.write(
        "事项台账.csv",
        "工作事项,年度,类别,进展,佐证材料,落款日期\n\
         楼宇经济专项政策出台,2020,其他工作,已完成,示例文件〔2020〕1号,2020-05-20\n\
         金陵饭店获省长质量奖,2020,其他工作,推进中,示例文件〔2020〕2号,2020-11-02\n",
    );
    folder.write(
        "项目台账.csv",
        "项目名称,年度,类别,所处节点,开工日期,竣工日期,开工面积\n\
         创新广场,2020,其他项目,投入运营,,2020-09-01,\n\
         长航中心二期,2020,其他项目,竣工,,2019-12-01,\n",
    );
    folder.write("指标.csv", "指标,期间,数值,单位\n一般公共预算收入,2019,162.67,亿元\n外贸进出口总额,2019,450,亿元\n");
    let data = Data::new().folder(root(SEEDS)).folder(folder.path());
    let record = Suite::load(root(SUITE)).unwrap().run(&data).unwrap();
    let came_out = |id: &str| record.rules.iter().find(|rule| rule.id == id).unwrap().verdict;
    for (id, verdict) in [
        ("A055", Verdict::Pass),
        ("A050", Verdict::Fail),
        ("A061", Verdict::Pass),
        ("A099", Verdict::Fail),
        ("A019", Verdict::Missing),
        ("X101", Verdict::Pass),
        ("X102", Verdict::Fail),
    ] {
        assert_eq!(came_out(id), verdict, "{id}");
    }
}

/// What a reader needs to check a finding against the report.
fn told(finding: &Finding, rule: &Rule, into: &mut String) {
    let _ = writeln!(into, "    要求 {}", finding.requirement);
    for text in finding.explain.iter() {
        let _ = writeln!(into, "    算式 {text}");
    }
    for text in &finding.advice {
        let _ = writeln!(into, "    {}", text.zh);
    }
    let clauses = rule.clauses.iter().map(|clause| format!("第{}行“{}”", clause.line.unwrap_or(0), clause.text));
    let _ = writeln!(into, "    报告 {}", clauses.collect::<Vec<_>>().join("；"));
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "合格",
        Verdict::Fail => "不合格",
        Verdict::Missing => "缺数据",
        Verdict::Borderline => "临界",
        Verdict::Pending => "未到期",
        Verdict::NotApplicable => "不适用",
        Verdict::Waived => "豁免",
        Verdict::Error => "出错",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Binding => "约束性",
        Kind::Expected => "预期性",
        Kind::Advisory => "提示",
    }
}

#[test]
fn the_reports_own_figures_come_out_as_read_against_the_report() {
    let record = own_figures();
    let mut text = format!("{:?}\n", record.summary.rules);
    for rule in &record.rules {
        let _ = writeln!(text, "{} {} {} {}", rule.id, word(rule.verdict), kind(rule.kind), rule.title);
        // Of the statements themselves only what does not hold; of cross-checks also what is to be supplied.
        for finding in rule.findings.iter().filter(|f| is_cross_check(&rule.id) || f.verdict != Verdict::Missing) {
            told(finding, rule, &mut text);
        }
    }
    insta::assert_snapshot!(text);
    // What the report states as a fact is not contradicted by anything else that it says.
    let binding = record.rules.iter().filter(|rule| rule.kind == Kind::Binding);
    let open: Vec<&str> = binding.filter(|rule| rule.verdict != Verdict::Pass).map(|rule| rule.id.as_str()).collect();
    assert!(open.is_empty(), "{open:?}");
}

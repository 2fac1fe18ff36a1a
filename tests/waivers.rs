//! Waivers from their files to the reports: in force or not, needed or not, in TOML and in CSV.

use std::path::PathBuf;

use duixian::base::Lang;
use duixian::data::DataSources;
use duixian::pipeline::{Checked, Request};
use duixian::report::diff::{Reason, compare};
use duixian::report::record::{Kind, Record, Verdict};
use duixian::report::{Style, outcome, text};

use crate::support::{Folder, check, fits};

const RULES: &str = r#"
数据集 预算
    维度 部门: 文本
    维度 科目: 文本
    维度 年度: 年
    度量 金额: 万元
指标 公用经费(部门): 万元 = 合计 预算.金额 当 科目 = "公用经费"
规则 D210 "部门预算公用经费统一压减10%"
    对每个 部门
    要求 公用经费 压减 ≥ 10%
规则 D211 "公用经费合计不超过 250 万元"
    要求 (合计 预算.金额 当 科目 = "公用经费") ≤ 250 万元
"#;

const BUDGET: &str = "部门,科目,年度,金额\n教育局,公用经费,2020,100\n教育局,公用经费,2021,95\n信访局,公用经费,2020,100\n\
                      信访局,公用经费,2021,97\n司法局,公用经费,2020,100\n司法局,公用经费,2021,80\n";

const CSV: &str = "规则,范围,期间,理由,批准人,批准日期,失效日期,依据\n\
    D210,部门=信访局,2021,\"新设来访接待中心,运转经费增加\",区财政局,2021-03-01,2021-12-31,会议纪要2021年第8期\n\
    D210,部门=教育局,,上年的豁免,区财政局,2020-03-01,2021-06-30,\n\
    D210,部门=教育局,,补办的豁免,区财政局,2022-01-10,2022-12-31,\n\
    D210,部门=司法局,,备而未用,区财政局,2021-03-01,2021-12-31,\n\
    D210,部门=区信访局,,名称写错,区财政局,2021-03-01,2021-12-31,\n\
    D211,,,合计口径调整,区财政局,2021-03-01,2021-12-31,\n";

/// The first and the last two waivers of [`CSV`].
const TOML: &str = r#"
[[waiver]]
rule = "D210"
scope = { "部门" = "信访局" }
period = 2021
reason = "新设来访接待中心,运转经费增加"
approver = "区财政局"
approved = 2021-03-01
expires = "2021年12月31日"
source = "会议纪要2021年第8期"

[[waiver]]
rule = "D210"
scope = { "部门" = "区信访局" }
reason = "名称写错"
approver = "区财政局"
approved = "2021-03-01"
expires = "2021-12-31"

[[waiver]]
rule = "D211"
reason = "合计口径调整"
approver = "区财政局"
approved = "2021/3/1"
expires = 2021-12-31
"#;

/// A suite that names its waivers, with its data.
fn suite(folder: &Folder, waivers: &str) -> (Checked, DataSources) {
    folder.write("suite/suite.toml", format!("name = \"test\"\nperiod = 2021\n{waivers}\n"));
    folder.write("suite/rules.rule", RULES);
    let budget = folder.write("预算.csv", BUDGET);
    let sources = DataSources { folders: Vec::new(), named: vec![("预算".to_owned(), budget)] };
    (check(&folder.path().join("suite")), sources)
}

fn judged(suite: &Checked, sources: &DataSources, waivers: &[PathBuf], request: &Request) -> Record {
    let data = suite.read(sources, &[], waivers).unwrap_or_else(|stopped| panic!("{stopped}"));
    suite.plan(request).unwrap_or_else(|stopped| panic!("{stopped}")).measure(data).judge().record()
}

fn run(suite: &Checked, sources: &DataSources, waivers: &[PathBuf]) -> Record {
    judged(suite, sources, waivers, &Request::default())
}

/// With nothing in it that differs from run to run.
fn settled(mut record: Record, folder: &Folder) -> Record {
    let place = format!("{}/", folder.path().display());
    for file in record.suite.files.iter_mut().chain(&mut record.waivers) {
        file.path = file.path.replace(&place, "");
    }
    for input in &mut record.inputs {
        input.path = input.path.replace(&place, "");
    }
    let findings = record.rules.iter_mut().flat_map(|rule| &mut rule.findings);
    let waived = findings.flat_map(|finding| {
        let evidence = finding.evidence.iter_mut().flat_map(|figure| figure.source.iter_mut().chain(&mut figure.more));
        evidence.chain(finding.waiver.iter_mut().filter_map(|waiver| waiver.source.as_mut()))
    });
    for source in waived.chain(record.remarks.iter_mut().filter_map(|remark| remark.source.as_mut())) {
        source.path = source.path.replace(&place, "");
    }
    record
}

fn verdicts(record: &Record) -> Vec<(String, Verdict)> {
    let of = |finding: &duixian::report::record::Finding| {
        (finding.scope.values().next().cloned().unwrap_or_default(), finding.verdict)
    };
    record.rules.iter().flat_map(|rule| rule.findings.iter().map(of)).collect()
}

#[test]
fn reports_show_the_waiver_and_what_would_be_without_it() {
    let folder = Folder::new();
    let (suite, sources) = suite(&folder, "waivers = \"豁免.csv\"");
    folder.write("suite/豁免.csv", CSV);
    let record = settled(run(&suite, &sources, &[]), &folder);
    for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        let options = text::Options { lang, width: 100, style: Style::Plain, fail_on: Kind::Binding };
        insta::assert_snapshot!(name, text::render(&record, &options));
    }
    let kept = serde_json::json!({"waivers": record.waivers, "remarks": record.remarks, "rules": record.rules});
    let kept = duixian::report::json::render(&kept).unwrap();
    assert!(!kept.contains("duixian-test"), "a path of this machine: {kept}");
    insta::assert_snapshot!("record", kept);
}

#[test]
fn the_record_keeps_to_its_schema_and_names_the_file() {
    let folder = Folder::new();
    let (suite, sources) = suite(&folder, "waivers = \"豁免.csv\"");
    folder.write("suite/豁免.csv", CSV);
    let record = run(&suite, &sources, &[]);
    fits(include_str!("../docs/run-record.schema.json"), &serde_json::to_value(&record).unwrap());
    assert_eq!(record.waivers.len(), 1);
    assert!(record.waivers[0].path.ends_with("suite/豁免.csv"));
    let codes: Vec<(&str, Option<u64>)> = record
        .remarks
        .iter()
        .map(|remark| (remark.code.as_str(), remark.source.as_ref().and_then(|source| source.row)))
        .collect();
    assert_eq!(codes, [("W0503", Some(3)), ("W0504", Some(4)), ("W0505", Some(5)), ("W0506", Some(6))]);
}

#[test]
fn a_waiver_reads_the_same_in_every_format() {
    let folder = Folder::new();
    let (suite, sources) = suite(&folder, "");
    let lines: Vec<&str> = CSV.lines().collect();
    let csv = [lines[0], lines[1], lines[5], lines[6], ""].join("\n");
    let english = csv.replace(
        "规则,范围,期间,理由,批准人,批准日期,失效日期,依据",
        "Rule,Scope,Period,Reason,Approver,Approved,Expires,Source",
    );
    let spaced = csv.replace("部门=信访局", "  部门 ＝ “信访局” ；").replace("批准人", " 批准 人 ");
    let files = [
        folder.write("a.csv", &csv),
        folder.write("b.csv", english),
        folder.write("c.csv", encoding_rs::GB18030.encode(&csv).0),
        folder.write("d.csv", format!("\u{feff}{spaced}")),
        folder.write(
            "e.tsv",
            csv.replace("\"新设来访接待中心,运转经费增加\"", "新设来访接待中心，运转经费增加")
                .replace(',', "\t")
                .replace('，', ","),
        ),
        folder.write("f.toml", TOML),
    ];
    let mut seen: Option<Vec<_>> = None;
    for file in files {
        let record = run(&suite, &sources, std::slice::from_ref(&file));
        let waivers: Vec<_> = record
            .rules
            .iter()
            .flat_map(|rule| &rule.findings)
            .map(|finding| {
                let waiver = finding.waiver.as_ref();
                let told = waiver.map(|w| [&w.reason, &w.approver, &w.approved, &w.expires].map(Clone::clone));
                (finding.scope.clone(), finding.verdict, told, waiver.and_then(|w| w.document.clone()))
            })
            .collect();
        assert_eq!(
            verdicts(&record).iter().filter(|(_, verdict)| *verdict == Verdict::Waived).count(),
            2,
            "{}",
            file.display()
        );
        assert_eq!(seen.get_or_insert_with(|| waivers.clone()), &waivers, "{}", file.display());
        assert!(record.remarks.iter().any(|remark| remark.code == "W0506"));
    }
}

#[test]
fn files_given_replace_those_of_the_suite() {
    let folder = Folder::new();
    let (suite, sources) = suite(&folder, "waivers = [\"一.csv\", \"二.csv\"]");
    let head = "规则,范围,理由,批准人,批准日期,失效日期\n";
    let waiver = |department: &str| format!("{head}D210,部门={department},x,区财政局,2021-03-01,2021-12-31\n");
    folder.write("suite/一.csv", waiver("教育局"));
    folder.write("suite/二.csv", waiver("信访局"));
    let total = folder.write("三.csv", format!("{head}D211,,x,区财政局,2021-03-01,2021-12-31\n"));
    let waived = |record: &Record| -> Vec<String> {
        verdicts(record)
            .into_iter()
            .filter(|(_, verdict)| *verdict == Verdict::Waived)
            .map(|(member, _)| member)
            .collect()
    };
    let record = run(&suite, &sources, &[]);
    assert_eq!((waived(&record).len(), record.waivers.len()), (2, 2));
    assert_eq!(outcome(&record, Kind::Binding).exit_code(), 1, "D211 fails");
    let record = run(&suite, &sources, std::slice::from_ref(&total));
    assert_eq!(waived(&record), [""]);
    assert_eq!(outcome(&record, Kind::Binding).exit_code(), 1, "D210 fails");
    let all = [folder.path().join("suite/一.csv"), folder.path().join("suite/二.csv"), total];
    let record = run(&suite, &sources, &all);
    assert_eq!((waived(&record).len(), record.waivers.len()), (3, 3));
    assert_eq!(outcome(&record, Kind::Binding).exit_code(), 0, "waived counts as not failing");
    let twice = [all[0].clone(), all[0].clone()];
    let stopped = suite.read(&sources, &[], &twice).err().unwrap();
    assert_eq!(stopped.diagnostics[0].code.code, "E0516");
}

#[test]
fn what_is_not_judged_is_not_missed() {
    let folder = Folder::new();
    let (suite, sources) = suite(&folder, "waivers = \"豁免.csv\"");
    folder.write("suite/豁免.csv", CSV);
    let request = Request { select: vec!["D211".to_owned()], ..Request::default() };
    let record = judged(&suite, &sources, &[], &request);
    assert_eq!(record.remarks, []);
    assert_eq!(record.rules[0].verdict, Verdict::Waived);
}

#[test]
fn a_waived_case_does_not_take_the_place_of_one_that_fails() {
    let folder = Folder::new();
    let (suite, sources) = suite(&folder, "waivers = \"豁免.csv\"");
    folder.write("suite/豁免.csv", CSV);
    let request = Request { max_findings: Some(1), ..Request::default() };
    let record = judged(&suite, &sources, &[], &request);
    assert_eq!(verdicts(&record)[0], ("教育局".to_owned(), Verdict::Fail));
    assert_eq!((record.rules[0].cases.waived, record.rules[0].cases.fail), (1, 1));
}

#[test]
fn what_a_waiver_changes_is_put_down_to_it() {
    let folder = Folder::new();
    let (suite, sources) = suite(&folder, "");
    let file = folder.write("豁免.csv", CSV);
    let (without, with) = (run(&suite, &sources, &[]), run(&suite, &sources, &[file]));
    let diff = compare(("before.json", &without), ("after.json", &with));
    assert_eq!(diff.causes.iter().map(|cause| cause.kind).collect::<Vec<_>>(), [Reason::Waiver]);
    let changes: Vec<_> = diff.rules.iter().map(|rule| (rule.id.as_str(), rule.new, rule.why.as_slice())).collect();
    assert_eq!(
        changes,
        [("D210", Some(Verdict::Fail), &[Reason::Waiver][..]), ("D211", Some(Verdict::Waived), &[Reason::Waiver][..]),]
    );
}

//! Records compared: what changed between two runs, and what it is put down to.

use duixian::base::Lang;
use duixian::pipeline::Request;
use duixian::report::diff::{Diff, Reason, SCHEMA, compare};
use duixian::report::record::{Record, Verdict};
use duixian::report::text::diff::{Options, render};
use duixian::report::{Style, html};

use crate::support::{Folder, suite};
use duixian::data::DataSources;

const RULES: &str = "单位 件\n标准 上限: 件\n指标 收入: 亿元\n指标 积案: 件\n规则 收入\n    要求 收入 增长 ≥ 10%\n规则 积案\n    要求 积案 ≤ 上限\n\
                     规则 不变\n    要求 收入 > 0 亿元\n";

fn record(rules: &str, income: &str, standard: &str) -> Record {
    asked(rules, income, standard, false)
}

fn asked(rules: &str, income: &str, standard: &str, passes: bool) -> Record {
    let folder = Folder::new();
    let rules = rules.replace("规则 收入\n", "规则 收入增长\n").replace("规则 积案\n", "规则 积案上限\n");
    let checked = suite(&folder, &rules);
    folder.write("data/指标.csv", format!("指标,期间,数值\n收入,2020,100\n收入,2021,{income}\n积案,2021,5\n"));
    let standards = folder.write(
        "standards.toml",
        format!("[[standard]]\nname = \"上限\"\nvalue = \"{standard}\"\nunit = \"件\"\nsource = \"示例\"\ndate = \"2021-01-01\"\n"),
    );
    let sources = DataSources { folders: vec![folder.path().join("data")], named: Vec::new() };
    let data = checked.read(&sources, &[standards], &[]).unwrap_or_else(|stopped| panic!("{stopped}"));
    let planned = checked.plan(&Request { passes, ..Request::default() }).unwrap_or_else(|stopped| panic!("{stopped}"));
    let mut record = planned.measure(data).judge().record();
    // Folders of tests have names of their own.
    let plain = |path: &mut String| *path = path.rsplit('/').next().unwrap().to_owned();
    record.inputs.iter_mut().for_each(|input| plain(&mut input.path));
    record.standards.iter_mut().for_each(|file| plain(&mut file.path));
    let findings = record.rules.iter_mut().flat_map(|rule| rule.findings.iter_mut().chain(&mut rule.passes));
    let figures = findings.flat_map(|finding| &mut finding.evidence);
    figures.filter_map(|figure| figure.source.as_mut()).for_each(|source| plain(&mut source.path));
    record
}

fn why(diff: &Diff) -> Vec<(&str, Vec<Reason>)> {
    diff.rules.iter().map(|rule| (rule.id.as_str(), rule.why.clone())).collect()
}

#[test]
fn a_change_is_put_down_to_what_changed() {
    let old = record(RULES, "109", "4");
    assert!(compare(("a", &old), ("a", &old)).is_empty());

    let data = record(RULES, "110", "4");
    let diff = compare(("old.json", &old), ("new.json", &data));
    assert_eq!(why(&diff), [("收入增长", vec![Reason::Data])]);

    let still = record(RULES, "108", "4");
    let diff = compare(("old.json", &old), ("new.json", &still));
    assert_eq!(why(&diff), [("收入增长", vec![Reason::Data])], "it fails as before, by another figure");

    let standard = record(RULES, "109", "3");
    assert_eq!(why(&compare(("a", &old), ("b", &standard))), [("积案上限", vec![Reason::Standard])]);

    let stricter = record(&RULES.replace("10%", "12%"), "109", "4");
    assert_eq!(why(&compare(("a", &old), ("b", &stricter))), [("收入增长", vec![Reason::Rule])]);

    let unit = record(&RULES.replace("指标 收入: 亿元", "指标 收入: 万元"), "109", "4");
    let diff = compare(("a", &old), ("b", &unit));
    assert_eq!(why(&diff), [("收入增长", vec![Reason::Rule])], "the same cells, read in another unit");

    let both = record(&RULES.replace("指标 收入: 亿元", "指标 收入: 万元"), "108", "4");
    let diff = compare(("a", &old), ("b", &both));
    assert_eq!(why(&diff), [("收入增长", vec![Reason::Data, Reason::Rule])]);
    let figures = &diff.rules[0].cases[0].figures;
    let of = |name: &str| figures.iter().find(|figure| figure.name == name).unwrap().why.clone();
    assert_eq!(of("收入[2021]"), [Reason::Data], "another text in the cell");
    assert_eq!(of("收入[2020]"), [Reason::Rule], "the same text in the cell");

    let mut later = old.clone();
    later.as_of = "2022-01-31".to_owned();
    let diff = compare(("a", &old), ("b", &later));
    assert_eq!((diff.causes[0].kind, diff.rules.len(), diff.same), (Reason::AsOf, 0, 3));
}

#[test]
fn cases_that_pass_are_compared_where_they_are_recorded() {
    let verdicts = |diff: &Diff| {
        let cases = diff.rules.iter().flat_map(|rule| &rule.cases);
        cases.map(|case| (case.old, case.new)).collect::<Vec<_>>()
    };
    let (old, new) = (asked(RULES, "110", "5", true), asked(RULES, "109", "5", true));
    let diff = compare(("a", &old), ("b", &new));
    let passing = (Some(Verdict::Pass), Some(Verdict::Pass));
    assert_eq!(verdicts(&diff), [(Some(Verdict::Pass), Some(Verdict::Fail)), passing], "不变 passes by another figure");
    let text = render(&diff, &Options { lang: Lang::Zh, width: 90, style: Style::Plain });
    assert!(text.contains("合格 → 不合格") && !text.contains("未列出"), "{text}");
    // A record that lists only what does not pass says the same in fewer words.
    let silent = asked(RULES, "110", "5", false);
    for (a, b) in [(&old, &silent), (&silent, &old)] {
        assert!(compare(("a", a), ("b", b)).is_empty());
    }
    assert_eq!(verdicts(&compare(("a", &silent), ("b", &new))), [(None, Some(Verdict::Fail))]);
}

#[test]
fn a_comparison_reads_well_in_both_languages() {
    let old = record(RULES, "109", "4");
    let new = record(&RULES.replace("规则 不变", "规则 新规则").replace("10%", "12%"), "111", "6");
    let diff = compare(("old.json", &old), ("new.json", &new));
    assert_eq!(diff.schema, SCHEMA);
    for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        let text = render(&diff, &Options { lang, width: 90, style: Style::Plain });
        insta::assert_snapshot!(name, text);
        let page = html::diff(&diff, lang);
        insta::assert_snapshot!(format!("{name}.html"), page.split_once("</style>").unwrap().1);
    }
    let json = serde_json::to_string(&diff).unwrap();
    assert_eq!(serde_json::from_str::<Diff>(&json).unwrap(), diff);
}

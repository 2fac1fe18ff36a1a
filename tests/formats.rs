//! The cases of `tests/cases/report` in every format but text: how they read, and that they keep to the published schemas.

use std::path::Path;

use duixian::base::Lang;
use duixian::report::record::{Finding, Kind, Record, Rule, Verdict};
use duixian::report::{Style, html, json, junit, markdown, oscal, sarif, text};

use crate::xsd;

fn record(path: &Path) -> Record {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The worst of the cases: it has every verdict.
fn every_verdict() -> Record {
    record(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/report/every-verdict.json"))
}

fn page(record: &Record, lang: Lang) -> String {
    html::run(record, &html::Options { lang, fail_on: Kind::Binding })
}

/// Texts that would be markup, a formula or a terminal's command if a format let them.
const HOSTILE: &str = "<script>alert(1)</script>|`x`*_[a](b)\"'&]]>\u{1b}[31m\u{0}\u{202e}\u{200f}\u{61c}\u{ffff}=HYPERLINK(\"http://x\")";

/// What no format that is shown may hold.
const STEERING: [char; 6] = ['\u{1b}', '\u{0}', '\u{202e}', '\u{200f}', '\u{61c}', '\u{ffff}'];

/// A record in which every text from data or rules is hostile.
fn hostile() -> Record {
    let mut record = every_verdict();
    record.suite.title = HOSTILE.to_owned();
    for input in &mut record.inputs {
        input.path = HOSTILE.to_owned();
        input.dataset = HOSTILE.to_owned();
    }
    for remark in &mut record.remarks {
        remark.message.zh = HOSTILE.to_owned();
        remark.message.en = HOSTILE.to_owned();
    }
    for rule in &mut record.rules {
        rule.head.title = HOSTILE.to_owned();
        rule.head.note = Some(HOSTILE.to_owned());
        rule.head.owner = Some(HOSTILE.to_owned());
        rule.head.accepted.iter_mut().for_each(|accepted| accepted.reason = HOSTILE.to_owned());
        rule.head.clauses.iter_mut().for_each(|clause| clause.text = HOSTILE.to_owned());
        for finding in &mut rule.findings {
            finding.scope.values_mut().for_each(|member| *member = HOSTILE.to_owned());
            finding.explain = Some(HOSTILE.to_owned());
            finding.requirement = HOSTILE.to_owned();
            let figures = [&mut finding.attained, &mut finding.threshold, &mut finding.shortfall];
            figures.into_iter().for_each(|figure| *figure = Some(HOSTILE.to_owned()));
            for advice in &mut finding.advice {
                advice.zh = HOSTILE.to_owned();
                advice.en = HOSTILE.to_owned();
            }
            if let Some(waiver) = &mut finding.waiver {
                waiver.reason = HOSTILE.to_owned();
                waiver.approver = HOSTILE.to_owned();
                waiver.document = Some(HOSTILE.to_owned());
            }
            for figure in &mut finding.evidence {
                figure.name = HOSTILE.to_owned();
                figure.value = Some(HOSTILE.to_owned());
                figure.unit = HOSTILE.to_owned();
                for source in figure.source.iter_mut().chain(&mut figure.more) {
                    source.path = HOSTILE.to_owned();
                    source.sheet = Some(HOSTILE.to_owned());
                    source.column = Some(HOSTILE.to_owned());
                    source.text = Some(HOSTILE.to_owned());
                }
            }
        }
    }
    record
}

#[test]
fn every_format_reads_well_in_both_languages() {
    insta::glob!("cases/report/*.json", |path| {
        let record = record(path);
        for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
            let page = page(&record, lang);
            let body = page.split_once("</style>").unwrap().1.split_once("<script>").unwrap().0.to_owned();
            insta::assert_snapshot!(format!("{name}.html"), body);
            insta::assert_snapshot!(format!("{name}.md"), markdown::render(&record, Kind::Binding, lang));
            insta::assert_snapshot!(format!("{name}.junit"), junit::render(&record, Kind::Binding, lang));
            let report = oscal::render(&record, Kind::Binding, lang).unwrap();
            insta::assert_snapshot!(format!("{name}.oscal"), json::render(&report).unwrap());
            insta::assert_snapshot!(format!("{name}.sarif"), json::render(&sarif::render(&record, lang)).unwrap());
        }
    });
}

#[test]
fn sarif_keeps_to_the_published_schema() {
    // Its pattern of languages has a bracket that ECMA reads as a character and others refuse.
    let schema = include_str!("schemas/sarif-2.1.0.json").replace("{2}]?$", "{2}\\\\]?$");
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for record in [every_verdict(), hostile()] {
        for lang in [Lang::Zh, Lang::En] {
            let report = sarif::render(&record, lang);
            let faults: Vec<String> = schema.iter_errors(&report).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{faults:#?}");
            let results = report["runs"][0]["results"].as_array().unwrap();
            assert_eq!(results.len(), record.rules.iter().map(|rule| rule.findings.len()).sum::<usize>());
        }
    }
}

#[test]
fn oscal_keeps_to_the_published_schema() {
    let schema = serde_json::from_str(include_str!("schemas/oscal-complete-1.1.3.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for record in [every_verdict(), hostile()] {
        for lang in [Lang::Zh, Lang::En] {
            let report = oscal::render(&record, Kind::Binding, lang).unwrap();
            let faults: Vec<String> = schema.iter_errors(&report).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{faults:#?}");
            // Identifiers are unique, are the same for the same record, and lead to something.
            let text = json::render(&report).unwrap();
            assert_eq!(text, json::render(&oscal::render(&record, Kind::Binding, lang).unwrap()).unwrap());
            let results = &report["assessment-results"];
            let mut ids: Vec<&str> = vec![results["uuid"].as_str().unwrap()];
            let list = |value: &'_ serde_json::Value| value.as_array().cloned().unwrap_or_default();
            let lists = ["observations", "risks", "findings"].map(|name| list(&results["results"][0][name]));
            let resources = list(&results["back-matter"]["resources"]);
            let of = |value: &'_ serde_json::Value| value["uuid"].as_str().unwrap().to_owned();
            let all: Vec<String> = lists.iter().flatten().chain(&resources).map(of).collect();
            ids.extend(all.iter().map(String::as_str));
            let different: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(different.len(), ids.len());
            for reference in ["observation-uuid", "risk-uuid"] {
                let pattern = regex::Regex::new(&format!("\"{reference}\": \"([^\"]*)\"")).unwrap();
                assert!(pattern.captures_iter(&text).all(|found| ids.contains(&&found[1])));
            }
            let findings = record.rules.iter().map(|rule| rule.findings.len()).sum::<usize>();
            // What is not due, or about nothing, is neither satisfied nor not.
            let open = |rule: &&Rule| matches!(rule.verdict, Verdict::Pending | Verdict::NotApplicable);
            let told = record.rules.len() - record.rules.iter().filter(open).count();
            assert!(told < record.rules.len());
            assert_eq!([lists[0].len(), lists[2].len()], [findings, told]);
        }
    }
    let mut other = every_verdict();
    other.as_of = "2021-12-30".to_owned();
    let id = |record: &Record| {
        oscal::render(record, Kind::Binding, Lang::Zh).unwrap()["assessment-results"]["uuid"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_ne!(id(&every_verdict()), id(&other), "another record has other identifiers");
    let mut broken = oscal::render(&every_verdict(), Kind::Binding, Lang::Zh).unwrap();
    broken["assessment-results"]["results"][0]["findings"][0]["target"]["status"]["state"] = "unsure".into();
    assert!(!schema.is_valid(&broken));
}

#[test]
fn junit_keeps_to_the_published_schema() {
    let schema = xsd::parse(include_str!("schemas/junit-ant.xsd")).unwrap();
    for record in [every_verdict(), hostile()] {
        for (lang, fail_on) in [(Lang::Zh, Kind::Binding), (Lang::En, Kind::Advisory)] {
            let report = junit::render(&record, fail_on, lang);
            assert_eq!(xsd::faults(&schema, &xsd::parse(&report).unwrap()), Vec::<String>::new());
        }
    }
    // What does not keep to it is found.
    let report = junit::render(&every_verdict(), Kind::Binding, Lang::Zh);
    for (from, to) in [
        (" hostname=\"localhost\"", ""),
        (" time=\"0\"", " time=\"soon\""),
        (" time=\"0\"", " time=\"0\" speed=\"1\""),
        ("T00:00:00", ""),
        (" type=\"", " kind=\""),
        ("<system-out/>\n    <system-err/>", "<system-err/>\n    <system-out/>"),
        ("<properties>", "<properties><testcase/>"),
        ("<testsuites>", "<testsuites name=\"all\">"),
        ("</failure>", "</failure><skipped/>"),
        ("name=\"period\"", "name=\"\""),
    ] {
        assert!(report.contains(from), "{from}");
        let broken = xsd::parse(&report.replacen(from, to, 1)).unwrap();
        assert!(!xsd::faults(&schema, &broken).is_empty(), "{from} → {to}");
    }
}

#[test]
fn junit_counts_as_the_run_does() {
    let record = every_verdict();
    let report = xsd::parse(&junit::render(&record, Kind::Binding, Lang::Zh)).unwrap();
    let count = |name: &str| -> usize {
        report.children.iter().map(|suite| suite.attributes[name].parse::<usize>().unwrap()).sum()
    };
    let listed = |name: &str| {
        let cases = report.children.iter().flat_map(|suite| &suite.children).filter(|case| case.name == "testcase");
        cases.filter(|case| name == "testcase" || case.children.iter().any(|outcome| outcome.name == name)).count()
    };
    for (name, element) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
    {
        assert_eq!(count(name), listed(element), "{name}");
    }
    assert_eq!(count("tests"), record.rules.len());
    let of = |verdicts: &[Verdict]| {
        let counted =
            |rule: &&duixian::report::record::Rule| rule.kind == Kind::Binding && verdicts.contains(&rule.verdict);
        record.rules.iter().filter(counted).count()
    };
    let hidden = |rule: &&duixian::report::record::Rule| {
        rule.kind == Kind::Binding && rule.verdict != Verdict::Fail && rule.cases.fail > 0
    };
    let hidden = record.rules.iter().filter(hidden).count();
    assert_eq!(count("failures"), of(&[Verdict::Fail]) + hidden);
    assert_eq!(count("errors") + hidden, of(&[Verdict::Error, Verdict::Missing, Verdict::Borderline]));
}

/// The texts of an OSCAL document that are read as Markdown.
fn markdown_of(value: &serde_json::Value, each: &mut dyn FnMut(&str)) {
    match value {
        serde_json::Value::Array(values) => values.iter().for_each(|value| markdown_of(value, each)),
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                match value {
                    serde_json::Value::String(text)
                        if ["title", "description", "statement", "remarks"].contains(&name.as_str()) =>
                    {
                        each(text);
                    }
                    other => markdown_of(other, each),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn text_from_data_cannot_become_markup() {
    let record = hostile();
    for lang in [Lang::Zh, Lang::En] {
        let page = page(&record, lang);
        assert_eq!(page.matches("<script>").count(), 1, "only the page's own");
        assert!(!page.contains("alert(1)</script>"));
        let report = junit::render(&record, Kind::Binding, lang);
        assert!(xsd::parse(&report).is_ok());
        assert!(!report.contains("<script>") && !report.contains("]]>"), "{report}");
        let oscal = oscal::render(&record, Kind::Binding, lang).unwrap();
        markdown_of(&oscal, &mut |text| assert!(!text.contains("<script>") && !text.contains("[a](b)"), "{text}"));
        let oscal = json::render(&oscal).unwrap();
        let sarif = json::render(&sarif::render(&record, lang)).unwrap();
        let messages = || sarif.lines().filter(|line| line.trim_start().starts_with("\"text\": "));
        assert!(messages().count() > record.rules.len() && messages().all(|line| !line.contains("[a](b)")), "{sarif}");
        assert!(!serde_json::to_string(&sarif::render(&record, lang)).unwrap().contains(STEERING));
        let md = markdown::render(&record, Kind::Binding, lang);
        assert!(!md.contains("<script>") && !md.contains("[a](b)"), "{md}");
        let options = text::Options { lang, width: 100, style: Style::Plain, fail_on: Kind::Binding };
        for output in [page, report, md, oscal, text::render(&record, &options)] {
            assert!(!output.contains(STEERING), "{output}");
        }
        // JSON may hold any text; none of it is read as anything else.
        let raw: Vec<char> = sarif.chars().filter(|c| c.is_control() && !c.is_whitespace()).collect();
        assert!(raw.is_empty());
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long a page takes is what is tested")]
fn a_page_of_a_thousand_rules_is_small() {
    let mut record = every_verdict();
    let rules = record.rules.clone();
    record.rules = (0..1000)
        .map(|at| {
            let mut rule = rules[at % rules.len()].clone();
            rule.head.id = format!("R{at}");
            rule
        })
        .collect();
    let begun = std::time::Instant::now();
    let size = page(&record, Lang::Zh).len();
    assert!(size < 2_000_000, "{size} bytes");
    assert!(begun.elapsed().as_secs() < 1, "{:?}", begun.elapsed());
}

#[test]
fn ten_thousand_findings_are_folded_away() {
    let mut record = every_verdict();
    let rule = record.rules.iter_mut().find(|rule| rule.verdict == Verdict::Fail).unwrap();
    let finding = rule.findings[0].clone();
    rule.findings = (0..10_000)
        .map(|at| Finding {
            scope: [("部门".to_owned(), format!("部门{at}"))].into_iter().collect(),
            ..finding.clone()
        })
        .collect();
    rule.cases.fail = 10_000;
    let page = page(&record, Lang::Zh);
    assert!(page.contains("另外 9995 个个案"));
    assert!(page.len() < 20_000_000, "{}", page.len());
}

/// The texts of a sheet, row by row; formulas must not occur.
fn sheet(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    assert!(book.worksheet_formula(name).unwrap().cells().all(|(_, _, formula)| formula.is_empty()));
    let range = book.worksheet_range(name).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[test]
fn what_looks_like_a_formula_is_text_in_a_workbook() {
    for text in ["=HYPERLINK(\"http://x\")", "@SUM(A1)", "+1+1", "-1-1", "\t=1+1", "{=1}", "=1 万元", "-2+3%", "1e5 个"]
    {
        let mut record = every_verdict();
        record.suite.title = text.to_owned();
        for rule in &mut record.rules {
            rule.head.title = text.to_owned();
            for finding in &mut rule.findings {
                finding.scope.values_mut().for_each(|member| *member = text.to_owned());
                let figures =
                    [&mut finding.attained, &mut finding.threshold, &mut finding.shortfall, &mut finding.explain];
                figures.into_iter().for_each(|figure| *figure = Some(text.to_owned()));
                for figure in &mut finding.evidence {
                    figure.value = Some(text.to_owned());
                    figure.source.iter_mut().for_each(|source| source.text = Some(text.to_owned()));
                }
            }
        }
        let bytes = duixian::report::xlsx::render(&record, Kind::Binding, Lang::Zh).unwrap();
        for name in ["总览", "不合格", "缺数据", "全部规则", "依据"] {
            sheet(&bytes, name);
        }
        assert!(
            sheet(&bytes, "依据")
                .iter()
                .skip(1)
                .all(|row| row[5] == row[14] || row[14].is_empty() || row[5] == "未提交")
        );
        let shown = sheet(&bytes, "不合格");
        assert_eq!(shown[1][7], text.replace('\t', " "), "an amount that is none stays as it is");
    }
}

#[test]
fn a_workbook_has_every_case_and_no_formula() {
    for (record, lang) in [(every_verdict(), Lang::Zh), (hostile(), Lang::Zh), (every_verdict(), Lang::En)] {
        let bytes = duixian::report::xlsx::render(&record, Kind::Binding, lang).unwrap();
        assert_eq!(bytes, duixian::report::xlsx::render(&record, Kind::Binding, lang).unwrap(), "the same bytes");
        let names = match lang {
            Lang::Zh => ["总览", "不合格", "缺数据", "全部规则", "依据"],
            Lang::En => ["Overview", "Failing", "Missing", "All rules", "Evidence"],
        };
        let of = |verdicts: &[Verdict]| {
            record.rules.iter().flat_map(|rule| &rule.findings).filter(|f| verdicts.contains(&f.verdict)).count()
        };
        let failing = [Verdict::Fail, Verdict::Error, Verdict::Borderline, Verdict::Waived];
        assert_eq!(sheet(&bytes, names[1]).len(), 1 + of(&failing));
        assert_eq!(sheet(&bytes, names[2]).len(), 1 + of(&[Verdict::Missing]));
        assert_eq!(sheet(&bytes, names[3]).len(), 1 + record.rules.len());
        let figures = record.rules.iter().flat_map(|rule| &rule.findings).flat_map(|f| &f.evidence).count();
        assert_eq!(sheet(&bytes, names[4]).len(), 1 + figures);
        assert!(sheet(&bytes, names[0]).len() > 8);
    }
    let bytes = duixian::report::xlsx::render(&every_verdict(), Kind::Binding, Lang::Zh).unwrap();
    let shown: Vec<String> = ["总览", "不合格", "缺数据", "全部规则", "依据"]
        .iter()
        .map(|name| {
            let rows: Vec<String> = sheet(&bytes, name).iter().map(|row| row.join(" | ")).collect();
            format!("== {name}\n{}", rows.join("\n"))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

//! The cases of `tests/cases/verdict`: every expectation is met, and what is said of the findings stays the same. A `.toml`
//! of the same name is added to the suite's `suite.toml`, and the suite `common` lies beside it.

use std::fmt::Write;

use duixian::base::Lang;
use duixian::pipeline::{Actual, Request};
use duixian::report::words;

use crate::support::{Folder, suite_with};

#[test]
fn verdicts() {
    let mut schema: serde_json::Value = serde_json::from_str(include_str!("../docs/run-record.schema.json")).unwrap();
    // What a test submits is no file, and has no hash.
    schema["properties"]["inputs"]["items"]["properties"]["sha256"] = serde_json::json!({"const": ""});
    let schema = jsonschema::validator_for(&schema).unwrap();
    insta::glob!("cases/verdict/*.rule", |path| {
        let folder = Folder::new();
        let more = std::fs::read_to_string(path.with_extension("toml")).unwrap_or_default();
        let common = path.with_file_name("common");
        for name in ["suite.toml", "common.rule"] {
            folder.write(&format!("common/{name}"), std::fs::read(common.join(name)).unwrap());
        }
        let suite = suite_with(&folder, &std::fs::read_to_string(path).unwrap(), &more);
        let mut said = String::new();
        for trial in suite.trials() {
            writeln!(said, "== {}", trial.title).unwrap();
            assert!(!trial.broken(), "{}: {:?}", trial.title, trial.diagnostics);
            for expected in &trial.expected {
                assert_eq!(expected.actual, Actual::Verdict(expected.verdict), "{}: {}", trial.title, expected.case);
            }
        }
        for test in &suite.suite().tests {
            writeln!(said, "\n== {}", test.title).unwrap();
            let period = test.period.unwrap();
            let request = Request { period: Some(period), as_of: test.as_of, ..Request::default() };
            let record = suite.plan(&request).unwrap().measure(suite.given(test, period)).judge().record();
            let faults: Vec<String> =
                schema.iter_errors(&serde_json::to_value(&record).unwrap()).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{}: {faults:#?}", test.title);
            let tested = |id: &str| test.expect.iter().any(|expected| suite.suite().rules[expected.rule.0].id == id);
            for rule in record.rules.iter().filter(|rule| tested(&rule.id)) {
                for finding in &rule.findings {
                    let scope: Vec<&str> = finding.scope.values().map(String::as_str).collect();
                    writeln!(said, "{}[{}] {:?}", rule.id, scope.join(", "), finding.verdict).unwrap();
                    for lang in [Lang::Zh, Lang::En] {
                        let waiver = finding.waiver.iter().flat_map(|waiver| words::waiver(waiver, lang));
                        let told: Vec<String> = words::would_be(finding, lang).into_iter().chain(waiver).collect();
                        if !told.is_empty() {
                            writeln!(said, "  {}", told.join("; ")).unwrap();
                        }
                    }
                    for (name, text) in [
                        ("attained", &finding.attained),
                        ("threshold", &finding.threshold),
                        ("shortfall", &finding.shortfall),
                        ("explain", &finding.explain),
                    ] {
                        if let Some(text) = text {
                            writeln!(said, "  {name}: {text}").unwrap();
                        }
                    }
                    for pace in [Lang::Zh, Lang::En].iter().filter_map(|lang| words::pace(finding, *lang)) {
                        writeln!(said, "  {pace}").unwrap();
                    }
                    for advice in &finding.advice {
                        writeln!(said, "  {} / {}", advice.get(Lang::Zh), advice.get(Lang::En)).unwrap();
                    }
                    for figure in &finding.evidence {
                        let value = figure.value.as_deref().unwrap_or("-");
                        let within = figure.within.as_ref().map(|within| format!(" in {}", within.bracketed()));
                        let value = format!("{value}{}", within.unwrap_or_default());
                        let row = figure.source.as_ref().and_then(|source| source.row);
                        let row = row.map(|row| format!(" (row {row})")).unwrap_or_default();
                        writeln!(said, "  {} = {value} {}{row}", figure.name, figure.unit).unwrap();
                    }
                }
            }
            for remark in record.remarks.iter().filter(|remark| remark.code.starts_with("W05")) {
                writeln!(said, "{} {} / {}", remark.code, remark.message.zh, remark.message.en).unwrap();
            }
        }
        insta::assert_snapshot!(said);
    });
}

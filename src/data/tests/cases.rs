//! The cases under `tests/cases/errors/data`: each reports the code it is there for.

use std::path::PathBuf;

use super::*;
use crate::data::{Register, load_standards};

/// Folder and code.
const CASES: &[(&str, &str)] = &[
    ("bad-encoding", "E0402"),
    ("bad-qualifier", "E0428"),
    ("blank-dimension", "W0401"),
    ("contradicting-figures", "E0419"),
    ("contradicting-units", "E0408"),
    ("date-for-year", "E0415"),
    ("duplicate-key", "E0418"),
    ("empty-file", "W0404"),
    ("formula-error", "E0413"),
    ("formula-not-saved", "E0413"),
    ("gb18030-missing-column", "E0406"),
    ("heading-row", "E0423"),
    ("html-as-xls", "E0401"),
    ("json-nested", "E0421"),
    ("json-not-a-list", "E0420"),
    ("json-repeated-key", "E0420"),
    ("many-bad-cells", "E0411"),
    ("melt-heading", "W0411"),
    ("missing-headings", "E0406"),
    ("not-a-boolean", "E0416"),
    ("not-a-date", "E0414"),
    ("not-a-level", "E0417"),
    ("not-a-number", "E0411"),
    ("percent-in-ods", "E0424"),
    ("points-for-percent", "E0410"),
    ("ragged-row", "E0404"),
    ("register-twice", "E0511"),
    ("repeated-heading", "E0407"),
    ("scaled-format", "E0425"),
    ("scientific", "E0422"),
    ("separators", "E0412"),
    ("sheets-several", "E0405"),
    ("standard-not-a-number", "E0509"),
    ("standard-twice", "E0510"),
    ("standard-unknown", "W0501"),
    ("standard-without-source", "E0505"),
    ("stray-file", "W0409"),
    ("suite-bad-values", "E0504"),
    ("suite-binding-names", "E0507"),
    ("suite-no-name", "E0505"),
    ("suite-not-toml", "E0502"),
    ("suite-unknown-key", "E0503"),
    ("totals-and-notes", "W0402"),
    ("unclosed-quote", "E0403"),
    ("undeclared-indicator", "W0407"),
    ("unit-above-unknown", "E0427"),
    ("unit-of-another-kind", "E0410"),
    ("unknown-unit", "E0409"),
    ("unknown-unit-in-heading", "E0409"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/errors/data")
}

/// All that is reported of a case, in the order of a run.
fn report(case: &str) -> Vec<Diagnostic> {
    let dir = folder().join(case);
    let config = match SuiteConfig::load(&dir) {
        Ok(config) => config,
        Err(faults) => return faults,
    };
    let suite = suite();
    let mut diagnostics = config.validate(&suite);
    diagnostics.extend(load_standards(&config.standards_paths(), &suite).1);
    if let Some(path) = config.register_path() {
        diagnostics.extend(Register::load(&path).err().unwrap_or_default());
    }
    let sources = DataSources { folders: vec![dir], named: Vec::new() };
    diagnostics.extend(read_submission(&suite, &config, &sources).1);
    diagnostics
}

#[test]
fn every_case_reports_its_code() {
    for (case, code) in CASES {
        let found = report(case);
        assert!(codes(&found).contains(code), "{case}: {:?}", codes(&found));
        for diagnostic in &found {
            assert!(!diagnostic.message.zh.is_empty() && !diagnostic.message.en.is_empty(), "{case}");
        }
    }
}

#[test]
fn every_code_has_a_page_with_examples() {
    for info in crate::base::codes::data::ALL.iter().chain(crate::base::codes::config::ALL) {
        assert!(info.page.0.contains("不对") && info.page.0.contains("对："), "{}", info.code);
        assert!(info.page.1.contains("Wrong") && info.page.1.contains("Right"), "{}", info.code);
    }
}

//! What rules say together: the cases of `tests/cases/logic`, and laws that random suites must keep.

mod laws;

use std::path::Path;

use duixian::base::Lang;
use duixian::pipeline::{Analysis, Checked};
use duixian::report::Style;
use duixian::report::diagnostics::{Drawing, render};

use crate::support::{Folder, check};

/// A suite of one rule file, by the name of the case.
fn suite(path: &Path, period: &str) -> (Folder, Checked) {
    let folder = Folder::new();
    folder.write("suite.toml", format!("name = \"case\"\nregion = \"鼓楼区\"\n{period}"));
    folder.write(&path.file_name().unwrap().to_string_lossy(), std::fs::read(path).unwrap());
    let checked = check(folder.path());
    (folder, checked)
}

fn drawn(folder: &Folder, checked: &Checked, analysis: &Analysis) -> String {
    let mut text = String::new();
    for lang in [Lang::Zh, Lang::En] {
        let drawing = Drawing { lang, width: 100, style: Style::Plain, folder: String::new() };
        text.push_str(&render(&analysis.findings, checked.sources(), &drawing));
        text.push('\n');
    }
    assert!(!text.contains(&folder.path().display().to_string()), "a path of this machine: {text}");
    text
}

#[test]
fn what_is_wrong_is_told() {
    insta::glob!("cases/logic/found/*.rule", |path| {
        let (folder, checked) = suite(path, "period = \"2021\"\n");
        let analysis = checked.analyse();
        assert_eq!((analysis.undecided, analysis.refuted), (0, 0), "{}", path.display());
        assert!(!analysis.findings.is_empty(), "nothing is found in {}", path.display());
        insta::assert_snapshot!(drawn(&folder, &checked, &analysis));
    });
}

#[test]
fn what_is_right_is_left_alone() {
    insta::glob!("cases/logic/clear/*.rule", |path| {
        for period in ["period = \"2021\"\n", ""] {
            let (folder, checked) = suite(path, period);
            let analysis = checked.analyse();
            assert!(analysis.findings.is_empty(), "{}", drawn(&folder, &checked, &analysis));
        }
    });
}

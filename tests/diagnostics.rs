//! The cases of `tests/cases/errors`: each is wrong in some way, and what is said of it stays the same, in both languages.

use std::path::Path;

use duixian::base::{Diagnostic, Lang, Place, Sources, Span};
use duixian::data::DataSources;
use duixian::pipeline::Parsed;
use duixian::report::Style;
use duixian::report::diagnostics::{Drawing, render};
use duixian::semantics::hir::Rule;

use crate::support::{Folder, check};

/// Both languages, with nothing in it that differs from machine to machine.
fn drawn(diagnostics: &[Diagnostic], sources: &Sources, folders: &[&Path]) -> String {
    assert!(!diagnostics.is_empty(), "nothing is said of a case that is wrong");
    let mut text = String::new();
    for lang in [Lang::Zh, Lang::En] {
        let drawing = Drawing { lang, width: 100, style: Style::Plain, folder: String::new() };
        text.push_str(&render(diagnostics, sources, &drawing));
        text.push('\n');
    }
    for folder in folders {
        text = text.replace(&format!("{}/", folder.display()), "").replace(&folder.display().to_string(), ".");
    }
    assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "a path of this machine: {text}");
    text
}

/// A suite of one rule file; its name is the case's, so that the snapshot shows it.
fn rules(path: &Path) -> String {
    let folder = Folder::new();
    folder.write("suite.toml", "name = \"case\"\nperiod = \"2021\"\nregister = \"register.csv\"\n");
    folder.write("register.csv", "id,clause,line\nD007,失业率,57\nD210,压减10%,92\nD211,过紧日子,92\n");
    folder.write(&path.file_name().unwrap().to_string_lossy(), std::fs::read(path).unwrap());
    match Parsed::load(folder.path()).and_then(Parsed::check) {
        Ok(checked) => drawn(checked.warnings(), checked.sources(), &[folder.path()]),
        Err(stopped) => drawn(&stopped.diagnostics, &stopped.sources, &[folder.path()]),
    }
}

/// A suite with its data in `data/`, or (without one) beside it.
fn data(dir: &Path) -> String {
    let checked = match Parsed::load(dir).and_then(Parsed::check) {
        Ok(checked) => checked,
        Err(stopped) => return drawn(&stopped.diagnostics, &stopped.sources, &[dir]),
    };
    let folder = if dir.join("data").is_dir() { dir.join("data") } else { dir.to_owned() };
    let sources = DataSources { folders: vec![folder], named: Vec::new() };
    match checked.read(&sources, &[], &[]) {
        Ok(data) => {
            let said: Vec<Diagnostic> = checked.warnings().iter().chain(data.diagnostics()).cloned().collect();
            drawn(&said, checked.sources(), &[dir])
        }
        Err(stopped) => drawn(&stopped.diagnostics, &stopped.sources, &[dir]),
    }
}

/// What `check` says of the rules of a suite beside its errors. Rules whose names begin with `P` are criticised, those whose
/// names begin with `N` are near misses and are not.
fn lints(dir: &Path) -> String {
    let checked = check(dir);
    let lints = checked.lints();
    let rules = &checked.suite().rules;
    let criticised = |rule: &&Rule| {
        let within =
            |span: Span| rule.span.file == span.file && rule.span.start <= span.start && span.end <= rule.span.end;
        lints.open.iter().any(|diagnostic| matches!(diagnostic.place, Place::Rule(span) if within(span)))
    };
    let named = |start: char| rules.iter().filter(move |rule| rule.id.starts_with(start));
    let passed: Vec<&str> = named('P').filter(|rule| !criticised(rule)).map(|rule| rule.id.as_str()).collect();
    let wrongly: Vec<&str> = named('N').filter(criticised).map(|rule| rule.id.as_str()).collect();
    assert!(passed.is_empty() && wrongly.is_empty(), "{}: passed {passed:?}, criticised {wrongly:?}", dir.display());
    format!("{}accepted: {}\n", drawn(&lints.open, checked.sources(), &[dir]), lints.accepted)
}

#[test]
fn lints_find_what_is_wrong_and_pass_what_is_near() {
    insta::glob!("cases/lint/*/suite.toml", |path| insta::assert_snapshot!(lints(path.parent().unwrap())));
}

/// What `check` finds in the suites of this repository: rule by rule, from the register and the figures alone.
#[test]
fn lints_of_the_shipped_suites() {
    insta::glob!("../rules", "*/suite.toml", |path| {
        let checked = check(path.parent().unwrap());
        let mut text = String::new();
        for Diagnostic { code, message, place, .. } in checked.lints().open {
            let within = |rule: &&Rule| matches!(place, Place::Rule(span) if span.file == rule.span.file && rule.span.start <= span.start && span.end <= rule.span.end);
            let rule = checked.suite().rules.iter().find(within).map_or("–", |rule| rule.id.as_str());
            text.push_str(&format!("{rule} {}: {}\n    {}\n", code.code, message.zh, message.en));
        }
        insta::assert_snapshot!(text);
    });
}

#[test]
fn syntax_errors() {
    insta::glob!("cases/errors/syntax/*.rule", |path| insta::assert_snapshot!(rules(path)));
}

#[test]
fn semantic_errors() {
    insta::glob!("cases/errors/semantics/*.rule", |path| insta::assert_snapshot!(rules(path)));
}

#[test]
fn data_errors() {
    // One entry of each case that every case has.
    insta::glob!("cases/errors/data/*/suite.toml", |path| insta::assert_snapshot!(data(path.parent().unwrap())));
}

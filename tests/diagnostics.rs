//! The cases of `tests/cases/errors`: each is wrong in some way, and what is said of it stays the same, in both languages.

use std::path::Path;

use duixian::base::{Diagnostic, Lang, Sources};
use duixian::data::DataSources;
use duixian::pipeline::Parsed;
use duixian::report::Style;
use duixian::report::diagnostics::{Drawing, render};

use crate::support::Folder;

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

//! The rooms of the house import only from rooms below them: reads `crate::` in the sources.

use std::path::{Path, PathBuf};

/// Bottom to top.
const ROOMS: &[&str] = &[
    "base",
    "quantity",
    "syntax",
    "semantics",
    "plan",
    "data",
    "engine",
    "verdict",
    "report",
    "pipeline",
    "api",
    "cli",
];

/// Source files with their room.
fn sources() -> Vec<(String, PathBuf)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![src.clone()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(&src).unwrap();
                let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
                let room = first.trim_end_matches(".rs").to_owned();
                if !matches!(room.as_str(), "lib" | "main") {
                    files.push((room, path));
                }
            }
        }
    }
    files.sort();
    files
}

/// What a line of code names behind `crate::`; comments name nothing.
fn imports(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or("");
    let end = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'));
    code.split("crate::").skip(1).map(|rest| rest.split(end).next().unwrap_or("").trim_end_matches(':')).collect()
}

fn level(room: &str) -> Option<usize> {
    ROOMS.iter().position(|known| *known == room)
}

#[test]
fn rooms_import_only_from_below() {
    let mut faults = Vec::new();
    for (room, path) in sources() {
        let Some(own) = level(&room) else {
            faults.push(format!("{} is in a room that tests/layers.rs does not know", path.display()));
            continue;
        };
        for (at, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            for import in imports(line) {
                let other = import.split("::").next().unwrap_or("");
                // Macros and items of the crate's root are not rooms.
                if level(other).is_some_and(|other| other > own) {
                    faults.push(format!("{}:{}: {room} imports {other}", path.display(), at + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn reports_evaluate_nothing() {
    let mut faults = Vec::new();
    for (room, path) in sources() {
        if room != "report" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let builds = path.ends_with("report/build.rs") || path.ends_with("report/build/runs.rs");
        for import in text.lines().flat_map(imports) {
            let evaluates = matches!(import.split("::").next(), Some("engine" | "plan"));
            let sees = matches!(import.split("::").next(), Some("verdict" | "semantics" | "data" | "syntax"));
            if evaluates || (sees && !builds) {
                faults.push(format!("{}: {import}", path.display()));
            }
        }
        // The ordering of verdicts is all that a record takes from the judge's room besides types.
        if builds && (text.contains("verdict::judge") || text.contains("judge(")) {
            faults.push(format!("{}: judges", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, path)| !std::fs::read_to_string(path).unwrap().trim_start().starts_with("//!"))
        .map(|(_, path)| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no `//!` at the top of: {}", silent.join(", "));
}

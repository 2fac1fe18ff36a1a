//! The suite `rules/budget` on its samples: `seeds/budget/clean` passes, and of `seeds/budget/faulty` exactly the planted
//! faults are found, each at its cell.
//!
//! `regenerate` writes the samples: `cargo test --test tests budget::regenerate -- --ignored`.

mod faults;
mod grid;
mod model;
mod tables;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use grid::Grid;

fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/budget")
}

/// The data files of a sample.
fn files(sheets: &[Grid]) -> Vec<(&'static str, Vec<u8>)> {
    let codes = |list: &[(&str, &str)]| {
        list.iter().fold("科目编码,科目名称\n".to_owned(), |mut text, (code, name)| {
            writeln!(text, "{code},{name}").unwrap();
            text
        })
    };
    let roster = model::offices().iter().fold("部门编码,部门名称\n".to_owned(), |mut text, office| {
        writeln!(text, "{},{}", office.code, office.name).unwrap();
        text
    });
    vec![
        ("预算.xlsx", grid::workbook(sheets)),
        ("名录.csv", roster.into_bytes()),
        ("功能科目.csv", codes(&model::FUNCTIONS).into_bytes()),
        ("经济科目.csv", codes(&model::ECONOMICS).into_bytes()),
    ]
}

fn samples() -> [(&'static str, Vec<Grid>); 2] {
    [("clean", tables::sheets(&model::offices())), ("faulty", faults::sheets())]
}

#[test]
#[ignore = "writes the samples"]
fn regenerate() {
    for (name, sheets) in samples() {
        let folder = seeds().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (file, bytes) in files(&sheets) {
            std::fs::write(folder.join(file), bytes).unwrap();
        }
    }
}

//! Folders of Parquet files, as data programs write them: files side by side, and folders called `year=2021`, whose name
//! gives the cells of a column.

use std::path::{Path, PathBuf};

use super::Partition;

/// How deep folders are looked through.
const DEEPEST: usize = 16;
/// The name of a folder whose rows have no such cell.
const UNKNOWN: &str = "__HIVE_DEFAULT_PARTITION__";

/// The Parquet files in a folder and in those below it, with what the names of the folders say.
pub fn parts(folder: &Path) -> Vec<(PathBuf, Partition)> {
    let mut found = Vec::new();
    if folder.is_dir() {
        collect(folder, &Vec::new(), DEEPEST, &mut found);
    }
    found
}

fn collect(folder: &Path, above: &Partition, depth: usize, found: &mut Vec<(PathBuf, Partition)>) {
    let mut partition = above.clone();
    partition.extend(folder.file_name().and_then(|name| cell(&name.to_string_lossy())));
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(['.', '_']) {
            continue;
        }
        if path.is_dir() {
            if let Some(depth) = depth.checked_sub(1) {
                collect(&path, &partition, depth, found);
            }
        } else if name.to_ascii_lowercase().ends_with(".parquet") {
            found.push((path, partition.clone()));
        }
    }
}

/// `year=2021` as a column and its cell.
fn cell(name: &str) -> Option<(String, Option<String>)> {
    let (column, text) = name.split_once('=').filter(|(column, _)| !column.is_empty())?;
    Some((decoded(column), (text != UNKNOWN).then(|| decoded(text))))
}

/// Text in which `%e5` stands for a byte.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let digit = |at: usize| more.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (*first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = more.get(2..).unwrap_or(&[]);
            }
            (byte, ..) => {
                bytes.push(byte);
                rest = more;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders_give_cells() {
        assert_eq!(cell("year=2021"), Some(("year".to_owned(), Some("2021".to_owned()))));
        assert_eq!(cell("区域=%E4%B8%9C"), Some(("区域".to_owned(), Some("东".to_owned()))));
        assert_eq!(cell("a=50%"), Some(("a".to_owned(), Some("50%".to_owned()))));
        assert_eq!(cell("a=__HIVE_DEFAULT_PARTITION__"), Some(("a".to_owned(), None)));
        assert_eq!(cell("a"), None);
        assert_eq!(cell("=x"), None);
    }
}

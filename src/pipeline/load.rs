//! A folder in, the files of a suite and of the suites it uses out: their text, their hashes, and what is wrong with them.
//!
//! Knows folders and `引用`; what else stands in a rule file is not its business.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place, Sources, join};
use crate::data::sha256;
use crate::report::record::HashedFile;
use crate::syntax::{self, ast};

/// The file that makes a folder a suite.
pub const SUITE_FILE: &str = "suite.toml";

/// The rule files of a suite.
#[derive(Default)]
pub struct Loaded {
    /// Their text.
    pub sources: Sources,
    /// Their trees, and whether they are the suite's own.
    pub files: Vec<(ast::File, bool)>,
    /// Every file that was read, with its hash.
    pub hashes: Vec<HashedFile>,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    seen: BTreeSet<PathBuf>,
}

impl Loaded {
    /// Reads the rule files of the suite in `dir`, and of the suites it uses.
    pub fn read(dir: &Path) -> Loaded {
        let mut loaded = Loaded::default();
        let count = loaded.folder(dir, dir, "", true);
        if count == 0 {
            let shown = dir.display();
            loaded.diagnostics.push(
                Diagnostic::at(
                    &codes::NO_RULES,
                    Place::file(shown.to_string()),
                    Bi::new(
                        format!("文件夹 `{shown}` 里没有 .rule 文件"),
                        format!("there is no .rule file in folder `{shown}`"),
                    ),
                )
                .help(Bi::new(
                    "请放入规则文件，或用 `duixian init` 新建一个示例套件",
                    "put rule files there, or make an example suite with `duixian init`",
                )),
            );
        }
        loaded
    }

    /// Reads the rule files of one suite, then those of the suites they use; says how many it has itself.
    fn folder(&mut self, root: &Path, dir: &Path, shown: &str, own: bool) -> usize {
        self.seen.insert(dir.canonicalize().unwrap_or_else(|_| dir.to_owned()));
        self.hash(&dir.join(SUITE_FILE), &join(shown, SUITE_FILE));
        let paths = rule_files(dir, &mut self.diagnostics);
        let first = self.files.len();
        for (path, relative) in &paths {
            self.file(root, path, &join(shown, relative), own);
        }
        let uses: Vec<ast::Use> = self
            .files
            .iter()
            .skip(first)
            .flat_map(|(file, _)| &file.decls)
            .filter_map(|decl| match decl {
                ast::Decl::Use(used) => Some(used.clone()),
                _ => None,
            })
            .collect();
        for used in uses {
            self.used(root, dir, shown, &used);
        }
        paths.len()
    }

    fn used(&mut self, root: &Path, dir: &Path, shown: &str, used: &ast::Use) {
        let target = dir.join(&used.path.text);
        let missing = |zh: &str, en: &str| {
            let path = &used.path.text;
            Diagnostic::rule(
                &codes::NO_USED_SUITE,
                used.path.span,
                Bi::new(format!("引用的套件 `{path}` {zh}"), format!("the used suite `{path}` {en}")),
            )
            .help(Bi::new(
                "路径从本套件的文件夹算起，例如 `引用 \"../common\"`",
                "the path is seen from the folder of this suite, as in `use \"../common\"`",
            ))
        };
        let Some(canonical) = target.canonicalize().ok().filter(|target| target.is_dir()) else {
            self.diagnostics.push(missing("不存在", "is not there"));
            return;
        };
        if !self.seen.contains(&canonical) && self.folder(root, &target, &join(shown, &used.path.text), false) == 0 {
            self.diagnostics.push(missing("里没有 .rule 文件", "has no .rule files"));
        }
    }

    fn file(&mut self, root: &Path, path: &Path, shown: &str, own: bool) {
        let place = |row| Place::Data {
            path: root.join(shown).display().to_string(),
            sheet: None,
            row,
            column: None,
            cell: None,
        };
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = Bi::new(format!("打不开 `{shown}`：{error}"), format!("cannot open `{shown}`: {error}"));
                self.diagnostics.push(Diagnostic::at(&codes::NOT_UTF8, place(None), message));
                return;
            }
        };
        self.hashes.push(HashedFile { path: shown.to_owned(), sha256: sha256(&bytes) });
        match String::from_utf8(bytes) {
            Ok(text) => {
                let id = self.sources.add(shown, text.as_str());
                let (tree, diagnostics) = syntax::parse(id, &text);
                self.files.push((tree, own));
                self.diagnostics.extend(diagnostics);
            }
            Err(error) => {
                let before = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
                let line = before.filter(|byte| **byte == b'\n').count() as u64 + 1;
                let message = Bi::new(
                    format!("`{shown}` 第 {line} 行不是 UTF-8 文本"),
                    format!("line {line} of `{shown}` is not UTF-8 text"),
                );
                self.diagnostics.push(Diagnostic::at(&codes::NOT_UTF8, place(Some(line)), message).help(Bi::new(
                    "请在编辑器里另存为 UTF-8 编码（原文件可能是 GBK）",
                    "save the file again as UTF-8 (it may be in GBK)",
                )));
            }
        }
    }

    /// Notes the hash of a file that is not a rule file, if it can be read.
    pub fn hash(&mut self, path: &Path, shown: &str) {
        if let Ok(bytes) = std::fs::read(path) {
            self.hashes.push(HashedFile { path: shown.to_owned(), sha256: sha256(&bytes) });
        }
    }
}

/// That a rule file or a folder cannot be read, so that its rules would be left out in silence.
fn unreadable(shown: &str, why: &str) -> Diagnostic {
    let message = Bi::new(
        format!("`{shown}` 读不了，其中的规则没有读到：{why}"),
        format!("`{shown}` cannot be read, and neither can its rules: {why}"),
    );
    Diagnostic::at(&crate::base::codes::config::UNREADABLE, Place::file(shown), message)
}

/// All `.rule` files of a folder and of the folders below it, by their relative paths, in the order of these. Folders
/// with a `suite.toml` of their own, and hidden ones, are left out.
fn rule_files(dir: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![(dir.to_owned(), String::new())];
    while let Some((folder, shown)) = open.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                diagnostics.push(unreadable(&shown, &error.to_string()));
                continue;
            }
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            let relative = join(&shown, &name);
            if name.starts_with('.') {
                continue;
            }
            // A link to a folder is not followed: it could lead back here.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if !path.join(SUITE_FILE).exists() {
                    open.push((path, relative));
                }
            } else if name.to_lowercase().ends_with(".rule") {
                match path.metadata() {
                    Ok(meta) if meta.is_file() => found.push((path, relative)),
                    Ok(_) => diagnostics.push(unreadable(&relative, "not a file")),
                    Err(error) => diagnostics.push(unreadable(&relative, &error.to_string())),
                }
            }
        }
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

/// One hash for many files: over the lines `path\0sha256\n`, in the order of the paths.
pub fn suite_hash(files: &[HashedFile]) -> String {
    let lines: String = files.iter().map(|file| format!("{}\0{}\n", file.path, file.sha256)).collect();
    sha256(lines.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_everyone_else() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

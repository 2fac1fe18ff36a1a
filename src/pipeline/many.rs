//! Many submissions of one suite: found by paths and patterns, judged by one plan in parallel, gathered in one record.
//!
//! What comes out does not depend on threads: submissions stand by name, and each is judged for itself. None stops the
//! others, whatever is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use super::{Judged, Outside, Planned, Stopped};
use crate::base::codes::suite as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::data::{self, DataSources};
use crate::report::record::{Counts, Record};
use crate::report::runs::{Runs, Submission, letter};
use crate::report::{self, Gathered, verdict_of};
use crate::verdict;

/// A submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The file name of its folder or file.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// The submissions of some paths and patterns, by name.
///
/// # Errors
/// A path leads nowhere, a pattern fits nothing, or two submissions have the same name.
pub fn find_submissions(paths: &[PathBuf], patterns: &[PathBuf]) -> Result<Vec<Submitted>, Box<Stopped>> {
    let mut problems = Vec::new();
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut add = |path: PathBuf, problems: &mut Vec<Diagnostic>| {
        let Some(name) = name_of(&path) else {
            problems.push(absent(&path));
            return;
        };
        if let Some(other) = found.get(&name) {
            problems.push(same_name(&name, other, &path));
        } else {
            found.insert(name, path);
        }
    };
    for path in paths {
        if path.exists() {
            add(path.clone(), &mut problems);
        } else {
            problems.push(absent(path));
        }
    }
    for pattern in patterns {
        let matches = expand(pattern);
        if matches.is_empty() {
            problems.push(no_match(pattern));
        }
        matches.into_iter().for_each(|path| add(path, &mut problems));
    }
    if !problems.is_empty() {
        return Err(Stopped::configuration(problems));
    }
    Ok(found.into_iter().map(|(name, path)| Submitted { name, path }).collect())
}

/// The file name of a path; of `.` and `..`, that of the folder they stand for.
fn name_of(path: &Path) -> Option<String> {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    name(path).or_else(|| name(&path.canonicalize().ok()?))
}

/// The paths that a pattern fits, `*` and `?` in any of its parts; a path that is there as it is written fits itself.
/// Hidden files, and those that lie beside data as a matter of course, are no submissions.
fn expand(pattern: &Path) -> Vec<PathBuf> {
    if pattern.exists() {
        return vec![pattern.to_owned()];
    }
    let mut found = vec![PathBuf::new()];
    for part in pattern.components() {
        let text = part.as_os_str().to_string_lossy();
        if !matches!(part, Component::Normal(_)) || !text.contains(['*', '?']) {
            found.iter_mut().for_each(|path| path.push(part));
            continue;
        }
        let below = |folder: PathBuf| {
            let place = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
            let entries = std::fs::read_dir(place).into_iter().flatten().filter_map(Result::ok);
            let names = entries.map(|entry| entry.file_name()).filter(|name| {
                let name = name.to_string_lossy();
                (!name.starts_with('.') || text.starts_with('.')) && data::fits(&text, &name)
            });
            names.map(|name| folder.join(name)).collect::<Vec<PathBuf>>()
        };
        found = found.into_iter().flat_map(below).collect();
    }
    found.retain(|path| {
        let name = name_of(path).unwrap_or_default();
        path.is_dir() || (path.exists() && !data::lies_beside_data(&name))
    });
    found.sort();
    found
}

fn absent(path: &Path) -> Diagnostic {
    let shown = path.display();
    let message = Bi::new(format!("没有 `{shown}` 这个文件或文件夹"), format!("there is no file or folder `{shown}`"));
    Diagnostic::at(&codes::NO_SUCH_DATA, Place::Nowhere, message).help(Bi::new(
        "--submission 后面写一份报送的文件夹或文件",
        "--submission takes the folder or the file of one submission",
    ))
}

fn no_match(pattern: &Path) -> Diagnostic {
    let shown = pattern.display();
    let message = Bi::new(format!("`{shown}` 没有匹配到任何报送"), format!("`{shown}` fits no submission"));
    Diagnostic::at(&codes::NO_SUBMISSION, Place::Nowhere, message).help(Bi::new(
        "写成 '文件夹/*'：其中每个文件夹或文件是一份报送",
        "write it like 'FOLDER/*': each folder or file in it is a submission",
    ))
}

fn same_name(name: &str, one: &Path, other: &Path) -> Diagnostic {
    let (one, other) = (one.display(), other.display());
    let message = Bi::new(
        format!("两份报送同名 `{name}`：`{one}` 和 `{other}`"),
        format!("two submissions are called `{name}`: `{one}` and `{other}`"),
    );
    Diagnostic::at(&codes::SAME_SUBMISSION, Place::Nowhere, message).help(Bi::new(
        "报送以文件夹或文件的名字区分：请改名，或者只给一次",
        "submissions are told apart by the name of their folder or file: rename one, or give it once",
    ))
}

/// How many submissions are judged.
pub struct Many<'m> {
    /// Threads that judge.
    pub threads: usize,
    /// How many findings of a submission the record holds at most.
    pub max_findings: usize,
    /// Set from outside to break off: submissions that are being judged are finished, no other is begun.
    pub stop: &'m AtomicBool,
    /// Takes the single record of each submission, in any order.
    pub keep: Option<Keep<'m>>,
}

/// Takes the single record of a submission.
pub type Keep<'m> = &'m (dyn Fn(&Submitted, &Record) + Sync);

/// Told after each submission: how many are judged.
pub type Progress<'m> = &'m mut dyn FnMut(usize);

impl Planned<'_> {
    /// Judges submissions by this plan and the same standards and waivers. One that cannot be read, or on which the program
    /// fails, is told in the record and stops no other.
    pub fn judge_many(
        &self,
        submissions: &[Submitted],
        outside: &Arc<Outside>,
        many: &Many<'_>,
        progress: Progress<'_>,
    ) -> Runs {
        self.judge_but(&[], submissions, outside, many, progress)
    }

    /// The same, but for submissions of some names, which are not judged.
    pub(super) fn judge_but(
        &self,
        names: &[String],
        submissions: &[Submitted],
        outside: &Arc<Outside>,
        many: &Many<'_>,
        progress: Progress<'_>,
    ) -> Runs {
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let next = AtomicUsize::new(0);
        let mut judged: Vec<Option<Gathered>> = submissions.iter().map(|_| None).collect();
        std::thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            for _ in 0..many.threads.clamp(1, submissions.len().max(1)) {
                let (sender, next, names) = (sender.clone(), &next, &names);
                scope.spawn(move || {
                    while !many.stop.load(Ordering::Relaxed) {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(submitted) = submissions.get(at) else { break };
                        if names.contains(submitted.name.as_str()) {
                            continue;
                        }
                        let gathered = catch_unwind(AssertUnwindSafe(|| self.judge_one(submitted, outside, many)))
                            .unwrap_or_else(|_| self.failed(submitted));
                        if sender.send((at, gathered)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            for (done, (at, gathered)) in (1..).zip(receiver) {
                if let Some(place) = judged.get_mut(at) {
                    *place = Some(gathered);
                }
                progress(done);
            }
        });
        let left = submissions.iter().zip(&judged).filter(|(_, judged)| judged.is_none());
        let not_judged = left.map(|(submitted, _)| submitted.name.clone()).collect();
        report::build_runs(report::Many {
            basis: self.basis(outside),
            rules: self.prepared.ids(),
            max_findings: many.max_findings,
            remarks: &outside.diagnostics,
            gathered: judged.into_iter().flatten().collect(),
            not_judged,
        })
    }

    fn judge_one(&self, submitted: &Submitted, outside: &Arc<Outside>, many: &Many<'_>) -> Gathered {
        let sources = DataSources { folders: vec![submitted.path.clone()], named: Vec::new() };
        let data = self.checked.submitted(&sources, outside);
        let measured = self.measure(data);
        let judged = match many.keep {
            Some(keep) => {
                let mut judged = measured.judge();
                keep(submitted, &judged.record());
                verdict::keep_worst(&mut judged.judgement, &self.checked.suite, many.max_findings);
                judged
            }
            None => {
                let limit = Some(many.max_findings);
                measured.judge_with(&verdict::Options { in_all: limit, steps: false, ..self.options.clone() })
            }
        };
        self.gathered(submitted, &judged)
    }

    fn gathered(&self, submitted: &Submitted, judged: &Judged<'_>) -> Gathered {
        let own = judged.diagnostics().get(judged.data.outside.diagnostics.len()..).unwrap_or_default();
        let submission = &judged.data.submission;
        let silent = submission.inputs.is_empty() && submission.unreadable.is_empty();
        let shown = shown(&submitted.path);
        let empty;
        let remarks = if silent {
            empty = [own, &[nothing(&submitted.name, &shown)]].concat();
            &empty
        } else {
            own
        };
        report::submission(&judged.run(), &submitted.name, &shown, remarks)
    }

    /// A submission on which the program failed: every rule is in error.
    fn failed(&self, submitted: &Submitted) -> Gathered {
        let rules = self.prepared.ids().len();
        let path = shown(&submitted.path);
        let error = letter(verdict_of(verdict::Verdict::Error), false);
        let fault = report::remark(&fault(&submitted.name, &path));
        let submission = Submission {
            name: submitted.name.clone(),
            path,
            inputs: Vec::new(),
            notice: None,
            remarks: vec![fault],
            unreadable: Vec::new(),
            verdicts: std::iter::repeat_n(error, rules).collect(),
            cases: Counts::default(),
            findings: Vec::new(),
        };
        Gathered { submission, cases: vec![Counts::default(); rules], idle_waivers: Vec::new() }
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// That a submission holds nothing that any dataset could be read from.
fn nothing(name: &str, path: &str) -> Diagnostic {
    let message = Bi::new(
        format!("报送 `{name}` 里没有可以读的数据文件"),
        format!("the submission `{name}` holds no file that data could be read from"),
    );
    let help = Bi::new(
        "没有数据不会判为合格；文件名应当是数据集的名字，或者在 suite.toml 的绑定里用 `file` 写明",
        "nothing never passes; files are called like datasets, or as a binding in suite.toml says with `file`",
    );
    Diagnostic::at(&codes::EMPTY_SUBMISSION, Place::file(path), message).help(help)
}

/// That the program failed.
fn fault(name: &str, path: &str) -> Diagnostic {
    let message = Bi::new(
        format!("评判报送 `{name}` 时程序出错，全部规则记为出错"),
        format!("the program failed on the submission `{name}`; all of its rules are in error"),
    );
    let help = Bi::new(
        "这是程序的缺陷，请连同这份报送一起报告",
        "this is a fault of the program: please report it with the submission",
    );
    Diagnostic::at(&codes::SUBMISSION_FAULT, Place::file(path), message).help(help)
}

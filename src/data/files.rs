//! Which file serves which datasets: by the command line, by bindings, by names of files and sheets.
//!
//! Folders and names in, files with their datasets out, and a remark for every file that serves none. Reads bytes, but
//! nothing of what they say except the names of a workbook's sheets.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::config::{Binding, SuiteConfig};
use super::formats;
use super::notes::Notes;
use super::parquet::{ParquetFile, Partition, holds_parquet, partitions};
use super::pattern::glob;
use super::raw::{RawSheet, trimmed};
use super::source::{self, Source};
use super::submission::DataSources;
use super::toml_file::{Keys, TomlFile};
use crate::base::codes::{config as config_codes, data as codes};
use crate::base::{Bi, Diagnostic, Place, TooLarge, nearest, room_for};
use crate::semantics::hir::{DatasetId, INDICATOR_TABLE, Suite};

/// Names that the indicator table goes by, beside its declared one.
const INDICATOR_NAMES: [&str; 4] = ["指标", "指标表", "indicators", "figures"];

/// So many bytes of text are read piece by piece.
const LONG: u64 = 1 << 20;

/// A file.
pub struct File {
    /// Its path as the user gave it, with `/`.
    pub shown: String,
    /// Its name without folders.
    pub name: String,
    /// Its bytes.
    pub contents: Contents,
    /// The sheets, if it is a workbook, or why it cannot be read.
    pub workbook: Option<Result<Vec<RawSheet<'static>>, Box<Diagnostic>>>,
}

/// What a file holds.
pub enum Contents {
    /// Its bytes; of long text that can be read in pieces, where they are.
    Bytes(Source),
    /// Parquet, which is not held whole.
    Parquet(ParquetFile),
    /// It cannot be opened.
    Unreadable(Box<Diagnostic>),
}

/// A file and the datasets it serves.
pub struct Assigned {
    /// The file.
    pub file: File,
    /// In order of declaration.
    pub datasets: Vec<DatasetId>,
}

/// Is a text the name of a dataset?
pub fn is_dataset_name(dataset: DatasetId, name: &str, text: &str) -> bool {
    let text = trimmed(text);
    text == name || (dataset == INDICATOR_TABLE && INDICATOR_NAMES.iter().any(|known| known.eq_ignore_ascii_case(text)))
}

/// The dataset of a name.
pub fn dataset(suite: &Suite, name: &str) -> Option<DatasetId> {
    let all = || suite.datasets.iter().enumerate();
    let declared = all().find(|(_, dataset)| dataset.name == trimmed(name));
    declared
        .or_else(|| all().find(|(at, dataset)| is_dataset_name(DatasetId(*at), &dataset.name, name)))
        .map(|(at, _)| DatasetId(at))
}

/// Names of datasets, for hints.
pub fn dataset_names(suite: &Suite) -> Vec<&str> {
    let declared = suite.datasets.iter().map(|dataset| dataset.name.as_str());
    declared.chain(INDICATOR_NAMES.into_iter().filter(|name| suite.datasets.iter().all(|d| d.name != *name))).collect()
}

/// The binding for a file of a dataset: one whose pattern fits the file's name, else one without a pattern.
pub fn binding<'c>(suite: &Suite, config: &'c SuiteConfig, wanted: DatasetId, file: &str) -> Option<&'c Binding> {
    let mut own = config.bindings.iter().filter(|binding| dataset(suite, &binding.dataset) == Some(wanted));
    let fits = |binding: &&Binding| binding.file.as_ref().is_some_and(|pattern| glob(pattern, file));
    own.clone().find(fits).or_else(|| own.clone().find(|binding| binding.file.is_none())).or_else(|| {
        let only = own.next();
        if own.next().is_none() { only } else { None }
    })
}

/// Finds all files and their datasets; also reads what `submission.toml` says of the data.
pub fn assign(suite: &Suite, config: &SuiteConfig, sources: &DataSources, notes: &mut Notes) -> (Vec<Assigned>, About) {
    let mut assigned = Vec::new();
    let mut about = About::default();
    let mut stdin_used = false;
    for folder in &sources.folders {
        if folder.is_file() {
            folder_file(suite, config, (folder, true), &mut assigned, &mut about, notes);
            continue;
        }
        for path in listing(folder, notes) {
            folder_file(suite, config, (&path, false), &mut assigned, &mut about, notes);
        }
    }
    for (name, path) in &sources.named {
        let Some(wanted) = dataset(suite, name) else {
            notes.push(unknown_dataset(suite, name));
            continue;
        };
        if path.as_os_str() == "-" {
            if stdin_used {
                let message = Bi::new("标准输入 `-` 只能用一次", "standard input `-` can be used only once");
                let help = Bi::new("把其中一个数据集存成文件再给", "save one of the datasets as a file");
                notes.push(Diagnostic::at(&config_codes::NO_SUCH_PATH, Place::Nowhere, message).help(help));
                continue;
            }
            stdin_used = true;
            assigned.push(Assigned { file: standard_input(), datasets: vec![wanted] });
        } else if path.is_dir() {
            for path in listing(path, notes) {
                let name = file_name(&path);
                if name.eq_ignore_ascii_case("submission.toml") {
                    about.read(&path, notes);
                } else if is_ignored(&name) {
                    continue;
                } else if !path.is_dir() && formats::is_data(&name) {
                    assigned.push(Assigned { file: open(&path), datasets: vec![wanted] });
                } else {
                    let parts = partitions::parts(&path);
                    if parts.is_empty() {
                        notes.push(stray(&path));
                    }
                    let file = |(path, partition): (PathBuf, _)| open_part(&path, partition);
                    assigned
                        .extend(parts.into_iter().map(|part| Assigned { file: file(part), datasets: vec![wanted] }));
                }
            }
        } else if path.exists() {
            assigned.push(Assigned { file: open(path), datasets: vec![wanted] });
        } else {
            let file = File {
                shown: super::shown(path),
                name: file_name(path),
                contents: Contents::Unreadable(Box::new(no_such_path(path))),
                workbook: None,
            };
            assigned.push(Assigned { file, datasets: vec![wanted] });
        }
    }
    (assigned, about)
}

/// The entries of a folder, by name.
fn listing(folder: &Path, notes: &mut Notes) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(_) if !folder.exists() => {
            notes.push(no_such_path(folder));
            return Vec::new();
        }
        Err(error) => {
            notes.push(unreadable(&super::shown(folder), &error));
            return Vec::new();
        }
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn folder_file(
    suite: &Suite,
    config: &SuiteConfig,
    (path, alone): (&Path, bool),
    assigned: &mut Vec<Assigned>,
    about: &mut About,
    notes: &mut Notes,
) {
    let name = file_name(path);
    if is_ignored(&name) || is_of_suite(config, path) {
        return;
    }
    if path.is_dir() {
        let parts = partitions::parts(path);
        let datasets = called(suite, config, &name);
        if parts.is_empty() || datasets.is_empty() {
            serves_none(config, path, notes);
            return;
        }
        for (path, partition) in parts {
            let file = File { name: name.clone(), ..open_part(&path, partition) };
            assigned.push(Assigned { file, datasets: datasets.clone() });
        }
        return;
    }
    if name.eq_ignore_ascii_case("submission.toml") {
        about.read(path, notes);
        return;
    }
    if !formats::is_data(&name) {
        serves_none(config, path, notes);
        return;
    }
    let mut datasets = called(suite, config, &name);
    let all = || suite.datasets.iter().enumerate().map(|(at, dataset)| (DatasetId(at), dataset));
    let file = open(path);
    match &file.workbook {
        Some(Ok(sheets)) => {
            for (id, dataset) in all() {
                let is_sheet = |name: &String| is_dataset_name(id, &dataset.name, name);
                if !datasets.contains(&id) && sheets.iter().filter_map(|sheet| sheet.name.as_ref()).any(is_sheet) {
                    datasets.push(id);
                }
            }
        }
        Some(Err(why)) if datasets.is_empty() => {
            notes.push((**why).clone());
            return;
        }
        Some(Err(_)) | None => {}
    }
    if datasets.is_empty() && alone {
        datasets.extend(only_dataset(suite));
    }
    datasets.sort();
    if datasets.is_empty() {
        serves_none(config, path, notes);
    } else {
        assigned.push(Assigned { file, datasets });
    }
}

/// The datasets that a file or folder of a name is of: by the patterns of bindings, else by what it is called.
fn called(suite: &Suite, config: &SuiteConfig, name: &str) -> Vec<DatasetId> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let all = || suite.datasets.iter().enumerate().map(|(at, dataset)| (DatasetId(at), dataset));
    let bound = |id: DatasetId| {
        let mut own = config.bindings.iter().filter(|binding| dataset(suite, &binding.dataset) == Some(id));
        own.any(|binding| binding.file.as_ref().is_some_and(|pattern| glob(pattern, name)))
    };
    let datasets: Vec<DatasetId> = all().filter(|(id, _)| bound(*id)).map(|(id, _)| id).collect();
    if !datasets.is_empty() {
        return datasets;
    }
    all().filter(|(id, dataset)| is_dataset_name(*id, &dataset.name, stem)).map(|(id, _)| id).collect()
}

/// The dataset that a file can only be of, since the suite has no other.
fn only_dataset(suite: &Suite) -> Option<DatasetId> {
    let plain = suite.indicators.iter().any(|indicator| indicator.body.is_none());
    let ids = (0..suite.datasets.len()).map(DatasetId);
    let mut asked = ids.filter(|id| plain || *id != INDICATOR_TABLE);
    asked.next().filter(|_| asked.next().is_none())
}

/// What `submission.toml` says of the data.
#[derive(Default)]
pub struct About {
    /// To be said in every report.
    pub notice: Option<Bi>,
}

impl About {
    fn read(&mut self, path: &Path, notes: &mut Notes) {
        let file = match TomlFile::read(path, &super::shown(path)) {
            Ok(file) => file,
            Err(fault) => return notes.push(*fault),
        };
        let table = match file.parse() {
            Ok(table) => table,
            Err(faults) => return notes.extend(faults),
        };
        let mut faults = Vec::new();
        let keys = Keys::new(&file, &table, 0..0, &["notice"], &mut faults);
        let notice = keys.table("notice", &mut faults).and_then(|(table, span)| {
            let keys = Keys::new(&file, table, span, &["zh", "en"], &mut faults);
            let (zh, en) = (keys.required("zh", &mut faults), keys.required("en", &mut faults));
            Some(Bi::new(zh?, en?))
        });
        self.notice = notice.or(self.notice.take());
        notes.extend(faults);
    }
}

/// Files that lie beside data as a matter of course.
pub fn is_ignored(name: &str) -> bool {
    let upper = name.to_uppercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || upper.starts_with("README")
        || upper.starts_with("NOTICE")
        || matches!(name, "standards.toml" | "标准.toml")
        || matches!(upper.as_str(), "THUMBS.DB" | "DESKTOP.INI")
        || matches!(name, "_SUCCESS" | "_metadata" | "_common_metadata")
}

/// Rule files, and files that `suite.toml` names: data may lie in the suite's own folder.
fn is_of_suite(config: &SuiteConfig, path: &Path) -> bool {
    let own = config.register.iter().chain(&config.standards).chain(&config.waivers);
    let same =
        |own: &Path| own == path || own.canonicalize().is_ok_and(|own| path.canonicalize().is_ok_and(|it| it == own));
    path.extension().is_some_and(|ending| ending == "rule")
        || same(&config.dir.join("suite.toml"))
        || own.map(|name| config.dir.join(name)).any(|own| same(&own))
}

/// Says that a file or folder serves no dataset, unless the suite says that it is not meant to.
fn serves_none(config: &SuiteConfig, path: &Path, notes: &mut Notes) {
    let name = file_name(path);
    if !config.ignore.iter().any(|pattern| glob(pattern, &name)) {
        notes.push(stray(path));
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn open(path: &Path) -> File {
    open_part(path, Vec::new())
}

/// A file of which the folders it lies in say something.
fn open_part(path: &Path, partition: Partition) -> File {
    let source = || Source::File(path.to_owned());
    let contents = match start(path) {
        Ok(start) if holds_parquet(&start) => Some(Contents::Parquet(ParquetFile { source: source(), partition })),
        Ok(start) if !formats::holds_workbook(&start) && is_long_text(path) => Some(Contents::Bytes(source())),
        Ok(_) | Err(_) => None,
    };
    if let Some(contents) = contents {
        return File { shown: super::shown(path), name: file_name(path), contents, workbook: None };
    }
    file(super::shown(path), file_name(path), source::read(path), path)
}

/// The first bytes of a file.
fn start(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(4);
    std::fs::File::open(path)?.take(4).read_to_end(&mut start)?;
    Ok(start)
}

/// Is it text that is not held whole, but read where it lies?
fn is_long_text(path: &Path) -> bool {
    let is_long = |data: std::fs::Metadata| data.is_file() && data.len() >= LONG;
    formats::text(&super::shown(path)).is_some() && path.metadata().is_ok_and(is_long)
}

fn standard_input() -> File {
    file("-".to_owned(), "-".to_owned(), all_of(std::io::stdin().lock()), Path::new("-"))
}

/// All that comes, as long as there is room for it.
fn all_of(mut input: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        // The bytes before may be moved to where there is room for all.
        room_for((bytes.len() as u64).max(LONG))?;
        if (input.by_ref().take(LONG).read_to_end(&mut bytes)? as u64) < LONG {
            return Ok(bytes);
        }
    }
}

fn file(shown: String, name: String, read: std::io::Result<Vec<u8>>, path: &Path) -> File {
    match read {
        Ok(bytes) if holds_parquet(&bytes) => {
            File { shown, name, contents: Contents::Parquet(ParquetFile::in_memory(bytes)), workbook: None }
        }
        Ok(bytes) => {
            let workbook = formats::holds_workbook(&bytes).then(|| formats::read_workbook(&bytes, &shown));
            File { shown, name, contents: Contents::Bytes(Source::Memory(bytes.into())), workbook }
        }
        Err(error) => {
            let why = Box::new(unreadable(&super::shown(path), &error));
            File { shown, name, contents: Contents::Unreadable(why), workbook: None }
        }
    }
}

pub fn unreadable(path: &str, error: &std::io::Error) -> Diagnostic {
    if let Some(why) = error.get_ref().and_then(|why| why.downcast_ref::<TooLarge>()) {
        return why.diagnostic(Place::file(path));
    }
    let why = super::refusal(error);
    let name = super::name_of(path);
    let message = Bi::new(format!("打不开 `{name}`：{}", why.zh), format!("cannot open `{name}`: {}", why.en));
    let help = Bi::new("请检查文件是否存在、有没有读取权限", "check that it exists and that you may read it");
    Diagnostic::at(&codes::UNREADABLE, Place::file(path), message).help(help)
}

fn no_such_path(path: &Path) -> Diagnostic {
    let path = super::shown(path);
    let message = Bi::new(format!("没有 `{path}` 这个文件或文件夹"), format!("there is no file or folder `{path}`"));
    let help = Bi::new(
        "请检查路径；相对路径从当前文件夹算起",
        "check the path; a relative one starts from the current folder",
    );
    Diagnostic::at(&config_codes::NO_SUCH_PATH, Place::file(path), message).help(help)
}

fn stray(path: &Path) -> Diagnostic {
    let path = super::shown(path);
    let name = super::name_of(&path);
    let message = Bi::new(
        format!("`{name}` 不属于任何数据集，没有读"),
        format!("`{name}` belongs to no dataset and was not read"),
    );
    let help = Bi::new(
        "把文件名改成数据集的名字，或在绑定里用 `file` 写明，或用 `--data 数据集=文件` 指定；子文件夹要单独用 `--data` 指定",
        "call it like its dataset, name it in a binding with `file`, or give it as `--data DATASET=FILE`; name a sub-folder with a `--data` of its own",
    );
    Diagnostic::at(&codes::STRAY, Place::file(path), message).help(help)
}

/// What is wrong with the names of datasets that files are given for.
pub fn unknown_names(suite: &Suite, sources: &DataSources) -> Vec<Diagnostic> {
    let unknown = sources.named.iter().filter(|(name, _)| dataset(suite, name).is_none());
    unknown.map(|(name, _)| unknown_dataset(suite, name)).collect()
}

fn unknown_dataset(suite: &Suite, name: &str) -> Diagnostic {
    let names = dataset_names(suite);
    let message = Bi::new(format!("没有名为 `{name}` 的数据集"), format!("there is no dataset `{name}`"));
    let help = match nearest(name, names.iter().copied()) {
        Some(near) => Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => {
            Bi::new(format!("可以写：`{}`", names.join("`、`")), format!("the datasets are `{}`", names.join("`, `")))
        }
    };
    Diagnostic::at(&config_codes::UNKNOWN_DATASET, Place::Nowhere, message).help(help)
}

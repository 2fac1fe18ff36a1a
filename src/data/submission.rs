//! A submission: files in, all tables of the suite out.
//!
//! Says which file serves which dataset ([`super::files`]), reads each, and puts the rows together. Knows no formats.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, Scope, ScopedJoinHandle};

use super::config::{Binding, SheetNames, SuiteConfig};
use super::files::{self, Assigned, Contents};
use super::formats;
use super::keys;
use super::layout::{self, Section, Wanted};
use super::lists;
use super::notes::Notes;
use super::original::Original;
use super::parquet::ParquetFile;
use super::pattern::glob;
use super::pieces::PIECE;
use super::raw::{RawSheet, ReadOptions, trimmed};
use super::rows::{self, Builder, Provenance};
use super::source::Source;
use super::table::{Cell, Input, Submission};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place, room_for};
use crate::semantics::hir::{DatasetId, INDICATOR_TABLE, Suite};

/// What the user submits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataSources {
    /// Folders whose files are assigned to datasets by their names, and single files, which may also be of the only dataset
    /// that the suite has.
    pub folders: Vec<PathBuf>,
    /// A dataset's name, and its file or folder; `-` is standard input.
    pub named: Vec<(String, PathBuf)>,
}

/// Reads everything that is submitted. Reading goes on after an error; datasets that a file could not be read for are
/// listed in [`Submission::unreadable`].
pub fn read_submission(suite: &Suite, config: &SuiteConfig, sources: &DataSources) -> (Submission, Vec<Diagnostic>) {
    let mut notes = Notes::default();
    let region = config.region.clone().unwrap_or_default();
    let (assigned, about) = files::assign(suite, config, sources, &mut notes);
    let mut builders: Vec<Option<Builder<'_>>> = suite.datasets.iter().map(|_| None).collect();
    let mut submission = Submission { region: region.clone(), notice: about.notice, ..Submission::default() };
    for Assigned { file, datasets } in assigned {
        let mut held = match file.contents {
            Contents::Bytes(source) => Held::Bytes(source),
            Contents::Parquet(file) => Held::Parquet(file),
            Contents::Unreadable(why) => {
                submission.unreadable.extend(datasets);
                notes.push(*why);
                continue;
            }
        };
        let workbook = file.workbook.map(|sheets| sheets.map(Arc::<[RawSheet<'static>]>::from));
        thread::scope(|scope| {
            let (mut hash, mut told) = (Hash::of(&held, scope), false);
            for dataset in datasets {
                let Some(place) = builders.get_mut(dataset.0) else { continue };
                if place.is_none() {
                    *place = Builder::new(suite, dataset, &region);
                }
                let Some(builder) = place else { continue };
                let binding = files::binding(suite, config, dataset, &file.name);
                let wanted = Wanted { suite, dataset, binding };
                let from = Provenance { input: submission.inputs.len(), path: &file.shown, binding };
                let name = suite.datasets.get(dataset.0).map(|dataset| dataset.name.clone()).unwrap_or_default();
                let others = submission.inputs.iter().zip(&submission.originals);
                let mut others = others.filter(|(input, _)| input.dataset == name).peekable();
                if others.peek().is_some()
                    && let Ok(sha256) = hash.get(&held)
                    && let Some((twin, _)) =
                        others.find(|(input, original)| input.sha256 == *sha256 && held.is_same_part(original))
                {
                    notes.push(same_file(&file.shown, &twin.path));
                    submission.unreadable.push(dataset);
                    continue;
                }
                let sheets = workbook.as_ref().map(|sheets| sheets.as_deref().map_err(|why| vec![(**why).clone()]));
                let rows = match held.read(sheets, wanted, from, builder, &mut notes) {
                    Ok((rows, sha256)) => {
                        hash.settle(sha256);
                        rows
                    }
                    Err(faults) => {
                        notes.extend(faults);
                        submission.unreadable.push(dataset);
                        0
                    }
                };
                let sha256 = match hash.get(&held) {
                    Ok(sha256) => sha256.clone(),
                    Err(error) => {
                        if !std::mem::replace(&mut told, true) {
                            notes.push(files::unreadable(&file.shown, error));
                        }
                        // Rows of a file that is not among the inputs have no place.
                        *place = None;
                        submission.unreadable.push(dataset);
                        continue;
                    }
                };
                submission.originals.push(match (&workbook, &held) {
                    (Some(Ok(sheets)), _) => Original::Sheets(Arc::clone(sheets)),
                    (Some(Err(_)), _) => Original::Sheets(Arc::default()),
                    (None, Held::Bytes(source)) => Original::Text(source.clone(), options(binding)),
                    (None, Held::Parquet(file)) => Original::Parquet(file.clone()),
                });
                submission.inputs.push(Input { dataset: name, path: file.shown.clone(), sha256, rows });
            }
        });
    }
    submission.unreadable.sort();
    submission.unreadable.dedup();
    for (at, builder) in builders.into_iter().enumerate() {
        let table = builder.map(|builder| {
            let mut table = builder.table;
            if DatasetId(at) == INDICATOR_TABLE {
                keys::settle_figures(suite, &mut table, &submission.inputs, &mut notes);
            } else if let Some(dataset) = suite.datasets.get(at) {
                keys::check(dataset, suite, &mut table, &submission.inputs, &mut notes);
            }
            table.pack();
            table
        });
        // Part of a dataset is not the dataset: what rests on it is missing until the other part can be read.
        submission.tables.push(table.filter(|_| !submission.unreadable.contains(&DatasetId(at))));
    }
    lists::check(suite, &submission, &mut notes);
    (submission, notes.finish())
}

/// What a file holds while it is read.
enum Held {
    Bytes(Source),
    Parquet(ParquetFile),
}

/// Files of fewer bytes are not worth a thread that hashes them.
const FEW_BYTES: u64 = 1 << 20;

/// The SHA-256 of a file; of a large one, it is computed while the file is being read, unless it has to be told from other files
/// first. Text that is read piece by piece is hashed with that.
struct Hash<'scope> {
    running: Option<ScopedJoinHandle<'scope, io::Result<String>>>,
    known: Option<io::Result<String>>,
}

impl<'scope> Hash<'scope> {
    fn of<'env>(held: &Held, scope: &'scope Scope<'scope, 'env>) -> Self {
        let source = held.source().clone();
        let running = match held {
            Held::Bytes(Source::File(_)) => None,
            _ if source.size().is_some_and(|size| size < FEW_BYTES) => None,
            _ => Some(scope.spawn(move || source.sha256())),
        };
        Hash { running, known: None }
    }

    /// Waits for it, if need be.
    fn get(&mut self, held: &Held) -> &io::Result<String> {
        let Hash { running, known } = self;
        known.get_or_insert_with(|| match running.take() {
            Some(running) => running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            None => held.source().sha256(),
        })
    }

    /// It is that of just the bytes that were read.
    fn settle(&mut self, sha256: Option<String>) {
        self.known = sha256.map(Ok).or(self.known.take());
    }
}

impl Held {
    fn source(&self) -> &Source {
        match self {
            Held::Bytes(source) => source,
            Held::Parquet(file) => &file.source,
        }
    }

    /// Files of different partitions may hold the same bytes, and yet other rows.
    fn is_same_part(&self, other: &Original) -> bool {
        match (self, other) {
            (Held::Parquet(file), Original::Parquet(other)) => file.partition == other.partition,
            _ => true,
        }
    }

    /// Reads it for one dataset, and says how many rows it gave, and the hash of what was read if that is settled by reading.
    fn read(
        &mut self,
        workbook: Option<Result<&[RawSheet<'static>], Vec<Diagnostic>>>,
        wanted: Wanted<'_>,
        from: Provenance<'_>,
        builder: &mut Builder<'_>,
        notes: &mut Notes,
    ) -> Result<(u64, Option<String>), Vec<Diagnostic>> {
        match self {
            Held::Bytes(source) => read(source, workbook, PIECE, (wanted, from), builder, notes),
            Held::Parquet(file) => file.read(wanted, from, builder, notes).map(|rows| (rows, None)),
        }
    }
}

/// That a file was submitted twice, so that every figure in it would count twice.
fn same_file(path: &str, twin: &str) -> Diagnostic {
    let message = Bi::new(
        format!("`{path}` 与 `{twin}` 内容完全相同，是同一份文件报了两次"),
        format!("`{path}` is the same, byte for byte, as `{twin}`: one file was submitted twice"),
    );
    let help = Bi::new("请只提交一份", "submit it once");
    Diagnostic::at(&codes::SAME_FILE, Place::file(path), message).help(help)
}

/// What a binding says about a file's outward form.
fn options(binding: Option<&Binding>) -> ReadOptions {
    binding.map_or_else(ReadOptions::default, |binding| ReadOptions {
        encoding: binding.encoding.clone(),
        delimiter: binding.delimiter,
        only: None,
    })
}

/// Reads one file for one dataset, and says how many rows it gave; of one that was on disk, also the hash of what was read.
/// `piece`: about how many bytes of text are read at once.
pub(super) fn read(
    source: &mut Source,
    workbook: Option<Result<&[RawSheet<'static>], Vec<Diagnostic>>>,
    piece: usize,
    (wanted, from): (Wanted<'_>, Provenance<'_>),
    builder: &mut Builder<'_>,
    notes: &mut Notes,
) -> Result<(u64, Option<String>), Vec<Diagnostic>> {
    let options = options(from.binding);
    let (bytes, read);
    let mut sha256 = None;
    let sheets = match workbook {
        Some(sheets) => sheets?,
        None => {
            let unreadable = |error: io::Error| vec![files::unreadable(from.path, &error)];
            let was_on_disk = matches!(source, Source::File(_));
            if let Some(text) = formats::text(from.path) {
                let how = (&options, wanted, from);
                if let Some(added) = text.add(source, piece, how, builder, notes).map_err(unreadable)? {
                    return Ok((added.rows, added.sha256));
                }
            }
            bytes = source.bytes().map_err(unreadable)?;
            sha256 = was_on_disk.then(|| super::sha256(&bytes));
            read = formats::read(&bytes, from.path, &options).map_err(|fault| vec![*fault])?;
            &read
        }
    };
    let chosen = choose(sheets, wanted, from)?;
    if chosen.is_empty() {
        let name = wanted.declaration().map_or("", |dataset| dataset.name.as_str());
        notes.push(rows::empty(Place::file(from.path), name));
    }
    let mut rows = 0;
    for (sheet, sections, remarks) in chosen {
        let cells = sheet.cell_count() as u64 * size_of::<Cell>() as u64;
        room_for(cells).map_err(|why| vec![why.diagnostic(Place::file(from.path))])?;
        notes.extend(remarks);
        rows += builder.add(sheet, &sections, from, notes);
    }
    Ok((rows, sha256))
}

/// A sheet, its tables, and remarks on them.
pub(super) type Chosen<'r, 'd> = (&'r RawSheet<'d>, Vec<Section>, Vec<Diagnostic>);

/// The sheets that hold the dataset: all whose names hold its members, if the binding says so; else one. None: there is
/// nothing in any of them.
pub(super) fn choose<'r, 'd>(
    sheets: &'r [RawSheet<'d>],
    wanted: Wanted<'_>,
    from: Provenance<'_>,
) -> Result<Vec<Chosen<'r, 'd>>, Vec<Diagnostic>> {
    let Some(pattern) = from.binding.and_then(|binding| binding.sheet_members()) else {
        return choose_one(sheets, wanted, from).map(|chosen| chosen.into_iter().collect());
    };
    let fits = |sheet: &&RawSheet<'_>| sheet.name.as_ref().is_some_and(|name| pattern.capture(trimmed(name)).is_some());
    let fitting: Vec<&RawSheet<'_>> = sheets.iter().filter(fits).collect();
    if fitting.is_empty() {
        return Err(vec![no_sheet(sheets, &pattern.text, from)]);
    }
    let mut faults = Vec::new();
    let mut chosen = Vec::new();
    for sheet in fitting {
        match found_in(sheet, wanted, from) {
            Ok(found) => chosen.extend(found),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(chosen) } else { Err(faults) }
}

/// The tables of a sheet; `None`: there is nothing in it.
fn found_in<'r, 'd>(
    sheet: &'r RawSheet<'d>,
    wanted: Wanted<'_>,
    from: Provenance<'_>,
) -> Result<Option<Chosen<'r, 'd>>, Vec<Diagnostic>> {
    if (0..sheet.len()).all(|row| sheet.row(row).iter().all(|cell| cell.is_blank())) {
        return Ok(None);
    }
    layout::sections(sheet, wanted, from.path).map(|(sections, remarks)| Some((sheet, sections, remarks)))
}

/// The sheet that holds the dataset: the one that the binding names, or that is called like the dataset, or the only one
/// with the headings.
fn choose_one<'r, 'd>(
    sheets: &'r [RawSheet<'d>],
    wanted: Wanted<'_>,
    from: Provenance<'_>,
) -> Result<Option<Chosen<'r, 'd>>, Vec<Diagnostic>> {
    let name = wanted.declaration().map_or("", |dataset| dataset.name.as_str());
    let layout = |sheet: &'r RawSheet<'d>| found_in(sheet, wanted, from);
    let pattern = from.binding.and_then(|binding| binding.sheet.as_ref()).map(SheetNames::text);
    if let [only] = sheets
        && only.name.is_none()
    {
        return layout(only);
    }
    let named = |sheet: &&RawSheet<'_>| match (pattern, &sheet.name) {
        (Some(pattern), Some(name)) => glob(pattern, name),
        (None, Some(sheet)) => files::is_dataset_name(wanted.dataset, name, sheet),
        (_, None) => false,
    };
    let matching: Vec<&RawSheet<'_>> = sheets.iter().filter(named).collect();
    match (matching.as_slice(), pattern) {
        ([chosen], binding) => {
            let mut found = layout(chosen)?;
            if let (Some((_, _, remarks)), None) = (&mut found, binding) {
                let fits = |sheet: &&'r RawSheet<'d>| {
                    let own = |name: &String| wanted.suite.datasets.iter().any(|dataset| dataset.name == *name);
                    sheet.name != chosen.name
                        && !sheet.name.as_ref().is_some_and(own)
                        && sheet.cell_count() > 0
                        && matches!(layout(sheet), Ok(Some(_)))
                };
                let others: Vec<&RawSheet<'_>> = sheets.iter().filter(fits).collect();
                remarks.extend((!others.is_empty()).then(|| other_sheets(&others, from)));
            }
            Ok(found)
        }
        ([], Some(pattern)) => Err(vec![no_sheet(sheets, pattern, from)]),
        ([], None) => {
            let filled: Vec<&RawSheet<'_>> = sheets.iter().filter(|sheet| sheet.cell_count() > 0).collect();
            if let [only] = filled.as_slice() {
                return layout(only);
            }
            let mut fitting = Vec::new();
            for sheet in filled.iter().copied() {
                if let Ok(Some(found)) = layout(sheet) {
                    fitting.push(found);
                }
            }
            match (fitting.len(), filled.is_empty()) {
                (1, _) => Ok(fitting.pop()),
                (0, true) => Ok(None),
                (0, false) => Err(vec![no_headings(&filled, name, from)]),
                _ => Err(vec![several(&fitting.iter().map(|(sheet, ..)| *sheet).collect::<Vec<_>>(), name, from)]),
            }
        }
        (several_sheets, _) => Err(vec![several(several_sheets, name, from)]),
    }
}

/// That other sheets could hold the dataset as well: continuations, or old versions.
fn other_sheets(sheets: &[&RawSheet<'_>], from: Provenance<'_>) -> Diagnostic {
    let (zh, en) = names(sheets);
    let message =
        Bi::new(format!("工作表 {zh} 也有同样的列名，没有读"), format!("the same headings stand in {en}, not read"));
    let help = Bi::new(
        "如果数据接着写在那里，请并成一张表；不是的话，在绑定里用 `sheet` 写明",
        "if the data goes on there, put it into one sheet; if not, name the sheet in the binding with `sheet`",
    );
    Diagnostic::at(&codes::OTHER_SHEET, Place::file(from.path), message).help(help)
}

fn names(sheets: &[&RawSheet<'_>]) -> (String, String) {
    let names: Vec<String> =
        sheets.iter().filter_map(|sheet| sheet.name.as_ref()).map(|name| format!("`{name}`")).collect();
    (names.join("、"), names.join(", "))
}

fn no_sheet(sheets: &[RawSheet<'_>], pattern: &str, from: Provenance<'_>) -> Diagnostic {
    let (zh, en) = names(&sheets.iter().collect::<Vec<_>>());
    let message = Bi::new(
        format!("没有名为 `{pattern}` 的工作表；这个工作簿里有：{zh}"),
        format!("there is no sheet `{pattern}`; the workbook has {en}"),
    );
    let help = Bi::new(
        "请改正绑定里的 `sheet`，可以用 `*` 代替任意文字",
        "mend `sheet` in the binding; `*` stands for any text",
    );
    Diagnostic::at(&codes::SHEET, Place::file(from.path), message).help(help)
}

fn no_headings(sheets: &[&RawSheet<'_>], dataset: &str, from: Provenance<'_>) -> Diagnostic {
    let (zh, en) = names(sheets);
    let message = Bi::new(
        format!("没有一张工作表有数据集 `{dataset}` 的全部列名；工作表有：{zh}"),
        format!("no sheet has all the headings of the dataset `{dataset}`; the sheets are {en}"),
    );
    let help = Bi::new(
        format!("把工作表改名为 `{dataset}`，或在绑定里用 `sheet` 写明是哪一张、用 `columns` 写明列名"),
        format!("call the sheet `{dataset}`, or name it in the binding with `sheet`, and its headings with `columns`"),
    );
    Diagnostic::at(&codes::SHEET, Place::file(from.path), message).help(help)
}

fn several(sheets: &[&RawSheet<'_>], dataset: &str, from: Provenance<'_>) -> Diagnostic {
    let (zh, en) = names(sheets);
    let message = Bi::new(
        format!("有 {} 张工作表都可能是数据集 `{dataset}`：{zh}", sheets.len()),
        format!("{} sheets could be the dataset `{dataset}`: {en}", sheets.len()),
    );
    let help = Bi::new("请在绑定里用 `sheet` 写明是哪一张", "say in the binding which one is meant, with `sheet`");
    Diagnostic::at(&codes::SHEET, Place::file(from.path), message).help(help)
}

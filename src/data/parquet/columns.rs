//! The columns of a file, decoded by several threads at once, each taking a column of a row group.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use parquet::basic::Encoding;
use parquet::file::metadata::ParquetMetaData;

use super::Source;
use super::kind::Kind;
use super::pages::{self, Fault, damaged};
use super::sinks::{Code, CodeSink, Dictionary, NumberSink, each};
use super::source::Opened;
use crate::base::{TooLarge, room_for, threads};
use crate::data::column::Codes;
use crate::data::quietly::quietly;
use crate::data::raw::RawCell;
use crate::data::rows::Numbers;

/// A column that is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Where its values are.
    pub leaf: usize,
    pub kind: Kind,
    /// As numbers, not as codes.
    pub numbers: bool,
}

/// A column that was read.
pub enum Decoded {
    /// The different values as stored (none: nothing), and which of them each row has.
    Coded(Vec<Option<Arc<[u8]>>>, Codes),
    /// Numbers.
    Numbers(Numbers),
}

/// Why a file cannot be read: a column, if it is one, and what is wrong.
pub type Wrong = (Option<usize>, Why);

/// What is wrong.
pub enum Why {
    Damaged(String),
    TooLarge(TooLarge),
}

impl From<String> for Why {
    fn from(why: String) -> Self {
        Why::Damaged(why)
    }
}

/// Where the rows of a row group go.
enum Rows<'a> {
    Narrow(&'a mut [u8]),
    Middle(&'a mut [u16]),
    Wide(&'a mut [u32]),
    Numbers(&'a mut [i64], Option<&'a mut [u8]>),
}

struct Job<'a> {
    column: usize,
    group: usize,
    first: usize,
    rows: Rows<'a>,
}

/// The rows of a column while they are read.
enum Buffer {
    Narrow(Vec<u8>),
    Middle(Vec<u16>),
    Wide(Vec<u32>),
    Numbers(Vec<i64>, Vec<u8>),
}

/// How many rows each row group has, of those that are asked for.
fn counts(metadata: &ParquetMetaData, groups: &[usize]) -> Result<Vec<usize>, Wrong> {
    let count = |group: &usize| {
        let group = metadata.row_groups().get(*group)?;
        let rows = group.num_rows();
        let same = |leaf: usize| group.columns().get(leaf).is_some_and(|chunk| chunk.num_values() == rows);
        let flat = metadata.file_metadata().schema_descr().columns().iter().enumerate();
        let all = flat.filter(|(_, column)| column.max_rep_level() == 0).all(|(leaf, _)| same(leaf));
        usize::try_from(rows).ok().filter(|_| all)
    };
    groups.iter().map(|group| count(group).ok_or_else(|| (None, "rows".to_owned().into()))).collect()
}

/// Reads columns of some row groups.
pub fn read(
    source: &Source,
    metadata: &ParquetMetaData,
    asked: &[Asked],
    groups: &[usize],
) -> Result<Vec<Decoded>, Wrong> {
    let counts = counts(metadata, groups)?;
    let total =
        counts.iter().try_fold(0usize, |sum, count| sum.checked_add(*count)).filter(|n| u32::try_from(*n).is_ok());
    let total = total.ok_or_else(|| (None, "too many rows".to_owned().into()))?;
    let dictionaries: Vec<Dictionary> = asked.iter().map(|_| Dictionary::default()).collect();
    for (at, (asked, dictionary)) in asked.iter().zip(&dictionaries).enumerate() {
        if !asked.numbers {
            quiet(|| ahead(source, metadata, *asked, groups, dictionary)).map_err(|why| (Some(at), why.into()))?;
        }
    }
    let mut buffers: Vec<Option<Buffer>> = asked.iter().map(|_| None).collect();
    let mut others: Vec<Vec<(usize, String)>> = asked.iter().map(|_| Vec::new()).collect();
    let early: Vec<usize> = dictionaries.iter().map(Dictionary::len).collect();
    let mut open: Vec<usize> = (0..asked.len()).collect();
    while !open.is_empty() {
        let width = |at: &usize| {
            let entries = dictionaries.get(*at).map_or(0, Dictionary::len);
            if buffers.get(*at).is_some_and(Option::is_some) { entries * 2 } else { entries }
        };
        let widths: Vec<usize> = open.iter().map(width).collect();
        let of = |(at, entries): (&usize, &usize)| asked.get(*at).map_or(0, |asked| bytes(*asked, *entries));
        let row: usize = open.iter().zip(&widths).map(of).sum();
        room_for((row as u64).saturating_mul(total as u64)).map_err(|why| (None, Why::TooLarge(why)))?;
        for (at, width) in open.iter().zip(widths) {
            let (Some(slot), Some(asked)) = (buffers.get_mut(*at), asked.get(*at)) else { continue };
            *slot = Some(buffer(*asked, width, total).map_err(|why| (Some(*at), why.into()))?);
        }
        let mut jobs = Vec::new();
        for (column, buffer) in buffers.iter_mut().enumerate().filter(|(at, _)| open.contains(at)) {
            let mut first = 0;
            let mut rest = buffer.as_mut().map(Buffer::rows);
            for (group, count) in groups.iter().zip(&counts) {
                if let Some((rows, more)) = rest.take().and_then(|rows| rows.split(*count)) {
                    jobs.push(Job { column, group: *group, first, rows });
                    rest = Some(more);
                }
                first += count;
            }
        }
        jobs.sort_by_key(|job| job.group);
        let mut narrow = Vec::new();
        for (column, found) in run(source, metadata, asked, &dictionaries, jobs) {
            match found {
                Ok(found) => {
                    if let Some(others) = others.get_mut(column) {
                        others.extend(found);
                    }
                }
                Err(Fault::Narrow) => narrow.push(column),
                Err(Fault::Damaged(why)) => return Err((Some(column), why.into())),
            }
        }
        narrow.sort_unstable();
        narrow.dedup();
        open = narrow;
    }
    let read = asked.iter().zip(buffers).zip(others).zip(dictionaries.into_iter().zip(early));
    Ok(read
        .map(|(((asked, buffer), others), (dictionary, early))| decoded(*asked, buffer, others, dictionary, early))
        .collect())
}

/// Reads the dictionaries of all row groups, so that codes are as narrow as they can be and the same in every run.
fn ahead(
    source: &Source,
    metadata: &ParquetMetaData,
    asked: Asked,
    groups: &[usize],
    dictionary: &Dictionary,
) -> Result<bool, Fault> {
    use parquet::column::page::{Page, PageReader};
    let mut opened = source.open()?;
    let schema = metadata.file_metadata().schema_descr();
    let column = schema.columns().get(asked.leaf).ok_or_else(|| damaged("column"))?;
    let mut all = true;
    for group in groups {
        let chunk = metadata.row_groups().get(*group).and_then(|group| group.columns().get(asked.leaf));
        let Some(chunk) = chunk else { continue };
        let reader = opened.dictionary(chunk)?;
        all &= reader.is_some();
        if let Some(mut reader) = reader
            && let Some(Page::DictionaryPage { buf, num_values, .. }) = reader.get_next_page()?
        {
            let values = pages::plain(&buf, num_values as usize, column)?;
            each(&values, asked.kind, (0, values.len()), |value| dictionary.code(Some(value)).map(drop))?;
        }
    }
    Ok(all)
}

/// Does what may panic on a damaged file.
fn quiet<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, String> {
    match quietly(read) {
        Some(Ok(read)) => Ok(read),
        Some(Err(Fault::Damaged(why))) => Err(why),
        Some(Err(Fault::Narrow)) | None => Err("damaged".to_owned()),
    }
}

fn zeros<T: Copy + Default>(total: usize) -> Result<Vec<T>, String> {
    // Reserved first, so that a file that lies about its rows is refused and does not end the program.
    let mut probe: Vec<T> = Vec::new();
    probe.try_reserve_exact(total).map_err(|error| error.to_string())?;
    drop(probe);
    Ok(vec![T::default(); total])
}

/// How many bytes a row of a column takes.
fn bytes(asked: Asked, entries: usize) -> usize {
    match entries {
        _ if asked.numbers => size_of::<i64>() + usize::from(asked.kind.varies()),
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

fn buffer(asked: Asked, entries: usize, total: usize) -> Result<Buffer, String> {
    if asked.numbers {
        let digits = if asked.kind.varies() { zeros(total)? } else { Vec::new() };
        return Ok(Buffer::Numbers(zeros(total)?, digits));
    }
    Ok(match entries {
        0..=0x100 => Buffer::Narrow(zeros(total)?),
        0x101..=0x1_0000 => Buffer::Middle(zeros(total)?),
        _ => Buffer::Wide(zeros(total)?),
    })
}

impl Buffer {
    fn rows(&mut self) -> Rows<'_> {
        match self {
            Buffer::Narrow(rows) => Rows::Narrow(rows),
            Buffer::Middle(rows) => Rows::Middle(rows),
            Buffer::Wide(rows) => Rows::Wide(rows),
            Buffer::Numbers(rows, digits) => {
                Rows::Numbers(rows, Some(digits.as_mut_slice()).filter(|digits| !digits.is_empty()))
            }
        }
    }
}

impl Rows<'_> {
    fn split<'a>(self, count: usize) -> Option<(Rows<'a>, Rows<'a>)>
    where
        Self: 'a,
    {
        Some(match self {
            Rows::Narrow(rows) => {
                rows.split_at_mut_checked(count).map(|(rows, rest)| (Rows::Narrow(rows), Rows::Narrow(rest)))?
            }
            Rows::Middle(rows) => {
                rows.split_at_mut_checked(count).map(|(rows, rest)| (Rows::Middle(rows), Rows::Middle(rest)))?
            }
            Rows::Wide(rows) => {
                rows.split_at_mut_checked(count).map(|(rows, rest)| (Rows::Wide(rows), Rows::Wide(rest)))?
            }
            Rows::Numbers(rows, digits) => {
                let (rows, rest) = rows.split_at_mut_checked(count)?;
                let (digits, more) = match digits {
                    Some(digits) => digits.split_at_mut_checked(count).map(|(now, more)| (Some(now), Some(more)))?,
                    None => (None, None),
                };
                (Rows::Numbers(rows, digits), Rows::Numbers(rest, more))
            }
        })
    }
}

type Found = Result<Vec<(usize, String)>, Fault>;

/// Works jobs off; what each found, in their order.
fn run(
    source: &Source,
    metadata: &ParquetMetaData,
    asked: &[Asked],
    dictionaries: &[Dictionary],
    jobs: Vec<Job<'_>>,
) -> Vec<(usize, Found)> {
    let threads = threads(jobs.len(), 1);
    let queue: Mutex<VecDeque<(usize, Job<'_>)>> = Mutex::new(jobs.into_iter().enumerate().collect());
    let found: Mutex<Vec<(usize, usize, Found)>> = Mutex::new(Vec::new());
    let work = || {
        let mut opened = source.open();
        loop {
            let job = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some((at, job)) = job else { return };
            let (column, group) = (job.column, job.group);
            let result = match &mut opened {
                Ok(opened) => quietly(|| one(opened, metadata, asked, dictionaries, job))
                    .unwrap_or_else(|| Err(Fault::Damaged(format!("row group {group}")))),
                Err(error) => Err(Fault::Damaged(error.to_string())),
            };
            found.lock().unwrap_or_else(PoisonError::into_inner).push((at, column, result));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(at, ..)| *at);
    found.into_iter().map(|(_, column, found)| (column, found)).collect()
}

fn one(
    opened: &mut Opened<'_>,
    metadata: &ParquetMetaData,
    asked: &[Asked],
    dictionaries: &[Dictionary],
    job: Job<'_>,
) -> Found {
    let missing = || damaged("column");
    let (asked, dictionary) = asked.get(job.column).zip(dictionaries.get(job.column)).ok_or_else(missing)?;
    let group = metadata.row_groups().get(job.group).ok_or_else(missing)?;
    let chunk = group.columns().get(asked.leaf).ok_or_else(missing)?;
    let column = chunk.column_descr_ptr();
    let rows = usize::try_from(group.num_rows()).map_err(|_| damaged("rows"))?;
    let reader = opened.pages(chunk, rows)?;
    let encodings = chunk.encodings();
    fn coded<C: Code>(
        mut sink: CodeSink<'_, C>,
        read: impl FnOnce(&mut CodeSink<'_, C>) -> Result<(), Fault>,
    ) -> Found {
        read(&mut sink)?;
        sink.finish().map(|()| Vec::new())
    }
    match job.rows {
        Rows::Narrow(rows) => {
            coded(CodeSink::new(rows, dictionary, asked.kind), |sink| pages::read(reader, &column, encodings, sink))
        }
        Rows::Middle(rows) => {
            coded(CodeSink::new(rows, dictionary, asked.kind), |sink| pages::read(reader, &column, encodings, sink))
        }
        Rows::Wide(rows) => {
            coded(CodeSink::new(rows, dictionary, asked.kind), |sink| pages::read(reader, &column, encodings, sink))
        }
        Rows::Numbers(rows, digits) => {
            let mut sink = NumberSink::new(rows, digits, asked.kind, job.first);
            pages::read(reader, &column, encodings, &mut sink)?;
            sink.finish()
        }
    }
}

fn decoded(
    asked: Asked,
    buffer: Option<Buffer>,
    others: Vec<(usize, String)>,
    dictionary: Dictionary,
    early: usize,
) -> Decoded {
    let scale = if let Kind::Decimal(scale) = asked.kind { scale } else { 0 };
    let mut codes = match buffer {
        Some(Buffer::Numbers(values, digits)) => {
            let others = others.into_iter().map(|(row, text)| (row, RawCell::Text(text.into()))).collect();
            return Decoded::Numbers(Numbers { values, digits, scale, others });
        }
        Some(Buffer::Narrow(codes)) => Codes::U8(codes),
        Some(Buffer::Middle(codes)) => Codes::U16(codes),
        Some(Buffer::Wide(codes)) => Codes::U32(codes),
        None => Codes::U8(Vec::new()),
    };
    let values = dictionary.into_values();
    // Values that only turned up while threads raced each other are put in order.
    if values.len() <= early + 1 {
        return Decoded::Coded(values, codes);
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values.get(*a).cmp(&values.get(*b)));
    let mut place = vec![0u32; values.len()];
    for (new, old) in order.iter().enumerate() {
        if let (Some(place), Ok(new)) = (place.get_mut(*old), u32::try_from(new)) {
            *place = new;
        }
    }
    codes.recode(&place);
    let values = order.into_iter().filter_map(|old| values.get(old).cloned()).collect();
    Decoded::Coded(values, codes)
}

/// The different texts of a column; of its dictionaries alone, where the file says that they hold all of them.
pub fn texts(source: &Source, metadata: &ParquetMetaData, asked: Asked) -> Result<Vec<Option<Arc<[u8]>>>, String> {
    let dictionary = Dictionary::default();
    for (at, group) in metadata.row_groups().iter().enumerate() {
        let Some(chunk) = group.columns().get(asked.leaf) else { continue };
        let whole = chunk
            .page_encoding_stats_mask()
            .is_some_and(|mask| mask.is_only(Encoding::RLE_DICTIONARY) || mask.is_only(Encoding::PLAIN_DICTIONARY));
        if whole && quiet(|| ahead(source, metadata, asked, &[at], &dictionary))? {
            continue;
        }
        let rows = usize::try_from(group.num_rows()).map_err(|_| "rows".to_owned())?;
        let mut codes = zeros(rows)?;
        quiet(|| {
            let mut opened = source.open()?;
            let mut sink = CodeSink::<u32>::new(&mut codes, &dictionary, asked.kind);
            let column = chunk.column_descr_ptr();
            pages::read(opened.pages(chunk, rows)?, &column, chunk.encodings(), &mut sink)?;
            sink.finish()
        })?;
    }
    Ok(dictionary.into_values())
}

//! The pages of a column in a row group, one after the other, into a [`Sink`]: dictionaries, runs of codes, runs of plain
//! values, runs of nothing.
//!
//! Codes and plain values are decoded here, since the `parquet` crate hands out no codes; all other encodings by the crate's
//! own column reader.

use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescPtr;

/// Why a column cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file is damaged, or of a kind that is not known; with a remark of the decoder.
    Damaged(String),
    /// A code does not fit where it should be put.
    Narrow,
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        Fault::Damaged(error.to_string())
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Fault::Damaged(error.to_string())
    }
}

pub fn damaged(why: &str) -> Fault {
    Fault::Damaged(why.to_owned())
}

/// Values as they are stored.
pub enum Values {
    /// Integers of either size, and booleans.
    Ints(Vec<i64>),
    /// Numbers of 4 bytes.
    Singles(Vec<f32>),
    /// Numbers of 8 bytes.
    Doubles(Vec<f64>),
    /// Texts and other bytes: where each begins and ends.
    Bytes(Bytes, Vec<(u32, u32)>),
    /// The same, each on its own.
    Pieces(Vec<Bytes>),
}

impl Values {
    pub fn len(&self) -> usize {
        match self {
            Values::Ints(values) => values.len(),
            Values::Singles(values) => values.len(),
            Values::Doubles(values) => values.len(),
            Values::Bytes(_, places) => places.len(),
            Values::Pieces(values) => values.len(),
        }
    }
}

/// What takes the values of a column, in order of rows.
pub trait Sink {
    /// What codes mean from here on.
    fn dictionary(&mut self, values: &Values) -> Result<(), Fault>;
    /// Rows by their codes.
    fn codes(&mut self, codes: &[u32]) -> Result<(), Fault>;
    /// Rows by their values, of which some are taken.
    fn values(&mut self, values: &Values, from: usize, count: usize) -> Result<(), Fault>;
    /// Rows without a value.
    fn nothing(&mut self, count: usize) -> Result<(), Fault>;
}

/// Reads all pages of a column whose rows have at most one value each.
pub fn read(
    mut pages: impl PageReader + 'static,
    column: &ColumnDescPtr,
    encodings: impl Iterator<Item = Encoding>,
    sink: &mut impl Sink,
) -> Result<(), Fault> {
    #[allow(deprecated, reason = "old files have such levels")]
    let is_known = |encoding: Encoding| {
        matches!(
            encoding,
            Encoding::PLAIN
                | Encoding::PLAIN_DICTIONARY
                | Encoding::RLE_DICTIONARY
                | Encoding::RLE
                | Encoding::BIT_PACKED
        )
    };
    let ty = column.physical_type();
    if ty == Type::BOOLEAN || !encodings.into_iter().all(is_known) {
        return by_crate(Box::new(pages), column, sink);
    }
    let mut codes = Vec::new();
    let mut defined = Vec::new();
    while let Some(page) = pages.get_next_page()? {
        match page {
            Page::DictionaryPage { buf, num_values, .. } => {
                sink.dictionary(&plain(&buf, num_values as usize, column)?)?;
            }
            Page::DataPage { buf, num_values, encoding, def_level_encoding, .. } => {
                let count = num_values as usize;
                let (levels, data) = levels_v1(&buf, count, def_level_encoding, column)?;
                data_page((&levels, data), count, encoding, column, (&mut codes, &mut defined), sink)?;
            }
            Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let first = rep_levels_byte_len as usize;
                let end = first.saturating_add(def_levels_byte_len as usize);
                if end > buf.len() || first > end {
                    return Err(damaged("levels"));
                }
                let levels =
                    if column.max_def_level() > 0 { Levels::Hybrid(buf.slice(first..end)) } else { Levels::All };
                let data = buf.slice(end..);
                data_page((&levels, data), num_values as usize, encoding, column, (&mut codes, &mut defined), sink)?;
            }
        }
    }
    Ok(())
}

/// Which rows of a page have a value.
enum Levels {
    All,
    Hybrid(Bytes),
    Bits(Bytes),
}

fn levels_v1(buf: &Bytes, count: usize, encoding: Encoding, column: &ColumnDescPtr) -> Result<(Levels, Bytes), Fault> {
    if column.max_def_level() == 0 {
        return Ok((Levels::All, buf.clone()));
    }
    #[allow(deprecated, reason = "old files have such levels")]
    if encoding == Encoding::BIT_PACKED {
        let bytes = count.div_ceil(8);
        if bytes > buf.len() {
            return Err(damaged("levels"));
        }
        return Ok((Levels::Bits(buf.slice(..bytes)), buf.slice(bytes..)));
    }
    let length = buf.first_chunk::<4>().map(|length| u32::from_le_bytes(*length) as usize);
    let end = length.and_then(|length| length.checked_add(4)).filter(|end| *end <= buf.len());
    let end = end.ok_or_else(|| damaged("levels"))?;
    Ok((Levels::Hybrid(buf.slice(4..end)), buf.slice(end..)))
}

fn data_page(
    (levels, data): (&Levels, Bytes),
    count: usize,
    encoding: Encoding,
    column: &ColumnDescPtr,
    (codes, defined): (&mut Vec<u32>, &mut Vec<u32>),
    sink: &mut impl Sink,
) -> Result<(), Fault> {
    defined.clear();
    match levels {
        Levels::All => {}
        Levels::Hybrid(bytes) => {
            if !all_ones(bytes, count) {
                hybrid(bytes, 1, count, defined).ok_or_else(|| damaged("levels"))?;
            }
        }
        // The oldest files pack from the highest bit down.
        Levels::Bits(bytes) => {
            let bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| u32::from(byte >> at & 1)));
            defined.extend(bits.take(count));
        }
    }
    let present = if defined.is_empty() { count } else { defined.iter().filter(|level| **level == 1).count() };
    match encoding {
        #[allow(deprecated, reason = "old files say so")]
        Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
            codes.clear();
            if present > 0 {
                let (width, rest) = data.split_first().ok_or_else(|| damaged("codes"))?;
                hybrid(rest, *width, present, codes).ok_or_else(|| damaged("codes"))?;
            }
            in_runs(defined, count, |at, run, has_value| match codes.get(at..at + run) {
                Some(codes) if has_value => sink.codes(codes),
                _ if has_value => Err(damaged("codes")),
                _ => sink.nothing(run),
            })
        }
        Encoding::PLAIN => {
            let values = plain(&data, present, column)?;
            in_runs(defined, count, |at, run, has_value| match has_value {
                true => sink.values(&values, at, run),
                false => sink.nothing(run),
            })
        }
        other => Err(Fault::Damaged(format!("{other}"))),
    }
}

/// Runs of rows with a value and without; with the index of the first value.
fn in_runs(
    defined: &[u32],
    count: usize,
    mut run: impl FnMut(usize, usize, bool) -> Result<(), Fault>,
) -> Result<(), Fault> {
    if defined.is_empty() {
        return if count > 0 { run(0, count, true) } else { Ok(()) };
    }
    let mut at = 0;
    for chunk in defined.chunk_by(|a, b| a == b) {
        let has_value = chunk.first() == Some(&1);
        run(at, chunk.len(), has_value)?;
        at += if has_value { chunk.len() } else { 0 };
    }
    Ok(())
}

/// One run of ones, which is what most pages have?
fn all_ones(bytes: &[u8], count: usize) -> bool {
    let mut at = 0;
    let header = varint(bytes, &mut at);
    header.is_some_and(|header| header & 1 == 0 && header >> 1 >= count as u64) && bytes.get(at) == Some(&1)
}

fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..=35).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Decodes runs of repeated and of packed integers; `None`: they are not as many as there should be.
fn hybrid(bytes: &[u8], width: u8, count: usize, out: &mut Vec<u32>) -> Option<()> {
    if width > 32 {
        return None;
    }
    let end = out.len() + count;
    out.reserve(count);
    let mut at = 0;
    while out.len() < end {
        let left = end - out.len();
        let header = varint(bytes, &mut at)?;
        let run = usize::try_from(header >> 1).ok()?;
        if header & 1 == 0 {
            let stored = usize::from(width).div_ceil(8);
            let value =
                bytes.get(at..at + stored)?.iter().rev().fold(0u32, |value, byte| value << 8 | u32::from(*byte));
            at += stored;
            if run == 0 {
                return None;
            }
            out.resize(out.len() + run.min(left), value);
        } else {
            let packed = run.checked_mul(usize::from(width))?;
            // The last run may end with the last value.
            let end = at.checked_add(packed)?.min(bytes.len());
            let values = run.checked_mul(8)?.min(left);
            let packed = bytes.get(at..end)?;
            if packed.len() < (values * usize::from(width)).div_ceil(8) || values == 0 {
                return None;
            }
            unpack(packed, width, values, out);
            at = end;
        }
    }
    Some(())
}

fn unpack(packed: &[u8], width: u8, values: usize, out: &mut Vec<u32>) {
    let width = usize::from(width);
    let mask = u32::try_from((1u64 << width) - 1).unwrap_or(u32::MAX);
    if width == 0 {
        out.resize(out.len() + values, 0);
        return;
    }
    let end = out.len() + values;
    for group in packed.chunks(width) {
        let mut padded = [0u8; 40];
        padded.iter_mut().zip(group).for_each(|(slot, byte)| *slot = *byte);
        let mut eight = [0u32; 8];
        if width <= 8 {
            let word = padded.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
            for (at, value) in eight.iter_mut().enumerate() {
                *value = (word >> (at * width)) as u32 & mask;
            }
        } else {
            for (at, value) in eight.iter_mut().enumerate() {
                let bit = at * width;
                let word = padded.get(bit / 8..).and_then(<[u8]>::first_chunk::<8>);
                *value = (word.map_or(0, |bytes| u64::from_le_bytes(*bytes)) >> (bit % 8)) as u32 & mask;
            }
        }
        out.extend_from_slice(&eight);
        if out.len() >= end {
            break;
        }
    }
    out.truncate(end);
}

/// Values as they are, one after the other.
pub fn plain(bytes: &Bytes, count: usize, column: &ColumnDescPtr) -> Result<Values, Fault> {
    fn fixed<const N: usize, T>(bytes: &[u8], count: usize, of: impl Fn([u8; N]) -> T) -> Result<Vec<T>, Fault> {
        let values = bytes.as_chunks::<N>().0.get(..count).ok_or_else(|| damaged("values"))?;
        Ok(values.iter().map(|value| of(*value)).collect())
    }
    let place = |at: usize| u32::try_from(at).map_err(|_| damaged("values"));
    Ok(match column.physical_type() {
        Type::INT32 => Values::Ints(fixed(bytes, count, |value| i64::from(i32::from_le_bytes(value)))?),
        Type::INT64 => Values::Ints(fixed(bytes, count, i64::from_le_bytes)?),
        Type::FLOAT => Values::Singles(fixed(bytes, count, f32::from_le_bytes)?),
        Type::DOUBLE => Values::Doubles(fixed(bytes, count, f64::from_le_bytes)?),
        Type::FIXED_LEN_BYTE_ARRAY => {
            let length = usize::try_from(column.type_length()).map_err(|_| damaged("length"))?;
            let total = length.checked_mul(count).filter(|total| *total <= bytes.len());
            total.ok_or_else(|| damaged("values"))?;
            let places = (0..count).map(|at| Ok((place(at * length)?, place((at + 1) * length)?)));
            Values::Bytes(bytes.clone(), places.collect::<Result<_, Fault>>()?)
        }
        Type::BYTE_ARRAY => {
            let mut places = Vec::with_capacity(count.min(bytes.len()));
            let mut at = 0usize;
            for _ in 0..count {
                let length = bytes.get(at..).and_then(<[u8]>::first_chunk::<4>).ok_or_else(|| damaged("values"))?;
                let start = at + 4;
                at = start + u32::from_le_bytes(*length) as usize;
                if at > bytes.len() {
                    return Err(damaged("values"));
                }
                places.push((place(start)?, place(at)?));
            }
            Values::Bytes(bytes.clone(), places)
        }
        Type::BOOLEAN | Type::INT96 => return Err(damaged("type")),
    })
}

fn by_crate(pages: Box<dyn PageReader>, column: &ColumnDescPtr, sink: &mut impl Sink) -> Result<(), Fault> {
    match column.physical_type() {
        Type::BOOLEAN => {
            typed::<BoolType>(pages, column, sink, |values| Values::Ints(values.into_iter().map(i64::from).collect()))
        }
        Type::INT32 => {
            typed::<Int32Type>(pages, column, sink, |values| Values::Ints(values.into_iter().map(i64::from).collect()))
        }
        Type::INT64 => typed::<Int64Type>(pages, column, sink, Values::Ints),
        Type::FLOAT => typed::<FloatType>(pages, column, sink, Values::Singles),
        Type::DOUBLE => typed::<DoubleType>(pages, column, sink, Values::Doubles),
        Type::BYTE_ARRAY => typed::<ByteArrayType>(pages, column, sink, |values| {
            Values::Pieces(values.iter().map(|value| Bytes::copy_from_slice(value.data())).collect())
        }),
        Type::FIXED_LEN_BYTE_ARRAY => typed::<FixedLenByteArrayType>(pages, column, sink, |values| {
            Values::Pieces(values.iter().map(|value| Bytes::copy_from_slice(value.data())).collect())
        }),
        Type::INT96 => Err(damaged("type")),
    }
}

fn typed<T: DataType>(
    pages: Box<dyn PageReader>,
    column: &ColumnDescPtr,
    sink: &mut impl Sink,
    of: impl Fn(Vec<T::T>) -> Values,
) -> Result<(), Fault> {
    let mut reader = ColumnReaderImpl::<T>::new(column.clone(), pages);
    loop {
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let (records, ..) = reader.read_records(8192, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Ok(());
        }
        let defined: Vec<u32> = levels.iter().map(|level| u32::from(*level == 1)).collect();
        let values = of(values);
        in_runs(&defined, records, |at, run, has_value| match has_value {
            true => sink.values(&values, at, run),
            false => sink.nothing(run),
        })?;
    }
}

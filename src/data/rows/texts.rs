//! The rows of a text file as packed columns, where all rows are alike in form.
//!
//! Rows of fields in, columns out: each different text once, and figures that are written plainly as numbers. A thread reads
//! some pieces of the file, in order; what all threads read is put together in the order of the file.

use foldhash::fast::RandomState;
use indexmap::IndexSet;

use super::packed::{Numbers, Packed};
use super::{Builder, Provenance};
use crate::data::column::{Codes, Decimals};
use crate::data::layout::Layout;
use crate::data::pieces::{Field, Rows};
use crate::data::raw::RawCell;
use crate::semantics::hir::Type;

/// Of so many figures one at most may be written in another way than plainly.
const MOSTLY: usize = 16;
/// Among so many that are not, it is known before all are read.
const SURELY: usize = 1 << 12;
/// Figures with more digits do not all fit.
const MOST_DIGITS: usize = 18;

/// What is made of a column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Texts.
    Codes,
    /// Figures.
    Numbers,
    /// The dataset does not have it.
    Beside,
}

/// Why rows cannot be read as columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    /// A text is not UTF-8, or no text.
    Encoding,
    /// A quote stands within a field that is not quoted: where rows end is known only from the start of the file.
    Stray,
    /// A row has another form than the others, or quotes do not match.
    Form,
}

/// Different texts, in the order in which they first stand there.
type Texts = IndexSet<Box<[u8]>, RandomState>;

/// What a thread has read.
pub struct Share<'u> {
    uses: &'u [Use],
    texts: Vec<Texts>,
    pieces: Vec<Piece>,
}

/// A piece of the file.
struct Piece {
    number: usize,
    rows: usize,
    /// How many lines it has.
    lines: u32,
    /// Rows whose line is not the one below the row before them: the row, and its line in the piece from 0.
    jumps: Vec<(usize, u32)>,
    columns: Vec<Part>,
    /// By column: how many texts the thread knew after it.
    known: Vec<usize>,
}

enum Part {
    Codes(Codes),
    Numbers(Numbers),
    Beside,
}

/// A column of a piece that is being read.
enum Read {
    Codes(Vec<u32>),
    Numbers(Numbers),
    Beside,
}

/// All rows of a file.
pub struct Columns {
    /// By column of the file: none of those that the dataset does not have.
    pub packed: Vec<Option<Packed>>,
    /// The different texts of the others.
    pub beside: Vec<RawCell<'static>>,
    /// The lines that the rows begin in.
    pub lines: Lines,
}

/// The lines that rows begin in; mostly every line is a row.
#[derive(Debug, Default)]
pub struct Lines {
    /// How many rows there are.
    pub rows: usize,
    /// Where rows begin that stand in one line after the other: row and line.
    runs: Vec<(usize, u32)>,
}

/// A part of a column, by a thread that knew so many texts after it.
struct Placed {
    share: usize,
    known: usize,
    part: Part,
}

impl Lines {
    /// Of pieces in their order, the first of which begins in a line.
    fn new(pieces: &[(usize, Piece)], mut begin: u32) -> Self {
        let mut lines = Lines::default();
        for (_, piece) in pieces {
            let jumps_at_once = piece.jumps.first().is_some_and(|(row, _)| *row == 0);
            if piece.rows > 0 && !jumps_at_once && (lines.rows == 0 || lines.number(lines.rows) != begin) {
                lines.runs.push((lines.rows, begin));
            }
            lines.runs.extend(piece.jumps.iter().map(|(row, line)| (lines.rows + row, begin.saturating_add(*line))));
            lines.rows += piece.rows;
            begin = begin.saturating_add(piece.lines);
        }
        lines
    }

    /// The line of a row, from 1.
    pub fn number(&self, row: usize) -> u32 {
        let run = self.runs.partition_point(|(first, _)| *first <= row).checked_sub(1);
        let (first, line) = run.and_then(|run| self.runs.get(run)).copied().unwrap_or_default();
        line.saturating_add(u32::try_from(row - first).unwrap_or(u32::MAX))
    }
}

impl Builder<'_> {
    /// What is made of each column of a text file; `None`: it has to be read row by row.
    pub fn uses(&self, layout: &Layout, from: Provenance<'_>) -> Option<Vec<Use>> {
        if !self.takes_columns(layout, from) {
            return None;
        }
        let mut uses = vec![Use::Beside; layout.width];
        for (source, declared) in layout.columns.iter().zip(&self.declaration.columns) {
            let Some(source) = source else { continue };
            let is_figure = matches!(declared.ty, Type::Quantity(_));
            *uses.get_mut(source.column).filter(|known| **known == Use::Beside)? =
                if is_figure { Use::Numbers } else { Use::Codes };
        }
        Some(uses)
    }
}

impl<'u> Share<'u> {
    /// Nothing yet.
    pub fn new(uses: &'u [Use]) -> Self {
        let texts = uses.iter().map(|_| Texts::default()).collect();
        Share { uses, texts, pieces: Vec::new() }
    }

    /// Reads a piece; a thread gets them in their order.
    pub fn take(&mut self, number: usize, text: &mut Rows<'_>) -> Result<(), Refused> {
        let start = |used: &Use| match used {
            Use::Codes => Read::Codes(Vec::new()),
            Use::Numbers => Read::Numbers(Numbers::default()),
            Use::Beside => Read::Beside,
        };
        let mut columns: Vec<Read> = self.uses.iter().map(start).collect();
        let (mut rows, mut jumps, mut next) = (0, Vec::new(), 0);
        let (first, mut fields) = (text.line(), Vec::with_capacity(self.uses.len()));
        while let Some(line) = text.row(&mut fields)? {
            let line = line.saturating_sub(first);
            if line != next {
                jumps.push((rows, line));
            }
            next = line.saturating_add(1);
            if fields.len() != self.uses.len() {
                check_blank(&fields)?;
            }
            let fields = fields.iter().chain(std::iter::repeat(&Field::Empty));
            for ((read, texts), field) in columns.iter_mut().zip(&mut self.texts).zip(fields) {
                match read {
                    Read::Codes(codes) => codes.push(code(texts, field.bytes(), codes.last().copied())?),
                    Read::Numbers(numbers) => numbers.add(rows, field)?,
                    Read::Beside => {
                        code(texts, field.bytes(), None)?;
                    }
                }
            }
            rows += 1;
        }
        let odd = |read: &Read| match read {
            Read::Numbers(numbers) => numbers.others.len() > SURELY.max(rows / MOSTLY),
            Read::Codes(_) | Read::Beside => false,
        };
        if columns.iter().any(odd) {
            return Err(Refused::Form);
        }
        let known: Vec<usize> = self.texts.iter().map(IndexSet::len).collect();
        let part = |(read, known): (Read, &usize)| match read {
            Read::Codes(codes) => Part::Codes(Codes::narrow(*known, &codes)),
            Read::Numbers(numbers) => Part::Numbers(numbers),
            Read::Beside => Part::Beside,
        };
        let columns = columns.into_iter().zip(&known).map(part).collect();
        self.pieces.push(Piece { number, rows, lines: text.line() - first, jumps, columns, known });
        Ok(())
    }
}

/// A row that has not as many fields as the others has to be blank.
fn check_blank(fields: &[Field<'_>]) -> Result<(), Refused> {
    for field in fields {
        if !field.cell().ok_or(Refused::Encoding)?.is_blank() {
            return Err(Refused::Form);
        }
    }
    Ok(())
}

/// The code of a text; `last` is that of the row above.
fn code(texts: &mut Texts, text: &[u8], last: Option<u32>) -> Result<u32, Refused> {
    // Tables are often sorted by one column or the other.
    if let Some(last) = last
        && texts.get_index(last as usize).is_some_and(|known| **known == *text)
    {
        return Ok(last);
    }
    let at = match texts.get_index_of(text) {
        Some(at) => at,
        None => {
            checked(text)?;
            texts.insert_full(text.into()).0
        }
    };
    u32::try_from(at).map_err(|_| Refused::Form)
}

/// A text, if it is one.
fn checked(text: &[u8]) -> Result<&str, Refused> {
    let text = std::str::from_utf8(text).map_err(|_| Refused::Encoding)?;
    if text.contains('\0') { Err(Refused::Encoding) } else { Ok(text) }
}

impl Columns {
    /// Puts together what threads have read; the first row begins in `line`.
    pub fn joined(shares: Vec<Share<'_>>, line: u32) -> Result<Self, Refused> {
        let uses = shares.first().map_or(&[][..], |share| share.uses);
        let mut pieces: Vec<(usize, Piece)> = Vec::new();
        let mut texts: Vec<Vec<Texts>> = uses.iter().map(|_| Vec::new()).collect();
        for (at, share) in shares.into_iter().enumerate() {
            pieces.extend(share.pieces.into_iter().map(|piece| (at, piece)));
            texts.iter_mut().zip(share.texts).for_each(|(all, own)| all.push(own));
        }
        pieces.sort_by_key(|(_, piece)| piece.number);
        let lines = Lines::new(&pieces, line);
        let mut columns: Vec<(Use, Vec<Texts>, Vec<Placed>)> =
            uses.iter().zip(texts).map(|(used, texts)| (*used, texts, Vec::new())).collect();
        for (share, piece) in pieces {
            for ((_, _, parts), (part, known)) in columns.iter_mut().zip(piece.columns.into_iter().zip(piece.known)) {
                parts.push(Placed { share, known, part });
            }
        }
        let mut all = Columns { packed: Vec::new(), beside: Vec::new(), lines };
        for (used, texts, parts) in columns {
            all.packed.push(match used {
                Use::Codes => Some(coded(texts, parts, all.lines.rows)?),
                Use::Numbers => Some(numbers(parts, all.lines.rows)?),
                Use::Beside => {
                    let texts = texts.into_iter().flatten().map(cell);
                    all.beside.extend(texts.collect::<Result<Vec<_>, _>>()?);
                    None
                }
            });
        }
        Ok(all)
    }
}

/// The parts of a column of texts, with the texts of each thread.
fn coded(texts: Vec<Texts>, parts: Vec<Placed>, rows: usize) -> Result<Packed, Refused> {
    let mut shares: Vec<_> = texts.into_iter().map(|texts| (texts.into_iter(), Vec::new())).collect();
    let mut all = Texts::default();
    // A text that comes first in a piece is new to the thread that reads it, since that has read only what is before.
    for part in &parts {
        let Some((texts, places)) = shares.get_mut(part.share) else { continue };
        for text in texts.by_ref().take(part.known - places.len()) {
            places.push(u32::try_from(all.insert_full(text).0).map_err(|_| Refused::Form)?);
        }
    }
    let mut codes = Codes::with_capacity(all.len(), rows);
    for Placed { share, part, .. } in parts {
        if let (Part::Codes(more), Some((_, places))) = (part, shares.get(share)) {
            codes.extend(&more, places);
        }
    }
    Ok(Packed::Coded(all.into_iter().map(cell).collect::<Result<_, _>>()?, codes))
}

fn cell(text: Box<[u8]>) -> Result<RawCell<'static>, Refused> {
    if text.is_empty() {
        return Ok(RawCell::Empty);
    }
    String::from_utf8(text.into_vec()).map(|text| RawCell::Text(text.into())).map_err(|_| Refused::Encoding)
}

/// The parts of a column of figures, if most are written plainly.
fn numbers(parts: Vec<Placed>, rows: usize) -> Result<Packed, Refused> {
    let mut all = Numbers { values: Vec::with_capacity(rows), digits: Vec::with_capacity(rows), ..Numbers::default() };
    for Placed { part, .. } in parts {
        if let Part::Numbers(more) = part {
            all.append(more);
        }
    }
    if all.others.len() > rows / MOSTLY {
        return Err(Refused::Form);
    }
    all.settle();
    Ok(Packed::Numbers(all))
}

impl Numbers {
    fn add(&mut self, row: usize, field: &Field<'_>) -> Result<(), Refused> {
        let text = field.bytes();
        let (value, digits) = plain(text).unwrap_or((Decimals::NONE, 0));
        if value == Decimals::NONE && !text.is_empty() {
            checked(text)?;
            self.others.push((row, field.cell().ok_or(Refused::Encoding)?.into_owned()));
        }
        self.values.push(value);
        self.digits.push(digits);
        Ok(())
    }

    /// Says the digits after the point once, if they are the same in all rows.
    fn settle(&mut self) {
        let mut stated = self.values.iter().zip(&self.digits).filter(|(value, _)| **value != Decimals::NONE);
        let scale = stated.next().map_or(0, |(_, digits)| *digits);
        if stated.all(|(_, digits)| *digits == scale) {
            self.scale = scale;
            self.digits = Vec::new();
        }
    }

    fn append(&mut self, more: Numbers) {
        let before = self.values.len();
        self.values.extend(more.values);
        self.digits.extend(more.digits);
        self.others.extend(more.others.into_iter().map(|(row, cell)| (before + row, cell)));
    }
}

/// The digits of a decimal as it is usually written, without its point, and how many of them stand after it.
pub fn plain(text: &[u8]) -> Option<(i64, u8)> {
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        text => (false, text),
    };
    let (mut value, mut digits, mut point) = (0i64, 0usize, None);
    if matches!(text, [b'0', b'0'..=b'9', ..]) {
        return None;
    }
    for byte in text {
        match byte {
            b'0'..=b'9' if digits < MOST_DIGITS => {
                value = value * 10 + i64::from(byte - b'0');
                digits += 1;
            }
            b'.' if point.is_none() && digits > 0 => point = Some(digits),
            _ => return None,
        }
    }
    let after = digits - point.unwrap_or(digits);
    if digits == 0 || point == Some(digits) || (negative && value == 0) {
        return None;
    }
    Some((if negative { -value } else { value }, u8::try_from(after).ok()?))
}

//! The rows of a text file as packed columns, where all rows are alike in form.
//!
//! A raw sheet in, columns out: each different text once, and figures that are written plainly as numbers. The column pass
//! makes cells of them.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::packed::{Numbering, Numbers, Packed};
use super::{Builder, Provenance};
use crate::base::in_ranges;
use crate::data::column::{Codes, Decimals};
use crate::data::layout::Section;
use crate::data::notes::Notes;
use crate::data::raw::{RawCell, RawSheet};
use crate::semantics::hir::Type;

/// Tables with fewer rows are not worth a second thread.
const FEW_ROWS: usize = 1 << 15;
/// Of so many figures one at most may be written in another way than plainly.
const MOSTLY: usize = 16;
/// Figures with more digits do not all fit.
const MOST_DIGITS: usize = 18;

/// What is made of a column of the file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Codes,
    Numbers,
    /// The dataset does not have it.
    Beside,
}

/// The rows of one thread.
struct Share<'a> {
    columns: Vec<Read<'a>>,
}

/// A column of them.
enum Read<'a> {
    Codes(Coding<'a>),
    Numbers(Numbers),
    Beside(BTreeSet<&'a str>),
}

/// Texts as codes, in the order in which they first stand there.
#[derive(Default)]
struct Coding<'a> {
    known: HashMap<&'a str, u32, foldhash::fast::RandomState>,
    texts: Vec<&'a str>,
    codes: Vec<u32>,
}

impl Builder<'_> {
    /// Adds the rows of a text file column by column, and says how many; `None`: they have to be read row by row.
    pub(super) fn add_texts(
        &mut self,
        sheet: &RawSheet<'_>,
        Section { layout, rows }: &Section,
        from: Provenance<'_>,
        notes: &mut Notes,
    ) -> Option<u64> {
        let width = layout.width;
        if !sheet.strict_width || rows.is_empty() || !self.takes_columns(layout, from) {
            return None;
        }
        let mut uses = vec![Use::Beside; width];
        for (source, declared) in layout.columns.iter().zip(&self.declaration.columns) {
            let Some(source) = source else { continue };
            let is_figure = matches!(declared.ty, Type::Quantity(_));
            *uses.get_mut(source.column).filter(|known| **known == Use::Beside)? =
                if is_figure { Use::Numbers } else { Use::Codes };
        }
        let read = |range: Range<usize>| Share::read(sheet, rows.start + range.start..rows.start + range.end, &uses);
        let shares: Option<Vec<Share<'_>>> = in_ranges(rows.len(), FEW_ROWS, read).into_iter().collect();
        let mut columns: Vec<Vec<Read<'_>>> = uses.iter().map(|_| Vec::new()).collect();
        for share in shares? {
            columns.iter_mut().zip(share.columns).for_each(|(column, part)| column.push(part));
        }
        let mut beside: BTreeSet<&str> = BTreeSet::new();
        let mut read: Vec<Option<Packed>> = Vec::with_capacity(width);
        for parts in columns {
            read.push(joined(parts, &mut beside));
        }
        let packed = layout.columns.iter().map(|source| read.get_mut(source.as_ref()?.column)?.take()).collect();
        let beside: Vec<RawCell<'_>> = beside.into_iter().map(|text| RawCell::Text(text.into())).collect();
        let number = |row: usize| sheet.number(rows.start + row);
        let rows = Numbering { rows: rows.len(), number: &number };
        self.add_columns(sheet, layout, packed, (rows, &beside), from, notes)
    }
}

/// The parts of a column as one; nothing of one that the dataset does not have, but its texts.
fn joined<'a>(parts: Vec<Read<'a>>, beside: &mut BTreeSet<&'a str>) -> Option<Packed> {
    let mut codings = Vec::new();
    let mut numbers: Option<Numbers> = None;
    for part in parts {
        match part {
            Read::Beside(texts) => beside.extend(texts),
            Read::Codes(coding) => codings.push(coding),
            Read::Numbers(more) => match &mut numbers {
                Some(numbers) => numbers.append(more),
                None => numbers = Some(more),
            },
        }
    }
    match (codings.is_empty(), numbers) {
        (_, Some(mut numbers)) => {
            numbers.settle();
            Some(Packed::Numbers(numbers))
        }
        (false, None) => Some(coded(codings)),
        (true, None) => None,
    }
}

fn coded(codings: Vec<Coding<'_>>) -> Packed {
    let mut all: HashMap<&str, u32> = HashMap::new();
    let mut texts: Vec<&str> = Vec::new();
    let mut places: Vec<Vec<u32>> = Vec::new();
    for coding in &codings {
        let mut own = Vec::with_capacity(coding.texts.len());
        for text in coding.texts.iter().copied() {
            own.push(*all.entry(text).or_insert_with(|| {
                texts.push(text);
                u32::try_from(texts.len() - 1).unwrap_or(u32::MAX)
            }));
        }
        places.push(own);
    }
    let rows = codings.iter().map(|coding| coding.codes.len()).sum();
    let mut codes = Codes::with_capacity(texts.len(), rows);
    for (coding, places) in codings.iter().zip(&places) {
        for code in &coding.codes {
            codes.push(places.get(*code as usize).copied().unwrap_or(u32::MAX));
        }
    }
    let cell = |text: &&str| if text.is_empty() { RawCell::Empty } else { RawCell::Text((*text).to_owned().into()) };
    Packed::Coded(texts.iter().map(cell).collect(), codes)
}

impl<'a> Share<'a> {
    /// `None`: a row has another form, or a column of figures is not written plainly.
    fn read(sheet: &'a RawSheet<'_>, rows: Range<usize>, uses: &[Use]) -> Option<Self> {
        let count = rows.len();
        let start = |used: &Use| match used {
            Use::Codes => Read::Codes(Coding::default()),
            Use::Numbers => Read::Numbers(Numbers {
                values: Vec::with_capacity(count),
                digits: Vec::with_capacity(count),
                scale: 0,
                others: Vec::new(),
            }),
            Use::Beside => Read::Beside(BTreeSet::new()),
        };
        let mut columns: Vec<Read<'a>> = uses.iter().map(start).collect();
        for (at, index) in rows.enumerate() {
            let row = sheet.row(index);
            if row.len() != uses.len() && !row.iter().all(RawCell::is_blank) {
                return None;
            }
            for (column, read) in columns.iter_mut().enumerate() {
                let text: &'a str = match row.get(column) {
                    Some(RawCell::Text(text)) => text,
                    Some(RawCell::Empty) | None => "",
                    Some(_) => return None,
                };
                match read {
                    Read::Codes(coding) => coding.add(text)?,
                    Read::Numbers(numbers) => numbers.add(at, text),
                    Read::Beside(texts) => {
                        if !texts.contains(text) {
                            texts.insert(text);
                        }
                    }
                }
            }
        }
        let plain = |read: &Read<'_>| match read {
            Read::Numbers(numbers) => numbers.others.len() <= count / MOSTLY,
            Read::Codes(_) | Read::Beside(_) => true,
        };
        columns.iter().all(plain).then_some(Share { columns })
    }
}

impl<'a> Coding<'a> {
    fn add(&mut self, text: &'a str) -> Option<()> {
        // Tables are often sorted by one column or the other.
        if let Some(last) = self.codes.last().copied()
            && self.texts.get(last as usize) == Some(&text)
        {
            self.codes.push(last);
            return Some(());
        }
        let next = u32::try_from(self.texts.len()).ok()?;
        let code = *self.known.entry(text).or_insert(next);
        if code == next {
            self.texts.push(text);
        }
        self.codes.push(code);
        Some(())
    }
}

impl Numbers {
    fn add(&mut self, row: usize, text: &str) {
        let (value, digits) = plain(text.as_bytes()).unwrap_or((Decimals::NONE, 0));
        if value == Decimals::NONE && !text.is_empty() {
            self.others.push((row, text.to_owned()));
        }
        self.values.push(value);
        self.digits.push(digits);
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
        self.others.extend(more.others.into_iter().map(|(row, text)| (before + row, text)));
    }
}

/// The digits of a decimal as it is usually written, without its point, and how many of them stand after it.
fn plain(text: &[u8]) -> Option<(i64, u8)> {
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

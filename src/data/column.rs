//! The cells of a column: each on its own, or packed, where a column holds few different ones or decimals of one scale.
//!
//! Cells in, cells out: what a cell is does not depend on how it is kept. Packed columns can be added up as they are.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::table::Cell;
use crate::quantity::{Number, Scalar};

/// The cells of a column.
#[derive(Clone, Debug)]
pub enum Column {
    /// Each on its own.
    Cells(Vec<Cell>),
    /// Few different ones.
    Coded(Coded),
    /// Decimals.
    Decimals(Decimals),
}

/// Few different cells: each row holds the index of its own.
#[derive(Clone, Debug)]
pub struct Coded {
    /// The different cells.
    pub dictionary: Vec<Cell>,
    /// By row, indices into the dictionary.
    pub codes: Codes,
}

/// Indices into a dictionary, as narrow as its size allows.
#[derive(Clone, Debug)]
pub enum Codes {
    /// Up to 256 entries.
    U8(Vec<u8>),
    /// Up to 65,536 entries.
    U16(Vec<u16>),
    /// More.
    U32(Vec<u32>),
}

/// Decimals of one scale and one unit.
#[derive(Clone, Debug)]
pub struct Decimals {
    /// By row: the digits without their point; [`Decimals::NONE`] where there is no such decimal.
    pub mantissas: Vec<i64>,
    /// A decimal is `mantissa / 10^scale`.
    pub scale: u8,
    /// By row: how many digits after the point were stated; empty: all of them.
    pub stated: Vec<u8>,
    /// What 1 is in base units.
    pub factor: Number,
    /// The cells of rows without a decimal that are not blank.
    pub others: BTreeMap<usize, Cell>,
}

impl Default for Column {
    fn default() -> Self {
        Column::Cells(Vec::new())
    }
}

impl Codes {
    /// For a dictionary of so many entries.
    pub fn with_capacity(entries: usize, rows: usize) -> Self {
        match entries {
            0..=0x100 => Codes::U8(Vec::with_capacity(rows)),
            0x101..=0x1_0000 => Codes::U16(Vec::with_capacity(rows)),
            _ => Codes::U32(Vec::with_capacity(rows)),
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Codes::U8(codes) => codes.len(),
            Codes::U16(codes) => codes.len(),
            Codes::U32(codes) => codes.len(),
        }
    }

    /// No rows?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of a row.
    pub fn get(&self, row: usize) -> Option<usize> {
        match self {
            Codes::U8(codes) => codes.get(row).map(|code| usize::from(*code)),
            Codes::U16(codes) => codes.get(row).map(|code| usize::from(*code)),
            Codes::U32(codes) => codes.get(row).map(|code| *code as usize),
        }
    }

    /// Adds a row, and widens the codes if they cannot hold it.
    pub fn push(&mut self, code: u32) {
        match self {
            Codes::U8(codes) => match u8::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => {
                    *self = Codes::U16(codes.iter().map(|code| u16::from(*code)).collect());
                    self.push(code);
                }
            },
            Codes::U16(codes) => match u16::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => {
                    *self = Codes::U32(codes.iter().map(|code| u32::from(*code)).collect());
                    self.push(code);
                }
            },
            Codes::U32(codes) => codes.push(code),
        }
    }
}

impl Decimals {
    /// The mark of a row without a decimal.
    pub const NONE: i64 = i64::MIN;

    /// More digits after the point do not fit.
    pub const MAX_SCALE: u8 = 18;

    /// No rows yet.
    pub fn new(scale: u8, factor: Number) -> Self {
        Decimals { mantissas: Vec::new(), scale, stated: Vec::new(), factor, others: BTreeMap::new() }
    }

    /// The number, in base units, of some mantissas together.
    pub fn number(&self, mantissa: i128) -> Number {
        &Number::from_scaled(mantissa.into(), u32::from(self.scale)) * &self.factor
    }

    /// How many digits after the point were stated in a row.
    pub fn stated(&self, row: usize) -> u8 {
        self.stated.get(row).copied().unwrap_or(self.scale)
    }

    fn cell(&self, row: usize) -> Option<Cow<'_, Cell>> {
        Some(match *self.mantissas.get(row)? {
            Decimals::NONE => Cow::Borrowed(self.others.get(&row).unwrap_or(&Cell::Blank)),
            mantissa => Cow::Owned(Cell::Value(Scalar::Number(self.number(mantissa.into())), self.stated(row))),
        })
    }
}

impl Column {
    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Cells(cells) => cells.len(),
            Column::Coded(coded) => coded.codes.len(),
            Column::Decimals(decimals) => decimals.mantissas.len(),
        }
    }

    /// No rows?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A cell.
    pub fn get(&self, row: usize) -> Option<Cow<'_, Cell>> {
        match self {
            Column::Cells(cells) => cells.get(row).map(Cow::Borrowed),
            Column::Coded(Coded { dictionary, codes }) => dictionary.get(codes.get(row)?).map(Cow::Borrowed),
            Column::Decimals(decimals) => decimals.cell(row),
        }
    }

    /// All cells, in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Cell>> {
        (0..self.len()).filter_map(|row| self.get(row))
    }

    /// Cells among which are all different ones: of few different ones, each that occurs once.
    pub fn distinct(&self) -> Box<dyn Iterator<Item = Cow<'_, Cell>> + '_> {
        match self {
            Column::Coded(Coded { dictionary, codes }) => {
                let mut occurs = vec![false; dictionary.len()];
                for row in 0..codes.len() {
                    if let Some(occurs) = codes.get(row).and_then(|code| occurs.get_mut(code)) {
                        *occurs = true;
                    }
                }
                Box::new(dictionary.iter().zip(occurs).filter(|(_, occurs)| *occurs).map(|(cell, _)| Cow::Borrowed(cell)))
            }
            Column::Cells(_) | Column::Decimals(_) => Box::new(self.iter()),
        }
    }

    /// The same cells, packed: as decimals if most are numbers that end and fit, else as codes.
    #[must_use]
    pub fn packed(&self) -> Column {
        let numbers = || self.iter().filter_map(|cell| decimal(&cell));
        let scale = numbers().map(|(number, _)| number.decimal_scale()).max().flatten();
        let scale = scale.and_then(|scale| u8::try_from(scale).ok()).filter(|scale| *scale <= Decimals::MAX_SCALE);
        match scale {
            Some(scale) if numbers().count() * 2 > self.len() => Column::Decimals(self.as_decimals(scale)),
            _ => Column::Coded(self.as_codes()),
        }
    }

    fn as_decimals(&self, scale: u8) -> Decimals {
        let mut packed = Decimals::new(scale, Number::one());
        let one = Decimals::new(0, Number::one()).number(10i128.pow(scale.into()));
        for (row, cell) in self.iter().enumerate() {
            let mantissa = decimal(&cell).and_then(|(number, stated)| {
                let mantissa = (&number * &one).to_i64().filter(|mantissa| *mantissa != Decimals::NONE)?;
                Some((mantissa, stated))
            });
            let (mantissa, stated) = mantissa.unwrap_or((Decimals::NONE, 0));
            if mantissa == Decimals::NONE && *cell != Cell::Blank {
                packed.others.insert(row, cell.into_owned());
            }
            packed.mantissas.push(mantissa);
            packed.stated.push(stated);
        }
        packed
    }

    fn as_codes(&self) -> Coded {
        let mut coded = Coded { dictionary: Vec::new(), codes: Codes::U8(Vec::new()) };
        // What is no value is told apart by looking at all that is known.
        let mut known: HashMap<(Scalar, u8), u32> = HashMap::new();
        for cell in self.iter() {
            let next = u32::try_from(coded.dictionary.len()).unwrap_or(u32::MAX);
            let code = match &*cell {
                Cell::Value(scalar, stated) => *known.entry((scalar.clone(), *stated)).or_insert(next),
                other => {
                    let found = coded.dictionary.iter().position(|known| known == other);
                    found.and_then(|at| u32::try_from(at).ok()).unwrap_or(next)
                }
            };
            if code == next {
                coded.dictionary.push(cell.into_owned());
            }
            coded.codes.push(code);
        }
        coded
    }

    /// Adds a cell; a packed column is unpacked for it.
    pub fn push(&mut self, cell: Cell) {
        match self {
            Column::Cells(cells) => cells.push(cell),
            Column::Coded(_) | Column::Decimals(_) => {
                *self = Column::Cells(self.iter().map(Cow::into_owned).chain([cell]).collect());
            }
        }
    }

    /// Puts a cell in the place of another.
    pub fn set(&mut self, row: usize, cell: Cell) {
        match self {
            Column::Cells(cells) => {
                if let Some(old) = cells.get_mut(row) {
                    *old = cell;
                }
            }
            Column::Decimals(decimals) => {
                if let Some(mantissa) = decimals.mantissas.get_mut(row) {
                    *mantissa = Decimals::NONE;
                    decimals.others.insert(row, cell);
                }
            }
            Column::Coded(_) => {
                let cells = self.iter().enumerate();
                *self = Column::Cells(
                    cells.map(|(at, old)| if at == row { cell.clone() } else { old.into_owned() }).collect(),
                );
            }
        }
    }

    /// Leaves out rows.
    pub fn drop_rows(&mut self, dropped: &[bool]) {
        let kept = self.iter().zip(dropped).filter(|(_, dropped)| !**dropped).map(|(cell, _)| cell.into_owned());
        *self = Column::Cells(kept.collect());
    }
}

/// A number that ends, with the digits that were stated.
fn decimal(cell: &Cell) -> Option<(Number, u8)> {
    match cell {
        Cell::Value(Scalar::Number(number), stated) => number.decimal_scale().map(|_| (number.clone(), *stated)),
        _ => None,
    }
}

impl From<Vec<Cell>> for Column {
    fn from(cells: Vec<Cell>) -> Self {
        Column::Cells(cells)
    }
}

/// Columns are equal if their cells are, however they are kept.
impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

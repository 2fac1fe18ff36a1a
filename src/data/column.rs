//! The cells of a column: each on its own, or packed, where a column holds few different ones or decimals of one scale.
//!
//! Cells in, cells out: what a cell is does not depend on how it is kept. Packed columns can be added up as they are.

mod codes;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::table::Cell;
use crate::quantity::{Decimal, Number, Scalar};

pub use codes::Codes;

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
    /// Do texts and periods stand in their file just as their cells say, and nothing where a cell is blank?
    pub plain: bool,
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
    /// Do decimals stand in their file just as their digits say, and nothing where there is neither a decimal nor another cell?
    pub plain: bool,
}

/// So many different cells are never too many to be coded.
const MOST_OF_FEW: usize = 1 << 10;
/// More cells without a value, all different, are not coded.
const MOST_ODD: usize = 1 << 6;

impl Default for Column {
    fn default() -> Self {
        Column::Cells(Vec::new())
    }
}

/// What makes a cell the same as another; bounds are compared with none.
#[derive(PartialEq, Eq, Hash)]
enum Same {
    Blank,
    Value(Scalar, u8),
    Bad(Arc<str>),
}

impl Same {
    fn of(cell: &Cell) -> Option<Self> {
        Some(match cell {
            Cell::Blank => Same::Blank,
            Cell::Value(scalar, digits) => Same::Value(scalar.clone(), *digits),
            Cell::Bad(text) => Same::Bad(Arc::clone(text)),
            Cell::Within(..) => return None,
        })
    }
}

impl Coded {
    /// From cells of which some may be the same.
    pub fn new(cells: Vec<Cell>, codes: Codes) -> Self {
        let mut coded = Coded { dictionary: Vec::with_capacity(cells.len()), codes, plain: false };
        let entries = cells.len();
        let places = coded.enter(cells);
        if coded.dictionary.len() < entries {
            coded.codes.recode(&places);
        }
        coded
    }

    /// Adds cells to the dictionary that are not in it yet, and says where each is.
    fn enter(&mut self, cells: Vec<Cell>) -> Vec<u32> {
        let code = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let known = self.dictionary.iter().enumerate();
        let mut known: HashMap<Same, u32> = known.filter_map(|(at, cell)| Some((Same::of(cell)?, code(at)))).collect();
        let mut places = Vec::with_capacity(cells.len());
        for cell in cells {
            let new = code(self.dictionary.len());
            let place = Same::of(&cell).map_or(new, |same| *known.entry(same).or_insert(new));
            if place == new {
                self.dictionary.push(cell);
            }
            places.push(place);
        }
        places
    }

    /// As [`Column::stored`].
    fn stored(&self, row: usize) -> Option<Option<String>> {
        match self.dictionary.get(self.codes.get(row)?)? {
            Cell::Value(value, _) if self.plain => written(value).map(Some),
            Cell::Blank if self.plain => Some(None),
            _ => None,
        }
    }

    fn append(&mut self, other: Coded) {
        self.plain &= other.plain;
        let places = self.enter(other.dictionary);
        for row in 0..other.codes.len() {
            self.codes.push(other.codes.get(row).and_then(|code| places.get(code)).copied().unwrap_or_default());
        }
    }
}

impl Decimals {
    /// Adds rows of the same unit, with their digits moved to the larger scale; gives them back if they do not fit.
    fn append(&mut self, mut other: Decimals) -> Result<(), Box<Decimals>> {
        if self.factor != other.factor {
            return Err(Box::new(other));
        }
        if self.scale != other.scale {
            let scale = self.scale.max(other.scale);
            if !self.fits(scale) || !other.fits(scale) {
                return Err(Box::new(other));
            }
            self.rescale(scale);
            other.rescale(scale);
        }
        if self.stated.is_empty() != other.stated.is_empty() {
            self.state();
            other.state();
        }
        self.plain &= other.plain;
        let rows = self.mantissas.len();
        self.mantissas.append(&mut other.mantissas);
        self.stated.append(&mut other.stated);
        self.others.extend(other.others.into_iter().map(|(row, cell)| (rows + row, cell)));
        Ok(())
    }

    /// Brings decimals that were each stored with their own digits after the point to one scale: that at which the fewest do
    /// not fit. Those are kept on their own.
    pub fn level(&mut self) {
        let mut counts = [[0usize; 20]; 20];
        let stored = |(mantissa, digits): (&i64, &u8)| (*mantissa, usize::from(*digits));
        for (mantissa, digits) in self.mantissas.iter().zip(&self.stated).map(stored) {
            let length = mantissa.unsigned_abs().checked_ilog10().map_or(0, |length| length as usize + 1);
            let count = counts.get_mut(digits).and_then(|counts| counts.get_mut(length));
            if let Some(count) = count.filter(|_| mantissa != Decimals::NONE) {
                *count += 1;
            }
        }
        let unfit = |scale: usize| -> usize {
            let lengths = |(digits, counts): (usize, &[usize; 20])| -> usize {
                let lengths = counts.iter().enumerate();
                lengths
                    .filter(|(length, _)| digits > scale || length + scale - digits > 18)
                    .map(|(_, count)| count)
                    .sum()
            };
            counts.iter().enumerate().map(lengths).sum()
        };
        let scale = (0..=18u8).min_by_key(|scale| unfit(usize::from(*scale))).unwrap_or_default();
        let mut others = Vec::new();
        for (row, (mantissa, digits)) in self.mantissas.iter_mut().zip(&self.stated).enumerate() {
            if *mantissa == Decimals::NONE {
                continue;
            }
            let shift = scale.checked_sub(*digits).and_then(|digits| 10i64.checked_pow(digits.into()));
            match shift.and_then(|shift| mantissa.checked_mul(shift)).filter(|mantissa| *mantissa != Decimals::NONE) {
                Some(shifted) => *mantissa = shifted,
                None => {
                    let number = &Number::from_scaled((*mantissa).into(), u32::from(*digits)) * &self.factor;
                    others.push((row, Cell::Value(Scalar::Number(number), *digits)));
                    *mantissa = Decimals::NONE;
                }
            }
        }
        self.others.extend(others);
        self.scale = scale;
    }

    fn shift(&self, scale: u8) -> Option<i64> {
        10i64.checked_pow(u32::from(scale.checked_sub(self.scale)?))
    }

    fn fits(&self, scale: u8) -> bool {
        let Some(shift) = self.shift(scale) else { return false };
        let mut decimals = self.mantissas.iter().filter(|mantissa| **mantissa != Decimals::NONE);
        decimals.all(|mantissa| mantissa.checked_mul(shift).is_some_and(|mantissa| mantissa != Decimals::NONE))
    }

    fn rescale(&mut self, scale: u8) {
        let Some(shift) = self.shift(scale) else { return };
        self.state();
        for mantissa in self.mantissas.iter_mut().filter(|mantissa| **mantissa != Decimals::NONE) {
            *mantissa = mantissa.saturating_mul(shift);
        }
        self.scale = scale;
    }

    /// Keeps how many digits were stated by row.
    fn state(&mut self) {
        if self.stated.is_empty() {
            self.stated = vec![self.scale; self.mantissas.len()];
        }
    }

    /// The mark of a row without a decimal.
    pub const NONE: i64 = i64::MIN;

    /// More digits after the point do not fit.
    pub const MAX_SCALE: u8 = 18;

    /// No rows yet.
    pub fn new(scale: u8, factor: Number) -> Self {
        Decimals { mantissas: Vec::new(), scale, stated: Vec::new(), factor, others: BTreeMap::new(), plain: false }
    }

    /// The number, in base units, of some mantissas together.
    pub fn number(&self, mantissa: i128) -> Number {
        &Number::from_scaled(mantissa.into(), u32::from(self.scale)) * &self.factor
    }

    /// How many digits after the point were stated in a row.
    pub fn stated(&self, row: usize) -> u8 {
        self.stated.get(row).copied().unwrap_or(self.scale)
    }

    /// As [`Column::stored`].
    fn stored(&self, row: usize) -> Option<Option<String>> {
        let mantissa = *self.mantissas.get(row).filter(|_| self.plain)?;
        if mantissa == Decimals::NONE {
            return (!self.others.contains_key(&row)).then_some(None);
        }
        let stated = self.stated(row);
        // It was brought to the scale of the column.
        let shift = 10i64.checked_pow(u32::from(self.scale.checked_sub(stated)?))?;
        (mantissa % shift == 0).then(|| Some(Decimal::new((mantissa / shift).into(), u32::from(stated)).to_string()))
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
            Column::Coded(Coded { dictionary, codes, .. }) => dictionary.get(codes.get(row)?).map(Cow::Borrowed),
            Column::Decimals(decimals) => decimals.cell(row),
        }
    }

    /// A cell as its file has it, if anything stands there: `None` where that is not certain without looking.
    pub fn stored(&self, row: usize) -> Option<Option<String>> {
        match self {
            Column::Cells(_) => None,
            Column::Coded(coded) => coded.stored(row),
            Column::Decimals(decimals) => decimals.stored(row),
        }
    }

    /// All cells, in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Cell>> {
        (0..self.len()).filter_map(|row| self.get(row))
    }

    /// Cells among which are all that occur; some of them may occur in no row.
    pub fn candidates(&self) -> Box<dyn Iterator<Item = Cow<'_, Cell>> + '_> {
        match self {
            Column::Coded(Coded { dictionary, .. }) => Box::new(dictionary.iter().map(Cow::Borrowed)),
            Column::Cells(_) | Column::Decimals(_) => Box::new(self.iter()),
        }
    }

    /// Cells among which are all different ones: of few different ones, each that occurs once.
    pub fn distinct(&self) -> Box<dyn Iterator<Item = Cow<'_, Cell>> + '_> {
        match self {
            Column::Coded(Coded { dictionary, codes, .. }) => {
                let mut occurs = vec![false; dictionary.len()];
                for row in 0..codes.len() {
                    if let Some(occurs) = codes.get(row).and_then(|code| occurs.get_mut(code)) {
                        *occurs = true;
                    }
                }
                Box::new(
                    dictionary.iter().zip(occurs).filter(|(_, occurs)| *occurs).map(|(cell, _)| Cow::Borrowed(cell)),
                )
            }
            Column::Cells(_) | Column::Decimals(_) => Box::new(self.iter()),
        }
    }

    /// The same cells, packed: as decimals if most are numbers that end and fit, else as codes if few are different.
    #[must_use]
    pub fn packed(&self) -> Column {
        let numbers = || self.iter().filter_map(|cell| decimal(&cell));
        let scale = numbers().map(|(number, _)| number.decimal_scale()).max().flatten();
        let scale = scale.and_then(|scale| u8::try_from(scale).ok()).filter(|scale| *scale <= Decimals::MAX_SCALE);
        match scale {
            Some(scale) if numbers().count() * 2 > self.len() => Column::Decimals(self.as_decimals(scale)),
            _ => self.as_codes().map_or_else(|| self.clone(), Column::Coded),
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

    fn as_codes(&self) -> Option<Coded> {
        let mut coded = Coded { dictionary: Vec::new(), codes: Codes::U8(Vec::new()), plain: false };
        // What is no value is told apart by looking at all such that are known.
        let mut odd: Vec<u32> = Vec::new();
        let mut known: HashMap<(Scalar, u8), u32> = HashMap::new();
        for cell in self.iter() {
            let next = u32::try_from(coded.dictionary.len()).unwrap_or(u32::MAX);
            let code = match &*cell {
                Cell::Value(scalar, stated) => *known.entry((scalar.clone(), *stated)).or_insert(next),
                other => {
                    let same = |code: &&u32| coded.dictionary.get(**code as usize) == Some(other);
                    let found = odd.iter().find(same).copied();
                    found.unwrap_or_else(|| {
                        odd.push(next);
                        next
                    })
                }
            };
            if odd.len() > MOST_ODD || coded.dictionary.len() > MOST_OF_FEW.max(self.len() / 2) {
                return None;
            }
            if code == next {
                coded.dictionary.push(cell.into_owned());
            }
            coded.codes.push(code);
        }
        Some(coded)
    }

    /// Adds the cells of another column, packed if both are alike.
    pub fn append(&mut self, other: Column) {
        if self.is_empty() {
            *self = other;
            return;
        }
        let rest = match (&mut *self, other) {
            (Column::Coded(coded), Column::Coded(other)) => return coded.append(other),
            (Column::Decimals(decimals), Column::Decimals(other)) => match decimals.append(other) {
                Ok(()) => return,
                Err(other) => Column::Decimals(*other),
            },
            (_, other) => other,
        };
        let mut cells = match std::mem::take(self) {
            Column::Cells(cells) => cells,
            packed => packed.iter().map(Cow::into_owned).collect(),
        };
        match rest {
            Column::Cells(more) => cells.extend(more),
            packed => cells.extend(packed.iter().map(Cow::into_owned)),
        }
        *self = Column::Cells(cells);
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
        match self {
            Column::Cells(cells) => retain(cells, dropped),
            Column::Coded(Coded { codes, .. }) => match codes {
                Codes::U8(codes) => retain(codes, dropped),
                Codes::U16(codes) => retain(codes, dropped),
                Codes::U32(codes) => retain(codes, dropped),
            },
            Column::Decimals(decimals) => {
                retain(&mut decimals.mantissas, dropped);
                if !decimals.stated.is_empty() {
                    retain(&mut decimals.stated, dropped);
                }
                if !decimals.others.is_empty() {
                    let before: Vec<usize> = places(dropped);
                    let is_kept = |row: usize| dropped.get(row) == Some(&false);
                    let others = std::mem::take(&mut decimals.others).into_iter().filter(|(row, _)| is_kept(*row));
                    decimals.others = others.filter_map(|(row, cell)| Some((*before.get(row)?, cell))).collect();
                }
            }
        }
    }
}

/// A text or a period, as it is written most plainly.
pub fn written(value: &Scalar) -> Option<String> {
    match value {
        Scalar::Text(text) => Some(text.to_string()),
        Scalar::Period(period) => Some(period.to_string()),
        _ => None,
    }
}

/// A number that ends, with the digits that were stated.
fn decimal(cell: &Cell) -> Option<(Number, u8)> {
    match cell {
        Cell::Value(Scalar::Number(number), stated) => number.decimal_scale().map(|_| (number.clone(), *stated)),
        _ => None,
    }
}

fn retain<T>(rows: &mut Vec<T>, dropped: &[bool]) {
    let mut dropped = dropped.iter();
    rows.retain(|_| dropped.next() == Some(&false));
}

/// Where each row is once others are left out.
fn places(dropped: &[bool]) -> Vec<usize> {
    let kept = dropped.iter().scan(0, |kept, dropped| {
        let place = *kept;
        *kept += usize::from(!dropped);
        Some(place)
    });
    kept.collect()
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

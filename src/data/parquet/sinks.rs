//! Where the values of a column go: indices into a dictionary that all row groups share, or decimals.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::kind::{BIG, Kind, LITTLE, shortest_double, shortest_single, small, unsigned, with_point};
use super::pages::{Fault, Sink, Values, damaged};
use crate::data::column::Decimals;

/// The different values of a column, as stored; shared by the threads that read its row groups.
#[derive(Default)]
pub struct Dictionary {
    inner: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    codes: HashMap<Arc<[u8]>, u32>,
    values: Vec<Option<Arc<[u8]>>>,
    nothing: Option<u32>,
}

impl Dictionary {
    pub fn code(&self, value: Option<&[u8]>) -> Result<u32, Fault> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match value {
            Some(value) => inner.codes.get(value).copied(),
            None => inner.nothing,
        };
        if let Some(code) = known {
            return Ok(code);
        }
        let code = u32::try_from(inner.values.len()).map_err(|_| damaged("too many different values"))?;
        match value {
            Some(value) => {
                let value: Arc<[u8]> = value.into();
                inner.codes.insert(Arc::clone(&value), code);
                inner.values.push(Some(value));
            }
            None => {
                inner.nothing = Some(code);
                inner.values.push(None);
            }
        }
        Ok(code)
    }

    pub fn len(&self) -> usize {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).values.len()
    }

    pub fn into_values(self) -> Vec<Option<Arc<[u8]>>> {
        self.inner.into_inner().unwrap_or_else(PoisonError::into_inner).values
    }
}

/// Calls back with the bytes of each value.
pub fn each(
    values: &Values,
    kind: Kind,
    (from, count): (usize, usize),
    mut take: impl FnMut(&[u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let short = || damaged("values");
    let range = from..from + count;
    match values {
        Values::Ints(values) => values.get(range).ok_or_else(short)?.iter().try_for_each(|value| match kind {
            Kind::Decimal(_) => {
                let mut tagged = [LITTLE; 9];
                tagged.iter_mut().skip(1).zip(value.to_le_bytes()).for_each(|(slot, byte)| *slot = byte);
                take(&tagged)
            }
            _ => take(&value.to_le_bytes()),
        }),
        Values::Singles(values) => values.get(range).ok_or_else(short)?.iter().try_for_each(|v| take(&v.to_le_bytes())),
        Values::Doubles(values) => values.get(range).ok_or_else(short)?.iter().try_for_each(|v| take(&v.to_le_bytes())),
        Values::Bytes(bytes, places) => places.get(range).ok_or_else(short)?.iter().try_for_each(|(start, end)| {
            let value = bytes.get(*start as usize..*end as usize).ok_or_else(short)?;
            tagged(value, kind, &mut take)
        }),
        Values::Pieces(values) => {
            values.get(range).ok_or_else(short)?.iter().try_for_each(|value| tagged(value, kind, &mut take))
        }
    }
}

fn tagged(value: &[u8], kind: Kind, take: &mut impl FnMut(&[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
    match kind {
        Kind::Decimal(_) => take(&[&[BIG], value].concat()),
        _ => take(value),
    }
}

/// The rows of a row group that are still to be filled.
struct Rest<'a, T>(&'a mut [T]);

impl<'a, T> Rest<'a, T> {
    fn next(&mut self, count: usize) -> Result<&'a mut [T], Fault> {
        let (next, rest) = std::mem::take(&mut self.0)
            .split_at_mut_checked(count)
            .ok_or_else(|| damaged("more rows than there should be"))?;
        self.0 = rest;
        Ok(next)
    }

    fn finish(&self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(damaged("fewer rows than there should be")) }
    }
}

/// An index into a dictionary.
pub trait Code: Copy + Default + Send {
    fn of(code: u32) -> Result<Self, Fault>;
}

impl Code for u8 {
    fn of(code: u32) -> Result<Self, Fault> {
        u8::try_from(code).map_err(|_| Fault::Narrow)
    }
}

impl Code for u16 {
    fn of(code: u32) -> Result<Self, Fault> {
        u16::try_from(code).map_err(|_| Fault::Narrow)
    }
}

impl Code for u32 {
    fn of(code: u32) -> Result<Self, Fault> {
        Ok(code)
    }
}

/// Fills codes.
pub struct CodeSink<'a, C> {
    rest: Rest<'a, C>,
    shared: &'a Dictionary,
    kind: Kind,
    /// What the codes of the row group's own dictionary are in the shared one.
    own: Vec<C>,
    known: HashMap<Vec<u8>, C>,
}

impl<'a, C: Code> CodeSink<'a, C> {
    pub fn new(rows: &'a mut [C], shared: &'a Dictionary, kind: Kind) -> Self {
        CodeSink { rest: Rest(rows), shared, kind, own: Vec::new(), known: HashMap::new() }
    }

    pub fn finish(self) -> Result<(), Fault> {
        self.rest.finish()
    }
}

impl<C: Code> Sink for CodeSink<'_, C> {
    fn dictionary(&mut self, values: &Values) -> Result<(), Fault> {
        let (own, shared) = (&mut self.own, self.shared);
        own.clear();
        each(values, self.kind, (0, values.len()), |value| {
            own.push(C::of(shared.code(Some(value))?)?);
            Ok(())
        })
    }

    fn codes(&mut self, codes: &[u32]) -> Result<(), Fault> {
        let rows = self.rest.next(codes.len())?;
        for (row, code) in rows.iter_mut().zip(codes) {
            *row = *self.own.get(*code as usize).ok_or_else(|| damaged("a code without a value"))?;
        }
        Ok(())
    }

    fn values(&mut self, values: &Values, from: usize, count: usize) -> Result<(), Fault> {
        let mut rows = self.rest.next(count)?.iter_mut();
        let (known, shared) = (&mut self.known, self.shared);
        each(values, self.kind, (from, count), |value| {
            let code = match known.get(value) {
                Some(code) => *code,
                None => {
                    let code = C::of(shared.code(Some(value))?)?;
                    known.insert(value.to_vec(), code);
                    code
                }
            };
            if let Some(row) = rows.next() {
                *row = code;
            }
            Ok(())
        })
    }

    fn nothing(&mut self, count: usize) -> Result<(), Fault> {
        let code = C::of(self.shared.code(None)?)?;
        self.rest.next(count)?.fill(code);
        Ok(())
    }
}

/// A number: digits and how many of them stand after the point; or the text of one that does not fit, or is none.
type Number = Result<(i64, u8), String>;

/// Fills decimals.
pub struct NumberSink<'a> {
    rest: Rest<'a, i64>,
    /// Digits after the point, where they differ.
    digits: Option<Rest<'a, u8>>,
    kind: Kind,
    own: Vec<Number>,
    /// The same, if all of them fit and digits need not be kept.
    plain: Vec<i64>,
    row: usize,
    /// Rows with a text instead.
    pub others: Vec<(usize, String)>,
}

impl<'a> NumberSink<'a> {
    /// `first`: the index of the first row.
    pub fn new(rows: &'a mut [i64], digits: Option<&'a mut [u8]>, kind: Kind, first: usize) -> Self {
        NumberSink {
            rest: Rest(rows),
            digits: digits.map(Rest),
            kind,
            own: Vec::new(),
            plain: Vec::new(),
            row: first,
            others: Vec::new(),
        }
    }

    pub fn finish(self) -> Result<Vec<(usize, String)>, Fault> {
        self.rest.finish()?;
        Ok(self.others)
    }

    fn numbers(&self, values: &Values, (from, count): (usize, usize)) -> Result<Vec<Number>, Fault> {
        let short = || damaged("values");
        let range = from..from + count;
        Ok(match (values, self.kind) {
            (Values::Ints(values), Kind::Whole(Some(bits))) => {
                let number = |value: &i64| {
                    let value = unsigned(*value, bits);
                    i64::try_from(value).map(|value| (value, 0)).map_err(|_| value.to_string())
                };
                values.get(range).ok_or_else(short)?.iter().map(number).collect()
            }
            (Values::Ints(values), kind) => {
                let scale = if let Kind::Decimal(scale) = kind { scale } else { 0 };
                let number = |value: &i64| match *value {
                    Decimals::NONE => Err(with_point(&value.to_string(), scale)),
                    value => Ok((value, scale)),
                };
                values.get(range).ok_or_else(short)?.iter().map(number).collect()
            }
            (Values::Singles(values), _) => {
                values.get(range).ok_or_else(short)?.iter().map(|value| parse(shortest_single(*value))).collect()
            }
            (Values::Doubles(values), _) => {
                values.get(range).ok_or_else(short)?.iter().map(|value| parse(shortest_double(*value))).collect()
            }
            (values, kind @ Kind::Decimal(scale)) => {
                let mut numbers = Vec::with_capacity(count);
                each(values, kind, (from, count), |stored| {
                    let value = stored.get(1..).and_then(small).and_then(|value| i64::try_from(value).ok());
                    numbers.push(match value.filter(|value| *value != Decimals::NONE) {
                        Some(value) => Ok((value, scale)),
                        None => Err(kind.cell(stored).ok_or_else(|| damaged("a decimal"))?.text().into_owned()),
                    });
                    Ok(())
                })?;
                numbers
            }
            _ => return Err(damaged("type")),
        })
    }

    fn put(&mut self, numbers: &[Number]) -> Result<(), Fault> {
        let rows = self.rest.next(numbers.len())?;
        let mut digits = match &mut self.digits {
            Some(digits) => Some(digits.next(numbers.len())?.iter_mut()),
            None => None,
        };
        for (row, number) in rows.iter_mut().zip(numbers) {
            let digit = digits.as_mut().and_then(Iterator::next);
            match number {
                Ok((value, scale)) => {
                    *row = *value;
                    if let Some(digit) = digit {
                        *digit = *scale;
                    }
                }
                Err(text) => {
                    *row = Decimals::NONE;
                    self.others.push((self.row, text.clone()));
                }
            }
            self.row += 1;
        }
        Ok(())
    }
}

impl Sink for NumberSink<'_> {
    fn dictionary(&mut self, values: &Values) -> Result<(), Fault> {
        self.own = self.numbers(values, (0, values.len()))?;
        let plain = self.own.iter().map(|number| number.as_ref().ok().map(|(value, _)| *value)).collect::<Option<_>>();
        self.plain = plain.filter(|_| self.digits.is_none()).unwrap_or_default();
        Ok(())
    }

    fn codes(&mut self, codes: &[u32]) -> Result<(), Fault> {
        if !self.plain.is_empty() {
            for (row, code) in self.rest.next(codes.len())?.iter_mut().zip(codes) {
                *row = *self.plain.get(*code as usize).ok_or_else(|| damaged("a code without a value"))?;
            }
            self.row += codes.len();
            return Ok(());
        }
        let of = |code: &u32| self.own.get(*code as usize).cloned().ok_or_else(|| damaged("a code without a value"));
        let numbers = codes.iter().map(of).collect::<Result<Vec<Number>, Fault>>()?;
        self.put(&numbers)
    }

    fn values(&mut self, values: &Values, from: usize, count: usize) -> Result<(), Fault> {
        // Most figures are whole numbers or decimals of one scale that fit.
        if let (Values::Ints(values), Kind::Whole(None) | Kind::Decimal(_), None) = (values, self.kind, &self.digits) {
            let values = values.get(from..from + count).ok_or_else(|| damaged("values"))?;
            if !values.contains(&Decimals::NONE) {
                self.rest.next(count)?.copy_from_slice(values);
                self.row += count;
                return Ok(());
            }
        }
        let numbers = self.numbers(values, (from, count))?;
        self.put(&numbers)
    }

    fn nothing(&mut self, count: usize) -> Result<(), Fault> {
        self.rest.next(count)?.fill(Decimals::NONE);
        if let Some(digits) = &mut self.digits {
            digits.next(count)?;
        }
        self.row += count;
        Ok(())
    }
}

/// The digits of a shortest decimal, if they fit.
fn parse(text: String) -> Number {
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let all = [whole, part].concat();
    let fits = all.trim_start_matches('-').len() <= 18 && all.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    match (all.parse(), u8::try_from(part.len())) {
        (Ok(value), Ok(digits)) if fits => Ok((value, digits)),
        _ => Err(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_that_fit_are_digits() {
        let of = |stored: f64| parse(shortest_double(stored));
        assert_eq!(of(0.1), Ok((1, 1)));
        assert_eq!(of(-90.25), Ok((-9025, 2)));
        assert_eq!(of(-0.5), Ok((-5, 1)));
        assert_eq!(of(0.1 + 0.2), Ok((30_000_000_000_000_004, 17)));
        assert_eq!(of(2021.0), Ok((2021, 0)));
        assert_eq!(of(f64::NAN), Err("NaN".to_owned()));
        assert_eq!(of(f64::INFINITY), Err("inf".to_owned()));
        assert_eq!(of(1e300).map_err(|text| text.len()), Err(301));
    }
}

//! Which of few different cells each row has: indices into a dictionary.

use std::ops::Range;

use crate::base::in_ranges;

/// Columns of fewer rows are not worth a second thread.
const FEW_ROWS: usize = 1 << 17;

/// So many rows are looked at together.
const BLOCK: usize = 1 << 12;

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

impl Codes {
    /// For a dictionary of so many entries.
    pub fn with_capacity(entries: usize, rows: usize) -> Self {
        match entries {
            0..=0x100 => Codes::U8(Vec::with_capacity(rows)),
            0x101..=0x1_0000 => Codes::U16(Vec::with_capacity(rows)),
            _ => Codes::U32(Vec::with_capacity(rows)),
        }
    }

    /// The same codes of a dictionary of so many entries.
    pub fn narrow(entries: usize, codes: &[u32]) -> Self {
        let codes = codes.iter().copied();
        match entries {
            0..=0x100 => Codes::U8(codes.map(|code| code as u8).collect()),
            0x101..=0x1_0000 => Codes::U16(codes.map(|code| code as u16).collect()),
            _ => Codes::U32(codes.collect()),
        }
    }

    /// Adds rows, with other codes in the place of theirs.
    pub fn extend(&mut self, more: &Codes, places: &[u32]) {
        fn add<C: Copy + Into<u32>>(codes: &mut Codes, more: &[C], places: &[u32]) {
            let placed = more.iter().map(|code| places.get((*code).into() as usize).copied().unwrap_or_default());
            match codes {
                Codes::U8(codes) if places.iter().all(|place| *place <= u8::MAX.into()) => {
                    codes.extend(placed.map(|code| code as u8));
                }
                Codes::U16(codes) if places.iter().all(|place| *place <= u16::MAX.into()) => {
                    codes.extend(placed.map(|code| code as u16));
                }
                Codes::U32(codes) => codes.extend(placed),
                codes => placed.for_each(|code| codes.push(code)),
            }
        }
        match more {
            Codes::U8(more) => add(self, more, places),
            Codes::U16(more) => add(self, more, places),
            Codes::U32(more) => add(self, more, places),
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

    /// The rows whose code is one of these, in order.
    pub fn rows_of(&self, wanted: &[bool]) -> Vec<usize> {
        let of = |range: Range<usize>| {
            let mut rows = Vec::new();
            for start in range.clone().step_by(BLOCK) {
                self.choose(start..range.end.min(start + BLOCK), wanted, &mut rows);
            }
            rows
        };
        in_ranges(self.len(), FEW_ROWS, of).concat()
    }

    /// Those out of some rows whose code is one of these, in order.
    pub fn choose(&self, rows: Range<usize>, wanted: &[bool], chosen: &mut Vec<usize>) {
        fn find<C: Copy>(
            codes: Option<&[C]>,
            rows: Range<usize>,
            is_wanted: impl Fn(C) -> bool,
            chosen: &mut Vec<usize>,
        ) {
            let mut found = [0u16; BLOCK];
            for (codes, start) in codes.unwrap_or_default().chunks(BLOCK).zip(rows.step_by(BLOCK)) {
                // Every row is written down, and the next one over it if it was not wanted: there is no guessing which is.
                let mut count = 0;
                for (code, at) in codes.iter().zip(0..) {
                    found.get_mut(count & (BLOCK - 1)).into_iter().for_each(|place| *place = at);
                    count += usize::from(is_wanted(*code));
                }
                chosen.extend(found.iter().take(count).map(|at| start + usize::from(*at)));
            }
        }
        let is_wanted = |code: usize| wanted.get(code) == Some(&true);
        match self {
            Codes::U8(codes) => {
                let wanted: [bool; 0x100] = std::array::from_fn(is_wanted);
                let is_wanted = |code: u8| wanted.get(usize::from(code)) == Some(&true);
                find(codes.get(rows.clone()), rows, is_wanted, chosen);
            }
            Codes::U16(codes) => find(codes.get(rows.clone()), rows, |code| is_wanted(code.into()), chosen),
            Codes::U32(codes) => find(codes.get(rows.clone()), rows, |code| is_wanted(code as usize), chosen),
        }
    }

    /// Puts other codes in the place of all; as narrow as they can be.
    pub fn recode(&mut self, places: &[u32]) {
        let of = |code: usize| places.get(code).copied().unwrap_or_default();
        let most = places.iter().copied().max().unwrap_or_default();
        match self {
            Codes::U8(codes) if most <= u8::MAX.into() => {
                codes.iter_mut().for_each(|code| *code = of((*code).into()) as u8);
            }
            Codes::U16(codes) if (u32::from(u8::MAX) + 1..=u16::MAX.into()).contains(&most) => {
                codes.iter_mut().for_each(|code| *code = of((*code).into()) as u16);
            }
            codes => {
                let mut recoded = Codes::with_capacity(most as usize + 1, codes.len());
                for row in 0..codes.len() {
                    recoded.push(codes.get(row).map(of).unwrap_or_default());
                }
                *codes = recoded;
            }
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

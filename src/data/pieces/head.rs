//! The beginning of a text, and how all of its rows are read by what stands there.
//!
//! The first piece in, its first rows out as a sheet, and [`Rows`] of any piece. Knows no columns.

use encoding_rs::{Encoding, UTF_8};

use super::{Field, Form, Piece, TextForm};
use crate::data::delimited::{Scan, begin};
use crate::data::json::{self, Keys, Objects};
use crate::data::layout;
use crate::data::raw::RawSheet;
use crate::data::rows::Refused;

/// The first rows of a text.
pub struct Head<'t> {
    pub sheet: RawSheet<'t>,
    /// Where each of them begins, and in which line; and what comes behind them.
    pub begins: Vec<(usize, u32)>,
    pub reading: Reading,
    /// There are no more rows.
    pub is_all: bool,
}

/// How the rows of a text are read.
pub enum Reading {
    /// By what separates their fields.
    Fields(u8),
    /// By the keys of objects.
    Objects(Keys),
}

/// The rows of a piece of text, one after the other.
pub enum Rows<'t> {
    /// Fields.
    Fields(Scan<'t>),
    /// Objects.
    Objects(Objects<'t>),
}

impl<'t> Head<'t> {
    pub fn read(piece: &Piece, text: &'t [u8], form: Form<'_>) -> Result<Self, Refused> {
        let at = match form.encoding {
            Some(label) => utf8(text, label).ok_or(Refused::Encoding)?,
            None => 0,
        };
        let delimited = match form.text {
            TextForm::Delimited(delimited) => delimited,
            TextForm::Objects => return Head::of_objects(piece, text, at),
        };
        let (mut scan, is_told) = begin(text, at, delimited.delimiter);
        if !is_told && !piece.is_last {
            return Err(Refused::Form);
        }
        let mut sheet = RawSheet::new(None);
        sheet.strict_width = true;
        let (mut fields, mut begins) = (Vec::new(), vec![(scan.at, scan.line)]);
        while sheet.len() < layout::SEARCHED
            && let Some(number) = scan.row(&mut fields).map_err(|_| Refused::Form)?
        {
            sheet.add(&fields, number).ok_or(Refused::Encoding)?;
            begins.push((scan.at, scan.line));
        }
        if text.get(..scan.at).is_some_and(|head| head.contains(&0)) {
            return Err(Refused::Encoding);
        }
        let is_all = piece.is_last && scan.at >= text.len();
        Ok(Head { sheet, begins, reading: Reading::Fields(scan.delimiter), is_all })
    }

    /// All rows of the first piece, since any of them may have a key that those above it lack.
    fn of_objects(piece: &Piece, text: &[u8], at: usize) -> Result<Self, Refused> {
        let sheet = json::objects(checked(text, at)?, "").map_err(|_| Refused::Form)?;
        let keys = sheet.row(0).iter().map(|key| key.text().into()).collect();
        // The keys are the heading, which stands in no line.
        let begins = vec![(at, 1), (at, 1)];
        Ok(Head { sheet, begins, reading: Reading::Objects(keys), is_all: piece.is_last })
    }
}

impl Reading {
    /// The rows of a piece from a place on, which is in a line.
    pub fn rows<'t>(&'t self, text: &'t [u8], begin: (usize, u32)) -> Result<Rows<'t>, Refused> {
        Ok(match self {
            Reading::Fields(delimiter) => Rows::Fields(Scan::new(text, begin, *delimiter)),
            Reading::Objects(keys) => Rows::Objects(Objects::new(checked(text, begin.0)?, begin.1, keys)),
        })
    }
}

impl<'t> Rows<'t> {
    /// The fields of the next row, and the line that it begins in; `None`: there is no more.
    pub fn row(&mut self, fields: &mut Vec<Field<'t>>) -> Result<Option<u32>, Refused> {
        match self {
            Rows::Fields(scan) => scan.row(fields).map_err(|_| Refused::Form),
            Rows::Objects(objects) => objects.row(fields).map_err(|_| Refused::Form),
        }
    }

    /// The line that comes next, from 1.
    pub fn line(&self) -> u32 {
        match self {
            Rows::Fields(scan) => scan.line,
            Rows::Objects(objects) => objects.line,
        }
    }

    /// Did a quote stand where it leaves in doubt where rows end?
    pub fn is_stray(&self) -> bool {
        matches!(self, Rows::Fields(Scan { stray: true, .. }))
    }
}

/// What stands in a text from a place on.
fn checked(text: &[u8], at: usize) -> Result<&str, Refused> {
    std::str::from_utf8(text.get(at..).unwrap_or(&[])).map_err(|_| Refused::Encoding)
}

/// Where the text begins, if a file that begins so is read as UTF-8 as long as it can be.
fn utf8(start: &[u8], label: Option<&str>) -> Option<usize> {
    match Encoding::for_bom(start) {
        Some((encoding, mark)) => (encoding == UTF_8).then_some(mark),
        None => {
            let named = label.and_then(|label| Encoding::for_label(label.as_bytes()));
            named.is_none_or(|encoding| encoding == UTF_8).then_some(0)
        }
    }
}

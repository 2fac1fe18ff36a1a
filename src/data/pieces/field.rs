//! A field of a row of text: what stands there, not yet read as anything.

use std::borrow::Cow;

use crate::data::raw::{RawCell, Shown};

/// A field of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<'t> {
    /// Nothing, not even quotes.
    #[default]
    Empty,
    /// A text, of which it is not known whether it is UTF-8; its own where it is not written in the file as it reads.
    Text(Cow<'t, [u8]>),
    /// A number that the format itself marks as one.
    Number(Cow<'t, str>),
}

impl<'t> Field<'t> {
    /// What it says.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Field::Empty => &[],
            Field::Text(bytes) => bytes,
            Field::Number(digits) => digits.as_bytes(),
        }
    }

    /// The same as a cell; `None`: it is not UTF-8.
    pub fn cell(&self) -> Option<RawCell<'t>> {
        Some(match self {
            Field::Empty => RawCell::Empty,
            Field::Text(Cow::Borrowed(bytes)) => RawCell::Text(std::str::from_utf8(bytes).ok()?.into()),
            Field::Text(Cow::Owned(bytes)) => RawCell::Text(Cow::Owned(std::str::from_utf8(bytes).ok()?.to_owned())),
            Field::Number(digits) => RawCell::number(digits.as_ref(), Shown::Plainly),
        })
    }
}

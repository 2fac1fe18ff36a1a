//! CSV and TSV: text in, raw cells with their physical lines out; or, of a table that is alike in all its rows, columns.
//!
//! Strict where leniency would shift cells: quotes must match. Knows no columns.

mod scan;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::encoding::decode;
use super::raw::{RawSheet, ReadOptions, Reader};
use crate::base::Diagnostic;

pub use scan::Scan;

/// In so many lines a delimiter is looked for.
const SNIFFED: usize = 100;

/// Reads delimited text.
#[derive(Clone, Copy, Debug)]
pub struct Delimited {
    /// What separates fields unless the binding says otherwise; `None`: found in the heading line.
    pub delimiter: Option<u8>,
}

impl Reader for Delimited {
    fn read<'a>(
        &self,
        bytes: &'a [u8],
        path: &str,
        options: &ReadOptions,
    ) -> Result<Vec<RawSheet<'a>>, Box<Diagnostic>> {
        let delimiter = options.delimiter.or(self.delimiter);
        match decode(bytes, path, options.encoding.as_deref())? {
            Cow::Borrowed(text) => Ok(vec![read(text, path, delimiter, options.only.as_ref())?]),
            Cow::Owned(text) => Ok(vec![read(&text, path, delimiter, options.only.as_ref())?.into_owned()]),
        }
    }
}

/// Reads a whole text.
pub fn parse<'a>(text: &'a str, path: &str, delimiter: Option<u8>) -> Result<RawSheet<'a>, Box<Diagnostic>> {
    read(text, path, delimiter, None)
}

/// Reads a text; `only`: the rows that begin in these lines.
fn read<'a>(
    text: &'a str,
    path: &str,
    delimiter: Option<u8>,
    only: Option<&BTreeSet<u32>>,
) -> Result<RawSheet<'a>, Box<Diagnostic>> {
    let (mut scan, _) = begin(text.as_bytes(), 0, delimiter);
    let mut sheet = RawSheet::new(None);
    sheet.strict_width = true;
    let mut fields = Vec::new();
    while let Some(number) = scan.row(&mut fields).map_err(|fault| fault.diagnostic(path))? {
        if only.is_none_or(|only| only.contains(&number)) {
            sheet.add(&fields, number);
        }
    }
    Ok(sheet)
}

/// A text from its first row on, and whether it says itself what separates its fields, or a binding does.
pub fn begin(text: &[u8], at: usize, delimiter: Option<u8>) -> (Scan<'_>, bool) {
    let start = text.get(at..).unwrap_or(&[]);
    let named = separator_line(start);
    let found = delimiter.or(named).or_else(|| sniff(start));
    let mut scan = Scan::new(text, (at, 1), found.unwrap_or(b','));
    if named.is_some() {
        scan.skip_line();
    }
    (scan, found.is_some())
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// `sep=;`, which spreadsheet programs put first to name the delimiter.
fn separator_line(text: &[u8]) -> Option<u8> {
    let line = lines(text).next()?;
    match line.strip_prefix(b"sep=").or_else(|| line.strip_prefix(b"SEP="))? {
        [sign] if sign.is_ascii() => Some(*sign),
        _ => None,
    }
}

/// The delimiter of the first line that has any: the most frequent one outside quotes, a comma if in doubt.
fn sniff(text: &[u8]) -> Option<u8> {
    for line in lines(text).take(SNIFFED) {
        let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0)];
        let mut quoted = false;
        for byte in line.iter().copied() {
            if byte == b'"' {
                quoted = !quoted;
            } else if !quoted && let Some(count) = counts.iter_mut().find(|(sign, _)| *sign == byte) {
                count.1 += 1;
            }
        }
        let best = counts.iter().rev().max_by_key(|(_, count)| *count);
        if let Some((sign, count)) = best
            && *count > 0
        {
            return Some(*sign);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Place;
    use crate::data::pieces::Feed;
    use crate::data::source::Source;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let sheet = parse(text, "a.csv", None).expect("well-formed");
        (0..sheet.len())
            .map(|row| (sheet.number(row), sheet.row(row).iter().map(|cell| cell.text().into_owned()).collect()))
            .collect()
    }

    fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn rows_have_the_lines_they_begin_in() {
        assert_eq!(
            rows("a,b\r\n\"x\ny\",\"1,\"\"2\"\"\"\n\n3,4"),
            [row(1, &["a", "b"]), row(2, &["x\ny", "1,\"2\""]), row(4, &[]), row(5, &["3", "4"])]
        );
        assert_eq!(rows("a,b\r1,2\r"), [row(1, &["a", "b"]), row(2, &["1", "2"])]);
        assert_eq!(rows("a,\n,b\n"), [row(1, &["a", ""]), row(2, &["", "b"])]);
        assert_eq!(rows(""), []);
        assert_eq!(rows("\"\""), [row(1, &[""])]);
    }

    #[test]
    fn the_delimiter_is_found() {
        assert_eq!(rows("a;b\n1,5;2\n"), [row(1, &["a", "b"]), row(2, &["1,5", "2"])]);
        assert_eq!(rows("title\na\tb\n"), [row(1, &["title"]), row(2, &["a", "b"])]);
        assert_eq!(rows("sep=;\na;b\n"), [row(2, &["a", "b"])]);
        assert_eq!(rows("\"a;b;c\",d\n"), [row(1, &["a;b;c", "d"])]);
    }

    #[test]
    fn a_text_in_pieces_is_the_same_text() {
        let texts = [
            "a,b\r\n1,2\n\n3,4\r5,6\n,\n7,8",
            "a;b\n",
            "x\n\n\n\n\ny\n",
            "a\n1",
            "\"a\nb\",\"\"\"\n\"\nx,\"\ny\"\nz\n",
            "a\n5\" pipe\n\"x\ny\"\n6\" pipe\n",
        ];
        for text in texts {
            let whole = parse(text, "a.csv", Some(b',')).expect("well-formed");
            for length in (1..text.len() + 2).chain([usize::MAX]) {
                let mut feed = Feed::open(&Source::Memory(text.into()), length, true).expect("a text");
                let (mut sheet, mut line, mut stray, mut all) = (RawSheet::new(None), 1, false, String::new());
                sheet.strict_width = true;
                while let Some(piece) = feed.next().expect("a piece") {
                    let mut fields = Vec::new();
                    let mut scan = Scan::new(&piece.bytes, (0, line), b',');
                    while let Ok(Some(number)) = scan.row(&mut fields) {
                        let mut row = RawSheet::new(None);
                        row.add(&fields, number).expect("UTF-8");
                        sheet.append(row.into_owned());
                    }
                    stray |= scan.stray;
                    line = scan.line;
                    all += std::str::from_utf8(&piece.bytes).expect("UTF-8");
                    assert!(!piece.is_last || all == text, "{text:?}");
                }
                assert_eq!(all, text);
                assert_eq!(stray, text.contains("pipe"));
                assert!(stray || sheet == whole, "{text:?} in pieces of {length}");
            }
            let only: BTreeSet<u32> = (0..whole.len()).skip(1).step_by(2).map(|row| whole.number(row)).collect();
            let some = read(text, "a.csv", Some(b','), Some(&only)).expect("well-formed");
            let found = |number: &u32| some.index_of(*number).map(|at| some.row(at).to_vec());
            let expected = |number: &u32| whole.index_of(*number).map(|at| whole.row(at).to_vec());
            assert!(
                some.len() == only.len() && only.iter().all(|number| found(number) == expected(number)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn quotes_must_match() {
        for (text, line) in [("a,b\n\"x,1\n2,3\n", 2), ("a\n\"x\" y,1\n", 2), ("\"", 1)] {
            let fault = parse(text, "a.csv", None).expect_err("quotes");
            assert_eq!(fault.code.code, "E0403");
            assert!(matches!(fault.place, Place::Data { row: Some(row), .. } if row == line), "{fault:?}");
        }
        assert_eq!(rows("5\" pipe,1\n"), [row(1, &["5\" pipe", "1"])]);
    }
}

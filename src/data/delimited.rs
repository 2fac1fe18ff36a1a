//! CSV and TSV: text in, raw cells with their physical lines out.
//!
//! Strict where leniency would shift cells: quotes must match. Knows no columns.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::thread;

use super::encoding::decode;
use super::raw::{RawCell, RawSheet, ReadOptions, Reader};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place, threads};

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

/// Texts with fewer bytes are not worth a second thread.
const FEW_BYTES: usize = 1 << 20;

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
    let mut scan = Scan { text, at: 0, line: 1, stray: false };
    let mut delimiter = delimiter;
    if let Some(named) = separator_line(text) {
        delimiter = delimiter.or(Some(named));
        scan.skip_line();
    }
    let delimiter = delimiter.unwrap_or_else(|| sniff(text));
    let threads = threads(text.len(), FEW_BYTES);
    if threads > 1
        && only.is_none()
        && let Some(sheet) = in_parts(&scan, delimiter, path, threads)
    {
        return Ok(sheet);
    }
    scan.rows(delimiter, path, only)
}

/// Reads a text by several threads; `None`: it has to be read from its start, or has a fault. Quotes come in pairs, but where one
/// stands within a field that is not quoted: a line end after an even number of them ends a row.
fn in_parts<'a>(scan: &Scan<'a>, delimiter: u8, path: &str, threads: usize) -> Option<RawSheet<'a>> {
    let mut rest = scan.text.get(scan.at..)?;
    let share = rest.len().div_ceil(threads);
    let mut parts = Vec::with_capacity(threads);
    while !rest.is_empty() {
        let bytes = rest.as_bytes();
        let mut open = bytes.iter().take(share).filter(|byte| **byte == b'"').count() % 2 == 1;
        let end = bytes.iter().skip(share).position(|byte| {
            open ^= *byte == b'"';
            *byte == b'\n' && !open
        });
        let (part, more) = end.and_then(|at| rest.split_at_checked(share + at + 1)).unwrap_or((rest, ""));
        parts.push(part);
        rest = more;
    }
    let read = |text: &'a str| {
        let mut scan = Scan { text, at: 0, line: 1, stray: false };
        let sheet = scan.rows(delimiter, path, None).ok()?;
        (!scan.stray).then_some((sheet, scan.line - 1))
    };
    thread::scope(|scope| {
        let others: Vec<_> = parts.iter().skip(1).map(|part| scope.spawn(move || read(part))).collect();
        let (mut sheet, lines) = read(parts.first()?)?;
        sheet.number_from(scan.line);
        let mut line = scan.line + lines;
        for part in others {
            let (mut part, lines) = part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            part.number_from(line);
            sheet.append(part);
            line += lines;
        }
        Some(sheet)
    })
}

/// `sep=;`, which spreadsheet programs put first to name the delimiter.
fn separator_line(text: &str) -> Option<u8> {
    let line = text.lines().next()?;
    let sign = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?;
    match sign.as_bytes() {
        [sign] if sign.is_ascii() => Some(*sign),
        _ => None,
    }
}

/// The delimiter of the first line that has any: the most frequent one outside quotes, a comma if in doubt.
fn sniff(text: &str) -> u8 {
    for line in text.lines().take(100) {
        let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0)];
        let mut quoted = false;
        for byte in line.bytes() {
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
            return *sign;
        }
    }
    b','
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    /// A quote stood within a field that is not quoted.
    stray: bool,
}

impl<'a> Scan<'a> {
    /// The rows from here on.
    fn rows(
        &mut self,
        delimiter: u8,
        path: &str,
        only: Option<&BTreeSet<u32>>,
    ) -> Result<RawSheet<'a>, Box<Diagnostic>> {
        let mut sheet = RawSheet::new(None);
        sheet.strict_width = true;
        while !self.is_at_end() {
            let number = self.line;
            let is_wanted = only.is_none_or(|only| only.contains(&number));
            let mut cells = 0usize;
            loop {
                let (cell, more) = self.field(delimiter, path)?;
                if is_wanted && (more || cells > 0 || cell != RawCell::Empty) {
                    sheet.push(cell);
                }
                cells += 1;
                if !more {
                    break;
                }
            }
            if is_wanted {
                sheet.end_row(number);
            }
        }
        Ok(sheet)
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    fn skip_line(&mut self) {
        while let Some(byte) = self.peek() {
            if matches!(byte, b'\n' | b'\r') {
                self.line_end();
                return;
            }
            self.at += 1;
        }
    }

    /// Steps over a line end.
    fn line_end(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        } else if self.text.as_bytes().get(self.at.wrapping_sub(1)) != Some(&b'\r') {
            return;
        }
        self.line = self.line.saturating_add(1);
    }

    /// A field, and whether another one follows in the row.
    fn field(&mut self, delimiter: u8, path: &str) -> Result<(RawCell<'a>, bool), Box<Diagnostic>> {
        let start = self.at;
        let mut open = start;
        while matches!(self.text.as_bytes().get(open), Some(b' ')) && delimiter != b' ' {
            open += 1;
        }
        if self.text.as_bytes().get(open) == Some(&b'"') && delimiter != b'"' {
            self.at = open + 1;
            return self.quoted(delimiter, path);
        }
        let rest = self.text.as_bytes().get(start..).unwrap_or(&[]);
        let end = rest.iter().position(|byte| {
            self.stray |= *byte == b'"';
            *byte == delimiter || *byte == b'\n' || *byte == b'\r'
        });
        self.at = end.map_or(self.text.len(), |end| start + end);
        let text = self.slice(start, self.at);
        let cell = if text.is_empty() { RawCell::Empty } else { RawCell::Text(Cow::Borrowed(text)) };
        Ok((cell, self.end_field(delimiter)))
    }

    fn end_field(&mut self, delimiter: u8) -> bool {
        match self.peek() {
            Some(byte) if byte == delimiter => {
                self.at += 1;
                true
            }
            Some(_) => {
                self.line_end();
                false
            }
            None => false,
        }
    }

    fn quoted(&mut self, delimiter: u8, path: &str) -> Result<(RawCell<'a>, bool), Box<Diagnostic>> {
        let opened = self.line;
        let mut start = self.at;
        let mut text: Cow<'a, str> = Cow::Borrowed("");
        loop {
            match self.peek() {
                None => return Err(self.unclosed(path, opened)),
                Some(b'"') => {
                    let piece = self.slice(start, self.at);
                    text = if text.is_empty() { Cow::Borrowed(piece) } else { Cow::Owned(text.into_owned() + piece) };
                    self.at += 1;
                    if self.peek() != Some(b'"') {
                        break;
                    }
                    text = Cow::Owned(text.into_owned() + "\"");
                    self.at += 1;
                    start = self.at;
                }
                Some(b'\n' | b'\r') => self.line_end(),
                Some(_) => self.at += 1,
            }
        }
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        match self.peek() {
            Some(byte) if byte != delimiter && byte != b'\n' && byte != b'\r' => Err(self.trailing(path, &text)),
            _ => Ok((RawCell::Text(text), self.end_field(delimiter))),
        }
    }

    fn unclosed(&self, path: &str, opened: u32) -> Box<Diagnostic> {
        let message = Bi::new(
            format!("第 {opened} 行打开的双引号一直没有结束"),
            format!("the double quote opened in line {opened} is never closed"),
        );
        let help = Bi::new(
            "补上结束的双引号；内容里的双引号要写两遍：`\"\"`",
            "add the closing quote; a quote within the text is written twice: `\"\"`",
        );
        Box::new(Diagnostic::at(&codes::QUOTES, line_of(path, opened), message).help(help))
    }

    fn trailing(&self, path: &str, text: &str) -> Box<Diagnostic> {
        let behind: String =
            self.text.get(self.at..).unwrap_or("").chars().take_while(|c| *c != '\n' && *c != '\r').take(20).collect();
        let text: String = text.chars().take(40).collect();
        let message = Bi::new(
            format!("`\"{text}\"` 的结束引号后面还有 `{behind}`"),
            format!("`{behind}` stands behind the closing quote of `\"{text}\"`"),
        );
        let help = Bi::new(
            "内容里的双引号要写两遍：`\"\"`；或者去掉外面的引号",
            "write a quote within the text twice: `\"\"`; or leave out the outer quotes",
        );
        Box::new(Diagnostic::at(&codes::QUOTES, line_of(path, self.line), message).help(help))
    }
}

fn line_of(path: &str, line: u32) -> Place {
    Place::Data { path: path.to_owned(), sheet: None, row: Some(u64::from(line)), column: None, cell: None }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_text_in_parts_is_the_same_text() {
        let texts = [
            "a,b\r\n1,2\n\n3,4\r5,6\n,\n7,8",
            "a;b\n",
            "x\n\n\n\n\ny\n",
            "sep=;\na;b\r\n1;2\r\n3;4\r\n",
            "a\n1",
            "\"a\nb\",\"\"\"\n\"\nx,\"\ny\"\nz\n",
            "a\n5\" pipe\n\"x\ny\"\n6\" pipe\n",
        ];
        for text in texts {
            let whole = parse(text, "a.csv", None).expect("well-formed");
            let mut scan = Scan { text, at: 0, line: 1, stray: false };
            if separator_line(text).is_some() {
                scan.skip_line();
            }
            let delimiter = if text.contains(';') { b';' } else { b',' };
            for threads in 1..8 {
                let parts = in_parts(&scan, delimiter, "a.csv", threads);
                let from_its_start = text.contains("pipe");
                assert_eq!(parts, (!from_its_start).then(|| whole.clone()), "{text:?} by {threads}");
            }
            let only: BTreeSet<u32> = (0..whole.len()).skip(1).step_by(2).map(|row| whole.number(row)).collect();
            let some = read(text, "a.csv", None, Some(&only)).expect("well-formed");
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

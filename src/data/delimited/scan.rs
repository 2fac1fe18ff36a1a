//! The fields of delimited text: bytes in, rows of fields out, with the lines that they begin in.
//!
//! Knows neither the encoding of the text, as long as its signs are ASCII, nor what the fields are used for.

use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};
use crate::data::pieces::Field;

/// Quotes that do not match.
#[derive(Debug)]
pub enum Fault {
    /// The quote opened in a line is never closed.
    Unclosed(u32),
    /// In a line, something stands behind a closing quote.
    Trailing(u32, String, String),
}

/// A text that is being read.
pub struct Scan<'a> {
    /// The text.
    pub text: &'a [u8],
    /// How far it is read.
    pub at: usize,
    /// The line there, from 1.
    pub line: u32,
    /// A quote stood within a field that is not quoted.
    pub stray: bool,
    pub delimiter: u8,
    /// Fields end with a byte that is less than this one, eight times.
    ends: u64,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;
/// Above the quote and the line ends.
const QUOTED: u64 = ONES * (b'"' as u64 + 1);

impl<'a> Scan<'a> {
    /// From a place in a text on, which is in a line.
    pub fn new(text: &'a [u8], (at, line): (usize, u32), delimiter: u8) -> Self {
        let ends = ONES * (u64::from(delimiter.clamp(b'"', 0x7f)) + 1);
        Scan { text, at, line, stray: false, delimiter, ends }
    }

    /// The fields of the next row, and the line that it begins in; `None`: there is no more. A line without anything has no
    /// fields.
    pub fn row(&mut self, fields: &mut Vec<Field<'a>>) -> Result<Option<u32>, Fault> {
        fields.clear();
        if self.at >= self.text.len() {
            return Ok(None);
        }
        let line = self.line;
        while self.field(fields)? {}
        if let [Field::Empty] = fields.as_slice() {
            fields.clear();
        }
        Ok(Some(line))
    }

    pub fn skip_line(&mut self) {
        while let Some(byte) = self.peek() {
            if matches!(byte, b'\n' | b'\r') {
                self.line_end();
                return;
            }
            self.at += 1;
        }
    }

    fn between(&self, start: usize, end: usize) -> &'a [u8] {
        self.text.get(start..end).unwrap_or(&[])
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The next place of a byte below a limit, which is said eight times; the end, if there is none.
    fn below(&self, mut at: usize, limit: u64) -> usize {
        while let Some(eight) = self.text.get(at..).and_then(|rest| rest.first_chunk()) {
            let word = u64::from_le_bytes(*eight);
            let below = word.wrapping_sub(limit) & !word & HIGHS;
            if below != 0 {
                return at + (below.trailing_zeros() / 8) as usize;
            }
            at += 8;
        }
        let rest = self.text.get(at..).unwrap_or(&[]);
        at + rest.iter().position(|byte| u64::from(*byte) < limit & 0xff).unwrap_or(rest.len())
    }

    /// Steps over a line end.
    fn line_end(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        } else if self.text.get(self.at.wrapping_sub(1)) != Some(&b'\r') {
            return;
        }
        self.line = self.line.saturating_add(1);
    }

    /// Adds a field, and says whether another one follows in the row.
    fn field(&mut self, fields: &mut Vec<Field<'a>>) -> Result<bool, Fault> {
        let start = self.at;
        let mut open = start;
        while matches!(self.text.get(open), Some(b' ')) && self.delimiter != b' ' {
            open += 1;
        }
        if self.text.get(open) == Some(&b'"') && self.delimiter != b'"' {
            self.at = open + 1;
            return self.quoted(fields);
        }
        let mut end = start;
        let more = loop {
            end = self.below(end, self.ends);
            match self.text.get(end) {
                Some(byte) if *byte == self.delimiter => {
                    self.stray |= *byte == b'"';
                    self.at = end + 1;
                    break true;
                }
                Some(b'\n' | b'\r') => {
                    self.at = end;
                    self.line_end();
                    break false;
                }
                Some(byte) => {
                    self.stray |= *byte == b'"';
                    end += 1;
                }
                None => {
                    self.at = end;
                    break false;
                }
            }
        };
        fields.push(if end == start { Field::Empty } else { Field::Text(self.between(start, end).into()) });
        Ok(more)
    }

    fn end_field(&mut self) -> bool {
        match self.peek() {
            Some(byte) if byte == self.delimiter => {
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

    fn quoted(&mut self, fields: &mut Vec<Field<'a>>) -> Result<bool, Fault> {
        let opened = self.line;
        let mut start = self.at;
        let mut made: Option<Vec<u8>> = None;
        let field = loop {
            self.at = self.below(self.at, QUOTED);
            match self.peek() {
                None => return Err(Fault::Unclosed(opened)),
                Some(b'"') => {
                    let end = self.at;
                    self.at += 1;
                    if self.peek() == Some(b'"') {
                        self.at += 1;
                        made.get_or_insert_default().extend_from_slice(self.between(start, end + 1));
                        start = self.at;
                        continue;
                    }
                    let piece = self.between(start, end);
                    break Field::Text(match made {
                        None => piece.into(),
                        Some(mut made) => {
                            made.extend_from_slice(piece);
                            made.into()
                        }
                    });
                }
                Some(b'\n' | b'\r') => self.line_end(),
                Some(_) => self.at += 1,
            }
        };
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        match self.peek() {
            Some(byte) if byte != self.delimiter && byte != b'\n' && byte != b'\r' => Err(self.trailing(&field)),
            _ => {
                fields.push(field);
                Ok(self.end_field())
            }
        }
    }

    fn trailing(&self, field: &Field<'_>) -> Fault {
        let some = |bytes: &[u8], most: usize| String::from_utf8_lossy(bytes).chars().take(most).collect();
        let rest = self.text.get(self.at..).unwrap_or(&[]);
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let behind = rest.get(..end).unwrap_or(rest);
        Fault::Trailing(self.line, some(field.bytes(), 40), some(behind, 20))
    }
}

impl Fault {
    /// What is said of it.
    pub fn diagnostic(self, path: &str) -> Box<Diagnostic> {
        let (line, message, help) = match self {
            Fault::Unclosed(line) => (
                line,
                Bi::new(
                    format!("第 {line} 行打开的双引号一直没有结束"),
                    format!("the double quote opened in line {line} is never closed"),
                ),
                Bi::new(
                    "补上结束的双引号；内容里的双引号要写两遍：`\"\"`",
                    "add the closing quote; a quote within the text is written twice: `\"\"`",
                ),
            ),
            Fault::Trailing(line, text, behind) => (
                line,
                Bi::new(
                    format!("`\"{text}\"` 的结束引号后面还有 `{behind}`"),
                    format!("`{behind}` stands behind the closing quote of `\"{text}\"`"),
                ),
                Bi::new(
                    "内容里的双引号要写两遍：`\"\"`；或者去掉外面的引号",
                    "write a quote within the text twice: `\"\"`; or leave out the outer quotes",
                ),
            ),
        };
        let row = Some(u64::from(line));
        let place = Place::Data { path: path.to_owned(), sheet: None, row, column: None, cell: None };
        Box::new(Diagnostic::at(&codes::QUOTES, place, message).help(help))
    }
}

//! A file in pieces that end where rows end, with the hash of all of them: what is large is never held whole.

use std::fs::File;
use std::io::{self, Read};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::base::room_for;
use crate::data::source::Source;

/// A source that is being read, piece after piece.
pub struct Feed {
    rest: Rest,
    /// How many bytes a piece has about.
    length: usize,
    /// See [`Cut::quotes`].
    quotes: bool,
    pieces: usize,
    hash: Option<Sha256>,
}

enum Rest {
    /// A file, and what was read of it beyond the last row.
    File(File, Vec<u8>),
    Memory(Bytes),
}

/// Some rows.
pub struct Piece {
    /// Which it is, from 0.
    pub number: usize,
    pub bytes: Bytes,
    /// Nothing comes behind it.
    pub is_last: bool,
}

/// Looks for the end of the last row in bytes that begin with a row.
struct Cut {
    /// Rows go on over line ends within quotes.
    quotes: bool,
    searched: usize,
    open: bool,
}

impl Cut {
    fn new(quotes: bool) -> Self {
        Cut { quotes, searched: 0, open: false }
    }

    /// Where it is, after more bytes came. Quotes come in pairs, but where one stands within a field that is not quoted: a line
    /// end after an even number of them ends a row.
    fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        let new = bytes.get(self.searched..).unwrap_or(&[]);
        let is_quote = |byte: &u8| self.quotes && *byte == b'"';
        self.open ^= new.iter().filter(|byte| is_quote(byte)).count() % 2 == 1;
        let mut open = self.open;
        let end = new.iter().rposition(|byte| {
            open ^= is_quote(byte);
            *byte == b'\n' && !open
        });
        let end = end.map(|at| self.searched + at + 1);
        self.searched = bytes.len();
        end
    }
}

impl Feed {
    /// Opens a source; `quotes`: rows go on over line ends within quotes. What is in memory is hashed elsewhere.
    pub fn open(source: &Source, length: usize, quotes: bool) -> io::Result<Self> {
        let rest = match source {
            Source::File(path) => Rest::File(File::open(path)?, Vec::new()),
            Source::Memory(bytes) => Rest::Memory(bytes.clone()),
        };
        let hash = matches!(rest, Rest::File(..)).then(Sha256::new);
        Ok(Feed { rest, length: length.max(1), quotes, pieces: 0, hash })
    }

    /// The next piece; `None`: there is no more. A quote that is never closed makes the rest one piece.
    pub fn next(&mut self) -> io::Result<Option<Piece>> {
        let mut cut = Cut::new(self.quotes);
        let (bytes, is_last) = match &mut self.rest {
            Rest::File(file, beyond) => {
                room_for(self.length as u64)?;
                let mut bytes = std::mem::take(beyond);
                bytes.reserve_exact(self.length);
                loop {
                    let before = bytes.len();
                    file.by_ref().take(self.length as u64).read_to_end(&mut bytes)?;
                    if let Some(hash) = &mut self.hash {
                        hash.update(bytes.get(before..).unwrap_or(&[]));
                    }
                    if bytes.len() - before < self.length {
                        break (Bytes::from(bytes), true);
                    }
                    if let Some(end) = cut.find(&bytes) {
                        *beyond = bytes.get(end..).unwrap_or(&[]).to_vec();
                        bytes.truncate(end);
                        break (Bytes::from(bytes), false);
                    }
                }
            }
            Rest::Memory(rest) => {
                let mut seen = 0usize;
                let end = loop {
                    seen = seen.saturating_add(self.length);
                    match rest.get(..seen).filter(|seen| seen.len() < rest.len()) {
                        None => break rest.len(),
                        Some(seen) => {
                            if let Some(end) = cut.find(seen) {
                                break end;
                            }
                        }
                    }
                };
                let piece = rest.split_to(end);
                (piece, rest.is_empty())
            }
        };
        if bytes.is_empty() {
            return Ok(None);
        }
        self.pieces += 1;
        Ok(Some(Piece { number: self.pieces - 1, bytes, is_last }))
    }

    /// The SHA-256 of a file that was read to its end.
    pub fn sha256(self) -> Option<String> {
        self.hash.map(|hash| crate::data::hex(&hash.finalize()))
    }
}

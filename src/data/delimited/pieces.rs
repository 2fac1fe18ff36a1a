//! Delimited text that is read in pieces by several threads, straight into packed columns: neither the file nor its cells are
//! ever held whole.
//!
//! Heading and layout are found in the first rows. What is not certain without all rows at hand (notes, other tables below,
//! rows of another width, quotes in odd places) is refused, and the text read whole.

use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};

use super::feed::{Feed, Piece};
use super::{Delimited, Scan, begin};
use crate::base::{in_ranges, threads};
use crate::data::encoding::decode;
use crate::data::layout::{self, Wanted};
use crate::data::notes::Notes;
use crate::data::raw::{RawSheet, ReadOptions};
use crate::data::rows::{Builder, Columns, Numbering, Packed, Provenance, Refused, Share, Use, plain};
use crate::data::source::Source;
use crate::data::submission::choose;
use crate::quantity::Units;

/// About how many bytes a piece has.
pub const PIECE: usize = 1 << 20;

/// What was added to a table.
pub struct Added {
    /// How many rows.
    pub rows: u64,
    /// The SHA-256 of just what was read, of a file.
    pub sha256: Option<String>,
}

/// Why reading in pieces stopped.
enum Stop {
    Io(io::Error),
    Refused(Refused),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Io(error)
    }
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Stop::Refused(refused)
    }
}

/// How a text is read.
#[derive(Clone, Copy)]
struct Form<'o> {
    delimiter: Option<u8>,
    /// `None`: it is UTF-8 without a mark.
    encoding: Option<Option<&'o str>>,
    piece: usize,
}

impl Delimited {
    /// Adds a text to a table column by column; `None`: it has to be read whole, and is held for it. `piece`: about how many
    /// bytes are read at once.
    pub fn add(
        &self,
        source: &mut Source,
        piece: usize,
        (options, wanted, from): (&ReadOptions, Wanted<'_>, Provenance<'_>),
        builder: &mut Builder<'_>,
        notes: &mut Notes,
    ) -> io::Result<Option<Added>> {
        let encoding = options.encoding.as_deref();
        let form = Form { delimiter: options.delimiter.or(self.delimiter), encoding: Some(encoding), piece };
        let mut refused = match form.add(source, wanted, from, builder, notes) {
            Ok(added) => return Ok(Some(added)),
            Err(Stop::Io(error)) => return Err(error),
            Err(Stop::Refused(refused)) => refused,
        };
        let bytes = source.bytes()?;
        *source = Source::Memory(bytes.clone());
        if refused == Refused::Form {
            return Ok(None);
        }
        let text = match decode(&bytes, from.path, encoding) {
            Ok(Cow::Borrowed(text)) => bytes.slice_ref(text.as_bytes()),
            Ok(Cow::Owned(text)) => Bytes::from(text),
            Err(_) => return Ok(None),
        };
        let text = Source::Memory(text);
        for (why, piece) in [(Refused::Encoding, piece), (Refused::Stray, usize::MAX)] {
            if refused == why {
                match (Form { encoding: None, piece, ..form }).add(&text, wanted, from, builder, notes) {
                    Ok(added) => return Ok(Some(added)),
                    Err(Stop::Io(error)) => return Err(error),
                    Err(Stop::Refused(why)) => refused = why,
                }
            }
        }
        Ok(None)
    }

    /// Some rows of a file that was read in pieces, by the lines that they begin in; `None`: it is no longer the file that was
    /// read.
    pub fn quote(&self, source: &Source, options: &ReadOptions, sha256: &str) -> Option<RawSheet<'static>> {
        let only = options.only.as_ref()?;
        let mut feed = Feed::open(source, PIECE).ok()?;
        let mut sheet = RawSheet::new(None);
        let (mut fields, mut line, mut delimiter) = (Vec::new(), 0, options.delimiter.or(self.delimiter));
        while let Some(piece) = feed.next().ok()? {
            let mut scan = if piece.number == 0 {
                begin(&piece.bytes, utf8(&piece.bytes, options.encoding.as_deref())?, delimiter).0
            } else {
                Scan::new(&piece.bytes, 0, delimiter?)
            };
            delimiter = Some(scan.delimiter);
            scan.line += line;
            let mut some = RawSheet::new(None);
            while !scan.is_at_end() {
                let number = scan.row(&mut fields).ok()?;
                if only.contains(&number) {
                    super::add(&mut some, &fields, scan.text, number)?;
                }
            }
            line = scan.line - 1;
            sheet.append(some.into_owned());
        }
        (feed.sha256()? == sha256).then_some(sheet)
    }
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

/// The first rows of a text.
struct Head<'t> {
    sheet: RawSheet<'t>,
    /// Where each ends, and the line there.
    ends: Vec<(usize, u32)>,
    delimiter: u8,
    /// There are no more rows.
    is_all: bool,
}

impl<'t> Head<'t> {
    fn read(piece: &Piece, text: &'t [u8], form: Form<'_>) -> Result<Self, Refused> {
        let at = match form.encoding {
            Some(label) => utf8(text, label).ok_or(Refused::Encoding)?,
            None => 0,
        };
        let (mut scan, is_told) = begin(text, at, form.delimiter);
        if !is_told && !piece.is_last {
            return Err(Refused::Form);
        }
        let mut sheet = RawSheet::new(None);
        sheet.strict_width = true;
        let (mut fields, mut ends) = (Vec::new(), Vec::new());
        while !scan.is_at_end() && ends.len() < layout::SEARCHED {
            let number = scan.row(&mut fields).map_err(|_| Refused::Form)?;
            super::add(&mut sheet, &fields, text, number).ok_or(Refused::Encoding)?;
            ends.push((scan.at, scan.line));
        }
        if text.get(..scan.at).is_some_and(|head| head.contains(&0)) {
            return Err(Refused::Encoding);
        }
        Ok(Head { sheet, ends, delimiter: scan.delimiter, is_all: piece.is_last && scan.is_at_end() })
    }
}

impl Form<'_> {
    fn add(
        self,
        source: &Source,
        wanted: Wanted<'_>,
        from: Provenance<'_>,
        builder: &mut Builder<'_>,
        notes: &mut Notes,
    ) -> Result<Added, Stop> {
        let mut feed = Feed::open(source, self.piece)?;
        let first = feed.next()?.ok_or(Refused::Form)?;
        let bytes = first.bytes.clone();
        let head = Head::read(&first, &bytes, self)?;
        let sheets = [head.sheet];
        let mut chosen = choose(&sheets, wanted, from).map_err(|_| Refused::Form)?;
        let (sheet, sections, remarks) = chosen.pop().ok_or(Refused::Form)?;
        let [section] = sections.as_slice() else { return Err(Refused::Form.into()) };
        let layout = &section.layout;
        // Lines between rows may name members.
        let lines_speak = from.binding.is_some_and(|binding| !binding.above.is_empty());
        if lines_speak || (layout.undecided && !head.is_all) {
            return Err(Refused::Form.into());
        }
        let uses = builder.uses(layout, from).ok_or(Refused::Form)?;
        let (at, line) = head.ends.get(layout.last_heading).copied().ok_or(Refused::Form)?;
        let threads = if first.is_last { 1 } else { threads(size(source), self.piece) };
        let (shares, feed) = read(feed, (first, at, line), head.delimiter, &uses, threads)?;
        let Columns { mut packed, beside, lines } = Columns::joined(shares, line)?;
        let probes = layout::probes(sheet, layout, &wanted.suite.units);
        let again = |probe: &layout::Probe| {
            packed.get(probe.column).is_none_or(|column| may_hold(column.as_ref(), probe, &wanted.suite.units))
        };
        if lines.rows == 0 || (!probes.is_empty() && probes.iter().all(again)) {
            return Err(Refused::Form.into());
        }
        let packed = layout.columns.iter().map(|source| packed.get_mut(source.as_ref()?.column)?.take()).collect();
        let rows = Numbering { rows: lines.rows, number: &|row| lines.number(row) };
        notes.extend(remarks);
        let added = builder.add_columns(sheet, layout, packed, (rows, &beside), from, notes);
        Ok(Added { rows: added.ok_or(Refused::Form)?, sha256: feed.sha256() })
    }
}

fn size(source: &Source) -> usize {
    source.size().and_then(|size| usize::try_from(size).ok()).unwrap_or_default()
}

/// May the heading of a column stand among its cells again?
fn may_hold(column: Option<&Packed>, probe: &layout::Probe, units: &Units) -> bool {
    match column {
        Some(Packed::Coded(texts, _)) => texts.iter().any(|text| probe.fits(&text.text(), units)),
        Some(Packed::Numbers(numbers)) => {
            probe.is(|heading| plain(heading.as_bytes()).is_some())
                || numbers.others.iter().any(|(_, text)| probe.fits(text, units))
        }
        None => true,
    }
}

/// Reads all pieces by threads; of the first, what comes behind a place in a line.
fn read(
    feed: Feed,
    (first, at, line): (Piece, usize, u32),
    delimiter: u8,
    uses: &[Use],
    threads: usize,
) -> Result<(Vec<Share<'_>>, Feed), Stop> {
    let (feed, stop) = (Mutex::new(feed), AtomicBool::new(false));
    let first = Mutex::new(Some(first));
    let take = |share: &mut Share<'_>, piece: &Piece| {
        let mut scan = Scan::new(&piece.bytes, 0, delimiter);
        if piece.number == 0 {
            (scan.at, scan.line) = (at, line);
        }
        let taken = share.take(piece.number, &mut scan);
        let is_whole = piece.number == 0 && piece.is_last;
        if scan.stray && !is_whole { Err(Refused::Stray) } else { taken }
    };
    let work = |_| -> Result<Share<'_>, Stop> {
        let mut share = Share::new(uses);
        let mut next = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        while !stop.load(Ordering::Relaxed) {
            let piece = match next.take() {
                Some(piece) => piece,
                None => match feed.lock().unwrap_or_else(PoisonError::into_inner).next()? {
                    Some(piece) => piece,
                    None => break,
                },
            };
            take(&mut share, &piece)?;
        }
        Ok(share)
    };
    let work = |range| work(range).inspect_err(|_| stop.store(true, Ordering::Relaxed));
    let mut shares = Vec::with_capacity(threads);
    let mut stopped: Option<Stop> = None;
    for read in in_ranges(threads, 1, work) {
        match (read, &stopped) {
            (Ok(share), _) => shares.push(share),
            // What was found first may be no fault, once the text is read in another way.
            (Err(Stop::Refused(why)), Some(Stop::Refused(before))) if why >= *before => {}
            (Err(_), Some(Stop::Io(_))) => {}
            (Err(why), _) => stopped = Some(why),
        }
    }
    match stopped {
        Some(why) => Err(why),
        None => Ok((shares, feed.into_inner().unwrap_or_else(PoisonError::into_inner))),
    }
}

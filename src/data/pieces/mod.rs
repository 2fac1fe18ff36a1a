//! Text that is read in pieces by several threads, straight into packed columns: neither the file nor its cells are ever held
//! whole.
//!
//! Heading and layout are found in the first rows. What is not certain without all rows at hand (notes, other tables below,
//! rows of another form, quotes in odd places, keys that only later rows have) is refused, and the text read whole.

mod feed;
mod field;
mod head;

use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use head::{Head, Reading};

use crate::base::{in_ranges, threads};
use crate::data::delimited::Delimited;
use crate::data::encoding::decode;
use crate::data::layout::{self, Wanted};
use crate::data::notes::Notes;
use crate::data::raw::{RawSheet, ReadOptions};
use crate::data::rows::{Builder, Columns, Numbering, Packed, Provenance, Refused, Share, Use, plain};
use crate::data::source::Source;
use crate::data::submission::choose;
use crate::quantity::Units;

pub use feed::{Feed, Piece};
pub use field::Field;
pub use head::Rows;

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

/// The forms of text that can be read in pieces.
#[derive(Clone, Copy, Debug)]
pub enum TextForm {
    /// Delimited text.
    Delimited(Delimited),
    /// A JSON object a line.
    Objects,
}

/// How a text is read.
#[derive(Clone, Copy)]
struct Form<'o> {
    text: TextForm,
    /// `None`: it is UTF-8 without a mark.
    encoding: Option<Option<&'o str>>,
    piece: usize,
}

impl TextForm {
    /// With what a binding says of it.
    fn with(self, options: &ReadOptions) -> Self {
        match self {
            TextForm::Delimited(own) => {
                TextForm::Delimited(Delimited { delimiter: options.delimiter.or(own.delimiter) })
            }
            TextForm::Objects => TextForm::Objects,
        }
    }

    /// Opens a source of such text.
    fn open(self, source: &Source, piece: usize) -> io::Result<Feed> {
        Feed::open(source, piece, matches!(self, TextForm::Delimited(_)))
    }

    /// Adds a text to a table column by column; `None`: it has to be read whole, and is held for it. `piece`: about how many
    /// bytes are read at once.
    pub fn add(
        self,
        source: &mut Source,
        piece: usize,
        (options, wanted, from): (&ReadOptions, Wanted<'_>, Provenance<'_>),
        builder: &mut Builder<'_>,
        notes: &mut Notes,
    ) -> io::Result<Option<Added>> {
        let encoding = options.encoding.as_deref();
        let form = Form { text: self.with(options), encoding: Some(encoding), piece };
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
    pub fn quote(self, source: &Source, options: &ReadOptions, sha256: &str) -> Option<RawSheet<'static>> {
        let only = options.only.as_ref()?;
        let form = Form { text: self.with(options), encoding: Some(options.encoding.as_deref()), piece: PIECE };
        let mut feed = form.text.open(source, form.piece).ok()?;
        let (mut sheet, mut reading, mut line) = (RawSheet::new(None), None, 1);
        while let Some(piece) = feed.next().ok()? {
            let (reading, begin) = match &mut reading {
                Some(reading) => (&*reading, (0, line)),
                None => {
                    let head = Head::read(&piece, &piece.bytes, form).ok()?;
                    (&*reading.insert(head.reading), *head.begins.first()?)
                }
            };
            let mut rows = reading.rows(&piece.bytes, begin).ok()?;
            let (mut some, mut fields) = (RawSheet::new(None), Vec::new());
            while let Some(number) = rows.row(&mut fields).ok()? {
                if only.contains(&number) {
                    some.add(&fields, number)?;
                }
            }
            line = rows.line();
            sheet.append(some.into_owned());
        }
        (feed.sha256()? == sha256).then_some(sheet)
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
        let mut feed = self.text.open(source, self.piece)?;
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
        let begin = head.begins.get(layout.last_heading + 1).copied().ok_or(Refused::Form)?;
        let threads = if first.is_last { 1 } else { threads(size(source), self.piece) };
        let (shares, feed) = read(feed, (first, begin), &head.reading, &uses, threads)?;
        let Columns { mut packed, beside, lines } = Columns::joined(shares, begin.1)?;
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
                || numbers.others.iter().any(|(_, cell)| probe.fits(&cell.text(), units))
        }
        None => true,
    }
}

/// Reads all pieces by threads; of the first, what comes behind a place in a line.
fn read<'u>(
    feed: Feed,
    (first, begin): (Piece, (usize, u32)),
    reading: &Reading,
    uses: &'u [Use],
    threads: usize,
) -> Result<(Vec<Share<'u>>, Feed), Stop> {
    let (feed, stop) = (Mutex::new(feed), AtomicBool::new(false));
    let first = Mutex::new(Some(first));
    let take = |share: &mut Share<'_>, piece: &Piece| {
        let mut rows = reading.rows(&piece.bytes, if piece.number == 0 { begin } else { (0, 1) })?;
        let taken = share.take(piece.number, &mut rows);
        let is_whole = piece.number == 0 && piece.is_last;
        if rows.is_stray() && !is_whole { Err(Refused::Stray) } else { taken }
    };
    let work = |_| -> Result<Share<'u>, Stop> {
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

//! The parts of a Parquet file, each read from where the file is.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;

use crate::data::source::Source;

/// A source that is open; each thread has its own.
pub enum Opened<'a> {
    File(File),
    Memory(&'a Bytes),
}

impl Source {
    /// What the end of the file says of its columns and row groups.
    pub fn metadata(&self) -> Result<ParquetMetaData> {
        match self {
            Source::File(path) => ParquetMetaDataReader::new().parse_and_finish(&File::open(path)?),
            Source::Memory(bytes) => ParquetMetaDataReader::new().parse_and_finish(bytes),
        }
    }

    pub fn open(&self) -> io::Result<Opened<'_>> {
        match self {
            Source::File(path) => File::open(path).map(Opened::File),
            Source::Memory(bytes) => Ok(Opened::Memory(bytes)),
        }
    }
}

impl Opened<'_> {
    fn read(&mut self, start: u64, length: u64) -> Result<Bytes> {
        let short = || ParquetError::EOF(format!("{length} bytes at {start}"));
        match self {
            Opened::Memory(bytes) => {
                let end = start.checked_add(length).and_then(|end| usize::try_from(end).ok()).ok_or_else(short)?;
                let start = usize::try_from(start)?;
                if end > bytes.len() { Err(short()) } else { Ok(bytes.slice(start..end)) }
            }
            Opened::File(file) => {
                let mut buffer = Vec::new();
                file.seek(SeekFrom::Start(start))?;
                file.take(length).read_to_end(&mut buffer)?;
                if buffer.len() as u64 == length { Ok(buffer.into()) } else { Err(short()) }
            }
        }
    }

    /// The pages of a column in a row group.
    pub fn pages(&mut self, chunk: &ColumnChunkMetaData, rows: usize) -> Result<SerializedPageReader<Region>> {
        let (start, length) = chunk.byte_range();
        let region = Region { start, bytes: self.read(start, length)? };
        SerializedPageReader::new(region.into(), chunk, rows, None)
    }

    /// The first page alone, if the file says that it is a dictionary.
    pub fn dictionary(&mut self, chunk: &ColumnChunkMetaData) -> Result<Option<SerializedPageReader<Region>>> {
        let (start, _) = chunk.byte_range();
        let Some(at) = chunk.dictionary_page_offset() else { return Ok(None) };
        let length = chunk.data_page_offset().checked_sub(at).and_then(|length| u64::try_from(length).ok());
        let Some(length) = length.filter(|length| *length > 0 && u64::try_from(at) == Ok(start)) else {
            return Ok(None);
        };
        let region = Region { start, bytes: self.read(start, length)? };
        SerializedPageReader::new(region.into(), chunk, 0, None).map(Some)
    }
}

/// Bytes of a file, from a place on.
pub struct Region {
    start: u64,
    bytes: Bytes,
}

impl Length for Region {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl Region {
    fn from(&self, start: u64) -> Result<usize> {
        let at = start.checked_sub(self.start).and_then(|at| usize::try_from(at).ok());
        at.filter(|at| *at <= self.bytes.len()).ok_or_else(|| ParquetError::EOF(format!("nothing at {start}")))
    }
}

impl ChunkReader for Region {
    type T = Cursor<Bytes>;

    fn get_read(&self, start: u64) -> Result<Cursor<Bytes>> {
        Ok(Cursor::new(self.bytes.slice(self.from(start)?..)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let at = self.from(start)?;
        match at.checked_add(length).filter(|end| *end <= self.bytes.len()) {
            Some(end) => Ok(self.bytes.slice(at..end)),
            None => Err(ParquetError::EOF(format!("{length} bytes at {start}"))),
        }
    }
}

//! Where the bytes of a submitted file are: on disk, where only what is needed is read, or in memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::base::room_for;

/// Where the bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// On disk.
    File(PathBuf),
    /// In memory.
    Memory(Bytes),
}

/// All bytes of a file, if there is room for them.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    room_for(path.metadata()?.len())?;
    std::fs::read(path)
}

impl Source {
    /// How many bytes it has, if that can be told.
    pub fn size(&self) -> Option<u64> {
        match self {
            Source::Memory(bytes) => Some(bytes.len() as u64),
            Source::File(path) => path.metadata().ok().map(|metadata| metadata.len()),
        }
    }

    /// All of it.
    pub fn bytes(&self) -> io::Result<Bytes> {
        match self {
            Source::Memory(bytes) => Ok(bytes.clone()),
            Source::File(path) => read(path).map(Bytes::from),
        }
    }

    /// SHA-256 of the whole, in lower-case hex, without holding it.
    pub fn sha256(&self) -> io::Result<String> {
        match self {
            Source::Memory(bytes) => Ok(super::sha256(bytes)),
            Source::File(path) => {
                let mut file = File::open(path)?;
                let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
                loop {
                    let read = file.read(&mut buffer)?;
                    match buffer.get(..read) {
                        Some([]) | None => break,
                        Some(bytes) => hash.update(bytes),
                    }
                }
                Ok(super::hex(&hash.finalize()))
            }
        }
    }
}

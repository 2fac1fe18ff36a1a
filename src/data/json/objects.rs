//! Objects that stand in a line each, of which all keys are known: text in, rows of fields out, with their lines.
//!
//! Strict where the reading of a whole file is strict, and besides: what is not plainly a row of the table is refused, and said
//! by nobody here.

use std::borrow::Cow;
use std::fmt;
use std::str::Lines;

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::Number;
use serde_json::value::RawValue;

use crate::data::pieces::Field;

/// The keys of a text, in the order in which they first stand there.
pub type Keys = IndexSet<Box<str>, RandomState>;

/// A text that is being read.
pub struct Objects<'t> {
    lines: Lines<'t>,
    /// The line that comes next, from 1.
    pub line: u32,
    keys: &'t Keys,
    /// By key: the line in which it was last seen.
    seen: Vec<u32>,
}

impl<'t> Objects<'t> {
    /// From a line on.
    pub fn new(text: &'t str, line: u32, keys: &'t Keys) -> Self {
        Objects { lines: text.lines(), line, keys, seen: vec![0; keys.len()] }
    }

    /// The values of the next object by their keys, and its line; `None`: there is no more. Blank lines are no rows.
    pub fn row(&mut self, fields: &mut Vec<Field<'t>>) -> serde_json::Result<Option<u32>> {
        for text in self.lines.by_ref() {
            let line = self.line;
            self.line = line.saturating_add(1);
            if text.trim().is_empty() {
                continue;
            }
            fields.clear();
            fields.resize(self.keys.len(), Field::Empty);
            let mut json = serde_json::Deserializer::from_str(text);
            json.deserialize_map(Object { keys: self.keys, line, seen: &mut self.seen, fields })?;
            return json.end().map(|()| Some(line));
        }
        Ok(None)
    }
}

/// The fields of an object that is being read.
struct Object<'o, 't> {
    keys: &'o Keys,
    line: u32,
    seen: &'o mut [u32],
    fields: &'o mut [Field<'t>],
}

impl<'t> Visitor<'t> for Object<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        let mut likely = 0;
        while let Some(at) = map.next_key_seed(Key { keys: self.keys, likely })? {
            let known = at.and_then(|at| self.seen.get_mut(at).zip(self.fields.get_mut(at)));
            let (seen, field) = known.ok_or_else(|| A::Error::custom("an unknown key"))?;
            if std::mem::replace(seen, self.line) == self.line {
                return Err(A::Error::custom("a repeated key"));
            }
            *field = stated(map.next_value()?).ok_or_else(|| A::Error::custom("no plain value"))?;
            likely = at.map_or(0, |at| at + 1);
        }
        Ok(())
    }
}

/// Looks up a key, first where it is likely to be: objects mostly have their keys in the same order.
struct Key<'o> {
    keys: &'o Keys,
    likely: usize,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<usize>, E> {
        let is_likely = self.keys.get_index(self.likely).is_some_and(|known| **known == *key);
        Ok(if is_likely { Some(self.likely) } else { self.keys.get_index_of(key) })
    }
}

/// A value as it is stated; `None`: it is a list or an object, or no text at all.
fn stated(value: &RawValue) -> Option<Field<'_>> {
    let text = value.get();
    Some(match text.as_bytes() {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => Field::Text(Cow::Borrowed(inner)),
        [b'"', ..] => Field::Text(Cow::Owned(serde_json::from_str::<String>(text).ok()?.into_bytes())),
        [b'[' | b'{', ..] => return None,
        [b'n', ..] => Field::Empty,
        bytes @ [b't' | b'f', ..] => Field::Text(Cow::Borrowed(bytes)),
        // An exponent is written in one way only.
        bytes if bytes.iter().any(u8::is_ascii_alphabetic) => {
            Field::Number(serde_json::from_str::<Number>(text).ok()?.to_string().into())
        }
        _ => Field::Number(text.into()),
    })
}

//! JSON and NDJSON: an object is a row, its keys are the headings.
//!
//! Text in, a sheet whose first row holds the keys out. Numbers keep their digits. Knows no columns.

mod objects;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::encoding::decode;
use super::raw::{RawCell, RawSheet, ReadOptions, Reader, Shown};
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place, TooLarge, room_for};

pub use objects::{Keys, Objects};

/// Reads JSON.
#[derive(Clone, Copy, Debug)]
pub struct Json {
    /// One object a line, instead of a list of objects.
    pub lines: bool,
}

impl Reader for Json {
    fn read<'a>(
        &self,
        bytes: &'a [u8],
        path: &str,
        options: &ReadOptions,
    ) -> Result<Vec<RawSheet<'a>>, Box<Diagnostic>> {
        let text = decode(bytes, path, options.encoding.as_deref())?;
        let sheet = if self.lines { objects(&text, path)? } else { sheet(array(&text, path)?, path)? };
        Ok(vec![sheet])
    }
}

/// Reads a whole text with an object a line.
pub fn objects(text: &str, path: &str) -> Result<RawSheet<'static>, Box<Diagnostic>> {
    sheet(lines(text, path)?, path)
}

/// An object with its keys in order, also repeated ones.
struct Record(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Record;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Record(entries))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// So many objects are read before there is asked for room again.
const MANY: usize = 1 << 12;
/// So many bytes each, about.
const OBJECT: u64 = 1 << 10;

/// Is there room for more objects than these?
fn room_after(objects: usize) -> Result<(), TooLarge> {
    if objects.is_multiple_of(MANY) { room_for(MANY as u64 * OBJECT) } else { Ok(()) }
}

/// A list of objects; notes if there is no room for it.
struct List<'n>(&'n mut Option<TooLarge>);

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = Vec<Record>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Record>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = Vec<Record>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Record>, A::Error> {
        let mut records = Vec::new();
        while let Some(record) = list.next_element()? {
            records.push(record);
            room_after(records.len()).map_err(|why| A::Error::custom(self.0.insert(why)))?;
        }
        Ok(records)
    }
}

type Row = (u32, Vec<(String, Value)>);

fn array(text: &str, path: &str) -> Result<Vec<Row>, Box<Diagnostic>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut too_large = None;
    let mut json = serde_json::Deserializer::from_str(text);
    let records = List(&mut too_large).deserialize(&mut json).and_then(|records| json.end().map(|()| records));
    let records = records.map_err(|error| match too_large {
        Some(why) => no_room(path, why),
        None => malformed(path, &error, error.line()),
    })?;
    Ok(records.into_iter().enumerate().map(|(index, record)| (number(index + 1), record.0)).collect())
}

fn lines(text: &str, path: &str) -> Result<Vec<Row>, Box<Diagnostic>> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            room_after(index + 1).map_err(|why| no_room(path, why))?;
            let record: Record = serde_json::from_str(line).map_err(|error| malformed(path, &error, index + 1))?;
            Ok((number(index + 1), record.0))
        })
        .collect()
}

fn no_room(path: &str, why: TooLarge) -> Box<Diagnostic> {
    Box::new(why.diagnostic(Place::file(path)))
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn malformed(path: &str, error: &serde_json::Error, line: usize) -> Box<Diagnostic> {
    let (zh, en) = match error.classify() {
        serde_json::error::Category::Data => ("不是对象的列表", "this is no list of objects"),
        serde_json::error::Category::Eof => ("文件没有写完", "the file ends too early"),
        _ => ("不是 JSON 的写法", "this is not JSON"),
    };
    let message = Bi::new(
        format!("第 {line} 行第 {} 个字节：{zh}", error.column()),
        format!("line {line}, byte {}: {en}", error.column()),
    );
    let help = Bi::new(
        "写成对象的列表：`[{\"部门\": \"教育局\", \"年度\": 2021, \"金额\": 90.01}]`；`.jsonl` 一行一个对象",
        "write a list of objects: `[{\"department\": \"Education\", \"year\": 2021, \"amount\": 90.01}]`; in `.jsonl`, one a line",
    );
    let place = Place::Data { path: path.to_owned(), sheet: None, row: Some(line as u64), column: None, cell: None };
    Box::new(Diagnostic::at(&codes::JSON, place, message).help(help))
}

fn sheet(rows: Vec<Row>, path: &str) -> Result<RawSheet<'static>, Box<Diagnostic>> {
    let mut keys: Vec<String> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for (_, record) in &rows {
        for (key, _) in record {
            if !positions.contains_key(key) {
                positions.insert(key.clone(), keys.len());
                keys.push(key.clone());
            }
        }
    }
    let mut sheet = RawSheet::new(None);
    sheet.keyed = true;
    if rows.is_empty() {
        return Ok(sheet);
    }
    let width = keys.len();
    for key in keys {
        sheet.push(RawCell::Text(Cow::Owned(key)));
    }
    sheet.end_row(0);
    for (index, (number, record)) in rows.into_iter().enumerate() {
        room_after(index + 1).map_err(|why| no_room(path, why))?;
        let mut cells: Vec<Option<RawCell<'static>>> = Vec::new();
        for (key, value) in record {
            let position = positions.get(&key).copied().unwrap_or(width);
            if cells.len() <= position {
                cells.resize(position + 1, None);
            }
            if let Some(slot) = cells.get_mut(position)
                && slot.replace(raw(value)).is_some()
            {
                return Err(repeated(path, number, &key));
            }
        }
        for cell in cells {
            sheet.push(cell.unwrap_or(RawCell::Empty));
        }
        sheet.end_row(number);
    }
    Ok(sheet)
}

fn repeated(path: &str, number: u32, key: &str) -> Box<Diagnostic> {
    let message =
        Bi::new(format!("键 `{key}` 在同一个对象里写了两次"), format!("the key `{key}` stands twice in one object"));
    let help =
        Bi::new("一个对象里每个键只写一次，删去多余的一个", "each key stands once in an object: delete one of the two");
    let place = Place::Data {
        path: path.to_owned(),
        sheet: None,
        row: Some(u64::from(number)),
        column: Some(key.to_owned()),
        cell: None,
    };
    Box::new(Diagnostic::at(&codes::JSON, place, message).help(help))
}

fn raw(value: Value) -> RawCell<'static> {
    match value {
        Value::Null => RawCell::Empty,
        Value::Bool(value) => RawCell::Text(Cow::Borrowed(if value { "true" } else { "false" })),
        Value::Number(number) => RawCell::number(number.to_string(), Shown::Plainly),
        Value::String(text) => RawCell::Text(Cow::Owned(text)),
        nested @ (Value::Array(_) | Value::Object(_)) => {
            let text: String = nested.to_string().chars().take(60).collect();
            RawCell::Nested(text.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, lines: bool) -> Result<RawSheet<'static>, Box<Diagnostic>> {
        let mut sheets = Json { lines }.read(text.as_bytes(), "a.json", &ReadOptions::default())?;
        Ok(sheets.remove(0).into_owned())
    }

    #[test]
    fn numbers_keep_their_digits() {
        let sheet = read(r#"[{"a": 90.10, "b": "x"}, {"b": null, "c": true}]"#, false).expect("well-formed");
        assert_eq!(sheet.row(0).iter().map(|c| c.text().into_owned()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(sheet.row(1).first().map(|c| c.text().into_owned()).as_deref(), Some("90.10"));
        assert_eq!(sheet.number(2), 2);
        assert_eq!(sheet.row(2).get(2).map(|c| c.text().into_owned()).as_deref(), Some("true"));
        let sheet = read("{\"a\": 1e3}\n\n{\"a\": 123456789012345678901234567890.5}\n", true).expect("well-formed");
        assert_eq!(sheet.number(2), 3);
        assert_eq!(
            sheet.row(2).first().map(|c| c.text().into_owned()).as_deref(),
            Some("123456789012345678901234567890.5")
        );
    }

    #[test]
    fn what_is_no_list_of_objects_is_refused() {
        for text in ["{\"a\": 1}", "[1, 2]", "[{\"a\": 1}", "[{\"a\": 1, \"a\": 2}]", "nonsense", "[{\"a\": NaN}]"] {
            assert_eq!(read(text, false).expect_err("refused").code.code, "E0420", "{text}");
        }
        let deep = format!("[{{\"a\": {}1{}}}]", "[".repeat(5000), "]".repeat(5000));
        assert!(read(&deep, false).is_err());
        assert!(read("", false).expect("empty").is_empty());
    }
}

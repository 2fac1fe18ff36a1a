//! Bytes of a text file in, text out: UTF-8, GB18030 or UTF-16, strictly.
//!
//! A byte that is no character stops the reading with its place. Knows nothing of what the text says.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8};

use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, Place};

/// The text of a file: by its byte order mark, else by `label`, else UTF-8, else GB18030.
pub fn decode<'a>(bytes: &'a [u8], path: &str, label: Option<&str>) -> Result<Cow<'a, str>, Box<Diagnostic>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strict(bytes.get(mark..).unwrap_or(&[]), encoding, path);
    }
    if let Some(encoding) = label.and_then(|label| Encoding::for_label(label.as_bytes())) {
        return strict(bytes, encoding, path);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(Box::new(
            Diagnostic::at(
                &codes::ENCODING,
                Place::file(path),
                Bi::new(
                    format!("`{}` 不是文本文件，或是没有标记的 UTF-16", super::name_of(path)),
                    format!("`{}` is no text file, or it is UTF-16 without a mark", super::name_of(path)),
                ),
            )
            .help(help()),
        )),
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) if mostly_utf8(bytes) => strict(bytes, UTF_8, path),
        Err(_) => strict(bytes, GB18030, path),
    }
}

/// A UTF-8 file with a few damaged bytes is not GB18030, although it may happen to decode as such.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (text, _) = UTF_8.decode_without_bom_handling(bytes);
    let bad = text.chars().filter(|c| *c == '\u{fffd}').count();
    let good = text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    good > bad
}

fn strict<'a>(bytes: &'a [u8], encoding: &'static Encoding, path: &str) -> Result<Cow<'a, str>, Box<Diagnostic>> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text);
    }
    let at = first_malformed(bytes, encoding);
    let (before, _) = encoding.decode_without_bom_handling(bytes.get(..at).unwrap_or(bytes));
    let line = before.matches('\n').count() + 1;
    let name = encoding.name();
    let shown: String = bytes.iter().skip(at).take(4).map(|byte| format!("{byte:02X} ")).collect();
    let shown = shown.trim_end();
    let context: String = {
        let tail: Vec<char> = before.rsplit('\n').next().unwrap_or("").chars().rev().take(12).collect();
        tail.into_iter().rev().collect()
    };
    let message = Bi::new(
        format!("第 {line} 行 `{context}` 之后的字节 `{shown}` 不是 {name} 文字"),
        format!("line {line}, after `{context}`: the bytes `{shown}` are no {name} text"),
    );
    let place = Place::Data { path: path.to_owned(), sheet: None, row: Some(line as u64), column: None, cell: None };
    Err(Box::new(Diagnostic::at(&codes::ENCODING, place, message).help(help())))
}

fn help() -> Bi {
    Bi::new(
        "请把文件另存为 UTF-8 编码的 CSV，或在绑定里写明 `encoding`",
        "save the file as CSV in UTF-8, or name its `encoding` in the binding",
    )
}

/// Where the first bytes stand that are no character.
fn first_malformed(bytes: &[u8], encoding: &'static Encoding) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = vec![0u8; 64 * 1024];
    let mut at = 0;
    loop {
        let Some(rest) = bytes.get(at..) else { return at };
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut buffer, true);
        at += read;
        match result {
            DecoderResult::Malformed(length, after) => {
                return at.saturating_sub(usize::from(length) + usize::from(after));
            }
            DecoderResult::InputEmpty => return at,
            DecoderResult::OutputFull => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_found_and_strict() {
        let text = "部门,金额\n教育局,100\n";
        assert_eq!(decode(text.as_bytes(), "a.csv", None).as_deref(), Ok(text));
        let (gb, _, _) = GB18030.encode(text);
        assert_eq!(decode(&gb, "a.csv", None).as_deref(), Ok(text));
        let mut bom = vec![0xef, 0xbb, 0xbf];
        bom.extend_from_slice(text.as_bytes());
        assert_eq!(decode(&bom, "a.csv", None).as_deref(), Ok(text));
        let mut wide = vec![0xff, 0xfe];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(decode(&wide, "a.csv", None).as_deref(), Ok(text));
    }

    #[test]
    fn damage_has_its_line() {
        let mut damaged = "部门,金额\n教育局,100\n卫".as_bytes().to_vec();
        damaged.push(0xff);
        damaged.extend_from_slice(",200\n".as_bytes());
        let fault = decode(&damaged, "a.csv", None).expect_err("damaged");
        assert!(matches!(fault.place, Place::Data { row: Some(3), .. }), "{fault:?}");
        let (gb, _, _) = GB18030.encode("部门,金额\n教育局,100\n");
        let mut gb = gb.into_owned();
        gb.extend_from_slice(&[0xff, 0xff]);
        let fault = decode(&gb, "a.csv", None).expect_err("damaged");
        assert!(matches!(fault.place, Place::Data { row: Some(3), .. }), "{fault:?}");
        assert!(decode(b"a\0b\0", "a.csv", None).is_err());
    }
}

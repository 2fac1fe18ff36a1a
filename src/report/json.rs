//! A record or a trace in, its JSON out.

use std::fmt::Write;

use serde::Serialize;

use super::layout::steers;

/// So many bytes are looked at together.
const PIECE: usize = 1 << 6;

/// The record as indented JSON with a line break at the end. What could steer a terminal stands in it as an escape, by which
/// readers have the same text.
///
/// # Errors
/// Never in practice: all keys of records and traces are texts.
pub fn render(record: &impl Serialize) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string_pretty(record)? + "\n";
    // Outside of texts there is no such character; within them, those below U+0020 are escapes already.
    let marked = |c: char| c != '\n' && steers(c);
    // These begin all other such characters, and few of those that a record has.
    let may_begin = |byte: u8| matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2);
    let at = |(at, byte): (usize, u8)| {
        may_begin(byte) && json.get(at..).and_then(|rest| rest.chars().next()).is_some_and(marked)
    };
    let piece = |(number, piece): (usize, &[u8])| {
        // Without a way out, so that many bytes are looked at at once.
        piece.iter().fold(false, |any, byte| any | may_begin(*byte))
            && (number * PIECE..).zip(piece.iter().copied()).any(at)
    };
    if !json.as_bytes().chunks(PIECE).enumerate().any(piece) {
        return Ok(json);
    }
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if marked(c) {
            write!(text, "\\u{:04x}", u32::from(c)).map_err(serde::ser::Error::custom)?;
        } else {
            text.push(c);
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn what_steers_is_escaped_and_read_back() {
        let told = ["a\u{202e}b", "\u{9b}31m", "\u{1b}[31m\u{7}", "金额\t万元\n", "\u{7f}"];
        let json = render(&told).unwrap();
        for c in (0..=0x1ffff).filter_map(char::from_u32).filter(|c| super::steers(*c)) {
            let json = render(&c).unwrap();
            assert!(!json.contains(|c| c != '\n' && super::steers(c)), "{json:?}");
        }
        assert!(json.chars().all(|c| c == '\n' || !super::steers(c)), "{json:?}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), told);
        assert_eq!(render(&["金额"]).unwrap(), "[\n  \"金额\"\n]\n");
    }
}

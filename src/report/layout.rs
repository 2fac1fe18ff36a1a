//! Text in, lines of a given width out: wide characters take two columns, and lines break where Chinese may break.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Never at the start of a line.
const CLOSING: &str = "，。；：、！？）》」』】〕”’％…—,.;:!?)]}%";
/// Never at the end of a line.
const OPENING: &str = "（《「『【〔“‘([{";

/// The text on one line, with nothing in it that could steer a terminal.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).map(visible).collect()
}

/// A character that shows: others become U+FFFD.
fn visible(c: char) -> char {
    // XML has no place for these, and no program shows them.
    let nothing = matches!(c, '\u{fffe}' | '\u{ffff}');
    if steers(c) || nothing { '\u{fffd}' } else { c }
}

/// Controls, and the marks that turn the direction of writing.
pub fn steers(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    turns || c.is_control()
}

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text and spaces after it, up to so many columns.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Spaces, up to so many columns, and the text after them.
pub fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Adds words to a text, so far from its left edge, in lines that hang by two more columns after the first.
pub fn hang(text: &mut String, indent: usize, words: &str, width: usize) {
    for (at, part) in wrap(&clean(words), width.saturating_sub(indent)).iter().enumerate() {
        let indent = if at == 0 { indent } else { indent + 2 };
        text.push_str(&" ".repeat(indent));
        text.push_str(part);
        text.push('\n');
    }
}

/// The text in lines of at most so many columns; at least one line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    // So far, with the columns that it takes.
    let (mut line, mut taken) = (String::new(), 0);
    let mut end = |line: &mut String| {
        lines.push(line.trim_end().to_owned());
        line.clear();
    };
    for piece in pieces(text) {
        let shown = width(piece.trim_end());
        if !line.is_empty() && taken + shown > columns {
            end(&mut line);
            taken = 0;
        }
        if shown <= columns {
            line.push_str(piece);
            taken += width(piece);
            continue;
        }
        for c in piece.chars() {
            let wide = c.width().unwrap_or(0);
            if taken + wide > columns {
                end(&mut line);
                taken = 0;
            }
            line.push(c);
            taken += wide;
        }
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The parts between which a line may break; each carries the spaces after it.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut previous: Option<char> = None;
    let mut before_space: Option<char> = None;
    let begins = move |(_, c): &(usize, char)| {
        let begins = previous.is_some_and(|before| breaks(before, before_space, *c));
        if *c == ' ' && previous != Some(' ') {
            before_space = previous;
        }
        previous = Some(*c);
        begins
    };
    let mut start = 0;
    let ends = text.char_indices().filter(begins).map(|(at, _)| at).chain([text.len()]);
    ends.filter_map(move |end| text.get(std::mem::replace(&mut start, end)..end)).filter(|piece| !piece.is_empty())
}

/// May a line break between two characters? `before_space` is what stood before the spaces, if `before` is one.
fn breaks(before: char, before_space: Option<char>, after: char) -> bool {
    let wide = |c: char| c.width() == Some(2);
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    if before == ' ' {
        // A figure stays with its unit: 0.01 万元. So does a sign with its figure: ≥ 10%.
        return match before_space {
            Some(last) if last.is_ascii_digit() => !(wide(after) || after.is_alphabetic()),
            Some('≥' | '≤' | '=' | '≠' | '<' | '>') => false,
            _ => true,
        };
    }
    wide(before) || wide(after)
}

/// Rows of cells as aligned columns, each cell wrapped to its column; the last column takes what width is left.
pub fn table(rows: &[Vec<String>], columns: usize, gap: usize) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let natural = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..count).map(natural).collect();
    let room = columns.saturating_sub(gap * count.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > 8 => *widest -= 1,
            _ => break,
        }
    }
    let mut lines = Vec::new();
    for row in rows {
        let cells: Vec<Vec<String>> = row.iter().zip(&widths).map(|(cell, width)| wrap(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(&widths) {
                line.push_str(&pad(cell.get(at).map_or("", String::as_str), width + gap));
            }
            lines.push(line.trim_end().to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("公用经费 9.99%"), 14);
        assert_eq!(pad("教育局", 8), "教育局  ");
        assert_eq!(pad_left("合格", 6), "  合格");
    }

    #[test]
    fn lines_break_where_chinese_may_break() {
        assert_eq!(wrap("一二三四，五六", 8), ["一二三", "四，五六"]);
        assert_eq!(wrap("还需压减 0.01 万元", 12), ["还需压减", "0.01 万元"]);
        assert_eq!(wrap("a long english line", 10), ["a long", "english", "line"]);
        assert_eq!(wrap("abcdefghijklmnop", 8), ["abcdefgh", "ijklmnop"]);
        assert_eq!(wrap("", 8), [""]);
        for line in wrap("压减“三公”经费（含公务接待费、公务用车购置及运行费、因公出国境费）。", 10)
        {
            assert!(width(&line) <= 12, "{line}");
            assert!(!line.starts_with(['，', '。', '）', '、', '”']), "{line}");
        }
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\r\nc\u{202e}"), "a\u{fffd}[31mb  c\u{fffd}");
        assert_eq!(clean("\u{61c}\u{200f}\u{ffff}\u{0}"), "\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
    }

    #[test]
    fn columns_align() {
        let rows = [vec!["部门".into(), "实际".into()], vec!["教育局".into(), "9.99%".into()]];
        assert_eq!(table(&rows, 40, 2), ["部门    实际", "教育局  9.99%"]);
    }
}

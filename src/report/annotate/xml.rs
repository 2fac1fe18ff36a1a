//! Changes to the text of an XML part that leave all the rest of it as it is, byte for byte.
//!
//! A text in, its tags with their ranges out; a list of edits in, the changed text out. Knows no vocabulary.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `<a>`
    Start,
    /// `</a>`
    End,
    /// `<a/>`
    Empty,
}

/// A tag as it stands.
#[derive(Clone, Debug)]
pub struct Tag<'a> {
    /// What it does.
    pub kind: Kind,
    /// Its name without prefix.
    pub name: &'a str,
    /// Its prefix with the colon, or nothing.
    pub prefix: &'a str,
    /// Where it stands.
    pub range: Range<usize>,
    /// How many elements it stands in.
    pub depth: usize,
    /// From `<` to `>`.
    pub text: &'a str,
}

impl Tag<'_> {
    /// The raw value of an attribute by its name, prefix and all.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) =
            attributes(self.text).into_iter().find(|(range, _)| self.text.get(range.clone()) == Some(name))?;
        self.text.get(value)
    }

    /// The value of an attribute as a number.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// The tag with an attribute set; the value is already escaped.
    pub fn with(&self, name: &str, value: &str) -> String {
        let found = attributes(self.text).into_iter().find(|(range, _)| self.text.get(range.clone()) == Some(name));
        let range = match found {
            Some((_, range)) => return replaced(self.text, &range, value),
            None => {
                let end = if self.kind == Kind::Empty { "/>" } else { ">" };
                let at = self.text.strip_suffix(end).map_or(self.text.len(), |rest| rest.trim_end().len());
                at..at
            }
        };
        replaced(self.text, &range, &format!(" {name}=\"{value}\""))
    }

    /// An empty element as a start tag.
    pub fn opened(&self) -> String {
        let inner = self.text.strip_suffix("/>").unwrap_or(self.text);
        format!("{}>", inner.trim_end())
    }
}

fn replaced(text: &str, range: &Range<usize>, by: &str) -> String {
    format!("{}{by}{}", text.get(..range.start).unwrap_or(""), text.get(range.end..).unwrap_or(""))
}

/// Names and values of a tag's attributes, as ranges of it.
fn attributes(tag: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let mut chars = tag.char_indices().peekable();
    // The element's name comes first.
    while chars.next_if(|(_, c)| !c.is_whitespace() && *c != '>').is_some() {}
    loop {
        while chars.next_if(|(_, c)| c.is_whitespace() || *c == '/').is_some() {}
        let Some((start, _)) = chars.peek().copied().filter(|(_, c)| *c != '>') else { return found };
        let mut end = start;
        while let Some((at, c)) = chars.next_if(|(_, c)| !c.is_whitespace() && !matches!(c, '=' | '>')) {
            end = at + c.len_utf8();
        }
        while chars.next_if(|(_, c)| c.is_whitespace() || *c == '=').is_some() {}
        let Some((open, quote)) = chars.next_if(|(_, c)| matches!(c, '"' | '\'')) else { return found };
        let from = open + 1;
        let Some((to, _)) = chars.by_ref().find(|(_, c)| *c == quote) else { return found };
        found.push((start..end, from..to));
    }
}

/// Calls `each` for every tag of a text, in order.
///
/// # Errors
/// The text is not well-formed.
pub fn tags<'a>(text: &'a str, mut each: impl FnMut(Tag<'a>)) -> Result<(), String> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let mut start = 0;
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let kind = match event {
            Event::Start(_) => Some(Kind::Start),
            Event::End(_) => Some(Kind::End),
            Event::Empty(_) => Some(Kind::Empty),
            Event::Eof => return Ok(()),
            _ => None,
        };
        if let (Some(kind), Some(tag)) = (kind, text.get(start..end)) {
            if kind == Kind::End {
                depth = depth.saturating_sub(1);
            }
            let name = tag.trim_start_matches(['<', '/']);
            let name = name.split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or(name);
            let local = name.rsplit(':').next().unwrap_or(name);
            let prefix = name.strip_suffix(local).unwrap_or("");
            each(Tag { kind, name: local, prefix, range: start..end, depth, text: tag });
            if kind == Kind::Start {
                depth += 1;
            }
        }
        start = end;
    }
}

/// Changes to a text, each in place of a range of it.
#[derive(Debug, Default)]
pub struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Puts a text in place of another.
    pub fn replace(&mut self, range: Range<usize>, by: String) {
        self.0.push((range, by));
    }

    /// Puts a text before what stands at a place.
    pub fn insert(&mut self, at: usize, text: String) {
        self.0.push((at..at, text));
    }

    /// The changed text. Insertions at one place stay in their order.
    pub fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut changed = String::with_capacity(text.len());
        let mut done = 0;
        for (range, by) in self.0 {
            changed.push_str(text.get(done..range.start).unwrap_or(""));
            changed.push_str(&by);
            done = range.end;
        }
        changed.push_str(text.get(done..).unwrap_or(""));
        changed
    }
}

/// Text as it stands in an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The text that an attribute's raw value stands for.
pub fn unescape(raw: &str) -> String {
    quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_set_and_nothing_else() {
        let mut seen = Vec::new();
        let text = "<a><x:c r='B2' s = \"3\" t=\"s\"><v>1</v></x:c><c/><c r=\"s='9'\" /></a>";
        tags(text, |tag| {
            if tag.name == "c" && tag.kind != Kind::End {
                seen.push(format!("{}{} {} {}", tag.prefix, tag.name, tag.depth, tag.with("s", "7")));
            }
        })
        .unwrap();
        assert_eq!(seen, ["x:c 1 <x:c r='B2' s = \"7\" t=\"s\">", "c 1 <c s=\"7\"/>", "c 1 <c r=\"s='9'\" s=\"7\" />"]);
    }

    #[test]
    fn edits_leave_the_rest() {
        let mut edits = Edits::default();
        edits.insert(6, "!".to_owned());
        edits.replace(0..1, "H".to_owned());
        edits.insert(6, "?".to_owned());
        assert_eq!(edits.apply("hello world"), "Hello !?world");
    }
}

//! The style sheet of a workbook: a cell's style in, the same style with a fill out. Styles are added, none is changed.

use std::collections::BTreeMap;
use std::ops::Range;

use super::xml::{Edits, Kind, Tag, tags};

/// A style sheet, and what is to be added to it.
pub struct Styles {
    text: String,
    fills: Family,
    formats: Family,
    /// The cell formats, as they stand.
    known: Vec<String>,
    new_fills: Vec<String>,
    new_formats: BTreeMap<(u32, String), u32>,
    added: Vec<String>,
}

/// An element with like children.
#[derive(Default)]
struct Family {
    tag: Range<usize>,
    counted: String,
    end: usize,
    count: u32,
    prefix: String,
}

impl Styles {
    /// Reads a style sheet.
    ///
    /// # Errors
    /// It has no fills or no cell formats, as every workbook has.
    pub fn read(text: String) -> Result<Self, String> {
        let (mut fills, mut formats) = (Family::default(), Family::default());
        let mut known: Vec<String> = Vec::new();
        let mut open: Option<Range<usize>> = None;
        let mut within = "";
        tags(&text, |tag| match (tag.name, tag.depth, tag.kind) {
            ("fills" | "cellXfs", 1, Kind::Start) => {
                within = tag.name;
                let family = if tag.name == "fills" { &mut fills } else { &mut formats };
                family.tag = tag.range.clone();
                family.counted = tag.text.to_owned();
                family.prefix = tag.prefix.to_owned();
            }
            ("fills" | "cellXfs", 1, Kind::End) => {
                let family = if tag.name == "fills" { &mut fills } else { &mut formats };
                family.end = tag.range.start;
                within = "";
            }
            ("fill", 2, Kind::Start | Kind::Empty) if within == "fills" => fills.count += 1,
            ("xf", 2, Kind::Empty) if within == "cellXfs" => known.push(tag.text.to_owned()),
            ("xf", 2, Kind::Start) if within == "cellXfs" => open = Some(tag.range),
            ("xf", 2, Kind::End) if within == "cellXfs" => {
                let start = open.take().map_or(tag.range.start, |range| range.start);
                known.push(text.get(start..tag.range.end).unwrap_or_default().to_owned());
            }
            _ => {}
        })?;
        if fills.end == 0 || formats.end == 0 || known.is_empty() {
            return Err("styles.xml: no fills or no cellXfs".to_owned());
        }
        formats.count = u32::try_from(known.len()).unwrap_or(u32::MAX);
        let (new_fills, new_formats, added) = (Vec::new(), BTreeMap::new(), Vec::new());
        Ok(Styles { text, fills, formats, known, new_fills, new_formats, added })
    }

    /// The style that is like another but for its fill, a colour such as `FFFBD5D3`.
    pub fn filled(&mut self, base: u32, colour: &str) -> u32 {
        if let Some(style) = self.new_formats.get(&(base, colour.to_owned())) {
            return *style;
        }
        let at = self.new_fills.iter().position(|known| known == colour).unwrap_or_else(|| {
            self.new_fills.push(colour.to_owned());
            self.new_fills.len() - 1
        });
        let fill = self.fills.count.saturating_add(u32::try_from(at).unwrap_or(0));
        let xf = self.known.get(base as usize).or_else(|| self.known.first()).cloned().unwrap_or_default();
        let style = self.formats.count.saturating_add(u32::try_from(self.added.len()).unwrap_or(0));
        self.added.push(with_fill(&xf, fill));
        self.new_formats.insert((base, colour.to_owned()), style);
        style
    }

    /// The style sheet with what was added.
    pub fn finish(self) -> String {
        let Styles { text, fills, formats, new_fills, added, .. } = self;
        if added.is_empty() {
            return text;
        }
        let p = &fills.prefix;
        let fill = |colour: &String| {
            format!(
                "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"{colour}\"/><{p}bgColor indexed=\"64\"/>\
                 </{p}patternFill></{p}fill>"
            )
        };
        let mut edits = Edits::default();
        let mut add = |family: &Family, more: &[String]| {
            let count = family.count as usize + more.len();
            let tag = Tag {
                kind: Kind::Start,
                name: "",
                prefix: "",
                range: family.tag.clone(),
                depth: 1,
                text: &family.counted,
            };
            edits.replace(family.tag.clone(), tag.with("count", &count.to_string()));
            edits.insert(family.end, more.concat());
        };
        add(&fills, &new_fills.iter().map(fill).collect::<Vec<_>>());
        add(&formats, &added);
        edits.apply(&text)
    }
}

/// A cell format with another fill.
fn with_fill(xf: &str, fill: u32) -> String {
    let end = xf.find('>').map_or(xf.len(), |at| at + 1);
    let (head, rest) = xf.split_at_checked(end).unwrap_or((xf, ""));
    let kind = if head.ends_with("/>") { Kind::Empty } else { Kind::Start };
    let tag = |text: &str| -> String {
        let tag = Tag { kind, name: "xf", prefix: "", range: 0..0, depth: 2, text };
        tag.with("fillId", &fill.to_string())
    };
    let filled = tag(head);
    let applied = Tag { kind, name: "xf", prefix: "", range: 0..0, depth: 2, text: &filled }.with("applyFill", "1");
    format!("{applied}{rest}")
}

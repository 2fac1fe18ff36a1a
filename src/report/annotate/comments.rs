//! Comments of a sheet, and the drawing that shows them: texts by cell in, the parts with these comments added out. A cell
//! that has a comment keeps it, and ours follows.

use std::collections::BTreeMap;

use super::sheet::{Address, address, written};
use super::xml::{Edits, Kind, escape, tags};

/// Who our comments are by.
const AUTHOR: &str = "兑现 duixian";

/// A part without comments.
pub const NONE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments \
    xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors></authors><commentList></commentList></comments>";

/// A drawing without shapes.
pub const BLANK: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
    xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/>\
    </o:shapelayout></xml>";

/// What the shapes of comments are made of.
const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
    path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/>\
    </v:shapetype>";

/// Adds comments to a part of comments. With it: the cells that had none.
///
/// # Errors
/// The part is not well-formed, or is no list of comments.
pub fn add(text: &str, notes: &BTreeMap<Address, String>) -> Result<(String, Vec<Address>), String> {
    let mut edits = Edits::default();
    let mut todo = notes.clone();
    let mut authors = 0_u32;
    let mut own: Option<Address> = None;
    let mut list: Option<String> = None;
    tags(text, |tag| {
        let prefix = tag.prefix;
        match (tag.name, tag.depth, tag.kind) {
            ("author", 2, Kind::Start | Kind::Empty) => authors += 1,
            ("authors", 1, Kind::End) => {
                edits.insert(tag.range.start, format!("<{prefix}author>{AUTHOR}</{prefix}author>"));
            }
            ("authors", 1, Kind::Empty) => {
                let author = format!("{}<{prefix}author>{AUTHOR}</{prefix}author></{prefix}authors>", tag.opened());
                edits.replace(tag.range.clone(), author);
            }
            ("comment", 2, Kind::Start) => own = tag.attribute("ref").and_then(address),
            ("text", 3, Kind::End) => {
                if let Some(note) = own.take().and_then(|own| todo.remove(&own)) {
                    edits.insert(tag.range.start, run(&format!("\n\n{note}"), prefix));
                }
            }
            ("commentList", 1, Kind::End) => list = Some(prefix.to_owned()),
            ("commentList", 1, Kind::Empty) => {
                edits.replace(tag.range.clone(), format!("{}</{prefix}commentList>", tag.opened()));
                list = Some(prefix.to_owned());
            }
            _ => {}
        }
    })?;
    let p = &list.ok_or("comments: no commentList")?;
    let comments: String = todo
        .iter()
        .map(|(at, note)| {
            let run = run(note, p);
            format!("<{p}comment ref=\"{}\" authorId=\"{authors}\"><{p}text>{run}</{p}text></{p}comment>", written(*at))
        })
        .collect();
    let text = edits.apply(text);
    let close = format!("</{p}commentList>");
    let (before, after) = text.rsplit_once(&close).ok_or("comments: no commentList")?;
    Ok((format!("{before}{comments}{close}{after}"), todo.into_keys().collect()))
}

fn run(note: &str, p: &str) -> String {
    format!("<{p}r><{p}t xml:space=\"preserve\">{}</{p}t></{p}r>", escape(note))
}

/// Adds the shapes of comments to a drawing.
///
/// # Errors
/// It is no drawing.
pub fn draw(text: &str, cells: &[Address]) -> Result<String, String> {
    if cells.is_empty() {
        return Ok(text.to_owned());
    }
    let (before, after) = text.rsplit_once("</xml>").ok_or("vmlDrawing: no end")?;
    let last = text
        .split("_x0000_s")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok())
        .max();
    let first = last.unwrap_or(1024) + 1;
    let mut shapes = String::new();
    if !text.contains("_x0000_t202\"") || !text.contains("shapetype") {
        shapes.push_str(SHAPE_TYPE);
    }
    for (id, (row, column)) in (first..).zip(cells) {
        let (top, left) = (row.saturating_sub(1), *column);
        shapes.push_str(&format!(
            "<v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
             xmlns:x=\"urn:schemas-microsoft-com:office:excel\" id=\"_x0000_s{id}\" type=\"#_x0000_t202\" \
             style=\"position:absolute;margin-left:60pt;margin-top:2pt;width:240pt;height:96pt;z-index:{};visibility:hidden\" \
             fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" \
             obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div \
             style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
             <x:Anchor>{}, 15, {top}, 2, {}, 31, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{top}</x:Row>\
             <x:Column>{left}</x:Column></x:ClientData></v:shape>",
            id % 1024,
            left + 1,
            left + 5,
            top + 6,
        ));
    }
    Ok(format!("{before}{shapes}</xml>{after}"))
}

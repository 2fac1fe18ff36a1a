//! A workbook as the package of parts that it is (ECMA-376 part 2): parts by name in, the same package with some parts
//! changed or added out; what is not changed is copied as it lies there, still compressed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::xml::{Edits, Kind, escape, tags, unescape};

/// Where the types of parts stand.
const CONTENT_TYPES: &str = "[Content_Types].xml";

/// A package, and what is to be changed of it.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    changed: BTreeMap<String, String>,
}

/// A relationship of a part.
#[derive(Clone, Debug)]
pub struct Relationship {
    /// By which the part refers to it.
    pub id: String,
    /// The end of its type: `worksheet`, `comments`.
    pub kind: String,
    /// The whole name of the part that it leads to.
    pub target: String,
}

impl<'a> Package<'a> {
    /// Opens a package.
    ///
    /// # Errors
    /// It is none.
    pub fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        Ok(Package { archive, changed: BTreeMap::new() })
    }

    /// Is there a part of this name?
    pub fn has(&self, name: &str) -> bool {
        self.changed.contains_key(name) || self.archive.index_for_name(name).is_some()
    }

    /// The text of a part, as changed so far.
    ///
    /// # Errors
    /// There is none, or it is not UTF-8.
    pub fn text(&mut self, name: &str) -> Result<String, String> {
        if let Some(text) = self.changed.get(name) {
            return Ok(text.clone());
        }
        let mut file = self.archive.by_name(name).map_err(|error| format!("{name}: {error}"))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| format!("{name}: {error}"))?;
        let text = String::from_utf8(bytes).map_err(|_| format!("{name}: not UTF-8"))?;
        Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
    }

    /// Changes a part, or adds one.
    pub fn put(&mut self, name: &str, text: String) {
        self.changed.insert(name.to_owned(), text);
    }

    /// The first name of a numbered family that is free: `xl/comments3.xml`.
    pub fn free(&self, before: &str, after: &str) -> String {
        (1..).map(|number: u32| format!("{before}{number}{after}")).find(|name| !self.has(name)).unwrap_or_default()
    }

    /// What a part refers to; the package itself has no name.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn relationships(&mut self, part: &str) -> Result<Vec<Relationship>, String> {
        let name = relationships_of(part);
        if !self.has(&name) {
            return Ok(Vec::new());
        }
        let text = self.text(&name)?;
        let mut found = Vec::new();
        tags(&text, |tag| {
            if tag.name != "Relationship" || tag.kind == Kind::End || tag.attribute("TargetMode") == Some("External") {
                return;
            }
            let value = |name| tag.attribute(name).map(unescape).unwrap_or_default();
            let kind = value("Type");
            found.push(Relationship {
                id: value("Id"),
                kind: kind.rsplit('/').next().unwrap_or(&kind).to_owned(),
                target: resolved(part, &value("Target")),
            });
        })?;
        Ok(found)
    }

    /// Adds a relationship of a part and gives its id.
    ///
    /// # Errors
    /// The part's relationships cannot be read.
    pub fn relate(&mut self, part: &str, kind: &str, target: &str) -> Result<String, String> {
        let name = relationships_of(part);
        let text = if self.has(&name) {
            self.text(&name)?
        } else {
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
             xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>"
                .to_owned()
        };
        let mut ids = Vec::new();
        let mut base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships".to_owned();
        tags(&text, |tag| {
            ids.extend(tag.attribute("Id").map(str::to_owned));
            // Strict workbooks have types of their own.
            if let Some((strict, _)) = tag.attribute("Type").and_then(|kind| kind.split_once("/relationships/"))
                && strict.contains("purl.oclc.org")
            {
                base = format!("{strict}/relationships");
            }
        })?;
        let id = (1..).map(|number: u32| format!("rId{number}")).find(|id| !ids.contains(id)).unwrap_or_default();
        let tag = format!("Relationship Id=\"{id}\" Type=\"{base}/{kind}\" Target=\"/{}\"", escape(target));
        self.put(&name, with_last_child(&text, "Relationships", &tag)?);
        Ok(id)
    }

    /// States the content type of a part.
    ///
    /// # Errors
    /// The content types cannot be read.
    pub fn declare(&mut self, part: &str, content_type: &str) -> Result<(), String> {
        let text = self.text(CONTENT_TYPES)?;
        let tag = format!("Override PartName=\"/{}\" ContentType=\"{content_type}\"", escape(part));
        self.put(CONTENT_TYPES, with_last_child(&text, "Types", &tag)?);
        Ok(())
    }

    /// The package with its changes. What is new comes last; days of parts stay, new parts have none.
    ///
    /// # Errors
    /// A part cannot be copied.
    pub fn finish(mut self) -> Result<Vec<u8>, String> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let fault = |error: &dyn std::fmt::Display| error.to_string();
        for at in 0..self.archive.len() {
            let file = self.archive.by_index_raw(at).map_err(|error| fault(&error))?;
            let name = file.name().map_err(|error| fault(&error))?.into_owned();
            let Some(text) = self.changed.remove(&name) else {
                writer.raw_copy_file(file).map_err(|error| fault(&error))?;
                continue;
            };
            let day = file.last_modified().unwrap_or(DateTime::DEFAULT);
            drop(file);
            write(&mut writer, &name, &text, day).map_err(|error| fault(&error))?;
        }
        for (name, text) in std::mem::take(&mut self.changed) {
            write(&mut writer, &name, &text, DateTime::DEFAULT).map_err(|error| fault(&error))?;
        }
        writer.finish().map(Cursor::into_inner).map_err(|error| fault(&error))
    }
}

fn write(writer: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, text: &str, day: DateTime) -> zip::result::ZipResult<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(day);
    writer.start_file(name, options)?;
    Ok(writer.write_all(text.as_bytes())?)
}

/// Adds an empty element, given without its brackets, as the last child of the root.
fn with_last_child(text: &str, root: &str, inner: &str) -> Result<String, String> {
    let mut edits = Edits::default();
    tags(text, |tag| {
        if tag.name == root && tag.depth == 0 {
            let child = format!("<{}{inner}/>", tag.prefix);
            match tag.kind {
                Kind::Start => {}
                Kind::End => edits.insert(tag.range.start, child),
                Kind::Empty => {
                    let closed = format!("{}{child}</{}{root}>", tag.opened(), tag.prefix);
                    edits.replace(tag.range, closed);
                }
            }
        }
    })?;
    Ok(edits.apply(text))
}

/// `xl/worksheets/_rels/sheet1.xml.rels`
fn relationships_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The whole name of a part that another refers to.
fn resolved(part: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    crate::base::join(folder, target)
}

//! Waivers in TOML: `[[waiver]]`, and the keys below it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Draft, FIELDS, Stated};
use crate::base::{Diagnostic, Place};
use crate::data::raw::trimmed;
use crate::data::toml_file::{Keys, TomlFile};

/// The waivers of a file; what is wrong with it is reported.
pub(super) fn read(
    path: &Path,
    shown: &str,
    files: &mut Vec<(String, String)>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Draft> {
    let file = match TomlFile::read(path, shown) {
        Ok(file) => file,
        Err(fault) => {
            faults.push(*fault);
            return Vec::new();
        }
    };
    files.push((shown.to_owned(), file.sha256.clone()));
    let table = match file.parse() {
        Ok(table) => table,
        Err(found) => {
            faults.extend(found);
            return Vec::new();
        }
    };
    let known = FIELDS.map(|(key, _)| key);
    let keys = Keys::new(&file, &table, 0..0, &["waiver"], faults);
    let mut drafts = Vec::new();
    for (table, span) in keys.tables("waiver", faults) {
        let keys = Keys::new(&file, table, span, &known, faults);
        let mut draft = Draft {
            fields: BTreeMap::new(),
            scope: Vec::new(),
            names: known.iter().map(|key| (*key, (*key).to_owned())).collect(),
            place: keys.place("rule"),
            refused: BTreeSet::new(),
        };
        for key in known {
            let text = match key {
                "scope" => {
                    let before = faults.len();
                    draft.scope = scope(&file, &keys, faults);
                    (faults.len() == before).then(String::new)
                }
                "approved" | "expires" => keys.figure(key, faults),
                "period" => keys.text_or_integer(key, faults),
                _ => keys.text(key, faults),
            };
            match text {
                Some(text) if key != "scope" => {
                    draft.fields.insert(key, Stated { text: trimmed(&text).to_owned(), place: keys.place(key) });
                }
                None if keys.get(key).is_some() => {
                    draft.refused.insert(key);
                }
                _ => {}
            }
        }
        drafts.push(draft);
    }
    drafts
}

fn scope(file: &TomlFile, keys: &Keys<'_>, faults: &mut Vec<Diagnostic>) -> Vec<(String, String, Place)> {
    let Some((table, _)) = keys.table("scope", faults) else { return Vec::new() };
    let names: Vec<String> = table.iter().map(|(name, _)| name.get_ref().to_string()).collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let inner = Keys::new(file, table, keys.span.clone(), &known, faults);
    let member = |name: &String| {
        let text = inner.text(name, faults)?;
        Some((trimmed(name).to_owned(), trimmed(&text).to_owned(), inner.place(name)))
    };
    names.iter().filter_map(member).collect()
}

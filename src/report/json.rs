//! A record in, its JSON out.

use super::record::Record;

/// The record as indented JSON with a line break at the end.
///
/// # Errors
/// Never in practice: all keys of the record are texts.
pub fn render(record: &Record) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(record).map(|json| json + "\n")
}

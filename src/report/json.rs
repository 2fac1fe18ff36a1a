//! A record or a trace in, its JSON out.

use serde::Serialize;

/// The record as indented JSON with a line break at the end.
///
/// # Errors
/// Never in practice: all keys of records and traces are texts.
pub fn render(record: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(record).map(|json| json + "\n")
}

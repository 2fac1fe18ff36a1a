//! Files as they were submitted, kept so that a cell can be quoted: places in, the texts that stand there out, before any
//! conversion. Knows no types; what a cell means is said elsewhere.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::formats;
use super::parquet::ParquetFile;
use super::raw::{RawCell, RawSheet, ReadOptions};
use super::source::Source;
use super::table::{Spot, Submission};

/// A submitted file.
#[derive(Clone, Debug, PartialEq)]
pub enum Original {
    /// Text, read once more where it is quoted: it is quick to read, and its cells take more room than it does. Long text that
    /// was read piece by piece is not held either.
    Text(Source, ReadOptions),
    /// The sheets of a workbook.
    Sheets(Arc<[RawSheet<'static>]>),
    /// A Parquet file, of which those rows are read again that are quoted.
    Parquet(ParquetFile),
}

/// The texts of cells, as they were submitted; none for a cell that is empty.
pub fn quote<'s>(submission: &Submission, spots: impl Iterator<Item = &'s Spot>) -> HashMap<&'s Spot, String> {
    let mut wanted: BTreeMap<usize, Vec<&Spot>> = BTreeMap::new();
    for spot in spots {
        wanted.entry(spot.input).or_default().push(spot);
    }
    let mut texts = HashMap::new();
    for (input, spots) in wanted {
        let read;
        let sheets: &[RawSheet<'_>] = match submission.originals.get(input) {
            Some(Original::Sheets(sheets)) => sheets,
            Some(Original::Text(source, options)) => {
                let Some(input) = submission.inputs.get(input) else { continue };
                let only = Some(spots.iter().map(|spot| spot.row).collect());
                let options = ReadOptions { only, ..options.clone() };
                // It could be read before.
                read = match source {
                    Source::Memory(bytes) => formats::read(bytes, &input.path, &options).unwrap_or_default(),
                    Source::File(_) => {
                        let text = formats::text(&input.path);
                        text.and_then(|text| text.quote(source, &options, &input.sha256)).into_iter().collect()
                    }
                };
                &read
            }
            Some(Original::Parquet(file)) => {
                texts.extend(file.quote(spots.into_iter()));
                continue;
            }
            None => continue,
        };
        for spot in spots {
            let sheet = sheets.iter().find(|sheet| sheet.name == spot.sheet);
            let text = sheet.and_then(|sheet| cell(sheet, spot)).map(|cell| cell.text().into_owned());
            texts.extend(text.filter(|text| !text.is_empty()).map(|text| (spot, text)));
        }
    }
    texts
}

fn cell<'r, 'a>(sheet: &'r RawSheet<'a>, spot: &Spot) -> Option<&'r RawCell<'a>> {
    sheet.row(sheet.index_of(spot.row)?).get(spot.column)
}

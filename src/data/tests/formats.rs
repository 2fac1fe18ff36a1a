//! Text formats, and one table in all formats.

use super::*;

pub const CSV: &str = "部门,科目,年度,金额\n教育局,公用经费,2020,100.00\n教育局,公用经费,2021,90.01\n";

#[test]
fn a_csv_file_is_read_with_its_places() {
    let (table, diagnostics) = table("预算.csv", CSV, PLAIN);
    assert_eq!(rows(&table), ["教育局|公用经费|2020|1000000|", "教育局|公用经费|2021|900100|"]);
    assert_eq!(codes(&diagnostics), ["W0405"]);
    assert_eq!(table.columns[3][1], Cell::Value(Scalar::Number(Number::from(900_100i128)), 2));
    let folder = Folder::new();
    folder.file("预算.csv", CSV);
    let (submission, _) = folder.read();
    let place = submission.tables[1].as_ref().and_then(|t| t.place(&submission.inputs, 1, Some(ColumnId(3))));
    let place = place.expect("a place");
    assert!(place.path.ends_with("/预算.csv"), "{place:?}");
    assert_eq!((place.row, place.column.as_deref(), place.sheet), (Some(3), Some("金额"), None));
    assert_eq!(submission.inputs[0].rows, 2);
    assert_eq!(submission.inputs[0].sha256.len(), 64);
    assert_eq!(submission.unreadable, []);
}

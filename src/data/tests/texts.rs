//! Text files are the same table, read column by column in pieces, or whole and row by row.

use std::collections::HashMap;

use super::mutation::Random;
use super::*;
use crate::data::column::Column;
use crate::data::layout::Wanted;
use crate::data::notes::Notes;
use crate::data::raw::ReadOptions;
use crate::data::rows::{Builder, Provenance};
use crate::data::source::Source;
use crate::data::submission::{choose, read};
use crate::data::{Input, Original, Spot, config, formats, quote};
use crate::semantics::hir::DatasetId;

/// A table, and what was said of it.
type Said = (Table, Vec<Diagnostic>);

const BUDGET: &str = "预算";

fn budget(suite: &Suite) -> DatasetId {
    suite.datasets.iter().position(|dataset| dataset.name == BUDGET).map(DatasetId).expect("the budget")
}

/// Reads a text whole, row by row.
fn by_rows(bytes: &[u8], path: &str, binding: Option<&config::Binding>) -> Said {
    let suite = suite();
    let (dataset, from) = (budget(&suite), Provenance { input: 0, path, binding });
    let mut builder = Builder::new(&suite, dataset, "").expect("a dataset");
    let mut notes = Notes::default();
    let sheets = match formats::read(bytes, path, &ReadOptions::default()) {
        Ok(sheets) => sheets,
        Err(fault) => return (builder.table, vec![*fault]),
    };
    match choose(&sheets, Wanted { suite: &suite, dataset, binding }, from) {
        Err(faults) => notes.extend(faults),
        Ok(chosen) => {
            if chosen.is_empty() {
                notes.push(crate::data::rows::empty(crate::base::Place::file(path), BUDGET));
            }
            for (sheet, sections, remarks) in chosen {
                notes.extend(remarks);
                builder.add(sheet, &sections, from, &mut notes);
            }
        }
    }
    (builder.table, notes.finish())
}

/// Reads a text in pieces of a length, if it can be; and says what the hash was of what was on disk.
fn in_pieces(
    source: &mut Source,
    path: &str,
    piece: usize,
    binding: Option<&config::Binding>,
) -> (Said, Option<String>) {
    let suite = suite();
    let (dataset, from) = (budget(&suite), Provenance { input: 0, path, binding });
    let mut builder = Builder::new(&suite, dataset, "").expect("a dataset");
    let mut notes = Notes::default();
    let wanted = Wanted { suite: &suite, dataset, binding };
    let sha256 = match read(source, None, piece, (wanted, from), &mut builder, &mut notes) {
        Ok((rows, sha256)) => {
            assert_eq!(rows as usize, builder.table.len());
            sha256
        }
        Err(faults) => {
            notes.extend(faults);
            None
        }
    };
    ((builder.table, notes.finish()), sha256)
}

/// Were its figures read as a column?
fn is_packed(table: &Table) -> bool {
    matches!(table.columns.get(3), Some(Column::Decimals(_) | Column::Coded(_)))
}

/// What stands in the file where the cells of a table come from.
fn quoted(table: &Table, source: Source, path: &str, sha256: String) -> HashMap<Spot, String> {
    let spots: Vec<Spot> =
        (0..table.len()).flat_map(|row| (0..5).filter_map(move |column| table.spot(row, ColumnId(column)))).collect();
    let input = Input { dataset: BUDGET.to_owned(), path: path.to_owned(), sha256, rows: table.len() as u64 };
    let originals = vec![Original::Text(source, ReadOptions::default())];
    let submission = Submission { inputs: vec![input], originals, ..Submission::default() };
    quote(&submission, spots.iter()).into_iter().map(|(spot, text)| (spot.clone(), text)).collect()
}

#[test]
fn columns_give_what_rows_give() {
    let names = ["教育局", " 教育局", "卫生局", "", "合计", "全区小计：", "注：某局未报", "制表人", "公用经费", "-"];
    let years = ["2021", "2021年", "2020", "", "二〇二一", "合计"];
    let figures = [
        "90.01",
        "100",
        "-0.5",
        "007",
        "1,234.50",
        "—",
        "",
        "abc",
        "12万元",
        "1e5",
        "123456789012345678901",
        "０.5",
        "5%",
        "-0",
        "1.",
        "+.5",
        " 3 ",
        " ",
        "0",
        "0.10",
        "(5)",
        "-1234567890123456.78",
        "/",
    ];
    let mut random = Random(1);
    let mut tally = Tally::new("预算.csv");
    for turn in 0..6_000 {
        let csv = text(&mut random, (&names, &years, &figures));
        let mut bytes = csv.clone().into_bytes();
        let odd = turn % 2 == 1;
        if odd && random.next(8) == 0 {
            bytes = encoding_rs::GB18030.encode(&csv).0.into_owned();
        }
        if odd && random.next(3) == 0 {
            bytes = random.damage(&bytes);
        }
        tally.hold(&bytes, PIECES[random.next(PIECES.len())], None, turn % 5 == 0);
    }
    let Tally { said, packed, quotes, on_disk, .. } = tally;
    assert!(
        said > 2_000 && packed > 1_500 && quotes > 10_000 && on_disk > 250,
        "{said} remarks, {packed} packed, {quotes} quoted, {on_disk} not held"
    );
}

/// So many bytes a piece has.
pub const PIECES: [usize; 6] = [1, 7, 16, 60, 250, 1 << 20];

/// Holds the two ways of reading to each other, and counts what was compared.
pub struct Tally {
    _folder: Folder,
    path: std::path::PathBuf,
    /// How many remarks were made.
    pub said: usize,
    /// How many tables were read in pieces.
    pub packed: usize,
    /// How many cells were quoted from columns.
    pub quotes: usize,
    /// How many files were never held whole.
    pub on_disk: usize,
}

impl Tally {
    /// For files of a name.
    pub fn new(name: &str) -> Self {
        let folder = Folder::new();
        let path = folder.path().join(name);
        Tally { _folder: folder, path, said: 0, packed: 0, quotes: 0, on_disk: 0 }
    }

    /// Reads a text both ways, and once more from the disk if wanted.
    pub fn hold(&mut self, bytes: &[u8], piece: usize, binding: Option<&config::Binding>, from_disk: bool) {
        let shown = self.path.to_str().expect("a path").to_owned();
        let what = || format!("{}\nin pieces of {piece}", String::from_utf8_lossy(bytes));
        let (expected, expected_notes) = by_rows(bytes, &shown, binding);
        let mut source = Source::Memory(bytes.to_vec().into());
        let ((table, notes), _) = in_pieces(&mut source, &shown, piece, binding);
        assert_eq!(table, expected, "{}", what());
        assert_eq!(table.origins, expected.origins, "{}", what());
        assert_eq!(notes, expected_notes, "{}", what());
        self.said += notes.len();
        self.packed += usize::from(is_packed(&table));
        // What is quoted from a column is what stands in the file.
        let sha256 = crate::data::sha256(bytes);
        let there = quoted(&table, source, &shown, sha256.clone());
        for (row, column) in (0..table.len()).flat_map(|row| (0..4).map(move |column| (row, ColumnId(column)))) {
            let Some(text) = table.stored(row, column) else { continue };
            let spot = table.spot(row, column).expect("a place");
            assert_eq!(text.as_ref(), there.get(&spot), "{}", what());
            self.quotes += 1;
        }
        if from_disk {
            std::fs::write(&self.path, bytes).expect("a file");
            let mut source = Source::File(self.path.clone());
            let ((table, notes), hash) = in_pieces(&mut source, &shown, piece, binding);
            assert!(table == expected && notes == expected_notes, "{}", what());
            assert!(hash.as_ref().is_none_or(|hash| *hash == sha256), "{}", what());
            self.on_disk += usize::from(matches!(source, Source::File(_)));
            assert_eq!(quoted(&table, source.clone(), &shown, sha256.clone()), there, "{}", what());
            // Of another file nothing is quoted.
            if let Source::File(_) = source {
                std::fs::write(&self.path, [bytes, b"\n"].concat()).expect("a file");
                assert!(quoted(&table, source, &shown, sha256).is_empty());
            }
        }
    }
}

/// A table as programs and people write it.
fn text(random: &mut Random, (names, years, figures): (&[&str], &[&str], &[&str])) -> String {
    let ends = if random.next(10) == 0 { 4 } else { 3 };
    let end = ["\n", "\n", "\r\n", "\r"][random.next(ends)];
    let delimiter = [",", ",", ";", "\t"][random.next(4)];
    let all_quoted = random.next(5) == 0;
    let mut lines: Vec<Vec<String>> = Vec::new();
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
    let heading = row(&["部门", "科目", "年度", "金额", "备注", "序号"]);
    if random.next(10) == 0 {
        lines.push(row(&["单位：万元", "", "", "", "", ""]));
    }
    lines.push(heading.clone());
    let count = [1, 2, 5, 9, 40][random.next(5)];
    let regular = [1, 4, 60, 60][random.next(4)];
    let mut pick = |texts: &[&str], usual: usize| {
        texts[if random.next(regular) == 0 { random.next(texts.len()) } else { random.next(usual) }].to_owned()
    };
    for _ in 0..count {
        let cells = [pick(names, 3), pick(names, 3), pick(years, 1), pick(figures, 2), pick(names, 1)];
        lines.push([&cells[..], &[pick(&["1", "2", "", "注：", "合计"], 3)]].concat());
    }
    for _ in 0..random.next(3) {
        let at = 1 + random.next(lines.len());
        match random.next(20) {
            0 => lines.insert(at, heading.clone()),
            1 => lines.insert(at, row(&["注：只有一格"])),
            2 => lines.insert(at, row(&["教育局", "公用经费", "2021", "1"])),
            3 => lines.insert(at, row(&["教育局", "公用\"经费", "2021", "1", "\"", ""])),
            4 => lines.insert(at, row(&["教育局", "一行\n两行", "2021", "1", "\r\n\n", ""])),
            5 | 6 => lines.insert(at, row(&["", "", "", "", "", "", "", ""])),
            7 => lines.insert(at, row(&["教育局", "公用经费", "2021", "1,234.50", ";\t", "3"])),
            _ => lines.insert(at, Vec::new()),
        }
    }
    let mut csv = ["", "", "", "\u{feff}"][random.next(4)].to_owned();
    if random.next(8) == 0 {
        csv += &format!("sep={delimiter}{end}");
    }
    let last = lines.len() - 1;
    for (at, cells) in lines.iter().enumerate() {
        let mut fields = Vec::new();
        for cell in cells {
            let needed = cell.contains(['"', '\n', '\r', ',', ';', '\t']);
            let stray = random.next(30) == 0;
            fields.push(match needed && !stray || all_quoted || random.next(12) == 0 {
                true => format!("{}\"{}\"", ["", " "][random.next(2)], cell.replace('"', "\"\"")),
                false => cell.clone(),
            });
        }
        csv += &fields.join(delimiter);
        if at < last || random.next(2) == 0 {
            csv += end;
        }
    }
    csv
}

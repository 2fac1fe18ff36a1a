//! The same rows, remarks and quotes, however a text with an object a line is read.

use super::mutation::Random;
use super::texts::{PIECES, Tally};
use super::*;

/// Values of columns as JSON; the usual ones first.
const NAMES: [&str; 14] = [
    r#""教育局""#,
    r#"" 教育局""#,
    r#""\u6559\u80b2\u5c40""#,
    "null",
    r#""""#,
    r#"" ""#,
    r#""合计""#,
    r#""全区小计：""#,
    r#""注：某局未报""#,
    r#""一\n\"局\"""#,
    "2021",
    r#""2021""#,
    "true",
    r#""\u0000""#,
];
const YEARS: [&str; 9] =
    ["2021", r#""2021""#, r#""2021年""#, "2020", "null", "2021.0", "2.021e3", r#""二〇二一""#, "false"];
const FIGURES: [&str; 30] = [
    "90.01",
    "100",
    "-0.5",
    r#""90.01""#,
    "null",
    "0.10",
    "0",
    "-0",
    "-0.0",
    "1e3",
    r#""1e3""#,
    "1.50E-2",
    "1E+2",
    "123456789012345678901",
    "0.12345678901234567890123",
    r#""1,234.50""#,
    r#""5%""#,
    r#""12万元""#,
    r#""""#,
    r#"" ""#,
    r#""—""#,
    r#""０.5""#,
    r#""\u0035""#,
    r#""abc""#,
    r#""007""#,
    "true",
    "-1234567890123456.78",
    "1e999999",
    "[1, 2]",
    r#"{"数": 1}"#,
];
const BESIDE: [&str; 8] = ["1", "2", "null", r#""x""#, r#""合计""#, r#"" ""#, r#""注：""#, "[]"];

#[test]
fn columns_give_what_rows_give() {
    let bindings = ["", "skip = [\"2021\"]", "skip = [\"教育局\", \"\"]", "blank = [\"abc\"]", "blank = [\"0\"]"];
    let bindings = bindings.map(|lines| config(&format!("name = \"t\"\n[[binding]]\ndataset = \"预算\"\n{lines}")));
    let mut random = Random(7);
    let mut tally = Tally::new("预算.jsonl");
    for turn in 0..6_000 {
        let json = text(&mut random);
        let mut bytes = json.clone().into_bytes();
        let odd = turn % 2 == 1;
        if odd && random.next(8) == 0 {
            bytes = encoding_rs::GB18030.encode(&json).0.into_owned();
        }
        if odd && random.next(3) == 0 {
            bytes = random.damage(&bytes);
        }
        let piece = PIECES[random.next(PIECES.len())];
        let binding = bindings.get(random.next(4 * bindings.len())).and_then(|config| config.bindings.first());
        tally.hold(&bytes, piece, binding, turn % 5 == 0);
    }
    let Tally { said, packed, quotes, on_disk, .. } = tally;
    assert!(
        said > 5_000 && packed > 1_000 && quotes > 10_000 && on_disk > 200,
        "{said} remarks, {packed} packed, {quotes} quoted, {on_disk} not held"
    );
}

/// Objects as programs and people write them.
fn text(random: &mut Random) -> String {
    let end = ["\n", "\n", "\r\n"][random.next(3)];
    let keys = ["部门", "科目", "年度", "金额", "备注", "序号"];
    let count = [1, 2, 5, 9, 40][random.next(5)];
    // Of so many values one is not among the usual ones.
    let regular = [1, 4, 60, 60, 200][random.next(5)];
    let spaced = ["", " "][random.next(2)];
    let mut lines = Vec::new();
    for row in 0..count {
        let mut pick = |values: &[&str], usual: usize| {
            values[if random.next(regular) == 0 { random.next(values.len()) } else { random.next(usual) }].to_owned()
        };
        let values =
            [pick(&NAMES, 3), pick(&NAMES, 3), pick(&YEARS, 2), pick(&FIGURES, 6), pick(&NAMES, 1), pick(&BESIDE, 3)];
        let mut entries: Vec<(String, String)> = keys.map(|key| format!("\"{key}\"")).into_iter().zip(values).collect();
        for _ in 0..random.next(2) {
            let at = random.next(entries.len());
            match random.next(if regular < 10 { 16 } else { 60 }) {
                0 => entries.push(entries[at].clone()),
                1 if row > 0 => entries.push((r#""新""#.to_owned(), "1".to_owned())),
                2 => entries.truncate(0),
                3 => entries.iter_mut().for_each(|(_, value)| *value = "null".to_owned()),
                4 => entries[at].0 = r#""\u79d1\u76ee""#.to_owned(),
                5 => entries[at].0 = r#""""#.to_owned(),
                6 => entries[..5].iter_mut().for_each(|(_, value)| *value = "null".to_owned()),
                7..=16 if row > 0 => drop(entries.remove(at)),
                _ => {
                    let other = random.next(entries.len());
                    entries.swap(at, other);
                }
            }
        }
        let entries: Vec<String> = entries.into_iter().map(|(key, value)| format!("{key}:{spaced}{value}")).collect();
        lines.push(format!("{{{}}}", entries.join(&format!(",{spaced}"))));
    }
    for _ in 0..random.next(3) {
        let at = random.next(lines.len() + 1);
        let line = match random.next(40) {
            0 => "[1]",
            1 => r#"{"部门": "教育局"} {"部门": "教育局"}"#,
            2 => r#"{"部门": "教育局""#,
            3 => r#"{"部门": "\ud800"}"#,
            4 => r#"  {"部门": "教育局"}  "#,
            5 => "\u{feff}",
            6..=20 => "",
            _ => " \t\u{3000}",
        };
        lines.insert(at, line.to_owned());
    }
    let mark = ["", "", "", "\u{feff}"][random.next(4)];
    let last = ["", end][random.next(2)];
    format!("{mark}{}{last}", lines.join(end))
}

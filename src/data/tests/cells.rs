//! One cell at a time.

use super::*;
use crate::data::{CellReader, Misread, RawCell, Shown};
use crate::quantity::Unit;

fn read(text: &str, ty: &Type) -> String {
    let suite = suite();
    let (cell, _) = CellReader::new(&suite).cell(&RawCell::Text(text.into()), ty, None);
    super::text(&cell)
}

fn number(digits: &str, shown: Shown, ty: &Type) -> Result<Option<(Scalar, u8)>, Misread> {
    CellReader::new(&suite()).scalar(&RawCell::number(digits, shown), ty, None)
}

#[test]
fn figures_are_in_base_units() {
    let money = quantity("万元");
    for (text, value) in [
        ("90.01", "900100"),
        ("９０．０１", "900100"),
        ("1,234.50", "12345000"),
        ("1，234.50", "12345000"),
        ("¥5", "50000"),
        ("￥5", "50000"),
        ("5亿元", "500000000"),
        ("5元", "5"),
        ("(1,234.50)", "-12345000"),
        ("（1,234.50）", "-12345000"),
        (" 5 万元 ", "50000"),
        ("\u{3000}5\u{3000}", "50000"),
        ("1,23", "!1,23"),
        ("5人", "!5人"),
        ("5%", "!5%"),
        ("5万", "!5万"),
        ("5 6", "!5 6"),
        ("约5", "!约5"),
        ("/", "!/"),
        ("N/A", "!N/A"),
        ("无", "!无"),
        ("#DIV/0!", "!#DIV/0!"),
        ("#####", "!#####"),
        ("1.2E+05", "!1.2E+05"),
        ("$5", "!$5"),
    ] {
        assert_eq!(read(text, &money), value, "{text}");
    }
    assert_eq!(read("12.5万", &quantity("元")), "125000");
    assert_eq!(read("3万", &quantity("人")), "30000");
    assert_eq!(read("3亿", &quantity("户")), "300000000");
    assert_eq!(read("¥3", &quantity("人")), "!¥3");
    assert_eq!(read("1.2万元/人", &quantity("元/人")), "12000");
}

#[test]
fn ratios_are_in_the_unit_of_their_column() {
    let percent = quantity("%");
    for (text, value) in [
        ("7", "0.07"),
        ("7%", "0.07"),
        ("98.5％", "0.985"),
        ("5‰", "0.005"),
        ("1.05倍", "1.05"),
        ("0.07", "0.0007"),
        ("0.3个百分点", "!0.3个百分点"),
        ("7万", "!7万"),
    ] {
        assert_eq!(read(text, &percent), value, "{text}");
    }
    assert_eq!(read("0.3个百分点", &quantity("百分点")), "0.003");
    assert_eq!(
        number("0.07", Shown::Percent, &percent),
        Ok(Some((Scalar::Number(Number::ratio(7, 100).expect("7%")), 0)))
    );
    assert_eq!(number("0.985", Shown::Percent, &percent).map(|cell| cell.map(|(_, scale)| scale)), Ok(Some(1)));
    assert_eq!(number("0.07", Shown::Unknown, &percent), Err(Misread::PercentUnknown));
    assert!(number("7", Shown::Unknown, &percent).is_ok());
    assert!(number("0.07", Shown::Unknown, &quantity("万元")).is_ok());
    assert!(matches!(number("0.07", Shown::Percent, &quantity("万元")), Err(Misread::UnitMismatch { .. })));
}

#[test]
fn formats_of_spreadsheet_cells_count() {
    let money = quantity("元");
    let wan = number("12.5", Shown::With("万元".into()), &money);
    assert_eq!(wan, Ok(Some((Scalar::Number(Number::from(125_000i128)), 1))));
    assert_eq!(number("5", Shown::With("左右".into()), &money), number("5", Shown::Plainly, &money));
    assert_eq!(number("1234500", Shown::Scaled, &money), Err(Misread::Scaled));
    assert!(matches!(number("5", Shown::With("人".into()), &money), Err(Misread::UnitMismatch { .. })));
}

#[test]
fn a_stated_unit_replaces_the_declared_one() {
    let suite = suite();
    let unit = suite.units.resolve("元").expect("元");
    let (cell, _) = CellReader::new(&suite).cell(&RawCell::Text("900,100".into()), &quantity("万元"), Some(&unit));
    assert_eq!(super::text(&cell), "900100");
}

#[test]
fn digits_after_the_point_are_kept() {
    let suite = suite();
    let scale = |text: &str| match CellReader::new(&suite).cell(&RawCell::Text(text.into()), &quantity("万元"), None).0
    {
        Cell::Value(_, scale) => scale,
        _ => u8::MAX,
    };
    assert_eq!(["90", "90.10", "1,234.5万元", "(0.001)"].map(scale), [0, 2, 1, 3]);
}

#[test]
fn nothing_is_blank() {
    for ty in [quantity("元"), Type::Text, Type::Date, Type::Boolean, Type::Period(None), Type::Level(ScaleId(0))] {
        for text in ["", "  ", "\u{3000}", "—", "－", "-", "--", "——", "…", "……", "...", "–", "\u{feff}"]
        {
            assert_eq!(read(text, &ty), "", "{text:?}");
        }
    }
    let suite = suite();
    let blank = ["待定".to_owned(), "/".to_owned()];
    let reader = CellReader::new(&suite).with_blank(&blank);
    for text in ["待定", " / ", "-"] {
        assert_eq!(reader.cell(&RawCell::Text(text.into()), &quantity("元"), None), (Cell::Blank, None));
    }
}

#[test]
fn words_of_every_type() {
    let year = Type::Period(Some(Granularity::Year));
    for (text, ty, value) in [
        ("\u{3000}教育局　（本级） ", &Type::Text, "教育局　（本级）"),
        ("合　计", &Type::Text, "合计"),
        ("收 入  总 计", &Type::Text, "收入总计"),
        ("公用 经费", &Type::Text, "公用 经费"),
        ("A B", &Type::Text, "A B"),
        ("２０２１年", &year, "2021"),
        ("2021Q1", &year, "!2021Q1"),
        ("2021年一季度", &Type::Period(None), "2021Q1"),
        ("2021年3月5日", &Type::Date, "2021-03-05"),
        ("2021-03-05 00:00:00", &Type::Date, "2021-03-05"),
        ("2021-03-05T00:00:00", &Type::Date, "2021-03-05"),
        ("2021-03-05 13:00:00", &Type::Date, "!2021-03-05 13:00:00"),
        ("2021-02-30", &Type::Date, "!2021-02-30"),
        ("是", &Type::Boolean, "true"),
        ("×", &Type::Boolean, "false"),
        ("TRUE", &Type::Boolean, "true"),
        ("1", &Type::Boolean, "!1"),
        ("Ⅳ类", &Type::Level(ScaleId(0)), "#2"),
        ("IV类", &Type::Level(ScaleId(0)), "!IV类"),
    ] {
        assert_eq!(read(text, ty), value, "{text}");
    }
    let suite = suite();
    let day = |text: &str| RawCell::Date(crate::quantity::parse_date(text).expect("a day"));
    let read = |raw: &RawCell<'_>, ty: &Type| super::text(&CellReader::new(&suite).cell(raw, ty, None).0);
    assert_eq!(read(&day("2021-03-01"), &Type::Period(None)), "2021-03");
    assert_eq!(read(&day("2021-04-01"), &Type::Period(Some(Granularity::Quarter))), "2021Q2");
    assert_eq!(read(&day("2021-03-05"), &Type::Period(None)), "!2021-03-05");
    assert_eq!(read(&day("2021-03-05"), &Type::Date), "2021-03-05");
    assert_eq!(read(&day("2021-03-05"), &quantity("元")), "!2021-03-05");
    assert_eq!(read(&RawCell::number("2021", Shown::Plainly), &year), "2021");
    assert_eq!(read(&RawCell::number("20801", Shown::Plainly), &Type::Text), "20801");
}

#[test]
fn plain_columns_take_bare_numbers_only() {
    let plain = Type::Quantity(Unit::plain());
    assert_eq!(read("3", &plain), "3");
    assert_eq!(read("3万", &plain), "30000");
    assert_eq!(read("3人", &plain), "!3人");
}

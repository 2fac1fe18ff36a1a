//! Parquet files give the rows that text files of the same values give.

use std::sync::Arc;

use ::parquet::basic::{Compression, Encoding};
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type,
};
use ::parquet::file::properties::{WriterProperties, WriterVersion};
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;

use super::*;
use crate::data::column;

/// The cells of a column, as stored.
pub enum Stored {
    Text(Vec<Option<&'static str>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Fixed(Vec<Option<Vec<u8>>>),
    I32(Vec<Option<i32>>),
    I64(Vec<Option<i64>>),
    F32(Vec<Option<f32>>),
    F64(Vec<Option<f64>>),
    Bool(Vec<Option<bool>>),
}

pub fn all<T: Copy>(values: &[T]) -> Vec<Option<T>> {
    values.iter().copied().map(Some).collect()
}

fn put<T: DataType>(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, values: &[Option<T::T>], required: bool) {
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = values.iter().flatten().cloned().collect();
    let mut column = group.next_column().unwrap().expect("a column");
    column.typed::<T>().write_batch(&values, (!required).then_some(&levels), None).unwrap();
    column.close().unwrap();
}

/// A file with row groups of so many rows.
pub fn file(schema: &str, columns: &[Stored], rows: usize, properties: WriterProperties) -> Vec<u8> {
    let message = Arc::new(parse_message_type(&format!("message m {{ {schema} }}")).unwrap());
    let required: Vec<bool> = message.get_fields().iter().map(|field| !field.is_optional()).collect();
    let mut writer = SerializedFileWriter::new(Vec::new(), message, Arc::new(properties)).unwrap();
    let length = columns.first().map_or(0, |column| match column {
        Stored::Text(v) => v.len(),
        Stored::Bytes(v) | Stored::Fixed(v) => v.len(),
        Stored::I32(v) => v.len(),
        Stored::I64(v) => v.len(),
        Stored::F32(v) => v.len(),
        Stored::F64(v) => v.len(),
        Stored::Bool(v) => v.len(),
    });
    for start in (0..length).step_by(rows) {
        let range = start..length.min(start + rows);
        let mut group = writer.next_row_group().unwrap();
        for (column, required) in columns.iter().zip(&required) {
            let bytes = |value: &Option<Vec<u8>>| value.clone().map(ByteArray::from);
            match column {
                Stored::Text(values) => {
                    let values: Vec<_> = values[range.clone()].iter().map(|text| text.map(ByteArray::from)).collect();
                    put::<ByteArrayType>(&mut group, &values, *required);
                }
                Stored::Bytes(values) => {
                    let values: Vec<_> = values[range.clone()].iter().map(bytes).collect();
                    put::<ByteArrayType>(&mut group, &values, *required);
                }
                Stored::Fixed(values) => {
                    let values: Vec<_> =
                        values[range.clone()].iter().map(|value| bytes(value).map(FixedLenByteArray::from)).collect();
                    put::<FixedLenByteArrayType>(&mut group, &values, *required);
                }
                Stored::I32(values) => put::<Int32Type>(&mut group, &values[range.clone()], *required),
                Stored::I64(values) => put::<Int64Type>(&mut group, &values[range.clone()], *required),
                Stored::F32(values) => put::<FloatType>(&mut group, &values[range.clone()], *required),
                Stored::F64(values) => put::<DoubleType>(&mut group, &values[range.clone()], *required),
                Stored::Bool(values) => put::<BoolType>(&mut group, &values[range.clone()], *required),
            }
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

pub const BUDGET: &str = "optional binary 部门 (STRING); optional binary 科目 (STRING); optional int32 年度; \
    optional int64 金额 (DECIMAL(18,2));";

fn budget() -> Vec<Stored> {
    vec![
        Stored::Text(all(&["教育局", "教育局", "卫健局"])),
        Stored::Text(all(&["公用经费", "公用经费", "公用经费"])),
        Stored::I32(all(&[2020, 2021, 2021])),
        Stored::I64(vec![Some(10_000), Some(9_001), None]),
    ]
}

const BUDGET_CSV: &str =
    "部门,科目,年度,金额\n教育局,公用经费,2020,100.00\n教育局,公用经费,2021,90.01\n卫健局,公用经费,2021,\n";

/// Ways to write the same values.
fn ways() -> Vec<WriterProperties> {
    let of = || WriterProperties::builder();
    vec![
        of().build(),
        of().set_dictionary_enabled(false).build(),
        of().set_writer_version(WriterVersion::PARQUET_2_0).build(),
        of().set_writer_version(WriterVersion::PARQUET_2_0).set_dictionary_enabled(false).build(),
        of().set_compression(Compression::ZSTD(Default::default())).build(),
        of().set_compression(Compression::GZIP(Default::default())).build(),
        of().set_compression(Compression::SNAPPY).set_dictionary_page_size_limit(16).build(),
        of().set_dictionary_enabled(false).set_encoding(Encoding::PLAIN).set_data_page_row_count_limit(1).build(),
    ]
}

#[test]
fn values_are_the_same_however_they_are_written() {
    let (csv, csv_said) = table("预算.csv", BUDGET_CSV, PLAIN);
    for (at, way) in ways().into_iter().enumerate() {
        for rows in [1, 2, 10] {
            let (found, said) = table("预算.parquet", file(BUDGET, &budget(), rows, way.clone()), PLAIN);
            assert_eq!(self::rows(&found), self::rows(&csv), "way {at}, {rows} rows a group: {said:?}");
            assert_eq!(codes(&said), codes(&csv_said), "way {at}");
            assert_eq!(found.columns, csv.columns, "way {at}: stated digits");
            assert!(matches!(found.columns[0], column::Column::Coded(_)), "packed");
            assert!(matches!(found.columns[3], column::Column::Decimals(_)), "packed");
            assert_eq!(found.origins.iter().map(|origin| origin.row).collect::<Vec<_>>(), [1, 2, 3]);
        }
    }
}

#[test]
fn damaged_files_are_told_and_never_break_the_reader() {
    let mut state = 20_211_231_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut told = 0;
    for way in ways() {
        let whole = file(BUDGET, &budget(), 2, way);
        for _ in 0..250 {
            let mut bytes = whole.clone();
            match draw(4) {
                0 => bytes.truncate(draw(whole.len())),
                1 => bytes[draw(whole.len())] = 0xff,
                _ => bytes[draw(whole.len())] ^= 1 << draw(8),
            }
            let (found, said) = table("预算.parquet", bytes, PLAIN);
            assert!(found.columns.iter().all(|column| column.len() == found.len()));
            told += usize::from(!errors(&said).is_empty());
        }
    }
    assert!(told > 500, "{told} of 2000");
}

#[test]
fn what_is_blank_is_not_quoted() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("预算.parquet"), file(BUDGET, &budget(), 9, WriterProperties::default()))
        .unwrap();
    let (submission, said) = folder.read_with(PLAIN);
    let table = submission.tables.iter().flatten().next().expect("a table");
    let spots = [1, 2].map(|row| table.spot(row, ColumnId(3)).expect("a spot"));
    let quoted = crate::data::quote(&submission, spots.iter());
    assert_eq!(quoted.into_values().collect::<Vec<_>>(), ["90.01"], "{said:?}");
}

#[test]
fn figures_are_quoted_as_they_are_stored() {
    let schema =
        "optional binary 部门 (STRING); optional binary 科目 (STRING); optional int32 年度; optional double 金额;";
    let figures = [90.01, -0.5, 3.0, 1e25, f64::NAN];
    let texts = ["90.01", "-0.5", "3", "10000000000000000000000000", "NaN"];
    let columns = [
        Stored::Text(all(&["甲", "乙", "丙", "丁", "戊"])),
        Stored::Text(all(&["x"; 5])),
        Stored::I32(all(&[2021; 5])),
        Stored::F64(all(&figures)),
    ];
    let folder = Folder::new();
    std::fs::write(folder.path().join("预算.parquet"), file(schema, &columns, 2, WriterProperties::default())).unwrap();
    let (submission, said) = folder.read_with(PLAIN);
    let table = submission.tables.iter().flatten().next().expect("a table");
    let spots: Vec<_> =
        (0..5).flat_map(|row| [2, 3].map(|at| table.spot(row, ColumnId(at)).expect("a spot"))).collect();
    let quoted = crate::data::quote(&submission, spots.iter());
    let expected: Vec<&str> = texts.iter().flat_map(|text| ["2021", *text]).collect();
    assert_eq!(spots.iter().map(|spot| quoted[spot].as_str()).collect::<Vec<_>>(), expected, "{said:?}");
    let stored = (0..5).flat_map(|row| [2, 3].map(|at| table.stored(row, ColumnId(at))));
    let certain: Vec<(String, &str)> = stored.zip(expected).filter_map(|(text, known)| Some((text??, known))).collect();
    assert!(certain.len() >= 8 && certain.iter().all(|(text, known)| text == known), "{certain:?}");
}

/// The figures of 金额, stored in one way, against a text file of the same figures.
fn figures(schema: &str, stored: Stored, texts: &[&str]) {
    let count = texts.len();
    let names: Vec<&'static str> = (0..count).map(|at| &*format!("局{at}").leak()).collect();
    let columns = [
        Stored::Text(all(&names)),
        Stored::Text(vec![Some("公用经费"); count]),
        Stored::I32(vec![Some(2021); count]),
        stored,
    ];
    let schema = format!("required binary 部门 (STRING); required binary 科目 (STRING); required int32 年度; {schema}");
    let csv: String = names.iter().zip(texts).map(|(name, text)| format!("{name},公用经费,2021,{text}\n")).collect();
    let heading = if schema.contains("金额（元）") { "金额（元）" } else { "金额" };
    let (csv, csv_said) = table("预算.csv", format!("部门,科目,年度,{heading}\n{csv}"), PLAIN);
    for way in ways() {
        let (found, said) = table("预算.parquet", file(&schema, &columns, 3, way), PLAIN);
        assert_eq!(rows(&found), rows(&csv), "{schema}");
        assert_eq!(found.columns[3], csv.columns[3], "{schema}: stated digits");
        assert_eq!(codes(&said), codes(&csv_said), "{schema}: {said:?}");
    }
}

#[test]
fn figures_keep_their_digits() {
    figures(
        "optional int32 金额;",
        Stored::I32(vec![Some(5), None, Some(-7), Some(i32::MIN)]),
        &["5", "", "-7", "-2147483648"],
    );
    figures(
        "required int64 金额;",
        Stored::I64(all(&[i64::MAX, i64::MIN, 0])),
        &["9223372036854775807", "-9223372036854775808", "0"],
    );
    figures("required int64 金额 (INTEGER(64,false));", Stored::I64(all(&[-1, 3])), &["18446744073709551615", "3"]);
    figures("required int32 金额 (INTEGER(32,false));", Stored::I32(all(&[-1, 3])), &["4294967295", "3"]);
    figures(
        "optional int32 金额 (DECIMAL(9,4));",
        Stored::I32(vec![Some(12345), None, Some(-5)]),
        &["1.2345", "", "-0.0005"],
    );
    figures("required int64 金额（元） (DECIMAL(18,2));", Stored::I64(all(&[123, -4])), &["1.23", "-0.04"]);
    for scale in 0..=18 {
        let text =
            |digits: &str| super::super::super::quantity::Decimal::new(digits.parse().unwrap(), scale).to_string();
        let texts = [text("123456789012345678"), text("-1"), text("0")];
        figures(
            &format!("required int64 金额 (DECIMAL(18,{scale}));"),
            Stored::I64(all(&[123_456_789_012_345_678, -1, 0])),
            &[&texts[0], &texts[1], &texts[2]],
        );
    }
    let large = 123_456_789_012_345_678_901_234_567_890i128;
    figures(
        "optional fixed_len_byte_array(16) 金额 (DECIMAL(38,3));",
        Stored::Fixed(vec![Some(large.to_be_bytes().to_vec()), None, Some((-90_010i128).to_be_bytes().to_vec())]),
        &["123456789012345678901234567.890", "", "-90.010"],
    );
    figures(
        "required binary 金额 (DECIMAL(9,1));",
        Stored::Bytes(vec![Some(vec![0xff]), Some(vec![1, 0])]),
        &["-0.1", "25.6"],
    );
}

#[test]
fn doubles_are_their_shortest_decimals() {
    figures(
        "optional double 金额;",
        Stored::F64(vec![
            Some(0.1 + 0.2),
            Some(0.1),
            None,
            Some(2021.0),
            Some(-0.0),
            Some(-1.25),
            Some(1e20),
            Some(1e-7),
        ]),
        &["0.30000000000000004", "0.1", "", "2021", "0", "-1.25", "100000000000000000000", "0.0000001"],
    );
    figures("required float 金额;", Stored::F32(all(&[0.1, 16_777_216.0])), &["0.1", "16777216"]);
    figures("required double 金额;", Stored::F64(all(&[f64::NAN, f64::INFINITY, 1.5])), &["NaN", "inf", "1.5"]);
    figures(
        "required binary 金额 (STRING);",
        Stored::Text(all(&["1,234.50", "约5", "—", "12.5亿元"])),
        &["\"1,234.50\"", "约5", "—", "12.5亿元"],
    );
}

#[test]
fn totals_notes_and_blank_rows_are_kept_apart() {
    let columns = |mark: &'static str| {
        vec![
            Stored::Text(vec![Some("教育局"), None, Some(mark), Some("卫健局")]),
            Stored::Text(vec![Some("公用经费"), None, None, Some("公用经费")]),
            Stored::I32(vec![Some(2020), None, None, Some(2020)]),
            Stored::I64(vec![Some(10_000), None, Some(500), None]),
        ]
    };
    for mark in ["合计", "全区合计：", "注：x", "另行统计"] {
        let (found, said) = table("预算.parquet", file(BUDGET, &columns(mark), 2, WriterProperties::default()), PLAIN);
        let csv =
            format!("部门,科目,年度,金额\n教育局,公用经费,2020,100.00\n,,,\n{mark},,,5.00\n卫健局,公用经费,2020,\n");
        let (csv, csv_said) = table("预算.csv", csv, PLAIN);
        assert_eq!((rows(&found), codes(&said)), (rows(&csv), codes(&csv_said)), "{mark}");
    }
    let beside = vec![Stored::Text(all(&["1", "合计"]))].into_iter().chain([
        Stored::Text(all(&["教育局", "卫健局"])),
        Stored::Text(all(&["公用经费", "公用经费"])),
        Stored::I32(all(&[2020, 2020])),
        Stored::I64(all(&[1, 2])),
    ]);
    let schema = format!("optional binary 序号 (STRING); {BUDGET}");
    for way in ways() {
        let beside: Vec<Stored> = vec![
            Stored::Text(all(&["1", "合计"])),
            Stored::Text(all(&["教育局", "卫健局"])),
            Stored::Text(all(&["公用经费", "公用经费"])),
            Stored::I32(all(&[2020, 2020])),
            Stored::I64(all(&[100, 200])),
        ];
        let (found, _) = table("预算.parquet", file(&schema, &beside, 9, way), PLAIN);
        assert_eq!(rows(&found), ["教育局|公用经费|2020|10000|"]);
    }
    drop(beside);
}

#[test]
fn what_is_missing_or_of_another_type_is_said() {
    let schema = "optional binary 部门 (STRING); optional binary 科目 (STRING); optional int32 年度;";
    let three = || budget().into_iter().take(3).collect::<Vec<_>>();
    let (_, said) = table("预算.parquet", file(schema, &three(), 9, WriterProperties::default()), PLAIN);
    assert_eq!(errors(&said), ["E0406"], "{said:?}");
    let schema = "optional binary 部门; optional binary 科目 (STRING); optional binary 年度 (STRING); optional binary 金额 (STRING);";
    let columns = vec![
        Stored::Bytes(vec![Some(b"a".to_vec()), Some(vec![0xff, 0xfe])]),
        Stored::Text(all(&["x", "x"])),
        Stored::Text(all(&["2021", "去年"])),
        Stored::Text(all(&["1", "2"])),
    ];
    let (_, said) = table("预算.parquet", file(schema, &columns, 9, WriterProperties::default()), PLAIN);
    assert_eq!(errors(&said), ["E0402"], "{said:?}");
    let (_, said) = table("预算.parquet", b"no Parquet", PLAIN);
    assert_eq!(errors(&said), ["E0401"], "{said:?}");
}

#[test]
fn partitions_give_the_cells_of_their_columns() {
    let schema = "required binary 部门 (STRING); required binary 科目 (STRING); required int64 金额 (DECIMAL(18,2));";
    let part = || {
        let columns = [Stored::Text(all(&["教育局"])), Stored::Text(all(&["公用经费"])), Stored::I64(all(&[100]))];
        file(schema, &columns, 9, WriterProperties::default())
    };
    let folder = Folder::new();
    for year in ["2020", "2021"] {
        let inner = folder.path().join("预算").join(format!("%E5%B9%B4%E5%BA%A6={year}"));
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(inner.join("part-0.parquet"), part()).unwrap();
        std::fs::write(inner.join("_SUCCESS"), "").unwrap();
    }
    let (submission, said) = folder.read_with(PLAIN);
    let table = submission.tables.iter().flatten().next().expect("a table");
    assert_eq!(rows(table), ["教育局|公用经费|2020|10000|", "教育局|公用经费|2021|10000|"], "{said:?}");
    assert_eq!(errors(&said), [""; 0]);
    let spot = table.spot(1, ColumnId(2)).expect("a spot");
    let amount = table.spot(1, ColumnId(3)).expect("a spot");
    let quoted = crate::data::quote(&submission, [&spot, &amount].into_iter());
    assert_eq!(quoted.get(&spot).map(String::as_str), Some("2021"));
    assert_eq!(quoted.get(&amount).map(String::as_str), Some("1.00"));
    // The same folder, given for the dataset.
    let sources = DataSources { folders: Vec::new(), named: vec![("预算".to_owned(), folder.path().join("预算"))] };
    let (submission, said) = read_submission(&suite(), &config(PLAIN), &sources);
    assert_eq!(submission.tables.iter().flatten().map(Table::len).sum::<usize>(), 2, "{said:?}");
}

#[test]
fn bindings_hold_for_parquet() {
    let columns = || {
        vec![
            Stored::Text(vec![Some("教育局"), None, Some("卫健局")]),
            Stored::Text(all(&["公用经费", "公用经费", "公用经费"])),
            Stored::I64(vec![Some(1), Some(2), Some(3)]),
            Stored::I64(vec![Some(4), None, Some(6)]),
        ]
    };
    let schema = "optional binary 单位名称 (STRING); optional binary 科目 (STRING); optional int64 2020年（元）; optional int64 2021年（元）;";
    let binding = "name = \"t\"\n[[binding]]\ndataset = \"预算\"\ncolumns = { \"部门\" = \"单位名称\" }\nfill_down = [\"部门\"]\n\
        blank_as_zero = [\"金额\"]\nmelt = [{ headings = \"{年度}年\", into = \"金额\" }]\nheader = 3\n";
    let (found, said) = table("预算.parquet", file(schema, &columns(), 9, WriterProperties::default()), binding);
    let csv = "单位名称,科目,2020年（元）,2021年（元）\n教育局,公用经费,1,4\n,公用经费,2,\n卫健局,公用经费,3,6\n";
    let (csv, csv_said) = table("预算.csv", csv, &binding.replace("header = 3", "header = 1"));
    assert_eq!((rows(&found), codes(&said)), (rows(&csv), codes(&csv_said)));
    assert_eq!(found.len(), 6);
    let binding = "name = \"t\"\n[[binding]]\ndataset = \"预算\"\nrounded = true\n";
    let (found, _) = table("预算.parquet", file(BUDGET, &budget(), 9, WriterProperties::default()), binding);
    let (csv, _) = table("预算.csv", BUDGET_CSV, binding);
    assert_eq!(rows(&found), rows(&csv));
}

#[test]
fn cells_of_every_type_are_read_as_from_text() {
    let schema = "optional binary 项目 (STRING); optional double 完成率; optional int32 户数; optional int32 开工 (DATE); \
        optional boolean 竣工; optional binary 水质 (STRING);";
    let columns = vec![
        Stored::Text(all(&["a", "b"])),
        Stored::F64(all(&[98.5, 100.0])),
        Stored::I32(vec![Some(3), None]),
        Stored::I32(vec![Some(18_628), None]),
        Stored::Bool(vec![Some(true), Some(false)]),
        Stored::Text(vec![Some("Ⅲ类"), Some("差")]),
    ];
    let csv = "项目,完成率,户数,开工,竣工,水质\na,98.5,3,2021-01-01,true,Ⅲ类\nb,100,,,false,差\n";
    let (csv, csv_said) = table("项目.csv", csv, PLAIN);
    for way in ways() {
        let (found, said) = table("项目.parquet", file(schema, &columns, 9, way), PLAIN);
        assert_eq!((rows(&found), codes(&said)), (rows(&csv), codes(&csv_said)));
        assert_eq!(found.columns, csv.columns);
    }
}

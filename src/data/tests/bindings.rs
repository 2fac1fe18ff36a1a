//! `suite.toml`: what it may say, and what follows from it.

use super::*;
use crate::base::Place;
use crate::data::toml_file::TomlFile;

fn faults(text: &str) -> Vec<(&'static str, Option<u64>, Option<String>)> {
    let file = TomlFile { path: "suite.toml".to_owned(), text: text.to_owned(), sha256: String::new() };
    SuiteConfig::parse(&file)
        .expect_err("faults")
        .into_iter()
        .map(|fault| match fault.place {
            Place::Data { row, column, .. } => (fault.code.code, row, column),
            _ => (fault.code.code, None, None),
        })
        .collect()
}

fn bound(lines: &str) -> String {
    format!("name = \"t\"\n[[binding]]\ndataset = \"预算\"\n{lines}")
}

#[test]
fn everything_a_suite_file_says() {
    let config = config(
        "name = \"gulou\"\ntitle = \"鼓楼\"\nissuer = \"区政府\"\nsource = \"报告\"\nregion = \" 鼓楼区 \"\nperiod = 2021\n\
         standards = [\"a.toml\", \"b.toml\"]\nwaivers = \"w.toml\"\nregister = \"c.csv\"\n\
         [[binding]]\ndataset = \"预算\"\nfile = \"*.xlsx\"\nsheet = \"表1\"\nheader = [2, 3]\nencoding = \"gbk\"\ndelimiter = \";\"\n\
         columns = { \"部门\" = [\"单位名称\", \"预算单位\"], \"金额\" = \"预算数\" }\nunits = { \"金额\" = { column = \"单位\" } }\n\
         skip = []\nblank = [\"待定\"]\nfill_down = [\"部门\"]\nrounded = true\n\
         melt = { headings = \"{年度}年预算数\", into = \"金额\" }",
    );
    assert_eq!(
        (config.region.as_deref(), config.period, config.standards.len()),
        (Some("鼓楼区"), Some(period("2021")), 2)
    );
    let binding = &config.bindings[0];
    assert_eq!((binding.header, binding.delimiter, binding.line), (Some((2, 3)), Some(b';'), 10));
    assert_eq!(binding.columns.len(), 2);
    assert_eq!((binding.skip.as_deref(), binding.rounded, binding.melt.len()), (Some(&[][..]), true, 1));
    assert_eq!(config.waivers, ["w.toml"]);
    assert_eq!(config.validate(&suite()), []);
}

#[test]
fn all_faults_of_a_file_come_at_once() {
    let key = |code, row, key: &str| (code, Some(row), Some(key.to_owned()));
    assert_eq!(
        faults(
            "titel = \"x\"\nperiod = \"明年\"\n[[binding]]\nfile = 3\nheader = \"第三行\"\nencoding = \"klingon\"\n\
             delimiter = \"ab\"\nunits = { \"金额\" = 3 }\nmelt = { headings = \"预算数\", into = \"金额\" }\n"
        ),
        [
            key("E0503", 1, "titel"),
            key("E0505", 1, "name"),
            key("E0504", 2, "period"),
            key("E0505", 3, "dataset"),
            key("E0504", 4, "file"),
            key("E0504", 5, "header"),
            key("E0504", 6, "encoding"),
            key("E0504", 7, "delimiter"),
            key("E0504", 8, "金额"),
            key("E0504", 9, "headings"),
        ]
    );
    assert_eq!(faults("name = \"x\"\nregion = 鼓楼\n")[0].0, "E0502");
    assert_eq!(faults("name = \"x\"\nname = \"y\"\n")[0].0, "E0502");
    assert_eq!(faults("name = \" \"")[0].0, "E0505");
}

#[test]
fn names_are_held_against_the_suite() {
    let check = |lines: &str| {
        let config = config(&bound(lines));
        config
            .validate(&suite())
            .into_iter()
            .map(|d| (d.code.code, d.help.map(|help| help.en).unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    assert_eq!(check("columns = { \"部们\" = \"x\" }"), [("E0507", "did you mean `部门`?".to_owned())]);
    assert_eq!(check("fill_down = [\"x\"]")[0].0, "E0507");
    assert_eq!(check("units = { \"金额\" = \"万园\" }")[0].0, "E0508");
    assert_eq!(check("units = { \"金额\" = \"人\" }")[0].0, "E0508");
    assert_eq!(check("units = { \"部门\" = \"元\" }")[0].0, "E0508");
    assert_eq!(check("melt = { headings = \"{年}年\", into = \"金额\" }")[0].0, "E0507");
    assert_eq!(check("melt = { headings = \"{年度}年\", into = \"部门\" }")[0].0, "E0507");
    let config = config("name = \"t\"\n[[binding]]\ndataset = \"预祘\"");
    assert_eq!(codes(&config.validate(&suite())), ["E0506"]);
}

#[test]
fn wide_tables_become_long() {
    let text = "部门,科目,2020年预算数（元）,2021年 预算数,上年预算数,合计\n教育局,公用经费,1000000,90.01,5,6\n";
    let config = bound("melt = { headings = \"{年度}年预算数\", into = \"金额\" }");
    let folder = Folder::new();
    folder.file("预算.csv", text);
    let (submission, diagnostics) = folder.read_with(&config);
    let table = submission.tables[1].as_ref().expect("a table");
    assert_eq!(rows(table), ["教育局|公用经费|2020|1000000|", "教育局|公用经费|2021|900100|"]);
    assert_eq!(codes(&diagnostics), ["W0411", "W0405"]);
    let place = |row| table.place(&submission.inputs, row, Some(ColumnId(3))).and_then(|place| place.column);
    assert_eq!((place(0).as_deref(), place(1).as_deref()), (Some("2020年预算数（元）"), Some("2021年 预算数")));
    assert_eq!(submission.inputs[0].rows, 2);
    assert_eq!(errors(&super::table("预算.csv", "部门,科目,2020\nx,y,1\n", &config).1), ["E0406"]);
    let twice = "部门,科目,2020年预算数,2020年预算数（元）\nx,y,1,2\n";
    assert_eq!(errors(&super::table("预算.csv", twice, &config).1), ["E0407"]);
}

#[test]
fn two_measures_of_one_year_share_a_row() {
    let text = "项目,2020完成率,2020户数,2021完成率,2021户数\na,98.5,3,99,4\n";
    let config = "name = \"t\"\n[[binding]]\ndataset = \"项目\"\nmelt = [{ headings = \"{开工}完成率\", into = \"完成率\" }, { headings = \"{开工}户数\", into = \"户数\" }]";
    let text = text.replace("2020", "20200101").replace("2021", "20210101");
    assert_eq!(rows(&table("项目.csv", text, config).0), ["a|0.985|3|2020-01-01||", "a|0.99|4|2021-01-01||"]);
}

#[test]
fn bindings_say_where_and_what() {
    let read = |text: &str, lines: &str| {
        let (found, diagnostics) = table("预算.csv", text, &bound(lines));
        (rows(&found), errors(&diagnostics))
    };
    let row = "教育局|公用经费|2021|10000|".to_owned();
    let renamed = "单位名称,科目,年度,本年预算\n教育局,公用经费,2021,1\n";
    let columns = "columns = { \"部门\" = [\"预算单位\", \"单位名称\"], \"金额\" = \"本年预算\" }";
    assert_eq!(read(renamed, columns), (vec![row.clone()], vec![]));
    let both = "部门,科目,年度,金额,金额（元）\n教育局,公用经费,2021,1,70000\n";
    assert_eq!(read(both, "columns = { \"金额\" = \"金额\" }"), (vec![row.clone()], vec![]));
    assert_eq!(read(both, "columns = { \"金额\" = \"金额（元）\" }").0, ["教育局|公用经费|2021|70000|"]);
    let headed = "部门,科目,年度,金额\n部门,科目,年度,金额\n教育局,公用经费,2021,1\n";
    assert_eq!(read(headed, "header = 2"), (vec![row.clone()], vec![]));
    assert_eq!(read(headed, "header = 20").1, ["E0423"]);
    assert_eq!(read("部门;科目;年度;金额\n教育局;公用经费;2021;1\n", "delimiter = \";\""), (vec![row.clone()], vec![]));
    let two = "部门,科目,年度,本年,\n,,,预算,金额\n教育局,公用经费,2021,7,1\n";
    assert_eq!(read(two, "header = [1, 2]\ncolumns = { \"金额\" = \"本年/金额\" }"), (vec![row.clone()], vec![]));
    let below = "部门,科目,年度,金额\n教育局,公用经费,2021,1\n,项目经费,2021,待定\n\n小 计,,,5\n本页合计,,,5\n";
    assert_eq!(
        read(below, "fill_down = [\"部门\"]\nblank = [\"待定\"]\nskip = [\"小计\", \"本页合计\"]"),
        (vec![row.clone(), "教育局|项目经费|2021||".to_owned()], vec![])
    );
    assert_eq!(read("部门,科目,年度,金额\n合计,公用经费,2021,1\n", "skip = []").0, ["合计|公用经费|2021|10000|"]);
}

#[test]
fn blank_dimensions_are_told_and_capped() {
    let text = format!("部门,科目,年度,金额\n{}", ",公用经费,2021,1\n".repeat(30));
    let (found, diagnostics) = table("预算.csv", text, PLAIN);
    assert_eq!(rows(&found)[0], "|公用经费|2021|10000|");
    let blank: Vec<_> = diagnostics.iter().filter(|d| d.code.code == "W0401").collect();
    assert_eq!(blank.len(), 21);
    assert!(blank[20].message.en.starts_with("10 more"));
}

#[test]
fn a_member_called_total_is_data() {
    let mut suite = suite();
    let codes = crate::semantics::hir::List::Values(vec![Scalar::text("合计")]);
    suite.datasets[1].columns[0].codes = Some(codes);
    let folder = Folder::new();
    folder.file("预算.csv", "部门,科目,年度,金额\n合计,公用经费,2021,1\n合计,小计,2021,1\n");
    let (submission, _) = read_submission(&suite, &config(PLAIN), &folder.sources());
    assert_eq!(submission.tables[1].as_ref().map(rows), Some(vec!["合计|公用经费|2021|10000|".to_owned()]));
}

#[test]
fn files_find_their_datasets() {
    let folder = Folder::new();
    folder
        .file("README.md", "x")
        .file("standards.toml", "")
        .file(".hidden", "x")
        .file("~$预算.xlsx", "x")
        .file("说明.docx", "x")
        .file("2021部门预算.csv", super::formats::CSV)
        .file("其他.csv", "a,b\n1,2\n")
        .file("submission.toml", "notice = { zh = \"样例数据\", en = \"made-up data\" }\n");
    let (submission, diagnostics) = folder.read_with(&bound("file = \"*预算*.csv\""));
    assert_eq!(codes(&diagnostics), ["W0409", "W0409", "W0405"]);
    assert_eq!(submission.notice.as_ref().map(|notice| notice.en.as_str()), Some("made-up data"));
    assert_eq!(submission.tables[1].as_ref().map(Table::len), Some(2));
    assert!(submission.tables[0].is_none() && submission.tables[2].is_none());

    let named = |name: &str, file: &str| {
        let sources = DataSources { folders: Vec::new(), named: vec![(name.to_owned(), folder.path().join(file))] };
        let (submission, diagnostics) = read_submission(&suite(), &config(PLAIN), &sources);
        (
            submission.tables.iter().map(|t| t.as_ref().map(Table::len)).collect::<Vec<_>>(),
            errors(&diagnostics),
            submission.unreadable,
        )
    };
    assert_eq!(named("预算", "2021部门预算.csv"), (vec![None, Some(2), None], vec![], vec![]));
    assert_eq!(named("预祘", "2021部门预算.csv").1, ["E0506"]);
    assert_eq!(
        named("预算", "没有.csv"),
        (vec![None, None, None], vec!["E0512"], vec![crate::semantics::hir::DatasetId(1)])
    );
}

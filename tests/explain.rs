//! How cases were calculated, for every verdict in both languages, and the rule book.

use std::path::{Path, PathBuf};
use std::process::Command;

use duixian::base::Lang;
use duixian::data::DataSources;
use duixian::pipeline::{Checked, Kept, Request, explained, not_explained, read_kept};
use duixian::report::explaining::Wanted;
use duixian::report::record::{Record, Rows, Verdict};
use duixian::report::text::explain::{Options, render};
use duixian::report::{Style, html, json, markdown};

use crate::support::{Folder, check, fits, suite_with};

const RULES: &str = r#"
标度 水质: 劣Ⅴ类 < Ⅴ类 < Ⅳ类 < Ⅲ类
标准 市定失业率标准: %
数据集 预算 "部门预算"
    维度 部门: 文本
    维度 科目: 文本
    维度 年度: 年
    度量 金额: 万元
数据集 支出表
    维度 科目编码: 文本 级长 3/5
    度量 合计数: 万元
    度量 基本支出: 万元
    度量 项目支出: 万元
指标 公用经费(部门): 万元 = 合计 预算.金额 当 科目 = "公用经费"
指标 公用占比(部门): % = 占比 预算.金额 当 科目 = "公用经费"
指标 常住人口: 万人
指标 地区生产总值: 亿元
指标 人均产值: 万元/人 = 地区生产总值 / 常住人口
指标 失业率: %
指标 优良率: %
指标 断面水质: 水质
指标 招商: 亿元
指标 补贴: 万元
指标 基数: 亿元
规则 D210 "公用经费统一压减10%"
    对每个 部门
    期间 2021
    要求 公用经费 压减 ≥ 10%
规则 E1 "公用经费占比不超过一成"
    对每个 部门
    性质 提示
    要求 公用占比 ≤ 10%
规则 E2 "人均产值不低于15万元"
    性质 预期性
    要求 人均产值 ≥ 15 万元/人
规则 E3 "失业率在标准以内"
    要求 失业率 ≤ 市定失业率标准 且 断面水质 ≥ Ⅳ类
规则 E4 "优良天数连续三年"
    要求 连续 3 年 优良率 ≥ 80%
规则 E5 "五年优良天数"
    要求 每个 期间 2017..2021 要求 优良率 ≥ 79%
规则 E6 "支出表逐级合计"
    每行 支出表
    要求 合计数 = 基本支出 + 项目支出 ± 0.01 万元
    要求 合计数 = 下级合计 沿 科目编码 ± 0.01 万元
规则 E7 "缺标准"
    要求 补贴 ≤ 5 万元 或 招商 ≥ 999 亿元
规则 E8 "年底招商到位"
    截止 2022-06-30
    要求 招商 ≥ 100 亿元
规则 E9 "有招商才谈补贴"
    当 招商 > 500 亿元
    要求 补贴 ≤ 5 万元
规则 E10 "翻番"
    要求 地区生产总值 / 基数 ≥ 200%
"#;

const FIGURES: &str = "指标,期间,数值\n常住人口,2021,100\n地区生产总值,2021,1490\n失业率,2021,4.2%\n断面水质,2021,Ⅴ类\n\
    优良率,2017,78.9%\n优良率,2018,80%\n优良率,2019,81%\n优良率,2020,80.5%\n优良率,2021,82%\n\
    招商,2021,40\n基数,2021,0\n";

const BUDGET: &str = "部门,科目,年度,金额\n教育局,公用经费,2020,60.00\n教育局,公用经费,2020,40.00\n教育局,项目,2020,900\n\
    教育局,公用经费,2021,90.01\n教育局,项目,2021,900\n文旅局,公用经费,2020,20\n文旅局,公用经费,2021,17\n\
    文旅局,项目,2021,100\n信访局,公用经费,2020,5\n信访局,公用经费,2021,\n档案局,公用经费,2020,10\n档案局,公用经费,2021,9.5\n";

const SPENDING: &str = "科目编码,合计数,基本支出,项目支出\n205,80.20,50.00,27.00\n20501,30,20,10\n20502,47,30,17\n208,10,4,6\n20801,10,4,6\n";

struct World {
    _folder: Folder,
    suite: Checked,
    data: PathBuf,
}

fn world() -> World {
    let folder = Folder::new();
    folder.write("data/预算.csv", BUDGET);
    folder.write("data/支出表.csv", SPENDING);
    folder.write("data/指标.csv", FIGURES);
    folder.write(
        "suite/标准.toml",
        "[[standard]]\nname = \"市定失业率标准\"\nvalue = \"4%\"\nsource = \"市发〔2021〕1号\"\ndate = \"2021-01-15\"\n",
    );
    folder.write(
        "suite/豁免.csv",
        "规则,范围,理由,批准人,批准日期,失效日期\nD210,部门=档案局,新设机构,区财政局,2021-03-01,2021-12-31\n",
    );
    let suite = suite_with(&folder, RULES, "standards = \"标准.toml\"\nwaivers = \"豁免.csv\"\n");
    let data = folder.path().join("data");
    World { _folder: folder, suite, data }
}

impl World {
    fn record(&self, passes: bool) -> Record {
        judged(&self.suite, &self.data, Request { passes, ..Request::default() })
    }
}

/// A record whose files are called without their folder.
fn judged(suite: &Checked, data: &Path, request: Request) -> Record {
    let sources = DataSources { folders: vec![data.to_owned()], named: Vec::new() };
    let read = suite.read(&sources, &[], &[]).unwrap_or_else(|stopped| panic!("{stopped}"));
    let planned = suite.plan(&request).unwrap_or_else(|stopped| panic!("{stopped}"));
    let text = json::render(&planned.measure(read).judge().record()).unwrap();
    let text = text.replace(&format!("{}/", data.display()), "").replace(&format!("{}/", suite.dir().display()), "");
    serde_json::from_str(&text).unwrap()
}

fn wanted(case: &str) -> Wanted {
    match case.split_once('=') {
        Some((dimension, member)) => Wanted { dimension: Some(dimension.to_owned()), member: member.to_owned() },
        None => Wanted { dimension: None, member: case.to_owned() },
    }
}

fn told(record: &Record, rule: &str, cases: &[&str], lang: Lang) -> String {
    let cases: Vec<Wanted> = cases.iter().map(|case| wanted(case)).collect();
    let explained = explained(record, rule, &cases, 5).unwrap_or_else(|fault| panic!("{}", fault.message.zh));
    render(&explained, &Options { lang, width: 100, style: Style::Plain })
}

#[test]
fn every_verdict_is_explained_in_both_languages() {
    let record = world().record(true);
    let verdict = |id: &str| record.rules.iter().find(|rule| rule.id == id).unwrap().verdict;
    let worst: Vec<Verdict> = record.rules.iter().map(|rule| verdict(&rule.id)).collect();
    for expected in
        [Verdict::Fail, Verdict::Missing, Verdict::Pending, Verdict::NotApplicable, Verdict::Error, Verdict::Pass]
    {
        assert!(worst.contains(&expected), "{expected:?}: {worst:?}");
    }
    assert!(record.rules.iter().any(|rule| rule.cases.waived == 1));
    for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
        let pages: Vec<String> = record.rules.iter().map(|rule| told(&record, &rule.id, &[], lang)).collect();
        insta::assert_snapshot!(name, pages.join("\n――――――――\n\n"));
    }
    let one = explained(&record, "D210", &[wanted("部门=教育局")], 5).unwrap();
    insta::assert_snapshot!("markdown", markdown::explain(&one, Lang::Zh));
    let json: serde_json::Value = serde_json::from_str(&json::render(&one).unwrap()).unwrap();
    assert_eq!((&json["schema"], &json["cases"][0]["scope"]["部门"]), (&"duixian.explain/1".into(), &"教育局".into()));
}

const DOUBTFUL: &str = r#"
数据集 预算 "部门预算"
    维度 部门: 文本
    维度 年度: 年
    度量 金额: 万元
数据集 明细
    维度 编号: 文本
    度量 预算数: 万元
    度量 决算数: 万元
指标 公用经费(部门): 万元 = 合计 预算.金额
指标 投资: 亿元
指标 零售额: 亿元
指标 户数: 户
指标 优良率: %
指标 新增: 人
指标 失业: 人
指标 缺口: 亿元
规则 R1 "公用经费压减10%"
    对每个 部门
    要求 公用经费 压减 ≥ 10%
规则 R2 "决算不超预算"
    每行 明细
    要求 决算数 ≤ 预算数
规则 R3 "投资增长8%"
    要求 投资 增长 ≥ 8%
规则 R4 "零售额过千亿"
    要求 零售额 突破 1000 亿元
规则 R5 "户数过两万"
    要求 户数 突破 20000 户
规则 R6 "户数过一万五，每户投资不少于千分之一亿元"
    要求 户数 ≥ 15000 户 且 投资 / 户数 ≥ 0.001 亿元/户
规则 X1 "五年里有一年优良率过八成五"
    要求 存在 优良率[2017..2021] ≥ 85%
规则 X2 "近两年有一年优良率过八成"
    要求 存在 优良率[2020..2021] ≥ 80%
规则 X3 "报出的年份里有一年过八成五"
    要求 存在 优良率[2016..2018] ≥ 85%
规则 N1 "失业不得多于新增就业"
    要求 非 失业 > 新增
规则 N2 "不得又少招又失业"
    要求 非 (新增 < 1000 人 且 失业 > 100 人)
规则 N3 "新增不得为零，失业不得少于五十"
    要求 非 (新增 = 0 人 或 失业 < 50 人)
规则 N4 "优良率没有一年低于八成"
    要求 非 存在 优良率[2017..2021] < 80%
规则 N5 "上年新增不得少于八百"
    要求 非 新增[2020] < 800 人
规则 M1 "投资够，缺口小"
    要求 投资 ≥ 400 亿元 且 缺口 ≤ 5 亿元
规则 M2 "优良率在八成上下"
    要求 优良率 在 80% 到 81% 之间
规则 M3 "缺口有限"
    要求 缺口 在 0 亿元 到 5 亿元 之间
"#;

const DOUBTFUL_FIGURES: &str = "指标,期间,数值,单位,限定\n投资,2020,325,亿元,\n投资,2021,351,亿元,约\n零售额,2021,1000,亿元,约\n\
    户数,2021,20000,户,超\n优良率,2017,78.9,%,\n优良率,2018,80,%,\n优良率,2019,81,%,\n优良率,2020,80.5,%,\n优良率,2021,82,%,\n\
    新增,2021,900,人,\n失业,2021,120,人,\n";

/// Rounded figures, bounds of figures, one of several periods, and what must not be so.
#[test]
fn doubt_some_and_not_are_explained_in_both_languages() {
    let folder = Folder::new();
    folder.write(
        "data/预算.csv",
        "部门,年度,金额\n教育局,2020,100.0\n教育局,2021,90.0\n文旅局,2020,20.00\n文旅局,2021,17.00\n",
    );
    folder.write("data/明细.csv", "编号,预算数,决算数\nA1,10.0,10.0\nA2,12.0,11.0\nA3,5.0,6.0\n");
    folder.write("data/指标.csv", DOUBTFUL_FIGURES);
    let bindings = ["预算", "明细"].map(|name| format!("[[binding]]\ndataset = \"{name}\"\nrounded = true\n"));
    let suite = suite_with(&folder, DOUBTFUL, &bindings.concat());
    let record = judged(&suite, &folder.path().join("data"), Request { passes: true, ..Request::default() });
    let rows = Rows { pass: 1, fail: 1, borderline: 1, ..Rows::default() };
    let by_row = record.rules.iter().filter(|rule| rule.findings.iter().any(|finding| finding.rows.is_some()));
    let counted: Vec<(&str, Option<Rows>)> = by_row.map(|rule| (rule.id.as_str(), rule.findings[0].rows)).collect();
    assert_eq!(counted, [("R2", Some(rows))], "rows are counted of row rules alone");
    for (name, lang) in [("doubt_zh", Lang::Zh), ("doubt_en", Lang::En)] {
        let pages: Vec<String> = record.rules.iter().map(|rule| told(&record, &rule.id, &[], lang)).collect();
        insta::assert_snapshot!(name, pages.join("\n――――――――\n\n"));
    }
}

#[test]
fn a_failing_case_says_what_would_change_it() {
    let record = world().record(false);
    let zh = told(&record, "D210", &["部门=教育局"], Lang::Zh);
    for said in [
        "(100.00 − 90.01) / 100.00 = 9.99%",
        "9.99% < 10%，不成立",
        "公用经费[教育局, 2021] ≤ 90 万元",
        "取自 2 行",
        "60.00",
    ] {
        assert!(zh.contains(said), "{said}: {zh}");
    }
    let en = told(&record, "D210", &["教育局"], Lang::En);
    assert!(en.contains("9.99% < 10%: does not hold") && en.contains("it passes"), "{en}");
}

#[test]
fn what_is_not_there_is_refused_with_the_nearest() {
    let (plain, full) = {
        let world = world();
        (world.record(false), world.record(true))
    };
    let refused = |record: &Record, rule: &str, case: &[&str]| {
        let cases: Vec<Wanted> = case.iter().map(|case| wanted(case)).collect();
        let fault = *explained(record, rule, &cases, 5).unwrap_err();
        format!("{} {}\n{:?}", fault.code.code, fault.message.zh, fault.help)
    };
    let said = [
        refused(&full, "D201", &[]),
        refused(&full, "什么规则都不是", &[]),
        refused(&full, "D210", &["部门=教育据"]),
        refused(&full, "D210", &["部问=教育局"]),
        refused(&full, "D210", &["部门=教育局", "期间=2020"]),
        refused(&plain, "D210", &["部门=文旅局"]),
        refused(&full, "E2", &["部门=教育局"]),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn the_record_of_many_submissions_says_where_calculations_are_to_be_had() {
    let folder = Folder::new();
    let rules = "指标 收入: 亿元\n指标 户数: 户\n规则 D1\n    要求 收入 ≥ 10 亿元\n规则 D2\n    要求 户数 ≥ 10 户\n";
    suite_with(&folder, rules, "");
    for (name, figure) in [("丙局", "9"), ("乙局", "10"), ("甲局", "9.9")] {
        folder.write(&format!("inbox/{name}/指标.csv"), format!("指标,期间,数值\n收入,2021,{figure}\n户数,2021,10\n"));
    }
    let duixian = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duixian"));
        command.args(args).current_dir(folder.path()).env_clear().env("COLUMNS", "100");
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(duixian(&["run", "suite", "--submissions", "inbox/*", "--record", "all.json"]).0, 1);
    let (path, kept) = read_kept(&folder.path().join("all.json")).unwrap();
    let Kept::Many(runs) = kept else { panic!("{path} is of many") };
    let said = ["D1", "D2", "D3"].map(|rule| {
        let fault = *not_explained("all.json", &runs, rule);
        format!("{} {}\n{:?}", fault.code.code, fault.message.en, fault.help)
    });
    insta::assert_snapshot!(said.join("\n"));
    let (code, refused) = duixian(&["explain", "D1", "--record", "all.json", "--lang", "zh"]);
    assert_eq!(code, 2);
    assert!(refused.contains("E0561") && refused.contains("只记结论，没有记算式"), "{refused}");
    // What it says to do is what helps.
    assert!(refused.replace(char::is_whitespace, "").contains("--submissioninbox/丙局--records"), "{refused}");
    assert_eq!(duixian(&["run", "suite", "--submission", "inbox/丙局", "--records", "singles"]).0, 1);
    assert_eq!(duixian(&["explain", "D1", "--record", "singles/丙局.json"]).0, 0);
}

#[test]
fn passes_are_kept_only_if_they_are_asked_for_and_then_verify() {
    let world = world();
    let (plain, full) = (world.record(false), world.record(true));
    assert!(plain.rules.iter().all(|rule| rule.passes.is_empty()) && !plain.passes);
    assert!(full.rules.iter().all(|rule| rule.passes.len() as u64 == rule.cases.pass + rule.cases.not_applicable));
    let strip = |record: &Record| {
        let mut record = record.clone();
        record.passes = false;
        record.request_sha256 = None;
        record.rules.iter_mut().for_each(|rule| rule.passes.clear());
        record
    };
    assert_eq!(strip(&full), strip(&plain), "passes are all that is added");
    assert_ne!(full.request_sha256, plain.request_sha256);
    for record in [&plain, &full] {
        fits(include_str!("../docs/run-record.schema.json"), &serde_json::to_value(record).unwrap());
    }
    let sources = DataSources { folders: vec![world.data.clone()], named: Vec::new() };
    let read = world.suite.read(&sources, &[], &[]).unwrap();
    let planned = world.suite.plan(&Request { passes: true, ..Request::default() }).unwrap();
    let record = planned.measure(read).judge().record();
    let text = json::render(&record).unwrap();
    let verified = world.suite.verify(&record, text.as_bytes(), &sources, &[], &[], false).unwrap();
    assert!(verified.differences.is_empty(), "{:?}", verified.differences);
}

#[test]
fn the_budget_sample_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let suite = check(&root.join("rules/budget"));
    let select: Vec<String> = ["B204", "B209", "B301"].map(str::to_owned).to_vec();
    let record =
        judged(&suite, &root.join("seeds/budget/faulty"), Request { select: select.clone(), ..Request::default() });
    for (name, lang) in [("budget_zh", Lang::Zh), ("budget_en", Lang::En)] {
        let pages: Vec<String> = select.iter().map(|rule| told(&record, rule, &[], lang)).collect();
        insta::assert_snapshot!(name, pages.join("\n――――――――\n\n"));
    }
}

#[test]
fn the_rule_book_reads_well_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (book, faults) = check(&root.join("rules/budget")).book();
    assert!(faults.is_empty());
    assert_eq!(book.rules().count(), 63);
    for (name, lang) in [("book_zh", Lang::Zh), ("book_en", Lang::En)] {
        insta::assert_snapshot!(name, markdown::book(&book, lang));
    }
}

#[test]
fn every_rule_of_every_suite_is_in_its_book() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["gulou-2021", "gulou-2021-claims", "budget"] {
        let suite = check(&root.join("rules").join(name));
        let (book, _) = suite.book();
        assert_eq!(book.rules().count(), suite.suite().rules.len(), "{name}");
        fits(include_str!("../docs/rule-book.schema.json"), &serde_json::to_value(&book).unwrap());
        for lang in [Lang::Zh, Lang::En] {
            let page = html::book(&book, lang);
            for rule in book.rules() {
                assert!(page.contains(&format!("id=\"r-{}\"", html::escape(&rule.id))), "{name}: {}", rule.id);
                let said = rule.sentence.get(lang);
                assert!(!said.is_empty() && !said.contains("  "), "{name} {}: {said}", rule.id);
            }
            assert!(!page.contains("<script") && !page.contains("http"), "{name}: nothing runs, nothing is fetched");
        }
    }
}

#[test]
fn text_of_rules_cannot_become_markup_in_the_book() {
    let folder = Folder::new();
    let rules = "指标 `<b>投资</b>`: 亿元\n规则 `<img src=x>` \"<script>alert(1)</script>\"\n    负责 \"<i>某局</i>\"\n    \
        说明 \"<svg onload=alert(2)> & so on\"\n    要求 `<b>投资</b>` ≥ 1 亿元\n测试 \"<u>例</u>\"\n    给定 `<b>投资</b>`[2021] = 2 亿元\n    \
        期望 `<img src=x>` 合格\n";
    let suite = suite_with(&folder, rules, "title = \"</title><script>\"\n");
    let (book, _) = suite.book();
    let page = html::book(&book, Lang::Zh);
    for tag in ["<script", "<img", "<svg", "<i>", "<b>", "<u>", "</title><"] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert_eq!(page.matches("</title>").count(), 1);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("&lt;u&gt;例"), "{page}");
    let text = markdown::book(&book, Lang::En);
    assert!(!text.contains("<script") && !text.contains("<img"), "{text}");
}

const TRUE: &str = r#"
单位 家
标度 评级: 差 < 中 < 好
标准 没定的标准: %
数据集 预算
    维度 部门: 文本
    维度 科目: 文本
    维度 年度: 年
    度量 金额: 万元
    主键 部门, 科目, 年度
数据集 明细
    维度 编号: 文本
    度量 预算数: 万元
    度量 决算数: 万元
数据集 约数表
    维度 部门: 文本
    维度 年度: 年
    度量 额: 万元
指标 公用(部门): 万元 = 合计 预算.金额 当 科目 = "公用"
指标 项目(部门): 万元 = 合计 预算.金额 当 科目 = "项目"
指标 总额(部门): 万元 = 合计 预算.金额
指标 约数(部门): 万元 = 合计 约数表.额
指标 率: %
指标 投资: 亿元
指标 家数: 家
指标 评: 评级
规则 A1 "容差之内"
    要求 家数 = 99 家 ± 2 家
规则 A2 "容差之外"
    要求 家数 = 90 家 ± 2 家
规则 A3 "一成上下"
    要求 投资 = 180 亿元 左右 10%
规则 A4 "翻了一番"
    要求 投资 较 2015 翻 1 番
规则 A5 "没有翻番"
    要求 投资 较 2018 翻 1 番
规则 A6 "不到两倍"
    要求 投资 / 投资[2018] ≥ 2 倍
规则 B1 "评级不得高于中"
    要求 评 ≤ 中
规则 B2 "评级须为中"
    要求 评 = 中
规则 B3 "评级不得为好"
    要求 评 ≠ 好
规则 B4 "家数不得为一百"
    要求 家数 ≠ 100 家
规则 C1 "两头都有界限"
    要求 率 在 7% 到 8% 之间
规则 C2 "同一个数，两条界限"
    要求 率 ≥ 7% 且 家数 ≥ 90 家 且 率 ≤ 9%
规则 C3 "逐年上升"
    要求 连续 2 年 率 增加 ≥ 0.5 百分点
规则 C4 "还有一项没有标准"
    要求 率 ≥ 50% 且 率 ≥ 没定的标准
规则 C5 "约数"
    对每个 部门
    要求 约数 ≥ 11 万元
规则 C6 "一项就够，或者两项一起"
    要求 率 ≥ 7% 或 (家数 ≥ 101 家 且 投资 ≥ 200 亿元)
规则 C7 "分母里有分子"
    对每个 部门
    要求 公用 / 总额 ≤ 10%
规则 C8 "两个科目互不相干"
    对每个 部门
    要求 公用 ≤ 项目 且 项目 ≥ 1 万元
规则 C9 "适用与否也看它"
    当 率 ≥ 6%
    要求 率 ≤ 6.1%
规则 C10 "每行两头都有界限"
    每行 明细
    要求 决算数 ≤ 预算数 且 决算数 ≥ 5 万元
"#;

const TRUE_FIGURES: &str = "指标,期间,数值,单位\n率,2019,6.0,%\n率,2020,5.5,%\n率,2021,6.2,%\n投资,2015,80,亿元\n\
    投资,2018,100,亿元\n投资,2021,190,亿元\n家数,2021,100,家\n评,2021,好,\n";

/// Arithmetic is that of the figures, and what is said to change an outcome does.
#[test]
fn nothing_is_said_that_is_not_so() {
    let folder = Folder::new();
    folder.write("data/指标.csv", TRUE_FIGURES);
    folder.write("data/预算.csv", "部门,科目,年度,金额\n甲,公用,2021,110\n甲,项目,2021,90\n甲,其他,2021,800\n");
    folder.write("data/约数表.csv", "部门,年度,额\n甲,2021,10.0\n乙,2021,12.0\n");
    folder.write("data/明细.csv", "编号,预算数,决算数\nA1,10,12\nA2,8,7\n");
    let suite = suite_with(&folder, TRUE, "[[binding]]\ndataset = \"约数表\"\nrounded = true\n");
    let record = judged(&suite, &folder.path().join("data"), Request { passes: true, ..Request::default() });
    fits(include_str!("../docs/run-record.schema.json"), &serde_json::to_value(&record).unwrap());
    for (name, lang) in [("true_zh", Lang::Zh), ("true_en", Lang::En)] {
        let pages: Vec<String> = record.rules.iter().map(|rule| told(&record, &rule.id, &[], lang)).collect();
        insta::assert_snapshot!(name, pages.join("\n――――――――\n\n"));
    }
}

/// What was submitted twice is not said to be unreadable.
#[test]
fn figures_submitted_twice_are_told_apart_from_those_that_cannot_be_read() {
    let folder = Folder::new();
    let rules = "数据集 预算\n    维度 部门: 文本\n    维度 年度: 年\n    度量 金额: 万元\n    主键 部门, 年度\n\
        指标 费(部门): 万元 = 合计 预算.金额\n指标 投: 亿元\n规则 F1\n    对每个 部门\n    要求 费 ≥ 1 万元\n\
        规则 F2\n    要求 投 ≥ 5 亿元\n";
    folder.write("data/指标.csv", "指标,期间,数值,单位\n投,2021,6,亿元\n投,2021,7,亿元\n");
    folder.write("data/预算.csv", "部门,年度,金额\n甲,2021,5\n甲,2021,6\n乙,2021,五点\n");
    let suite = suite_with(&folder, rules, "");
    let record = judged(&suite, &folder.path().join("data"), Request::default());
    for (name, lang) in [("twice_zh", Lang::Zh), ("twice_en", Lang::En)] {
        insta::assert_snapshot!(name, ["F1", "F2"].map(|rule| told(&record, rule, &[], lang)).join("\n――――――――\n\n"));
    }
}

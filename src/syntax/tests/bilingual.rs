//! Both spellings give one tree, and so do full-width and half-width punctuation.

use super::shape;

fn same(pairs: &[(&str, &str)], wrap: impl Fn(&str) -> String) {
    for (zh, en) in pairs {
        assert_eq!(shape(&wrap(zh)), shape(&wrap(en)), "{zh} / {en}");
    }
}

#[test]
fn declarations() {
    same(
        &[
            ("引用 \"../common\"", "use \"../common\""),
            ("单位 家", "unit 家"),
            ("单位 座 = 个", "unit 座 = 个"),
            ("单位 公顷 ＝ １０，０００ 平方米", "unit 公顷 = 10000 平方米"),
            ("标度 水质： 劣Ⅴ类 ＜ Ⅴ类 ＜ `4A`", "scale 水质: 劣Ⅴ类 < Ⅴ类 < `4A`"),
            ("标准 s \"标题\"：％", "standard s \"标题\": %"),
            ("标准 s: 期间", "standard s: period"),
            (
                "数据集 d \"t\" 维度 a：文本 属于 {\"x\"、\"y\"，\"z\"} 维度 b: 文本 属于 e.f 上级 p 维度 c: 文本 级长 3/5/7 \
                 度量 m: 万元/人 度量 t: 日期 属性 n: 是否 属性 y: 年 属性 h: 半年 属性 q: 季 属性 o: 月 属性 p: 期间 主键 a、b",
                "dataset d \"t\" dimension a: text in {\"x\", \"y\", \"z\"} dimension b: text in e.f parent p \
                 dimension c: text levels 3/5/7 measure m: 万元/人 measure t: date attribute n: boolean attribute y: year \
                 attribute h: half attribute q: quarter attribute o: month attribute p: period key a, b",
            ),
            ("指标 失业率: %", "indicator 失业率: %"),
            (
                "指标 高新技术企业数 \"标题\"（部门，年度）： 家 ＝ 数量 名录 又称 高企、高企数 增速取自 g 空值计零",
                "indicator 高新技术企业数 \"标题\" (部门, 年度): 家 = count 名录 alias 高企, 高企数 growth from g blank as zero",
            ),
            ("指标 投资: 亿元 时期数 又称 固投", "indicator 投资: 亿元 flow alias 固投"),
            ("指标 人口: 万人 = 合计 d.n 时点数", "indicator 人口: 万人 = sum d.n stock"),
            ("函数 人均（x，n） ＝ x ÷ n", "define 人均(x, n) = x / n"),
            (
                "套件 民生 \"t\" 期间 2021 性质 预期性 负责 \"局\" 说明 \"x\"",
                "group 民生 \"t\" period 2021 kind expected owner \"局\" note \"x\"",
            ),
            (
                "规则 R \"t\" 依据 A、B 对每个 部门，科目 期间 2021Q1、2021Q2 归属 民生 性质 提示 负责 \"o\" 说明 \"n\" 认可 W0607 \"a\" \
                 截止 报送时 每行 预算 当 a = 1 要求 金额 已填",
                "rule R \"t\" cites A, B for each 部门, 科目 period 2021Q1, 2021Q2 belongs to 民生 kind advisory owner \"o\" \
                 note \"n\" accept W0607 \"a\" deadline on submission each row of 预算 when a = 1 require 金额 is filled",
            ),
            (
                "规则 R 期间 2021年第1季度..2021年四季度 期间 2021年上半年 期间 2021年3月 期间 2016至2020 期间 2021 年 性质 约束性",
                "rule R period 2021Q1..2021Q4 period 2021H1 period 2021-03 period 2016..2020 period 2021 kind binding",
            ),
        ],
        str::to_owned,
    );
}

#[test]
fn tests_of_rules() {
    same(
        &[
            (
                "测试 \"t\" 期间 2021 时点 2021-06-30\n给定 指标\n指标 | 期间 | 数值\n失业率 | 2021 | 3\n给定 x[2020，区域＝\"南京市\"] ＝ 3% 给定 y = Ⅳ类\n\
                 期望 D[教育局，2021，部门=第1中学] 不合格 期望 D 合格 期望 D 缺数据 期望 D 临界 期望 D 未到期 期望 D 不适用 期望 D 豁免 期望 D 出错",
                "test \"t\" period 2021 as of 2021-06-30\ngiven indicator\n指标 | 期间 | 数值\n失业率 | 2021 | 3\ngiven x[2020, 区域 = \"南京市\"] = 3% given y = Ⅳ类\n\
                 expect D[\"教育局\", 2021, 部门 = \"第1中学\"] fail expect D pass expect D missing expect D borderline \
                 expect D pending expect D not applicable expect D waived expect D error",
            ),
            ("测试 \"t\"\n给定 d\na |\n| b\n|c|", "test \"t\"\ngiven d # x\n\n| a |\n  # y\n| b | # z\nc|"),
            (
                "测试 \"t\" 给定 d\n a ｜ b\n \"x|y\" | \n 期望 D 合格",
                "test \"t\" given d\n a | b\n \"x|y\" | \n expect D pass",
            ),
            (
                "测试 \"t\" 给定 豁免 D210 至2021-12-31 给定 豁免 D210[教育局，2021] 自 2021年3月1日至2021年12月31日 给定 豁免 = 3 给定 豁免\n a |\n 期望 D210 豁免",
                "test \"t\" given waiver D210 until 2021-12-31 given waiver D210[\"教育局\", 2021] from 2021-03-01 until 2021-12-31 \
                 given 豁免 = 3 given 豁免\n a |\n expect D210 waived",
            ),
        ],
        str::to_owned,
    );
}

#[test]
fn comparisons() {
    let pairs = [
        ("x ≥ 1", "x at least 1"),
        ("x 不低于 1", "x >= 1"),
        ("x 不少于1", "x ＞＝ 1"),
        ("x 至少 1", "x no less than 1"),
        ("x 达到 1 以上", "x reaches 1"),
        ("x 达95%以上", "x at least 95%"),
        ("x 80% 以上", "x 80% or more"),
        ("x 80万元以上", "x ≥ 80 万元"),
        ("x ≤ 1", "x at most 1"),
        ("x 不超过 1", "x <= 1"),
        ("x 不高于 1", "x ＜＝ 1"),
        ("x 至多 1", "x no more than 1"),
        ("x 在 1 以内", "x within 1"),
        ("x 控制在 4.5% 以内", "x 4.5% or less"),
        ("x 保持在 80% 以上", "x ≥ 80%"),
        ("x 超过 1", "x above 1"),
        ("x 突破 1", "x exceeds 1"),
        ("x 多于 1", "x more than 1"),
        ("x 低于 1", "x below 1"),
        ("x 不满 1", "x less than 1"),
        ("x 等于 1", "x equals 1"),
        ("x 为 1", "x ＝ 1"),
        ("x ≠ 1", "x != 1"),
        ("x 不等于 1", "x <> 1"),
        ("x 不等于 1", "x is not 1"),
        ("x ！＝ 1", "x not equal to 1"),
        ("x 在 95% 到 105% 之间", "x between 95% and 105%"),
        ("x 在95%至105%之间", "x between 95% and 105%"),
        ("x = y ± 0.5 万元", "x equals y ± 0.5 万元"),
        ("x = 100 左右 2%", "x = 100 about 2%"),
        ("x 已填", "x is filled"),
        ("x 唯一", "x unique"),
        ("（x，y） 唯一", "(x, y) is unique"),
        ("x 属于 {\"a\", 1}", "x in {\"a\", 1}"),
        ("x 不属于 d.c", "x not in d.c"),
        ("x 匹配 \"^[0-9]+$\"", "x matches \"^[0-9]+$\""),
        ("x 先于 2021年3月15日", "x before 2021-03-15"),
        ("x 先于 y", "x before y"),
    ];
    same(&pairs, |text| format!("规则 R 要求 {text} 性质 约束性"));
}

#[test]
fn values_and_logic() {
    let pairs = [
        ("x 增长 ≥ 7%", "x grows ≥ 7%"),
        ("x 压减 ≥ 7%", "x reduced ≥ 7%"),
        ("x 下降 ≥ 7%", "x falls ≥ 7%"),
        ("x 增加 ≥ 7 个百分点", "x increases ≥ 7个百分点"),
        ("x 减少 ≥ 7 家", "x decreases ≥ 7 家"),
        ("x 较 2015 增长 ≥ 1", "x grows since 2015 ≥ 1"),
        ("x 较2015年增长 ≥ 1", "x since 2015 grows ≥ 1"),
        ("x 较 上年 压减 ≥ 1", "x reduced since last year ≥ 1"),
        ("x 比 上期 增加 ≥ 1", "x increases since previous period ≥ 1"),
        ("x 年均增长 2016..2020 ≥ 6%", "x grows yearly 2016..2020 ≥ 6%"),
        ("x 2016至2020 年均增长 ≥ 6%", "x grows yearly 2016..2020 ≥ 6%"),
        ("x 较 2015 翻 2 番", "x since 2015 doubles 2 times"),
        ("x 较2015翻2番", "x doubles 2 times since 2015"),
        ("x 较 2015 翻一番", "x since 2015 doubles once"),
        ("x[上年] > x[2020]", "x[last year] > x[2020]"),
        ("x［部门＝\"教育局\"，2020］ ＞ 本期", "x[部门 = \"教育局\", 2020] > this period"),
        ("最大 x[2021..2025] ≥ 1", "max x[2021..2025] ≥ 1"),
        ("（合计 d.m 当 a = 1 且 b = 2） ≥ 3", "(sum d.m where a = 1 and b = 2) ≥ 3"),
        ("合计（d.m 当 a = 1 且 b = 2） ≥ 3", "sum(d.m where a = 1 and b = 2) ≥ 3"),
        ("数量 d ≥ 1", "count d ≥ 1"),
        ("不同数量 d.c ≥ 1", "distinct d.c ≥ 1"),
        ("平均 d.c ≥ 1", "mean d.c ≥ 1"),
        ("最小 d.c ≥ 1", "min d.c ≥ 1"),
        ("占比 d.c ≥ 1", "share d.c ≥ 1"),
        ("f（合计 d.m 当 a，b） ≥ 1", "f(sum d.m where a, b) ≥ 1"),
        ("x = 下级合计 沿 科目 ± 1", "x = sum of children along 科目 ± 1"),
        ("每个 期间 2021..2025 要求 x ≥ 1 且 y", "every period 2021..2025 require x ≥ 1 and y"),
        ("存在 期间 2021..2025 要求 x ≥ 1", "some period 2021..2025 require x ≥ 1"),
        ("全部 x[2021..2025] ≥ 80% 且 y", "all x[2021..2025] ≥ 80% and y"),
        ("存在 x[2021..2025] ≥ 80%", "some x[2021..2025] ≥ 80%"),
        ("连续 10 次 x ≥ 1", "10 in a row x ≥ 1"),
        ("连续3年 x ≥ 1", "3 years in a row x ≥ 1"),
        ("非 a 且 b 或 c，并且 d", "not a and b or c and d"),
        ("如果 a ＝ 是，则 b = 否", "if a = true then b = false"),
        ("- a － b × 2 ＋ c ÷ 3 / 4 > 1", "-a - b * 2 + c / 3 ÷ 4 > 1"),
        ("a > 1 # 注\n且 b ≥ 90", "a\t> 1\u{3000}and\u{feff} b >=90"),
        ("２，２００ 亿元 = x", "2200亿元 = x"),
    ];
    same(&pairs, |text| format!("规则 R 要求 {text}\n性质 约束性"));
}

#[test]
fn english_phrases_take_any_space_between_their_words() {
    assert_eq!(
        shape("rule R for\n  each a require x at\u{3000}least # c\n 3"),
        shape("rule R for each a require x at least 3")
    );
}

#[test]
fn a_quantified_clause_needs_no_require() {
    let pairs = [
        ("每个 期间 2021..2025 要求 x ≥ 1 说明 \"n\"", "require every period 2021..2025 require x ≥ 1 note \"n\""),
        ("全部 x[2021..2025] ≥ 1 性质 约束性", "require all x[2021..2025] ≥ 1 kind binding"),
        ("每行 预算 要求 x 已填", "each row of 预算 require x is filled"),
    ];
    for (zh, en) in pairs {
        assert_eq!(shape(&format!("规则 R {zh}")), shape(&format!("规则 R {en}")));
    }
}

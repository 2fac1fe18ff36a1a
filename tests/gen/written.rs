//! Bytes in, rule files out: what people write, compiled into suites over the same datasets as [`super::suite`].

use duixian::base::{Severity, Sources};
use duixian::quantity::{Granularity, Period};
use duixian::semantics::hir::{DimId, REGION, Suite};
use duixian::{semantics, syntax};

use super::Entropy;
use super::suite::{DEPARTMENT, SUBJECT, members};

const OPERATORS: [&str; 8] = ["≥", "≤", ">", "<", "不低于", "不超过", "=", "≠"];
const FIGURES: [&str; 8] = ["1", "10", "0.5", "2", "5", "100", "20", "0"];

/// Writes a rule file.
pub struct Writer<'e, 'b> {
    entropy: &'e mut Entropy<'b>,
    pub period: Period,
    bound: Vec<DimId>,
    /// The computed indicators are declared.
    tables: bool,
}

/// A rule file and the run's period.
pub fn write(entropy: &mut Entropy<'_>, rules: usize) -> (String, Period) {
    let grain = entropy.weighted(&[(12, Granularity::Year), (3, Granularity::Quarter), (1, Granularity::Month)]);
    let period = Period::new(2021, grain, 1).unwrap();
    let mut text = declarations(entropy);
    let mut writer = Writer { entropy, period, bound: vec![], tables: false };
    for (name, params, bound) in [("甲表", "", vec![]), ("乙表", "(部门)", vec![DEPARTMENT])] {
        writer.bound = bound;
        let (body, zero) = (writer.money(2), writer.entropy.pick(&["", " 空值计零"]));
        text.push_str(&format!("指标 {name}{params}: 万元 = 合计 预算.金额 + {body}{zero}\n"));
    }
    writer.tables = true;
    for at in 0..rules {
        let rule = writer.rule(at);
        text.push_str(&rule);
    }
    (text, period)
}

/// The suite of a rule file, which must have no errors.
pub fn compile(text: &str) -> Result<Suite, String> {
    let mut sources = Sources::default();
    let file = sources.add("written.rule", text);
    let (tree, mut said) = syntax::parse(file, text);
    let files = [(tree, true)];
    let (suite, diagnostics) =
        semantics::compile(semantics::Input { files: &files, sources: &sources, register: None });
    said.extend(diagnostics);
    let errors: Vec<String> = said
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error)
        .map(|diagnostic| format!("{} {}", diagnostic.code.code, diagnostic.message.en))
        .collect();
    if errors.is_empty() { Ok(suite) } else { Err(format!("{errors:#?}\n{text}")) }
}

fn declarations(entropy: &mut Entropy<'_>) -> String {
    let department = entropy.pick(&["", " 属于 名录.部门", " 属于 {\"甲\", \"丁\"}"]);
    let subject = entropy.pick(&["", " 属于 {\"1\", \"9\"}"]);
    let hierarchy = entropy.pick(&["级长 1/2/3", "级长 1/3", "上级 `上级`"]);
    let jobs = entropy.pick(&["", "(区域)"]);
    format!(
        "标度 水质级: 劣 < 中 < 优
标准 比例: %
标准 限额: 元
标准 等级要求: 水质级
标准 字样: 文本
数据集 预算
    维度 部门: 文本{department}
    维度 科目: 文本{subject}
    维度 年度: 期间
    度量 金额: 元
    度量 人数: 人
    属性 达标: 是否
    属性 `日期`: 日期
    属性 等级: 水质级
    属性 备注: 文本
数据集 科目表
    维度 科目: 文本 {hierarchy}
    维度 部门: 文本
    维度 年度: 期间
    度量 金额: 元
    属性 `上级`: 文本
数据集 名录
    维度 部门: 文本
    属性 简称: 文本
    度量 编制: 人
数据集 区县
    维度 区域: 文本
    维度 年度: 期间
    度量 数值: 元
指标 生产总值: 元 增速取自 生产总值增速
指标 生产总值增速: %
指标 就业{jobs}: 人
指标 水质: 水质级
指标 完成: 是否
指标 开工: 日期
指标 `说明`: 文本
"
    )
}

impl Writer<'_, '_> {
    fn rule(&mut self, at: usize) -> String {
        let (for_each, bound) = self.entropy.weighted(&[
            (3, ("", vec![])),
            (6, ("\n    对每个 部门", vec![DEPARTMENT])),
            (2, ("\n    对每个 部门, 科目", vec![DEPARTMENT, SUBJECT])),
            (2, ("\n    对每个 区域", vec![REGION])),
        ]);
        self.bound = bound;
        let period = match self.entropy.below(4) {
            0 | 1 => String::new(),
            2 => format!("\n    期间 {}", self.some_period()),
            _ => format!("\n    期间 {}", self.series()),
        };
        let deadline =
            self.entropy.pick(&["", "", "", "\n    截止 2022-06-30", "\n    截止 2020-12-31", "\n    截止 报送时"]);
        if self.bound != [REGION] && self.entropy.chance(25) {
            let dataset = if self.entropy.chance(50) { "科目表" } else { "预算" };
            let when = if self.entropy.chance(30) {
                format!("\n    当 {}", self.row_condition(dataset, 0))
            } else {
                String::new()
            };
            let require = self.row_requirement(dataset);
            return format!("规则 W{at}{for_each}{period}\n    每行 {dataset}{when}\n    要求 {require}{deadline}\n");
        }
        let when = if self.entropy.chance(20) { format!("\n    当 {}", self.condition(0)) } else { String::new() };
        let mut require = self.condition(2);
        // A rule must rest on a dataset that has its dimensions.
        let wanted = if self.bound == [REGION] { "区县" } else { "预算" };
        if !self.bound.is_empty() && !require.contains(wanted) {
            let column = if self.bound == [REGION] { "区县.数值" } else { "预算.金额" };
            let word = self.entropy.pick(&["且", "或"]);
            require =
                format!("{require} {word} (合计 {column}) {} {} 元", self.entropy.pick(&OPERATORS), self.figure());
        }
        format!("规则 W{at}{for_each}{period}{when}\n    要求 {require}{deadline}\n")
    }

    fn some_period(&mut self) -> String {
        let step = self.entropy.pick(&[0, -1, -2, 1]);
        self.period.plus(step).unwrap().to_string()
    }

    fn series(&mut self) -> String {
        let back = self.entropy.pick(&[-1, -2, 0]);
        format!("{}..{}", self.period.plus(back).unwrap(), self.period)
    }

    fn figure(&mut self) -> &'static str {
        self.entropy.pick(&FIGURES)
    }

    /// Money, as an operand.
    fn money(&mut self, depth: usize) -> String {
        if depth == 0 || !self.entropy.chance(50) {
            return self.simple_money();
        }
        match self.entropy.below(4) {
            0 => format!("({} + {})", self.money(depth - 1), self.money(depth - 1)),
            1 => format!("({} - {})", self.money(depth - 1), self.money(depth - 1)),
            2 => format!("({} * {})", self.money(depth - 1), self.figure()),
            _ => self.dated(depth),
        }
    }

    /// Money that rests on data of a period, so that there is a change and an other period.
    fn dated(&mut self, depth: usize) -> String {
        if depth == 0 || !self.entropy.chance(60) {
            return self.simple_dated();
        }
        let of = self.dated(depth - 1);
        match self.entropy.below(8) {
            0 => format!("({of} + {})", self.money(depth - 1)),
            1 => format!("({of} - {})", self.dated(depth - 1)),
            2 => format!("(-{of})"),
            3 => format!("({of})[上年]"),
            4 => format!("({of})[上期]"),
            5 => format!("({of})[{}]", self.some_period()),
            6 => {
                let function = self.entropy.pick(&["合计", "平均", "最大", "最小", "数量"]);
                let unit = if function == "数量" { " * 1 元" } else { "" };
                format!("(({function} {}[{}]){unit} + {of})", self.named_money(), self.series())
            }
            _ => {
                let filter = self.row_condition("预算", 0);
                format!("(合计 预算.金额 当 {filter})[部门 = \"{}\"]", self.entropy.pick(members(DEPARTMENT)))
            }
        }
    }

    /// An indicator: what a series may be of.
    fn named_money(&mut self) -> &'static str {
        if !self.tables {
            return "生产总值";
        }
        let tables = if self.bound.contains(&DEPARTMENT) { ["甲表", "乙表"] } else { ["甲表", "甲表"] };
        self.entropy.pick(&["生产总值", tables[0], tables[1]])
    }

    fn simple_money(&mut self) -> String {
        match self.entropy.below(10) {
            0..8 => self.simple_dated(),
            8 => "限额".to_owned(),
            _ => format!("{} 元", self.figure()),
        }
    }

    fn simple_dated(&mut self) -> String {
        let function = self.entropy.pick(&["合计", "合计", "平均", "最大", "最小"]);
        let column = if self.bound.contains(&REGION) && self.entropy.chance(70) {
            "区县.数值"
        } else {
            self.entropy.pick(&["预算.金额", "预算.金额", "科目表.金额"])
        };
        match self.entropy.below(10) {
            0..6 => format!("({function} {column})"),
            6..8 => format!("({function} 预算.金额 当 {})", self.row_condition("预算", 1)),
            8 if self.tables && !self.bound.contains(&DEPARTMENT) => "乙表[部门 = \"甲\"]".to_owned(),
            _ => self.named_money().to_owned(),
        }
    }

    fn ratio(&mut self) -> String {
        match self.entropy.below(8) {
            0..4 => format!("{}%", self.entropy.pick(&["10", "0", "50", "-10", "100"])),
            4 => "比例".to_owned(),
            5 => "生产总值增速".to_owned(),
            6 => format!("(占比 预算.金额 当 {})", self.row_condition("预算", 0)),
            _ => format!("({} / {})", self.money(1), self.money(1)),
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth == 0 || !self.entropy.chance(55) {
            return self.simple_condition();
        }
        let of = self.condition(depth - 1);
        match self.entropy.below(8) {
            0 => format!("({of} 且 {})", self.condition(depth - 1)),
            1 => format!("({of} 或 {})", self.condition(depth - 1)),
            2 => format!("非 ({of})"),
            3 => format!("(如果 {of} 则 {})", self.condition(depth - 1)),
            series @ (4 | 5) => {
                let word = self.entropy.pick(&["且", "或"]);
                let dated = format!("{} ≥ {} {word} {of}", self.simple_dated(), self.simple_money());
                if series == 4 {
                    format!("(每个 期间 {} 要求 {dated})", self.series())
                } else {
                    format!("(连续 2 次 ({dated}))")
                }
            }
            6 => format!("(全部 {}[{}] ≥ {})", self.named_money(), self.series(), self.simple_money()),
            _ => format!("(存在 {}[{}] ≤ {})", self.named_money(), self.series(), self.simple_money()),
        }
    }

    fn simple_condition(&mut self) -> String {
        let operator = self.entropy.pick(&OPERATORS);
        let since = match self.entropy.below(4) {
            0 | 1 => String::new(),
            2 => "较 上期 ".to_owned(),
            _ => format!("较 {} ", self.period.plus(-1).unwrap()),
        };
        let money = if self.entropy.chance(15) { "生产总值".to_owned() } else { self.dated(1) };
        match self.entropy.below(18) {
            0..3 => format!("{money} {operator} {}", self.money(1)),
            3 | 4 => format!("{money} {operator} {} 元", self.figure()),
            5 | 6 => format!("{money} {since}增长 {operator} {}", self.ratio()),
            7 | 8 => format!("{money} {since}压减 {operator} {}", self.ratio()),
            9 => format!("{money} {since}增加 {operator} {}", self.simple_money()),
            10 => {
                format!(
                    "{money} 年均增长 {}..2021 {} {}",
                    self.entropy.pick(&["2020", "2021"]),
                    self.entropy.pick(&["≥", "<"]),
                    self.ratio()
                )
            }
            11 => format!("{money} 较 {} 翻 1 番", self.period.plus(-1).unwrap()),
            12 => format!("{money} 在 {} 元 到 {} 之间", self.figure(), self.simple_money()),
            13 => match self.entropy.below(2) {
                0 => format!("{money} = {} ± {} 元", self.simple_money(), self.figure()),
                _ => format!("{money} = {} 左右 {}%", self.simple_money(), self.figure()),
            },
            14 => format!("{} {operator} {}", self.ratio(), self.ratio()),
            15 => format!("(数量 预算 当 {}) {operator} {}", self.row_condition("预算", 1), self.figure()),
            16 => match self.entropy.below(3) {
                0 => format!("水质 ≥ {}", self.entropy.pick(&["劣", "中", "优", "等级要求"])),
                1 => format!("最小 预算.等级 ≥ {}", self.entropy.pick(&["中", "优"])),
                _ => "开工 先于 2021-03-02".to_owned(),
            },
            _ => match self.entropy.below(3) {
                0 => "完成 = 是".to_owned(),
                1 if self.bound.contains(&DEPARTMENT) => "部门 属于 名录.部门".to_owned(),
                1 => format!("不同数量 预算.科目 {operator} 2"),
                _ => "`说明` 匹配 \"已\"".to_owned(),
            },
        }
    }

    fn row_requirement(&mut self, dataset: &str) -> String {
        match self.entropy.below(6) {
            0 => "(部门, 科目, 年度) 唯一".to_owned(),
            1 | 2 if dataset == "科目表" => format!("金额 = 下级合计 沿 科目 ± {} 元", self.figure()),
            _ => self.row_condition(dataset, 2),
        }
    }

    fn row_condition(&mut self, dataset: &str, depth: usize) -> String {
        if depth > 0 && self.entropy.chance(40) {
            let of = self.row_condition(dataset, depth - 1);
            return match self.entropy.below(4) {
                0 => format!("({of} 且 {})", self.row_condition(dataset, depth - 1)),
                1 => format!("({of} 或 {})", self.row_condition(dataset, depth - 1)),
                2 => format!("非 ({of})"),
                _ => format!("(如果 {of} 则 {})", self.row_condition(dataset, depth - 1)),
            };
        }
        let operator = self.entropy.pick(&OPERATORS);
        match self.entropy.below(if dataset == "预算" { 15 } else { 9 }) {
            0..3 => format!("金额 {operator} {} 元", self.figure()),
            3 => format!("科目 = \"{}\"", self.entropy.pick(members(SUBJECT))),
            4 => format!("部门 属于 {{\"甲\", \"{}\"}}", self.entropy.pick(members(DEPARTMENT))),
            5 => format!("科目 匹配 \"{}\"", self.entropy.pick(&["^1", "1$", "."])),
            6 => "部门 属于 名录.部门".to_owned(),
            7 => format!("金额 * {} ≥ 限额", self.figure()),
            8 if self.entropy.chance(50) => format!("年度 {operator} 本期"),
            8 => format!("年度 {operator} {}", self.some_period()),
            9 => "达标 = 是".to_owned(),
            10 => "`日期` 先于 2021-03-02".to_owned(),
            11 => format!("等级 ≥ {}", self.entropy.pick(&["中", "优", "等级要求"])),
            12 => "备注 已填".to_owned(),
            13 => "备注 = 字样".to_owned(),
            _ => format!("人数 {operator} {} 人", self.figure()),
        }
    }
}

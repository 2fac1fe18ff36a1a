//! Tests of the whole room.

use crate::base::Place;
use crate::base::{Diagnostic, FileId, Lang, SourceFile};

use super::ast::File;
use super::parse;

#[test]
fn first() {
    let text = r#"
标准 市定失业率标准: %

数据集 预算 "部门预算"
    维度 部门: 文本
    维度 科目: 文本
    维度 年度: 年
    度量 金额: 万元

指标 公用经费(部门): 万元 =
    合计 预算.金额 当 科目 = "公用经费"
指标 城镇登记失业率: %

规则 D210 "部门预算公用经费统一压减10%"
    依据 D210
    对每个 部门
    期间 2021
    要求 公用经费 压减 ≥ 10%
    性质 约束性

规则 D007 "失业率控制在市定标准以内"
    依据 D007
    要求 城镇登记失业率 ≤ 市定失业率标准

测试 "少压一分也不合格"
    期间 2021
    给定 预算
        部门   | 科目     | 年度 | 金额
        教育局 | 公用经费 | 2020 | 100.00
        教育局 | 公用经费 | 2021 | 90.01
    期望 D210[教育局] 不合格
"#;
    let (file, found) = parse(FileId(0), text);
    println!("{file:#?}\n{found:#?}");
    assert!(found.is_empty());
}

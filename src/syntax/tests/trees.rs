//! What a text means, shown as a short form of its tree.

use crate::quantity::Decimal;
use crate::syntax::ast::{ColumnRole, Decl, Expr, ExprKind, Given, ListExpr, Tolerance, TypeText};

use super::{required, tree};

/// A short form of an expression.
fn short(expr: &Expr) -> String {
    let s = |expr: &Expr| short(expr);
    match &expr.kind {
        ExprKind::Number { value, unit } => format!("{value}{}", unit.as_ref().map_or("", |unit| &unit.text)),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Boolean(value) => value.to_string(),
        ExprKind::Date(date) => date.to_string(),
        ExprKind::Period(period) => format!("P{period}"),
        ExprKind::ThisPeriod => "this".to_owned(),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Field { dataset, column } => format!("{}.{}", dataset.text, column.text),
        ExprKind::Call { function, arguments } => {
            format!("{}({})", function.text, arguments.iter().map(s).collect::<Vec<_>>().join(","))
        }
        ExprKind::At { of, selectors } => format!("{}[{}]", s(of), selectors.len()),
        ExprKind::Aggregate { function, of, filter } => {
            let filter = filter.as_ref().map_or(String::new(), |filter| format!(" | {}", s(filter)));
            format!("{function:?}<{}{filter}>", s(of))
        }
        ExprKind::ChildrenSum { along } => format!("children {}", along.text),
        ExprKind::Negate(of) => format!("(- {})", s(of)),
        ExprKind::Arithmetic { operator, left, right } => format!("({operator:?} {} {})", s(left), s(right)),
        ExprKind::Change { kind, of, since } => {
            format!("{kind:?}<{}{}>", s(of), if since.is_some() { " since" } else { "" })
        }
        ExprKind::YearlyGrowth { of, over } => format!("yearly<{} {}..{}>", s(of), over.from, over.to),
        ExprKind::Doubles { of, times, .. } => format!("doubles<{} {times}>", s(of)),
        ExprKind::Compare { operator, left, right, tolerance } => {
            let tolerance = match tolerance {
                None => String::new(),
                Some(Tolerance::Absolute(by)) => format!(" ±{}", s(by)),
                Some(Tolerance::Relative(by)) => format!(" ~{}", s(by)),
            };
            format!("[{operator:?} {} {}{tolerance}]", s(left), s(right))
        }
        ExprKind::Between { of, low, high } => format!("[{} in {}..{}]", s(of), s(low), s(high)),
        ExprKind::Filled(of) => format!("filled {}", s(of)),
        ExprKind::Unique(names) => format!("unique {}", names.len()),
        ExprKind::In { of, list: ListExpr::Values(values, _) } => format!("{} in {}", s(of), values.len()),
        ExprKind::In { of, .. } => format!("{} in column", s(of)),
        ExprKind::Matches { of, pattern } => format!("{} ~ {}", s(of), pattern.text),
        ExprKind::Before(a, b) => format!("[{} before {}]", s(a), s(b)),
        ExprKind::Not(of) => format!("not {}", s(of)),
        ExprKind::And(of) => format!("and({})", of.iter().map(s).collect::<Vec<_>>().join(" ")),
        ExprKind::Or(of) => format!("or({})", of.iter().map(s).collect::<Vec<_>>().join(" ")),
        ExprKind::Implies(a, b) => format!("if({} {})", s(a), s(b)),
        ExprKind::Quantified { every, over, condition } => {
            format!(
                "{}{}({})",
                if *every { "every" } else { "some" },
                if over.is_some() { "+" } else { "" },
                s(condition)
            )
        }
        ExprKind::Streak { times, condition, .. } => format!("streak{times}({})", s(condition)),
    }
}

#[test]
fn expressions_group_as_documented() {
    for (text, expected) in [
        ("a + b * c - d / e > -f", "[Above (Subtract (Add a (Multiply b c)) (Divide d e)) (- f)]"),
        ("a - b - c = 0", "[Equal (Subtract (Subtract a b) c) 0]"),
        ("a 且 b 或 c 且 非 d", "or(and(a b) and(c not d))"),
        ("(a 或 b) 且 c", "and(or(a b) c)"),
        ("如果 a 则 如果 b 则 c 且 d", "if(a if(b and(c d)))"),
        ("非 a > 1 且 b", "and(not [Above a 1] b)"),
        ("全部 x[2021..2025] ≥ 1 且 y", "and(every([AtLeast x[1] 1]) y)"),
        ("每个 期间 2021..2022 要求 x 且 y", "every+(and(x y))"),
        ("连续 3 年 a ≥ 1 且 b", "and(streak3([AtLeast a 1]) b)"),
        ("非 连续 3 次 a", "not streak3(a)"),
        ("a + b 增长 > 1", "[Above (Add a Growth<b>) 1]"),
        ("(a + b) 增长 > 1", "[Above Growth<(Add a b)> 1]"),
        ("合计 d.m 增长 > 1", "[Above Growth<Sum<d.m>> 1]"),
        ("合计 d.m / 数量 d > 1", "[Above (Divide Sum<d.m> Count<d>) 1]"),
        ("(合计 d.m 当 a = 1 或 b = 2) / 3 > 1", "[Above (Divide Sum<d.m | or([Equal a 1] [Equal b 2])> 3) 1]"),
        ("a / 2 万元 > 10 万元/人", "[Above (Divide a 2万元) 10万元/人]"),
        ("10 万元 / 人 > 1", "[Above (Divide 10万元 人) 1]"),
        ("10万元／人 > １０．５％", "[Above 10万元/人 10.5%]"),
        ("x ≥ 7 个百分点", "[AtLeast x 7个百分点]"),
        ("x = 2021", "[Equal x 2021]"),
        ("x = 2021Q1 且 y = 2021年 且 z = 2021-03-15", "and([Equal x P2021Q1] [Equal y P2021] [Equal z 2021-03-15])"),
        ("x = 2021年上半年", "[Equal x P2021H1]"),
        ("x > 2,200 亿元", "[Above x 2200亿元]"),
        ("x 属于 {1，000、2, 3}", "x in 3"),
        ("x = 100 左右 2%", "[Equal x 100 ~2%]"),
        ("x 在 100 左右 2%", "[Equal x 100 ~2%]"),
        ("金额 = 下级合计 沿 科目 ± 0.01 万元", "[Equal 金额 children 科目 ±0.01万元]"),
        ("x 较 2015 翻两番", "doubles<x 2>"),
        ("x 2016..2020 年均增长 ≥ 6%", "[AtLeast yearly<x 2016..2020> 6%]"),
        ("人均(a, b + 1) ≥ 1", "[AtLeast 人均(a,(Add b 1)) 1]"),
        ("`数量` > 1 且 `“三公”经费` 已填", "and([Above 数量 1] filled “三公”经费)"),
        ("规则1 > 1 且 数量2 > 1 且 年 > 1", "and([Above 规则1 1] [Above 数量2 1] [Above 年 1])"),
        (
            "at ≥ 1 且 row > 1 且 year > 1 且 last > 1",
            "and([AtLeast at 1] [Above row 1] [Above year 1] [Above last 1])",
        ),
        ("科目 = \"a\"\"b\" 且 x = ＂c\"d＂", "and([Equal 科目 \"a\\\"b\"] [Equal x \"c\\\"d\"])"),
        ("水质 ≥ Ⅳ类", "[AtLeast 水质 Ⅳ类]"),
        ("公用经费压减 ≥ 10%", "[AtLeast 公用经费压减 10%]"),
        ("x ≥ 3 `m²`", "[AtLeast x 3m²]"),
        ("如果2>1则3>2", "if([Above 2 1] [Above 3 2])"),
    ] {
        assert_eq!(short(&required(text)), expected, "{text}");
    }
}

#[test]
fn the_filter_of_a_body_takes_the_whole_rest() {
    let file = tree(
        "指标 X: 万元 = 合计 预算.金额 当 科目 = \"公用经费\" 且 年度 = 2020 又称 Y\n函数 f(x) = 合计 a.b 当 c = x",
    );
    match file.decls.as_slice() {
        [Decl::Indicator(indicator), Decl::Define(define)] => {
            let body = indicator.body.as_ref().map(short);
            assert_eq!(body.as_deref(), Some("Sum<预算.金额 | and([Equal 科目 \"公用经费\"] [Equal 年度 2020])>"));
            assert_eq!(indicator.aliases.len(), 1);
            assert_eq!(short(&define.body), "Sum<a.b | [Equal c x]>");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn spans_end_where_the_text_ends() {
    let text = "规则 R # 注\n  要求 x  增长  ≥ 3 万元   # 注\n\n  性质 约束性  \n";
    let file = tree(text);
    let Some(Decl::Rule(rule)) = file.decls.first() else { panic!() };
    assert_eq!(text.get(rule.span.range()), Some("规则 R # 注\n  要求 x  增长  ≥ 3 万元   # 注\n\n  性质 约束性"));
    let spans: Vec<_> = rule.clauses.iter().filter_map(|clause| text.get(clause.span.range())).collect();
    assert_eq!(spans, ["要求 x  增长  ≥ 3 万元", "性质 约束性"]);
    let expr = required("x  增长  # c\n ≥ (y) + 1");
    let ExprKind::Compare { left, right, .. } = expr.kind else { panic!() };
    assert_eq!(left.span.end - left.span.start, "x  增长".len() as u32);
    assert_eq!(right.span.end - right.span.start, "y) + 1".len() as u32);
}

#[test]
fn datasets_and_units() {
    let file = tree("数据集 d\n维度 a: 文本\n度量 年: 万元/人\n属性 date: 月/人\n单位 公顷 = 10,000 平方米");
    let Some(Decl::Dataset(dataset)) = file.decls.first() else { panic!() };
    assert_eq!(
        dataset.columns.iter().map(|c| c.role).collect::<Vec<_>>(),
        [ColumnRole::Dimension, ColumnRole::Measure, ColumnRole::Attribute]
    );
    assert!(matches!(&dataset.columns[2].ty, TypeText::Named(unit) if unit.text == "月/人"));
}

#[test]
fn tables_keep_blanks_and_quoted_bars() {
    let file = tree("测试 \"t\" 给定 d\n  a | b | c\n  \"x|#\"\"\" |  | 5\" # 注\n\n  | y | \n  期望 R 合格");
    let Some(Decl::Test(test)) = file.decls.first() else { panic!() };
    let Some(Given::Table { rows, header, .. }) = test.given.first() else { panic!() };
    assert_eq!(header.len(), 3);
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect();
    assert_eq!(rows, [["x|#\"", "", "5\""], ["", "y", ""]]);
    assert_eq!(test.expect.len(), 1);
}

#[test]
fn given_figures() {
    let file = tree("测试 \"t\" 给定 x[2020] = -3.20% 给定 y = \"t\"");
    let Some(Decl::Test(test)) = file.decls.first() else { panic!() };
    let Some(Given::Value { value, period, .. }) = test.given.first() else { panic!() };
    assert_eq!(short(value), "(- 3.20%)");
    assert!(period.is_some());
    assert_eq!(Decimal::parse("3.20").map(|d| d.scale()), Some(2));
}

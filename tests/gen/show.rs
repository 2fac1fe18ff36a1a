//! Worlds as text, for the message of a failing test.

use std::fmt::Write;

use duixian::data::Cell;
use duixian::semantics::hir::*;

use super::World;

/// A rule with the indicators that the suite computes, and every table.
pub fn show(world: &World, rule: RuleId) -> String {
    let mut out = format!("period {} as of {}\n", world.period, world.as_of);
    for (at, indicator) in world.suite.indicators.iter().enumerate() {
        let body = indicator.body.as_ref().map(expr).unwrap_or_default();
        writeln!(out, "indicator {at} {}({:?}) = {body}", indicator.name, indicator.params).unwrap();
    }
    let rule = &world.suite.rules[rule.0];
    let periods: Vec<String> = rule.periods.iter().map(ToString::to_string).collect();
    writeln!(out, "rule for each {:?} periods {periods:?} deadline {:?}", rule.for_each, rule.deadline).unwrap();
    if let Some(when) = &rule.when {
        writeln!(out, "  when {}", expr(when)).unwrap();
    }
    match &rule.requirement {
        Requirement::Case(condition) => writeln!(out, "  require {}", expr(condition)).unwrap(),
        Requirement::Rows { dataset, when, condition } => {
            let when = when.as_ref().map(expr).unwrap_or_default();
            writeln!(out, "  each row of {dataset:?} when [{when}] require {}", expr(condition)).unwrap();
        }
    }
    for (dataset, table) in world.suite.datasets.iter().zip(&world.submission.tables) {
        let headings: Vec<String> = dataset.columns.iter().map(heading).collect();
        writeln!(out, "{} {}", dataset.name, headings.join(" | ")).unwrap();
        let Some(table) = table else {
            writeln!(out, "    not submitted").unwrap();
            continue;
        };
        for row in 0..table.len() {
            let cells = (0..dataset.columns.len()).map(|column| cell(&table.cell(row, ColumnId(column))));
            writeln!(out, "    {}", cells.collect::<Vec<_>>().join(" | ")).unwrap();
        }
    }
    for (standard, entries) in world.suite.standards.iter().zip(&world.standards.entries) {
        let entries: Vec<_> = entries.iter().map(|entry| (entry.period.map(|p| p.to_string()), &entry.value)).collect();
        writeln!(out, "standard {} {entries:?}", standard.name).unwrap();
    }
    out
}

fn heading(column: &Column) -> String {
    let codes = column.codes.as_ref().map(|codes| format!(" codes {codes:?}")).unwrap_or_default();
    let hierarchy = column.hierarchy.as_ref().map(|hierarchy| format!(" {hierarchy:?}")).unwrap_or_default();
    format!("{}{codes}{hierarchy}", column.name)
}

fn cell(cell: &Cell) -> String {
    use duixian::quantity::Scalar;
    match cell {
        Cell::Blank => "-".to_owned(),
        Cell::Bad(_) => "BAD".to_owned(),
        Cell::Within(interval, _) => interval.written(|number| number.to_string()),
        Cell::Value(Scalar::Number(number), _) => number.to_string(),
        Cell::Value(Scalar::Period(period), _) => period.to_string(),
        Cell::Value(Scalar::Text(text), _) => text.to_string(),
        Cell::Value(value, _) => format!("{value:?}"),
    }
}

fn expr(e: &Expr) -> String {
    let list =
        |periods: &[duixian::quantity::Period]| periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    match &e.kind {
        ExprKind::Number(number) => number.to_string(),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Boolean(value) => value.to_string(),
        ExprKind::Date(date) => date.to_string(),
        ExprKind::Period(period) => format!("p{period}"),
        ExprKind::ThisPeriod => "this".to_owned(),
        ExprKind::Level(_, level) => format!("level{level}"),
        ExprKind::Column(column) => format!("c{}", column.0),
        ExprKind::Member(dim) => format!("member{}", dim.0),
        ExprKind::Standard(standard) => format!("standard{}", standard.0),
        ExprKind::Indicator(id) => format!("indicator{}", id.0),
        ExprKind::Aggregate(a) => {
            let of = a.of.as_ref().map(|of| expr(of)).unwrap_or_default();
            let filter = a.filter.as_ref().map(|filter| format!(" where {}", expr(filter))).unwrap_or_default();
            let zero = if a.blank_as_zero { " blank as zero" } else { "" };
            let scope: Vec<usize> = a.scope.iter().map(|(_, dim)| dim.0).collect();
            format!("{:?}(d{} {of}{filter} by {scope:?}{zero})", a.function, a.dataset.0)
        }
        ExprKind::At { of, period, members } => format!("{}[{} {members:?}]", expr(of), since(*period)),
        ExprKind::Fold { function, of, periods } => format!("{function:?}({} over {})", expr(of), list(periods)),
        ExprKind::Negate(of) => format!("-({})", expr(of)),
        ExprKind::Arithmetic { operator, left, right } => format!("({} {operator:?} {})", expr(left), expr(right)),
        ExprKind::Change { kind, of, since: from, official } => {
            format!("{kind:?}({} since {} official {official:?})", expr(of), since(Some(*from)))
        }
        ExprKind::YearlyGrowth { of, periods, official } => {
            format!("yearly({} over {} official {official:?})", expr(of), list(periods))
        }
        ExprKind::Compare { operator, left, right } => format!("({} {operator:?} {})", expr(left), expr(right)),
        ExprKind::Near { left, right, margin, relative } => {
            format!("near({}, {}, {} relative {relative})", expr(left), expr(right), expr(margin))
        }
        ExprKind::Doubles { of, since: from, times } => {
            format!("doubles({} since {} times {times})", expr(of), since(Some(*from)))
        }
        ExprKind::Filled(column) => format!("filled(c{})", column.0),
        ExprKind::Unique(columns) => format!("unique({columns:?})"),
        ExprKind::In { of, list } => format!("({} in {list:?})", expr(of)),
        ExprKind::Matches { of, pattern } => format!("({} matches {pattern})", expr(of)),
        ExprKind::ChildrenSum { measure, along } => format!("children(c{} along c{})", measure.0, along.0),
        ExprKind::Not(of) => format!("not({})", expr(of)),
        ExprKind::And(parts) => format!("and({})", parts.iter().map(expr).collect::<Vec<_>>().join(", ")),
        ExprKind::Or(parts) => format!("or({})", parts.iter().map(expr).collect::<Vec<_>>().join(", ")),
        ExprKind::Implies(condition, then) => format!("({} => {})", expr(condition), expr(then)),
        ExprKind::Quantified { every, periods, condition } => {
            format!("{}({} in {})", if *every { "every" } else { "some" }, expr(condition), list(periods))
        }
        ExprKind::Streak { times, condition, .. } => format!("streak({times}, {})", expr(condition)),
    }
}

fn since(period: Option<PeriodRef>) -> String {
    match period {
        Some(PeriodRef::Absolute(period)) => period.to_string(),
        other => format!("{other:?}"),
    }
}

//! How figures stand to time: flows (时期数) add up over a period, stocks (时点数) are the state at its end.
//!
//! Typed expressions in; what is known of their nature, and uses that contradict it, out. Nothing is guessed: an
//! indicator without a formula is neither unless it is declared.

use crate::base::codes::types as codes;
use crate::base::{Bi, Span};
use crate::quantity::{Dimension, Period};

use super::Compiler;
use super::hir::{Arithmetic, Expr, ExprKind, Function, IndicatorId, Nature, Requirement, Suite, Type};
use super::walk;

/// Chains of indicators are no longer than this.
const MAX_CHAIN: usize = 100;

impl Suite {
    /// Whether the figure of an expression is a flow or a stock, if that is declared or shows in its formula: the sum
    /// and the number of a period's rows are flows, and what adds up figures of one nature is of that nature.
    pub fn nature(&self, expr: &Expr) -> Option<Nature> {
        self.nature_of(expr, MAX_CHAIN)
    }

    fn nature_of(&self, expr: &Expr, depth: usize) -> Option<Nature> {
        let depth = depth.checked_sub(1)?;
        match &expr.kind {
            ExprKind::Indicator(id) => {
                let indicator = self.indicators.get(id.0)?;
                let of_body = || self.nature_of(indicator.body.as_ref()?, depth);
                indicator.nature.or_else(of_body)
            }
            ExprKind::Aggregate(aggregate) => {
                matches!(aggregate.function, Function::Sum | Function::Count).then_some(Nature::Flow)
            }
            ExprKind::At { of, period: None, .. } => self.nature_of(of, depth),
            ExprKind::Arithmetic { operator: Arithmetic::Add, left, right } => {
                let (left, right) = (self.nature_of(left, depth)?, self.nature_of(right, depth)?);
                (left == right).then_some(left)
            }
            _ => None,
        }
    }
}

impl Compiler<'_> {
    /// Reports indicators that cannot be what they are declared to be, and sums of stocks over several periods.
    pub fn check_natures(&mut self) {
        let mut refused: Vec<(IndicatorId, Nature, Span)> = Vec::new();
        let indicators = self.names.indicators.iter().zip(&self.suite.indicators);
        for (at, ((declared, _), indicator)) in indicators.enumerate() {
            let Some((nature, span)) = declared.nature else { continue };
            let sound = match (&indicator.ty, nature) {
                (Type::Quantity(unit), Nature::Flow) => {
                    !matches!(unit.dimension(), Dimension::Ratio | Dimension::Points)
                }
                (Type::Quantity(_), Nature::Stock) => true,
                _ => false,
            };
            // The type of what is not understood is not known either.
            if !sound && !self.untyped.indicators.contains(&IndicatorId(at)) {
                refused.push((IndicatorId(at), nature, span));
            }
        }
        for (indicator, nature, span) in refused {
            self.cannot_be(indicator, nature, span);
        }
        let mut sums: Vec<(Span, Span, Option<Period>)> = Vec::new();
        for expr in self.over_cases() {
            walk::each(expr, &mut |expr| {
                if let ExprKind::Fold { function: Function::Sum, of, periods } = &expr.kind
                    && self.suite.nature(of) == Some(Nature::Stock)
                {
                    sums.push((expr.span, of.span, periods.last().copied()));
                }
            });
        }
        for (sum, of, last) in sums {
            self.sum_of_stocks(sum, of, last);
        }
    }

    /// Every expression over cases: bodies of indicators, and conditions of rules.
    fn over_cases(&self) -> Vec<&Expr> {
        let bodies = self.suite.indicators.iter().filter_map(|indicator| indicator.body.as_ref());
        let rules = self.suite.rules.iter().flat_map(|rule| {
            let condition = match &rule.requirement {
                Requirement::Case(condition) => Some(condition),
                Requirement::Rows { .. } => None,
            };
            rule.when.iter().chain(condition)
        });
        bodies.chain(rules).collect()
    }

    fn cannot_be(&mut self, id: IndicatorId, nature: Nature, span: Span) {
        let Some(indicator) = self.suite.indicators.get(id.0) else { return };
        let name = &indicator.name;
        let (zh, en) = match nature {
            Nature::Flow => ("时期数", "flow"),
            Nature::Stock => ("时点数", "stock"),
        };
        let (message, help) = if matches!(indicator.ty, Type::Quantity(_)) {
            (
                Bi::new(
                    format!("`{name}` 是比率，不会在一段时间里累计，不能是`{zh}`"),
                    format!("`{name}` is a ratio, which does not add up over a period and is no `{en}`"),
                ),
                Bi::new(
                    "去掉 `时期数`；如果它是期末的状态，写 `时点数`",
                    "take `flow` out; if it is the state at the end of a period, write `stock`",
                ),
            )
        } else {
            (
                Bi::new(format!("`{name}` 不是数，不能是`{zh}`"), format!("`{name}` is no figure, and no `{en}`")),
                Bi::new(format!("去掉 `{zh}`"), format!("take `{en}` out")),
            )
        };
        self.report.error(&codes::NATURE, span, message, help);
    }

    fn sum_of_stocks(&mut self, sum: Span, of: Span, last: Option<Period>) {
        let name = self.quoted(of).unwrap_or_else(|| "X".to_owned());
        let last = last.map_or(String::new(), |last| format!("[{last}]"));
        self.report.error(
            &codes::SUM_OF_STOCKS,
            sum,
            Bi::new(
                format!("`{name}` 是时点数，几个时点的数相加没有意义"),
                format!("`{name}` is a stock: the states of several periods do not add up"),
            ),
            Bi::new(
                format!("要期末数，写最后一期，如 `{name}{last}`；要各期的水平，写 `平均`、`最大` 或 `最小`；若是累计的数，声明为 `时期数`"),
                format!("for the last state write `{name}{last}`; for the level over the periods `mean`, `max` or `min`; declare it a `flow` if it does add up"),
            ),
        );
    }
}

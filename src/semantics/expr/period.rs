//! Other periods and other members: `X[2020]`, `X[上年]`, `X[部门 = "教育局"]`, and series, `X[2021..2025]`.

use std::collections::BTreeSet;

use crate::base::codes::{names, types as codes};
use crate::base::{Bi, Diagnostic, Span};
use crate::quantity::Period;
use crate::semantics::hir::{self, DimId, PeriodRef, REGION};
use crate::semantics::{Compiler, children};
use crate::syntax::ast::{self, PeriodSpan, Selector};

use super::change::period_ref;
use super::{Cx, Series};

/// The longest series of periods.
pub const MAX_PERIODS: usize = 1000;

/// What stands in brackets, told apart.
#[derive(Default)]
pub(super) struct Picked {
    pub period: Option<PeriodRef>,
    pub range: Option<Series>,
    pub members: Vec<(DimId, String, Span)>,
}

impl Compiler<'_> {
    /// The periods of a span; reported if there are none, or too many.
    pub fn periods(&mut self, over: &PeriodSpan) -> Option<Vec<Period>> {
        let (from, to) = (over.from, over.to);
        let (message, help) = if from.granularity() != to.granularity() {
            (
                Bi::new(
                    format!("`{from}` 与 `{to}` 长短不同，连不成一段"),
                    format!("`{from}` and `{to}` are not of one length, and make no range"),
                ),
                Bi::new("两端写同样长短的期间：`2021Q1..2021Q4`", "make both ends of one length: `2021Q1..2021Q4`"),
            )
        } else if from > to {
            (
                Bi::new(format!("`{from}` 在 `{to}` 之后"), format!("`{from}` comes after `{to}`")),
                Bi::new(format!("写 `{to}..{from}`"), format!("write `{to}..{from}`")),
            )
        } else if from.plus(i32::try_from(MAX_PERIODS).unwrap_or(i32::MAX)).is_some_and(|end| end <= to) {
            (
                Bi::new(
                    format!("这一段超过 {MAX_PERIODS} 期"),
                    format!("the range has more than {MAX_PERIODS} periods"),
                ),
                Bi::new(
                    "缩短这一段，或换成更长的期间（如季度换成年度）",
                    "make it shorter, or use longer periods (years, not quarters)",
                ),
            )
        } else if let Some(periods) = from.to(to) {
            return Some(periods);
        } else {
            (
                Bi::new("这一段读不成期间", "this is no range of periods"),
                Bi::new("写 `2021..2025`", "write `2021..2025`"),
            )
        };
        self.report.error(&codes::RANGE, over.span, message, help);
        None
    }

    /// What stands in brackets; each kind at most once.
    pub(super) fn pick(&mut self, cx: Cx<'_>, selectors: &[Selector]) -> Option<Picked> {
        let mut picked = Picked::default();
        let mut sound = true;
        for selector in selectors {
            let again = match selector {
                Selector::Period(period) => {
                    let again = picked.period.is_some() || picked.range.is_some();
                    picked.period = Some(period_ref(period));
                    again.then_some(period.span)
                }
                Selector::Range(over) => {
                    let again = picked.period.is_some() || picked.range.is_some();
                    match self.periods(over) {
                        Some(periods) => picked.range = Some(Series { periods, span: over.span }),
                        None => sound = false,
                    }
                    again.then_some(over.span)
                }
                Selector::Member(name, text) => match self.dimension(name) {
                    None => {
                        sound = false;
                        None
                    }
                    Some(dim) => {
                        let again = picked.members.iter().any(|(known, ..)| *known == dim);
                        picked.members.push((dim, text.text.trim().to_owned(), name.span));
                        again.then_some(name.span)
                    }
                },
            };
            if let Some(span) = again {
                sound = false;
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &codes::RANGE,
                        span,
                        Bi::new("方括号里同一样东西写了两次", "the brackets say the same thing twice"),
                    )
                    .help(Bi::new(
                        "每个维度只写一个成员，期间只写一个；几个期间写成区间 `[2021..2025]`",
                        "name one member of a dimension and one period; several periods are a range, `[2021..2025]`",
                    )),
                );
            }
        }
        sound.then_some(picked)
    }

    /// `X[…]`
    pub(super) fn at(&mut self, cx: Cx<'_>, of: &ast::Expr, selectors: &[Selector], span: Span) -> Option<hir::Expr> {
        self.case_only(cx, span, ("别的期间或成员的数值", "figures of other periods or members"))?;
        let picked = self.pick(cx, selectors)?;
        if let Some(series) = &picked.range {
            self.hand_over(cx, series)?;
        }
        let moves = picked.period.is_some() || picked.range.is_some();
        let inner = if moves { cx.without_series() } else { cx };
        let dims = with_members(cx.dims, &picked);
        let of = self.value(Cx { dims: &dims, ..inner }, of)?;
        self.placed(cx, of, picked, span)
    }

    /// An expression with its period and members set.
    pub(super) fn placed(&mut self, cx: Cx<'_>, of: hir::Expr, picked: Picked, span: Span) -> Option<hir::Expr> {
        self.check_members(cx, &of, &picked)?;
        if picked.period.is_none() && picked.members.is_empty() {
            return Some(of);
        }
        let ty = of.ty.clone();
        let members = picked.members.into_iter().map(|(dim, member, _)| (dim, member)).collect();
        Some(hir::Expr { kind: hir::ExprKind::At { of: Box::new(of), period: picked.period, members }, ty, span })
    }

    /// Hands a series to the 全部 or 存在 around it.
    fn hand_over(&mut self, cx: Cx<'_>, series: &Series) -> Option<()> {
        let (message, help) = match cx.series {
            None => (
                Bi::new("这里要一个数，而这是一串期间的数", "one figure is wanted here, and this is a series of them"),
                Bi::new(
                    "写 `全部 X[2021..2025] ≥ 80%`（每一期都要）、`存在 …`（至少一期），或 `合计 X[2021..2025]`",
                    "write `all X[2021..2025] ≥ 80%` (in every period), `some …` (in at least one), or `sum X[2021..2025]`",
                ),
            ),
            Some(slot) => {
                let mut slot = slot.borrow_mut();
                match slot.as_ref() {
                    None => {
                        *slot = Some(Series { periods: series.periods.clone(), span: series.span });
                        return Some(());
                    }
                    Some(first) if first.periods == series.periods => return Some(()),
                    Some(_) => (
                        Bi::new("同一个条件里有两段不同的期间", "the condition has two different ranges of periods"),
                        Bi::new(
                            "各段要相同；或写 `每个 期间 2021..2025 要求 …`",
                            "make them the same; or write `every period 2021..2025 require …`",
                        ),
                    ),
                }
            }
        };
        self.fault(cx, Diagnostic::rule(&codes::SERIES, series.span, message).help(help));
        None
    }

    /// Members may be set only of dimensions that the expression reads.
    fn check_members(&mut self, cx: Cx<'_>, of: &hir::Expr, picked: &Picked) -> Option<()> {
        if picked.members.is_empty() {
            return Some(());
        }
        let readable = self.readable(of);
        let mut sound = Some(());
        for (dim, _, span) in &picked.members {
            if readable.contains(dim) {
                continue;
            }
            sound = None;
            let name = self.dim_name(*dim).to_owned();
            let text = self.quoted(of.span).unwrap_or_else(|| "…".to_owned());
            let list: Vec<String> = readable.iter().map(|dim| format!("`{}`", self.dim_name(*dim))).collect();
            let help = if list.is_empty() {
                Bi::new(
                    format!("它不按任何维度计算；若是指标，先声明参数，如 `{text}({name})`"),
                    format!(
                        "it is computed by no dimension; for an indicator declare a parameter, such as `{text}({name})`"
                    ),
                )
            } else {
                Bi::new(
                    format!("它只按 {} 计算", list.join("、")),
                    format!("it is computed by {} only", list.join(", ")),
                )
            };
            self.fault(
                cx,
                Diagnostic::rule(
                    &names::NO_DIMENSION,
                    *span,
                    Bi::new(format!("`{text}` 不按 `{name}` 计算"), format!("`{text}` is not computed by `{name}`")),
                )
                .help(help),
            );
        }
        sound
    }

    /// The dimensions whose members brackets may set: all that the expression reads, and 区域 of plain indicators.
    fn readable(&self, expr: &hir::Expr) -> BTreeSet<DimId> {
        let mut dims = self.reads(expr);
        self.add_regions(expr, &mut dims);
        dims
    }

    fn add_regions(&self, expr: &hir::Expr, dims: &mut BTreeSet<DimId>) {
        if let hir::ExprKind::Indicator(id) = &expr.kind {
            let plain = self.names.indicators.get(id.0).is_some_and(|(indicator, _)| indicator.body.is_none());
            if plain {
                dims.insert(REGION);
            }
        }
        for child in children(expr) {
            self.add_regions(child, dims);
        }
    }

    /// The dimensions whose member the value of an expression depends on.
    pub fn reads(&self, expr: &hir::Expr) -> BTreeSet<DimId> {
        match &expr.kind {
            hir::ExprKind::Member(dim) => BTreeSet::from([*dim]),
            hir::ExprKind::Indicator(id) => match self.suite.indicators.get(id.0) {
                Some(indicator) => indicator.params.iter().copied().collect(),
                None => BTreeSet::new(),
            },
            hir::ExprKind::Aggregate(aggregate) => aggregate.scope.iter().map(|(_, dim)| *dim).collect(),
            hir::ExprKind::At { of, members, .. } => {
                let mut dims = self.reads(of);
                dims.retain(|dim| !members.iter().any(|(member, _)| member == dim));
                dims
            }
            _ => children(expr).into_iter().flat_map(|child| self.reads(child)).collect(),
        }
    }
}

/// The dimensions in sight, those that brackets set included.
pub(super) fn with_members(dims: &[DimId], picked: &Picked) -> Vec<DimId> {
    let mut all = dims.to_vec();
    for (dim, ..) in &picked.members {
        if !all.contains(dim) {
            all.push(*dim);
        }
    }
    all
}

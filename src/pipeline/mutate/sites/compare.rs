//! Comparisons: the sign, and the threshold if it is written out.

use crate::base::Bi;
use crate::pipeline::mutate::edit::Edit;
use crate::pipeline::mutate::literal::neighbours;
use crate::pipeline::mutate::same::indistinguishable;
use crate::pipeline::mutate::words::{self, Told, becomes};
use crate::semantics::hir::{Comparison, Expr, ExprKind, Type};

use super::{Over, Sites};

/// A comparison as its reader takes it: something, a sign, a threshold.
struct Read<'e> {
    operator: Comparison,
    of: &'e Expr,
    threshold: &'e Expr,
    /// Does the threshold stand before the sign?
    reversed: bool,
    /// As the threshold is written; `None` if it is no literal.
    text: Option<String>,
}

impl Read<'_> {
    /// The comparison with another sign or threshold.
    fn with(&self, operator: Comparison, threshold: &str) -> String {
        if self.reversed {
            format!("{threshold} {}", flipped(operator).sign())
        } else {
            format!("{} {threshold}", operator.sign())
        }
    }
}

impl Sites<'_> {
    pub(super) fn compare(&mut self, expr: &Expr, over: Over) {
        let ExprKind::Compare { operator, left, right } = &expr.kind else { return };
        let read = if is_literal(left) && !is_literal(right) {
            Read { operator: flipped(*operator), of: right, threshold: left, reversed: true, text: None }
        } else {
            Read { operator: *operator, of: left, threshold: right, reversed: false, text: None }
        };
        let shown = self.quote(read.threshold.span);
        let read = Read { text: is_literal(read.threshold).then(|| shown.clone()), ..read };
        let beside = self.part(expr, read.threshold);
        self.signs(expr, &read, &beside, over);
        self.walk(read.of, over);
        match &read.threshold.kind {
            ExprKind::Text(_) | ExprKind::Boolean(_) => self.word(&read, &shown, over),
            _ if read.text.is_some() => self.threshold(&read, &shown, over),
            _ => self.walk(read.threshold, over),
        }
    }

    fn signs(&mut self, expr: &Expr, read: &Read<'_>, shown: &str, over: Over) {
        let ty = &read.of.ty;
        let ordered = !matches!(ty, Type::Text | Type::Boolean);
        let yearly = matches!(read.of.kind, ExprKind::YearlyGrowth { .. });
        // Of a text that is written out, another text in its place says the same and more.
        if !ordered && read.text.is_some() && read.operator == Comparison::Equal {
            return;
        }
        for to in words::mistaken(read.operator, ordered, yearly) {
            let change = becomes(&read.with(read.operator, shown), &read.with(*to, shown));
            let kill = words::at_threshold(read.operator, *to, read.text.as_deref(), over == Over::Rows);
            let told = Told { change, gloss: Some(words::gloss(read.operator, *to, ty)), kill };
            let at = &read.threshold.kind;
            let same = indistinguishable(self.suite, read.of, (read.operator, at), (*to, at));
            let (from, to) = if read.reversed { (flipped(read.operator), flipped(*to)) } else { (read.operator, *to) };
            self.add_unless(expr, Edit::Operator { from, to }, told, same);
        }
    }

    fn threshold(&mut self, read: &Read<'_>, shown: &str, over: Over) {
        for other in neighbours(self.suite, read.threshold, shown) {
            let change = becomes(&read.with(read.operator, shown), &read.with(read.operator, &other.text));
            let kill = words::between(read.operator, shown, &other.text, other.greater, over == Over::Rows);
            let same = indistinguishable(
                self.suite,
                read.of,
                (read.operator, &read.threshold.kind),
                (read.operator, &other.kind),
            );
            self.add_unless(read.threshold, Edit::Literal(other.kind), Told::new(change, kill), same);
        }
    }

    /// A text or 是 or 否.
    fn word(&mut self, read: &Read<'_>, shown: &str, over: Over) {
        let from = read.with(read.operator, shown);
        let (edit, change) = match &read.threshold.kind {
            ExprKind::Text(text) => (
                ExprKind::Text(format!("{text}′").into()),
                Bi::new(format!("{from} → 别的文字"), format!("{from} → some other text")),
            ),
            ExprKind::Boolean(value) => {
                let other = match (value, shown.is_ascii()) {
                    (true, true) => "false",
                    (false, true) => "true",
                    (true, false) => "否",
                    (false, false) => "是",
                };
                (ExprKind::Boolean(!value), becomes(&from, &read.with(read.operator, other)))
            }
            _ => return,
        };
        let kill = words::exactly(shown, over == Over::Rows);
        self.add(read.threshold, Edit::Literal(edit), Told::new(change, kill));
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Number(_)
            | ExprKind::Text(_)
            | ExprKind::Boolean(_)
            | ExprKind::Date(_)
            | ExprKind::Period(_)
            | ExprKind::Level(..)
    )
}

/// The comparison seen from the other side.
fn flipped(operator: Comparison) -> Comparison {
    match operator {
        Comparison::AtLeast => Comparison::AtMost,
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::Above => Comparison::Below,
        Comparison::Below => Comparison::Above,
        same => same,
    }
}

//! Values of standards in two versions, by name: where they differ, each version's rules are read with their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::quantity::Scalar;
use crate::semantics::hir::{Expr, ExprKind, StandardId, Type};

/// What the standards of two versions come to, where that differs.
#[derive(Clone, Debug, Default)]
pub struct Valued {
    old: BTreeMap<StandardId, Scalar>,
    new: BTreeMap<StandardId, Scalar>,
    /// Names of those that differ; `true`: in a way that is not looked into.
    names: BTreeMap<String, bool>,
}

impl Valued {
    /// Notes that a standard of both versions has another value now; `None` if that is not one value for all periods.
    pub fn note(&mut self, name: &str, old: (StandardId, Option<Scalar>), new: (StandardId, Option<Scalar>)) {
        let values = old.1.zip(new.1);
        self.names.insert(name.to_owned(), values.is_none());
        if let Some((before, now)) = values {
            self.old.insert(old.0, before);
            self.new.insert(new.0, now);
        }
    }

    /// Does a standard differ, and if so, in a way that is not looked into?
    pub(super) fn differs(&self, name: &str) -> Option<bool> {
        self.names.get(name).copied()
    }

    /// Puts the value in the place of a standard of the earlier version.
    pub(super) fn put_old(&self, expr: &mut Expr) {
        put(&self.old, expr);
    }

    /// Puts values in the places of standards of the later version, in an expression and all of its parts.
    pub(super) fn put_new(&self, expr: &mut Expr) {
        put(&self.new, expr);
        expr.for_each_part_mut(&mut |part| self.put_new(part));
    }
}

fn put(values: &BTreeMap<StandardId, Scalar>, expr: &mut Expr) {
    let ExprKind::Standard(id) = expr.kind else { return };
    let Some(value) = values.get(&id) else { return };
    expr.kind = match (value, &expr.ty) {
        (Scalar::Number(number), _) => ExprKind::Number(number.clone()),
        (Scalar::Text(text), _) => ExprKind::Text(Arc::clone(text)),
        (Scalar::Boolean(value), _) => ExprKind::Boolean(*value),
        (Scalar::Date(date), _) => ExprKind::Date(*date),
        (Scalar::Period(period), _) => ExprKind::Period(*period),
        (Scalar::Level(level), Type::Level(scale)) => ExprKind::Level(*scale, *level),
        (Scalar::Level(_), _) => return,
    };
}

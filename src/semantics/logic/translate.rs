//! Typed expressions in, formulas over figures out: exact where they are linear, *cannot tell* everywhere else.
//!
//! What an operator means is what `plan/operators.rs` and `verdict/eval.rs` say of known figures. That a figure may be
//! missing is left out here, except in rows, where a rule may ask for it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::formula::{Formula, Sign, Split};
use super::linear::Linear;
use super::scope::{Naming, Scope};
use super::term::{Divisor, Quotient, Term, Text, one_of};
use super::vars::{self, Atom, Info, Range, Rows, Unknown, Var, Vars, number_of};
use crate::base::{Bi, Sources};
use crate::quantity::{Dimension, Number, Period, Scalar, Unit};
use crate::semantics::hir::{
    Aggregate, Arithmetic, Change, ColumnId, Comparison, DatasetId, DimId, Expr, ExprKind, Function, IndicatorId, List,
    PeriodRef, REGION, Suite, Type,
};
use crate::semantics::text::expr_text;

/// Larger conditions are not looked into.
const LARGEST: usize = 3_000;

/// Longer streaks and series are not looked into.
const LONGEST: usize = 60;

/// What is worth knowing of a condition besides its formula.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// What is divided by, and could be below 0.
    pub divisors: BTreeSet<Linear>,
    /// All figures that it mentions, even such as cancel out.
    pub mentioned: BTreeSet<Var>,
    /// Figures that, if they were constant, would make a condition linear that is not.
    pub nonlinear: BTreeSet<Var>,
}

impl Notes {
    fn add(&mut self, more: &Notes) {
        self.divisors.extend(more.divisors.iter().cloned());
        self.mentioned.extend(&more.mentioned);
        self.nonlinear.extend(&more.nonlinear);
    }
}

/// An indicator, of which members, in which period.
type Mentioned = (IndicatorId, Vec<Option<Arc<str>>>, Period);

/// See the module.
pub struct Translator<'s> {
    /// The suite.
    pub suite: &'s Suite,
    /// The text of expressions, for the names of figures.
    pub sources: &'s Sources,
    /// How figures are called; also the run's period and region.
    pub naming: Naming<'s>,
    /// All figures so far.
    pub vars: Vars<'s>,
    /// Notes of what was translated since they were last taken.
    pub notes: Notes,
    /// Figures that are taken for constants.
    pub fixed: BTreeMap<Var, Number>,
    /// The conditions that are a figure by themselves, since nothing can be told of them.
    pub opaque: BTreeMap<Var, &'s Expr>,
    memo: HashMap<Mentioned, (Term, Notes)>,
}

impl<'s> Translator<'s> {
    /// For a suite.
    pub fn new(suite: &'s Suite, sources: &'s Sources, naming: Naming<'s>) -> Self {
        Translator {
            suite,
            sources,
            naming,
            vars: Vars::default(),
            notes: Notes::default(),
            fixed: BTreeMap::new(),
            opaque: BTreeMap::new(),
            memo: HashMap::new(),
        }
    }

    /// Takes these figures for constants from now on.
    pub fn fix(&mut self, fixed: BTreeMap<Var, Number>) {
        if fixed != self.fixed {
            self.fixed = fixed;
            self.memo.clear();
        }
    }

    /// A condition.
    pub fn condition(&mut self, expr: &'s Expr, scope: &Scope) -> Split {
        let split = self.split(expr, scope);
        if split.yes.size(LARGEST) + split.no.size(LARGEST) > LARGEST { self.unknown(expr, scope) } else { split }
    }

    fn split(&mut self, expr: &'s Expr, scope: &Scope) -> Split {
        match &expr.kind {
            ExprKind::Compare { operator, left, right } => {
                let split = match &left.kind {
                    ExprKind::YearlyGrowth { .. } => self.compare_yearly(*operator, left, right, scope),
                    _ => self.compare(*operator, left, right, scope),
                };
                split.unwrap_or_else(|| self.unknown(expr, scope))
            }
            ExprKind::Near { left, right, margin, relative } => {
                let split = self.near(left, right, margin, *relative, scope);
                split.unwrap_or_else(|| self.unknown(expr, scope))
            }
            ExprKind::In { of, list } => self.member_of(expr, of, list, scope),
            ExprKind::Matches { of, pattern } => match self.value(of, scope) {
                Term::Text(Text::Fixed(text)) if !self.is_stranger(&text) => Split::from(pattern.is_match(&text)),
                Term::Text(Text::Figure(_, known)) => self.unknown(expr, scope).known(&known),
                _ => self.unknown(expr, scope),
            },
            ExprKind::Not(of) => self.condition(of, scope).negated(),
            ExprKind::And(parts) => Split::all(parts.iter().map(|part| self.condition(part, scope)).collect()),
            ExprKind::Or(parts) => Split::any(parts.iter().map(|part| self.condition(part, scope)).collect()),
            ExprKind::Implies(condition, consequence) => {
                let condition = self.condition(condition, scope).negated();
                Split::any(vec![condition, self.condition(consequence, scope)])
            }
            ExprKind::Quantified { every, periods, condition } if periods.len() <= LONGEST => {
                self.over(periods.iter().map(|period| scope.at(*period)).collect(), *every, condition)
            }
            ExprKind::Streak { times, step, condition } => {
                let fits = step.is_none_or(|step| step == scope.period.granularity());
                let back = |count: u32| scope.period.plus(-i32::try_from(count).ok()?).map(|period| scope.at(period));
                match (0..*times).map(back).collect::<Option<Vec<Scope>>>() {
                    Some(scopes) if fits && scopes.len() <= LONGEST => self.over(scopes, true, condition),
                    _ => self.unknown(expr, scope),
                }
            }
            ExprKind::Doubles { of, since, times } => {
                let ends =
                    scope.earlier(*since).map(|earlier| (self.value(of, &scope.at(earlier)), self.value(of, scope)));
                match ends {
                    Some((Term::Number(old), Term::Number(new))) if old.below.is_none() => {
                        let goal = old.times(&Number::from(2i128).pow(*times));
                        let positive = Formula::compare(old.above, Sign::Positive);
                        new.compare(Comparison::AtLeast, &goal)
                            .map_or_else(|| self.unknown(expr, scope), |split| split.known(&positive))
                    }
                    _ => self.unknown(expr, scope),
                }
            }
            ExprKind::Filled(column) => match scope.row {
                Some(dataset) => {
                    let filled = self.filled(dataset, *column);
                    Split { no: filled.negated(), yes: filled }
                }
                None => self.unknown(expr, scope),
            },
            _ => match self.value(expr, scope) {
                Term::Truth(split) => split,
                _ => self.unknown(expr, scope),
            },
        }
    }

    fn over(&mut self, scopes: Vec<Scope>, every: bool, condition: &'s Expr) -> Split {
        let parts = scopes.iter().map(|scope| self.condition(condition, scope)).collect();
        if every { Split::all(parts) } else { Split::any(parts) }
    }

    fn compare(&mut self, operator: Comparison, left: &'s Expr, right: &'s Expr, scope: &Scope) -> Option<Split> {
        let (a, b) = (self.value(left, scope), self.value(right, scope));
        // A period beside a figure whose values are periods of one length.
        let beside = |term: Term, of: &Type| match term {
            Term::Period(period) if *of == Type::Period(Some(period.granularity())) => {
                number_of(&Scalar::Period(period))
                    .map_or(Term::Unknown, |number| Term::Number(Quotient::constant(number)))
            }
            other => other,
        };
        let (a, b) = match (&a, &b) {
            (Term::Period(_), Term::Number(_)) => (beside(a, &right.ty), b),
            (Term::Number(_), Term::Period(_)) => (a, beside(b, &left.ty)),
            (Term::Number(_), Term::Number(_))
                if left.ty != right.ty && matches!((&left.ty, &right.ty), (Type::Period(_), Type::Period(_))) =>
            {
                return None;
            }
            _ => (a, b),
        };
        self.note_divisors([&a, &b]);
        let split = a.compare(operator, &b);
        if split.is_none() {
            self.note_nonlinear([&a, &b]);
        }
        split
    }

    fn note_divisors<'t>(&mut self, terms: impl IntoIterator<Item = &'t Term>) {
        for term in terms {
            if let Term::Number(Quotient { below: Some(Divisor { sum, positive: false }), .. }) = term {
                self.notes.divisors.insert(sum.clone());
            }
        }
    }

    fn note_nonlinear<'t>(&mut self, terms: impl IntoIterator<Item = &'t Term>) {
        for term in terms {
            if let Term::Number(Quotient { below: Some(divisor), .. }) = term {
                self.notes.nonlinear.extend(divisor.sum.terms.keys());
            }
        }
    }

    /// Start, end and number of periods of a compound growth; the end as a multiple of the start, if it is official.
    fn compare_yearly(
        &mut self,
        operator: Comparison,
        left: &'s Expr,
        right: &'s Expr,
        scope: &Scope,
    ) -> Option<Split> {
        let ExprKind::YearlyGrowth { of, periods, official } = &left.kind else { return None };
        let (first, last) = (periods.first()?, periods.last()?);
        let base = first.plus(-1)?;
        let rate = match self.value(right, scope) {
            Term::Number(rate) => rate.as_constant()?.clone(),
            _ => return None,
        };
        let one = Number::one();
        let factor = &one + &rate;
        let years = u32::try_from(periods.len()).ok().filter(|years| *years <= 200)?;
        let (start, end) = match official {
            Some(rate) => {
                let from = PeriodRef::Absolute(base);
                (Quotient::constant(one), self.official_factor(*rate, &scope.at(*last), from)?)
            }
            None => match (self.value(of, &scope.at(base)), self.value(of, &scope.at(*last))) {
                (Term::Number(start), Term::Number(end)) if start.below.is_none() && end.below.is_none() => {
                    (start, end)
                }
                _ => return None,
            },
        };
        let sound = Formula::all([
            start.known.clone(),
            end.known.clone(),
            Formula::compare(start.above.clone(), Sign::Positive),
            Formula::compare(end.above.clone(), Sign::NotNegative),
        ]);
        if factor.is_negative() {
            return Some(Split::from(operator.holds(std::cmp::Ordering::Greater)).known(&sound));
        }
        Some(end.compare(operator, &start.times(&factor.pow(years)))?.known(&sound))
    }

    /// Π(1 + official rate) over the years since a period: a sum of figures if that is one year.
    fn official_factor(&mut self, rate: IndicatorId, scope: &Scope, since: PeriodRef) -> Option<Quotient> {
        let years = scope.years_since(since)?;
        let mut factor = Quotient::constant(Number::one());
        for year in years {
            let Term::Number(rate) = self.indicator(rate, &scope.at(year)) else { return None };
            let more = rate.plus(&Number::one(), &Quotient::constant(Number::one()))?;
            factor = self.product(&factor, &more, &Type::Quantity(Unit::base(Dimension::Plain)))?;
        }
        Some(factor)
    }

    /// |left − right| ≤ margin
    fn near(
        &mut self,
        left: &'s Expr,
        right: &'s Expr,
        margin: &'s Expr,
        relative: bool,
        scope: &Scope,
    ) -> Option<Split> {
        let (Term::Number(a), Term::Number(b), Term::Number(margin)) =
            (self.value(left, scope), self.value(right, scope), self.value(margin, scope))
        else {
            return None;
        };
        let terms = [Term::Number(a.clone()), Term::Number(b.clone())];
        self.note_divisors(&terms);
        let within = |margin: &Quotient| {
            let high = b.plus(&Number::one(), margin)?;
            let low = b.plus(&-&Number::one(), margin)?;
            Some(Split::all(vec![a.compare(Comparison::AtMost, &high)?, a.compare(Comparison::AtLeast, &low)?]))
        };
        if !relative {
            return within(&margin);
        }
        let Some(share) = margin.as_constant() else {
            let of = b.as_constant()?;
            return within(&margin.times(&of.abs()));
        };
        if let Some(of) = b.as_constant() {
            return within(&Quotient::constant(&of.abs() * share));
        }
        // The margin is a share of |right|: of right, or of −right.
        let zero = Quotient::constant(Number::zero());
        let side = |margin: &Quotient, operator| {
            let (within, sign) = (within(margin)?, b.compare(operator, &zero)?);
            Some((Formula::all([sign.yes.clone(), within.yes]), Formula::all([sign.yes, within.no])))
        };
        let up = side(&b.times(share), Comparison::AtLeast)?;
        let down = side(&b.times(&-share), Comparison::Below)?;
        Some(Split { yes: Formula::any([up.0, down.0]), no: Formula::any([up.1, down.1]) })
    }

    fn member_of(&mut self, expr: &'s Expr, of: &'s Expr, list: &'s List, scope: &Scope) -> Split {
        let value = self.value(of, scope);
        let values = match (&value, list) {
            (_, List::Values(values)) => values,
            (Term::Text(Text::Figure(_, known)), List::Column(..)) => return self.unknown(expr, scope).known(known),
            _ => return self.unknown(expr, scope),
        };
        let texts = || {
            values.iter().filter_map(|value| if let Scalar::Text(text) = value { Some(Arc::clone(text)) } else { None })
        };
        match &value {
            Term::Text(Text::Figure(var, known)) => one_of(*var, texts(), known),
            Term::Text(Text::Fixed(text)) => Split::from(texts().any(|listed| listed == *text)),
            Term::Period(period) => Split::from(values.contains(&Scalar::Period(*period))),
            Term::Number(number) => {
                self.note_divisors([&value]);
                let equal = |scalar: &Scalar| {
                    let fits = match (scalar, &of.ty) {
                        (Scalar::Period(period), ty) => *ty == Type::Period(Some(period.granularity())),
                        _ => true,
                    };
                    if fits { number.compare(Comparison::Equal, &Quotient::constant(number_of(scalar)?)) } else { None }
                };
                match values.iter().map(equal).collect::<Option<Vec<Split>>>() {
                    Some(parts) if parts.len() <= LONGEST => Split::any(parts),
                    _ => self.unknown(expr, scope),
                }
            }
            _ => self.unknown(expr, scope),
        }
    }

    fn value(&mut self, expr: &'s Expr, scope: &Scope) -> Term {
        match &expr.kind {
            ExprKind::Number(number) => Term::Number(Quotient::constant(number.clone())),
            ExprKind::Text(text) => Term::Text(Text::Fixed(Arc::clone(text))),
            ExprKind::Boolean(value) => Term::Truth(Split::from(*value)),
            ExprKind::Date(date) => counted(&Scalar::Date(*date)),
            ExprKind::Level(_, level) => counted(&Scalar::Level(*level)),
            ExprKind::Period(period) => Term::Period(*period),
            ExprKind::ThisPeriod => Term::Period(scope.period),
            ExprKind::Negate(of) => match self.value(of, scope) {
                Term::Number(number) => Term::Number(number.times(&-&Number::one())),
                _ => Term::Unknown,
            },
            ExprKind::Arithmetic { operator, left, right } => self.arithmetic(*operator, left, right, &expr.ty, scope),
            ExprKind::Column(column) => self.cell(*column, &expr.ty, scope),
            ExprKind::Member(dim) => self.member(*dim, scope),
            ExprKind::Standard(id) => {
                let Some(standard) = self.suite.standards.get(id.0) else { return Term::Unknown };
                self.figure(Atom::Standard(*id, scope.period), &standard.name, &standard.ty, None)
            }
            ExprKind::Indicator(id) => self.indicator(*id, scope),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, expr, scope, None),
            ExprKind::At { of, period, members } => match scope.moved(*period, members) {
                Some(scope) => self.value(of, &scope),
                None => Term::Unknown,
            },
            ExprKind::Fold { function, of, periods } if periods.len() <= LONGEST => {
                self.fold(*function, of, periods, scope)
            }
            ExprKind::Change { kind, of, since, official } => self.change(*kind, of, *since, *official, scope),
            ExprKind::ChildrenSum { .. } => match scope.row {
                Some(dataset) => {
                    let text = Ok((dataset, format!("{:?}", expr.kind)));
                    let unknown = Unknown { text, members: Vec::new(), period: None };
                    self.figure(Atom::Number(unknown), "", &expr.ty, None)
                }
                None => Term::Unknown,
            },
            _ if expr.ty == Type::Boolean && !matches!(expr.kind, ExprKind::Unique(_)) && is_condition(&expr.kind) => {
                Term::Truth(self.condition(expr, scope))
            }
            _ => Term::Unknown,
        }
    }

    fn arithmetic(&mut self, operator: Arithmetic, left: &'s Expr, right: &'s Expr, ty: &Type, scope: &Scope) -> Term {
        let (a, b) = (self.value(left, scope), self.value(right, scope));
        let one = Number::one();
        let result = match operator {
            Arithmetic::Add => a.with(&b, |a, b| a.plus(&one, b)),
            // Days are counted; their difference is in seconds.
            Arithmetic::Subtract if left.ty == Type::Date => {
                a.with(&b, |a, b| a.plus(&-&one, b).map(|days| days.times(&Number::from(86_400i128))))
            }
            Arithmetic::Subtract => a.with(&b, |a, b| a.plus(&-&one, b)),
            Arithmetic::Divide => a.with(&b, Quotient::over),
            Arithmetic::Multiply => match (&a, &b) {
                (Term::Number(a), Term::Number(b)) => self.product(a, b, ty).map_or(Term::Unknown, Term::Number),
                _ => Term::Unknown,
            },
        };
        if matches!(result, Term::Unknown) {
            self.note_divisors([&a, &b]);
            self.note_nonlinear([&a, &b]);
            if let (Arithmetic::Divide, Term::Number(b)) = (operator, &b) {
                self.notes.nonlinear.extend(b.above.terms.keys());
            }
        }
        result
    }

    /// A product; of two sums that are no constants it is a figure by itself.
    fn product(&mut self, a: &Quotient, b: &Quotient, ty: &Type) -> Option<Quotient> {
        if let Some(constant) = a.as_constant() {
            return Some(Quotient { known: Formula::all([a.known.clone(), b.known.clone()]), ..b.times(constant) });
        }
        if let Some(constant) = b.as_constant() {
            return Some(Quotient { known: Formula::all([a.known.clone(), b.known.clone()]), ..a.times(constant) });
        }
        if a.below.is_some() || b.below.is_some() {
            return None;
        }
        let (first, second) = if a.above <= b.above { (a, b) } else { (b, a) };
        let fewer = if first.above.terms.len() <= second.above.terms.len() { first } else { second };
        self.notes.nonlinear.extend(fewer.above.terms.keys());
        let atom = Atom::Product(first.above.clone(), second.above.clone());
        let Term::Number(product) = self.figure(atom, "", ty, None) else { return None };
        Some(Quotient { known: Formula::all([a.known.clone(), b.known.clone()]), ..product })
    }

    fn cell(&mut self, column: ColumnId, ty: &Type, scope: &Scope) -> Term {
        let Some(dataset) = scope.row else { return Term::Unknown };
        let name = self.column_name(dataset, column);
        let known = self.filled(dataset, column);
        match self.figure(Atom::Cell(dataset, column), &name, ty, None) {
            Term::Number(number) => Term::Number(Quotient { known, ..number }),
            Term::Text(Text::Figure(var, _)) => Term::Text(Text::Figure(var, known)),
            Term::Truth(split) => Term::Truth(split.known(&known)),
            other => other,
        }
    }

    /// The figure of a cell.
    pub fn cell_var(&mut self, dataset: DatasetId, column: ColumnId, ty: &Type) -> Var {
        let name = self.column_name(dataset, column);
        self.var(Atom::Cell(dataset, column), &name, ty, None)
    }

    fn column_name(&self, dataset: DatasetId, column: ColumnId) -> String {
        let declared = self.suite.datasets.get(dataset.0).and_then(|dataset| dataset.columns.get(column.0));
        declared.map_or_else(String::new, |column| column.name.clone())
    }

    /// That a cell is not blank.
    pub fn filled(&mut self, dataset: DatasetId, column: ColumnId) -> Formula {
        let name = self.column_name(dataset, column);
        match self.figure(Atom::Filled(dataset, column), &name, &Type::Boolean, None) {
            Term::Truth(split) => split.yes,
            _ => Formula::from(true),
        }
    }

    fn member(&mut self, dim: DimId, scope: &Scope) -> Term {
        if let Some(dataset) = scope.row {
            let columns = self.suite.datasets.get(dataset.0).map_or(&[][..], |dataset| &dataset.columns);
            return match columns.iter().position(|column| column.dim == Some(dim)) {
                Some(column) => self.cell(ColumnId(column), &Type::Text, scope),
                None => Term::Unknown,
            };
        }
        scope.member(dim).map_or(Term::Unknown, |member| Term::Text(Text::Fixed(member)))
    }

    fn indicator(&mut self, id: IndicatorId, scope: &Scope) -> Term {
        let Some(indicator) = self.suite.indicators.get(id.0) else { return Term::Unknown };
        let Some(body) = &indicator.body else {
            let set = scope.set.iter().rev().find(|(dim, _)| *dim == REGION);
            let region = match set {
                Some((_, region)) => Some(Arc::clone(region)),
                None if indicator.params.contains(&REGION) => scope.member(REGION),
                None => Some(self.naming.region.into()),
            };
            let Some(region) = region else { return Term::Unknown };
            return self.figure(Atom::Figure(id, region, scope.period), &indicator.name, &indicator.ty, None);
        };
        let members: Vec<Option<Arc<str>>> = indicator.params.iter().map(|dim| scope.member(*dim)).collect();
        let key = (id, members, scope.period);
        if let Some((term, notes)) = self.memo.get(&key) {
            self.notes.add(notes);
            return term.clone();
        }
        let known = indicator.params.iter().zip(&key.1);
        let inner = Scope {
            members: known.filter_map(|(dim, member)| member.clone().map(|member| (*dim, member))).collect(),
            set: Vec::new(),
            period: scope.period,
            row: None,
        };
        let outer = std::mem::take(&mut self.notes);
        let term = match &body.kind {
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, body, &inner, Some(&indicator.name)),
            _ => self.value(body, &inner),
        };
        let notes = std::mem::replace(&mut self.notes, outer);
        self.notes.add(&notes);
        self.memo.insert(key, (term.clone(), notes));
        term
    }

    fn aggregate(&mut self, aggregate: &'s Aggregate, expr: &'s Expr, scope: &Scope, name: Option<&str>) -> Term {
        let members = aggregate.scope.iter().map(|(column, dim)| Some((*column, scope.member(*dim)?)));
        let Some(members) = members.collect::<Option<Vec<(ColumnId, Arc<str>)>>>() else { return Term::Unknown };
        let periodic = self.suite.datasets.get(aggregate.dataset.0).is_some_and(|dataset| dataset.period.is_some());
        let text = |expr: &Option<Box<Expr>>| expr.as_deref().map(expr_text).unwrap_or_default();
        let share = aggregate.function == Function::Share;
        let rows = Rows {
            dataset: aggregate.dataset,
            function: if share { Function::Sum } else { aggregate.function },
            of: text(&aggregate.of),
            filter: text(&aggregate.filter),
            blank_as_zero: aggregate.blank_as_zero,
            members,
            period: periodic.then_some(scope.period),
        };
        let named = name.filter(|_| !share).map_or_else(|| format!("({})", self.excerpt(expr)), str::to_owned);
        if !share {
            return self.figure(Atom::Rows(rows), &named, &expr.ty, Some(aggregate));
        }
        let ty = aggregate.of.as_ref().map_or_else(|| Type::Quantity(Unit::plain()), |of| of.ty.clone());
        let whole = Rows { filter: String::new(), ..rows.clone() };
        let name = aggregate.of.as_deref().map(|of| self.excerpt(of)).unwrap_or_default();
        let filter = aggregate.filter.as_deref().map(|filter| self.excerpt(filter)).unwrap_or_default();
        let part = self.figure(Atom::Rows(rows), &format!("{name}[{filter}]"), &ty, Some(aggregate));
        let whole = self.figure(Atom::Rows(whole), &name, &ty, Some(aggregate));
        part.with(&whole, Quotient::over)
    }

    fn excerpt(&self, expr: &Expr) -> String {
        self.sources.text(expr.span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn fold(&mut self, function: Function, of: &'s Expr, periods: &[Period], scope: &Scope) -> Term {
        let mut values: Vec<Quotient> = Vec::new();
        for period in periods {
            match self.value(of, &scope.at(*period)) {
                Term::Number(value) => values.push(value),
                _ => return Term::Unknown,
            }
        }
        match function {
            Function::Min | Function::Max => Term::Extreme { greatest: function == Function::Max, of: values },
            Function::Sum | Function::Mean => {
                let mut sum = Quotient::constant(Number::zero());
                for value in &values {
                    match sum.plus(&Number::one(), value) {
                        Some(more) => sum = more,
                        None => return Term::Unknown,
                    }
                }
                let count = if function == Function::Mean { values.len() as u64 } else { 1 };
                Number::one().div(&Number::from(count)).map_or(Term::Unknown, |share| Term::Number(sum.times(&share)))
            }
            // How many periods have a figure: that is about what is missing.
            Function::Count | Function::Distinct | Function::Share => Term::Unknown,
        }
    }

    fn change(
        &mut self,
        kind: Change,
        of: &'s Expr,
        since: PeriodRef,
        official: Option<IndicatorId>,
        scope: &Scope,
    ) -> Term {
        let one = Number::one();
        if let (Some(rate), Change::Growth | Change::Reduction) = (official, kind) {
            let Some(factor) = self.official_factor(rate, scope, since) else { return Term::Unknown };
            let sign = if kind == Change::Reduction { -&one } else { one.clone() };
            let growth = factor.plus(&-&one, &Quotient::constant(one.clone()));
            return growth.map_or(Term::Unknown, |growth| Term::Number(growth.times(&sign)));
        }
        let Some(earlier) = scope.earlier(since) else { return Term::Unknown };
        let (Term::Number(old), Term::Number(new)) = (self.value(of, &scope.at(earlier)), self.value(of, scope)) else {
            return Term::Unknown;
        };
        let difference = match kind {
            Change::Growth | Change::Increase => new.plus(&-&one, &old),
            Change::Reduction | Change::Decrease => old.plus(&-&one, &new),
        };
        match kind {
            Change::Increase | Change::Decrease => difference.map_or(Term::Unknown, Term::Number),
            Change::Growth | Change::Reduction => {
                let Some(difference) = difference.filter(|difference| difference.below.is_none()) else {
                    return Term::Unknown;
                };
                let positive = Formula::compare(old.above.clone(), Sign::Positive);
                let known = Formula::all([difference.known, positive]);
                match old.above.as_constant() {
                    Some(base) => one.div(base).map_or(Term::Unknown, |share| {
                        Term::Number(Quotient { above: difference.above.times(&share), below: None, known })
                    }),
                    None => {
                        let below = Some(Divisor { sum: old.above, positive: true });
                        Term::Number(Quotient { above: difference.above, below, known })
                    }
                }
            }
        }
    }

    /// The figure of an atom.
    pub fn var(&mut self, atom: Atom, name: &str, ty: &Type, aggregate: Option<&'s Aggregate>) -> Var {
        let (suite, naming) = (self.suite, &self.naming);
        self.vars.intern(atom, |atom| {
            let range = match &atom {
                Atom::Rows(rows) if matches!(rows.function, Function::Count | Function::Distinct) => {
                    Range::Whole(Some(Number::zero()), None)
                }
                Atom::Class(_, None) => Range::Whole(Some(Number::zero()), None),
                Atom::Filled(..) => vars::flag(),
                _ => vars::range_of(suite, ty),
            };
            let name = if name.is_empty() { Bi::same("") } else { naming.of(name, &atom) };
            Info { range, ty: ty.clone(), aggregate, name, atom }
        })
    }

    /// The figure of an atom, as a value of its type.
    fn figure(&mut self, atom: Atom, name: &str, ty: &Type, aggregate: Option<&'s Aggregate>) -> Term {
        let var = self.var(atom, name, ty, aggregate);
        self.notes.mentioned.insert(var);
        if let Some(constant) = self.fixed.get(&var) {
            return match ty {
                Type::Boolean => Term::Truth(Split::from(!constant.is_zero())),
                _ => Term::Number(Quotient::constant(constant.clone())),
            };
        }
        match ty {
            Type::Quantity(_) | Type::Level(_) | Type::Date | Type::Period(Some(_)) => Term::sum(Linear::var(var)),
            Type::Text => Term::Text(Text::Figure(var, Formula::from(true))),
            Type::Boolean => Term::Truth(truth(var)),
            Type::Period(None) => Term::Unknown,
        }
    }

    /// A condition of which nothing can be told, but that it is the same wherever it is the same.
    fn unknown(&mut self, expr: &'s Expr, scope: &Scope) -> Split {
        let unknown = match scope.row {
            Some(dataset) => {
                let text = Ok((dataset, expr_text(expr)));
                Unknown { text, members: Vec::new(), period: None }
            }
            None => {
                let members = scope.members.iter().chain(&scope.set).map(|(_, member)| Arc::clone(member)).collect();
                Unknown { text: Err(expr.span), members, period: Some(scope.period) }
            }
        };
        let var = self.var(Atom::Condition(unknown), "", &Type::Boolean, None);
        self.opaque.insert(var, expr);
        truth(var)
    }

    fn is_stranger(&self, text: &str) -> bool {
        (0..self.suite.dims.len()).any(|dim| *super::scope::stranger(self.suite, DimId(dim)) == *text)
    }
}

fn counted(scalar: &Scalar) -> Term {
    number_of(scalar).map_or(Term::Unknown, |number| Term::Number(Quotient::constant(number)))
}

/// Is it 1, or 0?
fn truth(var: Var) -> Split {
    let one = Linear::constant(-&Number::one());
    Split {
        yes: Formula::compare(Linear::var(var).add(&one), Sign::NotNegative),
        no: Formula::compare(Linear::var(var).negated(), Sign::NotNegative),
    }
}

/// Is it an operator that [`Translator::condition`] knows?
fn is_condition(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Compare { .. }
            | ExprKind::Near { .. }
            | ExprKind::In { .. }
            | ExprKind::Matches { .. }
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Implies(..)
            | ExprKind::Quantified { .. }
            | ExprKind::Streak { .. }
            | ExprKind::Doubles { .. }
            | ExprKind::Filled(_)
    )
}

//! All changes of a suite: to rules, to the formulas of indicators, to functions wherever they are put in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::{FileId, Span};
use crate::data::sha256;
use crate::pipeline::Checked;
use crate::report::mutation::Subject;
use crate::semantics::hir::{Expr, ExprKind, Indicator, IndicatorId, Requirement, Rule, RuleId, Suite};
use crate::syntax::ast::{Clause, ClauseKind, Decl, Define};

use super::edit;
use super::sites::{Site, Sites};

/// Where a change is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Rule(RuleId),
    Indicator(IndicatorId),
}

/// A change, where it is made, and whom it concerns.
pub(super) struct Candidate {
    /// What is changed.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Where that is declared.
    pub declared: Span,
    /// The change.
    pub site: Site,
    /// Names the change, the same as long as the rule says the same there.
    pub id: String,
    /// The rules that it may make come out otherwise.
    pub affected: BTreeSet<RuleId>,
    /// A function is put in at several places.
    targets: BTreeSet<Target>,
}

impl Candidate {
    /// Is it a change to one of these rules, or to what they rest on?
    pub fn concerns(&self, selected: &BTreeSet<RuleId>) -> bool {
        !self.affected.is_disjoint(selected)
    }

    /// Is it what an `[[equivalent]]` entry calls so?
    pub fn goes_by(&self, of: &str, mutant: &str) -> bool {
        let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect::<String>();
        let (wanted, change) = (plain(mutant), &self.site.told.change);
        self.name == of && [&self.id, &change.zh, &change.en].iter().any(|name| plain(name) == wanted)
    }

    /// Makes the change.
    pub fn apply(&self, suite: &mut Suite) -> Undo {
        let mut undo = Undo { rules: Vec::new(), indicators: Vec::new() };
        let Site { at, edit, .. } = &self.site;
        for target in &self.targets {
            match target {
                Target::Rule(id) => {
                    if let Some(rule) = suite.rules.get_mut(id.0) {
                        undo.rules.push((*id, rule.clone()));
                        edit::in_rule(rule, *at, edit);
                    }
                }
                Target::Indicator(id) => {
                    if let Some(indicator) = suite.indicators.get_mut(id.0) {
                        undo.indicators.push((*id, indicator.clone()));
                        indicator.body.iter_mut().for_each(|body| edit::in_expr(body, *at, edit));
                    }
                }
            }
        }
        undo
    }
}

/// What stood where a change was made.
pub(super) struct Undo {
    rules: Vec<(RuleId, Rule)>,
    indicators: Vec<(IndicatorId, Indicator)>,
}

impl Undo {
    pub fn restore(self, suite: &mut Suite) {
        for (id, rule) in self.rules {
            suite.rules.get_mut(id.0).into_iter().for_each(|place| place.clone_from(&rule));
        }
        for (id, indicator) in self.indicators {
            suite.indicators.get_mut(id.0).into_iter().for_each(|place| place.clone_from(&indicator));
        }
    }
}

/// Gathers the changes; those of a function at all places where it is put in are one.
struct Gathering<'a> {
    own: BTreeSet<FileId>,
    functions: Vec<&'a Define>,
    found: Vec<Candidate>,
    /// Where a change stands in `found`, by its place, what is changed and how.
    known: HashMap<(Span, Subject, String, String), usize>,
}

impl Gathering<'_> {
    fn add(&mut self, target: Target, name: &str, declared: Span, found: Vec<Site>) {
        for site in found.into_iter().filter(|site| self.own.contains(&site.at.file)) {
            let function = self.functions.iter().find(|define| !site.clause && within(site.at, define.body.span));
            let (subject, name, declared) = match (function, target) {
                (Some(define), _) => (Subject::Function, define.name.text.as_str(), define.name.span),
                (None, Target::Rule(_)) => (Subject::Rule, name, declared),
                (None, Target::Indicator(_)) => (Subject::Indicator, name, declared),
            };
            // What is said of a change may quote what a function is given; what is done is the same everywhere.
            let key = (site.at, subject, name.to_owned(), format!("{:?}", site.edit));
            let at = *self.known.entry(key).or_insert(self.found.len());
            if let Some(candidate) = self.found.get_mut(at) {
                // What is certain of one use of a function need not be of another.
                candidate.site.same.take_if(|_| site.same.is_none());
                candidate.targets.insert(target);
                continue;
            }
            self.found.push(Candidate {
                subject,
                name: name.to_owned(),
                declared,
                site,
                id: String::new(),
                affected: BTreeSet::new(),
                targets: BTreeSet::from([target]),
            });
        }
    }
}

impl Checked {
    /// Every change to what the suite's own files declare, by its place.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        let functions = self.files.iter().flat_map(|(file, _)| &file.decls).filter_map(|decl| match decl {
            Decl::Define(define) => Some(define),
            _ => None,
        });
        let mut gathering = Gathering {
            own: self.files.iter().filter(|(_, own)| *own).map(|(file, _)| file.file).collect(),
            functions: functions.collect(),
            found: Vec::new(),
            known: HashMap::new(),
        };
        let region = self.config.region.as_deref().unwrap_or("");
        for (at, rule) in self.suite.rules.iter().enumerate() {
            let mut sites = Sites::new(&self.suite, &self.sources, region);
            sites.rule(rule, self.periods_at(rule));
            gathering.add(Target::Rule(RuleId(at)), &rule.id, rule.span, sites.found);
        }
        for (at, indicator) in self.suite.indicators.iter().enumerate() {
            let Some(body) = &indicator.body else { continue };
            let mut sites = Sites::new(&self.suite, &self.sources, region);
            sites.formula(body);
            gathering.add(Target::Indicator(IndicatorId(at)), &indicator.name, indicator.span, sites.found);
        }
        let uses: Vec<BTreeSet<IndicatorId>> = self.suite.rules.iter().map(|rule| uses(&self.suite, rule)).collect();
        let mut candidates: Vec<Candidate> = gathering.found;
        candidates.sort_by_key(|candidate| (candidate.site.at.file, candidate.site.at.start));
        for candidate in &mut candidates {
            let touches = |at: usize, uses: &BTreeSet<IndicatorId>| {
                candidate.targets.iter().any(|target| match target {
                    Target::Rule(rule) => rule.0 == at,
                    Target::Indicator(indicator) => uses.contains(indicator),
                })
            };
            let affected = uses.iter().enumerate().filter(|(at, uses)| touches(*at, uses)).map(|(at, _)| RuleId(at));
            candidate.affected = affected.collect();
        }
        // What no rule rests on makes no difference to any test.
        candidates.retain(|candidate| !candidate.affected.is_empty());
        name(&mut candidates);
        candidates
    }

    /// Where the 期间 of a rule stands; the rule itself if it has that of its group.
    pub(in crate::pipeline) fn periods_at(&self, rule: &Rule) -> Span {
        let declared = self.files.iter().flat_map(|(file, _)| &file.decls).find_map(|decl| match decl {
            Decl::Rule(declared) if declared.span == rule.span => Some(declared),
            _ => None,
        });
        let clauses = declared.map(|declared| declared.clauses.as_slice()).unwrap_or_default();
        let period = |clause: &&Clause| matches!(clause.kind, ClauseKind::Period(_));
        clauses.iter().find(period).map_or(rule.span, |clause| clause.span)
    }
}

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}

/// The indicators that a rule rests on, directly or through others.
fn uses(suite: &Suite, rule: &Rule) -> BTreeSet<IndicatorId> {
    fn gather(suite: &Suite, expr: &Expr, found: &mut BTreeSet<IndicatorId>) {
        if let ExprKind::Indicator(id) = &expr.kind
            && found.insert(*id)
            && let Some(Indicator { body: Some(body), .. }) = suite.indicators.get(id.0)
        {
            gather(suite, body, found);
        }
        expr.for_each_child(&mut |child| gather(suite, child, found));
    }
    let mut found = BTreeSet::new();
    if let Requirement::Case(condition) = &rule.requirement {
        rule.when.iter().chain([condition]).for_each(|expr| gather(suite, expr, &mut found));
    }
    found
}

/// Tells like changes of one rule apart by a number, and names each by what it is, so that its name outlives changes of
/// other rules.
fn name(candidates: &mut [Candidate]) {
    let mut seen: BTreeMap<(Subject, String, String), usize> = BTreeMap::new();
    for candidate in candidates {
        let change = &mut candidate.site.told.change;
        let count = seen.entry((candidate.subject, candidate.name.clone(), change.zh.clone())).or_default();
        *count += 1;
        if *count > 1 {
            for text in [&mut change.zh, &mut change.en] {
                text.push_str(&format!(" #{count}"));
            }
        }
        let hash = sha256(format!("{:?} {} {}", candidate.subject, candidate.name, change.zh).as_bytes());
        candidate.id = hash.chars().take(8).collect();
    }
}

//! Claims about what rules say together in, those that the judge bears out out.
//!
//! Every claim comes with figures and the verdicts that must come out on them. They go the way of a test: read as given,
//! measured, judged. A claim of which any figure is judged otherwise is dropped and counted.

use crate::base::{Diagnostic, Severity};
use crate::data::{self, SuiteConfig};
use crate::engine::embedded::Embedded;
use crate::engine::{Context, Engine};
use crate::semantics::hir::{Expectation, RuleId, Suite, Test};
use crate::semantics::logic;
use crate::verdict::{self, Case, Options, Prepared};

use super::Checked;

/// What rules say together.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Contradictions, rules that follow from others, conditions that decide nothing; in source order.
    pub findings: Vec<Diagnostic>,
    /// How often it could not be told.
    pub undecided: usize,
    /// How many claims were dropped because the judge did not agree with their figures.
    pub refuted: usize,
}

impl Checked {
    /// What the rules say together, each finding borne out by the judge. It concerns who writes rules, not who judges by
    /// them: it is no part of [`Checked::warnings`], and neither runs nor tests tell it.
    pub fn analyse(&self) -> Analysis {
        let region = self.config.region.as_deref().unwrap_or("");
        let period = self.config.period;
        let claims = logic::analyse(logic::Input { suite: &self.suite, sources: &self.sources, region, period });
        let mut analysis = Analysis { undecided: claims.undecided, ..Analysis::default() };
        // Witnesses are exact, however the bindings round what is submitted.
        let exact = SuiteConfig { region: self.config.region.clone(), ..SuiteConfig::default() };
        let mut probes: Option<Suite> = None;
        for claim in claims.list {
            let borne_out = claim.witnesses.iter().all(|witness| match &witness.probe {
                None => replay(&self.suite, &exact, &witness.test),
                Some(rule) => {
                    // Of the suite, only what rules rest on: its rules and tests are many.
                    let probes = probes.get_or_insert_with(|| Suite {
                        rules: Vec::new(),
                        tests: Vec::new(),
                        ..self.suite.clone()
                    });
                    probes.rules = vec![(**rule).clone()];
                    replay(probes, &exact, &witness.test)
                }
            });
            if borne_out {
                analysis.findings.push(claim.diagnostic);
            } else {
                analysis.refuted += 1;
            }
        }
        analysis
    }
}

/// Do the verdicts come out as expected?
pub(super) fn replay(suite: &Suite, config: &SuiteConfig, test: &Test) -> bool {
    let (Some(period), Some(as_of)) = (test.period, test.as_of) else { return false };
    let (submission, standards, remarks) = data::given(suite, config, test, period);
    if remarks.iter().any(|remark| remark.severity() == Severity::Error) {
        return false;
    }
    let mut rules: Vec<RuleId> = test.expect.iter().map(|expectation| expectation.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let context = Context { suite, submission: &submission, standards: &standards, period };
    let prepared = Prepared::new(suite, &rules, period);
    // What a test gives is never too much.
    let measurement = Embedded::default().measure(&context, prepared.plan()).unwrap_or_default();
    let options = Options { as_of, max_findings: 0, shared: None, in_all: None, passes: false, steps: false };
    let judgement = verdict::judge(&Embedded::default(), &context, &prepared, &measurement, &options, &[]);
    !test.expect.is_empty()
        && test.expect.iter().all(|expectation| {
            let judged = judgement.rules.iter().find(|judged| judged.rule == expectation.rule);
            let mut cases = judged.iter().flat_map(|judged| &judged.cases).filter(|case| is_case(case, expectation));
            cases.next().is_some_and(|case| case.verdict == expectation.verdict)
        })
}

fn is_case(case: &Case, expectation: &Expectation) -> bool {
    expectation.period.is_none_or(|period| period == case.period)
        && case.members.len() == expectation.members.len()
        && case
            .members
            .iter()
            .all(|(dim, member)| expectation.members.get(dim).map(String::as_str) == member.as_deref())
}

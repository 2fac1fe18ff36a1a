//! Random suites: the judge never refutes what is claimed of them, and contradictions that were planted are found.

use std::collections::BTreeMap;
use std::fmt::Write;

use duixian::base::Span;
use duixian::data;
use duixian::engine::embedded::Embedded;
use duixian::engine::{Context, Engine};
use duixian::pipeline::Checked;
use duixian::quantity::{Number, Period, Scalar};
use duixian::semantics::hir::{GivenFigure, IndicatorId, RuleId, Suite, Test};
use duixian::semantics::logic::{self, Claim};
use duixian::verdict::{self, Options, Prepared, Verdict};

use crate::support::{Folder, suite};

/// How many random suites there are, unless `PROPTEST_CASES` says otherwise.
const SUITES: u64 = 400;

/// How many submissions each is judged on.
const SAMPLES: usize = 60;

/// Numbers that look random: the same each time, unless `DUIXIAN_SEED` gives other ones.
struct Dice(u64);

impl Dice {
    fn new(at: u64) -> Self {
        let seed: u64 = std::env::var("DUIXIAN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
        Dice((seed * 1_000_003 + at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

const NAMES: [&str; 4] = ["甲", "乙", "丙", "丁"];

/// A comparison of figures with small limits, so that many meet at the ends.
fn comparison(dice: &mut Dice) -> String {
    let (a, b) = (dice.pick(&NAMES), dice.pick(&NAMES));
    let sign = dice.pick(&["≥", "≤", ">", "<", "≥", "≤", "=", "≠"]);
    let limit = dice.below(7);
    match dice.below(12) {
        0..=3 => format!("{a} {sign} {limit} 亿元"),
        4 => format!("{a} + {b} {sign} {limit} 亿元"),
        5 => format!("{a} - {b} {sign} {}0000 万元", dice.below(4)),
        6 => format!("2 × {a} {sign} {b} + {limit} 亿元"),
        7 => format!("{a} 增长 {sign} {}0%", dice.below(12)),
        8 => format!("{a} / {b} {sign} {}0%", dice.below(20)),
        9 => format!("{a} 在 {limit} 亿元 到 {} 亿元 之间", dice.below(9)),
        10 => format!("{a} = {b} ± {} 亿元", dice.below(3)),
        _ => format!("{a} 增加 {sign} {limit} 亿元"),
    }
}

fn condition(dice: &mut Dice) -> String {
    let one = comparison(dice);
    match dice.below(10) {
        0 => format!("{one} 或 {}", comparison(dice)),
        1 => format!("{one} 且 {}", comparison(dice)),
        2 => format!("如果 {one} 则 {}", comparison(dice)),
        3 => format!("非 ({one} 或 {})", comparison(dice)),
        _ => one,
    }
}

fn declarations() -> String {
    NAMES.iter().fold(String::new(), |text, name| format!("{text}指标 {name}: 亿元\n"))
}

fn random_suite(dice: &mut Dice) -> String {
    let mut text = declarations();
    for at in 0..3 + dice.below(6) {
        let when = if dice.below(5) == 0 { format!("当 {} ", condition(dice)) } else { String::new() };
        writeln!(text, "规则 R{at} {when}要求 {}", condition(dice)).unwrap();
    }
    text
}

/// The verdicts of all rules on figures of the indicators, this year's and last year's.
fn judged(suite: &Suite, figures: &[[i128; 2]]) -> Vec<Verdict> {
    let period = Period::parse("2021").unwrap();
    let span = suite.rules[0].span;
    let test = Test {
        waivers: Vec::new(),
        title: String::new(),
        period: Some(period),
        as_of: None,
        tables: Vec::new(),
        figures: figures.iter().enumerate().flat_map(|(at, values)| given(at, values, period, span)).collect(),
        standards: Vec::new(),
        expect: Vec::new(),
        span,
    };
    let (submission, standards, _) = data::given(suite, &data::SuiteConfig::default(), &test, period);
    let context = Context { suite, submission: &submission, standards: &standards, period };
    let rules: Vec<RuleId> = (0..suite.rules.len()).map(RuleId).collect();
    let prepared = Prepared::new(suite, &rules, period);
    let measurement = Embedded::default().measure(&context, prepared.plan()).unwrap();
    let options =
        Options { as_of: period.last_day(), max_findings: 0, shared: None, in_all: None, passes: false, steps: false };
    let judgement = verdict::judge(&Embedded::default(), &context, &prepared, &measurement, &options, &[]);
    judgement.rules.into_iter().map(|rule| rule.verdict).collect()
}

/// Halves of 亿元.
fn given(indicator: usize, values: &[i128; 2], period: Period, span: Span) -> Vec<GivenFigure> {
    let periods = [Some(period), period.plus_years(-1)];
    values
        .iter()
        .zip(periods)
        .map(|(value, period)| GivenFigure {
            indicator: IndicatorId(indicator),
            region: None,
            period,
            value: Scalar::Number(Number::from(value * 50_000_000)),
            text: value.to_string(),
            span,
        })
        .collect()
}

/// Rules that a claim is about; the one that is said to follow from others comes first.
fn rules_of(claim: &Claim) -> Vec<RuleId> {
    let mut rules: Vec<RuleId> = Vec::new();
    for expected in &claim.witnesses[0].test.expect {
        if !rules.contains(&expected.rule) {
            rules.push(expected.rule);
        }
    }
    rules
}

/// What a sample says against a claim.
fn refuted(claim: &Claim, verdicts: &[Verdict]) -> bool {
    // A claim about a part of a rule is about the rule of its witness, which is not the suite's.
    if claim.witnesses.iter().any(|witness| witness.probe.is_some()) {
        return false;
    }
    let rules = rules_of(claim);
    let of = |rule: &RuleId| verdicts[rule.0];
    let content = |rule: &RuleId| matches!(of(rule), Verdict::Pass | Verdict::NotApplicable);
    let (first, others) = rules.split_first().unwrap();
    match claim.diagnostic.code.code {
        "W0621" => rules.iter().all(|rule| of(rule) == Verdict::Pass),
        "W0622" => of(first) == Verdict::Pass,
        "W0623" => of(first) == Verdict::Fail,
        "W0625" => {
            (others.iter().all(content) && !content(first))
                || (of(first) == Verdict::Fail && others.iter().all(|rule| of(rule) != Verdict::Fail))
        }
        "W0626" => rules.iter().any(content) && !rules.iter().all(content),
        code => panic!("{code} without a probe"),
    }
}

fn claims(checked: &Checked) -> logic::Claims {
    let (suite, sources) = (checked.suite(), checked.sources());
    logic::analyse(logic::Input { suite, sources, region: "", period: checked.config().period })
}

#[test]
fn no_submission_refutes_what_is_claimed() {
    let count = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(SUITES);
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut undecided = 0;
    let (mut all_pass, mut without_contradiction) = (0, 0);
    for at in 0..count {
        let mut dice = Dice::new(at);
        let text = random_suite(&mut dice);
        let folder = Folder::new();
        let checked = suite(&folder, &text);
        let analysis = checked.analyse();
        assert_eq!(analysis.refuted, 0, "the judge does not agree with a witness: suite {at}\n{text}");
        undecided += analysis.undecided;
        let claims = claims(&checked);
        assert_eq!(claims.list.len(), analysis.findings.len());
        for claim in &claims.list {
            *codes.entry(claim.diagnostic.code.code).or_default() += 1;
        }
        let mut passed = false;
        for sample in 0..SAMPLES {
            let low = if sample % 2 == 0 { 1 } else { -3 };
            let figures: Vec<[i128; 2]> =
                NAMES.iter().map(|_| [(); 2].map(|()| low + i128::from(dice.below(16)))).collect();
            let verdicts = judged(checked.suite(), &figures);
            passed |= verdicts.iter().all(|verdict| *verdict == Verdict::Pass);
            for claim in &claims.list {
                let assumes = claim.diagnostic.message.zh.contains("大于 0");
                if assumes && low < 0 {
                    continue;
                }
                let message = &claim.diagnostic.message.zh;
                assert!(!refuted(claim, &verdicts), "suite {at}: {message}\n{figures:?} {verdicts:?}\n{text}");
            }
        }
        let contradicted = claims.list.iter().any(|claim| claim.diagnostic.code.code == "W0621");
        assert!(!(contradicted && passed), "suite {at}\n{text}");
        all_pass += usize::from(passed);
        without_contradiction += usize::from(!contradicted);
    }
    let shown = format!("{codes:?}, {undecided} undecided, {all_pass} pass, {without_contradiction} do not contradict");
    eprintln!("{shown}");
    for code in ["W0621", "W0622", "W0623", "W0624", "W0625"] {
        assert!(codes.get(code).is_some_and(|found| *found as u64 * 40 >= count), "{code} occurs: {shown}");
    }
    assert!(undecided as u64 * 100 <= count, "little is left undecided: {shown}");
}

/// Limits whose sum is just above what a last rule allows: a contradiction of all of them, and of no fewer.
fn planted(dice: &mut Dice, of: usize) -> Vec<String> {
    let mut rules = Vec::new();
    let mut least = 0;
    let mut sum = Vec::new();
    for name in NAMES.iter().take(of) {
        let limit = 1 + dice.below(40);
        match dice.below(3) {
            0 => {
                rules.push(format!("要求 {name} ≥ {limit}0000 万元"));
                least += limit;
            }
            1 => {
                // A tenth more than last year's ten times the limit: eleven times the limit.
                rules.push(format!("要求 {name} 增长 ≥ 10%"));
                rules.push(format!("期间 2020 要求 {name} ≥ {} 亿元", limit * 10));
                least += limit * 11;
            }
            _ => {
                rules.push(format!("要求 {name} / 底数 ≥ 200%"));
                rules.push(format!("要求 底数 > {limit} 亿元"));
                least += 2 * limit;
                // The rest adds to a figure that is now spoken for.
                sum.push((*name).to_owned());
                break;
            }
        }
        sum.push((*name).to_owned());
    }
    rules.push(format!("要求 {} < {least} 亿元", sum.join(" + ")));
    rules
}

#[test]
fn planted_contradictions_are_found() {
    for at in 0..150 {
        let mut dice = Dice::new(10_000 + at);
        let of = 1 + usize::try_from(dice.below(4)).unwrap();
        let planted = planted(&mut dice, of);
        let mut lines: Vec<String> =
            planted.iter().enumerate().map(|(at, rule)| format!("规则 P{at} {rule}")).collect();
        for other in 0..dice.below(6) {
            // Far from the limits: these contradict nothing.
            let (a, b) = (dice.pick(&NAMES), dice.pick(&NAMES));
            let noise = match dice.below(3) {
                0 => format!("要求 {a} ≤ {} 亿元", 1_000 + other),
                1 => format!("要求 {a} ≥ -{} 亿元", 1_000 + other),
                _ => format!("要求 {a} - {b} ≤ {} 亿元", 3_000 + other),
            };
            let place = usize::try_from(dice.below(lines.len() as u64 + 1)).unwrap();
            lines.insert(place, format!("规则 N{other} {noise}"));
        }
        let text = format!("{}指标 底数: 亿元\n{}\n", declarations(), lines.join("\n"));
        let folder = Folder::new();
        let checked = suite(&folder, &text);
        let claims = claims(&checked);
        let found: Vec<Vec<&str>> = claims
            .list
            .iter()
            .filter(|claim| claim.diagnostic.code.code == "W0621")
            .map(|claim| rules_of(claim).iter().map(|rule| checked.suite().rules[rule.0].id.as_str()).collect())
            .collect();
        let expected: Vec<String> = (0..planted.len()).map(|at| format!("P{at}")).collect();
        let named = |rules: &Vec<&str>| {
            let mut rules = rules.clone();
            rules.sort_unstable();
            rules == expected
        };
        assert!(found.len() == 1 && found.iter().all(named), "suite {at}: {found:?}\n{text}");
        assert_eq!(checked.analyse().refuted, 0, "suite {at}\n{text}");
    }
}

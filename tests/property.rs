//! Laws: two judges agree, a waiver changes fails and nothing else, the order of rows and the unit of amounts do not
//! matter, and logic is Kleene's.

#[path = "gen/mod.rs"]
mod generate;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use duixian::base::Place;
use duixian::data::{Cell, DataSources, StandardValues, Submission, SuiteConfig, Waiver, read_submission};
use duixian::engine::embedded::{Embedded, Limits};
use duixian::engine::{Context, Engine};
use duixian::quantity::{Number, Period, Truth};
use duixian::semantics::hir::{Nature, Requirement, RuleId};
use duixian::verdict::reference::{self, Run};
use duixian::verdict::{self, Case, Cases, Judgement, Options, PaceKind, Prepared, Verdict, badness};
use generate::tables::{self, mended, settled};
use generate::{Entropy, World, relative, show, walk};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestCaseResult, TestError, TestRng, TestRunner};

use crate::support::{Folder, suite};

/// How many worlds are drawn, unless `PROPTEST_CASES` says otherwise.
const WORLDS: u32 = 10_000;

type Judged = Vec<(Verdict, Vec<Case>)>;

/// By the judge that users get.
fn fast(world: &World, submission: &Submission) -> Judged {
    judge_some(world, submission, (0..world.suite.rules.len()).map(RuleId).collect())
}

/// Some rules by the judge that users get.
fn judge_some(world: &World, submission: &Submission, rules: Vec<RuleId>) -> Judged {
    judged(judge_with(world, submission, rules, &[]))
}

fn judged(judgement: Judgement) -> Judged {
    judgement.rules.into_iter().map(|rule| (rule.verdict, rule.cases.iter().collect())).collect()
}

/// The same with waivers.
fn judge_with(world: &World, submission: &Submission, rules: Vec<RuleId>, waivers: &[Waiver]) -> Judgement {
    judge_by(&Embedded::default(), world, submission, rules, waivers)
}

fn judge_by(
    engine: &Embedded,
    world: &World,
    submission: &Submission,
    rules: Vec<RuleId>,
    waivers: &[Waiver],
) -> Judgement {
    let context = Context { suite: &world.suite, submission, standards: &world.standards, period: world.period };
    let prepared = Prepared::new(&world.suite, &rules, world.period);
    let measurement = engine.measure(&context, prepared.plan()).unwrap();
    let options =
        Options { as_of: world.as_of, max_findings: 2, shared: None, in_all: None, passes: false, steps: true };
    verdict::judge(engine, &context, &prepared, &measurement, &options, waivers)
}

/// By the oracle.
fn slow(world: &World) -> Judged {
    let run = Run { period: world.period, as_of: world.as_of };
    (0..world.suite.rules.len())
        .map(|rule| reference::judge(&world.suite, &world.submission, &world.standards, run, RuleId(rule)))
        .collect()
}

/// Runs a law on worlds drawn from bytes. The same worlds each time, unless `DUIXIAN_SEED` gives other ones.
fn check_worlds(worlds: u32, law: impl Fn(Vec<u8>, Vec<u8>) -> TestCaseResult) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(worlds);
    let seed: u64 = std::env::var("DUIXIAN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 5000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_le_bytes(); 4].concat());
    let bytes = (vec(any::<u8>(), 300..900), vec(any::<u8>(), 500..1400));
    let outcome = TestRunner::new_with_rng(config, rng).run(&bytes, |(suite, data)| law(suite, data));
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("aborted: {reason}"),
    }
}

fn differing(world: &World, one: &Judged, other: &Judged) -> TestCaseResult {
    for (rule, (one, other)) in one.iter().zip(other).enumerate() {
        if one == other {
            continue;
        }
        let cases = |cases: &[Case], others: &[Case]| -> String {
            let differing = cases.iter().filter(|case| !others.contains(case));
            differing.map(|c| format!("    {:?} {} {:?}\n", c.members, c.period, c.verdict)).collect()
        };
        return Err(TestCaseError::fail(format!(
            "one: {:?}\n{}other: {:?}\n{}{}",
            one.0,
            cases(&one.1, &other.1),
            other.0,
            cases(&other.1, &one.1),
            show(world, RuleId(rule)),
        )));
    }
    Ok(())
}

#[derive(Default)]
struct Coverage {
    verdicts: BTreeMap<String, usize>,
    row_verdicts: BTreeMap<String, usize>,
    rules: BTreeMap<String, usize>,
    kinds: BTreeMap<&'static str, usize>,
    cases: usize,
    without_cases: usize,
    unknown_members: usize,
    passes_and_fails: usize,
}

impl Coverage {
    fn add(&mut self, world: &World, judged: &Judged) {
        for (rule, (verdict, cases)) in world.suite.rules.iter().zip(judged) {
            walk::count_kinds(&world.suite, rule, &mut self.kinds);
            *self.rules.entry(format!("{verdict:?}")).or_default() += 1;
            self.without_cases += usize::from(cases.is_empty());
            let rows = matches!(rule.requirement, Requirement::Rows { .. });
            let verdicts = if rows { &mut self.row_verdicts } else { &mut self.verdicts };
            for case in cases {
                *verdicts.entry(format!("{:?}", case.verdict)).or_default() += 1;
                self.cases += 1;
                self.unknown_members += usize::from(case.members.iter().any(|(_, member)| member.is_none()));
            }
            let some = |verdict: Verdict| cases.iter().any(|case| case.verdict == verdict);
            self.passes_and_fails += usize::from(some(Verdict::Pass) && some(Verdict::Fail));
        }
    }
}

#[test]
fn both_judges_agree() {
    let coverage = RefCell::new(Coverage::default());
    check_worlds(WORLDS, |suite, data| {
        let world = World::draw(&suite, &data, |generator| generator.declare());
        let (fast, slow) = (fast(&world, &world.submission), slow(&world));
        coverage.borrow_mut().add(&world, &slow);
        differing(&world, &fast, &slow)
    });
    let coverage = coverage.into_inner();
    let shown = format!(
        "{} cases {:?}\nrows {:?}\nrules {:?}, {} without cases\nunknown members {} both {}\n{:?}",
        coverage.cases,
        coverage.verdicts,
        coverage.row_verdicts,
        coverage.rules,
        coverage.without_cases,
        coverage.unknown_members,
        coverage.passes_and_fails,
        coverage.kinds
    );
    eprintln!("{shown}");
    assert_eq!(coverage.kinds.len(), walk::KINDS, "every construct occurs: {shown}");
    for verdict in ["Pass", "Fail", "Missing", "Borderline", "Error", "NotApplicable", "Pending"] {
        for verdicts in [&coverage.verdicts, &coverage.row_verdicts] {
            let share = verdicts.get(verdict).copied().unwrap_or_default() * 100;
            assert!(share >= 2 * verdicts.values().sum::<usize>(), "{verdict} occurs often: {shown}");
        }
    }
}

#[test]
fn written_rules_compile_and_both_judges_agree() {
    let coverage = RefCell::new(Coverage::default());
    check_worlds(4000, |suite, data| {
        let (text, world) = World::write(&suite, &data, 3).map_err(TestCaseError::fail)?;
        let (fast, slow) = (fast(&world, &world.submission), slow(&world));
        coverage.borrow_mut().add(&world, &slow);
        differing(&world, &fast, &slow).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))
    });
    let coverage = coverage.into_inner();
    for verdict in ["Pass", "Fail", "Missing", "Borderline", "Error", "NotApplicable", "Pending"] {
        let count = coverage.verdicts.get(verdict).copied().unwrap_or_default();
        assert!(count >= 200, "{verdict} occurs often: {:?}", coverage.verdicts);
    }
    assert_eq!(coverage.kinds.len(), walk::KINDS, "every construct occurs: {:?}", coverage.kinds);
}

#[test]
fn the_order_of_rows_does_not_matter() {
    check_worlds(2000, |suite, data| {
        let world = World::draw(&suite, &data, |generator| generator.declare());
        let mut shuffled = world.submission.clone();
        for (at, table) in shuffled.tables.iter_mut().enumerate() {
            let Some(table) = table else { continue };
            let rows = table.len();
            let keys: Vec<u8> = data.iter().copied().cycle().skip(at).take(rows).collect();
            let mut order: Vec<usize> = (0..rows).collect();
            order.sort_by_key(|row| (keys[*row], std::cmp::Reverse(*row)));
            for column in &mut table.columns {
                let cells: Vec<Cell> = order.iter().map(|row| column.get(*row).unwrap().into_owned()).collect();
                *column = cells.into();
            }
            table.origins = order.iter().map(|row| table.origins.get(*row).unwrap()).collect();
        }
        differing(&world, &fast(&world, &world.submission), &fast(&world, &shuffled))
    });
}

#[test]
fn packed_columns_are_judged_as_their_cells_are() {
    check_worlds(3000, |suite, data| {
        let world = World::draw(&suite, &data, |generator| generator.declare());
        let packed = tables::packed(&world.submission);
        assert_eq!(packed.tables, world.submission.tables);
        differing(&world, &fast(&world, &world.submission), &fast(&world, &packed))
    });
}

#[test]
fn cubes_are_the_same_however_they_are_kept() {
    let small = Limits {
        few_cells: 0,
        rows_by_cell: usize::MAX,
        cells_by_full: 1,
        few_entries: 0,
        part_bits: 1,
        few_rows: 1,
        ..Limits::default()
    };
    let ways = [
        ("a bit for each cell", Limits { cells_by_row: usize::MAX, ..small }),
        ("a list", Limits { cells_by_row: 0, ..small }),
        ("a list of wide numbers", Limits { narrow_cells: 0, few_entries: 4, ..small }),
    ];
    check_worlds(2000, |suite, data| {
        let world = World::draw(&suite, &data, |generator| generator.declare());
        let packed = tables::packed(&world.submission);
        let usual = fast(&world, &packed);
        for (way, limits) in ways {
            let rules = (0..world.suite.rules.len()).map(RuleId).collect();
            let other = judged(judge_by(&Embedded { limits }, &world, &packed, rules, &[]));
            differing(&world, &usual, &other).map_err(|error| TestCaseError::fail(format!("{way}: {error}")))?;
        }
        Ok(())
    });
}

/// More cases than are judged together, most of them without some of the figures: rules that are about few of them, sums that are
/// blank, unreadable, doubtful or below 0, members that only one of two tables has, and some that neither has; and cases in an order in
/// which their cells do not lie side by side.
#[test]
fn many_cases_come_out_as_each_by_itself() {
    let columns = |of: &str| {
        let roster: Vec<String> = (0..42).map(|at| format!("\"部门{at}\"")).collect();
        let roster = roster.join(", ");
        format!(
            "数据集 {of}\n    维度 地区: 文本\n    维度 部门: 文本 属于 {{{roster}}}\n    维度 科目: 文本\n    维度 年度: 年\n    度量 金额: 元\n"
        )
    };
    let mut rules = columns("预算") + &columns("决算") + "指标 总额(地区): 元 = 合计 预算.金额\n";
    for of in ["甲", "乙", "丙"] {
        write!(
            rules,
            "指标 {of}类(地区, 部门): 元 = 合计 预算.金额 当 科目 = \"{of}\"\n指标 {of}类决算(地区, 部门): 元 = 合计 决算.金额 当 科目 = \"{of}\"\n\
             指标 {of}类合计(地区): 元 = 合计 预算.金额 当 科目 = \"{of}\"\n指标 {of}类笔数(地区, 部门): 个 = 数量 预算 当 科目 = \"{of}\"\n\
             规则 {of}1 对每个 地区, 部门 要求 {of}类 压减 ≥ 10%\n规则 {of}2 对每个 地区, 部门 当 {of}类[上年] > 0 要求 {of}类 压减 ≥ 10%\n\
             规则 {of}3 对每个 地区, 部门 要求 {of}类决算 ≤ {of}类 或 {of}类 < 120 元\n规则 {of}4 对每个 地区 要求 {of}类合计 / 总额 ≤ 40%\n\
             规则 {of}5 对每个 地区, 部门 要求 {of}类笔数 ≤ 1 个 且 非 {of}类 增加 > 5 元\n\
             规则 {of}6 对每个 地区, 部门 要求 {of}类 ≤ {of}类[2015] 或 {of}类 > 0\n\
             规则 {of}7 对每个 部门, 地区 要求 {of}类 压减 ≥ 10%\n"
        )
        .unwrap();
    }
    // The same every time (splitmix64).
    let mut state = 0u64;
    let mut below = move |bound: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    };
    let mut table = |regions: Range<usize>, with_doubts: bool| {
        let mut text = String::from("地区,部门,科目,年度,金额\n");
        for (region, department) in regions.flat_map(|region| (0..40).map(move |department| (region, department))) {
            for (subject, one_in) in [("甲", 1), ("乙", 12), ("丙", 3)] {
                // No rule asks for 2018.
                let amount = if department % 7 == 0 { "" } else { "5" };
                writeln!(text, "地区{region},部门{department},{subject},2018,{amount}").unwrap();
                for year in [2020, 2021] {
                    if below(one_in) > 0 {
                        continue;
                    }
                    let subject = if with_doubts && region == 3 && below(30) == 0 { "" } else { subject };
                    let amount = match below(60) {
                        0 if !with_doubts => String::new(),
                        1 if !with_doubts => "待定".to_owned(),
                        2 => "0".to_owned(),
                        3 => "-50".to_owned(),
                        _ => (100 + below(40)).to_string(),
                    };
                    writeln!(text, "地区{region},部门{department},{subject},{year},{amount}").unwrap();
                }
            }
        }
        text
    };
    let folder = Folder::new();
    let checked = suite(&folder, &rules);
    folder.write("data/预算.csv", table(0..6, true));
    folder.write("data/决算.csv", table(2..7, false));
    let sources = DataSources { folders: vec![folder.path().join("data")], named: Vec::new() };
    let (submission, _) = read_submission(checked.suite(), &SuiteConfig::default(), &sources);
    let period = Period::year(2021).unwrap();
    let standards = StandardValues::default();
    let as_of = period.last_day();
    let world = World { suite: checked.suite().clone(), submission, standards, period, as_of };
    let slow = slow(&world);
    let (mut coverage, packed) = (Coverage::default(), tables::packed(&world.submission));
    coverage.add(&world, &slow);
    for verdict in ["Pass", "Fail", "Missing", "NotApplicable", "Error"] {
        assert!(coverage.verdicts.get(verdict).is_some_and(|cases| *cases >= 10), "{:?}", coverage.verdicts);
    }
    let bits = Limits { few_cells: 0, rows_by_cell: usize::MAX, ..Limits::default() };
    for limits in [Limits::default(), bits, Limits { cells_by_row: 0, ..bits }] {
        let rules = (0..world.suite.rules.len()).map(RuleId).collect();
        let fast = judged(judge_by(&Embedded { limits }, &world, &packed, rules, &[]));
        for (rule, ((_, slow), (_, fast))) in world.suite.rules.iter().zip(slow.iter().zip(&fast)) {
            let differing = slow.iter().zip(fast).find(|(slow, fast)| slow != fast);
            assert!(differing.is_none() && slow.len() == fast.len(), "{}: {differing:?}", rule.id);
        }
    }
}

#[test]
fn a_rule_is_judged_alone_as_among_others() {
    check_worlds(1500, |suite, data| {
        let world = World::draw(&suite, &data, |generator| generator.declare());
        let rules = (0..world.suite.rules.len()).map(RuleId);
        let alone: Judged = rules.flat_map(|rule| judge_some(&world, &world.submission, vec![rule])).collect();
        differing(&world, &fast(&world, &world.submission), &alone)
    });
}

#[test]
fn filling_gaps_changes_nothing_that_was_decided() {
    let (kept, settled) = (RefCell::new(0), RefCell::new(0));
    check_worlds(4000, |suite, data| {
        let world = World::draw(&suite, &data, |generator| {
            generator.steady = true;
            generator.declare();
        });
        let mended = mended(&world.submission, &mut Entropy::new(&suite));
        let decided = |verdict| matches!(verdict, Verdict::Pass | Verdict::Fail | Verdict::NotApplicable);
        let (before, after) = (fast(&world, &world.submission), fast(&world, &mended));
        if mended == world.submission {
            return Ok(());
        }
        for (rule, (before, after)) in before.iter().zip(&after).enumerate() {
            for case in &before.1 {
                let same = |other: &&Case| other.members == case.members && other.period == case.period;
                let Some(then) = after.1.iter().find(same) else { continue };
                // A row that passes wherever it belongs may turn out to belong elsewhere.
                let belonged_elsewhere = (case.verdict, then.verdict) == (Verdict::Pass, Verdict::NotApplicable);
                if decided(case.verdict) && case.verdict != then.verdict && !belonged_elsewhere {
                    let shown = show(&world, RuleId(rule));
                    return Err(TestCaseError::fail(format!("{case:?}, then {:?}\n{shown}", then.verdict)));
                }
                *kept.borrow_mut() += usize::from(decided(case.verdict));
                *settled.borrow_mut() += usize::from(!decided(case.verdict) && decided(then.verdict));
            }
        }
        Ok(())
    });
    let (kept, settled) = (kept.into_inner(), settled.into_inner());
    assert!(kept >= 5000 && settled >= 300, "{kept} cases were decided in spite of gaps, {settled} by filling them");
}

#[test]
fn what_is_decided_in_spite_of_rounding_is_so_whatever_the_figures_are() {
    let (kept, settled_cases) = (RefCell::new(0), RefCell::new([0, 0]));
    check_worlds(5000, |suite, data| {
        let world = World::draw(&suite, &data, |generator| generator.declare());
        let before = fast(&world, &world.submission);
        for from in 0..3 {
            let mut entropy = Entropy::new(data.get(from * 150..).unwrap_or_default());
            let exact = settled(&world.submission, &mut entropy);
            if exact == world.submission {
                return Ok(());
            }
            let sample = World { submission: exact, ..world.clone() };
            let after = fast(&sample, &sample.submission);
            for (rule, (before, after)) in before.iter().zip(&after).enumerate() {
                prop_assert_eq!(before.1.len(), after.1.len());
                for (case, then) in before.1.iter().zip(&after.1) {
                    let decided = matches!(case.verdict, Verdict::Pass | Verdict::Fail | Verdict::NotApplicable);
                    if decided && case != then {
                        let shown = show(&world, RuleId(rule));
                        let sampled = show(&sample, RuleId(rule));
                        return Err(TestCaseError::fail(format!(
                            "{case:?}, then {:?}\n{shown}{sampled}",
                            then.verdict
                        )));
                    }
                    *kept.borrow_mut() += usize::from(decided);
                    let open = case.verdict == Verdict::Borderline;
                    settled_cases.borrow_mut()[0] += usize::from(open && then.verdict == Verdict::Pass);
                    settled_cases.borrow_mut()[1] += usize::from(open && then.verdict == Verdict::Fail);
                }
            }
        }
        Ok(())
    });
    let (kept, settled) = (kept.into_inner(), settled_cases.into_inner());
    eprintln!("{kept} decided, borderline that pass or fail: {settled:?}");
    assert!(kept >= 10_000 && settled.iter().all(|count| *count >= 500), "{kept} decided, {settled:?} by a sample");
}

#[test]
fn the_unit_of_amounts_does_not_matter() {
    let decided = RefCell::new(0);
    check_worlds(3000, |suite, data| {
        let world = World::draw(&suite, &data, |generator| (0..3).for_each(|_| generator.relative_rule()));
        let judged = fast(&world, &world.submission);
        let clear = |case: &&Case| matches!(case.verdict, Verdict::Pass | Verdict::Fail | Verdict::Borderline);
        *decided.borrow_mut() += judged.iter().flat_map(|(_, cases)| cases).filter(clear).count();
        for factor in [Number::ratio(10_000, 1), Number::ratio(1, 10_000), Number::ratio(10_000, 15)] {
            let scaled = relative::scaled(&world.submission, &factor.unwrap());
            differing(&world, &judged, &fast(&world, &scaled))?;
        }
        differing(&world, &judged, &slow(&world))
    });
    let decided = decided.into_inner();
    assert!(decided >= 4000, "{decided} passes, fails and borderline cases");
}

/// Waivers of some of the cases, some of them of cases that there are not, or not in force.
fn waivers(world: &World, judged: &Judged, entropy: &mut Entropy<'_>) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for (rule, (_, cases)) in judged.iter().enumerate() {
        for _ in 0..entropy.below(4) {
            let case = (!cases.is_empty()).then(|| entropy.pick(cases));
            let members = case.iter().flat_map(|case| &*case.members);
            let known: Vec<_> = members.filter_map(|(dim, member)| Some((*dim, member.clone()?))).collect();
            let mut scope = entropy.some_of(&known, 60);
            if let (Some((_, member)), true) = (scope.first_mut(), entropy.chance(5)) {
                *member = "无此成员".into();
            }
            let period = case.map(|case| case.period).filter(|_| entropy.chance(40));
            let period = period.map(|period| match period.plus(1).filter(|_| entropy.chance(20)) {
                Some(next) => next,
                None if entropy.chance(50) => Period::year(period.calendar_year()).unwrap(),
                None => period,
            });
            let day = |days: i64| world.as_of.saturating_add(jiff::Span::new().days(days));
            let (approved, expires) = entropy.pick(&[(-90, 90), (-90, 0), (0, 90), (-90, -1), (1, 90)]);
            waivers.push(Waiver {
                rule: RuleId(rule),
                scope,
                period,
                reason: String::new(),
                approver: String::new(),
                approved: day(approved),
                expires: day(expires),
                source: None,
                place: Place::Nowhere,
            });
        }
    }
    waivers
}

#[test]
fn a_waiver_turns_fails_into_waived_and_nothing_else() {
    let counts = RefCell::new(BTreeMap::<(String, bool), usize>::new());
    check_worlds(3000, |suite, data| {
        let world = World::draw(&suite, &data, |generator| generator.declare());
        let rules: Vec<RuleId> = (0..world.suite.rules.len()).map(RuleId).collect();
        let (plain, oracle) = (fast(&world, &world.submission), slow(&world));
        let waivers = waivers(&world, &plain, &mut Entropy::new(&data));
        let judged = judge_with(&world, &world.submission, rules, &waivers);
        // Whether a case is waived, told day by day and member by member.
        let expected = |rule: usize, case: &Case| {
            waivers.iter().any(|waiver| {
                let in_force = !(world.as_of < waiver.approved || world.as_of > waiver.expires);
                let of_case =
                    waiver.scope.iter().all(|(dim, member)| case.members.contains(&(*dim, Some(member.clone()))));
                let days = |period: Period| (period.first_day(), period.last_day());
                let of_period = waiver.period.map(days).is_none_or(|(first, last)| {
                    let (from, to) = days(case.period);
                    !(from < first || to > last)
                });
                waiver.rule == RuleId(rule) && in_force && of_case && of_period
            })
        };
        for (rule, judged) in judged.rules.iter().enumerate() {
            prop_assert_eq!(judged.cases.len(), plain[rule].1.len());
            for (at, (after, before)) in judged.cases.iter().zip(&plain[rule].1).enumerate() {
                let waived = before.verdict == Verdict::Fail && expected(rule, before);
                let verdict = if waived { Verdict::Waived } else { before.verdict };
                prop_assert_eq!(after, Case { verdict, ..before.clone() }, "{}", show(&world, RuleId(rule)));
                prop_assert_eq!(judged.waived.contains_key(&at), waived);
                *counts.borrow_mut().entry((format!("{:?}", before.verdict), expected(rule, before))).or_default() += 1;
            }
            let worst = judged.cases.verdicts().max_by_key(|verdict| badness(*verdict));
            prop_assert_eq!(judged.verdict, worst.unwrap_or(Verdict::Missing));
            // The oracle's cases, waived in the same place, are the same.
            let mut cases: Cases = oracle[rule].1.iter().cloned().collect();
            verdict::waive(RuleId(rule), &mut cases, &waivers, world.as_of);
            prop_assert_eq!(&cases, &judged.cases);
        }
        Ok(())
    });
    let counts = counts.into_inner();
    for verdict in ["Pass", "Fail", "Missing", "Error", "NotApplicable", "Pending"] {
        for covered in [true, false] {
            let count = counts.get(&(verdict.to_owned(), covered)).copied().unwrap_or_default();
            assert!(count >= 100, "{verdict}, covered: {covered}, occurs {count} times: {counts:?}");
        }
    }
}

#[test]
fn flows_and_stocks_have_a_pace_and_the_same_verdicts() {
    let paces = RefCell::new(BTreeMap::<String, usize>::new());
    check_worlds(2000, |suite, data| {
        let mut world = World::draw(&suite, &data, |generator| {
            generator.declare();
            (0..4).for_each(|_| generator.relative_rule());
        });
        let before = jiff::Span::new().days(1 + i64::from(data[0] / 8));
        world.as_of = world.period.last_day().saturating_sub(before);
        let rules: Vec<RuleId> = (0..world.suite.rules.len()).map(RuleId).collect();
        let plain = judge_with(&world, &world.submission, rules.clone(), &[]);
        for nature in [Nature::Flow, Nature::Stock] {
            let mut declared = world.clone();
            declared.suite.indicators.iter_mut().for_each(|indicator| indicator.nature = Some(nature));
            let judged = judge_with(&declared, &declared.submission, rules.clone(), &[]);
            // A packed cube has no figures but of periods that are looked at, that before a stock among them.
            let packed = judge_with(&declared, &tables::packed(&declared.submission), rules.clone(), &[]);
            for (one, other) in judged.rules.iter().zip(&packed.rules) {
                prop_assert_eq!(format!("{:?}", one.findings), format!("{:?}", other.findings));
            }
            for (one, other) in plain.rules.iter().zip(&judged.rules) {
                prop_assert_eq!(&one.cases, &other.cases);
                for finding in &other.findings {
                    let Some(pace) = &finding.pace else { continue };
                    prop_assert_eq!(other.cases.get(finding.case).unwrap().verdict, Verdict::Pending);
                    prop_assert!(0 < pace.days && pace.days <= pace.of_days, "{:?}", pace);
                    prop_assert_eq!(pace.progress.is_some(), pace.steps.is_none());
                    // What is not there yet is not shown as if it were.
                    let done = pace.kind == PaceKind::Target && pace.progress.as_deref() == Some("100.0%");
                    prop_assert!(!done || pace.attained == pace.required, "{:?}", pace);
                    *paces.borrow_mut().entry(format!("{nature:?} {:?}", pace.kind)).or_default() += 1;
                }
            }
        }
        Ok(())
    });
    let paces = paces.into_inner();
    for (kind, least) in [("Flow Target", 80), ("Flow Limit", 30), ("Stock Target", 80), ("Flow Level", 20)] {
        let count = paces.get(kind).copied().unwrap_or_default();
        assert!(count >= least, "{kind} occurs {count} times: {paces:?}");
    }
}

#[test]
fn logic_is_kleenes() {
    use Truth::{Borderline, Error, False, True, Unknown};
    let all = [True, False, Borderline, Unknown, Error];
    for a in all {
        assert_eq!(a.not().not(), a);
        assert_eq!(a.and(a), a);
        assert_eq!(a.or(a), a);
        assert_eq!(a.and(True), a);
        assert_eq!(a.or(False), a);
        assert_eq!(a.and(False), False);
        assert_eq!(a.or(True), True);
        for b in all {
            assert_eq!(a.and(b), b.and(a));
            assert_eq!(a.or(b), b.or(a));
            assert_eq!(a.and(b).not(), a.not().or(b.not()));
            for c in all {
                assert_eq!(a.and(b).and(c), a.and(b.and(c)));
                assert_eq!(a.or(b).or(c), a.or(b.or(c)));
            }
        }
    }
    // What is undecided stands for a true or a false: what is decided in spite of it stays so when it is known.
    for open in [Unknown, Borderline] {
        let known = |truth: Truth| if truth == open { vec![True, False] } else { vec![truth] };
        for a in [True, False, open] {
            for b in [True, False, open] {
                for combine in [Truth::and, Truth::or] {
                    let outcomes: Vec<Truth> =
                        known(a).iter().flat_map(|a| known(b).into_iter().map(move |b| combine(*a, b))).collect();
                    let same = outcomes.iter().all(|outcome| *outcome == outcomes[0]);
                    assert_eq!(combine(a, b), if same { outcomes[0] } else { open });
                }
                for c in [True, False, open] {
                    assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
                    assert_eq!(a.or(a.and(b)), a);
                }
            }
        }
    }
    // Something missing outweighs a doubt that is only one of rounding.
    assert_eq!(Borderline.and(Unknown), Unknown);
    assert_eq!(Borderline.or(Unknown), Unknown);
    assert_eq!(Borderline.and(Error), Error);
}

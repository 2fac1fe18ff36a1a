//! Intervals hold every value that an operation takes on values of theirs, and are no wider than these: shown on all
//! intervals between a few ends, by trying values at, next to and far beyond the ends.

use duixian::quantity::{End, Interval, Number, Spread};

fn number(numerator: i128, denominator: i128) -> Number {
    Number::ratio(numerator, denominator).unwrap()
}

/// All intervals with these ends: open, closed, and without bounds.
fn intervals() -> Vec<Interval> {
    let ends = [-2, 0, 1, 3].map(|at| number(at, 1));
    let both = |at: &Number| [End::included(at.clone()), End::excluded(at.clone())];
    let mut all = vec![Interval::between(None, None, true)];
    for (from, low) in ends.iter().enumerate() {
        all.push(Interval::point(low));
        for end in both(low) {
            all.push(Interval::from(end.clone()));
            all.push(Interval::to(end.clone()));
            for high in ends.iter().skip(from + 1).flat_map(both) {
                all.push(Interval::between(Some(end.clone()), Some(high), false));
            }
        }
    }
    all
}

/// Values of an interval: its ends, next to them, between them, and far out where there is no bound.
fn values(interval: &Interval) -> Vec<Number> {
    let near = number(1, 1000);
    let halves = [0, 1, 2, 3, 4, 5, 6, 2_000_000].into_iter().flat_map(|at| [number(at, 2), number(-at, 2)]);
    let mut tried: Vec<Number> = halves.collect();
    for end in [interval.low(), interval.high()].into_iter().flatten() {
        tried.extend([&end.at + &near, &end.at - &near, &end.at + &number(1, 2)]);
    }
    tried.extend([near.clone(), -&near, number(1, 1_000_000), number(-1, 1_000_000)]);
    tried.retain(|value| interval.contains(value));
    assert!(!tried.is_empty(), "{interval:?}");
    tried
}

/// The result holds all values, and some value comes close to each of its ends, or far out where there is none.
fn holds(result: &Interval, taken: &[Number], what: &str) {
    for value in taken {
        assert!(result.contains(value), "{what}: {value} is not in {result:?}");
    }
    let close = number(1, 20);
    let far = number(100, 1);
    let (least, greatest) = (taken.iter().min().unwrap(), taken.iter().max().unwrap());
    match result.low() {
        Some(low) => assert!(least - &low.at <= close, "{what}: {least} is far above {result:?}"),
        None => assert!(*least <= -&far, "{what}: {least} does not show that {result:?} has no lower bound"),
    }
    match result.high() {
        Some(high) => assert!(&high.at - greatest <= close, "{what}: {greatest} is far below {result:?}"),
        None => assert!(*greatest >= far, "{what}: {greatest} does not show that {result:?} has no upper bound"),
    }
    for (end, value) in [(result.low(), least), (result.high(), greatest)] {
        let attained = end.is_some_and(|end| end.at == *value);
        assert_eq!(end.is_some_and(|end| end.included), attained, "{what}: {value} at the end of {result:?}");
    }
}

fn on_two(
    operation: &str,
    result: impl Fn(&Interval, &Interval) -> Option<Interval>,
    exact: impl Fn(&Number, &Number) -> Option<Number>,
) {
    let all = intervals();
    for a in &all {
        for b in &all {
            let taken: Option<Vec<Number>> = values(a)
                .iter()
                .flat_map(|x| values(b).into_iter().map(|y| exact(x, &y)).collect::<Vec<_>>())
                .collect();
            let what = format!("{a:?} {operation} {b:?}");
            match (result(a, b), taken) {
                (Some(result), Some(taken)) => holds(&result, &taken, &what),
                (None, None) => {}
                (result, taken) => panic!("{what}: {result:?}, {:?}", taken.is_some()),
            }
        }
    }
}

#[test]
fn arithmetic_on_intervals_is_sound_and_sharp() {
    on_two("+", |a, b| Some(a.plus(b)), |x, y| Some(x + y));
    on_two("-", |a, b| Some(a.minus(b)), |x, y| Some(x - y));
    on_two("*", |a, b| Some(a.times(b)), |x, y| Some(x * y));
    on_two("/", Interval::divided, Number::div);
    on_two("of itself and", Interval::share, |x, y| x.div(&(x + y)));
}

#[test]
fn one_interval_is_turned_as_its_values_are() {
    for a in intervals() {
        let of = |f: fn(&Number) -> Number| values(&a).iter().map(f).collect::<Vec<_>>();
        holds(&a.negate(), &of(|x| -x), &format!("-{a:?}"));
        holds(&a.magnitude(), &of(Number::abs), &format!("|{a:?}|"));
        let with_zero: Vec<Number> = values(&a).into_iter().chain([Number::zero()]).collect();
        holds(&a.or_zero(), &with_zero, &format!("{a:?} or 0"));
        for with_zero in [true, false] {
            let above: Vec<Number> =
                values(&a).into_iter().filter(|x| !x.is_negative() && (with_zero || !x.is_zero())).collect();
            match a.above_zero(with_zero) {
                Some(part) => holds(&part, &above, &format!("{a:?} above 0")),
                None => assert!(above.is_empty(), "{a:?}"),
            }
        }
        if let Some(part) = a.above_zero(true) {
            let cubes: Vec<Number> = values(&part).iter().map(|x| x.pow(3)).collect();
            holds(&part.raised(3), &cubes, &format!("{part:?} cubed"));
        }
        assert_eq!(a.is_positive(), values(&a).iter().all(|x| *x > Number::zero()), "{a:?}");
        assert_eq!(a.reaches_below_zero(), values(&a).iter().any(Number::is_negative), "{a:?}");
    }
}

#[test]
fn intervals_stand_to_each_other_as_some_of_their_values_do() {
    let all = intervals();
    for a in &all {
        for b in &all {
            let mut seen: Vec<_> =
                values(a).iter().flat_map(|x| values(b).into_iter().map(|y| x.cmp(&y)).collect::<Vec<_>>()).collect();
            seen.sort();
            seen.dedup();
            for wanted in [std::cmp::Ordering::Less, std::cmp::Ordering::Equal, std::cmp::Ordering::Greater] {
                let told = a.orderings(b).all(|ordering| ordering != wanted);
                let expected = if !seen.contains(&wanted) { Some(true) } else { (seen.len() == 1).then_some(false) };
                assert_eq!(told, expected, "{a:?} {wanted:?} {b:?}");
            }
        }
    }
}

#[test]
fn figures_put_together_in_any_order_come_to_the_same() {
    let all = intervals();
    for (at, a) in all.iter().enumerate() {
        let (b, c) = (&all[(at * 7 + 3) % all.len()], &all[(at * 13 + 5) % all.len()]);
        let spread = |figures: &[&Interval]| {
            let mut spread = Spread::default();
            figures.iter().for_each(|figure| spread.add(figure));
            spread
        };
        let together = spread(&[a, b, c]);
        let mut merged = spread(&[c]);
        merged.merge(&spread(&[b, a]));
        assert_eq!(together.sum(&Number::one()), a.plus(b).plus(c).plus(&Interval::point(&Number::one())));
        assert_eq!(merged.sum(&Number::zero()), together.sum(&Number::zero()));
        assert_eq!(together.sum_without(&spread(&[b]), &Number::zero()), a.plus(c));
        for greatest in [false, true] {
            let extreme = together.extreme(greatest, None).unwrap();
            assert_eq!(Some(&extreme), merged.extreme(greatest, None).as_ref());
            let best = |x: Number, y: Number| if greatest { x.max(y) } else { x.min(y) };
            let taken: Vec<Number> = values(a)
                .into_iter()
                .flat_map(|x| values(b).into_iter().map(move |y| best(x.clone(), y)).collect::<Vec<_>>())
                .flat_map(|x| values(c).into_iter().map(move |y| best(x.clone(), y)).collect::<Vec<_>>())
                .collect();
            holds(&extreme, &taken, &format!("extreme of {a:?}, {b:?}, {c:?}"));
        }
    }
}

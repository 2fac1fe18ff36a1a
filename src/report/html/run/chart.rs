//! Small charts (SVG): how far a pending case has come against the time elapsed, and how a figure moved from period to period.
//!
//! In whole numbers: a chart is for the eye, and the figures stand beside it.

use crate::base::Lang;
use crate::quantity::{Decimal, Number};
use crate::report::html::escape;
use crate::report::record::{Evidence, Finding, Pace, Standing};
use crate::report::words::pick;

/// The width of a bar of pace.
const WIDTH: i64 = 160;
/// Width and height of a trend.
const TREND: (i64, i64) = (120, 28);

/// `42.9%` or `≈42.9%` in tenths of a per cent.
fn tenths(share: &str) -> Option<i64> {
    let digits = share.trim_start_matches('≈').strip_suffix('%')?;
    (&Decimal::parse(digits)?.value() * &Number::from(10u64)).floor().to_i64()
}

/// Progress as a bar, the time elapsed as a line across it.
pub(super) fn pace(pace: &Pace, lang: Lang) -> Option<String> {
    let (progress, elapsed) = (tenths(pace.progress.as_ref()?)?, tenths(&pace.elapsed)?);
    let at = |tenths: i64| tenths.clamp(0, 1000) * WIDTH / 1000;
    let class = match pace.standing {
        Some(Standing::Behind) => "behind",
        Some(Standing::Ahead) => "ahead",
        Some(Standing::OnSchedule) | None => "even",
    };
    let label = match lang {
        Lang::Zh => format!("完成 {}，时间已过 {}", pace.progress.as_deref().unwrap_or_default(), pace.elapsed),
        Lang::En => {
            format!("{} done, {} of the time elapsed", pace.progress.as_deref().unwrap_or_default(), pace.elapsed)
        }
    };
    Some(format!(
        "<svg class=\"pace\" viewBox=\"0 0 {WIDTH} 14\" width=\"{WIDTH}\" height=\"14\" role=\"img\" aria-label=\"{0}\"><title>{0}\
         </title><rect class=\"whole\" y=\"3\" width=\"{WIDTH}\" height=\"8\" rx=\"2\"/><rect class=\"{class}\" y=\"3\" \
         width=\"{1}\" height=\"8\" rx=\"2\"/><path class=\"now\" d=\"M{2} 0V14\"/></svg>",
        escape(&label),
        at(progress),
        at(elapsed)
    ))
}

/// A figure of several periods that a finding rests on.
struct Series<'a> {
    name: String,
    unit: &'a str,
    /// Period, value, and the value as it is written; by period.
    points: Vec<(&'a str, Number, &'a str)>,
}

/// Figures that a finding rests on in two periods or more.
fn series(finding: &Finding) -> Vec<Series<'_>> {
    let mut all: Vec<Series<'_>> = Vec::new();
    for figure in &finding.evidence {
        let Evidence { name, value: Some(value), unit, period: Some(period), .. } = figure else { continue };
        let Some(number) = Decimal::parse(value).map(|decimal| decimal.value()) else { continue };
        let Some((before, after)) = name.rsplit_once(period.as_str()) else { continue };
        let name = format!("{before}{after}").replace(", ]", "]").replace("[]", "");
        let at = all.iter().position(|series| series.name == name && series.unit == unit).unwrap_or_else(|| {
            all.push(Series { name, unit, points: Vec::new() });
            all.len() - 1
        });
        if let Some(series) = all.get_mut(at)
            && series.points.iter().all(|(known, ..)| known != period)
        {
            series.points.push((period, number, value));
        }
    }
    all.iter_mut().for_each(|series| series.points.sort_by_key(|(period, ..)| *period));
    all.retain(|series| series.points.len() > 1);
    all
}

/// How the figures of a finding moved: a line for each, with its first and its last value.
pub(super) fn trends(finding: &Finding, lang: Lang) -> Vec<String> {
    series(finding).iter().filter_map(|series| trend(series, lang)).collect()
}

fn trend(series: &Series<'_>, lang: Lang) -> Option<String> {
    let ((first, _, from), (last, _, to)) = (series.points.first()?, series.points.last()?);
    let values = || series.points.iter().map(|(_, value, _)| value);
    let (low, high) = (values().min()?, values().max()?);
    let (width, height) = TREND;
    let steps = i64::try_from(series.points.len()).ok()? - 1;
    let mut path = String::new();
    let mut dots = String::new();
    for (at, value) in (0..).zip(values()) {
        let x = 4 + (width - 8) * at / steps.max(1);
        let share = (value - low).div(&(high - low)).unwrap_or_else(Number::zero);
        let rise = (&share * &Number::from(u64::try_from(height - 8).ok()?)).floor().to_i64()?;
        let y = height - 4 - rise;
        path.push_str(&format!("{}{x} {y}", if path.is_empty() { "M" } else { "L" }));
        dots.push_str(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"2.2\"/>"));
    }
    let told: Vec<String> = series.points.iter().map(|(period, _, value)| format!("{period}: {value}")).collect();
    let (name, unit) = (escape(&series.name), escape(series.unit));
    let label = escape(&format!("{} ({}) {}", series.name, series.unit, told.join(", ")));
    Some(format!(
        "<span class=\"trend\">{name}{} <span class=\"dim\">{first}</span> {} <svg class=\"spark\" viewBox=\"0 0 {width} \
         {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{label}\"><title>{label}</title><path \
         d=\"{path}\"/>{dots}</svg> <span class=\"dim\">{last}</span> {} {unit}</span>",
        pick(lang, "：", ":"),
        escape(from),
        escape(to),
    ))
}

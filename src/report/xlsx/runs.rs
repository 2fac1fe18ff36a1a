//! The record of many submissions in, a workbook out: 总览, 报送, 规则, 对照, 个案, 有问题的报送.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{Overview, Table, body, colour, head};
use crate::base::Lang;
use crate::report::layout::clean;
use crate::report::outcome::Outcome;
use crate::report::ranking::{Ranked, Ranking, notices, outcome_name, rank};
use crate::report::record::{Kind, Verdict};
use crate::report::runs::{Runs, fails, verdict};
use crate::report::words::{self, pick};

/// Rules and submissions that the matrix holds at the most.
const MATRIX: (usize, usize) = (300, 2_000);
/// Rows of the other sheets, below what a sheet holds.
const ROWS: usize = 1_000_000;

/// The workbook's bytes; `fail_on` is the least kind whose failure fails the run.
///
/// # Errors
/// Never in practice: no sheet is given more rows than it holds.
pub fn render(runs: &Runs, fail_on: Kind, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let ranking = rank(runs, fail_on);
    let mut book = Workbook::new();
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(clean(&runs.suite.title)).set_creation_datetime(&day));
    overview(book.add_worksheet(), runs, &ranking, lang)?;
    submissions(book.add_worksheet(), &ranking, lang)?;
    rules(book.add_worksheet(), runs, &ranking, lang)?;
    matrix(book.add_worksheet(), &ranking, lang)?;
    findings(book.add_worksheet(), runs, &ranking, lang)?;
    faults(book.add_worksheet(), &ranking, lang)?;
    book.save_to_buffer()
}

/// Submissions that the matrix is about.
fn telling<'k, 'r>(ranking: &'k Ranking<'r>) -> Vec<&'k Ranked<'r>> {
    let tells =
        |ranked: &&Ranked<'_>| ranked.outcome != Outcome::Met || ranked.letters.iter().any(|letter| fails(*letter));
    ranking.submissions.iter().filter(tells).collect()
}

fn overview(sheet: &mut Worksheet, runs: &Runs, ranking: &Ranking<'_>, lang: Lang) -> Result<(), XlsxError> {
    let mut lines = Overview::new(sheet, &runs.suite.title, 90, lang)?;
    for (notice, count) in notices(runs, lang) {
        lines.notice(&format!("{notice} ({count})"))?;
    }
    lines.line(("结论", "Outcome"), &ranking.sentence(runs, lang), &body().set_bold())?;
    lines.run(&runs.suite, &runs.tool, (&runs.period, &runs.as_of, runs.stamp.as_ref()))?;
    lines.outside(&runs.standards, &runs.waivers)?;
    for remark in &runs.remarks {
        lines.labelled(&remark.code, remark.message.get(lang), &body())?;
    }
    let shown = telling(ranking);
    let (rules, some) = (ranking.rules.len().min(MATRIX.0), shown.len().min(MATRIX.1));
    let left = (runs.rules.len() - rules, ranking.submissions.len() - some);
    let text = match lang {
        Lang::Zh => format!(
            "列出 {rules} 条没有全部合格的规则、{some} 份不通过或尚无定论的报送，最差的在前；未列出：{} 条规则，{} 份报送",
            left.0, left.1
        ),
        Lang::En => format!(
            "{rules} rules that do not pass everywhere by {some} submissions that fail or are open, the worst first; not \
             shown: {} rules, {} submissions",
            left.0, left.1
        ),
    };
    lines.line(("对照", "Matrix"), &text, &body())?;
    let text = match lang {
        Lang::Zh => format!("每份报送最多 {} 个个案", runs.max_findings),
        Lang::En => format!("at most {} of a submission", runs.max_findings),
    };
    lines.line(("个案", "Cases"), &text, &body())
}

fn submissions(sheet: &mut Worksheet, ranking: &Ranking<'_>, lang: Lang) -> Result<(), XlsxError> {
    let mut columns = vec![
        (pick(lang, "报送", "Submission"), 30),
        (pick(lang, "结论", "Outcome"), 12),
        (pick(lang, "问题", "Faults"), 8),
        (pick(lang, "文件", "Files"), 8),
        (pick(lang, "行数", "Rows"), 8),
    ];
    columns.extend(words::VERDICTS.map(|verdict| (words::verdict(verdict, lang), 9)));
    let mut table = Table::new(sheet, pick(lang, "报送", "Submissions"), &columns)?;
    for ranked in ranking.submissions.iter().take(ROWS) {
        let submission = ranked.submission;
        table.row();
        table.text(0, &submission.name)?;
        table.text(1, outcome_name(ranked.outcome, lang))?;
        table.count(2, submission.faults().count() as u64)?;
        table.count(3, submission.inputs.len() as u64)?;
        table.count(4, submission.inputs.iter().map(|input| input.rows).sum())?;
        for (column, verdict) in (5..).zip(words::VERDICTS) {
            table.count(column, ranked.rules.of(verdict))?;
        }
    }
    table.finish()
}

fn rules(sheet: &mut Worksheet, runs: &Runs, ranking: &Ranking<'_>, lang: Lang) -> Result<(), XlsxError> {
    let mut columns =
        vec![(pick(lang, "规则", "Rule"), 10), (pick(lang, "标题", "Title"), 40), (pick(lang, "性质", "Kind"), 9)];
    columns.extend(words::VERDICTS.map(|verdict| (words::verdict(verdict, lang), 9)));
    let mut table = Table::new(sheet, pick(lang, "规则", "Rules"), &columns)?;
    let listed: Vec<usize> = ranking.rules.iter().map(|(at, _)| *at).collect();
    let clean = runs.rules.iter().enumerate().filter(|(at, _)| !listed.contains(at));
    for (_, rule) in ranking.rules.iter().copied().chain(clean) {
        table.row();
        table.text(0, &rule.id)?;
        table.text(1, &rule.title)?;
        table.text(2, words::kind(rule.kind, lang))?;
        for (column, verdict) in (3..).zip(words::VERDICTS) {
            table.count(column, rule.submissions.of(verdict))?;
        }
    }
    table.finish()
}

fn matrix(sheet: &mut Worksheet, ranking: &Ranking<'_>, lang: Lang) -> Result<(), XlsxError> {
    sheet.set_name(pick(lang, "对照", "Matrix"))?;
    sheet.set_column_width(0, 30)?;
    sheet.write_string_with_format(0, 0, pick(lang, "报送", "Submission"), &head())?;
    let upright = head().set_rotation(90).set_align(FormatAlign::Bottom);
    for (column, (_, rule)) in (1..).zip(ranking.rules.iter().take(MATRIX.0)) {
        sheet.set_column_width(column, 5)?;
        sheet.write_string_with_format(0, column, clean(&rule.id), &upright)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    for (row, ranked) in (1..).zip(telling(ranking).into_iter().take(MATRIX.1)) {
        sheet.write_string_with_format(row, 0, clean(&ranked.submission.name), &body())?;
        for (column, (at, _)) in (1..).zip(ranking.rules.iter().take(MATRIX.0)) {
            let Some(verdict) = ranked.letters.get(*at).copied().and_then(verdict) else { continue };
            if !matches!(verdict, Verdict::Pass | Verdict::NotApplicable) {
                let sign: String = words::verdict(verdict, lang).chars().take(1).collect();
                let format = Format::new().set_background_color(colour(verdict)).set_align(FormatAlign::Center);
                sheet.write_string_with_format(row, column, sign, &format)?;
            }
        }
    }
    Ok(())
}

fn findings(sheet: &mut Worksheet, runs: &Runs, ranking: &Ranking<'_>, lang: Lang) -> Result<(), XlsxError> {
    let columns = [
        (pick(lang, "报送", "Submission"), 24),
        (pick(lang, "规则", "Rule"), 10),
        (pick(lang, "标题", "Title"), 30),
        (pick(lang, "个案", "Case"), 18),
        (pick(lang, "期间", "Period"), 9),
        (pick(lang, "结论", "Verdict"), 9),
        (pick(lang, "要求", "Required"), 28),
        (pick(lang, "实际", "Attained"), 14),
        (pick(lang, "标准", "Against"), 14),
        (pick(lang, "差距、需补", "To do"), 36),
        (pick(lang, "算式", "Formula"), 36),
        (pick(lang, "出处", "Place"), 50),
    ];
    let mut table = Table::new(sheet, pick(lang, "个案", "Cases"), &columns)?;
    let all = ranking.submissions.iter().map(|ranked| ranked.submission);
    let all = all.flat_map(|submission| submission.findings.iter().map(move |found| (submission, found)));
    for (submission, found) in all.take(ROWS) {
        let finding = &found.finding;
        let title = runs.rules.iter().find(|rule| rule.id == found.rule).map_or("", |rule| rule.title.as_str());
        let scope: Vec<&str> = finding.scope.values().map(String::as_str).collect();
        let waiver = finding.waiver.iter().flat_map(|waiver| words::waiver(waiver, lang));
        let advice: Vec<String> = waiver
            .chain(words::would_be(finding, lang))
            .chain(words::pace(finding, lang))
            .chain(finding.advice.iter().map(|advice| advice.get(lang).to_owned()))
            .collect();
        let places = finding.evidence.iter().filter_map(|figure| figure.source.as_ref());
        let places: Vec<String> = places.map(|source| words::place(source, lang)).collect();
        table.row();
        table.text(0, &submission.name)?;
        table.text(1, &found.rule)?;
        table.text(2, title)?;
        table.text(3, &scope.join(pick(lang, "，", ", ")))?;
        table.text(4, &finding.period)?;
        table.verdict(5, finding.verdict, lang)?;
        table.text(6, &finding.requirement)?;
        table.text(7, &words::attained(finding, lang).unwrap_or_default())?;
        table.text(8, &words::threshold(finding, lang).unwrap_or_default())?;
        table.text(9, &advice.join(pick(lang, "；", "; ")))?;
        table.text(10, finding.explain.as_deref().unwrap_or_default())?;
        table.text(11, &places.join(pick(lang, "；", "; ")))?;
    }
    table.finish()
}

fn faults(sheet: &mut Worksheet, ranking: &Ranking<'_>, lang: Lang) -> Result<(), XlsxError> {
    let columns = [
        (pick(lang, "报送", "Submission"), 24),
        (pick(lang, "代码", "Code"), 9),
        (pick(lang, "问题", "What is wrong"), 70),
        (pick(lang, "出处", "Place"), 50),
    ];
    let mut table = Table::new(sheet, pick(lang, "有问题的报送", "Faults"), &columns)?;
    let all = ranking.bad().flat_map(|submission| submission.faults().map(move |fault| (submission, fault)));
    for (submission, fault) in all.take(ROWS) {
        table.row();
        table.text(0, &submission.name)?;
        table.text(1, &fault.code)?;
        table.text(2, fault.message.get(lang))?;
        let place = fault.source.as_ref().map(|source| words::place(source, lang));
        table.text(3, &place.unwrap_or_default())?;
    }
    table.finish()
}

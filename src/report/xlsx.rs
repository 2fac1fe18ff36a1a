//! A record in, a workbook out, for whoever works in spreadsheets: 总览, 不合格, 缺数据, 全部规则, 依据.
//!
//! Every text is written as text, so that nothing from data can become a formula. A figure is written as a number where the
//! spreadsheet holds it exactly, else as text.

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::base::Lang;
use crate::quantity::{Decimal, Number};

use super::layout::clean;
use super::outcome::sentences;
use super::record::{Counts, Finding, HashedFile, Kind, Record, Rule, Suite, Tool, Verdict};
use super::text::clause_text;
use super::words::{self, pick};

mod runs;

pub use runs::render as runs;

/// The most characters that a cell holds.
const CELL: usize = 32_000;

/// The workbook's bytes; `fail_on` is the least kind whose failure fails the run.
///
/// # Errors
/// More rows than a sheet holds.
pub fn render(record: &Record, fail_on: Kind, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same record gives the same bytes: no wall clock inside.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(clean(&record.suite.title)).set_creation_datetime(&day));
    overview(book.add_worksheet(), record, fail_on, lang)?;
    let failing = [Verdict::Fail, Verdict::Error, Verdict::Borderline, Verdict::Waived];
    findings(book.add_worksheet(), record, pick(lang, "不合格", "Failing"), &failing, lang)?;
    findings(book.add_worksheet(), record, pick(lang, "缺数据", "Missing"), &[Verdict::Missing], lang)?;
    rules(book.add_worksheet(), record, lang)?;
    evidence(book.add_worksheet(), record, lang)?;
    book.save_to_buffer()
}

/// The fill of a verdict's cells.
fn colour(verdict: Verdict) -> Color {
    Color::RGB(match verdict {
        Verdict::Pass => 0xd8_f0dc,
        Verdict::Fail => 0xfb_d5d3,
        Verdict::Error => 0xf3_c6ef,
        Verdict::Missing => 0xfd_ebc2,
        Verdict::Borderline => 0xfb_e0b0,
        Verdict::Pending => 0xdb_e7f8,
        Verdict::Waived => 0xe6_dcf5,
        Verdict::NotApplicable => 0xe8_eaed,
    })
}

fn head() -> Format {
    Format::new().set_bold().set_background_color(Color::RGB(0xf0_f2f5)).set_text_wrap().set_align(FormatAlign::Top)
}

fn body() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

/// A table being written: a heading with filters that stays in view, then rows.
struct Table<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    columns: u16,
}

impl<'a> Table<'a> {
    fn new(sheet: &'a mut Worksheet, name: &str, columns: &[(&str, u16)]) -> Result<Self, XlsxError> {
        sheet.set_name(name)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        for (at, (title, width)) in (0..).zip(columns) {
            sheet.set_column_width(at, *width)?;
            sheet.write_string_with_format(0, at, *title, &head())?;
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        Ok(Table { sheet, row: 0, columns: u16::try_from(columns.len()).unwrap_or(u16::MAX) })
    }

    fn row(&mut self) {
        self.row += 1;
    }

    fn text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        let text: String = clean(text).chars().take(CELL).collect();
        self.sheet.write_string_with_format(self.row, column, text, &body())?;
        Ok(())
    }

    fn count(&mut self, column: u16, count: u64) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(self.row, column, count as f64, &body().set_num_format("0"))?;
        Ok(())
    }

    /// A figure: a number if that is exact, with the digits that it was stated with.
    fn figure(&mut self, column: u16, figure: &str) -> Result<(), XlsxError> {
        match figure.parse::<f64>().ok().filter(|number| restates(*number, figure)) {
            Some(number) => {
                let decimals = figure.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                let format = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals)) };
                self.sheet.write_number_with_format(self.row, column, number, &body().set_num_format(format))?;
            }
            None => self.text(column, figure)?,
        }
        Ok(())
    }

    /// A figure with its unit, `90.01 万元` or `9.99%`: a number that shows both, if that is exact.
    fn measured(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        match measured(text) {
            Some((number, format)) => {
                self.sheet.write_number_with_format(self.row, column, number, &body().set_num_format(format))?;
            }
            None => self.text(column, text)?,
        }
        Ok(())
    }

    fn verdict(&mut self, column: u16, verdict: Verdict, lang: Lang) -> Result<(), XlsxError> {
        let format = body().set_background_color(colour(verdict));
        self.sheet.write_string_with_format(self.row, column, words::verdict(verdict, lang), &format)?;
        Ok(())
    }

    fn finish(self) -> Result<(), XlsxError> {
        if self.row > 0 {
            self.sheet.autofilter(0, 0, self.row, self.columns.saturating_sub(1))?;
        }
        Ok(())
    }
}

/// A figure with its unit as a number and the format that shows it so.
fn measured(text: &str) -> Option<(f64, String)> {
    let (figure, unit) = match text.split_once(' ') {
        Some((figure, unit)) => (figure.to_owned(), unit),
        None => (text.strip_suffix('%')?.to_owned(), "%"),
    };
    let decimals = figure.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let digits = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals)) };
    if unit == "%" {
        // A spreadsheet holds 9.99% as 0.0999.
        let share = Decimal::parse(&figure)?.value().div(&Number::from(100u64))?.exact();
        let number: f64 = share.parse().ok().filter(|number| restates(*number, &share))?;
        return Some((number, format!("{digits}%")));
    }
    let number: f64 = figure.parse().ok().filter(|number| restates(*number, &figure))?;
    let quotable = unit.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '·' | '²' | '³' | '‰'));
    quotable.then(|| (number, format!("{digits}\" {unit}\"")))
}

/// Is the spreadsheet's number the figure, digit for digit, but for zeros at its end?
fn restates(number: f64, figure: &str) -> bool {
    let plain = if figure.contains('.') { figure.trim_end_matches('0').trim_end_matches('.') } else { figure };
    number.is_finite() && plain.len() <= 16 && format!("{number}") == plain
}

/// The sheet of what there is to say of the whole: a title, then lines of a label and a text.
struct Overview<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    lang: Lang,
}

impl<'a> Overview<'a> {
    fn new(sheet: &'a mut Worksheet, title: &str, width: u16, lang: Lang) -> Result<Self, XlsxError> {
        sheet.set_name(pick(lang, "总览", "Overview"))?;
        sheet.set_column_width(0, 18)?;
        sheet.set_column_width(1, width)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.write_string_with_format(0, 0, clean(title), &Format::new().set_bold().set_font_size(14))?;
        Ok(Overview { sheet, row: 1, lang })
    }

    fn line(&mut self, label: (&str, &str), text: &str, format: &Format) -> Result<(), XlsxError> {
        self.labelled(pick(self.lang, label.0, label.1), text, format)
    }

    fn labelled(&mut self, label: &str, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, label, &head())?;
        self.sheet.write_string_with_format(self.row, 1, clean(text), format)?;
        self.row += 1;
        Ok(())
    }

    fn notice(&mut self, text: &str) -> Result<(), XlsxError> {
        self.line(("注意", "Notice"), text, &body().set_bold().set_background_color(colour(Verdict::Missing)))
    }

    /// What was judged, when, and by what.
    fn run(&mut self, suite: &Suite, tool: &Tool, times: (&str, &str, Option<&String>)) -> Result<(), XlsxError> {
        let (period, as_of, stamp) = times;
        self.line(("期间", "Period"), period, &body())?;
        self.line(("评判时点", "As of"), as_of, &body())?;
        if let Some(time) = stamp {
            self.line(("制作时间", "Made at"), &words::stamp(time), &body())?;
        }
        self.line(("套件", "Suite"), &format!("{}  SHA-256 {}", suite.name, suite.sha256), &body())?;
        self.line(("软件", "Program"), &format!("{} {}", tool.name, tool.version), &body())
    }

    fn outside(&mut self, standards: &[HashedFile], waivers: &[HashedFile]) -> Result<(), XlsxError> {
        for (label, files) in [(("标准", "Standards"), standards), (("豁免", "Waivers"), waivers)] {
            for file in files {
                self.line(label, &format!("{}  SHA-256 {}", file.path, file.sha256), &body())?;
            }
        }
        Ok(())
    }
}

fn overview(sheet: &mut Worksheet, record: &Record, fail_on: Kind, lang: Lang) -> Result<(), XlsxError> {
    let mut lines = Overview::new(sheet, &record.suite.title, 130, lang)?;
    if let Some(notice) = &record.notice {
        lines.notice(notice.get(lang))?;
    }
    lines.line(("结论", "Outcome"), &sentences(record, fail_on, lang), &body().set_bold())?;
    lines.run(&record.suite, &record.tool, (&record.period, &record.as_of, record.stamp.as_ref()))?;
    for input in &record.inputs {
        let text = format!("{}  {}  SHA-256 {}", input.dataset, input.path, input.sha256);
        lines.line(("数据", "Data"), &text, &body())?;
    }
    lines.outside(&record.standards, &record.waivers)?;
    let Overview { sheet, mut row, .. } = lines;
    row += 1;
    let kinds = [Kind::Binding, Kind::Expected, Kind::Advisory];
    sheet.write_string_with_format(row, 0, pick(lang, "规则条数", "Rules"), &head())?;
    sheet.write_string_with_format(row, 1, pick(lang, "合计", "Total"), &head())?;
    for (column, kind) in (2..).zip(kinds) {
        sheet.write_string_with_format(row, column, words::kind(kind, lang), &head())?;
    }
    for verdict in words::VERDICTS {
        if record.summary.rules.of(verdict) == 0 {
            continue;
        }
        row += 1;
        let format = body().set_background_color(colour(verdict));
        sheet.write_string_with_format(row, 0, words::verdict(verdict, lang), &format)?;
        sheet.write_number(row, 1, record.summary.rules.of(verdict) as f64)?;
        for (column, kind) in (2..).zip(kinds) {
            let mut counts = Counts::default();
            record.rules.iter().filter(|rule| rule.kind == kind).for_each(|rule| counts.add(rule.verdict));
            sheet.write_number(row, column, counts.of(verdict) as f64)?;
        }
    }
    row += 1;
    let mut table = |heading: &str, lines: Vec<(String, String)>| -> Result<(), XlsxError> {
        if lines.is_empty() {
            return Ok(());
        }
        row += 1;
        sheet.write_string_with_format(row, 0, heading, &head())?;
        sheet.write_string_with_format(row, 1, "", &head())?;
        for (label, text) in lines {
            row += 1;
            sheet.write_string_with_format(row, 0, clean(&label), &body())?;
            sheet.write_string_with_format(row, 1, clean(&text).chars().take(CELL).collect::<String>(), &body())?;
        }
        row += 1;
        Ok(())
    };
    table(pick(lang, "有效的豁免", "Waivers in force"), waived(record, lang))?;
    let idle = record.remarks.iter().filter(|remark| record.is_about_waivers(remark));
    let idle = idle.map(|remark| (remark.code.clone(), remark.message.get(lang).to_owned())).collect();
    table(pick(lang, "没有起作用的豁免", "Waivers that waive nothing"), idle)?;
    let paces = cases(record).filter_map(|(rule, finding)| Some((rule.id.clone(), told_pace(finding, lang)?)));
    table(pick(lang, "未到期事项的序时进度", "Pace of what is pending"), paces.collect())
}

/// The waivers in force, a line for each waived case.
fn waived(record: &Record, lang: Lang) -> Vec<(String, String)> {
    let told = |finding: &Finding| {
        let waiver = words::waiver(finding.waiver.as_ref()?, lang).join(pick(lang, "；", "; "));
        let case: Vec<&str> = finding.scope.values().map(String::as_str).chain([finding.period.as_str()]).collect();
        Some(format!("{}{}{waiver}", case.join(pick(lang, "，", ", ")), pick(lang, "：", ": ")))
    };
    cases(record).filter_map(|(rule, finding)| Some((rule.id.clone(), told(finding)?))).collect()
}

/// The cases of some verdicts, a row each.
fn findings(
    sheet: &mut Worksheet,
    record: &Record,
    name: &str,
    verdicts: &[Verdict],
    lang: Lang,
) -> Result<(), XlsxError> {
    let columns = [
        (pick(lang, "规则", "Rule"), 10),
        (pick(lang, "标题", "Title"), 30),
        (pick(lang, "性质", "Kind"), 9),
        (pick(lang, "个案", "Case"), 18),
        (pick(lang, "期间", "Period"), 9),
        (pick(lang, "结论", "Verdict"), 9),
        (pick(lang, "要求", "Required"), 28),
        (pick(lang, "实际", "Attained"), 14),
        (pick(lang, "标准", "Against"), 14),
        (pick(lang, "差距", "Shortfall"), 14),
        (pick(lang, "如何改正、需补", "To do"), 36),
        (pick(lang, "算式", "Formula"), 36),
        (pick(lang, "依据", "Clause"), 36),
    ];
    let mut table = Table::new(sheet, name, &columns)?;
    for (rule, finding) in cases(record).filter(|(_, finding)| verdicts.contains(&finding.verdict)) {
        table.row();
        let scope: Vec<&str> = finding.scope.values().map(String::as_str).collect();
        let waiver = finding.waiver.iter().flat_map(|waiver| words::waiver(waiver, lang));
        let advice: Vec<String> = waiver
            .chain(words::would_be(finding, lang))
            .chain(words::pace(finding, lang))
            .chain(finding.advice.iter().map(|advice| advice.get(lang).to_owned()))
            .collect();
        let clauses: Vec<String> = rule.clauses.iter().map(|clause| clause_text(clause, lang)).collect();
        table.text(0, &rule.id)?;
        table.text(1, &rule.title)?;
        table.text(2, words::kind(rule.kind, lang))?;
        table.text(3, &scope.join(pick(lang, "，", ", ")))?;
        table.text(4, &finding.period)?;
        table.verdict(5, finding.verdict, lang)?;
        table.text(6, &finding.requirement)?;
        table.measured(7, &words::attained(finding, lang).unwrap_or_default())?;
        table.measured(8, &words::threshold(finding, lang).unwrap_or_default())?;
        table.measured(9, finding.shortfall.as_deref().unwrap_or_default())?;
        table.text(10, &advice.join(pick(lang, "；", "; ")))?;
        table.text(11, finding.explain.as_deref().unwrap_or_default())?;
        table.text(12, &clauses.join(pick(lang, "；", "; ")))?;
    }
    table.finish()
}

fn cases(record: &Record) -> impl Iterator<Item = (&Rule, &Finding)> {
    record.rules.iter().flat_map(|rule| rule.findings.iter().map(move |finding| (rule, finding)))
}

fn rules(sheet: &mut Worksheet, record: &Record, lang: Lang) -> Result<(), XlsxError> {
    let mut columns = vec![
        (pick(lang, "规则", "Rule"), 10),
        (pick(lang, "标题", "Title"), 40),
        (pick(lang, "性质", "Kind"), 9),
        (pick(lang, "负责", "Owner"), 14),
        (pick(lang, "结论", "Verdict"), 9),
        (pick(lang, "个案", "Cases"), 8),
    ];
    columns.extend(words::VERDICTS.map(|verdict| (words::verdict(verdict, lang), 8)));
    columns.push((pick(lang, "依据", "Clause"), 40));
    columns.push((pick(lang, "说明", "Note"), 40));
    columns.push((pick(lang, "序时进度", "Pace"), 40));
    let mut table = Table::new(sheet, pick(lang, "全部规则", "All rules"), &columns)?;
    for rule in &record.rules {
        table.row();
        let clauses: Vec<String> = rule.clauses.iter().map(|clause| clause_text(clause, lang)).collect();
        table.text(0, &rule.id)?;
        table.text(1, &rule.title)?;
        table.text(2, words::kind(rule.kind, lang))?;
        table.text(3, rule.owner.as_deref().unwrap_or_default())?;
        table.verdict(4, rule.verdict, lang)?;
        table.count(5, rule.cases.total())?;
        for (column, verdict) in (6..).zip(words::VERDICTS) {
            table.count(column, rule.cases.of(verdict))?;
        }
        table.text(14, &clauses.join(pick(lang, "；", "; ")))?;
        table.text(15, rule.note.as_deref().unwrap_or_default())?;
        let paces: Vec<String> = rule.findings.iter().filter_map(|finding| told_pace(finding, lang)).collect();
        table.text(16, &paces.join(pick(lang, "；", "; ")))?;
    }
    table.finish()
}

/// How far a pending case has come: `教育局，2021：序时进度：…`.
fn told_pace(finding: &Finding, lang: Lang) -> Option<String> {
    let pace = words::pace(finding, lang)?;
    let case: Vec<&str> = finding.scope.values().map(String::as_str).chain([finding.period.as_str()]).collect();
    Some(format!("{}{}{pace}", case.join(pick(lang, "，", ", ")), pick(lang, "：", ": ")))
}

/// Every figure that a finding rests on, with its cell.
fn evidence(sheet: &mut Worksheet, record: &Record, lang: Lang) -> Result<(), XlsxError> {
    let columns = [
        (pick(lang, "规则", "Rule"), 10),
        (pick(lang, "个案", "Case"), 18),
        (pick(lang, "期间", "Period"), 9),
        (pick(lang, "结论", "Verdict"), 9),
        (pick(lang, "数值名称", "Figure"), 34),
        (pick(lang, "数值", "Value"), 16),
        (pick(lang, "单位", "Unit"), 10),
        (pick(lang, "范围", "Range"), 20),
        (pick(lang, "行数", "Rows"), 7),
        (pick(lang, "文件", "File"), 30),
        (pick(lang, "工作表", "Sheet"), 14),
        (pick(lang, "行", "Row"), 7),
        (pick(lang, "列", "Column"), 20),
        (pick(lang, "单元格", "Cell"), 9),
        (pick(lang, "原文", "As submitted"), 16),
        (pick(lang, "其余各行（大者在前）", "Other rows, largest first"), 60),
    ];
    let mut table = Table::new(sheet, pick(lang, "依据", "Evidence"), &columns)?;
    for (rule, finding) in cases(record) {
        let scope: Vec<&str> = finding.scope.values().map(String::as_str).collect();
        for figure in &finding.evidence {
            let others = figure.more.iter().map(|source| {
                let text = words::submitted(source, figure).map(|text| format!(" “{text}”")).unwrap_or_default();
                format!("{}{text}", words::place(source, lang))
            });
            table.row();
            table.text(0, &rule.id)?;
            table.text(1, &scope.join(pick(lang, "，", ", ")))?;
            table.text(2, &finding.period)?;
            table.verdict(3, finding.verdict, lang)?;
            table.text(4, &figure.name)?;
            match &figure.value {
                Some(value) => table.figure(5, value)?,
                None if figure.within.is_some() => {}
                None => table.text(5, words::no_value(figure, lang))?,
            }
            table.text(6, &figure.unit)?;
            if let Some(within) = &figure.within {
                table.text(7, &within.said(lang))?;
            }
            if let Some(rows) = figure.rows {
                table.count(8, rows)?;
            }
            if let Some(source) = &figure.source {
                table.text(9, &source.path)?;
                table.text(10, source.sheet.as_deref().unwrap_or_default())?;
                if let Some(row) = source.row {
                    table.count(11, row)?;
                }
                table.text(12, source.column.as_deref().unwrap_or_default())?;
                table.text(13, source.cell.as_deref().unwrap_or_default())?;
                table.text(14, source.text.as_deref().unwrap_or_default())?;
            }
            table.text(15, &others.collect::<Vec<String>>().join(pick(lang, "；", "; ")))?;
        }
    }
    table.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_a_number_only_if_that_is_exact() {
        for figure in ["90.01", "100.00", "0", "-3.5", "1234567.89", "123456789012345"] {
            assert!(restates(figure.parse().expect("a number"), figure), "{figure}");
        }
        for (text, number, format) in [
            ("90.01 万元", 90.01, "#,##0.00\" 万元\""),
            ("9.99%", 0.0999, "#,##0.00%"),
            ("-3%", -0.03, "#,##0%"),
            ("20 个", 20.0, "#,##0\" 个\""),
        ] {
            assert_eq!(measured(text), Some((number, format.to_owned())));
        }
        for text in ["≈79.9867%", "1/3%", "12", "完工", "1234567890.123456789 万元", "3 \"x", "14.75～14.85 万元"]
        {
            assert_eq!(measured(text), None, "{text}");
        }
        for figure in ["1234567890.123456789", "0.1000000000000000055", "1e5", "1/3", "inf"] {
            assert!(!figure.parse().is_ok_and(|number| restates(number, figure)), "{figure}");
        }
    }
}

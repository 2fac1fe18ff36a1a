//! Diagnostics in, drawn messages out: the line of the rule file with a caret under the words that are meant.
//!
//! Knows how to draw, not what is wrong.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::base::{Bi, Diagnostic, FileId, Lang, Place, Severity, SourceFile, Sources, Span, plural, whereabouts};

use super::layout::clean;
use super::style::Style;
use super::words::pick;

/// How diagnostics are drawn.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// The language of the messages.
    pub lang: Lang,
    /// Columns of a line.
    pub width: usize,
    /// Colours.
    pub style: Style,
    /// What stands before the path of a rule file, such as the suite's folder; may be empty.
    pub folder: String,
}

/// All diagnostics in source order, with a line that counts them; empty if there are none.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, drawing: &Drawing) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let mut ordered: Vec<&Diagnostic> = diagnostics.iter().collect();
    // Stable: at one place the order in which they were found stands.
    ordered.sort_by(|a, b| order(&a.place).cmp(&order(&b.place)));
    let mut text = String::new();
    for diagnostic in ordered {
        text.push_str(&one(diagnostic, sources, drawing));
        text.push_str("\n\n");
    }
    text.push_str(&summary(diagnostics, drawing.lang));
    text.push('\n');
    text
}

/// Rule files first, by their place; then data files by name; then what stands nowhere.
fn order(place: &Place) -> (u8, Option<Span>, &str, u64) {
    match place {
        Place::Rule(span) => (0, Some(*span), "", 0),
        Place::Data { path, row, .. } => (1, None, path, row.unwrap_or(0)),
        Place::Nowhere => (2, None, "", 0),
    }
}

/// `发现 3 个错误，1 个警告`
pub fn summary(diagnostics: &[Diagnostic], lang: Lang) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push(match lang {
            Lang::Zh => format!("{errors} 个错误"),
            Lang::En => plural(errors as u64, "error"),
        });
    }
    if warnings > 0 {
        parts.push(match lang {
            Lang::Zh => format!("{warnings} 个警告"),
            Lang::En => plural(warnings as u64, "warning"),
        });
    }
    match lang {
        Lang::Zh => format!("发现 {}", parts.join("，")),
        Lang::En => format!("found {}", parts.join(", ")),
    }
}

fn one(diagnostic: &Diagnostic, sources: &Sources, drawing: &Drawing) -> String {
    let lang = drawing.lang;
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR.with_name(pick(lang, "错误", "error")),
        Severity::Warning => Level::WARNING.with_name(pick(lang, "警告", "warning")),
    };
    let title = level.primary_title(clean(diagnostic.message.get(lang))).id(diagnostic.code.code);
    let mut group = Group::with_title(title);
    let mut apart: Vec<(Option<String>, &Bi)> = Vec::new();
    match &diagnostic.place {
        Place::Rule(span) => {
            group = with_source(group, diagnostic, *span, sources, drawing);
            apart.extend(diagnostic.labels.iter().filter_map(|label| match &label.place {
                Place::Rule(_) => None,
                place => Some((locator(place, lang), &label.text)),
            }));
        }
        place => {
            if let Some(place) = locator(place, lang) {
                group = group.element(Origin::path(place));
            }
            apart.extend(diagnostic.labels.iter().map(|label| {
                let place = match &label.place {
                    Place::Rule(span) => rule_locator(*span, sources, drawing),
                    place => locator(place, lang),
                };
                (place, &label.text)
            }));
        }
    }
    for (place, text) in apart {
        let text = clean(text.get(lang));
        let text = place.map_or(text.clone(), |place| format!("{place}{}{text}", pick(lang, "：", ": ")));
        group = group.element(Level::NOTE.with_name(pick(lang, "说明", "note")).message(text));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.with_name(pick(lang, "帮助", "help")).message(clean(help.get(lang))));
    }
    let renderer = match drawing.style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let text = renderer.decor_style(DecorStyle::Ascii).term_width(drawing.width).render(&[group]);
    if matches!(diagnostic.place, Place::Rule(_)) { text } else { indented_arrow(&text) }
}

/// Where no source line is shown the arrow starts its line: one space before it, as the help below it has.
fn indented_arrow(text: &str) -> String {
    let arrow = |line: &str| line.split_once("-->").is_some_and(|(before, _)| !before.contains([' ', ':']));
    let lines: Vec<String> =
        text.lines().map(|line| if arrow(line) { format!(" {line}") } else { line.to_owned() }).collect();
    lines.join("\n")
}

/// Adds the source lines of a diagnostic and of its labels, one snippet for each file, its own first.
fn with_source<'a>(
    mut group: Group<'a>,
    diagnostic: &'a Diagnostic,
    span: Span,
    sources: &'a Sources,
    drawing: &Drawing,
) -> Group<'a> {
    let labels = diagnostic.labels.iter().filter_map(|label| match label.place {
        Place::Rule(span) => Some((span, label.text.get(drawing.lang))),
        _ => None,
    });
    let mut files: Vec<FileId> = vec![span.file];
    for (label, _) in labels.clone() {
        if !files.contains(&label.file) {
            files.push(label.file);
        }
    }
    for id in files {
        let Some(file) = sources.get(id) else { continue };
        let (text, bom) = match file.text.strip_prefix('\u{feff}') {
            Some(text) => (text, '\u{feff}'.len_utf8()),
            None => (file.text.as_str(), 0),
        };
        let mut snippet = Snippet::source(text).path(shown_path(file, drawing));
        if id == span.file {
            snippet = snippet.annotation(AnnotationKind::Primary.span(within(text, span, bom)));
        }
        for (label, words) in labels.clone().filter(|(label, _)| label.file == id) {
            let annotation = AnnotationKind::Context.span(within(text, label, bom)).label(clean(words));
            snippet = snippet.annotation(annotation);
        }
        group = group.element(snippet);
    }
    group
}

/// A span's range within a text, at the boundaries of characters; a span over lines is cut at the end of its first.
fn within(text: &str, span: Span, bom: usize) -> Range<usize> {
    let boundary = |offset: u32| {
        let mut offset = (offset as usize).saturating_sub(bom).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let start = boundary(span.start);
    let end = boundary(span.end).max(start);
    let covered = text.get(start..end).unwrap_or("");
    let first = covered.split(['\n', '\r']).next().unwrap_or("").trim_end();
    if first.len() < covered.len() && !first.is_empty() { start..start + first.len() } else { start..end }
}

fn shown_path(file: &SourceFile, drawing: &Drawing) -> String {
    match drawing.folder.trim_end_matches('/') {
        "" => clean(&file.path),
        folder => clean(&format!("{folder}/{}", file.path)),
    }
}

/// `财政.rule:3:5`
pub fn rule_locator(span: Span, sources: &Sources, drawing: &Drawing) -> Option<String> {
    let file = sources.get(span.file)?;
    let (line, column) = file.line_column(span.range().start);
    Some(format!("{}:{line}:{column}", shown_path(file, drawing)))
}

/// `预算.csv:3:金额`, which editors open; of a workbook `预算.xlsx!支出!C14「金额」列`.
fn locator(place: &Place, lang: Lang) -> Option<String> {
    let Place::Data { path, sheet, row, column, cell } = place else { return None };
    if sheet.is_some() {
        return Some(clean(&whereabouts(path, sheet.as_deref(), *row, column.as_deref(), cell.as_deref(), lang)));
    }
    let mut text = clean(path);
    if let Some(row) = row {
        text.push_str(&format!(":{row}"));
    }
    if let Some(column) = column {
        text.push_str(&format!(":{}", clean(column)));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::codes::suite as codes;

    fn drawn(diagnostics: &[Diagnostic], sources: &Sources, lang: Lang) -> String {
        let drawing = Drawing { lang, width: 80, style: Style::Plain, folder: "rules".to_owned() };
        render(diagnostics, sources, &drawing)
    }

    fn span(sources: &Sources, file: FileId, words: &str) -> Span {
        let text = sources.get(file).map_or("", |file| file.text.as_str());
        let start = text.find(words).unwrap_or(text.len());
        Span::new(file, start..start + words.len())
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        let mut sources = Sources::default();
        let file = sources.add("财政.rule", "\u{feff}规则 D1\n\t要求 公用经费　压减 ≥ 10 人\n");
        let message = Bi::new("单位不同", "units differ");
        let diagnostic = Diagnostic::rule(&codes::NO_SUITE, span(&sources, file, "10 人"), message)
            .help(Bi::new("写作 `10%`", "write `10%`"));
        let text = drawn(&[diagnostic], &sources, Lang::Zh);
        assert_eq!(
            text,
            "错误[E0551]: 单位不同\n --> rules/财政.rule:2:15\n  |\n2 |     要求 公用经费　压减 ≥ 10 人\n\
             \x20 |                           ^^^^^\n  |\n  = 帮助: 写作 `10%`\n\n发现 1 个错误\n"
        );
    }

    #[test]
    fn labels_may_stand_in_other_files_and_spans_at_the_end() {
        let mut sources = Sources::default();
        let first = sources.add("a.rule", "指标 甲: %\r\n");
        let second = sources.add("b.rule", "指标 甲: 元");
        let message = Bi::new("`甲` 重复", "`甲` is declared twice");
        let twice = Diagnostic::rule(&codes::NO_RULES, span(&sources, second, "甲"), message)
            .label(Place::Rule(span(&sources, first, "甲")), Bi::new("先在这里声明", "first declared here"));
        let end = Diagnostic::rule(&codes::NO_RULES, Span::new(second, 999..1000), Bi::same("end"));
        let text = drawn(&[end, twice], &sources, Lang::En);
        assert!(text.contains("rules/a.rule:1:4") || text.contains("::: rules/a.rule"), "{text}");
        assert!(text.contains("first declared here"), "{text}");
        assert!(text.find("declared twice") < text.find("error[E0552]: end"), "{text}");
        assert!(text.ends_with("found 2 errors\n"), "{text}");
    }

    #[test]
    fn data_places_name_cells_of_workbooks_and_lines_of_text() {
        let place = Place::Data {
            path: "预算.xlsx".into(),
            sheet: Some("支出".into()),
            row: Some(7),
            column: Some("金额".into()),
            cell: Some("C7".into()),
        };
        let diagnostic = Diagnostic::at(&codes::NO_SUCH_DATA, place, Bi::new("`abc` 不是数", "`abc` is no number"));
        let text = drawn(&[diagnostic], &Sources::default(), Lang::Zh);
        assert!(text.contains("\n --> 预算.xlsx!支出!C7「金额」列\n"), "{text}");
        let place =
            Place::Data {
                path: "预算.csv".into(), sheet: None, row: Some(7), column: Some("金额".into()), cell: None
            };
        let diagnostic = Diagnostic::at(&codes::NO_SUCH_DATA, place, Bi::same("?"));
        assert!(drawn(&[diagnostic], &Sources::default(), Lang::En).contains("\n --> 预算.csv:7:金额\n"));
        assert_eq!(
            render(
                &[],
                &Sources::default(),
                &Drawing { lang: Lang::Zh, width: 80, style: Style::Plain, folder: String::new() }
            ),
            ""
        );
    }
}

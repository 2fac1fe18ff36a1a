//! A record in, SARIF 2.1.0 out (OASIS, *Static Analysis Results Interchange Format*): rules as reporting descriptors,
//! findings as results at their file and row.

use serde_json::{Value, json};

use crate::base::Lang;

use super::layout::clean;
use super::record::{Evidence, Finding, Kind, Record, Rule, Source, Verdict};
use super::text::clause_text;
use super::words::{self, pick};

/// Where the format is defined.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The report of a run.
pub fn render(record: &Record, lang: Lang) -> Value {
    let results: Vec<Value> = record
        .rules
        .iter()
        .enumerate()
        .flat_map(|(at, rule)| rule.findings.iter().map(move |finding| result(at, rule, finding, lang)))
        .collect();
    let artifacts: Vec<Value> = record
        .inputs
        .iter()
        .map(|input| json!({"location": {"uri": uri(&input.path)}, "hashes": {"sha-256": input.sha256}}))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": record.tool.name,
                "version": record.tool.version,
                "rules": record.rules.iter().map(|rule| descriptor(rule, lang)).collect::<Vec<Value>>(),
            }},
            "language": match lang { Lang::Zh => "zh-CN", Lang::En => "en" },
            "columnKind": "unicodeCodePoints",
            "artifacts": artifacts,
            "results": results,
            "properties": {
                "suite": clean(&record.suite.name),
                "suiteSha256": record.suite.sha256,
                "period": record.period,
                "asOf": record.as_of,
            },
        }],
    })
}

fn descriptor(rule: &Rule, lang: Lang) -> Value {
    let clauses: Vec<String> = rule.clauses.iter().map(|clause| clause_text(clause, lang)).collect();
    let mut descriptor = json!({
        "id": clean(&rule.id),
        "shortDescription": {"text": message(&rule.title)},
        "defaultConfiguration": {"level": level(rule.kind)},
        "properties": {"kind": words::kind(rule.kind, Lang::En), "cites": cleaned(&rule.cites)},
    });
    let full = clauses.iter().chain(&rule.note).map(|words| message(words)).collect::<Vec<String>>().join("\n");
    if let (false, Some(object)) = (full.is_empty(), descriptor.as_object_mut()) {
        object.insert("fullDescription".to_owned(), json!({"text": full}));
    }
    descriptor
}

/// How much a failure of a rule weighs.
fn level(kind: Kind) -> &'static str {
    match kind {
        Kind::Binding => "error",
        Kind::Expected => "warning",
        Kind::Advisory => "note",
    }
}

fn result(at: usize, rule: &Rule, finding: &Finding, lang: Lang) -> Value {
    let (kind, level) = match finding.verdict {
        Verdict::Fail => ("fail", level(rule.kind)),
        Verdict::Pass => ("pass", "none"),
        Verdict::NotApplicable => ("notApplicable", "none"),
        Verdict::Error | Verdict::Missing => ("open", "none"),
        Verdict::Borderline => ("review", "none"),
        Verdict::Pending | Verdict::Waived => ("informational", "none"),
    };
    let scope: Vec<&str> = finding.scope.values().map(String::as_str).chain([finding.period.as_str()]).collect();
    let mut parts = vec![format!("{}[{}] {}", rule.id, scope.join(", "), words::verdict(finding.verdict, lang))];
    parts.extend(words::would_be(finding, lang));
    parts.extend(finding.explain.clone());
    parts.extend(words::pace(finding, lang));
    parts.extend(finding.advice.iter().map(|advice| advice.get(lang).to_owned()));
    let scope: serde_json::Map<String, Value> =
        finding.scope.iter().map(|(dimension, member)| (clean(dimension), json!(clean(member)))).collect();
    let places = finding.evidence.iter().filter_map(|figure| Some((figure, figure.source.as_ref()?)));
    let locations: Vec<Value> = places.map(|(figure, source)| location(figure, source, lang)).collect();
    let mut result = json!({
        "ruleId": clean(&rule.id),
        "ruleIndex": at,
        "kind": kind,
        "level": level,
        "message": {"text": message(&parts.join(pick(lang, "；", "; ")))},
        "locations": locations,
        "properties": {"scope": scope, "period": finding.period, "verdict": finding.verdict},
    });
    if let (Some(waiver), Some(object)) = (&finding.waiver, result.as_object_mut()) {
        let justification = clean(&words::waiver(waiver, lang).join(pick(lang, "；", "; ")));
        object.insert(
            "suppressions".to_owned(),
            json!([{"kind": "external", "status": "accepted", "justification": justification}]),
        );
    }
    result
}

fn location(figure: &Evidence, source: &Source, lang: Lang) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&source.path)}});
    // A region counts lines of a text; rows of a sheet and objects of a list are told in words.
    let text = source.sheet.is_none() && !source.path.to_lowercase().ends_with(".json");
    if let (true, Some(row), Some(object)) = (text, source.row, physical.as_object_mut()) {
        object.insert("region".to_owned(), json!({"startLine": row}));
    }
    let place = words::cells(figure, lang, |source| words::place(source, lang), str::to_owned).unwrap_or_default();
    let Source { sheet, row, column, cell, text, .. } = source;
    let row = row.map(|row| row.to_string());
    let parts = [("sheet", sheet), ("row", &row), ("column", column), ("cell", cell), ("submitted", text)];
    let properties: serde_json::Map<String, Value> =
        parts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(clean(value.as_ref()?))))).collect();
    json!({
        "physicalLocation": physical,
        "message": {"text": message(&format!("{}: {place}", words::figure(figure, lang)))},
        "properties": properties,
    })
}

/// A text that the format reads as a message: of one line, and with no brackets that could make a link (3.11.6).
fn message(text: &str) -> String {
    let mut message = String::new();
    for c in clean(text).chars() {
        if matches!(c, '[' | ']' | '\\') {
            message.push('\\');
        }
        message.push(c);
    }
    message
}

fn cleaned(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| clean(text)).collect()
}

/// A path as a relative reference of RFC 3986.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_hold_no_links_and_steer_nothing() {
        assert_eq!(message("[l](javascript:alert(1)) a\\b"), "\\[l\\](javascript:alert(1)) a\\\\b");
        assert_eq!(message("a\u{202e}b\u{1b}[31m\n\u{7}"), "a\u{fffd}b\u{fffd}\\[31m \u{fffd}");
    }

    #[test]
    fn paths_are_relative_references() {
        assert_eq!(uri("a b/预算:1.csv"), "a%20b/%E9%A2%84%E7%AE%97%3A1.csv");
    }
}

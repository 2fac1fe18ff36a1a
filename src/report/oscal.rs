//! A record in, NIST OSCAL assessment results 1.1 out (*Open Security Controls Assessment Language*), for those who collect
//! the findings of many audits: rules as controls, cases as observations, verdicts as findings, waivers as risks whose
//! deviation is approved, files as resources with their hashes.
//!
//! The same record gives the same bytes: identifiers are made of the record's hash, and its day stands where the format
//! wants a time.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::base::Lang;

use super::layout::clean;
use super::markdown::plain;
use super::outcome::sentences;
use super::record::{Evidence, Finding, Kind, Record, Rule, Source, Verdict, Waiver};
use super::text::clause_text;
use super::words::{self, pick};

/// The version of the format.
const VERSION: &str = "1.1.3";
/// Whose properties ours are.
const NAMESPACE: &str = "urn:duixian:run:1";

/// What all parts of a report need.
struct Page<'a> {
    record: &'a Record,
    lang: Lang,
    /// The hash of the record.
    seed: [u8; 32],
    /// Its day, as a time.
    time: String,
}

/// The report of a run; `fail_on` is the least kind whose failure fails it.
///
/// # Errors
/// Never in practice: all keys of records are texts.
pub fn render(record: &Record, fail_on: Kind, lang: Lang) -> Result<Value, serde_json::Error> {
    let seed = Sha256::digest(serde_json::to_vec(record)?).into();
    let page = Page { record, lang, seed, time: format!("{}T00:00:00Z", record.as_of) };
    let title = if record.suite.title.is_empty() { &record.suite.name } else { &record.suite.title };
    let plan = page.uuid("suite");
    let mut metadata = json!({
        "title": markup(title),
        "last-modified": page.time,
        "version": text(&format!("{} {}", record.period, record.as_of)),
        "oscal-version": VERSION,
        "props": [
            property("tool", &format!("{} {}", record.tool.name, record.tool.version)),
            property("suite", &record.suite.name),
            property("suite-sha256", &record.suite.sha256),
        ],
    });
    if let Some(notice) = &record.notice {
        put(&mut metadata, "remarks", json!(markup(notice.get(lang))));
    }
    Ok(json!({"assessment-results": {
        "uuid": page.uuid("assessment-results"),
        "metadata": metadata,
        "import-ap": {"href": format!("#{plan}")},
        "results": [result(&page, fail_on)],
        "back-matter": {"resources": resources(&page, &plan)},
    }}))
}

impl Page<'_> {
    /// A name-based identifier as version 5 of RFC 9562 makes it, with SHA-256 for SHA-1.
    fn uuid(&self, name: &str) -> String {
        let digest = Sha256::new().chain_update(self.seed).chain_update(name.as_bytes()).finalize();
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
        let variant = match part(16, 17).as_str() {
            "0" | "4" | "8" | "c" => '8',
            "1" | "5" | "9" | "d" => '9',
            "2" | "6" | "a" | "e" => 'a',
            _ => 'b',
        };
        format!("{}-{}-5{}-{variant}{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }

    /// Of a finding by its place among those of its rule: what it is called may not tell it from others.
    fn observation(&self, rule: &Rule, at: usize) -> String {
        self.uuid(&format!("observation {} {at}", rule.id))
    }

    fn risk(&self, rule: &Rule, at: usize) -> String {
        self.uuid(&format!("risk {} {at}", rule.id))
    }

    fn resource(&self, path: &str) -> String {
        self.uuid(&format!("resource {path}"))
    }
}

/// `部门=教育局, 2021`
fn case_name(finding: &Finding) -> String {
    let scope = finding.scope.iter().map(|(dimension, member)| format!("{dimension}={member}"));
    scope.chain([finding.period.clone()]).collect::<Vec<_>>().join(", ")
}

fn result(page: &Page<'_>, fail_on: Kind) -> Value {
    let Page { record, lang, .. } = page;
    let controls: Vec<Value> = record.rules.iter().map(|rule| json!({"control-id": token(&rule.id)})).collect();
    let mut selection = Map::new();
    match controls.is_empty() {
        true => selection.insert("include-all".to_owned(), json!({})),
        false => selection.insert("include-controls".to_owned(), json!(controls)),
    };
    let cases = || record.rules.iter().flat_map(|rule| rule.findings.iter().enumerate().map(move |case| (rule, case)));
    let observations: Vec<Value> = cases().map(|(rule, case)| observation(page, rule, case)).collect();
    let risks: Vec<Value> =
        cases().filter_map(|(rule, case)| Some(risk(page, rule, case, case.1.waiver.as_ref()?))).collect();
    let findings: Vec<Value> = record.rules.iter().filter_map(|rule| self::finding(page, rule)).collect();
    let mut result = json!({
        "uuid": page.uuid("result"),
        "title": markup(&match lang {
            Lang::Zh => format!("期间 {}，评判时点 {}", record.period, record.as_of),
            Lang::En => format!("Period {}, as of {}", record.period, record.as_of),
        }),
        "description": markup(&sentences(record, fail_on, *lang)),
        "start": page.time,
        "end": page.time,
        "props": [property("period", &record.period), property("as-of", &record.as_of)],
        "reviewed-controls": {"control-selections": [selection]},
    });
    for (name, list) in [("observations", observations), ("risks", risks), ("findings", findings)] {
        if !list.is_empty() {
            put(&mut result, name, json!(list));
        }
    }
    result
}

fn observation(page: &Page<'_>, rule: &Rule, (at, finding): (usize, &Finding)) -> Value {
    let lang = page.lang;
    let mut told = vec![format!("{} {}", case_name(finding), words::verdict(finding.verdict, lang))];
    told.push(format!("{}{}", pick(lang, "要求：", "required: "), finding.requirement));
    told.extend(words::would_be(finding, lang));
    told.extend(finding.explain.clone());
    told.extend(words::pace(finding, lang));
    told.extend(finding.advice.iter().map(|advice| advice.get(lang).to_owned()));
    let mut props = vec![
        property("rule", &rule.id),
        property("period", &finding.period),
        property("verdict", words::verdict(finding.verdict, Lang::En)),
    ];
    props.extend(finding.scope.iter().map(|(dimension, member)| property("scope", &format!("{dimension}={member}"))));
    let attained = words::attained(finding, lang);
    let threshold = words::threshold(finding, lang);
    let figures = [("attained", attained), ("threshold", threshold), ("shortfall", finding.shortfall.clone())];
    props.extend(figures.iter().filter_map(|(name, figure)| Some(property(name, figure.as_deref()?))));
    if let Some(pace) = &finding.pace {
        props.extend(pace.progress.as_ref().map(|progress| property("progress", progress)));
        props.push(property("elapsed", &pace.elapsed));
    }
    let evidence: Vec<Value> = finding.evidence.iter().map(|figure| self::evidence(page, figure)).collect();
    let mut observation = json!({
        "uuid": page.observation(rule, at),
        "title": markup(&format!("{} {}", rule.id, case_name(finding))),
        "description": told.iter().map(|line| markup(line)).collect::<Vec<_>>().join("\n\n"),
        "props": props,
        "methods": ["EXAMINE"],
        "collected": page.time,
    });
    if !evidence.is_empty() {
        put(&mut observation, "relevant-evidence", json!(evidence));
    }
    observation
}

fn evidence(page: &Page<'_>, figure: &Evidence) -> Value {
    let lang = page.lang;
    let place = words::cells(figure, lang, |source| words::place(source, lang), str::to_owned);
    let place = place.map_or(String::new(), |place| format!(" — {place}"));
    let mut evidence = json!({"description": markup(&format!("{}{place}", words::figure(figure, lang)))});
    if let Some(Source { path, sheet, row, column, cell, text }) = &figure.source {
        put(&mut evidence, "href", json!(format!("#{}", page.resource(path))));
        let row = row.map(|row| row.to_string());
        let rows = figure.rows.map(|rows| rows.to_string());
        let parts =
            [("sheet", sheet), ("row", &row), ("column", column), ("cell", cell), ("submitted", text), ("rows", &rows)];
        let props: Vec<Value> =
            parts.iter().filter_map(|(name, value)| Some(property(name, value.as_ref()?))).collect();
        if !props.is_empty() {
            put(&mut evidence, "props", json!(props));
        }
    }
    evidence
}

fn risk(page: &Page<'_>, rule: &Rule, (at, finding): (usize, &Finding), waiver: &Waiver) -> Value {
    let told: Vec<String> = words::waiver(waiver, page.lang).iter().map(|line| markup(line)).collect();
    let mut props = vec![property("approver", &waiver.approver), property("approved", &waiver.approved)];
    props.extend(waiver.document.as_ref().map(|document| property("document", document)));
    json!({
        "uuid": page.risk(rule, at),
        "title": markup(&format!("{} {}", rule.id, case_name(finding))),
        "description": told.join("\n\n"),
        "statement": markup(&waiver.reason),
        "props": props,
        "status": "deviation-approved",
        "deadline": format!("{}T00:00:00Z", waiver.expires),
        "related-observations": [{"observation-uuid": page.observation(rule, at)}],
    })
}

/// What the cases of a rule come to; none of a rule that is not due, or not about anything: it is neither satisfied nor not.
fn finding(page: &Page<'_>, rule: &Rule) -> Option<Value> {
    let lang = page.lang;
    let (state, reason) = match rule.verdict {
        Verdict::Pass => ("satisfied", "pass"),
        Verdict::Fail => ("not-satisfied", "fail"),
        Verdict::Pending | Verdict::NotApplicable => return None,
        // Nothing never passes: what is not known to be met is not satisfied, for another reason than a failure.
        Verdict::Missing | Verdict::Borderline | Verdict::Waived | Verdict::Error => ("not-satisfied", "other"),
    };
    let clauses: Vec<String> = rule.clauses.iter().map(|clause| markup(&clause_text(clause, lang))).collect();
    let description = if clauses.is_empty() { markup(&rule.title) } else { clauses.join("\n\n") };
    let mut props = vec![
        property("kind", words::kind(rule.kind, Lang::En)),
        property("verdict", words::verdict(rule.verdict, Lang::En)),
        property("cases", &rule.cases.total().to_string()),
    ];
    props.extend(rule.cites.iter().map(|cited| property("cites", cited)));
    props.extend(rule.owner.as_ref().map(|owner| property("owner", owner)));
    let mut finding = json!({
        "uuid": page.uuid(&format!("finding {}", rule.id)),
        "title": markup(&format!("{} {}", rule.id, rule.title)),
        "description": description,
        "props": props,
        "target": {
            "type": "objective-id",
            "target-id": token(&rule.id),
            "title": markup(&rule.title),
            "status": {"state": state, "reason": reason, "remarks": words::verdict(rule.verdict, lang)},
        },
    });
    let of = |list: Vec<Value>, name: &str, finding: &mut Value| {
        if !list.is_empty() {
            put(finding, name, json!(list));
        }
    };
    let observed = (0..rule.findings.len()).map(|at| json!({"observation-uuid": page.observation(rule, at)}));
    of(observed.collect(), "related-observations", &mut finding);
    let waived = rule.findings.iter().enumerate().filter(|(_, case)| case.waiver.is_some());
    of(waived.map(|(at, _)| json!({"risk-uuid": page.risk(rule, at)})).collect(), "related-risks", &mut finding);
    let remarks = rule.note.iter().cloned().chain(
        rule.accepted.iter().map(|accepted| format!("{}{}{}", accepted.code, pick(lang, "：", ": "), accepted.reason)),
    );
    let remarks: Vec<String> = remarks.map(|remark| markup(&remark)).collect();
    if !remarks.is_empty() {
        put(&mut finding, "remarks", json!(remarks.join("\n\n")));
    }
    Some(finding)
}

/// Files with their hashes; a file that serves several datasets stands once.
fn resources(page: &Page<'_>, plan: &str) -> Vec<Value> {
    let Page { record, lang, .. } = page;
    let files: Vec<Value> = record.suite.files.iter().map(|file| rlink(&file.path, &file.sha256)).collect();
    let mut suite = json!({"uuid": plan, "title": markup(&record.suite.name), "description": pick(*lang, "规则套件", "The suite of rules")});
    if !files.is_empty() {
        put(&mut suite, "rlinks", json!(files));
    }
    let mut resources = vec![suite];
    let mut known: Vec<&str> = Vec::new();
    let inputs = record.inputs.iter().map(|input| (input.dataset.clone(), &input.path, &input.sha256));
    let outside =
        [(pick(*lang, "标准", "Standards"), &record.standards), (pick(*lang, "豁免", "Waivers"), &record.waivers)];
    let outside = outside
        .into_iter()
        .flat_map(|(name, files)| files.iter().map(move |file| (name.to_owned(), &file.path, &file.sha256)));
    for (name, path, sha256) in inputs.chain(outside) {
        if known.contains(&path.as_str()) {
            continue;
        }
        known.push(path);
        resources.push(json!({
            "uuid": page.resource(path),
            "title": markup(&name),
            "rlinks": [rlink(path, sha256)],
        }));
    }
    resources
}

fn rlink(path: &str, sha256: &str) -> Value {
    json!({"href": super::sarif::uri(path), "hashes": [{"algorithm": "SHA-256", "value": sha256}]})
}

fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

fn property(name: &str, value: &str) -> Value {
    json!({"name": name, "ns": NAMESPACE, "value": text(value)})
}

/// A text of the format: on one line, without spaces at its ends, and never empty.
fn text(value: &str) -> String {
    let value = clean(value);
    let trimmed = value.trim();
    if trimmed.is_empty() { "–".to_owned() } else { trimmed.to_owned() }
}

/// A text that the format reads as Markdown.
fn markup(value: &str) -> String {
    plain(&text(value))
}

/// A name as the format wants it. One that had to be changed for that is told from others by its hash.
fn token(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let mut token: String = name.chars().map(kept).collect();
    if !token.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_') {
        token.insert(0, '_');
    }
    if token == name {
        return token;
    }
    let hash: String = Sha256::digest(name.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{token}-{hash}")
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn names_that_differ_have_tokens_that_differ() {
        assert_eq!(token("a_b"), "a_b");
        assert_eq!(token("收入增长"), "收入增长");
        let changed = ["a b", "a/b", "1a", "_1a", "a_b"].map(token);
        let distinct: std::collections::BTreeSet<&String> = changed.iter().collect();
        assert_eq!(distinct.len(), changed.len(), "{changed:?}");
        assert!(changed[2].starts_with("_1a-"));
    }
}

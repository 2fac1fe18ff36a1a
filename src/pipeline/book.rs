//! A checked suite in, its rule book out: `doc`. Reads the rules and judges nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Bi, Diagnostic, Severity, Span};
use crate::data::{self, StandardValues};
use crate::report::book::{Book, Entry, Example, Need, SCHEMA, Section, Standard, Table};
use crate::report::record::Accepted;
use crate::report::{kind_of, register_clause, verdict_of};
use crate::semantics::hir::{
    DatasetId, Deadline, Expectation, Expr, ExprKind, GivenTable, INDICATOR_TABLE, Requirement, Rule, RuleId, Test,
    Type,
};
use crate::semantics::sentence::{self, Sentences};
use crate::syntax::ast::{ClauseKind, Decl};

use super::Checked;
use super::about::Uses;

/// Rows of an example's table that are shown.
const ROWS: usize = 6;

impl Checked {
    /// The rule book of the suite, and what is wrong with its standards files.
    pub fn book(&self) -> (Book, Vec<Diagnostic>) {
        let (standards, diagnostics) = data::load_standards(&self.config.standards_paths(), &self.suite);
        let groups = self.groups();
        let mut sections: Vec<Section> = Vec::new();
        for (at, rule) in self.suite.rules.iter().enumerate() {
            let entry = self.entry(RuleId(at), rule, &standards);
            let section = entry.clauses.iter().find_map(|clause| clause.section.clone());
            let title = section.or_else(|| groups.get(rule.id.as_str()).cloned()).unwrap_or_default();
            match sections.iter_mut().find(|section| section.title == title) {
                Some(section) => section.rules.push(entry),
                None => sections.push(Section { title, rules: vec![entry] }),
            }
        }
        let title = if self.config.title.is_empty() { &self.config.name } else { &self.config.title };
        let book = Book {
            schema: SCHEMA,
            title: title.clone(),
            issuer: self.config.issuer.clone(),
            source: self.config.source.clone(),
            period: self.config.period.map(|period| period.to_string()),
            sha256: self.identity.sha256.clone(),
            sections,
        };
        (book, diagnostics.into_iter().filter(|found| found.severity() == Severity::Error).collect())
    }

    /// The title of the 套件 that a rule belongs to, by the rule's id.
    fn groups(&self) -> BTreeMap<&str, String> {
        let decls = || self.files.iter().flat_map(|(file, _)| &file.decls);
        let titles: BTreeMap<&str, &str> = decls()
            .filter_map(|decl| match decl {
                Decl::Group(group) => {
                    let name = group.name.text.as_str();
                    Some((name, group.title.as_ref().map_or(name, |title| title.text.as_str())))
                }
                _ => None,
            })
            .collect();
        decls()
            .filter_map(|decl| match decl {
                Decl::Rule(rule) => {
                    let group = rule.clauses.iter().find_map(|clause| match &clause.kind {
                        ClauseKind::BelongsTo(name) => titles.get(name.text.as_str()),
                        _ => None,
                    })?;
                    Some((rule.name.text.as_str(), (*group).to_owned()))
                }
                _ => None,
            })
            .collect()
    }

    fn entry(&self, id: RuleId, rule: &Rule, standards: &StandardValues) -> Entry {
        let clauses: Vec<_> = rule.cites.iter().filter_map(|id| register_clause(self.register.as_ref()?, id)).collect();
        let known = |id: &&String| clauses.iter().any(|clause| clause.id == **id);
        let (sentence, applies) = self.sentences(rule);
        let uses = self.uses_of(rule);
        let standards = uses.standards.iter().filter_map(|standard| {
            let declared = self.suite.standards.get(standard.0)?;
            let entries = standards.entries.get(standard.0).cloned().unwrap_or_default();
            let value = |entry: data::StandardEntry| (entry.period.map(|p| p.to_string()), entry.stated, entry.source);
            Some(Standard { title: declared.title.clone(), values: entries.into_iter().map(value).collect() })
        });
        Entry {
            id: rule.id.clone(),
            title: rule.title.clone(),
            kind: kind_of(rule.kind),
            cites: rule.cites.iter().filter(|id| !known(id)).cloned().collect(),
            sentence,
            applies,
            written: rule.text.clone(),
            scope: self.scope(rule),
            period: self.judged(rule),
            deadline: match rule.deadline {
                Some(Deadline::On(day)) => Bi::same(day.to_string()),
                Some(Deadline::Submission) => Bi::new("报送时即须做到", "whenever something is submitted"),
                None => Bi::new("期末", "the end of the period"),
            },
            owner: rule.owner.clone(),
            note: rule.note.clone(),
            accepted: rule
                .accepts
                .iter()
                .map(|accept| Accepted { code: accept.code.clone(), reason: accept.reason.clone() })
                .collect(),
            standards: standards.collect(),
            data: self.needs(&uses),
            examples: self.examples(id, rule, &uses),
            place: self.place(rule.span),
            clauses,
        }
    }

    fn place(&self, span: Span) -> String {
        let Some(file) = self.sources.get(span.file) else { return String::new() };
        let path = file.path.rsplit('/').next().unwrap_or(&file.path);
        format!("{path}:{}", file.line_column(span.range().start).0)
    }

    /// What is required, and when it applies.
    fn sentences(&self, rule: &Rule) -> (Bi, Option<Bi>) {
        let sentences = Sentences { suite: &self.suite, sources: &self.sources, rows: None };
        match &rule.requirement {
            Requirement::Case(condition) => {
                (sentences.say(condition), rule.when.as_ref().map(|when| sentences.say(when)))
            }
            Requirement::Rows { dataset, when, condition } => {
                let declared = self.suite.datasets.get(dataset.0);
                let of_rows = Sentences { rows: declared, ..sentences };
                let name = declared.map_or("", |dataset| dataset.name.as_str());
                let condition = of_rows.say(condition);
                let sentence = match when.as_ref().map(|when| of_rows.say(when)) {
                    Some(when) => Bi::new(
                        format!("「{name}」里凡{}的每一行，{}", when.zh, condition.zh),
                        format!("in every row of {name} where {}, {}", when.en, condition.en),
                    ),
                    None => Bi::new(
                        format!("「{name}」的每一行，{}", condition.zh),
                        format!("in every row of {name}, {}", condition.en),
                    ),
                };
                (sentence, None)
            }
        }
    }

    fn scope(&self, rule: &Rule) -> Bi {
        let dims: Vec<&str> =
            rule.for_each.iter().filter_map(|dim| self.suite.dims.get(dim.0)).map(String::as_str).collect();
        match (dims.as_slice(), &self.config.region) {
            ([], Some(region)) => Bi::same(region.clone()),
            ([], None) => Bi::new("全部报送", "the submission as a whole"),
            (dims, _) => Bi::new(format!("每个{}", dims.join("、")), format!("each {}", dims.join(", "))),
        }
    }

    fn judged(&self, rule: &Rule) -> Bi {
        let periods: Vec<String> = rule.periods.iter().map(ToString::to_string).collect();
        match (periods.as_slice(), self.config.period) {
            ([], Some(period)) => {
                Bi::new(format!("评判的期间（默认 {period}）"), format!("the period judged ({period} unless said)"))
            }
            ([], None) => Bi::new("评判的期间", "the period judged"),
            (periods, _) => Bi::new(periods.join("、"), periods.join(", ")),
        }
    }

    /// What must be submitted for a rule.
    fn needs(&self, uses: &Uses) -> Vec<Need> {
        let dataset =
            |id: DatasetId| self.suite.datasets.get(id.0).map_or(String::new(), |dataset| dataset.name.clone());
        let sentences = Sentences { suite: &self.suite, sources: &self.sources, rows: None };
        let mut needs: Vec<Need> = Vec::new();
        for indicator in uses.indicators.iter().filter_map(|id| self.suite.indicators.get(id.0)) {
            let unit = match &indicator.ty {
                Type::Quantity(unit) => unit.name().to_owned(),
                Type::Level(scale) => self.suite.scales.get(scale.0).map_or(String::new(), |scale| scale.name.clone()),
                _ => String::new(),
            };
            let mut datasets = BTreeSet::new();
            indicator.body.iter().for_each(|body| datasets_of(body, &mut datasets));
            needs.push(Need {
                dataset: match (&indicator.body, datasets.first()) {
                    (Some(_), Some(id)) => dataset(*id),
                    (Some(_), None) => String::new(),
                    (None, _) => dataset(INDICATOR_TABLE),
                },
                indicator: Some(indicator.name.clone()),
                unit,
                aliases: indicator.aliases.clone(),
                computed: indicator.body.as_ref().map(|body| sentences.say(body)),
            });
        }
        for name in uses.datasets.iter().copied().map(dataset) {
            if !needs.iter().any(|need| need.dataset == name) {
                needs.push(Need {
                    dataset: name,
                    indicator: None,
                    unit: String::new(),
                    aliases: Vec::new(),
                    computed: None,
                });
            }
        }
        needs
    }

    /// The tests that are about a rule, as its examples.
    fn examples(&self, id: RuleId, rule: &Rule, uses: &Uses) -> Vec<Example> {
        let about = |test: &&Test| test.expect.iter().any(|expected| expected.rule == id);
        let tests: Vec<&Test> = self.suite.tests.iter().filter(about).collect();
        let mut given = Given::new();
        for test in &tests {
            let rows = test.tables.iter().flat_map(|table| table.rows.iter().map(|row| named(table, row)));
            rows.collect::<BTreeSet<_>>().into_iter().for_each(|row| *given.entry(row).or_default() += 1);
        }
        tests.iter().map(|test| self.example(id, rule, uses, test, &given)).collect()
    }

    /// A test as an example of a rule.
    fn example(&self, id: RuleId, rule: &Rule, uses: &Uses, test: &Test, given: &Given<'_>) -> Example {
        let expected: Vec<_> = test.expect.iter().filter(|expected| expected.rule == id).collect();
        let case = |expected: &Expectation| {
            let mut parts: Vec<String> =
                rule.for_each.iter().filter_map(|dim| expected.members.get(dim)).cloned().collect();
            parts.extend(expected.period.map(|period| period.to_string()));
            parts.join(", ")
        };
        let period = test.period.map(|period| period.to_string());
        let mut figures: Vec<String> = Vec::new();
        for figure in test.figures.iter().filter(|figure| uses.indicators.contains(&figure.indicator)) {
            let Some(indicator) = self.suite.indicators.get(figure.indicator.0) else { continue };
            let of: Vec<String> = figure
                .region
                .iter()
                .cloned()
                .chain(figure.period.map(|period| period.to_string()).or_else(|| period.clone()))
                .collect();
            let of = if of.is_empty() { String::new() } else { format!("[{}]", of.join(", ")) };
            figures.push(format!("{}{of} = {}", indicator.name, figure.text));
        }
        for (standard, of, value) in test.standards.iter().filter(|(standard, ..)| uses.standards.contains(standard)) {
            let Some(declared) = self.suite.standards.get(standard.0) else { continue };
            let of = of.map_or(String::new(), |period| format!("[{period}]"));
            let value = sentence::value(value, &declared.ty, &self.suite);
            figures.push(format!("{}{of} = {value}", declared.name));
        }
        let tables = test.tables.iter().filter(|table| uses.datasets.contains(&table.dataset)).map(|table| Table {
            dataset: self.suite.datasets.get(table.dataset.0).map_or(String::new(), |dataset| dataset.name.clone()),
            header: table.header.iter().map(|(name, _)| name.clone()).collect(),
            rows: shown(table, given).map(|row| row.iter().map(|(cell, _)| cell.clone()).collect()).collect(),
            more: table.rows.len().saturating_sub(ROWS) as u64,
        });
        Example {
            title: test.title.clone(),
            as_of: test.as_of.map(|day| day.to_string()),
            figures,
            tables: tables.collect(),
            expected: expected.into_iter().map(|expected| (case(expected), verdict_of(expected.verdict))).collect(),
        }
    }
}

/// A row of a test: its dataset, and its cells by their headings.
type Row<'t> = (DatasetId, Vec<(&'t str, &'t str)>);

/// In how many examples of a rule each row stands.
type Given<'t> = BTreeMap<Row<'t>, usize>;

fn named<'t>(table: &'t GivenTable, row: &'t [(String, Span)]) -> Row<'t> {
    let headings = table.header.iter().map(|(name, _)| name.as_str());
    let mut cells: Vec<(&str, &str)> = headings.zip(row.iter().map(|(cell, _)| cell.as_str())).collect();
    cells.sort_unstable();
    (table.dataset, cells)
}

/// The rows of an example's table that are shown, in their order: before all others those that the fewest examples of the rule
/// have, for these decide.
fn shown<'t>(table: &'t GivenTable, given: &Given<'_>) -> impl Iterator<Item = &'t Vec<(String, Span)>> {
    let mut rows: Vec<(usize, &Vec<(String, Span)>)> = table.rows.iter().enumerate().collect();
    rows.sort_by_key(|(_, row)| given.get(&named(table, row)).copied().unwrap_or_default());
    rows.truncate(ROWS);
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row)
}

/// The datasets whose rows an expression adds up itself.
fn datasets_of(expr: &Expr, found: &mut BTreeSet<DatasetId>) {
    if let ExprKind::Aggregate(aggregate) = &expr.kind {
        found.insert(aggregate.dataset);
    }
    expr.for_each_child(&mut |child| datasets_of(child, found));
}

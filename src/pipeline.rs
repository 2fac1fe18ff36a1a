//! The way of a run, stage by stage: [`Parsed`] → [`Checked`] → [`Planned`] → [`Measured`] → [`Judged`] → record.
//!
//! Each stage can only be had from the one before it, so that a wrong order does not compile. Knows the rooms and
//! their order; what a rule means, a file holds or a report looks like is theirs.

mod about;
mod analyse;
mod bench;
mod book;
mod coverage;
mod explained;
mod kept;
mod lengths;
mod listing;
mod load;
mod many;
mod mutate;
mod signing;
mod submitted;
mod trace;
mod trial;
mod verify;
mod versions;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::base::codes::{lint as lint_codes, suite as codes};
use crate::base::{Bi, Diagnostic, Place, Severity, Sources};
use crate::data::{FiguresFile, Register, Submission, SuiteConfig};
use crate::engine::embedded::Embedded;
use crate::engine::{Context, Engine, Measurement, NoRoom};
use crate::plan::Plan;
use crate::quantity::Period;
use crate::report::{self, record};
use crate::semantics;
use crate::semantics::hir::{DatasetId, RuleId, Suite};
use crate::semantics::lint::Remarks;
use crate::syntax::ast;
use crate::verdict::{self, Judgement, Prepared};

pub use about::About;
pub use analyse::Analysis;
pub use explained::{explained, not_explained};
pub use kept::{Asked, Kept, NamedRecord, kept_from, read_kept, read_record, unreadable};
pub use load::SUITE_FILE;
pub use many::{Many, Progress, Submitted, find_submissions};
pub use mutate::{Mutated, NotMutated};
pub use signing::{PublicKey, Sealed, SecretKey, beside};
pub use submitted::{Data, Outside};
pub use trace::{Traced, trace};
pub use trial::{Actual, Expected, Trial};
pub use verify::{Difference, STAMP, Verified, changed_files};
pub use versions::compare_suites;

/// Why there is no next stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The command line, `suite.toml`, or a file that these name.
    Configuration,
    /// The rules do not compile.
    Rules,
}

/// There is no next stage: why, and all that is wrong.
#[derive(Clone, Debug)]
pub struct Stopped {
    /// Why.
    pub reason: Reason,
    /// What is wrong; warnings too.
    pub diagnostics: Vec<Diagnostic>,
    /// The rule files that the diagnostics are about.
    pub sources: Sources,
}

impl Stopped {
    fn configuration(diagnostics: Vec<Diagnostic>) -> Box<Self> {
        Box::new(Stopped { reason: Reason::Configuration, diagnostics, sources: Sources::default() })
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, diagnostic) in self.diagnostics.iter().enumerate() {
            let line = if at == 0 { "" } else { "\n" };
            write!(f, "{line}{}: {} / {}", diagnostic.code.code, diagnostic.message.zh, diagnostic.message.en)?;
        }
        Ok(())
    }
}

impl std::error::Error for Stopped {}

/// A suite that was read and parsed.
pub struct Parsed {
    dir: PathBuf,
    config: SuiteConfig,
    register: Option<Register>,
    figures: Option<FiguresFile>,
    sources: Sources,
    files: Vec<(ast::File, bool)>,
    hashes: Vec<record::HashedFile>,
    /// What is wrong with the rules so far.
    rules: Vec<Diagnostic>,
    /// What is wrong with `suite.toml` and the files it names.
    configuration: Vec<Diagnostic>,
}

impl Parsed {
    /// Reads a suite's folder: `suite.toml`, the register, every `.rule` file, and the suites they use. What is wrong
    /// with the rules is told by [`Parsed::check`], with all the rest.
    ///
    /// # Errors
    /// There is no suite there, or its `suite.toml` cannot be used.
    pub fn load(dir: &Path) -> Result<Parsed, Box<Stopped>> {
        no_suite(dir).map_or(Ok(()), |diagnostic| Err(Stopped::configuration(vec![diagnostic])))?;
        let config = SuiteConfig::load(dir).map_err(Stopped::configuration)?;
        let mut loaded = load::Loaded::read(dir);
        let mut configuration = Vec::new();
        let register = config.register_path().and_then(|path| {
            loaded.hash(&path, config.register.as_deref().unwrap_or(""));
            Register::load(&path).map_err(|diagnostics| configuration.extend(diagnostics)).ok()
        });
        let figures = config.figures_path().and_then(|path| {
            loaded.hash(&path, config.figures.as_deref().unwrap_or(""));
            FiguresFile::open(&path).map_err(|diagnostic| configuration.push(*diagnostic)).ok()
        });
        loaded.hashes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Parsed {
            dir: dir.to_owned(),
            config,
            register,
            figures,
            sources: loaded.sources,
            files: loaded.files,
            hashes: loaded.hashes,
            rules: loaded.diagnostics,
            configuration,
        })
    }

    /// Resolves names, checks types and units, and reports everything that is wrong with the suite in one go.
    ///
    /// # Errors
    /// The rules do not compile, or `suite.toml` does not fit them.
    pub fn check(self) -> Result<Checked, Box<Stopped>> {
        let Parsed { dir, config, register, figures, sources, files, hashes, mut rules, mut configuration } = self;
        let clauses = register.as_ref().map(Clauses);
        let input = semantics::Input {
            files: &files,
            sources: &sources,
            register: clauses.as_ref().map(|clauses| clauses as &dyn semantics::Register),
        };
        let (suite, found) = semantics::compile(input);
        rules.extend(found);
        let broken = |diagnostics: &[Diagnostic]| diagnostics.iter().any(|d| d.severity() == Severity::Error);
        let rules_broken = broken(&rules);
        if !rules_broken {
            // A dataset that did not compile would be reported here as unknown.
            configuration.extend(config.validate(&suite));
        }
        let configuration_broken = broken(&configuration);
        let mut diagnostics = rules;
        diagnostics.extend(configuration);
        if rules_broken || configuration_broken {
            let reason = if rules_broken { Reason::Rules } else { Reason::Configuration };
            return Err(Box::new(Stopped { reason, diagnostics, sources }));
        }
        let identity = record::Suite {
            name: config.name.clone(),
            title: config.title.clone(),
            sha256: load::suite_hash(&hashes),
            files: hashes,
        };
        Ok(Checked { dir, config, register, figures, sources, files, suite, identity, warnings: diagnostics })
    }
}

/// What the rules need to know of the register.
struct Clauses<'a>(&'a Register);

impl semantics::Register for Clauses<'_> {
    fn contains(&self, id: &str) -> bool {
        self.0.get(id).is_some()
    }

    fn ids(&self) -> Vec<&str> {
        self.0.entries.keys().map(String::as_str).collect()
    }

    fn cell(&self, id: &str, column: &str) -> Option<&str> {
        self.0.get(id)?.get(column)
    }

    fn line(&self, id: &str) -> Option<u32> {
        self.0.get(id)?.line
    }

    fn place(&self, id: &str) -> Place {
        let row = self.0.get(id).map(|entry| u64::from(entry.row));
        Place::Data { path: self.0.path.clone(), sheet: None, row, column: None, cell: None }
    }
}

/// Why a folder is no suite, if it is none.
fn no_suite(dir: &Path) -> Option<Diagnostic> {
    let shown = dir.display();
    let message = if dir.is_file() {
        Bi::new(
            format!("`{shown}` 是文件，不是套件的文件夹"),
            format!("`{shown}` is a file, not the folder of a suite"),
        )
    } else if !dir.is_dir() {
        Bi::new(format!("没有文件夹 `{shown}`"), format!("there is no folder `{shown}`"))
    } else if !dir.join(SUITE_FILE).is_file() {
        Bi::new(format!("文件夹 `{shown}` 里没有 suite.toml"), format!("there is no suite.toml in folder `{shown}`"))
    } else {
        return None;
    };
    Some(Diagnostic::at(&codes::NO_SUITE, Place::Nowhere, message).help(Bi::new(
        "请写含有 suite.toml 的文件夹；新建一个可以运行的套件：`duixian init 文件夹`",
        "name a folder that holds a suite.toml; to make a suite that works: `duixian init FOLDER`",
    )))
}

/// A suite that compiles.
pub struct Checked {
    dir: PathBuf,
    config: SuiteConfig,
    register: Option<Register>,
    figures: Option<FiguresFile>,
    sources: Sources,
    /// The trees of the rule files; `true` for those of the suite's own folder.
    files: Vec<(ast::File, bool)>,
    suite: Suite,
    identity: record::Suite,
    warnings: Vec<Diagnostic>,
}

/// What a run is asked for besides its data.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The period, if not the suite's.
    pub period: Option<Period>,
    /// "Today"; the period's last day unless said.
    pub as_of: Option<Date>,
    /// Ids of the rules; empty: all.
    pub select: Vec<String>,
    /// How many findings of a rule are explained; `None`: [`FINDINGS`], or fewer where all rules
    /// together would have more than [`FINDINGS_IN_ALL`].
    pub max_findings: Option<usize>,
    /// Explain cases that pass or are not applicable too.
    pub passes: bool,
    /// The time of the clock, to stand in the record; `None`: a record that knows no clock.
    pub stamp: Option<String>,
}

/// How many findings of a rule are explained, unless it is said.
pub const FINDINGS: usize = 100;
/// How many of all rules together, unless it is said.
pub const FINDINGS_IN_ALL: usize = 2_000;

impl Checked {
    /// The suite's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// `suite.toml`.
    pub fn config(&self) -> &SuiteConfig {
        &self.config
    }

    /// The compiled suite.
    pub fn suite(&self) -> &Suite {
        &self.suite
    }

    /// Its name, title, hash and files, as records have them.
    pub fn identity(&self) -> &record::Suite {
        &self.identity
    }

    /// The clauses of the source document.
    pub fn register(&self) -> Option<&Register> {
        self.register.as_ref()
    }

    /// The rule files.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Holds the rules against the register and the figures already reported (`figures` in `suite.toml`). What this finds
    /// concerns who writes rules, not who judges by them: it is no part of [`Checked::warnings`], and neither runs nor
    /// tests tell it. Remarks that a rule accepts (`认可`) are only counted. What is wrong with the table of figures is told
    /// here too, as errors.
    pub fn lints(&self) -> Remarks {
        self.sorted(Vec::new(), |code| lint_codes::ALL.iter().any(|info| info.code == code))
    }

    /// All that `check` says beyond [`Checked::warnings`]: [`Checked::lints`], and what the rules say together
    /// ([`Checked::analyse`]).
    pub fn remarks(&self) -> Remarks {
        self.sorted(self.analyse().findings, |_| true)
    }

    /// Lints and further remarks, without those that rules accept. An answer to what was not looked for is not called idle.
    fn sorted(&self, further: Vec<Diagnostic>, looked_for: impl Fn(&str) -> bool) -> Remarks {
        let region = self.config.region.as_deref().unwrap_or("");
        let (figures, faults) = self.figures.as_ref().map(|file| file.read(&self.suite, region)).unwrap_or_default();
        let clauses = self.register.as_ref().map(Clauses);
        let mut found = semantics::lint::check(semantics::lint::Input {
            suite: &self.suite,
            files: &self.files,
            sources: &self.sources,
            register: clauses.as_ref().map(|clauses| clauses as &dyn semantics::Register),
            figures: &figures,
            region,
            period: self.config.period.as_ref(),
        });
        found.extend(further);
        let complete = faults.iter().all(|fault| fault.severity() != Severity::Error);
        let mut sorted = semantics::lint::accept(&self.suite, found, |code| complete && looked_for(code));
        sorted.open.extend(faults);
        sorted
    }

    /// What is worth a look: of the suite alone, without the register and figures beside it.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Gathers what the selected rules ask of their data.
    ///
    /// # Errors
    /// There is no period, or no such rule.
    pub fn plan(&self, request: &Request) -> Result<Planned<'_>, Box<Stopped>> {
        let mut problems = Vec::new();
        let period = request.period.or(self.config.period);
        if period.is_none() {
            problems.push(
                Diagnostic::at(
                    &codes::NO_PERIOD,
                    Place::Nowhere,
                    Bi::new("没有说明评判哪一期", "the period to judge is not given"),
                )
                .help(Bi::new(
                    "请加上 `--period 2021`，或在 suite.toml 里写 `period = \"2021\"`",
                    "add `--period 2021`, or write `period = \"2021\"` in suite.toml",
                )),
            );
        }
        let rules = self.selected(&request.select).map_err(|found| problems.extend(found)).unwrap_or_default();
        let rules: Vec<RuleId> = rules.into_iter().collect();
        match period {
            Some(period) if problems.is_empty() => {
                let as_of = request.as_of.unwrap_or_else(|| period.last_day());
                let prepared = Prepared::new(&self.suite, &rules, period);
                let shared = request.max_findings.is_none().then_some(FINDINGS_IN_ALL);
                let max_findings = request.max_findings.unwrap_or(FINDINGS);
                let passes = request.passes;
                let options = verdict::Options { as_of, max_findings, shared, in_all: None, passes, steps: true };
                let (select, stamp) = (request.select.clone(), request.stamp.clone());
                Ok(Planned { checked: self, prepared, period, select, stamp, options })
            }
            _ => Err(Stopped::configuration(problems)),
        }
    }

    /// The rules of these ids; without ids, all.
    fn selected(&self, ids: &[String]) -> Result<BTreeSet<RuleId>, Vec<Diagnostic>> {
        if ids.is_empty() {
            return Ok((0..self.suite.rules.len()).map(RuleId).collect());
        }
        let (mut rules, mut problems) = (BTreeSet::new(), Vec::new());
        for wanted in ids {
            match self.suite.rules.iter().position(|rule| rule.id == *wanted) {
                Some(at) => {
                    rules.insert(RuleId(at));
                }
                None => problems.push(self.no_such_rule(wanted)),
            }
        }
        if problems.is_empty() { Ok(rules) } else { Err(problems) }
    }

    /// That the suite has no such rule, with the nearest that it has.
    pub fn no_such_rule(&self, wanted: &str) -> Diagnostic {
        let message = Bi::new(format!("套件里没有规则 `{wanted}`"), format!("the suite has no rule `{wanted}`"));
        let ids = self.suite.rules.iter().map(|rule| rule.id.as_str());
        Diagnostic::at(&codes::NO_SUCH_RULE, Place::Nowhere, message).help(explained::nearest_rule(wanted, ids))
    }
}

/// A suite, what to ask of its data, and for when.
pub struct Planned<'a> {
    checked: &'a Checked,
    prepared: Prepared<'a>,
    period: Period,
    select: Vec<String>,
    stamp: Option<String>,
    options: verdict::Options,
}

impl Planned<'_> {
    /// The plan.
    pub fn plan(&self) -> &Plan {
        self.prepared.plan()
    }

    /// What the plan asks for, for people.
    pub fn listing(&self) -> report::planning::Listing {
        let Checked { suite, sources, identity, .. } = self.checked;
        listing::listing(suite, &identity.name, self.plan(), self.prepared.ids(), sources, self.period.to_string())
    }

    /// The run's period.
    pub fn period(&self) -> Period {
        self.period
    }

    /// Asks the engine. One plan serves any number of submissions.
    pub fn measure(&self, mut data: Data) -> Measured<'_> {
        let measurement = loop {
            match Embedded::default().measure(&self.context(&data), self.plan()) {
                Ok(measurement) => break measurement,
                // What cannot be added up is as good as unread: what rests on it is missing, and the run is not in order.
                Err(NoRoom { dataset, why }) => {
                    data.diagnostics.push(why.diagnostic(self.place(dataset, &data.submission)));
                    data.submission.forget(dataset);
                }
            }
        };
        let suite = &self.checked.suite;
        data.diagnostics.extend(lengths::unused(suite, self.plan(), self.period, &data.submission));
        Measured { planned: self, data, measurement }
    }

    /// The first file of a dataset.
    fn place(&self, dataset: DatasetId, submission: &Submission) -> Place {
        let name = self.checked.suite.datasets.get(dataset.0).map(|dataset| dataset.name.as_str());
        let file = submission.inputs.iter().find(|input| Some(input.dataset.as_str()) == name);
        file.map_or(Place::Nowhere, |input| Place::file(&input.path))
    }

    /// What records say of the run but for the submission.
    fn basis<'c>(&'c self, outside: &'c Outside) -> report::Basis<'c> {
        report::Basis {
            suite: &self.checked.suite,
            identity: &self.checked.identity,
            period: self.period.to_string(),
            as_of: self.options.as_of.to_string(),
            stamp: self.stamp.as_deref(),
            engine: Embedded::default().name(),
            select: &self.select,
            standards: &outside.standards,
            waivers: &outside.waivers,
            register: self.checked.register.as_ref(),
            sources: &self.checked.sources,
        }
    }

    fn context<'c>(&'c self, data: &'c Data) -> Context<'c> {
        Context {
            suite: &self.checked.suite,
            submission: &data.submission,
            standards: &data.outside.standards,
            period: self.period,
        }
    }
}

/// What the engine measured.
pub struct Measured<'p> {
    planned: &'p Planned<'p>,
    data: Data,
    measurement: Measurement,
}

impl<'p> Measured<'p> {
    /// Judges every case of the selected rules.
    pub fn judge(self) -> Judged<'p> {
        let planned = self.planned;
        self.judge_with(&planned.options)
    }

    fn judge_with(self, options: &verdict::Options) -> Judged<'p> {
        let Measured { planned, data, measurement } = self;
        let context = planned.context(&data);
        let waivers = &data.outside.waivers.entries;
        let judgement =
            verdict::judge(&Embedded::default(), &context, &planned.prepared, &measurement, options, waivers);
        Judged { planned, data, judgement }
    }
}

/// A judged run.
pub struct Judged<'p> {
    planned: &'p Planned<'p>,
    data: Data,
    judgement: Judgement,
}

impl Judged<'_> {
    /// The judgement.
    pub fn judgement(&self) -> &Judgement {
        &self.judgement
    }

    /// What there is to say of the data.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.data.diagnostics
    }

    /// The run's record.
    pub fn record(&self) -> record::Record {
        report::build(self.run())
    }

    fn run(&self) -> report::Run<'_> {
        report::Run {
            basis: self.planned.basis(&self.data.outside),
            max_findings: self.judgement.max_findings,
            passes: self.planned.options.passes,
            submission: &self.data.submission,
            remarks: &self.data.diagnostics,
            judgement: &self.judgement,
        }
    }
}

//! The library's front door: a suite, the data of a run, the record of how it came out.
//!
//! A thin wrapper of [`crate::pipeline`], for programs that judge and do not draw.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::base::Diagnostic;
use crate::data::DataSources;
use crate::pipeline::{Checked, Parsed, Request, Stopped};
use crate::quantity::Period;
use crate::report::record::Record;

/// A suite that compiles.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use duixian::{Data, Suite};
///
/// let suite = Suite::load("rules/gulou-2021")?;
/// let record = suite.run(&Data::new().folder("seeds/gulou-2021/sample-2021"))?;
/// for rule in &record.rules {
///     println!("{} {:?}", rule.id, rule.verdict);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Suite {
    checked: Checked,
}

impl Suite {
    /// Reads and compiles the suite in a folder.
    ///
    /// # Errors
    /// There is no suite, or it does not compile: everything that is wrong with it, in one go.
    pub fn load(folder: impl AsRef<Path>) -> Result<Suite, Box<Stopped>> {
        Ok(Suite { checked: Parsed::load(folder.as_ref())?.check()? })
    }

    /// What is worth a look, though the suite compiles.
    pub fn check(&self) -> &[Diagnostic] {
        self.checked.warnings()
    }

    /// What holding the rules against the register and the figures already reported brings up, without the remarks that
    /// rules accept.
    pub fn lints(&self) -> Vec<Diagnostic> {
        self.checked.lints().open
    }

    /// Judges the suite's rules on data.
    ///
    /// # Errors
    /// There is no period or no such rule, or a file of standards or waivers cannot be used. What is wrong with the data itself is
    /// told by the record.
    pub fn run(&self, data: &Data) -> Result<Record, Box<Stopped>> {
        let planned = self.checked.plan(&data.request)?;
        let read = self.checked.read(&data.sources, &data.standards, &data.waivers)?;
        Ok(planned.measure(read).judge().record())
    }
}

/// The data of a run, and what the run is asked for.
#[derive(Clone, Debug, Default)]
pub struct Data {
    sources: DataSources,
    standards: Vec<PathBuf>,
    waivers: Vec<PathBuf>,
    request: Request,
}

impl Data {
    /// No data yet, for the suite's own period.
    pub fn new() -> Self {
        Self::default()
    }

    /// A folder, whose files are read by the names of the datasets or as `suite.toml` says.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.sources.folders.push(folder.into());
        self
    }

    /// A file of a dataset.
    #[must_use]
    pub fn file(mut self, dataset: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        self.sources.named.push((dataset.into(), file.into()));
        self
    }

    /// A standards file, in place of those that `suite.toml` names.
    #[must_use]
    pub fn standards(mut self, file: impl Into<PathBuf>) -> Self {
        self.standards.push(file.into());
        self
    }

    /// A waivers file, in place of those that `suite.toml` names.
    #[must_use]
    pub fn waivers(mut self, file: impl Into<PathBuf>) -> Self {
        self.waivers.push(file.into());
        self
    }

    /// The period to judge.
    #[must_use]
    pub fn period(mut self, period: Period) -> Self {
        self.request.period = Some(period);
        self
    }

    /// The day that counts as today.
    #[must_use]
    pub fn as_of(mut self, day: Date) -> Self {
        self.request.as_of = Some(day);
        self
    }

    /// A rule to judge; without one, all are.
    #[must_use]
    pub fn select(mut self, rule: impl Into<String>) -> Self {
        self.request.select.push(rule.into());
        self
    }
}

//! What a suite is run on: what is submitted, and the standards and waivers that no submission brings.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Checked, Stopped};
use crate::base::{Diagnostic, Severity};
use crate::data::{self, DataSources, StandardValues, Submission, Waivers};
use crate::quantity::Period;
use crate::semantics::hir::Test;

impl Checked {
    /// Reads what comes from outside, but not from who submits: standards and waivers, from the files given, or else from
    /// those of `suite.toml`.
    ///
    /// # Errors
    /// A file of standards or waivers cannot be used.
    pub fn outside(&self, standards: &[PathBuf], waivers: &[PathBuf]) -> Result<Arc<Outside>, Box<Stopped>> {
        let given_or = |given: &[PathBuf], own: Vec<PathBuf>| if given.is_empty() { own } else { given.to_vec() };
        let paths = given_or(standards, self.config.standards_paths());
        let (standards, mut diagnostics) = data::load_standards(&paths, &self.suite);
        let paths = given_or(waivers, self.config.waivers_paths());
        let waivers = Waivers::load(&paths, &self.suite).unwrap_or_else(|faults| {
            diagnostics.extend(faults);
            Waivers::default()
        });
        if diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error) {
            return Err(Stopped::configuration(diagnostics));
        }
        Ok(Arc::new(Outside { standards, waivers, diagnostics }))
    }

    /// Reads a submission, to be judged by these standards and waivers. What is wrong with it stops nothing: see
    /// [`Data::diagnostics`].
    pub fn submitted(&self, sources: &DataSources, outside: &Arc<Outside>) -> Data {
        let mut diagnostics = outside.diagnostics.clone();
        let (submission, found) = data::read_submission(&self.suite, &self.config, sources);
        diagnostics.extend(found);
        Data { submission, outside: Arc::clone(outside), diagnostics }
    }

    /// Reads what is submitted for a run: [`Checked::outside`] and [`Checked::submitted`].
    ///
    /// # Errors
    /// A file of standards or waivers cannot be used, or a file is given for a dataset that there is not.
    pub fn read(
        &self,
        sources: &DataSources,
        standards: &[PathBuf],
        waivers: &[PathBuf],
    ) -> Result<Data, Box<Stopped>> {
        let unknown = data::unknown_names(&self.suite, sources);
        if !unknown.is_empty() {
            return Err(Stopped::configuration(unknown));
        }
        Ok(self.submitted(sources, &self.outside(standards, waivers)?))
    }

    /// What a test submits.
    pub fn given(&self, test: &Test, period: Period) -> Data {
        let (submission, standards, diagnostics) = data::given(&self.suite, &self.config, test, period);
        let waivers = Waivers::given(test, test.as_of.unwrap_or_else(|| period.last_day()));
        let outside = Arc::new(Outside { standards, waivers, diagnostics: Vec::new() });
        Data { submission, outside, diagnostics }
    }
}

/// What a run is judged by that no submission brings: the same for all submissions of a run.
pub struct Outside {
    pub(super) standards: StandardValues,
    pub(super) waivers: Waivers,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Outside {
    /// What there is to say of standards and waivers.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// What was submitted for a run.
pub struct Data {
    pub(super) submission: Submission,
    pub(super) outside: Arc<Outside>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Data {
    /// What there is to say of it. Cells with errors are judged as unreadable, nothing else is stopped by them.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

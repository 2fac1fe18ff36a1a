//! What several tests share: suites in temporary folders, and runs on them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use duixian::data::DataSources;
use duixian::pipeline::{Checked, Parsed, Request};
use duixian::report::record::Record;

/// A folder that goes when the test ends.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("duixian-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A suite of one rule file, checked; panics with its diagnostics if it does not compile.
pub fn suite(folder: &Folder, rules: &str) -> Checked {
    suite_with(folder, rules, "")
}

/// The same with more in its `suite.toml`.
pub fn suite_with(folder: &Folder, rules: &str, more: &str) -> Checked {
    folder.write("suite/suite.toml", format!("name = \"test\"\nperiod = 2021\n{more}"));
    folder.write("suite/rules.rule", rules);
    check(&folder.path().join("suite"))
}

/// The suite of a folder, checked.
pub fn check(dir: &Path) -> Checked {
    let parsed = Parsed::load(dir).unwrap_or_else(|stopped| panic!("{stopped}"));
    parsed.check().unwrap_or_else(|stopped| panic!("{stopped}"))
}

/// The record of a run on named files.
pub fn run(suite: &Checked, files: &[(&str, &Path)]) -> Record {
    let named = files.iter().map(|(name, path)| ((*name).to_owned(), path.to_path_buf())).collect();
    run_on(suite, &DataSources { folders: Vec::new(), named })
}

/// The record of a run.
pub fn run_on(suite: &Checked, sources: &DataSources) -> Record {
    let data = suite.read(sources, &[], &[]).unwrap_or_else(|stopped| panic!("{stopped}"));
    let planned = suite.plan(&Request::default()).unwrap_or_else(|stopped| panic!("{stopped}"));
    planned.measure(data).judge().record()
}

/// What is written must fit the schema that is published for it.
pub fn fits(schema: &str, written: &serde_json::Value) {
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let faults: Vec<String> =
        schema.iter_errors(written).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

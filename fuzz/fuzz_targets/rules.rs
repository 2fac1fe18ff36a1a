//! Any bytes as a rule file: parsed and compiled, or refused.
#![no_main]

use duixian::base::Sources;
use duixian::{semantics, syntax};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let mut sources = Sources::default();
    let file = sources.add("fuzzed.rule", text.as_ref());
    let (tree, _) = syntax::parse(file, &text);
    let files = [(tree, true)];
    let _ = semantics::compile(semantics::Input { files: &files, sources: &sources, register: None });
});

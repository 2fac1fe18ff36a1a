//! Every example of `docs/language.md` compiles, in Chinese and in English.

use duixian::base::Sources;
use duixian::{semantics, syntax};

struct Example {
    lang: String,
    line: usize,
    text: String,
}

fn examples(preamble: bool) -> Vec<Example> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/language.md");
    let document = std::fs::read_to_string(path).unwrap();
    let mut examples: Vec<Example> = Vec::new();
    let mut open = false;
    for (line, text) in (1..).zip(document.lines()) {
        match text.strip_prefix("```duixian ") {
            Some(info) if info.ends_with(" preamble") == preamble => {
                let lang = info.trim_end_matches(" preamble").to_owned();
                examples.push(Example { lang, line, text: String::new() });
                open = true;
            }
            _ if text.starts_with("```") => open = false,
            _ if open => {
                let example = examples.last_mut().unwrap();
                example.text.push_str(text);
                example.text.push('\n');
            }
            _ => {}
        }
    }
    examples
}

fn problems(texts: [&str; 2]) -> (Vec<String>, semantics::hir::Suite) {
    let mut sources = Sources::default();
    let mut said = Vec::new();
    let mut files = Vec::new();
    for text in texts {
        let file = sources.add("example.rule", text);
        let (tree, diagnostics) = syntax::parse(file, text);
        said.extend(diagnostics);
        files.push((tree, true));
    }
    let (suite, diagnostics) =
        semantics::compile(semantics::Input { files: &files, sources: &sources, register: None });
    said.extend(diagnostics.into_iter().filter(|d| d.severity() == duixian::base::Severity::Error));
    (said.iter().map(|d| format!("{} {}", d.code.code, d.message.en)).collect(), suite)
}

#[test]
fn every_example_compiles_in_both_languages() {
    let preambles = examples(true);
    let preamble = |lang: &str| preambles.iter().find(|example| example.lang == lang).unwrap().text.as_str();
    let mut rules = [0, 0];
    for Example { lang, line, text } in examples(false) {
        let (problems, suite) = problems([preamble(&lang), &text]);
        assert!(problems.is_empty(), "line {line} ({lang}): {problems:#?}");
        rules[usize::from(lang == "en")] += suite.rules.len();
    }
    assert!(rules[0] > 30, "{rules:?}");
    assert_eq!(rules[0], rules[1], "the two languages have as many rules");
}

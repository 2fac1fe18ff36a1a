//! The cases of `tests/cases/report`: records, and how they read.

use duixian::base::Lang;
use duixian::report::record::{Kind, Record};
use duixian::report::text::{Options, render};
use duixian::report::{Style, layout};

fn record(path: &std::path::Path) -> Record {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn reports_read_well_in_both_languages() {
    insta::glob!("cases/report/*.json", |path| {
        let record = record(path);
        for (name, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
            let options = Options { lang, width: 100, style: Style::Plain, fail_on: Kind::Binding };
            insta::assert_snapshot!(name, render(&record, &options));
        }
    });
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    insta::glob!("cases/report/*.json", |path| {
        let record = record(path);
        for (lang, width) in [(Lang::Zh, 60), (Lang::Zh, 80), (Lang::En, 60), (Lang::En, 80)] {
            let options = Options { lang, width, style: Style::Plain, fail_on: Kind::Advisory };
            for line in render(&record, &options).lines() {
                // Closing punctuation may hang over by a character.
                assert!(layout::width(line) <= width + 2, "{width}: {line}");
            }
        }
    });
}

#[test]
fn colours_are_all_that_colours_add() {
    insta::glob!("cases/report/*.json", |path| {
        let record = record(path);
        let plain = Options { lang: Lang::Zh, width: 80, style: Style::Plain, fail_on: Kind::Binding };
        let painted = render(&record, &Options { style: Style::Colour, ..plain });
        assert!(painted.contains('\u{1b}'));
        let mut stripped = String::new();
        let mut rest = painted.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            stripped.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        stripped.push_str(rest);
        let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        assert_eq!(trimmed(&stripped), trimmed(&render(&record, &plain)));
    });
}

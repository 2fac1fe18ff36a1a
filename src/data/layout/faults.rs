//! What to say when columns are not found: what was found instead, and what to write in the binding.

use super::Attempt;
use crate::base::codes::data as codes;
use crate::base::{Bi, Diagnostic, column_letters, nearest};
use crate::data::config::Melt;
use crate::quantity::{Decimal, Period};

impl Attempt<'_, '_, '_> {
    pub(super) fn shown_headings(&self) -> Vec<&str> {
        self.headings.iter().map(|heading| heading.shown.as_str()).filter(|shown| !shown.is_empty()).collect()
    }

    pub(super) fn missing(&self, missing: &[Vec<String>]) -> Diagnostic {
        let found = self.shown_headings();
        let list = |separator: &str| {
            let shown: Vec<String> = found.iter().take(20).map(|heading| format!("`{heading}`")).collect();
            let more = if found.len() > 20 { "…" } else { "" };
            shown.join(separator) + more
        };
        let wanted = |or: &str, and: &str| {
            let all: Vec<String> = missing
                .iter()
                .map(|names| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(or))
                .collect();
            all.join(and)
        };
        let (zh, en) = if found.is_empty() {
            ("这一行没有内容".to_owned(), "there is nothing in this row".to_owned())
        } else {
            (format!("看到的列名是：{}", list("、")), format!("the headings found are {}", list(", ")))
        };
        let message = Bi::new(
            format!("没有找到列 {}；{zh}", wanted("或", "、")),
            format!("no column is headed {}; {en}", wanted(" or ", ", ")),
        );
        let near: Vec<(&str, &str)> = missing
            .iter()
            .filter_map(|names| {
                names.iter().find_map(|name| nearest(name, found.iter().copied()).map(|near| (name.as_str(), near)))
            })
            .collect();
        let name = self.wanted.declaration().map_or("", |dataset| dataset.name.as_str());
        // A year may head a column of figures.
        let is_figure = |text: &&str| Decimal::parse(text).is_some() && Period::parse(text).is_none();
        let figure = found.iter().copied().find(is_figure);
        let help = match (near.first(), figure) {
            (None, Some(figure)) => Bi::new(
                format!("`{figure}` 是数字，不像列名：这一行可能已经是数据。文件若没有表头，请在数据上面加一行列名"),
                format!(
                    "`{figure}` is a number and hardly a heading: this row may be data already. If the file has no heading row, put one above the data"
                ),
            ),
            (Some((name, near)), _) => Bi::new(
                format!(
                    "`{near}` 是不是就是 `{name}`？请改列名，或在绑定里写 `columns = {{ \"{name}\" = \"{near}\" }}`"
                ),
                format!(
                    "is `{near}` meant for `{name}`? Rename it, or bind it: `columns = {{ \"{name}\" = \"{near}\" }}`"
                ),
            ),
            (None, None) => Bi::new(
                format!(
                    "请改列名；或在 `suite.toml` 里给 `{name}` 写 `[[binding]]`，用 `columns` 说明列名，用 `header` 说明表头在哪一行"
                ),
                format!(
                    "rename the column, or write a `[[binding]]` for `{name}` in `suite.toml`: `columns` names headings, `header` their row"
                ),
            ),
        };
        Diagnostic::at(&codes::MISSING_COLUMN, self.place(self.last, None), message).help(help)
    }

    pub(super) fn without_melt(&self, melts: &[&Melt]) -> Diagnostic {
        let patterns: Vec<String> = melts.iter().map(|melt| format!("`{}`", melt.headings.text)).collect();
        let found: Vec<String> = self.shown_headings().iter().take(20).map(|heading| format!("`{heading}`")).collect();
        let message = Bi::new(
            format!("没有符合 {} 的列名；看到的列名是：{}", patterns.join("、"), found.join("、")),
            format!("no heading fits {}; the headings found are {}", patterns.join(", "), found.join(", ")),
        );
        let help = Bi::new(
            "请按文件里的列名改 `melt` 的 `headings`",
            "mend `headings` of the `melt` to fit the headings of the file",
        );
        Diagnostic::at(&codes::MISSING_COLUMN, self.place(self.last, None), message).help(help)
    }

    pub(super) fn several(&self, name: &str, at: &[usize]) -> Diagnostic {
        let listed = |open: &str, close: &str, separator: &str| {
            let shown = |at: &usize| {
                let heading = self.headings.get(*at).map_or("", |heading| heading.shown.as_str());
                format!("`{heading}`{open}{}{close}", column_letters(*at))
            };
            at.iter().map(shown).collect::<Vec<_>>().join(separator)
        };
        let message = Bi::new(
            format!("有 {} 列都可能是 `{name}`：{}", at.len(), listed("（", " 列）", "、")),
            format!("{} columns could be `{name}`: {}", at.len(), listed(" (", ")", ", ")),
        );
        let example = at.first().and_then(|at| self.headings.get(*at)).map_or("", |heading| heading.shown.as_str());
        let help = Bi::new(
            format!("改掉其中一列的列名；或在绑定里写明用哪一列，例如 `columns = {{ \"{name}\" = \"{example}\" }}`"),
            format!(
                "rename one of them, or say in the binding which one is meant: `columns = {{ \"{name}\" = \"{example}\" }}`"
            ),
        );
        Diagnostic::at(&codes::REPEATED_HEADING, self.place(self.last, None), message).help(help)
    }

    pub(super) fn unknown_unit(&self, at: usize, text: &str) -> Diagnostic {
        let heading = self.headings.get(at).map_or("", |heading| heading.shown.as_str());
        let message = Bi::new(
            format!("列名 `{heading}` 里的单位 `{text}` 不认识"),
            format!("the unit `{text}` in the heading `{heading}` is not known"),
        );
        let near = match self.wanted.suite.units.resolve(text) {
            Err(crate::quantity::UnitError::Unknown { nearest, .. }) => nearest,
            _ => None,
        };
        let help = match near {
            Some(near) => Bi::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
            None => {
                Bi::new("换成认识的单位，或在规则里声明这个单位", "use a known unit, or declare this one in the rules")
            }
        };
        Diagnostic::at(&codes::UNKNOWN_UNIT, self.place(self.last, Some(at)), message).help(help)
    }
}

//! The register of commitments: what was promised, clause by clause, for citations to hold on to.
//!
//! A CSV file in, entries by id out, all columns as text. Knows no rules.

use std::collections::BTreeMap;
use std::path::Path;

use super::delimited;
use super::encoding::decode;
use super::raw::{RawCell, trimmed};
use crate::base::codes::config as codes;
use crate::base::{Bi, Diagnostic, Place, join};

/// A register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// Its path as messages show it.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// Headings in order.
    pub columns: Vec<String>,
    /// By id.
    pub entries: BTreeMap<String, RegisterEntry>,
}

/// A commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEntry {
    /// Its id: `D210`.
    pub id: String,
    /// The line of the source document, if the register says it.
    pub line: Option<u32>,
    /// The line of the register it stands in.
    pub row: u32,
    /// All its cells, by heading, as text.
    pub fields: BTreeMap<String, String>,
}

impl RegisterEntry {
    /// A cell that is not blank: `clause`, `indicator`, `comparator`, `value`, `unit`.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.fields.get(column).map(String::as_str).filter(|text| !text.is_empty())
    }
}

impl Register {
    /// Reads a register; `path` is shown as given.
    pub fn load(path: &Path) -> Result<Register, Vec<Diagnostic>> {
        let shown = join("", &super::shown(path));
        let bytes = std::fs::read(path).map_err(|error| {
            let why = super::refusal(&error);
            let message = Bi::new(
                format!("打不开承诺登记表 `{shown}`：{}", why.zh),
                format!("cannot open the register `{shown}`: {}", why.en),
            );
            let help = Bi::new("请检查 `suite.toml` 里的 `register`", "check `register` in `suite.toml`");
            vec![Diagnostic::at(&codes::UNREADABLE, Place::file(&*shown), message).help(help)]
        })?;
        let text = decode(&bytes, &shown, None).map_err(|fault| vec![*fault])?;
        let mut register = Register::parse(&text, &shown)?;
        register.sha256 = super::sha256(&bytes);
        Ok(register)
    }

    /// Reads a register's text.
    pub fn parse(text: &str, path: &str) -> Result<Register, Vec<Diagnostic>> {
        let sheet = delimited::parse(text, path, None).map_err(|fault| vec![*fault])?;
        let place = |row: u32| Place::Data {
            path: path.to_owned(),
            sheet: None,
            row: Some(row.into()),
            column: None,
            cell: None,
        };
        let filled = |index: &usize| !sheet.row(*index).iter().all(RawCell::is_blank);
        let mut rows = (0..sheet.len()).filter(filled);
        let cells = |index: usize| -> Vec<String> {
            sheet.row(index).iter().map(|cell| trimmed(&cell.text()).to_owned()).collect()
        };
        let columns = rows.next().map(cells).unwrap_or_default();
        let Some(id_column) = columns.iter().position(|column| column == "id") else {
            let message = Bi::new(
                format!("登记表没有 `id` 列；列名是：`{}`", columns.join("`、`")),
                format!("the register has no column `id`; its headings are `{}`", columns.join("`, `")),
            );
            let help =
                Bi::new("第一行写列名，其中一列叫 `id`", "the first line names the columns, and one of them is `id`");
            return Err(vec![Diagnostic::at(&codes::REGISTER, Place::file(path), message).help(help)]);
        };
        let mut register = Register { path: path.to_owned(), columns, ..Register::default() };
        let mut faults = Vec::new();
        for index in rows {
            let (row, cells) = (sheet.number(index), cells(index));
            let width = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
            if width > register.columns.len() || cells.len() < register.columns.len() {
                let message = Bi::new(
                    format!("表头有 {} 格，这一行有 {} 格", register.columns.len(), cells.len()),
                    format!("the heading has {} cells, this row has {}", register.columns.len(), cells.len()),
                );
                let help = Bi::new("给带逗号的内容加上引号", "put text that holds a comma in quotes");
                faults.push(Diagnostic::at(&codes::REGISTER, place(row), message).help(help));
                continue;
            }
            let id = cells.get(id_column).cloned().unwrap_or_default();
            if id.is_empty() {
                let message = Bi::new("这一行没有 `id`", "this row has no `id`");
                let help = Bi::new("给每条承诺一个不重复的 `id`", "give every commitment an `id` of its own");
                faults.push(Diagnostic::at(&codes::REGISTER, place(row), message).help(help));
                continue;
            }
            let fields: BTreeMap<String, String> = register.columns.iter().cloned().zip(cells).collect();
            let line = fields.get("line").and_then(|line| line.parse().ok());
            let entry = RegisterEntry { id: id.clone(), line, row, fields };
            if let Some(earlier) = register.entries.get(&id) {
                let message = Bi::new(format!("`{id}` 登记了两次"), format!("`{id}` is registered twice"));
                let fault = Diagnostic::at(&codes::REGISTER, place(row), message)
                    .label(place(earlier.row), Bi::new("第一次在这里", "first here"))
                    .help(Bi::new("给其中一条换一个 `id`", "give one of them another `id`"));
                faults.push(fault);
                continue;
            }
            register.entries.insert(id, entry);
        }
        if faults.is_empty() { Ok(register) } else { Err(faults) }
    }

    /// An entry.
    pub fn get(&self, id: &str) -> Option<&RegisterEntry> {
        self.entries.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_id() {
        let register = Register::parse("id,clause,line,value\nD210,\"压减10%, 全区\",53,10\n\nD211,x,,\n", "c.csv")
            .expect("a register");
        let entry = register.get("D210").expect("an entry");
        assert_eq!((entry.line, entry.row, entry.get("clause")), (Some(53), 2, Some("压减10%, 全区")));
        assert_eq!(
            register.get("D211").map(|entry| (entry.line, entry.row, entry.get("value"))),
            Some((None, 4, None))
        );
    }

    #[test]
    fn ids_are_there_and_unique() {
        let faults = Register::parse("id,a\nx,1\n,2\nx,3\ny,1,2\n", "c.csv").expect_err("faults");
        let rows: Vec<_> = faults.iter().map(|f| (f.code.code, f.place.clone(), f.labels.len())).collect();
        let place = |row| Place::Data { path: "c.csv".into(), sheet: None, row: Some(row), column: None, cell: None };
        assert_eq!(rows, [("E0511", place(3), 0), ("E0511", place(4), 1), ("E0511", place(5), 0)]);
        assert!(Register::parse("a,b\n1,2\n", "c.csv").is_err());
        assert!(Register::parse("", "c.csv").is_err());
    }
}

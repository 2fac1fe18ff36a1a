//! Suites built by hand, and files to read with them.

use std::path::{Path, PathBuf};

use crate::base::{Diagnostic, FileId, Severity, Span};
use crate::data::{Cell, DataSources, Submission, SuiteConfig, Table, read_submission};
use crate::quantity::{Granularity, Number, Period, Scalar, Unit, Units};
use crate::semantics::hir::{
    Column, ColumnId, ColumnRole, Dataset, DimId, Indicator, Scale, ScaleId, Standard, Suite, Type,
};

mod bindings;
mod cases;
mod cells;
mod figures;
mod formats;
mod mutation;
mod objects;
mod parquet;
mod published;
mod rounding;
mod texts;
mod workbooks;

pub fn span() -> Span {
    Span::new(FileId(0), 0..0)
}

pub fn column(name: &str, role: ColumnRole, ty: Type) -> Column {
    Column { name: name.to_owned(), role, ty, dim: None, codes: None, hierarchy: None }
}

pub fn quantity(unit: &str) -> Type {
    Type::Quantity(Units::default().resolve(unit).expect("a unit"))
}

fn indicator(name: &str, ty: Type, aliases: &[&str]) -> Indicator {
    Indicator {
        name: name.to_owned(),
        title: name.to_owned(),
        params: Vec::new(),
        ty,
        body: None,
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        growth_from: None,
        blank_as_zero: false,
        nature: None,
        span: span(),
    }
}

/// The indicator table; 预算 (部门, 科目, 年度; 金额 in 万元; 备注); 项目 with a column of every other type.
pub fn suite() -> Suite {
    use ColumnRole::{Attribute, Dimension, Measure};
    let year = Type::Period(Some(Granularity::Year));
    let dataset = |name: &str, columns: Vec<Column>, key: Vec<usize>| Dataset {
        name: name.to_owned(),
        title: name.to_owned(),
        period: columns.iter().position(|c| matches!(c.ty, Type::Period(_))).map(ColumnId),
        columns,
        key: key.into_iter().map(ColumnId).collect(),
        span: None,
    };
    let indicators = dataset(
        "指标",
        vec![
            column("指标", Dimension, Type::Text),
            column("区域", Dimension, Type::Text),
            column("期间", Dimension, Type::Period(None)),
            column("数值", Measure, Type::Quantity(Unit::plain())),
        ],
        vec![],
    );
    let budget = dataset(
        "预算",
        vec![
            column("部门", Dimension, Type::Text),
            column("科目", Dimension, Type::Text),
            column("年度", Dimension, year),
            column("金额", Measure, quantity("万元")),
            column("备注", Attribute, Type::Text),
        ],
        vec![0, 1, 2],
    );
    let projects = dataset(
        "项目",
        vec![
            column("项目", Dimension, Type::Text),
            column("完成率", Measure, quantity("%")),
            column("户数", Measure, quantity("户")),
            column("开工", Attribute, Type::Date),
            column("竣工", Attribute, Type::Boolean),
            column("水质", Attribute, Type::Level(ScaleId(0))),
        ],
        vec![],
    );
    let levels = ["劣Ⅴ类", "Ⅴ类", "Ⅳ类", "Ⅲ类"].map(str::to_owned).to_vec();
    let mut suite = Suite {
        units: Units::default(),
        scales: vec![Scale { name: "水质".to_owned(), levels }],
        standards: vec![Standard {
            name: "市定失业率标准".to_owned(),
            title: "市定失业率标准".to_owned(),
            ty: quantity("%"),
            span: span(),
        }],
        datasets: vec![indicators, budget, projects],
        dims: vec!["区域".to_owned(), "部门".to_owned(), "科目".to_owned(), "项目".to_owned()],
        indicators: vec![
            indicator("失业率", quantity("%"), &["城镇登记失业率"]),
            indicator("地区生产总值", quantity("亿元"), &["GDP"]),
            indicator("断面水质", Type::Level(ScaleId(0)), &[]),
            indicator("公用经费", quantity("万元"), &[]),
        ],
        rules: Vec::new(),
        tests: Vec::new(),
        aggregates: 0,
    };
    if let Some(computed) = suite.indicators.last_mut() {
        computed.body = Some(crate::semantics::hir::Expr {
            kind: crate::semantics::hir::ExprKind::Number(Number::one()),
            ty: quantity("万元"),
            span: span(),
        });
    }
    for dataset in &mut suite.datasets {
        for column in &mut dataset.columns {
            column.dim = suite.dims.iter().position(|dim| *dim == column.name).map(DimId);
        }
    }
    suite
}

/// A folder of files that goes away with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("duixian-data-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.0.join(name), bytes).expect("a file");
        self
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn read(&self) -> (Submission, Vec<Diagnostic>) {
        self.read_with("name = \"t\"\nregion = \"鼓楼区\"")
    }

    pub fn read_with(&self, config: &str) -> (Submission, Vec<Diagnostic>) {
        read_submission(&suite(), &self::config(config), &self.sources())
    }

    pub fn sources(&self) -> DataSources {
        DataSources { folders: vec![self.0.clone()], named: Vec::new() }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn config(text: &str) -> SuiteConfig {
    let file = crate::data::toml_file::TomlFile {
        path: "suite.toml".to_owned(),
        text: text.to_owned(),
        sha256: String::new(),
    };
    SuiteConfig::parse(&file).expect("a well-formed suite.toml")
}

/// The one table of a dataset, read from one file.
pub fn table(name: &str, bytes: impl AsRef<[u8]>, config: &str) -> (Table, Vec<Diagnostic>) {
    let folder = Folder::new();
    folder.file(name, bytes);
    let (submission, diagnostics) = folder.read_with(config);
    (submission.tables.into_iter().flatten().next().unwrap_or_default(), diagnostics)
}

pub const PLAIN: &str = "name = \"t\"";

pub fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code.code).collect()
}

pub fn errors(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().filter(|d| d.severity() == Severity::Error).map(|d| d.code.code).collect()
}

/// The rows of a table as text: `教育局|公用经费|2021|900100`.
pub fn rows(table: &Table) -> Vec<String> {
    (0..table.len())
        .map(|row| table.columns.iter().map(|cells| text(&cells.get(row).unwrap())).collect::<Vec<_>>().join("|"))
        .collect()
}

pub fn text(cell: &Cell) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Bad(text) => format!("!{text}"),
        Cell::Within(interval, _) => interval.written(Number::exact),
        Cell::Value(scalar, _) => match scalar {
            Scalar::Number(number) => number.exact(),
            Scalar::Text(text) => text.to_string(),
            Scalar::Boolean(value) => value.to_string(),
            Scalar::Date(date) => date.to_string(),
            Scalar::Period(period) => period.to_string(),
            Scalar::Level(level) => format!("#{level}"),
        },
    }
}

pub fn period(text: &str) -> Period {
    Period::parse(text).expect("a period")
}

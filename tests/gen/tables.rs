//! Random submissions: mostly complete, some with blanks, unreadable cells, absent groups or absent tables.

use duixian::data::{self, Cell, Input, Origin, Part, StandardEntry, StandardValues, Standing, Submission, Table};
use duixian::quantity::{Decimal, End, Interval, Number, Period, Scalar};
use duixian::semantics::hir::*;
use jiff::civil::{Date, date};

use super::suite::*;
use super::{Entropy, number};

const AMOUNTS: [&str; 16] =
    ["10", "1", "2", "3", "5", "9", "11", "100", "90.01", "0", "-1", "-5", "0.5", "6.5", "20", "12.1"];

/// Draws a submission.
pub struct Tables<'e, 'b> {
    pub entropy: &'e mut Entropy<'b>,
    pub periods: Vec<Period>,
    /// In a hundred cells.
    blanks: usize,
    bads: usize,
    /// In a hundred rows: not there.
    gaps: usize,
    /// No zero and no negative amount.
    pub positive: bool,
    /// In a hundred figures: rounded.
    rounded: usize,
    /// In a hundred figures of the indicator table: a mere bound.
    bounds: usize,
}

impl<'e, 'b> Tables<'e, 'b> {
    pub fn new(entropy: &'e mut Entropy<'b>, periods: Vec<Period>) -> Self {
        Tables { entropy, periods, blanks: 0, bads: 0, gaps: 0, positive: false, rounded: 0, bounds: 0 }
    }

    /// Every table of a suite.
    pub fn submission(&mut self, suite: &Suite) -> Submission {
        self.positive = self.entropy.chance(60);
        let mut submission = Submission { region: "本区".to_owned(), ..Submission::default() };
        for (at, dataset) in suite.datasets.iter().enumerate() {
            (self.blanks, self.bads) = self.entropy.weighted(&[(6, (0, 0)), (2, (3, 0)), (1, (1, 3)), (1, (10, 6))]);
            self.gaps = self.entropy.weighted(&[(6, 0), (3, 10), (1, 40)]);
            self.rounded = self.entropy.weighted(&[(4, 0), (9, 100), (1, 50)]);
            self.bounds = self.entropy.weighted(&[(3, 0), (1, 40)]);
            let absent = self.entropy.chance(if at == 0 { 1 } else { 4 });
            let table = (!absent).then(|| self.table(suite, DatasetId(at)));
            submission.inputs.push(Input {
                dataset: dataset.name.clone(),
                path: format!("{}.csv", dataset.name),
                sha256: String::new(),
                rows: table.as_ref().map_or(0, |table| table.len() as u64),
            });
            submission.tables.push(table);
        }
        submission
    }

    fn table(&mut self, suite: &Suite, dataset: DatasetId) -> Table {
        let rows = match dataset {
            INDICATOR_TABLE => self.indicator_rows(suite),
            BUDGET => self.budget_rows(),
            ACCOUNTS => self.account_rows(),
            ROSTER => self.roster_rows(),
            _ => self.district_rows(),
        };
        table_of(dataset, &suite.datasets[dataset.0], rows)
    }

    fn amount(&mut self) -> Cell {
        let amounts = if self.positive { &AMOUNTS[..9] } else { &AMOUNTS[..] };
        let amount = self.entropy.pick(amounts);
        self.figure(amount)
    }

    /// A figure, which may stand for a rounded one.
    fn figure(&mut self, text: &str) -> Cell {
        let cell = self.cell(Scalar::Number(number(text)));
        let Cell::Value(Scalar::Number(stated), digits) = &cell else { return cell };
        if !self.entropy.chance(self.rounded) {
            return cell;
        }
        // As digits round, or wider, so that figures overlap.
        let half = match self.entropy.below(5) {
            0..3 => &stated.abs() * &number(self.entropy.pick(&["0.9", "0.5", "0.99"])),
            zeros => Decimal::new(5, Decimal::parse(text).unwrap().scale() + zeros as u32 - 2).value(),
        };
        if half.is_zero() {
            return cell;
        }
        Cell::Within(Interval::rounded(stated, &half).into(), *digits)
    }

    /// A figure of the indicator table, which may be a mere bound.
    fn qualified(&mut self, text: &str) -> Cell {
        let cell = self.figure(text);
        let Cell::Value(Scalar::Number(stated), digits) = &cell else { return cell };
        if !self.entropy.chance(self.bounds) {
            return cell;
        }
        let stated = stated.clone();
        let interval = match self.entropy.below(5) {
            0 => Interval::from(End::excluded(stated)),
            1 => Interval::from(End::included(stated)),
            2 => Interval::to(End::included(stated)),
            3 => Interval::to(End::excluded(stated)),
            _ => Interval::rounded(&stated, &number("0.5")),
        };
        Cell::Within(interval.into(), *digits)
    }

    /// A value, or what became of it.
    fn cell(&mut self, value: Scalar) -> Cell {
        if self.blanks + self.bads == 0 {
            return Cell::Value(value, 0);
        }
        let fate = 99 - self.entropy.below(100);
        if fate < self.blanks {
            Cell::Blank
        } else if fate < self.blanks + self.bads {
            Cell::Bad("？".into())
        } else {
            Cell::Value(value, 1)
        }
    }

    fn text(&mut self, from: &[&str]) -> Cell {
        let text = self.entropy.pick(from);
        self.cell(Scalar::text(text))
    }

    fn day(&mut self) -> Cell {
        let day: Date = self.entropy.pick(&[date(2021, 3, 1), date(2021, 3, 2), date(2020, 2, 29), date(2020, 1, 1)]);
        self.cell(Scalar::Date(day))
    }

    fn level(&mut self) -> Cell {
        let level = 2 - self.entropy.below(3);
        self.cell(Scalar::Level(level))
    }

    fn flag(&mut self) -> Cell {
        let flag = !self.entropy.chance(25);
        self.cell(Scalar::Boolean(flag))
    }

    fn indicator_rows(&mut self, suite: &Suite) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for indicator in suite.indicators.iter().take(PLAIN) {
            for region in ["本区", "东区"] {
                for period in self.periods.clone() {
                    if self.entropy.chance(self.gaps) {
                        continue;
                    }
                    for _ in 0..1 + usize::from(self.entropy.chance(4)) {
                        let value = match indicator.ty {
                            Type::Quantity(_) if indicator.name.ends_with("增速") => {
                                let rate = self.entropy.pick(&["0.1", "0.05", "0", "-0.1", "-1", "-2"]);
                                self.qualified(rate)
                            }
                            Type::Quantity(_) => {
                                let amounts = if self.positive { &AMOUNTS[..9] } else { &AMOUNTS[..] };
                                let amount = self.entropy.pick(amounts);
                                self.qualified(amount)
                            }
                            Type::Level(_) => self.level(),
                            Type::Boolean => self.flag(),
                            Type::Date => self.day(),
                            _ => self.text(&["已完成", "甲", "未"]),
                        };
                        rows.push(vec![
                            self.cell(Scalar::text(&indicator.name)),
                            Cell::Value(Scalar::text(region), 0),
                            self.cell(Scalar::Period(period)),
                            value,
                        ]);
                    }
                }
            }
        }
        rows
    }

    fn budget_rows(&mut self) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for department in ["甲", "乙"] {
            for period in self.periods.clone() {
                if self.entropy.chance(self.gaps) {
                    continue;
                }
                for row in 0..1 + self.entropy.below(2) {
                    let subjects = if row == 0 { &["1", "1", "1", "2"] } else { &["1", "2", "11", "11"] };
                    let department = if self.entropy.chance(10) { "丙" } else { department };
                    rows.push(vec![
                        self.cell(Scalar::text(department)),
                        self.text(subjects),
                        self.cell(Scalar::Period(period)),
                        self.amount(),
                        self.amount(),
                        self.flag(),
                        self.day(),
                        self.level(),
                        self.text(&["已", "甲"]),
                    ]);
                }
            }
        }
        rows
    }

    fn account_rows(&mut self) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for period in self.periods.clone().into_iter().take(2) {
            for (code, parent) in [("1", ""), ("11", "1"), ("12", "1"), ("111", "11"), ("2", ""), ("1234", "2")] {
                if self.entropy.chance(25) || (code == "1234" && !self.entropy.chance(20)) {
                    continue;
                }
                let code = if self.entropy.chance(5) { "1" } else { code };
                let parent = if self.entropy.chance(5) { "2" } else { parent };
                let department = if self.entropy.chance(10) { "乙" } else { "甲" };
                rows.push(vec![
                    self.cell(Scalar::text(code)),
                    self.cell(Scalar::text(department)),
                    self.cell(Scalar::Period(period)),
                    self.amount(),
                    if parent.is_empty() { Cell::Blank } else { self.cell(Scalar::text(parent)) },
                ]);
            }
        }
        rows
    }

    fn roster_rows(&mut self) -> Vec<Vec<Cell>> {
        let members = self.entropy.some_of(&["丁", "丙", "乙", "甲"], 60);
        members
            .into_iter()
            .map(|member| vec![self.cell(Scalar::text(member)), self.text(&["已", "甲"]), self.amount()])
            .collect()
    }

    fn district_rows(&mut self) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for region in ["本区", "东区", "西区"] {
            for period in self.periods.clone() {
                if !self.entropy.chance(self.gaps) {
                    rows.push(vec![self.cell(Scalar::text(region)), self.cell(Scalar::Period(period)), self.amount()]);
                }
            }
        }
        rows
    }

    /// Values of the standards, most of them given.
    pub fn standards(&mut self, suite: &Suite) -> StandardValues {
        let mut values = StandardValues::default();
        for standard in &suite.standards {
            let mut entries = Vec::new();
            for period in [None, self.periods.first().copied(), self.periods.get(1).copied()] {
                if self.entropy.chance(20) {
                    continue;
                }
                let value = match standard.ty {
                    Type::Quantity(_) => Scalar::Number(number(self.entropy.pick(&["0.1", "1", "5", "20", "0", "-1"]))),
                    Type::Level(_) => Scalar::Level(self.entropy.below(3)),
                    _ => Scalar::text(self.entropy.pick(&["已", "甲"])),
                };
                let source = "文件".to_owned();
                entries.push(StandardEntry { period, value, stated: String::new(), source, place: None });
            }
            values.entries.push(entries);
        }
        values
    }
}

/// The same submission with most gaps filled: each blank or unreadable cell with what another row has in its column.
/// Rows of the indicator table that do not say what they are about stay so: they count for nothing.
pub fn mended(submission: &Submission, entropy: &mut Entropy<'_>) -> Submission {
    let mut submission = submission.clone();
    let tables = submission.tables.iter_mut().enumerate();
    for (dataset, table) in tables.filter_map(|(at, table)| Some((DatasetId(at), table.as_mut()?))) {
        let keys = if dataset == INDICATOR_TABLE { indicator_table::VALUE.0 } else { 0 };
        for column in table.columns.iter_mut().skip(keys) {
            let is_gap = |cell: &Cell| matches!(cell, Cell::Blank | Cell::Bad(_));
            let known: Vec<Cell> = column.iter().filter(|cell| !is_gap(cell)).map(|cell| cell.into_owned()).collect();
            for cell in cells(column).iter_mut().filter(|cell| is_gap(cell)) {
                if !known.is_empty() && !entropy.chance(25) {
                    *cell = entropy.pick(&known);
                }
            }
        }
    }
    submission
}

/// The same submission with each figure that is known only within bounds one of the figures that it may be. Of the
/// indicator table, rows that say the same go on to say the same.
pub fn settled(submission: &Submission, entropy: &mut Entropy<'_>) -> Submission {
    let mut submission = submission.clone();
    let tables = submission.tables.iter_mut().enumerate();
    for (dataset, table) in tables.filter_map(|(at, table)| Some((DatasetId(at), table.as_mut()?))) {
        let mut same: Vec<(Interval, Cell)> = Vec::new();
        for cell in table.columns.iter_mut().flat_map(cells) {
            let Cell::Within(interval, digits) = &*cell else { continue };
            let known = same.iter().find(|(other, _)| dataset == INDICATOR_TABLE && *other == **interval);
            let chosen = match known {
                Some((_, chosen)) => chosen.clone(),
                None => Cell::Value(Scalar::Number(one_of(interval, entropy)), *digits),
            };
            same.push(((**interval).clone(), chosen.clone()));
            *cell = chosen;
        }
    }
    submission
}

/// The cells of a column that is not packed.
pub fn cells(column: &mut data::column::Column) -> &mut Vec<Cell> {
    match column {
        data::column::Column::Cells(cells) => cells,
        packed => panic!("{packed:?} is packed"),
    }
}

/// The same submission with every column packed.
pub fn packed(submission: &Submission) -> Submission {
    let mut submission = submission.clone();
    for column in submission.tables.iter_mut().flatten().flat_map(|table| &mut table.columns) {
        *column = column.packed();
    }
    submission
}

/// One of the values of an interval: an end if it is one of them, close to it, in between, or far from it.
fn one_of(interval: &Interval, entropy: &mut Entropy<'_>) -> Number {
    let steps = ["0", "0.001", "0.04", "0.3", "7", "1000"];
    let step = number(entropy.pick(&steps));
    let candidates = [
        interval.low().map(|low| &low.at + &step),
        interval.high().map(|high| &high.at - &step),
        interval.low().map(|low| low.at.clone()),
        interval.high().map(|high| high.at.clone()),
    ];
    let start = entropy.below(candidates.len());
    let mut chosen = candidates.iter().cycle().skip(start).take(candidates.len()).flatten();
    let fallback = || interval.middle().map(|(middle, _)| middle);
    let beyond = || {
        let one = Number::one();
        interval.low().map(|low| &low.at + &one).or_else(|| interval.high().map(|high| &high.at - &one))
    };
    chosen.find(|value| interval.contains(value)).cloned().or_else(fallback).or_else(beyond).unwrap()
}

/// A table from its rows.
pub fn table_of(dataset: DatasetId, of: &Dataset, rows: Vec<Vec<Cell>>) -> Table {
    let origins = (0..rows.len()).map(|row| Origin { part: 0, row: row as u32 + 2, melted: None }).collect();
    let mut columns = vec![Vec::new(); of.columns.len()];
    for row in rows {
        assert_eq!(row.len(), columns.len());
        for (column, cell) in columns.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    let standing = |(at, column): (usize, &Column)| Standing { at, heading: Some(column.name.clone()), letters: None };
    let standing = of.columns.iter().enumerate().map(|column| Some(standing(column))).collect();
    let part = Part { input: dataset.0, sheet: None, columns: standing, melted: vec![], elsewhere: vec![] };
    Table { columns: columns.into_iter().map(data::column::Column::from).collect(), origins, parts: vec![part] }
}

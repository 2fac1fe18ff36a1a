//! The tables of the sample, laid out as departments publish theirs.

use super::grid::{Grid, Look};
use super::model::{Cents, ECONOMICS, FUNCTIONS, Item, Office, name_of, rolled_up};

/// The district, which does not exist.
const DISTRICT: &str = "云溪区";

/// All sheets.
pub fn sheets(offices: &[Office]) -> Vec<Grid> {
    vec![
        income_and_expenditure(offices),
        income(offices, 0),
        income(offices, 1),
        expenditure(offices),
        appropriations(offices),
        basic(offices),
        three(offices),
        carried(offices),
        summary(offices),
    ]
}

fn head(grid: &mut Grid, row: u32, last: u16, title: &str) {
    grid.merged((row, 0, row, last), title, Look::Title);
}

/// 部门收支总表: income at the left, expenditure at the right, two years side by side.
fn income_and_expenditure(offices: &[Office]) -> Grid {
    let mut grid = Grid::new("部门收支", &[16.0, 28.0, 14.0, 14.0, 24.0, 14.0, 14.0]);
    head(&mut grid, 0, 6, &format!("{DISTRICT}2021年部门收支总表"));
    grid.text(1, 0, "公开01表", Look::Line);
    grid.text(1, 6, "单位：万元", Look::LineRight);
    grid.merged((2, 0, 3, 0), "部门名称", Look::Heading);
    for (left, text) in [(1, "收　　入"), (4, "支　　出")] {
        grid.merged((2, left, 2, left + 2), text, Look::Heading);
        for (column, text) in (left..).zip(["项　目", "2020年预算数", "2021年预算数"]) {
            grid.text(3, column, text, Look::Heading);
        }
    }
    let mut row = 4;
    for office in offices {
        let [before, now] = [0, 1].map(|year| {
            let (opening, closing) = office.carry()[year];
            let running = office.running[year];
            let (basic, project) = (office.basics()[year], office.projects()[year]);
            let income = office.income(year);
            let left = [
                office.general(year),
                office.fund_of(year),
                office.own_income,
                office.other_income,
                0,
                income,
                opening,
                income + opening,
            ];
            let spent = basic + project;
            let right = [basic, basic - running, running, project, 0, spent, closing, spent + closing];
            (left, right)
        });
        let names = [
            ("一、一般公共预算拨款收入", "一、基本支出"),
            ("二、政府性基金预算拨款收入", "　其中：人员经费"),
            ("三、事业收入", "　　　　公用经费"),
            ("四、其他收入", "二、项目支出"),
            ("", "三、上缴上级支出"),
            ("本年收入合计", "本年支出合计"),
            ("上年结转结余", "结转下年"),
            ("收入总计", "支出总计"),
        ];
        grid.merged((row, 0, row + 7, 0), office.name, Look::Centred);
        for (at, (left, right)) in names.iter().enumerate() {
            let total = matches!(at, 5 | 7);
            let (name, figure) = if total { (Look::Total, Look::TotalAmount) } else { (Look::Name, Look::Amount) };
            if !left.is_empty() {
                grid.text(row, 1, *left, name);
                grid.amount(row, 2, before.0[at], figure);
                grid.amount(row, 3, now.0[at], figure);
            } else {
                (1..4).for_each(|column| grid.blank(row, column));
            }
            grid.text(row, 4, *right, name);
            grid.amount(row, 5, before.1[at], figure);
            grid.amount(row, 6, now.1[at], figure);
            row += 1;
        }
    }
    grid.text(row, 0, "注：1.本表反映部门年度总体收支情况，含财政拨款和其他各类资金。", Look::Note);
    grid.text(row + 1, 0, "2.“—”表示没有这项收入或支出。", Look::Note);
    grid
}

/// 部门收入总表, a sheet for each year.
fn income(offices: &[Office], year: usize) -> Grid {
    let years = ["2020", "2021"];
    let widths = [10.0, 20.0, 14.0, 14.0, 15.0, 15.0, 15.0, 15.0, 12.0, 12.0, 13.0];
    let mut grid = Grid::new(&format!("{}年部门收入", years[year]), &widths);
    head(&mut grid, 0, 10, &format!("{DISTRICT}{}年部门收入总表", years[year]));
    grid.text(1, 0, "公开02表", Look::Line);
    grid.text(1, 10, "单位：万元", Look::LineRight);
    for (column, text) in [(0, "部门编码"), (1, "部门名称"), (2, "合计"), (10, "上年结转结余")] {
        grid.merged((2, column, 3, column), text, Look::Heading);
    }
    grid.merged((2, 3, 2, 9), "本年收入", Look::Heading);
    let sources = [
        "小计",
        "一般公共预算拨款",
        "政府性基金预算拨款",
        "国有资本经营预算拨款",
        "财政专户管理资金",
        "事业收入",
        "其他收入",
    ];
    for (column, text) in (3..).zip(sources) {
        grid.text(3, column, text, Look::Heading);
    }
    let figures = |office: &Office| -> [Cents; 9] {
        let (income, opening) = (office.income(year), office.carry()[year].0);
        let (general, fund) = (office.general(year), office.fund_of(year));
        [income + opening, income, general, fund, 0, 0, office.own_income, office.other_income, opening]
    };
    grid.merged((4, 0, 4, 1), "合　计", Look::Total);
    for (at, column) in (2..11).enumerate() {
        let total = offices.iter().map(|office| figures(office)[at]).sum();
        grid.amount(4, column, total, Look::TotalAmount);
    }
    for (row, office) in (5..).zip(offices) {
        grid.text(row, 0, office.code, Look::Name);
        grid.text(row, 1, office.name, Look::Name);
        for (column, figure) in (2..).zip(figures(office)) {
            grid.amount(row, column, figure, Look::Amount);
        }
    }
    grid
}

/// The rows of a table by functional codes: code, name, 合计, 基本支出, 项目支出.
fn coded<'a>(grid: &mut Grid, mut row: u32, items: impl Iterator<Item = &'a Item> + Clone) -> u32 {
    let basic: Cents = items.clone().map(|item| item.basic).sum();
    let project: Cents = items.clone().map(|item| item.project).sum();
    let times = |code: &str| items.clone().find(|item| item.code == code).map_or(1, |item| item.times);
    grid.merged((row, 0, row, 1), "合　计", Look::Total);
    for (column, figure) in (2..).zip([basic + project, basic, project]) {
        grid.amount(row, column, figure, Look::TotalAmount);
    }
    row += 1;
    for (code, printed, basic, project) in rolled_up(items.clone()) {
        let level = (code.len() - 3) / 2;
        let name = name_of(&FUNCTIONS, &code);
        assert!(!name.is_empty(), "{code}");
        for _ in 0..times(&code) {
            grid.text(row, 0, format!("{}{printed}", "  ".repeat(level)), Look::Name);
            grid.text(row, 1, format!("{}{name}", "　".repeat(level)), Look::Name);
            for (column, figure) in (2..).zip([basic + project, basic, project]) {
                grid.amount(row, column, figure, Look::Amount);
            }
            row += 1;
        }
    }
    row
}

fn coded_heading(grid: &mut Grid, row: u32) {
    for (column, text) in (0..).zip(["科目编码", "科目名称", "合　计", "基本支出", "项目支出"]) {
        grid.text(row, column, text, Look::Heading);
    }
}

/// 部门支出总表, one department below the other.
fn expenditure(offices: &[Office]) -> Grid {
    let mut grid = Grid::new("部门支出", &[14.0, 44.0, 15.0, 15.0, 15.0]);
    let mut row = 0;
    for office in offices {
        head(&mut grid, row, 4, "2021年部门支出总表");
        grid.text(row + 1, 0, format!("部门：{}", office.name), Look::Line);
        grid.text(row + 1, 4, "单位：万元", Look::LineRight);
        coded_heading(&mut grid, row + 2);
        row = coded(&mut grid, row + 3, office.items.iter());
        grid.text(row, 0, "注：本表按支出功能分类科目编列到项。", Look::Note);
        row += 2;
    }
    grid
}

/// 财政拨款收支总表, one department below the other.
fn appropriations(offices: &[Office]) -> Grid {
    let numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let mut grid = Grid::new("财政拨款收支", &[30.0, 14.0, 32.0, 14.0, 15.0, 15.0, 17.0]);
    let mut row = 0;
    for office in offices {
        head(&mut grid, row, 6, "2021年财政拨款收支总表");
        grid.text(row + 1, 0, format!("部门：{}", office.name), Look::Line);
        grid.text(row + 1, 6, "单位：万元", Look::LineRight);
        grid.merged((row + 2, 0, row + 2, 1), "收　入", Look::Heading);
        grid.merged((row + 2, 2, row + 2, 6), "支　出", Look::Heading);
        let columns = ["项　目", "预算数", "项　目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"];
        for (column, text) in (0..).zip(columns) {
            grid.text(row + 3, column, text, Look::Heading);
        }
        row += 4;
        let own = office.own_income + office.other_income;
        let mut classes: Vec<(String, Cents, Cents)> = Vec::new();
        for item in &office.items {
            let (code, spent) = (item.code[..3].to_owned(), item.basic + item.project);
            let (general, fund) = if item.fund { (0, spent) } else { (spent, 0) };
            match classes.iter_mut().find(|(known, ..)| *known == code) {
                Some(class) => (class.1, class.2) = (class.1 + general, class.2 + fund),
                None => classes.push((code, general, fund)),
            }
        }
        // What the department earns itself pays for its largest class.
        let largest = classes.iter_mut().max_by_key(|class| class.1).unwrap();
        largest.1 -= own;
        let general: Cents = classes.iter().map(|class| class.1).sum();
        let fund = office.fund();
        let (opening, closing) = office.carry()[1];
        let mut right: Vec<(String, Cents, Cents)> = vec![("一、本年支出".to_owned(), general, fund)];
        for (numeral, (code, general, fund)) in numerals.iter().zip(&classes) {
            right.push((format!("（{numeral}）{}", name_of(&FUNCTIONS, code)), *general, *fund));
        }
        let left = [
            ("一、本年收入", office.general(1) + fund),
            ("（一）一般公共预算拨款", office.general(1)),
            ("（二）政府性基金预算拨款", fund),
            ("（三）国有资本经营预算拨款", 0),
            ("二、上年结转", opening),
        ];
        let rows = left.len().max(right.len() + 1);
        for (at, (name, figure)) in (row..).zip(left) {
            grid.text(at, 0, indented(name), Look::Name);
            grid.amount(at, 1, figure, Look::Amount);
        }
        let end = row + rows as u32;
        for at in row + left.len() as u32..end {
            (0..2).for_each(|column| grid.blank(at, column));
        }
        right.push(("二、结转下年".to_owned(), closing, 0));
        for (at, (name, general, fund)) in right.iter().enumerate() {
            let at = if at + 1 == right.len() { end - 1 } else { row + at as u32 };
            grid.text(at, 2, indented(name), Look::Name);
            for (column, figure) in (3..).zip([general + fund, *general, *fund, 0]) {
                grid.amount(at, column, figure, Look::Amount);
            }
        }
        grid.text(end, 0, "收入总计", Look::Total);
        grid.amount(end, 1, office.general(1) + fund + opening, Look::TotalAmount);
        grid.text(end, 2, "支出总计", Look::Total);
        for (column, figure) in (3..).zip([general + fund + closing, general + closing, fund, 0]) {
            grid.amount(end, column, figure, Look::TotalAmount);
        }
        row = end + 2;
    }
    grid
}

fn indented(name: &str) -> String {
    if name.starts_with('（') { format!("　{name}") } else { name.to_owned() }
}

/// 一般公共预算基本支出表: departments merged over their rows, each with its subtotal; two years side by side.
fn basic(offices: &[Office]) -> Grid {
    let mut grid = Grid::new("基本支出", &[14.0, 12.0, 32.0, 14.0, 14.0, 14.0, 14.0, 14.0, 14.0]);
    head(&mut grid, 0, 8, &format!("{DISTRICT}2021年一般公共预算基本支出表"));
    grid.text(1, 0, "公开06表", Look::Line);
    grid.text(1, 8, "单位：万元", Look::LineRight);
    for (column, text) in [(0, "部门名称"), (1, "科目编码"), (2, "科目名称")] {
        grid.merged((2, column, 3, column), text, Look::Heading);
    }
    for (left, text) in [(3, "2020年预算数"), (6, "2021年预算数")] {
        grid.merged((2, left, 2, left + 2), text, Look::Heading);
        for (column, text) in (left..).zip(["合计", "人员经费", "公用经费"]) {
            grid.text(3, column, text, Look::Heading);
        }
    }
    let mut row = 4;
    let mut all = [0; 6];
    for office in offices {
        let parts = office.economic();
        let mut rows: Vec<(String, String, [Cents; 6], usize)> = Vec::new();
        let sums = |prefix: &str| {
            let of = |year: usize, staff: bool| -> Cents {
                let all = parts.iter().filter(|part| part.code.starts_with(prefix) && part.staff == staff);
                all.map(|part| part.amounts[year]).sum()
            };
            let (a, b, c, d) = (of(0, true), of(0, false), of(1, true), of(1, false));
            [a + b, a, b, c + d, c, d]
        };
        rows.push(("小　计".to_owned(), String::new(), sums(""), 1));
        for (code, name) in ECONOMICS {
            let part = parts.iter().find(|part| part.code == code);
            let printed = part.and_then(|part| part.printed).unwrap_or(code);
            let (level, times) = ((code.len() - 3) / 2, part.map_or(1, |part| part.times));
            if parts.iter().any(|part| part.code.starts_with(code)) {
                let shown = format!("{}{printed}", "  ".repeat(level));
                rows.push((shown, format!("{}{name}", "　".repeat(level)), sums(code), times));
            }
        }
        let first = row;
        for (code, name, figures, times) in rows {
            for _ in 0..times {
                let total = name.is_empty();
                let look = if total { Look::TotalAmount } else { Look::Amount };
                if total {
                    grid.merged((row, 1, row, 2), code.clone(), Look::Total);
                    all.iter_mut().zip(figures).for_each(|(all, figure)| *all += figure);
                } else {
                    grid.text(row, 1, code.clone(), Look::Name);
                    grid.text(row, 2, name.clone(), Look::Name);
                }
                for (column, figure) in (3..).zip(figures) {
                    grid.amount(row, column, figure, look);
                }
                row += 1;
            }
        }
        grid.merged((first, 0, row - 1, 0), office.name, Look::Centred);
    }
    grid.merged((row, 0, row, 2), "合　计", Look::Total);
    for (column, figure) in (3..).zip(all) {
        grid.amount(row, column, figure, Look::TotalAmount);
    }
    grid
}

/// 一般公共预算“三公”经费支出表: a heading of three rows, with the unit in the first.
fn three(offices: &[Office]) -> Grid {
    let mut widths = vec![22.0];
    widths.extend([13.0; 12]);
    let mut grid = Grid::new("三公经费", &widths);
    head(&mut grid, 0, 12, &format!("{DISTRICT}2021年一般公共预算“三公”经费支出表"));
    grid.text(1, 0, "公开07表", Look::Line);
    grid.merged((2, 0, 4, 0), "部门名称", Look::Heading);
    for (left, year) in [(1, "2020"), (7, "2021")] {
        grid.merged((2, left, 2, left + 5), format!("{year}年预算数（万元）"), Look::Heading);
        grid.merged((3, left, 4, left), "合计", Look::Heading);
        grid.merged((3, left + 1, 4, left + 1), "因公出国（境）费", Look::Heading);
        grid.merged((3, left + 2, 3, left + 4), "公务用车购置及运行维护费", Look::Heading);
        for (column, text) in (left + 2..).zip(["小计", "公务用车购置费", "公务用车运行维护费"]) {
            grid.text(4, column, text, Look::Heading);
        }
        grid.merged((3, left + 5, 4, left + 5), "公务接待费", Look::Heading);
    }
    grid.high = vec![4];
    let figures = |office: &Office| -> Vec<Cents> {
        let year = |[abroad, bought, kept, guests]: [Cents; 4]| {
            [abroad + bought + kept + guests, abroad, bought + kept, bought, kept, guests]
        };
        office.three.iter().flat_map(|three| year(*three)).collect()
    };
    let mut row = 5;
    for office in offices {
        grid.text(row, 0, office.name, Look::Name);
        for (column, figure) in (1..).zip(figures(office)) {
            grid.amount(row, column, figure, Look::Amount);
        }
        row += 1;
    }
    grid.text(row, 0, "合　计", Look::Total);
    for column in 0..12 {
        let total = offices.iter().map(|office| figures(office)[usize::from(column)]).sum();
        grid.amount(row, column + 1, total, Look::TotalAmount);
    }
    grid.text(row + 1, 0, "注：1.“三公”经费指因公出国（境）费、公务用车购置及运行维护费和公务接待费。", Look::Note);
    grid.text(row + 2, 0, "2.本表只含一般公共预算拨款安排的支出。", Look::Note);
    grid
}

/// 部门结转结余情况表: final accounts of the year before.
fn carried(offices: &[Office]) -> Grid {
    let mut grid = Grid::new("结转结余", &[8.0, 24.0, 16.0, 16.0, 16.0, 16.0]);
    head(&mut grid, 0, 5, "2020年部门结转结余情况表");
    grid.text(1, 0, "决算数", Look::Line);
    grid.text(1, 5, "单位：万元", Look::LineRight);
    let columns = ["序号", "部门名称", "年初结转结余", "本年收入", "本年支出", "年末结转结余"];
    for (column, text) in (0..).zip(columns) {
        grid.text(2, column, text, Look::Heading);
    }
    let mut row = 3;
    let mut all = [0; 4];
    for office in offices.iter().filter(|office| !office.left_out) {
        let (opening, income) = office.accounts;
        let figures = [opening, income, opening + income - office.carried, office.carried];
        grid.text(row, 0, (row - 2).to_string(), Look::Centred);
        grid.text(row, 1, office.name, Look::Name);
        for (column, figure) in (2..).zip(figures) {
            grid.amount(row, column, figure, Look::Amount);
        }
        all.iter_mut().zip(figures).for_each(|(all, figure)| *all += figure);
        row += 1;
    }
    grid.merged((row, 0, row, 1), "合　计", Look::Total);
    for (column, figure) in (2..).zip(all) {
        grid.amount(row, column, figure, Look::TotalAmount);
    }
    grid
}

/// 全区部门支出汇总表.
fn summary(offices: &[Office]) -> Grid {
    let mut grid = Grid::new("全区汇总", &[14.0, 44.0, 15.0, 15.0, 15.0]);
    head(&mut grid, 0, 4, "2021年全区部门支出汇总表");
    grid.text(1, 0, format!("{DISTRICT}财政局编"), Look::Line);
    grid.text(1, 4, "单位：万元", Look::LineRight);
    coded_heading(&mut grid, 2);
    let items: Vec<Item> =
        offices.iter().flat_map(|office| &office.items).map(|item| Item { times: 1, ..item.clone() }).collect();
    let row = coded(&mut grid, 3, items.iter());
    grid.text(row, 0, "注：本表由各部门支出总表汇总而成。", Look::Note);
    grid
}

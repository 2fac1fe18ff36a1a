//! What is wrong with the faulty sample. Faults in the budgets themselves go into the model, so that all tables that repeat
//! them agree; slips of the pen go into the cells of one table.

use super::grid::{Grid, Value};
use super::model::{Office, amount, offices};
use super::tables;

/// The faulty sample.
pub fn sheets() -> Vec<Grid> {
    let mut offices = offices();
    let mut change = |name: &str, change: &dyn Fn(&mut Office)| {
        change(offices.iter_mut().find(|office| office.name == name).unwrap());
    };
    change("区政府办公室", &|office| {
        office.item("2010399").basic = amount("-3.20");
        office.closing = amount("-2.00");
        office.three[1][3] = amount("18.01");
    });
    change("区教育局", &|office| {
        office.item("2050203").printed = Some("2050230".to_owned());
        office.three[1][0] = amount("-6.00");
    });
    change("区民政局", &|office| {
        office.carried = amount("187.90");
        office.three[1][1] = amount("18.00");
    });
    change("区财政局", &|office| {
        office.item("2010607").project = amount("36725.00");
        office.shifts.push(("30102", amount("10.00"), None));
    });
    change("区住房和城乡建设局", &|office| {
        office.item("2210203").times = 2;
        (office.carried, office.opening) = (amount("-1.00"), amount("-1.00"));
    });
    change("区城市管理局", &|office| {
        office.running[1] = amount("288.04");
        office.doubled.push("30216");
    });
    change("区文化和旅游局", &|office| {
        office.three[1][0] = amount("6.01");
        let rest = office.economic().iter().find(|part| part.code == "30239").unwrap().amounts[1];
        office.shifts.push(("30239", amount("-0.50") - rest, Some("30201")));
        office.left_out = true;
    });
    change("区卫生健康局", &|office| {
        office.three[1][2] = amount("22.01");
        office.misprints.push(("30239", "30293"));
    });
    let mut sheets = tables::sheets(&offices);
    for (sheet, cell, old, new) in SLIPS {
        let grid = sheets.iter_mut().find(|grid| grid.name == *sheet).unwrap();
        grid.change(cell, &value(old), value(new));
    }
    sheets
}

fn value(text: &str) -> Value {
    let is_amount = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'));
    if is_amount { Value::Amount(amount(text)) } else { Value::Text(text.to_owned()) }
}

/// Sheet, cell, what it would hold, what it holds.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    ("部门收支", "D36", "38045.05", "38045.55"),
    ("部门收支", "D56", "5.00", "7.00"),
    ("部门收支", "G16", "10935.00", "10953.00"),
    ("部门收支", "G51", "120.00", "102.00"),
    ("2021年部门收入", "I13", "1800.00", "1080.00"),
    ("2021年部门收入", "K8", "188.40", "184.80"),
    ("部门支出", "C59", "5858.70", "5858.71"),
    ("部门支出", "C194", "5386.30", "5386.31"),
    ("部门支出", "D194", "1406.30", "1406.31"),
    ("全区汇总", "C54", "5386.30", "5386.31"),
    ("全区汇总", "D54", "1406.30", "1406.31"),
    ("全区汇总", "C4", "200299.90", "200304.90"),
    ("全区汇总", "E4", "91817.50", "91822.50"),
    ("财政拨款收支", "B17", "100401.95", "100410.95"),
    ("财政拨款收支", "G37", "单位：万元", "单位：元"),
    ("财政拨款收支", "D70", "12498.40", "12489.40"),
    ("财政拨款收支", "E70", "12498.40", "12489.40"),
    ("财政拨款收支", "E79", "41.00", "40.00"),
    ("财政拨款收支", "B89", "13644.80", "13634.80"),
    ("财政拨款收支", "B90", "—", "10.00"),
    ("基本支出", "G32", "90135.55", "90135.54"),
    ("基本支出", "I32", "3834.00", "3833.99"),
    ("基本支出", "G41", "3718.98", "3718.97"),
    ("基本支出", "I41", "3718.98", "3718.97"),
    ("基本支出", "G59", "587.70", "587.69"),
    ("三公经费", "J9", "7.20", "7.21"),
    ("三公经费", "M10", "4.20", "约4.2"),
    ("结转结余", "E5", "98781.75", "98718.75"),
    ("部门收支", "G22", "505.70", "550.70"),
    ("部门收支", "C68", "15145.47", "15154.47"),
    ("部门收支", "F16", "11240.00", "11420.00"),
    ("部门收支", "F46", "1755.70", "1775.70"),
    ("三公经费", "H14", "280.03", "208.03"),
    ("三公经费", "E14", "54.00", "45.00"),
    ("2021年部门收入", "F5", "8600.00", "6800.00"),
    ("2020年部门收入", "J5", "300.00", "330.00"),
    ("结转结余", "D11", "156798.40", "156789.40"),
    ("基本支出", "G222", "106692.40", "106629.40"),
    ("基本支出", "D222", "104274.40", "104247.40"),
];

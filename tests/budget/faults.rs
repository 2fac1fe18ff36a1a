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
    change("区教育局", &|office| office.item("2050203").printed = Some("2050230".to_owned()));
    change("区民政局", &|office| {
        office.carried = amount("187.90");
        office.three[1][1] = amount("18.00");
    });
    change("区财政局", &|office| {
        office.item("2010607").project = amount("41255.00");
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
const SLIPS: &[(&str, &str, &str, &str)] = &[];

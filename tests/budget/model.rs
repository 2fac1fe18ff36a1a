//! The invented district: its departments and their budgets, from which every table of the sample is computed.
//!
//! Amounts are whole numbers of 0.01 万元. What tables repeat (totals, roll-ups, the same figure in two tables) is computed
//! here once, so that a sample without faults balances by construction.

/// 0.01 万元.
pub type Cents = i64;

/// `1,234.5` 万元.
pub fn amount(text: &str) -> Cents {
    let text = text.replace(',', "");
    let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * (whole.parse::<Cents>().unwrap() * 100 + format!("{part:0<2}").parse::<Cents>().unwrap())
}

/// Expenditure of a department on one item (项) of the functional classification.
#[derive(Clone)]
pub struct Item {
    /// Seven digits.
    pub code: String,
    /// The code as the tables print it, where it is misprinted.
    pub printed: Option<String>,
    pub basic: Cents,
    pub project: Cents,
    /// Paid from the budget of government funds (政府性基金).
    pub fund: bool,
    /// How often the table of the department lists it.
    pub times: usize,
}

/// Basic expenditure on one item (款) of the economic classification.
#[derive(Clone)]
pub struct Economic {
    /// Five digits.
    pub code: &'static str,
    pub printed: Option<&'static str>,
    pub staff: bool,
    /// 2020, 2021.
    pub amounts: [Cents; 2],
    pub times: usize,
}

/// 因公出国（境）费, 公务用车购置费, 公务用车运行维护费, 公务接待费.
pub type Three = [Cents; 4];

/// A department.
#[derive(Clone)]
pub struct Office {
    pub code: &'static str,
    pub name: &'static str,
    pub items: Vec<Item>,
    /// 公用经费, 2020 and 2021.
    pub running: [Cents; 2],
    pub three: [Three; 2],
    /// Basic expenditure that is paid from 事业收入, which is as much.
    pub own_income: Cents,
    /// 其他收入, which pays for projects.
    pub other_income: Cents,
    /// 项目支出 of 2020.
    pub project_before: Cents,
    /// 年初结转结余 and 本年收入 of the final accounts of 2020.
    pub accounts: (Cents, Cents),
    /// 年末结转结余 of the final accounts of 2020.
    pub carried: Cents,
    /// The same as the budget of 2021 states it.
    pub opening: Cents,
    /// 结转下年 of the budget of 2021.
    pub closing: Cents,
    /// Changes of the economic classification, by code: added in 2021, taken from the code behind it if there is one.
    pub shifts: Vec<(&'static str, Cents, Option<&'static str>)>,
    pub misprints: Vec<(&'static str, &'static str)>,
    pub doubled: Vec<&'static str>,
    /// Is it left out of the table of balances carried forward?
    pub left_out: bool,
}

/// Shares of 公用经费 in per cent; 30217 and 30231 are those of the 三公 table, 30239 takes the rest.
const RUNNING: [(&str, i64); 13] = [
    ("30201", 24),
    ("30202", 4),
    ("30205", 2),
    ("30206", 8),
    ("30207", 6),
    ("30211", 12),
    ("30215", 2),
    ("30216", 5),
    ("30217", 0),
    ("30228", 6),
    ("30229", 4),
    ("30231", 0),
    ("31002", 3),
];
/// Shares of 人员经费 in per cent; 30101 takes the rest.
const STAFF: [(&str, i64); 7] =
    [("30102", 28), ("30103", 19), ("30108", 9), ("30109", 4), ("30110", 5), ("30113", 8), ("30302", 2)];

impl Office {
    pub fn basic(&self) -> Cents {
        self.items.iter().map(|item| item.basic).sum()
    }

    pub fn project(&self) -> Cents {
        self.items.iter().map(|item| item.project).sum()
    }

    /// 政府性基金预算拨款.
    pub fn fund(&self) -> Cents {
        self.items.iter().filter(|item| item.fund).map(|item| item.basic + item.project).sum()
    }

    /// 人员经费 from the general budget, 2020 and 2021.
    pub fn staff(&self) -> [Cents; 2] {
        let now = self.basic() - self.own_income - self.running[1];
        [now / 100 * 97, now]
    }

    /// Basic expenditure from all sources, 2020 and 2021.
    pub fn basics(&self) -> [Cents; 2] {
        [self.staff()[0] + self.running[0] + self.own_income, self.basic()]
    }

    pub fn projects(&self) -> [Cents; 2] {
        [self.project_before, self.project()]
    }

    /// 上年结转结余 and 结转下年; in 2020 the budget carried nothing forward.
    pub fn carry(&self) -> [(Cents, Cents); 2] {
        [(self.accounts.0, 0), (self.opening, self.closing)]
    }

    /// Income of the year.
    pub fn income(&self, year: usize) -> Cents {
        let (opening, closing) = self.carry()[year];
        self.basics()[year] + self.projects()[year] + closing - opening
    }

    pub fn fund_of(&self, year: usize) -> Cents {
        if year == 1 { self.fund() } else { 0 }
    }

    /// 一般公共预算拨款.
    pub fn general(&self, year: usize) -> Cents {
        self.income(year) - self.fund_of(year) - self.own_income - self.other_income
    }

    /// Basic expenditure of the general budget by the economic classification, in order of codes.
    pub fn economic(&self) -> Vec<Economic> {
        let three = |year: usize, code: &str| match code {
            "30217" => Some(self.three[year][3]),
            "30231" => Some(self.three[year][2]),
            _ => None,
        };
        let parts = |total: [Cents; 2], shares: &[(&'static str, i64)], staff: bool, rest: &'static str| {
            let mut parts: Vec<Economic> = shares
                .iter()
                .map(|(code, share)| {
                    let of = |year: usize| three(year, code).unwrap_or(total[year] * share / 100);
                    Economic { code, printed: None, staff, amounts: [of(0), of(1)], times: 1 }
                })
                .collect();
            let left = |year: usize| total[year] - parts.iter().map(|part| part.amounts[year]).sum::<Cents>();
            let amounts = [left(0), left(1)];
            parts.push(Economic { code: rest, printed: None, staff, amounts, times: 1 });
            parts
        };
        let mut all = parts(self.staff(), &STAFF, true, "30101");
        all.extend(parts(self.running, &RUNNING, false, "30239"));
        for (code, change, from) in &self.shifts {
            for (code, change) in [(Some(*code), *change), (*from, -change)] {
                if let Some(part) = all.iter_mut().find(|part| Some(part.code) == code) {
                    part.amounts[1] += change;
                }
            }
        }
        for part in &mut all {
            part.printed = self.misprints.iter().find(|(code, _)| *code == part.code).map(|(_, printed)| *printed);
            part.times += usize::from(self.doubled.contains(&part.code));
        }
        all.sort_by_key(|part| part.code);
        all
    }

    pub fn item(&mut self, code: &str) -> &mut Item {
        self.items.iter_mut().find(|item| item.code == code).unwrap()
    }
}

/// What belongs to a code of any level: 基本支出 and 项目支出.
pub fn rolled_up<'a>(items: impl Iterator<Item = &'a Item>) -> Vec<(String, String, Cents, Cents)> {
    let mut sums: std::collections::BTreeMap<String, (String, Cents, Cents)> = std::collections::BTreeMap::new();
    for item in items {
        for length in [3, 5, 7] {
            let code = item.code[..length].to_owned();
            let printed = if length == 7 { item.printed.clone().unwrap_or(code.clone()) } else { code.clone() };
            let sum = sums.entry(code).or_insert((printed, 0, 0));
            sum.1 += item.basic;
            sum.2 += item.project;
        }
    }
    sums.into_iter().map(|(code, (printed, basic, project))| (code, printed, basic, project)).collect()
}

fn office(code: &'static str, name: &'static str, items: &[(&str, &str, &str)]) -> Office {
    let item = |(code, basic, project): &(&str, &str, &str)| Item {
        code: (*code).to_owned(),
        printed: None,
        basic: amount(basic),
        project: amount(project),
        fund: code.starts_with("21208"),
        times: 1,
    };
    Office {
        code,
        name,
        items: items.iter().map(item).collect(),
        running: [0; 2],
        three: [[0; 4]; 2],
        own_income: 0,
        other_income: 0,
        project_before: 0,
        accounts: (0, 0),
        carried: 0,
        opening: 0,
        closing: 0,
        shifts: Vec::new(),
        misprints: Vec::new(),
        doubled: Vec::new(),
        left_out: false,
    }
}

struct Rest<'a> {
    running: [&'a str; 2],
    three: [[&'a str; 4]; 2],
    own_income: &'a str,
    other_income: &'a str,
    project_before: &'a str,
    accounts: (&'a str, &'a str),
    carried: &'a str,
    closing: &'a str,
}

fn with(office: Office, rest: Rest<'_>) -> Office {
    Office {
        running: rest.running.map(amount),
        three: rest.three.map(|year| year.map(amount)),
        own_income: amount(rest.own_income),
        other_income: amount(rest.other_income),
        project_before: amount(rest.project_before),
        accounts: (amount(rest.accounts.0), amount(rest.accounts.1)),
        carried: amount(rest.carried),
        opening: amount(rest.carried),
        closing: amount(rest.closing),
        ..office
    }
}

/// All departments. Every figure is invented.
pub fn offices() -> Vec<Office> {
    vec![
        with(
            office(
                "101001",
                "区政府办公室",
                &[
                    ("2010301", "1286.40", "0"),
                    ("2010302", "0", "310.00"),
                    ("2010303", "0", "186.50"),
                    ("2010305", "0", "240.00"),
                    ("2010306", "0", "88.00"),
                    ("2010308", "0", "46.00"),
                    ("2010350", "205.30", "0"),
                    ("2010399", "3.20", "0"),
                    ("2080501", "62.15", "0"),
                    ("2080505", "118.20", "0"),
                    ("2080506", "59.10", "0"),
                    ("2101101", "70.25", "0"),
                    ("2101103", "21.40", "0"),
                    ("2210201", "132.60", "0"),
                    ("2210202", "148.90", "0"),
                ],
            ),
            Rest {
                running: ["268.00", "238.50"],
                three: [["12.00", "0", "36.00", "18.00"], ["10.00", "0", "32.00", "15.00"]],
                own_income: "0",
                other_income: "0",
                project_before: "902.00",
                accounts: ("36.20", "2944.10"),
                carried: "41.50",
                closing: "20.00",
            },
        ),
        with(
            office(
                "105001",
                "区教育局",
                &[
                    ("2050101", "986.30", "0"),
                    ("2050201", "8420.50", "2150.00"),
                    ("2050202", "31260.80", "4820.00"),
                    ("2050203", "18940.25", "3060.00"),
                    ("2050204", "6815.40", "905.00"),
                    ("2080502", "1260.00", "0"),
                    ("2080505", "5120.60", "0"),
                    ("2080506", "2560.30", "0"),
                    ("2101102", "3010.45", "0"),
                    ("2210201", "5640.20", "0"),
                    ("2210202", "6120.75", "0"),
                ],
            ),
            Rest {
                running: ["4260.00", "3834.00"],
                three: [["8.00", "0", "12.00", "9.50"], ["6.00", "0", "11.00", "8.00"]],
                own_income: "0",
                other_income: "260.00",
                project_before: "11240.00",
                accounts: ("1420.00", "98670.35"),
                carried: "1308.60",
                closing: "900.00",
            },
        ),
        with(
            office(
                "109001",
                "区民政局",
                &[
                    ("2080201", "412.60", "0"),
                    ("2080202", "0", "96.00"),
                    ("2080208", "0", "1480.00"),
                    ("2080505", "38.40", "0"),
                    ("2080506", "19.20", "0"),
                    ("2081001", "0", "210.00"),
                    ("2081002", "0", "2365.00"),
                    ("2081901", "0", "1120.00"),
                    ("2101101", "24.60", "0"),
                    ("2210201", "43.80", "0"),
                    ("2210202", "49.10", "0"),
                ],
            ),
            Rest {
                running: ["92.00", "82.00"],
                three: [["0", "0", "6.00", "3.20"], ["0", "0", "5.40", "2.80"]],
                own_income: "0",
                other_income: "0",
                project_before: "4980.00",
                accounts: ("212.00", "5602.80"),
                carried: "188.40",
                closing: "150.00",
            },
        ),
        with(
            office(
                "110001",
                "区财政局",
                &[
                    ("2010601", "734.20", "0"),
                    ("2010602", "0", "168.00"),
                    ("2010607", "0", "255.00"),
                    ("2010650", "96.40", "0"),
                    ("2080505", "68.90", "0"),
                    ("2080506", "34.45", "0"),
                    ("2101101", "41.30", "0"),
                    ("2210201", "78.60", "0"),
                    ("2210202", "88.20", "0"),
                ],
            ),
            Rest {
                running: ["158.00", "141.00"],
                three: [["5.00", "0", "8.00", "4.60"], ["4.00", "0", "7.20", "4.00"]],
                own_income: "0",
                other_income: "0",
                project_before: "446.00",
                accounts: ("18.30", "1571.20"),
                carried: "16.90",
                closing: "10.00",
            },
        ),
        with(
            office(
                "115001",
                "区住房和城乡建设局",
                &[
                    ("2080505", "56.20", "0"),
                    ("2080506", "28.10", "0"),
                    ("2101101", "33.70", "0"),
                    ("2120101", "602.75", "0"),
                    ("2120303", "0", "6900.00"),
                    ("2120399", "0", "3450.00"),
                    ("2120899", "0", "8600.00"),
                    ("2210108", "0", "2640.00"),
                    ("2210201", "64.10", "0"),
                    ("2210202", "71.90", "0"),
                    ("2210203", "12.40", "0"),
                ],
            ),
            Rest {
                running: ["112.00", "100.50"],
                three: [["4.00", "18.00", "10.00", "5.00"], ["3.00", "18.00", "9.00", "4.20"]],
                own_income: "0",
                other_income: "35.00",
                project_before: "19860.00",
                accounts: ("640.00", "20712.45"),
                carried: "585.20",
                closing: "400.00",
            },
        ),
        with(
            office(
                "119001",
                "区城市管理局",
                &[
                    ("2080505", "88.40", "0"),
                    ("2080506", "44.20", "0"),
                    ("2101101", "52.90", "0"),
                    ("2120101", "508.30", "0"),
                    ("2120104", "1190.60", "420.00"),
                    ("2120501", "0", "9860.00"),
                    ("2210201", "100.80", "0"),
                    ("2210202", "113.20", "0"),
                ],
            ),
            Rest {
                running: ["320.00", "287.00"],
                three: [["0", "36.00", "68.00", "3.60"], ["0", "20.00", "61.00", "3.00"]],
                own_income: "0",
                other_income: "0",
                project_before: "10120.00",
                accounts: ("164.00", "12208.90"),
                carried: "147.30",
                closing: "120.00",
            },
        ),
        with(
            office(
                "124001",
                "区文化和旅游局",
                &[
                    ("2070101", "386.50", "0"),
                    ("2070104", "265.40", "180.00"),
                    ("2070109", "198.70", "326.00"),
                    ("2070114", "0", "412.00"),
                    ("2080505", "60.10", "0"),
                    ("2080506", "30.05", "0"),
                    ("2101101", "22.40", "0"),
                    ("2101102", "18.60", "0"),
                    ("2210201", "68.50", "0"),
                    ("2210202", "77.00", "0"),
                ],
            ),
            Rest {
                running: ["118.00", "105.00"],
                three: [["6.00", "0", "7.00", "6.40"], ["5.00", "0", "6.30", "5.60"]],
                own_income: "0",
                other_income: "5.00",
                project_before: "955.00",
                accounts: ("52.40", "2050.70"),
                carried: "47.80",
                closing: "30.00",
            },
        ),
        with(
            office(
                "126001",
                "区卫生健康局",
                &[
                    ("2080505", "512.60", "0"),
                    ("2080506", "256.30", "0"),
                    ("2100101", "455.90", "0"),
                    ("2100301", "6230.40", "1080.00"),
                    ("2100401", "1406.30", "560.00"),
                    ("2100408", "0", "3420.00"),
                    ("2101101", "28.90", "0"),
                    ("2101102", "304.20", "0"),
                    ("2210201", "586.40", "0"),
                    ("2210202", "640.20", "0"),
                ],
            ),
            Rest {
                running: ["860.00", "770.00"],
                three: [["3.00", "0", "22.00", "5.80"], ["2.50", "0", "19.80", "5.00"]],
                own_income: "1800.00",
                other_income: "0",
                project_before: "4870.00",
                accounts: ("330.00", "15088.60"),
                carried: "296.40",
                closing: "260.00",
            },
        ),
    ]
}

/// Codes of the functional classification of expenditure (2021) that the sample uses.
pub const FUNCTIONS: [(&str, &str); 83] = [
    ("201", "一般公共服务支出"),
    ("20103", "政府办公厅（室）及相关机构事务"),
    ("2010301", "行政运行"),
    ("2010302", "一般行政管理事务"),
    ("2010303", "机关服务"),
    ("2010305", "专项业务及机关事务管理"),
    ("2010306", "政务公开审批"),
    ("2010308", "信访事务"),
    ("2010350", "事业运行"),
    ("2010399", "其他政府办公厅（室）及相关机构事务支出"),
    ("20106", "财政事务"),
    ("2010601", "行政运行"),
    ("2010602", "一般行政管理事务"),
    ("2010607", "信息化建设"),
    ("2010650", "事业运行"),
    ("205", "教育支出"),
    ("20501", "教育管理事务"),
    ("2050101", "行政运行"),
    ("20502", "普通教育"),
    ("2050201", "学前教育"),
    ("2050202", "小学教育"),
    ("2050203", "初中教育"),
    ("2050204", "高中教育"),
    ("207", "文化旅游体育与传媒支出"),
    ("20701", "文化和旅游"),
    ("2070101", "行政运行"),
    ("2070104", "图书馆"),
    ("2070109", "群众文化"),
    ("2070114", "文化和旅游管理事务"),
    ("208", "社会保障和就业支出"),
    ("20802", "民政管理事务"),
    ("2080201", "行政运行"),
    ("2080202", "一般行政管理事务"),
    ("2080208", "基层政权建设和社区治理"),
    ("20805", "行政事业单位养老支出"),
    ("2080501", "行政单位离退休"),
    ("2080502", "事业单位离退休"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("2080506", "机关事业单位职业年金缴费支出"),
    ("20810", "社会福利"),
    ("2081001", "儿童福利"),
    ("2081002", "老年福利"),
    ("20819", "最低生活保障"),
    ("2081901", "城市最低生活保障金支出"),
    ("210", "卫生健康支出"),
    ("21001", "卫生健康管理事务"),
    ("2100101", "行政运行"),
    ("21003", "基层医疗卫生机构"),
    ("2100301", "城市社区卫生机构"),
    ("21004", "公共卫生"),
    ("2100401", "疾病预防控制机构"),
    ("2100408", "基本公共卫生服务"),
    ("21011", "行政事业单位医疗"),
    ("2101101", "行政单位医疗"),
    ("2101102", "事业单位医疗"),
    ("2101103", "公务员医疗补助"),
    ("211", "节能环保支出"),
    ("212", "城乡社区支出"),
    ("21201", "城乡社区管理事务"),
    ("2120101", "行政运行"),
    ("2120104", "城管执法"),
    ("21203", "城乡社区公共设施"),
    ("2120303", "小城镇基础设施建设"),
    ("2120399", "其他城乡社区公共设施支出"),
    ("21205", "城乡社区环境卫生"),
    ("2120501", "城乡社区环境卫生"),
    ("21208", "国有土地使用权出让收入安排的支出"),
    ("2120899", "其他国有土地使用权出让收入安排的支出"),
    ("213", "农林水支出"),
    ("214", "交通运输支出"),
    ("215", "资源勘探工业信息等支出"),
    ("216", "商业服务业等支出"),
    ("217", "金融支出"),
    ("220", "自然资源海洋气象等支出"),
    ("221", "住房保障支出"),
    ("22101", "保障性安居工程支出"),
    ("2210108", "老旧小区改造"),
    ("22102", "住房改革支出"),
    ("2210201", "住房公积金"),
    ("2210202", "提租补贴"),
    ("2210203", "购房补贴"),
    ("222", "粮油物资储备支出"),
    ("224", "灾害防治及应急管理支出"),
];

/// Codes of the economic classification of departmental expenditure that the sample uses.
pub const ECONOMICS: [(&str, &str); 26] = [
    ("301", "工资福利支出"),
    ("30101", "基本工资"),
    ("30102", "津贴补贴"),
    ("30103", "奖金"),
    ("30108", "机关事业单位基本养老保险缴费"),
    ("30109", "职业年金缴费"),
    ("30110", "职工基本医疗保险缴费"),
    ("30113", "住房公积金"),
    ("302", "商品和服务支出"),
    ("30201", "办公费"),
    ("30202", "印刷费"),
    ("30205", "水费"),
    ("30206", "电费"),
    ("30207", "邮电费"),
    ("30211", "差旅费"),
    ("30215", "会议费"),
    ("30216", "培训费"),
    ("30217", "公务接待费"),
    ("30228", "工会经费"),
    ("30229", "福利费"),
    ("30231", "公务用车运行维护费"),
    ("30239", "其他交通费用"),
    ("303", "对个人和家庭的补助"),
    ("30302", "退休费"),
    ("310", "资本性支出"),
    ("31002", "办公设备购置"),
];

/// The name of a code.
pub fn name_of(list: &[(&str, &'static str)], code: &str) -> &'static str {
    list.iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name)
}

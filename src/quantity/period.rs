//! Reporting periods: years, half-years, quarters, months and days.

use std::fmt;

use jiff::civil::Date;

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Granularity {
    /// 年
    Year,
    /// 半年
    Half,
    /// 季
    Quarter,
    /// 月
    Month,
}

/// A reporting period. Years run from 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i16,
    granularity: Granularity,
    /// 1-based number within the year; 1 for a year.
    part: u8,
}

impl Period {
    /// A calendar year.
    pub fn year(year: i16) -> Option<Self> {
        Self::new(year, Granularity::Year, 1)
    }

    /// The `part`-th (from 1) period of its kind in a year; `None` if there is none.
    pub fn new(year: i16, granularity: Granularity, part: u8) -> Option<Self> {
        let valid = (1..=9999).contains(&year) && (1..=granularity.per_year()).contains(&part);
        valid.then_some(Period { year, granularity, part })
    }

    /// Reads `2021`, `2021年`, `2021H1`, `2021年上半年`, `2021Q1`, `2021年第1季度`, `2021年一季度`, `2021-03`, `2021年3月`, `202103`.
    ///
    /// Full-width digits count as digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
        let (year, rest) = text.split_at_checked(4)?;
        if !year.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let year: i16 = year.parse().ok()?;
        let rest = rest.strip_prefix('年').unwrap_or(rest).to_ascii_uppercase();
        let (granularity, part) = match rest.as_str() {
            "" | "度" | "全年" => (Granularity::Year, 1),
            "H1" | "上半年" => (Granularity::Half, 1),
            "H2" | "下半年" => (Granularity::Half, 2),
            rest => match rest.strip_suffix("季度").or_else(|| rest.strip_suffix('季')) {
                Some(quarter) => (Granularity::Quarter, ordinal(quarter.strip_prefix('第').unwrap_or(quarter))?),
                None => match rest.strip_prefix('Q').or_else(|| rest.strip_prefix("-Q")) {
                    Some(quarter) => (Granularity::Quarter, quarter.parse().ok()?),
                    None => {
                        let month = rest.strip_suffix('月').unwrap_or(rest);
                        let month = month.strip_prefix(['-', '/', '.']).unwrap_or(month);
                        let plain = (1..=2).contains(&month.len()) && month.bytes().all(|b| b.is_ascii_digit());
                        (Granularity::Month, if plain { month.parse().ok()? } else { return None })
                    }
                },
            },
        };
        Self::new(year, granularity, part)
    }

    /// Its length.
    pub fn granularity(self) -> Granularity {
        self.granularity
    }

    /// The calendar year it lies in.
    pub fn calendar_year(self) -> i16 {
        self.year
    }

    /// The same period `years` later (earlier if negative): what year-on-year growth (同比) compares with.
    pub fn plus_years(self, years: i32) -> Option<Self> {
        let year = i16::try_from(i32::from(self.year).checked_add(years)?).ok()?;
        Self::new(year, self.granularity, self.part)
    }

    /// The `count`-th next period of the same length (previous if negative): what period-on-period growth (环比) compares with.
    pub fn plus(self, count: i32) -> Option<Self> {
        let per_year = i32::from(self.granularity.per_year());
        let index = (i32::from(self.year) * per_year + i32::from(self.part) - 1).checked_add(count)?;
        let year = i16::try_from(index.div_euclid(per_year)).ok()?;
        Self::new(year, self.granularity, u8::try_from(index.rem_euclid(per_year) + 1).ok()?)
    }

    /// The periods from `self` to `end`, both included, of one length; `None` if the lengths differ or `end` comes first.
    pub fn to(self, end: Period) -> Option<Vec<Period>> {
        if self.granularity != end.granularity || self > end {
            return None;
        }
        let mut periods = vec![self];
        let mut last = self;
        while last < end {
            last = last.plus(1)?;
            periods.push(last);
        }
        Some(periods)
    }

    /// First day.
    pub fn first_day(self) -> Date {
        let months = 12 / self.granularity.per_year();
        let month = i8::try_from((self.part - 1) * months + 1).unwrap_or(1);
        Date::new(self.year, month, 1).unwrap_or(Date::MIN)
    }

    /// Last day.
    pub fn last_day(self) -> Date {
        let months = 12 / self.granularity.per_year();
        let month = i8::try_from(self.part * months).unwrap_or(12);
        Date::new(self.year, month, 1).map_or(Date::MAX, Date::last_of_month)
    }
}

impl Granularity {
    /// How many of them a year has.
    pub fn per_year(self) -> u8 {
        match self {
            Granularity::Year => 1,
            Granularity::Half => 2,
            Granularity::Quarter => 4,
            Granularity::Month => 12,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Period { year, part, .. } = self;
        match self.granularity {
            Granularity::Year => write!(f, "{year}"),
            Granularity::Half => write!(f, "{year}H{part}"),
            Granularity::Quarter => write!(f, "{year}Q{part}"),
            Granularity::Month => write!(f, "{year}-{part:02}"),
        }
    }
}

/// Reads `2021-03-15`, `2021/3/15`, `2021.3.15`, `2021年3月15日` and `20210315`; full-width digits count as digits.
pub fn parse_date(text: &str) -> Option<Date> {
    let text: String = text.trim().chars().map(half_width).collect();
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Date::new(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?)
            .ok();
    }
    let parts: Vec<&str> =
        text.strip_suffix('日').unwrap_or(&text).split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
        }
        _ => None,
    }
}

fn ordinal(text: &str) -> Option<u8> {
    match text {
        "一" => Some(1),
        "二" => Some(2),
        "三" => Some(3),
        "四" => Some(4),
        digits => digits.parse().ok(),
    }
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_ways_periods_are_written() {
        for (text, canonical) in [
            ("2021", "2021"),
            ("2021年", "2021"),
            ("２０２１年度", "2021"),
            ("2021H1", "2021H1"),
            ("2021年下半年", "2021H2"),
            ("2021q3", "2021Q3"),
            ("2021年第3季度", "2021Q3"),
            ("2021年四季度", "2021Q4"),
            ("2021-03", "2021-03"),
            ("2021年3月", "2021-03"),
            ("202112", "2021-12"),
        ] {
            assert_eq!(Period::parse(text).map(|p| p.to_string()).as_deref(), Some(canonical), "{text}");
        }
        for text in ["", "21", "2021Q5", "2021-13", "0000", "二〇二一", "2021-03-15", "20210315", "2021-", "2021+3"]
        {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn periods_step_and_end_where_the_calendar_says() {
        let q1 = Period::parse("2021Q1");
        assert_eq!(q1.and_then(|p| p.plus(-1)), Period::parse("2020Q4"));
        assert_eq!(q1.and_then(|p| p.plus_years(-1)), Period::parse("2020Q1"));
        assert_eq!(Period::parse("2020-02").map(|p| p.last_day().to_string()).as_deref(), Some("2020-02-29"));
        let years = Period::year(2016).zip(Period::year(2020)).and_then(|(a, b)| a.to(b));
        assert_eq!(years.map(|y| y.len()), Some(5));
        assert_eq!(parse_date("2021年3月5日"), parse_date("2021-03-05"));
        assert_eq!(parse_date("2021-02-30"), None);
    }
}

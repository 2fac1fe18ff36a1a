//! Units and their algebra: 亿元, 万元 and 元 convert; 人, 户 and 人次 never add up; a ratio is not a difference of ratios.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use super::Number;

/// A base unit: one that is not defined through another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Base {
    name: Arc<str>,
    /// Things are counted in it (家, 条, 人), so that a number of rows may be given in it; false for 元 or 平方米.
    counting: bool,
}

/// What kind of quantity a unit measures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// A bare number.
    Plain,
    /// A number of rows, before it is said what they are; goes with bare numbers and with any counting unit.
    Count,
    /// A ratio: %, ‰, 倍.
    Ratio,
    /// A difference of two ratios: 百分点.
    Points,
    /// Powers of base units: 元, 元/人, 平方米/人.
    Of(BTreeMap<Base, i32>),
}

/// A unit: what it measures, and how many base units it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    dimension: Dimension,
    factor: Number,
    name: Arc<str>,
}

/// Why a unit's text has no meaning.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// A part of it is not a known unit.
    #[error("unknown unit `{part}`")]
    Unknown {
        /// The part.
        part: String,
        /// A known unit that resembles it.
        nearest: Option<String>,
    },
    /// Already declared.
    #[error("unit `{0}` is already declared")]
    Duplicate(String),
}

const MAGNITUDES: [(&str, i128); 10] = [
    ("万亿", 1_000_000_000_000),
    ("千亿", 100_000_000_000),
    ("百亿", 10_000_000_000),
    ("十亿", 1_000_000_000),
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("亿", 100_000_000),
    ("万", 10_000),
    ("千", 1_000),
    ("百", 100),
];

impl Dimension {
    /// Do quantities of the two kinds compare? Equal kinds do; a number of rows also goes with bare numbers and counting units.
    pub fn comparable(&self, other: &Dimension) -> bool {
        let count_with = |d: &Dimension| matches!(d, Dimension::Plain) || d.is_counting();
        self == other
            || (*self == Dimension::Count && count_with(other))
            || (*other == Dimension::Count && count_with(self))
    }

    /// Is it a single counting unit (家, 条, 人), not 元 or 平方米 or a compound?
    pub fn is_counting(&self) -> bool {
        matches!(self, Dimension::Of(powers) if powers.len() == 1 && powers.iter().all(|(base, power)| base.counting && *power == 1))
    }

    /// The kind of a sum, or `None` if the two do not add up.
    pub fn add(&self, other: &Dimension) -> Option<Dimension> {
        use Dimension::{Count, Plain, Points, Ratio};
        match (self, other) {
            (Ratio, Points) | (Points, Ratio) => Some(Ratio),
            (Count, Plain) | (Plain, Count) => Some(Count),
            (a, b) if a == b => Some(a.clone()),
            (Count, b) if b.is_counting() => Some(b.clone()),
            (a, Count) if a.is_counting() => Some(a.clone()),
            _ => None,
        }
    }

    /// The kind of a difference: that of two ratios is in 百分点.
    pub fn sub(&self, other: &Dimension) -> Option<Dimension> {
        use Dimension::{Points, Ratio};
        match (self, other) {
            (Ratio, Ratio) => Some(Points),
            (Points, Ratio) => None,
            (a, b) => a.add(b),
        }
    }

    /// The kind of a product.
    pub fn mul(&self, other: &Dimension) -> Option<Dimension> {
        use Dimension::{Count, Of, Plain, Points, Ratio};
        match (self, other) {
            (Points, Plain | Count) | (Plain | Count, Points) => Some(Points),
            (Points, _) | (_, Points) => None,
            (Plain, other) | (other, Plain) => Some(other.clone()),
            (Ratio, other) | (other, Ratio) => Some(other.clone()),
            (Count, other) | (other, Count) => Some(other.clone()),
            (Of(a), Of(b)) => Some(combine(a, b, 1)),
        }
    }

    /// The kind of a quotient: that of two quantities of one kind is a ratio.
    pub fn div(&self, other: &Dimension) -> Option<Dimension> {
        use Dimension::{Count, Of, Plain, Points, Ratio};
        match (self, other) {
            (a, Plain) => Some(a.clone()),
            (a, b) if a == b => Some(Ratio),
            (Points, _) | (_, Points) => None,
            (a, Ratio | Count) => Some(a.clone()),
            (Plain | Ratio | Count, Of(b)) => Some(combine(&BTreeMap::new(), b, -1)),
            (Of(a), Of(b)) => Some(match combine(a, b, -1) {
                Plain => Ratio,
                other => other,
            }),
        }
    }
}

fn combine(a: &BTreeMap<Base, i32>, b: &BTreeMap<Base, i32>, sign: i32) -> Dimension {
    let mut powers = a.clone();
    for (base, power) in b {
        *powers.entry(base.clone()).or_insert(0) += sign * power;
    }
    powers.retain(|_, power| *power != 0);
    if powers.is_empty() { Dimension::Plain } else { Dimension::Of(powers) }
}

impl Unit {
    /// The unit of bare numbers.
    pub fn plain() -> Self {
        Unit::base(Dimension::Plain)
    }

    /// 1 %
    pub fn percent() -> Self {
        Unit { dimension: Dimension::Ratio, factor: hundredth(), name: "%".into() }
    }

    /// 1 百分点
    pub fn points() -> Self {
        Unit { dimension: Dimension::Points, factor: hundredth(), name: "百分点".into() }
    }

    /// The unit of factor 1 of a kind: what an expression without a unit of its own is shown in. Ratios are shown in %.
    pub fn base(dimension: Dimension) -> Self {
        match &dimension {
            Dimension::Ratio => Unit::percent(),
            Dimension::Points => Unit::points(),
            Dimension::Plain | Dimension::Count => Unit { dimension, factor: Number::one(), name: "".into() },
            Dimension::Of(powers) => {
                let side = |above: bool| -> Vec<String> {
                    powers
                        .iter()
                        .filter(|(_, power)| (**power > 0) == above)
                        .map(|(base, power)| {
                            if power.abs() == 1 {
                                base.name.to_string()
                            } else {
                                format!("{}^{}", base.name, power.abs())
                            }
                        })
                        .collect()
                };
                let (above, below) = (side(true), side(false));
                let above = if above.is_empty() { "1".to_owned() } else { above.join("·") };
                let name = if below.is_empty() { above } else { format!("{above}/{}", below.join("/")) };
                Unit { dimension, factor: Number::one(), name: name.into() }
            }
        }
    }

    /// What it measures.
    pub fn dimension(&self) -> &Dimension {
        &self.dimension
    }

    /// How many base units one of it is: 10000 for 万元.
    pub fn factor(&self) -> &Number {
        &self.factor
    }

    /// As it was written: 万元.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A figure stated in this unit, in base units.
    pub fn to_base(&self, figure: &Number) -> Number {
        figure * &self.factor
    }

    /// A figure with the unit behind it: `9.99%`, `0.01 万元`, `3`.
    pub fn behind(&self, figure: &str) -> String {
        match self.name() {
            "" => figure.to_owned(),
            "%" | "‰" => format!("{figure}{self}"),
            name => format!("{figure} {name}"),
        }
    }

    /// A value in base units, as a figure in this unit.
    pub fn from_base(&self, value: &Number) -> Number {
        value.div(&self.factor).unwrap_or_else(Number::zero)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The units that are known: the built-in ones and those a suite declares.
#[derive(Clone, Debug)]
pub struct Units {
    known: HashMap<Arc<str>, (Dimension, Number)>,
}

impl Default for Units {
    /// The built-in units: money, ratios, people, areas, lengths, masses, time (GB 3100, GB 3101; 1 亩 = 1/15 公顷).
    fn default() -> Self {
        let mut units = Units { known: HashMap::new() };
        for (name, counting) in [
            ("元", false),
            ("美元", false),
            ("港元", false),
            ("欧元", false),
            ("平方米", false),
            ("立方米", false),
            ("米", false),
            ("克", false),
            ("秒", false),
            ("月", true),
            ("年", true),
            ("人", true),
            ("人次", true),
            ("户", true),
            ("个", true),
        ] {
            units.known.insert(name.into(), (of(name, counting), Number::one()));
        }
        for (name, factor) in
            [("%", hundredth()), ("‰", Number::ratio(1, 1000).unwrap_or_else(Number::zero)), ("倍", Number::one())]
        {
            units.known.insert(name.into(), (Dimension::Ratio, factor));
        }
        units.known.insert("百分点".into(), (Dimension::Points, hundredth()));
        for (name, factor, of) in [
            ("个百分点", (1, 1), "百分点"),
            ("圆", (1, 1), "元"),
            ("人民币元", (1, 1), "元"),
            ("㎡", (1, 1), "平方米"),
            ("公顷", (10_000, 1), "平方米"),
            ("亩", (10_000, 15), "平方米"),
            ("平方公里", (1_000_000, 1), "平方米"),
            ("平方千米", (1_000_000, 1), "平方米"),
            ("公里", (1000, 1), "米"),
            ("千米", (1000, 1), "米"),
            ("千克", (1000, 1), "克"),
            ("公斤", (1000, 1), "克"),
            ("吨", (1_000_000, 1), "克"),
            ("分钟", (60, 1), "秒"),
            ("小时", (3600, 1), "秒"),
            ("天", (86_400, 1), "秒"),
            ("日", (86_400, 1), "秒"),
            ("个月", (1, 1), "月"),
            ("人民币", (1, 1), "元"),
            ("CNY", (1, 1), "元"),
            ("RMB", (1, 1), "元"),
        ] {
            if let (Some((dimension, base)), Some(factor)) =
                (units.known.get(of).cloned(), Number::ratio(factor.0, factor.1))
            {
                units.known.insert(name.into(), (dimension, &base * &factor));
            }
        }
        units
    }
}

impl Units {
    /// Declares a new base unit that things are counted in.
    pub fn declare(&mut self, name: &str) -> Result<(), UnitError> {
        self.insert(name, of(name, true), Number::one())
    }

    /// Declares `name` as `factor` of another unit (an alias if the factor is 1).
    pub fn declare_as(&mut self, name: &str, factor: &Number, unit: &Unit) -> Result<(), UnitError> {
        self.insert(name, unit.dimension.clone(), &unit.factor * factor)
    }

    fn insert(&mut self, name: &str, dimension: Dimension, factor: Number) -> Result<(), UnitError> {
        // `万家` is taken where 家 is a unit: a magnitude goes before any unit.
        if self.simple(name).is_ok() {
            return Err(UnitError::Duplicate(name.to_owned()));
        }
        self.known.insert(name.into(), (dimension, factor));
        Ok(())
    }

    /// The unit that a text means: a known name, a magnitude (万, 亿) before one or alone, or `a/b` of such.
    pub fn resolve(&self, text: &str) -> Result<Unit, UnitError> {
        let name: String = text
            .trim()
            .chars()
            .map(|c| {
                if c == '％' {
                    '%'
                } else if c == '／' {
                    '/'
                } else {
                    c
                }
            })
            .collect();
        let mut parts = name.split('/').map(str::trim);
        let (mut dimension, mut factor) = self.simple(parts.next().unwrap_or(""))?;
        for part in parts {
            let (below, divisor) = self.simple(part)?;
            let unknown = || UnitError::Unknown { part: name.clone(), nearest: None };
            dimension = match dimension.div(&below) {
                Some(quotient) => quotient,
                None => return Err(unknown()),
            };
            factor = factor.div(&divisor).ok_or_else(unknown)?;
        }
        Ok(Unit { dimension, factor, name: name.into() })
    }

    fn simple(&self, name: &str) -> Result<(Dimension, Number), UnitError> {
        if let Some(known) = self.known.get(name) {
            return Ok(known.clone());
        }
        for (magnitude, factor) in MAGNITUDES {
            let Some(rest) = name.strip_prefix(magnitude) else { continue };
            if rest.is_empty() {
                return Ok((Dimension::Plain, Number::from(factor)));
            }
            if let Some((dimension, base)) = self.known.get(rest) {
                return Ok((dimension.clone(), base * &Number::from(factor)));
            }
        }
        let nearest = crate::base::nearest(name, self.known.keys().map(|known| &**known)).map(str::to_owned);
        Err(UnitError::Unknown { part: name.to_owned(), nearest })
    }
}

fn hundredth() -> Number {
    Number::ratio(1, 100).unwrap_or_else(Number::zero)
}

fn of(name: &str, counting: bool) -> Dimension {
    Dimension::Of(BTreeMap::from([(Base { name: name.into(), counting }, 1)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> Unit {
        Units::default().resolve(text).unwrap_or_else(|_| Unit::plain())
    }

    #[test]
    fn magnitudes_go_with_any_unit() {
        assert_eq!(unit("万元").factor(), &Number::from(10_000i128));
        assert_eq!(unit("亿美元").factor(), &Number::from(100_000_000i128));
        assert_eq!(unit("万平方米").dimension(), unit("公顷").dimension());
        assert_eq!(unit("万").dimension(), &Dimension::Plain);
        assert_eq!(unit("百分点").dimension(), &Dimension::Points);
        assert_eq!(unit("％"), unit("%"));
    }

    #[test]
    fn compounds_divide() {
        let per_head = unit("万元/人");
        assert_eq!(per_head.dimension().mul(unit("万人").dimension()).as_ref(), Some(unit("元").dimension()));
        assert_eq!(Unit::base(per_head.dimension().clone()).name(), "元/人");
        assert_eq!(unit("元").dimension().div(unit("亿元").dimension()), Some(Dimension::Ratio));
    }

    #[test]
    fn different_things_do_not_add_up() {
        assert_eq!(unit("人").dimension().add(unit("户").dimension()), None);
        assert_eq!(unit("人").dimension().add(unit("人次").dimension()), None);
        assert_eq!(Dimension::Ratio.sub(&Dimension::Ratio), Some(Dimension::Points));
        assert!(!Dimension::Ratio.comparable(&Dimension::Points));
        assert!(Dimension::Count.comparable(unit("户").dimension()));
        assert!(!Dimension::Count.comparable(unit("元").dimension()));
    }

    #[test]
    fn unknown_units_name_a_neighbour() {
        assert_eq!(
            Units::default().resolve("平方来"),
            Err(UnitError::Unknown { part: "平方来".into(), nearest: Some("平方米".into()) })
        );
    }
}

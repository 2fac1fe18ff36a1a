//! Patterns of file names, sheet names and headings.
//!
//! Text in, yes or no (and captured parts) out. Knows nothing of files.

/// Does a name match a pattern of `*` (anything) and `?` (one character)? ASCII letters match in either case.
pub fn glob(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        let same = match (pattern.get(p), name.get(n)) {
            (Some('*'), _) => {
                star = Some((p, n));
                p += 1;
                continue;
            }
            (Some('?'), Some(_)) => true,
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            _ => false,
        };
        if same {
            p += 1;
            n += 1;
        } else if let Some((at, matched)) = star {
            star = Some((at, matched + 1));
            p = at + 1;
            n = matched + 1;
        } else {
            return false;
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// A heading that holds values of dimensions: `{年度}年预算数`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingPattern {
    /// As written.
    pub text: String,
    /// Text before the first dimension.
    lead: String,
    /// Dimensions, each with the text behind it.
    parts: Vec<(String, String)>,
}

impl HeadingPattern {
    /// Reads a pattern; `None` if it names no dimension, or two without text between them.
    pub fn parse(text: &str) -> Option<Self> {
        let (lead, mut rest) = text.split_once('{')?;
        let mut parts: Vec<(String, String)> = Vec::new();
        loop {
            let (name, behind) = rest.split_once('}')?;
            let (literal, next) = match behind.split_once('{') {
                Some((literal, next)) if !literal.is_empty() => (literal, Some(next)),
                Some(_) => return None,
                None => (behind, None),
            };
            if name.trim().is_empty() || literal.contains('}') || parts.iter().any(|(known, _)| known == name.trim()) {
                return None;
            }
            parts.push((name.trim().to_owned(), literal.to_owned()));
            match next {
                Some(next) => rest = next,
                None => break,
            }
        }
        Some(HeadingPattern { text: text.to_owned(), lead: lead.to_owned(), parts })
    }

    /// The pattern for headings in their compact form.
    #[must_use]
    pub fn compact(&self) -> Self {
        let compact = super::heading::compact;
        HeadingPattern {
            text: self.text.clone(),
            lead: compact(&self.lead),
            parts: self.parts.iter().map(|(name, literal)| (name.clone(), compact(literal))).collect(),
        }
    }

    /// The dimensions it names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(name, _)| name.as_str())
    }

    /// The texts that stand for the dimensions in a heading, in the order of [`HeadingPattern::names`].
    pub fn capture<'h>(&self, heading: &'h str) -> Option<Vec<&'h str>> {
        let mut rest = heading.strip_prefix(self.lead.as_str())?;
        let mut captured = Vec::new();
        for (index, (_, literal)) in self.parts.iter().enumerate() {
            let last = index + 1 == self.parts.len();
            let (value, behind) =
                if last { (rest.strip_suffix(literal.as_str())?, "") } else { rest.split_once(literal.as_str())? };
            if value.trim().is_empty() {
                return None;
            }
            captured.push(value.trim());
            rest = behind;
        }
        Some(captured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (pattern, name, matches) in [
            ("*.xlsx", "预算.XLSX", true),
            ("*预算*", "2021年部门预算表.csv", true),
            ("预算?.csv", "预算1.csv", true),
            ("预算?.csv", "预算.csv", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(glob(pattern, name), matches, "{pattern} {name}");
        }
    }

    #[test]
    fn headings_hold_dimensions() {
        let pattern = HeadingPattern::parse("{年度}年预算数").expect("a pattern");
        assert_eq!(pattern.capture("2021年预算数"), Some(vec!["2021"]));
        assert_eq!(pattern.capture("2021年决算数"), None);
        assert_eq!(pattern.capture("年预算数"), None);
        let pattern = HeadingPattern::parse("{年度}年{版本}").expect("a pattern");
        assert_eq!(pattern.capture("2021年预算数"), Some(vec!["2021", "预算数"]));
        for text in ["预算数", "{a}{b}", "{}", "{a", "a}", "{a}x{a}"] {
            assert_eq!(HeadingPattern::parse(text), None, "{text}");
        }
    }
}

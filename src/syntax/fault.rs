//! From the grammar's one error to a message that says what to write instead.
//!
//! What comes in: pest's error and the tokens around it. What goes out: one diagnostic, with a code of its own for each
//! kind of mistake that people make. It must not know the tree.

use pest::error::{Error, ErrorVariant, InputLocation};

use crate::base::codes::syntax as codes;
use crate::base::{Bi, Diagnostic, Place, Span};

use super::Rule;
use super::expected::{expected, keyword};
use super::keywords::{self, Class, KEYWORDS, close};
use super::precheck::{Chunk, Unpaired, nesting, shorten, unpaired};
use super::scan::{Kind, Token};

const AGGREGATES: &[&str] = &["sum", "count", "distinct", "mean", "max", "min", "share"];

fn is_role(role: &str, word: &str) -> bool {
    keywords::of_role(role).is_some_and(|keyword| keyword.spellings().any(|spelling| spelling == word))
}

/// One error, taken apart.
struct Site<'a> {
    chunk: Chunk<'a>,
    /// What the grammar tried in vain.
    wanted: Vec<Rule>,
    /// Index of the offending token; the number of tokens at the end.
    at: usize,
    /// Where the error stands.
    span: Span,
}

/// The diagnostic of a declaration that did not parse; `base` is where it starts in the file.
pub fn diagnose(chunk: Chunk<'_>, base: usize, error: &Error<Rule>) -> Diagnostic {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else {
        let span = chunk.tokens.first().map(|token| chunk.span(token));
        return nesting(span.unwrap_or_else(|| Span::new(chunk.file, base..base)));
    };
    let place = base
        + match error.location {
            InputLocation::Pos(at) => at,
            InputLocation::Span((at, _)) => at,
        };
    let at = chunk.tokens.partition_point(|token| token.end <= place);
    let span = match chunk.tokens.get(at) {
        Some(token) => Span::new(chunk.file, place.max(token.start)..token.end),
        None => {
            let end = chunk.tokens.last().map_or(base, |token| token.end);
            Span::new(chunk.file, end..end)
        }
    };
    let mut wanted = positives.clone();
    wanted.sort_unstable();
    wanted.dedup();
    let site = Site { chunk, wanted, at, span };
    site.brackets()
        .or_else(|| site.chain())
        .or_else(|| site.figures())
        .or_else(|| site.keyword_as_name())
        .or_else(|| site.declaration_within_line())
        .or_else(|| site.one_of_few_words())
        .or_else(|| site.run_together())
        .or_else(|| site.table())
        .or_else(|| site.mistaken_unit())
        .or_else(|| site.mistaken_name())
        .unwrap_or_else(|| site.unexpected())
}

impl Site<'_> {
    fn token(&self) -> Option<&Token> {
        self.chunk.tokens.get(self.at)
    }

    fn shown(&self) -> String {
        let text = self.chunk.text.get(self.span.range()).unwrap_or("");
        shorten(text)
    }

    fn wants(&self, rules: &[Rule]) -> bool {
        self.wanted.iter().any(|rule| rules.contains(rule))
    }

    /// May a name stand here, on its own or at the head of an expression?
    fn wants_name(&self) -> bool {
        self.wants(&[Rule::name, Rule::name_list, Rule::selector, Rule::member])
    }

    fn wants_expression(&self) -> bool {
        self.wants(&[
            Rule::expr,
            Rule::body,
            Rule::delimited,
            Rule::arithmetic,
            Rule::operand,
            Rule::comparison,
            Rule::not_expr,
            Rule::and_expr,
            Rule::or_expr,
            Rule::aggregate_operand,
            Rule::aggregate_paren,
            Rule::literal,
        ])
    }

    /// The reserved class of the offending word.
    fn reserved(&self) -> Option<Class> {
        if self.token()?.kind != Kind::Word {
            return None;
        }
        let word = self.chunk.word(self.at);
        let keyword =
            KEYWORDS.iter().find(|keyword| keyword.is_reserved() && keyword.spellings().any(|s| s == word))?;
        Some(keyword.class)
    }

    fn brackets(&self) -> Option<Diagnostic> {
        match unpaired(self.chunk)? {
            Unpaired::Closed(index) if index <= self.at => {
                let token = self.chunk.tokens.get(index)?;
                let shown = self.chunk.shown(token);
                Some(
                    Diagnostic::rule(
                        &codes::BRACKET,
                        self.chunk.span(token),
                        Bi::new(
                            format!("`{shown}` 没有与之配对的左括号"),
                            format!("`{shown}` closes a bracket that was never opened"),
                        ),
                    )
                    .help(Bi::new("删去它，或补上左括号", "take it out, or open the bracket where it belongs")),
                )
            }
            Unpaired::Opened(index) if index < self.at => {
                let structural = match self.token() {
                    None => true,
                    Some(token) => match token.kind {
                        Kind::Sign(')' | ']' | '}') => true,
                        Kind::Word => matches!(self.reserved(), Some(Class::Clause | Class::Declaration)),
                        _ => self.wants(&[Rule::close, Rule::close_bracket, Rule::close_brace]),
                    },
                };
                if !structural {
                    return None;
                }
                let token = self.chunk.tokens.get(index)?;
                let shown = self.chunk.shown(token);
                let closing = match self.chunk.sign(index) {
                    Some('(') => ")",
                    Some('[') => "]",
                    _ => "}",
                };
                Some(
                    Diagnostic::rule(
                        &codes::BRACKET,
                        self.chunk.span(token),
                        Bi::new(format!("`{shown}` 没有闭合"), format!("`{shown}` is never closed")),
                    )
                    .label(
                        Place::Rule(self.span),
                        Bi::new(format!("到这里应有 `{closing}`"), format!("`{closing}` is missing before this")),
                    )
                    .help(Bi::new(format!("补上 `{closing}`"), format!("add `{closing}`"))),
                )
            }
            _ => None,
        }
    }

    fn is_comparator(&self, index: usize) -> bool {
        if matches!(self.chunk.sign(index), Some('=' | '<' | '>' | '≥' | '≤' | '≠' | '≧' | '≦')) {
            return true;
        }
        ["at_least", "at_most", "above", "below", "equal", "not_equal"].iter().any(|role| {
            keywords::of_role(role).is_some_and(|keyword| {
                keyword.spellings().any(|spelling| {
                    let words: Vec<&str> = spelling.split(' ').collect();
                    words.iter().enumerate().all(|(offset, word)| self.chunk.is_word(index + offset, &[word]))
                })
            })
        })
    }

    /// `a ≤ b ≤ c`
    fn chain(&self) -> Option<Diagnostic> {
        if !self.is_comparator(self.at) || self.wants_expression() || !self.wants(&[Rule::k_and, Rule::k_or]) {
            return None;
        }
        let mut depth = 0usize;
        for index in (0..self.at).rev() {
            match self.chunk.sign(index) {
                Some(')' | ']' | '}') => depth += 1,
                Some('(' | '[' | '{') if depth == 0 => return None,
                Some('(' | '[' | '{') => depth -= 1,
                _ if depth > 0 => {}
                _ if self.chunk.is_word(
                    index,
                    &["且", "并且", "and", "或", "或者", "or", "要求", "require", "当", "when", "where"],
                ) =>
                {
                    return None;
                }
                _ if self.is_comparator(index) => {
                    let first = self.chunk.tokens.get(index)?;
                    return Some(
                        Diagnostic::rule(
                            &codes::CHAIN,
                            self.span,
                            Bi::new("比较不能连写", "comparisons cannot be chained"),
                        )
                        .label(
                            Place::Rule(self.chunk.span(first)),
                            Bi::new("前一个比较在这里", "the comparison before it"),
                        )
                        .help(Bi::new(
                            "写 `x 在 a 到 b 之间`（含两端），或分成两个比较用 `且` 相连",
                            "write `x between a and b` (both ends included), or two comparisons joined by `and`",
                        )),
                    );
                }
                _ => {}
            }
        }
        None
    }

    fn figures(&self) -> Option<Diagnostic> {
        let token = self.token()?;
        let touches = |left: usize, right: usize| match (self.chunk.tokens.get(left), self.chunk.tokens.get(right)) {
            (Some(left), Some(right)) => left.end == right.start,
            _ => false,
        };
        let cut = token.kind == Kind::Figure && (self.span.start as usize) > token.start;
        if cut {
            let whole = self.chunk.span(token);
            let shown = self.chunk.shown(token);
            return Some(
                Diagnostic::rule(
                    &codes::NUMBER,
                    whole,
                    Bi::new(format!("`{shown}` 不是一个数"), format!("`{shown}` is not a number")),
                )
                .help(Bi::new(
                    "小数点只能有一个；千位分隔符每三位一个（`1,234,567`）；列表中逗号后留空格",
                    "a number has one point at most, and separators between groups of three digits (`1,234,567`); leave a space after the comma of a list",
                )),
            );
        }
        if token.kind != Kind::Figure {
            return None;
        }
        let shown = self.chunk.shown(token);
        if self.wants_name() && !self.wants_expression() && touches(self.at, self.at + 1) {
            let next = self.chunk.tokens.get(self.at + 1)?;
            if next.kind == Kind::Word {
                let span = self.chunk.span(token).to(self.chunk.span(next));
                let whole = shorten(self.chunk.text.get(span.range()).unwrap_or(""));
                return Some(
                    Diagnostic::rule(
                        &codes::NAME_DIGIT,
                        span,
                        Bi::new(
                            format!("名称 `{whole}` 以数字开头"),
                            format!("the name `{whole}` begins with a digit"),
                        ),
                    )
                    .help(Bi::new(format!("请写成 `` `{whole}` ``"), format!("write `` `{whole}` ``"))),
                );
            }
        }
        if self.wants(&[Rule::date]) && !self.wants_expression() {
            return Some(
                Diagnostic::rule(
                    &codes::DATE,
                    self.span,
                    Bi::new(format!("`{shown}` 不是日期"), format!("`{shown}` is not a date")),
                )
                .help(Bi::new("日期写作 `2021-03-15` 或 `2021年3月15日`", "write a date as `2021-03-15`")),
            );
        }
        if self.wants(&[Rule::period, Rule::period_span, Rule::period_ref, Rule::year]) && !self.wants_expression() {
            return Some(
                Diagnostic::rule(
                    &codes::PERIOD,
                    self.span,
                    Bi::new(format!("`{shown}` 不是期间"), format!("`{shown}` is not a period")),
                )
                .help(Bi::new(
                    "年度写四位数 `2021`；半年 `2021H1`，季度 `2021Q1`，月份 `2021-03`",
                    "a year has four digits, `2021`; a half-year is `2021H1`, a quarter `2021Q1`, a month `2021-03`",
                )),
            );
        }
        None
    }

    fn keyword_as_name(&self) -> Option<Diagnostic> {
        // `要求 数量 ≥ 3`: an aggregate that has nothing to aggregate is meant as a name.
        let before = self.at.checked_sub(1);
        if let Some(token) = before.and_then(|before| self.chunk.tokens.get(before))
            && self.wants(&[Rule::aggregate_operand, Rule::aggregate_paren, Rule::name])
            && AGGREGATES.iter().any(|role| is_role(role, self.chunk.text.get(token.start..token.end).unwrap_or("")))
            && !self.token().is_some_and(|token| token.kind == Kind::Figure)
        {
            return Some(self.as_name(token));
        }
        self.reserved()?;
        let name_only = self.wants_name() && !self.wants_expression();
        // Where an expression may stand too, the keyword is meant as a name only if what follows goes with a name.
        let next = self.at + 1;
        let followed = self.is_comparator(next)
            || matches!(self.chunk.sign(next), Some('.' | '[' | ':' | '+' | '-' | '*' | '/' | ')' | ','));
        if !(name_only || ((self.wants_expression() || self.wants_name()) && followed)) {
            return None;
        }
        Some(self.as_name(self.token()?))
    }

    fn as_name(&self, token: &Token) -> Diagnostic {
        let word = self.chunk.shown(token);
        Diagnostic::rule(
            &codes::KEYWORD_AS_NAME,
            self.chunk.span(token),
            Bi::new(
                format!("`{word}` 是关键字；用作名称时请写成 `` `{word}` ``"),
                format!("`{word}` is a keyword; as a name, write it `` `{word}` ``"),
            ),
        )
    }

    fn declaration_within_line(&self) -> Option<Diagnostic> {
        if self.reserved()? != Class::Declaration {
            return None;
        }
        let word = self.chunk.word(self.at);
        Some(
            Diagnostic::rule(
                &codes::SAME_LINE,
                self.span,
                Bi::new(
                    format!("`{word}` 声明没有另起一行"),
                    format!("the declaration `{word}` does not start a line"),
                ),
            )
            .help(Bi::new("每条声明另起一行", "start each declaration on a line of its own")),
        )
    }

    /// A place for one of a few words, and the word is another.
    fn one_of_few_words(&self) -> Option<Diagnostic> {
        let roles: &[&str] = if self.wants(&[Rule::kind_word]) {
            &["binding", "expected", "advisory"]
        } else if self.wants(&[Rule::verdict]) {
            &["pass", "fail", "missing", "borderline", "pending", "not_applicable", "waived", "error"]
        } else {
            return None;
        };
        if self.token()?.kind != Kind::Word || self.reserved().is_some() {
            return None;
        }
        let list = expected(&self.wanted)?;
        let shown = self.shown();
        let spellings = roles.iter().filter_map(|role| keywords::of_role(role)).flat_map(keywords::Keyword::spellings);
        let close = close(self.chunk.word(self.at), spellings);
        let diagnostic = Diagnostic::rule(
            &codes::UNKNOWN_WORD,
            self.span,
            Bi::new(
                format!("这里不能写 `{shown}`，应为{}", list.zh),
                format!("`{shown}` cannot stand here; expected {}", list.en),
            ),
        );
        Some(match close {
            Some(word) => diagnostic.help(Bi::new(format!("是否想写 `{word}`？"), format!("did you mean `{word}`?"))),
            None => diagnostic,
        })
    }

    /// `公用经费压减`, `较上年增长`: words without the spaces between them.
    fn run_together(&self) -> Option<Diagnostic> {
        let candidates = [Some(self.at), self.at.checked_sub(1)];
        for index in candidates.into_iter().flatten() {
            let token = self.chunk.tokens.get(index)?;
            if token.kind != Kind::Word || keywords::is_reserved(self.chunk.word(index)) {
                continue;
            }
            let word = self.chunk.word(index);
            let Some(apart) = keywords::apart(word, index == self.at) else { continue };
            return Some(
                Diagnostic::rule(
                    &codes::RUN_TOGETHER,
                    self.chunk.span(token),
                    Bi::new(
                        format!("`{word}` 连在一起，被读作一个名称"),
                        format!("`{word}` is written without spaces and reads as one name"),
                    ),
                )
                .help(Bi::new(format!("是否想写 `{apart}`？"), format!("did you mean `{apart}`?"))),
            );
        }
        None
    }

    fn table(&self) -> Option<Diagnostic> {
        let misplaced = self.token().is_some_and(|token| token.kind == Kind::Row);
        if misplaced {
            return Some(
                Diagnostic::rule(
                    &codes::FOREIGN_SIGN,
                    self.span,
                    Bi::new("这里不能有用 `|` 分隔的行", "a row with `|` cannot stand here"),
                )
                .help(Bi::new(
                    "表格写在测试的 `给定 数据集` 的下一行起；“或者”写 `或`",
                    "a table begins on the line below `given dataset` in a test; for alternatives write `or`",
                )),
            );
        }
        let below_table =
            self.at.checked_sub(1).and_then(|at| self.chunk.tokens.get(at)).is_some_and(|t| t.kind == Kind::Row);
        if below_table && self.token().is_some() && self.reserved().is_none() && self.near_keyword().is_none() {
            let shown = self.shown();
            return Some(
                Diagnostic::rule(
                    &codes::ROW_WIDTH,
                    self.span,
                    Bi::new(format!("表格中 `{shown}` 所在的行没有 `|`"), format!("the row of `{shown}` has no `|`")),
                )
                .help(Bi::new(
                    "表格的每一行都要有 `|`，只有一列时也是如此；表格之后接 `给定` 或 `期望`",
                    "every row of a table has a `|`, even if there is one column; after the table comes `given` or `expect`",
                )),
            );
        }
        let named = self.at.checked_sub(2).is_some_and(|given| is_role("given", self.chunk.word(given)));
        if !(named && self.wants(&[Rule::eq]) || self.wants(&[Rule::table_row])) {
            return None;
        }
        let shown = if self.token().is_some() {
            Bi::new(
                format!("`给定` 后缺少表格或数值，却有 `{}`", self.shown()),
                format!("`given` lacks its table or value before `{}`", self.shown()),
            )
        } else {
            Bi::new("`给定` 后缺少表格或数值", "`given` lacks its table or value")
        };
        Some(Diagnostic::rule(&codes::NO_TABLE, self.span, shown).help(Bi::new(
            "数据集名称之后另起一行写表头，各列用 `|` 分隔，其下逐行写数据；单个数值写 `给定 名称[2021] = 3.2%`",
            "below the dataset's name write a heading with `|` between its columns, and the rows under it; a single figure is `given name[2021] = 3.2%`",
        )))
    }

    /// `≥ 3 性值 约束性`: a mistyped keyword behind a figure reads as its unit.
    fn mistaken_unit(&self) -> Option<Diagnostic> {
        let unit = self.at.checked_sub(1)?;
        let figure = unit.checked_sub(1)?;
        let token = self.chunk.tokens.get(unit)?;
        let before = self.chunk.tokens.get(figure)?;
        let apart = token.kind == Kind::Word && before.kind == Kind::Figure && before.end < token.start;
        let word = self.chunk.word(unit);
        if !apart || word.chars().count() < 2 {
            return None;
        }
        let clauses = KEYWORDS.iter().filter(|keyword| keyword.class == Class::Clause);
        let meant = close(word, clauses.flat_map(keywords::Keyword::spellings))?;
        let number = self.chunk.word(figure);
        Some(
            Diagnostic::rule(
                &codes::UNEXPECTED,
                self.chunk.span(token),
                Bi::new(
                    format!("`{word}` 被读作 `{number}` 的单位"),
                    format!("`{word}` reads as the unit of `{number}`"),
                ),
            )
            .help(Bi::new(format!("是否想写 `{meant}`？"), format!("did you mean `{meant}`?"))),
        )
    }

    /// `合记 预算.金额`: a mistyped aggregate reads as a name, which the name behind it cannot follow.
    fn mistaken_name(&self) -> Option<Diagnostic> {
        let at = self.at.checked_sub(1)?;
        let (token, next) = (self.chunk.tokens.get(at)?, self.token()?);
        let (word, shown) = (self.chunk.word(at), self.shown());
        let are_names = token.kind == Kind::Word && next.kind == Kind::Word && !keywords::is_reserved(word);
        if !are_names || self.reserved().is_some() || self.near_keyword().is_some() {
            return None;
        }
        let aggregates = ["sum", "count", "distinct", "mean", "max", "min", "share"];
        let aggregates = aggregates.into_iter().filter_map(keywords::of_role);
        let meant = close(word, aggregates.flat_map(keywords::Keyword::spellings))?;
        Some(
            Diagnostic::rule(
                &codes::UNEXPECTED,
                self.chunk.span(token),
                Bi::new(
                    format!("`{word}` 被读作名称，后面不能接 `{shown}`"),
                    format!("`{word}` reads as a name, and `{shown}` cannot follow it"),
                ),
            )
            .help(Bi::new(format!("是否想写 `{meant}`？"), format!("did you mean `{meant}`?"))),
        )
    }

    fn unexpected(&self) -> Diagnostic {
        let list = expected(&self.wanted);
        let Some(token) = self.token() else {
            let message = match list {
                Some(list) => Bi::new(
                    format!("声明到这里还没有写完，后面应有{}", list.zh),
                    format!("the declaration ends too early; expected {}", list.en),
                ),
                None => Bi::new("声明到这里还没有写完", "the declaration ends too early"),
            };
            return Diagnostic::rule(&codes::TOO_EARLY, self.end_span(), message);
        };
        let shown = self.shown();
        let message = match list {
            Some(list) => Bi::new(
                format!("这里不该出现 `{shown}`，应为{}", list.zh),
                format!("unexpected `{shown}`; expected {}", list.en),
            ),
            None => Bi::new(format!("这里不该出现 `{shown}`"), format!("unexpected `{shown}`")),
        };
        let diagnostic = Diagnostic::rule(&codes::UNEXPECTED, self.span, message);
        let close = if token.kind == Kind::Word && self.reserved().is_none() { self.near_keyword() } else { None };
        match close {
            Some(word) => diagnostic.help(Bi::new(format!("是否想写 `{word}`？"), format!("did you mean `{word}`?"))),
            None => diagnostic,
        }
    }

    /// The last token, so that there is something to underline.
    fn end_span(&self) -> Span {
        self.chunk.tokens.last().map_or(self.span, |token| self.chunk.span(token))
    }

    /// A keyword that may stand here and resembles the offending word.
    fn near_keyword(&self) -> Option<&'static str> {
        let clauses = self.wants(&[Rule::clause, Rule::test_clause, Rule::dataset_clause, Rule::indicator_clause]);
        let by_class = KEYWORDS.iter().filter(|keyword| {
            clauses && matches!(keyword.class, Class::Clause | Class::Declaration)
                || self.wants(&[Rule::comparison_tail, Rule::comparator]) && keyword.class == Class::Expression
        });
        let by_rule = self.wanted.iter().filter_map(|rule| keyword(*rule));
        let spellings = by_class.chain(by_rule).flat_map(keywords::Keyword::spellings);
        close(self.chunk.word(self.at), spellings.filter(|spelling| spelling.chars().count() > 1))
    }
}

//! Functions, unfolded where they are used.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::base::codes::names as codes;
use crate::base::{Bi, Diagnostic, Place, Span};
use crate::semantics::Compiler;
use crate::semantics::collect::Meaning;
use crate::semantics::hir::{self, ColumnId, DatasetId, DimId};
use crate::syntax::ast::{self, ExprKind, Name};

use super::{Cx, Scope};

/// Stands for the argument that an uncalled function does not have; no name can be spelled so.
const UNKNOWN: &str = "\0";

/// How many nodes the functions used in one declaration may unfold into.
const MAX_NODES: usize = 10_000;
/// How many functions may be unfolded within each other.
const MAX_CALLS: usize = 64;

/// A function that is being unfolded.
pub struct Env<'c> {
    /// The function.
    pub define: &'c ast::Define,
    /// Its arguments, to be read in `outer`.
    pub arguments: &'c [ast::Expr],
    /// The place where it is used.
    pub outer: Option<&'c Env<'c>>,
    /// Where it is used.
    pub call: Span,
    /// How many functions are being unfolded, this one included.
    pub depth: usize,
}

impl<'c> Env<'c> {
    /// The argument that a parameter stands for.
    pub fn argument(&self, name: &str) -> Option<&'c ast::Expr> {
        let at = self.define.params.iter().position(|param| param.text == name)?;
        self.arguments.get(at)
    }
}

impl Compiler<'_> {
    /// Counts a node of an unfolded function; `false` once there are too many.
    pub(super) fn count_expanded(&mut self, cx: Cx<'_>) -> bool {
        self.expanded += 1;
        if self.expanded == MAX_NODES + 1 {
            let call = cx.env.map(|env| env.call);
            if let Some(span) = call {
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &codes::EXPANSION,
                        span,
                        Bi::new(
                            format!("函数代入后超过 {MAX_NODES} 项"),
                            format!("more than {MAX_NODES} terms once functions are put in"),
                        ),
                    )
                    .help(Bi::new("把其中一部分写成指标", "make an indicator of a part of it")),
                );
            }
        }
        self.expanded <= MAX_NODES
    }

    /// A function with its arguments.
    pub(super) fn call(
        &mut self,
        cx: Cx<'_>,
        function: &Name,
        arguments: &[ast::Expr],
        span: Span,
    ) -> Option<hir::Expr> {
        let name = function.text.as_str();
        match self.look_up(name) {
            Some(Meaning::Define(define)) => self.unfold(cx, define, arguments, span),
            Some(Meaning::Indicator(_)) => {
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &codes::WRONG_KIND,
                        function.span,
                        Bi::new(
                            format!("`{name}` 是指标，不是函数，后面不能跟圆括号"),
                            format!("`{name}` is an indicator, not a function, and takes no parentheses"),
                        ),
                    )
                    .help(Bi::new(
                        format!("直接写 `{name}`；取某一成员时写 `{name}[部门 = \"…\"]`"),
                        format!("write `{name}`, or `{name}[department = \"…\"]` for one member"),
                    )),
                );
                None
            }
            Some(other) => {
                let noun = other.noun();
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &codes::WRONG_KIND,
                        function.span,
                        Bi::new(
                            format!("`{name}` 是{}，不是函数", noun.0),
                            format!("`{name}` is {}, not a function", noun.1),
                        ),
                    )
                    .help(Bi::new("去掉后面的圆括号", "take the parentheses away")),
                );
                None
            }
            None if self.is_broken(name) => None,
            None => {
                let known: Vec<&str> = self.names.defines.iter().map(|(d, _)| d.name.text.as_str()).collect();
                let nearest = self.report.nearest(name, known).map(str::to_owned);
                let help = match nearest {
                    Some(nearest) => Bi::new(format!("是不是 `{nearest}`？"), format!("did you mean `{nearest}`?")),
                    None => Bi::new(
                        format!("先声明：`函数 {name}(x) = …`"),
                        format!("declare it first: `define {name}(x) = …`"),
                    ),
                };
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &codes::UNKNOWN_NAME,
                        function.span,
                        Bi::new(format!("没有函数 `{name}`"), format!("there is no function `{name}`")),
                    )
                    .help(help),
                );
                None
            }
        }
    }

    /// Puts arguments into a function and types its body.
    pub(super) fn unfold(
        &mut self,
        cx: Cx<'_>,
        define: usize,
        arguments: &[ast::Expr],
        span: Span,
    ) -> Option<hir::Expr> {
        self.called.insert(define);
        let (define, _) = self.names.defines.get(define).copied()?;
        let name = &define.name.text;
        if define.params.len() != arguments.len() {
            let (wanted, given) = (define.params.len(), arguments.len());
            let list: Vec<&str> = define.params.iter().map(|param| param.text.as_str()).collect();
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::CALL,
                    span,
                    Bi::new(
                        format!("函数 `{name}` 要 {wanted} 个参数，这里给了 {given} 个"),
                        format!("function `{name}` takes {wanted} arguments, and {given} are given"),
                    ),
                )
                .label(Place::Rule(define.name.span), Bi::new("函数在这里声明", "the function is declared here"))
                .help(Bi::new(
                    format!("写成 `{name}({})`", list.join("，")),
                    format!("write `{name}({})`", list.join(", ")),
                )),
            );
            return None;
        }
        let depth = cx.env.map_or(1, |env| env.depth + 1);
        let mut env = cx.env;
        while let Some(inner) = env {
            if std::ptr::eq(inner.define, define) {
                self.fault(
                    cx,
                    Diagnostic::rule(
                        &codes::RECURSION,
                        span,
                        Bi::new(format!("函数 `{name}` 用到了它自己"), format!("function `{name}` uses itself")),
                    )
                    .help(Bi::new(
                        "函数只是写法的简写，不能递归；逐期的计算用 `较`、`[上年]` 或 `年均增长`",
                        "a function is a shorthand and cannot use itself; for steps through periods use `since`, `[last year]` or `grows yearly`",
                    )),
                );
                return None;
            }
            env = inner.outer;
        }
        if depth > MAX_CALLS {
            self.fault(
                cx,
                Diagnostic::rule(
                    &codes::EXPANSION,
                    span,
                    Bi::new(
                        format!("函数一个套一个，超过 {MAX_CALLS} 层"),
                        format!("functions within functions, more than {MAX_CALLS} deep"),
                    ),
                )
                .help(Bi::new("把其中一部分写成指标", "make an indicator of a part of it")),
            );
            return None;
        }
        let env = Env { define, arguments, outer: cx.env, call: span, depth };
        self.value(Cx { env: Some(&env), ..cx }, &define.body)
    }

    /// Types the bodies of functions that nothing calls, as far as that goes without their arguments: a parameter's value is
    /// unknown, and what rests on it is passed over.
    pub fn uncalled_functions(&mut self) {
        self.names.broken.insert(UNKNOWN);
        let dims: Vec<DimId> = (0..self.suite.dims.len()).map(DimId).collect();
        for (at, (define, own)) in self.names.defines.clone().into_iter().enumerate() {
            if !own || self.called.contains(&at) {
                continue;
            }
            let unknown = |name: &Name| ast::Expr { kind: ExprKind::Name(UNKNOWN.to_owned()), span: name.span };
            let arguments: Vec<ast::Expr> = define.params.iter().map(unknown).collect();
            let mut scopes = vec![Scope::Rule];
            // What reads columns is meant for the rows of a dataset that has them.
            let names = names_in(&define.body);
            let holds = |(_, columns): &(usize, &HashMap<String, ColumnId>)| {
                names.iter().any(|name| columns.contains_key(*name))
            };
            scopes.extend(self.columns.iter().enumerate().filter(holds).map(|(at, _)| Scope::Row(DatasetId(at))));
            let mut fewest: Option<Vec<Diagnostic>> = None;
            for scope in scopes {
                self.expanded = 0;
                let before = self.report.len();
                let series = RefCell::new(None);
                let cx = Cx { series: Some(&series), ..Cx::new(scope, &dims) };
                self.unfold(cx, at, &arguments, define.name.span);
                let said = self.report.take_from(before);
                if fewest.as_ref().is_none_or(|fewest| said.len() <= fewest.len()) {
                    fewest = Some(said);
                }
            }
            fewest.into_iter().flatten().for_each(|diagnostic| self.report.add(diagnostic));
        }
        self.names.broken.remove(UNKNOWN);
    }
}

impl Compiler<'_> {
    /// Is a function looked at that nothing calls?
    pub(super) fn is_uncalled(&self) -> bool {
        self.names.broken.contains(UNKNOWN)
    }
}

/// Names as such that an expression mentions.
fn names_in(expr: &ast::Expr) -> Vec<&str> {
    let mut names = Vec::new();
    expr.for_each(&mut |part| {
        if let ExprKind::Name(name) = &part.kind {
            names.push(name.as_str());
        }
    });
    names
}

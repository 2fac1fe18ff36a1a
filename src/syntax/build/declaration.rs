//! The ten declarations.

use pest::iterators::Pair;

use crate::base::codes::syntax as codes;
use crate::base::{Bi, Diagnostic, Span};
use crate::syntax::Rule;
use crate::syntax::ast::{self, Column, ColumnRole, Decl, Hierarchy, Name, Nature};

use super::{Builder, Built, Cursor, disagreement};

impl Builder<'_> {
    pub(super) fn declaration(&mut self, pair: Pair<'_, Rule>) -> Built<Decl> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut cursor = self.cursor(pair);
        cursor.next()?;
        match rule {
            Rule::d_use => Ok(Decl::Use(ast::Use { path: self.need_text(&mut cursor)? })),
            Rule::d_unit => self.unit_declaration(cursor),
            Rule::d_scale => self.scale(cursor),
            Rule::d_standard => self.standard(cursor),
            Rule::d_dataset => self.dataset(cursor),
            Rule::d_indicator => self.indicator(cursor),
            Rule::d_define => self.define(cursor),
            Rule::d_group => {
                let name = self.need_name(&mut cursor)?;
                let title = cursor.take(Rule::string).map(|title| self.text(&title));
                Ok(Decl::Group(ast::Group { name, title, clauses: self.clauses(cursor)? }))
            }
            Rule::d_rule => {
                let name = self.need_name(&mut cursor)?;
                let title = cursor.take(Rule::string).map(|title| self.text(&title));
                Ok(Decl::Rule(ast::Rule { name, title, clauses: self.clauses(cursor)?, span }))
            }
            Rule::d_test => self.test(cursor, span),
            _ => Err(disagreement(span)),
        }
    }

    fn unit_declaration(&self, mut cursor: Cursor<'_>) -> Built<Decl> {
        let name = self.need_name(&mut cursor)?;
        let definition = if cursor.skip(Rule::eq) {
            let factor = cursor.take(Rule::figure).map(|figure| self.decimal(&figure)).transpose()?;
            Some((factor, self.unit(&cursor.need(Rule::unit_text)?)))
        } else {
            None
        };
        Ok(Decl::Unit(ast::Unit { name, definition }))
    }

    fn scale(&self, mut cursor: Cursor<'_>) -> Built<Decl> {
        let name = self.need_name(&mut cursor)?;
        cursor.need(Rule::colon)?;
        let mut levels = vec![self.need_name(&mut cursor)?];
        while cursor.skip(Rule::level_order) {
            levels.push(self.need_name(&mut cursor)?);
        }
        Ok(Decl::Scale(ast::Scale { name, levels }))
    }

    fn standard(&self, mut cursor: Cursor<'_>) -> Built<Decl> {
        let name = self.need_name(&mut cursor)?;
        let title = cursor.take(Rule::string).map(|title| self.text(&title));
        cursor.need(Rule::colon)?;
        let ty = self.type_text(cursor.need(Rule::type_text)?)?;
        Ok(Decl::Standard(ast::Standard { name, title, ty }))
    }

    fn dataset(&self, mut cursor: Cursor<'_>) -> Built<Decl> {
        let name = self.need_name(&mut cursor)?;
        let title = cursor.take(Rule::string).map(|title| self.text(&title));
        let mut columns = Vec::new();
        let mut key: Vec<Name> = Vec::new();
        while let Some(clause) = cursor.take(Rule::dataset_clause) {
            let inner = self.cursor(clause).next()?;
            if inner.as_rule() == Rule::column {
                columns.push(self.column(inner)?);
                continue;
            }
            let span = self.span(&inner);
            let mut cursor = self.cursor(inner);
            cursor.next()?;
            let list = cursor.need(Rule::name_list)?;
            if !key.is_empty() {
                return Err(twice(span, "主键", "key"));
            }
            key = self.names(&mut self.cursor(list));
        }
        Ok(Decl::Dataset(ast::Dataset { name, title, columns, key }))
    }

    fn column(&self, pair: Pair<'_, Rule>) -> Built<Column> {
        let mut cursor = self.cursor(pair);
        let role = match self.cursor(cursor.need(Rule::column_role)?).peek() {
            Some(Rule::k_dimension) => ColumnRole::Dimension,
            Some(Rule::k_measure) => ColumnRole::Measure,
            _ => ColumnRole::Attribute,
        };
        let name = self.need_name(&mut cursor)?;
        cursor.need(Rule::colon)?;
        let ty = self.type_text(cursor.need(Rule::type_text)?)?;
        let mut column = Column { role, name, ty, codes: None, hierarchy: None };
        while let Some(option) = cursor.take(Rule::column_option) {
            let span = self.span(&option);
            let mut inner = self.cursor(option);
            let keyword = inner.next()?.as_rule();
            if keyword == Rule::k_in {
                if column.codes.is_some() {
                    return Err(twice(span, "属于", "in"));
                }
                column.codes = Some(self.list(inner.need(Rule::list)?)?);
                continue;
            }
            if column.hierarchy.is_some() {
                return Err(twice(span, "上级` 或 `级长", "parent` or `levels"));
            }
            column.hierarchy = Some(match keyword {
                Rule::k_parent => Hierarchy::Parent(self.need_name(&mut inner)?),
                _ => self.code_lengths(inner.need(Rule::code_lengths)?)?,
            });
        }
        Ok(column)
    }

    fn code_lengths(&self, pair: Pair<'_, Rule>) -> Built<Hierarchy> {
        let span = self.span(&pair);
        let mut lengths = Vec::new();
        let mut cursor = self.cursor(pair);
        while let Some(length) = cursor.take(Rule::integer) {
            let value = self.decimal(&length)?.value().to_i64().and_then(|value| u32::try_from(value).ok());
            lengths.push(value.ok_or_else(|| {
                Box::new(Diagnostic::rule(
                    &codes::NUMBER,
                    self.span(&length),
                    Bi::new(
                        format!("`{}` 不能作为编码的位数", length.as_str()),
                        format!("`{}` cannot be the length of a code", length.as_str()),
                    ),
                ))
            })?);
        }
        Ok(Hierarchy::CodeLengths(lengths, span))
    }

    fn params(&self, cursor: &mut Cursor<'_>) -> Vec<Name> {
        match cursor.take(Rule::params) {
            Some(params) => {
                let mut inner = self.cursor(params);
                inner.skip(Rule::open);
                self.names(&mut inner)
            }
            None => Vec::new(),
        }
    }

    fn indicator(&self, mut cursor: Cursor<'_>) -> Built<Decl> {
        let name = self.need_name(&mut cursor)?;
        let before = cursor.take(Rule::string);
        let params = self.params(&mut cursor);
        let title = before.or_else(|| cursor.take(Rule::string)).map(|title| self.text(&title));
        cursor.need(Rule::colon)?;
        let ty = self.type_text(cursor.need(Rule::type_text)?)?;
        let body = if cursor.skip(Rule::eq) { Some(self.delimited(cursor.need(Rule::body)?)?) } else { None };
        let mut indicator = ast::Indicator {
            name,
            title,
            params,
            ty,
            body,
            aliases: Vec::new(),
            growth_from: None,
            blank_as_zero: false,
            nature: None,
        };
        while let Some(clause) = cursor.take(Rule::indicator_clause) {
            let span = self.span(&clause);
            let mut inner = self.cursor(clause);
            match inner.next()?.as_rule() {
                Rule::k_alias => {
                    let list = inner.need(Rule::name_list)?;
                    indicator.aliases.extend(self.names(&mut self.cursor(list)));
                }
                Rule::k_growth_from if indicator.growth_from.is_some() => {
                    return Err(twice(span, "增速取自", "growth from"));
                }
                Rule::k_growth_from => indicator.growth_from = Some(self.need_name(&mut inner)?),
                Rule::k_flow | Rule::k_stock if indicator.nature.is_some() => {
                    return Err(twice(span, "时期数` 或 `时点数", "flow` or `stock"));
                }
                Rule::k_flow => indicator.nature = Some((Nature::Flow, span)),
                Rule::k_stock => indicator.nature = Some((Nature::Stock, span)),
                _ => indicator.blank_as_zero = true,
            }
        }
        Ok(Decl::Indicator(indicator))
    }

    fn define(&self, mut cursor: Cursor<'_>) -> Built<Decl> {
        let name = self.need_name(&mut cursor)?;
        let params = self.params(&mut cursor);
        cursor.need(Rule::eq)?;
        let body = self.delimited(cursor.need(Rule::body)?)?;
        Ok(Decl::Define(ast::Define { name, params, body }))
    }
}

/// A clause that may stand once stands twice.
pub(super) fn twice(span: Span, zh: &str, en: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::rule(
            &codes::TWICE,
            span,
            Bi::new(format!("`{zh}` 在这里只能写一次"), format!("`{en}` may stand here only once")),
        )
        .help(Bi::new("删去其中一处，或合并成一处", "take one of them out, or make one of the two")),
    )
}

//! SQL of rules and expressions: one expression over the columns of one row.

use std::ops::{ControlFlow, Range};

use assay_operators::contract::FieldKind;
use sqlparser::{
    ast::{BinaryOperator, Expr, Ident, Query, Spanned, UnaryOperator, Value, Visit, Visitor},
    dialect::GenericDialect,
    parser::{Parser, ParserError},
    tokenizer::{Location, Span, Token, Tokenizer},
};

use crate::{
    facts::{Facts, Lookup, is_base_number},
    vocabulary::{column, is_comparison, many_rows, refusal},
};

/// A condition longer than this is a list that belongs into data. It also bounds how
/// deep an expression can nest.
const MOST_BYTES: usize = 16 * 1024;

/// What the SQL has to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// True or false.
    Condition,
    /// A number; true and false count as one.
    Number,
}

/// One thing wrong with a condition or expression.
#[derive(Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// Bytes of the SQL; all of it if the place is not known.
    pub(crate) range: Option<Range<usize>>,
}

/// What is wrong.
#[derive(Debug, PartialEq)]
pub(crate) enum FaultKind {
    /// It is not SQL.
    Syntax(String),
    /// A column does not exist.
    Column { column: String, fix: String },
    /// It is SQL, but nothing that may be done here.
    Refused { problem: String, fix: String },
}

/// Everything wrong with `sql` over `facts`.
pub(crate) fn check(sql: &str, wanted: Wanted, facts: &Facts) -> Vec<Fault> {
    if sql.len() > MOST_BYTES {
        let problem = format!("is {} bytes long, more than {MOST_BYTES}", sql.len());
        let fix = "split it into several".to_owned();
        return vec![Fault { kind: FaultKind::Refused { problem, fix }, range: None }];
    }
    let expression = match parse(sql) {
        Ok(expression) => expression,
        Err(fault) => return vec![fault],
    };
    let mut checker = Checker { sql, facts, faults: Vec::new(), inside_refused: 0 };
    let flow: ControlFlow<()> = expression.visit(&mut checker);
    debug_assert!(flow.is_continue(), "the checker never breaks off");
    if checker.faults.is_empty() {
        match wanted {
            Wanted::Condition => checker.expect_condition(&expression),
            Wanted::Number => checker.expect_number(&expression),
        }
    }
    checker.faults
}

fn parse(sql: &str) -> Result<Expr, Fault> {
    let dialect = GenericDialect {};
    let tokens = Tokenizer::new(&dialect, sql).tokenize_with_location();
    let tokens = tokens.map_err(|error| Fault {
        kind: FaultKind::Syntax(error.message),
        range: Some(place(sql, error.location, error.location)),
    })?;
    let mut parser = Parser::new(&dialect).with_tokens_with_locations(tokens);
    let expression = parser.parse_expr().map_err(|error| syntax(sql, &error))?;
    let next = parser.peek_token();
    if next.token == Token::EOF {
        return Ok(expression);
    }
    let message =
        format!("one expression was expected, and {:?} follows it", next.token.to_string());
    Err(Fault { kind: FaultKind::Syntax(message), range: range(sql, next.span) })
}

/// The parser writes the place into its message.
fn syntax(sql: &str, error: &ParserError) -> Fault {
    let message = match error {
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => message,
        ParserError::RecursionLimitExceeded => "it is nested too deeply",
    };
    let located = message.rsplit_once(" at Line: ").and_then(|(message, at)| {
        let (line, column) = at.split_once(", Column: ")?;
        let location = Location { line: line.parse().ok()?, column: column.parse().ok()? };
        Some((message, place(sql, location, location)))
    });
    let (message, range) = located.map_or((message, None), |(text, range)| (text, Some(range)));
    let message = message.trim_start_matches("Expected: ").to_owned();
    let message = match message.split_once(", found: ") {
        Some((expected, "EOF")) => {
            let kind = FaultKind::Syntax(format!("{expected} was expected, and it ends"));
            return Fault { kind, range: Some(sql.len()..sql.len()) };
        }
        Some((expected, found)) => format!("{expected} was expected, and {found:?} stands there"),
        None => message,
    };
    Fault { kind: FaultKind::Syntax(message), range }
}

/// Bytes from `start` up to `end`, at least one character if there is one.
fn place(sql: &str, start: Location, end: Location) -> Range<usize> {
    let start = offset(sql, start);
    let one_more = sql[start..].chars().next().map_or(0, char::len_utf8);
    start..offset(sql, end).max(start + one_more)
}

fn range(sql: &str, span: Span) -> Option<Range<usize>> {
    (span != Span::empty()).then(|| place(sql, span.start, span.end))
}

/// The byte at which the character at `location` begins.
fn offset(sql: &str, location: Location) -> usize {
    let wanted = |number: u64| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    let lines = sql.split_inclusive('\n');
    let before = lines.clone().take(wanted(location.line)).map(str::len).sum::<usize>();
    let line = &sql[before..];
    let inside = line.char_indices().nth(wanted(location.column)).map_or(line.len(), |(at, _)| at);
    before + inside
}

struct Checker<'c> {
    sql: &'c str,
    facts: &'c Facts,
    faults: Vec<Fault>,
    /// How many refused expressions enclose the current one: what stands inside of
    /// them goes when they go, so it is not reported again.
    inside_refused: usize,
}

impl Visitor for Checker<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        if self.inside_refused > 0 {
            self.inside_refused += 1;
        } else if let Some((problem, fix)) = refusal(expression) {
            self.refuse(problem, fix, range(self.sql, expression.span()));
            self.inside_refused = 1;
        } else if let Expr::Identifier(name) = expression {
            self.expect_column(name);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.inside_refused = self.inside_refused.saturating_sub(1);
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.inside_refused == 0 {
            let (problem, fix) = many_rows("asks a second query");
            self.refuse(problem, fix, range(self.sql, query.span()));
        }
        self.inside_refused += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.inside_refused = self.inside_refused.saturating_sub(1);
        ControlFlow::Continue(())
    }
}

impl Checker<'_> {
    fn refuse(&mut self, problem: String, fix: String, range: Option<Range<usize>>) {
        self.faults.push(Fault { kind: FaultKind::Refused { problem, fix }, range });
    }

    fn expect_column(&mut self, ident: &Ident) {
        let Lookup::Missing(nearest) = self.facts.look_up(&column(ident)) else { return };
        let fix = match ident.quote_style {
            // The commonest slip: other languages write text in double quotes.
            Some(_) => format!("text takes single quotes: '{}'; {nearest}", ident.value),
            None => nearest,
        };
        let kind = FaultKind::Column { column: ident.value.clone(), fix };
        self.faults.push(Fault { kind, range: range(self.sql, ident.span) });
    }

    /// The whole must not be text. Whether it is a number is known when it is planned.
    fn expect_number(&mut self, expression: &Expr) {
        let is_text = match expression {
            Expr::Nested(inner) => return self.expect_number(inner),
            Expr::Value(value) => {
                matches!(value.value, Value::SingleQuotedString(_) | Value::DoubleQuotedString(_))
            }
            Expr::Substring { .. } | Expr::Trim { .. } => true,
            Expr::Identifier(ident) => match self.facts.look_up(&column(ident)) {
                Lookup::Known(Some(kind)) => kind == FieldKind::Label,
                Lookup::Known(None) => !is_base_number(&column(ident)),
                Lookup::Unsure | Lookup::Missing(_) => false,
            },
            _ => false,
        };
        if is_text {
            let fix = "compare it: `lang = 'en'` counts as 1 where it is true".to_owned();
            let problem = format!("has {expression} where a number is needed");
            self.refuse(problem, fix, range(self.sql, expression.span()));
        }
    }

    /// The whole has to be true or false.
    fn expect_condition(&mut self, expression: &Expr) {
        let mut todo = vec![expression];
        while let Some(part) = todo.pop() {
            let is_condition = match part {
                Expr::Nested(inner) => {
                    todo.push(inner);
                    true
                }
                Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                    todo.push(expr);
                    true
                }
                Expr::BinaryOp { left, op: BinaryOperator::And | BinaryOperator::Or, right } => {
                    todo.extend([right.as_ref(), left.as_ref()]);
                    true
                }
                Expr::BinaryOp { op, .. } => is_comparison(op),
                Expr::UnaryOp { .. }
                | Expr::Ceil { .. }
                | Expr::Floor { .. }
                | Expr::Position { .. }
                | Expr::Substring { .. }
                | Expr::Trim { .. } => false,
                Expr::Value(value) => matches!(value.value, Value::Boolean(_) | Value::Null),
                Expr::Identifier(ident) => match self.facts.look_up(&column(ident)) {
                    Lookup::Known(kind) => kind == Some(FieldKind::Bool),
                    Lookup::Unsure | Lookup::Missing(_) => true,
                },
                _ => true,
            };
            if !is_condition {
                let fix = "compare it with something, as in `words__value < 20`".to_owned();
                let problem = format!("has {part} where something true or false is needed");
                self.refuse(problem, fix, range(self.sql, part.span()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultKind, Wanted, check};
    use crate::facts::Facts;

    fn faults(sql: &str) -> Vec<Fault> {
        let mut facts = Facts::new(true);
        facts.add("words", "word_count");
        check(sql, Wanted::Condition, &facts)
    }

    fn accepted(sql: &str) {
        assert_eq!(faults(sql), [], "{sql}");
    }

    /// The only fault as text, and the part of the condition that it points at.
    fn fault(sql: &str) -> (String, &str) {
        let faults = faults(sql);
        let [Fault { kind, range }] = faults.as_slice() else { panic!("{sql}: {faults:?}") };
        let text = match kind {
            FaultKind::Syntax(message) => message.clone(),
            FaultKind::Column { column, fix } => format!("{column}: {fix}"),
            FaultKind::Refused { problem, .. } => problem.clone(),
        };
        (text, range.clone().map_or(sql, |range| &sql[range]))
    }

    #[test]
    fn a_comparison_of_columns_is_a_condition() {
        accepted("words__value < 20 AND lang = 'en'");
    }

    #[test]
    fn the_usual_conditions_are_accepted() {
        accepted("NOT (words__value BETWEEN 5 AND 10) OR source IN ('a', 'b')");
        accepted("source LIKE '%.edu/%' AND coalesce(lang, 'und') <> 'zh'");
        accepted("CASE WHEN lang IS NULL THEN true ELSE words__value / bytes > 0.5 END");
        accepted("substring(source from 1 for 5) = 'http:' AND trim(lang) = 'en'");
        accepted("true");
    }

    #[test]
    fn the_case_of_unquoted_columns_does_not_matter() {
        accepted("Words__Value < 20");
    }

    #[test]
    fn an_unknown_column_is_shown_where_it_stands() {
        let (text, place) = fault("lang = 'en' AND words__values < 20");
        assert_eq!(text, "words__values: did you mean `words__value`?");
        assert_eq!(place, "words__values");
    }

    #[test]
    fn places_count_characters_and_lines() {
        let (_, place) = fault("source = '語言'\n AND '好' = wrods__value");
        assert_eq!(place, "wrods__value");
    }

    #[test]
    fn text_in_double_quotes_is_explained() {
        let (text, place) = fault("lang = \"english\"");
        assert!(text.contains("text takes single quotes: 'english'"), "{text}");
        assert_eq!(place, "\"english\"");
    }

    #[test]
    fn an_unfinished_condition_is_shown_at_its_end() {
        let (text, place) = fault("words__value <");
        assert_eq!((text.as_str(), place), ("an expression was expected, and it ends", ""));
    }

    #[test]
    fn a_string_that_never_ends_is_shown_where_it_begins() {
        let (text, place) = fault("lang = 'en");
        assert_eq!((text.as_str(), place), ("Unterminated string literal", "'"));
    }

    #[test]
    fn two_conditions_are_one_too_many() {
        let (text, place) = fault("words__value < 3; drop table x");
        assert_eq!(text, "one expression was expected, and \";\" follows it");
        assert_eq!(place, ";");
    }

    #[test]
    fn a_subquery_is_refused_once() {
        let (text, _) = fault("words__value > (SELECT avg(x) FROM facts)");
        assert_eq!(text, "asks a second query");
        let (text, _) = fault("id IN (SELECT id FROM facts)");
        assert_eq!(text, "asks a second query");
    }

    #[test]
    fn an_aggregate_is_refused() {
        let (text, place) = fault("words__value > avg(words__value)");
        assert_eq!(text, "has the aggregate function avg(…)");
        assert!(place.starts_with("avg"), "{place}");
    }

    #[test]
    fn a_window_is_refused() {
        let (text, _) = fault("row_number() OVER (PARTITION BY source) > 5");
        assert_eq!(text, "has the window function row_number(…) OVER");
    }

    #[test]
    fn what_differs_from_run_to_run_is_refused() {
        let (text, _) = fault("random() < 0.5");
        assert_eq!(text, "has a function that is not known here: random");
    }

    #[test]
    fn a_number_is_not_a_condition() {
        let (text, place) = fault("lang = 'en' AND words__value + 1");
        assert_eq!(text, "has words__value + 1 where something true or false is needed");
        assert_eq!(place, "words__value + 1");
    }

    #[test]
    fn a_number_is_wanted_of_an_expression() {
        let mut facts = Facts::new(true);
        facts.add("words", "word_count");
        let faults = |sql| check(sql, Wanted::Number, &facts);
        for sql in ["words__value / bytes", "lang = 'en'", "length(source)", "(row)", "1"] {
            assert_eq!(faults(sql), [], "{sql}");
        }
        for sql in ["lang", "('en')", "trim(source)", "words__value AND", "random()"] {
            assert_eq!(faults(sql).len(), 1, "{sql}");
        }
    }

    #[test]
    fn a_column_with_a_table_is_refused() {
        let (text, _) = fault("facts.words__value < 3");
        assert_eq!(text, "names a table in facts.words__value");
    }

    #[test]
    fn a_very_long_condition_is_refused() {
        let sql = vec!["true"; 5000].join(" AND ");
        let (text, _) = fault(&sql);
        assert!(text.ends_with("more than 16384"), "{text}");
    }

    #[test]
    fn a_long_chain_is_fine() {
        accepted(&vec!["true"; 1500].join(" OR "));
    }
}

//! What a measurement is made of.

use std::fmt;

use serde::Serialize;

/// One measured value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing to measure, or outside the operator's support.
    #[default]
    Missing,
    /// Never NaN, never infinite.
    Float(f64),
    /// A count.
    Int(i64),
    /// A yes or no.
    Bool(bool),
    /// One of a closed set of names.
    Label(&'static str),
}

impl Value {
    /// `part` of `whole`; missing when there is nothing to divide.
    #[must_use]
    pub fn share(part: u64, whole: u64) -> Self {
        if whole == 0 { Self::Missing } else { Self::Float(part as f64 / whole as f64) }
    }

    /// A count.
    #[must_use]
    pub fn count(counted: usize) -> Self {
        Self::Int(i64::try_from(counted).unwrap_or(i64::MAX))
    }

    /// The value as a number, for limits.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(*number),
            Self::Int(number) => Some(*number as f64),
            Self::Bool(truth) => Some(f64::from(u8::from(*truth))),
            Self::Missing | Self::Label(_) => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("unmeasured"),
            Self::Float(number) => write!(f, "{number:.3}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Label(label) => f.write_str(label),
        }
    }
}

/// One column that an operator writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Name, `snake_case`; the main one is `value`.
    pub name: &'static str,
    /// Type of the column.
    pub kind: FieldKind,
    /// What one unit of it is: `words`, `characters`, `share`.
    pub unit: &'static str,
    /// What was counted, to complete "… is 12 words": "the document's length".
    pub what: &'static str,
}

/// Type of a measured column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// 64-bit float.
    Float,
    /// 64-bit integer.
    Int,
    /// Boolean.
    Bool,
    /// UTF-8 name of a closed set.
    Label,
}

/// A byte range of a document's text, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        let cut = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: cut(start), end: cut(end) }
    }

    /// The text that the span covers.
    #[must_use]
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }
}

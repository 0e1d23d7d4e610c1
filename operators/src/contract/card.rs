//! Identity of an operator.

use serde::Serialize;

use super::value::Field;
use crate::text::words::WordView;

/// Everything about an operator that does not depend on its options.
#[derive(Debug, Serialize)]
pub struct Card {
    /// Name in recipes, `snake_case`, after what the operator finds. Never reused.
    pub id: &'static str,
    /// Raised by every change that can alter a measurement or an edit.
    pub version: u32,
    /// One line, lower case, no full stop.
    pub summary: &'static str,
    /// What the operator writes into the facts, as `<step>__<field>`.
    pub fields: &'static [Field],
    /// Documents it can speak about, unless an option says otherwise; the others are
    /// unmeasured.
    pub support: Support,
    /// Who defined the rule.
    pub source: Source,
    /// The guide beside the operator's file, in Markdown.
    #[serde(skip)]
    pub guide: &'static str,
}

/// Which documents an operator can speak about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// Any text.
    AnyText,
    /// Texts of which at least half is said in scripts that put spaces between words; a Han
    /// ideograph or a Kana weighs as much as three letters.
    SpacedScripts,
    /// Texts most of which is said in Han ideographs, weighed in the same way, among few
    /// letters of Japanese and Korean.
    Han,
    /// Texts of spaced scripts, mostly Latin, that are not declared to be in another language.
    English,
}

impl Support {
    /// What a rule with this support can speak about when it counts `words`.
    pub(crate) const fn counting(self, words: Option<WordView>) -> Self {
        match words {
            Some(WordView::Zh) => Self::Han,
            _ => self,
        }
    }
}

/// The work a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Author, year, title.
    pub work: &'static str,
    /// Where to read it; empty for rules of our own.
    pub url: &'static str,
    /// How closely it is followed.
    pub fidelity: Fidelity,
}

/// How closely an operator follows its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fidelity {
    /// Same definition, same defaults.
    Same,
    /// Same idea; the guide says where it differs.
    Adapted,
    /// Defined here.
    Own,
}

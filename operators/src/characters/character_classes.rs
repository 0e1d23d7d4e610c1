#![doc = include_str!("character_classes.md")]

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        NoOptions, OptionsError, Source, Support, Value,
    },
    text::characters::Characters,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<CharacterClasses>::new();

/// Counts the characters of each class.
#[derive(Debug)]
pub struct CharacterClasses;

impl Gauge for CharacterClasses {
    type Measuring = NoOptions;
    type Limits = NoOptions;

    const CARD: &'static Card = &Card {
        id: "character_classes",
        version: 1,
        summary: "counts letters, digits, punctuation and other classes of characters",
        fields: &[
            count("value", "the number of characters"),
            count("letters", "the number of letters"),
            count("marks", "the number of combining marks"),
            count("digits", "the number of digits and other numbers"),
            count("punctuation", "the number of punctuation marks"),
            count("symbols", "the number of symbols"),
            count("white_space", "the number of white space characters"),
            count("control", "the number of control and format characters"),
            count("other", "the number of characters of no other class"),
            count("upper", "the number of letters in upper case"),
            count("latin", "the number of Latin letters"),
            count("han", "the number of Han characters"),
            count("replacement", "the number of replacement characters"),
        ],
        support: Support::AnyText,
        source: Source {
            work: "Unicode Character Database, General_Category and Script",
            url: "https://www.unicode.org/reports/tr44/",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("character_classes.md"),
    };

    fn new(_: NoOptions, _: NoOptions) -> Result<Self, OptionsError> {
        Ok(Self)
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        if document.text().is_empty() {
            return;
        }
        let Characters { all, letters, marks, digits, punctuation, symbols, .. } =
            *document.characters();
        let Characters { white_space, control, other, upper, latin, han, replacement, .. } =
            *document.characters();
        let classes = [letters, marks, digits, punctuation, symbols, white_space, control, other];
        let counted = [all].into_iter().chain(classes).chain([upper, latin, han, replacement]);
        for (slot, count) in out.iter_mut().zip(counted) {
            *slot = Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::between(&measured[0], None, None)
    }
}

const fn count(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Int, unit: "characters", what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::measured;

    #[test]
    fn every_field_has_its_count() {
        let text = "Ab\u{301} 12? €\u{7}\u{e000}质\u{fffd}";
        let expected = [13, 3, 1, 2, 1, 1, 2, 1, 2, 1, 2, 1, 1].map(Value::Int);
        assert_eq!(measured(KIND, text), expected);
    }

    #[test]
    fn an_empty_text_is_unmeasured_and_a_blank_one_is_not() {
        assert_eq!(measured(KIND, "")[0], Value::Missing);
        assert_eq!(measured(KIND, "\n")[0], Value::Int(1));
    }
}

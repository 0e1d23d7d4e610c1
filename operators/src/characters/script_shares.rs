#![doc = include_str!("script_shares.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, NoOptions, OptionsError, Source, Support, Value,
    },
    text::characters::Characters,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<ScriptShares>::new();

/// Measures in which scripts a text is written.
#[derive(Debug)]
pub struct ScriptShares {
    limits: Limits,
}

/// Limits of [`ScriptShares`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest share of the main script allowed; any if not set.
    pub min_share: Option<Fraction>,
    /// Largest share of letters of scripts that have no field allowed; any if not set.
    pub max_other: Option<Fraction>,
}

const OTHER: usize = 12;

impl Gauge for ScriptShares {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "script_shares",
        version: 1,
        summary: "names the script of a text and measures the share of each script",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Label,
                unit: "script",
                what: "the script of most letters",
            },
            share("share", "the share of that script"),
            share("latin", "the share of Latin letters"),
            share("han", "the share of Han ideographs"),
            share("kana", "the share of Hiragana and Katakana"),
            share("hangul", "the share of Hangul"),
            share("cyrillic", "the share of Cyrillic letters"),
            share("greek", "the share of Greek letters"),
            share("arabic", "the share of Arabic letters"),
            share("hebrew", "the share of Hebrew letters"),
            share("devanagari", "the share of Devanagari letters"),
            share("thai", "the share of Thai letters"),
            share("other", "the share of letters of other scripts"),
        ],
        support: Support::AnyText,
        source: Source {
            work: "Unicode Standard Annex 24, Unicode Script Property",
            url: "https://www.unicode.org/reports/tr24/",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("script_shares.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let counts = document.characters();
        let named = by_field(counts);
        if counts.letters == 0 {
            return;
        }
        let other = counts.letters - named.iter().sum::<u64>();
        let (main, most) = main_script(counts, other);
        out[0] = Value::Label(main);
        out[1] = Value::share(most, counts.letters);
        for (slot, count) in out[2..].iter_mut().zip(named.into_iter().chain([other])) {
            *slot = Value::share(count, counts.letters);
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min_share, max_other } = self.limits;
        Judgement::of("share", &measured[1], min_share.map(f64::from), None).and(Judgement::of(
            "other",
            &measured[OTHER],
            None,
            max_other.map(f64::from),
        ))
    }
}

/// Counts in the order of the fields, `other` aside.
fn by_field(counts: &Characters) -> [u64; 10] {
    let Characters { latin, han, kana, hangul, cyrillic, .. } = *counts;
    let Characters { greek, arabic, hebrew, devanagari, thai, .. } = *counts;
    [latin, han, kana, hangul, cyrillic, greek, arabic, hebrew, devanagari, thai]
}

/// The script of most letters with their number; of equal ones the first. Japanese and
/// Korean are written in several, so Han, Kana and Hangul count as one there.
fn main_script(counts: &Characters, other: u64) -> (&'static str, u64) {
    let east_asian = counts.han + counts.kana + counts.hangul;
    // Names and titles bring a few of the others into a Chinese text.
    let east_asian_name = if counts.han < 9 * counts.kana.max(counts.hangul) {
        if counts.hangul <= counts.kana { "japanese" } else { "hangul" }
    } else {
        "han"
    };
    let scripts = [
        ("latin", counts.latin),
        (east_asian_name, east_asian),
        ("cyrillic", counts.cyrillic),
        ("greek", counts.greek),
        ("arabic", counts.arabic),
        ("hebrew", counts.hebrew),
        ("devanagari", counts.devanagari),
        ("thai", counts.thai),
        ("other", other),
    ];
    let first = scripts[0];
    scripts.into_iter().fold(first, |best, next| if best.1 < next.1 { next } else { best })
}

const fn share(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Float, unit: "share", what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, measured};

    #[test]
    fn shares_are_of_all_letters_and_add_up_to_one() {
        let out = measured(KIND, "ab 质量 կա 12");
        assert_eq!(out[..2], [Value::Label("latin"), Value::Float(1.0 / 3.0)]);
        let sum: f64 = out[2..].iter().filter_map(Value::as_f64).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{out:?}");
        assert_eq!(out[OTHER], Value::Float(1.0 / 3.0));
    }

    #[test]
    fn japanese_and_korean_are_of_one_piece() {
        assert_eq!(measured(KIND, "品質の話")[..2], [Value::Label("japanese"), Value::Float(1.0)]);
        assert_eq!(measured(KIND, "품질 質")[..2], [Value::Label("hangul"), Value::Float(1.0)]);
    }

    #[test]
    fn a_chinese_text_with_a_kana_or_two_is_still_chinese() {
        let text = format!("{}の", "质量".repeat(20));
        assert_eq!(measured(KIND, &text)[0], Value::Label("han"));
    }

    #[test]
    fn both_limits_hold() {
        let limits = "min-share = 0.6\nmax-other = 0.2";
        assert!(matches!(judged(KIND, limits, "ab 质量"), Judgement::Outside(_)));
        assert!(matches!(judged(KIND, limits, "abc կա"), Judgement::Outside(_)));
        assert_eq!(judged(KIND, limits, "abcde կ"), Judgement::Within);
    }
}

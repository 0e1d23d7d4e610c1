//! Where a tokenizer certainly cuts a text.

use std::{collections::BTreeSet, slice};

use tokenizers::{
    NormalizerWrapper, PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer,
    normalizers::replace::{Replace, ReplacePattern},
    pre_tokenizers::{
        byte_level::ByteLevel,
        split::{Split, SplitPattern},
    },
};

use super::expression::Expression;

/// The expression of GPT-2, which the step `ByteLevel` has built in.
const GPT_2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

/// How a text is cut into pieces whose tokens are counted one by one.
pub(super) enum Way {
    /// By each of these expressions in turn; what they leave goes to the model byte by byte.
    Expressions {
        expressions: Vec<Expression>,
        /// Whether a text gets a space before it, unless it has one.
        space: bool,
    },
    /// At white space, and around other characters that stand alone.
    Characters(Alone),
    /// Before a space between characters of ASCII, which nothing joins.
    Words,
    /// Nowhere.
    Whole,
}

/// Which characters are pieces of their own, beside white space, which is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alone {
    /// Signs of ASCII.
    pub(super) signs: bool,
    /// Han characters.
    pub(super) han: Han,
    /// Whether the model gets lower case. Other than that, it gets letters and digits of
    /// ASCII as they are.
    pub(super) lower: bool,
}

/// What becomes of Han characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Han {
    /// Each is a piece.
    Alone,
    /// They are parts of pieces, as letters are.
    Joined,
    /// A normalizer puts spaces around them, but the text is cut elsewhere.
    Spaced,
}

impl Way {
    pub(super) fn of(tokenizer: &Tokenizer) -> Self {
        let found = match tokenizer.get_normalizer() {
            None => expressions(tokenizer),
            Some(NormalizerWrapper::Sequence(all)) if all.as_ref().is_empty() => {
                expressions(tokenizer)
            }
            Some(_) => None,
        };
        let found = found.or_else(|| alone(tokenizer).map(Self::Characters));
        found.or_else(|| words(tokenizer).then_some(Self::Words)).unwrap_or(Self::Whole)
    }
}

fn expressions(tokenizer: &Tokenizer) -> Option<Way> {
    let steps = match tokenizer.get_pre_tokenizer()? {
        PreTokenizerWrapper::Sequence(all) => all.as_ref(),
        step => slice::from_ref(step),
    };
    let (PreTokenizerWrapper::ByteLevel(last), splits) = steps.split_last()? else { return None };
    let ByteLevel { add_prefix_space: space, use_regex, .. } = *last;
    // A space before every piece is another matter.
    if space && !splits.is_empty() {
        return None;
    }
    let own = splits.iter().map(|step| match step {
        PreTokenizerWrapper::Split(Split {
            pattern: SplitPattern::Regex(expression),
            behavior: SplitDelimiterBehavior::Isolated,
            invert: false,
            ..
        }) => Expression::of(expression),
        _ => None,
    });
    let built_in = use_regex.then(|| Expression::of(GPT_2));
    let expressions = own.chain(built_in).collect::<Option<Vec<_>>>()?;
    (!expressions.is_empty()).then_some(Way::Expressions { expressions, space })
}

fn alone(tokenizer: &Tokenizer) -> Option<Alone> {
    let signs = match tokenizer.get_pre_tokenizer()? {
        PreTokenizerWrapper::BertPreTokenizer(_) => true,
        PreTokenizerWrapper::Whitespace(_) | PreTokenizerWrapper::WhitespaceSplit(_) => false,
        _ => return None,
    };
    match tokenizer.get_normalizer() {
        None => Some(Alone { signs, han: Han::Joined, lower: false }),
        Some(NormalizerWrapper::Lowercase(_)) => {
            Some(Alone { signs, han: Han::Joined, lower: true })
        }
        Some(NormalizerWrapper::BertNormalizer(bert)) => {
            let han = match (bert.handle_chinese_chars, signs) {
                (false, _) => Han::Joined,
                (true, true) => Han::Alone,
                (true, false) => Han::Spaced,
            };
            Some(Alone { signs, han, lower: bert.lowercase })
        }
        Some(_) => None,
    }
}

/// Whether a space takes the place of a mark that opens a word, and nothing looks beyond it.
fn words(tokenizer: &Tokenizer) -> bool {
    let steps = match tokenizer.get_pre_tokenizer() {
        Some(PreTokenizerWrapper::Sequence(all)) => all.as_ref(),
        Some(step) => slice::from_ref(step),
        None => return false,
    };
    let marks = |step: &PreTokenizerWrapper| {
        matches!(step, PreTokenizerWrapper::Metaspace(marks)
            if marks.split && marks.get_replacement() == '\u{2581}')
    };
    let cuts = match steps {
        [step] | [PreTokenizerWrapper::WhitespaceSplit(_), step] => marks(step),
        _ => false,
    };
    let normalizers = match tokenizer.get_normalizer() {
        Some(NormalizerWrapper::Sequence(all)) => all.as_ref(),
        Some(step) => slice::from_ref(step),
        None => &[],
    };
    cuts && normalizers.iter().all(keeps_words_apart)
}

fn keeps_words_apart(normalizer: &NormalizerWrapper) -> bool {
    match normalizer {
        NormalizerWrapper::NFC(_)
        | NormalizerWrapper::NFD(_)
        | NormalizerWrapper::NFKC(_)
        | NormalizerWrapper::NFKD(_)
        | NormalizerWrapper::StripAccents(_)
        | NormalizerWrapper::Lowercase(_)
        | NormalizerWrapper::Nmt(_)
        | NormalizerWrapper::Precompiled(_) => true,
        NormalizerWrapper::StripNormalizer(ends) => !ends.strip_left,
        // Of several spaces in a row.
        NormalizerWrapper::Replace(own) => {
            let spaces = ReplacePattern::Regex(" {2,}".to_owned());
            Replace::new(spaces, own.content.clone()).is_ok_and(|spaces| spaces == *own)
        }
        _ => false,
    }
}

/// The tokens that are looked for in a text before it is cut; `None` if they are looked for
/// in what a normalizer makes of it.
pub(super) fn added(tokenizer: &Tokenizer, way: &Way) -> Option<BTreeSet<String>> {
    let cut_as_is = matches!(way, Way::Expressions { .. }) || tokenizer.get_normalizer().is_none();
    let tokens = tokenizer.get_added_tokens_decoder().into_values();
    tokens
        .filter(|token| !token.content.is_empty())
        .map(|token| (cut_as_is || !token.normalized).then_some(token.content))
        .collect()
}

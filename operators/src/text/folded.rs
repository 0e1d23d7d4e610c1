//! Hashes of words that are the same but for case and form.

use std::sync::LazyLock;

use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};
use xxhash_rust::xxh3::xxh3_64;

use super::{
    characters,
    vocabulary::{NOT_ASCII, block, hash_block},
    words::Word,
};

const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfkc();

/// Hashes folded words, in memory that is reused.
///
/// A word is folded by form NFKC, which makes full-width and composed forms the same, and then
/// to lower case; `’` becomes `'`, and characters without width, such as soft hyphens and
/// joiners, are left out.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    normal: String,
    folded: String,
}

impl Folder {
    /// The hash of a word of `text`.
    #[inline]
    pub(crate) fn hash(&mut self, text: &str, word: &Word) -> u64 {
        let (from, to) = (word.span.start as usize, word.span.end as usize);
        if to - from <= 16 {
            let block = block(text.as_bytes(), from, to);
            if block & NOT_ASCII == 0 || stands_as_it_is(block, to - from) {
                return hash_block(block, to - from);
            }
        }
        self.hash_folded(&text[from..to])
    }

    fn hash_folded(&mut self, word: &str) -> u64 {
        match self.fold(word).as_bytes() {
            short if short.len() <= 16 => hash_block(block(short, 0, short.len()), short.len()),
            long => xxh3_64(long),
        }
    }

    /// The folded form of a word.
    pub(crate) fn fold(&mut self, word: &str) -> &str {
        self.folded.clear();
        for character in word.chars() {
            match PLANE.get(character as usize) {
                Some(Some(plain)) => self.folded.push(*plain),
                _ => return self.fold_any(word),
            }
        }
        &self.folded
    }

    /// The definition.
    fn fold_any(&mut self, word: &str) -> &str {
        let Self { normal, folded } = self;
        normal.clear();
        folded.clear();
        // Writing to a string cannot fail.
        let _ = NFKC.normalize_to(word, normal);
        for character in normal.chars().flat_map(char::to_lowercase) {
            match character {
                '’' => folded.push('\''),
                character if characters::is_control(character) => {}
                character => folded.push(character),
            }
        }
        folded
    }
}

/// For every character up to U+FFFF what it is folded to, if that is one character and does
/// not depend on its neighbours.
static PLANE: LazyLock<Vec<Option<char>>> =
    LazyLock::new(|| (0..=0xffff).map(|code| char::from_u32(code).and_then(plain)).collect());

fn plain(character: char) -> Option<char> {
    // Jamo compose with what stands before them, as marks do, which are no letters or digits.
    let alone = character.is_alphanumeric()
        && !characters::is_mark(character)
        && !matches!(character, '\u{1100}'..='\u{11ff}');
    let mut buffer = [0; 4];
    let stays = alone && NFKC.is_normalized(character.encode_utf8(&mut buffer));
    let mut lower = character.to_lowercase();
    let first = lower.next().filter(|_| stays)?;
    // What is one character in lower case may be two in its normal form.
    (lower.next().is_none() && NFKC.is_normalized(first.encode_utf8(&mut buffer))).then_some(first)
}

/// How many characters a word has, if it is of a script that puts no spaces between words.
#[inline]
pub(crate) fn unspaced_characters(text: &str, word: &Word) -> Option<u32> {
    let from = word.span.start as usize;
    let unspaced = match text.as_bytes()[from] {
        0..0xe0 => false,
        // U+4000 to U+9FFF
        0xe4..=0xe9 => true,
        _ => text[from..].chars().next().is_some_and(characters::has_no_spaces),
    };
    unspaced.then_some(word.chars)
}

/// Whether a word is one ideograph in daily use or one Hiragana: from U+4E00 to U+9FFF and
/// from U+3041 to U+3094, which have one form and no case.
fn stands_as_it_is(block: u128, length: usize) -> bool {
    let [a, b, c, ..] = block.to_le_bytes();
    length == 3
        && match (a, b) {
            (0xe4, second) => 0xb8 <= second,
            (0xe5..=0xe9, _) | (0xe3, 0x81) => true,
            (0xe3, 0x82) => c <= 0x94,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::words::{WordView, split};

    fn folded(text: &str) -> Vec<String> {
        let (mut words, mut folder) = (Vec::new(), Folder::default());
        split(text, WordView::Uax29, &mut words);
        words.iter().map(|word| folder.fold(word.span.of(text)).to_owned()).collect()
    }

    fn hashes(text: &str) -> Vec<u64> {
        let (mut words, mut folder) = (Vec::new(), Folder::default());
        split(text, WordView::Uax29, &mut words);
        words.iter().map(|word| folder.hash(text, word)).collect()
    }

    #[test]
    fn case_form_and_apostrophes_do_not_matter() {
        assert_eq!(
            folded("DON’T ÉTÉ e\u{301}te\u{301} Ｗｉｄｅ soft\u{ad}ly ﬁsh"),
            ["don't", "été", "été", "wide", "softly", "fish"]
        );
        assert_eq!(folded("質量"), ["質", "量"]);
    }

    #[test]
    fn scripts_without_spaces_are_counted_in_characters() {
        let text = "tide 潮 コーヒー ก 각 \u{20000}";
        let mut words = Vec::new();
        split(text, WordView::Uax29, &mut words);
        let counts: Vec<_> = words.iter().map(|word| unspaced_characters(text, word)).collect();
        assert_eq!(counts, [None, Some(1), Some(4), Some(1), None, Some(1)]);
    }

    proptest! {
        #[test]
        fn plain_characters_fold_by_themselves(word in "(\\PC|[а-яА-Яα-ωΑ-Ωà-ÿÀ-ß가-힣ก-ฮ]|[\u{300}-\u{345}\u{1100}-\u{11ff}]){0,8}") {
            let (mut one, mut other) = (Folder::default(), Folder::default());
            prop_assert_eq!(one.fold(&word), other.fold_any(&word));
        }

        #[test]
        fn the_fast_way_is_the_definition(text in "([a-zA-Z0-9']{1,20} |[一-龥]|[ぁ-ゔ]|\\PC){0,40}") {
            let folded = folded(&text);
            let mut folder = Folder::default();
            let slow: Vec<u64> = folded.iter().map(|word| folder.hash_folded(word)).collect();
            prop_assert_eq!(hashes(&text), slow);
        }
    }
}

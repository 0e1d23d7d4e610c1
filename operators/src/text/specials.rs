//! Words that the rules for [tokens](super::tokens) treat by name: contractions, which
//! are cut, and abbreviations and emoticons, which stay whole.

use std::sync::LazyLock;

/// Where a special word is cut: byte offsets in order, 0 for none.
pub(super) type Cuts = [u8; 2];

/// How `word` is cut, if it is special.
#[inline]
pub(super) fn find(word: &[u8]) -> Option<Cuts> {
    static TABLE: LazyLock<Table> = LazyLock::new(Table::new);
    if word.len() < 2 || LONGEST < word.len() { None } else { TABLE.find(word) }
}

/// Bytes of the longest special word.
pub(super) const LONGEST: usize = 16;

const SLOTS: usize = 4096;

/// Open addressing behind a filter that turns away nearly all ordinary words.
struct Table {
    filter: Vec<u64>,
    slots: Vec<Option<(Key, Cuts)>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Key {
    fn of(word: &[u8]) -> Self {
        let mut bytes = [0; LONGEST];
        bytes[..word.len()].copy_from_slice(word);
        Self { bytes, length: word.len() }
    }

    fn slot(&self) -> usize {
        let half = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
        let (low, high) = self.bytes.split_at(LONGEST / 2);
        let mixed = half(low) ^ half(high).rotate_left(23);
        usize::try_from(mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52).unwrap_or(0)
    }
}

/// Bit of the filter: of length, first two and last two bytes.
#[inline]
fn bit(word: &[u8]) -> usize {
    let length = word.len();
    let ends = [word[0], word[1], word[length - 2], word[length - 1]];
    let number =
        u32::from_le_bytes(ends) ^ u32::try_from(length).unwrap_or(0).wrapping_mul(0x85eb_ca6b);
    (number.wrapping_mul(0x9e37_79b1) >> 17) as usize
}

impl Table {
    fn new() -> Self {
        let mut table = Self { filter: vec![0; 512], slots: vec![None; SLOTS] };
        for (stem, tails) in CONTRACTIONS {
            for tail in tails.split(' ') {
                table.add_forms(stem, tail);
            }
        }
        for parts in OTHERS {
            table.add_quoted(parts);
            let (first, rest) = parts.split_at(1);
            table.add_quoted(&(first.to_uppercase() + rest));
        }
        for hour in 1..=12 {
            for half in ["am", "pm", "a.m.", "p.m."] {
                table.add(&format!("{hour}~{half}"));
            }
        }
        for word in WHOLE.iter().chain(ABBREVIATIONS).chain(EMOTICONS).flat_map(|w| w.split(' ')) {
            table.add_quoted(word);
        }
        for letter in 'a'..='z' {
            table.add(&format!("{letter}."));
        }
        for (eyes, noses, mouths) in FACES {
            for nose in noses.split(' ') {
                for mouth in mouths.split(' ') {
                    let nose = nose.trim_end_matches('.');
                    table.add_quoted(&format!("{eyes}{nose}{mouth}"));
                }
            }
        }
        table
    }

    /// `stem` with `tail`, both ways of writing it, with and without an apostrophe.
    fn add_forms(&mut self, stem: &str, tail: &str) {
        let (first, rest) = stem.split_at(1);
        for stem in [stem.to_owned(), first.to_uppercase() + rest] {
            let parts = format!("{stem}~{tail}");
            self.add_quoted(&parts);
            let bare = parts.replace('\'', "");
            if !WORDS.contains(&bare.replace('~', "").to_lowercase().as_str()) {
                self.add(&bare);
            }
        }
    }

    /// Adds `parts` with a straight and with a curly apostrophe.
    fn add_quoted(&mut self, parts: &str) {
        self.add(parts);
        self.add(&parts.replace('\'', "’"));
    }

    /// Adds a word; `~` marks where it is cut.
    fn add(&mut self, parts: &str) {
        let word = parts.replace('~', "");
        if word.len() < 2 || LONGEST < word.len() || self.find(word.as_bytes()).is_some() {
            return;
        }
        let mut cuts = [0; 2];
        for (nth, (at, _)) in parts.match_indices('~').take(2).enumerate() {
            cuts[nth] = u8::try_from(at - nth).unwrap_or(0);
        }
        let key = Key::of(word.as_bytes());
        let bit = bit(word.as_bytes());
        self.filter[bit / 64] |= 1 << (bit % 64);
        let mut at = key.slot();
        while self.slots[at].is_some() {
            at = (at + 1) % SLOTS;
        }
        self.slots[at] = Some((key, cuts));
    }

    #[inline]
    fn find(&self, word: &[u8]) -> Option<Cuts> {
        let bit = bit(word);
        if self.filter[bit / 64] & (1 << (bit % 64)) == 0 { None } else { self.look_up(word) }
    }

    fn look_up(&self, word: &[u8]) -> Option<Cuts> {
        let key = Key::of(word);
        let mut at = key.slot();
        while let Some((found, cuts)) = self.slots[at] {
            if found == key {
                return Some(cuts);
            }
            at = (at + 1) % SLOTS;
        }
        None
    }
}

/// Stems and what may follow them, also without the apostrophe; `~` cuts once more.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("i", "'m 'm~a 'll 'll~'ve 'd 'd~'ve 've"),
    ("you", "'ll 'll~'ve 'd 'd~'ve 've 're"),
    ("he", "'ll 'll~'ve 'd 'd~'ve 's"),
    ("she", "'ll 'll~'ve 'd 'd~'ve 's"),
    ("it", "'ll 'll~'ve 'd 'd~'ve 's"),
    ("we", "'ll 'll~'ve 'd 'd~'ve 've 're"),
    ("they", "'ll 'll~'ve 'd 'd~'ve 've 're"),
    ("who", "'s 'll 'll~'ve 're 've 'd 'd~'ve"),
    ("what", "'s 'll 'll~'ve 're 've 'd 'd~'ve"),
    ("when", "'s 'll 'll~'ve 're 've 'd 'd~'ve"),
    ("where", "'s 'll 'll~'ve 're 've 'd 'd~'ve"),
    ("why", "'s 'll 'll~'ve 're 've 'd 'd~'ve"),
    ("how", "'s 'll 'll~'ve 're 've 'd 'd~'ve"),
    ("there", "'s 'll 'll~'ve 're 've 'd 'd~'ve"),
    ("that", "'s 'll 'll~'ve 'd 'd~'ve"),
    ("this", "'s 'll 'll~'ve 'd 'd~'ve"),
    ("these", "'ll 'll~'ve 're 've 'd 'd~'ve"),
    ("those", "'ll 'll~'ve 're 've 'd 'd~'ve"),
    ("ca", "n't n't~'ve"),
    ("do", "n't n't~'ve"),
    ("does", "n't n't~'ve"),
    ("did", "n't n't~'ve"),
    ("had", "n't n't~'ve"),
    ("may", "n't n't~'ve"),
    ("need", "n't n't~'ve"),
    ("ought", "n't n't~'ve"),
    ("sha", "n't n't~'ve"),
    ("wo", "n't n't~'ve"),
    ("could", "n't n't~'ve 've"),
    ("might", "n't n't~'ve 've"),
    ("must", "n't n't~'ve 've"),
    ("should", "n't n't~'ve 've"),
    ("would", "n't n't~'ve 've"),
    ("ai", "n't"),
    ("are", "n't"),
    ("is", "n't"),
    ("was", "n't"),
    ("were", "n't"),
    ("have", "n't"),
    ("has", "n't"),
    ("dare", "n't"),
    ("not", "'ve"),
];

/// Contractions without an apostrophe that are words of their own.
const WORDS: [&str; 8] = ["ill", "its", "hell", "shell", "shed", "were", "well", "whore"];

/// Cut in other places, or not at all; also with a capital.
const OTHERS: &[&str] = &[
    "can~not",
    "gon~na",
    "got~ta",
    "let~'s",
    "c'm~on",
    "how~'d~'y",
    "ma'am",
    "o'clock",
    "doin'",
    "goin'",
    "nothin'",
    "nuthin'",
    "ol'",
    "somethin'",
    "lovin'",
    "havin'",
];

const WHOLE: &[&str] =
    &["y'~all y~all '' 'S 's 'd 'em 'll 're 'nuff 'bout 'cause 'cos 'coz 'cuz 'Cause 'Cos 'Coz \
     'Cuz and/or w/o C++ ‘s ‘S °~C~. °~F~. °~K~. °~c~. °~f~. °~k~. ä. ö. ü. \\n \\t <space>"];

const ABBREVIATIONS: &[&str] = &[
    "Adm. Bros. co. Co. Corp. Dr. Gen. Gov. Inc. Jr. Ltd. Md. Messrs. Mo. Mont. Mr. Mrs. Ms. Mt. \
     Ph.D. Prof. Rep. Rev. Sen. St. vs. v.s. a.m. p.m. e.g. E.g. E.G. i.e. I.e. I.E.",
    "Jan. Feb. Mar. Apr. Jun. Jul. Aug. Sep. Sept. Oct. Nov. Dec.",
    "Ak. Ala. Ariz. Ark. Calif. Colo. Conn. D.C. Del. Fla. Ga. Ia. Id. Ill. Ind. Kan. Kans. Ky. \
     La. Mass. Mich. Minn. Miss. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Okla. Ore. Pa. \
     S.C. Tenn. Va. Wash. Wis.",
];

/// Eyes, noses (`.` for none) and mouths that make a face in every combination.
const FACES: &[(&str, &str, &str)] = &[
    (":", ". -", ") )) ))) ( (( ((( ] / | } > P p O o 0 3 X x D *"),
    (":", "' '-", ") ("),
    (":", ".", "1 () o)"),
    (";", ". -", ") D"),
    ("=", ".", ") ( / | [ ] D 3"),
    ("(", ". -", ": ;"),
    (")", ". -", ":"),
    ("[", ". -", ":"),
    ("8", ". -", ") D"),
];

const EMOTICONS: &[&str] = &[
    "(= [= ]= (o: (-8 >:( >:o xD XD xDD XDD <3 <33 <333 </3 @_@ ;_; -_- -__- ^_^ ^__^ ^___^",
    ">.< >.> <.< ._. v.v V.V v_v V_V o_o o_O O_o O_O 0_o o_0 0_0 o.o o.O O.o O.O 0.o o.0 0.0",
    "(^_^) (-_-) (._.) (>_<) (*_*) ><(((*>",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_are_cut_where_the_words_meet() {
        assert_eq!(find(b"don't"), Some([2, 0]));
        assert_eq!(find("couldn’t’ve".as_bytes()), Some([5, 10]));
        assert_eq!(find(b"Whats"), Some([4, 0]));
        assert_eq!(find(b"how'd'y"), Some([3, 5]));
    }

    #[test]
    fn words_that_only_look_like_contractions_are_not_special() {
        for word in ["well", "Its", "shed", "dog's", "the", "a"] {
            assert_eq!(find(word.as_bytes()), None, "{word}");
        }
    }

    #[test]
    fn abbreviations_and_faces_stay_whole() {
        for word in ["Mr.", "e.g.", ":-)", "):", "=/", "x.", "o'clock"] {
            assert_eq!(find(word.as_bytes()), Some([0, 0]), "{word}");
        }
    }
}

//! Byte-pair encoding of one piece, of which only the number of tokens is wanted.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::Value;

/// Longest piece that is worked on here, in bytes: the time grows with the square.
const LONGEST: usize = 256;
/// Bits of a set of pairs, some of which share one.
const BITS: usize = 1 << 20;
/// No pair.
const NONE: u32 = u32::MAX;

/// Tokens of bytes and what pairs of tokens become.
pub(super) struct Pairs {
    /// Token of each byte.
    bytes: [u32; 256],
    /// Token that each pair becomes, in the order in which pairs are looked for.
    merged: Vec<u32>,
    /// Pairs and where they stand in that order, at a place that follows from the pair.
    places: Vec<(u64, u32)>,
    /// Whether a place may be of a pair that is there: most pairs are not, and this is small
    /// enough to stay near the processor.
    maybe: Vec<u64>,
    /// Where pairs of bytes stand in that order.
    of_bytes: Vec<u32>,
    /// Pieces that are a token whatever pairs say.
    whole: HashSet<Box<[u8]>>,
}

/// What is read of a model.
#[derive(Deserialize)]
struct Model {
    dropout: Option<f32>,
    continuing_subword_prefix: Option<String>,
    end_of_word_suffix: Option<String>,
    #[serde(default)]
    ignore_merges: bool,
    vocab: HashMap<String, u32>,
    merges: Vec<Value>,
}

impl Pairs {
    /// Reads the `model` of a tokenizer; `None` unless it knows every byte and does nothing
    /// but to put pairs together.
    pub(super) fn of(model: &str) -> Option<Self> {
        let model: Model = serde_json::from_str(model).ok()?;
        let is_set = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        let alone = !is_set(&model.continuing_subword_prefix) && !is_set(&model.end_of_word_suffix);
        if !alone || model.dropout.is_some_and(|dropout| dropout != 0.0) {
            return None;
        }
        let mut bytes = [0; 256];
        for (byte, token) in bytes.iter_mut().enumerate() {
            let character = character(u8::try_from(byte).ok()?);
            *token = *model.vocab.get(character.encode_utf8(&mut [0; 4]))?;
        }
        let size = (model.merges.len() * 2).next_power_of_two();
        let mut pairs = Self {
            bytes,
            merged: Vec::new(),
            places: vec![(0, NONE); size],
            maybe: vec![0; BITS / 64],
            of_bytes: Vec::new(),
            whole: HashSet::new(),
        };
        for merge in &model.merges {
            let (left, right) = match merge {
                Value::String(both) => both.split_once(' ')?,
                Value::Array(both) => (both.first()?.as_str()?, both.get(1)?.as_str()?),
                _ => return None,
            };
            let token = |text: &str| model.vocab.get(text).copied();
            let pair = key(token(left)?, token(right)?);
            let place = pairs.place(pair);
            let bit = mixed(pair) % BITS;
            pairs.maybe[bit / 64] |= 1 << (bit % 64);
            pairs.places[place] = (pair, u32::try_from(pairs.merged.len()).ok()?);
            pairs.merged.push(token(&format!("{left}{right}"))?);
        }
        let both = |left| bytes.iter().map(move |right| (left, *right));
        let of_bytes = bytes.iter().flat_map(|left| both(*left));
        pairs.of_bytes = of_bytes.map(|(left, right)| pairs.rank(left, right)).collect();
        if model.ignore_merges {
            pairs.whole = model.vocab.keys().filter_map(|text| written(text)).collect();
        }
        Some(pairs)
    }

    /// How many tokens a piece has; `None` if it is too long.
    pub(super) fn count(&self, piece: &str) -> Option<usize> {
        let piece = piece.as_bytes();
        if piece.len() < 2 || self.whole.contains(piece) {
            return Some(piece.len().min(1));
        }
        let (mut tokens, mut ranks) = ([0; LONGEST], [NONE; LONGEST]);
        let tokens = tokens.get_mut(..piece.len())?;
        for (token, byte) in tokens.iter_mut().zip(piece) {
            *token = self.bytes[usize::from(*byte)];
        }
        for (rank, pair) in ranks.iter_mut().zip(piece.windows(2)) {
            *rank = self.of_bytes[usize::from(pair[0]) << 8 | usize::from(pair[1])];
        }
        let mut count = piece.len();
        while 1 < count {
            let least = ranks[..count - 1].iter().copied().fold(NONE, u32::min);
            let first = ranks[..count - 1].iter().position(|rank| *rank == least);
            let Some(at) = first.filter(|_| least != NONE) else { break };
            tokens[at] = self.merged[least as usize];
            tokens.copy_within(at + 2..count, at + 1);
            ranks.copy_within(at + 1..count, at);
            count -= 1;
            ranks[at] = if at + 1 < count { self.rank(tokens[at], tokens[at + 1]) } else { NONE };
            if 0 < at {
                ranks[at - 1] = self.rank(tokens[at - 1], tokens[at]);
            }
        }
        Some(count)
    }

    #[inline]
    fn rank(&self, left: u32, right: u32) -> u32 {
        let pair = key(left, right);
        let bit = mixed(pair) % BITS;
        if self.maybe[bit / 64] >> (bit % 64) & 1 == 0 {
            return NONE;
        }
        self.places[self.place(pair)].1
    }

    /// Where a pair is, or would be.
    #[inline]
    fn place(&self, pair: u64) -> usize {
        let last = self.places.len() - 1;
        let mut place = (mixed(pair) >> 20) & last;
        while self.places[place].1 != NONE && self.places[place].0 != pair {
            place = (place + 1) & last;
        }
        place
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lowest bits")]
fn mixed(pair: u64) -> usize {
    let once = pair.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (once ^ (once >> 32)) as usize
}

fn key(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

/// How a byte is written in a vocabulary: as the character of its number where that is one
/// to be seen, the others from U+0100 on.
pub(super) fn character(byte: u8) -> char {
    let seen = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if seen(byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|byte| !seen(*byte)).count();
    u32::try_from(before).ok().and_then(|before| char::from_u32(0x100 + before)).unwrap_or('\0')
}

/// The bytes that a token of a vocabulary stands for.
fn written(token: &str) -> Option<Box<[u8]>> {
    let all = || (0..=u8::MAX).map(|byte| (character(byte), byte));
    let bytes: HashMap<char, u8> = all().collect();
    token.chars().map(|character| bytes.get(&character).copied()).collect()
}

//! Corpora with near-duplicates that were put in.

use crate::made::{Dice, Doc};

/// Texts of words of small letters, or of Chinese characters, that have no detail: nothing
/// in them is a number or a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Han,
}

/// Characters that are neither numerals nor common in names.
const HAN: &str = "的是在有这我们他说也到时要就会可以对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去\
    法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实";

/// A text of `units` words or characters.
pub(super) fn text(dice: &mut Dice, script: Script, units: usize) -> Vec<String> {
    (0..units).map(|_| unit(dice, script)).collect()
}

fn unit(dice: &mut Dice, script: Script) -> String {
    match script {
        Script::Latin => {
            let letter = |dice: &mut Dice| char::from(b'a' + u8::try_from(dice.below(26)).unwrap());
            (0..3 + dice.below(4)).map(|_| letter(dice)).collect()
        }
        Script::Han => {
            let all: Vec<char> = HAN.chars().filter(|c| !c.is_whitespace()).collect();
            all[dice.below(all.len())].to_string()
        }
    }
}

/// The units as a text.
pub(super) fn joined(units: &[String], script: Script) -> String {
    units.join(if script == Script::Latin { " " } else { "" })
}

/// `count` documents: some by themselves, others in families whose members were changed in
/// a few or in many places, each after a member that was there before.
pub(super) fn families(seed: u64, count: usize) -> Vec<Doc> {
    let mut dice = Dice::new(seed);
    let mut units: Vec<(Vec<String>, Script)> = Vec::new();
    while units.len() < count {
        let script = if dice.below(2) == 0 { Script::Latin } else { Script::Han };
        let alone = dice.below(3) == 0 || units.is_empty();
        if alone {
            let length = [4, 12, 40, 120, 400][dice.below(5)];
            units.push((text(&mut dice, script, length), script));
            continue;
        }
        // Close to the last ones, so that families become chains.
        let near = units.len() - 1 - dice.below(units.len().min(12));
        let (mut copy, script) = units[near].clone();
        let changes = copy.len() * dice.below(5) / 200 + dice.below(2);
        for _ in 0..changes {
            let at = dice.below(copy.len());
            copy[at] = unit(&mut dice, script);
        }
        units.push((copy, script));
    }
    // Not in the order in which they were made.
    let mut order: Vec<usize> = (0..units.len()).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at + 1));
    }
    let doc = |at: usize| Doc {
        id: format!("{at:06}"),
        text: Some(joined(&units[at].0, units[at].1)),
        source: format!("source {}", at % 3),
    };
    order.into_iter().map(doc).collect()
}

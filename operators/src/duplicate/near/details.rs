//! What a detail is: numbers, names, dates.

use std::ops::Range;

use super::tokens::{Kind, Token};

/// Surnames of one character, by how many bear them.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧葉蘇盧鍾譚";
/// What names of places and bodies close with.
const PLACES: &str = "省市县区州镇乡村旗盟岛港路街道巷号楼院厂社校县區鎮鄉縣號";
/// Characters of a short name.
const NAME: usize = 6;

/// What one text has in a place.
pub(super) struct Slot<'a> {
    pub(super) text: &'a str,
    pub(super) all: &'a [Token],
    pub(super) range: Range<usize>,
}

/// Whether two texts differ in a detail where they have `left` and `right`.
pub(super) fn differ(left: &Slot<'_>, right: &Slot<'_>) -> bool {
    // Long passages are not compared with each other.
    const LONG: usize = 64;
    let (a, b) = (&left.all[left.range.clone()], &right.all[right.range.clone()]);
    let is_long = LONG < a.len() && LONG < b.len();
    let changed = |these: &[Token], those: &[Token]| {
        let alone = |token: &&Token| those.iter().all(|other| other.hash != token.hash);
        these.iter().filter(alone).any(|token| match token.kind {
            Kind::Capital => !token.opens && !those.is_empty(),
            kind => kind.is_exact(),
        })
    };
    !is_long && (changed(a, b) || changed(b, a)) || left.is_name() && right.is_name()
}

impl Slot<'_> {
    /// Whether some characters, with the one before or behind them, may be the name of a
    /// person, a place or a body.
    fn is_name(&self) -> bool {
        let character = |at: usize| {
            let token = self.all.get(at).filter(|token| token.kind == Kind::Character)?;
            self.text[token.start as usize..token.end as usize].chars().next()
        };
        let Range { start, end } = self.range;
        let length = self.range.len();
        let is_one_of = |list: &str, at: Option<usize>| {
            at.and_then(character).is_some_and(|character| list.contains(character))
        };
        let person = length <= 3 && is_one_of(SURNAMES, Some(start))
            || length <= 2 && is_one_of(SURNAMES, start.checked_sub(1));
        let place = is_one_of(PLACES, end.checked_sub(1)) || is_one_of(PLACES, Some(end));
        (1..=NAME).contains(&length)
            && self.range.clone().all(|at| character(at).is_some())
            && (person || place)
    }
}

/// Whether tokens are whole statements: they open one, and what follows opens another.
pub(super) fn is_statement(tokens: &[Token], range: Range<usize>) -> bool {
    let opens = |at: usize| tokens.get(at).is_none_or(|token| token.opens);
    opens(range.start) && opens(range.end)
}

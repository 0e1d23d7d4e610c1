//! What a detail is: numbers, names, dates.

use std::ops::Range;

use super::tokens::{Kind, Token};

/// Surnames of one character, by how many bear them.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧葉蘇盧鍾譚";
/// What names of places and bodies close with.
const PLACES: &str = "省市县区州镇乡村旗盟岛港路街道巷号楼院厂社校县區鎮鄉縣號";
/// Characters of a short name.
const NAME: usize = 6;

/// Whether two texts differ in a detail where one has `left` and the other `right`.
pub(super) fn differ(
    (left_text, left): (&str, &[Token]),
    (right_text, right): (&str, &[Token]),
) -> bool {
    let lacks = |tokens: &[Token], hash| tokens.iter().all(|token| token.hash != hash);
    let changed = |these: &[Token], those: &[Token]| {
        let alone = |token: &&Token| lacks(those, token.hash);
        these.iter().filter(alone).any(|token| match token.kind {
            Kind::Capital => !token.opens && !those.is_empty(),
            kind => kind.is_exact(),
        })
    };
    // Long passages are not compared with each other.
    let long = 64 < left.len() && 64 < right.len();
    if !long && (changed(left, right) || changed(right, left)) {
        return true;
    }
    is_name(left_text, left) && is_name(right_text, right)
}

/// Whether some characters may be the name of a person, a place or a body.
fn is_name(text: &str, tokens: &[Token]) -> bool {
    let character = |token: &Token| {
        let written = &text[token.start as usize..token.end as usize];
        written.chars().next().filter(|_| token.kind == Kind::Character)
    };
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return false };
    let (Some(first), Some(last)) = (character(first), character(last)) else { return false };
    let person = (1..=3).contains(&tokens.len()) && SURNAMES.contains(first);
    tokens.len() <= NAME && (person || PLACES.contains(last))
}

/// Whether tokens are whole statements: they open one, and what follows opens another.
pub(super) fn is_statement(tokens: &[Token], range: Range<usize>) -> bool {
    let opens = |at: usize| tokens.get(at).is_none_or(|token| token.opens);
    opens(range.start) && opens(range.end)
}

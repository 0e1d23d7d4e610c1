//! What is known of a language before a text is read: how much of the web is in it.
//!
//! Samples are drawn evenly, so that a model takes every language to be as common as any
//! other, and short texts go to rare ones that they resemble. Shares are rough, after what
//! web crawls report; only their order of magnitude is used, and less than half of it, since
//! a corpus is not the web.

/// Classes with a twentieth of the web or more, a hundredth, and a thousandth. Those in none of the
/// lists have a ten-thousandth or less. English has half of it, but also half as many samples
/// again. Close languages stand together, whichever has more: a start must not decide between
/// them.
const COMMON: [&[&str]; 3] = [
    &["de", "en", "es", "fr", "it", "ja", "pt", "ru", "zh-Hans", "zh-Hant"],
    &[
        "ar", "cs", "da", "fa", "fi", "hu", "id", "nb", "nl", "pl", "ro", "sk", "sv", "tr", "uk",
        "vi", "zxx",
    ],
    &[
        "az", "bg", "bn", "bs", "ca", "et", "gl", "he", "hi", "hr", "kk", "lt", "lv", "mk", "mr",
        "ms", "ne", "nn", "sl", "sq", "sr", "sr-Latn", "und", "ur",
    ],
];
/// Of a step from one list to the next.
const STEP: f32 = 0.5;
/// Languages with hardly any of the web.
const HARDLY: [&str; 28] = [
    "br", "eo", "fo", "fy", "gd", "ha", "ht", "ig", "jv", "la", "lb", "lg", "mi", "oc", "rw", "sd",
    "sn", "so", "st", "su", "tk", "tn", "ts", "xh", "yi", "yo", "ug", "zu",
];

/// The logarithm of the factor that the chance of a class begins with.
#[must_use]
pub fn start(class: &str) -> f32 {
    let place = COMMON.iter().position(|list| list.contains(&class));
    match place {
        Some(0) => 2.0 * STEP,
        Some(1) => STEP,
        Some(_) => 0.0,
        None if HARDLY.contains(&class) => -2.0 * STEP,
        None => -STEP,
    }
}

//! What is known of a language before a text is read: how much of the web is in it.
//!
//! Samples are drawn evenly, so that a model takes every language to be as common as any
//! other, and short texts go to rare ones that they resemble. Shares are rough, after what
//! web crawls report; only their order of magnitude is used, and less than half of it, since
//! a corpus is not the web.

/// Classes with about half of the web, a twentieth, a hundredth, and a thousandth (noise too, and
/// code, of which there are twice as many samples already). Those in none of the lists have a
/// ten-thousandth or less. Close languages stand together, whichever has more: a start must not
/// decide between them. Malay has less than a tenth of what Indonesian has, and short texts are
/// often both.
const COMMON: [&[&str]; 4] = [
    &["en"],
    &["de", "es", "fr", "it", "ja", "pt", "ru", "zh-Hans", "zh-Hant"],
    &[
        "ar", "cs", "da", "fa", "fi", "hu", "id", "nb", "nl", "pl", "ro", "sk", "sv", "tr", "uk",
        "vi",
    ],
    &[
        "az", "bg", "bn", "bs", "ca", "et", "gl", "he", "hi", "hr", "kk", "lt", "lv", "mk", "mr",
        "ne", "nn", "sl", "sq", "sr", "sr-Latn", "und", "ur", "zxx",
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
        Some(0) => 3.0 * STEP,
        Some(1) => 2.0 * STEP,
        Some(2) => STEP,
        Some(_) => 0.0,
        None if HARDLY.contains(&class) => -2.0 * STEP,
        None => -STEP,
    }
}

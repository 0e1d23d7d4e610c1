//! The style sheet, kept as CSS so that editors understand it.

/// All of it.
pub(crate) const SHEET: &str = include_str!("style.css");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::chart::Tone;

    #[test]
    fn every_tone_of_a_drawing_has_a_meaning_here() {
        for tone in Tone::ALL {
            let rgb = tone.rgb();
            let colour = format!("[fill=\"#{:02X}{:02X}{:02X}\"]", rgb.0, rgb.1, rgb.2);
            assert!(SHEET.contains(&colour), "{tone:?} {colour}");
        }
    }

    #[test]
    fn nothing_is_loaded() {
        assert!(!SHEET.contains("url(") && !SHEET.contains("@import"));
    }
}

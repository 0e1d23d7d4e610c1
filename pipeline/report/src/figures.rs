//! Numbers as people read them, the same in every place and language.

/// `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if 0 < place && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `12.3 MB`, in powers of 1000.
pub(crate) fn bytes(number: u64) -> String {
    let mut value = number as f64;
    for unit in ["B", "kB", "MB", "GB", "TB"] {
        // What would be rounded up to 1000 is shown in the next unit.
        if value < 999.5 {
            return match unit {
                "B" => format!("{number} B"),
                _ if value < 99.95 => format!("{value:.1} {unit}"),
                _ => format!("{value:.0} {unit}"),
            };
        }
        value /= 1000.0;
    }
    format!("{value:.1} PB")
}

/// `12.3%`. Neither none nor all is claimed by rounding.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let share = part as f64 / whole as f64 * 100.0;
    if 0 < part && share < 0.05 {
        return "< 0.1%".to_owned();
    }
    if part < whole && 99.95 <= share {
        return "> 99.9%".to_owned();
    }
    format!("{share:.1}%")
}

/// A measured value: three digits that matter, no trailing zeros.
pub(crate) fn value(number: f64) -> String {
    let size = number.abs();
    if number.fract() == 0.0 && size < 1e15 {
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        let whole = number as i64;
        let sign = if whole < 0 { "−" } else { "" };
        return format!("{sign}{}", count(whole.unsigned_abs()));
    }
    let places = match size {
        size if 1000.0 <= size => 0,
        size if 100.0 <= size => 1,
        size if 1.0 <= size => 2,
        size if 0.01 <= size => 3,
        size if 0.001 <= size => 4,
        size if 0.000_01 <= size => 6,
        _ => return format!("{number:.2e}"),
    };
    let text = format!("{number:.places$}");
    let text = if places == 0 { &text } else { text.trim_end_matches('0').trim_end_matches('.') };
    text.replace('-', "−")
}

/// `1 h 02 min`, `3 min 20 s` or `1.25 s`.
pub(crate) fn seconds(number: f64) -> String {
    if number < 99.5 {
        return format!("{number:.2} s");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a duration")]
    let whole = number.round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, minutes, rest) => format!("{minutes} min {rest:02} s"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn bytes_have_a_unit() {
        assert_eq!(
            [0, 999, 1000, 123_456, 999_950, u64::MAX].map(bytes),
            ["0 B", "999 B", "1.0 kB", "123 kB", "1.0 MB", "18446.7 PB"]
        );
    }

    #[test]
    fn rounding_claims_neither_none_nor_all() {
        assert_eq!(percent(0, 100_000), "0.0%");
        assert_eq!(percent(1, 100_000), "< 0.1%");
        assert_eq!(percent(99_999, 100_000), "> 99.9%");
        assert_eq!(percent(1, 1), "100.0%");
        assert_eq!(percent(0, 0), "–");
    }

    #[test]
    fn values_keep_the_digits_that_matter() {
        assert_eq!(
            [0.9, 0.333_33, 12.0, -12_345.0, 1234.56, 0.000_12].map(value),
            ["0.9", "0.333", "12", "−12,345", "1235", "0.00012"]
        );
    }

    #[test]
    fn durations_grow_their_units() {
        assert_eq!([1.25, 200.0, 3725.0].map(seconds), ["1.25 s", "3 min 20 s", "1 h 02 min"]);
    }
}

//! Lists of words as people keep them in files.

use crate::contract::OptionsError;

/// An entry of a list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry<'t> {
    /// Line of the file, from 1.
    pub(crate) line: usize,
    /// The word or phrase; never empty.
    pub(crate) text: &'t str,
    /// Empty if the entry has none.
    pub(crate) category: &'t str,
    /// 1 if the entry has none; finite and not negative.
    pub(crate) weight: f64,
}

/// Reads the file that option `key` names: on each line an entry, then, if need be, a tab and
/// its category, a tab and its weight. Blank lines and those that open with `#` say nothing.
pub(crate) fn read<'t>(key: &str, file: &'t str) -> Result<Vec<Entry<'t>>, OptionsError> {
    let mut entries = Vec::new();
    for (line, written) in (1..).zip(file.lines()) {
        let written = written.trim_end();
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        let refuse = |problem: &str, fix: &str| {
            OptionsError::new(key, format!("has {problem} on line {line}"), fix)
        };
        let mut columns = written.split('\t').map(str::trim);
        let text = columns.next().unwrap_or_default();
        let category = columns.next().unwrap_or_default();
        let weight = columns.next().unwrap_or_default();
        if text.is_empty() {
            return Err(refuse("no entry", "begin the line with the word"));
        }
        if columns.next().is_some() {
            let fix = "write entry, category and weight with a tab between them";
            return Err(refuse("more than three columns", fix));
        }
        let weight = if weight.is_empty() { Some(1.0) } else { weight.parse().ok() };
        let weight = weight.filter(|weight: &f64| weight.is_finite() && 0.0 <= *weight);
        let weight = weight.ok_or_else(|| refuse("no weight", "write a number from 0 up"))?;
        entries.push(Entry { line, text, category, weight });
    }
    if entries.is_empty() {
        return Err(OptionsError::new(key, "names a file without entries", "write one on a line"));
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn category_and_weight_may_be_left_out() {
        let file = "# tides\r\nlow tide\r\n\r\n 退潮 \tsea\t0.5\nmud\t\t2\n";
        let entry = |line, text, category, weight| Entry { line, text, category, weight };
        let expected =
            [entry(2, "low tide", "", 1.0), entry(4, "退潮", "sea", 0.5), entry(5, "mud", "", 2.0)];
        assert_eq!(read("file", file), Ok(expected.to_vec()));
    }

    #[test]
    fn what_cannot_be_an_entry_is_refused_with_its_line() {
        let problem = |file| read("file", file).unwrap_err().problem;
        assert_eq!(problem("a\n\tsea"), "has no entry on line 2");
        assert_eq!(problem("a\tb\tc"), "has no weight on line 1");
        assert_eq!(problem("a\tb\t-1"), "has no weight on line 1");
        assert_eq!(problem("a\tb\t1\td"), "has more than three columns on line 1");
        assert_eq!(problem("# a\n\n"), "names a file without entries");
    }
}

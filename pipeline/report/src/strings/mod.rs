//! Every word of the page, in both languages. `{}` is filled in by [`fill`].

mod en;
mod zh;

use self::{en::EN, zh::ZH};
use crate::Language;

/// The page's words in one language.
#[derive(Debug)]
pub(crate) struct Strings {
    pub(crate) title: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) subtitle: &'static str,
    pub(crate) rows: &'static str,
    pub(crate) bytes: &'static str,
    pub(crate) text: &'static str,
    pub(crate) share: &'static str,
    pub(crate) total: &'static str,
    pub(crate) other: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) numbers: &'static str,

    pub(crate) rows_in: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) removed: &'static str,
    pub(crate) kept_note: &'static str,
    pub(crate) bytes_note: &'static str,
    pub(crate) wrong_rows: &'static str,
    pub(crate) wrong_none: &'static str,
    pub(crate) wrong_some: &'static str,
    pub(crate) fate_of: &'static str,

    pub(crate) keep: &'static str,
    pub(crate) flag: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) quarantine: &'static str,
    pub(crate) drop: &'static str,
    pub(crate) unreadable: &'static str,

    pub(crate) funnel: &'static str,
    pub(crate) funnel_lead: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) action: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) marked: &'static str,
    pub(crate) marked_lead: &'static str,
    pub(crate) balances: &'static str,
    pub(crate) unbalanced: &'static str,
    pub(crate) bar_title: &'static str,

    pub(crate) wrong_lead: &'static str,
    pub(crate) nothing_wrong: &'static str,
    pub(crate) warnings: &'static str,
    pub(crate) bad_rows: &'static str,
    pub(crate) bad_parts: &'static str,
    pub(crate) first_row: &'static str,
    pub(crate) why: &'static str,
    pub(crate) no_text: &'static str,
    pub(crate) invalid_utf8: &'static str,
    pub(crate) broken_json: &'static str,
    pub(crate) broken_csv: &'static str,
    pub(crate) oversize: &'static str,

    pub(crate) files: &'static str,
    pub(crate) files_lead: &'static str,
    pub(crate) file: &'static str,
    pub(crate) other_files: &'static str,
    pub(crate) capped: &'static str,

    pub(crate) steps: &'static str,
    pub(crate) steps_lead: &'static str,
    pub(crate) step: &'static str,
    pub(crate) operator: &'static str,
    pub(crate) within: &'static str,
    pub(crate) outside: &'static str,
    pub(crate) unmeasured: &'static str,
    pub(crate) skipped: &'static str,

    pub(crate) measures: &'static str,
    pub(crate) measures_lead: &'static str,
    pub(crate) no_measures: &'static str,
    pub(crate) measured: &'static str,
    pub(crate) limit: &'static str,
    pub(crate) no_limit: &'static str,
    pub(crate) all_rows: &'static str,
    pub(crate) median: &'static str,
    pub(crate) low: &'static str,
    pub(crate) high: &'static str,
    pub(crate) by_source: &'static str,
    pub(crate) source: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) log_note: &'static str,
    pub(crate) histogram_title: &'static str,
    pub(crate) value: &'static str,

    pub(crate) groups: &'static str,
    pub(crate) groups_lead: &'static str,
    pub(crate) no_groups: &'static str,
    pub(crate) group_count: &'static str,
    pub(crate) members: &'static str,
    pub(crate) templates: &'static str,
    pub(crate) largest: &'static str,
    pub(crate) size: &'static str,
    pub(crate) kept_row: &'static str,
    pub(crate) lowest_similarity: &'static str,
    pub(crate) sizes: &'static str,

    pub(crate) excerpts: &'static str,
    pub(crate) excerpts_lead: &'static str,
    pub(crate) no_excerpts: &'static str,
    pub(crate) excerpts_capped: &'static str,
    pub(crate) from_byte: &'static str,
    pub(crate) id: &'static str,
    pub(crate) instead: &'static str,
    pub(crate) kept_text: &'static str,
    pub(crate) condition: &'static str,

    pub(crate) provenance: &'static str,
    pub(crate) provenance_lead: &'static str,
    pub(crate) repeat: &'static str,
    pub(crate) ask: &'static str,
    pub(crate) ask_lead: &'static str,
    pub(crate) identity: &'static str,
    pub(crate) version: &'static str,
    pub(crate) format: &'static str,
    pub(crate) file_format: &'static str,
    pub(crate) file_count: &'static str,
    pub(crate) measure_hash: &'static str,
    pub(crate) decision_hash: &'static str,
    pub(crate) manifest_hash: &'static str,
    pub(crate) inputs: &'static str,
    pub(crate) footer: &'static str,
    pub(crate) outputs: &'static str,
    pub(crate) table: &'static str,
    pub(crate) timings: &'static str,
    pub(crate) stage: &'static str,
    pub(crate) time: &'static str,
    pub(crate) units: &'static str,
    pub(crate) resumed: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) closing: &'static str,

    pub(crate) between_sources: &'static str,
    pub(crate) between_sources_lead: &'static str,
    pub(crate) crossing: &'static str,
    pub(crate) crossing_lead: &'static str,
    pub(crate) went_from: &'static str,
    pub(crate) stays_in: &'static str,
    pub(crate) curve: &'static str,
    pub(crate) curve_lead: &'static str,
    pub(crate) similarity: &'static str,
    pub(crate) proposed: &'static str,
    pub(crate) shared: &'static str,
    pub(crate) shared_lead: &'static str,
    pub(crate) passages: &'static str,
    pub(crate) edited_rows: &'static str,
    pub(crate) emptied_rows: &'static str,
    pub(crate) taken_bytes: &'static str,
    pub(crate) compared_with: &'static str,
}

impl Strings {
    /// The words of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Zh => &ZH,
        }
    }

    /// What an action is called; an unknown one is shown as it is.
    pub(crate) fn action<'a>(&self, action: &'a str) -> &'a str
    where
        Self: 'static,
    {
        use assay_ledger::schema::action as name;
        match action {
            name::KEEP => self.keep,
            name::FLAG => self.flag,
            name::EDIT => self.edit,
            name::QUARANTINE => self.quarantine,
            name::DROP => self.drop,
            other => other,
        }
    }

    /// What a problem of a row is called, if it is one.
    pub(crate) fn problem(&self, name: &str) -> Option<&'static str> {
        use assay_ledger::schema::problem;
        match name {
            problem::NO_TEXT => Some(self.no_text),
            problem::INVALID_UTF8 => Some(self.invalid_utf8),
            problem::BROKEN_JSON => Some(self.broken_json),
            problem::BROKEN_CSV => Some(self.broken_csv),
            problem::OVERSIZE => Some(self.oversize),
            _ => None,
        }
    }
}

/// Fills the places `{}` of a sentence in order.
pub(crate) fn fill(sentence: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut out = String::with_capacity(sentence.len() + 16);
    for (place, piece) in sentence.split("{}").enumerate() {
        if 0 < place {
            out.push_str(values.next().copied().unwrap_or_default());
        }
        out.push_str(piece);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_in_order() {
        assert_eq!(fill("{} of {}.", &["1", "2"]), "1 of 2.");
        assert_eq!(fill("{} of {}", &["{}"]), "{} of ");
    }

    #[test]
    fn both_languages_fill_the_same_places() {
        let places = |strings: &Strings| {
            format!("{strings:?}")
                .split("\", ")
                .map(|piece| piece.matches("{}").count())
                .collect::<Vec<_>>()
        };
        assert_eq!(places(&EN), places(&ZH));
    }
}

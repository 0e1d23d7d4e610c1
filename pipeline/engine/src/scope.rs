//! About which rows a step speaks: its `only-for`.

use assay_ledger::schema::{LANG, SOURCE};
use assay_operators::contract::Declared;
use assay_plan::Step;

/// What rows that declare no language count as (ISO 639: undetermined).
const UNDETERMINED: &str = "und";

/// Whether `value` of `field` is one of `allowed`. A language also allows its regions:
/// `en` allows `en-GB`.
pub(crate) fn allows(field: &str, value: Option<&str>, allowed: &[String]) -> bool {
    if field != LANG {
        return value.is_some_and(|value| allowed.iter().any(|allowed| allowed == value));
    }
    let value = value.unwrap_or(UNDETERMINED);
    allowed.iter().any(|allowed| {
        value
            .strip_prefix(allowed.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    })
}

/// Whether a step speaks about documents that declare this. Labels that earlier steps
/// measure are not looked at here.
pub(crate) fn speaks_about(step: &Step, declared: Declared<'_>) -> bool {
    step.only_for.iter().all(|(field, allowed)| match field.as_str() {
        LANG => allows(LANG, declared.lang, allowed),
        SOURCE => allows(SOURCE, declared.source, allowed),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_allows_its_regions_and_nothing_longer() {
        let allowed = ["en".to_owned()];
        let allows = |value| allows(LANG, value, &allowed);
        assert!(allows(Some("en")) && allows(Some("en-GB")) && allows(Some("en_US")));
        assert!(!allows(Some("eng")) && !allows(Some("zh")) && !allows(None));
    }

    #[test]
    fn rows_without_a_language_are_undetermined() {
        assert!(allows(LANG, None, &["und".to_owned()]));
        assert!(!allows(SOURCE, None, &["und".to_owned()]));
    }
}

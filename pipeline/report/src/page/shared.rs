//! Passages that went from rows because other documents have them too.

use assay_ledger::RunRecord;

use super::table;
use crate::{ReportError, figures, html::Html, strings::Strings};

/// The section, if a step took something out.
pub(crate) fn write(html: &mut Html, run: &RunRecord, words: &Strings) -> Result<(), ReportError> {
    if run.shared.is_empty() {
        return Ok(());
    }
    table::section(html, "shared", words.shared, words.shared_lead, |html| {
        for step in &run.shared {
            html.within("h3", &[], |html| table::name(html, &step.step));
            let pairs = [
                (words.passages, figures::count(step.passages)),
                (words.edited_rows, figures::count(step.edited)),
                (words.emptied_rows, figures::count(step.emptied)),
                (words.taken_bytes, figures::bytes(step.bytes)),
            ];
            html.within("dl", &[("class", "facts")], |html| {
                for (name, figure) in &pairs {
                    html.within("div", &[], |html| {
                        html.element("dt", &[], name);
                        html.element("dd", &[], figure);
                    });
                }
            });
        }
        Ok(())
    })
}

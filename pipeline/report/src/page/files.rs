//! The counts by input file and by step.

use assay_ledger::{Counts, RunRecord};

use super::{
    table::{self, Cell, Head},
    wrong::capped,
};
use crate::{
    ReportError, figures,
    html::Html,
    strings::{Strings, fill},
};

/// Most files on the page.
const MOST: usize = 200;

/// Rows of every file by what became of them. The last line is the sum of all others.
pub(crate) fn by_file(
    html: &mut Html,
    run: &RunRecord,
    words: &Strings,
) -> Result<(), ReportError> {
    table::section(html, "files", words.files, words.files_lead, |html| {
        let heads: [Head<'_>; 9] = [
            (words.file, false),
            (words.rows, true),
            (words.keep, true),
            (words.flag, true),
            (words.edit, true),
            (words.quarantine, true),
            (words.drop, true),
            (words.unreadable, true),
            (words.kept, true),
        ];
        table::table(html, words.files, &heads, |html| {
            for file in run.files.iter().take(MOST) {
                counts(html, "", Cell::Foreign(&file.file), &file.counts);
            }
            if MOST < run.files.len() {
                let mut rest = Counts::default();
                run.files[MOST..].iter().for_each(|file| rest.add(&file.counts));
                let number = figures::count((run.files.len() - MOST) as u64);
                let name = fill(words.other_files, &[&number]);
                counts(html, "", Cell::Words(&name), &rest);
            }
            let mut sum = Counts::default();
            run.files.iter().for_each(|file| sum.add(&file.counts));
            counts(html, "sum", Cell::Words(words.total), &sum);
        });
        capped(html, words, run.files.len(), MOST);
        Ok(())
    })
}

fn counts(html: &mut Html, class: &str, name: Cell<'_>, counts: &Counts) {
    let number = |number: u64| Cell::Number(figures::count(number));
    let class = if counts.balance() { class } else { "alert" };
    table::row(
        html,
        class,
        &[
            name,
            number(counts.rows),
            number(counts.keep),
            number(counts.flag),
            number(counts.edit),
            number(counts.quarantine),
            number(counts.drop),
            Cell::Alarm(counts.unreadable),
            Cell::Number(figures::percent(counts.kept(), counts.rows)),
        ],
    );
}

/// What each step saw.
pub(crate) fn by_step(
    html: &mut Html,
    run: &RunRecord,
    words: &Strings,
) -> Result<(), ReportError> {
    table::section(html, "steps", words.steps, words.steps_lead, |html| {
        let heads: [Head<'_>; 7] = [
            (words.step, false),
            (words.operator, false),
            (words.action, false),
            (words.within, true),
            (words.outside, true),
            (words.unmeasured, true),
            (words.skipped, true),
        ];
        table::table(html, words.steps, &heads, |html| {
            for step in run.steps.iter().take(MOST) {
                let number = |number: u64| Cell::Number(figures::count(number));
                table::row(
                    html,
                    "",
                    &[
                        Cell::Foreign(&step.name),
                        Cell::Foreign(&step.operator),
                        Cell::Action { action: &step.action, words: words.action(&step.action) },
                        number(step.within),
                        number(step.outside),
                        number(step.unmeasured),
                        number(step.skipped),
                    ],
                );
            }
        });
        capped(html, words, run.steps.len(), MOST);
        Ok(())
    })
}

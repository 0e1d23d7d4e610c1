//! What is needed to repeat the run, to check it, and to ask it something else.

use assay_ledger::{InputRecord, RunRecord};

use super::{
    limits::pretty,
    table::{self, Cell, Head},
    wrong::capped,
};
use crate::{ReportError, figures, html::Html, strings::Strings};

/// Most inputs on the page.
const MOST: usize = 200;
/// Longest plan on the page, in bytes.
const PLAN: usize = 200_000;

/// Questions to begin with, for DuckDB in the run folder.
const QUESTIONS: [&str; 3] = [
    "duckdb -c \"SELECT action, step, count(*) FROM 'ledger/decisions/**/*.parquet' GROUP BY ALL ORDER BY 3 DESC\"",
    "duckdb -c \"SELECT * FROM 'ledger/facts/**/*.parquet' USING SAMPLE 10\"",
    "duckdb -c \"SELECT d.file, d.row, r.step, r.value, r.\\\"limit\\\" FROM 'ledger/decisions/**/*.parquet' d, unnest(d.reasons) t(r) LIMIT 20\"",
];

/// The section.
pub(crate) fn write(html: &mut Html, run: &RunRecord, words: &Strings) -> Result<(), ReportError> {
    table::section(html, "provenance", words.provenance, words.provenance_lead, |html| {
        html.element("h3", &[], words.repeat);
        html.within("pre", &[], |html| {
            html.within("code", &[], |html| html.foreign(&command(&run.command)));
        });
        html.element("h3", &[], words.identity);
        identity(html, run, words);
        inputs(html, &run.inputs, words.inputs, words);
        if !run.against.is_empty() {
            inputs(html, &run.against, words.compared_with, words);
        }
        outputs(html, run, words);
        timings(html, run, words);
        html.element("h3", &[], words.ask);
        html.element("p", &[], words.ask_lead);
        for question in QUESTIONS {
            html.within("pre", &[], |html| html.element("code", &[], question));
        }
        let plan = pretty(&run.plan);
        if plan.len() <= PLAN {
            table::details(html, words.plan, |html| {
                html.within("pre", &[], |html| {
                    html.within("code", &[], |html| html.foreign(&plan));
                });
            });
        }
        Ok(())
    })
}

/// The command with quotes where a shell needs them.
fn command(words: &[String]) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_./:=,@%+".contains(char);
    let quote = |word: &String| {
        if word.chars().all(plain) && !word.is_empty() {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

fn identity(html: &mut Html, run: &RunRecord, words: &Strings) {
    let format = format!("{}.{}", run.format.major, run.format.minor);
    let pairs = [
        (words.version, &run.version),
        (words.format, &format),
        (words.measure_hash, &run.measure_hash),
        (words.decision_hash, &run.decision_hash),
        (words.manifest_hash, &run.manifest_xxh3),
    ];
    html.within("dl", &[("class", "pairs")], |html| {
        for (name, value) in pairs {
            html.element("dt", &[], name);
            html.within("dd", &[], |html| {
                html.within("code", &[], |html| table::name(html, value));
            });
        }
    });
}

fn inputs(html: &mut Html, inputs: &[InputRecord], title: &str, words: &Strings) {
    html.element("h3", &[], title);
    let heads: [Head<'_>; 6] = [
        (words.file, false),
        (words.bytes, true),
        (words.rows, true),
        (words.file_format, false),
        (words.text, false),
        (words.footer, false),
    ];
    table::table(html, title, &heads, |html| {
        for input in inputs.iter().take(MOST) {
            table::row(
                html,
                "",
                &[
                    Cell::Foreign(&input.file),
                    Cell::Number(figures::bytes(input.size)),
                    Cell::Number(input.rows.map_or(words.unknown.to_owned(), figures::count)),
                    Cell::Foreign(&input.format),
                    Cell::Foreign(&input.text.join(", ")),
                    Cell::Foreign(&input.footer_hash),
                ],
            );
        }
    });
    capped(html, words, inputs.len(), MOST);
}

fn outputs(html: &mut Html, run: &RunRecord, words: &Strings) {
    html.element("h3", &[], words.outputs);
    let heads: [Head<'_>; 4] =
        [(words.table, false), (words.file_count, true), (words.rows, true), (words.bytes, true)];
    table::table(html, words.outputs, &heads, |html| {
        for (name, output) in &run.outputs {
            table::row(
                html,
                "",
                &[
                    Cell::Foreign(name),
                    Cell::Number(figures::count(output.files)),
                    Cell::Number(figures::count(output.rows)),
                    Cell::Number(figures::bytes(output.bytes)),
                ],
            );
        }
    });
}

fn timings(html: &mut Html, run: &RunRecord, words: &Strings) {
    html.element("h3", &[], words.timings);
    let heads: [Head<'_>; 4] =
        [(words.stage, false), (words.time, true), (words.units, true), (words.resumed, true)];
    table::table(html, words.timings, &heads, |html| {
        for timing in &run.timings {
            table::row(
                html,
                "",
                &[
                    Cell::Foreign(&timing.stage),
                    Cell::Number(figures::seconds(timing.seconds)),
                    Cell::Number(figures::count(timing.units)),
                    Cell::Number(figures::count(timing.resumed)),
                ],
            );
        }
        let all: f64 = run.timings.iter().map(|timing| timing.seconds).sum();
        let empty = || Cell::Number(String::new());
        table::row(
            html,
            "sum",
            &[Cell::Words(words.total), Cell::Number(figures::seconds(all)), empty(), empty()],
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_can_be_pasted() {
        let words = ["assay", "run", "my recipe.toml", "--set", "a.b='x'"].map(str::to_owned);
        assert_eq!(command(&words), r"assay run 'my recipe.toml' --set 'a.b='\''x'\'''");
    }
}

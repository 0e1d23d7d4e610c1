//! Named questions about a run folder.
//!
//! A question is a file in `queries/`; its first line says what it answers. This is the
//! list of them, and the list is all there is to register.

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// Name: the file's, without its extension.
    pub name: &'static str,
    /// What it answers, as the file's first line says.
    pub question: &'static str,
    /// The SQL, with its comments.
    pub sql: &'static str,
}

/// All questions, in order of name.
pub const QUERIES: &[Query] = &[
    query("duplicates_by_source", include_str!("../queries/duplicates_by_source.sql")),
    query("funnel", include_str!("../queries/funnel.sql")),
    query("kept_by_source", include_str!("../queries/kept_by_source.sql")),
    query("largest_groups", include_str!("../queries/largest_groups.sql")),
    query("length_by_language", include_str!("../queries/length_by_language.sql")),
    query("near_the_limit", include_str!("../queries/near_the_limit.sql")),
    query("overlapping_reasons", include_str!("../queries/overlapping_reasons.sql")),
    query("per_file_balance", include_str!("../queries/per_file_balance.sql")),
    query("reasons_by_source", include_str!("../queries/reasons_by_source.sql")),
    query("same_text", include_str!("../queries/same_text.sql")),
    query("unmeasured", include_str!("../queries/unmeasured.sql")),
];

/// Takes the question from the first line, so that it is written once.
const fn query(name: &'static str, sql: &'static str) -> Query {
    let (_, rest) = sql.split_at("-- ".len());
    let mut end = 0;
    while end < rest.len() && rest.as_bytes()[end] != b'\n' {
        end += 1;
    }
    Query { name, question: rest.split_at(end).0, sql }
}

/// The question called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Query> {
    let place = QUERIES.binary_search_by(|query| query.name.cmp(name)).ok()?;
    QUERIES.get(place)
}

/// The question whose name is most like `name`, if one is like it.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static Query> {
    let likeness = |query: &Query| strsim::jaro_winkler(query.name, name);
    let best = QUERIES.iter().max_by(|left, right| likeness(left).total_cmp(&likeness(right)))?;
    (0.7 < likeness(best)).then_some(best)
}

#[cfg(test)]
#[path = "../../pipeline/report/src/fixture/mod.rs"]
mod fixture;

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use assay_report::Ledger;

    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(QUERIES.is_sorted_by(|left, right| left.name < right.name));
    }

    #[test]
    fn every_file_is_in_the_list() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
        let mut files: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let listed: Vec<String> =
            QUERIES.iter().map(|query| format!("{}.sql", query.name)).collect();
        assert_eq!(files, listed, "add `query(\"…\", …)` to QUERIES in dashboards/src/lib.rs");
    }

    #[test]
    fn every_question_is_a_question() {
        for Query { name, question, sql } in QUERIES {
            assert!(sql.starts_with(&format!("-- {question}\n")), "{name}");
            assert!(question.ends_with('?'), "{name}: {question}");
        }
    }

    #[test]
    fn a_misspelt_name_is_recognised() {
        assert_eq!(find("funnel").map(|query| query.name), Some("funnel"));
        assert_eq!(find("funnle"), None);
        assert_eq!(nearest("funnle").map(|query| query.name), Some("funnel"));
        assert_eq!(nearest("zzzz"), None);
    }

    #[tokio::test]
    async fn every_question_has_an_answer() {
        let runs = [
            fixture::Fixture::write(),
            fixture::Fixture::with_min_words(80),
            fixture::Fixture::with_file_name("with space & [sign]"),
        ];
        for run in runs {
            let ledger = Ledger::open(run.folder(), None).await.unwrap();
            assert_eq!(ledger.run(), run.run());
            assert_eq!(ledger.run().counts.rows, fixture::ROWS as u64);
            for Query { name, sql, .. } in QUERIES {
                let answer =
                    ledger.sql(sql).await.unwrap_or_else(|error| panic!("{name}: {error}"));
                let rows: usize = answer.iter().map(arrow::array::RecordBatch::num_rows).sum();
                assert!(0 < rows, "{name} is empty");
            }
        }
    }
}

//! SQL over a run folder, read-only.

use std::sync::Arc;

use arrow::{array::RecordBatch, datatypes::Schema};
use assay_ledger::{Folder, Manifest, RunRecord};
use datafusion::{
    execution::{
        SendableRecordBatchStream, context::SQLOptions, memory_pool::FairSpillPool,
        runtime_env::RuntimeEnvBuilder,
    },
    prelude::{DataFrame, SessionConfig, SessionContext},
};

use crate::{ReportError, tables::Table};

/// The tables of one run: `facts`, `decisions`, `groups`, `excerpts` and `data`.
///
/// They hold the files that `manifest.jsonl` names; a stray file is never read, and a
/// table without files is empty.
pub struct Ledger {
    session: SessionContext,
    run: RunRecord,
}

impl Ledger {
    /// Opens a finished run. Queries take at most `memory_limit` bytes for sorting,
    /// grouping and joining, then they spill.
    pub async fn open(folder: &Folder, memory_limit: Option<usize>) -> Result<Self, ReportError> {
        Self::with_tables(folder, memory_limit, &Table::ALL).await
    }

    /// Without `data`, whose files need not agree and whose footers need not be read.
    pub(crate) async fn without_data(
        folder: &Folder,
        memory_limit: Option<usize>,
    ) -> Result<Self, ReportError> {
        Self::with_tables(folder, memory_limit, &Table::LEDGER).await
    }

    async fn with_tables(
        folder: &Folder,
        memory_limit: Option<usize>,
        tables: &[Table],
    ) -> Result<Self, ReportError> {
        let run = RunRecord::read(&folder.run_json())?;
        let session = session(memory_limit)?;
        register(&session, folder, tables, "").await?;
        Ok(Self { session, run })
    }

    /// The record of the run.
    #[must_use]
    pub fn run(&self) -> &RunRecord {
        &self.run
    }

    /// Answers a question. What would change a table, a file or a setting is refused.
    pub async fn sql(&self, query: &str) -> Result<Vec<RecordBatch>, ReportError> {
        let frame = plan(&self.session, query).await?;
        frame.collect().await.map_err(ReportError::query(query))
    }

    /// Names and types of a table's columns.
    pub(crate) async fn columns(&self, table: &'static str) -> Result<Schema, ReportError> {
        let opened = self.session.table(table).await;
        let frame =
            opened.map_err(|source| ReportError::Table { table, source: Box::new(source) })?;
        Ok(frame.schema().as_arrow().clone())
    }

    /// Answers a question whose answer may be too large to hold.
    pub async fn stream(&self, query: &str) -> Result<SendableRecordBatchStream, ReportError> {
        let frame = plan(&self.session, query).await?;
        frame.execute_stream().await.map_err(ReportError::query(query))
    }
}

/// A session that spills before it exceeds the limit.
pub(crate) fn session(memory_limit: Option<usize>) -> Result<SessionContext, ReportError> {
    let mut builder = RuntimeEnvBuilder::new();
    if let Some(bytes) = memory_limit {
        builder = builder.with_memory_pool(Arc::new(FairSpillPool::new(bytes)));
    }
    let runtime = builder.build_arc().map_err(ReportError::query("(start of the session)"))?;
    let config = SessionConfig::new()
        .with_information_schema(true)
        // A hash join holds one side in memory and cannot spill.
        .set_bool("datafusion.optimizer.prefer_hash_join", false);
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

/// Registers a run's tables under `prefix` and their names.
pub(crate) async fn register(
    session: &SessionContext,
    folder: &Folder,
    tables: &[Table],
    prefix: &str,
) -> Result<(), ReportError> {
    let (run, tables) = (folder.clone(), tables.to_vec());
    let read = move || -> Result<Vec<_>, ReportError> {
        let manifest = Manifest::read(&run.manifest())?;
        let open = |table: &Table| Ok((table.name(), table.provider(&run, &manifest)?));
        tables.iter().map(open).collect()
    };
    // Footers are read from disk, which must not hold up other tasks.
    let opened =
        tokio::task::spawn_blocking(read).await.map_err(|error| ReportError::Table {
            table: "ledger",
            source: Box::new(datafusion::error::DataFusionError::External(Box::new(error))),
        })??;
    for (name, provider) in opened {
        session
            .register_table(format!("{prefix}{name}"), provider)
            .map_err(|source| ReportError::Table { table: name, source: Box::new(source) })?;
    }
    Ok(())
}

/// Plans a question and refuses everything that is none.
pub(crate) async fn plan(session: &SessionContext, query: &str) -> Result<DataFrame, ReportError> {
    let plan =
        session.state().create_logical_plan(query).await.map_err(ReportError::query(query))?;
    SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(&plan)
        .map_err(|error| ReportError::ReadOnly { problem: error.strip_backtrace() })?;
    session.execute_logical_plan(plan).await.map_err(ReportError::query(query))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use arrow::util::pretty::pretty_format_batches;

    use super::*;
    use crate::fixture::{self, Fixture};

    async fn ask(ledger: &Ledger, query: &str) -> String {
        pretty_format_batches(&ledger.sql(query).await.unwrap()).unwrap().to_string()
    }

    #[tokio::test]
    async fn every_table_answers() {
        let run = Fixture::write();
        let ledger = Ledger::open(run.folder(), Some(64 << 20)).await.unwrap();
        for (table, rows) in
            [("facts", fixture::ROWS), ("decisions", fixture::ROWS), ("excerpts", 7)]
        {
            let answer = ask(&ledger, &format!("SELECT count(*) FROM {table}")).await;
            assert!(answer.contains(&format!("| {rows} ")), "{table}: {answer}");
        }
    }

    #[tokio::test]
    async fn files_of_different_schemas_are_one_data_table() {
        let run = Fixture::write();
        let ledger = Ledger::open(run.folder(), None).await.unwrap();
        let query = "SELECT count(*) AS n, count(score) AS scored, count(text) AS texts FROM data";
        let answer = ask(&ledger, query).await;
        let kept = ledger.run().counts.kept();
        assert!(answer.contains(&format!("| {kept} ")), "{answer}");
    }

    #[tokio::test]
    async fn a_stray_file_is_not_read() {
        let run = Fixture::write();
        let facts = run.folder().path("ledger/facts/web/a-00000.parquet");
        fs::copy(&facts, facts.with_file_name("stray-00000.parquet")).unwrap();
        let ledger = Ledger::open(run.folder(), None).await.unwrap();
        let answer = ask(&ledger, "SELECT count(*) FROM facts").await;
        assert!(answer.contains(&format!("| {} ", fixture::ROWS)), "{answer}");
    }

    #[tokio::test]
    async fn a_missing_file_is_an_error_and_not_an_empty_table() {
        let run = Fixture::write();
        fs::remove_file(run.folder().path("ledger/facts/web/a-00000.parquet")).unwrap();
        let error = Ledger::open(run.folder(), None).await.err().unwrap().to_string();
        assert!(error.contains("missing") && error.contains("assay verify"), "{error}");
    }

    #[tokio::test]
    async fn writing_is_refused() {
        let run = Fixture::write();
        let ledger = Ledger::open(run.folder(), None).await.unwrap();
        for query in [
            "CREATE TABLE x AS SELECT 1",
            "CREATE VIEW x AS SELECT 1",
            "DROP TABLE facts",
            "INSERT INTO facts SELECT * FROM facts",
            "COPY facts TO 'stolen.parquet'",
            "SET datafusion.execution.batch_size = 1",
            "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
            "EXPLAIN ANALYZE COPY facts TO 'stolen.parquet'",
        ] {
            let error = ledger.sql(query).await.err();
            assert!(matches!(error, Some(ReportError::ReadOnly { .. })), "{query}: {error:?}");
        }
    }

    #[tokio::test]
    async fn files_beside_the_ledger_are_out_of_reach() {
        let run = Fixture::write();
        let ledger = Ledger::open(run.folder(), None).await.unwrap();
        let path = run.folder().path("ledger/facts/web/a-00000.parquet");
        for query in [format!("SELECT * FROM '{}'", path.display()), "SELECT 1; SELECT 2".into()] {
            assert!(ledger.sql(&query).await.is_err(), "{query}");
        }
    }

    #[tokio::test]
    async fn a_misspelt_column_is_explained() {
        let run = Fixture::write();
        let ledger = Ledger::open(run.folder(), None).await.unwrap();
        let error = ledger.sql("SELECT wordz FROM facts").await.unwrap_err().to_string();
        assert!(error.contains("wordz") && error.contains("DESCRIBE facts"), "{error}");
    }
}

//! The DataFusion session of a run.

use std::{fmt::Write, path::Path, sync::Arc};

use datafusion::{
    execution::{
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::{FairSpillPool, TrackConsumersPool},
        runtime_env::RuntimeEnvBuilder,
    },
    prelude::{SessionConfig, SessionContext},
};

use crate::{EngineError, RunOptions};

/// The file at `path`, to be named in a query. A path would be read as a pattern when it
/// holds `*`, `?` or `[`; a URL is not.
pub(crate) fn table_url(path: &Path) -> Result<String, EngineError> {
    let absolute = std::path::absolute(path).map_err(EngineError::io("found", path))?;
    let mut url = String::from("file://");
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => url.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => url.push(char::from(*byte)),
            // Writing into a string cannot fail.
            byte => write!(url, "%{byte:02X}").unwrap_or_default(),
        }
    }
    Ok(url)
}

/// A session that spills to `temporary` instead of using more than `memory` bytes.
pub(crate) fn session(
    options: &RunOptions,
    memory: usize,
    temporary: &Path,
) -> Result<SessionContext, EngineError> {
    let consumers = std::num::NonZeroUsize::new(5).unwrap_or(std::num::NonZeroUsize::MIN);
    let pool = TrackConsumersPool::new(FairSpillPool::new(memory), consumers);
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![temporary.to_owned()]))
        .with_max_temp_directory_size(options.max_temp);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(pool))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    let mut config = SessionConfig::new()
        .with_target_partitions(options.threads)
        .with_extension(options.progress.clone());
    let options = config.options_mut();
    // A hash join cannot spill; a sort-merge join can.
    options.optimizer.prefer_hash_join = false;
    // Rows must stay with their unit.
    options.optimizer.enable_round_robin_repartition = false;
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

/// The session `of`, set up for sorts of more rows than fit into its `memory`: one sort at a
/// time, which keeps enough of the memory for merging what it holds. With several at once,
/// one takes what another needs to merge, and fails instead of spilling.
pub(crate) fn sorting(of: &SessionContext, memory: usize) -> SessionContext {
    let config = of.copied_config().with_target_partitions(1);
    let config = config.with_sort_spill_reservation_bytes(memory / 5 * 2);
    SessionContext::new_with_config_rt(config, of.runtime_env())
}

//! The DataFusion session of a run.

use std::{fmt::Write, num::NonZeroUsize, path::Path, sync::Arc};

use datafusion::{
    execution::{
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::{FairSpillPool, MemoryLimit, MemoryPool, TrackConsumersPool},
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
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![temporary.to_owned()]))
        .with_max_temp_directory_size(options.max_temp);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(pool(memory))
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

/// Least memory that a query over the tables of a step gets, and the factor by which its
/// square grows with their bytes.
const SORTING: usize = 64 << 20;

/// The session `of`, set up for one query that sorts tables of `bytes` bytes.
///
/// It gets the root of their size times [`SORTING`], and no more than `of` has: a sort that
/// merges once needs no more, so that ten times as many rows take three times the memory.
/// One sort runs at a time, and keeps enough of the memory for merging what it holds. With
/// several at once, one takes what another needs to merge, and fails instead of spilling.
pub(crate) fn sorting(of: &SessionContext, bytes: u64) -> Result<SessionContext, EngineError> {
    let runtime = of.runtime_env();
    let most = match runtime.memory_pool.memory_limit() {
        MemoryLimit::Finite(most) => most,
        MemoryLimit::Infinite | MemoryLimit::Unknown => usize::MAX,
    };
    let root = u128::from(bytes).saturating_mul(SORTING as u128).isqrt();
    let memory = usize::try_from(root).unwrap_or(usize::MAX).max(SORTING).min(most);
    let own = RuntimeEnvBuilder::from_runtime_env(&runtime).with_memory_pool(pool(memory));
    let config = of.copied_config().with_target_partitions(1);
    let config = config.with_sort_spill_reservation_bytes(memory / 5 * 2);
    Ok(SessionContext::new_with_config_rt(config, own.build_arc()?))
}

/// Memory that is shared fairly by what can spill; an error names who has most of it.
fn pool(memory: usize) -> Arc<dyn MemoryPool> {
    let consumers = NonZeroUsize::new(5).unwrap_or(NonZeroUsize::MIN);
    Arc::new(TrackConsumersPool::new(FairSpillPool::new(memory), consumers))
}

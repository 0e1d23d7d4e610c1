//! The DataFusion session of a run.

use std::{path::Path, sync::Arc};

use datafusion::{
    execution::{
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::{FairSpillPool, TrackConsumersPool},
        runtime_env::RuntimeEnvBuilder,
    },
    prelude::{SessionConfig, SessionContext},
};

use crate::{EngineError, RunOptions};

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

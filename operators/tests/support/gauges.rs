//! Every gauge, ready to measure.

use std::{collections::BTreeSet, fs, sync::LazyLock};

use assay_operators::{
    contract::{BoundGauge, Entry, OptionsError},
    guide::{self, Setting},
    registry::REGISTRY,
};
use serde_json::Value as Json;

/// Files that guides name.
const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/assets/");

/// Every gauge with default options, with every other word view and dialect, and as its guide
/// uses it; of those that measure the same, one.
pub(crate) static GAUGES: LazyLock<Vec<BoundGauge>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for entry in REGISTRY {
        let fewest = fewest(entry);
        all.extend(bound(entry, &fewest));
        for (key, values) in [
            ("words", ["uax29", "whitespace", "tokens", "zh"].as_slice()),
            ("dialect", &["dclm", "dolma", "nemo", "paper"]),
        ] {
            if properties(entry).iter().all(|(known, _)| known != key) {
                continue;
            }
            for value in values {
                let mut with = fewest.clone();
                with.options.insert(key.to_owned(), (*value).into());
                // Not every project has every rule.
                all.extend(bound(entry, &with));
            }
        }
        let examples = guide::examples(entry, read).unwrap_or_else(|problem| panic!("{problem}"));
        all.extend(examples.iter().filter_map(|example| bound(entry, &example.with).ok()));
    }
    let mut seen = BTreeSet::new();
    all.retain(|gauge| seen.insert(gauge.measuring().as_str().to_owned()));
    all
});

/// The fewest options with which an operator runs.
pub(crate) fn fewest(entry: &Entry) -> Setting {
    guide::fewest(entry, read).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Options of an operator with their schemas.
pub(crate) fn properties(entry: &Entry) -> Vec<(String, Json)> {
    let schema = entry.options_schema();
    let properties = schema["properties"].as_object().unwrap();
    properties.iter().map(|(key, schema)| (key.clone(), schema.clone())).collect()
}

fn read(name: &str) -> Option<Vec<u8>> {
    fs::read(format!("{FILES}{name}")).ok()
}

/// The gauge, if the operator is one.
fn bound(entry: &Entry, with: &Setting) -> Result<BoundGauge, Vec<OptionsError>> {
    let Entry::Gauge(kind) = entry else { return Err(Vec::new()) };
    let mut gauge = kind.bind(&with.options)?;
    gauge.load(&with.assets).map_err(|error| vec![error])?;
    Ok(gauge)
}

//! Every gauge, ready to measure.

use assay_operators::{
    contract::{BoundGauge, Entry},
    registry::REGISTRY,
};

/// Every gauge with default options.
pub(crate) fn gauges() -> Vec<BoundGauge> {
    let kinds = REGISTRY.iter().filter_map(|entry| match entry {
        Entry::Gauge(kind) => Some(kind),
        Entry::Rewriter(_) | Entry::Signer(_) => None,
    });
    let mut all: Vec<BoundGauge> =
        kinds.map(|kind| kind.bind(&toml::Table::new()).unwrap()).collect();
    for pattern in [".*!|.", r"[^a]*!|[^!]", r"\w+@\w+", r"(?m)^\s*[0-9]+[.)]"] {
        let Some(Entry::Gauge(kind)) = assay_operators::registry::find("regex") else { continue };
        all.push(kind.bind(&format!("pattern = '{pattern}'").parse().unwrap()).unwrap());
    }
    all
}

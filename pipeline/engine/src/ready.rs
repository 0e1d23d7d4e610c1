//! What is made once per process out of a text: plans with their operators, lists of names.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use xxhash_rust::xxh3::xxh3_128;

/// Values by the text they were made of.
#[derive(Debug)]
pub(crate) struct Ready<T>(LazyLock<Mutex<HashMap<u128, Arc<T>>>>);

/// Most values that are held; a process that serves many runs must not grow for ever.
const HELD: usize = 64;

impl<T> Ready<T> {
    pub(crate) const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    /// The value for `text`; `make` is called if it is not there yet.
    pub(crate) fn get<E>(
        &self,
        text: &str,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let digest = xxh3_128(text.as_bytes());
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = ready.get(&digest) {
            return Ok(value.clone());
        }
        let value = Arc::new(make()?);
        if HELD <= ready.len() {
            ready.clear();
        }
        ready.insert(digest, value.clone());
        Ok(value)
    }
}

//! A value that is computed at most once per document in memory that is reused.

use std::{
    cell::{Cell, OnceCell},
    fmt,
};

/// Filled on first use, emptied by [`reset`](Self::reset), which keeps the memory.
#[derive(Default)]
pub(crate) struct Lazy<T: Default> {
    filled: OnceCell<T>,
    spare: Cell<T>,
}

/// What can be emptied without giving its memory back.
pub(crate) trait Reuse: Default {
    /// Empties the value.
    fn empty(&mut self);
}

impl<T> Reuse for Vec<T> {
    fn empty(&mut self) {
        self.clear();
    }
}

impl<T: Reuse> Lazy<T> {
    /// The value, computed by `fill` into an empty one if it is not known yet.
    pub(crate) fn get(&self, fill: impl FnOnce(&mut T)) -> &T {
        self.filled.get_or_init(|| {
            let mut value = self.spare.take();
            fill(&mut value);
            value
        })
    }

    /// Forgets the value.
    pub(crate) fn reset(&mut self) {
        if let Some(mut value) = self.filled.take() {
            value.empty();
            self.spare.set(value);
        }
    }
}

impl<T: Default + fmt::Debug> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.filled.fmt(f)
    }
}

/// Marks that an operator sets while it measures, in memory that is reused.
#[derive(Default)]
pub(crate) struct Marks(Cell<Vec<bool>>);

impl Marks {
    /// Calls `with` with `count` marks, none of them set.
    pub(crate) fn with<R>(&self, count: usize, with: impl FnOnce(&mut [bool]) -> R) -> R {
        let mut marks = self.0.take();
        marks.clear();
        marks.resize(count, false);
        let result = with(&mut marks);
        self.0.set(marks);
        result
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Marks")
    }
}

//! Cuts a stream of batches at places that depend on its rows only.
//!
//! A Parquet writer's bytes depend on how the batches it was given were cut as soon
//! as a column chunk exceeds a page. Readers cut as they like; here batches are cut
//! again, after a number of rows or of bytes, whichever comes first, row by row.

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    compute::concat_batches,
    datatypes::DataType,
    error::ArrowError,
};

/// Cuts after [`ROWS`](Self::ROWS) rows or once [`BYTES`](Self::BYTES) are exceeded.
#[derive(Debug, Default)]
pub struct Recut {
    pending: Vec<RecordBatch>,
    rows: usize,
    bytes: u64,
}

/// A batch with the bytes of its rows.
#[derive(Debug)]
pub struct Cut {
    /// The rows.
    pub batch: RecordBatch,
    /// Their bytes, as [`row_bytes`] counts.
    pub bytes: u64,
}

impl Recut {
    /// Most rows of a cut.
    pub const ROWS: usize = 1024;
    /// Most bytes of a cut, unless one row alone has more.
    pub const BYTES: u64 = 4 << 20;

    /// Takes the next rows; cuts that became complete are appended to `out`.
    pub fn push(&mut self, batch: &RecordBatch, out: &mut Vec<Cut>) -> Result<(), ArrowError> {
        let mut from = 0;
        for (row, bytes) in row_bytes(batch).into_iter().enumerate() {
            let full = Self::ROWS <= self.rows || Self::BYTES < self.bytes + bytes;
            if full && 0 < self.rows {
                self.keep(batch, from, row);
                from = row;
                self.flush(out)?;
            }
            self.rows += 1;
            self.bytes += bytes;
        }
        self.keep(batch, from, batch.num_rows());
        Ok(())
    }

    /// Cuts off what is left.
    pub fn flush(&mut self, out: &mut Vec<Cut>) -> Result<(), ArrowError> {
        if let Some(first) = self.pending.first() {
            let batch = match self.pending.as_slice() {
                [only] => only.clone(),
                several => concat_batches(first.schema_ref(), several)?,
            };
            out.push(Cut { batch, bytes: self.bytes });
        }
        self.pending.clear();
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    fn keep(&mut self, batch: &RecordBatch, from: usize, to: usize) {
        if from < to {
            self.pending.push(batch.slice(from, to - from));
        }
    }
}

/// Bytes of every row: lengths of strings and binaries, widths of everything else,
/// nested values included. Depends on the values only, not on how they are held.
#[must_use]
pub fn row_bytes(batch: &RecordBatch) -> Vec<u64> {
    let mut total = vec![0; batch.num_rows()];
    for column in batch.columns() {
        add_bytes(column, &mut total);
    }
    total
}

fn add_bytes(column: &ArrayRef, total: &mut [u64]) {
    match column.data_type() {
        DataType::Utf8 => {
            let strings = column.as_string::<i32>();
            add(column, total, |row| at(strings.value_length(row)));
        }
        DataType::LargeUtf8 => {
            let strings = column.as_string::<i64>();
            add(column, total, |row| at(strings.value_length(row)));
        }
        DataType::Utf8View => {
            let strings = column.as_string_view();
            add(column, total, |row| strings.value(row).len());
        }
        DataType::Binary => {
            let binaries = column.as_binary::<i32>();
            add(column, total, |row| at(binaries.value_length(row)));
        }
        DataType::LargeBinary => {
            let binaries = column.as_binary::<i64>();
            add(column, total, |row| at(binaries.value_length(row)));
        }
        DataType::BinaryView => {
            let binaries = column.as_binary_view();
            add(column, total, |row| binaries.value(row).len());
        }
        DataType::Struct(_) => {
            for child in column.as_struct().columns() {
                add_bytes(child, total);
            }
        }
        DataType::List(_) => {
            let list = column.as_list::<i32>();
            let child = element_bytes(list.values());
            let offsets = list.value_offsets();
            add(column, total, |row| sum(&child, at(offsets[row]), at(offsets[row + 1])));
        }
        DataType::LargeList(_) => {
            let list = column.as_list::<i64>();
            let child = element_bytes(list.values());
            let offsets = list.value_offsets();
            add(column, total, |row| sum(&child, at(offsets[row]), at(offsets[row + 1])));
        }
        DataType::Map(_, _) => {
            let map = column.as_map();
            let entries: ArrayRef = std::sync::Arc::new(map.entries().clone());
            let child = element_bytes(&entries);
            let offsets = map.value_offsets();
            add(column, total, |row| sum(&child, at(offsets[row]), at(offsets[row + 1])));
        }
        other => {
            let width = other.primitive_width().unwrap_or(16);
            add(column, total, |_| width);
        }
    }
}

/// Adds the `bytes` of each row that is not null.
fn add(column: &ArrayRef, total: &mut [u64], bytes: impl Fn(usize) -> usize) {
    let rows = total.iter_mut().enumerate();
    match column.nulls() {
        None => rows.for_each(|(row, sum)| *sum += bytes(row) as u64),
        Some(nulls) => rows
            .filter(|(row, _)| nulls.is_valid(*row))
            .for_each(|(row, sum)| *sum += bytes(row) as u64),
    }
}

fn at(offset: impl TryInto<usize>) -> usize {
    offset.try_into().unwrap_or(0)
}

fn element_bytes(values: &ArrayRef) -> Vec<u64> {
    let mut bytes = vec![0; values.len()];
    add_bytes(values, &mut bytes);
    bytes
}

fn sum(bytes: &[u64], from: usize, to: usize) -> usize {
    usize::try_from(bytes[from..to].iter().sum::<u64>()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int32Array, StringArray};

    use super::*;

    fn cuts(input: &RecordBatch, step: usize) -> Vec<(usize, u64)> {
        let (mut recut, mut out) = (Recut::default(), Vec::new());
        for from in (0..input.num_rows()).step_by(step) {
            let length = step.min(input.num_rows() - from);
            recut.push(&input.slice(from, length), &mut out).unwrap();
        }
        recut.flush(&mut out).unwrap();
        out.iter().map(|cut| (cut.batch.num_rows(), cut.bytes)).collect()
    }

    #[test]
    fn cuts_do_not_depend_on_the_cuts_before() {
        let text: StringArray = (0..3000).map(|i| Some("x".repeat(i * 7 % 20_000))).collect();
        let number = Int32Array::from_iter_values(0..3000);
        let input = RecordBatch::try_from_iter([
            ("text", Arc::new(text) as ArrayRef),
            ("number", Arc::new(number) as ArrayRef),
        ])
        .unwrap();
        let whole = cuts(&input, 3000);
        assert!(3 < whole.len());
        for step in [1, 7, 333, 1024] {
            assert_eq!(cuts(&input, step), whole, "step {step}");
        }
    }

    #[test]
    fn a_row_beyond_the_limit_stands_alone() {
        let text = StringArray::from(vec!["a".repeat(5 << 20), "b".into(), "c".into()]);
        let input = RecordBatch::try_from_iter([("text", Arc::new(text) as ArrayRef)]).unwrap();
        assert_eq!(cuts(&input, 3), [(1, 5 << 20), (2, 2)]);
    }
}

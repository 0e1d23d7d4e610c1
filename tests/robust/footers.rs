//! Footers that promise what the file does not hold.

use std::sync::Arc;

use parquet::file::{
    metadata::RowGroupMetaData,
    metadata::{FileMetaData, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter},
};

use crate::{
    bench::Bench,
    made::{docs, parquet, parquet_in_groups},
};

/// The file with another footer over the same pages.
fn with_groups(
    bytes: &[u8],
    change: impl Fn(usize, RowGroupMetaData) -> RowGroupMetaData,
) -> Vec<u8> {
    let copy = bytes::Bytes::copy_from_slice(bytes);
    let old = ParquetMetaDataReader::new().parse_and_finish(&copy).unwrap();
    let groups: Vec<RowGroupMetaData> = old
        .row_groups()
        .iter()
        .enumerate()
        .map(|(number, group)| change(number, group.clone()))
        .collect();
    let rows = groups.iter().map(RowGroupMetaData::num_rows).sum();
    let file = old.file_metadata();
    let file = FileMetaData::new(
        file.version(),
        rows,
        None,
        None,
        Arc::clone(&file.schema_descr_ptr()),
        None,
    );
    let new = ParquetMetaData::new(file, groups);
    let mut out = bytes[..bytes.len() - 8 - footer_length(bytes)].to_vec();
    ParquetMetaDataWriter::new(&mut out, &new).finish().unwrap();
    out
}

fn footer_length(bytes: &[u8]) -> usize {
    let length = bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap();
    usize::try_from(u32::from_le_bytes(length)).unwrap()
}

/// A file whose footer is these bytes.
fn with_footer(pages: &[u8], footer: &[u8]) -> Vec<u8> {
    let mut out = pages[..pages.len() - 8 - footer_length(pages)].to_vec();
    out.extend_from_slice(footer);
    out.extend_from_slice(&u32::try_from(footer.len()).unwrap().to_le_bytes());
    out.extend_from_slice(b"PAR1");
    out
}

#[test]
fn a_row_group_with_other_rows_than_promised_is_lost_alone() {
    let whole = parquet_in_groups(&docs(1, 300), 100);
    for promised in [99, 101, 1_000_000, 2_000_000_000] {
        let bench = Bench::new();
        let bytes = with_groups(&whole, |number, group| {
            let rows = if number == 1 { promised } else { group.num_rows() };
            group.into_builder().set_num_rows(rows).build().unwrap()
        });
        let name = bench.add("a.parquet", bytes);
        let good = bench.add("b.parquet", parquet(&docs(2, 50)));
        let ran = bench.run().sound(11);
        assert_eq!(ran.kept(&good), 50);
        assert_eq!(ran.kept(&name), 200, "{promised}");
        let promised = u64::try_from(promised).ok();
        assert_eq!(ran.unreadable(), [(name, Some(100), promised)]);
    }
}

#[test]
fn sizes_beyond_all_measure_are_not_believed() {
    let whole = parquet_in_groups(&docs(1, 300), 100);
    for size in [i64::MIN, -1, i64::MAX, i64::MAX / 2 + 1] {
        let bench = Bench::new();
        let bytes = with_groups(&whole, |_, group| {
            let columns = group.columns().iter().map(|column| {
                let column = column.clone().into_builder();
                column.set_total_uncompressed_size(size).build().unwrap()
            });
            let columns = columns.collect();
            group
                .into_builder()
                .set_column_metadata(columns)
                .set_total_byte_size(size)
                .build()
                .unwrap()
        });
        bench.add("a.parquet", bytes);
        let good = bench.add("b.parquet", parquet(&docs(2, 50)));
        let ran = bench.run();
        let code = ran.code.unwrap_or(-1);
        let ran = ran.sound(if code == 0 { 0 } else { 11 });
        assert_eq!(ran.kept(&good), 50);
    }
}

/// Compact Thrift: a struct with field 1 (version), 2 (an empty schema), 3 (rows) and a
/// list of two thousand million row groups.
#[test]
fn a_list_of_endless_length_takes_no_memory() {
    let whole = parquet(&docs(1, 10));
    let copy = bytes::Bytes::copy_from_slice(&whole);
    assert!(ParquetMetaDataReader::new().parse_and_finish(&copy).is_ok());
    let length = footer_length(&whole);
    let footer = &whole[whole.len() - 8 - length..whole.len() - 8];
    // Field 4 of the file's metadata: a list of one struct.
    let at = footer.windows(4).rposition(|it| it[..2] == [0x19, 0x1c] && it[2] == 0x19).unwrap();
    let mut forged = footer[..=at].to_vec();
    forged.extend_from_slice(&[0xfc, 0xff, 0xff, 0xff, 0xff, 0x07]);
    forged.extend_from_slice(&footer[at + 2..]);
    let bench = Bench::new();
    let name = bench.add("a.parquet", with_footer(&whole, &forged));
    let good = bench.add("b.parquet", parquet(&docs(2, 50)));
    let ran = bench.run().sound(11);
    assert_eq!(ran.kept(&good), 50);
    assert_eq!(ran.unreadable(), [(name, None, None)]);
}

"""Exact deduplication with DuckDB: duckdb_dedup.py OUT THREADS INPUT…

The first row of each text stays. Key: a 128-bit hash (md5) of the text. Written as
Parquet with zstd, in row groups of the size that assay writes on this input.
"""

import glob
import os
import sys

import duckdb

out, threads, *inputs = sys.argv[1:]
files = sorted(
    file
    for path in inputs
    for file in (glob.glob(os.path.join(path, "*.parquet")) if os.path.isdir(path) else [path])
)
connection = duckdb.connect(config={"threads": int(threads), "preserve_insertion_order": True})
connection.execute(
    """
    COPY (
        WITH rows AS (
            SELECT *, filename AS f, file_row_number AS r FROM read_parquet(?, filename = true, file_row_number = true)
        ),
        first AS (
            SELECT md5_number(text) AS key, min((f, r)) AS place FROM rows GROUP BY key
        )
        SELECT rows.* EXCLUDE (f, r, filename, file_row_number)
        FROM rows JOIN first ON (rows.f, rows.r) = first.place
    ) TO '%s' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 40960)
    """
    % out.replace("'", "''"),
    [files],
)

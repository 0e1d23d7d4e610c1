"""Writes the rows in their three formats, and the truth beside them.

Everything that is invented here (urls, dates, authors) comes from one seeded generator, so that
the bytes are the same on every run with the same library versions.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from .rows import Row

EXTRA_FROM = 560
SLUGS = {
    "百科": "baike", "论坛": "luntan", "法规": "fagui", "教材": "jiaocai", "电商": "shangcheng",
    "政务": "zhengwu", "文旅": "wenlv", "制造": "zhizao", "医疗": "yiliao", "金融": "jinrong",
    "教育": "jiaoyu", "城市治理": "chengshi",
}  # fmt: skip
TAGS = "archive | first edition | local | long read | practical | reviewed | seasonal | series".split(
    " | "
)
AUTHORS = "A. Fenwick | C. Moreau | editorial desk | I. Holm | L. Okoro | P. Dvořák | T. Usman".split(
    " | "
)
SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("text", pa.string()),
        pa.field("url", pa.string()),
        pa.field("source", pa.string()),
        pa.field("lang", pa.string()),
        pa.field("date", pa.date32()),
        pa.field(
            "meta",
            pa.struct(
                [
                    ("author", pa.string()),
                    ("tags", pa.list_(pa.string())),
                    ("score", pa.float64()),
                ]
            ),
        ),
        pa.field("thumb", pa.binary()),
    ],
    metadata={"origin": "assay sample", "licence": "Apache-2.0", "written-by": "samples/generate.py"},
)


def day(rng: random.Random) -> datetime.date:
    return datetime.date(2016, 1, 1) + datetime.timedelta(days=rng.randrange(3500))


def maybe(rng: random.Random, chance: float, value):
    return value if rng.random() < chance else None


def web(rows: list[Row], rng: random.Random) -> bytes:
    records = []
    for row in rows:
        meta = {
            "author": maybe(rng, 0.8, rng.choice(AUTHORS)),
            "tags": maybe(rng, 0.9, rng.sample(TAGS, rng.randint(0, 4))),
            "score": maybe(rng, 0.95, round(rng.random(), 4)),
        }
        records.append(
            {
                "id": row.id,
                "text": row.text,
                "url": f"https://{row.source}.example/{rng.randint(2016, 2025)}/{row.id}.html",
                "source": row.source,
                "lang": row.lang,
                "date": maybe(rng, 0.97, day(rng)),
                "meta": maybe(rng, 0.96, meta),
                "thumb": maybe(rng, 0.35, b"\x89PNG\r\n\x1a\n" + rng.randbytes(rng.randint(4, 16))),
            }
        )
    out = io.BytesIO()
    pq.write_table(
        pa.Table.from_pylist(records, schema=SCHEMA),
        out,
        row_group_size=200,
        compression="zstd",
        compression_level=12,
        use_dictionary=["source", "lang"],
    )
    return out.getvalue()


def news(rows: list[Row], rng: random.Random) -> bytes:
    lines = []
    for row in rows:
        if row.raw is not None:
            lines.append(row.raw)
            continue
        record = {
            "id": row.id,
            "text": row.text,
            "url": f"https://{SLUGS.get(row.source, 'www')}.example/{rng.randint(2016, 2025)}/{row.id}",
            "source": row.source,
            "lang": row.lang,
            "date": day(rng).isoformat(),
        }
        if row.lacks_text:
            del record["text"]
        if row.row >= EXTRA_FROM and rng.random() < 0.6:
            record["extra"] = {
                "channel": rng.choice(["app", "web", "print"]),
                "likes": rng.randrange(900),
                "place": {"lat": round(rng.uniform(20, 45), 3), "lon": round(rng.uniform(90, 125), 3)},
                "tags": rng.sample(["图文", "专题", "转载", "原创"], rng.randint(0, 2)),
            }
        lines.append(json.dumps(record, ensure_ascii=row.escaped).encode())
    return zstandard.ZstdCompressor(level=19).compress(b"\n".join(lines) + b"\n")


def notes(rows: list[Row]) -> bytes:
    out = io.BytesIO()
    for row in [None, *rows]:
        if row is not None and row.raw is not None:
            out.write(row.raw + b"\n")
            continue
        line = io.StringIO(newline="")
        record = ["id", "text", "source", "lang"]
        if row is not None:
            record = [row.id, row.text, row.source, row.lang]
        csv.writer(line, lineterminator="\n").writerow(record)
        out.write(line.getvalue().encode())
    return out.getvalue()


def truth(rows: list[Row]) -> bytes:
    return "".join(
        json.dumps(row.truth(), ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows
    ).encode()

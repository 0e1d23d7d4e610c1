#!/usr/bin/env python3
"""Writes samples/quickstart/ and samples/truth/quickstart.jsonl.

    python3 samples/generate.py            write the files
    python3 samples/generate.py --check    compare them with what would be written

Needs the packages in samples/generator/requirements.txt. The same seed, the same sources and the
same package versions give the same bytes.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import random
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from generator import corpus, rows, writing  # noqa: E402

SAMPLES = Path(__file__).resolve().parent
TRUTH = "truth/quickstart.jsonl"
SEED = "assay quickstart 1"
TABLE = r"(<!-- {0} -->\n).*?(<!-- /{0} -->)"


def contents(all_rows: list[rows.Row]) -> dict[str, bytes]:
    """What each file holds, by its path within samples/."""
    own = {file: [row for row in all_rows if row.file == file] for file in rows.FILES}
    return {
        rows.WEB: writing.web(own["web"], random.Random(f"{SEED} web")),
        rows.NEWS: writing.news(own["news"], random.Random(f"{SEED} news")),
        rows.NOTES: writing.notes(own["notes"]),
        TRUTH: writing.truth(all_rows),
    }


def readme(files: dict[str, bytes], all_rows: list[rows.Row]) -> bytes:
    """The README with its tables of files and kinds brought up to date."""
    counts = collections.Counter(row.path for row in all_rows)
    table = "| file | rows | bytes | sha256 |\n| --- | ---: | ---: | --- |\n"
    for path, data in files.items():
        digest = hashlib.sha256(data).hexdigest()
        number = counts.get(path, len(all_rows))
        table += f"| `{path}` | {number} | {len(data)} | `{digest}` |\n"
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    for name, filling in (("files", table), ("kinds", kinds(all_rows))):
        pattern = re.compile(TABLE.format(name), re.S)
        text = pattern.sub(lambda found: found[1] + filling + found[2], text)
    return text.encode()


def kinds(all_rows: list[rows.Row]) -> str:
    """How many rows of each kind meet which fate, as a table."""
    counts = collections.Counter((row.kind, row.expect) for row in all_rows)
    lines = [f"| `{kind}` | {expect} | {n} |" for (kind, expect), n in sorted(counts.items())]
    head = ["| kind | expect | rows |", "| --- | --- | ---: |"]
    return "\n".join([*head, *lines, f"| all | | {len(all_rows)} |"]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    check = parser.parse_args().check

    all_rows = corpus.build(SEED)
    files = contents(all_rows)
    files["README.md"] = readme(files, all_rows)
    differ = []
    for name, data in files.items():
        path = SAMPLES / name
        if check:
            if not path.exists() or path.read_bytes() != data:
                differ.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if differ:
        print("not up to date:", ", ".join(differ), file=sys.stderr)
        return 1
    print(kinds(all_rows), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The recipe fineweb beside datatrove's own filters: datatrove_fineweb.py DOCUMENTS ASSAY

DOCUMENTS is a Parquet file with English texts in the column `text`, ASSAY a release build.
Needs `datatrove==0.10.1` with spaCy. Prints on how many documents and texts the two agree, and
the processor time of both: datatrove's filters alone, in one process, once as its pipeline runs
them (a document stops at the first filter that drops it) and once with every filter on every
document, as assay judges; assay on one thread from Parquet to Parquet. Exits with 1 if the two
agree on less than 97 % of verdicts or texts.
"""

import json
import os
import resource
import sys
import tempfile
import time

import pyarrow.parquet as parquet
from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)
from parity import CONFIGS, LEAST, kept, run

# Assay reads the documents as often as this, so that its start does not count much.
COPIES = 10


def filters():
    """FineWeb's filters in its order, ready for use."""
    chosen = [
        GopherRepetitionFilter(),
        GopherQualityFilter(),
        C4QualityFilter(filter_no_terminal_punct=False),
        FineWebQualityFilter(),
    ]
    for each in chosen:
        each.filter(Document(text="The tide went out before dawn. Nobody knew why.", id="warm"))
    return chosen


def passes(verdict):
    return verdict[0] if isinstance(verdict, tuple) else verdict


def chained(chosen, texts):
    """The text that is left of each document that all filters keep, by its number."""
    left = {}
    for number, text in enumerate(texts):
        document = Document(text=text, id=str(number))
        if all(passes(each.filter(document)) for each in chosen):
            left[number] = document.text
    return left


def judged(chosen, texts):
    """Asks every filter about every document, whatever the others say."""
    for number, text in enumerate(texts):
        document = Document(text=text, id=str(number))
        for each in chosen:
            each.filter(document)


def seconds_of(work):
    """Processor seconds of this process, and what the work returns."""
    before = time.process_time()
    result = work()
    return time.process_time() - before, result


def ours(assay, texts, folder):
    """Processor seconds and seconds of measuring of a run on all copies, and what it keeps."""
    documents = os.path.join(folder, "documents.parquet")
    with parquet.ParquetWriter(documents, texts.schema, compression="zstd") as writer:
        for _ in range(COPIES):
            writer.write_table(texts)
    out = os.path.join(folder, "out")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(assay, os.path.join(CONFIGS, "fineweb.toml"), documents, out)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
        stages = {stage["stage"]: stage["seconds"] for stage in json.load(file)["timings"]}
    first = {row: text for row, text in kept(out).items() if row < len(texts)}
    return seconds, stages["measure"], first


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    _, documents, assay = sys.argv
    table = parquet.read_table(documents, columns=["text"])
    texts = table["text"].to_pylist()
    chosen = filters()
    chain, theirs = seconds_of(lambda: chained(chosen, texts))
    every, _ = seconds_of(lambda: judged(chosen, texts))
    with tempfile.TemporaryDirectory() as folder:
        whole, measuring, mine = ours(assay, table, folder)

    both = mine.keys() & theirs.keys()
    same = sum(mine[number] == theirs[number] for number in both)
    agreed = 1 - len(mine.keys() ^ theirs.keys()) / len(texts)
    alike = same / len(both)
    print(f"{len(texts)} documents: {len(both)} kept by both, {len(mine.keys() - both)} by assay")
    print(f"only, {len(theirs.keys() - both)} by datatrove only; same verdict {agreed:.2%}")
    print(f"same text {alike:.2%}")
    print()
    print("| | seconds | documents per second and core |")
    print("|---|---|---|")
    for name, seconds, count in [
        ("datatrove, stops at the first filter", chain, len(texts)),
        ("datatrove, every filter", every, len(texts)),
        ("assay, whole run", whole, len(texts) * COPIES),
        ("assay, measuring (wall clock)", measuring, len(texts) * COPIES),
    ]:
        print(f"| {name} | {seconds:.2f} | {count / seconds:,.1f} |")
    sys.exit(0 if LEAST <= min(agreed, alike) else 1)


if __name__ == "__main__":
    main()

"""Near-duplicates beside datatrove and rensa: near_duplicates.py DOCUMENTS ASSAY [COPIES]

DOCUMENTS is a Parquet file with English texts in the column `text`, ASSAY a release build. Needs
`datatrove==0.10.1` and `rensa==0.5.0`. Every one reads Parquet and writes Parquet, on one thread,
with shingles of five words, 14 bands of 8 hashes; assay also compares every proposed pair exactly
and writes its ledger and report. The corpus holds a near copy of every tenth document. Datatrove
runs once, the others on COPIES (5) times the corpus, told apart by a word, so that their start
does not count much. Prints documents per second of processor time and the ratios.
"""

import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile

import pyarrow as arrow
import pyarrow.parquet as parquet

BANDS, ROWS, WORDS = 14, 8, 5
RECIPE = f"""
recipe = "near"
[[step]]
name = "near"
operator = "near_duplicates"
options = {{ similarity = 0.75, words = {WORDS}, bands = {BANDS}, rows = {ROWS}, templates = "remove" }}
on-outside = "drop"
"""


def corpus(texts, copies, path):
    """Every tenth text once more with a few words changed; all of it `copies` times."""
    dice = random.Random(1)
    made = []
    for copy in range(copies):
        for number, text in enumerate(texts):
            own = text if copies == 1 else " ".join(
                word + "qxz"[copy % 3] * (copy // 3 + 1) if at % 4 == 0 else word
                for at, word in enumerate(text.split(" "))
            )
            made.append(own)
            if number % 10 == 0:
                words = own.split(" ")
                for _ in range(max(1, len(words) // 200)):
                    words[dice.randrange(len(words))] = "other"
                made.append(" ".join(words))
    ids = [str(number) for number in range(len(made))]
    parquet.write_table(arrow.table({"id": ids, "text": made}), path, compression="zstd", compression_level=3)
    return len(made), sum(len(text.encode()) for text in made)


def datatrove(source, work):
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashConfig,
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import ParquetWriter
    from datatrove.utils.hashing import HashConfig

    config = MinhashConfig(
        n_grams=WORDS, num_buckets=BANDS, hashes_per_bucket=ROWS, hash_config=HashConfig(precision=64)
    )
    folder = os.path.join(work, "datatrove")
    reader = lambda: ParquetReader(os.path.dirname(source), glob_pattern=os.path.basename(source))
    stages = [
        [reader(), MinhashDedupSignature(f"{folder}/signatures", config=config)],
        [MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config)],
        [MinhashDedupCluster(f"{folder}/buckets", f"{folder}/remove", config=config)],
        [reader(), MinhashDedupFilter(f"{folder}/remove"), ParquetWriter(f"{folder}/out")],
    ]
    for number, stage in enumerate(stages):
        tasks = BANDS if number == 1 else 1
        LocalPipelineExecutor(stage, tasks=tasks, workers=1, logging_dir=f"{folder}/log{number}").run()
    return parquet.read_table(f"{folder}/out").num_rows


def rensa(source, work):
    from rensa import RMinHash, RMinHashLSH

    table = parquet.read_table(source)
    index = RMinHashLSH(threshold=0.75, num_perm=BANDS * ROWS, num_bands=BANDS)
    keep = []
    texts = table.column("text").to_pylist()
    for start in range(0, len(texts), 4096):
        shingles = []
        for text in texts[start : start + 4096]:
            words = text.lower().split()
            shingles.append([" ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))])
        matrix = RMinHash.digest_matrix_from_token_sets(shingles, BANDS * ROWS, 42)
        keep += [not flag for flag in index.insert_matrix_and_query_duplicate_flags(matrix, start)]
    table = table.filter(arrow.array(keep))
    parquet.write_table(table, os.path.join(work, "rensa.parquet"), compression="zstd", compression_level=3)
    return table.num_rows


LAUNCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


def assay(binary, source, work):
    recipe, out = os.path.join(work, "near.toml"), os.path.join(work, "out")
    with open(recipe, "w") as file:
        file.write(RECIPE)
    shutil.rmtree(out, ignore_errors=True)
    command = [binary, "run", recipe, "-i", source, "-o", out, "--threads", "1", "--quiet"]
    # A process begins with the largest size of the one that starts it, so that is a small one.
    said = subprocess.run([sys.executable, "-S", "-c", LAUNCH, *command], check=True, capture_output=True).stdout
    left = sum(parquet.read_metadata(path).num_rows for path in parquets(os.path.join(out, "data")))
    seconds, memory = said.split()
    return left, float(seconds), int(memory)


def parquets(folder):
    for root, _, names in os.walk(folder):
        yield from (os.path.join(root, name) for name in names if name.endswith(".parquet"))


def timed(name, documents, size, work):
    """Runs `work` in a process of its own and returns processor seconds for each document: of
    that process, or those that `work` returns, with its memory, behind the rows that stay."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        done = work()
        if isinstance(done, int):
            usage = resource.getrusage(resource.RUSAGE_SELF)
            done = done, usage.ru_utime + usage.ru_stime, usage.ru_maxrss
        os.write(write, " ".join(map(str, done)).encode())
        os._exit(0)
    os.close(write)
    said = os.read(read, 256).decode().split()
    if os.waitpid(child, 0)[1] or len(said) != 3:
        sys.exit(f"{name} failed")
    left, seconds, memory = int(said[0]), float(said[1]), int(said[2])
    print(
        f"{name:10} {seconds:8.2f} s  {documents / seconds:9.0f} docs/s  {size / seconds / 1e6:7.2f} MB/s"
        f"  {memory / 1024:6.0f} MiB  {left} of {documents} stay",
        flush=True,
    )
    return seconds / documents


def main():
    source, binary = sys.argv[1:3]
    copies = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    os.environ.update(RAYON_NUM_THREADS="1", OMP_NUM_THREADS="1")
    texts = [text for text in parquet.read_table(source).column("text").to_pylist() if text]
    with tempfile.TemporaryDirectory() as work:
        once, many = os.path.join(work, "once.parquet"), os.path.join(work, "many.parquet")
        small, large = corpus(texts, 1, once), corpus(texts, copies, many)
        del texts
        theirs = timed("datatrove", *small, lambda: datatrove(once, work))
        other = timed("rensa", *large, lambda: rensa(many, work))
        ours = timed("assay", *large, lambda: assay(binary, many, work))
        print(f"ratio to datatrove {theirs / ours:.1f}, to rensa {other / ours:.2f}")


main()

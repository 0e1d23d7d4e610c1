"""`fasttext_model` beside fastText: fasttext_model.py MODEL ASSAY CORPUS... [--most N]

MODEL is a supervised model of fastText (`.bin` or `.ftz`), ASSAY a release build, each CORPUS
a Parquet file with a column `text`. Takes N documents, spread evenly over all (20,000 if not
given), and asks both for the label of each. Needs pyarrow and `fasttext-wheel`. Prints on how
many documents the two agree, the least share of agreement that this count allows (Clopper and
Pearson, 95 %), the largest difference of probabilities, and the speed of both: fastText's
`predict` alone, on one thread, and the stage of assay that measures, also on one. Exits with 1
if they agree on less than 99.9 %.
"""

import argparse
import json
import math
import os
import sys
import tempfile
import time

import fasttext
import pyarrow
import pyarrow.parquet as parquet
from parity import run, table

LEAST = 0.999
RECIPE = """recipe = "fasttext_model"

[[step]]
name = "model"
operator = "fasttext_model"
options = {{ model = {model}, prefix = "" }}
"""


def documents(corpora, most):
    """Texts of all corpora, as many of each as it has room for."""
    room = most
    found = []
    columns = [parquet.read_table(path, columns=["text"])["text"].to_pylist() for path in corpora]
    for left, texts in enumerate(sorted(columns, key=len)):
        texts = [text for text in texts if text and text.strip()]
        count = min(len(texts), room // (len(columns) - left))
        found += [texts[at * len(texts) // count] for at in range(count)]
        room -= count
    return found


def theirs(path, texts):
    """Label and probability of each text as fastText has them, and its seconds."""
    model = fasttext.load_model(path)
    lines = [text.replace("\n", " ") + "\n" for text in texts]
    start = time.process_time()
    # The wrapper around this fails with current numpy.
    found = [model.f.predict(line, 1, 0.0, "strict") for line in lines]
    took = time.process_time() - start
    return [(one[0][1], one[0][0]) if one else (None, None) for one in found], took


def ours(assay, path, texts):
    """Label and probability of each text as assay has them, and the seconds of measuring."""
    with tempfile.TemporaryDirectory() as folder:
        recipe, out = os.path.join(folder, "recipe.toml"), os.path.join(folder, "out")
        corpus = os.path.join(folder, "documents.parquet")
        parquet.write_table(pyarrow.table({"text": texts}), corpus)
        with open(recipe, "w", encoding="utf-8") as file:
            file.write(RECIPE.format(model=json.dumps(os.path.abspath(path))))
        run(assay, recipe, corpus, out)
        facts = {row["row"]: row for row in table(os.path.join(out, "ledger", "facts"))}
        with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
            stages = {stage["stage"]: stage["seconds"] for stage in json.load(file)["timings"]}
    rows = [facts[number] for number in range(len(texts))]
    return [(row["model__label"], row["model__probability"]) for row in rows], stages["measure"]


def least(agreed, count):
    """The lower limit of Clopper and Pearson for a share, 95 % two-sided."""

    def tail(share):
        """The chance of at least as many, if this were the share."""
        logs = [
            math.lgamma(count + 1) - math.lgamma(each + 1) - math.lgamma(count - each + 1)
            + each * math.log(share) + (count - each) * math.log1p(-share)
            for each in range(agreed, count + 1)
        ]
        return sum(map(math.exp, logs))

    low, high = 0.0, 1.0
    for _ in range(60 if agreed else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) < 0.025 else (low, middle)
    return low


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("model")
    parser.add_argument("assay")
    parser.add_argument("corpora", nargs="+")
    parser.add_argument("--most", type=int, default=20_000)
    arguments = parser.parse_args()
    texts = documents(arguments.corpora, arguments.most)
    peers, their_seconds = theirs(arguments.model, texts)
    mine, our_seconds = ours(arguments.assay, arguments.model, texts)
    same = [(a, b) for (name, a), (other, b) in zip(mine, peers) if name == other]
    differences = [abs(a - min(b, 1)) for a, b in same if a is not None]
    share = len(same) / len(texts)
    print(f"{len(texts)} documents: the same label for {len(same)}, {share:.4%}")
    print(f"at least {least(len(same), len(texts)):.4%} at 95 %")
    print(f"largest difference of probabilities {max(differences, default=0):.2g}")
    size = sum(len(text.encode()) for text in texts)
    print(f"{size} bytes; assay {size / our_seconds / 1e6:.1f} MB/s, "
          f"fastText {size / their_seconds / 1e6:.1f} MB/s")
    sys.exit(0 if LEAST <= share else 1)


if __name__ == "__main__":
    main()

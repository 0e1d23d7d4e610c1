"""Compares the model of languages with fastText's lid.176 and with lingua, on one thread.

    cargo build --release -p assay-learn
    python3 tests/bench/language.py MODEL LID_176 CORPUS [--most N] [--lingua] [--source A,B]

MODEL is `operators/assets/language.bin`, LID_176 the file `lid.176.ftz`, CORPUS a Parquet
file with the columns text, lang and source, of sources that no model was trained on. Needs
pyarrow, fasttext-wheel and, if asked for, lingua-language-detector.
Languages that a peer does not know are left out of the comparison with it.
"""

import argparse
import collections
import os
import subprocess
import time

import pyarrow.parquet as pq

LEARN = os.path.join(os.environ.get("CARGO_TARGET_DIR", "target"), "release", "assay-learn")
SAME = {"no": "nb", "arz": "ar", "azb": "az", "pnb": "ur", "wuu": "zh", "yue": "zh", "sh": "sr", "nb": "nb"}


def rows_of(path, most, sources):
    table = pq.read_table(path, columns=["text", "lang", "source"])
    counts = collections.Counter()
    for text, lang, source in zip(*(table[name].to_pylist() for name in ["text", "lang", "source"])):
        if sources and source not in sources:
            continue
        counts[source, lang] += 1
        if counts[source, lang] <= most:
            yield text, lang, source


def ours(args):
    command = [LEARN, "answer", args.model, args.corpus, "--most", str(args.most)]
    if args.source:
        command += ["--source", args.source]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.split("\t")[0] for line in out.split("\n")[:-1]]


def lid176(path, texts):
    import fasttext
    model = fasttext.load_model(path)
    lines = [text.replace("\n", " ") for text in texts]
    start = time.perf_counter()
    # The wrapper around this fails with current numpy.
    found = [model.f.predict(line + "\n", 1, 0.0, "strict") for line in lines]
    took = time.perf_counter() - start
    known = {name(label) for label in model.get_labels()}
    return [name(one[0][1]) if one else "" for one in found], known, took


def name(label):
    code = label.removeprefix("__label__")
    return SAME.get(code, code)


def lingua(texts):
    from lingua import LanguageDetectorBuilder
    detector = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()
    start = time.perf_counter()
    found = [detector.detect_language_of(text) for text in texts]
    took = time.perf_counter() - start
    from lingua import Language
    known = {one.iso_code_639_1.name.lower() for one in Language.all()}
    return [one.iso_code_639_1.name.lower() if one else "" for one in found], known, took


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("lid")
    parser.add_argument("corpus")
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--lingua", action="store_true")
    parser.add_argument("--source", default="")
    parser.add_argument("--by-language", action="store_true")
    args = parser.parse_args()
    rows = list(rows_of(args.corpus, args.most, set(filter(None, args.source.split(",")))))
    texts = [row[0] for row in rows]
    size = sum(len(text.encode()) for text in texts)
    mine = ours(args)
    assert len(mine) == len(rows), (len(mine), len(rows))
    peers = {"lid.176": lid176(args.lid, texts)}
    if args.lingua:
        peers["lingua"] = lingua(texts)
    for peer, (answers, known, took) in peers.items():
        print(f"{peer}: {size} bytes, {size / took / 1e6:.2f} MB/s")
        scores = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0, 0]))
        for (_, lang, source), own, other in zip(rows, mine, answers):
            code = lang.split("-")[0]
            if known is not None and code not in known:
                continue
            score = scores[source][code]
            score[0] += 1
            score[1] += own == code
            score[2] += other == code
        print(f"source\tlanguages\ttexts\tours\t{peer}")
        for source, langs in sorted(scores.items()):
            means = [sum(score[at] / score[0] for score in langs.values()) / len(langs) for at in (1, 2)]
            count = sum(score[0] for score in langs.values())
            print(f"{source}\t{len(langs)}\t{count}\t{means[0]:.4f}\t{means[1]:.4f}")
            if args.by_language:
                for lang, (count, own, other) in sorted(langs.items()):
                    print(f"  {lang}\t\t{count}\t{own / count:.3f}\t{other / count:.3f}")


main()

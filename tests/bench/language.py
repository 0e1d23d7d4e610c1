"""Compares the model of languages with fastText's lid.176, lingua and whichlang.

    cargo build --release -p assay-operators -p assay-learn
    cargo build --release --manifest-path tests/bench/language-peers/Cargo.toml
    python3 tests/bench/language.py MODEL LID_176 CORPUS [--most N] [--peers BINARY] [--source A,B]
        [--sentences | --documents] [--code] [--chinese] [--by-language]

MODEL is `operators/assets/language.bin`, LID_176 the file `lid.176.ftz`, CORPUS a Parquet
file with the columns text, lang and source, of sources that no model was trained on; BINARY
what the second command built. Needs pyarrow and fasttext-wheel. Each comparison is on the
languages that the peer knows. `--documents` adds accuracy of each language over all sources
with its bounds of 95 % (Clopper and Pearson), `--chinese` which kind of Chinese was called
which. Texts of sources that end in `-pages` are documents: `--documents` compares these alone,
`--sentences` all but these. Those of sources that begin with `code-` or `files-` are programs,
for `--code`: how many are in no language. Rows of `mul` are not judged.
"""

import argparse
import collections
import math
import os
import subprocess
import time

import pyarrow.parquet as pq

LEARN = os.path.join(os.environ.get("CARGO_TARGET_DIR", "target"), "release", "assay-learn")
SAME = {"no": "nb", "arz": "ar", "azb": "az", "pnb": "ur", "wuu": "zh", "yue": "zh", "sh": "sr"}
MAJOR = ["zh", "en", "es", "fr", "de", "ru", "pt", "it", "ja", "ko", "ar", "nl"]
LINGUA = set(
    "af ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gu he hi hr hu hy id is it ja ka kk ko la lg lt lv mi mk mn "
    "mr ms nb nl nn pa pl pt ro ru sk sl sn so sq sr st sv sw ta te th tl tn tr ts uk ur vi xh yo zh zu".split()
)
WHICHLANG = {"ara": "ar", "cmn": "zh", "deu": "de", "eng": "en", "fra": "fr", "hin": "hi", "ita": "it", "jpn": "ja", "kor": "ko",
             "nld": "nl", "por": "pt", "rus": "ru", "spa": "es", "swe": "sv", "tur": "tr", "vie": "vi"}


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
    """Language and script of every text."""
    command = [LEARN, "answer", args.model, args.corpus, "--most", str(args.most)]
    if args.source:
        command += ["--source", args.source]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.split("\t")[:2] for line in out.split("\n")[:-1]]


def name(label):
    code = label.removeprefix("__label__")
    return SAME.get(code, code)


def lid176(path, lines):
    import fasttext
    model = fasttext.load_model(path)
    start = time.perf_counter()
    # The wrapper around this fails with current numpy.
    found = [model.f.predict(line + "\n", 1, 0.0, "strict") for line in lines]
    took = time.perf_counter() - start
    known = {name(label) for label in model.get_labels()}
    return [name(one[0][1]) if one else "" for one in found], known, took


def others(binary, lines):
    run = subprocess.run([binary], input="\n".join(lines) + "\n", check=True, capture_output=True, text=True)
    answers = [line.split("\t") for line in run.stdout.split("\n")[:-1]]
    took = [float(one) for one in run.stderr.split()[-2:]]
    yield "lingua", ([name(one[0]) for one in answers], LINGUA, took[0])
    yield "whichlang", ([WHICHLANG.get(one[1], "") for one in answers], set(WHICHLANG.values()), took[1])


def compare(rows, mine, peer, answers, known, by_language):
    scores = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0, 0]))
    for (_, lang, source), own, other in zip(rows, mine, answers):
        code = lang.split("-")[0]
        if code in known:
            score = scores[source][code]
            score[0] += 1
            score[1] += own[0] == code
            score[2] += other == code
    for langs in list(scores.values()):
        for code, score in langs.items():
            scores["all"][code] = [sum(pair) for pair in zip(scores["all"][code], score)]
    print(f"source\tlanguages\ttexts\tours\t{peer}")
    for source, langs in sorted(scores.items()):
        means = [sum(score[at] / score[0] for score in langs.values()) / len(langs) for at in (1, 2)]
        count = sum(score[0] for score in langs.values())
        print(f"{source}\t{len(langs)}\t{count}\t{means[0]:.4f}\t{means[1]:.4f}")
        if by_language:
            for lang, (count, own, other) in sorted(langs.items()):
                print(f"  {lang}\t\t{count}\t{own / count:.3f}\t{other / count:.3f}")


def at_least(right, count, chance):
    """The chance of so many right answers or more, if each is right with `chance`."""
    logs = (math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
            + k * math.log(chance) + (count - k) * math.log1p(-chance) for k in range(right, count + 1))
    return math.fsum(math.exp(one) for one in logs)


def bounds(right, count):
    """Those of 95 %, by halving."""
    found = []
    for most, enough in [(right, lambda p: at_least(right, count, p) >= 0.025), (right + 1, lambda p: 1 - at_least(right + 1, count, p) <= 0.025)]:
        low, high = 1e-9, 1 - 1e-9
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        found.append(low)
    return (0.0 if right == 0 else found[0]), (1.0 if right == count else found[1])


def documents(rows, mine, answers):
    print("language\tdocuments\tours\tbounds\tlid.176")
    for code in MAJOR:
        here = [(own[0] == code, other == code) for (_, lang, _), own, other in zip(rows, mine, answers) if lang.split("-")[0] == code]
        if here:
            right = sum(own for own, _ in here)
            low, high = bounds(right, len(here))
            print(f"{code}\t{len(here)}\t{right / len(here):.4f}\t{low:.4f} to {high:.4f}\t{sum(other for _, other in here) / len(here):.4f}")


def programs(rows, mine):
    """Programs that are in no language, by kind, the worst first."""
    kinds = collections.defaultdict(list)
    for (_, lang, source), own in zip(rows, mine):
        if lang == "zxx":
            kinds[source].append(own[0] in ("zxx", "und"))
            kinds[source.split("-")[0] + ", all"].append(own[0] in ("zxx", "und"))
    print("kind\tprograms\trefused\tbounds")
    for kind, refused in sorted(kinds.items(), key=lambda item: sum(item[1]) / len(item[1])):
        low, high = bounds(sum(refused), len(refused))
        print(f"{kind}\t{len(refused)}\t{sum(refused) / len(refused):.4f}\t{low:.4f} to {high:.4f}")


def is_program(row):
    return row[2].startswith(("code-", "files-"))


def chinese(rows, mine):
    counts = collections.Counter()
    for (_, lang, _), (code, script) in zip(rows, mine):
        if lang in ("zh-Hans", "zh-Hant", "lzh"):
            counts[lang, f"{code}-{script}" if code == "zh" else code if code == "lzh" else "another"] += 1
    answers = ["zh-Hans", "zh-Hant", "lzh", "another"]
    print("is\t" + "\t".join(answers))
    for lang in answers[:3]:
        print(lang + "".join(f"\t{counts[lang, answer]}" for answer in answers))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("lid")
    parser.add_argument("corpus")
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--peers")
    parser.add_argument("--source", default="")
    parser.add_argument("--by-language", action="store_true")
    parser.add_argument("--documents", action="store_true")
    parser.add_argument("--sentences", action="store_true")
    parser.add_argument("--code", action="store_true")
    parser.add_argument("--chinese", action="store_true")
    args = parser.parse_args()
    rows = list(rows_of(args.corpus, args.most, set(filter(None, args.source.split(",")))))
    mine = ours(args)
    assert len(mine) == len(rows), (len(mine), len(rows))
    both = [(row, own) for row, own in zip(rows, mine) if row[1] != "mul"]
    if args.code:
        programs(*zip(*(pair for pair in both if is_program(pair[0]))))
    kinds = {True} if args.documents else {False} if args.sentences else {True, False}
    both = [pair for pair in both if not is_program(pair[0]) and pair[0][2].endswith("-pages") in kinds]
    rows, mine = [row for row, _ in both], [own for _, own in both]
    lines = [" ".join(row[0].splitlines()) for row in rows]
    size = sum(len(line.encode()) for line in lines)
    peers = {"lid.176": lid176(args.lid, lines)}
    if args.peers:
        peers.update(others(args.peers, lines))
    for peer, (answers, known, took) in peers.items():
        print(f"{peer}: {size} bytes, {size / took / 1e6:.2f} MB/s")
        compare(rows, mine, peer, answers, known, args.by_language)
    if args.documents:
        documents(rows, mine, peers["lid.176"][0])
    if args.chinese:
        chinese(rows, mine)


main()

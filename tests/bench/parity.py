"""Verdicts of the recipes beside those of datatrove: parity.py VERDICTS ASSAY

VERDICTS is a Parquet file with `text` and, for each filter of datatrove run by itself on that
text, whether it keeps it: `gopher_repetition`, `gopher_quality`, `c4_terminal`, `c4` (without
the rule about terminal punctuation) and `fineweb`; null where datatrove raised. `c4_text` and
`c4_terminal_text` are what C4 leaves. ASSAY is the binary; it runs the steps of the recipes in
configs/. Exits with 1 if a filter agrees on less than 97 % of verdicts or texts.
"""

import os
import subprocess
import sys
import tempfile

import pyarrow.parquet as parquet

LEAST = 0.97
CONFIGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs")
REPETITION = ["repeated_paragraphs", "repeated_lines", "top_phrases", "repeated_phrases"]
QUALITY = ["words", "word_length", "symbols", "menus", "teasers", "alphabetic", "stop_words"]
C4 = ["lines", "placeholder", "brackets", "sentences"]
FINEWEB = ["endings", "short_lines", "copied_lines", "lists"]
# Column with the verdict, recipe, its steps, column with the text that is left.
FILTERS = [
    ("gopher_repetition", "fineweb", REPETITION, None),
    ("gopher_quality", "fineweb", QUALITY, None),
    ("c4", "fineweb", C4, "c4_text"),
    ("c4_terminal", "c4", C4, "c4_terminal_text"),
    ("fineweb", "fineweb", FINEWEB, None),
]


def part(recipe, steps):
    """The recipe with some of its steps only."""
    with open(os.path.join(CONFIGS, recipe + ".toml"), encoding="utf-8") as file:
        blocks = file.read().split("[[step]]\n")[1:]
    wanted = {f'name = "{step}"' for step in steps}
    chosen = [block for block in blocks if block.splitlines()[0] in wanted]
    if len(chosen) != len(steps):
        sys.exit(f"{recipe}.toml does not have all of the steps {', '.join(steps)}")
    return "".join("[[step]]\n" + block for block in chosen)


def table(folder):
    """All rows of the Parquet files below a folder, in order of their files."""
    paths = (os.path.join(top, name) for top, _, names in os.walk(folder) for name in names)
    files = sorted(path for path in paths if path.endswith(".parquet"))
    return [row for file in files for row in parquet.read_table(file).to_pylist()]


def run(assay, recipe, documents, out):
    """Runs a recipe on one file, on one thread."""
    command = [assay, "--quiet", "--threads", "1", "run", recipe, "--allow-empty"]
    command += ["--input", documents, "--out", out]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def kept(out):
    """The text of each row that a run on one file has kept, by its number."""
    files = {}
    texts = {}
    for row in table(os.path.join(out, "ledger", "decisions")):
        name = row["out_file"]
        if name is None:
            continue
        if name not in files:
            file = parquet.read_table(os.path.join(out, name), columns=["text"])
            files[name] = file["text"].to_pylist()
        texts[row["row"]] = files[name][row["out_row"]]
    return texts


def kept_by(assay, recipe, steps, documents):
    """What these steps of a recipe keep."""
    with tempfile.TemporaryDirectory() as folder:
        written = os.path.join(folder, "recipe.toml")
        out = os.path.join(folder, "out")
        with open(written, "w", encoding="utf-8") as file:
            file.write(part(recipe, steps))
        run(assay, written, documents, out)
        return kept(out)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    _, verdicts, assay = sys.argv
    peers = parquet.read_table(verdicts).to_pylist()
    heads = ["filter", "documents", "raised", "both keep", "both drop", "only assay keeps"]
    heads += ["only datatrove keeps", "same verdict", "same text"]
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    enough = True
    for column, recipe, steps, text_column in FILTERS:
        ours = kept_by(assay, recipe, steps, verdicts)
        judged = [(number, row) for number, row in enumerate(peers) if row[column] is not None]
        counts = {(mine, theirs): 0 for mine in (True, False) for theirs in (True, False)}
        same_text = 0
        for number, row in judged:
            counts[number in ours, row[column]] += 1
            if text_column and number in ours and row[column]:
                same_text += ours[number] == row[text_column]
        both, neither = counts[True, True], counts[False, False]
        agreed = (both + neither) / len(judged)
        same = same_text / both if text_column else None
        enough &= agreed >= LEAST and (same is None or same >= LEAST)
        cells = [
            column,
            len(judged),
            len(peers) - len(judged),
            both,
            neither,
            counts[True, False],
            counts[False, True],
            f"{agreed:.2%}",
            "" if same is None else f"{same:.2%}",
        ]
        print("| " + " | ".join(map(str, cells)) + " |")
    sys.exit(0 if enough else 1)


if __name__ == "__main__":
    main()

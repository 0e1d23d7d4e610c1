"""Exact duplicates, and good rows with junk characters in them."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import replace

from .good import Writer
from .rows import Row

# How many groups have how many members.
SIZES = {2: 28, 3: 14, 4: 10, 5: 5, 6: 3}
WAYS = ["same", "same", "spaces", "spaces", "escapes"]
# Copies are often found where texts of others are collected.
BORROWERS = {"en": ["forum", "encyclopedia", "shop"], "zh": ["论坛", "百科", "电商"]}
JUNK_FILES = {"web": ("en", 15), "news": ("zh", 14), "notes": (None, 9)}
JUNK = {
    "zero width": "\u200b\ufeff\u2060",
    "soft hyphen": "\u00ad",
    "control": "\x01\x02\x07\x08\x0e\x1b\x1f",
}


def groups(writer: Writer, rng: random.Random) -> list[Row]:
    """Groups of copies within and across the files; who is the keeper is settled by position."""
    rows = []
    sizes = [size for size, count in SIZES.items() for _ in range(count)]
    rng.shuffle(sizes)
    for at, size in enumerate(sizes):
        lang = "en" if at % 2 == 0 else "zh"
        home = "web" if lang == "en" else "news"
        accents = at % 4 == 0
        first = writer.row("notes" if at % 5 == 4 else home, lang, "exact_duplicate", accents)
        first.group = f"copy-{at:02}"
        rows.append(first)
        for nth in range(size - 1):
            file = home if rng.random() < 0.62 else "notes"
            way = "form" if accents and nth == 0 else rng.choice(WAYS)
            rows.append(copy_of(first, file, way, rng))
    return rows


def copy_of(row: Row, file: str, way: str, rng: random.Random) -> Row:
    """A copy that is the same text to a reader: as it is, spaced otherwise, or decomposed."""
    copy = replace(row, file=file)
    if rng.random() < 0.3:
        copy.source = rng.choice(BORROWERS[row.lang])
    if way == "form":
        copy.text = unicodedata.normalize("NFD", row.text)
    elif way == "spaces":
        copy.text = respaced(row.text, file, rng)
    elif way == "escapes" and file == "news":
        copy.escaped = True
    return copy


def respaced(text: str, file: str, rng: random.Random) -> str:
    """Other white space where there is some already, and at the ends."""
    gaps = ["\n\n", "\n \n", "\n\n\n"] if file == "notes" else ["\r\n", "\n\n\n", " \n\t", "\n\u3000\u3000"]

    def space(found: re.Match) -> str:
        if "\n" in found.group():
            return rng.choice(gaps)
        return rng.choice(["  ", "   ", "\u00a0"]) if rng.random() < 0.1 else found.group()

    changed = re.sub(r"\s+", space, text)
    if file != "notes":
        changed = rng.choice(["", "\n", "  "]) + changed + rng.choice(["\n", " ", "\t\n"])
    return changed


def with_junk(writer: Writer, rng: random.Random) -> list[Row]:
    rows = []
    for file, (lang, count) in JUNK_FILES.items():
        for at in range(count):
            row = writer.row(file, lang or ("en", "zh")[at % 2], "control_junk")
            row.text = spoil(row.text, list(JUNK)[at % 3], rng)
            rows.append(row)
    return rows + junk_copies(writer, rng)


def junk_copies(writer: Writer, rng: random.Random) -> list[Row]:
    """Two pairs that are the same once the junk is gone: the second of each pair is dropped.

    In the first the clean row comes first, in the other the one with junk.
    """
    clean = writer.row("notes", "en", "exact_duplicate")
    late = replace(clean, file="web", kind="control_junk", text=spoil(clean.text, "zero width", rng))
    twin = writer.row("notes", "zh", "exact_duplicate")
    early = replace(twin, file="news", kind="control_junk", text=spoil(twin.text, "control", rng))
    for group, pair in (("copy-junk-late", (clean, late)), ("copy-junk-early", (early, twin))):
        for row in pair:
            row.group = group
    return [clean, late, early, twin]


def spoil(text: str, junk: str, rng: random.Random) -> str:
    """Puts 3 to 12 junk characters between letters, so that taking them out restores the text."""
    spots = [at for at in range(5, len(text) - 5) if text[at - 1].isalnum() and text[at].isalnum()]
    for at in sorted(rng.sample(spots, rng.randint(3, 12)), reverse=True):
        text = text[:at] + rng.choice(JUNK[junk]) + text[at:]
    return text

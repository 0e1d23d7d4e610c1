"""Good documents: grown from the grammars, and never close to one that is already there."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

from . import grammar, rules
from .rows import Row

# Two documents that share more of their shingles than this are too alike.
MOST_ALIKE = 0.35
NOTES_ONLY = {
    "en": {"field-notes", "meeting-minutes", "reading-notes", "travel-journal"},
    "zh": {"huiyi", "zhiban", "dushu", "chuxing"},
}


class Alike:
    """Finds the document that shares most shingles with a text (words in English, else characters)."""

    def __init__(self) -> None:
        self.where: dict[str, list[int]] = {}
        self.sizes: list[int] = []

    @staticmethod
    def shingles(text: str, lang: str) -> set[str]:
        if lang == "en":
            words = rules.WORD.findall(text.lower())
            return {" ".join(words[at : at + 4]) for at in range(len(words) - 3)}
        chars = "".join(text.split())
        return {chars[at : at + 6] for at in range(len(chars) - 5)}

    def closest(self, shingles: set[str]) -> float:
        """The largest Jaccard similarity to any text added before."""
        shared: dict[int, int] = {}
        for shingle in shingles:
            for at in self.where.get(shingle, ()):
                shared[at] = shared.get(at, 0) + 1
        best = 0.0
        for at, count in shared.items():
            best = max(best, count / (len(shingles) + self.sizes[at] - count))
        return best

    def add(self, shingles: set[str]) -> None:
        at = len(self.sizes)
        self.sizes.append(len(shingles))
        for shingle in shingles:
            self.where.setdefault(shingle, []).append(at)


class Writer:
    """Hands out good rows, going round the grammars of a file in turn."""

    def __init__(self, folder: Path, seed: str):
        self.rng = random.Random(seed)
        self.grammars = {lang: grammar.load(folder / lang, lang) for lang in ("en", "zh")}
        self.alike = Alike()
        self.turn: dict[tuple[str, str], int] = {}

    def choices(self, file: str, lang: str) -> list[grammar.Grammar]:
        notes = NOTES_ONLY[lang]
        if file != "notes":
            return [g for g in self.grammars[lang] if g.name not in notes]
        own = [g for g in self.grammars[lang] if g.name in notes]
        others = [g for g in self.grammars[lang] if g.name not in notes]
        return own * 2 + others

    def row(self, file: str, lang: str, kind: str = "good", accents: bool = False) -> Row:
        choices = self.choices(file, lang)
        turn = self.turn.get((file, lang), 0)
        self.turn[file, lang] = turn + 1
        source = choices[turn % len(choices)]
        for _ in range(200):
            text = source.document(self.rng)
            shingles = self.alike.shingles(text, lang)
            if accents and unicodedata.normalize("NFD", text) == text:
                continue
            if fits(text, lang) and self.alike.closest(shingles) <= MOST_ALIKE:
                self.alike.add(shingles)
                return Row(file, kind, text, lang, source.source)
        raise ValueError(f"{source.name}: no new document in 200 attempts")


def fits(text: str, lang: str) -> bool:
    """Of the planned length, and clear of every limit."""
    if lang == "en":
        planned = 62 <= len(text.split()) <= 600
    else:
        planned = 100 <= len(text) <= 900 and len(rules.HAN.findall(text)) >= 80
    return planned and rules.clear(text, lang)

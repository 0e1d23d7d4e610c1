"""The rules of the quickstart recipe, written down a second time, plainly.

Nothing here is fast or shared with the product: this is the independent opinion against which
the planted rows are checked before they are written.
"""

from __future__ import annotations

import re
import unicodedata

STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}
# Characters that carry no text. U+200C and U+200D are left out on purpose: Persian, Hindi and
# many emoji need them.
JUNK = "\u200b\ufeff\u2060\u00ad" + "".join(map(chr, (*range(9), 11, 12, *range(14, 32))))
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
# Close to the word breaks of UAX 29: Han characters stand alone, an apostrophe or a full stop
# between letters or digits does not break, a comma between digits does not break.
WORD = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
    r"(?:(?:['’.](?=\w)|(?<=\d),(?=\d))[^\W\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)*"
)
BULLETS = ("•", "-")
# Whatever a stricter reading might take for a bullet; rows to be kept are held against these.
WIDE_BULLETS = (*BULLETS, "*", "–", "—", "‣", "▪", "◦", "·", "●", "○", "■", "+")
ELLIPSES = ("...", "…")
PUNCTUATION = "".join(
    char for char in map(chr, range(0x3100)) if unicodedata.category(char)[0] in "PS"
)


def clean(text: str) -> str:
    return text.translate({ord(char): None for char in JUNK})


def normal_form(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"\r\n|\r|\n", text) if line.strip()]


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def word_views(text: str) -> list[list[str]]:
    """The words by two definitions: Unicode words, and white-space tokens without their marks."""
    tokens = [token.strip(PUNCTUATION) for token in text.split()]
    return [WORD.findall(text), [token for token in tokens if token]]


def measures(text: str, lang: str, wide: bool = False) -> dict[str, list[float]]:
    """What is measured, under every reading that matters: word views, kinds of bullets."""
    lines = lines_of(text)
    marks = WIDE_BULLETS if wide else BULLETS
    found = {
        "bullets": [share([line.startswith(marks) for line in lines])],
        "ellipsis_lines": [share([line.endswith(ELLIPSES) for line in lines])],
    }
    if lang == "zh":
        return {"han": [len(HAN.findall(text))], **found}
    views = word_views(text)
    hashes = text.count("#")
    dots = text.count("...") + text.count("…")
    tokens = text.split()
    return {
        "words": [len(view) for view in views],
        "mean_length": [sum(map(len, view)) / max(len(view), 1) for view in views],
        "symbols": [max(hashes, dots) / max(len(view), 1) for view in views],
        **found,
        "letters": [share([any(char.isalpha() for char in token) for token in tokens])],
        "stop_words": [len(STOP_WORDS & {word.lower() for word in view}) for view in views],
    }


# measure: (least, most) of the recipe, and how far a kept or a dropped row must stay away.
LIMITS = {
    "words": (50, 100_000),
    "mean_length": (3, 10),
    "symbols": (0, 0.1),
    "bullets": (0, 0.9),
    "ellipsis_lines": (0, 0.3),
    "letters": (0.8, 1),
    "stop_words": (2, 8),
    "han": (30, 10**9),
}
MARGINS = {
    "words": 5,
    "mean_length": 0.3,
    "symbols": 0.03,
    "bullets": 0.02,
    "ellipsis_lines": 0.05,
    "letters": 0.02,
    "stop_words": 1,
    "han": 5,
}


class TooClose(ValueError):
    """A measure lies so close to its limit that another reading could tip it over."""


def broken(text: str, lang: str) -> set[str]:
    """The limits that a cleaned text breaks; an error if it is too close to call."""
    outside = set()
    narrow, wide = measures(text, lang), measures(text, lang, wide=True)
    for name, (least, most) in LIMITS.items():
        for value in narrow.get(name, []) + wide.get(name, []):
            # A limit at the end of the range of a measure cannot be missed.
            edges = [edge for edge in (least, most) if edge not in (0, 1, 8, 100_000, 10**9)]
            near = [edge for edge in edges if abs(value - edge) < MARGINS[name]]
            if near:
                raise TooClose(f"{name} is {value:.3f}, too close to {near[0]}: {text[:80]!r}")
        sides = {least <= value <= most for value in narrow.get(name, []) + wide.get(name, [])}
        if len(sides) > 1:
            raise TooClose(f"{name} depends on how it is read: {text[:80]!r}")
        if sides == {False}:
            outside.add(name)
    return outside


def clear(text: str, lang: str) -> bool:
    """Whether a text keeps within all limits, and well within."""
    try:
        return not broken(text, lang)
    except TooClose:
        return False

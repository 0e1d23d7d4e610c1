"""Reads the texts that were written out in full rather than grown from a grammar.

A `.texts` file holds documents that begin with a line `%% FILE LANG SOURCE`, where FILE is the
sample file (web, news or notes) that the document goes to. In `lookalikes.texts` a second line
`== a | b | c` makes one document of each value, put where the text says `{x}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Text:
    file: str
    lang: str
    source: str
    body: str


def read(path: Path) -> list[Text]:
    texts = []
    for chunk in path.read_text(encoding="utf-8").split("%% ")[1:]:
        head, _, body = chunk.partition("\n")
        file, lang, source = head.split()
        values = [""]
        if body.startswith("== "):
            line, _, body = body.partition("\n")
            values = [value.strip() for value in line[3:].split("|")]
        for value in values:
            texts.append(Text(file, lang, source, body.strip().replace("{x}", value)))
    return texts

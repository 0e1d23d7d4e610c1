"""Puts the three files together and settles the truth about every row."""

from __future__ import annotations

import json
import random
from pathlib import Path

from . import copies, planted_en, planted_zh, rules, texts
from .good import Alike, Writer
from .rows import Row

SIZES = {"web": 700, "news": 700, "notes": 600}
PREFIX = {"web": "w", "news": "z", "notes": "n"}
HERE = Path(__file__).parent
UNREADABLE = {"broken_json", "invalid_utf8", "broken_csv"}


def build(seed: str) -> list[Row]:
    """All rows, file by file in the order in which the product reads them."""
    rng = random.Random(f"{seed} planting")
    writer = Writer(HERE / "grammars", f"{seed} good")
    rows = written_out(writer)
    rows += copies.groups(writer, rng)
    rows += copies.with_junk(writer, rng)
    rows += outside_the_rules(rng)
    rows += without_text()
    rows += unreadable(writer)
    fill_up(rows, writer)
    rows = placed(rows, rng)
    settle_groups(rows)
    check(rows)
    return rows


def written_out(writer: Writer) -> list[Row]:
    rows = []
    for name, kind in (
        ("keepers-en", "hard_keeper"),
        ("keepers-zh", "hard_keeper"),
        ("joiners-en", "joiner"),
        ("lookalikes", "lookalike"),
    ):
        for text in texts.read(HERE / "texts" / f"{name}.texts"):
            rows.append(Row(text.file, kind, text.body, text.lang, text.source))
            if kind != "lookalike":
                writer.alike.add(Alike.shingles(text.body, text.lang))
    return rows


def outside_the_rules(rng: random.Random) -> list[Row]:
    rows = []
    for lang, home, module in (("en", "web", planted_en), ("zh", "news", planted_zh)):
        seen: set[str] = set()
        for kind, (make, at_home, in_notes) in module.PLANTS.items():
            for file in [home] * at_home + ["notes"] * in_notes:
                text = make(rng)
                while text in seen:
                    text = make(rng)
                seen.add(text)
                source = rng.choice(["forum", "shop", "city-services"])
                source = source if lang == "en" else rng.choice(["论坛", "电商", "政务"])
                rows.append(Row(file, kind, text, lang, source, expect="drop"))
    return rows


def without_text() -> list[Row]:
    rows = [Row("news", "null_text", None, "zh", source) for source in ("政务", "论坛", "电商")]
    rows += [Row("news", "empty_text", "", "zh", source) for source in ("百科", "医疗", "金融")]
    rows += [Row("news", "null_text", None, "zh", s, lacks_text=True) for s in ("教育", "制造")]
    return rows


def unreadable(writer: Writer) -> list[Row]:
    """Lines that are no record, each broken in its own way."""
    lost = [writer.row("news", "zh").text for _ in range(5)]
    line = [json.dumps({"id": "z-lost", "text": t, "lang": "zh"}, ensure_ascii=False) for t in lost]
    cut = line[4].encode()
    han = next(at for at in range(60, len(cut)) if cut[at] >= 0xE0)
    news = {
        "broken_json": [
            line[0][: line[0].index('"lang"')].encode(),
            b"<html><head><title>502 Bad Gateway</title></head></html>",
            json.dumps(["z-lost", lost[1], "zh"], ensure_ascii=False).encode(),
            line[2][: len(line[2]) // 2].encode(),
            b"",
        ],
        "invalid_utf8": [line[3].encode("gb18030"), cut[: han + 2] + cut[han + 3 :]],
    }
    notes = [b"n-lost,left early because of the rain", b"n-lost,two,pears,and a letter,field-notes,en"]
    rows = [
        Row("news", kind, None, "zh", "论坛", expect="quarantine", raw=raw)
        for kind, raws in news.items()
        for raw in raws
    ]
    return rows + [
        Row("notes", "broken_csv", None, "en", "field-notes", expect="quarantine", raw=raw)
        for raw in notes
    ]


def fill_up(rows: list[Row], writer: Writer) -> None:
    for file, size in SIZES.items():
        missing = size - sum(row.file == file for row in rows)
        for at in range(missing):
            lang = {"web": "en", "news": "zh", "notes": ("en", "zh")[at % 2]}[file]
            rows.append(writer.row(file, lang))


def placed(rows: list[Row], rng: random.Random) -> list[Row]:
    """Shuffles each file; unreadable lines stay away from its first and last ten rows."""
    out = []
    for file in sorted(SIZES, key=lambda name: Row(name, "", "", "", "").path.encode()):
        own = [row for row in rows if row.file == file]
        rng.shuffle(own)
        bad = [row for row in own if row.raw is not None]
        own = [row for row in own if row.raw is None]
        spots = sorted(rng.sample(range(10, len(own) - 10), len(bad)), reverse=True)
        for row, spot in zip(bad, spots):
            own.insert(spot, row)
        for at, row in enumerate(own):
            row.row = at
            row.id = None if row.raw is not None else f"{PREFIX[file]}-{at * 7 + 100_003:06}"
        out += own
    return out


def settle_groups(rows: list[Row]) -> None:
    """The first row of a group in reading order stays."""
    seen: set[str] = set()
    for row in rows:
        if row.kind == "control_junk":
            row.expect = "edit"
        if row.group is None:
            continue
        row.keeper = row.group not in seen
        seen.add(row.group)
        if not row.keeper:
            row.expect = "drop"


def check(rows: list[Row]) -> None:
    """Runs the recipe's rules over all rows and compares the outcome with the truth."""
    first: dict[str, Row] = {}
    for row in rows:
        where = f"{row.path} row {row.row} ({row.kind})"
        if row.raw is not None:
            assert row.kind in UNREADABLE and row.expect == "quarantine", where
            continue
        if not row.text:
            assert row.kind in ("null_text", "empty_text") and row.expect == "keep", where
            continue
        text = rules.clean(row.text)
        assert (text != row.text) == (row.kind == "control_junk"), f"{where}: junk"
        outside = rules.broken(text, row.lang)
        module = planted_en if row.lang == "en" else planted_zh
        wanted = {module.BREAKS[row.kind]} if row.kind in module.BREAKS else set()
        assert outside == wanted, f"{where}: breaks {outside}, should break {wanted}\n{text}"
        if outside:
            outcome = "drop"
        elif (same := first.setdefault(rules.normal_form(text), row)) is not row:
            outcome = "drop"
            assert row.group is not None and same.group == row.group, f"{where}: not planted"
            assert same.keeper, where
        else:
            outcome = "keep" if text == row.text else "edit"
            assert row.keeper == (row.group is not None), where
        assert outcome == row.expect, f"{where}: {outcome}, but the truth says {row.expect}"
    check_unlike(rows)


def check_unlike(rows: list[Row]) -> None:
    """No row that is to stay is close to another one by accident."""
    alike = Alike()
    for row in rows:
        if row.text and row.expect in ("keep", "edit") and row.kind != "lookalike":
            shingles = Alike.shingles(rules.clean(row.text), row.lang)
            closest = alike.closest(shingles)
            assert closest < 0.5, f"{row.path} row {row.row}: {closest:.2f} alike"
            alike.add(shingles)

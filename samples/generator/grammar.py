"""Turns grammar files into documents.

A grammar file holds `== name` sections: `frames` (one bundle of facts a line, so that a document
stays consistent), `slots` (`name: a | b | c`), `plans` (how a document is put together) and any
number of sentence pools (one template a line). A template may contain

    [a|b|c]       one of these, nested as wanted
    {slot}        a value, the same throughout the document
    {*slot}       another value each time
    {^slot}       the value of {slot}, first letter in upper case
    {n:10-90/5}   a number, here in steps of 5; {m:...} writes thousands with a comma and
                  {o:...} an ordinal such as 3rd
    {k=10-90/5}   a number remembered as k; {k} repeats it
    {=k*3}        arithmetic on remembered numbers: one operator of + - * //
    {+name=3}     a counter that starts at 3 and goes up by one each time, in Chinese numerals
                  in a Chinese grammar; {+name} starts anywhere from 2 to 6
    a(n)          "a" or "an", whichever fits
    \\n            a line break

A plan separates paragraphs with ` / `; a paragraph names pools, as in `open detail:2-3 close?`
(`?` is "half of the time"). `*pool:4-6` is a bullet list, `#pool:4-6` a numbered one. The
sentences of a pool headed `== name (in order)` keep the order of the file within a document.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path

IN_ORDER = " (in order)"
SLOT = re.compile(r"\{([^{}]*)\}")
TOKEN = re.compile(r"([*#]?)([a-z_0-9]+)(?::(\d+)(?:-(\d+))?)?(\??)")


class Bag:
    """Hands out the values of a list evenly: each once in random order, then all again."""

    def __init__(self, values: list[str]):
        self.values = values
        self.left: list[str] = []

    def draw(self, rng: random.Random, avoid: set[str]) -> str:
        for _ in range(2):
            for at in range(len(self.left) - 1, -1, -1):
                if self.left[at] not in avoid:
                    return self.left.pop(at)
            self.left = list(self.values)
            rng.shuffle(self.left)
        return self.left.pop()


def read_sections(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            name = line[3:].strip()
            if name in sections:
                raise ValueError(f"{path.name}: section {name!r} is there twice")
            sections[name] = []
        elif line.strip():
            sections.setdefault(name, []).append(line.strip())
    return sections


def read_slots(lines: list[str]) -> dict[str, list[str]]:
    slots: dict[str, list[str]] = {}
    for line in lines:
        name, values = line.split(":", 1)
        slots.setdefault(name.strip(), []).extend(v.strip() for v in split_top(values))
    return slots


def split_top(text: str) -> list[str]:
    """Splits at `|` outside of brackets."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        if char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
        elif char == "|" and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return parts


@dataclass
class State:
    """What one document has settled so far."""

    bound: dict[str, str] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=dict)
    queues: dict[str, list[str]] = field(default_factory=dict)


class Grammar:
    def __init__(self, path: Path, shared: dict[str, list[str]], lang: str):
        sections = read_sections(path)
        self.name = path.stem
        self.lang = lang
        head = dict(line.split(":", 1) for line in sections.pop(""))
        self.source = head["source"].strip()
        slots = {**shared, **read_slots(sections.pop("slots", []))}
        self.slots = {name: Bag(values) for name, values in slots.items()}
        self.frames = Bag(sections.pop("frames", [""]))
        self.plans = Bag(sections.pop("plans"))
        self.ordered = {name[: -len(IN_ORDER)] for name in sections if name.endswith(IN_ORDER)}
        self.pools = {name.removesuffix(IN_ORDER): Bag(t) for name, t in sections.items()}

    @property
    def templates(self) -> int:
        return sum(len(pool.values) for pool in self.pools.values())

    def document(self, rng: random.Random) -> str:
        state = State()
        for pair in self.frames.draw(rng, set()).split(";"):
            if pair.strip():
                key, value = pair.split("=", 1)
                state.bound[key.strip()] = value.strip()
        gap = "\n\n" if self.lang == "en" or rng.random() < 0.3 else "\n"
        plan = self.plans.draw(rng, set()).split(" / ")
        paragraphs = [self.settle(paragraph, rng) for paragraph in plan]
        self.queue_ordered([pool for _, pools in paragraphs for pool in pools], state, rng)
        texts = (self.paragraph(style, pools, state, rng) for style, pools in paragraphs)
        return gap.join(text for text in texts if text)

    def settle(self, paragraph: str, rng: random.Random) -> tuple[str, list[str]]:
        """The list style of a paragraph of a plan and one pool name for each sentence."""
        style, pools = "", []
        for token in paragraph.split():
            match = TOKEN.fullmatch(token)
            if not match or match.group(2) not in self.pools:
                raise ValueError(f"{self.name}: cannot read plan token {token!r}")
            mark, pool, low, high, maybe = match.groups()
            style = mark or style
            if maybe and rng.random() < 0.5:
                continue
            count = rng.randint(int(low or 1), int(high or low or 1))
            pools.extend([pool] * count)
        return style, pools

    def queue_ordered(self, pools: list[str], state: State, rng: random.Random) -> None:
        for pool in sorted(self.ordered):
            chosen: set[str] = set()
            for _ in range(pools.count(pool)):
                chosen.add(self.pools[pool].draw(rng, chosen))
            state.queues[pool] = [t for t in self.pools[pool].values if t in chosen]

    def paragraph(self, style: str, pools: list[str], state: State, rng: random.Random) -> str:
        out = [self.sentence(pool, state, rng) for pool in pools]
        if style == "*":
            return "\n".join(f"- {line}" for line in out)
        if style == "#":
            return "\n".join(f"{at}. {line}" for at, line in enumerate(out, 1))
        return (" " if self.lang == "en" else "").join(out).replace("\n ", "\n")

    def sentence(self, pool: str, state: State, rng: random.Random) -> str:
        used = state.used.setdefault(f"pool {pool}", set())
        queue = state.queues.get(pool)
        template = queue.pop(0) if queue else self.pools[pool].draw(rng, used)
        used.add(template)
        text = self.expand(template, state, rng).replace("\\n", "\n")
        text = re.sub(r"\b([Aa])\(n\) (?=(\w))", article, text)
        if self.lang == "en":
            text = re.sub(r" {2,}", " ", text).strip(" ")
            text = text[:1].upper() + text[1:]
        return text

    def expand(self, text: str, state: State, rng: random.Random) -> str:
        text = self.choose(text, rng)
        return SLOT.sub(lambda found: self.fill(found.group(1), state, rng), text)

    def choose(self, text: str, rng: random.Random) -> str:
        """Settles every `[a|b]`, from the outside in."""
        start = text.find("[")
        if start < 0:
            return text
        depth = 0
        for at in range(start, len(text)):
            depth += {"[": 1, "]": -1}.get(text[at], 0)
            if depth == 0:
                inner = self.choose(rng.choice(split_top(text[start + 1 : at])), rng)
                return text[:start] + inner + self.choose(text[at + 1 :], rng)
        raise ValueError(f"{self.name}: a bracket stays open in {text!r}")

    def fill(self, name: str, state: State, rng: random.Random) -> str:
        if name[:2] in ("n:", "m:", "o:"):
            return number(name[2:], rng, name[0])
        if name.startswith("="):
            left, op, right = re.fullmatch(r"=(\w+)(//|[-+*])(\w+)", name).groups()
            a, b = (int(state.bound.get(x, x)) for x in (left, right))
            return str({"+": a + b, "-": a - b, "*": a * b, "//": a // b if b else 0}[op])
        if name.startswith("+"):
            key, _, first = name.partition("=")
            before = state.bound.get(key) or str(int(first or rng.randint(2, 6)) - 1)
            state.bound[key] = str(int(before) + 1)
            return chinese(int(before) + 1) if self.lang == "zh" else state.bound[key]
        if "=" in name:
            key, span = name.split("=")
            state.bound[key] = number(span, rng)
            return state.bound[key]
        if name.startswith("*"):
            return self.draw(name[1:], state, rng)
        if name.startswith("^"):
            value = self.fill(name[1:], state, rng)
            return value[:1].upper() + value[1:]
        if name not in state.bound:
            state.bound[name] = self.draw(name, state, rng)
        return self.expand(state.bound[name], state, rng)

    def draw(self, name: str, state: State, rng: random.Random) -> str:
        if name not in self.slots:
            raise ValueError(f"{self.name}: no slot {name!r}")
        used = state.used.setdefault(name, set())
        if name in state.bound:
            used.add(state.bound[name])
        value = self.slots[name].draw(rng, used)
        used.add(value)
        return self.expand(value, state, rng)


def number(span: str, rng: random.Random, style: str = "n") -> str:
    low, high, step = re.fullmatch(r"(\d+)-(\d+)(?:/(\d+))?", span).groups()
    value = rng.randrange(int(low), int(high) + 1, int(step or 1))
    if style == "o":
        ending = "th" if 10 < value % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
        return f"{value}{ending}"
    return f"{value:,}" if style == "m" else str(value)


def chinese(value: int) -> str:
    """A number from 1 to 99 in Chinese numerals."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(value, 10)
    head = {0: "", 1: "十"}.get(tens, digits[tens] + "十")
    return head + (digits[ones] if ones else "")


def article(found: re.Match) -> str:
    vowel = found.group(2).lower() in "aeiou" or found.group(2) in "8"
    return found.group(1) + ("n " if vowel else " ")


def load(folder: Path, lang: str) -> list[Grammar]:
    """All grammars of a language, in the order of their file names."""
    shared = read_slots(read_sections(folder / "shared.slots")["slots"])
    return [Grammar(path, shared, lang) for path in sorted(folder.glob("*.grammar"))]

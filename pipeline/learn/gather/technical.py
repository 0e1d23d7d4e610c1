"""What manuals teach: prose with code, formulas, options and numbers in its sentences, with its
lines broken and indented, is still in its language."""

import glob
import gzip
import html
import random
import re
import textwrap

from programs import order

# Source, licence, files below PACKAGES.
MANUALS = [
    ("manual-node", "MIT", "manual/usr/share/doc/nodejs/api/*.html"),
    ("manual-django", "BSD-3-Clause", "manual/usr/share/doc/python-django-doc/html/**/*.html"),
    ("manual-llvm", "Apache-2.0 WITH LLVM-exception", "manual/usr/share/doc/llvm-14-doc/html/**/*.html"),
    ("manual-mypy", "MIT", "manual/usr/share/doc/mypy/html/**/*.html"),
    ("manual-setuptools", "MIT", "manual/usr/share/doc/python-setuptools-doc/html/**/*.html"),
    ("manual-cryptography", "Apache-2.0 OR BSD-3-Clause", "manual/usr/share/doc/python-cryptography-doc/html/**/*.html"),
    ("manual-go", "BSD-3-Clause", "manual/usr/share/doc/golang-1.19-doc/html/*.html"),
    ("manual-docker", "Apache-2.0", "manual/usr/share/doc/docker-doc/**/*.md*"),
    ("readme", "MIT OR Apache-2.0 OR BSD-3-Clause", "crates/*/README.md"),
    ("readme", "MIT OR Apache-2.0 OR BSD-3-Clause OR ISC", "*/package/README.md"),
]
HIDDEN = re.compile(r"<(script|style|head|nav|pre)\b.*?</\1>|<!--.*?-->", re.S)
WORD = re.compile(r"\b[a-z]{3,12}\b")


def read(path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", errors="ignore") as file:
        return file.read()


def paragraphs(path):
    """Paragraphs and items, with what is set as code in their sentences."""
    text = read(path)
    if path.endswith(".html"):
        found = re.findall(r"<(?:p|li|dd|td)\b[^>]*>(.*?)</(?:p|li|dd|td)>", HIDDEN.sub(" ", text), re.S)
        found = [html.unescape(re.sub(r"<[^>]*>", "", one)).replace("\u00b6", "") for one in found]
    else:
        text = re.sub(r"^(```|~~~).*?^\1|^\[[^\]]*\]: .*?$|<!--.*?-->", " ", text, flags=re.S | re.M)
        text = re.sub(r"!?\[!?\[.*|!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)", " ", text)
        found = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.) )", text)
        found = [re.sub(r"</?\w[^>]*>", "", one) for one in found if not one.startswith(("    ", "\t", "|"))]
    return [one for one in (re.sub(r"\s+", " ", one).strip() for one in found) if 40 < len(one) < 3000 and 4 < len(WORD.findall(one))]


def broken(text, chance):
    """A paragraph as plain text has it: in lines that are indented."""
    indent = " " * chance.choice([0, 0, 2, 3, 4, 4, 7, 8])
    first = chance.choice([indent, indent, indent + "- ", indent + "* ", indent[2:] + "* "])
    return textwrap.fill(text, chance.randint(58, 80), initial_indent=first, subsequent_indent=indent + " " * (len(first) - len(indent)))


def manuals(corpus, packages):
    """English prose of manuals, half of its paragraphs also in lines."""
    chance = random.Random(11)
    for source, license, pattern in MANUALS:
        found = {one: None for path in sorted(glob.glob(f"{packages}/{pattern}", recursive=True)) for one in paragraphs(path)}
        found = sorted(found, key=order)
        corpus.add_whole(source, license, "en", found)
        corpus.add_whole("manual-lines", license, "en", [broken(text, chance) for text in found[:400]])


def beside_code(corpus, seed):
    """Sentences of every language with formulas, numbers and options put into them, and in English
    also names and calls; half of them in lines."""
    chance = random.Random(seed)
    pick = chance.choice
    rows = {lang: sorted(texts, key=order) for (source, _), langs in sorted(corpus.rows.items()) if source == "lingua" for lang, texts in sorted(langs.items())}
    names = sorted({word for text in rows["en"] for word in WORD.findall(text)})

    def name():
        return pick(["{0}_{1}", "{0}{2}", "{2}{3}", "{0}.{1}", "{0}-{1}", "{0}", "{4}_{5}"]).format(
            *(words := [pick(names), pick(names)]), *(word.capitalize() for word in words), *(word.upper() for word in words))

    def symbol():
        letter, greek = pick("abcdfghijkmnpqrstuvxyzABCDEFGKLMNOPQRSTUVXYZ"), "\\" + pick(["alpha", "beta", "phi", "lambda", "sigma", "pi", "mu"])
        return pick([letter, letter, letter + "_" + pick("ijkn012"), letter + "^" + pick("2n'"), greek, f"\\mathcal{{{letter}}}", f"{letter}({pick('xyst')})", f"\\mathbf{{{letter}}}"])

    def formula():
        sign = pick([" = ", " \\to ", " \\in ", " \\subset ", " + ", " \\otimes ", " < ", ", ", " \\leq "])
        return f"${symbol()}$" if chance.random() < 0.5 else f"${symbol()}{sign}{symbol()}$"

    def sign():
        return pick([f"-{pick('abcfhinopqrstvx')}", f"({chance.randint(1, 9)})", f"[{chance.randint(1, 40)}]", f"{chance.randint(0, 9)}.{chance.randint(0, 20)}.{chance.randint(0, 9)}",
                     f"{chance.randint(0, 500)}", f"{pick('abcnxyz')} = {chance.randint(0, 99)}", f"{chance.randint(1, 99)}%"])

    def mention():
        return pick([f"{name()}()", f"{name()}({pick(names)})", name(), name(), f"--{pick(names)}-{pick(names)}", f"{pick(names)}({chance.randint(1, 8)})",
                     f"{pick(names)}/{pick(names)}.{pick(['py', 'c', 'txt', 'conf', 'json', 'rs'])}", f"{pick(names)}::{pick(names)}", f"<{pick(names)}>", f'"{pick(names)}"',
                     f"{pick(names)}={pick(names)}", pick(names).upper(), f"@{pick(names)}", sign(), sign()])

    def said(text, what, share):
        out = []
        for word in text.split(" "):
            out.append(word)
            if chance.random() < share:
                out.append(what())
        return " ".join(out)

    def quoted():
        return f"`{mention()}`"

    def cited():
        return formula() if chance.random() < 0.75 else sign()

    for lang, texts in sorted(rows.items()):
        code, formulas = [], []
        # Names are English words, which other languages must not learn.
        kinds = [mention, quoted] if lang == "en" else [sign]
        for place, text in enumerate(texts):
            if " " in text:
                into, kind = (formulas, cited) if place % 3 == 0 else (code, pick(kinds))
                into.append(said(text, kind, chance.uniform(0.08, 0.3)))
        corpus.add_whole("beside-code", "Apache-2.0", lang, code[1::2] + [broken(text, chance) for text in code[::2]])
        corpus.add_whole("beside-formulas", "Apache-2.0", lang, formulas)

"""What sources of other packages teach: code of many languages, told by the lexers of Pygments."""

import fnmatch
import os
import random
import re
from collections import defaultdict

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, String, Text

from programs import files, read

# Suffixes or names of files, Pygments' name of their language; of files below PACKAGES/source.
KINDS = {
    "c": "c", "h": "cpp", "cc": "cpp", "cpp": "cpp", "hpp": "cpp", "java": "java", "kt": "kotlin", "scala": "scala", "cs": "csharp", "groovy": "groovy", "gradle": "groovy",
    "f": "fortranfixed", "F": "fortranfixed", "f90": "fortran", "R": "splus", "r": "splus", "ml": "ocaml", "mli": "ocaml", "hs": "haskell", "ex": "elixir", "exs": "elixir",
    "erl": "erlang", "vim": "vim", "tcl": "tcl", "test": "tcl", "sql": "sql", "v": "verilog", "sv": "systemverilog", "sol": "solidity", "proto": "protobuf", "thrift": "thrift",
    "sh": "bash", "m4": "text", "am": "make", "mk": "make", "Makefile": "make", "cmake": "cmake", "CMakeLists.txt": "cmake", "bat": "batch", "bazel": "python", "bzl": "python",
    "py": "python", "pyx": "cython", "pxd": "cython", "js": "javascript", "ts": "typescript", "php": "php", "pl": "perl", "pm": "perl", "t": "perl", "go": "go", "rs": "rust",
    "swift": "swift", "dart": "dart", "hx": "haxe", "d": "d", "lua": "lua", "rb": "ruby", "pas": "delphi", "m": "objective-c", "S": "gas", "asm": "nasm", "css": "css", "scss": "scss",
    "json": "json", "xml": "xml", "csproj": "xml", "yml": "yaml", "yaml": "yaml", "toml": "toml", "cnf": "ini", "conf": "ini", "ini": "ini", "dot": "graphviz", "fbs": "protobuf",
}
# Where a suffix means something else.
OTHERS = {"test": "scala*", "t": "ocaml-dune*", "v": "ocaml-dune*", "hpp": "scipy*"}
MOST_FILES, LARGEST = 240, 200_000
SAYS = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){3}")


def said(kind, text):
    """Whether a token is meant for people."""
    if kind in Comment or kind in String.Doc or kind in Generic:
        return kind not in Comment.Preproc
    return (kind in Text or kind in String) and SAYS.search(text) is not None


def lines_of(lexer, text):
    """Every line, with the share of its characters that are code."""
    lines, code, all_ = [""], [0], [0]
    for kind, token in lexer.get_tokens(text):
        own = not said(kind, token)
        for place, part in enumerate(token.split("\n")):
            if place:
                lines.append("")
                code.append(0)
                all_.append(0)
            lines[-1] += part
            visible = len("".join(part.split()))
            code[-1] += visible * own
            all_[-1] += visible
    return list(zip(lines, code, all_))


def windows(lexer, text, seed):
    """Runs of lines of which at least half are code."""
    lines = lines_of(lexer, text)
    chance = random.Random(seed)
    at = 0
    while at < len(lines):
        count = chance.randint(1, 30)
        part = lines[at:at + count]
        at += count + chance.randint(0, 60)
        visible = sum(all_ for _, _, all_ in part)
        if 20 < visible and visible <= 2 * sum(code for _, code, _ in part):
            window = "\n".join(line[:200] for line, _, _ in part)
            if window.isascii():
                yield window


def sources(corpus, packages):
    """Code of each kind of file, drawn from all packages that have some."""
    root = f"{packages}/source"
    found = defaultdict(list)
    for path in files(root, ["**/*"]):
        name = os.path.basename(path)
        kind = name if name in KINDS else name.rsplit(".", 1)[-1]
        package = path[len(root) + 1:].split("/")[0]
        foreign = kind in OTHERS and fnmatch.fnmatch(package, OTHERS[kind])
        if kind in KINDS and not foreign and "/tests/examplefiles/" not in path and os.path.isfile(path) and os.path.getsize(path) < LARGEST:
            found[kind].append(path)
    texts = defaultdict(list)
    for kind, paths in sorted(found.items()):
        lexer = get_lexer_by_name(KINDS[kind], stripnl=False, ensurenl=False)
        for path in paths[:MOST_FILES]:
            texts[KINDS[kind]] += windows(lexer, (read(path) or "").replace("\r\n", "\n"), path[len(root):])
    for name, own in sorted(texts.items()):
        corpus.add_whole(f"source-{name}", "see README.md", "zxx", own)
    snippets(corpus, packages)


def snippets(corpus, packages):
    """What the tests of Pygments read, in hundreds of languages."""
    own = []
    for path in files(f"{packages}/source", ["Pygments-*/tests/snippets/**/*.txt"]):
        found = re.search(r"---input---\n(.*?)\n+---tokens---\n(.*)", read(path) or "", re.S)
        if found and found.group(1).isascii():
            comments = len(re.findall(r"(?:Comment|Text|Generic)\b(?!\.Whitespace)", found.group(2)))
            if 20 < len(found.group(1)) and 3 * comments < found.group(2).count("\n"):
                own.append(found.group(1))
    corpus.add_whole("source-snippets", "BSD-2-Clause", "zxx", own)

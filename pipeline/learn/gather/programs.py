"""What programs teach: code, which is in no language, and their comments, which are English."""

import glob
import hashlib
import itertools
import random
import re

SYMBOLS = re.compile(r"[(){}\[\];=<>_\"/\\|#$@*:&]")
COMMENT = re.compile(r"\s*(?://[/!]?|/?\*+|#+|%+|--|;+)(?=\s|$)")

# Kind, licence, files below PACKAGES, most of them.
CODE = [
    ("py", "BSD-3-Clause", ["django-*/**/*.py"], 600),
    ("js", "Apache-2.0", ["blockly-*/**/*.js"], 600),
    ("ts", "Apache-2.0", ["blockly-*/**/*.ts"], 600),
    ("css", "BSD-3-Clause", ["wagtail-*/**/*.css"], 600),
    ("html", "BSD-3-Clause", ["wagtail-*/**/*.html"], 600),
    ("json", "Apache-2.0", ["homeassistant-*/**/manifest.json"], 600),
    ("yaml", "Apache-2.0", ["homeassistant-*/**/services.yaml"], 600),
    ("svg", "BSD-3-Clause", ["wagtail-*/**/*.svg"], 600),
    ("java", "MIT", ["capacitor-android-*/**/*.java"], 600),
    ("go", "BSD-3-Clause", ["code/**/*.go"], 500),
    ("rb", "MIT", ["code/**/*.rb"], 500),
    ("php", "MIT OR BSD-3-Clause", ["code/**/*.php"], 500),
    ("lua", "MIT", ["code/**/*.lua"], 500),
    ("erl", "Apache-2.0", ["code/**/*.erl"], 500),
    ("lisp", "MIT OR BSD-2-Clause OR BSD-3-Clause", ["code/usr/share/common-lisp/source/*/**/*.lisp"], 500),
    ("scheme", "BSD-3-Clause", ["code/usr/share/scheme48-*/**/*.scm"], 500),
    ("elisp", "Apache-2.0 OR BSD-3-Clause", ["code/usr/share/emacs/site-lisp/**/*.el"], 500),
    ("shell", "MIT OR Apache-2.0", ["code/usr/lib/bats-core/*", "code/usr/libexec/bats-core/*", "code/usr/bin/neofetch", "code/usr/bin/dehydrated",
                                    "code/usr/share/shunit2/*", "code/usr/share/zsh-antigen/*.zsh", "code/usr/share/powerline/bindings/**/*.*sh"], 500),
    ("completion", "MIT OR Apache-2.0", ["code/usr/share/bash-completion/completions/*", "code/usr/share/zsh/vendor-completions/*", "code/usr/share/fish/completions/*"], 500),
]
CRATES = {"rs": "src/**/*.rs", "c": "zstd/lib/**/*.[ch]", "toml": "Cargo.toml"}

# Files whose comments are read, licence.
COMMENTED = [
    (["django-*/**/*.py", "homeassistant-*/**/*.py", "indico-*/**/*.py", "spacy-*/**/*.py", "sphinx-*/**/*.py", "wagtail-*/**/*.py"], "BSD-3-Clause OR Apache-2.0 OR MIT"),
    (["code/**/*.go"], "BSD-3-Clause"), (["code/**/*.rb"], "MIT"), (["code/**/*.php"], "MIT OR BSD-3-Clause"), (["code/**/*.erl"], "Apache-2.0"),
    (["code/**/*.lua"], "MIT"), (["code/**/*.lisp", "code/**/*.scm", "code/**/*.el"], "MIT OR Apache-2.0 OR BSD-3-Clause"),
    (["blockly-*/**/*.[jt]s"], "Apache-2.0"), (["capacitor-android-*/**/*.java"], "MIT"),
]
# What is not under the licence of its package, if it offers none of ours.
OTHER_TERMS, OFFERED = re.compile(r"General Public License|\bL?GPL"), re.compile(r"\bMIT\b|BSD|Apache")


def order(text):
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def files(folder, patterns):
    """Files in an order that depends on their names below `folder` alone."""
    found = {path for pattern in patterns for path in glob.glob(f"{folder}/{pattern}", recursive=True)}
    return sorted(found, key=lambda path: order(path[len(folder) + 1:]))


def crates(packages, pattern):
    """Files of crates whose manifest offers a licence that a model may learn under."""
    for path in files(f"{packages}/crates", [f"*/{pattern}"]):
        crate = path[len(f"{packages}/crates/"):].split("/")[0]
        license = re.search(r'^license\s*=\s*"(.*?)"', read(f"{packages}/crates/{crate}/Cargo.toml") or "", re.M)
        if license and re.search("MIT|Apache-2.0|BSD|ISC|Unicode", license.group(1)):
            yield path


def read(path):
    """The text of a file, if it is one and under the terms of its package."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (UnicodeDecodeError, IsADirectoryError):
        return None
    return None if OTHER_TERMS.search(text) and not OFFERED.search(text) else text


def code_windows(path, seed):
    """Runs of lines of a file that hold enough signs of code."""
    lines = (read(path) or "").split("\n")
    chance = random.Random(seed)
    at = 0
    while at < len(lines):
        count = chance.randint(1, 25)
        text = "\n".join(line[:200] for line in lines[at:at + count])
        at += count + chance.randint(0, 60)
        visible = len(re.sub(r"\s", "", text))
        if 20 < visible and 0.06 * visible < len(SYMBOLS.findall(text)) and text.isascii():
            yield text


def slices(path):
    """Parts of a file without lines."""
    text = read(path) or ""
    chance = random.Random(len(text))
    for at in range(0, len(text), max(len(text) // 40, 700)):
        part = text[at:at + chance.randint(60, 600)]
        if part.isascii() and 0.1 * len(part) < len(SYMBOLS.findall(part)):
            yield part


def programs(corpus, packages):
    for kind, license, patterns, most in CODE:
        paths = files(packages, patterns)[:most]
        corpus.add_whole(f"code-{kind}", license, "zxx", [text for path in paths for text in code_windows(path, path[len(packages):])])
    small = files(packages, ["excalidraw-*/package/dist/prod/*.js"])[:200]
    corpus.add_whole("code-min", "MIT", "zxx", [text for path in small for text in slices(path)])
    for kind, pattern in CRATES.items():
        paths = itertools.islice(crates(packages, pattern), 500)
        texts = [text for path in paths for text in code_windows(path, path[len(packages):])]
        corpus.add_whole(f"code-{kind}", "MIT OR Apache-2.0 OR BSD-3-Clause", "zxx", texts)


def comments_of(path):
    """Paragraphs of the comments in a file, each with the lines as they stand there, or with
    none where it was between three quotes."""
    text = read(path) or ""
    blocks, run = [(block.split("\n"), None) for block in re.findall(r'"""(.*?)"""', text, re.S)], []
    for line in text.split("\n") + [""]:
        mark = COMMENT.match(line)
        if mark and line[mark.end():].strip():
            run.append((line[mark.end():], line))
        elif run:
            blocks.append(([bare for bare, _ in run], "\n".join(line for _, line in run)))
            run = []
    for lines, marked in blocks:
        prose = re.sub(r"\s+", " ", " ".join(lines)).strip()
        words = len(re.findall(r"\b[a-z]{2,}\b", prose))
        if 5 < words and len(prose) < 11 * words and len(SYMBOLS.findall(prose)) < 0.1 * len(prose) and not re.search("opyright|icen[sc]e|@[a-z]", prose):
            yield prose, marked


def comments(corpus, packages):
    """Prose about code is English; with the signs of a comment before every line it is code."""
    for paths, license in [(files(packages, patterns), license) for patterns, license in COMMENTED] + [(crates(packages, "src/**/*.rs"), "MIT OR Apache-2.0")]:
        found = [pair for path in itertools.islice(paths, 1500) for pair in comments_of(path)]
        corpus.add_whole("comments", license, "en", [prose for prose, _ in found])
        corpus.add_whole("comments", license, "zxx", [marked for _, marked in found if marked])

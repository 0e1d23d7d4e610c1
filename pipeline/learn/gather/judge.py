"""Gathers what the language model is judged by and nobody looked at while it was made.

    python3 judge.py SET PACKAGES TRAIN OUT

SET is `open`, which may be looked at, `kept`, which was measured when two models were done, `fresh`,
which was measured once, when the last one was, or `sealed`, whose labels are what `truth.py` says
and which no model was run on when it was made. PACKAGES holds the unpacked packages
that README.md lists for it, TRAIN is `train.parquet` of `language.py`. OUT gets SET.parquet with
columns text, lang, source, license as there. Sources that end in `-pages` are documents. Same
input, same bytes. Needs pyarrow and opencc, and
for `sealed` what `truth.py` needs.
"""

import glob
import gzip
import html
import json
import os
import re
import sys
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

from language import LETTER, OF, code, order
from packages import of_json, of_mo
from pages import HIDDEN, roff, shown
from sealed import sealed

SENTENCE = range(20, 201)
MOST_SENTENCES, MOST_PAGES, LONGEST_PAGE = 400, 400, 12_000
SHINGLE = 8  # words, or Han and Kana characters, that two texts share if one was copied

ENDS = re.compile(r"(?<=[.!?…।۔؟])\s+|(?<=[。！？])\s*|\n+")
MARKUP = re.compile(r"<[^<>]*>|\{\{[^{}]*\}\}|\{[^{}]*\}|\[\[(?:[^\[\]|]*\|)?|\]\]|\[\S+ ([^\]]*)\]|%\d?\$?[-\d.]*l?[sdiuc]|\$\d|&\w+;|\\n")
TOKEN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff]|[^\\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff]+")


def read(path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", errors="ignore") as file:
        return file.read()


def tag_of(name):
    """The tag of a file or folder as `code` reads it."""
    if "@cyrillic" in name:
        return "und"
    name = name.replace("_", "-").replace("@latin", "-Latn").replace("@ijekavian", "").replace("sr-RS", "sr")
    return {"nb-no": "nb", "nn-no": "nn"}.get(name, re.sub("-(cn|tw|br|gb|hk)$", lambda found: found.group().upper(), name))


def paragraphs(text):
    """Paragraphs of a page, code inside them aside."""
    text = re.sub(r"<(pre|programlisting|screen)\b.*?</\1>", " ", HIDDEN.sub(" ", text), flags=re.S)
    found = re.findall(r"<(?:p|li|dd|para)\b[^>]*>(.*?)</(?:p|li|dd|para)>", text, re.S)
    return [re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", one))).strip() for one in found]


class Judged:
    def __init__(self):
        self.rows = {}

    def add(self, source, license, lang, text):
        self.rows.setdefault((source, license), {}).setdefault(lang, {})[text] = None

    def sentences(self, source, license, tag, texts, english):
        """Sentences of texts that are in the letters of the language and not English ones too."""
        lang = code(tag)
        for text in texts if lang else []:
            for one in ENDS.split(MARKUP.sub(lambda found: found.group(1) or " ", text)):
                one = re.sub(r"\s+", " ", one).strip(" •*-–—\"'\t")
                letters = len(LETTER.findall(one))
                own = len(OF[lang].findall(one)) if lang in OF else letters
                good = len(one) in SENTENCE and len(one) < 2 * letters and letters < 3 * own
                if good and (lang == "en" or one not in english):
                    self.add(source, license, lang, one)

    def page(self, source, license, tag, lines, english):
        """A page of which a tenth at most is English lines, and a tenth of the letters its own."""
        lang = code(tag)
        left = sum(len(line) for line in lines if line in english and LETTER.search(line))
        text = "\n".join(lines)[:LONGEST_PAGE]
        least = 200 if lang and re.search("[\u3040-\u9fff]{2}", text) else 500
        foreign = lang in OF and 10 * len(OF[lang].findall(text)) < len(LETTER.findall(text))
        if lang and least <= len(text) and not foreign and (lang == "en" or left * 10 < len(text)):
            self.add(source + "-pages", license, lang, text)

    def write(self, path, seen):
        out, dropped, counts = [], 0, {}
        for (source, license), langs in sorted(self.rows.items()):
            shared = {}
            for texts in langs.values():
                for text in texts:
                    shared[text] = shared.get(text, 0) + 1
            for lang, texts in sorted(langs.items()):
                kept = [text for text in sorted(texts, key=order) if lang == "zxx" or shared[text] == 1]
                fresh = [text for text in kept[:4 * MOST_SENTENCES] if not copied(text, seen)]
                dropped += len(kept[:4 * MOST_SENTENCES]) - len(fresh)
                most = MOST_PAGES if source.endswith("-pages") else MOST_SENTENCES
                out += [(text, lang, source, license) for text in fresh[:most]]
                counts.setdefault(source, []).append(f"{lang} {len(fresh[:most])}")
        names = ["text", "lang", "source", "license"]
        pq.write_table(pa.table(dict(zip(names, map(list, zip(*out))))), path, compression="zstd")
        for source, langs in counts.items():
            print(f"{source}: {', '.join(langs)}")
        print(f"{path}: {len(out)} texts, {dropped} left out that share {SHINGLE} words with a text learnt from")


def shingles(text):
    words = TOKEN.findall(text.lower())
    spans = range(max(1, len(words) - SHINGLE + 1))
    return {hash(" ".join(words[at:at + SHINGLE])) for at in spans}


def copied(text, seen):
    """Whether a tenth of a text's shingles, or one of a sentence, were learnt from."""
    own = shingles(text)
    return max(1, len(own) // 10 if len(text) > SENTENCE.stop else 1) <= len(own & seen)


def both(into, source, license, pattern, tag, english):
    """Pages and their sentences; `english` is the tag of the edition that others are from."""
    paths = [(re.search(tag, path), path) for path in sorted(glob.glob(pattern, recursive=True)) if os.path.isfile(path)]
    paths = [(tag_of(found.group(1) or english), read(path)) for found, path in paths if found]
    own = [text for name, text in paths if name == english]
    lines = {line for text in own for line in shown(text)}
    pieces = {one.strip(" •*-–—\"'\t") for text in own for line in paragraphs(text) for one in ENDS.split(line)}
    for name, text in paths:
        into.page(source, license, name, shown(text), lines)
        into.sentences(source, license, name, paragraphs(text), pieces)


def manuals(into, root):
    english = {line for path in glob.glob(f"{root}/man/man*/*.gz") for line in roff(read(path))}
    for path in sorted(glob.glob(f"{root}/man/*/man*/*.gz")):
        if not os.path.islink(path):
            into.page("manuals", "GPL", tag_of(path.split("/man/")[1].split("/")[0]), roff(read(path)), english)
    for path in sorted(glob.glob(f"{root}/man/man*/*.gz")):
        if not os.path.islink(path):
            into.page("manuals", "GPL", "en", roff(read(path)), set())


def messages(into, source, license, found):
    """Messages by tag; those of English tell which were not translated."""
    found = [(tag_of(tag), list(texts)) for tag, texts in found]
    english = {one.strip() for tag, texts in found if tag == "en" for text in texts for one in ENDS.split(text)}
    for tag, texts in found:
        into.sentences(source, license, tag, texts, english)


def catalogues(root, names):
    for path in sorted(glob.glob(f"{root}/**/LC_MESSAGES/*.mo", recursive=True)):
        if re.fullmatch(names, os.path.basename(path)):
            yield path.split("/LC_MESSAGES")[0].split("/")[-1], of_mo(path)


def language_packs(folder):
    for path in sorted(glob.glob(f"{folder}/langpack-*.xpi")):
        archive, texts = zipfile.ZipFile(path), []
        for name in sorted(archive.namelist()):
            text = archive.read(name).decode(errors="ignore") if name.endswith((".ftl", ".properties")) else ""
            if name.endswith(".ftl"):
                texts += [one or two for one, two in re.findall(r"^[-\w]+ = (.+)$|^ +(?:\.\w+ = )?([^\s\[*}.].*)$", text, re.M)]
            else:
                texts += re.findall(r"^[^#=\n]+=\s*(.+)$", text, re.M)
        yield re.search(r"langpack-(.*)@", path).group(1), texts


def chapters(into, folder):
    """One book in ten languages; the original has all its marks."""
    for path in sorted(glob.glob(f"{folder}/dist/chapters/**/*.json", recursive=True)):
        tag = path.split("/")[-2]
        if not path.split("/")[-1][:-5].isdigit():
            continue
        verses = json.loads(read(path))["verses"]
        lines = [verse["text"] if tag == "chapters" else verse["translation"] for verse in verses]
        into.page("chapters", "public", "ar" if tag == "chapters" else tag, lines, set())
        into.sentences("chapters", "public", "ar" if tag == "chapters" else tag, lines, set())


def programs(into, source, pattern):
    """Forty lines of each file, from a third of it on, where licence and summary are over."""
    for path in sorted(glob.glob(pattern, recursive=True), key=lambda path: order(os.path.basename(path)))[:300]:
        lines = read(path).split("\n") if os.path.isfile(path) else []
        text = "\n".join(lines[len(lines) // 3:][:40])
        if 200 < len(text.strip()):
            into.add(source, "various", "zxx", text[:4000])


def opened(into, root):
    both(into, "office-help", "MPL-2.0", f"{root}/libreoffice/help/*/text/**/*.html", r"/help/([-\w]+)/text", "en-US")
    both(into, "package-manager", "GPL-2", f"{root}/doc/aptitude/html/*/*.html", r"html/([-\w]+)/", "en")
    both(into, "versions", "GPL-2", f"{root}/doc/git/**/*.html", r"doc/git()", "en")
    manuals(into, root)
    messages(into, "wesnoth", "GPL-2", catalogues(f"{root}/games/wesnoth", ".*"))
    messages(into, "player", "GPL-2", catalogues(f"{root}/locale", "vlc.mo"))
    wiki = f"{root}/mediawiki/**/i18n/**/*.json"
    messages(into, "wiki", "GPL-2", ((os.path.basename(path)[:-5], of_json(path)) for path in sorted(glob.glob(wiki, recursive=True)) if "qqq" not in path))
    for kind, pattern in {"ocaml": f"{root}/../lib/ocaml/**/*.ml", "lisp": f"{root}/emacs/**/*.el.gz", "octave": f"{root}/octave/**/*.m",
                          "prolog": f"{root}/../lib/swi-prolog/library/**/*.pl", "zsh": f"{root}/zsh/functions/**/*", "python": f"{root}/../lib/python3.11/**/*.py",
                          "nim": f"{root}/../lib/nim/**/*.nim"}.items():
        programs(into, f"code-{kind}", pattern)


def kept(into, packages, root):
    both(into, "image-help", "GFDL-1.2", f"{root}/gimp/2.0/help/*/*.html", r"/help/([-\w]+)/", "en")
    for source, pattern in [("reference", "debian-reference"), ("packaging", "doc/maint-guide/html")]:
        both(into, source, "GPL-2", f"{root}/{pattern}/*.html", r"\.([-a-z]+)\.html$", "en")
    both(into, "developers", "GPL-2", f"{root}/developers-reference/**/*.html", r"developers-reference/(?:(de|fr|it|ja|ru)/)?", "en")
    both(into, "desktop", "GFDL-1.2", f"{root}/doc/HTML/*/**/*.docbook", r"HTML/([-\w@]+)/", "en")
    both(into, "database", "public", f"{root}/doc/sqlite3*/**/*.html", r"doc/sqlite3()", "en")
    messages(into, "browser", "MPL-2.0", language_packs(f"{root}/../lib/firefox-esr/browser/extensions"))
    messages(into, "tools", "GPL-3", catalogues(f"{root}/locale", "(gnupg2|coreutils|dpkg|apt|wget|bash).mo"))
    messages(into, "paint-and-stars", "GPL-2", catalogues(f"{root}", "(krita|stellarium.*|gcompris.*|kstars|digikam)\\.mo"))
    chapters(into, glob.glob(f"{packages}/quran-json-*/package")[0])
    for tag, text in re.findall(r'kTeststr_(\w+?)_\w+ = "((?:[^"\\]|\\.)*)"', read(glob.glob(f"{packages}/cld-*/package/deps/cld/internal/unittest_data.h")[0])):
        lang = code({"zh": ""}.get(tag, tag))
        if lang and lang not in ("sr",):
            into.add("paragraphs", "Apache-2.0", lang, MARKUP.sub(" ", text))
    for kind, pattern in {"d": f"{root}/../include/d/**/*.d", "haxe": f"{root}/haxe/std/**/*.hx", "forth": f"{root}/gforth/**/*.fs", "scheme": f"{root}/guile/3.0/**/*.scm",
                          "fish": f"{root}/fish/**/*.fish", "javascript": f"{root}/nodejs/lodash/**/*.js", "sql": f"{root}/postgresql/**/*.sql", "ruby": f"{root}/../lib/ruby/3.1.0/**/*.rb",
                          "php": f"{root}/php/**/*.php", "go": f"{root}/go-*/src/**/*.go"}.items():
        programs(into, f"code-{kind}", pattern)


def parts(into, source, license, lang, lines, size=4000):
    """A long text as pages of so many characters."""
    page = []
    for line in lines:
        page.append(line)
        if size < sum(len(one) for one in page):
            into.page(source, license, lang, page, set())
            page = []
    into.page(source, license, lang, page, set())


def tutorials(into, root):
    """One tutorial each of two editors, in many languages."""
    names = {"cn": "zh-Hans", "zh": "zh-Hant", "zh_cn": "zh-Hans", "zh_tw": "zh-Hant", "no": "nb", "": "en"}
    for source, pattern, tag in [("editor", f"{root}/vim/vim*/tutor/tutor*", r"/tutor\.?(\w*)\.utf-8$"), ("other-editor", f"{root}/emacs/*/etc/tutorials/TUTORIAL*", r"/TUTORIAL\.?(\w*)$")]:
        for path in sorted(glob.glob(pattern)):
            found = re.search(tag, path)
            lang = names.get(found.group(1), tag_of(found.group(1))) if found else None
            try:
                text = open(path, encoding="utf-8").read()
            except UnicodeDecodeError:
                continue
            if lang and code(lang):
                parts(into, source, "GPL", lang, text.split("\n"), 2500)


def fresh(into, packages, root):
    for kind in ("page", "docbook"):
        both(into, "applications", "GFDL", f"{root}/help/*/**/*.{kind}", r"/help/(?:C|([-\w@]+))/", "en")
    tutorials(into, root)
    for path in sorted(glob.glob(f"{root}/doc/debian/FAQ/debian-faq.*.txt.gz")):
        parts(into, "questions", "GPL", tag_of(path.split("debian-faq.")[1][:-7]), read(path).split("\n"))
    for path in sorted(glob.glob(f"{root}/doc/kicad/help/id/*.html")):
        parts(into, "circuits", "GPL", "id", shown(read(path)))
    for source, pattern in [("postgres", f"{root}/doc/postgresql-doc-15/html/*.html"), ("mail", f"{root}/doc/exim4-doc-html/**/*.html")]:
        both(into, source, "various", pattern, r"doc/\w+()", "en")
    for source, pattern in [("perl", f"{root}/perl/*/pod/*.pod"), ("vim", f"{root}/vim/vim*/doc/*.txt"), ("cmake", f"{root}/cmake-*/Help/**/*.rst"),
                            ("node-packages", f"{packages}/npm/**/*.md"), ("python-packages", f"{packages}/pypi/**/*.[rm][sd]*")]:
        for path in sorted(glob.glob(pattern, recursive=True)):
            if path.endswith((".pod", ".txt", ".rst", ".md")):
                into.page(source, "various", "en", [line for line in read(path).split("\n") if line.strip()], set())
    lib = f"{root}/../lib"
    for kind, pattern in {"lisp": f"{root}/sbcl-source/**/*.lisp", "scheme": f"{root}/slib/*.scm", "elisp": f"{root}/emacs/site-lisp/**/*.el", "bash": f"{root}/bash-completion/completions/*",
                          "zsh": f"{root}/zsh-*/**/*.zsh", "haskell": f"{lib}/hugs/**/*.hs", "lua": f"{root}/../**/*.lua", "sql": f"{root}/**/*.sql", "ada": f"{root}/ada/**/*.ad[bs]",
                          "tcl": f"{root}/tcltk/**/*.tcl", "php": f"{root}/roundcube/**/*.php", "r": f"{lib}/R/**/*.r", "perl": f"{root}/perl*/**/*.pm", "vim": f"{root}/vim/vim*/**/*.vim",
                          "cmake": f"{root}/cmake-*/Modules/*.cmake", "python": f"{packages}/pypi/**/*.py", "javascript": f"{packages}/npm/**/*.js", "fortran": f"{packages}/pypi/**/*.f*"}.items():
        programs(into, f"code-{kind}", pattern)


SETS = {"open": lambda into, packages: opened(into, f"{packages}/deb/usr/share"), "kept": lambda into, packages: kept(into, packages, f"{packages}/deb/usr/share"),
        "fresh": lambda into, packages: fresh(into, packages, f"{packages}/deb/usr/share"), "sealed": sealed}


def main():
    name, packages, train, out = sys.argv[1:5]
    seen = set()
    for text in pq.read_table(train, columns=["text"])["text"].to_pylist():
        if SHINGLE <= len(TOKEN.findall(text)):
            seen |= shingles(text)
    into = Judged()
    SETS[name](into, packages)
    into.write(f"{out}/{name}.parquet", seen)


if __name__ == "__main__":
    main()

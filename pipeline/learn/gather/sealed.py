"""The set `sealed`: which packages, which files in them, and what they are labelled.

Each package is unpacked into a folder of its own below `deb`, `src` (Debian's sources), `npm`,
`pypi` or `crates`. What a program or a document must have is in `truth.py`. README.md lists the
packages.
"""

import glob
import gzip
import os
import re
from multiprocessing import Pool

from language import OF, code, order
from packages import of_json, of_mo
from truth import HAN, READERS, RUN, enough, pieces_of_program, weight

FILES = 200  # of a kind
PAGES = 450  # of an edition
BYTES = range(300, 60_000)
ROOTS = ("deb", "src", "npm", "pypi", "crates")

# What a file is called: the name of Pygments's lexer and of the source.
KINDS = {name: (kind, lexer) for kind, lexer, names in [
    ("ada", "ada", "adb ads"), ("assembler", "gas", "S s"), ("assembler-intel", "nasm", "asm"), ("awk", "awk", "awk"), ("batch", "bat", "bat"), ("c", "c", "c h"), ("clojure", "clojure", "clj cljs cljc"),
    ("cmake", "cmake", "cmake CMakeLists.txt"), ("cpp", "cpp", "cpp cc cxx hpp hh"), ("csharp", "csharp", "cs"), ("css", "css", "css"), ("csv", "text", "csv tsv"), ("d", "d", "d"), ("dart", "dart", "dart"),
    ("elisp", "elisp", "el"), ("elixir", "elixir", "ex exs"), ("erlang", "erlang", "erl hrl"), ("fortran", "fortran", "f90 F90 f95 f03 f08"), ("fortran-fixed", "fortranfixed", "f F for f77"),
    ("glsl", "glsl", "glsl vert frag comp geom tesc tese"), ("go", "go", "go"), ("graphql", "graphql", "graphql gql"), ("groovy", "groovy", "groovy gradle"), ("haskell", "haskell", "hs"),
    ("html", "html", "html htm vue erb tmpl jinja j2 twig hbs mustache"), ("ini", "ini", "ini cfg conf"), ("java", "java", "java"), ("javascript", "javascript", "js mjs cjs jsx"), ("json", "json", "json"),
    ("julia", "julia", "jl"), ("kotlin", "kotlin", "kt kts"), ("latex-class", "tex", "cls sty"), ("less", "less", "less"), ("log", "text", "log"), ("lua", "lua", "lua"), ("m4", "text", "m4"),
    ("makefile", "makefile", "mk Makefile makefile GNUmakefile Makefile.am Makefile.in"), ("objective-c", "objective-c", "mm"), ("ocaml", "ocaml", "ml mli"), ("octave", "octave", "m"), ("pascal", "delphi", "pas pp lpr dpr"),
    ("perl", "perl", "pl pm"), ("php", "php", "php"), ("powershell", "powershell", "ps1 psm1"), ("prolog", "prolog", "prolog"), ("protobuf", "protobuf", "proto"), ("python", "python", "py"), ("r", "r", "R r"),
    ("ruby", "ruby", "rb rake"), ("rust", "rust", "rs"), ("scala", "scala", "scala"), ("scss", "scss", "scss"), ("shell", "bash", "sh bash"), ("solidity", "solidity", "sol"), ("sql", "mysql", "sql"),
    ("swift", "swift", "swift"), ("tcl", "tcl", "tcl tm itcl"), ("thrift", "thrift", "thrift"), ("toml", "toml", "toml"), ("typescript", "typescript", "ts tsx"), ("verilog", "verilog", "v sv vh"),
    ("vhdl", "vhdl", "vhd vhdl"), ("vim", "vim", "vim"), ("xml", "xml", "xml xsl xsd ui"), ("yaml", "yaml", "yaml yml")] for name in names.split()}


def tag_in(name):
    """The tag of a file or folder as `code` reads it."""
    name = name.split(".")[0].replace("_", "-").replace("@latin", "-Latn").replace("@ijekavian", "").replace("@valencia", "")
    if "@" in name:  # another script, as English in Shavian
        return "und"
    name = re.sub("-(cn|tw)$", lambda found: found.group().upper(), name)
    return {"nb-NO": "nb", "nn-NO": "nn", "sr-RS": "sr", "C": "en", "POSIX": "und", "zh": "zh-Hans"}.get(name, name)


def read(path):
    """A file's text, or none if it is not UTF-8."""
    opened = gzip.open if path.endswith(".gz") else open
    try:
        with opened(path, "rt", encoding="utf-8-sig") as file:
            return file.read().replace("\r\n", "\n")
    except (UnicodeDecodeError, OSError, EOFError):
        return ""


def files(packages):
    """Every file with its package."""
    for root in ROOTS:
        for package in sorted(os.listdir(f"{packages}/{root}")):
            for folder, folders, names in os.walk(f"{packages}/{root}/{package}"):
                folders.sort()
                for name in sorted(names):
                    path = os.path.join(folder, name)
                    if not os.path.islink(path):
                        yield package, path


def within(package, path):
    """A path from its package on, so that it does not matter where the packages are."""
    return path[path.index(f"/{package}/") + len(package) + 1:]


def in_turn(by_package):
    """One of each package, then another of each, so that no project decides."""
    queues = [sorted(paths, key=lambda path: order(within(package, path))) for package, paths in sorted(by_package.items())]
    for turn in range(max(map(len, queues), default=0)):
        for queue in queues:
            yield from queue[turn:turn + 1]


def program(job):
    kind, lexer, path = job
    text = read(path)
    return kind, path, text, list(pieces_of_program(lexer, text)) if text and "\0" not in text else []


TRANSLATED = re.compile(r"/(locales?|locali[sz]ation|i18n|l10n|lang|languages?|translations?|messages)/", re.I)


def jobs(listed):
    by_kind = {}
    for package, path in listed:
        name = os.path.basename(path)
        kind = KINDS.get(name) or KINDS.get(name.rsplit(".", 1)[-1] if "." in name else "")
        own, octave = within(package, path), package.startswith("octave")
        if package == "gprolog" and name.endswith(".pl"):
            kind = KINDS["prolog"]
        page = kind and kind[0] == "html" and re.search(r"/(doc|help|html|site|ri|man)/", own)
        other = kind and (kind[0] == "d" and package == "curl" or kind[0] == "octave" and not octave or name.startswith("filetypes."))
        if kind and not page and not other and ".min." not in name and not TRANSLATED.search(own) and os.path.getsize(path) in BYTES:
            by_kind.setdefault(kind, {}).setdefault(package, []).append(path)
    for (kind, lexer), by_package in sorted(by_kind.items()):
        for at, path in enumerate(in_turn(by_package)):
            if at == FILES + FILES // 8:
                break
            yield kind, lexer, path


def programs(into, listed):
    seen, taken = set(), {}
    with Pool(2) as pool:
        for kind, _, text, pieces in pool.imap(program, jobs(listed), 8):
            if text in seen or not pieces or FILES <= taken.get(kind, 0):
                continue
            seen.add(text)
            taken[kind] = taken.get(kind, 0) + 1
            for name, own, label in pieces:
                into.add(f"{name}-{kind}", "various", "zxx" if label == "zxx" else "mul", own)


# Documents.

STOPS = {lang: set(words.split()) for lang, words in {
    "en": "the and of to is in for that this with are be it you on as from can not will which", "de": "der die und das ist nicht ein eine mit für den von auf sie werden wird dem zu im oder", "fr": "le la les des et est une pour que dans sur du vous pas ce avec qui être au ou",
    "es": "el la los las de que y en una para con por se del es un no al su como", "pt": "o os as de que e em uma para com por se do da é um não ao na no como", "it": "il la di che e per una un con del della è non si le in da gli sono nel",
    "nl": "de het een van en is dat voor met niet op zijn te in worden wordt u als of aan", "tr": "ve bir için ile bu olarak olan de da veya daha gibi kullanarak eğer ise", "id": "yang dan untuk dengan ini dari di adalah dalam pada tidak akan atau ke anda",
    "pl": "i w na z do się nie jest to że dla od jak lub oraz po przez", "vi": "và là của các cho được không với một có này trong để theo từ", "sv": "och att det som en är på för med av den inte till om eller kan"}.items()}
WORD = re.compile(r"[^\W\d_]+")
TRADITIONAL = re.compile("[們這個來時對說為國學會經過還進關開問與實現應該將無種動體點當從發後頭數據檔設號變讓區別錯誤顯]")
SIMPLIFIED = re.compile("[们这个来时对说为国学会经过还进关开问与实现应该将无种动体点当从发后头数据档设号变让区别错误显]")
WAYS = [("ja", re.compile("[぀-ヿ]"), 10), ("ko", re.compile("[가-힣]"), 3), ("zh", re.compile("[㐀-鿿]"), 3), ("ru", re.compile("[а-яё]", re.I), 2), ("fa", re.compile("[پچژگی]"), 12), ("ar", re.compile("[؀-ۿ]"), 2)]


def tongue(text):
    """The language of a passage by its letters and the words that every sentence has, or none."""
    letters = sum(map(len, WORD.findall(text)))
    for lang, own, share in WAYS:
        if letters and letters <= share * len(own.findall(text)):
            if lang == "zh":
                both = len(TRADITIONAL.findall(text)), len(SIMPLIFIED.findall(text))
                return "zh-Hant" if both[0] > both[1] else "zh-Hans"
            return lang
    words = [word.lower() for word in WORD.findall(text)]
    counts = sorted(((sum(word in own for word in words), lang) for lang, own in STOPS.items()), reverse=True)
    return counts[0][1] if counts[0][0] * 8 >= len(words) and counts[0][0] > 1.3 * counts[1][0] else None


def document(into, source, tag, shown, pieces, english=frozenset()):
    """Adds a document and its sentences under its language, if it is in one and in no other."""
    lang = code(tag) if tag else tongue(" ".join(pieces))
    if not lang or weight(shown) < 200:
        return
    text, said = " ".join(pieces), [one for one in pieces if RUN.search(one)]
    if lang[:2] in ("zh", "ja", "ko"):
        other = [one for one in said if not HAN.search(one)]
    else:
        other = [one for one in said if tongue(one) not in (None, lang) and "en" in (lang, tongue(one))]
    left = sum(weight(one) for one in said if one.strip() in english)
    foreign = lang in OF and 3 * len(OF[lang].findall(text)) < sum(map(len, WORD.findall(text)))
    alone = 10 * sum(map(weight, other)) <= sum(map(weight, said)) and (lang == "en" or 10 * left <= sum(map(weight, said)))
    good = alone and not foreign and enough(shown, pieces)
    into.add(f"{source}-pages", "various", lang if good else "mul", shown)
    if good:
        into.sentences(source, "various", lang, said, set())


def reader(path):
    name = os.path.basename(path[:-3] if path.endswith(".gz") else path)
    return READERS[".man"] if "/man/" in path else READERS.get(os.path.splitext(name)[1].lower(), READERS[""])


def parsed(path):
    text = read(path)
    return (described if os.path.basename(path) in ("METADATA", "PKG-INFO") else reader(path))(text) if text else ("", [])


def editions(into, pool, source, pattern, tag):
    """One manual in many languages; paragraphs of the English edition tell which pages are in English still."""
    by_tag = {}
    for path in sorted(glob.glob(pattern, recursive=True)):
        found = re.search(tag, path)
        if found and os.path.isfile(path) and not os.path.islink(path):
            by_tag.setdefault(tag_in(found.group(1) or "en"), []).append(path)
    chosen = [(name, path) for name, paths in sorted(by_tag.items()) for path in sorted(paths, key=lambda path: order(os.path.basename(path)))[:PAGES]]
    pages = [(name, *page) for (name, _), page in zip(chosen, pool.imap(parsed, [path for _, path in chosen], 8))]
    english = {one.strip() for name, _, pieces in pages if code(name) == "en" for one in pieces}
    for name, shown, pieces in pages:
        document(into, source, name, shown, pieces, english)


def of_info(text):
    """Nodes of an Info file."""
    return [node.partition("\n\n")[2] for node in text.split("\x1f")[1:] if "\n\n" in node]


def described(text):
    """What a package of Python says of itself: Markdown or reStructuredText after its fields."""
    fields, _, body = text.partition("\n\n")
    return READERS[".rst" if re.search(r"(?i)^Description-Content-Type: *text/x-rst", fields, re.M) else ".md"](body)


NEWS = re.compile(r"(change|news|history|release)", re.I)


def readmes(into, pool, listed, root, source):
    """Readmes, manuals and histories as they are written, in whatever language that is."""
    by_package = {}
    for package, path in listed:
        name = os.path.basename(path)
        if path.startswith(root) and not NOT_OURS.search(within(package, path)) and (name.endswith((".md", ".mdx", ".markdown", ".rst", ".pod", ".adoc")) or name in ("METADATA", "PKG-INFO")):
            by_package.setdefault(package, []).append(path)
    paths = list(in_turn(by_package))
    for path, page in zip(paths, pool.imap(parsed, paths, 8)):
        document(into, f"{source}-changes" if NEWS.match(os.path.basename(path)) else source, None, *page)


NOT_OURS = re.compile(r"licen[cs]e|copying|/node_modules/|/tests?/|/fixtures?/|code_of_conduct", re.I)


def prose(into, packages, listed):
    deb = f"{packages}/deb"
    editions_of = [
        ("handbook", f"{deb}/debian-handbook/**/html/*/*.html", r"/html/([-\w]+)/"), ("hardening", f"{deb}/harden-doc/**/html/*/*.html", r"/html/([-\w]+)/"),
        ("bookkeeping", f"{deb}/gnucash-docs/**/gnucash-*/*.html", r"/gnucash-(?:guide|help)-(\w+)/"), ("movies", f"{deb}/mplayer-doc/**/HTML/*/*.html", r"/HTML/(\w+)/"),
        ("scores", f"{deb}/lilypond-doc-html-*/**/*.html", r"\.(\w\w)\.html$"), ("search", f"{deb}/groonga-doc/**/html/**/*.html", r"/(en|ja)/html/"),
        ("drawing", f"{deb}/tuxpaint-data/**/html/*.html", r"/(\w+)(?:\.UTF-8)?/(?:magic-docs/)?html/"), ("numerics", f"{deb}/scilab-doc-*/help/**/*.html", r"/scilab_(\w+)_help/"),
        ("history", f"{deb}/debian-history/**/docs/*.html", r"\.([-\w]+)\.html$"), ("bank", f"{deb}/grisbi-common/**/*.html", r"/grisbi/(\w\w)/"),
        ("desktop-help", f"{deb}/*/usr/share/help/*/**/*.page", r"/help/([-\w@]+)/"), ("desktop-books", f"{deb}/*/usr/share/doc/HTML/*/**/*.docbook", r"/HTML/([-\w@]+)/"),
        ("help-books", f"{deb}/*/usr/share/help/*/**/*.docbook", r"/help/([-\w@]+)/"),
        ("manuals", f"{deb}/*/usr/share/man/**/*.gz", r"/share/man/(?:man\d|([-\w@]+)/man\d)"), ("kernel", f"{deb}/debian-kernel-handbook/**/*.html", r"()"),
        ("gnu", f"{deb}/[dfim]*-doc/usr/share/doc/[dfm]*/**/*.html", r"/(?:flex|diffutils|m4|maxima)-doc()"), ("servers", f"{deb}/*-doc/**/*.html", r"/(?:postfix|bind9|octave|libeccodes)-doc()"),
        ("vim-plugins", f"{deb}/[nv]*/**/doc/*.txt", r"/(?:vim-|neovim)()"),
        ("curl", f"{packages}/src/curl/**/docs/**/*.[1-9md]*", r"/docs/()"),
    ]
    with Pool(2) as pool:
        for source, pattern, tag in editions_of:
            editions(into, pool, source, pattern, tag)
        for root, source in [("npm", "node"), ("pypi", "python"), ("crates", "crates"), ("src", "projects"), ("deb", "debian")]:
            readmes(into, pool, listed, f"{packages}/{root}/", source)
    for path in sorted(glob.glob(f"{deb}/*/usr/share/info/*.info*.gz")):
        for node in of_info(read(path)):
            document(into, "info", "en", *READERS[""](node))
    for package, path in listed:
        if re.search(r"/deb/[^/]+/usr/share/doc/[^/]+/(README|NEWS|FAQ|TODO|HACKING|INSTALL|changelog)[^/]*$", path) and not path.endswith((".md", ".html", ".rst")):
            document(into, "changes" if re.search("/(NEWS|changelog)", path) else "notes", None, *READERS[""](read(path)))


def catalogues(packages, names):
    for path in sorted(glob.glob(f"{packages}/deb/*/**/LC_MESSAGES/*.mo", recursive=True)):
        if re.fullmatch(names, os.path.basename(path)):
            yield path.split("/LC_MESSAGES")[0].split("/")[-1], of_mo(path)


def tables(pattern):
    for path in sorted(glob.glob(pattern)):
        yield os.path.basename(path)[:-5], of_json(path)


def phrases(into, packages):
    for source, found in [
        ("gnome", catalogues(packages, r"(baobab|gnome-.*|gthumb|ghex|gucharmap|gnumeric.*|epiphany|cheese|simple-scan|seahorse|glade|nautilus|evolution-data-server)\.mo")),
        ("kde", catalogues(packages, r"(kcalc|gwenview|kbruch|lokalize|okular.*|kate.*|krusader|kmymoney|umbrello|parley|ktouch|kdevelop|skrooge.*|plasma.*)\.mo")),
        ("studio", catalogues(packages, r"(inkscape|filezilla|deluge|homebank|gnucash|grisbi|gramps|pidgin|abiword|scribus|darktable|gparted|bluefish|geany|hexchat|claws-mail|pan|synaptic|poedit|lynx|balsa)\.mo")),
        ("tools", catalogues(packages, r"(util-linux|shadow|man-db|psmisc|procps.*|xz|mc|nmap|tar|sed|gettext-tools|debconf|adduser|glib20|gtk30|subversion|newsboat|tig|jq)\.mo")),
        ("node-phrases", tables(f"{packages}/npm/primelocale-*/package/*.json")), ("grids", tables(f"{packages}/npm/devextreme-*/package/localization/messages/*.json"))]:
        found = [(tag_in(tag), list(texts)) for tag, texts in found]
        english = {one.strip() for tag, texts in found if tag == "en" for one in texts}
        for tag, texts in found:
            into.sentences(source, "various", tag, texts, english)


def sealed(into, packages):
    listed = list(files(packages))
    programs(into, listed)
    prose(into, packages, listed)
    phrases(into, packages)

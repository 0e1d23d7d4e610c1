"""What whole pages teach about what prose looks like, its headings, lists, links and tables, and
what code in them looks like."""

import html
import itertools
import re

import pyarrow as pa
import pyarrow.parquet as pq

from programs import crates, files, read

BLOCK = re.compile(r"</?(?:p|div|li|ul|ol|dl|dd|dt|tr|td|th|table|pre|h[1-6]|br|hr|para|title|section|sect\d|listitem|screen|programlisting|term|entry|row)\b[^>]*>", re.I)
HIDDEN = re.compile(r"<(script|style|head|nav)\b.*?</\1>|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>", re.S | re.I)
FENCED = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n(.*?)^[ \t]*\1[^\n]*$", re.S | re.M)
CODE_DIRECTIVE = re.compile(r"\s*\.\. (code|code-block|sourcecode|parsed-literal|highlight)\b")
OTHER_DIRECTIVE = re.compile(r"\s*\.\. (math|toctree|plot|autosummary|image|figure)\b")
RUN = re.compile(r"[A-Za-z]+(?:[,;]? [A-Za-z]+){4}")
LONGEST, MOST_PAGES = 60_000, 1200

# Kind, files below PACKAGES; `crates` are told by their manifests.
PAGES = [
    ("changelog", "md", ["crates/CHANGELOG*.md", "crates/CHANGES*.md"]),
    ("crates", "md", ["crates/README.md", "crates/docs/**/*.md"]),
    ("npm", "md", ["*/package/*.md", "*/package/**/README*.md"]),
    ("docker", "md", ["manual/**/*.md"]),
    ("source", "md", ["source/*/**/*.md", "source/*/**/*.Rmd"]),
    ("source", "rst", ["source/*/**/*.rst"]),
    ("manual", "rst", ["manual/**/*.rst*", "manual/usr/share/doc/**/_sources/**/*.txt"]),
    ("source", "pod", ["source/*/**/*.pod"]),
    ("source", "adoc", ["source/*/**/*.adoc"]),
    ("manual", "html", ["manual/usr/share/doc/**/*.html"]),
    ("source", "changes", [f"source/*/**/{name}*" for name in ("ChangeLog", "changes", "NEWS", "CHANGES", "HISTORY", "changelog")]),
    ("source", "man", ["source/*/**/*.[1-9n]"]),
    ("source", "text", ["source/*/**/README*", "source/*/**/INSTALL*", "source/*/**/*.txt"]),
]


def shown(text):
    """Lines of a page without its markup."""
    lines = html.unescape(html.unescape(re.sub(r"<[^>]*>", "", BLOCK.sub("\n", HIDDEN.sub(" ", text))))).split("\n")
    return [line for line in (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in lines) if line]


# Readers give what is said, with its markup, and what is shown as code.


def markdown(text):
    code = [found.group(2) for found in FENCED.finditer(text)]
    return re.sub(r"<!--.*?-->", "", FENCED.sub("", text), flags=re.S), code


def indent(line):
    return len(line) - len(line.lstrip())


def restructured(text):
    said, code, lines = [], [], text.split("\n")
    while lines:
        line = lines.pop(0)
        directive, other = CODE_DIRECTIVE.match(line), OTHER_DIRECTIVE.match(line)
        literal = line.rstrip().endswith("::") and not line.lstrip().startswith("..")
        block = []
        while (directive or other or literal) and lines and (not lines[0].strip() or indent(line) < indent(lines[0])):
            block.append(lines.pop(0))
        if not directive and not other:
            said.append(line)
        if not other:
            code.append("\n".join(block))
    return re.sub(r"^>>>.*(?:\n(?!\s*\n).*)*", "", "\n".join(said), flags=re.M), code


def pod(text):
    blocks = re.split(r"\n\s*\n", text)
    return "\n\n".join(block for block in blocks if not block[:1].isspace()), [block for block in blocks if block[:1].isspace()]


def asciidoc(text):
    return re.sub(r"^(----+|\.\.\.\.+|```)\n.*?^\1$", "", text, flags=re.S | re.M), []


def page(text):
    return "\n".join(shown(re.sub(r"<pre\b.*?</pre>", " ", text, flags=re.S | re.I))), []


def roff(text):
    """Lines of a page for `man`, without requests."""
    lines = []
    for line in text.split("\n"):
        found = re.match(r"[.']\s*(\w*)\s*(.*)", line)
        if line.startswith(('.\\"', "'\\\"")) or found and found.group(1) not in ("B", "I", "BR", "IR", "RB", "RI", "BI", "IB", "SM", "SH", "SS", "Sh", "Ss", "Nd"):
            continue
        line = found.group(2).replace('"', "") if found else line
        line = re.sub(r"\\(?:f(?:\w|\(\w\w|\[\w*\])|[&/,|^:%c]|s[-+]?\d+)|\\\".*", "", line)
        line = re.sub(r"\\\((\w\w)|\\\[(\w+)\]", " ", line).replace("\\-", "-").replace("\\e", "\\").replace("\\ ", " ")
        lines.append(line.rstrip())
    return [line for line in lines if line]


def manual(text):
    return "\n".join(roff(text)) if re.search(r"^\.(TH|Dd)\b", text, re.M) else "", []


def changes(text):
    return text, []


def plain(text):
    """Paragraphs of which half of the lines at least have words in a row."""
    blocks = [block for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    said = [block for block in blocks if len(block.strip().split("\n")) <= 2 * sum(1 for line in block.split("\n") if RUN.search(line))]
    return "\n\n".join(said) if len(blocks) <= 2 * len(said) else "", []


READERS = {"md": markdown, "rst": restructured, "pod": pod, "adoc": asciidoc, "html": page, "changes": changes, "man": manual, "text": plain}


def paths_of(packages, patterns):
    for pattern in patterns:
        yield from crates(packages, pattern[7:]) if pattern.startswith("crates/") else files(packages, [pattern])


def write_pages(packages, path):
    """Rows of a table of its own: pages are no samples of their language."""
    rows = []
    for kind, format_, patterns in PAGES:
        name = f"page-{kind}-{format_}"
        for file in itertools.islice(dict.fromkeys(paths_of(packages, patterns)), MOST_PAGES):
            said, code = READERS[format_]((read(file) or "")[:LONGEST])
            rows += [(said, "en", name)] if said.strip() else []
            rows += [(one, "zxx", f"{name}-code") for one in code if one.strip()]
    columns = zip(["text", "lang", "source"], map(list, zip(*rows)))
    pq.write_table(pa.table(dict(columns)), path, compression="zstd")
    print(f"{path}: {len(rows)} pages and pieces of code")

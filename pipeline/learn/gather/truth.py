"""What a program or a document must have before anything is judged by it, in the words of parsers
that others made: Pygments for programs, markdown-it and docutils for documents.

A program is no language where less than half of what it holds, space aside, is said: comments,
documentation, and runs of five words in strings or in the text of markup. A document is in its
language where enough is said in paragraphs, items and cells, code and targets of links aside.
What is neither is `mul`: kept and counted, not judged. Needs pygments, markdown-it-py, docutils.
"""

import re
from html.parser import HTMLParser
from unicodedata import normalize

from docutils import frontend, nodes, utils
from docutils.parsers import rst
from docutils.parsers.rst import directives, roles
from markdown_it import MarkdownIt
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Literal, Name, String, Text

LONGEST = 12_000  # characters of a file or a document
WINDOW = 40  # lines
LEAST_SAID, LEAST_SAID_HAN, LEAST_SHARE, LEAST_PIECES = 200, 80, 5, 3

RUN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*(?:[,;:.]?\s+[^\W\d_]+(?:['’-][^\W\d_]+)*){4,}|[぀-ヿ㐀-鿿가-힣][぀-ヿ㐀-鿿가-힣、，。]{9,}")
HAN = re.compile("[぀-ヿ㐀-鿿가-힣]")
LINK = re.compile(r"\b(?:https?|ftp|mailto):\S+|\bwww\.\S+")


def weight(text):
    """Characters that are not white space."""
    return len("".join(text.split()))


# Programs.

SPOKEN = (String.Doc, Comment.Single, Comment.Multiline, Comment.Special)
QUOTED = (String, Literal.Scalar, Name.Constant, Text)


def spoken(kind, token):
    if token in Comment:
        aside = token in Comment.Preproc or token in Comment.PreprocFile or token in Comment.Hashbang
        return not aside or kind == "perl"  # what follows `__END__` in Perl
    return token in String.Doc


def said_of_program(kind, text):
    """For each character whether it is said."""
    said, quoted, last = bytearray(len(text)), [], None
    lexer = get_lexer_by_name(kind, stripnl=False, ensurenl=False)
    for at, token, value in lexer.get_tokens_unprocessed(text):
        if spoken(kind, token):
            said[at:at + len(value)] = b"\1" * len(value)
        elif any(token in one for one in QUOTED):
            if quoted and quoted[-1][1] == at:
                quoted[-1][1] = at + len(value)
            else:
                quoted.append([at, at + len(value)])
    for start, end in quoted:
        for run in RUN.finditer(text, start, end):
            said[run.start():run.end()] = b"\1" * (run.end() - run.start())
    return said


def pieces_of_program(kind, text):
    """The first characters of a file and forty lines from a third of it on, each with its label."""
    lines = text.split("\n")
    first = sum(len(line) + 1 for line in lines[:len(lines) // 3])
    window = "\n".join(lines[len(lines) // 3:][:WINDOW])[:4000]
    said = said_of_program(kind, text[:max(LONGEST, first + len(window))])
    for name, start, own in [("files", 0, text[:LONGEST]), ("code", first, window)]:
        held = [at for at, one in enumerate(own, start) if not one.isspace()]
        if 200 < len(own.strip()):
            yield name, own, "zxx" if 2 * sum(said[at] for at in held) < len(held) else "mul"


# Documents. Each reader gives the text as it stands in a corpus, and what is said in it.

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def cut(text):
    """At most so many characters, of whole lines."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    return text if len(text) <= LONGEST else text[:text.rfind("\n", 0, LONGEST) + 1] or text[:LONGEST]


def markdown(text):
    text = cut(text)
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    pieces, opened = [], ""
    for token in MARKDOWN.parse(body):
        if token.type == "inline" and opened != "heading_open":
            pieces.append(" ".join(one.content for one in token.children if one.type == "text"))
        opened = token.type
    return text, [LINK.sub(" ", one) for one in pieces]


class Any(dict):
    """Whatever options a directive is given."""

    def __missing__(self, name):
        return directives.unchanged


NOT_SAID = re.compile(r"(code|sourcecode|literal|toc|auto|parsed|doctest|test|ipython|plot|math|image|figure|highlight|index|include|raw|production|graph|mermaid|digraph|uml|prompt|console|program|click|currentmodule|module|contents|meta|tabularcolumns|rubric|only|ifconfig|bibliography|versions|command-output|jupyter|cmake|option)")


class Directive(rst.Directive):
    optional_arguments, final_argument_whitespace, has_content, option_spec = 1, True, True, Any(name=directives.unchanged)

    def run(self):
        held = nodes.container()
        if not NOT_SAID.match(self.name) or self.name == "option":
            self.state.nested_parse(self.content, self.content_offset, held)
        return [held]


KNOWN_DIRECTIVES = {"note", "warning", "tip", "hint", "important", "caution", "attention", "danger", "error", "admonition", "topic", "sidebar", "list-table", "csv-table", "table", "container", "epigraph", "compound", "line-block", "replace", "class", "role", "default-role"}
known_directive = directives.directive
directives.directive = lambda name, *rest: known_directive(name, *rest) if name in KNOWN_DIRECTIVES else (Directive, [])
known_role = roles.role


def role(name, *rest):
    found, messages = known_role(name, *rest) if name in ("emphasis", "strong", "subscript", "superscript", "") else (None, [])
    return found or (lambda role, raw, text, *rest, **more: ([nodes.literal(raw, text)], [])), messages


roles.role = role
SETTINGS = frontend.get_default_settings(rst.Parser)
SETTINGS.update(dict(report_level=5, halt_level=5, file_insertion_enabled=False, raw_enabled=False, warning_stream=""), frontend.OptionParser(components=(rst.Parser,)))


def words_of(node):
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, (nodes.literal, nodes.math, nodes.image, nodes.problematic, nodes.footnote_reference, nodes.system_message, nodes.raw)):
        return " "
    return "".join(map(words_of, node.children))


def restructured(text):
    text = cut(text)
    tree = utils.new_document("page", SETTINGS)
    try:
        rst.Parser().parse(text, tree)
    except Exception:  # whatever docutils trips over is a page that nobody can build
        return text, []
    found = [one for one in tree.findall(nodes.paragraph) if not isinstance(one.parent, (nodes.system_message, nodes.citation))]
    return text, [LINK.sub(" ", words_of(one)) for one in found]


def blocks(text):
    return [block for block in re.split(r"\n[ \t]*\n", text) if block.strip()]


def pod(text):
    """Plain old documentation."""
    text, pieces, dropped = cut(text), [], False
    for block in blocks(text):
        head = re.match(r"=(\w+)\s*(.*)", block, re.S)
        if head and head.group(1) in ("begin", "end"):
            dropped = head.group(1) == "begin"
        elif not dropped and not block[0].isspace() and (not head or head.group(1) == "item"):
            body = re.sub(r"\b[CLFXZ](?:<<+ .*? >>+|<[^<>]*>)", " ", head.group(2) if head else block, flags=re.S)
            pieces.append(re.sub(r"\b[BIE]<([^<>]*)>", r"\1", body))
    return text, [LINK.sub(" ", one) for one in pieces]


def asciidoc(text):
    text, pieces, fence, cells = cut(text), [], None, False
    for block in blocks(re.sub(r"^(-{4,}|\.{4,}|/{4,}|\+{4,}|```.*|\|={3,})$", r"\n\n\1\n\n", text, flags=re.M)):
        mark = block.strip()
        if re.fullmatch(r"-{4,}|\.{4,}|/{4,}|\+{4,}|```.*", mark):
            fence = None if fence and mark.startswith(fence) else fence or mark[:3]
        elif not fence and not mark.startswith("|===") and not block[0].isspace():
            lines = [line for line in block.split("\n") if not re.match(r"(:[\w-]+:|\[.*\]$|//|={1,6} |\.\w|\w+::|[-~^=+]{4,}$|include::|image::)", line)]
            pieces += re.split(r"(?m)^(?:[*.-]+ |\|)", "\n".join(lines))
    return text, [LINK.sub(" ", re.sub(r"`[^`]*`|\+[^+\s]+\+|<<[^>]*>>|\w+:[\w-]*\[", " ", one)) for one in pieces if one.strip()]


def plain(text):
    """Paragraphs of which half of the lines at least have a run of words."""
    text = cut(text)
    pieces = [re.sub(r"\s+", " ", block) for block in blocks(text)
              if len(block.strip().split("\n")) <= 2 * sum(1 for line in block.split("\n") if RUN.search(line))]
    return text, [LINK.sub(" ", one) for one in pieces]


class Shown(HTMLParser):
    """A page of HTML, DocBook or Mallard as it is shown, with what is set as code told apart."""

    BLOCK = set("p div li ul ol dl dd dt tr td th table pre h1 h2 h3 h4 h5 h6 br hr para simpara title section sect1 sect2 sect3 listitem varlistentry screen programlisting term entry row item steps list terms synopsis blockquote article page note caption figure".split())
    FIXED = {"pre", "screen", "programlisting", "synopsis", "literallayout"}
    SAID = {"p", "li", "dd", "td", "para", "simpara", "item", "entry", "listitem"}
    CODE = FIXED | set("code tt kbd samp var command filename option literal function envar userinput computeroutput cmd output input file sys varname replaceable parameter title h1 h2 h3 h4 h5 h6 dt term".split())
    HIDDEN = {"script", "style", "head", "nav", "info", "bookinfo", "articleinfo", "remark", "svg"}
    VOID = {"br", "hr", "img", "link", "meta", "input", "wbr", "col", "area", "base", "media", "xref", "anchor"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.said, self.out, self.pieces = [], [], [""], [[]]
        self.feed(re.sub(r"<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>|<\?.*?\?>", "", text, flags=re.S))
        self.close()

    def broken(self):
        if self.out[-1].strip():
            self.out.append("")
        if self.pieces[-1]:
            self.pieces.append([])

    def handle_starttag(self, tag, attrs):
        if tag in self.BLOCK:
            self.broken()
        if tag not in self.VOID:
            self.open.append(tag)
            self.said.append(tag in self.SAID or ("class", "para") in attrs)

    def handle_endtag(self, tag):
        if tag in self.open:
            last = len(self.open) - 1 - self.open[::-1].index(tag)
            del self.open[last:], self.said[last:]
        if tag in self.BLOCK:
            self.broken()

    def handle_data(self, data):
        if self.HIDDEN & set(self.open):
            return
        if self.FIXED & set(self.open):
            self.out[-1] += data
            return
        data = re.sub(r"\s+", " ", data)
        self.out[-1] += data if self.out[-1] else data.lstrip()
        if any(self.said):
            self.pieces[-1].append(" " if self.CODE & set(self.open) else data)


def page(text):
    parsed, left, pieces = Shown(text), LONGEST, []
    for own in parsed.pieces:
        own = "".join(own)
        left -= len(own)
        pieces += [own] if 0 < left and own.strip() else []
    return cut("\n\n".join(block.strip("\n").rstrip() for block in parsed.out if block.strip())), [LINK.sub(" ", one) for one in pieces]


ASIDE = re.compile(r"\\(?:f(?:\w|\(\w\w|\[\w*\])|[&/,|^:%c]|s[-+]?\d+)|\\\".*")
MARKED = {":": "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", ",": "\u0327"}
NAMED = {"ss": "ß", "oe": "œ", "OE": "Œ", "ae": "æ", "AE": "Æ", "/o": "ø", "/O": "Ø", "oa": "å", "oA": "Å", "aq": "'", "dq": '"', "oq": "‘", "cq": "’", "lq": "“", "rq": "”", "Fo": "«", "Fc": "»", "em": "—", "en": "–", "bu": "•", "co": "©"}
HEARD = ("B", "I", "BR", "IR", "RB", "RI", "BI", "IB", "SM", "Nm", "Nd", "Em", "Sy")


def letter(found):
    """A letter by its name in roff."""
    name = found.group(1) or found.group(2)
    if re.fullmatch("u[0-9A-F]{4,5}", name):
        return chr(int(name[1:], 16))
    return NAMED.get(name) or (normalize("NFC", name[1] + MARKED[name[0]]) if len(name) == 2 and name[0] in MARKED else " ")


def manual(text):
    """A page for `man`: its words, a blank line where a paragraph starts."""
    lines, pieces, fixed = [], [[]], False
    for line in text.split("\n"):
        found = re.match(r"[.'][ \t]*(\\\"|\w*)[ \t]*(.*)", line)
        name = found.group(1) if found else ""
        fixed = name in ("nf", "EX", "Bd") or fixed and name not in ("fi", "EE", "Ed")
        if found and name not in HEARD:
            if name in ("SH", "SS", "Sh", "Ss", "PP", "LP", "P", "TP", "IP", "Pp", "It", "sp", "HP"):
                lines.append("")
                pieces.append([])
            if name not in ("SH", "SS", "Sh", "Ss"):
                continue
        shown = found.group(2).replace('"', "") if found else line
        shown = ASIDE.sub("", re.sub(r"\\\((\S\S)|\\\[([^]\s]+)\]", letter, shown)).replace("\\-", "-").replace("\\e", "\\").replace("\\ ", " ")
        lines.append(shown.rstrip())
        if not shown.strip():
            pieces.append([])
        elif not fixed and (not found or name in ("I", "IR", "RI", "Em", "Nd")):
            pieces[-1].append(shown)
    left, own = LONGEST, []
    for piece in map(" ".join, pieces):
        left -= len(piece)
        own += [piece] if 0 < left and piece.strip() else []
    return cut(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")), [LINK.sub(" ", one) for one in own]


READERS = {".md": markdown, ".mdx": markdown, ".markdown": markdown, ".rst": restructured, ".pod": pod, ".adoc": asciidoc, ".asciidoc": asciidoc,
           ".html": page, ".htm": page, ".xhtml": page, ".docbook": page, ".page": page, ".man": manual, ".txt": plain, "": plain}


def enough(text, pieces):
    """Whether so much is said in a document that it is in a language."""
    said = sum(weight(one) for one in pieces)
    least = LEAST_SAID_HAN if said < 3 * len(HAN.findall("".join(pieces))) else LEAST_SAID
    return least <= said and weight(text) <= LEAST_SHARE * said and LEAST_PIECES <= sum(1 for one in pieces if RUN.search(one))

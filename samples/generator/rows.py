"""One input row together with the truth about it."""

from __future__ import annotations

from dataclasses import dataclass

WEB = "quickstart/web/en-web.parquet"
NEWS = "quickstart/news/zh-news.jsonl.zst"
NOTES = "quickstart/notes/mixed-notes.csv"
FILES = {"web": WEB, "news": NEWS, "notes": NOTES}


@dataclass
class Row:
    file: str
    kind: str
    text: str | None
    lang: str
    source: str
    expect: str = "keep"
    group: str | None = None
    keeper: bool = False
    # The line as it stands in the file, for rows that cannot be read as a record.
    raw: bytes | None = None
    # Written without its text field; only possible in the news file.
    lacks_text: bool = False
    # Written with \\u escapes in the news file; the text is the same.
    escaped: bool = False
    id: str | None = None
    row: int = -1

    @property
    def path(self) -> str:
        return FILES[self.file]

    def truth(self) -> dict:
        return {
            "file": self.path,
            "row": self.row,
            "id": self.id,
            "kind": self.kind,
            "expect": self.expect,
            "group": self.group,
            "keeper": self.keeper,
        }

"""Makes texts without language that no model learnt from, to see whether they are refused.

    python3 tests/bench/language_noise.py CORPUS OUT

CORPUS is the Parquet file of unseen sources; OUT gets the same columns, 60 texts of each kind.
The generators are not those of `pipeline/learn/gather/language.py`. Same input, same texts.
"""

import base64
import hashlib
import random
import string
import sys
import textwrap
import uuid
import zlib

import pyarrow as pa
import pyarrow.parquet as pq

MOST = 60
ROWS = ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"]


def kinds(sentences):
    chance = random.Random(20_260)
    word = lambda least, most, letters=string.ascii_lowercase: "".join(chance.choices(letters, k=chance.randint(least, most)))
    data = lambda least, most: chance.randbytes(chance.randint(least, most))

    def walk():
        """Fingers that wander over neighbouring keys."""
        row, at, out = chance.randrange(4), chance.randrange(9), ""
        for _ in range(chance.randint(15, 90)):
            row = min(3, max(0, row + chance.choice([-1, 0, 0, 0, 1])))
            at = min(len(ROWS[row]) - 1, max(0, at + chance.choice([-1, 0, 1, 1])))
            out += ROWS[row][at] + (" " if chance.random() < 0.08 else "")
        return out

    def dump():
        rows = []
        for line in range(chance.randint(2, 12)):
            block = chance.randbytes(16)
            pairs = " ".join(block[at:at + 2].hex() for at in range(0, 16, 2))
            rows.append(f"{line * 16:08x}: {pairs}  " + "".join(chr(b) if 32 <= b < 127 else "." for b in block))
        return "\n".join(rows)

    def access():
        rows = []
        for _ in range(chance.randint(1, 8)):
            address = ".".join(str(chance.randint(1, 254)) for _ in range(4))
            rows.append(f'{address} - - [{chance.randint(1, 28):02}/Mar/2021:{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:07 +0000] '
                        f'"{chance.choice(["GET", "POST", "HEAD"])} /{word(3, 8)}/{word(2, 9)}.{chance.choice(["php", "png", "html"])} HTTP/1.1" '
                        f'{chance.choice([200, 301, 404, 500])} {chance.randint(100, 90000)}')
        return "\n".join(rows)

    def sums():
        make = chance.choice([hashlib.md5, hashlib.sha1, hashlib.sha256])
        return "\n".join(f"{make(data(8, 9)).hexdigest()}  {word(3, 9)}-{chance.randint(0, 9)}.{chance.randint(0, 20)}.tar.gz" for _ in range(chance.randint(1, 8)))

    def sheet():
        columns = chance.randint(3, 7)
        row = lambda: ";".join(f"{chance.gauss(0, 100):.{chance.randint(0, 4)}f}" if chance.random() < 0.8 else word(1, 3).upper() for _ in range(columns))
        return "\n".join(row() for _ in range(chance.randint(3, 20)))

    def minified():
        names = [word(1, 2) for _ in range(12)]
        pick = lambda: chance.choice(names)
        part = [lambda: f"function {pick()}({pick()},{pick()}){{return {pick()}.{word(4, 9)}({pick()})}}", lambda: f"var {pick()}={pick()}?{chance.randint(0, 99)}:!{chance.randint(0, 1)};",
                lambda: f"{pick()}&&({pick()}.{word(3, 8)}={pick()}+1),", lambda: f"for(;{pick()}<{pick()}.length;{pick()}++){pick()}.push({pick()}[{pick()}]);"]
        return "".join(chance.choice(part)() for _ in range(chance.randint(5, 30)))

    def mixed_scripts():
        low = [0x61, 0x3b1, 0x430, 0x5d0, 0x627, 0x905, 0xe01, 0x10d0, 0x3041, 0x4e00, 0xac00, 0x1200, 0x2200]
        return "".join(chr(chance.choice(low) + chance.randint(0, 24)) + (" " if chance.random() < 0.1 else "") for _ in range(chance.randint(20, 120)))

    def consonants():
        return " ".join(word(3, 12, "bcdfghjklmnpqrstvwxz") for _ in range(chance.randint(3, 15)))

    def shuffled():
        letters = list(chance.choice(sentences["latin"]))
        chance.shuffle(letters)
        return "".join(letters)

    def wrong(text, of, by):
        return text.encode(of, "ignore").decode(by, "replace")

    yield "und", {
        "wandering-keys": walk, "mixed-scripts": mixed_scripts, "consonants": consonants, "shuffled-letters": shuffled,
        "any-letters": lambda: word(20, 150, string.ascii_letters + " " * 9),
        "utf8-as-cp1251": lambda: wrong(chance.choice(sentences["cyrillic"]), "utf-8", "cp1251"),
        "utf8-as-latin1": lambda: wrong(chance.choice(sentences["cyrillic"] + sentences["other"]), "utf-8", "latin-1"),
        "gbk-as-latin1": lambda: wrong(chance.choice(sentences["han"]), "gbk", "latin-1"),
        "utf8-as-gbk": lambda: wrong(chance.choice(sentences["cyrillic"]), "utf-8", "gbk"),
        "replaced": lambda: "".join("\ufffd" if chance.random() < 0.5 and c != " " else c for c in chance.choice(sentences["cyrillic"])),
        "one-sign": lambda: chance.choice("=-*_#~.!?") * chance.randint(5, 200),
    }
    yield "zxx", {
        "hex-dump": dump, "access-log": access, "checksums": sums, "sheet": sheet, "minified": minified,
        "base64-lines": lambda: "\n".join(textwrap.wrap(base64.b64encode(data(60, 600)).decode(), 76)),
        "base32": lambda: base64.b32encode(data(20, 200)).decode(),
        "ascii85": lambda: base64.a85encode(zlib.compress(data(20, 200))).decode(),
        "uuids": lambda: "\n".join(str(uuid.UUID(bytes=chance.randbytes(16))) for _ in range(chance.randint(1, 9))),
        "digits": lambda: " ".join(str(chance.randint(0, 10 ** chance.randint(1, 12))) for _ in range(chance.randint(3, 40))),
        "key-block": lambda: "-----BEGIN PUBLIC KEY-----\n" + "\n".join(textwrap.wrap(base64.b64encode(data(100, 400)).decode(), 64)) + "\n-----END PUBLIC KEY-----",
    }


def main():
    corpus, out = sys.argv[1:3]
    table = pq.read_table(corpus, columns=["text", "lang", "source"]).to_pylist()
    rows = [row for row in table if row["source"] == "udhr" and 40 < len(row["text"]) < 300]
    of = lambda *langs: [row["text"] for row in rows if row["lang"] in langs]
    sentences = {"latin": of("en", "de", "fr", "es"), "cyrillic": of("ru", "uk", "bg"),
                 "han": of("zh-Hans", "zh-Hant"), "other": of("el", "ar", "he", "hi")}
    found = []
    for lang, makers in kinds(sentences):
        for kind, make in makers.items():
            found += [{"text": make(), "lang": lang, "source": f"noise-{kind}"} for _ in range(MOST)]
    pq.write_table(pa.Table.from_pylist(found), out, compression="zstd")


main()
